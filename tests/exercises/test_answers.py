"""Right answers in other forms are accepted, and wrong ones get helpful messages."""

from __future__ import annotations

import itertools
import json
import math
import sys
import warnings
from decimal import Decimal
from fractions import Fraction
from itertools import count
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from Bio.Seq import MutableSeq, Seq
from Bio.SeqRecord import SeqRecord
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from motiflab.exercises import all_exercises, find
from motiflab.exercises.answers import Value
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.exercises.functions import Function
from motiflab.exercises.markdown import as_printed
from motiflab.exercises.parsing import Unreadable, read_numbers


@pytest.mark.parametrize(
    "form",
    [
        int, float, Fraction, Decimal, np.float32, np.float16, np.int64, lambda n: [n],
        np.atleast_1d, str, np.str_, lambda n: f" {n},0 ", lambda n: f"`+{n}.0`",
        lambda n: str(n).encode(), lambda n: np.array(str(n)), lambda n: pd.Series([n]),
        lambda n: "".join(chr(ord(digit) + 0xFEE0) for digit in str(n)),  # full width
        lambda n: np.ma.masked_array([n], [False]), lambda n: np.array(n, dtype=object),
    ],
)  # fmt: skip
def test_one_number_is_taken_in_any_form(form):
    exercise = find("scanning.windows")
    given = exercise.given("Ada")
    assert exercise.check(form(exercise.right(given)), given).state == "right"


def test_a_tensor_that_carries_a_gradient_is_taken():
    torch = pytest.importorskip("torch")
    exercise = find("activating.slope")
    given = exercise.given("Ada")
    answer = torch.tensor([exercise.right(given)], requires_grad=True)
    for form in (answer, answer.squeeze(), [answer.squeeze()], answer.double()):
        assert exercise.check(form, given).state == "right"


@pytest.mark.parametrize("name", ["bfloat16", "float16", "int32"])
def test_tensors_of_few_digits_are_taken_where_these_are_enough(name):
    torch = pytest.importorskip("torch")
    value, function = find("pooling.forgiven"), find("encoding.encode")
    for exercise in (value, function):
        given = exercise.given("Ada")
        right, dtype = exercise.right(given), getattr(torch, name)
        answer = (
            torch.tensor(right).to(dtype)
            if exercise is value
            else lambda *case: torch.tensor(np.array(right(*case))).to(dtype)  # noqa: B023
        )
        verdict = exercise.check(answer, given)
        assert verdict.state == "right", (exercise.id, verdict)


def test_a_decimal_comma_is_read_or_told():
    exercise = find("judging.allowed")
    given = exercise.given("Ada")
    given.sites, given.recall, given.precision, given.places = 2500, 0.5, 0.5, 10**9
    right = exercise.right(given)
    assert right == 1.25
    for answer in ("1,25", "1.25", " 1,25 ", "+1,25", "1,3", "1.25e0", "‘1,25’"):
        assert exercise.check(answer, given).state == "right", answer
    for answer in ("1,25,0", "1.2.5", "1,25 per million", "--1", "", "one", "5/4"):
        assert exercise.check(answer, given).state != "right", answer
    assert "write" not in exercise.check("one", given).message
    told = exercise.check("1,250", given).message
    assert told.startswith("`1,250` could mean 1.250 or 1250.")
    told = exercise.check((1, 25), given).message
    assert told.startswith("Python reads `1,25` as two numbers, 1 and 25.")
    assert "`1.25`" in told


def test_decimal_commas_in_a_list_are_told():
    exercise = find("reading.row")
    given = exercise.given("Ada")
    told = exercise.check([0, 25, 0, 5, 0, 125, 0, 125], given).message
    assert told.startswith("A list of 4 numbers was expected, not an array of shape (8,).")
    assert "decimal comma" in told
    right = exercise.right(given)
    assert exercise.check([f"{n:.3f}" for n in right], given).state == "right"
    assert exercise.check([f"{n:.3f}".replace(".", ",") for n in right], given).state == "right"
    assert exercise.check([*right[:3], str(right[3])], given).state == "right"


def test_a_table_of_pandas_is_read_by_its_labels():
    exercise = find("reading.row")
    given = exercise.given("Ada")
    right = exercise.right(given)
    for labels in ("ACGT", "TGCA", "gatc", "UACG"):
        values = [right["ACGT".index(base)] for base in labels.upper().replace("U", "T")]
        assert exercise.check(pd.Series(values, index=list(labels)), given).state == "right"
    for labels in ([0, 1, 2, 3], ["a1", "a2", "a3", "a4"]):
        assert exercise.check(pd.Series(right, index=labels), given).state == "right"
    frame = pd.DataFrame([[1, 2, 3, 4], [5, 6, 7, 8]], columns=list("GATC"))
    assert read_numbers(frame, (2, 4), typed=True).tolist() == [[2, 4, 1, 3], [6, 8, 5, 7]]
    frame = pd.DataFrame({0: [1, 2, 3, 4]}, index=list("TGCA"))
    assert read_numbers(frame, (4, 1), typed=True).ravel().tolist() == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({0.1, 0.2, 0.3, 0.4}, "not a set, which does not say what comes first"),
        (frozenset([0.1, 0.9]), "not a set, which"),
        ({"A": 0.1, "C": 0.2, "G": 0.3, "T": 0.4}, "not a dictionary, which"),
        (np.ma.masked_array([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 0]), "Some of the numbers are masked"),
        ([0.1, 0.2, None, 0.4], "A list of 4 numbers was expected, not"),
        ([0.1, 0.2, 0.3, True, "x"], "A list of 4 numbers was expected, not"),
        (np.array([True, 0.1], dtype=object), "A list of 4 numbers was expected, not"),
        (np.array(["2020-01-01"] * 4, "datetime64[ns]"), "A list of 4 numbers was expected, not"),
        (np.array([1, 2, 3, 4], "timedelta64[ns]"), "A list of 4 numbers was expected, not"),
        ([0.1, 0.2, math.nan, 0.4], "Every number must be finite"),
        ([10**400], "A list of 4 numbers was expected, not"),
        ("0.1 0.2 0.3 0.4", "A list of 4 numbers was expected, not the text"),
        (range(10**12), "A list of 4 numbers was expected, not more than 10,000,000 entries"),
        (b"\xff", "A list of 4 numbers was expected, not the text"),
    ],
)
def test_what_is_no_list_of_numbers_is_told(odd, said):
    exercise = find("reading.row")
    assert said in exercise.check(odd, exercise.given("Ada")).message


def test_a_function_must_return_numbers_not_their_texts():
    with pytest.raises(Unreadable, match="not the text"):
        read_numbers("0.5", ())
    with pytest.raises(Unreadable, match="A list of 1 numbers was expected"):
        read_numbers(["0.5"], (1,))


@pytest.mark.parametrize(
    "form",
    [
        str, Seq, MutableSeq, lambda s: SeqRecord(Seq(s)), np.str_, str.encode, np.array, list,
        lambda s: tuple(s.lower()), lambda s: np.array(list(s)), lambda s: f'"{s}"',
        lambda s: f"`{s}`\n", lambda s: f"“{s}”", lambda s: f"{s[:4]}\u200b {s[4:]}\n",
        lambda s: "".join(chr(ord(letter) + 0xFEE0) for letter in s),  # full width
        lambda s: bytearray(s, "ascii"),
    ],
)  # fmt: skip
def test_a_sequence_is_taken_in_any_form(form):
    exercise = find("encoding.opposite")
    given = exercise.given("Ada")
    assert exercise.check(form(exercise.right(given)), given).state == "right"


def test_a_letter_that_only_looks_right_is_named():
    exercise = find("encoding.opposite")
    given = exercise.given("Ada")
    right = exercise.right(given)
    place = right.index("A")
    alike = right.replace("A", "А", 1)
    assert alike != right
    told = exercise.check(alike, given).message
    assert told.startswith(f"Character {place + 1} of your answer") and "CYRILLIC CAPITAL" in told
    choice = next(one for one in all_exercises() if type(one).__name__ == "Choice")
    given = choice.given("Ada")
    for letter in ("а", "с"):
        assert "CYRILLIC SMALL LETTER" in choice.check(letter, given).message
    letter = choice.right(given)
    for form in (f"'{letter}'", f"`{letter}`", f"[{letter}]", letter.encode(), np.str_(letter),
                 chr(ord(letter) + 0xFEE0), np.array(letter), f"\ufeff{letter}\u200b"):  # fmt: skip
        assert choice.check(form, given).state == "right", form


def test_a_text_in_ones_own_words_is_taken_from_any_type():
    exercise = find("scanning.why_one")
    for form in (np.str_("Because."), b"Because.", "Потому что."):
        assert exercise.check(form, exercise.given("Ada")).state == "right"


@pytest.mark.parametrize("wrap", [
    "Scene: {}", "Scene {}", "scene\n{}\n", '"{}"', "'{}'", "`{}`", "```\n{}\n```", "<{}>.",
    "Scene: `{}`", "\ufeff{}\u200b", "“{}”", "({})",
])  # fmt: skip
def test_a_scene_is_taken_with_what_was_pasted_around_it(wrap):
    exercise = find("scanning.both_copies")
    given = exercise.given("Ada")
    scene = exercise.scene(given, exercise.right(given))
    broken = f"{scene[:20]}\n   {scene[20:40]}\r\n{scene[40:]}"
    for text in (scene, broken, scene.encode()):
        if isinstance(text, str):
            text = wrap.format(text)
        assert exercise.check(text, given).state == "right", text
    assert "lost or changed" in exercise.check(wrap.format(scene[:-1]), given).message


def test_rounding_is_named_only_where_it_explains_the_answer():
    exercise = Value(
        id="a.b", title="", draw=lambda rng: {}, task=str, solution=str, decimals=3,
        right=lambda given: 12.34567, early=lambda given: [12.2],
    )  # fmt: skip
    for answer in (12.3, 12.35, 12.34, 12.345, 12, 12.2):
        assert "rounded too early" in exercise.check(answer, SimpleNamespace()).message, answer
    for answer in (12.4, 12.36, 12.33, 12.344, 12.1, 13, 10, 0, 12.3456 * 1.01):
        assert "not one of the usual" in exercise.check(answer, SimpleNamespace()).message, answer
    small = Value(id="a.b", title="", draw=dict, task=str, solution=str, decimals=3,
                  right=lambda given: 0.04567)  # fmt: skip
    assert "rounded too early" in small.check(0.05, SimpleNamespace()).message
    for answer in (0, 0.1, 0.04568 * 1.019):  # nothing is left of it; near is no reason
        assert "not one of the usual" in small.check(answer, SimpleNamespace()).message


def test_what_lies_between_all_digits_and_the_printed_ones_is_right():
    exercise = Value(
        id="a.b", title="", draw=dict, task=str, solution=str, decimals=2,
        right=lambda given: [100 * given.x, 1], printed=lambda given: SimpleNamespace(x=0.667),
    )  # fmt: skip
    given = SimpleNamespace(x=2 / 3)
    for first in (66.67, 66.7, 66.68, 66.662, 66.705):
        assert exercise.check([first, 1], given).state == "right", first
    for answer in ([66.66, 1], [66.71, 1], [66.68, 1.01]):
        assert exercise.check(answer, given).state == "not yet right", answer


@pytest.mark.parametrize("exercise", [e for e in all_exercises() if isinstance(e, Value)],
                         ids=lambda exercise: exercise.id)  # fmt: skip
def test_a_task_prints_all_digits_or_says_which(exercise):
    for name in map(str, range(40)):
        for key, value in vars(exercise.given(name)).items():
            if np.asarray(value).dtype.kind == "f" and not np.array_equal(as_printed(value), value):
                assert exercise.printed is not None, key


class Faulty:
    """Raises a given exception whenever it is used."""

    def __init__(self, problem):
        self.problem = problem

    def fail(self, *args, **kwargs):
        raise self.problem("\ud800")

    __array__ = __repr__ = __str__ = __len__ = __iter__ = __float__ = __eq__ = __bool__ = fail
    __index__ = __int__ = __call__ = __getitem__ = __contains__ = fail
    __hash__ = None


class Strange(str):
    """A subclass of str that fails when it is used."""

    def strip(self, *args):
        raise ZeroDivisionError

    __str__ = __eq__ = __len__ = __iter__ = __getitem__ = lower = encode = strip
    __hash__ = str.__hash__


class Odd:
    """Has a repr of another type, or with an unpaired surrogate."""

    def __init__(self, says):
        self.says = says

    def __repr__(self):
        return self.says

    def __array__(self, dtype=None, copy=None):
        return self.says

    __float__ = __call__ = __str__ = __repr__


def within_itself():
    held = [1]
    held.append(held)
    return held


def deep():
    held = 1.0
    for _ in range(100_000):
        held = [held]
    return held


NUMBERS = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.complex_numbers(), st.fractions(),
    st.decimals(), st.sampled_from([2**64, np.float16(7), np.longdouble(1)]),
    st.sampled_from([400, 5000]).map(lambda digits: -(10**digits)),
)  # fmt: skip
PIECES = NUMBERS | st.text(st.characters(), max_size=12) | st.binary(max_size=6) | st.none()
ODD = st.one_of(
    PIECES,
    st.sampled_from([RuntimeError, KeyError, MemoryError, RecursionError, ValueError]).map(Faulty),
    (PIECES | st.lists(NUMBERS, max_size=4)).map(Odd),
    st.text(st.characters(), max_size=9).map(Strange),
    st.builds(within_itself),
    st.builds(count),
    st.builds(lambda: Seq(None, 5)),
    st.builds(deep),
    st.recursive(
        PIECES,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.tuples(inner, inner)
            | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        ),
        max_leaves=6,
    ),
    st.lists(PIECES, max_size=4).map(lambda parts: np.array([*parts, None], dtype=object)),
    st.lists(st.floats(width=32), min_size=1, max_size=4).map(
        lambda parts: np.ma.masked_invalid(np.array(parts))
    ),
    st.lists(NUMBERS, max_size=4).map(pd.Series),
    st.sampled_from([
        "\x00", "ACGT\x00", np.zeros((0, 4)), np.zeros(4, "V3"), np.zeros(2, [("a", "f8")]),
        np.array(["NaT"], "datetime64[s]"), pd.DataFrame({"A": ["x"], "C": [None]}), iter([]),
        range(10**9), sys, Seq, type, print, lambda: None, {1, 2}, pd.NA,
        memoryview(b"ACGT"), np.str_("\ud800"), "9" * 5000, "1" + "0" * 4000 + ",5",
    ]),
)  # fmt: skip
KINDS = ["scanning.windows", "reading.row", "encoding.opposite", "scanning.why_one",
         "scanning.both_copies", "discovering.motif", "discovering.site", "discovering.report",
         "detecting.posterior", "scanning.scan", "scanning.flip"]  # fmt: skip


@pytest.mark.parametrize("id", KINDS)
@settings(max_examples=60, deadline=None)
@drawn(odd=ODD)
def test_whatever_the_answer_is_it_is_told_in_a_text_that_can_be_shown(id, odd):
    exercise = find(id)
    verdict = exercise.check(odd, exercise.given("Ada"))
    assert isinstance(verdict.message, str) and verdict.message
    json.dumps(verdict._asdict(), ensure_ascii=False).encode()


@pytest.mark.parametrize("id", ["scanning.scan", "pooling.max_pool", "encoding.encode"])
@settings(max_examples=60, deadline=None)
@drawn(odd=ODD)
def test_whatever_a_function_returns_it_is_told(id, odd):
    exercise = find(id)
    assert isinstance(exercise, Function)
    verdict = exercise.check(lambda *arguments: odd, exercise.given("Ada"))
    assert verdict.state == NOT_YET and verdict.message
    json.dumps(verdict._asdict(), ensure_ascii=False).encode()


def test_an_answer_that_warns_when_it_is_looked_at_is_taken():
    class Old:
        def __array__(self, dtype=None, copy=None):
            warnings.warn("an old type", stacklevel=1)
            return np.array(right)

    exercise = find("scanning.windows")
    given = exercise.given("Ada")
    right = exercise.right(given)
    assert exercise.check(Old(), given).state == RIGHT


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ([1, 0, 0, 0], "1 of the 11 numbers differs from"),
        ([1, 1, 0, 0], "2 of the 11 numbers differ from"),
        ([1] * 11, "None of the 11 numbers is the right one yet"),
    ],
)
def test_wrong_numbers_are_counted_in_english(slip, said):
    exercise = find("pooling.routed")
    given = exercise.given("Ada")
    answer = exercise.right(given) + 0.13 * np.array([*slip, *[0] * (11 - len(slip))])
    assert exercise.check(answer, given).message.startswith(said)


def test_true_and_false_are_no_numbers_and_are_told_so():
    exercise = find("encoding.encode")
    given = exercise.given("Ada")
    right = exercise.right(given)
    verdict = exercise.check(lambda *case: right(*case) == 1, given)
    assert "holds True and False. `.astype(int)` turns them into numbers" in verdict.message


def test_of_two_results_the_one_that_is_amiss_is_told():
    exercise = find("activating.cross_entropy")
    given = exercise.given("Ada")
    right = exercise.right(given)

    def doubled(logits, labels):
        loss, gradient = right(logits, labels)
        return 2 * loss + 1, gradient

    message = exercise.check(doubled, given).message
    assert "gave as its first result `1.6" in message and "second" not in message


def test_an_exception_that_only_a_property_finds_is_told_with_the_call():
    exercise = find("activating.cross_entropy")
    given = exercise.given("Ada")
    right = exercise.right(given)

    def overflows(logits, labels):
        [math.exp(-z) for z in logits]
        return right(logits, labels)

    message = exercise.check(overflows, given).message
    assert "OverflowError" in message and "cross_entropy([ 800., -800.], [1, 0])" in message


def test_functions_of_torch_are_taken_with_their_few_digits_and_their_gradients():
    torch = pytest.importorskip("torch")

    def scan(x, w, b, S, P, D):
        x, w = (torch.tensor(one.T[None], dtype=torch.float32) for one in (x, w))
        return torch.nn.functional.conv1d(x, w, torch.tensor([float(b)]), S, P, D)[0, 0]

    def cross_entropy(logits, labels):
        z = torch.tensor(logits, dtype=torch.float32, requires_grad=True)
        y = torch.tensor(labels, dtype=torch.float32)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
        loss.backward()
        return loss, z.grad

    def pwm(counts, background, pseudocount):
        n, q = (torch.tensor(one, dtype=torch.float32) for one in (counts, background))
        added = n + pseudocount * q
        return torch.log(added / added.sum(1, keepdim=True) / q)

    for function, key in ((scan, "scanning"), (cross_entropy, "activating"), (pwm, "scoring")):
        exercise = find(f"{key}.{function.__name__}")
        assert exercise.check(function, exercise.given("Ada")).state == "right"


def test_what_a_property_cannot_use_raises_nothing():
    exercise = find("activating.cross_entropy")
    given = exercise.given("Ada")
    right = exercise.right(given)

    class Odd:
        def __array__(self, *args, **kwargs):
            raise RuntimeError

    verdict = exercise.check(lambda z, y: Odd() if abs(z[0]) > 99 else right(z, y), given)
    assert verdict.state == "not yet right" and verdict.mistake == "a result of another form"


def test_a_small_difference_is_still_a_difference():
    exercise = find("scanning.scan")
    given = exercise.given("Ada")
    right = exercise.right(given)
    assert exercise.check(lambda *case: right(*case) + 0.001, given).state == "not yet right"


def test_a_generator_that_may_never_end_is_not_unrolled():
    def drips(*arguments):
        yield from range(1000)
        raise AssertionError("somebody waits for the end of it")

    exercise = find("pooling.max_pool")
    verdict = exercise.check(drips, exercise.given("Ada"))
    assert verdict.state == "not yet right" and "should return 2 things" in verdict.message


def test_a_nan_reaches_the_mistake_that_knows_it():
    exercise = find("reading.heights")
    given = exercise.given("Ada")

    def heights(ppm, q):
        return ppm * (ppm * np.log2(ppm / q)).sum(axis=1, keepdims=True)

    assert exercise.check(heights, given).mistake == "0 times log 0"
    verdict = exercise.check(lambda ppm, q: np.full_like(ppm, np.nan), given)
    assert verdict.mistake == "a result of another form" and "is `nan`" in verdict.message
    value = find("reading.prior")
    verdict = value.check(math.nan, value.given("Ada"))
    assert verdict.mistake == "an answer of another form" and "is `nan`" in verdict.message
    assert "is infinite" in value.check(-math.inf, value.given("Ada")).message


@pytest.mark.parametrize("endless", [itertools.count(), itertools.repeat(3), range(10**12)])
@pytest.mark.parametrize("id", ["designing.design", "discovering.report", "discovering.site"])
def test_what_never_ends_is_refused(id, endless):
    exercise = find(id)
    assert "expected" in exercise.check(endless, exercise.given("Ada")).message


def test_an_id_that_does_not_exist_is_quoted_in_short():
    with pytest.raises(ValueError, match="A{60}") as caught:
        find("A" * 10**6)
    assert len(str(caught.value)) < 200


NAMES = ["", "Ada", "Bo", "Chidi", "Dora"]
VALUES = (
    "activating.new_probability",
    "scoring.occupied",
    "reading.row",
    "reading.prior",
    "detecting.posterior",
    "judging.areas",
    "discovering.baseline",
)
FUNCTIONS = ("detecting.power", "judging.average_precision")


@pytest.mark.parametrize("decimals", [0, 1, 2, 4])
@pytest.mark.parametrize("id", VALUES)
def test_per_cent_are_known_however_they_are_rounded(id, decimals):
    exercise = find(id)
    for name in NAMES:
        given = exercise.given(name)
        answer = np.round(100 * np.asarray(exercise.right(given)), decimals)
        verdict = exercise.check(answer.tolist(), given)
        assert verdict.state == NOT_YET and verdict.mistake.startswith("per cent for"), name
        assert "in per cent" in verdict.message


@pytest.mark.parametrize("id", FUNCTIONS)
def test_a_function_that_returns_per_cent_is_known(id):
    exercise = find(id)
    given = exercise.given("Ada")
    verdict = exercise.check(lambda *case: 100 * exercise.right(given)(*case), given)
    assert verdict.mistake.startswith("per cent for")


def test_one_of_several_numbers_may_be_in_per_cent():
    exercise = find("discovering.baseline")
    given = exercise.given("Ada")
    a, b, c = exercise.right(given)
    assert exercise.check([100 * a, 100 * b, c], given).mistake == "per cent for an area"
    assert exercise.check([100 * a, 100 * b, 70], given).mistake == ""
    assert exercise.check([100 * a, 100 * b], given).mistake == ""


def test_a_report_in_per_cent_is_known():
    exercise = find("discovering.report")
    given = exercise.given("Ada")
    scores, area, baseline = exercise.right(given)
    assert exercise.check((scores, area, baseline), given).state == RIGHT
    for report in ((scores, 100 * area, 100 * baseline), (scores, area, 100 * baseline)):
        assert exercise.check(report, given).mistake == "per cent for an area"


@pytest.mark.parametrize(
    ("id", "slip"),
    [
        ("reading.prior", "one position only"),
        ("detecting.added", "windows off by one"),
        ("attributing.exchange", "one of the two bases forgotten"),
    ],
)
def test_further_examples_of_a_mistake_are_known(id, slip):
    exercise = find(id)
    mistake = next(mistake for mistake in exercise.mistakes if mistake.name == slip)
    assert mistake.also
    for name in ("Ada", "Bo", "7"):
        given = exercise.given(name)
        for example in (mistake.example, *mistake.also):
            assert exercise.check(example(given), given).mistake == slip

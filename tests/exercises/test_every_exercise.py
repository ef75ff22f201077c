"""Properties of every exercise, tested for each one.

For many learners: an untouched answer is not attempted, the right one is right, each known mistake
is named, and any other answer is not yet right and never raises an exception.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from motiflab.exercises import KEYS, all_exercises, exercise_set, find
from motiflab.exercises.answers import Choice, Text, Value
from motiflab.exercises.exercise import NOT_ATTEMPTED, NOT_YET, RIGHT
from motiflab.exercises.functions import Function
from motiflab.exercises.targets import Target

EXERCISES = list(all_exercises())
NAMES = ["", "Ada", "Bo", "Chidi", "Dora", "Émile", "七海", "Zoë Q.", "1", "2", "3", "42"]
every = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)


def of_kind(kind):
    some = [exercise for exercise in EXERCISES if isinstance(exercise, kind)]
    return pytest.mark.parametrize("exercise", some, ids=lambda exercise: exercise.id)


class Hostile:
    """Raises an exception for every operation."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no")

    __repr__ = __str__ = __len__ = __iter__ = __float__ = __eq__ = __bool__ = __array__
    __hash__ = None


def answer(exercise, given, changes):
    """Give an answer as the learner does: of a target, the line of the scene."""
    return exercise.scene(given, changes) if isinstance(exercise, Target) else changes


@every
@pytest.mark.parametrize("untouched", [..., None, "", " \n"], ids=repr)
def test_untouched_is_not_attempted(exercise, untouched):
    for name in NAMES:
        assert exercise.check(untouched, exercise.given(name)).state == NOT_ATTEMPTED


@every
def test_right_is_right(exercise):
    for name in NAMES:
        given = exercise.given(name)
        verdict = exercise.check(answer(exercise, given, exercise.right(given)), given)
        assert verdict.state == RIGHT, (name, given, verdict)
        assert verdict.mistake == ""


@every
def test_each_known_mistake_is_told_by_its_own_name(exercise):
    assert len(exercise.mistakes) >= (0 if isinstance(exercise, Text) else 3)
    for attribute in "name", "message":
        told = [getattr(mistake, attribute) for mistake in exercise.mistakes]
        assert len({*told}) == len(told) and all(told), attribute
    for name in NAMES:
        given = exercise.given(name)
        for mistake in exercise.mistakes:
            verdict = exercise.check(answer(exercise, given, mistake.example(given)), given)
            assert verdict == (NOT_YET, mistake.message, mistake.name), (name, given)


@every
def test_the_same_person_gets_the_same_and_neighbours_do_not(exercise):
    assert repr(exercise.given("Ada Lovelace")) == repr(exercise.given(" ada  LOVELACE"))
    if isinstance(exercise, Text):
        return
    texts = [exercise.statement(exercise.given(name)) for name in NAMES]
    same = sum(one == other for one, other in itertools.combinations(texts, 2))
    # A choice of four options has 24 orders.
    assert same <= (9 if isinstance(exercise, Choice) else 3), f"{same} of 66 pairs agree"


@every
def test_it_is_as_hard_for_one_as_for_another(exercise):
    efforts = {repr(exercise.effort(exercise.given(name))) for name in NAMES}
    assert len(efforts) == 1, efforts
    if not isinstance(exercise, (Choice, Text)):
        assert efforts != {"()"}, "say what makes it easy or hard"


@every
def test_a_learner_cannot_alter_the_numbers(exercise):
    given = exercise.given("Ada")
    before = repr(given)
    for value in vars(given).values():
        if isinstance(value, np.ndarray):
            value[...] = 0
    vars(given).clear()
    assert repr(exercise.given("Ada")) == before


@every
def test_help_comes_in_steps_and_does_not_give_the_answer_away(exercise):
    assert len(exercise.hints) >= 2
    for name in NAMES:
        given = exercise.given(name)
        right = exercise.right(given)
        assert exercise.statement(given).strip() and exercise.solution(given).strip()
        hints = [exercise.hint(number, given) for number in range(len(exercise.hints))]
        assert all(hints) and len({*hints}) == len(hints)
        if isinstance(exercise, Value) and np.ndim(right) == 0:
            text = right if isinstance(right, str) else f"{right:.10g}"
            if len(text) > 2:  # one or two digits may well occur there for another reason
                found = re.compile(rf"(?<![\w.]){re.escape(text)}(?![\w])")
                for told in [*hints, *(mistake.message for mistake in exercise.mistakes)]:
                    assert not found.search(told), (name, told)


@every
@settings(max_examples=8, deadline=None)
@drawn(name=st.text(max_size=12))
def test_any_name_serves(exercise, name):
    given = exercise.given(name)
    assert exercise.differ(given)
    assert exercise.check(answer(exercise, given, exercise.right(given)), given).state == RIGHT


@every
@pytest.mark.parametrize("kind", ["object", "class", "hostile", "module", "complex", "nested"])
def test_an_answer_of_another_kind_is_told_and_raises_nothing(exercise, kind):
    odd = {
        "object": object(),
        "class": int,
        "hostile": Hostile(),
        "module": sys,
        "complex": 1j,
        "nested": [[1], [2, 3], {"a": {}}],
    }[kind]
    given = exercise.given("Ada")
    verdict = exercise.check(odd, given)
    assert verdict.state == NOT_YET
    assert verdict.message and "Traceback" not in verdict.message


def spoiled(right):
    """Yield answers that are almost the right one."""
    if isinstance(right, str):
        other = {"A": "C", "C": "G", "G": "T", "T": "A"}
        yield right[:-1] + other.get(right[-1], "A")
        yield other.get(right[0], "A") + right[1:]
        yield right + "A"
        yield from [right[:-1]] * (len(right) > 1)
        return
    right = np.asarray(right, dtype=float)
    for index in {0, right.size // 2, right.size - 1}:
        for value in (right.flat[index] + 0.37, right.flat[index] * 1.5 + 3.1, np.nan, np.inf):
            wrong = right.copy()
            wrong.flat[index] = value
            yield wrong if right.shape else float(wrong)
    yield np.append(right, 1.0)
    yield right[np.newaxis, ..., np.newaxis]
    yield np.array([f"{number} bp" for number in right.flat])
    yield "some text"
    yield True if right.shape else np.array([True])


@of_kind(Value)
def test_a_value_that_is_almost_right_is_not_yet_right(exercise):
    for name in NAMES[:6]:
        given = exercise.given(name)
        for wrong in spoiled(exercise.right(given)):
            verdict = exercise.check(wrong, given)
            assert verdict.state == NOT_YET and verdict.message, (name, wrong)


@of_kind(Value)
def test_no_recogniser_stumbles_over_an_answer_of_another_shape(exercise):
    given = exercise.given("Ada")
    for answer in (3, [3], [3, 4], [3, 4, 5], [[3, 4]], [], np.zeros((2, 2, 2))):
        verdict = exercise.check(answer, given)
        assert verdict.state == NOT_YET and "it stopped with" not in verdict.message


@of_kind(Value)
def test_a_value_is_right_in_another_form(exercise):
    given = exercise.given("Ada")
    right = exercise.right(given)
    if isinstance(right, str):
        forms = [right.lower(), f" {right} "]
    else:
        array = np.asarray(right, dtype=float)
        forms = [array, array.tolist(), array + 1e-12]
        if (array == array.astype(np.float32)).all():
            forms.append(array.astype(np.float32))
    for form in forms:
        assert exercise.check(form, given).state == RIGHT, form


@of_kind(Choice)
def test_a_letter_is_read_in_any_form_and_no_other_taken(exercise):
    given = exercise.given("Ada")
    letter = exercise.right(given)
    for form in (letter.upper(), f" {letter} ", f"({letter})", f"{letter}."):
        assert exercise.check(form, given).state == RIGHT
    for odd in ("z", "ab", "1", 1, ["a"]):
        assert exercise.check(odd, given).state == NOT_YET
    places = {exercise.given(str(number)).letters for number in range(20)}
    assert len(places) > 5, "the order of the options is everybody's own"


def quick(exercise):
    return dataclasses.replace(exercise, seconds=0.3)


def endless(*arguments):
    while True:
        pass


def raises(*arguments):
    return {}["no such key"]


def leaves(*arguments):
    sys.exit(1)


def forgets(*arguments):
    len(arguments)


def untouched(*arguments):
    """Do something."""


@of_kind(Function)
def test_a_function_that_goes_wrong_is_told_what_it_does(exercise):
    exercise, given = quick(exercise), exercise.given("Ada")
    right = exercise.right(given)

    def alters(*arguments):
        value = right(*arguments)
        for argument in arguments:
            if isinstance(argument, np.ndarray) and argument.size:
                argument.flat[0] += 1
            elif isinstance(argument, list):
                argument.append(1)
            elif isinstance(argument, dict):
                argument[0] = 1
        return value

    def draws(*arguments):
        return np.random.random()  # noqa: NPY002

    def needlessly(*arguments):
        random.seed(int(1e6 * np.random.random()))  # noqa: NPY002
        return right(*arguments)

    def nested(*arguments):
        return [[right(*arguments)], None]

    before = np.random.get_state()[1].tolist(), random.getstate()  # noqa: NPY002
    expected = {
        endless: "endless or too slow",
        raises: "an exception",
        leaves: "an exception",
        forgets: "a result of another form",
        draws: "result depends on random numbers",
        nested: "a result of another form",
    }
    case = exercise.cases(given, np.random.default_rng(0))[0]
    if any(isinstance(argument, (np.ndarray, list, dict)) and len(argument) for argument in case):
        expected[alters] = "input altered"
    for function, mistake in expected.items():
        verdict = exercise.check(function, given)
        assert (verdict.state, verdict.mistake) == (NOT_YET, mistake), (function, verdict)
    assert exercise.check(untouched, given).state == NOT_ATTEMPTED
    assert exercise.check(needlessly, given).state == RIGHT
    assert before == (np.random.get_state()[1].tolist(), random.getstate())  # noqa: NPY002


def altered(value):
    """Spoil one number or letter of a result."""
    if isinstance(value, str):
        return value[:-1] + "x"
    if isinstance(value, (bool, np.bool_)):
        return not value
    if isinstance(value, tuple):
        return (*value[:-1], altered(value[-1]))
    wrong = np.array(value, dtype=float)
    if wrong.size:
        wrong.flat[-1] += 0.01
    return wrong


@of_kind(Function)
@pytest.mark.parametrize("spoil", [altered, lambda value: np.full(np.shape(value), np.nan)])
def test_a_function_that_is_almost_right_is_not_yet_right(exercise, spoil):
    given = exercise.given("Ada")
    right = exercise.right(given)
    assert exercise.check(lambda *arguments: spoil(right(*arguments)), given).state == NOT_YET


@of_kind(Function)
def test_a_function_that_fails_on_one_case_only_is_not_yet_right(exercise):
    given = exercise.given("Ada")
    right = exercise.right(given)
    last = repr(exercise._cases(given)[-1])

    def almost(*arguments):
        value = right(*arguments)
        return altered(value) if repr(arguments) == last else value

    assert exercise.check(almost, given).state == NOT_YET


@of_kind(Target)
def test_the_start_is_not_the_target_and_other_scenes_are_told(exercise):
    assert exercise.prediction
    for name in NAMES[:4]:
        given = exercise.given(name)
        start = exercise.scene(given, {})
        assert exercise.check(start, given).state == NOT_YET
        right = exercise.scene(given, exercise.right(given))
        for odd in (right[:-1], right[10:], "MotifExplorer/1?#00000000", "no scene", 7, [right]):
            assert exercise.check(odd, given).state == NOT_YET, odd


@of_kind(Target)
def test_a_neighbours_scene_is_not_taken(exercise):
    if not exercise.locked:
        pytest.skip("this target has the same explorer for everyone")
    mine, others = exercise.given("Ada"), exercise.given("Bo")
    if exercise.scene(mine, {}) != exercise.scene(others, {}):
        theirs = exercise.scene(others, exercise.right(others))
        assert "are not yours" in exercise.check(theirs, mine).message


@of_kind(Text)
def test_a_text_is_kept_and_never_graded(exercise):
    given = exercise.given("Ada")
    assert not exercise.graded
    assert exercise.check("Because it slides.", given).state == RIGHT


@pytest.mark.parametrize("key", KEYS)
def test_a_set_rises_from_a_number_to_an_explanation(key):
    one = exercise_set(key)
    assert [exercise.id.partition(".")[0] for exercise in one] == [key] * len(one.exercises)
    assert all(exercise.name.isidentifier() for exercise in one)
    kinds = [type(exercise) for exercise in one]
    assert kinds[-1] is Text and any(issubclass(kind, Value) for kind in kinds)
    if one.problem is not None:  # a capstone is one piece of work, not a section of the chapter
        assert {Function, Target} <= {*kinds}


@pytest.mark.parametrize("key", ["designing", "discovering"])
def test_all_exercises_of_a_capstone_are_on_the_same_numbers(key):
    for name in NAMES:
        drawn = [vars(exercise.given(name)) | {"letters": None} for exercise in exercise_set(key)]
        assert all(one == drawn[0] for one in drawn)


def test_every_problem_of_the_chapter_has_its_set():
    problems = [exercise_set(key).problem for key in KEYS]
    assert problems == [
        3297893, 3297871, 3297890, 3297923, 3297915, 3297852, 3297867, 3297909, 3297873, 3297889,
        None, None, None, None, None,
    ]  # fmt: skip


def test_ids_are_unique_and_found():
    ids = [exercise.id for exercise in EXERCISES]
    assert len({*ids}) == len(ids)
    assert all(find(exercise.id) is exercise for exercise in EXERCISES)


@pytest.mark.parametrize("odd", ["scanning", "scanning.no", "", "no.windows", None, 3])
def test_an_unknown_id_is_told_in_a_sentence(odd):
    with pytest.raises(ValueError, match="id must be the name of an exercise"):
        find(odd)


def test_the_exercises_load_nothing_heavy():
    heavy = {"torch", "plotly", "ipywidgets", "sklearn", "matplotlib", "logomaker", "IPython"}
    code = (
        "import sys; from motiflab.exercises import all_exercises; list(all_exercises()); "
        f"print(*({heavy} & set(sys.modules)))"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.split() == []

"""Exercises on scanning: the references against other libraries, and what the draws promise."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import torch
from Bio.Seq import Seq
from learners import own_numbers

from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.widgets.scene import to_scene


def torchs(x, w, b, S, P, D):
    """The outputs by torch."""
    x, w = (torch.tensor(np.array(one, dtype=float).T[None]) for one in (x, w))
    bias = torch.tensor([float(b)], dtype=torch.float64)
    return torch.nn.functional.conv1d(x, w, bias, S, P, D)[0, 0]


def ones(sequence):
    return [[float(base == other) for other in "ACGT"] for base in sequence]


def test_the_windows_are_torchs():
    exercise, everyone = own_numbers("scanning.windows")
    for given in everyone:
        x, w = np.zeros((given.L, 4)), np.zeros((given.K, 4))
        assert exercise.right(given) == len(torchs(x, w, 0, given.S, given.P, 1))


def test_a_floor_is_forgotten_with_the_fraction_or_by_rounding_up():
    exercise, everyone = own_numbers("scanning.windows")
    for given in everyone[:10]:
        exact = (given.L + 2 * given.P - given.K) / given.S + 1
        for answer in (exact, round(exact, 2), np.ceil(exact)):
            assert exercise.check(answer, given).mistake == "floor forgotten"
        assert exercise.check(np.ceil(exact) + 1, given).mistake == ""
        assert exercise.check([exact, exact], given).mistake == ""


def test_the_changes_are_the_difference_of_torchs_outputs():
    exercise, everyone = own_numbers("scanning.changes")
    for given in everyone:
        mutant = [*given.sequence]
        assert mutant[given.i] != given.new
        mutant[given.i] = given.new
        rest = given.W, given.b, given.S, given.P, given.D
        wanted = torchs(ones(mutant), *rest) - torchs(ones(given.sequence), *rest)
        assert np.allclose(exercise.right(given), wanted)
        assert np.count_nonzero(exercise.right(given)) == 2


def test_each_output_that_sees_the_base_is_missed_by_name():
    exercise, everyone = own_numbers("scanning.changes")
    for given in everyone[:10]:
        right = exercise.right(given)
        for j in np.flatnonzero(right):
            one = np.zeros_like(right)
            one[j] = right[j]
            assert exercise.check(one, given).mistake == "an output overlooked"
        assert exercise.check(right * 0, given).mistake == "an output overlooked"
        assert exercise.check(right * 2, given).mistake == ""


def test_of_the_filters_on_offer_one_makes_numpys_convolution_that_of_torch():
    rng = np.random.default_rng(5)
    W, x = rng.normal(size=(5, 4)), np.array(ones("".join(rng.choice([*"ACGT"], 20))))
    wanted = torchs(x, W, 0, 1, 0, 1)
    for option in find("scanning.flip").options:
        w = eval(option.text.split("`")[1], {"W": W})
        convolved = sum(np.convolve(x[:, c], w[:, c], "valid") for c in range(4))
        assert np.allclose(convolved, wanted) == (not option.reason), option.text


def test_what_the_reasons_say_of_the_filters_holds():
    """Which word each filter finds, once the program has turned it round."""
    word = "GATTC"
    W = np.array(ones(word))
    found = {
        name: "".join("ACGT"[c] for c in w[::-1].argmax(axis=1))
        for name, w in {"both": W[::-1, ::-1], "bases": W[:, ::-1], "as it is": W}.items()
    }
    assert found["both"] == str(Seq(word).complement())
    assert found["bases"] == str(Seq(word).reverse_complement())
    assert found["as it is"] == word[::-1]


def test_a_scanner_of_torch_is_right():
    exercise, everyone = own_numbers("scanning.scan")
    for given in everyone[:5]:
        assert exercise.check(torchs, given).state == RIGHT
        for case in exercise._cases(given):
            assert np.allclose(exercise.right(given)(*case), torchs(*case))


@pytest.mark.parametrize(
    ("number", "lacking"),
    [
        (0, lambda *given: torchs(*given) * torch.arange(len(torchs(*given)))),
        (0, lambda x, w, b, S, P, D: torchs(x, w, b, S, P + 1, D)),
        (1, lambda x, w, *rest: torchs(x, np.vstack([w[:1], w[:-1]]), *rest)),
        (1, lambda x, w, *rest: torchs(x, np.abs(w) + w[:, :1], *rest)),
    ],
    ids=["place told apart", "padded unasked", "taps uneven", "bases uneven"],
)
def test_what_does_not_scan_lacks_a_property(number, lacking):
    exercise, everyone = own_numbers("scanning.scan")
    for given in everyone[:5]:
        assert exercise.properties[number](given, torchs) == ""
    assert any(exercise.properties[number](given, lacking) for given in everyone)


def test_a_result_that_turns_odd_after_the_cases_is_told():
    exercise, (given, *_) = own_numbers("scanning.scan")
    left = len(exercise._cases(given))

    def tires(*arguments):
        nonlocal left
        left -= 1
        return torchs(*arguments) if left >= 0 else [[1], [2, 3]]

    verdict = exercise.check(tires, given)
    assert (verdict.state, verdict.mistake) == (NOT_YET, "a result of another form")


def test_a_result_of_another_shape_is_told_by_its_shape():
    exercise, (given, *_) = own_numbers("scanning.scan")
    verdict = exercise.check(lambda *arguments: torchs(*arguments)[None], given)
    assert "gave an array of shape (1, 2), where an array of shape (2,) was" in verdict.message
    verdict = exercise.check(lambda *arguments: 0.25, given)
    assert "gave a single number, where an array of shape (2,) was" in verdict.message


def test_of_a_large_result_the_first_wrong_number_is_told_by_its_place():
    exercise = find("encoding.encode")
    given = exercise.given("1")

    def spoiled(sequences, order):
        x = exercise.right(given)(sequences, order)
        x[-1, 2, -1] = x[-1, 3, -1] = 7
        return x

    message = exercise.check(spoiled, given).message
    assert "2 of 84 numbers are not right yet, the first of them at [2, 2, 6]" in message


def test_the_sequence_holds_what_is_said():
    _, everyone = own_numbers("scanning.both_copies")
    for given in everyone:
        for place in given.copies:
            assert given.sequence[place:].startswith(given.word)
        backwards, other = given.word[::-1], str(Seq(given.word).reverse_complement())
        counts = [given.sequence.count(word) for word in (given.word, backwards, other)]
        assert counts == [2, 1, 1]


def test_one_setting_reaches_the_target_and_it_is_not_where_the_explorer_starts():
    exercise, everyone = own_numbers("scanning.both_copies")
    settings = itertools.product(("forward", "flipped", "complement"), range(1, 7), range(5))
    settings = [dict(zip(("reading", "stride", "padding"), one)) for one in settings]
    assert len(settings) == 90, "as many as the notebook says"
    for given in everyone[:3]:
        start = exercise.card(given).state
        scenes = [to_scene("ScanExplorer", dataclasses.replace(start, **one)) for one in settings]
        verdicts = [exercise.check(scene, given) for scene in scenes]
        reached = [one for one, verdict in zip(settings, verdicts) if verdict.state == RIGHT]
        assert reached == [exercise.right(given)]
        assert all(verdict.mistake or verdict.state == RIGHT for verdict in verdicts)


def test_the_longest_stride_is_found_by_trying_and_needs_padding():
    exercise, everyone = own_numbers("scanning.both_copies")
    for given in everyone:
        both = [
            (S, P)
            for S, P in itertools.product(range(1, 7), range(5))
            if {*given.copies} <= {j * S - P for j in range(60)}
        ]
        right = exercise.right(given)
        assert [one for one in both if one[0] == max(both)[0]] == [
            (right["stride"], right["padding"])
        ]
        assert right["padding"] > 0 and right["stride"] in (4, 5)


def test_a_number_of_windows_that_is_rounded_is_told_to_round_down():
    """For each learner the exact number is closer to the next whole number."""
    exercise, everyone = own_numbers("scanning.windows")
    for given in everyone:
        steps = (given.L + 2 * given.P - given.K) / given.S
        for answer in (round(steps + 1), round(steps) + 1):
            verdict = exercise.check(answer, given)
            assert verdict.mistake == "floor forgotten" and "round down" in verdict.message
        inside = (given.L + 2 * given.P - given.K + 1) // given.S
        assert exercise.check(inside, given).mistake == "off by one"


def test_changes_without_their_signs_are_known():
    exercise, everyone = own_numbers("scanning.changes")
    for given in everyone:
        right = exercise.right(given)
        assert right.min() < 0 < right.max()
        assert exercise.check(np.abs(right), given).mistake == "signs forgotten"

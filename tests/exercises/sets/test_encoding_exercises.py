"""Exercises on encoding: the references against other libraries, and what the draws promise."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import torch
from Bio.Seq import Seq
from learners import own_numbers

from motiflab.exercises import find
from motiflab.exercises.exercise import RIGHT
from motiflab.widgets.scene import to_scene

WORDS = ["".join(letters) for letters in itertools.product("ACGT", repeat=4)]


def read(x, order):
    """Letters of one matrix, channels first; columns of zeros are omitted."""
    columns = x.T.tolist()
    return "".join(order[column.index(1)] for column in columns if any(column))


def test_the_other_strand_of_the_matrix_is_biopythons():
    exercise, everyone = own_numbers("encoding.opposite")
    for given in everyone:
        strand = str(Seq(read(given.x, given.order)).reverse_complement())
        assert exercise.right(given) == strand and len(strand) == 6


def test_the_matrix_is_padded_and_read_in_no_place_as_a_c_g_t():
    _, everyone = own_numbers("encoding.opposite")
    for given in everyone:
        assert given.x.sum(axis=0).tolist() == [1] * 6 + [0] * 2
        assert given.x.any(axis=1).all(), "each base occurs"
        assert all(a != b for a, b in zip(given.order, "ACGT"))
        assert not {"sequence", "opposite"} & vars(given).keys(), "the answer is not given"


def test_the_statement_on_one_weight_is_true_and_the_others_are_not():
    exercise = find("encoding.integers")
    adds = np.linspace(-3, 3, 121)[:, None] * np.arange(4)
    favourites = {row.argmax() for row in adds if (row == row.max()).sum() == 1}
    assert favourites == {0, 3}
    assert any((row == row[0]).all() for row in adds), "it can add the same for all"
    assert (adds[:, 2] == 2 * adds[:, 1]).all(), "always twice as much"
    right = [option.text for option in exercise.options if not option.reason]
    assert right == ["It cannot add more for the base written 2 than for each of the other three."]


def torchs_batch(sequences, order):
    codes = [torch.tensor([order.index(base) for base in sequence]) for sequence in sequences]
    ones = [torch.nn.functional.one_hot(code, 4) for code in codes]
    return torch.nn.utils.rnn.pad_sequence(ones, batch_first=True).transpose(1, 2)


def test_the_batch_is_torchs():
    exercise, everyone = own_numbers("encoding.encode")
    for given in everyone[:10]:
        for case in exercise._cases(given):
            assert np.array_equal(exercise.right(given)(*case), torchs_batch(*case))
    assert exercise.check(torchs_batch, everyone[0]).state == RIGHT, "a tensor will do"


def biopythons_strand(x, order):
    """By letters, with the padding in front."""
    length = x.shape[2]
    strands = [str(Seq(read(one, order)).reverse_complement()) for one in x]
    batch = np.zeros(x.shape)
    for n, strand in enumerate(strands):
        for i, base in enumerate(strand, length - len(strand)):
            batch[n, order.index(base), i] = 1
    return batch


def test_the_other_strand_of_the_batch_is_biopythons():
    exercise, everyone = own_numbers("encoding.other_strand")
    for given in everyone[:10]:
        for x, order in exercise._cases(given):
            wanted = biopythons_strand(x, order)
            assert np.array_equal(exercise.right(given)(x, order), wanted)
    assert exercise.check(biopythons_strand, everyone[0]).state == RIGHT


def test_turning_the_channels_round_is_right_in_nobodys_own_order():
    _, everyone = own_numbers("encoding.other_strand")
    for given in everyone:
        assert not np.array_equal(given.x[:, ::-1, ::-1], biopythons_strand(given.x, given.order))


def test_a_batch_that_depends_on_its_other_sequences_lacks_a_property():
    exercise, everyone = own_numbers("encoding.encode")
    lacking = [
        exercise.properties[0](given, lambda words, order: torchs_batch(sorted(words), order))
        for given in everyone
    ]
    assert any(lacking) and "different order" in max(lacking)
    assert not any(exercise.properties[0](given, torchs_batch) for given in everyone)


def test_a_strand_that_does_not_come_back_lacks_a_property():
    exercise, (given, *_) = own_numbers("encoding.other_strand")
    right = exercise.right(given)
    first_twice = [0, *range(6)]
    for lacking in (
        lambda *batch: 2 * right(*batch),
        lambda *batch: right(*batch)[:, :, first_twice],
    ):
        assert "own result" in exercise.properties[0](given, lacking)
    assert exercise.properties[0](given, right) == ""


def test_two_words_survive_and_each_exchanges_the_first_channel_for_the_given_base():
    exercise, everyone = own_numbers("encoding.survive")
    for given in everyone:
        assert given.first not in ("A", given.order[0])
        survive = []
        for word in WORDS:
            x = np.array([[base == other for other in given.order] for base in word])
            if word[0] == given.first and np.array_equal(x.reshape(4, 4), x.T):
                survive.append(word)
        assert len(survive) == 2 and exercise.right(given)["sequences"] in survive
        assumed = {mistake.name: mistake for mistake in exercise.mistakes}[
            "order A, C, G, T assumed"
        ]
        assert assumed.example(given)["sequences"] not in survive


def test_the_solution_counts_what_the_explorer_shows_at_the_start():
    exercise, everyone = own_numbers("encoding.survive")
    for given in everyone[:6]:
        said = exercise.solution(given).partition("hold their base: ")[2].partition(". The")[0]
        kept = [] if said == "none" else said.split(", ")
        assert len(kept) == exercise.card(given).result.whole


def test_of_all_words_of_four_only_the_survivors_reach_the_target():
    exercise = find("encoding.survive")
    given = exercise.given("1")
    start, reached = exercise.card(given).state, []
    for word in WORDS:
        scene = to_scene("EncodingExplorer", dataclasses.replace(start, sequences=word))
        verdict = exercise.check(scene, given)
        assert verdict.state == RIGHT or verdict.mistake
        if verdict.state == RIGHT:
            reached.append(word)
    assert len(reached) == 2 and all(word[0] == given.first for word in reached)


def test_a_single_base_survives_any_reshape_and_is_not_the_target():
    exercise = find("encoding.survive")
    given = exercise.given("Ada")
    survivor, four = exercise.right(given)["sequences"], " ".join(given.first * 4)
    for typed in (given.first, four, f"{survivor} {given.order}", "NNNN"):
        verdict = exercise.check(exercise.scene(given, {"sequences": typed}), given)
        assert verdict.mistake == "not one word of four bases"


def test_channels_turned_round_do_not_pair_the_bases_of_any_learner():
    """What is right in the order A, C, G, T is wrong in the order that was drawn."""
    exercise = find("encoding.opposite")
    for name in map(str, range(40)):
        given = exercise.given(name)
        turned = given.x[::-1, ::-1]
        columns = turned[:, turned.any(axis=0)]
        answer = "".join(given.order[c] for c in columns.argmax(axis=0))
        assert exercise.check(answer, given).mistake == "channels turned round for the partners"


def test_the_window_of_a_peak_is_where_its_bases_lie_when_counted_one_by_one():
    exercise, everyone = own_numbers("encoding.window")
    for given in everyone:
        place = {base: base + 1 for base in range(given.start + given.width)}  # file, browser
        summit = range(given.start, given.start + given.width)[given.offset]
        bases = [base for base in place if 0 <= base - summit + given.length // 2 < given.length]
        assert bases[given.length // 2] == summit
        assert exercise.right(given) == place[bases[0]] > given.start - given.length
        assert abs(given.offset - given.width // 2) > 10
        assert f"{given.start}  {given.start + given.width}" in exercise.task(given)

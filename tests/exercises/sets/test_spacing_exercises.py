"""The exercises on spacing against torch, Biopython and plain counting."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from Bio.Seq import Seq
from learners import NAMES, each

from motiflab.exercises import find
from motiflab.layers.receptive_fields import Grammar, Stack, missed


@pytest.mark.parametrize(("exercise", "given"), each("spacing.needed"))
def test_smallest_field_is_found_by_trying_all_places(exercise, given):
    def always_whole(r):
        return all(
            any(
                begin <= place and place + given.L_A + gap + given.L_B <= begin + r
                for begin in range(-20 * given.w, 20 * given.w, given.w)
            )
            for gap in range(given.shortest, given.longest + 1)
            for place in range(given.w)
        )

    assert exercise.right(given) == next(r for r in range(200) if always_whole(r))


@pytest.mark.parametrize(("exercise", "given"), each("spacing.gaps"))
def test_gaps_that_look_alike_are_those_that_torch_cannot_tell_apart(exercise, given):
    weight = torch.zeros(1, 2, given.tap_A + 1)
    weight[0, 0, given.tap_A] = weight[0, 1, given.tap_B] = 2
    alike = set()
    for gap in range(80):
        for place in range(3 * given.w, 4 * given.w):  # of B, in every phase
            fires = torch.zeros(1, 2, 40 * given.w)
            fires[0, 1, place] = fires[0, 0, place + given.L_B + gap] = 1
            pooled = torch.nn.functional.max_pool1d(fires, given.w)
            if torch.conv1d(pooled, weight).max() == 4:
                alike.add(gap)
    first, last = exercise.right(given)
    assert alike == set(range(first, last + 1))
    assert first >= 1


def test_the_turned_pair_is_the_reverse_complement_of_the_whole_site():
    for exercise, given in each("spacing.strand"):
        site = given.A + "n" * given.gap + given.B
        turned = str(Seq(site).reverse_complement())
        assert turned in exercise.solution(given)
        wrong = {
            str(Seq(given.A).reverse_complement())
            + "n" * given.gap
            + str(Seq(given.B).reverse_complement()),
            given.B + "n" * given.gap + given.A,
            site[::-1],
            site,
        }
        assert len(wrong | {turned}) == 5


def reach_in_torch(layers):
    """From the first to the last input to which a gradient flows."""
    x = torch.zeros(1, 1, 4000, requires_grad=True)
    y = x
    for width, stride, dilation in layers:
        y = torch.conv1d(y, torch.ones(1, 1, width), stride=stride, dilation=dilation)
    y[0, 0, 0].backward()
    seen = torch.nonzero(x.grad[0, 0]).flatten()
    return int(seen.max() - seen.min()) + 1


def test_field_is_what_the_gradient_of_torch_reaches():
    exercise, given = each("spacing.field", ["ada"])[0]
    for (layers,) in exercise._cases(given):
        assert exercise.right(given)(layers) == reach_in_torch(layers)


def test_field_in_other_forms():
    exercise, given = each("spacing.field", ["ada"])[0]

    def from_the_output(layers):
        r = 1
        for width, stride, dilation in reversed(layers):
            r = (r - 1) * stride + dilation * (width - 1) + 1
        return np.array(float(r))

    def known_by_heart(layers):
        known = {str(layers): exercise.right(given)(layers) for (layers,) in exercise._cases(given)}
        return known.get(str(layers), 0)

    assert exercise.check(from_the_output, given).state == "right"
    found = exercise.check(known_by_heart, given)
    assert found.state == "not yet right" and "single tap" in found.message


def test_layers_without_stride_may_change_places():
    exercise, given = each("spacing.field", ["ada"])[0]
    one, other = (given.layers[0][0], 1, 1), given.layers[2]

    def uneven(layers):
        return exercise.right(given)(layers) + (layers == [one, other])

    found = exercise.check(uneven, given)
    assert found.state == "not yet right" and "either order" in found.message


@pytest.mark.parametrize(("exercise", "given"), each("spacing.whole", NAMES[:3]))
def test_one_setting_of_all_reaches_the_target(exercise, given):
    grammar = Grammar(given.L_A, given.L_B, given.shortest, given.longest)
    told = re.search(r"at most ([\d,]+) parameters", exercise.statement(given))[1]
    budget = int(told.replace(",", ""))
    reached = []
    for taps in range(1, 9):
        for dilation in range(1, 7):
            for depth in range(1, 4):
                stack = Stack(given.K, given.w, taps, dilation, depth)
                if missed(stack.layers, grammar).any():
                    continue
                assert (taps, depth) != (2, 1), "two taps suffice, but the prediction is no"
                if stack.parameters() <= budget:
                    reached.append({"second_width": taps, "dilation": dilation})
                    # The solution says that nothing is left out between the taps.
                    assert dilation * given.w <= given.K + given.w - 1
    assert reached == [exercise.right(given)]
    setting = "layers {second_width}, dilation {dilation}**".format(**reached[0])
    assert setting in exercise.solution(given)


def test_neighbours_cannot_copy_the_setting():
    exercise = find("spacing.whole")
    settings = {str(exercise.right(exercise.given(f"student {i}"))) for i in range(12)}
    assert len(settings) >= 3


def test_a_field_with_holes_is_not_told_of_its_length():
    exercise = find("spacing.whole")
    for name in ("Ada", "Bo", "Chidi"):
        given = exercise.given(name)
        grammar = Grammar(given.L_A, given.L_B, given.shortest, given.longest)
        for taps in range(2, 9):
            for dilation in range(1, 7):
                scene = exercise.scene(given, {"second_width": taps, "dilation": dilation})
                mistake = exercise.check(scene, given).mistake
                touch = dilation * given.w <= given.K + given.w - 1
                size = given.K + given.w - 1 + dilation * (taps - 1) * given.w
                if size < grammar.needed():
                    assert mistake == "receptive field without the gap"
                elif touch:
                    assert mistake in ("", "too many parameters", "jump forgotten")
                else:
                    assert mistake in ("", "too many parameters", "field with holes")


def test_a_gap_counted_one_too_long_or_short_is_told():
    exercise = find("spacing.gaps")
    for name in ("Ada", "Bo", "Chidi", "Dora"):
        given = exercise.given(name)
        right = np.array(exercise.right(given))
        for shifted in (right - 1, right + 1):
            assert exercise.check(shifted, given).mistake == "shifted by one"
        for other in (right + 2, right + [0, 1], right + [-1, 2], [1]):
            assert exercise.check(other, given).mistake != "shifted by one"


def test_every_draw_leaves_one_setting_whose_taps_touch():
    for exercise, given in each("spacing.whole", range(40)):
        assert exercise.effort(given) == (1,)
        assert exercise.right(given)["dilation"] * given.w <= given.K + given.w - 1

"""Designs: no smaller one works, and counts of parameters are those of torch.

What a unit sees is followed here by hand, tap by tap, and not with the package.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.exercises.sets.designing_exercises import (
    FILTERS,
    MOTIFS,
    apart,
    fault,
    grammar,
    holed,
    smallest,
    with_fault,
)
from motiflab.layers.receptive_fields import Stack
from motiflab.motifs.jaspar import load
from motiflab.networks import cnn, model_settings

NAMES = [f"name {number}" for number in range(30)]
DESIGN = find("designing.design")


@pytest.mark.parametrize(("width", "names"), MOTIFS.items())
def test_the_motifs_have_their_widths(width, names):
    assert {load(name).width for name in names} == {width}


def seen_by_hand(design, first, gap, second):
    """Tell whether some unit sees both motifs whole, wherever they begin."""
    width, window, taps, dilation = design
    seen = {
        (tap * dilation + pooled // window) * window + pooled % window + base
        for tap in range(taps)
        for pooled in range(window)
        for base in range(width)
    }
    offsets = {*range(first), *range(first + gap, first + gap + second)}
    units = range(-30, 31)
    return all(
        any(all(at + offset - unit * window in seen for offset in offsets) for unit in units)
        for at in range(window)
    )


def blurs_by_hand(window, given):
    """Return whether some positive and some negative have the same distance after pooling."""
    ranges = (given.gap_min, given.gap_max), (given.far_min, given.far_max)
    positive, negative = (
        {
            (start + given.first + gap) // window - start // window
            for gap in range(least, most + 1)
            for start in range(window)
        }
        for least, most in ranges
    )
    return bool(positive & negative)


@pytest.mark.parametrize("name", NAMES[:6])
def test_the_smallest_works_and_no_cheaper_design_does(name):
    given = DESIGN.given(name)
    gaps = range(given.gap_min, given.gap_max + 1)
    best = smallest(grammar(given), apart(given))
    price = count(best[0])
    longest = max(given.first, given.second)
    for design in itertools.product(range(longest, 16), range(1, 7), range(1, 9), range(1, 7)):
        if count(design) > price or 2 * design[1] - 1 > apart(given):
            continue
        works = all(seen_by_hand(design, given.first, gap, given.second) for gap in gaps)
        assert works == (design in best), design
        assert DESIGN.check(design, given).state == (RIGHT if works else NOT_YET)


def count(design):
    """Count weights and biases, layer by layer."""
    width, _, taps, _ = design
    first = FILTERS * 4 * width + FILTERS
    second = FILTERS * FILTERS * taps + FILTERS
    return first + second + FILTERS + 1


def test_the_windows_that_are_allowed_do_not_blur():
    for name in NAMES:
        given = DESIGN.given(name)
        for window in range(1, 7):
            if 2 * window - 1 <= apart(given):
                assert not blurs_by_hand(window, given)


def test_the_inequality_of_the_solution_gives_the_smallest():
    for name in NAMES:
        given = DESIGN.given(name)
        pair = grammar(given)
        spread = given.gap_max - given.gap_min
        width = max(pair.first, pair.second, -(-(pair.first + pair.second + spread) // 2))
        steps = range(pair.needed() - width, width + given.gap_min + 1)
        expected = [
            (width, window, 2, dilation)
            for window, dilation in itertools.product(range(1, 7), range(1, 7))
            if window * dilation in steps and 2 * window - 1 <= apart(given)
        ]
        assert smallest(pair, apart(given)) == expected
        assert all(holed(design) for design in expected)


def test_parameters_are_those_of_torch():
    parameters = find("designing.parameters")
    right = parameters.right(parameters.given("Ada"))
    for design, filters in parameters._cases(parameters.given("Ada")):
        width, window, taps, dilation = design
        settings = model_settings.ModelSettings(
            filters=filters,
            width=width,
            window=window,
            layers=2,
            second_filters=filters,
            second_width=taps,
            second_dilation=dilation,
        )
        network = cnn.build(settings, 80)
        assert right(design, filters) == sum(p.numel() for p in network.parameters())


def test_a_design_may_have_any_form_and_must_be_of_the_family():
    given = DESIGN.given("Ada")
    best = DESIGN.right(given)
    for form in (list(best), np.array(best), tuple(map(float, best))):
        assert DESIGN.check(form, given).state == RIGHT
    for odd in (best[:3], (*best, 1), (0, *best[1:]), (16, *best[1:]), "9326", {*best}, 9):
        assert DESIGN.check(odd, given).mistake == "an answer of another form", odd
    half = (best[0] + 0.5, *best[1:])
    assert DESIGN.check(half, given).mistake == "an answer of another form"


def test_a_working_design_that_is_dearer_is_told_that_it_works():
    for name in NAMES[:20]:
        given = DESIGN.given(name)
        width, window, taps, dilation = DESIGN.right(given)
        for dearer in ((15, 4, 5, 1), (width, window, 8, 1)):
            if not fault(given, dearer):
                continue
            verdict = DESIGN.check(dearer, given)
            whole = all(
                seen_by_hand(dearer, given.first, gap, given.second)
                for gap in range(given.gap_min, given.gap_max + 1)
            )
            assert (verdict.mistake == "not smallest") == whole, (name, dearer)


def test_the_hole_of_the_start_hits_a_motif_and_that_of_the_target_does_not():
    exercise = find("designing.holes")
    for name in NAMES[:10]:
        given = exercise.given(name)
        start = Stack(max(given.first, given.second), 4, 2, 6)
        design = (start.width, start.window, start.second_width, start.dilation)
        gaps = range(given.gap_min, given.gap_max + 1)
        assert not all(seen_by_hand(design, given.first, gap, given.second) for gap in gaps)
        assert with_fault(given, "dilation that skips a motif")


@pytest.mark.parametrize("name", NAMES)
def test_the_two_fields_differ_and_are_no_whole_number_of_windows_by_chance(name):
    exercise = find("designing.field")
    given = exercise.given(name)
    needed, reached = exercise.right(given)
    assert exercise.check([reached, needed], given).state == NOT_YET
    width, window, taps, _ = given.stack
    longest = given.first + given.gap_max + given.second
    assert needed != -(-longest // window) * window
    assert reached not in (width * taps, (width + window - 1) * taps)

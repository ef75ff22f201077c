"""The rule that names a world: by hand, on perfect answers, and in the shipped trainings."""

from __future__ import annotations

import numpy as np
import pytest

from motiflab.datasets import hidden_world
from motiflab.interpretation import (
    FIELD_WORLD,
    FIELDS,
    effective_gaps,
    measured_worlds,
    name_spacing,
    spacing_profile,
    world_settings,
)
from motiflab.interpretation.spacing_rule import PHASE_WORLD
from motiflab.layers.receptive_fields import Stack, receptive_field

RUNS = measured_worlds()["worlds"].values()


def test_the_effective_number_is_one_over_the_sum_of_squared_shares():
    rng = np.random.default_rng(1)
    for _ in range(20):
        profile = rng.normal(0, 3, 25)
        shares = np.where(profile > 0, profile, 0) / profile[profile > 0].sum()
        assert effective_gaps(profile) == pytest.approx(1 / (shares**2).sum())
    assert effective_gaps([0, -1]) == 0


def test_perfect_answers_are_always_named_right():
    for seed in range(60):
        world = hidden_world(seed)
        assert name_spacing(spacing_profile(world.logits, 2, seed)) == world.kind


def test_a_wave_is_soft_and_its_highest_point_alone_is_hard():
    wave = 6 * (1 + np.cos(np.arange(25) / 10.5 * 2 * np.pi)) / 2
    assert name_spacing(wave) == "soft" and name_spacing(wave / 3) == "none"
    assert name_spacing(np.where(np.arange(25) == 3, 6, -1)) == "hard"


def test_the_shipped_worlds_are_the_first_of_each_kind_and_none_is_left_out():
    """So nobody chose among them; those of the test are not those of the tuning."""
    for part, labels, first, each in (
        ("tuning", "true", 2001, 3),
        ("test", "true", 1001, 10),
        ("test", "shuffled", 1001, 10),
    ):
        wanted = []
        for kind in ("hard", "soft", "none"):
            seeds = [s for s in range(first, first + 20 * each) if hidden_world(s).kind == kind]
            wanted += seeds[:each]
        found = [run for run in RUNS if (run["part"], run["labels"]) == (part, labels)]
        assert sorted(run["seed"] for run in found) == sorted(wanted)
        for run in found:
            world = hidden_world(run["seed"])
            assert (run["kind"], run["gap"]) == (world.kind, world.gap)
            assert run["best"] == pytest.approx(world.best_auroc, abs=1e-4)


def test_the_field_of_each_shipped_network_is_that_of_its_layers():
    settings = world_settings()
    for part, world in (("fields", FIELD_WORLD), ("phase", PHASE_WORLD)):
        for run in measured_worlds()[part].values():
            second_width, window, dilation = FIELDS[run["name"]]
            stack = Stack(settings.width, max(window, 1), second_width, dilation)
            assert run["field"] == receptive_field(stack.layers).size
            assert run["best"] == pytest.approx(world.best_auroc, abs=1e-4)


def test_no_network_wins_by_the_phase_of_its_pooling_windows():
    """It tells the gap modulo the width of a window, also to a unit that sees one word only."""
    first, last = FIELD_WORLD.gaps
    assert not any(FIELD_WORLD.step % window for _, window, _ in FIELDS.values() if window)
    runs = measured_worlds()["fields"].values()
    assert sorted(run["seed"] for run in runs) == sorted([1, 2, 3] * len(FIELDS))
    for run in runs:
        assert (0.42 < run["auroc"] < 0.58) if run["field"] < first + 2 else run["auroc"] > 0.9
        assert list(run["by_gap"]) == [str(gap) for gap in range(first, last + 1, 4)]
    leaks = measured_worlds()["phase"].values()
    assert [run["seed"] for run in leaks] == [1, 2, 3]
    assert sum(run["auroc"] > 0.7 for run in leaks) == 2
    for run in leaks:
        assert run["field"] < PHASE_WORLD.gaps[0] + 2
        odd, even = ([z for gap, z in run["by_gap"].items() if int(gap) % 2 == r] for r in (1, 0))
        assert run["auroc"] < 0.58 or min(odd) > max(even) + 2  # the right gap is odd

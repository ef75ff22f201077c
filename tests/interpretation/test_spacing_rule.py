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
        ("test", "shuffled", 1001, 3),
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
    for run in measured_worlds()["fields"].values():
        second_width, window, dilation = FIELDS[run["name"]]
        stack = Stack(settings.width, max(window, 1), second_width, dilation)
        assert run["field"] == receptive_field(stack.layers).size
        assert run["best"] == pytest.approx(FIELD_WORLD.best_auroc, abs=1e-4)

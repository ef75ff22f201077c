"""One motif in four views against scipy; what is refused, and what is said beside the grid."""

from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import constants, special

from motiflab.checks import ArgumentError
from motiflab.explorers.energy_explorer import EnergyExplorer, EnergyState, compute, describe
from motiflab.motifs.energy import NAMES

EPS = np.array(EnergyState().numbers)


def beta_at(temperature: float) -> float:
    return 4184 / (constants.R * temperature)


def text_of(explorer) -> str:
    return re.sub("<[^>]*>", "", explorer.readout.html)


def note(explorer) -> str:
    found = re.search(r'motiflab-note">(.*?)</span>', explorer.controls["numbers"].description)
    return found[1] if found else ""


def complaint(explorer, name: str) -> str:
    found = re.search(r'motiflab-error">(.*?)</span>', explorer.controls[name].description)
    return found[1] if found else ""


@given(mu=st.floats(-6, 10), temperature=st.integers(200, 600), gc=st.sampled_from([0.2, 0.5, 0.7]))
@settings(max_examples=30)
def test_the_occupancies_are_scipys_over_all_sites(mu, temperature, gc):
    result = compute(EnergyState(mu=mu, temperature=temperature, gc=gc))
    beta, q = beta_at(temperature), np.array([(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2])
    sites = np.array(list(itertools.product(range(4), repeat=5)))
    energies, share = EPS[np.arange(5), sites].sum(axis=1), q[sites].prod(axis=1)
    bound = special.expit(beta * (mu - energies))
    assert result.average == pytest.approx(share @ bound, rel=1e-3)
    theta = special.softmax(np.log(q) - beta * EPS, axis=1)
    np.testing.assert_allclose(result.views.probabilities, theta, atol=1e-9)
    # Energies on the edge between two bins may fall to either side.
    tall = np.histogram(energies, 24, (0, result.limit), weights=share)[0].cumsum()
    near = np.abs(result.shares.cumsum() - tall)
    edges = np.linspace(0, result.limit, 25)[1:]
    on_edge = np.array([share[np.isclose(energies, e, atol=0.021)].sum() for e in edges])
    assert (near <= on_edge + 1e-9).all()


@pytest.mark.parametrize("view", NAMES)
@pytest.mark.parametrize("mu", [-2.0, 0.5, 6.0])
def test_bias_and_filter_give_the_logit_of_the_occupancy_in_every_view(view, mu):
    explorer = EnergyExplorer(mu=mu)
    explorer.set(edit_as=view)
    result, codes = explorer.result, [2, 2, 3, 2, 0]  # GGTGA
    score = result.bias + result.views.filter[np.arange(5), codes].sum()
    assert score == pytest.approx(beta_at(298) * (mu - 1.1), abs=1e-6)
    assert f"{special.expit(score):.3f}" in text_of(explorer)


def test_the_readout_by_hand():
    # GGTGA has one wrong base, 1.1 kcal/mol; beta = 4184 / (8.314462618 * 298) = 1.6887.
    text = text_of(EnergyExplorer(mu=1.0))
    assert "E(x) = Σ ε = 1.10 + 0.00 + 0.00 + 0.00 + 0.00 = 1.10 kcal/mol" in text
    assert "σ(1.689·(1.00 − 1.10)) = σ(−0.17) = 0.458" in text
    found = re.search(r"E₀ − LLR/β = ([\d.]+) − ([\d.]+)·\(?([\d.−]+)\)?", text).groups()
    zero, rt, ratio = (float(number.replace("−", "-")) for number in found)
    assert zero - rt * ratio == pytest.approx(1.10, abs=0.02)
    assert "GGTGA at position 5, is bound 45.8 % of the time, the best possible site 84.4 %" in text


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(NAMES, 2)))
def test_another_view_shows_the_same_motif_in_its_numbers(first, second):
    explorer = EnergyExplorer()
    explorer.set(edit_as=first)
    before = explorer.result
    explorer.controls["edit_as"].value = second
    assert explorer.state.edit_as == second and note(explorer) == ""
    shown = np.array(explorer.controls["numbers"].value)
    np.testing.assert_allclose(shown, getattr(before.views, second), rtol=1e-7)
    for name in ("log_odds", "probabilities", "energies"):
        now, then = (getattr(r.views, name) for r in (explorer.result, before))
        np.testing.assert_allclose(now, then, atol=1e-7)
    assert explorer.result.average == pytest.approx(before.average, rel=1e-5)


@pytest.mark.parametrize("view", NAMES)
def test_what_is_typed_stays_and_the_other_three_move(view):
    explorer = EnergyExplorer()
    explorer.set(edit_as=view)
    before = explorer.result.views
    numbers = [list(row) for row in explorer.state.numbers]
    numbers[0][1] += 0.3
    explorer.controls["numbers"].value = tuple(map(tuple, numbers))
    assert np.allclose(explorer.state.numbers, numbers)
    assert np.allclose(explorer.controls["numbers"].value, numbers)
    for name in set(NAMES) - {view}:
        assert not np.allclose(getattr(explorer.result.views, name), getattr(before, name))


def test_a_constant_of_a_position_goes_to_the_bias_and_nowhere_else():
    explorer = EnergyExplorer(edit_as="filter", numbers=np.zeros((2, 4)), sequence="ACGT", mu=1.0)
    before = explorer.result
    explorer.set(numbers=[[1, 1, 1, 1], [0, 0, 0, 0]])
    after = explorer.result
    assert after.bias == pytest.approx(before.bias - 1) and note(explorer) == ""
    assert after.average == pytest.approx(before.average)
    np.testing.assert_allclose(after.views.energies, before.views.energies)


def test_a_column_of_zeros_is_refused_beside_the_grid_and_nothing_is_lost():
    explorer = EnergyExplorer()
    explorer.controls["edit_as"].value = "probabilities"
    good = explorer.state
    bad = (*good.numbers[:4], (0.0, 0.0, 0.0, 0.0))
    explorer.controls["numbers"].value = bad
    assert complaint(explorer, "numbers") == (
        "Position 4 sums to 0: some base must be possible there."
    )
    assert explorer.state == good
    explorer.controls["numbers"].value = (*good.numbers[:4], (0.1, 0.2, 0.3, 0.4))
    assert complaint(explorer, "numbers") == "" and explorer.state.numbers[4][3] == 0.4


def test_refused_probabilities_are_not_read_as_energies_later():
    explorer = EnergyExplorer(edit_as="probabilities", numbers=[[0.4, 0.3, 0.2, 0.1]])
    explorer.controls["numbers"].value = ((0.0, 0.0, 0.0, 0.0),)
    explorer.controls["edit_as"].value = "energies"
    odds = np.array([0.4, 0.3, 0.2, 0.1])
    np.testing.assert_allclose(
        explorer.state.numbers[0], np.log(0.4 / odds) / beta_at(298), atol=1e-7
    )
    assert complaint(explorer, "numbers") == ""


def test_a_column_that_does_not_sum_to_1_is_divided_and_the_note_says_so():
    explorer = EnergyExplorer(edit_as="probabilities", numbers=[[2, 1, 1, 1]], sequence="A")
    assert note(explorer) == "Position 0 sums to 5, so its numbers were divided by that."
    np.testing.assert_allclose(explorer.result.views.probabilities, [[0.4, 0.2, 0.2, 0.2]])
    assert explorer.state.numbers == ((2, 1, 1, 1),)
    explorer.set(numbers=[[0.7, 0.1, 0.1, 0.1]])
    assert note(explorer) == ""


def test_heat_flattens_held_energies_and_stretches_those_of_held_probabilities():
    spans = [
        np.ptp(EnergyExplorer(temperature=t).result.views.log_odds, axis=1) for t in (298, 596)
    ]
    np.testing.assert_allclose(spans[1], spans[0] / 2)
    other = EnergyExplorer()
    other.set(edit_as="probabilities")
    other.set(temperature=596)
    np.testing.assert_allclose(other.result.views.energies, 2 * EPS, atol=1e-6)


def test_the_card_says_that_its_energies_do_not_follow_the_temperature():
    help_text = EnergyExplorer().controls["temperature"].tooltip
    assert "real free energies change with T" in help_text


def test_the_goal_can_be_reached_and_not_by_mu_alone():
    for mu in np.arange(-6, 10.1, 0.5):
        result = compute(EnergyState(mu=float(mu)))
        assert special.expit(beta_at(298) * mu) < 0.95 or result.average > 0.02
    doubled = compute(EnergyState(mu=1.8, numbers=tuple(map(tuple, 2 * EPS))))
    assert special.expit(beta_at(298) * 1.8) > 0.95 and doubled.average < 0.02


@pytest.mark.parametrize(
    ("sequence", "words"),
    [("ACG", "at least the 5 bases of a site, got 3"), ("ACGTX", "'X' at position 4"), ("", "5")],
)
def test_a_bad_sequence_is_answered_beside_it(sequence, words):
    explorer = EnergyExplorer()
    explorer.controls["sequence"].value = sequence
    assert words in complaint(explorer, "sequence").replace("&#x27;", "'")
    assert explorer.state == EnergyState()


def test_a_longer_site_than_the_sequence_is_answered_beside_the_sequence():
    explorer = EnergyExplorer(sequence="TGTGA")
    with pytest.raises(ArgumentError) as caught:
        explorer.set(numbers=(*explorer.state.numbers, (0.0, 0.0, 0.0, 0.0)))
    assert caught.value.argument == "sequence"


def test_an_n_in_the_best_window_still_has_an_occupancy():
    text = re.sub("<[^>]*>", "", describe(compute(EnergyState(sequence="tgNga", mu=1.0))))
    # N costs the mean of 0.6, 0.8, 0.9, 0 = 0.575.
    assert f"= {special.expit(beta_at(298) * 0.425):.3f}" in text and "TGNGA" in text


def test_a_position_added_in_any_view_is_one_that_can_be():
    for view in NAMES:
        explorer = EnergyExplorer()
        explorer.set(edit_as=view)
        fill = explorer.controls["numbers"].fill
        explorer.controls["numbers"].value = (*explorer.state.numbers, fill)
        assert len(explorer.state.numbers) == 6
        last = explorer.result.views.probabilities[-1]
        np.testing.assert_allclose(last, 0.25)


def test_moving_another_control_leaves_what_a_new_position_holds():
    explorer = EnergyExplorer(edit_as="probabilities", numbers=[[0.25] * 4])
    grid, seen = explorer.controls["numbers"], []
    grid.observe(seen.append, ["digits", "step", "fill"])
    explorer.set(mu=2.5)
    assert not seen and (grid.step, grid.fill) == (0.05, (0.25,) * 4)
    explorer.set(edit_as="energies")
    assert [change.name for change in seen] == ["step", "fill"]


def test_undo_and_scenes_keep_the_view_with_its_numbers():
    explorer = EnergyExplorer()
    explorer.set(edit_as="filter")
    twin = EnergyExplorer.from_scene(explorer.scene)
    assert twin.state == explorer.state
    explorer.start_from(dataclasses.asdict(EnergyState()))
    assert explorer.state == EnergyState()

"""The explorers of dependencies, against scikit-learn and counts made anew."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from motiflab.datasets.published_sites import splice_sites
from motiflab.explorers.dependency_explorer import DependencyExplorer
from motiflab.explorers.splice_explorer import POSITIONS, SpliceExplorer


def plain(html: str) -> str:
    return re.sub("<[^>]*>", "", html)


def test_linear_filters_gain_nothing_and_say_why():
    for filters in (1, 5):
        card = DependencyExplorer(filters=filters, strength=0.6)
        assert abs(card.result.share) < 1e-4
        text = plain(card.readout.html)
        assert "loss 0.693; a guess has log 2 = 0.693" in text and "= 0 %" in text
        assert "a sum over positions can use nothing else" in text
    assert "add up to one linear filter" in text


def test_three_relu_filters_know_all():
    card = DependencyExplorer(activation="relu", filters=3)
    assert card.result.share > 0.99
    assert "has learned all there is to learn" in card.readout.html
    np.testing.assert_allclose(card.result.fit.logits, card.result.ratio, atol=0.05)


def test_the_least_loss_that_is_shown_is_that_of_the_posterior_of_bayes():
    card = DependencyExplorer(strength=0.5)
    posterior = card.result.positive / (card.result.positive + 1 / 16)
    loss = -(card.result.positive * np.log(posterior) + np.log(1 - posterior) / 16).sum() / 2
    assert f"the least possible is {loss:.3f}" in plain(card.readout.html)


def test_without_dependency_there_is_nothing_to_know():
    card = DependencyExplorer(strength=0.0, activation="relu", filters=4)
    assert "there is nothing to learn" in card.readout.html and card.result.share == 0


def test_the_sums_beside_the_words_are_even():
    for name in ("positives", "negatives"):
        cells = re.findall(r"<td>([\d.]*)</td>", DependencyExplorer().figures[name])
        assert cells[4::5][:4] == ["25.00"] * 4 and cells[20:24] == ["25.00"] * 4


def test_every_start_is_drawn():
    card = DependencyExplorer(activation="relu", filters=2)
    runs = card.figures["losses"].figure.data[-1]
    assert len(runs.y) == 10 and runs.y == tuple(sorted(runs.y))
    assert runs.y[0] == card.result.fit.loss


@pytest.mark.parametrize(("first", "second"), [(0, 1), (6, 7), (2, 7)])
@pytest.mark.parametrize("counted", ["all", "once"])
def test_the_bits_are_scikit_learns(first, second, counted):
    sites, counts = splice_sites()
    pairs = Counter()
    for site, count in zip(sites, counts):
        pairs[site[first], site[second]] += int(count) if counted == "all" else 1
    table = np.array([[pairs[a, b] for b in "ACGT"] for a in "ACGT"])
    bits = mutual_info_score(None, None, contingency=table) / np.log(2)
    card = SpliceExplorer(first=first, second=second, counted=counted)
    assert f"= {bits:.3f} bits" in plain(card.readout.html)
    assert f">{1000 * bits:.0f}<" in card.figures["matrix"]
    shares = [f"{100 * share:.1f}" for share in (table / table.sum()).ravel()]
    assert re.findall(r"<td>([\d.]+)</td>", card.figures["frequencies"]) == shares


def test_the_largest_term_comes_out():
    text = plain(SpliceExplorer(first=6, second=7).readout.html)
    sign, term, p, e = re.search(r"… ([+−]) ([\d.]+) \(for ..: ([\d.]+)·log₂\(.*?/([\d.]+)\)",
                                 text).groups()  # fmt: skip
    value = float(p) * np.log2(float(p) / float(e))
    assert float(term) == pytest.approx(abs(value), abs=0.004) and (sign == "+") == (value > 0)


def test_a_position_that_is_always_the_same_tells_nothing():
    assert "say almost nothing" in SpliceExplorer(first=3, second=0).readout.html


def test_a_position_does_not_meet_itself():
    card = SpliceExplorer()
    card.controls["second"].value = 2
    assert "The second position must differ from the first, not be −1 as well." in (
        card.controls["second"].description
    )
    assert card.state.second == 7
    card.controls["first"].value = 0  # and then it fits
    assert (card.state.first, card.state.second) == (0, 2)


def test_there_is_no_position_zero():
    assert [int(name.replace("−", "-")) for name in POSITIONS] == [-3, -2, -1, 1, 2, 3, 4, 5, 6]

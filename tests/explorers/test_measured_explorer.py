"""The card of the splicing assay: R2 by scikit-learn, held-out data apart, the pictures."""

from __future__ import annotations

import re

import numpy as np
import pytest
import sklearn.metrics

from motiflab.datasets import splice_assay
from motiflab.explorers.measured_explorer import (
    MODELS,
    MeasuredExplorer,
    MeasuredState,
    compute,
    describe,
    draw,
    learned_from,
)


@pytest.mark.parametrize("model", MODELS)
def test_the_share_is_scikit_learns_on_variants_that_were_not_learned(model):
    state = MeasuredState(model=model, n=500)
    result = compute(state)
    share = sklearn.metrics.r2_score(result.measured, result.predicted)
    assert result.share == pytest.approx(share) and result.known > result.share
    text = re.sub("<[^>]*>", "", describe(result))
    assert f"= {share:.2f} on 6,078 held-out variants" in text.replace("−", "-")
    assert f"{result.parameters:,} numbers learned" in text and "r = 0.79" in text


def test_what_is_learned_from_is_no_part_of_the_test():
    assay = splice_assay()
    test = {text for text, part in zip(assay.data.sequences, assay.part) if part == "test"}
    first, again, other = (learned_from(MeasuredState(n=500, seed=s)) for s in (1, 1, 2))
    assert not test & set(first.sequences)
    assert first.sequences == again.sequences != other.sequences
    known = dict(zip(assay.data.sequences, assay.data.labels))
    assert first.labels.tolist() == [known[text] for text in first.sequences]
    sham = learned_from(MeasuredState(n=500, seed=1, shuffled=True))
    assert sham.sequences == first.sequences and sorted(sham.labels) == sorted(first.labels)
    assert sham.labels.tolist() != first.labels.tolist()


def test_with_few_variants_the_curve_wins_and_with_many_it_does_not():
    few, many = (
        {model: compute(MeasuredState(model=model, n=n)).share for model in MODELS}
        for n in (500, 8000)
    )
    assert max(few, key=few.get) == "curve" and few["curve"] > few["both"] + 0.1
    assert many["additive"] < many["pairs"] < many["curve"] < min(many["both"], many["network"])
    assert compute(MeasuredState(model="curve", shuffled=True)).share < 0.05


def test_the_picture_shows_means_that_bend_away_from_the_line():
    chart = draw(compute(MeasuredState()), "u")["curve"]
    means, model = chart.figure.to_dict()["data"]
    result = compute(MeasuredState())
    order = np.argsort(result.phi, kind="stable")
    top = np.array_split(result.measured[order], 20)[-1]
    assert means["y"][-1] == pytest.approx(top.mean())
    assert f"{top.mean():.2f}" in chart.text
    line = np.interp(means["x"], model["x"], model["y"])
    assert means["y"][-1] > line[-1] + 0.2  # the best sites are better than the line says
    curve = draw(compute(MeasuredState(model="curve")), "u")["curve"].figure.to_dict()["data"]
    bent = np.interp(curve[0]["x"], curve[1]["x"], curve[1]["y"])
    assert np.abs(np.array(curve[0]["y"]) - bent).max() < 0.25


def test_a_wrong_size_is_refused():
    card = MeasuredExplorer()
    with pytest.raises(ValueError, match="500"):
        card.set(n=600)
    assert card.state.n == 2000

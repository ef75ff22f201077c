"""Negatives of every kind: what each keeps, how sequences are matched, and that no test leaks."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from motiflab.datasets import (
    Dataset,
    add_negatives,
    contrasts,
    ctcf,
    gc_content,
    match_gc,
    tap73,
)
from motiflab.datasets.negatives import KINDS, TOLERANCE
from motiflab.evaluation import roc

PEAKS, OTHERS = tap73(), ctcf()
PERCENT = st.lists(st.integers(0, 100), max_size=12)


def negatives(data):
    return [text for text, label in zip(data.sequences, data.labels) if label == 0]


def test_gc_content_counts_letters_by_hand():
    assert gc_content(["GATTACA", "GGCC", "NNNG"]).tolist() == [2 / 7, 1.0, 0.25]


@given(PERCENT, PERCENT, st.integers(1, 30))
def test_no_matching_has_more_pairs(ours, theirs, tolerance):
    gc, other = np.array(ours) / 100, np.array(theirs) / 100
    left, right = match_gc(gc, other, tolerance / 100)
    assert len({*left.tolist()}) == len(left) and len({*right.tolist()}) == len(right)
    assert all(abs(ours[i] - theirs[j]) <= tolerance for i, j in zip(left, right))
    near = np.array([[abs(a - b) <= tolerance for b in theirs] for a in ours], dtype=int)
    most = 0
    if near.size:
        most = (maximum_bipartite_matching(csr_matrix(near)) >= 0).sum()
    assert len(left) == most


def test_what_each_kind_keeps():
    made = {kind: add_negatives(PEAKS, kind, OTHERS, seed=1) for kind in KINDS}
    positives = PEAKS.sequences[:1000]
    for kind in ("uniform", "composition", "dinucleotide"):
        assert made[kind].sequences[:1000] == positives
        assert [len(text) for text in negatives(made[kind])] == [200] * 1000
    letters = Counter("".join(positives))
    for kind, shares in {
        "uniform": dict.fromkeys("ACGT", 0.25),
        "composition": {base: letters[base] / 200_000 for base in "ACGT"},
    }.items():
        counts = Counter("".join(negatives(made[kind])))
        for base, share in shares.items():  # 5 standard errors of 200,000 draws
            assert abs(counts[base] / 200_000 - share) < 0.005, (kind, base)
    for text, shuffle in zip(positives, negatives(made["dinucleotide"])):
        assert Counter(pairwise(text)) == Counter(pairwise(shuffle))
    assert negatives(made["peaks"]) == OTHERS.sequences[:500]
    matched = made["matched"]
    assert {*negatives(matched)} < {*OTHERS.sequences[:500]}
    ours, theirs = gc_content(matched.sequences).reshape(2, -1)
    assert abs(ours - theirs).max() <= TOLERANCE + 1e-9
    assert f"{len(ours)} of 1,000 peaks have a partner among 500 candidates." in matched.note


def test_shuffles_stay_with_their_peak():
    data = add_negatives(PEAKS, "dinucleotide")
    assert data.groups[:1000].tolist() == data.groups[1000:].tolist() == [*range(1000)]


@pytest.mark.parametrize("kind", ["uniform", "composition", "dinucleotide"])
def test_the_seed_decides(kind):
    one, again, other = (
        add_negatives(PEAKS.subset(range(20)), kind, seed=seed).sequences for seed in (1, 1, 2)
    )
    assert one == again != other


def test_the_trials_of_both_proteins_share_no_peak_between_training_and_test():
    trials = contrasts(PEAKS, OTHERS, seed=3)
    assert list(trials) == list(KINDS)
    tested = set().union(*({*test.sequences} for test in trials["peaks"].tests.values()))
    for kind, trial in trials.items():
        assert list(trial.tests) == list(KINDS)
        assert not tested & {*trial.train.sequences}, kind
        assert all({0, 1} == {*test.labels.tolist()} for test in trial.tests.values())
    sizes = {kind: np.bincount(trial.train.labels).tolist() for kind, trial in trials.items()}
    assert sizes["uniform"] == sizes["composition"] == sizes["dinucleotide"] == [700, 700]
    assert sizes["peaks"] == [350, 700] and sizes["matched"][0] == sizes["matched"][1]
    tests = trials["uniform"].tests
    assert {*tests["matched"].sequences} < {*tests["peaks"].sequences}
    assert tests["dinucleotide"].sequences[:300] == tests["uniform"].sequences[:300]


def test_gc_alone_tells_the_proteins_apart_until_they_are_matched():
    both, pairs = (add_negatives(OTHERS, kind, PEAKS) for kind in ("peaks", "matched"))
    area = [roc(data.labels, gc_content(data.sequences)).area for data in (both, pairs)]
    assert 0.80 < area[0] < 0.90 and 0.45 < area[1] < 0.65
    shuffled = add_negatives(OTHERS, "dinucleotide")
    assert roc(shuffled.labels, gc_content(shuffled.sequences)).area == 0.5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "shuffled"}, "kind must be"),
        ({"kind": "peaks", "others": None}, "others must be given .* kind 'peaks'"),
        ({"kind": "matched", "tolerance": 0}, "tolerance must be"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(change, said):
    with pytest.raises(ValueError, match=said):
        add_negatives(**{"peaks": PEAKS, "others": OTHERS} | change)


def test_nothing_to_match_is_refused():
    low, high = (Dataset.of([text] * 2, [1, 1], ["a", "b"]) for text in ("AAAA", "GGGG"))
    with pytest.raises(ValueError, match="tolerance must leave at least one pair, got none"):
        add_negatives(low, "matched", high)

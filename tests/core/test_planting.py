"""Planted data: the law that it is drawn from, the truth that it reports, the optimum's claim."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import chi2, chisquare
from sklearn.metrics import average_precision_score, roc_auc_score

from motiflab.likelihood import Arrangement, log_likelihood_ratio
from motiflab.motifs import Motif
from motiflab.planting import _draw_end, plant
from motiflab.sequences import reverse_complement

SKEWED = np.array([0.4, 0.1, 0.2, 0.3])
# Neither is its own reverse complement, and every base is certain: a site can be read off.
ACC = Motif("ACC", np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]]) * 1e9)
GA = Motif("GA", np.array([[0, 0, 1, 0], [1, 0, 0, 0]]) * 1e9)
SOFT = Motif("soft", [[8, 1, 1, 0], [0, 6, 2, 2], [1, 0, 9, 0], [3, 3, 1, 3], [0, 0, 2, 8]])


def by_sequence(data):
    return {
        sequence: [(s.motif, s.start, s.end, s.strand) for s in sites]
        for sequence, sites in itertools.groupby(data.sites, key=lambda site: site.sequence)
    }


def all_layouts(length, arrangement):
    """Every possible list of sites in one sequence, by number of copies; start to end."""
    widths = [motif.width for motif in arrangement.motifs]
    single = []
    for gaps in itertools.product(*(range(a, b + 1) for a, b in arrangement.gaps)):
        span = sum(widths) + sum(gaps)
        for strand in "+-" if arrangement.both_strands else "+":
            order = list(enumerate(widths))
            between = [*gaps]
            if strand == "-":
                order.reverse()
                between.reverse()
            for at in range(length - span + 1):
                sites, position = [], at
                for (index, width), gap in zip(order, [*between, 0]):
                    sites.append((index, position, position + width, strand))
                    position += width + gap
                single.append((at, at + span, tuple(sites)))
    return {
        copies: [
            sum((sites for _, _, sites in chosen), ())
            for chosen in itertools.permutations(single, copies)
            if all(left[1] <= right[0] for left, right in itertools.pairwise(chosen))
        ]
        for copies in range(arrangement.copies[0], arrangement.copies[1] + 1)
    }


@pytest.mark.parametrize(
    ("arrangement", "length"),
    [
        (Arrangement((ACC,)), 9),
        (Arrangement((ACC,), both_strands=False), 9),
        (Arrangement((GA,), copies=(1, 3)), 8),
        (Arrangement((ACC, GA), gaps=((1, 4),)), 12),
        (Arrangement((ACC, GA), gaps=((0, 99),)), 9),
        (Arrangement((GA, GA), gaps=((0, 2),), copies=(1, 2)), 10),
        (Arrangement((ACC, GA, GA), gaps=((0, 2), (1, 2)), both_strands=False), 12),
    ],
)
def test_every_arrangement_is_equally_likely_given_the_number_of_copies(arrangement, length):
    n = 30_000
    data = plant(n, length, arrangement, positive_fraction=(n - 1) / n, seed=3)
    seen = Counter(tuple(sites) for sites in by_sequence(data).values())
    layouts = all_layouts(length, arrangement)
    assert set(seen) <= {layout for listed in layouts.values() for layout in listed}
    observed, expected = [], []
    for listed in layouts.values():
        observed += [seen[layout] for layout in listed]
        expected += [(n - 1) / len(layouts) / len(listed)] * len(listed)
    assert min(expected) > 5
    assert chisquare(observed, expected).pvalue > 1e-3


def test_sites_tell_the_truth():
    arrangement = Arrangement((ACC, GA), gaps=((0, 5),), copies=(1, 3))
    data = plant(400, 60, arrangement, background=SKEWED, seed=1)
    sites = by_sequence(data)
    assert sorted(sites) == np.flatnonzero(data.labels).tolist()
    assert {site.strand for site in data.sites} == {"+", "-"}
    for sequence, listed in sites.items():
        starts = [start for _, start, _, _ in listed]
        assert starts == sorted(starts)
        assert len(listed) in (2, 4, 6)
        for motif, start, end, strand in listed:
            letters = data.sequences[sequence][start:end]
            expected = ("ACC", "GA")[motif]
            assert letters == (expected if strand == "+" else reverse_complement(expected))
        for left, right in zip(listed[::2], listed[1::2]):  # a copy, turned round as a unit
            assert left[3] == right[3]
            assert (left[0], right[0]) == ((0, 1) if left[3] == "+" else (1, 0))
            assert 0 <= right[1] - left[2] <= 5
        for left, right in itertools.pairwise(listed):
            assert left[2] <= right[1]


def test_bases_follow_the_motif_at_a_site_and_the_background_elsewhere():
    data = plant(6000, 30, Arrangement((SOFT,)), background=SKEWED, seed=2)
    ppm = SOFT.probabilities(1.0, SKEWED)  # with the pseudocount that the likelihood uses
    at_sites = np.zeros((5, 4))
    elsewhere = np.zeros(4)
    planted = {site.sequence: site for site in data.sites}
    for index, sequence in enumerate(data.sequences):
        site = planted.get(index)
        if site:
            letters = sequence[site.start : site.end]
            sequence = sequence[: site.start] + sequence[site.end :]
            if site.strand == "-":
                letters = reverse_complement(letters)
            for k, letter in enumerate(letters):
                at_sites[k, "ACGT".index(letter)] += 1
        elsewhere += [sequence.count(base) for base in "ACGT"]
    statistic = ((at_sites - 3000 * ppm) ** 2 / (3000 * ppm)).sum()
    assert chi2.sf(statistic, df=15) > 1e-3
    assert chisquare(elsewhere, elsewhere.sum() * SKEWED).pvalue > 1e-3


def test_the_optimum_is_the_ratio_of_the_two_classes():
    near = Arrangement((ACC, GA), gaps=((2, 3),))
    far = Arrangement((ACC, GA), gaps=((8, 9),))
    data = plant(50, 40, near, far, SKEWED, seed=4)
    ratios = [log_likelihood_ratio(data.sequences, a, SKEWED) for a in (near, far)]
    np.testing.assert_allclose(data.optimum, ratios[0] - ratios[1])
    assert sorted({site.sequence for site in data.sites}) == list(range(50))
    for sequence, (left, right) in by_sequence(data).items():
        assert right[1] - left[2] in ((2, 3) if data.labels[sequence] else (8, 9))


@pytest.mark.parametrize(
    "negative", [None, Arrangement((SOFT,), copies=(1, 2)), Arrangement((SOFT, SOFT), ((9, 12),))]
)
def test_the_optimum_is_calibrated(negative):
    # Bayes' theorem: among sequences of log-likelihood ratio r, a share of expit(r + log prior
    # odds) is positive. The probability of a positive thus adds up to their number, in any group.
    positive = Arrangement((SOFT, SOFT), gaps=((2, 5),))
    data = plant(6000, 50, positive, negative, SKEWED, positive_fraction=0.3, seed=5)
    posterior = expit(data.optimum + np.log(0.3 / 0.7))
    for group in np.array_split(np.argsort(data.optimum), 8):
        deviation = data.labels[group].sum() - posterior[group].sum()
        assert abs(deviation) < 4 * np.sqrt((posterior[group] * (1 - posterior[group])).sum())


@pytest.mark.parametrize("negative", [None, Arrangement((SOFT, SOFT), gaps=((9, 12),))])
def test_no_other_score_ranks_better_than_the_optimum(negative):
    positive = Arrangement((SOFT, SOFT), gaps=((2, 5),))
    data = plant(4000, 60, positive, negative, positive_fraction=0.4, seed=6)
    forward = np.array(SOFT.score(data.sequences))
    backward = np.array(SOFT.reverse_complement().score(data.sequences))
    both = np.concatenate([forward, backward], axis=1)
    others = {
        "best site": both.max(axis=1),
        "sum of log-odds": both.sum(axis=1),
        "two best sites": np.sort(both, axis=1)[:, -2:].sum(axis=1),
        "sum of odds": np.exp(both).sum(axis=1),
        "one strand": log_likelihood_ratio(
            data.sequences, Arrangement((SOFT, SOFT), ((2, 5),), both_strands=False)
        ),
        "one motif": log_likelihood_ratio(data.sequences, Arrangement((SOFT,))),
        "another gap": log_likelihood_ratio(data.sequences, Arrangement((SOFT, SOFT), ((3, 6),))),
        "sharper motif": log_likelihood_ratio(
            data.sequences,
            Arrangement((Motif("sharp", SOFT.counts**2), SOFT), ((2, 5),)),
        ),
    }
    rng = np.random.default_rng(0)
    samples = [rng.integers(0, 4000, 4000) for _ in range(16)]
    for area in (roc_auc_score, average_precision_score):
        best = [area(data.labels[rows], data.optimum[rows]) for rows in samples]
        for name, score in others.items():
            gains = [area(data.labels[rows], score[rows]) for rows in samples] - np.array(best)
            assert gains.mean() < 3 * gains.std(), (name, area.__name__)
    assert roc_auc_score(data.labels, data.optimum) > 0.6  # there is something to rank


@pytest.mark.parametrize(("n", "fraction", "positives"), [(10, 0.3, 3), (7, 0.1, 1), (9, 0.9, 8)])
def test_classes_have_the_numbers_asked_for(n, fraction, positives):
    data = plant(n, 12, Arrangement((GA,)), positive_fraction=fraction)
    assert data.labels.sum() == positives
    assert (len(data.sequences), len(data.labels), len(data.optimum)) == (n, n, n)
    assert {len(sequence) for sequence in data.sequences} == {12}


def test_the_seed_decides_everything_and_the_classes_are_mixed():
    arrangement = Arrangement((SOFT, GA), gaps=((0, 9),), copies=(1, 2))
    once, again, other = (plant(60, 50, arrangement, seed=seed) for seed in (8, 8, 9))
    assert once.sequences == again.sequences
    assert once.sites == again.sites
    np.testing.assert_array_equal(once.labels, again.labels)
    np.testing.assert_array_equal(once.optimum, again.optimum)
    assert once.sequences != other.sequences
    assert (once.labels != other.labels).any()
    assert 10 < once.labels[:30].sum() + other.labels[:30].sum() < 50


def test_a_sequence_packed_with_very_many_copies():
    # There are more than 1e308 ways to place half of the copies in the whole sequence.
    data = plant(2, 3000, Arrangement((GA, GA, GA), ((0, 0), (0, 0)), copies=(500, 500)))
    assert [(site.start, site.end) for site in data.sites] == [
        (start, start + 2) for start in range(0, 3000, 2)
    ]


@pytest.mark.parametrize("extreme", [0.0, 1 - 2**-53])
def test_rounding_never_leaves_the_window(extreme):
    class Extreme:
        def random(self, n):
            return np.full(n, extreme)

    ways = np.log(np.cumsum(np.arange(1.0, 2001)))  # i + 1 ways to end at i
    ends = np.arange(1, 2000)
    np.testing.assert_array_equal(_draw_end(ways, ends, ends, Extreme()), ends)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n": 1}, "n must be at least 2 and length at least 1, got 1 and 20"),
        ({"length": 0}, "got 10 and 0"),
        ({"length": -5}, "got 10 and -5"),
        ({"positive_fraction": 0}, "positive_fraction must lie between 0 and 1"),
        ({"positive_fraction": 1.0}, "both excluded, got 1.0"),
        ({"positive_fraction": float("nan")}, "both excluded, got nan"),
        ({"positive_fraction": 0.01}, "one of the 10 sequences in each class, got 0.01, which"),
        ({"positive_fraction": 0.99}, "makes 10 positive"),
        ({"background": [0.5, 0.5, 0.5, 0.5]}, "background must be"),
        ({"length": 6}, "length must be at least 7 for 1 x 7 bases to fit"),
        ({"positive": Arrangement((GA,), copies=(1, 11))}, "at least 22 for 11 x 2 bases"),
        ({"negative": Arrangement((GA, GA), ((18, 20),))}, "at least 22 for 1 x 22 bases"),
    ],
)
def test_what_cannot_be_planted_is_refused_with_the_numbers(changes, message):
    arguments = {"n": 10, "length": 20, "positive": Arrangement((ACC, GA), ((2, 4),))} | changes
    with pytest.raises(ValueError, match=re.escape(message)):
        plant(**arguments)

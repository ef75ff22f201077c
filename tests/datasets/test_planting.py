"""The likelihood ratio against brute force, against laws of probability, and against Motif."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import comb, expit, logsumexp
from scipy.stats import chi2, chisquare
from sklearn.metrics import average_precision_score, roc_auc_score

from motiflab.datasets.planting import (
    Arrangement,
    _draw_end,
    count_placements,
    log_likelihood_ratio,
    plant,
)
from motiflab.motifs.motif import Motif
from motiflab.sequences.encoding import gc_background, random_sequences, reverse_complement

SKEWED = np.array([0.4, 0.1, 0.2, 0.3])  # unlike its own reverse complement


def toy_motif(width: int, seed: int) -> Motif:
    return Motif(f"toy{seed}", np.random.default_rng(seed).integers(0, 9, (width, 4)) + 0.1)


def placements(length, arrangement, copies, start=0):
    """Every arrangement, by definition: for each copy its start and its gaps, left to right."""
    if copies == 0:
        yield ()
        return
    for gaps in itertools.product(*(range(a, b + 1) for a, b in arrangement.gaps)):
        span = sum(m.width for m in arrangement.motifs) + sum(gaps)
        for at in range(start, length - span + 1):
            for rest in placements(length, arrangement, copies - 1, at + span):
                yield ((at, gaps), *rest)


def sites_of(at, gaps, strand, arrangement):
    """(motif, start, end, strand) of one copy, by building it and reversing it."""
    starts, position = [], 0
    for motif, gap in zip(arrangement.motifs, (*gaps, 0)):
        starts.append(position)
        position += motif.width + gap
    span = position
    sites = []
    for index, (motif, start) in enumerate(zip(arrangement.motifs, starts)):
        first = start if strand == "+" else span - start - motif.width
        sites.append((index, at + first, at + first + motif.width, strand))
    return sites


def brute_force(sequence, arrangement, q):
    """Log-likelihood ratio by adding up the probability of every arrangement on every strand."""
    bases = ["ACGT".index(base) for base in sequence]
    strands = "+-" if arrangement.both_strands else "+"
    per_number = []
    for copies in range(arrangement.copies[0], arrangement.copies[1] + 1):
        terms = []
        for placed in placements(len(sequence), arrangement, copies):
            for chosen in itertools.product(strands, repeat=copies):
                model = np.tile(q, (len(sequence), 1))
                for (at, gaps), strand in zip(placed, chosen):
                    for index, start, end, _ in sites_of(at, gaps, strand, arrangement):
                        ppm = arrangement.motifs[index].probabilities(1.0, q)
                        model[start:end] = ppm if strand == "+" else ppm[::-1, ::-1]
                terms.append(math.prod(row[base] for row, base in zip(model, bases)))
        per_number.append(math.fsum(terms) / len(terms))
    background = math.prod(q[base] for base in bases)
    return math.log(math.fsum(per_number) / len(per_number) / background)


A3, B2, C1 = toy_motif(3, 1), toy_motif(2, 2), toy_motif(1, 3)
CASES = {
    "one motif": (Arrangement((A3,)), 8),
    "one motif, + strand": (Arrangement((A3,), both_strands=False), 8),
    "as long as the sequence": (Arrangement((A3,)), 3),
    "up to three copies": (Arrangement((B2,), copies=(1, 3)), 8),
    "exactly two copies": (Arrangement((A3,), copies=(2, 2)), 7),
    "two motifs, fixed gap": (Arrangement((A3, B2), gaps=((2, 2),)), 9),
    "two motifs, gap range": (Arrangement((A3, B2), gaps=((0, 3),)), 9),
    "a gap that cannot fit": (Arrangement((A3, B2), gaps=((1, 99),)), 8),
    "three motifs": (Arrangement((C1, A3, B2), gaps=((0, 1), (1, 2))), 9),
    "composites in copies": (Arrangement((C1, B2), gaps=((0, 2),), copies=(1, 2)), 8),
    "+ strand composites": (Arrangement((C1, B2), ((1, 3),), (1, 2), both_strands=False), 9),
    "packed full": (Arrangement((B2,), copies=(4, 4)), 8),
}


@pytest.mark.parametrize(("arrangement", "length"), CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("q", [np.full(4, 0.25), SKEWED], ids=["uniform", "skewed"])
def test_equals_brute_force(arrangement, length, q):
    sequences = random_sequences(5, length, q, np.random.default_rng(length))
    expected = [brute_force(sequence, arrangement, q) for sequence in sequences]
    found = log_likelihood_ratio(sequences, arrangement, q)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@st.composite
def small_problems(draw):
    motif = st.integers(1, 3).flatmap(
        lambda w: st.lists(
            st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(any),
            min_size=w,
            max_size=w,
        )
    )
    motifs = tuple(Motif("m", counts) for counts in draw(st.lists(motif, min_size=1, max_size=2)))
    gaps = tuple(
        (least, least + extra)
        for least, extra in draw(
            st.lists(
                st.tuples(st.integers(0, 2), st.integers(0, 4)),
                min_size=len(motifs) - 1,
                max_size=len(motifs) - 1,
            )
        )
    )
    shortest = Arrangement(motifs, gaps).shortest
    most = draw(st.integers(1, 2 if shortest <= 4 else 1))
    arrangement = Arrangement(motifs, gaps, (draw(st.integers(1, most)), most), draw(st.booleans()))
    length = draw(st.integers(most * shortest, most * shortest + 3))
    sequence = draw(st.text("ACGT", min_size=length, max_size=length))
    shares = np.array(draw(st.lists(st.integers(1, 9), min_size=4, max_size=4)), dtype=float)
    return sequence, arrangement, shares / shares.sum()


@settings(max_examples=60)
@given(small_problems())
def test_equals_brute_force_for_any_small_problem(problem):
    sequence, arrangement, q = problem
    found = log_likelihood_ratio([sequence], arrangement, q)[0]
    assert found == pytest.approx(brute_force(sequence, arrangement, q), abs=1e-11)


@settings(max_examples=30)
@given(small_problems())
def test_both_strands_of_a_sequence_score_alike_on_a_symmetric_background(problem):
    sequence, arrangement, _ = problem
    both = Arrangement(arrangement.motifs, arrangement.gaps, arrangement.copies)
    given_, turned = log_likelihood_ratio(
        [sequence, reverse_complement(sequence)], both, gc_background(0.3)
    )
    assert given_ == pytest.approx(turned, abs=1e-11)


@pytest.mark.parametrize(
    "arrangement",
    [
        Arrangement((A3,)),
        Arrangement((B2,), copies=(1, 2)),
        Arrangement((B2,), copies=(2, 2), both_strands=False),
        Arrangement((C1, B2), gaps=((0, 2),)),
        Arrangement((C1, C1), gaps=((1, 2),), copies=(1, 2)),
    ],
)
def test_probabilities_of_all_sequences_add_up_to_one(arrangement):
    sequences = ["".join(letters) for letters in itertools.product("ACGT", repeat=7)]
    background = [math.prod(SKEWED["ACGT".index(base)] for base in s) for s in sequences]
    ratios = np.exp(log_likelihood_ratio(sequences, arrangement, SKEWED))
    assert math.fsum(background * ratios) == pytest.approx(1, abs=1e-12)


def test_one_motif_on_one_strand_is_the_log_mean_exp_of_its_log_odds():
    motif = toy_motif(9, 7)
    sequences = random_sequences(20, 60, SKEWED, np.random.default_rng(0))
    scores = motif.score(sequences, SKEWED)
    expected = [logsumexp(score) - math.log(len(score)) for score in scores]
    found = log_likelihood_ratio(sequences, Arrangement((motif,), both_strands=False), SKEWED)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_an_ambiguity_code_is_the_sum_over_its_bases():
    arrangement = Arrangement((C1, B2), gaps=((0, 2),), copies=(1, 2))
    q = SKEWED
    for code, bases in {"N": "ACGT", "R": "AG", "y": "CT", "B": "CGT", "u": "T"}.items():
        spelled = [f"AC{base}GTCA" for base in bases]
        weights = [q["ACGT".index(base)] for base in bases]
        ratios = np.exp(log_likelihood_ratio(spelled, arrangement, q))
        found = np.exp(log_likelihood_ratio([f"AC{code}GTCA"], arrangement, q))
        assert found[0] == pytest.approx(np.average(ratios, weights=weights), rel=1e-12)
    assert log_likelihood_ratio(["N" * 30], arrangement, q)[0] == pytest.approx(0, abs=1e-12)


def test_lengths_may_differ_and_blocks_do_not_matter():
    arrangement = Arrangement((A3,), copies=(1, 2))
    rng = np.random.default_rng(5)
    long = random_sequences(200, 400, None, rng)  # more than one block
    short = random_sequences(7, 30, None, rng)
    mixed = [*long[:100], *short, *long[100:]]
    found = log_likelihood_ratio(mixed, arrangement)
    alone = np.concatenate([log_likelihood_ratio([sequence], arrangement) for sequence in mixed])
    np.testing.assert_allclose(found, alone, rtol=0, atol=1e-12)


def test_long_motifs_and_many_copies_neither_overflow_nor_vanish():
    sharp = Motif("sharp", np.tile([1e6, 0, 0, 0], (60, 1)))
    arrangement = Arrangement((sharp,), copies=(10, 10), both_strands=False)
    best, worst = log_likelihood_ratio(["A" * 600, "C" * 600], arrangement)
    odds = sharp.log_odds()
    assert best == pytest.approx(600 * odds[0, 0])  # exp(831) is beyond a float
    assert worst == pytest.approx(600 * odds[0, 1])  # exp(-8289) is below one


def test_a_weak_site_counts_even_behind_one_that_is_far_stronger():
    # Of the two best matches of the first motif only the weaker, by a factor of exp(200), has the
    # second motif in reach; a difference of cumulative sums would lose it.
    first, second = (Motif("m", np.tile(np.eye(4)[base] * 1e6, (30, 1))) for base in (0, 1))
    arrangement = Arrangement((first, second), gaps=((5, 7),), both_strands=False)
    sequence = "A" * 30 + "G" * 40 + "A" * 15 + "G" * 15 + "T" * 6 + "C" * 30
    scores = [motif.score(sequence) for motif in (first, second)]
    terms = [
        scores[0][start] + scores[1][start + 30 + gap]
        for gap in (5, 6, 7)
        for start in range(len(sequence) - 60 - gap + 1)
    ]
    expected = logsumexp(terms) - math.log(len(terms))
    assert log_likelihood_ratio([sequence], arrangement)[0] == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 12))
def test_placements_of_copies_are_counted_by_a_binomial(width, copies, spare):
    length = width * copies + spare
    motif = Motif("m", np.ones((width, 4)))
    counts = count_placements(Arrangement((motif,), copies=(1, copies)), length)
    for number, (count,) in enumerate(counts, start=1):
        expected = comb(length - number * width + number, number)
        assert np.exp(count[-1]) == pytest.approx(expected, rel=1e-12)


def test_placements_are_counted_as_listed():
    arrangement = Arrangement((C1, B2), gaps=((0, 2),), copies=(1, 3))
    for number, counts in enumerate(count_placements(arrangement, 12), start=1):
        listed = list(placements(12, arrangement, number))
        assert np.exp(counts[-1][-1]) == pytest.approx(len(listed), rel=1e-12)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"motifs": ()}, "motifs must be a tuple of at least one Motif, got ()"),
        ({"motifs": A3}, "motifs must be a tuple"),
        ({"motifs": (A3, B2)}, "1 for 2 motifs, got 0"),
        ({"motifs": (A3,), "gaps": ((1, 2),)}, "0 for 1 motifs, got 1"),
        ({"motifs": (A3, B2), "gaps": ((5, 3),)}, "gaps[0] must start at 0 or more"),
        ({"motifs": (A3, B2), "gaps": ((-1, 3),)}, "got -1 to 3"),
        ({"motifs": (A3, B2), "gaps": (4,)}, "gaps[0] must be two whole numbers"),
        ({"motifs": (A3, B2), "gaps": ((1.5, 3),)}, "got (1.5, 3)"),
        ({"motifs": (A3,), "copies": (0, 1)}, "copies must start at 1 or more"),
        ({"motifs": (A3,), "copies": (3, 2)}, "got 3 to 2"),
        ({"motifs": (A3,), "copies": 2}, "copies must be two whole numbers"),
    ],
)
def test_a_wrong_arrangement_is_refused_in_one_sentence(wrong, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Arrangement(**wrong)


@pytest.mark.parametrize(
    ("sequences", "arrangement", "background", "message"),
    [
        (["ACGTACGT", "ACGTA"], Arrangement((A3, B2), ((2, 4),)), None, "at least 7 for 1 x 7"),
        (["ACGTA"], Arrangement((A3,), copies=(1, 2)), None, "at least 6 for 2 x 3 bases"),
        ([""], Arrangement((A3,)), None, "got 0"),
        (["ACG!"], Arrangement((A3,)), None, "'!'"),
        (["ACGT"], Arrangement((A3,)), [0.5, 0.5, 0, 0], "background must be"),
        ("ACGT", Arrangement((A3,)), None, "one string"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(sequences, arrangement, background, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        log_likelihood_ratio(sequences, arrangement, background)


SKEWED_PLANTING = np.array([0.4, 0.1, 0.2, 0.3])
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
    data = plant(400, 60, arrangement, background=SKEWED_PLANTING, seed=1)
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
        for left, right in zip(listed[::2], listed[1::2]):  # a copy, reversed as a unit
            assert left[3] == right[3]
            assert (left[0], right[0]) == ((0, 1) if left[3] == "+" else (1, 0))
            assert 0 <= right[1] - left[2] <= 5
        for left, right in itertools.pairwise(listed):
            assert left[2] <= right[1]


def test_bases_follow_the_motif_at_a_site_and_the_background_elsewhere():
    data = plant(6000, 30, Arrangement((SOFT,)), background=SKEWED_PLANTING, seed=2)
    ppm = SOFT.probabilities(1.0, SKEWED_PLANTING)  # with the pseudocount that the likelihood uses
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
    assert chisquare(elsewhere, elsewhere.sum() * SKEWED_PLANTING).pvalue > 1e-3


def test_the_optimum_is_that_of_the_background_as_it_was():
    q, arrangement = np.array(SKEWED_PLANTING), Arrangement((GA,))
    data = plant(20, 30, arrangement, background=q, seed=1)
    expected = log_likelihood_ratio(data.sequences, arrangement, SKEWED_PLANTING)
    q[:] = 0.25
    np.testing.assert_allclose(data.optimum, expected)


def test_the_optimum_is_the_ratio_of_the_two_classes():
    near = Arrangement((ACC, GA), gaps=((2, 3),))
    far = Arrangement((ACC, GA), gaps=((8, 9),))
    data = plant(50, 40, near, far, SKEWED_PLANTING, seed=4)
    ratios = [log_likelihood_ratio(data.sequences, a, SKEWED_PLANTING) for a in (near, far)]
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
    data = plant(6000, 50, positive, negative, SKEWED_PLANTING, positive_fraction=0.3, seed=5)
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
        ({"n": 1}, "n must be a whole number of at least 2, got 1"),
        ({"length": 0}, "length must be a whole number of at least 1, got 0"),
        ({"length": -5}, "length must be a whole number of at least 1, got -5"),
        ({"positive_fraction": 0}, "positive_fraction must be a number above 0 and below 1, got 0"),
        ({"positive_fraction": 1.0}, "above 0 and below 1, got 1.0"),
        ({"positive_fraction": float("nan")}, "above 0 and below 1, got nan"),
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

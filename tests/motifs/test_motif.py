"""Motifs against Biopython, logomaker and scipy, and their mathematical properties."""

from __future__ import annotations

import itertools
import math

import logomaker
import numpy as np
import pandas as pd
import pytest
from Bio import motifs as bio
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy, multinomial

from motiflab.datasets.planting import Arrangement, log_likelihood_ratio
from motiflab.datasets.published_sites import crp_sites
from motiflab.layers.convolution import cross_correlate
from motiflab.motifs import jaspar
from motiflab.motifs.motif import (
    Motif,
    check_probabilities,
    information,
    letter_ratios,
    small_sample_correction,
    sum_windows,
)
from motiflab.sequences.alphabet import DNA
from motiflab.sequences.encoding import one_hot, random_sequences, reverse_complement

counts = (
    st.integers(1, 12)
    .flatmap(lambda w: arrays(float, (w, 4), elements=st.integers(0, 50)))
    .filter(lambda n: (n.sum(axis=1) > 0).all())
)
backgrounds = arrays(float, 4, elements=st.floats(0.05, 1)).map(lambda q: q / q.sum())
SITES = ["AGATAA", "TGATAA", "AGATAG", "CGATNA"]


def biopython(motif: Motif) -> bio.Motif:
    return bio.Motif(counts=dict(zip("ACGT", motif.counts.T.tolist(), strict=True)))


@given(counts, backgrounds, st.floats(0.1, 10))
def test_log_odds_are_those_of_biopython(n, q, pseudocount):
    added = dict(zip("ACGT", pseudocount * q, strict=True))
    background = dict(zip("ACGT", q, strict=True))
    pssm = biopython(Motif("", n)).counts.normalize(added).log_odds(background)
    expected = np.array([pssm[base] for base in "ACGT"]).T
    np.testing.assert_allclose(Motif("", n).log_odds(q, pseudocount, base=2), expected, atol=1e-9)
    nats = Motif("", n).log_odds(q, pseudocount)
    np.testing.assert_allclose(nats, expected * math.log(2), atol=1e-9)


def test_log_odds_of_a_base_never_seen():
    motif = Motif("", [[3, 1, 0, 0]])
    assert np.isfinite(motif.log_odds()).all()
    # (0 + 1 * 0.25) / (4 + 1) = 0.05, against 0.25
    assert motif.log_odds()[0, 3] == pytest.approx(math.log(0.05 / 0.25))
    assert motif.log_odds(pseudocount=0)[0].tolist()[2:] == [-math.inf, -math.inf]


@given(counts, backgrounds)
def test_information_is_that_of_scipy_and_logomaker(n, q):
    motif = Motif("", n)
    p = motif.probabilities()
    expected = [entropy(row, q, base=2) for row in p]
    np.testing.assert_allclose(motif.information(q), expected, atol=1e-9)
    # Where there is no information, logomaker rounds to below 0 and refuses its own result.
    telling = n[np.array(expected) > 1e-6] if max(expected) > 1e-6 else [[1, 0, 0, 0]]
    heights = logomaker.transform_matrix(
        pd.DataFrame(telling, columns=list("ACGT")),
        from_type="counts",
        to_type="information",
        background=q,
        pseudocount=0,
    )
    bits = Motif("", telling).information(q)
    np.testing.assert_allclose(bits, heights.sum(axis=1), atol=1e-5)
    uniform = 2 - np.array([entropy(row, base=2) for row in p])
    np.testing.assert_allclose(motif.information(), uniform, atol=1e-9)
    assert (motif.information(q) >= -1e-12).all()


def by_composition(n, q):
    """Small-sample correction as its authors define it: over every composition of n bases."""
    compositions = [c for c in itertools.product(range(n + 1), repeat=4) if sum(c) == n]
    chances = multinomial.pmf(compositions, n, q)
    return entropy(q, base=2) - chances @ entropy(compositions, base=2, axis=1)


@pytest.mark.parametrize("q", [[0.25] * 4, [0.3, 0.2, 0.2, 0.3], [0.7, 0.1, 0.1, 0.1]])
@pytest.mark.parametrize("n", [1, 2, 3, 8, 15])
def test_the_small_sample_correction_is_that_over_all_compositions(n, q):
    assert small_sample_correction(n, q) == pytest.approx(by_composition(n, q), abs=1e-12)


def test_the_correction_by_hand_and_its_limit():
    assert small_sample_correction(1) == pytest.approx(2)  # one base looks like full information
    # Two draws: the same base with chance 1/4 (2 bits), two different ones else (1 bit).
    assert small_sample_correction(2) == pytest.approx(0.25 * 2 + 0.75 * 1)
    for n in (50, 1000, 10_000, 10_001, 10**9):
        usual = 3 / (2 * math.log(2) * n)
        following = 15 / (12 * math.log(2) * n**2)  # the next term of the series (Harris 1975)
        error = small_sample_correction(n) - usual
        assert 0 <= error < 1.1 * following
    falling = [small_sample_correction(n, [0.4, 0.3, 0.2, 0.1]) for n in (9_999, 10_000, 10_001)]
    assert falling == sorted(falling, reverse=True) and np.ptp(falling) < 1e-6


@pytest.mark.parametrize("q", [[0.25] * 4, [0.4, 0.1, 0.2, 0.3]])
def test_sites_without_a_motif_show_no_corrected_information_on_average(q):
    rng = np.random.default_rng(3)
    shown = np.array([
        [motif.information(q).sum(), motif.information(q, corrected=True).sum()]
        for motif in (
            Motif.from_sites(random_sequences(20, 26, np.array(q), rng)) for _ in range(400)
        )
    ])  # fmt: skip
    mean, sd = shown.mean(axis=0), shown.std(axis=0)
    assert 2.8 < mean[0] < 3.1 and 0.4 < sd[0] < 0.6
    assert abs(mean[1]) < 4 * sd[1] / 20
    assert (shown[:, 1] < 0).mean() > 0.4  # not cut off at 0


def test_corrected_information_of_the_first_sites_of_crp():
    crp = Motif.from_sites(crp_sites()[:20])
    raw, corrected = crp.information().sum(), crp.information(corrected=True).sum()
    assert 13.1 < raw < 13.2 and 10.1 < corrected < 10.3
    assert 10.3 < raw - 26 * 3 / (2 * math.log(2) * 20) < 10.4  # by the usual approximation


def test_each_position_is_corrected_for_its_own_sites():
    n = np.array([[4, 0, 0, 0], [10, 10, 0, 0], [2.3, 2.3, 2, 2], [0.2, 0, 0, 0]])
    q = [0.3, 0.2, 0.2, 0.3]
    lost = Motif("", n).information(q) - Motif("", n).information(q, corrected=True)
    expected = [small_sample_correction(sites, q) for sites in (4, 20, 9, 1)]
    np.testing.assert_allclose(lost, expected)


@given(counts, backgrounds, st.floats(0, 10))
def test_probabilities_sum_to_one_and_lean_to_the_background(n, q, pseudocount):
    p = Motif("", n).probabilities(pseudocount, q)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    total = n.sum(axis=1, keepdims=True)
    mixed = (total * Motif("", n).probabilities() + pseudocount * q) / (total + pseudocount)
    np.testing.assert_allclose(p, mixed)
    far = Motif("", n).probabilities(1e12, q)
    np.testing.assert_allclose(far, np.broadcast_to(q, n.shape), atol=1e-6)


@given(counts)
def test_consensus_and_iupac_are_those_of_biopython(n):
    motif = Motif("", n)
    assert motif.consensus() == str(biopython(motif).consensus)
    assert motif.iupac() == str(biopython(motif).degenerate_consensus)


def test_consensus_takes_the_first_of_equal_bases():
    assert Motif("", [[0, 2, 2, 0], [1, 0, 0, 1]]).consensus() == "CA"


@given(counts)
def test_the_reverse_complement_of_a_reverse_complement(n):
    motif = Motif("m", n, "X1")
    back = motif.reverse_complement().reverse_complement()
    assert (back.counts == motif.counts).all() and (back.name, back.id) == ("m", "X1")
    assert motif.reverse_complement().iupac() == reverse_complement(motif.iupac())


@given(counts, st.text("ACGT", min_size=12, max_size=30))
def test_scores_are_those_of_biopython(n, sequence):
    motif = Motif("", n)
    quarter = dict.fromkeys("ACGT", 0.25)
    pssm = biopython(motif).counts.normalize(quarter).log_odds(quarter)
    expected = np.atleast_1d(pssm.calculate(sequence)) * math.log(2)
    np.testing.assert_allclose(motif.score(sequence), expected, rtol=1e-4, atol=1e-4)


def test_score_of_lists_and_short_sequences():
    motif = Motif("", [[6, 2, 0, 0], [0, 0, 2, 6]])
    q = [0.3, 0.2, 0.2, 0.3]
    pwm = motif.log_odds(q)
    scores = motif.score(["AT", "A", ""], q)
    assert len(Motif("", np.ones((5, 4))).score("ACG")) == 0
    assert scores[0] == pytest.approx([pwm[0, 0] + pwm[1, 3]])
    assert [len(s) for s in scores] == [1, 0, 0]


@given(counts, backgrounds, st.data())
def test_an_ambiguous_window_scores_the_log_ratio_of_its_probabilities(n, q, data):
    motif = Motif("", n[:4])
    letters = data.draw(st.text(list(DNA.stands_for), min_size=motif.width, max_size=motif.width))
    p = motif.probabilities(1.0, q)
    # Every word that the window may be, added up: that is what "not fully read" means.
    words = list(itertools.product(*(DNA.stands_for[letter] for letter in letters)))
    columns = [["ACGT".index(base) for base in word] for word in words]
    as_site = math.fsum(math.prod(p[range(motif.width), c]) for c in columns)
    as_background = math.fsum(math.prod(q[c]) for c in columns)
    expected = math.log(as_site / as_background)
    assert motif.score(letters, q)[0] == pytest.approx(expected, abs=1e-9)
    assert motif.score(letters.lower().replace("t", "u"), q) == motif.score(letters, q)
    whole = log_likelihood_ratio([letters], Arrangement((motif,), both_strands=False), q)
    assert motif.score(letters, q) == pytest.approx(whole, abs=1e-9)


def test_unread_bases_are_no_evidence():
    gata2 = jaspar.load("GATA2")
    assert gata2.score("NNNNNNN") == pytest.approx([0.0], abs=1e-12)
    # Its last base is unknown: only the six others count.
    assert gata2.score("CTTATCN")[0] == pytest.approx(gata2.log_odds()[:6].max(axis=1).sum())
    assert 7.86 < gata2.score("CTTATCN")[0] < 7.88
    # A filter that reads N as four quarters adds the mean weight: another number, and lower.
    assert cross_correlate(one_hot("NNNNNNN"), gata2.log_odds())[0] < -13


def test_ratios_of_impossible_bases_and_of_bytes_that_are_no_letter():
    ratios = letter_ratios([[1, 0, 0, 0]], [0.4, 0.2, 0.2, 0.2])
    assert ratios[0, [ord(c) for c in "CS"]].tolist() == [-math.inf, -math.inf]
    assert ratios[0, ord("r")] == pytest.approx(math.log(1 / 0.6))
    assert ratios[0, ord("N")] == ratios[0, ord("!")] == 0
    codes = np.frombuffer(b"ACAC", np.uint8).reshape(2, 2)  # positions first: AA and CC
    np.testing.assert_array_equal(sum_windows(codes, ratios)[0], ratios[0, [65, 67]])


def test_the_score_is_the_log_likelihood_ratio_of_sites():
    motif = Motif.from_sites(SITES)
    q = np.array([0.4, 0.1, 0.1, 0.4])
    p = motif.probabilities(1, q)
    site = "AGATAG"
    likelihood = math.prod(p[k, "ACGT".index(base)] for k, base in enumerate(site))
    random = math.prod(q["ACGT".index(base)] for base in site)
    assert motif.score(site, q)[0] == pytest.approx(math.log(likelihood / random))


def test_samples_follow_the_probabilities():
    motif = Motif("", [[1, 2, 3, 4], [0, 5, 5, 0], [7, 0, 0, 0]])
    p, n = motif.probabilities(), 20_000
    sites = motif.sample(n, np.random.default_rng(1))
    seen = Motif.from_sites(sites).counts
    assert (np.abs(seen - n * p) <= 5 * np.sqrt(n * p * (1 - p))).all()
    assert (seen[p == 0] == 0).all()
    # The positions are independent: pairs are as frequent as the product says.
    pairs = sum(site[:2] == "TC" for site in sites)
    assert abs(pairs - n * 0.4 * 0.5) < 5 * math.sqrt(n * 0.2 * 0.8)


class Fixed:
    """A generator that always draws the same number."""

    def __init__(self, value):
        self.value = value

    def random(self, shape):
        return np.full(shape, self.value)


@given(counts)
def test_the_lowest_and_highest_draw_give_a_base_that_can_occur(n):
    motif = Motif("", n)
    for value, seen in ((0.0, 0), (np.nextafter(1, 0), -1)):
        site = motif.sample(1, Fixed(value))[0]
        possible = ["".join(np.array(list("ACGT"))[row > 0])[seen] for row in n]
        assert list(site) == possible


def test_samples_repeat_with_the_seed():
    motif = Motif.from_sites(SITES)
    first = motif.sample(5, np.random.default_rng(7))
    assert first == motif.sample(5, np.random.default_rng(7))
    assert first != motif.sample(5, np.random.default_rng(8))
    assert motif.sample(0, np.random.default_rng(7)) == []


def test_sites_are_counted():
    motif = Motif.from_sites(SITES, "GATA", "X1")
    assert (motif.name, motif.id, motif.width) == ("GATA", "X1", 6)
    assert motif.counts[0].tolist() == [2, 1, 0, 1]
    assert motif.counts[4].tolist() == [3.25, 0.25, 0.25, 0.25]
    assert Motif.from_sites(["acgu"]).consensus() == "ACGT"


def test_from_probabilities_keeps_the_probabilities():
    p = np.array([[0.7, 0.1, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25]])
    motif = Motif.from_probabilities(p, "m", "X1", nsites=50)
    np.testing.assert_allclose(motif.probabilities(), p)
    np.testing.assert_allclose(motif.counts.sum(axis=1), 50)
    rounded = Motif.from_probabilities([[0.333, 0.333, 0.333, 0]])
    assert rounded.probabilities().sum() == pytest.approx(1, abs=1e-15)
    assert check_probabilities([[0.333, 0.333, 0.333, 0]]).sum() == pytest.approx(1, abs=1e-15)
    assert (check_probabilities(motif) == motif.probabilities()).all()


def test_a_motif_does_not_change():
    mine = np.ones((2, 4))
    motif = Motif("", mine)
    mine[0, 0] = 9
    assert motif.counts[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        motif.counts[0, 0] = 9


def test_information_of_a_plain_matrix():
    np.testing.assert_allclose(information(np.eye(4)), 2)
    assert information(np.eye(4)[:1], [0.5, 0.2, 0.2, 0.1]) == pytest.approx([1])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Motif("", [[1, 2, 3]]), r"counts must have the shape \(K, 4\).*\(1, 3\)"),
        (lambda: Motif("", np.zeros((0, 4))), "at least 1"),
        (lambda: Motif("", "ACGT"), r"counts must hold numbers, in rows of equal length"),
        (lambda: Motif("", [[1, 0, 0, 0], [0, 0, 0, 0]]), "zeros in row 1"),
        (lambda: Motif("", [[-1, 0, 0, 2]]), "from 0 to 1e15"),
        (lambda: Motif("", [[math.nan, 0, 0, 2]]), "from 0 to 1e15"),
        (lambda: Motif("", [[math.inf, 0, 0, 2]]), "from 0 to 1e15"),
        (lambda: Motif.from_sites([]), "at least one sequence"),
        (lambda: Motif.from_sites([""]), "sites must not be empty"),
        (lambda: Motif.from_sites("ACGT"), "list of sequences"),
        (
            lambda: Motif.from_sites(["AC", "ACG"]),
            "sites must .* one length, got lengths from 2 to 3",
        ),
        (lambda: Motif.from_sites(["AC", "A!"]), r"^sites\[1\] .*'!' at position 1"),
        (lambda: Motif.from_probabilities([[0.5, 0.5, 0.5, 0]]), "sum to 1, got 1.5 in row 0"),
        (lambda: Motif.from_probabilities([[1, 0, 0, 0]], nsites=0), "nsites.*positive"),
        (lambda: Motif.from_probabilities([[1, 0, 0, 0]], nsites=math.nan), "nsites.*positive"),
        (lambda: Motif("", [[1, 0, 0, 0]]).probabilities(-1), "pseudocount.*at least 0, got -1"),
        (
            lambda: Motif("", [[1, 0, 0, 0]]).log_odds(base=1),
            "base must be a number above 1",
        ),
        (lambda: Motif("", [[1, 0, 0, 0]]).log_odds([1, 0, 0, 0]), "background"),
        (lambda: Motif("", [[1, 0, 0, 0]]).sample(-1, np.random.default_rng(0)), "n must be"),
        (lambda: Motif("", [[1, 0, 0, 0]]).score("AXE"), "sequence must hold only"),
        (lambda: small_sample_correction(0), "n must be a whole number of at least 1, got 0"),
        (lambda: small_sample_correction(2.5), "n must be a whole number of at least 1, got 2.5"),
        (lambda: small_sample_correction(5, [1, 0, 0, 0]), "background"),
        (lambda: letter_ratios([[1, 1, 0, 0]]), "sum to 1"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_half_of_the_sites_is_not_more_than_half():
    assert Motif("", [[4, 1.5, 1.5, 1]]).iupac() == "N"
    assert Motif("", [[4.1, 1.5, 1.5, 1]]).iupac() == "A"

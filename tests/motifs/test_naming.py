"""The log-likelihood ratio of windows against scipy and a slow loop, its laws, collections."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multinomial

from motiflab.motifs import jaspar
from motiflab.motifs.closest_motifs import MotifCollection
from motiflab.motifs.motif import Motif
from motiflab.motifs.naming import candidates, explain

STRANDLESS = np.array([0.35, 0.15, 0.15, 0.35])
SKEWED = np.array([0.4, 0.15, 0.25, 0.2])
backgrounds = st.sampled_from([None, STRANDLESS, SKEWED])
evenly = st.sampled_from([None, STRANDLESS])


def counts(least=1, most=12):
    """Counts of windows, some of which end before the last column."""
    return st.builds(
        lambda seed, columns: (
            np.random.default_rng(seed).integers(0, 9, (columns, 4)).astype(float)
        ),
        st.integers(0, 2**32 - 1),
        st.integers(least, most),
    ).filter(np.any)


def motifs(least=1, most=9):
    return st.builds(
        lambda seed, width: Motif("m", np.random.default_rng(seed).integers(0, 20, (width, 4)) + 1),
        st.integers(0, 2**32 - 1),
        st.integers(least, most),
    )


def in_one_width(C):
    """Add columns without counts, so that all motifs are aligned with one width."""
    return np.concatenate([C, np.zeros((60 - len(C), 4))])


def every_place(C, motif, q):
    """The definition, letter by letter: {(offset, strand): LLR}."""
    n, w = max(sum(row) for row in C), motif.width
    found = {}
    forward = (motif.counts + q) / (motif.counts.sum(axis=1, keepdims=True) + 1) / q
    for strand, odds in (("+", forward), ("-", forward[::-1, ::-1])):
        offsets = range(len(C) - w + 1) if w <= len(C) else range(len(C) - w, 1)
        for offset in offsets:
            total = 0.0
            for j in range(w):
                if 0 <= j + offset < len(C):
                    for a in range(4):
                        total += C[j + offset][a] * np.log(odds[j][a])
            found[offset, strand] = total / n
    return found


@given(counts(), motifs(), backgrounds)
def test_the_llr_is_the_best_of_every_place(C, motif, background):
    q = np.full(4, 0.25) if background is None else background
    places = every_place(C, motif, q)
    found = explain(C, motif, background)
    assert found.motif is motif
    assert found.llr == pytest.approx(max(places.values()), abs=1e-9)
    assert places[found.offset, found.strand] == pytest.approx(found.llr, abs=1e-9)


@given(counts(4, 9), motifs(1, 4), evenly)
def test_it_is_the_difference_of_two_multinomial_log_probabilities(C, motif, background):
    """The log-likelihood under the motif minus that under the background, both by scipy."""
    q = np.full(4, 0.25) if background is None else background
    found = explain(C, motif, background)
    theta = np.tile(q, (len(C), 1))
    ppm = motif.probabilities(1, q)
    turned = ppm if found.strand == "+" else ppm[::-1, ::-1]
    theta[found.offset : found.offset + motif.width] = turned
    logs = [
        multinomial.logpmf(row, row.sum(), p) - multinomial.logpmf(row, row.sum(), q)
        for row, p in zip(C, theta)
    ]
    assert found.llr == pytest.approx(sum(logs) / C.sum(axis=1).max(), abs=1e-6)


def test_it_is_the_mean_score_of_the_windows():
    gata = jaspar.load("GATA2")
    site = gata.consensus()
    windows = ["CC" + site + "G", "TA" + site[:-1] + "CA", "GC" + site + "A"]
    found = explain(Motif.from_sites(windows).counts, gata)
    assert (found.offset, found.strand) == (2, "+")
    assert found.llr == pytest.approx(np.mean([gata.score(window)[2] for window in windows]))


@given(counts(), motifs(), evenly)
def test_windows_read_on_the_other_strand_say_the_same(C, motif, q):
    one, other = explain(C, motif, q), explain(C[::-1, ::-1], motif, q)
    assert other.llr == pytest.approx(one.llr, abs=1e-9)
    turned = explain(C, motif.reverse_complement(), q)
    assert turned.llr == pytest.approx(one.llr, abs=1e-9)


def test_windows_read_on_the_other_strand_are_named_on_it():
    gata = jaspar.load("GATA2")
    C = np.concatenate([np.full((3, 4), 25), 100 * gata.probabilities()])
    for turned, offset, strand in ((C, 3, "+"), (C[::-1, ::-1], 0, "-")):
        found = explain(turned, gata)
        assert (found.offset, found.strand) == (offset, strand)


@given(counts(), motifs(), st.integers(1, 1000), evenly)
def test_ten_times_as_many_windows_say_the_same(C, motif, times, q):
    assert explain(C * times, motif, q).llr == pytest.approx(explain(C, motif, q).llr, abs=1e-9)


def test_background_beside_a_site_changes_no_name():
    known = jaspar.collection("vertebrates")
    rows = [0, 200, 400, 600, 800, 1000]
    flank = np.full((10, 4), 50.0)
    sites = [known.motifs[row].probabilities() * 200 for row in rows]
    plain = [in_one_width(C) for C in sites]
    flanked = [in_one_width(np.concatenate([flank, C, flank])) for C in sites]
    for row, (alone,), (with_flanks,) in zip(
        rows, candidates(plain, known, 1), candidates(flanked, known, 1), strict=True
    ):
        assert alone.motif.id == with_flanks.motif.id == known.ids[row]
        assert with_flanks.llr == pytest.approx(alone.llr, abs=1e-9)
        # The offset may differ by more than the flank only if the strand does, in a palindrome.
        assert with_flanks.strand != alone.strand or with_flanks.offset == alone.offset + 10


def test_flanks_decide_between_a_motif_and_a_part_of_it():
    """A filter of 6 on the middle of a motif of 12: without flanks the short one is as good."""
    whole = Motif("whole", 97 * np.eye(4)[[0, 1, 2, 3, 0, 2, 1, 3, 2, 0, 1, 3]] + 1)
    part = Motif("part", whole.counts[3:9])
    known = MotifCollection([part, whole])
    windows = whole.probabilities() * 100
    assert candidates([windows], known)[0][0].motif is whole
    background = np.full((3, 4), 25.0)
    only_part = np.concatenate([background, windows[3:9], background])
    assert candidates([only_part], known)[0][0].motif is part


def test_a_motif_that_is_wider_covers_all_columns():
    wide = Motif("wide", 97 * np.eye(4)[[0, 1, 2, 3, 0, 2, 1, 3]] + 1)
    found = explain(wide.counts[2:6], wide)
    assert (found.offset, found.strand) == (-2, "+")
    assert found.llr == pytest.approx((wide.counts[2:6] * wide.log_odds()[2:6]).sum() / 101)


def test_of_equal_places_the_plus_strand_then_the_lowest_offset():
    palindrome = Motif.from_sites(["CG"], "box")
    found = explain(np.eye(4)[[1, 2, 1, 2]], palindrome)
    assert (found.offset, found.strand) == (0, "+")


@pytest.mark.parametrize("seed", [2, 8, 9])
def test_places_that_differ_by_rounding_alone_are_equal(seed):
    """A palindrome on palindromic counts: every place has its mirror image."""
    rng = np.random.default_rng(seed)
    half, C = rng.integers(0, 50, (4, 4)), rng.integers(0, 30, (12, 4))
    palindrome = Motif("palindrome", np.concatenate([half, half[::-1, ::-1]]))
    found = explain(C + C[::-1, ::-1], palindrome)
    assert (found.strand, found.offset) == ("+", 1)


def test_of_equal_motifs_the_first_of_the_collection_comes_first():
    box = Motif.from_sites(["ACGTTG"]).counts
    known = MotifCollection([Motif("box", box, f"{i}") for i in range(60)])
    (found,) = candidates([box], known, 60)
    assert [candidate.motif.id for candidate in found] == list(known.ids)


def test_nothing_counted_says_nothing():
    found = explain(np.zeros((5, 4)), Motif.from_sites(["ACG"]))
    assert found.llr == 0


@settings(max_examples=20)
@given(st.lists(counts(), min_size=1, max_size=4), st.lists(motifs(), min_size=1, max_size=6))
def test_a_collection_is_compared_motif_by_motif(several, known):
    ranked = candidates(several, MotifCollection(known), top=len(known), background=SKEWED)
    for C, found in zip(several, ranked, strict=True):
        alone = [explain(C, motif, SKEWED) for motif in known]
        order = sorted(range(len(known)), key=lambda k: -alone[k].llr)
        assert [c.llr for c in found] == pytest.approx([alone[k].llr for k in order], abs=1e-9)
        for candidate in found:
            same = alone[[m is candidate.motif for m in known].index(True)]
            assert (candidate.offset, candidate.strand) == (same.offset, same.strand)


def test_every_vertebrate_is_the_name_of_its_own_sites():
    known = jaspar.collection("vertebrates")
    rows = range(0, 1019, 7)
    found = candidates([in_one_width(known.motifs[row].counts) for row in rows], known, 2)
    right = [first.motif.id == known.ids[row] for row, (first, _) in zip(rows, found)]
    assert np.mean(right) > 0.98  # a few have the same columns as a relative


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: explain([[1, 2, 3]], m), "counts must have the shape"),
        (lambda m: explain([[1, 2, 3, -1]], m), "counts must hold finite numbers"),
        (
            lambda m: candidates([[[1, 0, 0, 0]], [[np.nan] * 4]], MotifCollection([m])),
            r"counts\[1",
        ),
        (lambda m: candidates([[[1, 0, 0, 0]]], MotifCollection([m]), top=0), "top.*got 0"),
        (lambda m: explain([[1, 0, 0, 0]], m, [1, 0, 0, 0]), "background"),
    ],
)
def test_what_is_wrong_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(Motif.from_sites(["ACG"]))


def test_counts_as_large_as_a_number_can_be_say_the_same():
    motif = Motif.from_sites(["ACG", "ACT"])
    small = np.array([[9.0, 1, 0, 0], [0, 10, 0, 0], [0, 0, 6, 4]])
    assert explain(small * 1e307, motif).llr == pytest.approx(explain(small, motif).llr)
    (found,) = candidates([small * 1e307], MotifCollection([motif]))
    assert found[0].llr == pytest.approx(explain(small, motif).llr)

"""Similarity against a slow double loop, and its laws; whole collections against single motifs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import entropy

from motiflab.motifs.closest_motifs import Alignment, MotifCollection, best_matches, similarity
from motiflab.motifs.motif import Motif

SKEWED = np.array([0.4, 0.15, 0.25, 0.2])
STRANDLESS = np.array([0.35, 0.15, 0.15, 0.35])


def ppms(min_width=1, max_width=9):
    return st.builds(
        lambda seed, width, sharpness: np.random.default_rng(seed).dirichlet(
            [sharpness] * 4, width
        ),
        st.integers(0, 2**32 - 1),
        st.integers(min_width, max_width),
        st.sampled_from([0.1, 0.5, 5.0]),
    )


def complement(ppm):
    return ppm[::-1, ::-1]


def every_alignment(ppm, motif, q, least):
    """The definition, column by column: {(offset, strand): (similarity, share covered)}."""
    found = {}
    for strand, other in (("+", motif), ("-", complement(motif))):
        bits = [entropy(column, q, base=2) for column in other]
        for offset in range(-len(other) + 1, len(ppm)):
            pairs = [(j + offset, j) for j in range(len(other)) if 0 <= j + offset < len(ppm)]
            covered = sum(bits[j] for _, j in pairs) / sum(bits)
            if covered >= least:
                x = [ppm[i][a] - q[a] for i, _ in pairs for a in range(4)]
                y = [other[j][a] - q[a] for _, j in pairs for a in range(4)]
                found[offset, strand] = np.corrcoef(x, y)[0, 1], covered
    return found


@given(ppms(), ppms(), st.sampled_from([None, SKEWED]), st.sampled_from([0.05, 0.6, 0.93]))
def test_similarity_is_the_best_of_every_alignment(ppm, motif, background, least):
    q = np.full(4, 0.25) if background is None else background
    expected = every_alignment(ppm, motif, q, least)
    found = similarity(ppm, motif, background, least)
    if not expected:
        assert found is None
        return
    best = max(value for value, _ in expected.values())
    assert found.similarity == pytest.approx(best, abs=1e-9)
    here = expected[found.offset, found.strand]
    assert here == pytest.approx((found.similarity, found.covered), abs=1e-6)


@given(ppms(), ppms(), st.sampled_from([None, STRANDLESS]), st.sampled_from([0.0, 0.6]))
def test_similarity_does_not_depend_on_the_strand(ppm, motif, q, least):
    found = similarity(ppm, motif, q, least)
    for other in (
        similarity(complement(ppm), motif, q, least),
        similarity(ppm, complement(motif), q, least),
    ):
        assert (found is None) == (other is None)
        if found:
            assert other.similarity == pytest.approx(found.similarity, abs=1e-9)
            assert -1 <= found.similarity <= 1


@given(ppms(), ppms(), st.sampled_from([None, STRANDLESS]))
def test_similarity_is_symmetric_where_every_alignment_counts(one, other, q):
    there, back = similarity(one, other, q, 0), similarity(other, one, q, 0)
    assert there.similarity == pytest.approx(back.similarity, abs=1e-9)


@given(ppms(), st.sampled_from([None, SKEWED]), st.floats(0, 1))
def test_a_motif_is_similar_to_itself(ppm, q, least):
    assert similarity(ppm, ppm, q, least).similarity == pytest.approx(1, abs=1e-9)


@given(ppms(2, 9), st.floats(0.01, 1))
def test_the_scale_of_the_difference_does_not_matter(ppm, strength):
    weak = 0.25 + strength * (ppm - 0.25)
    assert similarity(weak, ppm).similarity == pytest.approx(1, abs=1e-6)
    assert similarity(ppm, weak, min_information=1).similarity == pytest.approx(1, abs=1e-6)


@given(ppms(3, 6), st.integers(0, 5), st.integers(0, 5))
def test_the_offset_says_where_the_motif_lies(motif, left, right):
    assume(entropy(motif.ravel()) < math.log(motif.size) - 0.1)
    flat = np.full((1, 4), 0.25)
    filter_ = np.concatenate([np.repeat(flat, left, 0), motif, np.repeat(flat, right, 0)])
    found = similarity(filter_, motif, min_information=1)
    assert found.similarity == pytest.approx(1, abs=1e-9)
    assert found.covered == pytest.approx(1)
    column = motif if found.strand == "+" else complement(motif)
    np.testing.assert_allclose(filter_[found.offset : found.offset + len(motif)], column, atol=1e-3)
    # A filter that holds the middle of the motif only: the motif begins before it.
    inside = similarity(motif[1:], motif, min_information=0)
    assert inside.similarity == pytest.approx(1, abs=1e-9)


def test_an_alignment_by_hand():
    # Filter GA against motif AC: on its complement GT, G lies on G; A - q and T - q have the
    # cosine -1/3, G with G 1: together (3/4 - 1/4) / (2 * 3/4) = 1/3. G alone is half of the
    # motif's information: too little for 60 %.
    filter_ = Motif.from_sites(["GA"])
    motif = Motif.from_sites(["AC"])
    assert similarity(filter_, motif).similarity == pytest.approx(1 / 3)
    assert similarity(filter_, motif).strand == "-"
    alone = similarity(filter_, motif, min_information=0.5)
    assert alone == Alignment(pytest.approx(1.0), 1, "+", pytest.approx(0.5))


def test_of_equal_alignments_the_one_that_covers_most_then_plus_then_the_first():
    three, six = Motif.from_sites(["AAA"]), Motif.from_sites(["AAAAAA"])
    assert similarity(three, six, min_information=0.1) == Alignment(
        1.0, -3, "+", pytest.approx(0.5)
    )
    assert similarity(six, three, min_information=0.1) == Alignment(1.0, 0, "+", 1.0)
    # The reverse complement lies at 0, the motif itself at 2.
    found = similarity(Motif.from_sites(["TTAA"]), Motif.from_sites(["AA"]))
    assert (found.offset, found.strand) == (2, "+")
    palindrome = Motif.from_sites(["CACGTG"])
    assert similarity(palindrome, palindrome) == Alignment(pytest.approx(1.0), 0, "+", 1.0)


def test_nothing_in_common_with_what_is_no_motif():
    flat = np.full((5, 4), 0.25)
    known = Motif.from_sites(["ACGTC"])
    assert similarity(flat, known).similarity == 0
    assert similarity(known, flat).similarity == 0
    rounded = flat + 1e-14 * np.array([1, -1, 1, -1])
    assert similarity(rounded, known).similarity == similarity(known, rounded).similarity == 0


def test_a_filter_too_narrow_has_no_similarity():
    ctcf = Motif.from_sites(["CCACCAGGGGGCGC"])
    assert similarity(Motif.from_sites(["GGG"]), ctcf) is None
    assert similarity(Motif.from_sites(["GGG"]), ctcf, min_information=0.2).similarity == 1
    short = MotifCollection([ctcf, Motif("short", [[1, 0, 0, 0]])])
    assert [m.name for m in best_matches([np.eye(4)[[0]]], short, top=5)[0]] == ["short"]
    assert best_matches([np.eye(4)[[0]]], MotifCollection([ctcf])) == [[]]


@given(
    st.lists(ppms(1, 12), min_size=1, max_size=5),
    st.lists(ppms(1, 12), min_size=1, max_size=8),
    st.sampled_from([None, SKEWED]),
    st.sampled_from([0.0, 0.6, 1.0]),
)
def test_a_collection_is_compared_motif_by_motif(filters, known, q, least):
    collection = MotifCollection(
        [Motif.from_probabilities(p, f"m{i}", f"X{i}") for i, p in enumerate(known)]
    )
    found = best_matches(filters, collection, top=len(known), background=q, min_information=least)
    for filter_, matches in zip(filters, found, strict=True):
        single = {m.id: similarity(filter_, m, q, least) for m in collection.motifs}
        single = {id_: at for id_, at in single.items() if at}
        assert {match.id for match in matches} == set(single)
        for match in matches:
            at = single[match.id]
            assert (match.similarity, match.offset, match.strand) == (
                pytest.approx(at.similarity, abs=1e-12),
                at.offset,
                at.strand,
            )
        values = [match.similarity for match in matches]
        np.testing.assert_allclose(values, sorted(values, reverse=True), atol=1e-9)


def test_top_takes_motifs_as_filters_and_keeps_their_order():
    known = MotifCollection([Motif.from_sites([s], s) for s in ("AGATAA", "CACGTG", "TGACTCA")])
    found = best_matches(known.motifs, known, top=2)
    assert [matches[0].name for matches in found] == list(known.names)
    assert [len(matches) for matches in found] == [2, 2, 2]
    assert len(known) == 3 and known.ids == ("", "", "")


def test_wide_filters_against_many_motifs():
    rng = np.random.default_rng(0)
    known = [Motif.from_probabilities(rng.dirichlet([0.3] * 4, 8), str(i)) for i in range(300)]
    filters = [np.full((200, 4), 0.25) for _ in range(3)]
    for place, ppm in enumerate(filters):
        ppm[50 * place : 50 * place + 8] = known[100 * place].probabilities()
    found = best_matches(filters, MotifCollection(known))
    assert [(m[0].name, m[0].offset) for m in found] == [("0", 0), ("100", 50), ("200", 100)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: similarity(p[:, :3], p), r"ppm must have the shape \(K, 4\).*\(5, 3\)"),
        (lambda p: similarity(p, 2 * p), "motif must have rows that sum to 1"),
        (lambda p: similarity(p, p, [0.5, 0.5, 0, 0]), "background"),
        (lambda p: similarity(p, p, min_information=1.5), "min_information.*got 1.5"),
        (lambda p: similarity(p, p, min_information=math.nan), "min_information.*got nan"),
        (lambda p: best_matches([p, -p], MotifCollection([Motif("", p)])), r"ppms\[1\]"),
        (lambda p: best_matches([p], MotifCollection([Motif("", p)]), top=0), "top.*got 0"),
        (lambda p: MotifCollection([]), "at least one motif"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(0).dirichlet([1] * 4, 5))

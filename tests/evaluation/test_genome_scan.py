"""Scanning a genome: hits against Biopython, p-values against all words, BED read back."""

from __future__ import annotations

import itertools
import tracemalloc

import numpy as np
import pytest
from Bio.motifs.matrix import PositionSpecificScoringMatrix
from Bio.Seq import Seq
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.evaluation import (
    Hit,
    MatrixReader,
    bed_lines,
    false_discovery_rate,
    genome_scan,
    scan_genome,
    window_scores,
)
from motiflab.sequences import FastaRecord, reverse_complement

DNA_TEXT = st.text("ACGTacgtN", min_size=1, max_size=120)
MATRICES = st.tuples(st.integers(1, 19), st.integers(0, 50)).map(
    lambda pair: np.random.default_rng(pair[1]).normal(0, 1, (pair[0], 4))
)


def biopython(weights: np.ndarray, sequence: str) -> np.ndarray:
    """Scores of every window on both strands, (2, M); nan where a letter is ambiguous."""
    sequence = sequence.upper()
    columns = {base: weights[:, a].tolist() for a, base in enumerate("ACGT")}
    matrix = PositionSpecificScoringMatrix("ACGT", columns)
    found = [m.calculate(Seq(sequence)) for m in (matrix, matrix.reverse_complement())]
    return np.atleast_2d(np.array(found).reshape(2, -1))


@settings(max_examples=60, deadline=None)
@given(weights=MATRICES, sequence=DNA_TEXT, piece=st.integers(1, 150), level=st.floats(-4, 4))
def test_hits_are_those_of_biopython_whatever_the_pieces(weights, sequence, piece, level):
    reader = MatrixReader(weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(genome_scan, "_PIECE", piece)
        found = list(scan_genome([FastaRecord("a b", sequence)], reader, level))
    if len(sequence) < len(weights):
        assert found == []
        return
    expected = biopython(weights, sequence)
    unclear = np.abs(expected - level) < 1e-4  # rounding may decide these
    wanted = {(int(i), "+-"[s]) for s, i in zip(*np.nonzero((expected >= level) & ~unclear))}
    got = {(hit.start, hit.strand): hit for hit in found}
    assert wanted <= got.keys()
    for (start, strand), hit in got.items():
        score = expected["+-".index(strand), start]
        assert hit.score == pytest.approx(score, abs=1e-4) and score >= level - 1e-4
        assert (hit.contig, hit.end) == ("a", start + len(weights))
    assert [(hit.start, hit.strand) for hit in found] == sorted(
        got, key=lambda place: (place[0], "+-".index(place[1]))
    )


def test_biopythons_own_search_finds_the_same():
    weights = np.random.default_rng(1).normal(0, 1, (17, 4))
    text = "".join(np.random.default_rng(2).choice(list("ACGT"), 100_000))
    columns = {base: weights[:, a].tolist() for a, base in enumerate("ACGT")}
    search = PositionSpecificScoringMatrix("ACGT", columns).search(Seq(text), threshold=5.0)
    theirs = {(int(i) % len(text), "+-"[int(i < 0)]): float(score) for i, score in search}
    ours = {
        (hit.start, hit.strand): hit.score
        for hit in scan_genome([FastaRecord("x", text)], MatrixReader(weights), 5.0)
    }
    assert len(ours) > 100 and ours.keys() == theirs.keys()
    assert all(score == pytest.approx(theirs[place], abs=1e-4) for place, score in ours.items())


@pytest.mark.parametrize("width", [1, 5])
def test_p_values_are_those_of_all_words(width):
    weights, q = np.random.default_rng(width).normal(0, 1, (width, 4)), [0.3, 0.2, 0.1, 0.4]
    words = list(itertools.product(range(4), repeat=width))
    scores = np.array([sum(weights[k, a] for k, a in enumerate(word)) for word in words])
    chances = np.array([np.prod([q[a] for a in word]) for word in words])
    reader, slack = MatrixReader(weights, q), width * genome_scan.STEP
    for t in [*scores[:40], -100.0, 100.0]:
        p = float(reader.p_values(t))
        assert chances[scores >= t - 1e-9].sum() <= p + 1e-12
        assert p <= chances[scores >= t - slack - 1e-4].sum() + 1e-12
    for p in (0.001, 0.02, 0.3, 1.0):
        t = reader.threshold(p)
        assert reader.p_values(t) <= p < 1 + 1e-12
        assert t <= scores.min() + slack or reader.p_values(t - slack - 1e-3) > p


@pytest.mark.parametrize("palindrome", [False, True])
def test_both_strands_double_the_hits_and_not_the_places(palindrome):
    # Over all words, which are equally frequent: expectations by counting.
    weights = np.random.default_rng(3).normal(0, 1, (4, 4))
    weights = weights + weights[::-1, ::-1] if palindrome else weights
    words = ["".join(word) for word in itertools.product("ACGT", repeat=4)]
    reader, t = MatrixReader(weights), 1.5
    records = [FastaRecord(word, word) for word in words]
    p = float(reader.p_values(t))
    hits = list(scan_genome(records, reader, t))
    places = list(scan_genome(records, reader, t, better=True))
    assert len(hits) == pytest.approx(2 * 256 * p)
    assert {hit.contig for hit in hits} == {hit.contig for hit in places}
    assert len(places) == len({hit.contig for hit in places})
    if palindrome:
        assert len(places) == pytest.approx(256 * p) and {hit.strand for hit in places} == {"."}
    else:
        assert 256 * p < len(places) < 2 * 256 * p and {hit.strand for hit in places} >= {*"+-"}
        best = {hit.contig: hit for hit in places}
        for word in words:
            there, back = window_scores(word, reader)[:, 0]
            if max(there, back) >= t + 1e-4 and abs(there - back) > 1e-3:
                assert best[word].strand == ("+" if there > back else "-")
                assert best[word].score == max(there, back)


def test_the_false_discovery_rate_by_hand():
    assert false_discovery_rate([2, 60, 0], [8, 50, 5]).tolist() == [0.25, 1.0, 0.0]
    assert np.isnan(false_discovery_rate(1, 0))


def test_bed_can_be_read_back(tmp_path):
    text = "".join(np.random.default_rng(5).choice(list("ACGT"), 3000))
    source = tmp_path / "genome.fa"
    source.write_text(f">chr1 the first\n{text[:1500].lower()}\n>chr2\n{text[1500:]}\n")
    parts = {"chr1": text[:1500], "chr2": text[1500:]}
    reader = MatrixReader(np.random.default_rng(6).normal(0, 1, (9, 4)))
    hits = list(scan_genome(source, reader, 5.0))
    rows = [line.rstrip("\n").split("\t") for line in bed_lines(hits, "box")]
    assert len(rows) > 20 and {row[0] for row in rows} == {"chr1", "chr2"}
    for hit, (contig, start, end, name, score, strand) in zip(hits, rows, strict=True):
        word = parts[contig][int(start) : int(end)]
        word = word if strand == "+" else reverse_complement(word)
        assert sum(reader.weights[k, "ACGT".index(a)] for k, a in enumerate(word)) >= 5 - 1e-4
        assert name == "box" and int(score) == min(1000, round(-100 * np.log10(hit.p_value)))
    (line,) = bed_lines([Hit("c", 0, 5, ".", 9.0, 1e-14)])
    assert line == "c\t0\t5\tsite\t1000\t.\n"


def test_a_long_sequence_is_scored_in_pieces_and_the_progress_is_told():
    text = "ACGTTGCAAC" * 100_000
    told, reader = [], MatrixReader(np.eye(4)[[0, 1, 2, 3, 3]])
    reader.p_values(0.0)
    tracemalloc.start()
    count = sum(
        1
        for _ in scan_genome(
            [FastaRecord("x", text)], reader, 5.0, report=lambda *n: told.append(n)
        )
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000 and peak < 6 * len(text)  # scores of all windows would take 8
    assert told[-1] == (len(text) - 4,) * 2 and [done for done, _ in told] == sorted(
        {done for done, _ in told}
    )


def test_a_report_can_end_the_scan():
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(scan_genome([FastaRecord("x", "ACGT")], MatrixReader(np.eye(4)[:2]), 9, report=stop))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: window_scores("ACX", MatrixReader(np.eye(4)[:2])), "'X' at position 2"),
        (lambda: window_scores("AC\u00e4", MatrixReader(np.eye(4)[:2])), "at position 2"),
        (lambda: window_scores("A", MatrixReader(np.eye(4)[:2])), "at least 2 bases"),
        (lambda: list(scan_genome([], MatrixReader(np.eye(4)), np.nan)), "threshold must be"),
        (lambda: MatrixReader(np.eye(4)).threshold(0), "p must be"),
        (lambda: false_discovery_rate(-1, 2), "expected must not be negative"),
        (lambda: false_discovery_rate(1, -2), "seen must not be negative"),
        (lambda: list(bed_lines([], "a b")), "name must hold no white space"),
    ],
)
def test_bad_input_is_answered_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()

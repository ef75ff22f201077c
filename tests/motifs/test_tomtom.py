"""Tomtom against memelite's p-values, an enumeration of the null, and the laws they obey."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motiflab.motifs import jaspar, tomtom
from motiflab.motifs.closest_motifs import MotifCollection
from motiflab.motifs.motif import Motif

ORACLE = Path(__file__).parent / "tomtom_memelite.npz"


def ppm(rng, width):
    return rng.dirichlet([0.4] * 4, width)


def collection(rng, widths):
    return MotifCollection([Motif.from_probabilities(ppm(rng, width)) for width in widths])


def enumerated(query, known):
    """The definition with every draw of random target columns written out."""
    columns = [column for target in known.both_strands for column in target]
    score = np.array([[-np.linalg.norm(a - b) for b in columns] for a in query])
    score -= np.median(score, axis=1, keepdims=True)
    steps = np.rint(score * tomtom.STEPS / np.ptp(score)).astype(int)
    p_values, place = [], 0
    for target in known.both_strands:
        runs = {
            offset: range(max(0, offset), min(len(query), offset + len(target)))
            for offset in range(1 - len(target), len(query))
        }
        best = max(sum(steps[i, place + i - o] for i in run) for o, run in runs.items())
        none_as_good = 1.0
        for run in runs.values():
            draws = itertools.product(*(steps[i] for i in run))
            none_as_good *= np.mean([sum(draw) < best for draw in draws])
        p_values.append(1 - none_as_good)
        place += len(target)
    best = np.minimum(*np.reshape(p_values, (2, -1)))
    return 1 - (1 - best) ** 2


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 3),
    st.lists(st.integers(1, 4), min_size=2, max_size=4),
)
def test_p_values_are_those_of_every_possible_draw(seed, width, widths):
    rng = np.random.default_rng(seed)
    query, known = ppm(rng, width), collection(rng, widths)
    found = tomtom.tomtom([query], known)
    np.testing.assert_allclose(found.p_values[0], enumerated(query, known), atol=1e-12)


def test_p_values_are_those_of_memelite(monkeypatch):
    with np.load(ORACLE) as oracle:
        queries, expected = list(oracle["queries"]), oracle["p_values"]

    def error(steps):
        monkeypatch.setattr(tomtom, "STEPS", steps)
        p_values = tomtom.tomtom(queries, jaspar.collection("vertebrates")).p_values
        assert (p_values.argmin(axis=1) == expected.argmin(axis=1)).all()
        return np.abs(np.log10(p_values / expected))

    # memelite rounds the scores of a query to some 1,000 steps: the difference that remains is
    # that of the rounding, so it shrinks with ours.
    usual, fine = error(tomtom.STEPS), error(1000)
    assert np.median(fine) < 0.001 and fine.max() < 0.03
    assert np.median(usual) < 0.005 and usual.max() < 0.15


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_p_values_do_not_depend_on_the_strand_of_the_query(seed, width):
    rng = np.random.default_rng(seed)
    query, known = ppm(rng, width), collection(rng, rng.integers(4, 10, 20))
    found = tomtom.tomtom([query, query[::-1, ::-1]], known)
    np.testing.assert_allclose(found.p_values[0], found.p_values[1], rtol=1e-9)
    assert (found.p_values >= 0).all() and (found.p_values <= 1).all()
    np.testing.assert_allclose(found.e_values, 20 * found.p_values)


def test_a_known_motif_finds_itself_and_noise_finds_little():
    rng = np.random.default_rng(3)
    known = jaspar.collection("fungi")
    queries = list(known.motifs[::40])
    found = tomtom.tomtom(queries, known)
    assert [known.motifs[i] for i in found.p_values.argmin(axis=1)] == queries
    assert found.e_values.min(axis=1).max() < 0.01
    # Columns of the targets in random order are what the null says: p-values are near uniform.
    columns = np.concatenate([m.probabilities() for m in known.motifs])
    noise = [columns[rng.integers(len(columns), size=8)] for _ in range(20)]
    p_values = tomtom.tomtom(noise, known).p_values
    assert 0.02 < (p_values < 0.05).mean() < 0.08
    assert 0.4 < (p_values < 0.5).mean() < 0.6


def test_queries_that_say_nothing():
    known = jaspar.collection("diatoms")
    flat = np.full((3, 4), 0.25)
    same = MotifCollection([Motif.from_probabilities(flat)] * 2)
    assert tomtom.tomtom([flat], same).p_values.tolist() == [[1, 1]]
    assert tomtom.tomtom([], known).p_values.shape == (0, 1)
    assert np.isfinite(tomtom.tomtom([flat], known).p_values).all()


def test_flat_queries_match_the_spacers_of_wide_motifs_as_the_docstring_says():
    known = jaspar.collection("vertebrates")
    flat = np.full((15, 4), 0.25)
    gata1 = jaspar.load("GATA1").probabilities()
    padded = np.concatenate([np.full((20, 4), 0.25), gata1, np.full((20, 4), 0.25)])
    e_values = dict(zip(known.ids, tomtom.tomtom([flat, gata1, padded], known).e_values.T))
    assert min(e_values, key=lambda id: e_values[id][0]) == "MA1930.2"
    assert 2e-12 < e_values["MA1930.2"][0] < 4e-12 and 300 < e_values["MA0139.2"][0] < 500
    assert e_values["MA1930.2"][1] > 1 and 0.5e-5 < e_values["MA1930.2"][2] < 2e-5
    columns = np.concatenate([m.probabilities() for m in known.motifs])
    bits = np.concatenate([m.information() for m in known.motifs])
    assert 0.005 < (bits < 0.1).mean() < 0.015
    # The same columns without their neighbours: the null holds, and nothing is surprising.
    mixed = np.split(
        np.random.default_rng(0).permutation(columns), np.cumsum([m.width for m in known.motifs])
    )
    shuffled = MotifCollection([Motif.from_probabilities(ppm) for ppm in mixed[:-1]])
    assert tomtom.tomtom([flat], shuffled).e_values.min() > 1


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"ppms\[1\] must have rows that sum to 1"):
        tomtom.tomtom([np.eye(4), np.ones((3, 4))], jaspar.collection("diatoms"))

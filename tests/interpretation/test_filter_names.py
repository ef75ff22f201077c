"""Which filters get a name: thresholds, margins, families, against the ranking itself."""

from __future__ import annotations

import numpy as np
import pytest

from motiflab.interpretation.filter_names import explained_by, name_filters
from motiflab.interpretation.filters_as_motifs import FilterMotif
from motiflab.motifs import Motif, MotifCollection, candidates, explain, jaspar

KNOWN = jaspar.collection("vertebrates")


def filter_of(counts, strength=0.9):
    return FilterMotif(0, Motif("filter", [[1, 1, 1, 1]]), 100, strength, False, counts)


def diluted(motif, share):
    """Windows of which a share is from the motif, the rest from the background."""
    return share * motif.probabilities() + (1 - share) / 4


@pytest.mark.parametrize("id_", ["MA0139.2", "MA0036.4", "MA0106.3"])
def test_a_name_is_the_best_candidate_with_its_runner_up(id_):
    motif = jaspar.load(id_)
    (name,) = name_filters([filter_of(motif.counts)], KNOWN)
    first, second = candidates([motif.counts], KNOWN, 2)[0]
    assert name.best == first and name.best.motif.id == motif.id
    assert name.runner_up == second and name.margin == first.llr - second.llr > 0


@pytest.mark.parametrize("known", ["HOXA2", "GATA2"])
def test_as_good_are_all_within_the_margin_and_only_those(known):
    motif = jaspar.load(known)
    (name,) = name_filters([filter_of(motif.counts)], KNOWN)
    ranked = candidates([motif.counts], KNOWN, len(KNOWN))[0]
    near = [c.motif.id for c in ranked if c.llr >= ranked[0].llr - 0.2]
    assert [c.motif.id for c in name.as_good] == near and len(near) > 1


def test_a_family_is_named_if_all_that_are_as_good_share_it():
    counts = np.array([[0, 0, 50, 0], [50, 0, 0, 0], [0, 0, 0, 50], [50, 0, 0, 0]])
    gata = [Motif(f"m{i}", counts, id_) for i, id_ in enumerate(("MA0035.5", "MA0036.4"))]
    ctcf, mine = Motif("c", counts, "MA0139.2"), Motif("mine", counts, "mine")
    for motifs, families in (
        (gata, ("C4-GATA-related",)),
        (gata[:1], ("C4-GATA-related",)),
        ([*gata, ctcf], ()),
        ([*gata, mine], ()),
    ):
        (name,) = name_filters([filter_of(counts)], MotifCollection(motifs))
        assert len(name.as_good) == len(motifs) and name.families == families


def test_only_motifs_of_one_collection_are_ranked_and_one_has_no_runner_up():
    motif = jaspar.load("CTCF")
    (name,) = name_filters([filter_of(motif.counts)], MotifCollection([motif]))
    assert name.runner_up is None and name.margin == np.inf and name.as_good == (name.best,)


@pytest.mark.parametrize("windows", [10, 500])
def test_below_five_nats_a_window_there_is_no_name_however_many_windows(windows):
    motif = jaspar.load("CTCF")
    shares = np.linspace(0.2, 1, 81)
    filters = [filter_of(windows * diluted(motif, share)) for share in shares]
    llrs = [found[0].llr for found in candidates([f.flanked for f in filters], KNOWN, 1)]
    names = name_filters(filters, KNOWN)
    assert [name is not None for name in names] == [llr >= 5 for llr in llrs]
    assert names[0] is None and names[-1] is not None


def test_a_filter_that_tells_no_classes_apart_gets_no_name_unless_that_is_not_its_task():
    counts = jaspar.load("CTCF").counts
    filters = [filter_of(counts, strength) for strength in (0.5, 0.59, 0.6, 0.9)]
    assert [bool(name) for name in name_filters(filters, KNOWN)] == [False, False, True, True]
    assert all(name_filters(filters, KNOWN, least_auroc=0))
    ctcf = jaspar.load("CTCF")
    assert [explained_by(f, ctcf) for f in filters] == [False, False, True, True]
    assert explained_by(filters[0], ctcf, least_auroc=0)


def test_a_motif_explains_a_filter_if_it_could_be_its_name():
    motif = jaspar.load("CTCF")
    for share in (0.3, 0.5, 0.7, 0.9):
        found = filter_of(diluted(motif, share))
        assert explained_by(found, motif) == (explain(found.flanked, motif).llr >= 5)


@pytest.mark.parametrize("windows", [10, 40, 500])
def test_random_windows_get_no_name(windows):
    rng = np.random.default_rng(windows)
    filters = [filter_of(rng.multinomial(windows, [0.25] * 4, 35)) for _ in range(60)]
    assert not any(name_filters(filters, KNOWN))


def test_the_background_counts():
    at_rich = np.array([0.35, 0.15, 0.15, 0.35])
    counts = np.tile(100 * at_rich, (35, 1))
    assert name_filters([filter_of(counts)], KNOWN, at_rich) == [None]
    best = [candidates([counts], KNOWN, 1, q)[0][0].llr for q in (None, at_rich)]
    assert best[0] > best[1]

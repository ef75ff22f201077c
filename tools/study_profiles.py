"""What does a profile tell that a label cannot? Writes tools/study_profiles.json.

    python tools/study_profiles.py profiles 3001 3002    # or labels, scattered, shuffled; and seeds

Simulated reads of two proteins (`motiflab.datasets.footprint_making`). One network is trained on
the reads at each position of 2,000 sequences and one on a label, whether there are at least 200
reads. Two controls: the reads of each sequence scattered, and whole profiles given to other
sequences. All are tested on the same 1,000 sequences, made with seed 3000. The world and the
training were chosen with the seeds 0 to 9; these seeds were looked at once, at the end. No training
is repeated or left out. What is in the file is not computed again.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import scipy.stats

from motiflab import datasets, networks
from motiflab.datasets import Dataset, Footprints, proteins
from motiflab.evaluation import footprint_scores, jensen_shannon, locate, roc
from motiflab.explorers.profile_explorer import SEQUENCES, profile_settings, training_settings
from motiflab.interpretation import contribution_maps, window_sums

FILE = Path(__file__).with_name("study_profiles.json")
TEST, SEEDS, PEAK = 3000, range(3001, 3006), 200
ALONE = {"A": ["A", "both"], "B": ["B"]}
CLOSE, SITE = 2, 9  # bases: a place is right if it is this close; width of the window of a map


def trained(model: networks.ModelSettings, data: Dataset, seed: int):
    """Train one network."""
    network = networks.untrained(model, data.x.shape[2], seed)
    for _ in networks.train(network, data, training_settings(seed)):
        pass
    return network


def labelled(data: Dataset) -> Dataset:
    """Return the same sequences with a label: at least 200 reads or not."""
    return replace(data, labels=(data.labels.sum(axis=1) >= PEAK).astype(int))


def hits(places: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Share of places that are right, and the median error in bases."""
    error = np.abs(places - truth)
    return {"right": float((error <= CLOSE).mean()), "error": float(np.median(error))}


def bound_sites(test: Footprints) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Sequences in which a planted site of A or B is bound in half of the cells, and its place.

    Those of B hold no planted site of A, whose sharp peaks would hide the broad ones of B.
    """
    found = {}
    for name, middle in test.middles.items():
        rows = np.flatnonzero(middle >= 0)
        shares = test.bound[name][rows, :, middle[rows]]
        kept = (shares.max(axis=1) >= 0.5) & np.isin(test.kinds[rows], ALONE[name])
        found[name] = rows[kept], middle[rows[kept]], shares[kept].argmax(axis=1)
    return found


def told_apart(scores: np.ndarray, test: Footprints) -> float:
    """AUROC for whether A is bound, among the sequences that hold both motifs and are peaks.

    Sequences in which A is bound in 20 to 50 % of the cells are left out.
    """
    rows = np.flatnonzero((test.kinds == "both") & (labelled(test.data).labels == 1))
    share = test.bound["A"][rows, :, test.middles["A"][rows]].max(axis=1)
    clear = (share >= 0.5) | (share < 0.2)
    return roc((share >= 0.5)[clear].astype(int), scores[rows][clear]).area


def judged_reads(reads: np.ndarray, test: Footprints) -> dict[str, float]:
    """Places of both proteins in observed or predicted reads, and whether A is bound.

    The second is asked of the shape alone, by the score per read of a footprint at the motif of A,
    and of the total alone.
    """
    found = {}
    for name, (rows, middle, strand) in bound_sites(test).items():
        place, side = locate(reads[rows], proteins()[name].footprint)
        found |= {f"{name} {what}": value for what, value in hits(place, middle).items()}
        found[f"{name} strand"] = float(((side == strand) & (abs(place - middle) <= CLOSE)).mean())
    totals = reads.sum(axis=1)
    score = footprint_scores(reads / totals[:, None], proteins()["A"].footprint)
    at_motif = score[np.arange(len(reads)), :, test.middles["A"]].max(axis=1)
    found["A bound, by shape"] = told_apart(at_motif, test)
    found["A bound, by total"] = told_apart(totals, test)
    return found


def judged_maps(maps: np.ndarray, test: Footprints) -> dict[str, float]:
    """Where the highest window of a map lies, compared with the bound sites."""
    middles = window_sums(maps, SITE).argmax(axis=1) + SITE // 2
    found = {}
    for name, (rows, middle, _) in bound_sites(test).items():
        found |= {f"map {name} {what}": v for what, v in hits(middles[rows], middle).items()}
    return found


def judged_profiles(network, test: Footprints) -> dict[str, float]:
    """How good a profile network is on the test."""
    observed, predicted = test.data.labels, networks.predictions(network, test.data) + 1e-9
    totals = observed.sum(axis=1), predicted.sum(axis=1)
    found = {
        "js": float(jensen_shannon(observed, predicted).mean()),
        "js to the truth": float(jensen_shannon(test.rates, predicted).mean()),
        "spearman": float(scipy.stats.spearmanr(*totals)[0]),
        "auroc": roc(labelled(test.data).labels, totals[1]).area,
    }
    return found | judged_reads(predicted, test)


def judged_labels(network, test: Footprints) -> dict[str, float]:
    """How good a network is that was trained on labels."""
    data = labelled(test.data)
    scores = networks.logits(network, data)
    found = {"auroc": roc(data.labels, scores).area, "A bound": told_apart(scores, test)}
    return found | judged_maps(contribution_maps(network, data.x), test)


def bounds(test: Footprints) -> dict[str, float]:
    """What the truth, a repeat of the experiment, and one profile for all sequences reach."""
    observed, repeat = test.data.labels, np.random.default_rng(7).poisson(test.rates)
    mean = datasets.footprints(SEQUENCES, seed=SEEDS[0]).data.labels.sum(axis=0)
    profiles = {"truth": test.rates, "repeat": repeat, "mean profile": mean[None].repeat(1000, 0)}
    found = {f"js {k}": float(jensen_shannon(observed, v).mean()) for k, v in profiles.items()}
    totals = observed.sum(axis=1), test.rates.sum(axis=1)
    found["spearman truth"] = float(scipy.stats.spearmanr(*totals)[0])
    found["auroc truth"] = roc(labelled(test.data).labels, totals[1]).area
    sites = bound_sites(test)
    found |= {f"bound {name}": len(rows) for name, (rows, *_) in sites.items()}
    found["peaks"] = float(labelled(test.data).labels.mean())
    for name, reads in (("truth", test.rates), ("reads", observed)):
        found |= {f"{name}: {what}": v for what, v in judged_reads(reads, test).items()}
    return found


def one(kind: str, seed: int, test: Footprints) -> dict[str, float]:
    """Train and judge one network."""
    data = datasets.footprints(SEQUENCES, seed=seed).data
    begun = time.process_time()
    if kind == "labels":
        network = trained(networks.ModelSettings(), labelled(data), seed)
    else:
        if kind == "scattered":
            data = datasets.scattered(data, seed)
        if kind == "shuffled":
            order = np.random.default_rng(seed).permutation(len(data))
            data = replace(data, labels=data.labels[order])
        network = trained(profile_settings(), data, seed)
    seconds = time.process_time() - begun
    found = (judged_labels if kind == "labels" else judged_profiles)(network, test)
    return found | {"seconds": seconds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=("profiles", "labels", "scattered", "shuffled"))
    parser.add_argument("seeds", type=int, nargs="*", default=SEEDS)
    given = parser.parse_args()
    test = datasets.footprints(1000, seed=TEST)
    for cell in [("bounds",), *product([given.kind], given.seeds)]:
        name = " ".join(map(str, cell))
        if name not in _known():
            found = bounds(test) if name == "bounds" else one(*cell, test)
            known = _known()  # read again: another part may be running
            known[name] = {what: round(value, 4) for what, value in found.items()}
            FILE.write_text(json.dumps(known, indent=0) + "\n", encoding="utf-8")
            print(name, found, flush=True)


def _known() -> dict[str, dict]:
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


if __name__ == "__main__":
    with networks.one_thread():
        main()

"""What does a profile tell that a label cannot? Writes tools/study_profiles.json.

    python tools/study_profiles.py profiles 1 2 3    # or labels, scattered, shuffled; and seeds

Simulated reads of two proteins (`motiflab.datasets.footprint_making`). For 200, 500 and 2,000
training sequences and three seeds, one network is trained on the reads at each position and one on
a label, whether there are at least 200 reads. Two controls with 2,000 sequences: the reads of each
sequence scattered, and whole profiles given to other sequences. All are tested on the same 1,000
sequences, made with seed 1000. No training is repeated or left out. What is in the file is not
computed again.
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
from motiflab.explorers.profile_explorer import BATCH, profile_settings
from motiflab.interpretation import (
    contribution_maps,
    integrated_gradients,
    uniform_reference,
    window_sums,
)

FILE = Path(__file__).with_name("study_profiles.json")
SIZES, SEEDS, STEPS, PEAK = (200, 500, 2000), (1, 2, 3), 600, 200
ALONE = {"A": ["A", "both"], "B": ["B"]}
CLOSE, SITE = 2, 9  # bases: a place is right if it is this close; width of the window of a map


def trained(settings: networks.ModelSettings, data: Dataset, seed: int):
    """Train one network; every size of data gets about the same number of steps."""
    network = networks.untrained(settings, data.x.shape[2], seed)
    epochs = max(1, round(STEPS / networks.steps_per_epoch(len(data), BATCH)))
    training = networks.TrainSettings(0.02, BATCH, epochs, seed)
    for _ in networks.train(network, data, training):
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


def judged_reads(reads: np.ndarray, test: Footprints) -> dict[str, float]:
    """Places of both proteins in observed or predicted reads, and which sites of A are bound."""
    found = {}
    for name, (rows, middle, strand) in bound_sites(test).items():
        place, side = locate(reads[rows], proteins()[name].footprint)
        found |= {f"{name} {what}": value for what, value in hits(place, middle).items()}
        found[f"{name} strand"] = float(((side == strand) & (abs(place - middle) <= CLOSE)).mean())
    rows = np.flatnonzero(test.middles["A"] >= 0)
    middle = test.middles["A"][rows]
    share = test.bound["A"][rows, :, middle].max(axis=1)
    score = footprint_scores(reads[rows], proteins()["A"].footprint)
    score = score[np.arange(len(rows)), :, middle].max(axis=1)
    clear = (share >= 0.5) | (share < 0.2)
    found["A bound or not"] = roc((share >= 0.5)[clear].astype(int), score[clear]).area
    return found


def judged_maps(maps: np.ndarray, test: Footprints) -> dict[str, float]:
    """Where the highest window of a map lies, compared with the bound sites."""
    middles = window_sums(maps, SITE).argmax(axis=1) + SITE // 2
    found = {}
    for name, (rows, middle, _) in bound_sites(test).items():
        rows_kept = rows < len(maps)
        places = hits(middles[rows[rows_kept]], middle[rows_kept])
        found |= {f"map {name} {what}": value for what, value in places.items()}
    return found


def judged_profiles(network, test: Footprints, maps: int = 60) -> dict[str, float]:
    """How good a profile network is on the test."""
    observed, predicted = test.data.labels, networks.predictions(network, test.data)
    totals = observed.sum(axis=1), predicted.sum(axis=1)
    found = {
        "js": float(jensen_shannon(observed, predicted + 1e-9).mean()),
        "js to the truth": float(jensen_shannon(test.rates, predicted + 1e-9).mean()),
        "spearman": float(scipy.stats.spearmanr(*totals)[0]),
        "pearson": float(scipy.stats.pearsonr(*map(np.log1p, totals))[0]),
        "auroc": roc(labelled(test.data).labels, totals[1]).area,
    }
    x, reference = test.data.x[:maps], uniform_reference(test.data.x.shape[2])
    drawn = np.array(
        [integrated_gradients(network, one.T, reference, "profile", 10).sum(axis=1) for one in x]
    )
    return found | judged_reads(predicted, test) | judged_maps(drawn, test)


def judged_labels(network, test: Footprints) -> dict[str, float]:
    """How good a network is that was trained on labels."""
    data = labelled(test.data)
    area = roc(data.labels, networks.logits(network, data)).area
    return {"auroc": area} | judged_maps(contribution_maps(network, data.x), test)


def bounds(test: Footprints) -> dict[str, float]:
    """What the truth, a repeat of the experiment, and one profile for all sequences reach."""
    observed, repeat = test.data.labels, np.random.default_rng(7).poisson(test.rates)
    mean = datasets.footprints(2000, seed=1).data.labels.sum(axis=0)
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


def one(kind: str, n: int, seed: int, test: Footprints) -> dict[str, float]:
    """Train and judge one network."""
    data = datasets.footprints(n, seed=seed).data
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
    test = datasets.footprints(1000, seed=1000)
    sizes = SIZES if given.kind in ("profiles", "labels") else SIZES[-1:]
    for cell in [("bounds",), *product([given.kind], sizes, given.seeds)]:
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

"""Do better classifiers have truer maps? Writes tools/study_maps.json.

    python tools/study_maps.py search     # 36 settings x 5 seeds, about two minutes of one core
    python tools/study_maps.py table      # all methods for two networks x 5 seeds, with controls

One site of GATA2 (JASPAR MA0036.4) in 100 random bases, on either strand; 2,000 sequences to train
on and 2,000 to test on, made with other seeds. Every network is trained for 12 epochs from its
seed, without restarts, and is in the result whatever came of it. The maps are of the logits of
test positives; a map's AUROC says how well it tells the bases of the site from all others
(`motiflab.evaluation.map_quality`). A network has failed if its test AUROC is under 0.7.
What is in the file already is not computed again.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import torch

from motiflab import networks
from motiflab.datasets import Arrangement, Dataset, planted
from motiflab.evaluation import map_quality, precision_recall, roc
from motiflab.interpretation import attribution, centred, contributions, shuffled_references
from motiflab.motifs import jaspar
from motiflab.networks import ModelSettings, TrainSettings

FILE = Path(__file__).with_name("study_maps.json")
LENGTH, SEEDS = 100, range(1, 6)
ACTIVATIONS, POOLINGS = ("relu", "exponential"), ("max", "average", "logsumexp")
FILTERS, WIDTHS = (4, 16), (7, 11, 19)


def data(seed: int, shuffled: bool = False) -> tuple[Dataset, Dataset]:
    """Return what one seed is trained on, and what it is tested on."""
    arrangement = Arrangement((jaspar.load("MA0036.4"),))
    train, test = (planted(arrangement, n=2000, length=LENGTH, seed=s) for s in (seed, seed + 1000))
    if shuffled:
        labels = np.random.default_rng(seed).permutation(train.labels)
        train = replace(train, labels=labels, sites=())
    return train, test


def trained(settings: ModelSettings, seed: int, train: Dataset):
    """Train one network from one seed; None if the loss was no longer finite."""
    network = networks.untrained(settings, LENGTH, seed)
    try:
        for _ in networks.train(network, train, TrainSettings(epochs=12, seed=seed)):
            pass
    except ValueError:
        return None
    return network


def judged(network, test: Dataset) -> dict[str, float]:
    """How well a network classifies the test sequences."""
    z = networks.logits(network, test)
    areas = roc(test.labels, z).area, precision_recall(test.labels, z).area
    return {"auroc": round(areas[0], 4), "auprc": round(areas[1], 4), "failed": areas[0] < 0.7}


def centred_gradients(network, x: np.ndarray) -> np.ndarray:
    """Centred gradient x input of the logits of many sequences (N, A, L): shape (N, L)."""
    network = networks.in_torch(network, x.shape[2])
    inputs = torch.from_numpy(x).to(network.dense.weight.dtype).requires_grad_()
    (gradient,) = torch.autograd.grad(network(inputs).sum(), inputs)
    return (centred(gradient.numpy().transpose(0, 2, 1)) * x.transpose(0, 2, 1)).sum(axis=2)


def search_one(activation: str, pooling: str, filters: int, width: int, seed: int) -> dict:
    """One network of the search: how well it classifies, and how true its maps are."""
    train, test = data(seed)
    settings = ModelSettings(filters, width, activation=activation, pooling=pooling)
    network = trained(settings, seed, train)
    if network is None:
        return {"failed": True}
    positives = test.subset(np.flatnonzero(test.labels)[:300])
    quality = map_quality(positives.planted_bases, centred_gradients(network, positives.x))
    found = {"map_auroc": quality.auroc.mean(), "map_auprc": quality.auprc.mean()}
    return judged(network, test) | {name: round(float(v), 4) for name, v in found.items()}


def table_one(activation: str, labels: str, pooling: str, filters: int, width: int, seed: int):
    """One network with the maps of every method, of 40 test positives."""
    train, test = data(seed, labels == "shuffled")
    settings = ModelSettings(filters, width, activation=activation, pooling=pooling)
    network = trained(settings, seed, train)
    if network is None:
        return {"failed": True}
    positives = test.subset(np.flatnonzero(test.labels)[:40])
    maps = {method: [] for method in attribution.METHODS}
    for i, sequence in enumerate(positives.sequences):
        x, references = positives.x[i].T, shuffled_references(sequence, 5, seed=i)
        for method in maps:
            maps[method].append(contributions(method, network, x, references, "logit"))
    found = judged(network, test)
    for method, scores in maps.items():
        quality = map_quality(positives.planted_bases, np.array(scores))
        found[method] = [round(float(v.mean()), 4) for v in (quality.auroc, quality.auprc)]
    return found


CELLS = {
    "search": (search_one, product(ACTIVATIONS, POOLINGS, FILTERS, WIDTHS, SEEDS)),
    "table": (
        table_one,
        product(ACTIVATIONS, ("true", "shuffled"), ("max",), (16,), (11,), SEEDS),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=CELLS)
    part = parser.parse_args().part
    one, cells = CELLS[part]
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    for cell in cells:
        name = " ".join(map(str, cell))
        if name not in known.setdefault(part, {}):
            known[part][name] = one(*cell)
            FILE.write_text(json.dumps(known, indent=0) + "\n", encoding="utf-8")
            print(name, known[part][name], flush=True)


if __name__ == "__main__":
    with networks.one_thread():
        main()

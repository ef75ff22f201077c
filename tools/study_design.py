"""Are networks fooled by sequences that were designed for them? Writes motiflab/data/design.json.

    python tools/study_design.py            # both networks, seeds 1 to 5; resumes where it ended
    python tools/study_design.py ablation   # a design and each choice set back, seeds 0 to 2
    python tools/study_design.py small      # designs with few parameters, seeds 0 to 4

Positives hold GATA2, 9 to 11 random bases and TCF3 in 60 bases; negatives are random bases
(`motiflab.interpretation.design_world`). A network with one layer and one with two are trained on
4,000 sequences and tested on 4,000 others. Then each designs 100 sequences, from random starts,
with up to 20 substitutions each, until it is sure (probability 0.99), and the exact likelihood
ratio judges them. Mending: three rounds, in each of which the present network makes 300 designs
from other random starts. They join the training data, labelled 1 if their likelihood ratio is above
1 and else 0, and a network is trained again from its seed on all of it. After each round the AUROC
on the same ordinary test data is measured, and 100 fresh designs are judged. Control: instead of
the 900 designs, 900 ordinary sequences join. Nothing is left out. The weights of seed 1 go to
motiflab/data/design_networks.npz.

The ablation is that of the card `NetworkDesignExplorer`, on its pair at a fixed gap, for one design
that was chosen beforehand. The small designs are trained on the same pair.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np

from motiflab import networks
from motiflab.datasets import Dataset, log_likelihood_ratio, planted
from motiflab.evaluation import precision_recall, roc
from motiflab.explorers.network_design_explorer import (
    LENGTH,
    PLAIN,
    TRAINING,
    ablations,
    trial,
)
from motiflab.interpretation import (
    DESIGN_LENGTH,
    SURE,
    design_sequence,
    design_settings,
    design_world,
    fooled,
    random_starts,
)
from motiflab.networks import TrainSettings

DATA = Path(__file__).parents[1] / "motiflab/data"
FILE, WEIGHTS = DATA / "design.json", DATA / "design_networks.npz"
N, ROUNDS, MINED, FRESH, STEPS = 4000, 3, 300, 100, 20
LEAST = math.log(SURE / (1 - SURE))
ABLATED = replace(PLAIN, filters=12, layers=2, second_filters=12, second_width=7)
SMALL = {
    f"{first} and {second}": replace(
        PLAIN, filters=first, layers=2, second_filters=second, second_width=6
    )
    for first, second in ((4, 2), (2, 2), (2, 1))
} | {"no places": replace(PLAIN, window=0)}


def trained(kind: str, data: Dataset, seed: int):
    network = networks.untrained(design_settings(kind), DESIGN_LENGTH, seed)
    for _ in networks.train(network, data, TrainSettings(learning_rate=0.02, epochs=10, seed=seed)):
        pass
    return network


def designs(network, n: int, seed: int) -> tuple[list[str], np.ndarray, np.ndarray, list[int]]:
    """The ends of designs: sequences, logits, truths, and numbers of substitutions."""
    made = [design_sequence(network, s, STEPS, LEAST) for s in random_starts(n, seed)]
    ends = [each.sequences[-1] for each in made]
    truths = log_likelihood_ratio(ends, design_world())
    return ends, np.array([d.logits[-1] for d in made]), truths, [len(d.logits) - 1 for d in made]


def judged(network, test: Dataset, seed: int) -> dict:
    """How well a network classifies, and how many of its fresh designs fool it."""
    z = networks.logits(network, test)
    _, logits, truths, steps = designs(network, FRESH, seed + 3000)
    sure = logits >= LEAST
    return {
        "auroc": round(roc(test.labels, z).area, 4),
        "auprc": round(precision_recall(test.labels, z).area, 4),
        "sure": int(sure.sum()),
        "fooled": int(fooled(logits, truths).sum()),
        "substitutions": round(float(np.mean(steps)), 2),
        "truth": [round(float(v), 2) for v in np.quantile(truths, (0.1, 0.5, 0.9))],
    }


def with_more(data: Dataset, sequences: list[str], labels) -> Dataset:
    labels = np.concatenate([data.labels, labels])
    sequences = data.sequences + sequences
    return Dataset.of(sequences, labels, [f"sequence {i}" for i in range(len(labels))])


def one(kind: str, seed: int) -> dict:
    """One network from one seed: before, after each round, and the control."""
    world = design_world()
    train, test, more = (
        planted(world, n=n, length=DESIGN_LENGTH, seed=seed + shift)
        for n, shift in ((N, 0), (N, 1000), (ROUNDS * MINED, 4000))
    )
    network, data = trained(kind, train, seed), train
    weights = {"before": network.state_dict()}
    found = {"optimum": round(roc(test.labels, test.optimum).area, 4)}
    found["rounds"] = [judged(network, test, seed)]
    for turn in range(1, ROUNDS + 1):
        ends, _, truths, _ = designs(network, MINED, seed + 10_000 * turn)
        data = with_more(data, ends, truths > 0)
        network = trained(kind, data, seed)
        found["rounds"].append(
            judged(network, test, seed) | {"mined_positive": int(sum(truths > 0))}
        )
        print(kind, seed, turn, found["rounds"][-1], flush=True)
    weights["mended"] = network.state_dict()
    control = trained(kind, with_more(train, more.sequences, more.labels), seed)
    found["control"] = judged(control, test, seed)
    if seed == 1:
        kept = dict(np.load(WEIGHTS)) if WEIGHTS.exists() else {}
        for name, state in weights.items():
            kept |= {f"{kind}/{name}/{key}": np.asarray(v) for key, v in state.items()}
        np.savez_compressed(WEIGHTS, **kept)
    return found


def areas(recipes: dict[str, networks.ModelSettings], seeds: range) -> dict:
    """Parameters of designs for the pair of the card, and the AUROC of a training per seed."""
    found: dict[str, dict] = {}
    for seed, (name, settings) in product(seeds, recipes.items()):
        recipe = {name: (settings, TRAINING)}
        (result,) = networks.train_all({"pair": trial("pair")}, recipe, [seed], jobs=1)
        of_tests = {test: round(area, 4) for test, area in result.auroc.items()}
        count = sum(cost.parameters for cost in networks.layer_costs(settings, LENGTH))
        found.setdefault(name, {"parameters": count, "runs": []})["runs"].append(of_tests)
        print(name, seed, of_tests, flush=True)
    return found


def main() -> None:
    kinds = sys.argv[1:] or ("one", "two")
    if kinds == ["ablation"]:
        recipes = {"mine": ABLATED, **ablations(ABLATED), "plain": PLAIN}
        _keep("ablation", areas(recipes, range(3)))
        return
    if kinds == ["small"]:
        _keep("small", areas(SMALL, range(5)))
        return
    for seed, kind in product(range(1, 6), kinds):
        if f"{kind} {seed}" not in _known():
            _keep(f"{kind} {seed}", one(kind, seed))


def _keep(name: str, found: dict) -> None:
    known = _known() | {name: found}  # read again: another may be running
    FILE.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    print(name, found, flush=True)


def _known() -> dict[str, dict]:
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


if __name__ == "__main__":
    with networks.one_thread():
        main()

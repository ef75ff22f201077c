"""Plant motifs that are drawn at random, and count which of them the seqlets bring back.

    python tools/study_seqlets.py [first draw] [last draw]

Writes tools/study_seqlets.json; what is in the file already is not computed again. Each draw takes
two or three motifs (two if its number is even) from JASPAR's vertebrates, of 8 to 20 positions and
at least 10 bits, none with a similarity above 0.6 to another. 6,000 sequences of 100 bases, half of
them with one site of one motif; a network of 16 filters of 15, 8 epochs, on 60 % of them;
`find_motifs` with its defaults on the others. The number of the draw is the seed of everything.
Then the same with the labels in random order. The method was chosen on draws 0 to 19 and 41 to 50,
so only others are a test of it: 51 to 60 were not looked at before.

What is kept of each run: the test AUROC; for each planted motif the AUROC of the positives that
hold it against all negatives (`heard`), and by how much the logit falls on average when random
bases take the place of its site (`falls`); the number of seqlets, and how many of them are cut from
sequences with each motif (`cut`); the number of motifs; and for each planted motif the highest
similarity of a seqlet motif to it (`best`). A planted motif is found if
that is at least 0.85; a seqlet motif that has it to none is `false`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from importlib.metadata import version
from itertools import product
from pathlib import Path

import numpy as np

from motiflab import datasets, evaluation, networks
from motiflab.datasets import Dataset
from motiflab.interpretation import find_motifs
from motiflab.motifs import Motif, jaspar, similarity

FILE = Path(__file__).with_suffix(".json")
FOUND = 0.85


def alike(one: Motif, other: Motif) -> float:
    """Similarity of two motifs, 0 if the first is too narrow to tell."""
    found = similarity(one, other)
    return found.similarity if found else 0.0


def draw(number: int) -> list[Motif]:
    """Draw two or three motifs that do not resemble each other."""
    rng, known = np.random.default_rng(number), jaspar.collection("vertebrates").motifs
    motifs: list[Motif] = []
    while len(motifs) < 2 + number % 2:
        one = known[rng.integers(len(known))]
        fits = 8 <= one.width <= 20 and one.information().sum() >= 10
        if fits and all(max(alike(one, m), alike(m, one)) <= 0.6 for m in motifs):
            motifs.append(one)
    return motifs


def without_sites(data: Dataset, seed: int) -> np.ndarray:
    """Put random bases where the sites stand; one-hot, shape (N, 4, L)."""
    rng, x = np.random.default_rng(seed), data.x.copy()
    for site in data.sites:
        x[site.sequence, :, site.start : site.end] = np.eye(4)[
            rng.integers(4, size=site.end - site.start)
        ].T
    return x


def study(number: int, shuffled: bool) -> dict:
    """Plant, train, and look for motifs; the docstring of this module says what is returned."""
    planted = draw(number)
    data = datasets.planted_one_of(planted, n=6000, seed=number)
    if shuffled:
        data = replace(data, labels=np.random.default_rng(number).permutation(data.labels))
    train, test = data.split(0.4, number)
    network = networks.untrained(networks.ModelSettings(), 100, number)
    for _ in networks.train(network, train, networks.TrainSettings(epochs=8, seed=number)):
        pass
    z = networks.logits(network, test)
    lost = z - network.predict(without_sites(test, number))
    held = np.full(len(test), -1)
    held[[site.sequence for site in test.sites]] = [site.motif for site in test.sites]
    some = [(held == i) | (held < 0) for i in range(len(planted))]
    seqlets, found = find_motifs(network, test)
    table = [[round(alike(one.motif, motif), 3) for motif in planted] for one in found]
    cut = held[test.labels == 1][seqlets.sequence]
    return {
        "draw": number,
        "labels": "shuffled" if shuffled else "true",
        "planted": [motif.name for motif in planted],
        "auroc": _auroc(test.labels, z),
        "heard": [_auroc(held[which] == i, z[which]) for i, which in enumerate(some)],
        "falls": [round(float(lost[held == i].mean()), 2) for i in range(len(planted))],
        "seqlets": len(seqlets),
        "cut": [int((cut == i).sum()) for i in range(len(planted))],
        "motifs": len(found),
        "best": [max((row[i] for row in table), default=0.0) for i in range(len(planted))],
        "false": sum(max(row) < FOUND for row in table),
    }


def _auroc(labels: np.ndarray, scores: np.ndarray) -> float:
    return round(evaluation.roc(np.asarray(labels, dtype=int), scores).area, 3)


def main() -> None:
    """Study the draws that are not in the file, and keep each as soon as it is done."""
    first, last = (int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (51, 60)
    made_with = {name: version(name) for name in ("numpy", "torch")}
    runs = json.loads(FILE.read_text("utf-8"))["runs"] if FILE.exists() else []
    for number, shuffled in product(range(first, last + 1), (False, True)):
        labels = "shuffled" if shuffled else "true"
        if any((run["draw"], run["labels"]) == (number, labels) for run in runs):
            continue
        runs.append(study(number, shuffled))
        runs.sort(key=lambda run: (run["draw"], run["labels"] == "shuffled"))
        lines = ",\n".join(json.dumps(run) for run in runs)
        text = f'{{"made_with": {json.dumps(made_with)},\n"runs": [\n{lines}\n]}}\n'
        FILE.write_text(text, encoding="utf-8")
        print(number, labels, flush=True)


if __name__ == "__main__":
    main()

"""Plant motifs that are drawn at random, and count which of them the seqlets bring back.

python tools/study_seqlets.py [first draw] [last draw]

Each draw takes two or three motifs (two if its number is even) from JASPAR's vertebrates, of 8 to
20 positions and at least 10 bits, none with a similarity above 0.6 to another. 6,000 sequences of
100 bases, half of them with one site of one motif; a network of 16 filters of 15, 8 epochs, on 60 %
of them; `find_motifs` with its defaults on the others. A motif counts as found if a seqlet motif
has a similarity of at least 0.85 to it; a seqlet motif that has it to none is false. Then the same
with the labels in random order. The least similarity of a cluster was chosen on draws 0 to 9, so
only later draws are a test of it.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from motiflab import datasets, evaluation, networks
from motiflab.interpretation import find_motifs
from motiflab.motifs import Motif, jaspar, similarity

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


def study(number: int, shuffled: bool) -> tuple[float, int, int, list[float], int]:
    """AUROC, seqlets, motifs found, best similarity to each planted one, and false motifs."""
    planted = draw(number)
    data = datasets.planted_one_of(planted, n=6000, seed=number)
    if shuffled:
        data = replace(data, labels=np.random.default_rng(number).permutation(data.labels))
    train, test = data.split(0.4, number)
    network = networks.untrained(networks.ModelSettings(), 100, number)
    for _ in networks.train(network, train, networks.TrainSettings(epochs=8, seed=number)):
        pass
    auroc = evaluation.roc(test.labels, networks.logits(network, test)).area
    seqlets, found = find_motifs(network, test)
    table = [[alike(one.motif, motif) for motif in planted] for one in found]
    best = [max((row[i] for row in table), default=0.0) for i in range(len(planted))]
    false = sum(max(row) < FOUND for row in table)
    return auroc, len(seqlets), len(found), best, false


def main() -> None:
    """Print one row of a table for each draw."""
    first, last = (int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (10, 19)
    print("| draw | planted | AUROC | seqlets | motifs | best similarity | false |")
    print("|---|---|---|---|---|---|---|")
    for number in range(first, last + 1):
        names = ", ".join(motif.name for motif in draw(number))
        for shuffled in (False, True):
            auroc, seqlets, motifs, best, false = study(number, shuffled)
            what = "the same, labels shuffled" if shuffled else names
            near = "" if shuffled else ", ".join(f"{each:.2f}" for each in best)
            print(
                f"| {number} | {what} | {auroc:.3f} | {seqlets:,} | {motifs} | {near} | {false} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

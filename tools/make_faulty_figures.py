"""Make the figures of the exercise `explaining.figure`, each from an analysis with one fault.

python tools/make_faulty_figures.py

For each motif and each fault: plant the motif in sequences, make shuffles, train a network, and
draw the figure's numbers with that step of the analysis done wrongly and all others rightly. A
seed is passed over if the fault does not show in the numbers, or if a step that was done rightly
looks wrong (a network that did not learn, say); the script prints how many were passed over. The
numbers are kept because a training may differ in the last digits from one machine to another, and
everybody must be asked the same.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from motiflab import datasets, evaluation, interpretation, networks
from motiflab.datasets import Arrangement, plant
from motiflab.exercises.sets.explaining_exercises import CLAIMS, FIGURES
from motiflab.interpretation import saliency
from motiflab.motifs import Motif, jaspar, similarity, tomtom
from motiflab.sequences import FastaRecord, one_hot, shuffled_negatives

DATA = Path(__file__).parents[1] / "motiflab/data"
MOTIFS = ("MA0046.3", "MA0107.1", "MA0139.2", "MA0506.3")
LENGTH, PEAKS, LEARNED, WIDTH, NARROW = 80, 400, 300, 12, 6
RARE, SHUFFLES, STEPS, SHOWN = 120, 20, 200, 30


def planted(motif: Motif, many: int, seed: int) -> list[str]:
    """Return peaks, nine in ten of which hold the motif."""
    return plant(many, LENGTH, Arrangement((motif,)), None, None, 0.9, seed).sequences


def data_of(peaks: list[str], seed: int) -> datasets.Dataset:
    """Return peaks with one shuffle each."""
    fasta = "".join(f">peak {i}\n{peak}\n" for i, peak in enumerate(peaks))
    return datasets.from_fasta(fasta.encode(), negatives="dinucleotide", seed=seed)


def figure(motif_id: str, fault: str, seed: int) -> dict[str, Any]:
    """Return the numbers of one figure."""
    motif, rng = jaspar.load(motif_id), np.random.default_rng(seed)
    peaks = planted(motif, PEAKS, seed)
    if fault == "strongest":  # most of the peaks hold the motif of a partner
        partner = jaspar.load(MOTIFS[MOTIFS.index(motif_id) - 1])
        peaks[RARE:] = planted(partner, PEAKS - RARE, seed + 1)
        peaks = [peaks[i] for i in rng.permutation(PEAKS)]
    learned, held = data_of(peaks[:LEARNED], seed), data_of(peaks[LEARNED:], seed)
    width = NARROW if fault == "match" else WIDTH
    network = networks.build(networks.ModelSettings(16, width), LENGTH, seed)
    *_, _ = networks.train(network, learned, networks.TrainSettings(epochs=20, seed=seed))
    scores = [networks.logits(network, part) for part in (learned, held)]

    judged = [1] if fault != "unseen" else [0, 1]
    labels = np.concatenate([(learned, held)[i].labels for i in judged])
    auroc = evaluation.roc(labels, np.concatenate([scores[i] for i in judged])).area

    filters = interpretation.filter_motifs(network, learned)
    strengths = [one.strength for one in filters]
    alike = [
        found.similarity if (found := similarity(one.motif, motif, min_information=0.3)) else -1.0
        for one in filters
    ]
    shown = int(np.argmax(alike if fault == "strongest" else strengths))
    known = jaspar.collection("vertebrates")
    e_value = tomtom.tomtom([filters[shown].motif], known).e_values[0][known.ids.index(motif_id)]

    # The sequence with the middle logit of its class.
    wanted, part = (0, learned) if fault == "recognised" else (1, held)
    logits = networks.logits(network, part)
    side = np.where(part.labels == wanted, logits, -np.inf)
    number = int(np.argsort(side)[-len(side) // 4])
    x = part.x[number].T.astype(float)
    gradient = saliency.saliency(network, x, of="logit")
    if fault != "centred":
        gradient = saliency.centred(gradient)
    heights = saliency.gradient_times_input(gradient, x).sum(axis=1)
    tallest = int(np.abs(heights).argmax())
    first = int(np.clip(tallest - SHOWN // 2, 0, LENGTH - SHOWN))

    sequence = "".join("ACGT"[c] for c in x.argmax(axis=1))
    record = [FastaRecord("shown", sequence)]
    shuffled = [one_hot(one.sequence) for one in shuffled_negatives(record, SHUFFLES, rng)]
    references = [np.zeros_like(x)] if fault == "shuffles" else shuffled
    total = np.mean([integrated(network, x, reference).sum() for reference in references])
    return {
        "motif": motif_id,
        "name": motif.name,
        "fault": fault,
        "seed": seed,
        "learned": len(learned),
        "made": len(learned) + len(held),
        "judged": len(labels),
        "auroc": round(float(auroc), 2),
        "strength": round(strengths[shown], 2),
        "strengths": [round(min(strengths), 2), round(max(strengths), 2)],
        "similarity": round(float(alike[shown]), 2),
        "e_value": float(f"{e_value:.1e}"),
        "logit": round(float(logit_of(network, [x])[0]), 2),
        "slopes": [round(float(slope), 2) for slope in gradient[tallest]],
        "tallest": tallest,
        "total": round(float(total), 2),
        "shuffled": round(float(logit_of(network, shuffled).mean()), 2),
        "zeros": round(float(logit_of(network, [np.zeros_like(x)])[0]), 2),
        "first": first,
        "sequence": sequence[first : first + SHOWN],
        "heights": [round(float(height), 2) for height in heights[first : first + SHOWN]],
    }


def logit_of(network: Any, xs: list[np.ndarray]) -> np.ndarray:
    """Return the logits of matrices (L, 4), whether or not they are sequences."""
    network = networks.in_torch(network, LENGTH).double()
    with torch.no_grad():
        return network(torch.tensor(np.array(xs, dtype=float)).transpose(1, 2)).numpy()


def integrated(network: Any, x: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return integrated gradients of the logit, shape (L, 4), by the midpoint rule."""
    network = networks.in_torch(network, LENGTH).double()
    alpha = (np.arange(STEPS) + 0.5) / STEPS
    path = reference + alpha[:, None, None] * (x - reference)
    path = torch.tensor(path).transpose(1, 2).requires_grad_()
    (gradient,) = torch.autograd.grad(network(path).sum(), path)
    return (x - reference) * gradient.mean(dim=0).T.numpy()


def contradicted(figure: dict[str, Any]) -> list[str]:
    """Return the claims of the caption that the numbers of a figure contradict."""
    expected = figure["logit"] - figure["shuffled"]
    faults = {
        "unseen": figure["judged"] > figure["made"] - figure["learned"],
        "recognised": figure["logit"] < 0,
        "strongest": figure["strength"] < figure["strengths"][1],
        "match": figure["e_value"] > 0.05,
        "centred": abs(sum(figure["slopes"])) > 0.05,
        "shuffles": abs(figure["total"] - expected) > 0.15,
    }
    return [claim for claim in CLAIMS if faults[claim]]


def clear(figure: dict[str, Any]) -> bool:
    """Tell whether every number is far from what would make its claim doubtful."""
    behind = figure["strengths"][1] - figure["strength"]
    return (
        figure["auroc"] >= 0.75
        and (behind == 0 or behind >= 0.04)
        and figure["similarity"] > 0.6
        and not 0.01 < figure["e_value"] < 1
        and abs(figure["logit"]) > 0.5
        and not 0.05 < abs(sum(figure["slopes"])) < 0.5
        and abs(figure["shuffled"] - figure["zeros"]) > 0.5
    )


def main() -> None:
    """Write all figures, and say how many seeds were passed over."""
    figures = []
    for motif in MOTIFS:
        for fault in CLAIMS:
            for seed in range(100):
                made = figure(motif, fault, seed)
                if contradicted(made) == [fault] and clear(made):
                    break
                print(motif, fault, seed, contradicted(made), clear(made), flush=True)
            else:
                raise RuntimeError(f"{motif}: no seed shows {fault} alone")
            figures.append(made)
    lines = ",\n".join(json.dumps(one) for one in figures)
    (DATA / FIGURES).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""How closely trained weights come to the log-odds: ten data sets, so that tests know what to ask.

    python tools/study_log_odds.py

prints, for aligned windows of half a CRP site and for whole sequences with a site of Arnt, the
range over the data sets of what the tests and the notebook on log-odds assert, with the same
numbers for shuffled labels beside it. Nothing is written. It takes some minutes.
"""

from __future__ import annotations

import numpy as np

from motiflab.datasets.published_sites import crp_sites
from motiflab.motifs import jaspar
from motiflab.motifs.motif import Motif
from motiflab.networks.recovery import expected_bias, recover

ARNT = jaspar.load("MA0004.1")
HALF = Motif.from_sites([site[3:11] for site in crp_sites()], "CRP, left half")
SIZES = (1000, 2000, 4000, 8000, 16000)
SEEDS = range(10)
RESTARTS = 8
LENGTH = 20


def one(motif: Motif, n: int, length: int, seed: int, share=0.5, shuffled=False) -> list[float]:
    """Slope, KL (bits a position), bias less its expected value, share of starts that got there."""
    found = recover(motif, n, length, None, share, RESTARTS, seed, shuffled)
    best = found[0]
    expected = expected_bias(share, length - motif.width + 1)
    reached = np.mean([one.loss < best.loss + 1e-3 for one in found])
    return [best.slope, best.kl, best.bias - expected, reached]


def report(name: str, rows: list[list[float]]) -> None:
    """Print the least, the median and the most of each column."""
    columns = zip(("slope", "KL", "bias error", "starts"), np.transpose(rows), strict=True)
    numbers = (f"{n} {c.min():.4f} {np.median(c):.4f} {c.max():.4f}" for n, c in columns)
    print(f"{name:34s}", " | ".join(numbers), flush=True)


def main() -> None:
    """Run the study."""
    for name, motif, length in (("aligned", HALF, HALF.width), ("scanner", ARNT, LENGTH)):
        curves = []
        for n in SIZES:
            rows = [one(motif, n, length, seed) for seed in SEEDS]
            report(f"{name} n={n}", rows)
            curves.append([row[1] for row in rows])
        slopes = np.polyfit(np.log(SIZES), np.log(curves), 1)[0]
        print(f"{name} log-log slope of KL, each data set: {np.sort(slopes).round(2)}")
        mean = np.polyfit(np.log(SIZES), np.log(np.mean(curves, axis=1)), 1)[0]
        print(f"{name} log-log slope of the mean KL: {mean:.3f}")
        for share in (0.2, 0.8):
            rows = [one(motif, 4000, length, seed, share) for seed in SEEDS]
            report(f"{name} n=4000 share={share}", rows)
        rows = [one(motif, 4000, length, seed, shuffled=True) for seed in SEEDS]
        report(f"{name} n=4000 shuffled labels", rows)


if __name__ == "__main__":
    main()

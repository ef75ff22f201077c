"""Measure how the place of the pooling decides whether first-layer filters are whole motifs.

    python tools/whole_or_part.py

trains every network of `motiflab.interpretation.pooling_study` from each seed and writes the
outcomes to `motiflab/data/whole_or_part.json`, which the card and the notebook show, and a page
with the same numbers to `tools/whole_or_part.md`. A training that is there already is left out, so
a run that was stopped goes on where it was. All of it takes
about 20 minutes on one idle core.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

from motiflab.interpretation import (
    FIRST_POOLS,
    pooling_data,
    pooling_settings,
    study_pooling,
    without_truth,
)
from motiflab.networks import one_thread

TARGET = Path(__file__).resolve().parents[1] / "motiflab/data/whole_or_part.json"
PAGE = Path(__file__).with_name("whole_or_part.md")
SEEDS = (1, 2, 3)
TRAIN, TEST, EPOCHS = 17_500, 2000, 6
HEAD = f"""# Whole motifs or parts

Made by `tools/whole_or_part.py`; all numbers are in `motiflab/data/whole_or_part.json`. Share of
the 30 first-layer filters that match a planted motif, one number for each of the seeds {SEEDS};
no training failed and none was left out. {TRAIN:,} sequences to learn from, {TEST:,} to judge,
{EPOCHS} epochs. Smaller than in Koo and Eddy (2019): 32 second-layer filters and not 128, 64
hidden units and not 512, {EPOCHS} epochs and not up to 100, a learning rate that rises to 0.01
and falls again and not 0.0003, no dropout, JASPAR of 2026 and not of 2016 to match with.

"""
ROWS = [
    *((pool, "relu", "true") for pool in (25, 2, 10, 4, 100, 50)),
    (2, "exponential", "true"),
    (25, "relu", "shuffled"),
]


def main(turn: int = 0, turns: int = 1) -> None:
    """Train what is missing; with several turns each takes every so many-th training."""
    assert {pool for pool, *_ in ROWS} == set(FIRST_POOLS)
    train, test = pooling_data(TRAIN, seed=1), pooling_data(TEST, seed=2)
    tasks = [(seed, row) for seed in SEEDS for row in ROWS]
    for seed, (pool, activation, labels) in tasks[turn::turns]:
        key = f"{pool} {activation} {labels} {seed}"
        if key in _kept():
            continue
        data = train if labels == "true" else without_truth(train, seed)
        start = time.process_time()
        with one_thread():
            settings = pooling_settings(pool, activation)
            before, after = study_pooling(data, test, settings, EPOCHS, seed, every_epoch=False)
        found = {
            "pool": pool,
            "activation": activation,
            "labels": labels,
            "seed": seed,
            "share": round(after.matches.share, 4),
            "found": after.matches.found,
            "auroc": round(after.auroc, 4),
            "loss": round(after.loss, 4),
            "untrained": round(before.matches.share, 4),
            "seconds": round(time.process_time() - start, 1),
        }
        _keep(key, found)
        print(key, found, flush=True)
    _write_page()


def _kept() -> dict:
    return json.loads(TARGET.read_text())["runs"] if TARGET.exists() else {}


def _keep(key: str, found: dict) -> None:
    made = {name: version(name) for name in ("torch", "numpy")}
    about = {
        "train": TRAIN,
        "test": TEST,
        "epochs": EPOCHS,
        "python": platform.python_version(),
        **made,
    }
    runs = _kept() | {key: found}
    TARGET.write_text(json.dumps({"about": about, "runs": dict(sorted(runs.items()))}, indent=1))


def _write_page() -> None:
    runs = list(_kept().values())
    lines = ["| pool behind the first layer | activation | labels | share of matching filters |"]
    lines[0] += " mean | motifs found of 12 | AUROC | untrained share |"
    lines.append("|---|---|---|---|---|---|---|---|")
    for pool, activation, labels in sorted(ROWS):
        wanted = {"pool": pool, "activation": activation, "labels": labels}
        row = [run for run in runs if wanted.items() <= run.items()]
        if row:
            cells = {name: [r[name] for r in row] for name in row[0]}
            lines.append(
                f"| {pool} | {activation} | {labels} | "
                + " | ".join(
                    [
                        ", ".join(f"{v:.2f}" for v in cells["share"]),
                        f"{np.mean(cells['share']):.2f}",
                        ", ".join(str(v) for v in cells["found"]),
                        ", ".join(f"{v:.3f}" for v in cells["auroc"]),
                        ", ".join(f"{v:.2f}" for v in cells["untrained"]),
                    ]
                )
                + " |"
            )
    PAGE.write_text(HEAD + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

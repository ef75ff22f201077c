"""Train networks on hidden worlds, interrogate them, and measure what the receptive field decides.

    nice python tools/study_worlds.py

writes every training to `motiflab/data/worlds.json`, which notebook 12 shows. A training that is
there already is left out, so a run that was stopped goes on where it was. Four parts:

- "tuning": the first three worlds of each kind among the seeds from 2001 on. The bounds of
  `motiflab.interpretation.name_spacing`, chosen on a few other networks, were checked on them.
- "test": the first ten worlds of each kind among the seeds from 1001 on, trained on their
  labels, and once more on the same labels in random order.
- "fields": one hard world in which only the gap tells, and networks with different receptive
  fields, three seeds each.
- "phase": one of these networks whose field touches one word at a time, in a world where the phase
  of its pooling windows tells something of the gap.

None is left out. With two numbers, turn and turns, it takes every so many-th training.
"""

from __future__ import annotations

import fcntl
import json
import platform
import sys
import tempfile
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from motiflab.datasets.worlds import KINDS, WORDS, hidden_world
from motiflab.evaluation import roc
from motiflab.interpretation.interrogation import answers_of
from motiflab.interpretation.spacing_rule import (
    EPOCHS,
    FIELD_WORLD,
    FIELDS,
    PHASE_WORLD,
    SIZE,
    spacing_profile,
    world_settings,
    world_training,
)
from motiflab.layers.receptive_fields import Stack, receptive_field
from motiflab.networks import logits, one_thread, train, untrained

TARGET = Path(__file__).resolve().parents[1] / "motiflab/data/worlds.json"
TEST = 2000
FIELD_WORLDS = {"fields": FIELD_WORLD, "phase": PHASE_WORLD}


def main(turn: int = 0, turns: int = 1) -> None:
    """Train what is missing."""
    tasks = [("tuning", seed, "true") for seed in first_worlds(2001, 3)]
    tasks += [("test", seed, "true") for seed in first_worlds(1001, 10)]
    tasks += [("fields", seed, name) for seed in (1, 2, 3) for name in FIELDS]
    tasks += [("phase", seed, "width 4, pooling 2") for seed in (1, 2, 3)]
    tasks += [("test", seed, "shuffled") for seed in first_worlds(1001, 10)]
    for part, seed, what in tasks[turn::turns]:
        key, kept = f"{part} {seed} {what}", part if part in FIELD_WORLDS else "worlds"
        if TARGET.exists() and key in json.loads(TARGET.read_text()).get(kept, {}):
            continue
        with one_thread():
            found = _field(part, seed, what) if part in FIELD_WORLDS else _world(part, seed, what)
        _keep(kept, key, found)
        print(key, found, flush=True)


def first_worlds(seed: int, each: int) -> list[int]:
    """Return the seeds of the first worlds of each kind, from a seed on."""
    kinds = [(s, hidden_world(s).kind) for s in range(seed, seed + 20 * each)]
    return sorted(s for kind in KINDS for s in [s for s, its in kinds if its == kind][:each])


def _world(part: str, seed: int, labels: str) -> dict:
    world = hidden_world(seed)
    data, test = world.draw(SIZE, seed), world.draw(TEST, seed + 100_000)
    if labels == "shuffled":
        mixed = np.random.default_rng(seed).permutation(data.labels)
        data = replace(data, labels=mixed)
    network, begun = untrained(world_settings(), data.x.shape[2], seed), time.process_time()
    *_, last = train(network, data, world_training(seed=seed))
    seconds = time.process_time() - begun
    profile = spacing_profile(answers_of(network), seed=seed)
    return {
        "part": part,
        "seed": seed,
        "kind": world.kind,
        "gap": world.gap,
        "labels": labels,
        "auroc": _rounded(roc(test.labels, logits(network, test)).area),
        "best": _rounded(world.best_auroc),
        "loss": _rounded(last.loss),
        "seconds": round(seconds, 1),
        "profile": [round(float(value), 3) for value in profile],
    }


def _field(part: str, seed: int, name: str) -> dict:
    world, (second_width, window, dilation) = FIELD_WORLDS[part], FIELDS[name]
    data, test = world.draw(SIZE, seed), world.draw(TEST, seed + 100_000)
    settings = world_settings(second_width, window, dilation)
    network, begun = untrained(settings, data.x.shape[2], seed), time.process_time()
    *_, last = train(network, data, world_training(seed=seed))
    stack = Stack(settings.width, max(window, 1), second_width, dilation)
    z = logits(network, test)
    gaps = np.array([text.index(WORDS[1]) - text.index(WORDS[0]) for text in test.sequences])
    gaps -= len(WORDS[0])
    return {
        "name": name,
        "seed": seed,
        "field": receptive_field(stack.layers).size,
        "auroc": _rounded(roc(test.labels, z).area),
        "by_gap": {str(gap): round(float(z[gaps == gap].mean()), 2) for gap in np.unique(gaps)},
        "best": _rounded(world.best_auroc),
        "loss": _rounded(last.loss),
        "seconds": round(time.process_time() - begun, 1),
    }


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _keep(kept: str, key: str, found: dict) -> None:
    with open(Path(tempfile.gettempdir()) / "worlds.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several turns may run at the same time
        all_kept = {"worlds": {}, "fields": {}, "phase": {}}
        if TARGET.exists():
            all_kept = json.loads(TARGET.read_text())
        all_kept["about"] = {
            "train": SIZE,
            "test": TEST,
            "epochs": EPOCHS,
            "python": platform.python_version(),
            **{name: version(name) for name in ("torch", "numpy")},
        }
        all_kept[kept] = dict(sorted((all_kept.get(kept, {}) | {key: found}).items()))
        TARGET.write_text(json.dumps(all_kept, indent=1, sort_keys=True))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

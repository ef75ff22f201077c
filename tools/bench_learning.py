"""Benchmark of what the lab learns: planted motifs at its defaults, and CTCF peaks.

The data, the network, the training and the look at it are those of the lab itself. The filter that
is judged is the strongest: the one whose score alone has the highest AUROC on training data. No
truth is in an initialisation, in a restart (there are none) or in the choice of a filter.
"""

from __future__ import annotations

import dataclasses
import json
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from bench_report import Row, Section, limit, share

from motiflab.datasets.dataset import Dataset
from motiflab.interpretation import PUBLISHED, measured_pooling
from motiflab.interpretation.attribution import METHODS
from motiflab.lab.lab_data import LabData, prepare
from motiflab.lab.lab_state import LabState
from motiflab.lab.training_session import Look, Session, look
from motiflab.motifs import Motif, candidates, jaspar, similarity

PICK_SEED = 2026
"""Seed of the choice of motifs; the motif in row r of the collection is trained with seed r + 1."""

SIMILAR, NEAR, SECONDS = 0.9, 0.02, 1.0
CTCF_STATE = LabState(source="ctcf", width=19, epochs=20, batch=32)


def picks(number: int | None) -> list[int]:
    """Rows of the JASPAR vertebrates to plant: a random choice, or all with None."""
    rows = len(jaspar.collection("vertebrates"))
    chosen = np.random.default_rng(PICK_SEED).permutation(rows)[: number or rows]
    return sorted(chosen.tolist())


def timed(session: Session) -> list[tuple[float, float]]:
    """Train to the end; return for each record the seconds spent in `advance`: CPU, wall clock.

    CPU seconds are what a machine without other work would need, with one thread.
    """
    cpu = wall = 0.0
    clocks = [(cpu, wall)]
    going = True
    while going:
        cpu_start, wall_start = time.process_time(), time.perf_counter()
        going = session.advance()
        cpu += time.process_time() - cpu_start
        wall += time.perf_counter() - wall_start
        if len(session.records) > len(clocks):
            clocks.append((cpu, wall))
    return clocks


def index_within(seconds: list[float], most: float) -> int:
    """Index of the last record that was there after `most` seconds; `seconds` never falls."""
    return bisect_right(seconds, most) - 1


def trial(state: LabState, data: LabData) -> dict[str, Any]:
    """Train once; return what was learned after a second, and at the end."""
    session = Session(state, data)
    clocks = timed(session)
    last = len(clocks) - 1
    cuts = [index_within([clock[kind] for clock in clocks], SECONDS) for kind in (0, 1)]
    looks = {index: look(session, index) for index in {*cuts, last}}
    by_cpu, by_wall = (_similarities(looks[index]) for index in cuts)
    end = _similarities(looks[last])
    truth, auprc = data.train.motifs[0], looks[last].precision_recall.area
    gap = data.best_precision_recall.area - auprc
    return {
        "id": truth.id,
        "name": truth.name,
        "width": truth.width,
        "bits": round(float(truth.information().sum()), 2),
        "seed": state.seed,
        "strongest": by_cpu[0],
        "any": max(by_cpu),
        "strongest_by_wall": by_wall[0],
        "strongest_at_end": end[0],
        "auprc": round(auprc, 4),
        "optimum": round(data.best_precision_recall.area, 4),
        "gap": float(np.ceil(gap * 1e4) / 1e4),  # never better than it is
        **_naming(looks[last], truth),
        "steps_in_1_s": session.records[cuts[0]].step,
        "steps": session.total,
        "cpu_seconds": round(clocks[-1][0], 3),
        "wall_seconds": round(clocks[-1][1], 3),
    }


def _similarities(seen: Look) -> list[float]:
    """Similarity of each filter to the planted motif, strongest first; -1 if too narrow or silent.

    Rounded down, so that what is called 0.9 is 0.9 or more.
    """
    (truth,), q = seen.session.data.train.motifs, seen.session.data.background
    found = [None if f.silent else similarity(f.motif, truth, q) for f in seen.filters]
    return [float(np.floor((at.similarity if at else -1) * 1e4) / 1e4) for at in found]


def _naming(seen: Look, truth: Motif) -> dict[str, Any]:
    """How the strongest filter is named, and how many filters have a name.

    Ranks are those of the first motif with the planted id, and with the planted name, among all
    motifs by the likelihood of the filter's windows.
    """
    known, q = jaspar.collection("vertebrates"), seen.session.data.background
    (ranked,) = candidates([seen.filters[0].flanked], known, len(known), q)
    motifs = [candidate.motif for candidate in ranked]
    by_id = next(i for i, motif in enumerate(motifs) if motif.id == truth.id)
    by_name = next(i for i, m in enumerate(motifs) if m.name.upper() == truth.name.upper())
    without = next(motif for motif in motifs if motif.id != truth.id)

    def related(motif: Motif) -> bool:
        return bool({*jaspar.families(motif.id)} & {*jaspar.families(truth.id)})

    return {
        "named": seen.cards[0].name is not None,
        "names": sum(card.name is not None for card in seen.cards),
        "first": motifs[0].name,
        "llr": round(ranked[0].llr, 2),
        "rank_by_id": by_id + 1,
        "rank_by_name": by_name + 1,
        "family": related(motifs[0]) or motifs[0].id == truth.id,
        "family_without_it": related(without),
    }


def shuffled(data: LabData, seed: int) -> LabData:
    """Return the data with shuffled training labels and the true test labels."""
    labels = np.random.default_rng(seed).permutation(data.train.labels)
    new = dict(zip(data.train.sequences, labels))
    return dataclasses.replace(data, train=_relabelled(data.train, new),
                               logos=_relabelled(data.logos, new))  # fmt: skip


def _relabelled(data: Dataset, new: dict[str, int]) -> Dataset:
    return dataclasses.replace(data, labels=np.array([new[s] for s in data.sequences]))


def planted(
    number: int | None = 200, controls: int = 200, state: LabState | None = None
) -> Section:
    """Plant `number` motifs one by one (all with None); `controls` of them also without labels."""
    state = state or LabState()
    trials, sham = [], []
    for count, (one, data) in enumerate(_states(state, picks(number))):
        trials.append(trial(one, data))
        if count < controls:
            sham.append(trial(one, shuffled(data, one.seed)))
        print(f"  {count + 1}: {trials[-1]['name']} {trials[-1]['strongest']}", flush=True)
    n = len(trials)
    missed = [t for t in trials if t["strongest"] < SIMILAR or t["gap"] > NEAR]

    def reach(key: str, runs: list) -> int:
        return sum(run[key] >= SIMILAR for run in runs)

    def near(runs: list) -> int:
        return sum(run["gap"] <= NEAR for run in runs)

    rows = [
        share("strongest filter ≥ 0.9 within 1 s of CPU", reach("strongest", trials), n, "≥ 99%"),
        share("... by the wall clock", reach("strongest_by_wall", trials), n),
        share("... at the end of the training", reach("strongest_at_end", trials), n),
        share("any filter ≥ 0.9 within 1 s of CPU", reach("any", trials), n, "≥ 99%"),
        share("AUPRC within 0.02 of the optimum", near(trials), n, "≥ 95%"),
        share(
            "labels shuffled: strongest filter ≥ 0.9", reach("strongest", sham), len(sham), "≤ 0%"
        ),
        share("labels shuffled: AUPRC within 0.02", near(sham), len(sham), "≤ 0%"),
        share("labels shuffled: any filter ≥ 0.9", reach("any", sham), len(sham)),
        *_naming_rows(trials, sham),
        limit("training, median CPU", float(np.median([t["cpu_seconds"] for t in trials])), "s"),
    ]
    details = {"pick_seed": PICK_SEED, "state": dataclasses.asdict(state),
               "trials": trials, "shuffled_labels": sham}  # fmt: skip
    how = (
        f"{n} of the {len(jaspar.collection('vertebrates')):,} JASPAR CORE vertebrates, chosen "
        f"with seed {PICK_SEED}, one training each at the lab's defaults. `strongest` and `any` "
        "are similarities to the planted motif after 1 s spent in training steps, by CPU time "
        "with one thread; `gap` is the held-out AUPRC of the Neyman-Pearson score less that of "
        "the network, at the end. A control trains on shuffled labels and is tested on true ones. "
        "Names are by the likelihood of the windows of the strongest filter at the end, among all "
        "vertebrates of JASPAR whether or not it reaches the thresholds of a name; families are "
        "JASPAR's own. In parentheses: 95 % intervals by Wilson's score."
    )
    return Section(rows, details, how, missed)


def _naming_rows(trials: list[dict], sham: list[dict]) -> list[Row]:
    n = len(trials)
    rows = []
    for key, what in (("rank_by_id", "JASPAR id"), ("rank_by_name", "TF name")):
        ranks = [t[key] for t in trials]
        rows.append(share(f"name: right by {what}", ranks.count(1), n, "≥ 88%"))
        among = sum(rank <= 5 for rank in ranks)
        rows.append(share(f"... among the first five by {what}", among, n, "≥ 98%"))
    without = sum(t["family_without_it"] for t in trials)
    return [
        *rows,
        share("name: right family", sum(t["family"] for t in trials), n, "≥ 98%"),
        share("... with the planted matrix left out", without, n),
        share("strongest filter has a name", sum(t["named"] for t in trials), n, "≥ 97%"),
        share("labels shuffled: any filter has a name",
              sum(t["names"] > 0 for t in sham), len(sham), "≤ 1%"),
    ]  # fmt: skip


def _states(state: LabState, rows: list[int]) -> Iterator[tuple[LabState, LabData]]:
    ids = jaspar.collection("vertebrates").ids
    timed(Session(state, prepare(dataclasses.replace(state, n=200, epochs=1))))  # load torch
    for row in rows:
        one = dataclasses.replace(state, motif=ids[row], seed=row + 1)
        yield one, prepare(one)


def ctcf(seeds: tuple[int, ...] = (1, 2, 3, 4, 5), state: LabState = CTCF_STATE) -> Section:
    """Learn the CTCF peaks with each seed."""
    known = jaspar.collection("vertebrates")
    ids = [id_ for id_, name in zip(known.ids, known.names) if name == "CTCF"]
    runs, sham = [], []
    for seed in seeds:
        one = dataclasses.replace(state, seed=seed)
        runs.append(_ctcf_run(one, ids, lambda data, seed: data))
        sham.append(_ctcf_run(one, ids, shuffled))
        print(f"  {runs[-1]}", flush=True)
    median = float(np.median([run["auroc"] for run in runs]))
    worst = max(run["rank"] for run in runs)
    named = sum(run["name"] == "CTCF" for run in runs)
    chance = min(run["rank"] for run in sham)
    slowest = max(runs, key=lambda run: run["cpu_seconds"])
    each = ", ".join(f"{run['auroc']:.4f}" for run in runs)
    rows = [
        Row("held-out AUROC, median", f"{median:.4f} ({each})", "≥ 0.98", median >= 0.98),
        Row("rank of CTCF, worst", f"{worst} of {len(known):,}", "1", worst == 1),
        Row("the card says CTCF", f"{named} of {len(runs)}", "all", named == len(runs)),
        Row(
            "labels shuffled: rank of CTCF, best", f"{chance} of {len(known):,}", "> 1", chance > 1
        ),
        limit("data, training and naming, slowest, CPU", slowest["cpu_seconds"], "s", 20),
        limit("the same run by the wall clock", slowest["wall_seconds"], "s"),
    ]
    how = (
        f"{len(runs)} seeds, filters {state.width} wide, {state.epochs} epochs, batch "
        f"{state.batch}, all else as the lab's defaults. The rank is that of the first of "
        f"{', '.join(ids)} (the matrices named CTCF) by the likelihood of the windows of "
        "the strongest filter. A control trains on shuffled labels."
    )
    failures = [run for run in runs if run["auroc"] < 0.98 or run["rank"] > 1]
    details = {"state": dataclasses.asdict(state), "runs": runs, "shuffled_labels": sham}
    return Section(rows, details, how, failures)


def whole_motifs() -> Section:
    """Report the share of first-layer filters that match the truth, as it was measured.

    The trainings take too long for every run: `tools/whole_or_part.py` makes them, and what it kept
    is read here. Goals for the first layer are the lowest shares that Koo and Eddy (2019) report.
    """
    about, runs = measured_pooling()
    kinds: dict[tuple, list[dict]] = {}
    for run in runs:
        kinds.setdefault((run["labels"], run["activation"], run["pool"]), []).append(run)
    rows, failures = [], []
    for (labels, activation, pool), same in sorted(kinds.items(), reverse=True):
        low, goal = PUBLISHED[pool][0], ""
        if labels == "shuffled":
            goal = "≤ 0%"
        elif activation == "relu":
            goal = f"≥ {low:.0%}" if low else "≤ 0%"
            failures += [run for run in same if run["share"] < low]
        what = f"pool {pool}, {activation}" + (", labels shuffled" if labels == "shuffled" else "")
        filters = 30 * len(same)
        rows.append(share(what, round(sum(30 * run["share"] for run in same)), filters, goal))
    before = round(sum(30 * run["untrained"] for run in runs))
    rows.append(share("before the training", before, 30 * len(runs), "≤ 0%"))
    how = (
        f"Filters that match a planted motif, of 30 in each of the seeds "
        f"{sorted({run['seed'] for run in runs})}; {about['train']:,} sequences, {about['epochs']} "
        "epochs, a smaller network than that of the paper. Read from "
        "`motiflab/data/whole_or_part.json`, made by `tools/whole_or_part.py`."
    )
    return Section(rows, {"about": about, "runs": list(runs)}, how, failures)


def true_maps() -> Section:
    """Report the AUROC per base of attribution maps, as it was measured.

    Read from what `tools/study_maps.py` kept: seven maps of 40 positives for each of ten networks,
    and of ten that were trained on shuffled labels. A network has failed if its test AUROC is under
    0.7; with shuffled labels all have to.
    """
    runs = json.loads((Path(__file__).parent / "study_maps.json").read_text("utf-8"))["table"]
    kinds: dict[tuple, list[dict]] = {}
    for name, run in runs.items():
        activation, labels, *_, seed = name.split()
        run |= {"activation": activation, "labels": labels, "seed": int(seed)}
        kinds.setdefault((labels, activation), []).append(run)
    rows = []
    for (labels, activation), same in sorted(kinds.items(), reverse=True):
        what = f"{activation}, " + ("labels shuffled, " if labels == "shuffled" else "")
        for method in METHODS:
            areas = [run[method][0] for run in same]
            measured = f"{np.mean(areas):.2f} ({min(areas):.2f} to {max(areas):.2f})"
            rows.append(Row(what + method, measured))
    how = (
        "Probability that a base of a planted site has a higher number than another base, on "
        "average over 40 positives, for the mean of the seeds and (lowest to highest). Read from "
        "`tools/study_maps.json`, made by `tools/study_maps.py`."
    )
    failures = [run for run in runs.values() if run["failed"] and run["labels"] == "true"]
    return Section(rows, {"runs": list(runs.values())}, how, failures)


def _ctcf_run(state: LabState, ids: list[str], treat: Callable) -> dict[str, Any]:
    cpu, wall = time.process_time(), time.perf_counter()
    session = Session(state, treat(prepare(state), state.seed))
    while session.advance():
        pass
    seen = look(session)
    known = jaspar.collection("vertebrates")
    q, name = session.data.background, seen.cards[0].name
    (found,) = candidates([seen.filters[0].flanked], known, len(known), q)
    rank = next(i for i, candidate in enumerate(found, 1) if candidate.motif.id in ids)
    return {
        "seed": state.seed,
        "auroc": round(seen.roc.area, 4),
        "rank": rank,
        "id": found[rank - 1].motif.id,
        "llr": round(found[rank - 1].llr, 2),
        "first": f"{found[0].motif.name} {found[0].motif.id}",
        "name": name.best.motif.name if name else "",
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "wall_seconds": round(time.perf_counter() - wall, 2),
    }

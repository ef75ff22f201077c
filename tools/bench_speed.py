"""Benchmark of what things cost without a browser, as ratios of alternated repeats in one run."""

from __future__ import annotations

import asyncio
import gc
import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import run_notebooks
from bench_report import Row, Section, limit, spread

from motiflab.datasets.dataset import Dataset
from motiflab.figures.filter_gallery import FilterCard, gallery_html
from motiflab.lab.lab_data import prepare
from motiflab.lab.lab_state import LabState
from motiflab.lab.motif_lab import MotifLab
from motiflab.lab.training_session import Session, look
from motiflab.motifs.motif import Motif
from motiflab.networks import TrainSettings, cnn, one_thread, training

ROOT = Path(__file__).parents[1]
CORE = ["sequences", "layers", "motifs", "evaluation", "datasets", "networks", "interpretation"]


def bare_loop(network, data: Dataset, settings: TrainSettings) -> None:
    """Train as `train` does, batch for batch, with nothing kept or checked."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

    x, y = torch.from_numpy(data.x), torch.from_numpy(data.labels).float()
    total = training.steps_per_epoch(len(y), settings.batch) * settings.epochs
    optimizer = torch.optim.Adam(network.parameters(), lr=settings.learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=total + 1
    )
    generator = torch.Generator().manual_seed(settings.seed)
    for _ in range(settings.epochs):
        for batch in torch.randperm(len(y), generator=generator).split(settings.batch):
            optimizer.zero_grad()
            cross_entropy(network(x[batch]), y[batch]).backward()
            optimizer.step()
            schedule.step()


def overhead(repeats: int = 9, state: LabState | None = None) -> Section:
    """Compare the bare loop with `train()`, and with the lab at full speed, drawing."""
    with one_thread():  # as the lab trains: with more, the same sums round otherwise
        return asyncio.run(_overhead(repeats, state or LabState()))


async def _overhead(repeats: int, state: LabState) -> Section:
    import torch

    lab = MotifLab(**{**vars(state), "speed": "full"})
    await lab.run()  # what is loaded or worked out once is not counted
    data, settings, few = lab.session.data, state.training(), lab.session.few
    wall: dict[str, list[float]] = {"bare": [], "train": [], "records": [], "live": []}
    cpu: dict[str, list[float]] = {name: [] for name in wall}

    @contextmanager
    def clock(name: str) -> Iterator[None]:
        gc.collect()  # what an earlier run left behind is not this one's to clear away
        starts = time.perf_counter(), time.process_time()
        yield
        wall[name].append(time.perf_counter() - starts[0])
        cpu[name].append(time.process_time() - starts[1])

    for _ in range(repeats):
        networks = [cnn.build(state.model(), data.length, state.seed) for _ in range(3)]
        with clock("bare"):
            bare_loop(networks[0], data.train, settings)
        for name, network, between in zip(("train", "records"), networks[1:], (None, few)):
            with clock(name):
                for _ in training.train(network, data.train, settings, between):
                    pass
        lab.reset()
        with clock("live"):
            await lab.run()
    learned = [network.state_dict() for network in networks] + [lab.session.records[-1].weights]
    same = all(torch.equal(learned[0][key], other[key]) for other in learned[1:] for key in other)
    rows = []
    for name, what, goal in (
        ("train", "train() / bare torch loop", 1.05),
        ("records", f"train(), a record every {few} steps as in the lab / bare loop", None),
        ("live", "live, drawing at full speed / bare loop", 1.3),
    ):
        rows.append(limit(what, _ratio(wall[name], wall["bare"]), "times", goal, 3))
        rows.append(limit("... by CPU time", _ratio(cpu[name], cpu["bare"]), "times", digits=3))
    rows.append(Row("all four end with the same weights, bit for bit", str(same), "True", same))
    how = (
        f"A whole training at the lab's defaults, {repeats} repeats of each in turn; the ratio is "
        "that of the medians by the wall clock, which work of others on the machine blurs; that by "
        "CPU time leaves out the waiting, also our own. Live is `MotifLab` driven by asyncio "
        "without a browser, from Start to the last picture with its E-values."
    )
    details = {name: {"wall": spread(wall[name]), "cpu": spread(cpu[name])} for name in wall}
    return Section(rows, details, how)


def logos(repeats: int = 5, state: LabState | None = None) -> Section:
    """Compare the lab's live logos with logomaker's of the same filters."""
    state = state or LabState()
    session = Session(state, prepare(state))
    while session.advance():
        pass
    cards = look(session).cards
    seconds: dict[str, list[float]] = {"live": [], "logomaker": []}
    motifs = [card.motif for card in cards if card.motif]
    draw_live(cards), draw_logomaker(motifs[:1])
    for _ in range(repeats):
        seconds["live"].append(_seconds(lambda: draw_live(cards)))
        seconds["logomaker"].append(_seconds(lambda: draw_logomaker(motifs)))
    ratio = _ratio(seconds["logomaker"], seconds["live"])
    row = Row(f"logomaker / {len(motifs)} live logos", f"{ratio:.0f} times", "≥ 100", ratio >= 100)
    how = (
        f"The filters of a trained lab, {repeats} repeats in turn. Live: the whole gallery, each "
        "logo with the planted motif above it and its heading. logomaker: the same logos alone, "
        "each on a matplotlib figure without pyplot, to PNG at 100 dots an inch."
    )
    return Section([row], {name: spread(times) for name, times in seconds.items()}, how)


def draw_live(cards: list[FilterCard]) -> str:
    """Draw the gallery as the lab does."""
    return gallery_html(cards, "bench")


def draw_logomaker(motifs: list[Motif]) -> list[bytes]:
    """Draw the logo of each motif with logomaker, as PNG files."""
    return [logomaker_png(motif) for motif in motifs]


def logomaker_png(motif: Motif) -> bytes:
    """Draw one motif in bits with logomaker, the quickest plain way to a PNG on the screen."""
    import logomaker
    import pandas as pd
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2.4, 0.8), dpi=100)
    FigureCanvasAgg(figure)
    heights = motif.probabilities() * motif.information()[:, None]
    axes = figure.add_subplot()
    logomaker.Logo(pd.DataFrame(heights, columns=list("ACGT")), ax=axes)
    axes.set_ylim(0, 2)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def imports(repeats: int = 11) -> Section:
    """Compare the imports of motiflab, and of all its core, with that of numpy; each anew."""
    # A network is a subclass of a torch class; that module is loaded when a network is built.
    core = sorted(
        f"motiflab.{folder}.{path.stem}"
        for folder in CORE
        for path in (ROOT / "motiflab" / folder).glob("[a-z]*.py")
        if path.stem != "cnn"
    )
    statements = {
        "numpy": "import numpy",
        "motiflab": "import motiflab",
        "core": "import " + ", ".join(core),
    }
    seconds: dict[str, list[float]] = {name: [] for name in statements}
    for repeat in range(repeats + 1):
        for name, statement in statements.items():
            code = (
                "import time; start = time.perf_counter(); "
                f"{statement}; print(time.perf_counter() - start)"
            )
            found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
            if repeat:  # the first fills the disk's cache
                seconds[name].append(float(found.stdout))
    rows = [
        limit(f"import {what} / import numpy", _ratio(seconds[key], seconds["numpy"]), "times")
        for what, key in (("motiflab", "motiflab"), ("every module of the core", "core"))
    ]
    how = f"{repeats} fresh interpreters each, in turn; the ratio is that of the medians."
    return Section(rows, {name: spread(times) for name, times in seconds.items()}, how)


def memory(paths: list[Path] | None = None) -> Section:
    """Read the memory of the kernel at the end of each notebook."""
    rows, details = [], {}
    for path in run_notebooks.find([ROOT / "notebooks"]) if paths is None else paths:
        result = run_notebooks.run(path)
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        details[name] = {**vars(result), "seconds": round(result.seconds, 1)}
        if result.problems or result.at_end is None:
            rows.append(Row(f"{name}: kernel at the end", "failed or unknown", "≤ 600 MB", False))
        else:
            used = result.at_end * 2**20 / 1e6
            rows.append(limit(f"{name}: kernel at the end", used, "MB", 600, 0))
    how = (
        "Each notebook run whole; resident memory of its kernel after the last cell (MiB in JSON)."
    )
    return Section(rows, details, how)


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _ratio(one: list[float], other: list[float]) -> float:
    return statistics.median(one) / statistics.median(other)

"""Benchmark of speed and memory without a browser, as ratios of alternated repeats in one run."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import run_notebooks
from bench_report import Row, Section, limit, spread

from motiflab.datasets.dataset import Dataset
from motiflab.evaluation import MatrixReader, scan_genome
from motiflab.figures.filter_gallery import FilterCard, gallery_html
from motiflab.lab.lab_data import prepare
from motiflab.lab.lab_state import LabState
from motiflab.lab.motif_lab import MotifLab
from motiflab.lab.training_session import Session, look
from motiflab.motifs.motif import Motif
from motiflab.networks import (
    ModelSettings,
    TrainSettings,
    engine_for,
    one_thread,
    steps_per_epoch,
    train,
    untrained,
)
from motiflab.networks.model_settings import ACTIVATIONS, POOLINGS
from motiflab.networks.training import ENGINES
from motiflab.sequences import FastaRecord, one_hot, random_sequences

ROOT = Path(__file__).parents[1]
CORE = ["sequences", "layers", "motifs", "evaluation", "datasets", "networks", "interpretation"]


def bare_loop(network, data: Dataset, settings: TrainSettings) -> None:
    """Train as `train` does, batch for batch, in torch with nothing kept or checked."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

    x, y = torch.from_numpy(data.x), torch.from_numpy(data.labels).float()
    total = steps_per_epoch(len(y), settings.batch) * settings.epochs
    optimizer = torch.optim.Adam(network.parameters(), lr=settings.learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=total + 1
    )
    rng = np.random.default_rng(settings.seed)
    for _ in range(settings.epochs):
        for batch in torch.from_numpy(rng.permutation(len(y))).split(settings.batch):
            optimizer.zero_grad()
            cross_entropy(network(x[batch]), y[batch]).backward()
            optimizer.step()
            schedule.step()


def overhead(repeats: int = 9, state: LabState | None = None) -> Section:
    """Compare the bare loop with `train()`, and with the lab at full speed, drawing."""
    with one_thread():  # as the lab trains: with more, the same sums round otherwise
        return asyncio.run(_overhead(repeats, state or LabState()))


class Clock:
    """Seconds of alternated repeats, by the wall clock and by CPU time, under their names."""

    def __init__(self) -> None:
        self.wall: dict[str, list[float]] = {}
        self.cpu: dict[str, list[float]] = {}

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Add the time of the block."""
        gc.collect()  # what an earlier run left behind is not this one's to clear away
        starts = time.perf_counter(), time.process_time()
        yield
        self.wall.setdefault(name, []).append(time.perf_counter() - starts[0])
        self.cpu.setdefault(name, []).append(time.process_time() - starts[1])

    def rows(self, name: str, other: str, what: str, goal: float | None = None) -> list[Row]:
        """Two rows: ratios of the times of both."""
        ratios = (_ratio(kind[name], kind[other]) for kind in (self.wall, self.cpu))
        named = ((what, goal), ("... by CPU time", None))
        return [
            limit(words, ratio, "times", most, 3)
            for (words, most), ratio in zip(named, ratios, strict=True)
        ]

    def details(self) -> dict:
        """All seconds."""
        return {
            name: {"wall": spread(self.wall[name]), "cpu": spread(self.cpu[name])}
            for name in self.wall
        }


async def _overhead(repeats: int, state: LabState) -> Section:
    lab = MotifLab(**{**vars(state), "speed": "full"})
    await lab.run()  # what is loaded or worked out once is not counted
    data, settings, few = lab.session.data, state.training(), lab.session.few
    clock = Clock()
    bare_loop(untrained(state.model(), data.length, engine="torch"), data.train, settings)
    for _ in range(repeats):
        made = {
            name: untrained(state.model(), data.length, state.seed, engine=engine)
            for name, engine in (("bare", "torch"), ("torch", "torch"), ("numpy", "numpy"),
                                 ("records", "numpy"))
        }  # fmt: skip
        with clock.time("bare"):
            bare_loop(made["bare"], data.train, settings)
        for name, engine, between in (
            ("torch", "torch", None),
            ("numpy", "numpy", None),
            ("records", "numpy", few),
        ):
            with clock.time(name):
                for _ in train(made[name], data.train, settings, between, engine):
                    pass
        lab.reset()
        with clock.time("live"):
            await lab.run()
    ends = {name: network.state_dict() for name, network in made.items()}
    ends["live"] = lab.session.records[-1].weights
    rows = []
    for name, what, goal in (
        ("numpy", "train(), in numpy / bare torch loop", 0.5),
        ("records", f"... with a record every {few} steps, as in the lab", None),
        ("live", "live, drawing at full speed / bare torch loop", 0.9),
        ("torch", "train(), in torch / bare torch loop", 1.05),
    ):
        rows += clock.rows(name, "bare", what, goal)
    for name, others in (("bare", ["torch"]), ("numpy", ["records", "live"])):
        same = all(
            np.array_equal(ends[name][key], ends[other][key])
            for other in others
            for key in ends[name]
        )
        what = f"{' and '.join(others)} end with the weights of {name}, bit for bit"
        rows.append(Row(what, str(same), "True", same))
    how = (
        f"A whole training at the lab's defaults, {repeats} repeats of each in turn; the ratio is "
        "that of the medians by the wall clock, which work of others on the machine blurs; that by "
        "CPU time leaves out the waiting, also our own. Live is `MotifLab` driven by asyncio "
        "without a browser, from Start to the last picture with its E-values."
    )
    return Section(rows, clock.details(), how)


SHAPES = {
    "one strand": {"both_strands": False},
    "padding 7": {"padding": 7},
    "stride 3": {"stride": 3},
    "dilation 2": {"dilation": 2},
    "64 filters": {"filters": 64},
    "width 31": {"width": 31},
}


def engines(repeats: int = 5, n: int = 2000, lengths: tuple[int, ...] = (100, 400)) -> Section:
    """Compare both engines, for each activation and pooling and for other shapes of the default."""
    each = {
        f"{activation}, {pooling}": {"activation": activation, "pooling": pooling}
        for activation in ACTIVATIONS
        for pooling in POOLINGS
    }
    settings = TrainSettings(epochs=1)
    rows, details = [], {}
    for length in lengths:
        data = prepare(LabState(n=n, length=length)).train
        for name, choices in (each | SHAPES if length == lengths[0] else each).items():
            model, clock, losses = ModelSettings(**choices), Clock(), {}
            for _ in range(repeats):
                for engine in ENGINES:
                    network = untrained(model, length, engine=engine)
                    with one_thread(), clock.time(engine):
                        records = list(train(network, data, settings, 1, engine))
                    losses[engine] = [record.loss for record in records]
            what = f"{name}, {length} bases: numpy / torch"
            rows += clock.rows("numpy", "torch", f"{what} (chosen: {engine_for(model)})")
            apart = float(np.abs(np.subtract(*losses.values())).max())
            details[f"{name}, {length}"] = {**clock.details(), "losses_apart": apart}
    how = (
        f"A pass through {n:,} sequences at the lab's defaults but for what is named, {repeats} "
        "repeats of both in turn, one thread. The engine is chosen by one rule: numpy for one "
        "layer pooled over the whole sequence, torch else. The greatest distance between the "
        "losses of one step stands in the JSON."
    )
    return Section(rows, details, how)


def agreement(seeds: Sequence[int] = range(1, 4), state: LabState | None = None) -> Section:
    """Compare whole trainings: numpy with torch, and torch's two threads with its one."""
    import torch

    state = state or LabState(n=2000)
    found, rows = [], []
    threads = torch.get_num_threads()
    for seed in seeds:
        data = prepare(dataclasses.replace(state, seed=seed))
        for activation in ACTIVATIONS:
            for pooling in POOLINGS:
                model = dataclasses.replace(state.model(), activation=activation, pooling=pooling)
                losses = {}
                for name, engine, number in (
                    ("one", "torch", 1), ("two", "torch", 2), ("numpy", "numpy", 1)
                ):  # fmt: skip
                    torch.set_num_threads(number)
                    network = untrained(model, data.length, seed, engine=engine)
                    records = list(train(network, data.train, state.training(), 1, engine))
                    losses[name] = np.array([record.loss for record in records])
                apart = {
                    name: float(np.abs(losses[name] - losses["one"])[1:].max())
                    for name in ("two", "numpy")
                }
                found.append({"activation": activation, "pooling": pooling, "seed": seed} | apart)
    torch.set_num_threads(threads)
    for name, what in (("numpy", "numpy and torch"), ("two", "torch with two threads and one")):
        values = [one[name] for one in found]
        rows.append(Row(f"{what}: losses apart, median", f"{statistics.median(values):.1e}"))
        rows.append(Row(f"{what}: losses apart, greatest", f"{max(values):.1e}"))
    how = (
        f"{len(found)} trainings ({len(seeds)} seeds, every activation and pooling), from the same "
        "weights in the same batches; the greatest distance between the losses of one step."
    )
    return Section(rows, {"trainings": found}, how)


def genome(repeats: int = 5, length: int = 2_000_000, width: int = 17) -> Section:
    """Compare a scan of both strands with Biopython's search and with a convolution in torch."""
    import torch
    from Bio.motifs.matrix import PositionSpecificScoringMatrix
    from Bio.Seq import Seq

    rng = np.random.default_rng(0)
    weights = rng.normal(0, 1, (width, 4))
    (text,) = random_sequences(1, length, None, rng)
    columns = {base: weights[:, a].tolist() for a, base in enumerate("ACGT")}
    matrix = PositionSpecificScoringMatrix("ACGT", columns)
    reader = MatrixReader(weights)
    threshold = reader.threshold(1e-4)
    kernels = torch.tensor(np.stack([weights.T, weights[::-1, ::-1].T]), dtype=torch.float32)

    def convolve() -> int:
        x = torch.from_numpy(one_hot(text, channels="first"))[None]
        return len(torch.nonzero(torch.nn.functional.conv1d(x, kernels) >= threshold))

    ways = {
        "motiflab": lambda: len(list(scan_genome([FastaRecord("x", text)], reader, threshold))),
        "Biopython": lambda: len(list(matrix.search(Seq(text), threshold))),
        "torch": convolve,
    }
    clock, found = Clock(), {}
    with one_thread():
        torch.set_num_threads(1)
        for _ in range(repeats):
            for name, scan in ways.items():
                with clock.time(name):
                    found[name] = scan()
    rows = clock.rows("motiflab", "Biopython", "scan_genome / Biopython's PSSM search", 1.0)
    rows += clock.rows("motiflab", "torch", "scan_genome / conv1d of the whole sequence", 1.0)
    same = max(found.values()) - min(found.values()) <= 2
    rows.append(Row("hits of the three", str([*found.values()]), "equal but for rounding", same))
    seconds = statistics.median(clock.cpu["motiflab"])
    how = (
        f"{length:,} random bases, {width} positions, both strands, a threshold with p = 1e-4; "
        f"{repeats} repeats in turn, one thread. Encoding is part of each: from the text to the "
        f"hits. motiflab reads {length / seconds / 1e6:.0f} million bases a second of CPU time."
    )
    return Section(rows, clock.details(), how)


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
            rows.append(
                limit(
                    f"{name}: kernel at the end", used, "MB", 400 if "motif_lab" in name else 600, 0
                )
            )
    how = (
        "Each notebook run whole; resident memory of its kernel after the last cell (MiB in JSON)."
    )
    return Section(rows, details, how)


IN_A_CLASS = """
from motiflab import MotifLab
lab = MotifLab(speed="full", epochs=200)
lab.start()
import asyncio
while not lab.session.step:
    await asyncio.sleep(0.01)
"""


def classroom(number: int = 20) -> Section:
    """Start kernels as a class on one server does, and measure their memory while all train."""
    import psutil
    from jupyter_client.manager import KernelManager
    from traitlets.config import Config

    # Without this every kernel of ipykernel 7.4 warns that its messages can be overheard.
    config = Config(KernelManager={"transport_encryption": "auto"})
    used, started = [], []
    try:
        for _ in range(number):
            manager = KernelManager(kernel_name="python3", config=config)
            manager.start_kernel()
            started.append((manager, manager.blocking_client()))
        for _, client in started:
            client.start_channels()
            client.wait_for_ready(timeout=600)
        asked = [client.execute(IN_A_CLASS) for _, client in started]
        for (_, client), message in zip(started, asked, strict=True):
            reply = {}
            while reply.get("parent_header", {}).get("msg_id") != message:
                reply = client.get_shell_msg(timeout=600)
            if reply["content"]["status"] != "ok":
                raise RuntimeError(reply["content"]["evalue"])
        for manager, _ in started:
            memory = psutil.Process(manager.provisioner.pid).memory_full_info()
            used.append(memory.uss / 1e6)
    finally:
        for manager, client in started:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    row = limit(f"USS a kernel, greatest of {number} that train", max(used), "MB", 220, 0)
    how = (
        f"{number} kernels on this machine, each with a lab that trains at full speed; the unique "
        "set size is what a kernel has for itself, without what it shares with others."
    )
    return Section([row], {"uss_mb": spread(used)}, how)


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _ratio(one: list[float], other: list[float]) -> float:
    return statistics.median(one) / statistics.median(other)

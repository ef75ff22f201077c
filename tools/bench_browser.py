"""Benchmark of response times in the browser: to a key, to Pause, and to the first picture."""

from __future__ import annotations

import json
import random
import re
import statistics
from itertools import cycle
from typing import Any

from bench_page import Browser
from bench_report import Row, Section, limit, spread

from motiflab.lab.lab_state import LabState

# What a lesson without motiflab would do: the same logo, drawn anew by logomaker for each value.
RIVAL = """
import io
import ipywidgets, logomaker, pandas
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from motiflab.explorers.motif_explorer import MotifState, compute

slider = ipywidgets.FloatSlider(0.5, min=0.2, max=0.8, step=0.05, description="GC as PNG")
image = ipywidgets.Image(format="png")
image.add_class("bench-png")

def draw(change):
    result = compute(MotifState(gc=round(slider.value, 2)))
    figure = Figure(figsize=(3.2, 1.9), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(title=f"GC {slider.value:.2f}", ylim=(0, 2.4))
    heights = result.ppm * result.information[:, None]
    logomaker.Logo(pandas.DataFrame(heights.clip(0), columns=list("ACGT")), ax=axes)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    image.value = file.getvalue()

slider.observe(draw, "value")
draw(None)
ipywidgets.VBox([slider, image])
"""

# Writes down when the steps of a training were done, in the clock that the page has, too.
WATCH = """
import json, time
from motiflab import MotifLab
from motiflab.lab.training_session import Session

log = open("steps.log", "w")
advance = Session.advance

def watched(session):
    going = advance(session)
    print(json.dumps([time.time(), session.step]), file=log, flush=True)
    return going

Session.advance = watched
"""

IMPORTS = """
from motiflab.explorers.motif_explorer import MotifExplorer
from motiflab import MotifLab
"""

MAKE = """
import time
start = time.perf_counter()
explorer = {}
open("made.log", "a").write(f"{{time.perf_counter() - start}}\\n")
explorer
"""


def slider(browser: Browser, presses: int = 40) -> Section:
    """Measure key press to paint, of the explorer and of a PNG, in turns of ten."""
    cells = "from motiflab.explorers.motif_explorer import MotifExplorer", "MotifExplorer()", RIVAL
    targets = {
        "explorer": [".motiflab-picture-logo", ".motiflab-readout"],
        "png": ["img.bench-png"],
    }
    # Both sliders go from 0.2 to 0.8 by 0.05 and begin in the middle.
    keys = {name: cycle(["ArrowRight"] * 6 + ["ArrowLeft"] * 6) for name in targets}
    times: dict[str, list[float]] = {name: [] for name in targets}
    warm_up = 3
    with browser.opened(*cells) as notebook:
        notebook.run()
        page = notebook.page
        page.wait_for_selector(".motiflab-readout p")
        rival = page.locator(".widget-slider", has_text="GC as PNG").locator(".noUi-handle")
        handles = {"explorer": notebook.slider("GC of the background"), "png": rival}
        while len(times["png"]) < presses + warm_up:
            for name, handle in handles.items():
                handle.focus()
                for _ in range(10):
                    page.evaluate("all => bench.answer('keydown', all, '')", targets[name])
                    page.keyboard.press(next(keys[name]))
                    times[name].append(page.evaluate("() => bench.pending")["ms"])
                    page.wait_for_timeout(100)
    found = {name: spread(values[warm_up:]) for name, values in times.items()}
    mine, png = found["explorer"], found["png"]
    ratio = png["median"] / mine["median"]
    rows = [
        Row("PNG / explorer, medians", f"{ratio:.1f} times", "≥ 4", ratio >= 4),
        limit("explorer, median", mine["median"], "ms", digits=0),
        limit("explorer, 90th percentile", mine["p90"], "ms", 100, 0),
        limit("PNG, median", png["median"], "ms", digits=0),
        limit("PNG, 90th percentile", png["p90"], "ms", digits=0),
    ]
    how = (
        f"{len(mine['all'])} presses of an arrow key on a slider of MotifExplorer, until its logo "
        "and its readout have changed and are painted, and as many on a slider whose callback "
        "draws the same logo with logomaker as a PNG of 320 by 190 pixels in an Image widget; ten "
        "of the one, ten of the other, in one notebook; milliseconds in the page."
    )
    return Section(rows, found, how)


def pause(
    browser: Browser, repeats: int = 20, epochs: tuple[int, ...] = (LabState().epochs, 100)
) -> Section:
    """Measure click on Pause to halt, in trainings of so many epochs: the lab's, and many."""
    rows, details = [], {}
    for number in epochs:
        name = f"{number} epochs"
        runs = _pauses(browser, f"MotifLab(speed='full', epochs={number})", repeats)
        halt = spread(run["halt_ms"] for run in runs)
        said = spread(run["said_ms"] for run in runs)
        steps = statistics.median(run["steps_after"] for run in runs)
        details[name] = {"runs": runs, "halt_ms": halt, "said_ms": said}
        rows += [
            limit(f"{name}: click to the last step, median", halt["median"], "ms", 50, 0),
            limit("... 90th percentile", halt["p90"], "ms", digits=0),
            limit("... steps trained after the click, median", steps, "steps", digits=0),
            limit("... click to the word paused, painted, median", said["median"], "ms", digits=0),
        ]
    how = (
        f"{repeats} trainings at full speed, paused by a click after a random moment (seed 1). The "
        "halt is the end of the last training step, as the kernel's clock has it, after the time "
        "stamp of the click; both read the clock of the machine."
    )
    return Section(rows, details, how)


def _pauses(browser: Browser, lab: str, repeats: int) -> list[dict[str, Any]]:
    wait, runs = random.Random(1), []
    with browser.opened(WATCH, lab) as notebook:
        notebook.run()
        page = notebook.page
        bar = page.locator(".motiflab-toolbar")
        while len(runs) < repeats:
            bar.get_by_role("button", name="Reset").click()
            bar.get_by_text("not trained yet").wait_for()
            bar.get_by_role("button", name="Start").click()
            bar.get_by_text(re.compile(r"step [1-9]\d* of \d+, training")).wait_for()
            page.wait_for_timeout(wait.uniform(0, 200))
            page.evaluate("() => bench.answer('click', ['.motiflab-toolbar'], 'paused')")
            bar.get_by_role("button", name="Pause").click(timeout=5000)
            answer = page.evaluate("() => bench.pending")
            log = (browser.lab.root / "steps.log").read_text().splitlines()
            times = [json.loads(line) for line in log]
            before = [step for time, step in times if time <= answer["at"]][-1]
            runs.append(
                {
                    "halt_ms": round(max(0.0, times[-1][0] - answer["at"]) * 1000, 1),
                    "said_ms": round(answer["ms"], 1),
                    "steps_after": times[-1][1] - before,
                }
            )
    return runs


def first_picture(browser: Browser, repeats: int = 3) -> Section:
    """Measure time and data of the first lab, and of each further explorer, in new notebooks."""
    order = ["MotifLab()", "MotifLab()", "MotifExplorer()", "MotifExplorer()"]
    names = ["first lab", "further lab", "first motif explorer", "further motif explorer"]
    cells = [IMPORTS, *(MAKE.format(explorer) for explorer in order)]
    runs: list[dict[str, Any]] = []
    for _ in range(repeats):
        with browser.opened(*cells) as notebook:
            run: dict[str, Any] = {"import": notebook.page.evaluate("() => bench.ran(0)")}
            for number, name in enumerate(names, 1):
                before = notebook.received
                shown = notebook.page.evaluate("number => bench.shown(number)", number)
                notebook.page.wait_for_timeout(500)  # for messages that no picture waits for
                run[name] = {"seconds": shown, "megabytes": (notebook.received - before) / 1e6}
                if "lab" in name:
                    charts = notebook.page.evaluate("number => bench.charts(number)", number)
                    run[name]["charts"] = charts
                    # Only now: plotly is sent once somebody points at a chart.
                    cell = notebook.page.locator(".jp-CodeCell").nth(number)
                    cell.locator(".motiflab-chart").first.hover()
                    cell.locator(".main-svg").first.wait_for()
            made = (browser.lab.root / "made.log").read_text().split()[-len(order) :]
            for name, seconds in zip(names, made):
                run[name]["kernel"] = float(seconds)
            run["large"] = notebook.large
            runs.append(run)

    def median(name: str, key: str) -> float:
        return statistics.median(run[name][key] for run in runs)

    rows = [
        limit("the import cell", statistics.median(run["import"] for run in runs), "s"),
        limit("first lab: its cell to its pictures", median("first lab", "seconds"), "s", 2),
        limit("... of which the kernel, making it", median("first lab", "kernel"), "s"),
        limit("first lab: sent to the browser", median("first lab", "megabytes"), "MB"),
        limit("... its tab Curves to its charts", median("first lab", "charts"), "s"),
        limit("messages over 1 MB (plotly's bundle), most", max(len(r["large"]) for r in runs),
              "a notebook", 1, 0),
    ]  # fmt: skip
    for name in names[1:]:
        rows += [
            limit(f"{name}: sent", median(name, "megabytes"), "MB", 0.1, 3),
            limit(f"{name}: its cell to its pictures", median(name, "seconds"), "s", 0.2),
            limit("... of which the kernel, making it", median(name, "kernel"), "s"),
        ]
    how = (
        f"{repeats} new notebooks, each with a new kernel: medians. Seconds run in the page from "
        "the run of the cell until all its pictures are painted; bytes are what came over the "
        "websocket, uncompressed. Making a lab includes making its data."
    )
    return Section(rows, {"runs": runs}, how)

"""Measure what motiflab learns and what it costs, and compare that with its goals.

    make bench                                   # everything, about half an hour
    python tools/bench.py --only slider pause    # some sections; the others stay as they were
    python tools/bench.py --only planted --all   # all motifs of the JASPAR vertebrates
    python tools/bench.py --quick                # a smoke run with tiny sizes; writes nothing

It prints a table of ratios with their goals and writes two files: `bench_results.json`, which holds
every seed, every repeat and every failure, and `bench_results.md`, the same to read.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import bench_browser
import bench_explorers
import bench_learning
import bench_lite
import bench_page
import bench_report
import bench_speed
from bench_report import Section

from motiflab.explorers.motif_explorer import MotifExplorer
from motiflab.lab.lab_state import LabState

FOLDER = Path(__file__).parent
TINY = LabState(n=400, epochs=1)
IN_BROWSER = {
    "slider": (bench_browser.slider, {"presses": 10}),
    "pause": (bench_browser.pause, {"repeats": 2, "epochs": (4,)}),
    "first picture": (bench_browser.first_picture, {"repeats": 1}),
    "explorers": (bench_explorers.explorers, {"presses": 2, "classes": (MotifExplorer,)}),
    "edition in the browser": (
        bench_lite.in_the_browser,
        {"names": ("1_principles/01_sequences",)},
    ),
}
# Each section, and what makes it tiny.
SECTIONS: dict[str, tuple[Callable[..., Section], dict]] = {
    "planted": (bench_learning.planted, {"number": 2, "controls": 1, "state": TINY}),
    "ctcf": (
        bench_learning.ctcf,
        {"seeds": (1,), "state": LabState(source="ctcf", width=19, epochs=1)},
    ),
    "whole motifs": (bench_learning.whole_motifs, {}),
    "true maps": (bench_learning.true_maps, {}),
    "overhead": (bench_speed.overhead, {"repeats": 1, "state": TINY}),
    "engines": (bench_speed.engines, {"repeats": 1, "n": 200, "lengths": (60,)}),
    "agreement": (bench_speed.agreement, {"seeds": (1,), "state": TINY}),
    "logos": (bench_speed.logos, {"repeats": 1, "state": TINY}),
    "genome": (bench_speed.genome, {"repeats": 1, "length": 50_000}),
    "imports": (bench_speed.imports, {"repeats": 1}),
    "memory": (bench_speed.memory, {"paths": []}),
    "classroom": (bench_speed.classroom, {"number": 2}),
    **IN_BROWSER,
}


def measure(
    names: Sequence[str], quick: bool = False, every_motif: bool = False
) -> Iterator[tuple[str, dict]]:
    """Measure some sections; yield the name of each and what was found, as JSON holds it."""
    with ExitStack() as stack:
        browser = None
        for name in names:
            section, tiny = SECTIONS[name]
            sizes = dict(tiny) if quick else {}
            if every_motif and name == "planted":
                sizes["number"] = None
            if name in IN_BROWSER:
                browser = browser or stack.enter_context(bench_page.started())
                sizes["browser"] = browser
            print(f"{name} ...", flush=True)
            measured, start = bench_report.conditions(quick), time.monotonic()
            found = section(**sizes)
            measured["seconds"] = round(time.monotonic() - start)
            yield name, bench_report.as_json(found, measured)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for, write the files and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=SECTIONS, metavar="SECTION",
                        default=list(SECTIONS), help=", ".join(SECTIONS))  # fmt: skip
    parser.add_argument("--all", action="store_true", help="plant every JASPAR vertebrate motif")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, nothing written")
    parser.add_argument(
        "--output", type=Path, help=f"folder for the files (default: {FOLDER.name})"
    )
    chosen = parser.parse_args(arguments)
    folder = chosen.output or (None if chosen.quick else FOLDER)
    # Read by torch when it is loaded, here and in every process started from here.
    os.environ["OMP_NUM_THREADS"] = "1"
    results = {}
    for name, found in measure(chosen.only, chosen.quick, chosen.all):
        results[name] = found
        if folder:  # at once: what comes later may fail
            older = bench_report.read(folder)
            merged = older | results
            bench_report.write({key: merged[key] for key in SECTIONS if key in merged}, folder)
    print(*bench_report.table(results), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Results of a benchmark, as rows with goals, in JSON, in Markdown and for the screen."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

DATA, PAGE = "bench_results.json", "bench_results.md"
LIBRARIES = ("numpy", "torch", "plotly", "ipywidgets", "ipykernel", "jupyterlab", "logomaker")


@dataclass(frozen=True)
class Row:
    """One measurement beside its goal; `met` is None where there is no goal."""

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """Text of the last column of the table."""
        return {True: "yes", False: "NO", None: ""}[self.met]


@dataclass(frozen=True)
class Section:
    """Results of one part of the benchmark.

    Attributes
    ----------
    rows : list of Row
    details : dict
        All there is to know, ready for JSON: every seed, every repeat.
    how : str
        How it was measured, in a sentence or two.
    failures : list of dict
        Each case that missed a goal, with its numbers; all with the same keys.
    """

    rows: list[Row]
    details: dict[str, Any]
    how: str
    failures: list[dict[str, Any]] = field(default_factory=list)


def interval(hits: int, of: int) -> tuple[float, float]:
    """Bounds of the 95 % interval of a share by Wilson's score (Wilson 1927, JASA 22:209)."""
    z = 1.959964  # of the standard normal distribution, 95 % lies within
    p, spread = hits / of, z**2 / of
    half = (spread * (p * (1 - p) + spread / 4)) ** 0.5
    return tuple((p + spread / 2 + sign * half) / (1 + spread) for sign in (-1, 1))


def share(what: str, hits: int, of: int, goal: str = "") -> Row:
    """Make the row of a share with its 95 % interval; the goal, if any, is "≥ 95%" or "≤ 0%"."""
    met = None
    if goal:
        sign, percent = goal.split()
        wanted = float(percent.rstrip("%")) / 100
        met = hits / of >= wanted if sign == "≥" else hits / of <= wanted
    low, high = interval(hits, of)
    return Row(what, f"{hits / of:.1%} ({hits} of {of}; {low:.1%} to {high:.1%})", goal, met)


def limit(what: str, value: float, unit: str, most: float | None = None, digits: int = 2) -> Row:
    """Make the row of a number that should be at most `most`, if that is given."""
    measured = f"{value:.{digits}f} {unit}".strip()
    if most is None:
        return Row(what, measured)
    return Row(what, measured, f"≤ {most:g} {unit}".strip(), value <= most)


def spread(values: Iterable[float]) -> dict[str, Any]:
    """Return the median, the 90th percentile (nearest rank) and all of the values."""
    values = list(values)
    rank = -(-9 * len(values) // 10)
    return {
        "median": statistics.median(values),
        "p90": sorted(values)[rank - 1],
        "all": [round(value, 6) for value in values],
    }


def conditions(quick: bool) -> dict[str, Any]:
    """Say under which conditions a section was measured, without naming the machine."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "quick": quick,
        "cores": os.cpu_count(),
        "load_at_start": load,
        "threads": os.environ.get("OMP_NUM_THREADS", "not set"),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def table(results: dict[str, Any]) -> list[str]:
    """Return the table of all rows as aligned lines, for the screen."""
    rows = [("", "measured", "goal", "met")]
    for name, section in results.items():
        rows.append((f"-- {name}", "", "", ""))
        rows += [(row["what"], row["measured"], row["goal"], row["met"]) for row in section["rows"]]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  ".join(c.ljust(w) for c, w in zip(row, [*widths, 3])).rstrip() for row in rows]


def as_json(section: Section, measured: dict[str, Any]) -> dict[str, Any]:
    """Return a section with the conditions it was measured under, as JSON holds it."""
    rows = [
        {"what": r.what, "measured": r.measured, "goal": r.goal, "met": r.verdict}
        for r in section.rows
    ]
    return {
        "how": section.how,
        "conditions": measured,
        "rows": rows,
        "failures": section.failures,
        "details": section.details,
    }


def markdown(results: dict[str, Any]) -> str:
    """Return the results as a page: goals and results, then every failure with its numbers."""
    parts = [
        "# Benchmark",
        "Made by `make bench`; all seeds and repeats are in `tools/bench_results.json`. Speeds are "
        "ratios of two things measured in the same run where there is something to compare with; "
        "milliseconds and seconds are those of the machine that ran it.",
    ]
    for name, section in results.items():
        c = section["conditions"]
        parts += [
            f"## {name}",
            section["how"],
            f"Measured with {c['threads']} thread on {c['cores']} cores, load {c['load_at_start']} "
            f"at the start, Python {c['python']}" + (", a smoke run." if c["quick"] else "."),
            _table(
                ["what", "measured", "goal", "met"],
                [[r["what"], r["measured"], r["goal"], r["met"]] for r in section["rows"]],
            ),
        ]
        if section["failures"]:
            parts.append("What missed:")
            keys = list(section["failures"][0])
            parts.append(_table(keys, [[f[key] for key in keys] for f in section["failures"]]))
    return "\n\n".join(parts) + "\n"


def read(folder: Path) -> dict[str, Any]:
    """Return what an earlier run wrote; empty if there was none."""
    data = folder / DATA
    return json.loads(data.read_text(encoding="utf-8")) if data.exists() else {}


def write(results: dict[str, Any], folder: Path) -> None:
    """Write both files."""
    text = json.dumps(results, indent=1, ensure_ascii=False)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATA).write_text(text + "\n", encoding="utf-8")
    (folder / PAGE).write_text(markdown(results), encoding="utf-8")


def _table(head: list[str], rows: list[list[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(value: Any) -> str:
    shown = f"{value:.3f}" if isinstance(value, float) else "" if value is None else str(value)
    return shown.replace("|", "\\|")

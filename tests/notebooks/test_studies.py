"""The tables and numbers of notebooks are those that the studies kept."""

from __future__ import annotations

import json
import math
import re
from itertools import permutations

import nbformat
import numpy as np
import pytest

from motiflab.datasets.worlds import KINDS
from motiflab.evaluation import rate_bounds
from motiflab.interpretation import (
    effective_gaps,
    measured_designs,
    measured_worlds,
    name_spacing,
)
from motiflab.interpretation.attribution import METHODS

NAMES = {"relu": "ReLU"}


@pytest.fixture(scope="module")
def study(root) -> dict[str, dict]:
    return json.loads((root / "tools/study_maps.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def text(root) -> str:
    return text_of(root / "notebooks/2_applications/10_attribution.ipynb")


def text_of(path) -> str:
    """Return the text of a notebook, without links."""
    cells = nbformat.read(path, as_version=4).cells
    plain = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", plain)


def rows(text: str, head: str) -> list[list[str]]:
    """Return the rows of the table whose head begins like this."""
    _rule, *lines = text.partition(f"| {head}")[2].partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def spread(values: list[float], digits: int = 2) -> str:
    return f"{np.mean(values):.{digits}f} ({min(values):.2f} to {max(values):.2f})"


def by_setting(runs: dict[str, dict]) -> dict[tuple[str, ...], list[dict]]:
    """Return the runs of each setting, in the order of their seeds."""
    found: dict[tuple[str, ...], list[dict]] = {}
    for name, run in runs.items():
        found.setdefault(tuple(name.split()[:-1]), []).append(run)
    return found


def test_seven_maps_are_judged_as_the_table_says(study, text):
    kinds = by_setting(study["table"])
    columns = [
        kinds[activation, labels, "max", "16", "11"]
        for labels in ("true", "shuffled")
        for activation in ("relu", "exponential")
    ]
    assert {len(runs) for runs in columns} == {5}
    wanted = [[m, *(spread([run[m][0] for run in runs]) for runs in columns)] for m in METHODS]
    assert rows(text, "map | ReLU |") == wanted
    assert not any(run["failed"] for runs in columns[:2] for run in runs)


def test_better_classifiers_with_worse_maps_are_those_of_the_search(study, text):
    settings = by_setting(study["search"])
    kept = {k: runs for k, runs in settings.items() if sum(r["failed"] for r in runs) <= 1}
    assert f"So {len(kept)} of {len(settings)} settings are left" in text
    wanted = [
        [
            ", ".join(NAMES.get(word, word) for word in name[1:]),
            f"{sum(r['failed'] for r in runs)} of {len(runs)}",
            *(spread([r[what] for r in runs], 3) for what in ("auroc", "map_auroc")),
        ]
        for name, runs in kept.items()
    ]
    assert sorted(rows(text, "activation, pooling, filters, width")) == sorted(wanted)

    def all_above(one, other, what):
        return all(a[what] > b[what] for a, b in zip(kept[one], kept[other], strict=True))

    pairs = list(permutations(kept, 2))
    assert f"we looked at {len(pairs)} ordered pairs" in text
    found = [p for p in pairs if all_above(*p, "auroc") and all_above(*p[::-1], "map_auroc")]
    assert f"{len(found)} pairs meet our rule" in text
    for pair in found:
        one, other = (", ".join(NAMES.get(word, word) for word in name[1:]) for name in pair)
        (said,) = re.findall(rf"- {one} classifies better than {other} \(([^\n]*)", text)
        for what, words in (("auroc", "AUROC by"), ("map_auroc", "worse by")):
            means = [np.mean([run[what] for run in kept[name]]) for name in pair]
            assert f"{words} {abs(means[0] - means[1]):.3f}" in said


def test_motifs_of_every_draw_are_those_of_the_study(root):
    kept = json.loads((root / "tools/study_seqlets.json").read_text("utf-8"))
    text = text_of(root / "notebooks/2_applications/11_seqlets.ipynb")
    true, shuffled = (
        {run["draw"]: run for run in kept["runs"] if run["labels"] == labels}
        for labels in ("true", "shuffled")
    )
    assert list(true) == list(shuffled) == list(range(41, 61))
    found = {draw: sum(best >= 0.85 for best in run["best"]) for draw, run in true.items()}
    assert rows(text, "draw |") == [
        [
            str(draw),
            ", ".join(run["planted"]),
            f"{run['auroc']:.2f}",
            f"{run['seqlets']:,}",
            str(run["motifs"]),
            f"{found[draw]} of {len(run['planted'])}, {run['false']}",
            str(shuffled[draw]["seqlets"]),
        ]
        for draw, run in true.items()
    ]
    right = [d for d, run in true.items() if found[d] == run["motifs"] == len(run["planted"])]
    assert [d for d in true if d not in right] == [41] and "10 of 10" in text and "9 of 10" in text
    assert not any(run["false"] for run in true.values())
    assert not any(run["seqlets"] for run in shuffled.values())
    one, other = true[41]["falls"][1:]
    assert f"the logit falls by {one:.1f} for ZBTB8A and by {other:.1f} for ZNF75A" in text


def below(value: float) -> str:
    return f"{math.floor(10 * value) / 10:g}"


def above(value: float, steps: int = 10) -> str:
    """Write a value, rounded up to whole steps of 1."""
    return f"{math.ceil(steps * value) / steps:g}"


def test_worlds_are_named_and_fields_win_as_the_text_says(root):
    text = text_of(root / "notebooks/2_applications/12_interrogation.ipynb")
    runs = measured_worlds()["worlds"].values()
    true, shuffled = (
        [run for run in runs if (run["part"], run["labels"]) == ("test", labels)]
        for labels in ("true", "shuffled")
    )
    assert len(true) == len(shuffled) == 30
    assert all(name_spacing(run["profile"]) == run["kind"] for run in true)
    assert {name_spacing(run["profile"]) for run in shuffled} == {"none"}
    tops, shared = (
        {kind: [of(run["profile"]) for run in true if run["kind"] == kind] for kind in KINDS}
        for of in (max, effective_gaps)
    )
    small = {run["field"] for run in measured_worlds()["fields"].values() if run["auroc"] < 0.6}
    leaks = [run["auroc"] for run in measured_worlds()["phase"].values()]
    assert min(leaks) < 0.55
    for said in (
        "All thirty are right",
        "says *none* to every network",
        f"the largest interaction was at least {below(min(tops['hard'] + tops['soft']))}, "
        f"in the billboards at most {above(max(tops['none']))}",
        f"at most {above(max(shared['hard']))} in the hard worlds and at least "
        f"{below(min(shared['soft']))} in the soft ones",
        f"right in at least {100 * rate_bounds(30, 30, confidence=0.975)[0]:.0f} % of such worlds",
        "With a field of {}, {} or {} bases".format(*sorted(small)),
        "reached an AUROC of {:.2f} and {:.2f} with two of three seeds".format(*sorted(leaks)[1:]),
    ):
        assert said in text, said


def span(values: list[float], digits: int = 0) -> str:
    return f"{min(values):.{digits}f} to {max(values):.{digits}f}"


def test_designs_fool_and_are_mended_as_the_text_says(root):
    text = text_of(root / "notebooks/2_applications/14_design.ipynb")
    study = measured_designs()
    seeds = sum(name.startswith("one") for name in study)
    of = {kind: [study[f"{kind} {n}"] for n in range(1, seeds + 1)] for kind in ("one", "two")}

    def values(kind: str, what: str, turn: int) -> list[float]:
        return [run["rounds"][turn][what] for run in of[kind]]

    def changes(kind: str, what: str) -> np.ndarray:
        return np.subtract(values(kind, what, 3), values(kind, what, 0))

    two, one = (span([run["control"]["fooled"] for run in of[kind]]) for kind in ("two", "one"))
    count = ["no", "one", "two", "three", "four", "five"]
    start, first, _second, last = (np.array(values("two", "fooled", turn)) for turn in range(4))
    for said in (
        f"both kinds of network from {count[seeds]} seeds each",
        f"two layers have an AUROC of {span(values('two', 'auroc', 0), 3)}",
        f"best possible score has {span([run['optimum'] for run in of['two']], 4)}",
        f"Yet {span(values('two', 'fooled', 0))} of their 100 designs fool them, and "
        f"{span(values('one', 'fooled', 0))} with one layer",
        f"designs {span(values('two', 'fooled', 3))} still fool the network, instead of "
        f"{span(values('two', 'fooled', 0))}",
        f"changes by less than {above(abs(changes('two', 'auroc')).max(), 1000)}",
        f"With {count[sum(start - first > first - last)]} of {count[seeds]} seeds the first round "
        "did most of it",
        f"sure of only {span(values('one', 'sure', 3))} of its 100 designs",
        f"falls with every seed, by {span(-changes('one', 'auroc'), 3)}",
        f"{two} designs fool the networks with two layers, and {one} those with one",
        f"And {count[seeds]} seeds are few",
        "above (169 parameters) passed 0.9 with three of five seeds, 2 and 2 filters (87 "
        "parameters) with two of five, and 2 and 1 (73 parameters) with two of five",
        f"width 7 there: {study['ablation']['mine']['parameters']:,} parameters",
    ):
        assert said in text, said
    small = {
        name: (each["parameters"], [run["held out"] for run in each["runs"]])
        for name, each in study["small"].items()
    }
    for name, parameters, passed in (("4 and 2", 169, 3), ("2 and 2", 87, 2), ("2 and 1", 73, 2)):
        count, areas = small[name]
        assert (count, len(areas), sum(area > 0.9 for area in areas)) == (parameters, 5, passed)
    failed = [a for name in ("4 and 2", "2 and 2", "2 and 1") for a in small[name][1] if a <= 0.9]
    assert sum(abs(area - 0.5) < 0.01 for area in failed) > len(failed) / 2
    assert [round(area, 1) for area in small["no places"][1]] == [0.5] * 5

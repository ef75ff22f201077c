"""Write the report of an experiment as one HTML page, for example for a supplement.

It contains everything that is needed to judge or repeat the experiment: input files with checksums,
counts of used and dropped peaks, settings, seeds, all results, rivals, motifs, versions.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import NamedTuple

from markupsafe import Markup

from motiflab.checks import require
from motiflab.course.page import templates, wide_table
from motiflab.datasets import PeakData, Trial
from motiflab.figures import chart_svg, distances_chart, distances_text, logo_svg
from motiflab.interpretation import PeakMotif
from motiflab.networks import ModelSettings, Rival, SweepResult, TrainSettings

_VERSIONS = ("numpy", "scipy", "scikit-learn", "torch")


class Experiment(NamedTuple):
    """All data of a report.

    Attributes
    ----------
    title : str
    files : mapping of str to path
        Input files, such as ``{"peaks": ..., "genome": ...}``.
    settings : mapping of str to object
        Settings that are not in the recipes, by name: lengths, held-out contigs, seeds.
    found : PeakData
    trials : mapping of str to Trial
        Training and test sets, by name.
    recipes : mapping of str to (ModelSettings, TrainSettings)
    results : sequence of SweepResult
        All results of `motiflab.networks.train_all` with these trials and recipes.
    motifs : mapping of str to PeakMotif
        Motifs of the networks, by a heading such as ``"seed 1"``.
    rivals : sequence of Rival
        From `motiflab.networks.compete`; may be empty.
    reach : float
        As for `motiflab.interpretation.strongest_motif`.
    """

    title: str
    files: Mapping[str, str | os.PathLike]
    settings: Mapping[str, object]
    found: PeakData
    trials: Mapping[str, Trial]
    recipes: Mapping[str, tuple[ModelSettings, TrainSettings]]
    results: Sequence[SweepResult]
    motifs: Mapping[str, PeakMotif]
    rivals: Sequence[Rival] = ()
    reach: float = 25


def write_report(path: str | os.PathLike, experiment: Experiment) -> Path:
    """Write the report of an experiment as one self-contained HTML page.

    It gives names, sizes and checksums of the input files, but not their folders.

    Parameters
    ----------
    path : path
        Path of the page; an existing file is replaced.
    experiment : Experiment

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ValueError
        If there are no results, or a file cannot be read or written.
    """
    require("experiment", len(experiment.results), "hold at least one result, got none")
    path = Path(path)
    try:
        path.write_text(experiment_page(experiment), encoding="utf-8")
    except OSError as problem:
        name = problem.filename or path
        raise ValueError(f"{name} cannot be read or written ({problem.strerror}).") from None
    return path


def experiment_page(experiment: Experiment) -> str:
    """Return the HTML of the page that `write_report` writes."""
    e, found = experiment, experiment.found
    tests = list(dict.fromkeys(test for trial in e.trials.values() for test in trial.tests))
    results = sorted(e.results, key=lambda result: (result.data, result.recipe, result.seed))
    recipes = {name: asdict(model) | asdict(how) for name, (model, how) in e.recipes.items()}
    # The seed of a recipe is replaced by that of each training.
    choices = [choice for choice in next(iter(recipes.values()), {}) if choice != "seed"]
    return templates().get_template("experiment.html.j2").render(
        title=e.title,
        version=version("motiflab"),
        today=date.today().isoformat(),
        table=wide_table,
        sentences=_in_short(e),
        files=[_described(role, file) for role, file in e.files.items()],
        settings=list(e.settings.items()),
        found=found,
        contents=[
            (name, *(f"{part.mean():.3f}" for part in (values[: found.used], values[found.used :])))
            for name, values in (("G and C", found.gc), ("repeats (lower case)", found.repeats))
        ],
        auroc_heads=["Data", "Recipe", "Seed", *tests],
        aurocs=[(r.data, r.recipe, r.seed, *_numbers(r.auroc, tests)) for r in results],
        sizes=[
            (
                name,
                f"{len(trial.train):,}",
                f"{trial.train.labels.sum():,}",
                ", ".join(f"{test}: {len(data):,}" for test, data in trial.tests.items()),
            )
            for name, trial in e.trials.items()
        ],
        recipe_heads=["Choice", *recipes],
        recipe_rows=[(c.replace("_", " "), *(r[c] for r in recipes.values())) for c in choices],
        rival_heads=["Rival", *tests, "Numbers learned"],
        rivals=[(r.name, *_numbers(r.auroc, tests), f"{r.parameters:,}") for r in e.rivals],
        reach=e.reach,
        motif_heads=[
            "Network", "Name", "E-value", "AUROC alone", "Peaks with a hit", "Near the summit",
            "Expected by chance", "p",
        ],
        motif_rows=[(name, *_in_numbers(one)) for name, one in e.motifs.items()],
        pictures=[_pictures(i, *named, found, e.reach) for i, named in enumerate(e.motifs.items())],
        versions=[
            ("Python", platform.python_version()),
            *((name, _version(name)) for name in ("motiflab", *_VERSIONS)),
        ],
    )  # fmt: skip


def _version(name: str) -> str:
    """Version of a package, some of which are not installed in the browser."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _in_short(e: Experiment) -> list[str]:
    """The main numbers as sentences, with their ranges over seeds."""
    counts = e.found.counts
    said = [f"{counts['kept']:,} of {counts['in the file']:,} peaks could be used."]
    for name, trial in e.trials.items():
        for test in trial.tests:
            areas = [result.auroc[test] for result in e.results if result.data == name]
            if areas:
                said.append(
                    f"{name}, test {test}: median AUROC {median(areas):.3f} ({min(areas):.3f} to "
                    f"{max(areas):.3f}, trainings: {len(areas)})."
                )
    called = [one.called for one in e.motifs.values()]
    said += [
        f"Strongest filter of {called.count(name)} of {len(called)} networks: {name}."
        for name in dict.fromkeys(called)
    ]
    return said


def _described(role: str, file: str | os.PathLike) -> tuple[str, str, str, str]:
    with open(file, "rb") as content:
        digits = hashlib.file_digest(content, "sha256").hexdigest()
    return role, Path(file).name, f"{os.path.getsize(file):,}", digits


def _numbers(areas: Mapping[str, float], tests: Sequence[str]) -> list[str]:
    return [f"{areas[test]:.3f}" if test in areas else "" for test in tests]


def _in_numbers(one: PeakMotif) -> list[str]:
    central = one.central
    return [
        one.called + (f" ({one.name.best.motif.id})" if one.name else ""),
        "" if one.e_value is None else f"{one.e_value:.2g}",
        f"{one.filter.strength:.3f}",
        f"{one.hits:,} of {one.peaks:,}",
        f"{central.near:,}",
        f"{central.chance * central.total:.1f}",
        f"{central.p_value:.2g}",
    ]


def _pictures(
    i: int, name: str, one: PeakMotif, found: PeakData, reach: float
) -> tuple[str, Markup, Markup]:
    """The logo of a filter, and the distances of its hits from the summits."""
    heading = f"{name}: {one.called}"
    chart = distances_chart(one.distances, found.data.x.shape[2], reach)
    text = distances_text(one.distances, reach)
    return (
        heading,
        Markup(logo_svg(one.filter.motif, title=heading, uid=f"logo-{i}")),
        Markup(chart_svg(chart, text, f"places-{i}", 460)),
    )

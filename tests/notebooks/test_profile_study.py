"""The tables of the notebook on profiles are what the study of profiles kept."""

from __future__ import annotations

import json
import re

import nbformat
import numpy as np


def test_the_tables_are_those_of_the_study(root):
    study = json.loads((root / "tools/study_profiles.json").read_text("utf-8"))
    path = root / "notebooks/2_applications/13_profiles.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    bounds = study["bounds"]

    def runs(kind: str, what: str) -> list[float]:
        return [run[what] for name, run in study.items() if name.split()[0] == kind]

    def spread(kind: str, what: str) -> str:
        found = runs(kind, what)
        lowest_and_highest = f" ({min(found):.2f} to {max(found):.2f})" if len(found) > 1 else ""
        return f"{np.mean(found):.2f}{lowest_and_highest}"

    for words, truth, profiles, labels in (
        ("peak or not, AUROC", "auroc truth", "auroc", "auroc"),
        ("place of B", "truth: B right", "B right", "map B right"),
        ("place and strand of A", "truth: A strand", "A strand", ""),
        ("A bound or not, AUROC", "truth: A bound, by shape", "A bound, by shape", "A bound"),
    ):
        known = f"{bounds[truth]:.2f} | {spread('profiles', profiles)}"
        assert f"| {words} | {known} | {spread('labels', labels) if labels else 'none'} |" in text
    assert set(runs("labels", "map A right")) == {0}
    for words, what, truth in (
        ("JS from the reads, bits", "js", "js truth"),
        ("place of B", "B right", "truth: B right"),
        ("place and strand of A", "A strand", "truth: A strand"),
        ("A bound or not, by the shape", "A bound, by shape", "truth: A bound, by shape"),
        ("A bound or not, by the total", "A bound, by total", "truth: A bound, by total"),
        ("rank correlation of totals", "spearman", "spearman truth"),
    ):
        values = " | ".join(spread(kind, what) for kind in ("profiles", "scattered", "shuffled"))
        assert f"| {words} | {bounds[truth]:.2f} | {values} |" in text
    assert f"which is at {bounds['js mean profile']:.2f} bits" in text
    assert f"a repeat of the experiment at {bounds['js repeat']:.2f}" in text
    assert len(runs("profiles", "js")) == len(runs("labels", "auroc")) == 5
    assert 0.65 < np.mean(runs("profiles", "A strand")) < 0.75  # seven of ten

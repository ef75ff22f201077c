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

    def spread(kind: str, what: str) -> str:
        found = [study[f"{kind} 200 {seed}"][what] for seed in (1, 2, 3)]
        return f"{np.mean(found):.2f} ({min(found):.2f} to {max(found):.2f})"

    for words, truth, profiles, labels in (
        ("peak or not, AUROC", "auroc truth", "auroc", "auroc"),
        ("place of B", "truth: B right", "B right", "map B right"),
    ):
        values = f"{bounds[truth]:.2f}", spread("profiles", profiles), spread("labels", labels)
        assert f"| {words} | {' | '.join(values)} |" in text
    a = f"{bounds['truth: A strand']:.2f} | {spread('profiles', 'A strand')} | none"
    assert f"| place and strand of A | {a} |" in text
    assert {run["map A right"] for name, run in study.items() if "labels" in name} == {0}
    for words, what, truth in (
        ("JS from the reads, bits", "js", "js truth"),
        ("place of B", "B right", "truth: B right"),
        ("place and strand of A", "A strand", "truth: A strand"),
        ("rank correlation of totals", "spearman", "spearman truth"),
    ):
        values = [study[f"{kind} 2000 1"][what] for kind in ("scattered", "shuffled")]
        shown = " | ".join(f"{value:.2f}" for value in [*values, bounds[truth]])
        assert f"| {words} | {shown} |" in text
    assert f"which is at {bounds['js mean profile']:.2f} bits" in text

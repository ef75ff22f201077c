"""The tables of the notebook on profiles are what the study of profiles kept."""

from __future__ import annotations

import json
import re

import nbformat
import numpy as np


def spread(values: list[float]) -> str:
    return f"{np.mean(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def test_the_tables_are_those_of_the_study(root):
    study = json.loads((root / "tools/study_profiles.json").read_text("utf-8"))
    path = root / "notebooks/2_applications/13_profiles.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)

    def runs(kind: str, n: int, what: str) -> str:
        found = [study[f"{kind} {n} {seed}"][what] for seed in (1, 2, 3)]
        return spread(found)

    rows = {
        "place of B, from the profile": ("profiles", "B right"),
        "place of B, from the label": ("labels", "map B right"),
        "place and strand of A, from the profile": ("profiles", "A strand"),
        "is A bound? from the profile": ("profiles", "A bound or not"),
        "JS from the reads, bits": ("profiles", "js"),
        "peak or not (AUROC), from the profile": ("profiles", "auroc"),
        "peak or not (AUROC), from the label": ("labels", "auroc"),
    }
    for words, (kind, what) in rows.items():
        cells = " | ".join(runs(kind, n, what) for n in (200, 500, 2000))
        assert f"| {words} | {cells} |" in text
    for words, what in (
        ("JS from the reads, bits", "js"),
        ("place of B", "B right"),
        ("place and strand of A", "A strand"),
        ("is A bound?", "A bound or not"),
        ("rank correlation of totals", "spearman"),
    ):
        cells = " | ".join(runs(kind, 2000, what) for kind in ("profiles", "scattered", "shuffled"))
        assert f"| {words} | {cells} |" in text

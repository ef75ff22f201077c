"""The table and the numbers of the notebook on other alphabets are what the study kept."""

from __future__ import annotations

import json

import numpy as np
import pytest
from test_studies import rows, text_of

NAMES = {"RNA": "rna", "protein": "protein", "signal": "signal", "text": "text"}
KINDS = {"random letters": "composition", "pair shuffles": "dinucleotide"}


@pytest.fixture(scope="module")
def study(root) -> dict[str, dict]:
    return json.loads((root / "tools/study_alphabets.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def text(root) -> str:
    return text_of(root / "notebooks/2_applications/15_other_alphabets.ipynb")


def spread(values: list[float]) -> str:
    return f"{np.mean(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def test_the_table_says_what_each_negative_teaches_in_each_alphabet(study, text):
    told = rows(text, "alphabet |")
    assert len(told) == len(NAMES) * len(KINDS)
    for alphabet, negatives, *numbers in told:
        runs = [
            study["networks"][f"{NAMES[alphabet]} {KINDS[negatives]} true {seed}"]
            for seed in range(1, 6)
        ]
        assert numbers == [spread([run[kind] for run in runs]) for kind in KINDS.values()]


def test_shuffled_labels_fall_outside(study, text):
    found = {key: run for key, run in study["networks"].items() if " shuffled " in key}
    areas = [run[kind] for run in found.values() for kind in KINDS.values()]
    assert len(found) == 40 and f"between {min(areas):.2f} and {max(areas):.2f} in all 40" in text
    for key, run in study["networks"].items():
        if " true " in key and key.split()[1] == "dinucleotide":
            assert run["dinucleotide"] > max(areas), key


def test_what_strongest_filters_read_is_what_the_text_says(study, text):
    reads = [study["networks"][f"text composition true {seed}"]["reads"] for seed in range(1, 6)]
    assert all("_THE" in word for word in reads) and "`_THE` in all five" in text
    # The trap: windows of positives look like the family even if nothing was learned.
    control = [run["reads"] for key, run in study["networks"].items() if "protein" in key
               and "shuffled" in key]  # fmt: skip
    assert sum("YY" in word for word in control) == 8 and len(control) == 10


def test_the_slopes_follow_the_spike_in_white_noise_and_the_whitened_shape_in_coloured(study, text):
    white, coloured, control = (
        [study["spikes"][f"{name} {seed}"] for seed in range(1, 6)]
        for name in ("0 true", "0.7 true", "0.7 shuffled")
    )
    alike = [run["spike"] for run in white]
    scale = [run["scale"] for run in white]
    assert f"between {min(alike):.3f} and {max(alike):.3f}" in text
    assert f"({min(scale):.2f} to {max(scale):.2f}; 1 is exact)" in text
    best, shape = ([run[name] for run in coloured] for name in ("matched", "spike"))
    assert f"correlation {min(best):.3f} to {max(best):.3f} over five seeds" in text
    assert f"only {min(shape):.2f} to {max(shape):.2f} with the spike" in text
    assert max(abs(run["scale"]) for run in control) < 0.05

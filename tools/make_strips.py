"""Draw the strip "you are here" for each notebook, and put it into the notebooks.

python tools/make_strips.py

The strip is the picture of the network from the lab, for a small network and one sequence. The
stages that a notebook teaches are marked in it. A test draws the strips again and compares.
"""

from __future__ import annotations

from os.path import relpath
from pathlib import Path

import nbformat
import numpy as np
from nbformat.v4 import new_markdown_cell

from motiflab.figures import network_strip, stand_alone, strip_words
from motiflab.figures.network_picture import LESSONS, STAGES
from motiflab.networks import OneLayerNetwork, trace
from motiflab.sequences import one_hot

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
CELL = "you-are-here"

HERE: dict[str, tuple[str, ...]] = {
    "00_start_here": (),
    "01_short_route": tuple(STAGES),
    "1_principles/01_sequences": ("one_hot",),
    "1_principles/02_scanning": ("windows", "map"),
    "1_principles/03_activations": ("map", "sigmoid"),
    "1_principles/04_pooling": ("pooled",),
    "1_principles/05_log_odds": ("windows",),
    "1_principles/05b_theorem": ("windows", "pooled", "sigmoid"),
    "1_principles/06_energy": ("windows", "sigmoid"),
    "1_principles/07_dependencies": ("windows", "map", "dense"),
    "1_principles/08_saliency": tuple(STAGES),
    "1_principles/09_grammar": ("windows", "map", "pooled"),
    "1_principles/10_evaluation": ("sigmoid",),
    "2_applications/01_motif_lab": tuple(STAGES),
    "2_applications/02_negatives": ("windows", "dense", "sigmoid"),
    "2_applications/03_holding_out": ("dense", "sigmoid"),
    "2_applications/04_baselines": ("windows", "pooled", "sigmoid"),
    "2_applications/05_strands": ("windows", "map", "pooled"),
    "2_applications/06_measured": ("dense", "sigmoid"),
    "2_applications/07_genome": ("windows", "map", "sigmoid"),
    "2_applications/08_my_experiment": tuple(STAGES),
    "2_applications/09_whole_or_part": ("windows", "map", "pooled"),
    "2_applications/10_attribution": tuple(STAGES),
    "2_applications/11_seqlets": tuple(STAGES),
    "2_applications/12_interrogation": tuple(STAGES),
    "2_applications/13_profiles": ("windows", "map", "dense"),
    "2_applications/14_design": tuple(STAGES),
    "2_applications/15_other_alphabets": ("one_hot", "windows", "map", "pooled"),
    "2_applications/16_challenge": ("sigmoid",),
    "2_applications/17_where_next": ("windows", "map", "pooled"),
}
"""The stages that each notebook is about."""

WORDS = "AGATAA", "CACGTG", "TGACTC"
SEQUENCE = "CCTGACGTCAGATAAGCTCATGCA"


def draw(notebook: str) -> str:
    """Draw the strip of a notebook; its filters score three words, and the first one counts."""
    weights = np.array([2 * one_hot(word) - 0.5 for word in WORDS])
    network = OneLayerNetwork(weights, bias=[-4, -4, -4], dense=[1, -0.5, 0.5], dense_bias=-3)
    found = trace(network, one_hot(SEQUENCE, channels="first"))
    uid = f"here-{Path(notebook).stem.replace('_', '-')}"
    return stand_alone(network_strip(found, HERE[notebook], uid)) + "\n"


def picture(notebook: str) -> Path:
    """Return the file of a strip."""
    return NOTEBOOKS / f"images/here_{Path(notebook).stem}.svg"


def text(notebook: str) -> str:
    """Write the cell: the strip, and under it a row of links to the notebooks of the stages."""
    folder = (NOTEBOOKS / notebook).parent
    own = f"{notebook}.ipynb"
    links = " → ".join(
        f"**{name}**" if LESSONS[stage] == own else f"[{name}]({_to(LESSONS[stage], folder)})"
        for stage, name in STAGES.items()
    )
    strip = relpath(picture(notebook), folder)
    first = "The whole way" if not HERE[notebook] else "You are here"
    return f"![{strip_words(HERE[notebook])}]({strip})\n\n*{first}:* {links}"


def _to(lesson: str, folder: Path) -> str:
    return relpath(NOTEBOOKS / lesson, folder)


def main() -> None:
    """Write all strips and the cells that show them, each behind the title of its notebook."""
    for notebook in HERE:
        picture(notebook).write_text(draw(notebook), encoding="utf-8")
        path = NOTEBOOKS / f"{notebook}.ipynb"
        read = nbformat.read(path, as_version=4)
        cells = [cell for cell in read.cells if cell.id != CELL]
        cells.insert(1, new_markdown_cell(text(notebook), id=CELL))
        read.cells = cells
        nbformat.write(read, path)


if __name__ == "__main__":
    main()

"""Draw the pictures of the notebooks in notebooks/images from the cards themselves.

python tools/make_pictures.py

What needs no training comes out the same on every run; a test draws those again and compares. A
notebook opens with a picture to its question, and has one of the card before the cell of each card,
so that a reader who has run nothing sees the course; of a card that trains also what it shows then.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import motiflab as ml
from motiflab import explorers
from motiflab.figures import still_svg
from motiflab.widgets import Explorer

FOLDER = Path(__file__).parents[1] / "notebooks/images"


def trained(make: Callable[[], Explorer]) -> Explorer:
    """Make a card and train all its networks."""
    card = make()
    asyncio.run(card.run())
    return card


CARDS: dict[str, Callable[[], Explorer]] = {
    "_".join(re.findall("[A-Z][a-z]+", name)[:-1]).lower(): getattr(explorers, name)
    for name in explorers.__all__
    if name.endswith("Explorer")
}
"""The cards as they begin, by the name of their picture."""

scan_word = partial(ml.ScanExplorer, sequence="GGTATCGATTGCAC", stride=1, padding=0, j=3)
learned = partial(ml.UpdateExplorer, update=2000)
em_found = partial(ml.EmExplorer, word=15, round=30)
true_map = partial(
    ml.AttributionExplorer, method="integrated gradients", sequence=2, guess=2, truth=True
)
seqlets_cut = partial(ml.SeqletsExplorer, threshold=4.0, alike=0.8, shown=6, truth=True)
soft_world = partial(ml.InterrogationExplorer, world="soft")
lucky_guess = partial(ml.ChallengeExplorer, tests=50, hand_ins=100)
designed = partial(ml.SequenceDesignExplorer, start=2, changes="29T 6C 4C")
with_holes = partial(
    ml.GrammarExplorer,
    width=5,
    window=1,
    second_width=5,
    dilation=6,
    depth=3,
    gap_min=16,
    gap_max=20,
)
at_one_in_thousand = partial(ml.PrevalenceExplorer, rarity=3)

OPENINGS: dict[str, tuple[Callable[[], Explorer], list[list[str]]]] = {
    "opening_motif": (partial(ml.MotifExplorer, motif="GATA2"), [["logo"]]),
    "opening_encoding": (ml.EncodingExplorer, [["matrices"]]),
    "opening_scan": (scan_word, [["scan"]]),
    "opening_update": (learned, [["logos"], ["similarity", "loss"]]),
    "opening_pooling": (ml.PoolingExplorer, [["maps"]]),
    "opening_consensus": (ml.ConsensusExplorer, [["logo"]]),
    "opening_theorem": (ml.TheoremExplorer, [["truth", "trained"]]),
    "opening_energy": (ml.EnergyExplorer, [["landscape"]]),
    "opening_splice": (ml.SpliceExplorer, [["logo"]]),
    "opening_saliency": (ml.SaliencyExplorer, [["map"]]),
    "opening_attribution": (true_map, [["map"]]),
    "opening_grammar": (ml.GrammarExplorer, [["field"]]),
    "opening_peaks": (ml.PeaksExplorer, [["place"]]),
    "opening_em": (em_found, [["places"]]),
    "opening_genome": (partial(ml.GenomeExplorer, left="OL3"), [["genome"]]),
    "opening_whole_or_part": (partial(ml.MotifExplorer, motif="SRF"), [["logo"]]),
    "opening_seqlets": (seqlets_cut, [["map"], ["motifs"]]),
    "opening_interrogation": (soft_world, [["gaps"]]),
    "opening_profile": (partial(ml.ProfileExplorer, distance=18, truth=True), [["reads"]]),
    "opening_design": (designed, [["map"], ["steps"]]),
    "opening_challenge": (lucky_guess, [["board"]]),
    "opening_next": (with_holes, [["field"]]),
    "opening_prevalence": (at_one_in_thousand, [["roc", "precision_recall"]]),
}
"""Some pictures of a card, to the question of a notebook."""

lab = partial(ml.MotifLab, motif="GATA2", speed="full")
TRAINED: dict[str, tuple[Callable[[], Explorer], list[list[str]] | None]] = {
    "opening_lab": (partial(trained, lab), [["hero", "curve"]]),
    "opening_alphabets": (partial(trained, ml.AlphabetsExplorer), [["filter"]]),
    "alphabets_trained": (partial(trained, ml.AlphabetsExplorer), None),
    "negatives_trained": (partial(trained, ml.NegativesExplorer), None),
    "strands_trained": (partial(trained, ml.StrandsExplorer), None),
}
"""Pictures of a trained card, or all of it; on another machine they come out with other digits."""


def draw(name: str) -> str:
    """Draw a picture with ids that are the same in every run."""
    make, rows = (OPENINGS | TRAINED).get(name) or (CARDS[name], None)
    card = make()
    card.uid = name
    card.redraw()
    svg = still_svg("", "", card.drawn(rows), "", name) if rows else card.still()[0]
    card.close()
    return svg


def main() -> None:
    """Write all pictures."""
    for name in [*CARDS, *OPENINGS, *TRAINED]:
        (FOLDER / f"{name}.svg").write_text(draw(name) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

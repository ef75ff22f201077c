"""Find a motif in peaks: the negatives, what a guess is worth, and the name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab import jaspar
from motiflab.exercises.answers import Unreadable, tidy_text
from motiflab.exercises.discovering_peaks import (
    ALIKE,
    HELD_OUT,
    HIDDEN,
    LEARNED,
    LENGTH,
    alike,
    hidden,
    own_peaks,
)
from motiflab.exercises.exercise import RIGHT, Mistake, Verdict
from motiflab.exercises.open_answers import Open
from motiflab.exercises.per_cent import per_cent
from motiflab.exercises.values import Choice, Option, Value
from motiflab.metrics import average_precision_of_guess
from motiflab.motifs import Motif

STREAM = "discovering"
_RELATED = 0.7  # similarity from which on a motif is called a relative


def effort(given: SimpleNamespace) -> tuple[int, ...]:
    """Say how much there is to learn from."""
    return len(given.peaks), sum(given.labels), len(given.sequence)


NEGATIVES = Choice(
    id="discovering.negatives",
    title="Negatives for peaks",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        f"`given.peaks` holds {LEARNED} peaks of {LENGTH} bases: stretches of a genome that a "
        "protein was found to bind (made by chance, with a real motif in them, so that there is a "
        "truth to check). Most of them hold a site of the motif, somewhere, on either "
        f"strand. One begins with `{given.peaks[0][:24]}…`. More you are not told.\n\nA network "
        "learns to tell two classes apart, and you have one. Which second class makes it learn the "
        "motif?"
    ),
    options=(
        Option("Each peak shuffled so that every pair of neighbouring bases keeps its count."),
        Option(
            "Random sequences in which all four bases are equally frequent.",
            "Count the bases of your peaks: they are not equally frequent. A network would learn "
            "that first, and a filter that counts G and C is no motif.",
        ),
        Option(
            "Each peak with its bases in any random order.",
            "That keeps the composition, which is half of it. In genomes some neighbours are rare "
            "(CG) and others frequent (AA), and such an order destroys that everywhere: there is "
            "something to learn that is not the motif.",
        ),
        Option(
            "The reverse complement of each peak.",
            "The protein reads both strands, so a reverse complement holds the same site. The two "
            "classes would differ in nothing that matters.",
        ),
        Option(
            "Peaks of another protein.",
            "Then there are two motifs, and the network learns whichever tells the classes apart "
            "more easily. You could not say of a filter whose motif it is.",
        ),
    ),
    hints=(
        "The negatives should be like the peaks in all but one respect. Which respect?",
        "Count, in your mind: single bases, pairs of bases, sites of the motif. Which proposal "
        "keeps the first two and destroys the third?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**: shuffles that keep every pair. They have the bases and the pairs "
        "of the peaks they were made from, and what is left to learn is longer than two bases. In "
        "your peaks the share of G and C is "
        f"{sum(peak.count('G') + peak.count('C') for peak in given.peaks) / LEARNED / LENGTH:.2f}."
    ),
    effort=effort,
)


class _Baseline(Value):
    """Takes for each area of a guess the prevalence, or what average precision comes to."""

    def judge(self, answer: np.ndarray, given: SimpleNamespace) -> Verdict:
        """Accept each of the two numbers that can be defended."""
        right = np.array(self.right(given))
        if answer.shape == right.shape:
            exact = np.array([_expected(given.ratio), _expected(given.other), 0.5])
            near = np.abs(answer - exact) <= [_SIMULATED, _SIMULATED, 0]
            filled = np.where(near, right, answer)
            if self._same((filled, filled), (right, right)):
                return Verdict(RIGHT, "")
        return super().judge(answer, given)


_SIMULATED = 0.003  # the mean of some hundred simulated guesses is that near


def _expected(shuffles: int) -> float:
    """Average precision of a guess, on average, with that many shuffles of each peak."""
    return average_precision_of_guess(HELD_OUT, HELD_OUT * shuffles)


BASELINE = _Baseline(
    id="discovering.baseline",
    title="What a guess is worth",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        f"Your detector will be judged on `given.test`: {HELD_OUT} other peaks and "
        f"{given.ratio} shuffles of each. A colleague judges hers on the same peaks with "
        f"{given.other} shuffles of each.\n\nA detector that guesses gives every sequence a random "
        "score. Give three numbers, to three decimals: the baseline of the AUPRC on your "
        "sequences, which is the precision of such a guess on average; the same on your "
        "colleague's; and the AUROC of a guess on yours, on average."
    ),
    right=lambda given: [1 / (1 + given.ratio), 1 / (1 + given.other), 0.5],
    decimals=3,
    mistakes=(
        Mistake(
            "baseline 0.5",
            "One half is what a guess gets for its AUROC. Precision is another matter: of the "
            "sequences that a guess calls positive, how many are?",
            lambda given: [0.5, 0.5, 0.5],
        ),
        Mistake(
            "peaks per shuffle",
            "You divide the peaks by the shuffles. The share of the peaks is among *all* "
            "sequences, and they are sequences, too.",
            lambda given: [1 / given.ratio, 1 / given.other, 0.5],
        ),
        Mistake(
            "share of the negatives",
            "This is the share of the negatives: how often a guess would be wrong if it called "
            "everything positive.",
            lambda given: [
                given.ratio / (1 + given.ratio),
                given.other / (1 + given.other),
                0.5,
            ],
        ),
        Mistake(
            "AUROC taken to fall with the prevalence",
            "The first two numbers are right. Both axes of a ROC curve are shares of one class "
            "alone, so what becomes of its area if one class is larger?",
            lambda given: [1 / (1 + given.ratio), 1 / (1 + given.other), 1 / (1 + given.ratio)],
        ),
        per_cent("an area", lambda given: [1 / (1 + given.ratio), 1 / (1 + given.other), 0.5]),
    ),
    hints=(
        "Take any part of the sequences, by chance. Which share of them are peaks? Does it matter "
        "how many you take?",
        "For every peak there is one sequence that is a peak, and so many that are not.",
    ),
    solution=lambda given: (
        "A guess picks peaks as often as they occur, at every threshold: on average its precision "
        f"is the prevalence. Here $1 / (1 + {given.ratio})$ = **{1 / (1 + given.ratio):.3f}**, for "
        f"your colleague $1 / (1 + {given.other})$ = **{1 / (1 + given.other):.3f}**. The AUROC of "
        "a guess is **0.5** on average, whatever the prevalence. So an AUPRC says nothing without "
        "its baseline.\n\n"
        "If you simulate guesses, their average precision comes out a little higher: "
        f"{_expected(given.ratio):.3f} and {_expected(given.other):.3f} on average. It takes the "
        "precision only at the ranks of the peaks, and each of these peaks counts itself as "
        "right. With $P$ peaks among $N$ sequences the mean over all orders is "
        r"$\frac{1}{N}\sum_{i=1}^{N}\frac{1}{i}\big(1 + (i - 1)\frac{P - 1}{N - 1}\big)$, which "
        "goes to the prevalence as the set grows. These numbers are right, too."
    ),
    effort=lambda given: (effort(given), given.ratio > 1, given.other > given.ratio),
)


def _named(given: SimpleNamespace, answer: Any) -> Motif:
    """Load the motif that is named; raises `Unreadable`."""
    if not isinstance(answer, str):
        raise Unreadable('A name or an id of JASPAR was expected: "MA0036.4", or "GATA2".')
    name = tidy_text(answer)
    try:
        return jaspar.load(name)
    except ValueError as problem:
        if len(name) > 3 and set(name.upper()) <= set("ACGTN"):
            raise Unreadable(
                "These are letters of a site. Which motif of JASPAR is most like the filter that "
                "you read them from?"
            ) from None
        raise Unreadable(str(problem)) from None


def _stranger(motif: Motif) -> str:
    """Return the id of the first motif of the list that has little in common with this one."""
    strangers = (id for id in HIDDEN if alike(jaspar.load(id), motif) < _RELATED)
    return next(id for id in strangers if alike(motif, jaspar.load(id)) < _RELATED)


MOTIF = Open(
    id="discovering.motif",
    title="Name the motif",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        "Train a network to tell `given.peaks` from negatives of your choice, turn its filters "
        "into motifs, and find out which known motif the strongest is most like. Answer with the "
        'id or the name of a motif of JASPAR, such as `"MA0036.4"` or `"GATA2"`. Your peaks begin '
        f"with `{given.peaks[0][:24]}…`.\n\nFamilies of proteins share their motifs, so nobody "
        "could tell the protein from this: every motif whose matrix is similar enough to the "
        f"hidden one, {ALIKE} or more on either strand by `motiflab.matching.similarity`, is right."
    ),
    right=lambda given: hidden(given).motif.id,
    form=_named,
    lacks=lambda given, motif: (
        "" if alike(motif, hidden(given).motif) >= ALIKE else "Your peaks hold another motif."
    ),
    mistakes=(
        Mistake(
            "a match on a part only",
            "This motif agrees with a part of the one in your peaks and not with the rest: a short "
            "piece at the edge of a filter fits many motifs. How surprising is the match, that is, "
            "what is its E-value?",
            lambda given: HIDDEN[hidden(given).motif.id][0],
            lambda given, motif: alike(hidden(given).motif, motif) >= ALIKE,
        ),
        Mistake(
            "a relative, not near enough",
            "This motif resembles the one in your peaks, but some of its positions differ. Look "
            "at more than the first match, and check that the filter is the strongest, and wide "
            "enough.",
            lambda given: HIDDEN[hidden(given).motif.id][1],
            lambda given, motif: alike(motif, hidden(given).motif) >= _RELATED,
        ),
        Mistake(
            "a filter that learned something else",
            "This motif has little in common with the one in your peaks. Is the filter the one "
            "with the highest `strength`? On the sequences that it learned from, even a filter "
            "that knows nothing reaches 0.6 and more. And were the negatives shuffles of the "
            "peaks?",
            lambda given: _stranger(hidden(given).motif),
            lambda given, motif: True,
        ),
    ),
    hints=(
        "`datasets.from_fasta` takes the peaks as the text of a FASTA file, encoded, and can make "
        "the shuffles. The function `fit` above trains a network on what it returns.",
        "`interpret.filter_motifs(network, data)` turns every filter into a motif, and says how "
        "well each does alone: its `strength`. Take the strongest.",
        '`tomtom.tomtom([motif], jaspar.collection("vertebrates"))` returns the E-values of all '
        "known motifs. The smallest is the least likely to be chance. The highest similarity alone "
        "may belong to a short motif that fits the edge of your filter.",
        "Look at the information content of your motif first, `.information().sum()`: below about "
        "8 bits a small E-value means little. Even a flat filter, with 0 bits, matches a long one "
        "with an E-value near 10⁻¹². Nearly flat columns are rare in known motifs, but stand side "
        "by side in the spacers of a few long ones, and Tomtom's model of chance draws each column "
        "by itself. Flat columns at the ends of a strong motif leave its best match as it is.",
    ),
    solution=lambda given: (
        "As in the code of the solved notebook: shuffles as negatives, a network of 16 filters, "
        "the filter with the highest strength as a motif, and the known motif with the smallest "
        f"E-value. Hidden in your peaks is **{hidden(given).motif.name}** "
        f"({hidden(given).motif.id}), with the consensus {hidden(given).motif.consensus()} or, on "
        f"the other strand, {hidden(given).motif.reverse_complement().consensus()}."
    ),
    effort=effort,
)

"""A capstone: find the motif in unlabelled peaks, and defend it.

What a learner is given holds a number, `case`, from which checks work out the truth again. Neither
the sequences nor anything else that is given says which motif it is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from motiflab.datasets.planting import Arrangement, Site, plant
from motiflab.evaluation.curves import average_precision_of_guess, precision_recall, roc
from motiflab.exercises import (
    Choice,
    ExerciseSet,
    Given,
    Mistake,
    Open,
    Option,
    Text,
    Unreadable,
    Value,
    per_cent,
    read_numbers,
)
from motiflab.exercises.parsing import tidy_text
from motiflab.motifs import Motif, jaspar, similarity
from motiflab.sequences import FastaRecord, gc_background, shuffled_negatives

LENGTH = 100
LEARNED, HELD_OUT = 500, 120
"""Bases in a peak, peaks to learn from, and peaks to judge with."""

WITH_SITE = 0.9
"""Share of the peaks that hold a site."""

ALIKE = 0.9
"""Similarity from which on a motif passes for the hidden one."""

HIDDEN = {
    "MA0018.5": ("MA1995.2", "MA1129.1"),  # CREB1
    "MA0046.3": ("MA1545.2", "MA0791.2"),  # HNF1A
    "MA0062.4": ("MA2336.1", "MA0076.3"),  # GABPA
    "MA0069.1": ("MA0006.2", "MA0779.2"),  # PAX6
    "MA0080.7": ("MA0442.3", "MA0687.2"),  # SPI1
    "MA0090.4": ("MA1964.2", "MA0486.2"),  # TEAD1
    "MA0093.4": ("MA1633.2", "MA0622.2"),  # USF1
    "MA0099.4": ("MA1549.2", "MA0591.2"),  # FOS::JUN
    "MA0102.5": ("MA0909.4", "MA0837.3"),  # CEBPA
    "MA0107.1": ("MA2470.1", "MA1935.2"),  # RELA
    "MA0112.4": ("MA0072.2", "MA0017.3"),  # ESR1
    "MA0114.5": ("MA0442.3", "MA1603.2"),  # HNF4A
    "MA0137.4": ("MA1121.2", "MA1116.2"),  # STAT1
    "MA0139.2": ("MA1102.3", "MA2536.1"),  # CTCF
    "MA0150.3": ("MA0697.3", "MA1130.2"),  # NFE2L2
    "MA0154.5": ("MA0056.3", "MA0116.2"),  # EBF1
    "MA0486.2": ("MA2676.1", "MA1579.2"),  # HSF1
    "MA0488.2": ("MA1499.2", "MA0840.2"),  # JUN
    "MA0496.4": ("MA1635.2", "MA0477.3"),  # MAFK
    "MA0505.3": ("MA0014.4", "MA0071.1"),  # NR5A2
    "MA0506.3": ("MA2571.1", "MA0632.3"),  # NRF1
    "MA0507.3": ("MA0461.3", "MA1518.3"),  # POU2F2
    "MA0523.2": ("MA2506.1", "MA0151.1"),  # TCF7L2
    "MA0745.3": ("MA0498.3", "MA0801.1"),  # SNAI2
    "MA1105.3": ("MA0849.1", "MA1968.2"),  # GRHL2
    "MA1633.2": ("MA1549.2", "MA0501.2"),  # BACH1
}
"""Motifs that may be hidden; for each one that agrees with a part of it only, and a relative."""

CONTENTS = (0.36, 0.40, 0.60, 0.64)
"""G and C together, of the background."""


class Truth(NamedTuple):
    """What is hidden in the peaks of one case.

    A network learns from `peaks`. It is judged with `test`, held-out peaks and their shuffles in a
    random order; `labels` says which is which. `sequence` is one of the held-out peaks, in which
    the motif stands at `site`.
    """

    motif: Motif
    background: np.ndarray
    peaks: list[str]
    test: list[str]
    labels: list[int]
    sequence: str
    site: Site


def own_peaks(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a case: peaks, a test set, and one peak to look at closely."""
    # The peaks follow from `case` and `ratio`: so a check can work out the truth from the numbers.
    case, ratio = int(rng.integers(2**32)), int(rng.integers(2, 5))
    other = int(rng.integers(6, 20))
    known = truth(case, ratio)
    return {
        "case": case,
        "ratio": ratio,
        "other": other,
        "peaks": known.peaks,
        "test": known.test,
        "labels": known.labels,
        "sequence": known.sequence,
    }


@lru_cache(maxsize=64)
def truth(case: int, ratio: int) -> Truth:
    """Make the peaks of a case, with `ratio` shuffles for each that is held out."""
    rng = np.random.default_rng(case)
    motif = jaspar.load(str(rng.choice(list(HIDDEN))))
    q = gc_background(float(rng.choice(CONTENTS)))
    seed = int(rng.integers(2**32))
    made = plant(LEARNED + HELD_OUT, LENGTH, Arrangement((motif,)), None, q, WITH_SITE, seed)
    held = made.sequences[LEARNED:]
    # Shuffled with all pairs of neighbours kept: what is left to learn is the motif.
    records = [FastaRecord(str(number), peak) for number, peak in enumerate(held)]
    shuffles = [record.sequence for record in shuffled_negatives(records, ratio, rng)]
    order = rng.permutation(len(held) + len(shuffles))
    site = _clearest(motif, q, made.sequences, [s for s in made.sites if s.sequence >= LEARNED])
    return Truth(
        motif,
        q,
        made.sequences[:LEARNED],
        [(held + shuffles)[i] for i in order],
        [int(i < len(held)) for i in order],
        made.sequences[site.sequence],
        site,
    )


def hidden(given: Given) -> Truth:
    """Return what is hidden in the peaks of a learner."""
    return truth(given.case, given.ratio)


def best_scores(motif: Motif, q: np.ndarray, sequences: list[str]) -> np.ndarray:
    """Return the highest log-odds in each sequence, on either strand."""
    return _scores(motif, q, sequences).max(axis=1)


def _scores(motif: Motif, q: np.ndarray, sequences: list[str]) -> np.ndarray:
    """Return the log-odds of each window of each sequence, the higher of both strands."""
    return np.max([one.score(sequences, q) for one in (motif, motif.reverse_complement())], axis=0)


def _clearest(motif: Motif, q: np.ndarray, sequences: list[str], sites: list[Site]) -> Site:
    """Choose a site that stands out from its sequence, and far from its place on the other strand.

    It also lies away from both ends, so that the first window is not near it.
    """

    def margin(site: Site) -> float:
        scores = _scores(motif, q, [sequences[site.sequence]])[0]
        far = np.abs(np.arange(len(scores)) - site.start) > 2
        return scores[site.start] - scores[far].max()

    def well_placed(site: Site) -> bool:
        middle = (site.start + site.end) / 2
        return 24 <= min(middle, LENGTH - middle) <= 34

    return max(filter(well_placed, sites), key=margin)


def alike(one: Motif, other: Motif) -> float:
    """Return the similarity of the second motif laid on the first; -1 if it does not fit."""
    found = similarity(one, other)
    return found.similarity if found else -1.0


STREAM = "discovering"
_RELATED = 0.7  # similarity from which on a motif is called a relative


def _effort(given: Given) -> tuple[int, ...]:
    """Say how much there is to learn from."""
    return len(given.peaks), sum(given.labels), len(given.sequence)


# -- Which sequences to learn against --------------------------------------------------------------

NEGATIVES = Choice(
    id="discovering.negatives",
    title="Negatives for peaks",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        f"`given.peaks` contains {LEARNED} peaks of {LENGTH} bases: stretches of a genome that a "
        "protein was found to bind. (They are random sequences with a real motif in them, so that "
        "you can check your answer.) Most of them contain a site of the motif, at a random place "
        f"on either strand. One begins with `{given.peaks[0][:24]}…`. You are not told more.\n\n"
        "A network learns to tell two classes apart, but you have only one. Which second class "
        "makes it learn the motif?"
    ),
    options=(
        Option("Each peak shuffled so that every pair of neighbouring bases keeps its count."),
        Option(
            "Random sequences in which all four bases are equally frequent.",
            "Count the bases of your peaks: they are not equally frequent. A network would learn "
            "that first, and a filter that counts G and C is not a motif.",
        ),
        Option(
            "Each peak with its bases in any random order.",
            "That keeps the composition, which is half of the answer. But in genomes some pairs "
            "of neighbours are rare (CG) and others frequent (AA), and a random order destroys "
            "that everywhere: the network could learn this instead of the motif.",
        ),
        Option(
            "The reverse complement of each peak.",
            "The protein reads both strands, so the reverse complement contains the same site. "
            "The two classes would not differ in anything that matters.",
        ),
        Option(
            "Peaks of another protein.",
            "Then there are two motifs, and the network learns whichever separates the classes "
            "more easily. You could not say to which protein a filter's motif belongs.",
        ),
    ),
    hints=(
        "The negatives should be like the peaks in all respects but one. Which one?",
        "Think of three counts: single bases, pairs of bases, sites of the motif. Which proposal "
        "keeps the first two and destroys the third?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**: shuffles that keep every pair. They have the same bases and the "
        "same pairs as their peaks, so only patterns longer than two bases are left to learn. In "
        "your peaks the share of G and C is "
        f"{sum(peak.count('G') + peak.count('C') for peak in given.peaks) / LEARNED / LENGTH:.2f}."
    ),
    effort=_effort,
)


# -- What a guess is worth -------------------------------------------------------------------------


class _Baseline(Value):
    """For each area of a guess, takes the prevalence or what average precision comes to."""

    def accepts(self, answer: np.ndarray, given: Given) -> bool:
        """Accept each of the two numbers that can be defended."""
        right = np.array(self.right(given))
        if answer.shape == right.shape:
            exact = [_expected(given.ratio), _expected(given.other), 0.5]
            # One number may be a prevalence and the other a simulated average precision.
            near = np.abs(answer - exact) <= [_SIMULATED, _SIMULATED, 0]
            answer = np.where(near, right, answer)
        return super().accepts(answer, given)


_SIMULATED = 0.003  # the mean of some hundred simulated guesses is that near


def _expected(shuffles: int) -> float:
    """Return the mean average precision of a guess, with that many shuffles of each peak."""
    return average_precision_of_guess(HELD_OUT, HELD_OUT * shuffles)


BASELINE = _Baseline(
    id="discovering.baseline",
    title="What a guess is worth",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        f"Your detector will be judged on `given.test`: {HELD_OUT} other peaks and {given.ratio} "
        f"shuffles of each. A colleague judges her detector on the same peaks with {given.other} "
        "shuffles of each.\n\n"
        "A detector that guesses gives every sequence a random score. Give three numbers, to "
        "three decimals: the baseline of the AUPRC on your sequences, which is the expected "
        "precision of such a guess; the same on your colleague's sequences; and the average AUROC "
        "of a guess on yours."
    ),
    right=lambda given: [1 / (1 + given.ratio), 1 / (1 + given.other), 0.5],
    decimals=3,
    mistakes=(
        Mistake(
            "baseline 0.5",
            "One half is the AUROC of a guess. Precision is different: of the sequences that a "
            "guess calls positive, what share is positive?",
            lambda given: [0.5, 0.5, 0.5],
        ),
        Mistake(
            "peaks per shuffle",
            "You divided the number of peaks by that of the shuffles. Divide it by the number of "
            "*all* sequences: peaks and shuffles.",
            lambda given: [1 / given.ratio, 1 / given.other, 0.5],
        ),
        Mistake(
            "share of the negatives",
            "This is the share of the negatives: how often a detector is wrong if it calls "
            "everything positive.",
            lambda given: [
                given.ratio / (1 + given.ratio),
                given.other / (1 + given.other),
                0.5,
            ],
        ),
        Mistake(
            "AUROC taken to fall with the prevalence",
            "The first two numbers are right. Each axis of a ROC curve is a share of one class "
            "only, so what happens to its area if one class is larger?",
            lambda given: [1 / (1 + given.ratio), 1 / (1 + given.other), 1 / (1 + given.ratio)],
        ),
        per_cent("an area", lambda given: [1 / (1 + given.ratio), 1 / (1 + given.other), 0.5]),
    ),
    hints=(
        "Take some of the sequences at random. What share of them are peaks? Does it matter how "
        "many you take?",
        "For each peak there are several shuffles: how many sequences are there in all for one "
        "peak?",
    ),
    solution=lambda given: (
        "A guess picks peaks as often as they occur, at every threshold, so on average its "
        f"precision is the prevalence. Here $1 / (1 + {given.ratio})$ = "
        f"**{1 / (1 + given.ratio):.3f}**, for your colleague $1 / (1 + {given.other})$ = "
        f"**{1 / (1 + given.other):.3f}**. The AUROC of a guess is **0.5** on average, whatever "
        "the prevalence. So an AUPRC says nothing without its baseline.\n\n"
        "If you simulate guesses, their average precision is a little higher: "
        f"{_expected(given.ratio):.3f} and {_expected(given.other):.3f} on average. It takes the "
        "precision only at the ranks of the peaks, and there the peak itself is already a correct "
        "call. With $P$ peaks among $N$ sequences the mean over all orders is "
        r"$\frac{1}{N}\sum_{i=1}^{N}\frac{1}{i}\big(1 + (i - 1)\frac{P - 1}{N - 1}\big)$, which "
        "approaches the prevalence as the set grows. These numbers are also accepted."
    ),
    effort=lambda given: (_effort(given), given.ratio > 1, given.other > given.ratio),
)


# -- Name the motif --------------------------------------------------------------------------------


def _named(given: Given, answer: Any) -> Motif:
    """Load the motif that is named; raises `Unreadable`."""
    if not isinstance(answer, str):
        raise Unreadable('Give a name or an id from JASPAR, such as "MA0036.4" or "GATA2".')
    name = tidy_text(answer)
    try:
        return jaspar.load(name)
    except ValueError as problem:
        if len(name) > 3 and set(name.upper()) <= set("ACGTN"):
            raise Unreadable(
                "These are letters of a site. Which motif of JASPAR is most similar to the filter "
                "that you read them from?"
            ) from None
        raise Unreadable(str(problem)) from None


def _stranger(motif: Motif) -> str:
    """Return the id of the first motif of the list that has little in common with this one."""
    for id in HIDDEN:
        other = jaspar.load(id)
        # A part of one may fit the other, so both directions are tried.
        if max(alike(other, motif), alike(motif, other)) < _RELATED:
            return id
    raise ValueError(f"every motif of the list has much in common with {motif.id}.")


MOTIF = Open(
    id="discovering.motif",
    title="Name the motif",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        "Train a network to tell `given.peaks` from negatives of your choice, turn its filters "
        "into motifs, and find out which known motif is most similar to that of the strongest "
        'filter. Answer with the id or the name of a motif in JASPAR, such as `"MA0036.4"` or '
        f'`"GATA2"`. Your peaks begin with `{given.peaks[0][:24]}…`.\n\n'
        "Proteins of the same family share their motifs, so the motif alone does not tell you the "
        f"protein. Every motif whose matrix is similar enough to the hidden one, {ALIKE} or more "
        "on either strand by `motiflab.motifs.similarity`, is right."
    ),
    right=lambda given: hidden(given).motif.id,
    form=_named,
    lacks=lambda given, motif: (
        ""
        if alike(motif, hidden(given).motif) >= ALIKE
        else "Your peaks contain a different motif."
    ),
    mistakes=(
        Mistake(
            "a match on a part only",
            "This motif agrees with a part of the one in your peaks, but not with the rest: a "
            "short piece at the edge of a filter matches many motifs. How surprising is the "
            "match, that is, what is its E-value?",
            lambda given: HIDDEN[hidden(given).motif.id][0],
            lambda given, motif: alike(hidden(given).motif, motif) >= ALIKE,
        ),
        Mistake(
            "a relative, not near enough",
            "This motif resembles the one in your peaks, but some of its positions differ. Look "
            "at more than the first match, and check that your filter is the strongest one, and "
            "wide enough.",
            lambda given: HIDDEN[hidden(given).motif.id][1],
            lambda given, motif: alike(motif, hidden(given).motif) >= _RELATED,
        ),
        Mistake(
            "a filter that learned something else",
            "This motif has little in common with the one in your peaks. Is the filter the one "
            "with the highest `strength`? On the training sequences, even a useless filter "
            "reaches 0.6 and more. And were the negatives shuffles of the peaks?",
            lambda given: _stranger(hidden(given).motif),
            lambda given, motif: True,
        ),
    ),
    hints=(
        "`datasets.from_fasta` takes the bytes of a FASTA file with the peaks and can make the "
        "shuffles. `networks.train` trains a network on the dataset that it returns.",
        "`interpretation.filter_motifs(network, data)` turns every filter into a motif and "
        "measures how well the filter does alone: its `strength`. Take the strongest.",
        '`tomtom.tomtom([motif], jaspar.collection("vertebrates"))` returns the E-values of all '
        "known motifs. The smallest is the least likely to be chance. The motif with the highest "
        "similarity may just be a short one that matches the edge of your filter.",
        "First look at the information content of your motif, `.information().sum()`: below about "
        "8 bits a small E-value means little. Even a flat filter, with 0 bits, matches a long "
        "motif with an E-value near 10⁻¹². The reason: nearly flat columns are rare in known "
        "motifs, but a few long motifs have many of them in a row, in their spacers, and Tomtom's "
        "null model draws each column independently. Flat columns at the ends of a strong motif "
        "do not change its best match.",
    ),
    solution=lambda given: (
        "One way: use shuffles as negatives, train a network with 16 filters, turn the filter "
        "with the highest strength into a motif, and take the known motif with the smallest "
        f"E-value. The motif hidden in your peaks is **{hidden(given).motif.name}** "
        f"({hidden(given).motif.id}), with the consensus {hidden(given).motif.consensus()}, or, "
        f"on the other strand, {hidden(given).motif.reverse_complement().consensus()}."
    ),
    effort=_effort,
)


# -- Judge the detector ----------------------------------------------------------------------------

TOLERANCE = 0.005
"""Of the areas that a learner reports."""

_ENOUGH = 0.6  # of the way from the baseline to what the hidden motif itself reaches
_TOO_GOOD = 0.995  # an area that nobody reaches if some of the peaks hold no site


class Report(NamedTuple):
    """Scores of the test sequences, and the areas that a learner says they have.

    `found` is the AUPRC that the scores really have; nan if their number is not that of the
    sequences.
    """

    scores: np.ndarray
    area: float
    baseline: float
    found: float


def read_report(given: Given, answer: Any) -> Report:
    """Read scores, AUPRC and baseline; raises `Unreadable`."""
    # Nothing else is unpacked: it might be long, or never end.
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise Unreadable(
            "Three things were expected, `(scores, auprc, baseline)`: a list of numbers, and two "
            "single numbers."
        )
    scores = read_numbers(answer[0], (len(given.test),), typed=True)
    area, baseline = (read_numbers(part, (), typed=True) for part in answer[1:])
    if scores.ndim != 1 or not scores.size or area.shape or baseline.shape:
        raise Unreadable(
            "The scores should be a plain list with one number for each sequence, followed by two "
            "single numbers, the AUPRC and its baseline."
        )
    return Report(scores, float(area), float(baseline), _area(given, scores))


def _area(given: Given, scores: np.ndarray) -> float:
    if scores.shape != (len(given.test),):
        return np.nan
    return precision_recall(given.labels, scores).area


@lru_cache(maxsize=512)
def _best(case: int, ratio: int) -> float:
    """Return the AUPRC of the hidden motif itself, as a scanner."""
    known = truth(case, ratio)
    scores = best_scores(known.motif, known.background, known.test)
    return precision_recall(known.labels, scores).area


def _floor(given: Given) -> float:
    """Return the AUPRC that a network should reach."""
    prevalence = np.mean(given.labels)
    return prevalence + _ENOUGH * (_best(given.case, given.ratio) - prevalence)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE


def _baselines(given: Given) -> tuple[float, float]:
    """Return the prevalence, and the average precision of a random order on average."""
    return 1 / (1 + given.ratio), _expected(given.ratio)


def _report_lacks(given: Given, report: Report) -> str:
    """Return the first of the complaints that holds, or an empty text."""
    if np.isnan(report.found):
        return f"There should be {len(given.test)} scores, one for each sequence of `given.test`."
    if not _floor(given) <= report.found <= _TOO_GOOD:
        return "These scores do not separate your peaks from their shuffles as well as they could."
    if not _near(report.area, report.found):
        return "The AUPRC that you report is not that of these scores."
    if not any(_near(report.baseline, baseline) for baseline in _baselines(given)):
        return "The baseline is not that of a guess on these sequences."
    return ""


def _some_scores(given: Given, found: float = 0.8) -> np.ndarray:
    """Return the scores of a detector that finds a share of the peaks and nothing else."""
    peaks = np.flatnonzero(given.labels)
    scores = np.zeros(len(given.test))
    scores[peaks[: round(found * len(peaks))]] = 1.0
    return scores


def _some_report(
    given: Given,
    scores: np.ndarray | None = None,
    area: float | None = None,
    baseline: float | None = None,
) -> tuple[np.ndarray, float, float]:
    """Return a report that is right but for what is given."""
    scores = _some_scores(given) if scores is None else scores
    area = np.nan_to_num(_area(given, scores), nan=1.0) if area is None else area
    return scores, float(area), float(np.mean(given.labels) if baseline is None else baseline)


REPORT = Open(
    id="discovering.report",
    title="Judge the detector",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        f"`given.test` contains {len(given.test)} sequences that your network has not seen, the "
        f"first of them `{given.test[0][:24]}…`. Of these, {HELD_OUT} are peaks; `given.labels` "
        "says which (1 for a peak). Let your network score them, and answer with a tuple of "
        "three: `(scores, auprc, baseline)`, the scores in the order of `given.test` (higher for "
        "a peak; logits are fine), the area under their precision-recall curve, and the baseline "
        "of that area, which is the expected precision of a guess. The last two numbers may be "
        f"off by {TOLERANCE}."
    ),
    right=_some_report,
    form=read_report,
    lacks=_report_lacks,
    mistakes=(
        Mistake(
            "training set instead of held out",
            "The number of scores differs from that of the sequences in `given.test`. Did you "
            "score others, perhaps the training sequences? The network may have memorized them.",
            lambda given: _some_report(given, scores=np.arange(2.0 * len(given.peaks))),
            lambda given, report: np.isnan(report.found),
        ),
        Mistake(
            "too good to be true",
            "These scores are nearly perfect. About one peak in ten contains no site, so no "
            "detector finds them all. Did labels or sequences of `given.test` get into the "
            "training or into the scores?",
            lambda given: _some_report(given, scores=_some_scores(given, 1.0)),
            lambda given, report: report.found > _TOO_GOOD,
        ),
        Mistake(
            "scores turned round",
            "Your scores are high for the shuffles and low for the peaks. Perhaps they are scores "
            "of the other class, or a sign is missing.",
            lambda given: _some_report(given, scores=-_some_scores(given)),
            lambda given, report: report.found < _floor(given) <= _area(given, -report.scores),
        ),
        Mistake(
            "no better than a guess",
            "These scores separate peaks from shuffles hardly better than a guess. Has the "
            "network been trained? Are the scores in the order of `given.test`?",
            lambda given: _some_report(given, scores=_some_scores(given)[::-1]),
            lambda given, report: report.found < _floor(given),
        ),
        Mistake(
            "AUROC for AUPRC",
            "The area that you report is that under the ROC curve. It does not depend on how rare "
            "peaks are.",
            lambda given: _some_report(given, area=roc(given.labels, _some_scores(given)).area),
            lambda given, report: (
                not _near(report.area, report.found)
                and _near(report.area, roc(given.labels, report.scores).area)
            ),
        ),
        Mistake(
            "per cent for an area",
            "You gave the area or its baseline in per cent. Both are between 0 and 1.",
            lambda given: _some_report(given, area=100 * _area(given, _some_scores(given))),
            lambda given, report: (
                _near(report.area / 100, report.found)
                or any(_near(report.baseline / 100, baseline) for baseline in _baselines(given))
            ),
        ),
        Mistake(
            "AUPRC of other scores",
            "The scores are good, but your area does not belong to them. Did you compute it on "
            "the training sequences, or with an earlier network?",
            lambda given: _some_report(given, area=0.97),
            lambda given, report: not _near(report.area, report.found),
        ),
        Mistake(
            "baseline 0.5",
            "Scores and area are right. One half is the baseline of the ROC curve; that of the "
            "precision-recall curve depends on the share of peaks among the sequences.",
            lambda given: _some_report(given, baseline=0.5),
            lambda given, report: _near(report.baseline, 0.5),
        ),
    ),
    hints=(
        "`encode(given.test).x` is the input of a network: shape (N, 4, L). If you call a network "
        "on `torch.from_numpy(...)` of this array, it returns the logits.",
        "`evaluation.precision_recall(given.labels, scores)` returns a curve with its `area` and "
        "its `baseline`.",
    ),
    solution=lambda given: (
        "Encode the sequences, let the network score them, and compute the curve: `curve = "
        "evaluation.precision_recall(given.labels, scores)`, then `(scores, curve.area, "
        f"curve.baseline)`. The baseline is the prevalence, {np.mean(given.labels):.3f}. "
        f"(Simulated guesses have an average precision of {_baselines(given)[1]:.3f} on average, "
        "a little more, because the set is finite; that is also accepted.) A scanner with the "
        f"hidden motif itself reaches {_best(given.case, given.ratio):.2f}; a network that comes "
        "close to that has found the motif."
    ),
    effort=_effort,
)


# -- Show the place --------------------------------------------------------------------------------

LONGEST = 24
"""Bases of the longest stretch that passes for a place."""


def read_stretch(given: Given, answer: Any) -> tuple[int, int]:
    """Read where a stretch starts and ends; raises `Unreadable`."""
    numbers = read_numbers(answer, (2,), typed=True)
    if numbers.shape != (2,) or (numbers != np.round(numbers)).any():
        raise Unreadable("Give two whole numbers, `(start, end)`.")
    start, end = (int(number) for number in numbers)
    if not 0 <= start < end <= LENGTH:
        raise Unreadable(
            f"Positions count from 0 to {LENGTH - 1}, the start comes before the end, and the end "
            "is excluded."
        )
    return start, end


def _covers(given: Given, start: int, end: int) -> bool:
    """Tell whether most of the site lies in a stretch."""
    site = hidden(given).site
    shared = min(end, site.end) - max(start, site.start)
    return shared >= 0.7 * (site.end - site.start)


def _moved(given: Given, by: int) -> tuple[int, int]:
    site = hidden(given).site
    return site.start + by, site.end + by


SITE = Open(
    id="discovering.site",
    title="Show the place",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        "Here is one of the peaks that your network has not seen, `given.sequence`:\n\n"
        f"`{given.sequence}`\n\n"
        "Which of its bases made your network call it a peak? Compute a saliency map, and answer "
        "with `(start, end)`, the stretch that contains the site: positions on the strand written "
        f"here, counted from 0, the end excluded, at most {LONGEST} bases."
    ),
    right=lambda given: _moved(given, 0),
    form=read_stretch,
    lacks=lambda given, stretch: (
        ""
        if stretch[1] - stretch[0] <= LONGEST and _covers(given, *stretch)
        else "The motif is somewhere else in this peak."
    ),
    mistakes=(
        Mistake(
            "too long a stretch",
            f"A stretch of more than {LONGEST} bases is too long to show the place. Where is the "
            "map strongest?",
            lambda given: (0, LENGTH),
            lambda given, stretch: stretch[1] - stretch[0] > LONGEST,
        ),
        Mistake(
            "first window rather than winner",
            "This is the beginning of the peak. The network's maximum comes from the winning "
            "window, wherever it is.",
            lambda given: (0, 15),
            lambda given, stretch: stretch[0] == 0,
        ),
        Mistake(
            "coordinates of the other strand",
            "That would be the place if you counted from the other end. A filter may read the "
            "other strand, but positions are counted from the left of the written strand.",
            lambda given: (LENGTH - hidden(given).site.end, LENGTH - hidden(given).site.start),
            lambda given, stretch: _covers(given, LENGTH - stretch[1], LENGTH - stretch[0]),
        ),
        Mistake(
            "off by a filter width",
            "The site is next to this stretch. Is your start the first base of the window, or "
            "perhaps the last? And is the motif as wide as the filter?",
            lambda given: _moved(given, 14),
            lambda given, stretch: _covers(given, max(stretch[0] - 16, 0), stretch[1] + 16),
        ),
    ),
    hints=(
        "`saliency.saliency(network, one_hot(given.sequence))` has a row for each position and a "
        "column for each base.",
        "Each position has only one base: `saliency.gradient_times_input` keeps its entry. First "
        "centre the gradient with `saliency.centred`.",
        "Add up the absolute values over about 16 neighbouring positions; the site is where the "
        "sum is largest.",
    ),
    solution=lambda given: (
        f"The site is at positions **{hidden(given).site.start} to {hidden(given).site.end}** "
        f"(end excluded), on the {hidden(given).site.strand} strand: "
        f"`{given.sequence[hidden(given).site.start : hidden(given).site.end]}`. Gradient times "
        "input, centred, is large there and small elsewhere, because the maximum passes the "
        "gradient on to the winning window."
    ),
    effort=_effort,
)


# -- Defend the finding ----------------------------------------------------------------------------

DEFENCE = Text(
    id="discovering.defence",
    title="Defend your finding",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        "You claim to know which motif these peaks share. Write the paragraph that you would send "
        "to somebody who doubts it: what you found, on what evidence (the match, the "
        "precision-recall curve, the saliency map), against which controls, and what you do *not* "
        "claim."
    ),
    hints=(
        "For each of the three pieces of evidence: which doubt does it answer, and what would you "
        "have seen if you were wrong?",
        "Which of your numbers would change with other negatives? With a different seed? With "
        "shuffled labels?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- *the match*: which motif, its E-value among all the motifs it was compared with, and "
        "that related proteins share it: it names a family, not a protein;\n"
        "- *the curve*: the AUPRC on sequences that the network has not seen, next to its "
        f"baseline of {np.mean(given.labels):.3f}, and that about one peak in ten contains no "
        "site;\n"
        "- *the map*: in a new peak the important bases are next to each other, and they spell "
        "the motif;\n"
        "- *the controls*: negatives with the same pairs of bases, so composition does not "
        "explain the result; a different seed finds the same motif; with shuffled labels the "
        "network finds nothing;\n"
        "- *the choices*: the filter was chosen by its strength on the training sequences, before "
        "the match was looked at;\n"
        "- *what is not claimed*: that the protein is known, that every peak is explained, or "
        "that the AUPRC would be the same in a genome, where peaks are rare."
    ),
)

SET = ExerciseSet(
    "discovering",
    "Find the motif in unlabelled peaks",
    None,
    (NEGATIVES, BASELINE, MOTIF, REPORT, SITE, DEFENCE),
)

"""Find a motif in peaks: how well it is detected."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from motiflab.exercises.answers import Unreadable, read_numbers
from motiflab.exercises.discovering_motif import STREAM, effort
from motiflab.exercises.discovering_peaks import HELD_OUT, best_scores, own_peaks, truth
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.open_answers import Open
from motiflab.metrics import average_precision_of_guess, precision_recall, roc

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


def read_report(given: SimpleNamespace, answer: Any) -> Report:
    """Read scores, AUPRC and baseline; raises `Unreadable`."""
    # Nothing else is unpacked: it might be long, or never end.
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise Unreadable(
            "Three things were expected, `(scores, auprc, baseline)`: a list of numbers, and two "
            "numbers."
        )
    scores = read_numbers(answer[0], (len(given.test),), typed=True)
    area, baseline = (read_numbers(part, (), typed=True) for part in answer[1:])
    if scores.ndim != 1 or not scores.size or area.shape or baseline.shape:
        raise Unreadable(
            "The scores should be a plain list with one number for each sequence, followed by two "
            "single numbers, the AUPRC and its baseline."
        )
    return Report(scores, float(area), float(baseline), _area(given, scores))


def _area(given: SimpleNamespace, scores: np.ndarray) -> float:
    fits = scores.shape == (len(given.test),)
    return precision_recall(given.labels, scores).area if fits else np.nan


@lru_cache(maxsize=512)
def _best(case: int, ratio: int) -> float:
    """Return the AUPRC of the hidden motif itself, as a scanner."""
    known = truth(case, ratio)
    scores = best_scores(known.motif, known.background, known.test)
    return precision_recall(known.labels, scores).area


def _floor(given: SimpleNamespace) -> float:
    """Return the AUPRC that a network should reach."""
    prevalence = np.mean(given.labels)
    return prevalence + _ENOUGH * (_best(given.case, given.ratio) - prevalence)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE


def _report_lacks(given: SimpleNamespace, report: Report) -> str:
    if np.isnan(report.found):
        return f"There should be {len(given.test)} scores, one for each sequence of `given.test`."
    if not _floor(given) <= report.found <= _TOO_GOOD:
        return "These scores do not tell your peaks from their shuffles as they could."
    if not _near(report.area, report.found):
        return "The AUPRC that you report is not that of these scores."
    if not any(_near(report.baseline, baseline) for baseline in _baselines(given)):
        return "The baseline is not that of a guess on these sequences."
    return ""


def _baselines(given: SimpleNamespace) -> tuple[float, float]:
    """Return the prevalence, and the average precision of a random order on average."""
    peaks, total = sum(given.labels), len(given.labels)
    return peaks / total, average_precision_of_guess(peaks, total - peaks)


def _some_scores(given: SimpleNamespace, found: float = 0.8) -> np.ndarray:
    """Return scores of a detector that finds a share of the peaks and nothing else."""
    peaks = np.flatnonzero(given.labels)
    scores = np.zeros(len(given.test))
    scores[peaks[: round(found * len(peaks))]] = 1.0
    return scores


def _some_report(
    given: SimpleNamespace,
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
        f"`given.test` holds {len(given.test)} sequences that your network has not seen, the first "
        f"of them `{given.test[0][:24]}…`. Of these, {HELD_OUT} are "
        "peaks; `given.labels` says which (1 for a peak). Let your network score them, and "
        "answer with a tuple of three: `(scores, auprc, baseline)`, the scores in "
        "the order of `given.test` (higher for a peak; logits will do), the area under their "
        "precision-recall curve, and the baseline of that area, which is the precision of a guess "
        f"on average. The last two numbers may be off by {TOLERANCE}."
    ),
    right=_some_report,
    form=read_report,
    lacks=_report_lacks,
    mistakes=(
        Mistake(
            "training set instead of held out",
            "There is not one score for each sequence of `given.test`. Were others scored, "
            "perhaps those from which the network learned? It knows them by heart.",
            lambda given: _some_report(given, scores=np.arange(2.0 * len(given.peaks))),
            lambda given, report: np.isnan(report.found),
        ),
        Mistake(
            "too good to be true",
            "These scores are all but perfect. About one peak in ten holds no site, so no detector "
            "finds them all. Did labels, or sequences of `given.test`, find their way into the "
            "training or into the scores?",
            lambda given: _some_report(given, scores=_some_scores(given, 1.0)),
            lambda given, report: report.found > _TOO_GOOD,
        ),
        Mistake(
            "scores turned round",
            "Your scores are high where there is no peak. Perhaps they are for the other class, or "
            "have lost a sign.",
            lambda given: _some_report(given, scores=-_some_scores(given)),
            lambda given, report: report.found < _floor(given) <= _area(given, -report.scores),
        ),
        Mistake(
            "no better than a guess",
            "These scores tell peaks from shuffles little better than a guess, and less well than "
            "they could. Has the network been trained? Are the scores in the order of "
            "`given.test`?",
            lambda given: _some_report(given, scores=_some_scores(given)[::-1]),
            lambda given, report: report.found < _floor(given),
        ),
        Mistake(
            "AUROC for AUPRC",
            "The area that you report is that under the ROC curve. It does not know how rare "
            "peaks are.",
            lambda given: _some_report(given, area=roc(given.labels, _some_scores(given)).area),
            lambda given, report: (
                not _near(report.area, report.found)
                and _near(report.area, roc(given.labels, report.scores).area)
            ),
        ),
        Mistake(
            "per cent for an area",
            "You give an area or its baseline in per cent. Both lie between 0 and 1.",
            lambda given: _some_report(given, area=100 * _area(given, _some_scores(given))),
            lambda given, report: (
                _near(report.area / 100, report.found)
                or any(_near(report.baseline / 100, baseline) for baseline in _baselines(given))
            ),
        ),
        Mistake(
            "AUPRC of other scores",
            "The scores are good, but the area that you report is not theirs. Was it computed on "
            "the training sequences, or before another training?",
            lambda given: _some_report(given, area=0.97),
            lambda given, report: not _near(report.area, report.found),
        ),
        Mistake(
            "baseline 0.5",
            "Scores and area are right. One half is the baseline of the ROC curve; that of the "
            "precision-recall curve depends on how many of the sequences are peaks.",
            lambda given: _some_report(given, baseline=0.5),
            lambda given, report: _near(report.baseline, 0.5),
        ),
    ),
    hints=(
        "`sequences.encode(given.test).x` is what a network reads: shape (N, 4, L). A network "
        "called on `torch.from_numpy(...)` of that returns the logits.",
        "`metrics.precision_recall(given.labels, scores)` returns a curve with its `area` and its "
        "`baseline`.",
    ),
    solution=lambda given: (
        "Encode the sequences, let the network score them, and ask for the curve: "
        "`curve = metrics.precision_recall(given.labels, scores)`, then "
        "`(scores, curve.area, curve.baseline)`. The baseline is the prevalence, "
        f"{np.mean(given.labels):.3f}. (Simulated guesses have an average precision of "
        f"{_baselines(given)[1]:.3f} on average, a little more, as the set is finite; that is "
        "right, too.) The hidden motif itself, as a scanner, reaches "
        f"{_best(given.case, given.ratio):.2f}; a network that comes near to that has found it."
    ),
    effort=effort,
)

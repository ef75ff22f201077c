"""Compare ROC with precision-recall while positives become rare, with one threshold on both."""

from __future__ import annotations

import numpy as np

from motiflab.evaluation import (
    BROAD,
    RANDOM,
    SHARP,
    Counts,
    Curve,
    expected_counts,
    precision_at_prevalence,
)
from motiflab.figures import (
    Series,
    brief,
    curve_line,
    html_table,
    precision_recall_figure,
    random_line,
)
from motiflab.figures.chart_parts import GREY, axis, figure, key, numbered_keys, points
from motiflab.figures.style import ACCENT, DIVERGING, SEQUENTIAL
from motiflab.widgets import CardResult, CardState, Chart, Explorer, choice, curves, slider

POSITIVES = 1000
_DETECTORS = {detector.name: detector for detector in (BROAD, SHARP)}
# From far above all scores to far below them, so that the drawn curves reach both corners.
_THRESHOLDS = np.linspace(14, -6, 401)
# Thresholds of the slider, descending, so that both rates rise.
_DRAGGED = np.linspace(6, -2, 81)


class PrevalenceState(CardState):
    """What a learner can choose: how rare positives are, a detector, its threshold."""

    rarity: float = slider(
        0.0,
        "Negatives for each positive: 10 to the power of",
        0.0,
        6.0,
        0.1,
        help="0: one for each positive; 6: a million",
    )
    detector: str = choice("broad", "Detector", list(_DETECTORS))
    threshold: float = slider(
        2.0,
        "Threshold",
        -2.0,
        6.0,
        0.05,
        help=(
            "Scores of at least this are called positive. Negatives have mean 0 and standard "
            "deviation 1."
        ),
    )
    axis: str = choice(
        "linear",
        "False positive rate on a",
        [("linear axis", "linear"), ("log axis", "log")],
        help="A logarithmic axis shows the left edge, which matters most when positives are rare",
    )

    @property
    def prevalence(self) -> float:
        """Share of positives, ``1 / (1 + 10**rarity)``."""
        return 1 / (1 + 10**self.rarity)


class PrevalenceResult(CardResult):
    """Both detectors at this prevalence, and one threshold of one of them.

    Attributes
    ----------
    curves : dict of str to Curve
        Precision against recall, by the name of the detector.
    tpr, fpr, precision : float
        At the threshold.
    counts : Counts
        Expected counts for `POSITIVES` positives and the corresponding number of negatives.
    """

    curves: dict[str, Curve]
    tpr: float
    fpr: float
    precision: float
    counts: Counts


def compute(state: PrevalenceState) -> PrevalenceResult:
    """Compute both curves and the counts at the threshold."""
    detector = _DETECTORS[state.detector]
    tpr, fpr = float(detector.tpr(state.threshold)), float(detector.fpr(state.threshold))
    return PrevalenceResult(
        state,
        {name: d.precision_recall(state.prevalence) for name, d in _DETECTORS.items()},
        tpr,
        fpr,
        precision_at_prevalence(tpr, fpr, state.prevalence),
        expected_counts(tpr, fpr, POSITIVES, POSITIVES * 10**state.rarity),
    )


def draw(result: PrevalenceResult, uid: str) -> dict[str, str | Chart]:
    """Draw ROC and precision-recall side by side, how the precision falls, and a table."""
    return {
        "roc": _roc(result),
        "precision_recall": _precision_recall(result),
        "fall": _fall(result),
        "table": _table(result),
    }


def describe(result: PrevalenceResult) -> str:
    """Give the formula of the precision with its numbers, and its meaning in words."""
    pi = result.state.prevalence
    calls = result.counts.tp + result.counts.fp
    areas = {name: curve.area for name, curve in result.curves.items()}
    better = max(areas, key=areas.get)
    # If fewer than half a call is expected, the share of right calls has no meaning.
    right = "Almost nothing is called positive"
    if calls >= 0.5:
        right = f"Of {amount(calls)} calls, {amount(result.counts.tp)} are right"
    called = f"{brief(result.tpr)}·{brief(pi)}"
    return (
        "<p>precision = TPR·π / (TPR·π + FPR·(1 − π)) = "
        f"{called} / ({called} + {brief(result.fpr)}·{1 - pi:.6g})"
        f" = <b>{brief(result.precision)}</b></p>"
        f"<p>{right}. AUROC is {BROAD.auroc():.3f} (broad) and {SHARP.auroc():.3f} (sharp) "
        f"at any prevalence. AUPRC is <b>{brief(areas['broad'])}</b> (broad) and "
        f"<b>{brief(areas['sharp'])}</b> (sharp) at π = {brief(pi)}, where a guess has "
        f"{brief(pi)}: by AUPRC, {better} is better here.</p>"
    )


def amount(number: float) -> str:
    """Write an expected number: whole from 10 on, with two digits below."""
    return f"{number:,.0f}" if number >= 9.95 or number == 0 else brief(number, 2)


def _dragged(rates: np.ndarray) -> dict[str, object]:
    """Let a chart move the threshold along these rates, one for each of `_DRAGGED`."""
    places = [float(f"{rate:.4g}") for rate in rates]
    return {"drag": "threshold", "along": (places, _DRAGGED.round(1).tolist())}


_LOOKS = {
    "broad": {"colour": SEQUENTIAL, "dash": "solid"},
    "sharp": {"colour": DIVERGING[0], "dash": "dash"},
    "random": {"colour": GREY, "dash": "dot"},
}


def _roc(result: PrevalenceResult) -> Chart:
    curves = {
        d.name: Curve(d.fpr(_THRESHOLDS), d.tpr(_THRESHOLDS), d.auroc(), 0.5)
        for d in (BROAD, SHARP)
    }
    guess = RANDOM.fpr(_THRESHOLDS)  # as many points as the curves have, also on a log axis
    curves["random"] = Curve(guess, guess, 0.5, 0.5)
    lines = [curve_line(curve, name, **_LOOKS[name]) for name, curve in curves.items()]
    here = points([result.fpr], [result.tpr], "threshold", ACCENT, size=10)
    broad, sharp = (f"{detector.auroc():.3f}" for detector in (BROAD, SHARP))
    x = axis("false positive rate", (0, 1), dtick=0.5)
    places = _DETECTORS[result.state.detector].fpr(_DRAGGED)
    if result.state.axis == "log":
        x = axis("false positive rate", (-9, 0), type="log", dtick=2)
        places = np.log10(places)
    return Chart(
        figure(
            [*lines, here],
            "ROC, and AUROC",
            [*numbered_keys(lines, [broad, sharp, "0.5"]), key(here)],
            x,
            axis("true positive rate", (0, 1.02), dtick=0.5),
            "false positive rate %{x:.2g}<br>true positive rate %{y:.3f}",
            **_dragged(places),
        ),
        f"ROC, the same at every prevalence: AUROC {broad} broad, {sharp} sharp, 0.5 random. The "
        f"threshold {result.state.threshold:g} on {result.state.detector} has false positive rate "
        f"{brief(result.fpr, 2)} and true positive rate {result.tpr:.3f}.",
    )


def _precision_recall(result: PrevalenceResult) -> Chart:
    pi, curves = result.state.prevalence, result.curves
    lines = [curve_line(curve, name, every=6, **_LOOKS[name]) for name, curve in curves.items()]
    # The precision of random calls is the prevalence at any recall.
    lines.append(random_line(pi))
    here = points([result.tpr], [result.precision], "threshold", ACCENT, size=10)
    areas = {name: brief(curve.area) for name, curve in curves.items()}
    chance = brief(pi, 2)
    keys = [*numbered_keys(lines, [*areas.values(), chance]), key(here)]
    named = ", ".join(f"{area} {name}" for name, area in areas.items())
    return Chart(
        precision_recall_figure(
            "Precision-recall, and AUPRC",
            [*lines, here],
            keys,
            digits=(".3f", ".3g"),
            **_dragged(_DETECTORS[result.state.detector].tpr(_DRAGGED)),
        ),
        f"Precision-recall at prevalence {chance}: AUPRC {named}, {chance} random. The threshold "
        f"has recall {result.tpr:.3f} and precision {brief(result.precision, 2)}.",
    )


def _fall(result: PrevalenceResult) -> Chart:
    rarity = np.linspace(0, 6, 61)
    prevalence = 1 / (1 + 10**rarity)
    precision = [precision_at_prevalence(result.tpr, result.fpr, pi) for pi in prevalence]
    here = 10**result.state.rarity
    return curves(
        [Series(f"precision {brief(result.precision)}", 10**rarity, precision, result.precision)],
        "The same threshold while positives become rare",
        axis("negatives for each positive", (-0.1, 6.1), type="log", dtick=1),
        axis("precision", (0, 1.05), dtick=0.5),
        place=f"{amount(here)} negatives for each positive",
        now=here,
        height=170,
        drag="rarity",
    )


def _table(result: PrevalenceResult) -> str:
    tp, fp, fn, tn = map(amount, result.counts)
    negatives = amount(POSITIVES * 10**result.state.rarity)
    return html_table(
        f"Expected counts for {POSITIVES:,} positives and {negatives} negatives at threshold "
        f"{result.state.threshold:g}, detector {result.state.detector}",
        ["", "called", "not called", "all"],
        [
            ["positives", f"TP {tp}", f"FN {fn}", f"{POSITIVES:,}"],
            ["negatives", f"FP {fp}", f"TN {tn}", negatives],
        ],
    )


class PrevalenceExplorer(Explorer):
    """Make positives rare: the ROC curve stays the same, and the precision falls.

    Examples
    --------
    >>> explorer = PrevalenceExplorer(rarity=5.0)
    >>> f"{explorer.result.precision:.1e}, {explorer.result.counts.fp:.3g} false positives"
    '2.2e-04, 2.28e+06 false positives'
    """

    State = PrevalenceState
    title = "What is left of a good detector when positives are rare?"
    goal = (
        "push the precision of the broad detector below 1 % and watch the ROC curve; then find "
        "how rare positives must be for the sharp one to have the larger AUPRC."
    )
    rows = (("roc", "precision_recall"),)
    numbers = ("table",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)

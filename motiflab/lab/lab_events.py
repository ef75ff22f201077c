"""Events of a training and reached goals, from its records.

Nothing is announced before the network has learned something: before the held-out AUROC is more
than four standard errors above that of a guess, 0.5. For a guess, AUROC is the Mann-Whitney
statistic divided by ``P * N``, with the standard error ``sqrt((P + N + 1) / (12 * P * N))``, where
``P`` and ``N`` are the numbers of held-out positives and negatives (Mann & Whitney 1947).
"""

from __future__ import annotations

import math

from motiflab.figures import FilterCard
from motiflab.lab.training_session import Look

CLOSE = 0.02
"""Largest difference of an AUPRC that counts as close to the best possible one."""

HIGH = 0.95
"""AUROC to reach with CTCF peaks, for which the best possible one is unknown."""

_SURE = 4  # standard errors


def learned(look: Look) -> bool:
    """Whether the held-out AUROC is more than four standard errors above that of a guess."""
    labels = look.session.data.test.labels
    positives = int(labels.sum())
    negatives = len(labels) - positives
    error = math.sqrt((len(labels) + 1) / (12 * positives * negatives))
    return look.roc.area > 0.5 + _SURE * error


def resembles(card: FilterCard) -> str:
    """Name of the motif that explains a filter's windows, preferably a planted one; or empty."""
    if card.truth:
        return card.truth.name if card.planted else ""
    return card.match_name


def near_best(look: Look) -> bool:
    """Whether the AUPRC is close to the best possible one."""
    best = look.session.data.best_precision_recall
    return best is not None and look.precision_recall.area >= best.area - CLOSE


def news(look: Look, told: set[str]) -> list[str]:
    """Return sentences on events that are new at a moment of a training.

    Parameters
    ----------
    look : Look
        The latest moment of a training.
    told : set of str
        Earlier events: names of motifs, and "close". New ones are added.

    Returns
    -------
    list of str
        Sentences without a full stop; at most one for each motif and one for the curve.
    """
    if not learned(look):
        return []
    found = []
    for card in look.cards:
        name = resembles(card)
        if name and name not in told:
            told.add(name)
            found.append(f"filter {card.index + 1} resembles {name}")
    if near_best(look) and "close" not in told:
        told.add("close")
        found.append(f"AUPRC within {CLOSE} of the best possible")
    return found


def goals(look: Look) -> list[tuple[bool, str]]:
    """Return the goals for these data: whether each is reached, and one sentence why.

    Parameters
    ----------
    look : Look

    Returns
    -------
    list of (bool, str)
    """
    session = look.session
    sure = learned(look)
    named = {}
    for card in (look.hero, *look.cards) if sure else ():
        named.setdefault(resembles(card), card)
    named.pop("", None)
    planted = list(dict.fromkeys(motif.name for motif in session.data.train.motifs))
    found = []
    for name in planted or [next(iter(named), "")]:
        card = named.get(name)
        if card:
            found.append((True, f"filter {card.index + 1} resembles {name}"))
        else:
            found.append((False, f"a filter that resembles {name or 'a known motif'}"))
    area, best = look.precision_recall.area, session.data.best_precision_recall
    if best is not None:
        words = f"AUPRC {area:.2f}, within {CLOSE} of the best possible {best.area:.2f}"
        missing = f"AUPRC within {CLOSE} of the best possible {best.area:.2f}, now {area:.2f}"
        found.append((near_best(look), words if near_best(look) else missing))
    elif session.state.source == "ctcf":
        reached = look.roc.area >= HIGH
        found.append((reached, f"AUROC of {HIGH} or more, now {look.roc.area:.2f}"))
    else:
        found.append((sure, f"AUROC clearly above that of a guess, 0.5: now {look.roc.area:.2f}"))
    return found

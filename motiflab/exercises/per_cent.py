"""The mistake of an answer in per cent where numbers between 0 and 1 were asked for."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.exercises.exercise import Mistake

_WHOLE = 0.5  # per cent are often rounded to whole ones


def per_cent(of: str, right: Callable[[SimpleNamespace], Any]) -> Mistake:
    """Make the mistake of giving per cent for a share, a probability or an area.

    It is the last of an exercise's mistakes, since it forgives rounding and the others do not.

    Parameters
    ----------
    of : str
        What was asked for, with its article: "a probability".
    right : callable
        From the numbers of a learner to the right answer, one number or several, none below 0.02.

    Returns
    -------
    Mistake
        It is seen if at least one number is in per cent, also when rounded to whole per cent, and
        the others are right.

    Examples
    --------
    >>> mistake = per_cent("a share", lambda given: 0.342)
    >>> mistake.name, mistake.example(None), mistake.seen(None, np.array(34.0))
    ('per cent for a share', 34.2, True)
    """

    def seen(given: SimpleNamespace, answer: np.ndarray) -> bool:
        wanted = np.asarray(right(given), dtype=float)
        if answer.shape != wanted.shape:
            return False
        hundredfold = np.abs(answer - 100 * wanted) <= _WHOLE
        return bool(hundredfold.any() and (hundredfold | (np.abs(answer - wanted) < 6e-4)).all())

    return Mistake(
        f"per cent for {of}",
        f"This is right, but in per cent. {of[0].upper()}{of[1:]} lies between 0 and 1.",
        lambda given: np.multiply(100.0, right(given)).tolist(),
        seen,
    )

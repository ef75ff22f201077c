"""The demonstrations for lectures, by key.

>>> demonstration("scanning").title
'How many copies of the motif does the filter meet?'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiflab.course.demonstration import Demonstration
from motiflab.course.lecture_layers import LAYERS
from motiflab.course.lecture_meaning import MEANING
from motiflab.quoting import quoted

if TYPE_CHECKING:
    from motiflab.explorers.base import Explorer

DEMONSTRATIONS = (*LAYERS, *MEANING)
"""In the order of the chapter."""

_BY_KEY = {one.key: one for one in DEMONSTRATIONS}


def demonstration(key: str) -> Demonstration:
    """Return the demonstration of that key.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not isinstance(key, str) or key not in _BY_KEY:
        raise ValueError(f"key must be one of {', '.join(_BY_KEY)}, not {quoted(key)}.")
    return _BY_KEY[key]


def show(key: str) -> Explorer:
    """Make the explorer of a demonstration; as the last line of a cell it is displayed.

    Parameters
    ----------
    key : str
        Such as "scanning"; `DEMONSTRATIONS` holds them all.

    Raises
    ------
    ValueError
        If there is none of that key.

    Examples
    --------
    >>> card = show("scanning")
    >>> card.set(stride=1)
    >>> card.set(bias=0.0)
    Traceback (most recent call last):
    motiflab.explorers.fields.FieldError: Bias b is locked by the teacher.
    """
    return demonstration(key).show()

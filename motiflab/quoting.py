"""Quote what a user wrote in a message, so that the message stays one short sentence."""

from __future__ import annotations

import reprlib


def quoted(value: object, longest: int = 60) -> str:
    r"""Return a value as a message shows it: white space visible, long ones cut.

    Parameters
    ----------
    value : object
        Usually text: a name, a line, a path.
    longest : int
        Characters of a text that are shown at most.

    Returns
    -------
    str
        On one line, in quotes if it is text.

    Examples
    --------
    >>> print(quoted("chr1\t100\t200\n"))
    'chr1\t100\t200\n'
    >>> print(quoted("A" * 60_000, 8))
    'AAAAAAAA...'
    """
    if isinstance(value, str):
        return repr(value if len(value) <= longest else value[:longest] + "...")
    try:
        return " ".join(reprlib.repr(value).split())  # an array is written on several lines
    except ValueError:  # Python writes no whole number of over 4,300 digits
        return "a number of thousands of digits"

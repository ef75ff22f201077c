"""Read learners' answers: texts and numbers of many types and notations.

A right answer is accepted whatever its type; an ambiguous one is refused with a message.
"""

from __future__ import annotations

import re
import reprlib
import unicodedata
from collections.abc import Mapping, Set
from typing import Any

import numpy as np

from motiflab.sequences.alphabet import BASES

_MOST = 10_000_000  # largest number of numbers: a `range` may claim any
_QUOTES = "\"'`‘’‚“”„«»‹› \t\r\n"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?\d*,\d+")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


class Refused(ValueError):
    """An answer that cannot be judged; `name` is for reports, like that of a mistake."""

    name = "an answer of another form"


class Unreadable(Refused):
    """An answer of a form that cannot be judged; the message says what was expected."""


def as_text(answer: Any) -> Any:
    """Return a text of another type as a plain `str`, and any other answer unchanged.

    Bytes, texts of numpy, and sequences and records of Biopython count as texts.

    >>> as_text(b"ACGT"), as_text(np.str_("ACGT")), as_text(3)
    ('ACGT', 'ACGT', 3)
    """
    modules = {kind.__module__ for kind in type(answer).__mro__}  # without importing Biopython
    if modules & {"Bio.Seq", "Bio.SeqRecord"}:
        answer = str(getattr(answer, "seq", answer))
    if isinstance(answer, np.ndarray) and answer.shape == () and answer.dtype.kind in "SU":
        answer = answer.item()
    if isinstance(answer, (bytes, bytearray)):
        try:
            answer = answer.decode("utf-8")
        except UnicodeDecodeError:
            return answer
    # A subclass of str may behave differently.
    return str.__str__(answer)[:] if isinstance(answer, str) else answer


def tidy_text(text: str) -> str:
    """Return a text without artefacts of copying.

    These are quotes and blanks around it, zero-width characters, and full-width letters.

    >>> tidy_text(" “ＡＣ\\u200bGT” ")
    'ACGT'
    """
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip(_QUOTES)


def refuse_look_alikes(text: str) -> None:
    """Raise `Unreadable` for a letter that only looks like a Latin one."""
    for place, letter in enumerate(text, 1):
        if not letter.isascii():
            name = unicodedata.name(letter, "a character without a name")
            raise Unreadable(
                f"Character {place} of your answer, `{letter}`, is not a letter of the Latin "
                f"alphabet, even if it looks like one: it is {name}. Type it again."
            )


def read_letters(answer: Any) -> str:
    """Return a sequence in capitals and without blanks; raises `Unreadable`.

    A list of single letters is accepted, too.
    """
    if isinstance(answer, (list, tuple, np.ndarray)) and len(answer):
        letters = [as_text(letter) for letter in answer]
        if all(isinstance(letter, str) and len(letter) == 1 for letter in letters):
            answer = "".join(letters)
    if not isinstance(answer, str):
        raise Unreadable(f"A text in quotes was expected, not {shortened(answer)}.")
    text = "".join(tidy_text(answer).split()).upper()
    refuse_look_alikes(text)
    return text


def read_numbers(
    answer: Any, shape: tuple[int, ...], typed: bool = False, nan: bool = False
) -> np.ndarray:
    """Return an answer as an array of finite floats; raises `Unreadable`.

    Parameters
    ----------
    answer : object
        Numbers of any type: of numpy, torch, pandas, `fractions` or `decimal`.
    shape : tuple of int
        The expected shape, which is only used in the message.
    typed : bool
        Whether a learner typed it into a cell. Then "0.5" and "0,5" are accepted, and pandas
        tables that are labelled with the four bases are put into the order A, C, G, T.
    nan : bool
        Whether nan is allowed, for mistakes that lead to it; `refuse_nan` refuses it later.
    """
    if isinstance(answer, (Set, Mapping)) and shape:
        kind = "dictionary" if isinstance(answer, Mapping) else "set"
        raise Unreadable(
            f"{kind_of(shape)} was expected, not a {kind}, which does not say what comes first. "
            "Write a list in square brackets."
        )
    if _length(answer) > _MOST:
        raise Unreadable(f"{kind_of(shape)} was expected, not more than {_MOST:,} entries.")
    if isinstance(answer, np.ma.MaskedArray) and np.ma.is_masked(answer):
        raise Unreadable("Some of the numbers are masked. Give every number.")
    if typed:
        answer = _by_base(answer)
    try:
        array = np.asarray(untensor(answer))
        if array.dtype.kind == "b" and array.shape:
            raise Unreadable(
                f"{kind_of(shape)} was expected, but yours holds True and False. `.astype(int)` "
                "turns them into numbers."
            )
        if array.dtype.kind in "iuf":
            numbers = array.astype(float)
        elif array.dtype.kind in "mM":  # dates and times
            raise TypeError
        else:
            flat = [_number(value, typed) for value in array.ravel().tolist()]
            numbers = np.array(flat, dtype=float).reshape(array.shape)
    except Unreadable:
        raise
    except Exception:  # whatever an object of the learner's own raises
        text = "the text " if isinstance(answer, (str, bytes)) else ""
        raise Unreadable(f"{kind_of(shape)} was expected, not {text}{shortened(answer)}.") from None
    if np.isinf(numbers).any():
        raise Unreadable("Every number must be finite; one of yours is infinite.")
    if not nan:
        refuse_nan(numbers)
    return numbers


def refuse_nan(numbers: Any) -> None:
    """Raise `Unreadable` if there is a nan in an answer, or in one of several."""
    if isinstance(numbers, tuple):
        for part in numbers:
            refuse_nan(part)
    elif isinstance(numbers, np.ndarray) and np.isnan(numbers).any():
        raise Unreadable(
            "Every number must be finite; one of yours is `nan`, which comes from 0 divided by 0 "
            "or 0 times the logarithm of 0."
        )


def _length(answer: Any) -> int:
    try:
        return len(answer)
    except Exception:  # it has no numbers, or is an object of the learner's own
        return 0


def _number(value: Any, typed: bool) -> float:
    """Return one value as a float; raises `ValueError` or `TypeError` if it is not a number."""
    value = as_text(value)
    if isinstance(value, str) and typed:
        return _number_in(value)
    # Fractions and other exact numbers are accepted; booleans, texts and complex numbers are not.
    if value is None or isinstance(value, (bool, np.bool_, str, bytes, complex)):
        raise TypeError
    return float(value)


def _number_in(text: str) -> float:
    """Return the number in a text, with a decimal point or a decimal comma."""
    text = tidy_text(text).replace("−", "-")
    if _THOUSANDS.fullmatch(text):
        point, none = text.replace(",", "."), text.replace(",", "")
        raise Unreadable(
            f"`{text}` could mean {point} or {none}. Write a point before the decimals, and "
            "nothing between the thousands."
        )
    if _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return float(text)


def refuse_decimal_comma(answer: Any) -> None:
    """Raise `Unreadable` for the two whole numbers that Python makes of `0,5`."""
    pair = isinstance(answer, tuple) and len(answer) == 2 and all(type(n) is int for n in answer)
    if pair and answer[1] >= 0:
        whole, part = answer
        raise Unreadable(
            f"Python reads `{whole},{part}` as two numbers, {whole} and {part}. Write a point "
            f"before decimals, as in `{whole}.{part}`, and nothing between thousands."
        )


def untensor(value: Any) -> Any:
    """Turn tensors of torch into arrays, also within lists and tuples."""
    if isinstance(value, (tuple, list)):
        return [untensor(part) for part in value]
    if not hasattr(value, "detach"):
        return value
    value = value.detach().cpu()  # it may carry a gradient
    # numpy has no bfloat16
    return (value.double() if value.is_floating_point() else value).numpy()


def _by_base(answer: Any) -> Any:
    """Put a table of pandas into the order A, C, G, T along each axis labelled with the bases."""
    if not all(hasattr(answer, name) for name in ("axes", "iloc", "take")):
        return answer
    for axis, labels in enumerate(answer.axes):
        labels = [str(label).strip().upper().replace("U", "T") for label in labels]
        if sorted(labels) == list(BASES):
            answer = answer.take([labels.index(base) for base in BASES], axis=axis)
    return answer


def kind_of(shape: tuple[int, ...]) -> str:
    """Describe a shape in words: "A number", "A list of 4 numbers"."""
    if not shape:
        return "A number"
    return f"A list of {shape[0]} numbers" if len(shape) == 1 else f"An array of shape {shape}"


def shortened(answer: Any) -> str:
    """Write an answer in a few words, as code."""
    try:
        return f"`{' '.join(reprlib.repr(answer).split())}`"
    except Exception:  # the learner's object may have a faulty repr
        return f"an object of type {type(answer).__name__}"

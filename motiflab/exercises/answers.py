"""Kinds of answers: a value, a letter, a text, or any answer that meets the requirements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from motiflab.exercises.exercise import RIGHT, Exercise, Given, Mistake, Verdict, pairwise
from motiflab.exercises.parsing import (
    Unreadable,
    kind_of,
    read_letters,
    read_numbers,
    refuse_decimal_comma,
    refuse_look_alikes,
    refuse_nan,
    shortened,
    tidy_text,
)

_WHOLE = 0.5  # per cent are often rounded to whole numbers
_EXACT = 1e-6  # relative: smaller differences come from a different order of summation


@dataclass(frozen=True, kw_only=True)
class Value(Exercise):
    """A number, an array of numbers, or a text such as a sequence, as the right answer is.

    Parameters
    ----------
    decimals : int, optional
        The answer may be rounded to this number of digits after the point. Without it, only
        differences from the order of summation are accepted.
    printed : callable, optional
        From the numbers to those that the task prints, if it prints them rounded. An answer
        computed from the printed numbers is as right as one computed from all digits; so is any
        answer between the two.
    early : callable, optional
        From the numbers to the answers if intermediate results are rounded too early. They are
        wrong, and the message names rounding as the reason. Rounding of the answer itself (too few
        digits, or digits cut off) is always recognised.
    """

    decimals: int | None = None
    printed: Callable[[Given], Given] | None = None
    early: Callable[[Given], Iterable[Any]] = lambda given: ()

    def read(self, answer: Any, given: Given) -> str | np.ndarray:
        """Return a text in capitals, or an array of floats of any shape.

        A list of one number is that number, if one number was asked for.
        """
        wanted = self.right(given)
        if isinstance(wanted, str):
            return read_letters(answer)
        if np.shape(wanted) == ():
            refuse_decimal_comma(answer)
        numbers = read_numbers(answer, np.shape(wanted), typed=True, nan=True)
        return numbers[0] if np.shape(wanted) == () and numbers.shape == (1,) else numbers

    def equals(self, answer: Any, make: Callable[[Given], Any], given: Given) -> bool:
        """Return whether the answer equals that of `make`, up to rounding."""
        return self._same(self._ends(make, given), (answer, answer))

    def differ(self, given: Given) -> bool:
        """Return whether right answer and mistakes differ, also after rounding."""
        makers = [self.right, *(mistake.example for mistake in self.mistakes)]
        spans = [self._ends(make, given) for make in makers]
        return pairwise(spans, lambda *pair: self._same(*pair, slacks=2))

    def _ends(self, make: Callable[[Given], Any], given: Given) -> tuple[Any, Any]:
        """Return the smaller and larger of the results from all digits and from printed numbers."""
        exact = self._ready(make(given))
        if self.printed is None or isinstance(exact, str):
            return exact, exact
        printed = self._ready(make(self.printed(given)))
        return np.minimum(exact, printed), np.maximum(exact, printed)

    def _same(self, one: tuple[Any, Any], other: tuple[Any, Any], slacks: int = 1) -> bool:
        """Return whether two answers, each given by its ends, are the same up to rounding."""
        if isinstance(one[0], str) or isinstance(other[0], str):
            return type(one[0]) is type(other[0]) and one[0] == other[0]
        return one[0].shape == other[0].shape and bool(self._near(one, other, slacks).all())

    def _near(self, one: tuple[Any, Any], other: tuple[Any, Any], slacks: int = 1) -> np.ndarray:
        """Return for each number whether it is the same up to rounding."""
        slack = slacks * self._slack + _EXACT * np.abs(other[1])
        both_nan = np.isnan(one[0]) & np.isnan(other[0])
        return both_nan | (one[0] - slack <= other[1]) & (other[0] - slack <= one[1])

    @property
    def _slack(self) -> float:
        # Half a unit of the last digit, and a hair for the half that is not exact in binary.
        return 1e-9 if self.decimals is None else 0.5001 * 10.0**-self.decimals

    def _ready(self, answer: Any) -> str | np.ndarray:
        if isinstance(answer, str):
            return "".join(answer.split()).upper()
        return np.asarray(answer, dtype=float)

    def complaint(self, answer: str | np.ndarray, given: Given) -> str:
        """Say what form was expected, that it was rounded too early, or how much is wrong."""
        refuse_nan(answer)  # only now: a mistake may lead to nan
        right = self._ready(self.right(given))
        if isinstance(right, str):
            if len(answer) != len(right):
                return f"A text of {len(right)} letters was expected, not {len(answer)}."
            return _counted(sum(a != b for a, b in zip(answer, right)), len(right), "letters")
        if answer.shape != right.shape:
            came = f"an array of shape {answer.shape}" if answer.shape else "a single number"
            swapped = ": its axes look swapped" if answer.shape == right.shape[::-1] else ""
            told = f"{kind_of(right.shape)} was expected, not {came}{swapped}."
            if right.ndim == 1 and answer.shape == (2 * right.size,) and not (answer % 1).any():
                told += (
                    " Python reads a decimal comma as the end of a number: write `0.5`, not `0,5`."
                )
            return told
        if self._rounded_early(answer, given):
            return (
                "You get these digits if numbers are rounded too early, or cut off. "
                f"Keep all digits while you calculate and at least {self.decimals} after the point "
                "at the end."
            )
        if not right.shape:
            return super().complaint(answer, given)
        near = self._near(self._ends(self.right, given), (answer, answer))
        return _counted(np.count_nonzero(~near), right.size, "numbers")

    def _rounded_early(self, answer: np.ndarray, given: Given) -> bool:
        """Return whether rounding explains the answer.

        It does if the answer is the right one with fewer digits than asked for, but at least one,
        or one of the answers from `early`.
        """
        if self.decimals is None:
            return False
        ends = self._ends(self.right, given)
        shorter = (short for right in ends for short in _shorter(right, self.decimals))
        if any(np.allclose(answer, short, rtol=_EXACT, atol=1e-9) for short in shorter):
            return True
        earlier = map(self._ready, self.early(given))
        return any(self._same((early, early), (answer, answer)) for early in earlier)


@dataclass(frozen=True)
class Option:
    """An option of a choice.

    Parameters
    ----------
    text : str or callable
        Its text, in Markdown, or a function from the learner's numbers to it.
    reason : str
        Why it is wrong; empty for the right one.
    name : str
        A few words for the report of a teacher; the text itself if not given.
    """

    text: str | Callable[[Given], str]
    reason: str = ""
    name: str = ""

    def says(self, given: Given) -> str:
        """Return its text for one learner."""
        return self.text if isinstance(self.text, str) else self.text(given)


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """One of several statements, answered with its letter; each learner has a different order.

    `mistakes` and `right` are made from the options; neither is given.

    Parameters
    ----------
    options : tuple of Option
        Exactly one without a reason: the right one.
    """

    options: tuple[Option, ...] = ()
    right: Any = None

    def __post_init__(self) -> None:
        if sum(not option.reason for option in self.options) != 1:
            raise ValueError(f"{self.id}: options must have exactly one without a reason.")
        slips = tuple(
            Mistake(option.name or option.text, option.reason, lambda given, i=i: given.letters[i])
            for i, option in enumerate(self.options)
            if option.reason
        )
        rightly = [not option.reason for option in self.options].index(True)
        object.__setattr__(self, "mistakes", slips)
        object.__setattr__(self, "right", lambda given: given.letters[rightly])
        draw = self.draw
        object.__setattr__(self, "draw", lambda rng: {**draw(rng), "letters": self._letters(rng)})

    invitation: ClassVar[str] = "Write the letter of your choice between the quotes."

    def _letters(self, rng: np.random.Generator) -> tuple[str, ...]:
        return tuple("abcdefgh"[place] for place in rng.permutation(len(self.options)))

    def statement(self, given: Given) -> str:
        """Return the question and under it the options with their letters."""
        lines = sorted(zip(given.letters, self.options), key=lambda pair: pair[0])
        options = [f"**{letter}**: {option.says(given)}" for letter, option in lines]
        return "\n\n".join([self.task(given), *options])

    def read(self, answer: Any, given: Given) -> str:
        """Return the letter."""
        letter = tidy_text(answer).lower().strip("()[].: ") if isinstance(answer, str) else ""
        if letter not in given.letters:
            if len(letter) == 1:
                refuse_look_alikes(letter)
            letters = ", ".join(sorted(given.letters))
            raise Unreadable(f"One of the letters {letters} was expected, not {shortened(answer)}.")
        return letter

    def equals(self, answer: str, make: Callable[[Given], str], given: Given) -> bool:
        """Return whether this option was chosen; every wrong one is a known mistake."""
        return answer == make(given)


@dataclass(frozen=True, kw_only=True)
class Text(Exercise):
    """A short text in the learner's own words, which is saved but not graded.

    The solution lists what a full answer mentions, for comparison.
    """

    right: Any = lambda given: "An explanation in my own words."
    graded: ClassVar[bool] = False
    invitation: ClassVar[str] = "Write a sentence or two between the quotes."

    def read(self, answer: Any, given: Given) -> str:
        """Return the text."""
        if not isinstance(answer, str):
            raise Unreadable(f"A text in quotes was expected, not {shortened(answer)}.")
        return answer

    def judge(self, answer: str, given: Given) -> Verdict:
        """Accept any text."""
        return Verdict(RIGHT, "It is not graded: compare it with the solution.")


@dataclass(frozen=True, kw_only=True)
class Open(Exercise):
    """An answer that is right if it meets the requirements; `right` gives one of many.

    Each mistake needs `seen`. If several are seen, the first is named.

    Parameters
    ----------
    form : callable
        ``form(given, answer)`` converts the learner's answer to the form that the other functions
        expect, or raises `Unreadable`.
    lacks : callable
        ``lacks(given, answer)`` returns a sentence on the requirement that the answer does not
        meet; empty if it is right.
    tried : callable
        ``tried(given, answer)`` is like `lacks`, for a requirement that takes seconds to test, such
        as a training. It is called only if nothing else is lacking, and never while numbers are
        drawn.
    """

    form: Callable[[Given, Any], Any]
    lacks: Callable[[Given, Any], str]
    tried: Callable[[Given, Any], str] = lambda given, answer: ""

    def read(self, answer: Any, given: Given) -> Any:
        """Convert the answer by `form`."""
        return self.form(given, answer)

    def accepts(self, answer: Any, given: Given) -> bool:
        """Return whether the answer meets the requirements."""
        return not self.complaint(answer, given)

    def complaint(self, answer: Any, given: Given) -> str:
        """Say which requirement the answer does not meet."""
        return self.lacks(given, answer) or self.tried(given, answer)

    def differ(self, given: Given) -> bool:
        """Return whether `right` is right and every example shows its own mistake."""
        if self.lacks(given, self.form(given, self.right(given))):
            return False
        examples = (self.form(given, mistake.example(given)) for mistake in self.mistakes)
        return all(
            self.lacks(given, example) and self.mistaken(example, given) is mistake
            for mistake, example in zip(self.mistakes, examples)
        )


def _shorter(right: np.ndarray, decimals: int) -> Iterator[np.ndarray]:
    """Yield an answer with fewer digits than asked for, rounded and cut off."""
    for digits in range(decimals + 1):
        if 10.0**-digits <= np.abs(right).max():  # at least one digit is left
            yield np.trunc(right * 10**digits) / 10**digits
            yield right.round(digits)
    for digits in (2, 3):  # significant ones
        flat = [float(f"{number:.{digits}g}") for number in right.flat]
        yield np.reshape(flat, right.shape)


def _counted(wrong: int, many: int, things: str) -> str:
    if wrong == many:
        return f"None of the {many} {things} is the right one yet."
    differ = "differs" if wrong == 1 else "differ"
    return f"{wrong} of the {many} {things} {differ} from the right ones."


def per_cent(of: str, right: Callable[[Given], Any]) -> Mistake:
    """Return the mistake of giving per cent for a share, a probability or an area.

    It must be the last of an exercise's mistakes, since it tolerates rounding.

    Parameters
    ----------
    of : str
        What was asked for, with its article: "a probability".
    right : callable
        From the numbers of a learner to the right answer, one number or several, none below 0.02.

    Returns
    -------
    Mistake
        It is seen if at least one number is in per cent, possibly rounded to whole per cent, and
        the others are right.

    Examples
    --------
    >>> mistake = per_cent("a share", lambda given: 0.342)
    >>> mistake.name, mistake.example(None), mistake.seen(None, np.array(34.0))
    ('per cent for a share', 34.2, True)
    """

    def seen(given: Given, answer: np.ndarray) -> bool:
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

"""Exercises that are answered with a value (a number, an array, a sequence), a letter or a text."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from motiflab.exercises.exercise import (
    NOT_YET,
    RIGHT,
    Exercise,
    Mistake,
    Unreadable,
    Verdict,
    pairwise,
)

_EXACT = 1e-6  # relative: what differs by less is the same number, computed in another order


@dataclass(frozen=True, kw_only=True)
class Value(Exercise):
    """A number, an array of numbers, or a text such as a sequence, told by the right answer.

    Parameters
    ----------
    decimals : int, optional
        The answer may be rounded to that many digits after the point. Without it, only what
        differs in the order of the sums is forgiven.
    """

    decimals: int | None = None

    def read(self, answer: Any, given: SimpleNamespace) -> str | np.ndarray:
        """Return a text in capitals, or an array of floats of whatever shape it has.

        A list of one number is that number, if one number was asked for.
        """
        wanted = self.right(given)
        if isinstance(wanted, str):
            if not isinstance(answer, str):
                raise Unreadable(f"A text in quotes was expected, not {brief(answer)}.")
            return self._ready(answer)
        numbers = read_numbers(answer, np.shape(wanted))
        return numbers[0] if np.shape(wanted) == () and numbers.shape == (1,) else numbers

    def judge(self, answer: str | np.ndarray, given: SimpleNamespace) -> Verdict:
        """Compare with the right answer, then with the known mistakes."""
        right = self._ready(self.right(given))
        if self.same(answer, right):
            return Verdict(RIGHT, "")
        mistake = self.mistaken(answer, given)
        if mistake:
            return Verdict(NOT_YET, mistake.message, mistake.name)
        return Verdict(NOT_YET, self._other(answer, right))

    def shows(self, mistake: Mistake, answer: Any, given: SimpleNamespace) -> bool:
        """Tell whether the answer equals the example of the mistake."""
        return self.same(answer, self._ready(mistake.example(given)))

    def differ(self, given: SimpleNamespace) -> bool:
        """Tell whether right answer and mistakes differ, also after each has been rounded."""
        answers = [self.right(given), *(mistake.example(given) for mistake in self.mistakes)]
        return pairwise(map(self._ready, answers), lambda *pair: self.same(*pair, slacks=2))

    def same(self, one: Any, other: Any, slacks: int = 1) -> bool:
        """Tell whether two answers that have been read are the same up to rounding."""
        if isinstance(one, str) or isinstance(other, str):
            return isinstance(one, str) and isinstance(other, str) and one == other
        if one.shape != other.shape:
            return False
        return bool(np.allclose(one, other, rtol=_EXACT, atol=slacks * self._slack))

    @property
    def _slack(self) -> float:
        # Half a unit of the last digit, and a hair for the half that is not exact in binary.
        return 1e-9 if self.decimals is None else 0.5001 * 10.0**-self.decimals

    def _ready(self, answer: Any) -> str | np.ndarray:
        if isinstance(answer, str):
            return "".join(answer.split()).upper()
        return np.asarray(answer, dtype=float)

    def _other(self, answer: Any, right: Any) -> str:
        if isinstance(right, str):
            if len(answer) != len(right):
                return f"A text of {len(right)} letters was expected, not {len(answer)}."
            wrong = sum(a != b for a, b in zip(answer, right))
            return _counted(wrong, len(right), "letters")
        if answer.shape != right.shape:
            came = f"an array of shape {answer.shape}" if answer.shape else "a single number"
            swapped = ": its axes look swapped" if answer.shape == right.shape[::-1] else ""
            return f"{_kind(right.shape)} was expected, not {came}{swapped}."
        if self.decimals is not None and (
            np.allclose(answer, right, rtol=0.02)
            or (self.decimals > 1 and np.allclose(answer, right.round(self.decimals - 1)))
        ):
            return (
                "It is close, and may have been rounded too early. Keep all digits while "
                f"you calculate and at least {self.decimals} after the point at the end."
            )
        if not right.shape:
            return "It is none of the usual slips. A hint may help."
        near = np.isclose(answer, right, rtol=_EXACT, atol=self._slack)
        wrong = np.size(near) - np.count_nonzero(near)
        return _counted(wrong, right.size, "numbers")


@dataclass(frozen=True)
class Option:
    """One of the options of a choice: what it says, and why it is wrong (empty for the right)."""

    text: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """One of several statements, answered with its letter; their order is the learner's own.

    `mistakes` is made from the wrong options and `right` from the other one; neither is given.

    Parameters
    ----------
    options : tuple of Option
        Exactly one without a reason: the right one.
    """

    options: tuple[Option, ...] = ()
    right: Any = None
    draw: Any = None

    def __post_init__(self) -> None:
        if sum(not option.reason for option in self.options) != 1:
            raise ValueError(f"{self.id}: options must have exactly one without a reason.")
        slips = tuple(
            Mistake(option.text, option.reason, lambda given, i=i: given.letters[i])
            for i, option in enumerate(self.options)
            if option.reason
        )
        rightly = [not option.reason for option in self.options].index(True)
        object.__setattr__(self, "mistakes", slips)
        object.__setattr__(self, "right", lambda given: given.letters[rightly])
        draw = self.draw or (lambda rng: {})
        object.__setattr__(self, "draw", lambda rng: {**draw(rng), "letters": self._letters(rng)})

    invitation: ClassVar[str] = "Write the letter of your choice between the quotes."

    def _letters(self, rng: np.random.Generator) -> tuple[str, ...]:
        return tuple("abcdefgh"[place] for place in rng.permutation(len(self.options)))

    def statement(self, given: SimpleNamespace) -> str:
        """Return the question and under it the options with their letters."""
        lines = sorted(zip(given.letters, self.options), key=lambda pair: pair[0])
        options = [f"**{letter}**: {option.text}" for letter, option in lines]
        return "\n\n".join([self.task(given), *options])

    def read(self, answer: Any, given: SimpleNamespace) -> str:
        """Return the letter."""
        letter = answer.strip().lower().strip("().:") if isinstance(answer, str) else ""
        if letter not in given.letters:
            letters = ", ".join(sorted(given.letters))
            raise Unreadable(f"One of the letters {letters} was expected, not {brief(answer)}.")
        return letter

    def judge(self, answer: str, given: SimpleNamespace) -> Verdict:
        """Say why the option is wrong, or that it is right."""
        mistake = self.mistaken(answer, given)
        if mistake:
            return Verdict(NOT_YET, mistake.message, mistake.name)
        return Verdict(RIGHT, "")

    def shows(self, mistake: Mistake, answer: str, given: SimpleNamespace) -> bool:
        """Tell whether this wrong option was chosen."""
        return answer == mistake.example(given)


@dataclass(frozen=True, kw_only=True)
class Text(Exercise):
    """A short text in the learner's own words: kept, not graded.

    The solution lists what a full answer mentions, for the learner to compare.
    """

    right: Any = lambda given: "An explanation in my own words."
    draw: Any = lambda rng: {}
    graded: ClassVar[bool] = False
    invitation: ClassVar[str] = "Write a sentence or two between the quotes."

    def read(self, answer: Any, given: SimpleNamespace) -> str:
        """Return the text."""
        if not isinstance(answer, str):
            raise Unreadable(f"A text in quotes was expected, not {brief(answer)}.")
        return answer

    def judge(self, answer: str, given: SimpleNamespace) -> Verdict:
        """Keep it."""
        return Verdict(RIGHT, "It is not graded: compare it with the solution.")


def read_numbers(answer: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return an answer as an array of finite floats; raises `Unreadable`.

    `shape` is what was expected, and only named in the complaint.
    """
    if isinstance(answer, (str, bytes)):
        raise Unreadable(f"{_kind(shape)} was expected, not the text {brief(answer)}.")
    if hasattr(answer, "detach"):  # a tensor of torch that may carry a gradient
        answer = answer.detach()
    truths = False
    try:
        array = np.asarray(answer)
        truths = array.shape and array.dtype.kind == "b"
        if array.dtype.kind not in "iuf":
            # Fractions and other exact numbers are welcome; True, complex numbers, texts are not.
            array = None if array.dtype.kind in "bcSU" else array.astype(float)
        array = None if array is None else array.astype(float)
    except (TypeError, ValueError, OverflowError):
        array = None
    if array is None and truths:
        raise Unreadable(
            f"{_kind(shape)} was expected; what came holds True and False. `.astype(int)` makes "
            "numbers of them."
        )
    if array is None:
        raise Unreadable(f"{_kind(shape)} was expected, not {brief(answer)}.")
    if not np.isfinite(array).all():
        raise Unreadable("Every number must be finite; there is a nan or an infinity in it.")
    return array


def _counted(wrong: int, many: int, things: str) -> str:
    if wrong == many:
        return f"None of the {many} {things} is the right one yet."
    differ = "differs" if wrong == 1 else "differ"
    return f"{wrong} of the {many} {things} {differ} from the right ones."


def _kind(shape: tuple[int, ...]) -> str:
    if not shape:
        return "A number"
    return f"A list of {shape[0]} numbers" if len(shape) == 1 else f"An array of shape {shape}"


def brief(answer: Any) -> str:
    """Write an answer in a few words, as code."""
    try:
        return f"`{reprlib.repr(answer)}`"
    except Exception:  # the learner's object may have a faulty repr
        return f"an object of type {type(answer).__name__}"

"""Base class of exercises: numbers, right answer, known mistakes and help."""

from __future__ import annotations

import copy
import hashlib
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple

import numpy as np

from motiflab.exercises.parsing import Refused, as_text
from motiflab.sequences.alphabet import BASES

NOT_ATTEMPTED, NOT_YET, RIGHT = "not attempted", "not yet right", "right"
MARKS = {NOT_ATTEMPTED: "○", NOT_YET: "◐", RIGHT: "●"}
"""A symbol for each state, which is always shown with words."""

MIME, VERSION = "application/vnd.motiflab.answer+json", 1
"""MIME type of the output in which a notebook stores the answers, and its version."""

Given = SimpleNamespace
"""The numbers of one learner, each an attribute."""

_MOST_DRAWS = 1000  # the most demanding exercise accepts one draw in forty


class Verdict(NamedTuple):
    """Result of `Exercise.check` for an answer.

    `state` is `NOT_ATTEMPTED`, `NOT_YET` or `RIGHT`, and `mistake` is the name of a known mistake.
    `message` is one or two sentences for the learner, in Markdown, which never give the answer
    away; `state` says whether it is right.
    """

    state: str
    message: str
    mistake: str = ""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that is recognised.

    Parameters
    ----------
    name : str
        A few words for the report of a teacher: "floor forgotten".
    message : str
        Message for the learner: what the answer looks like and what to check again. It is
        Markdown, and never gives the answer.
    example : callable
        From the numbers of a learner to the answer that this mistake leads to.
    seen : callable, optional
        ``seen(given, answer)`` returns whether the answer shows the mistake. By default it does if
        it equals the example.
    also : tuple of callable
        Further examples, which show the mistake, too.
    where : callable, optional
        If the answer is a function, ``where(*case)`` returns whether the mistake is visible in a
        case. The results in other cases are then ignored.
    """

    name: str
    message: str
    example: Callable[[Given], Any]
    seen: Callable[[Given, Any], bool] | None = None
    also: tuple[Callable[[Given], Any], ...] = ()
    where: Callable[..., bool] = lambda *case: True


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """An exercise; each kind is a subclass.

    Parameters
    ----------
    id : str
        Name of the set and of the exercise, "scanning.windows". The second part is the name of
        the variable or function in which the learner answers.
    title : str
    draw : callable
        ``draw(rng)`` makes a dictionary with the numbers of one learner. It is called again until
        `suits` accepts them and the right answer and those of all known mistakes differ.
    suits : callable, optional
        From the numbers to whether they make a good exercise.
    task : callable
        From the numbers to the text of the exercise, in Markdown.
    right : callable
        From the numbers to a right answer.
    mistakes : tuple of Mistake
        At least three.
    hints : tuple of callable or str
        Hints in order, each shown on request; Markdown, or a function from the numbers to it.
    solution : callable
        From the numbers to the answer and its reasoning, in Markdown.
    effort : callable
        From the numbers to a measure of difficulty (how many windows to count, whether there is a
        remainder, ...). It must be the same for every learner.
    prediction : str
        A question to answer in writing before the result can be seen; empty for none.
    stream : str
        Exercises with the same stream draw from the same random numbers, so that their first draws
        are the same for one learner. By default each has its own.
    """

    id: str
    title: str
    task: Callable[[Given], str]
    right: Callable[[Given], Any]
    solution: Callable[[Given], str]
    draw: Callable[[np.random.Generator], dict[str, Any]] = lambda rng: {}
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[str | Callable[[Given], str], ...] = ()
    effort: Callable[[Given], Any] = lambda given: ()
    suits: Callable[[Given], bool] = lambda given: True
    prediction: str = ""
    stream: str = ""

    graded: ClassVar[bool] = True
    """Whether the answer is graded; a text is not."""

    @property
    def name(self) -> str:
        """The variable or function in which the learner answers."""
        return self.id.rpartition(".")[2]

    def given(self, learner: str) -> Given:
        """Return the numbers of a learner: the same for the same name, whatever its capitals."""
        return copy.deepcopy(_given(self, tidy_name(learner)))  # a learner may alter their copy

    def statement(self, given: Given) -> str:
        """Return the whole text of the exercise."""
        return self.task(given)

    def called(self, state: str) -> str:
        """Return the state in words; a text is saved, not graded."""
        return "kept" if state == RIGHT and not self.graded else state

    def hint(self, number: int, given: Given) -> str:
        """Return hint `number`, from 0."""
        text = self.hints[number]
        return text if isinstance(text, str) else text(given)

    def check(self, answer: Any, given: Given) -> Verdict:
        """Judge an answer; this never raises an exception.

        Parameters
        ----------
        answer : object
            The learner's answer.
        given : Given
            The learner's numbers, from `given`.

        Returns
        -------
        Verdict
        """
        try:
            # Warnings about the answer are suppressed: nbgrader gives no marks if anything is
            # written to stderr.
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                answer = as_text(answer)
                if self.untouched(answer):
                    return Verdict(NOT_ATTEMPTED, self.invitation)
                read = self.read(answer, given)
            with np.errstate(all="ignore"):  # huge numbers
                verdict = self.judge(read, given)
        except Refused as problem:
            verdict = Verdict(NOT_YET, str(problem), problem.name)
        except Exception as problem:  # the learner's object may raise anything
            verdict = Verdict(
                NOT_YET,
                f"Your answer cannot be read: it stopped with {type(problem).__name__}.",
                Refused.name,
            )
        return verdict._replace(message=printable(verdict.message))

    # -- for the kinds ------------------------------------------------------------------------

    invitation: ClassVar[str] = "Write your answer in place of the dots."
    praise: ClassVar[str] = ""
    """Message for a right answer."""

    def untouched(self, answer: Any) -> bool:
        """Return whether the answer is still the placeholder of the notebook."""
        return answer is None or answer is ... or (isinstance(answer, str) and not answer.strip())

    def read(self, answer: Any, given: Given) -> Any:
        """Convert the answer to the form that `judge` expects; raise `Unreadable` if impossible."""
        return answer

    def judge(self, answer: Any, given: Given) -> Verdict:
        """Judge a converted answer: right, a known mistake, or another mistake."""
        if self.accepts(answer, given):
            return Verdict(RIGHT, self.praise)
        mistake = self.mistaken(answer, given)
        if mistake:
            return Verdict(NOT_YET, mistake.message, mistake.name)
        return Verdict(NOT_YET, self.complaint(answer, given))

    def accepts(self, answer: Any, given: Given) -> bool:
        """Return whether a converted answer is right."""
        return self.equals(answer, self.right, given)

    def equals(self, answer: Any, make: Callable[[Given], Any], given: Given) -> bool:
        """Return whether the answer equals that of `right` or of the example of a mistake.

        Kinds without `equals` cannot decide, as an answer that differs from all examples may show
        the same mistake. For these, `shows` needs a function `seen`.
        """
        raise NotImplementedError

    def complaint(self, answer: Any, given: Given) -> str:
        """Say what is wrong with an answer that shows no known mistake."""
        return "It is not one of the usual mistakes. A hint may help."

    def differ(self, given: Given) -> bool:
        """Return whether the right answer and those of all known mistakes differ pairwise."""
        return True

    def mistaken(self, answer: Any, given: Given) -> Mistake | None:
        """Return the known mistake that the answer shows, if any."""
        return next((one for one in self.mistakes if self.shows(one, answer, given)), None)

    def shows(self, mistake: Mistake, answer: Any, given: Given) -> bool:
        """Return whether the answer shows the mistake."""
        if mistake.seen:
            return mistake.seen(given, answer)
        if type(self).equals is Exercise.equals:
            raise TypeError(f"{self.id}: the mistake {mistake.name!r} needs a function `seen`")
        return any(self.equals(answer, m, given) for m in (mistake.example, *mistake.also))


@dataclass(frozen=True)
class ExerciseSet:
    """The exercises of one notebook.

    Parameters
    ----------
    key : str
        First part of the id of each exercise.
    title : str
    problem : int or None
        The corresponding problem of the chapter; None if there is none.
    exercises : tuple of Exercise
        In the order of the notebook.
    """

    key: str
    title: str
    problem: int | None
    exercises: tuple[Exercise, ...]

    def __iter__(self) -> Iterator[Exercise]:
        return iter(self.exercises)


def tidy_name(learner: str) -> str:
    """Return a name in lower case with single spaces.

    >>> tidy_name("  Ada   LOVELACE ")
    'ada lovelace'
    """
    return " ".join(unicodedata.normalize("NFKC", printable(str(learner))).casefold().split())


def printable(text: str) -> str:
    """Return a text with "?" for each unpaired surrogate, which cannot be saved or shown.

    >>> printable("\\ud800A")
    '?A'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def tidy_count(number: int) -> int:
    """Return a number of tries or hints, limited to a plausible range.

    >>> tidy_count(-1), tidy_count(3), tidy_count(10**30)
    (0, 3, 1000000)
    """
    return min(max(number, 0), 1_000_000)


def own_numbers(learner: str, exercise: str) -> np.random.Generator:
    """Return the learner's own random numbers for one exercise."""
    digest = hashlib.sha256(f"{exercise}\n{tidy_name(learner)}".encode()).digest()
    return np.random.default_rng(list(digest))


def altered(given: Given, **changes: Any) -> Given:
    """Return the same numbers with some of them replaced."""
    return Given(**{**vars(given), **changes})


def with_base(sequence: str, i: int, base: str) -> str:
    """Return the sequence with a different base at position `i`.

    >>> with_base("AAA", 1, "G")
    'AGA'
    """
    return sequence[:i] + base + sequence[i + 1 :]


def draw_word(rng: np.random.Generator, length: int) -> str:
    """Draw a word that contains all four bases, so that each row of its matrix matters.

    >>> sorted(draw_word(np.random.default_rng(0), 4))
    ['A', 'C', 'G', 'T']
    """
    return "".join(rng.permutation([*BASES, *rng.choice([*BASES], length - 4)]))


@lru_cache(maxsize=1024)
def _given(exercise: Exercise, learner: str) -> Given:
    rng = own_numbers(learner, exercise.stream or exercise.id)
    failed = "found no numbers that suit"
    for _ in range(_MOST_DRAWS):
        given = Given(**exercise.draw(rng))
        if exercise.suits(given):
            if exercise.differ(given):
                return given
            failed = "found none that tell its mistakes apart"
    raise RuntimeError(f"{exercise.id} {failed}")


def pairwise(answers: Iterable[Any], same: Callable[[Any, Any], bool]) -> bool:
    """Return whether no two of the answers are the same."""
    return not any(same(later, early) for early, later in combinations(answers, 2))

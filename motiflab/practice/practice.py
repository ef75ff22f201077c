"""The class `Practice`, with which notebooks show and check exercises."""

from __future__ import annotations

import inspect
from typing import Any

from IPython.display import Markdown, display

from motiflab.checks import quoted
from motiflab.exercises import Target, find
from motiflab.exercises.exercise import NOT_ATTEMPTED, Exercise, Given, printable
from motiflab.practice.answer_file import LONGEST, Record
from motiflab.practice.feedback import Help, framed
from motiflab.practice.progress import progress_page

NAMELESS = "*These numbers are the same for everyone. Write your name at the top to get your own.*"


class Practice:
    """A learner's exercises: tasks with individual numbers, checks, help, and saved answers.

    Parameters
    ----------
    name : str or int
        A name or a number. The same name gives the same numbers, whatever its capitals.
    seed : str, optional
        If given, the numbers are drawn from it instead, so that a whole class has the same.

    Examples
    --------
    >>> practice = Practice("Ada")
    >>> practice.owner
    'Ada'
    """

    def __init__(self, name: str | int = "", seed: str | None = None) -> None:
        self.name = printable(str(name)).strip()
        self.owner = self.name if seed is None else str(seed)
        self.record = Record(self.name)

    def task(self, id: str) -> Given:
        """Show an exercise, and return its numbers.

        Parameters
        ----------
        id : str
            Such as "scanning.windows".

        Returns
        -------
        Given
            The numbers by the names that the text uses: ``given.L``.
        """
        exercise, given = self._open(id)
        parts = [exercise.statement(given)]
        if exercise.prediction:
            parts.append(f"**Before you try, write down what you expect.** {exercise.prediction}")
        if not self.owner:
            parts.append(NAMELESS)
        display(Markdown(framed("task", parts)))
        return given

    def predict(self, id: str, prediction: Any) -> None:
        """Save the learner's prediction; after the first try it cannot be changed."""
        said = self._predicted(find(id), prediction)
        parts = [said, *self.record.news(), *filter(None, [self.record.trouble])]
        display(Markdown(framed("task", parts)))

    def explorer(self, id: str, prediction: Any) -> None:
        """Save the learner's prediction, and then show the explorer of the exercise."""
        exercise, given = self._open(id)
        if not isinstance(exercise, Target):
            raise ValueError(f"id must be that of an exercise with an explorer, not {quoted(id)}.")
        self.predict(id, prediction)
        if self.record.entry(id).prediction:
            display(exercise.card(given))

    def check(self, id: str, answer: Any) -> None:
        """Say whether an answer is right, and offer help.

        No answer raises an exception. A try counts if the answer differs from the last one.
        """
        exercise, given = self._open(id)
        verdict = exercise.check(answer, given)
        entry = self.record.entry(id)
        text = _as_text(answer)
        if verdict.state != NOT_ATTEMPTED and (text, verdict.state) != (entry.answer, entry.state):
            if verdict.mistake:
                entry.mistakes.append(verdict.mistake)
            self.record.change(
                id,
                state=verdict.state,
                answer=text,
                mistake=verdict.mistake,
                mistakes=entry.mistakes,
                tries=entry.tries + 1,
            )
        Help(exercise, given, verdict, self.record, self.name).show()

    def progress(self) -> None:
        """Show the learner's progress in all exercises."""
        display(progress_page(self.record, self.name))

    def _open(self, id: str) -> tuple[Exercise, Given]:
        exercise = find(id)
        return exercise, exercise.given(self.owner)

    def _predicted(self, exercise: Exercise, prediction: Any) -> str:
        entry = self.record.entry(exercise.id)
        said = "" if prediction is ... or prediction is None else _as_text(prediction).strip()
        if said and not (entry.tries or entry.solution):
            self.record.change(exercise.id, prediction=said)
            return f"Your prediction is kept. You expect: *{_plain(said)}*"
        if entry.prediction:
            return f"You expected: *{_plain(entry.prediction)}*"
        then = "Then the explorer opens here. " if isinstance(exercise, Target) else ""
        return (
            "**First your prediction**: write it in the cell above, in quotes; run that cell and "
            f"this one. {then}Nobody grades it; you will compare it with what you see."
        )


_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>()#+-.!|$&~"} | {"\n": " "})


def _plain(text: str) -> str:
    """Escape a learner's text for Markdown."""
    return text.translate(_SIGNS)


def _as_text(answer: Any) -> str:
    """Write an answer as text, cut to the saved length; a function by its source."""
    try:
        if inspect.isfunction(answer):
            text = inspect.getsource(answer)
        else:
            text = "".join([answer]) if isinstance(answer, str) else repr(answer)
        return printable(text[:LONGEST])
    except Exception:  # no source available, or a faulty repr
        return f"an object of type {type(answer).__name__}"

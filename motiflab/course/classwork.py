"""Results of a class: who has which exercise right, and which mistakes were frequent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from motiflab.course.collected import Answer, Collected
from motiflab.exercises import KEYS, exercise_set, find
from motiflab.exercises.exercise import NOT_ATTEMPTED, NOT_YET, RIGHT, Exercise

NOTHING, ABSENT = "nothing stored", "not handed in"
STATES = (RIGHT, NOT_YET, NOT_ATTEMPTED, NOTHING, ABSENT)


def many(number: int, one: str) -> str:
    """Write a number with its noun.

    >>> many(1, "try"), many(2, "try"), many(0, "hint")
    ('1 try', '2 tries', '0 hints')
    """
    if number == 1:
        return f"1 {one}"
    return f"{number} tries" if one == "try" else f"{number} {one}s"


@dataclass(frozen=True)
class StudentEntry:
    """One student and one exercise.

    Attributes
    ----------
    student : str
    exercise : Exercise
    state : str
        One of `STATES`.
    file : str
        The notebook that contains it; empty if none was handed in.
    answer : Answer or None
        The stored answer, if there is one.
    """

    student: str
    exercise: Exercise
    state: str
    file: str = ""
    answer: Answer | None = None

    @property
    def part(self) -> str:
        """Key of the exercise set."""
        return self.exercise.id.partition(".")[0]

    @property
    def word(self) -> str:
        """The state in words; a text is not graded."""
        return self.exercise.called(self.state)

    @property
    def used(self) -> list[str]:
        """Tries and help in words, if there were any."""
        answer = self.answer
        if not answer:
            return []
        used = []
        if answer.tries:
            used.append(many(answer.tries, "try"))
        if answer.hints:
            used.append(many(answer.hints, "hint"))
        if answer.solution:
            used.append("solution opened")
        return used


@dataclass(frozen=True)
class Slip:
    """A mistake in one exercise, and how many students made it.

    Attributes
    ----------
    exercise : Exercise
    name : str
    message : str
        Message for the learner; empty if the mistake is not specific to this exercise.
    students : int
        Number of students who made it.
    since : int
        Number of these who have the exercise right by now.
    """

    exercise: Exercise
    name: str
    message: str
    students: int
    since: int


class Classwork:
    """The work of all students on all exercises of the notebooks that were handed in.

    Parameters
    ----------
    collected : Collected

    Attributes
    ----------
    students : list of str
        In alphabetical order.
    parts : dict of str to list of Exercise
        The assigned exercises of each set, by its key.
    exercises : list of Exercise
        All of these, in order.
    remarks : list of (str, str)
        Files and remarks about them.
    """

    def __init__(self, collected: Collected) -> None:
        self.remarks = collected.remarks
        self.students = sorted({book.student for book in collected.notebooks}, key=str.casefold)
        asked = {id for book in collected.notebooks for id in book.exercises}
        # Only the assigned sets: each is a separate module and slow to load.
        keys = [key for key in KEYS if any(id.startswith(f"{key}.") for id in asked)]
        self.parts = {key: [e for e in exercise_set(key) if e.id in asked] for key in keys}
        self.exercises = [exercise for part in self.parts.values() for exercise in part]
        self._entries: dict[tuple[str, str], StudentEntry] = {}
        for book in collected.notebooks:
            for id in book.exercises:
                answer = book.answers.get(id)
                # The same exercise may be in two notebooks; the one with an answer wins.
                if answer or (book.student, id) not in self._entries:
                    self._entries[book.student, id] = StudentEntry(
                        book.student,
                        find(id),
                        answer.state if answer else NOTHING,
                        book.file,
                        answer,
                    )

    def entry(self, student: str, exercise: Exercise) -> StudentEntry:
        """Return the entry of a student for an exercise."""
        return self._entries.get((student, exercise.id), StudentEntry(student, exercise, ABSENT))

    def of(self, exercise: Exercise) -> list[StudentEntry]:
        """Return the entries of all students for an exercise."""
        return [self.entry(student, exercise) for student in self.students]

    def names(self, student: str) -> str:
        """Return the name that a student gave, or up to three if they differ."""
        answers = [self.entry(student, exercise).answer for exercise in self.exercises]
        given = dict.fromkeys(answer.learner for answer in answers if answer and answer.learner)
        return " / ".join([*given][:3])

    def slips(self) -> list[Slip]:
        """Return the mistakes, those of most students first."""
        return sorted(
            (slip for exercise in self.exercises for slip in self._slips(exercise)),
            key=lambda slip: -slip.students,
        )

    def _slips(self, exercise: Exercise) -> Iterable[Slip]:
        seen, since = Counter(), Counter()
        for entry in self.of(exercise):
            # A student who makes a mistake twice is one student.
            names = set(entry.answer.mistakes) if entry.answer else ()
            seen.update(names)
            if entry.state == RIGHT:
                since.update(names)
        told = {mistake.name: mistake.message for mistake in exercise.mistakes}
        # First the mistakes of the exercise, in its order; then all others, by name.
        known = [name for name in told if name in seen]
        for name in known + sorted(seen.keys() - told.keys()):
            yield Slip(exercise, name, told.get(name, ""), seen[name], since[name])

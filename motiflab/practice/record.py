"""What a learner did: an entry for each exercise, kept in a plain file beside the notebook."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from motiflab.exercises.exercise import NOT_ATTEMPTED, NOT_YET, RIGHT, printable, tidy_name
from motiflab.practice.answer_file import FILE, answer_file

__all__ = ["FILE", "LONGEST", "Entry", "Record"]

LONGEST = 4000
"""Characters kept of an answer or a prediction."""

_MOST = 1_000_000  # of tries, or of hints


@dataclass
class Entry:
    """What is kept of one exercise.

    Attributes
    ----------
    state : str
        Of the last try: "not attempted", "not yet right" or "right".
    answer : str
        Of the last try, as text.
    mistake : str
        The known mistake of the last try, or empty.
    mistakes : list of str
        The known mistakes of all tries, in order.
    tries : int
        How many different answers were checked.
    hints : int
        How many hints were asked for.
    solution : bool
        Whether the solution was opened before the answer was right.
    prediction : str
        What the learner expected.
    """

    state: str = NOT_ATTEMPTED
    answer: str = ""
    mistake: str = ""
    mistakes: list[str] = field(default_factory=list)
    tries: int = 0
    hints: int = 0
    solution: bool = False
    prediction: str = ""


class Record:
    """The answers of one learner; several learners may share a folder.

    Parameters
    ----------
    learner : str
        The name, as typed.
    folder : Path, optional
        Where the file is; the current folder, which is that of the notebook, if not given.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> Record("Ada", folder).change("scanning.windows", tries=1)
    >>> Record("ADA ", folder).entry("scanning.windows").tries
    1
    """

    def __init__(self, learner: str, folder: Path | None = None) -> None:
        self._file = answer_file(folder or Path.cwd())
        self._learner = tidy_name(learner)

    @property
    def trouble(self) -> str:
        """One sentence while answers cannot be saved, otherwise empty.

        Until then they are kept in memory, as long as the kernel runs.
        """
        return self._file.trouble

    def news(self) -> list[str]:
        """Return what the learner should be told once of the file, such as that it was damaged."""
        return self._file.news()

    def entry(self, id: str) -> Entry:
        """Return what is kept of an exercise."""
        return self.entries().get(id, Entry())

    def entries(self) -> dict[str, Entry]:
        """Return what is kept of every exercise that was worked on, by id."""
        return {id: _entry(fields) for id, fields in self._file.entries(self._learner).items()}

    def change(self, id: str, **changes: Any) -> None:
        """Alter fields of an entry and keep it; other notebooks may write in between."""
        for name in ("answer", "prediction"):
            if name in changes:
                changes[name] = changes[name][:LONGEST]
        self._file.change(self._learner, id, dataclasses.asdict(Entry()), changes)


def _entry(fields: dict[str, Any]) -> Entry:
    """Make an entry of what the file holds, leaving out what somebody altered to another type."""
    entry = dataclasses.asdict(Entry())
    for name, usual in entry.items():
        value = fields.get(name)
        if type(value) is not type(usual):
            continue
        if isinstance(value, list):
            value = [printable(mistake) for mistake in value if isinstance(mistake, str)]
        elif isinstance(value, str):
            value = printable(value)
        elif type(value) is int:
            value = min(max(value, 0), _MOST)
        entry[name] = value
    if entry["state"] not in (NOT_ATTEMPTED, NOT_YET, RIGHT):
        entry["state"] = NOT_ATTEMPTED
    return Entry(**entry)

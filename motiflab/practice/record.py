"""What a learner did, kept in a plain file beside the notebook."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from motiflab.exercises.exercise import NOT_ATTEMPTED, NOT_YET, RIGHT, tidy_name

FILE = "my_practice.json"
_LONGEST = 4000  # characters kept of an answer
_ONE_AT_A_TIME = threading.Lock()  # in this kernel; two kernels would have to write within 1 ms


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
    """The file of one learner's answers; several learners may share a folder.

    Parameters
    ----------
    learner : str
        The name, as typed.
    folder : Path, optional
        Where the file is; the current folder, which is that of the notebook, if not given.

    Attributes
    ----------
    trouble : str
        One sentence if the file could not be read or written, otherwise empty. What cannot be
        written is kept until the kernel ends.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> Record("Ada", folder).change("scanning.windows", tries=1)
    >>> Record("ADA ", folder).entry("scanning.windows").tries
    1
    """

    def __init__(self, learner: str, folder: Path | None = None) -> None:
        self._path = (folder or Path.cwd()) / FILE
        self._learner = tidy_name(learner)
        self._unsaved: dict[str, Any] = {}
        self.trouble = ""

    def entry(self, id: str) -> Entry:
        """Return what is kept of an exercise."""
        return self.entries().get(id, Entry())

    def entries(self) -> dict[str, Entry]:
        """Return what is kept of every exercise that was worked on, by id."""
        mine = self._read().get(self._learner, {}) | self._unsaved
        return {id: _entry(fields) for id, fields in mine.items() if isinstance(fields, dict)}

    def change(self, id: str, **changes: Any) -> None:
        """Alter fields of an entry and keep it; other notebooks may write in between."""
        if "answer" in changes:
            changes["answer"] = changes["answer"][:_LONGEST]
        with _ONE_AT_A_TIME:
            entry = dataclasses.replace(self.entry(id), **changes)
            learners = self._read()
            learners.setdefault(self._learner, {})[id] = dataclasses.asdict(entry)
            self._write(learners)

    def _write(self, learners: dict[str, dict[str, Any]]) -> None:
        text = json.dumps({"version": 1, "learners": learners}, indent=1, ensure_ascii=False)
        part = self._path.with_suffix(f".{os.getpid()}.part")
        try:
            part.write_text(text + "\n", encoding="utf-8")
            part.replace(self._path)  # whole or not at all
            self._unsaved = {}
        except OSError as problem:
            self._unsaved = learners[self._learner]
            self.trouble = (
                f"Your answers cannot be kept in {FILE} ({problem.strerror}); they last until the "
                "kernel is stopped."
            )

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            learners = json.loads(self._path.read_text(encoding="utf-8"))["learners"]
            if not all(isinstance(mine, dict) for mine in learners.values()):
                raise TypeError
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._set_aside()
            return {}
        return learners

    def _set_aside(self) -> None:
        """Keep a file that cannot be read under another name: nothing is written over."""
        names = (self._path.with_suffix(f".damaged{n or ''}.json") for n in itertools.count())
        aside = next(path for path in names if not path.exists())
        try:
            self._path.replace(aside)
            self.trouble = (
                f"{FILE} could not be read. It is kept as {aside.name}; a new one begins."
            )
        except OSError as problem:
            self.trouble = f"{FILE} could not be read ({problem.strerror})."


def _entry(fields: dict[str, Any]) -> Entry:
    """Make an entry of what the file holds, leaving out what somebody altered to another type."""
    fresh = dataclasses.asdict(Entry())
    good = {name: value for name, value in fields.items() if type(fresh.get(name)) is type(value)}
    entry = Entry(**good)
    entry.mistakes = [mistake for mistake in entry.mistakes if isinstance(mistake, str)]
    if entry.state not in (NOT_ATTEMPTED, NOT_YET, RIGHT):
        entry.state = NOT_ATTEMPTED
    return entry

"""Read and write a learner's answers in my_practice.json without losing any of them.

It handles a full disk, a folder in place of the file, a second kernel that writes at the same time,
a damaged file, and a file of a newer motiflab.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import itertools
import json
import os
import stat
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from motiflab.exercises.exercise import MARKS, NOT_ATTEMPTED, printable, tidy_count, tidy_name

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # on Windows, and in a browser, whose fcntl is empty: two kernels would have
    flock = None  # to write within the same millisecond

FILE = "my_practice.json"
VERSION = 1
LONGEST = 4000
"""Largest number of saved characters of a text, such as an answer or a prediction."""

_MOST_BYTES = 100_000_000
_WAIT = 10.0  # seconds to wait for other kernels that write, enough for a busy machine

_Fields = dict[str, Any]


@dataclass
class Entry:
    """Saved data of one exercise.

    `state`, `answer` (as text) and `mistake` (empty if it is not known) belong to the last try;
    `mistakes` are the known ones of all tries in order. `tries` counts the different answers that
    were checked, and `hints` the opened hints. `solution` is true if the solution was opened before
    the answer was right; `prediction` is the learner's prediction.
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
        Folder of the file; by default the current folder, which is that of the notebook.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> Record("Ada", folder).change("scanning.windows", tries=1)
    >>> Record("ADA ", folder).entry("scanning.windows").tries
    1
    """

    def __init__(self, learner: str, folder: Path | None = None) -> None:
        # One object per folder and kernel, so that unsaved answers survive running the cell again.
        path = Path(os.path.abspath(folder or Path.cwd())) / FILE
        self._file = _FILES.setdefault(path, AnswerFile(path))
        self._learner = tidy_name(learner)

    @property
    def trouble(self) -> str:
        """One sentence if answers cannot be saved, otherwise empty.

        Then they are kept in memory as long as the kernel runs.
        """
        return self._file.trouble

    def news(self) -> list[str]:
        """Return messages on the file that are shown once, such as that it was damaged."""
        return self._file.news()

    def entry(self, id: str) -> Entry:
        """Return the saved data of an exercise."""
        return self.entries().get(id, Entry())

    def entries(self) -> dict[str, Entry]:
        """Return the saved data of all exercises that were worked on, by id."""
        return {id: _entry(fields) for id, fields in self._file.entries(self._learner).items()}

    def change(self, id: str, **changes: Any) -> None:
        """Change fields of an entry and save it; other notebooks may write in between."""
        short = {name: v[:LONGEST] if isinstance(v, str) else v for name, v in changes.items()}
        self._file.change(self._learner, id, short)


_FILES: dict[Path, AnswerFile] = {}


class AnswerFile:
    """The file of the answers in one folder; one shared object per folder.

    An answer that cannot be saved is kept in memory and saved as soon as possible. Unknown content
    of the file is kept. `trouble` is one sentence if the file cannot be read or written, otherwise
    empty.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unsaved: dict[str, dict[str, _Fields]] = {}  # changed fields by learner and exercise
        self._last: _Fields = {}  # the content of the file when it could last be read
        self._news: list[str] = []
        self._newer = False
        self._lock = threading.Lock()
        self.trouble = ""

    def entries(self, learner: str) -> dict[str, _Fields]:
        """Return the saved data of a learner as unchecked dictionaries, by exercise."""
        with self._alone():
            content = self._tried(self._save if self._unsaved else self._read)
        kept = _table(_table(self._last if content is None else content, "learners"), learner)
        entries = {id: dict(fields) for id, fields in kept.items() if isinstance(fields, dict)}
        for id, changes in self._unsaved.get(learner, {}).items():
            entries.setdefault(id, {}).update(changes)
        return entries

    def change(self, learner: str, id: str, changes: _Fields) -> None:
        """Change these fields of an entry and save it."""
        with self._alone():
            mine = self._unsaved.setdefault(learner, {})
            mine[id] = {**mine.get(id, {}), **changes}
            self._tried(self._save)

    def news(self) -> list[str]:
        """Return new messages for the learner; each is returned once."""
        news, self._news = self._news, []
        return news

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Lock out other threads, and other kernels if the system supports it."""
        with self._lock, contextlib.ExitStack() as stack:
            if flock is not None:
                with contextlib.suppress(OSError):  # some network folders have no locks
                    folder = os.open(self._path.parent, os.O_RDONLY)
                    stack.callback(os.close, folder)  # which opens the lock
                    _hold(folder)
            yield

    def _tried(self, step: Callable[[], _Fields]) -> _Fields | None:
        """Return the content of the file after reading or saving; None if that failed.

        Then the file must not be overwritten, or cannot be written.
        """
        self.trouble = ""
        try:
            return step()
        except OSError as problem:
            self.trouble = (
                f"Your answers cannot be kept in {FILE} ({problem.strerror or problem}); they last "
                "until the kernel is stopped. The next check tries again to save them."
            )
            return None

    def _read(self) -> _Fields:
        """Return the content of the file; raises `OSError` if it must not be overwritten."""
        try:
            status = self._path.stat()
            if not stat.S_ISREG(status.st_mode):  # a pipe would never end
                raise IsADirectoryError(
                    errno.EISDIR, "there is something in its place that is not a file"
                )
            if status.st_size > _MOST_BYTES:
                return self._set_aside(f"it is larger than {_MOST_BYTES // 1_000_000} MB")
            content = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError:
            return self._set_aside("its text is not in UTF-8")
        except (ValueError, RecursionError):
            return self._set_aside("it is damaged")
        if not isinstance(content, dict) or not isinstance(content.get("learners", {}), dict):
            return self._set_aside("it is not a file of answers")
        version = content.get("version")
        if type(version) is int and version > VERSION and not self._newer:
            self._newer = True
            self._news.append(
                f"{FILE} was written by a newer motiflab. This one leaves what it does not know in "
                "the file as it is."
            )
        self._last = content
        return content

    def _save(self) -> _Fields:
        """Write unsaved changes into the file; return its new content."""
        content = self._read()
        content.setdefault("version", VERSION)
        for learner, entries in self._unsaved.items():
            mine = _make_room(_make_room(content, "learners"), learner)
            for id, changes in entries.items():
                entry = _make_room(mine, id)
                for name, value in dataclasses.asdict(Entry()).items():
                    entry.setdefault(name, value)
                for name, value in changes.items():
                    _move_away(entry, name, type(value))
                    entry[name] = value
        self._write(_encoded(content))
        self._unsaved, self._last = {}, content
        return content

    def _write(self, text: bytes) -> None:
        """Write the whole file or nothing."""
        target = Path(os.path.realpath(self._path))  # a link stays a link
        part = target.with_name(f"{target.stem}.{uuid.uuid4().hex[:8]}.part")
        try:
            part.write_bytes(text)
            part.replace(target)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def _set_aside(self, why: str) -> _Fields:
        """Rename a file that cannot be used, without overwriting another file."""
        names = (self._path.with_suffix(f".damaged{n or ''}.json") for n in itertools.count())
        aside = next(path for path in names if not path.exists())
        self._path.replace(aside)
        self._news.append(
            f"{FILE} could not be read: {why}. It is kept as {aside.name}; a new one begins."
        )
        self._last = {}
        return {}


def _hold(folder: int) -> None:
    """Lock an open folder against other kernels, until it is closed."""
    until = time.monotonic() + _WAIT
    while time.monotonic() < until:  # then continue without a lock
        try:
            flock(folder, LOCK_EX | LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(0.002)


def _table(held: _Fields, key: str) -> _Fields:
    """Return the dictionary of a key, or an empty one, without changing `held`."""
    value = held.get(key)
    return value if isinstance(value, dict) else {}


def _make_room(held: _Fields, key: str) -> _Fields:
    """Return the dictionary of a key; make it if there is none."""
    _move_away(held, key, dict)
    return held.setdefault(key, {})


def _move_away(held: _Fields, key: str, kind: type) -> None:
    """Keep a value of an unexpected type, perhaps of a newer version, under another key."""
    if key in held and type(held[key]) is not kind:
        name = f"{key} (not read)"
        while name in held:
            name += "+"
        held[name] = held.pop(key)


def _encoded(content: _Fields) -> bytes:
    try:
        text = json.dumps(content, indent=1, ensure_ascii=False)
    except RecursionError:  # without indents the limit is that of reading
        text = json.dumps(content, ensure_ascii=False)
    # An unpaired surrogate, which UTF-8 cannot encode, is written as a JSON escape.
    return f"{text}\n".encode("utf-8", "backslashreplace")


def _entry(fields: _Fields) -> Entry:
    """Make an entry from the file, without fields of a wrong type."""
    entry = Entry()
    for name, default in dataclasses.asdict(entry).items():
        value = fields.get(name)
        if type(value) is type(default):
            setattr(entry, name, _tidied(value))
    if entry.state not in MARKS:
        entry.state = NOT_ATTEMPTED
    return entry


def _tidied(value: Any) -> Any:
    """Return a value that can be shown: without unpaired surrogates and huge numbers."""
    if isinstance(value, list):
        return [printable(mistake) for mistake in value if isinstance(mistake, str)]
    if isinstance(value, str):
        return printable(value)
    return tidy_count(value) if type(value) is int else value

"""Read the results of exercises from students' notebooks, without running anything in them.

The content of a notebook is not trusted: any part may have the wrong type, be too long, or be made
to do harm. So each part is checked before it is used, and texts are cut.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from motiflab.exercises import KEYS, find
from motiflab.exercises.exercise import MARKS, MIME, VERSION, tidy_count

_MOST_BYTES = 100_000_000
_NAME, _TEXT = 80, 8000  # largest numbers of characters
# Control characters, and those that reverse the direction of text.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_COPY = re.compile(r"(-Copy\d+| ?\(\d+\))+$")  # as JupyterLab and browsers name a second copy


@dataclass(frozen=True)
class Answer:
    """What a notebook shows of one exercise.

    Attributes
    ----------
    exercise : str
        An id that `motiflab.exercises.find` knows.
    learner : str
        The name that the student gave.
    state : str
        "right", "not yet right" or "not attempted".
    mistakes : tuple of str
        Those recognised so far, one for each try that showed one.
    tries, hints : int
    solution : bool
        Whether it was opened.
    prediction, answer : str
    """

    exercise: str
    learner: str
    state: str
    mistakes: tuple[str, ...]
    tries: int
    hints: int
    solution: bool
    prediction: str
    answer: str


@dataclass(frozen=True)
class Notebook:
    """One notebook of one student.

    Attributes
    ----------
    file : str
        Its path below the folder.
    student : str
        Name taken from the path.
    part : str
        Key of the exercise set.
    exercises : tuple of str
        Ids of its exercises.
    answers : dict
        Answers by id.
    """

    file: str
    student: str
    part: str
    exercises: tuple[str, ...]
    answers: dict[str, Answer]


@dataclass
class Collected:
    """All notebooks below a folder.

    Attributes
    ----------
    notebooks : list of Notebook
        One for each student and part, in the order of their paths.
    remarks : list of (str, str)
        Skipped or empty files, each with one sentence.
    """

    notebooks: list[Notebook] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)


class _Candidate(NamedTuple):
    """A notebook, and the key that decides which one of a student and part is kept."""

    answered: bool
    time: float
    file: str
    notebook: Notebook


def collect(folder: Path) -> Collected:
    """Read all notebooks below a folder.

    If it contains a folder ``submitted``, as a course folder of nbgrader does, only that is read.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Collected

    Raises
    ------
    ValueError
        If the folder is absent or holds no notebook.
    """
    if not folder.is_dir():
        raise ValueError(f"There is no folder {folder}.")
    root = folder / "submitted" if (folder / "submitted").is_dir() else folder
    collected = Collected()
    paths = sorted(_notebooks(root, collected))
    if not paths and not collected.remarks:
        raise ValueError(f"{root} holds no notebook (a file whose name ends in .ipynb).")
    # A folder around all of them, as in unpacked archives, is not a student's name.
    around = Path(os.path.commonpath([path.parent for path in paths])) if len(paths) > 1 else root
    newest: dict[tuple[str, str], _Candidate] = {}
    for path in paths:
        file = _shown(path, root)
        try:
            notebook, said = _read(path, file, around)
            time = path.stat().st_mtime
        except (ValueError, OSError, RecursionError) as problem:
            collected.remarks.append((file, _sentence(problem)))
            continue
        collected.remarks += [(file, sentence) for sentence in said]
        if not notebook.answers:
            collected.remarks.append(
                (file, "Nothing is stored in it: it was never run, or its outputs were cleared.")
            )
        # A notebook with answers is preferred to a newer one without, which was never run.
        key = (notebook.student, notebook.part)
        candidate = _Candidate(bool(notebook.answers), time, file, notebook)
        if key in newest:
            older, candidate = sorted([newest[key], candidate], key=lambda one: one[:3])
            why = "is newer" if older.answered == candidate.answered else "holds answers"
            said = f"Left out: {candidate.file}, by the same student, {why}."
            collected.remarks.append((older.file, said))
        newest[key] = candidate
    collected.notebooks = [candidate.notebook for candidate in newest.values()]
    return collected


def tidy(text: Any, most: int) -> str:
    """Return a text without invisible characters, cut to `most`; empty if it is not a text.

    >>> tidy("Ada\\x00 Lovelace", 5), tidy(["Ada"], 5)
    ('Ada …', '')
    """
    if not isinstance(text, str):
        return ""
    text = text[: 2 * most + 1000].encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
    text = _UNSEEN.sub("", re.sub(r"\n{3,}", "\n\n", text)).strip()
    return text if len(text) <= most else text[: most - 1] + "…"


def _shown(path: Path | str, root: Path) -> str:
    """Return the name of a file in the report."""
    return tidy(Path(path).relative_to(root).as_posix(), 300)


def _notebooks(root: Path, collected: Collected) -> Iterator[Path]:
    """Yield the paths of notebooks, and record folders that cannot be read."""

    def note(problem: OSError) -> None:
        collected.remarks.append((_shown(problem.filename, root), _sentence(problem)))

    for place, folders, files in os.walk(root, onerror=note):
        collected.remarks += [
            (_shown(Path(place) / name, root), "This is a folder, not a notebook.")
            for name in folders
            if name.endswith(".ipynb")
        ]
        # os.walk descends only into the folders that are left in its list.
        folders[:] = [name for name in folders if name not in (".ipynb_checkpoints", "__MACOSX")]
        for name in files:  # macOS archives have additional files that begin with "._"
            if name.lower().endswith(".ipynb") and not name.startswith("._"):
                yield Path(place) / name


def _read(path: Path, file: str, around: Path) -> tuple[Notebook, list[str]]:
    """Read one notebook, with sentences on what a teacher should know about its answers."""
    if not path.is_file():
        raise ValueError("This is not an ordinary file.")
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"It is larger than {_MOST_BYTES // 1_000_000} MB, so it was not read.")
    content = path.read_bytes()
    if not content.strip():
        raise ValueError("The file is empty.")
    try:
        loaded = json.loads(content)
    except UnicodeDecodeError:
        raise ValueError("It is damaged: its text is not in UTF-8.") from None
    except ValueError:
        raise ValueError("It is damaged: what it holds is not JSON, or is cut off.") from None
    cells = _under(loaded, "cells", list)
    if cells is None:
        raise ValueError("It is not a notebook of the present format: it holds no list of cells.")
    records = list(_records(cells))
    found = [_answer(record) for record in records]
    answers: dict[str, Answer] = {}
    for answer in filter(None, found):
        # A cell may have been copied; the copy with most tries is the latest.
        if answer.exercise not in answers or answer.tries >= answers[answer.exercise].tries:
            answers[answer.exercise] = answer
    part, asked = _asked(_under(loaded, "metadata", dict))
    if answers:
        part = Counter(id.partition(".")[0] for id in answers).most_common(1)[0][0]
    if not part:
        raise ValueError("It holds no exercise of motiflab.")
    said = []
    unknown = found.count(None)
    if unknown:
        said.append(f"{unknown} of its answers cannot be read, or name an unknown exercise.")
    newer = sum(_under(record, "version", int, 0) > VERSION for record in records)
    if newer:
        said.append(
            f"A newer motiflab wrote {newer} of its answers; shown is what this one knows of them."
        )
    ids = tuple(dict.fromkeys([*asked, *answers]))
    return Notebook(file, _student(path, around, part), part, ids, answers), said


def _under(where: Any, key: str, kind: type, otherwise: Any = None) -> Any:
    """Return the value of a key of a JSON object if it has a given type, else `otherwise`."""
    value = where.get(key) if isinstance(where, dict) else None
    return value if type(value) is kind else otherwise  # a boolean is not a number


def _records(cells: list[Any]) -> Iterator[Any]:
    """Yield the data with our MIME type in all outputs of all cells."""
    for cell in cells:
        for output in _under(cell, "outputs", list, []):
            data = _under(output, "data", dict, {})
            if MIME in data:
                yield data[MIME]


def _answer(record: Any) -> Answer | None:
    """Make an answer from a record, if its exercise and state are known."""
    id, state = _under(record, "exercise", str), _under(record, "state", str)
    if not _known(id) or state not in MARKS:
        return None
    names = [tidy(name, 300) for name in _under(record, "mistakes", list, [])[:200]]
    return Answer(
        exercise=id,
        learner=tidy(record.get("learner"), _NAME),
        state=state,
        mistakes=tuple(filter(None, names)),
        tries=tidy_count(_under(record, "tries", int, 0)),
        hints=tidy_count(_under(record, "hints", int, 0)),
        solution=record.get("solution") is True,
        prediction=tidy(record.get("prediction"), _TEXT),
        answer=tidy(record.get("answer"), _TEXT),
    )


def _asked(metadata: Any) -> tuple[str, list[str]]:
    """Return the part and the exercises of a notebook, if known."""
    ours = _under(metadata, "motiflab", dict)
    part, ids = _under(ours, "part", str), _under(ours, "exercises", list, [])
    known = [id for id in ids[:100] if _known(id) and id.partition(".")[0] == part]
    return (part if part in KEYS else ""), known


def _known(id: Any) -> bool:
    try:
        return isinstance(id, str) and bool(find(id))
    except ValueError:
        return False


def _student(path: Path, around: Path, part: str) -> str:
    """Return the student: the path without the name of the part."""
    folders = path.relative_to(around).parent.parts
    mine = [piece for piece in folders if _without(piece, part)]
    name = "/".join(mine) or _without(_COPY.sub("", path.stem), part) or around.resolve().name
    return tidy(unicodedata.normalize("NFC", name), _NAME) or "?"


def _without(piece: str, part: str) -> str:
    """Return a name without that of the part, with or without its number."""
    named = rf"(^|[\W_]+)(\d\d[\W_]+)?{part}($|[\W_]+)"
    return re.sub(named, " ", piece, flags=re.IGNORECASE).strip()


def _sentence(problem: BaseException) -> str:
    if isinstance(problem, RecursionError):
        return "It is damaged: it is nested too deeply to be read."
    if isinstance(problem, OSError):
        return f"It cannot be read: {problem.strerror or 'the system does not say why'}."
    return str(problem)

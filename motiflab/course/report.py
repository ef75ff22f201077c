"""Report on collected notebooks: a table for a spreadsheet, and a page to read before class."""

from __future__ import annotations

import csv
from pathlib import Path

from motiflab.course.classwork import Classwork, StudentEntry
from motiflab.course.collected import collect
from motiflab.course.page import page

COLUMNS = [
    "student",
    "name given",
    "part",
    "exercise",
    "title",
    "state",
    "tries",
    "first mistake",
    "all mistakes",
    "hints",
    "solution opened",
    "prediction",
    "answer",
    "file",
]
_FORMULA = tuple("=+-@＝＋－＠")


def report(folder: Path, into: Path | None = None) -> tuple[Path, Path]:
    """Write `report.csv` and `report.html` about the notebooks below a folder.

    Nothing in the notebooks is run: only their saved outputs are read.

    Parameters
    ----------
    folder : Path
        For example nbgrader's `submitted`, or one folder for each student, or one for all.
    into : Path, optional
        Folder to write to, created if needed; the same folder if not given.

    Returns
    -------
    csv, html : Path
    """
    folder = Path(folder)
    work = Classwork(collect(folder))
    into = folder if into is None else Path(into)
    paths = into / "report.csv", into / "report.html"
    try:
        into.mkdir(parents=True, exist_ok=True)
        # Without a byte order mark at the start, Excel reads the file as Latin-1.
        with paths[0].open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(COLUMNS)
            for student in work.students:
                name = work.names(student)
                writer.writerows(_row(work.entry(student, e), name) for e in work.exercises)
        paths[1].write_text(page(work), encoding="utf-8")
    except OSError as problem:
        raise ValueError(
            f"The report cannot be written to {into} ({problem.strerror}): is it open elsewhere?"
        ) from None
    return paths


def _row(entry: StudentEntry, name: str) -> list[str | int]:
    answer, exercise = entry.answer, entry.exercise
    done: list[str | int] = [""] * 7
    if answer:
        done = [
            answer.tries,
            answer.mistakes[0] if answer.mistakes else "",
            "; ".join(answer.mistakes),
            answer.hints,
            "yes" if answer.solution else "no",
            answer.prediction,
            answer.answer,
        ]
    known = [entry.student, name, entry.part, exercise.id, exercise.title, entry.word]
    return [harmless(cell) for cell in [*known, *done, entry.file]]


def harmless(cell: str | int) -> str | int:
    """Prevent a spreadsheet from reading a student's text as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

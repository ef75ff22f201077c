"""A learner's progress over all the exercises, as a page."""

from __future__ import annotations

from html import escape

from IPython.display import HTML

from motiflab.exercises import KEYS, exercise_set
from motiflab.exercises.exercise import NOT_ATTEMPTED, RIGHT, Exercise, ExerciseSet
from motiflab.practice.help import MARKS
from motiflab.practice.record import Entry, Record

_STYLE = """
.motiflab-progress table { border-collapse: collapse; margin: 0 0 4px; }
.motiflab-progress caption { text-align: left; font-weight: 600; padding: 10px 0 2px; }
.motiflab-progress th, .motiflab-progress td { text-align: left; padding: 2px 14px 2px 0;
  border: 0; background: none; font-weight: 400; vertical-align: top; }
.motiflab-progress thead th { color: var(--jp-ui-font-color2, #555); }
.motiflab-progress .none { color: var(--jp-ui-font-color2, #555); }
"""


def progress_page(record: Record, name: str) -> HTML:
    """Return the page of a learner: each set, each exercise, and what was used on the way."""
    entries = record.entries()
    sets = [exercise_set(key) for key in KEYS]
    right = sum(entries.get(e.id, Entry()).state == RIGHT for one in sets for e in one)
    tables = "".join(_table(one, entries) for one in sets)
    of = f" of {escape(name)}" if name else ""
    trouble = f"<p>{escape(record.trouble)}</p>" if record.trouble else ""
    return HTML(
        f"<style>{_STYLE}</style><div class='motiflab-progress'><p><b>Progress{of}</b>: {right} of "
        f"{sum(len(one.exercises) for one in sets)} exercises are right or written.</p>{trouble}"
        f"{tables}</div>"
    )


def _table(one: ExerciseSet, entries: dict[str, Entry]) -> str:
    rows = "".join(_row(exercise, entries.get(exercise.id, Entry())) for exercise in one)
    heads = "".join(
        f"<th scope='col'>{head}</th>" for head in ("Exercise", "State", "Tries", "Hints", "")
    )
    right = sum(entries.get(exercise.id, Entry()).state == RIGHT for exercise in one)
    return (
        f"<table><caption>{escape(one.title)}: {right} of {len(one.exercises)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(exercise: Exercise, entry: Entry) -> str:
    state = "kept" if entry.state == RIGHT and not exercise.graded else entry.state
    quiet = " class='none'" if entry.state == NOT_ATTEMPTED else ""
    cells = [
        f"{MARKS[entry.state]} {state}" if entry.state in MARKS else "",
        str(entry.tries or ""),
        f"{entry.hints} of {len(exercise.hints)}" if entry.hints else "",
        "solution opened" if entry.solution else "",
    ]
    tail = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<tr{quiet}><th scope='row'>{escape(exercise.title)}</th>{tail}</tr>"

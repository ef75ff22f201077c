"""A learner's progress in all exercises, as a page."""

from __future__ import annotations

from html import escape

from IPython.display import HTML

from motiflab.exercises import KEYS, exercise_set
from motiflab.exercises.exercise import MARKS, NOT_ATTEMPTED, RIGHT, Exercise, ExerciseSet
from motiflab.figures.tables import table_row
from motiflab.practice.answer_file import Entry, Record

_STYLE = """
.motiflab-progress .motiflab-sets { border-collapse: collapse; margin: 0; }
.motiflab-progress .motiflab-sets th, .motiflab-progress .motiflab-sets td { text-align: left;
  border: 0; padding: 2px 18px 2px 0; background: none; font-weight: 400; vertical-align: top; }
.motiflab-progress .motiflab-sets td { white-space: nowrap; }
.motiflab-progress .motiflab-sets tbody tr:nth-child(n) { background: none; }
.motiflab-progress .motiflab-sets thead th { color: var(--jp-ui-font-color2, #555); }
.motiflab-progress .motiflab-sets th[scope=rowgroup] { font-weight: 600; padding-top: 12px; }
.motiflab-progress .motiflab-sets .none { color: var(--jp-ui-font-color2, #555); }
.motiflab-bar { display: inline-block; width: 120px; height: 8px; margin-left: 8px;
  border-radius: 4px; background: var(--jp-layout-color3, #ddd); overflow: hidden; }
.motiflab-bar > span { display: block; height: 100%;
  background: var(--jp-success-color1, #388e3c); }
"""
_HEADS = ("Exercise", "State", "Tries", "Hints", "Solution")


def progress_page(record: Record, name: str) -> HTML:
    """Return the page of a learner: each set and exercise, with tries, hints and solutions."""
    entries = record.entries()
    sets = [exercise_set(key) for key in KEYS]
    right = sum(_right(one, entries) for one in sets)
    groups = "".join(_group(one, entries) for one in sets)
    of = f" of {escape(name)}" if name else ""
    said = [*record.news(), *filter(None, [record.trouble])]
    trouble = "".join(f"<p>{escape(sentence)}</p>" for sentence in said)
    heads = "".join(f"<th scope='col'>{head}</th>" for head in _HEADS)
    return HTML(
        f"<style>{_STYLE}</style><div class='motiflab-progress'><p><b>Progress{of}</b>: {right} of "
        f"{sum(len(one.exercises) for one in sets)} exercises are right or written.</p>{trouble}"
        f"<table class='motiflab-sets'><thead><tr>{heads}</tr></thead>{groups}</table></div>"
    )


def _right(one: ExerciseSet, entries: dict[str, Entry]) -> int:
    """Count the exercises of a set that are right."""
    return sum(entries.get(exercise.id, Entry()).state == RIGHT for exercise in one)


def _group(one: ExerciseSet, entries: dict[str, Entry]) -> str:
    rows = "".join(_row(exercise, entries.get(exercise.id, Entry())) for exercise in one)
    right = _right(one, entries)
    filled = f"<span style='width:{100 * right / len(one.exercises):.0f}%'></span>"
    # Hidden from screen readers, because the words beside the bar say the same.
    bar = f"<span class='motiflab-bar' aria-hidden='true'>{filled}</span>"
    return (
        f"<tbody><tr><th scope='rowgroup' colspan='{len(_HEADS)}'>{escape(one.title)}: {right} of "
        f"{len(one.exercises)}{bar}</th></tr>{rows}</tbody>"
    )


def _row(exercise: Exercise, entry: Entry) -> str:
    quiet = "class='none'" if entry.state == NOT_ATTEMPTED else ""
    # An entry has one of these states: `Record` guarantees it.
    cells = [
        exercise.title,
        f"{MARKS[entry.state]} {exercise.called(entry.state)}",
        entry.tries or "",
        f"{min(entry.hints, len(exercise.hints))} of {len(exercise.hints)}" if entry.hints else "",
        "opened" if entry.solution else "",
    ]
    return table_row(cells, quiet)

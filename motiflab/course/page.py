"""Make the page of a report from the template `page.html.j2`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import mistune
from jinja2 import Environment, PackageLoader, StrictUndefined
from latex2mathml.converter import convert
from markupsafe import Markup

from motiflab.course.classwork import ABSENT, NOTHING, STATES, Classwork, Slip, StudentEntry, many
from motiflab.exercises import exercise_set
from motiflab.exercises.exercise import MARKS, NOT_ATTEMPTED, NOT_YET, RIGHT, Exercise
from motiflab.figures import html_table, svg_picture, svg_rect, svg_text
from motiflab.figures.style import LINE, TEXT


class StateLook(NamedTuple):
    """Look of a state: its symbol, its CSS class, its bar and the number on the bar."""

    mark: str
    name: str
    fill: str
    ink: str


# Indigo and sand (of Paul Tol's muted scheme) differ for every kind of colour vision and from the
# colours of the bases; the rest are increasingly light greys. Words always accompany the symbol.
LOOKS = {
    RIGHT: StateLook(MARKS[RIGHT], "right", "var(--right-bar, #332288)", "#fff"),
    NOT_YET: StateLook(MARKS[NOT_YET], "not-yet", "#ddcc77", "#222"),
    NOT_ATTEMPTED: StateLook(
        MARKS[NOT_ATTEMPTED], "untouched", "var(--jp-border-color1, #bdbdbd)", TEXT
    ),
    NOTHING: StateLook("∅", "nothing", "var(--jp-layout-color2, #eee)", TEXT),
    ABSENT: StateLook("·", "nothing", "none", TEXT),
}

_LABEL, _BAR, _LINE = 340, 480, 34  # widths, and the height of a line, in pixels
_NUMBER_HEADS = [
    "Exercise",
    *(state.capitalize() for state in STATES),
    "Tries, median",
    "Took hints",
    "Opened the solution",
]
_RENDER = mistune.create_markdown(escape=True, plugins=["table"])
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.S)
_HELD = re.compile("\ue000(\\d+)\ue001")


def page(work: Classwork) -> str:
    """Return the HTML of the whole page.

    Parameters
    ----------
    work : Classwork

    Returns
    -------
    str
    """
    environment = templates()
    environment.filters |= {
        "markdown": markdown,
        "inline": inline,
        "many": many,
        "question": _question,
        "slip_table": _slip_table,
    }
    parts = [_Part(work, key, exercises) for key, exercises in work.parts.items()]
    slips = work.slips()
    return environment.get_template("page.html.j2").render(
        work=work,
        parts=parts,
        titles={exercise.id: part.title for part in parts for exercise in part.exercises},
        known=[slip for slip in slips if slip.message],
        others=[slip for slip in slips if not slip.message],
        table=wide_table,
        number_heads=_NUMBER_HEADS,
        looks=LOOKS,
        today=date.today().isoformat(),
    )


def templates() -> Environment:
    """Return the templates of all pages, which escape inserted texts."""
    return Environment(
        loader=PackageLoader("motiflab.course", ""),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


def markdown(text: str) -> Markup:
    """Convert the Markdown of an exercise to HTML, including formulas."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        block, within = match[1], match[2]
        held.append(convert(block or within, display="block" if block else "inline"))
        return f"\ue000{len(held) - 1}\ue001"

    html = _RENDER(_FORMULA.sub(hold, text))
    return Markup(_HELD.sub(lambda match: held[int(match[1])], html))


def inline(text: str) -> Markup:
    """Convert the Markdown of a heading to HTML."""
    return Markup(markdown(text).strip().removeprefix("<p>").removesuffix("</p>"))


def _question(exercise: Exercise) -> str:
    """Return the task of an exercise, with example numbers."""
    return exercise.statement(exercise.given(""))


def wide_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    """Return a table with escaped content."""
    return Markup(html_table("", heads, rows, around="wide"))


def _slip_table(slips: Sequence[Slip]) -> Markup:
    """Return a table of at most sixty mistakes, those of most students first."""
    return wide_table(
        ["Mistake", "Exercise", "Students", "Of these right by now"],
        [(slip.name, slip.exercise.title, slip.students, slip.since) for slip in slips[:60]],
    )


@dataclass(frozen=True)
class _Row:
    """One exercise: its line in the picture and in the table."""

    label: str
    exercise: Exercise
    entries: Sequence[StudentEntry]

    @property
    def counts(self) -> Counter[str]:
        return Counter(entry.state for entry in self.entries)

    @property
    def in_words(self) -> str:
        counts = self.counts
        return ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state])

    def drawn(self, y: float) -> Iterator[str]:
        """Yield the line of the picture: its label, the bars, and the numbers on them."""
        label = self.label if len(self.label) <= 46 else f"{self.label[:45]}…"
        yield svg_text(_LABEL - 12, y + 15.5, label, "end")
        x, counts = float(_LABEL), self.counts
        for state, look in LOOKS.items():
            width = _BAR * counts[state] / len(self.entries)
            if width:
                yield svg_rect(x, y, width, 22, f'style="fill:{look.fill};stroke:{LINE}"')
            # A number without room on its bar is only in the table.
            if width >= 9 * len(str(counts[state])):
                yield svg_text(
                    x + width / 2, y + 15.5, counts[state], "middle", f'style="fill:{look.ink}"'
                )
            x += width

    @property
    def numbers(self) -> list[str | int]:
        answers = [entry.answer for entry in self.entries if entry.answer]
        tries = sorted(answer.tries for answer in answers if answer.tries)
        return [
            self.exercise.title,
            *(self.counts[state] for state in STATES),
            tries[len(tries) // 2] if tries else "",
            sum(answer.hints > 0 for answer in answers),
            sum(answer.solution for answer in answers),
        ]


class _Part:
    """One exercise set: the content of its section."""

    def __init__(self, work: Classwork, key: str, exercises: Sequence[Exercise]) -> None:
        self.key, self.title, self.exercises = key, exercise_set(key).title, exercises
        self.rows = [
            _Row(f"{number}. {exercise.title}", exercise, work.of(exercise))
            for number, exercise in enumerate(exercises, 1)
        ]
        self.students = [
            (student, entries)
            for student, entries in zip(work.students, zip(*(row.entries for row in self.rows)))
            if any(entry.state != ABSENT for entry in entries)
        ]

    @property
    def picture(self) -> Markup:
        """Draw the number of students in each state as a bar for each exercise."""
        lines = ("".join(row.drawn(6 + _LINE * i)) for i, row in enumerate(self.rows))
        return Markup(
            svg_picture(
                "".join(lines),
                f"{self.title}: students by state",
                " ".join(f"{row.label}: {row.in_words}." for row in self.rows),
                f"bars-{self.key}",
                (_LABEL + _BAR + 2, _LINE * len(self.rows) + 2),
                style="min-width:560px;height:auto",
                font=13,
            )
        )

    @property
    def said(self) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """Yield the texts of students: a heading, the task, and each student with the text."""
        for row in self.rows:
            exercise = row.exercise
            answered = [(e.student, e.answer) for e in row.entries if e.answer]
            texts = [(student, answer.prediction) for student, answer in answered]
            yield from _texts(f"{exercise.title} · predictions", exercise.prediction, texts)
            if not exercise.graded:
                texts = [(student, answer.answer) for student, answer in answered]
                yield from _texts(f"{exercise.title} · texts", _question(exercise), texts)


def _texts(
    title: str, asked: str, texts: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    written = [(student, text) for student, text in texts if text]
    if written:
        yield title, asked, written

"""Output of a check: the verdict, and the hints and the solution on request."""

from __future__ import annotations

import dataclasses
from typing import Any

import ipywidgets as widgets
from IPython.display import display

from motiflab.exercises.exercise import (
    MARKS,
    MIME,
    NOT_ATTEMPTED,
    RIGHT,
    VERSION,
    Exercise,
    Given,
    Verdict,
)
from motiflab.practice.answer_file import Record
from motiflab.widgets import cells
from motiflab.widgets.card import box
from motiflab.widgets.controls import close, make, style_sheet
from motiflab.widgets.explorer import Home
from motiflab.widgets.live_text import LiveText

STYLE = """
.motiflab-task, .motiflab-verdict { border-left: 4px solid var(--jp-border-color1, #bbb);
  padding: 2px 0 2px 14px; margin: 4px 0; }
.motiflab-task { border-color: var(--jp-brand-color1, #2196f3); }
.motiflab-not-yet-right { border-color: var(--jp-warn-color1, #f57c00); }
.motiflab-right { border-color: var(--jp-success-color1, #388e3c); }
.motiflab-task > :last-child, .motiflab-verdict > :last-child { margin-bottom: 0; }
.motiflab-help { padding: 2px 0 4px 16px; overflow: visible; }
.motiflab-help .jupyter-button { width: auto; margin: 0; align-self: flex-start; }
.motiflab-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.motiflab-help > .widget-html { display: none; }
.motiflab-help .motiflab-readout { display: none; }
"""


class Help:
    """The verdict on an answer, with buttons for hints and the solution.

    The text is an output of the cell, so that it is saved with the notebook; the buttons replace
    it by a longer one.

    Parameters
    ----------
    exercise : Exercise
    given : Given
        The learner's numbers.
    verdict : Verdict
    record : Record
        Counts the opened hints.
    learner : str
        The name, for the report.
    """

    def __init__(
        self,
        exercise: Exercise,
        given: Given,
        verdict: Verdict,
        record: Record,
        learner: str,
    ) -> None:
        self.exercise, self.given, self.verdict = exercise, given, verdict
        self.record, self.learner = record, learner
        self.open_solution = False
        self._news: list[str] = []
        self.next = make(widgets.Button)
        self.live = LiveText()
        at_home = Home().run
        self.next.on_click(lambda _: at_home(self.step))

    def show(self) -> None:
        """Show the verdict, and the button below it."""
        cells.clear()
        self._label()
        self._words = display(self.bundle(), raw=True, display_id=True)
        # The style sheet is with the buttons, as Markdown output cannot contain one.
        self._card = box("help", style_sheet(STYLE), self.next, self.live)
        display(self._card)
        cells.made(self)

    def close(self) -> None:
        """Remove the button from the page; this happens when the cell runs again."""
        close([self._card])

    def step(self) -> None:
        """Open the next hint or, after the last one, the solution."""
        entry = self.record.entry(self.exercise.id)
        if self._hints_left(entry.hints):
            self.record.change(self.exercise.id, hints=entry.hints + 1)
            said = self.exercise.hint(entry.hints, self.given)
        else:
            self.open_solution = True
            if self.verdict.state != RIGHT:
                self.record.change(self.exercise.id, solution=True)
            said = "The solution is above the button."
        self._label()
        self.live.alarm = said  # a screen reader does not notice the new text above the button
        self._words.update(self.bundle(), raw=True)

    def bundle(self) -> dict[str, Any]:
        """Return the text as Markdown and as plain text, with the saved data for a report."""
        text = self.text()
        plain = text.partition("\n\n")[2].rpartition("\n\n")[0]  # without its frame
        kept = dataclasses.asdict(self.record.entry(self.exercise.id))
        done = {"version": VERSION, "exercise": self.exercise.id, "learner": self.learner, **kept}
        return {"text/markdown": text, "text/plain": plain, MIME: done}

    def text(self) -> str:
        """Return the verdict, the hints opened so far, the solution if open, and what was used."""
        entry = self.record.entry(self.exercise.id)
        state = self.verdict.state
        called = self.exercise.called(state).capitalize()
        parts = [f"{MARKS[state]} **{called}.** {self.verdict.message}".rstrip()]
        if state == NOT_ATTEMPTED and entry.tries:
            short = len(entry.answer) <= 80 and "\n" not in entry.answer and "`" not in entry.answer
            what = f", `{entry.answer}`," if short else ""
            parts.append(f"Your last answer{what} is kept: it was {entry.state}.")
        if state == RIGHT and entry.prediction:
            parts.append("Compare it with what you expected before.")
        hints = len(self.exercise.hints)
        for n in range(min(entry.hints, hints)):
            parts.append(f"**Hint {n + 1} of {hints}.** {self.exercise.hint(n, self.given)}")
        if self.open_solution:
            parts.append(f"**Solution.** {self.exercise.solution(self.given)}")
        if entry.tries or entry.hints:
            parts.append(f"*{_used(entry.tries, entry.hints, entry.solution)}*")
        self._news += self.record.news()  # shown once, but kept when a hint is opened
        parts += [*self._news, *filter(None, [self.record.trouble])]
        return framed(f"verdict motiflab-{state.replace(' ', '-')}", parts)

    def _hints_left(self, opened: int) -> bool:
        return opened < len(self.exercise.hints) and self.verdict.state != RIGHT

    def _label(self) -> None:
        entry = self.record.entry(self.exercise.id)
        waits = bool(self.exercise.prediction) and not entry.prediction
        if self.open_solution:
            label, tip = "The solution is above", ""
        elif self._hints_left(entry.hints):
            label = f"Show hint {entry.hints + 1} of {len(self.exercise.hints)}"
            tip, waits = "A step towards the answer", False
        elif self.verdict.state == RIGHT:
            label, tip = "Compare with the solution", "The answer with its reasoning"
        else:
            label, tip = "Show the solution", "The answer with its reasoning"
        self.next.description = label
        self.next.disabled = waits or self.open_solution
        self.next.tooltip = "First write down your prediction, above" if waits else tip


def framed(kind: str, parts: list[str]) -> str:
    """Return paragraphs of Markdown in a frame with a class of the style sheet."""
    return "\n\n".join([f'<div class="motiflab-{kind}">', *parts, "</div>"])


def _used(tries: int, hints: int, solution: bool) -> str:
    return (
        f"So far: {tries} {'try' if tries == 1 else 'tries'}, "
        f"{hints or 'no'} {'hint' if hints == 1 else 'hints'}, "
        f"solution {'opened' if solution else 'not opened'}."
    )

"""Exercises with many right answers, judged by what the answer does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from motiflab.exercises.exercise import NOT_YET, RIGHT, Exercise, Mistake, Verdict


@dataclass(frozen=True, kw_only=True)
class Open(Exercise):
    """An answer that is right if it does what was asked for; `right` gives one of many.

    Each mistake needs `seen`. Where several are seen, the first is named.

    Parameters
    ----------
    form : callable
        ``form(given, answer)`` brings what the learner wrote into the form that the others take,
        or raises `Unreadable`.
    lacks : callable
        ``lacks(given, answer)`` says in a sentence what the answer fails to do; empty if it is
        right.
    """

    form: Callable[[SimpleNamespace, Any], Any]
    lacks: Callable[[SimpleNamespace, Any], str]

    def read(self, answer: Any, given: SimpleNamespace) -> Any:
        """Bring the answer into its form."""
        return self.form(given, answer)

    def judge(self, answer: Any, given: SimpleNamespace) -> Verdict:
        """Try what the answer does; if that is not what was asked for, look for known mistakes."""
        complaint = self.lacks(given, answer)
        if not complaint:
            return Verdict(RIGHT, "")
        mistake = self.mistaken(answer, given)
        if mistake:
            return Verdict(NOT_YET, mistake.message, mistake.name)
        return Verdict(NOT_YET, complaint)

    def shows(self, mistake: Mistake, answer: Any, given: SimpleNamespace) -> bool:
        """Refuse: an answer that is none of the examples may show the same mistake."""
        raise TypeError(f"{self.id}: the mistake {mistake.name!r} needs a function `seen`")

    def differ(self, given: SimpleNamespace) -> bool:
        """Tell whether `right` is right and every example shows its own mistake."""
        if self.lacks(given, self.form(given, self.right(given))):
            return False
        for mistake in self.mistakes:
            example = self.form(given, mistake.example(given))
            if not self.lacks(given, example) or self.mistaken(example, given) is not mistake:
                return False
        return True

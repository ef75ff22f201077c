"""Exercises with a goal to reach on a card: the answer is the scene of the card."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import motiflab
from motiflab import widgets
from motiflab.exercises.exercise import Exercise, Given
from motiflab.exercises.parsing import Unreadable


class Shown(NamedTuple):
    """State of the explorer in a scene, and its result."""

    state: Any
    result: Any


@dataclass(frozen=True, kw_only=True)
class Target(Exercise):
    """A goal to reach with an explorer; the answer is the line of its scene.

    `right` and the example of each mistake return the changes from `start` as a dictionary; each
    mistake needs `seen`, which gets a `Shown`.

    Parameters
    ----------
    explorer : str
        Module in `motiflab.explorers` and class, "scan_explorer.ScanExplorer".
    start : callable
        From the numbers to the fields that differ from the explorer's default at the start.
    locked, hidden : tuple of str
        Controls that the learner cannot move or does not see.
    reached : callable
        ``reached(given, shown)`` returns whether the target is reached.
    """

    explorer: str
    start: Callable[[Given], dict[str, Any]]
    reached: Callable[[Given, Shown], bool]
    locked: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    invitation: ClassVar[str] = (
        "Press Share on the explorer, copy the line named Scene and paste it between the quotes."
    )
    praise: ClassVar[str] = "The target is reached."

    def card(self, given: Given, **changes: Any) -> Any:
        """Make the explorer in its initial state, or with further changes."""
        # The usual goal of the card is different, and may be impossible here.
        return self._explorer(
            goal="what the task above says.",
            locked=self.locked,
            hidden=self.hidden,
            **{**self.start(given), **changes},
        )

    def scene(self, given: Given, changes: dict[str, Any]) -> str:
        """Return the scene that differs from the start in these fields."""
        state = self._state(given, **changes)  # no card is drawn for it
        return widgets.to_scene(self._explorer.__name__, state, self.locked, self.hidden)

    def read(self, answer: Any, given: Given) -> Shown:
        """Read the scene, and compute what it shows."""
        explorer = self._explorer
        if not isinstance(answer, str):
            raise Unreadable("A scene in quotes was expected: copy the explorer's line into them.")
        try:
            scene = widgets.from_scene(answer, explorer.__name__, explorer.State, explorer.tools)
            # The module's pure function, as the method of the class may need a card.
            shown = Shown(scene.state, sys.modules[explorer.__module__].compute(scene.state))
        except ValueError as problem:
            raise Unreadable(str(problem)) from None
        start = self._state(given)
        if any(getattr(scene.state, field) != getattr(start, field) for field in self.locked):
            raise Unreadable(
                "The numbers in this scene are not yours: it may come from another exercise, "
                "or from a neighbour. Use the explorer above."
            )
        return shown

    def accepts(self, answer: Shown, given: Given) -> bool:
        """Return whether the target is reached."""
        return self.reached(given, answer)

    def complaint(self, answer: Shown, given: Given) -> str:
        """Say that the target is not reached."""
        return "What this scene shows is not the target."

    def _state(self, given: Given, **changes: Any) -> Any:
        return self._explorer.State(**{**self.start(given), **changes})

    @property
    def _explorer(self) -> type:
        return getattr(motiflab, self.explorer)

"""Exercises that are answered with an explorer brought to a target: its scene is the answer."""

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
    """What a scene shows: the choices of the explorer, and what it computes from them."""

    state: Any
    result: Any


@dataclass(frozen=True, kw_only=True)
class Target(Exercise):
    """An explorer to bring to a target; the answer is the line of its scene.

    `right` and the example of each mistake give the changes from `start` as a dictionary; each
    mistake needs `seen`, which is given a `Shown`.

    Parameters
    ----------
    explorer : str
        Module in `motiflab.explorers` and class, "scan_explorer.ScanExplorer".
    start : callable
        From the numbers to the fields that differ from the explorer's default at the start.
    locked, hidden : tuple of str
        Controls that the learner cannot move, or does not see.
    reached : callable
        ``reached(given, shown)`` tells whether the target is reached.
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
        """Make the explorer as it is at the start, or with further changes."""
        # The goal that the card usually names is another one, and may be out of reach here.
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
            # The module's pure function: the method of the class may need a card of its own.
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
        """Tell whether the target is reached."""
        return self.reached(given, answer)

    def complaint(self, answer: Shown, given: Given) -> str:
        """Say that the target is not reached."""
        return "What this scene shows is not the target."

    def _state(self, given: Given, **changes: Any) -> Any:
        return self._explorer.State(**{**self.start(given), **changes})

    @property
    def _explorer(self) -> type:
        return getattr(motiflab, self.explorer)

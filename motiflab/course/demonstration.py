"""A demonstration for a lecture: an explorer on which only what it is about can be moved."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from motiflab.explorers.base import Explorer

_ALWAYS = {"undo", "scene"}  # so that a lecturer can go back, and share what is seen


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """What a lecturer shows, asks, moves and expects to be seen.

    Parameters
    ----------
    key : str
        Its name in `show` and in the lesson plans.
    title : str
        A question, the heading of the card.
    explorer : str
        Module in `motiflab.explorers` and class, "scan_explorer.ScanExplorer".
    changes : dict
        Fields that differ from the explorer's default.
    free : tuple of str
        Controls and buttons that can be moved; all others are locked.
    shown : tuple of str
        Locked controls that are shown all the same; all others are hidden, too.
    ask : str
        What to ask the class before anything is moved.
    move : str
        What to do then; it stands on the card. Begins with a small letter, ends with a full stop.
    see : str
        What the class should see, with the numbers.
    """

    key: str
    title: str
    explorer: str
    changes: dict[str, Any] = field(default_factory=dict)
    free: tuple[str, ...]
    shown: tuple[str, ...] = ()
    ask: str
    move: str
    see: str

    @property
    def explorer_class(self) -> type[Explorer]:
        """Class of the explorer; its module is loaded now, and no sooner."""
        module, _, name = self.explorer.partition(".")
        return getattr(importlib.import_module(f"motiflab.explorers.{module}"), name)

    @property
    def locked(self) -> frozenset[str]:
        """What nobody can move."""
        return self._names - set(self.free) - _ALWAYS

    @property
    def hidden(self) -> frozenset[str]:
        """What is not even shown."""
        return self.locked - set(self.shown)

    def show(self) -> Explorer:
        """Make the explorer; as the last line of a cell it is displayed.

        Its `scene` makes the same card anywhere, with the explorer's own heading.
        """
        from motiflab.explorers.card import heading

        explorer = self.explorer_class(locked=self.locked, hidden=self.hidden, **self.changes)
        explorer.widget.children[0].value = heading(self.title, self.move)
        return explorer

    @property
    def _names(self) -> frozenset[str]:
        from motiflab.explorers.fields import declared

        explorer = self.explorer_class
        return frozenset({*declared(explorer.State), *explorer.tools})

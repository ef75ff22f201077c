"""Demonstrations for lectures: explorers whose controls are locked except for a few.

Their content is in `lectures.toml`, from which the lecture notebook is made, too.

>>> demonstration("scanning").title
'How many copies of the motif does the filter meet?'

"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

import motiflab
from motiflab.checks import one_of

if TYPE_CHECKING:
    from motiflab.widgets.explorer import Explorer


_ALWAYS = {"undo", "scene"}  # so that a lecturer can undo, and share the card


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """A demonstration: what a lecturer asks, moves and shows.

    Parameters
    ----------
    key : str
        Its name in `show` and in the lesson plans.
    title : str
        A question, the heading of the card.
    explorer : str
        Name of its class in `motiflab`, "ScanExplorer".
    changes : dict
        Fields that differ from the explorer's default.
    free : sequence of str
        Controls and buttons that can be moved; all others are locked.
    shown : sequence of str
        Locked controls that are shown; all other locked ones are hidden.
    ask : str
        What to ask the class before anything is moved.
    move : str
        What to do then, which is shown on the card. Begins with a small letter, ends with a full
        stop.
    see : str
        What the class should see, with the numbers.
    """

    key: str
    title: str
    explorer: str
    changes: dict[str, Any] = field(default_factory=dict)
    free: Sequence[str]
    shown: Sequence[str] = ()
    ask: str
    move: str
    see: str

    @property
    def explorer_class(self) -> type[Explorer]:
        """Class of the explorer, whose module is loaded only now."""
        return getattr(motiflab, self.explorer)

    @property
    def locked(self) -> frozenset[str]:
        """Locked controls and buttons."""
        return self._names - set(self.free) - _ALWAYS

    @property
    def hidden(self) -> frozenset[str]:
        """Locked controls that are hidden."""
        return self.locked - set(self.shown)

    @property
    def section(self) -> str:
        """Its part of the lecture notebook, in the Markdown of the lessons."""
        return (
            f"## {self.title}\n\n**Ask.** {self.ask}\n\n"
            f"**Move.** {self.move[0].upper()}{self.move[1:]}\n\n"
            f"<details><summary>What they should see</summary>\n\n{self.see}\n\n</details>\n\n"
            f'```python\nshow("{self.key}")\n```\n'
        )

    def show(self) -> Explorer:
        """Make the explorer; as the last line of a cell it is displayed.

        Its `scene` makes the same card elsewhere, with the explorer's own heading.
        """
        return self.explorer_class(
            title=self.title,
            goal=self.move,
            locked=self.locked,
            hidden=self.hidden,
            **self.changes,
        )

    @property
    def _names(self) -> frozenset[str]:
        from motiflab.widgets.fields import declared

        explorer = self.explorer_class
        return frozenset({*declared(explorer.State), *explorer.tools})


_SOURCE = resources.files("motiflab.course").joinpath("lectures.toml").read_text(encoding="utf-8")
_BY_KEY = {key: Demonstration(key=key, **told) for key, told in tomllib.loads(_SOURCE).items()}

DEMONSTRATIONS = tuple(_BY_KEY.values())
"""All demonstrations, in the order of the chapter."""


def demonstration(key: str) -> Demonstration:
    """Return a demonstration by its key."""
    return _BY_KEY[one_of("key", key, _BY_KEY)]


def show(key: str) -> Explorer:
    """Make the explorer of a demonstration; as the last line of a cell it is displayed.

    Parameters
    ----------
    key : str
        For example "scanning"; all are in `DEMONSTRATIONS`.

    Examples
    --------
    >>> card = show("scanning")
    >>> card.set(stride=1)
    >>> card.set(bias=0.0)
    Traceback (most recent call last):
    motiflab.checks.ArgumentError: Bias b is locked by the teacher.
    """
    return demonstration(key).show()

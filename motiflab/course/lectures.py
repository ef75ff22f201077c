"""Demonstrations for lectures: explorers on which only what the lecture is about can be moved.

What they show and say is in `lectures.toml`; the lecture notebook is made from it, too.

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
        Name of its class at the front door, "ScanExplorer".
    changes : dict
        Fields that differ from the explorer's default.
    free : sequence of str
        Controls and buttons that can be moved; all others are locked.
    shown : sequence of str
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
    free: Sequence[str]
    shown: Sequence[str] = ()
    ask: str
    move: str
    see: str

    @property
    def explorer_class(self) -> type[Explorer]:
        """Class of the explorer; its module is loaded now, and no sooner."""
        return getattr(motiflab, self.explorer)

    @property
    def locked(self) -> frozenset[str]:
        """Controls and buttons that nobody can move."""
        return self._names - set(self.free) - _ALWAYS

    @property
    def hidden(self) -> frozenset[str]:
        """Those of the locked that are not even shown."""
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

        Its `scene` makes the same card anywhere, with the explorer's own heading.
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
"""In the order of the chapter."""


def demonstration(key: str) -> Demonstration:
    """Return the demonstration of that key."""
    return _BY_KEY[one_of("key", key, _BY_KEY)]


def show(key: str) -> Explorer:
    """Make the explorer of a demonstration; as the last line of a cell it is displayed.

    Parameters
    ----------
    key : str
        Such as "scanning"; `DEMONSTRATIONS` holds them all.

    Examples
    --------
    >>> card = show("scanning")
    >>> card.set(stride=1)
    >>> card.set(bias=0.0)
    Traceback (most recent call last):
    motiflab.checks.ArgumentError: Bias b is locked by the teacher.
    """
    return demonstration(key).show()

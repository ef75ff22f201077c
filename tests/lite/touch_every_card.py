"""Make every card and set each of its fields once; print what its readout says, as JSON.

Runs in Pyodide as well as in CPython.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import sys

from every import explorers, others

from motiflab.widgets import Explorer
from motiflab.widgets.fields import declared


def said(card: Explorer) -> str:
    """The readout as plain text."""
    return " ".join(re.sub("<[^>]*>", " ", card.readout.html).split())


def touched(explorer: type[Explorer]) -> dict[str, str]:
    """What a card says at first, and after each of its fields was set alone."""
    card = explorer()
    first = dataclasses.asdict(card.state)
    told = {"": said(card)}
    for name, field in declared(explorer.State).items():
        for value in others(field, first[name]):
            # Some values do not go together, which is not the question here.
            with contextlib.suppress(ValueError):
                card.set(**{name: value})
                told[name] = said(card)
                card.set(**first)
                break
    card.close()
    return told


def touch(names: list[str]) -> str:
    """Touch the cards with these names, or all, and return what they say as JSON."""
    chosen = [one for one in explorers() if not names or one.__name__ in names]
    return json.dumps({explorer.__name__: touched(explorer) for explorer in chosen})


if __name__ == "__main__":
    print(touch(sys.argv[1:]))

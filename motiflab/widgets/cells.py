"""Which cells of the notebook show which cards, so that a card that is gone can be closed.

When a cell runs again, its old output leaves the page, but nobody tells the widgets in it: the
kernel keeps them, and with them the explorer and its training. IPython says when a cell has run,
and JupyterLab and VS Code send the id of the cell with it. So we note for every card (an explorer,
or the help under a check) in which cells it stands, and close it when it is in none of them any
more.

Where the id of the cell is not known (a console, an older front end, the callback of a widget),
nothing is closed.
"""

from __future__ import annotations

import asyncio
import gc
import re
import weakref
from typing import Any, Protocol

from IPython import get_ipython

_SOON = 0.2  # seconds
_ELSEWHERE = ("", "")  # a place that never runs again, so what stands there stays


class Card(Protocol):
    """Anything with widgets on a page, such as an explorer."""

    def close(self) -> None:
        """Take the widgets off every page."""


_places: weakref.WeakKeyDictionary[Card, dict[str, str]] = weakref.WeakKeyDictionary()
_unseen: weakref.WeakSet[Card] = weakref.WeakSet()
_watched: list[Any] = []  # the shell that tells us when a cell has run
_closed: list[str] = []  # the cells of what was closed since the collector ran


def clear() -> None:
    """Close what an earlier run of this cell left, so that it does not go on training."""
    shell = get_ipython()
    if shell is None:
        return
    if shell not in _watched:
        shell.events.register("post_run_cell", _has_run)
        _watched[:] = [shell]
    _close_old(*_running())


def made(card: Card) -> None:
    """Note the cell that has made a card: until it is shown, it belongs there.

    Only for a card that is whole, as it may be closed any time.
    """
    if get_ipython() is None:
        return
    cell, run = _running()
    _places[card] = {cell: run}
    _unseen.add(card)


def shown(card: Card) -> None:
    """Note that the cell that is running shows a card."""
    if card not in _places:
        return
    if card in _unseen:
        _unseen.discard(card)
        _places[card].clear()
    cell, run = _running()
    _places[card][cell] = run


def _running() -> tuple[str, str]:
    """Id of the cell that is running, and of this run of it."""
    parent = getattr(get_ipython(), "get_parent", dict)() or {}
    cell = parent.get("metadata", {}).get("cellId")
    header = parent.get("header", {})
    if not cell or header.get("msg_type") != "execute_request":
        return _ELSEWHERE
    return cell, header["msg_id"]


def _has_run(_: Any) -> None:
    _close_old(*_running())
    if not _closed:
        return
    # A card is full of reference cycles, so only the collector frees its memory. It runs a moment
    # later, when the training of the card has ended and no longer holds it.
    _closed.clear()
    try:
        asyncio.get_running_loop().call_later(_SOON, gc.collect)
    except RuntimeError:
        gc.collect()


def _close_old(cell: str, run: str) -> None:
    """Close what stood only in the output of an earlier run of a cell.

    What the learner still has in a variable goes on working, and shown again it has its card.
    """
    for card, places in list(_places.items()):
        if places.get(cell, run) != run:
            del places[cell]
            if not places:
                card.close()
                _forget(card)
                _closed.append(cell)


def _forget(card: Card) -> None:
    """Take a card out of IPython's own memory of outputs: ``_``, ``_7`` and ``Out``."""
    shell = get_ipython()
    for names in (shell.user_ns, shell.user_ns_hidden, shell.user_ns.get("_oh", {})):
        for name in [n for n, value in names.items() if value is card]:
            if re.fullmatch(r"_{1,3}|_?\d+", str(name)):
                del names[name]
    for name in ("_", "__", "___"):
        if getattr(shell.displayhook, name, None) is card:
            setattr(shell.displayhook, name, None)

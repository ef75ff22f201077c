"""Track which cells of the notebook show which cards, to close cards that are no longer shown.

When a cell runs again, its old output disappears, but its widgets are not notified: the kernel
keeps them, and with them the explorer and its training. IPython tells when a cell has run, and
JupyterLab and VS Code send the id of the cell. So we record for every card (an explorer, or the
help under a check) in which cells it is shown, and close it when it is in none of them any more.

If the id of the cell is unknown (a console, an older front end, the callback of a widget), nothing
is closed.
"""

from __future__ import annotations

import asyncio
import gc
import re
import weakref
from typing import Any, Protocol

from IPython import get_ipython

_SOON = 0.2  # seconds
_ELSEWHERE = ("", "")  # a place that never runs again, so its cards stay


class Card(Protocol):
    """Anything with widgets on a page, such as an explorer."""

    def close(self) -> None:
        """Remove the widgets from every page."""


_places: weakref.WeakKeyDictionary[Card, dict[str, str]] = weakref.WeakKeyDictionary()
_unseen: weakref.WeakSet[Card] = weakref.WeakSet()
_watched: list[Any] = []  # the shell that tells us when a cell has run
_closed: list[str] = []  # the cells of the cards closed since the collector ran


def clear() -> None:
    """Close the cards of an earlier run of this cell, so that they stop training."""
    shell = get_ipython()
    if shell is None:
        return
    if shell not in _watched:
        shell.events.register("post_run_cell", _has_run)
        _watched[:] = [shell]
    _close_old(*_running())


def made(card: Card) -> None:
    """Record the cell that made a card; until it is shown, it belongs to this cell.

    Call it only when the card is complete, as it may be closed at any time.
    """
    if get_ipython() is None:
        return
    cell, run = _running()
    _places[card] = {cell: run}
    _unseen.add(card)


def shown(card: Card) -> None:
    """Record that the running cell shows a card."""
    if card not in _places:
        return
    if card in _unseen:
        _unseen.discard(card)
        _places[card].clear()
    cell, run = _running()
    _places[card][cell] = run


def _running() -> tuple[str, str]:
    """Ids of the running cell and of this run."""
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
    # A card has reference cycles, so only the garbage collector frees its memory. It runs a moment
    # later, when the training of the card has ended.
    _closed.clear()
    try:
        asyncio.get_running_loop().call_later(_SOON, gc.collect)
    except RuntimeError:
        gc.collect()


def _close_old(cell: str, run: str) -> None:
    """Close the cards that were only in the output of an earlier run of a cell.

    A card that is still in a variable continues to work and can be shown again.
    """
    for card, places in list(_places.items()):
        if places.get(cell, run) != run:
            del places[cell]
            if not places:
                card.close()
                _forget(card)
                _closed.append(cell)


def _forget(card: Card) -> None:
    """Remove a card from IPython's stored outputs: ``_``, ``_7`` and ``Out``."""
    shell = get_ipython()
    for names in (shell.user_ns, shell.user_ns_hidden, shell.user_ns.get("_oh", {})):
        for name in [n for n, value in names.items() if value is card]:
            if re.fullmatch(r"_{1,3}|_?\d+", str(name)):
                del names[name]
    for name in ("_", "__", "___"):
        if getattr(shell.displayhook, name, None) is card:
            setattr(shell.displayhook, name, None)

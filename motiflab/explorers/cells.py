"""Which cells of the notebook show which explorers, so that a card that is gone can be closed.

When a cell runs again, its old output leaves the page, but nobody tells the widgets in it: the
kernel keeps them, and with them the explorer and its training. IPython says when a cell has run,
and JupyterLab and VS Code send the id of the cell with it. So we note for every explorer in which
cells its card stands, and close it when it is in none of them any more.

Where the id of the cell is not known (a console, an older front end, the callback of a widget),
nothing is closed.
"""

from __future__ import annotations

import asyncio
import gc
import re
import weakref
from typing import TYPE_CHECKING, Any

from IPython import get_ipython

if TYPE_CHECKING:
    from motiflab.explorers.base import Explorer

_SOON = 0.2  # seconds
_ELSEWHERE = ("", "")  # a place that never runs again, so what stands there stays

_places: weakref.WeakKeyDictionary[Explorer, dict[str, str]] = weakref.WeakKeyDictionary()
_unseen: weakref.WeakSet[Explorer] = weakref.WeakSet()
_watched: list[Any] = []  # the shell that tells us when a cell has run
_closed: list[str] = []  # the cells of what was closed since the collector ran


def made(explorer: Explorer) -> None:
    """Note the cell that makes an explorer: until its card is shown, it belongs there.

    What an earlier run of this cell has left is closed first, so that it does not train on while
    the new one is made.
    """
    shell = get_ipython()
    if shell is None:
        return
    if shell not in _watched:
        shell.events.register("post_run_cell", _has_run)
        _watched[:] = [shell]
    cell, run = _running()
    _close_old(cell, run)
    _places[explorer] = {cell: run}
    _unseen.add(explorer)


def shown(explorer: Explorer) -> None:
    """Note that the cell that is running shows the card of an explorer."""
    if explorer not in _places:
        return
    if explorer in _unseen:
        _unseen.discard(explorer)
        _places[explorer].clear()
    cell, run = _running()
    _places[explorer][cell] = run


def _running() -> tuple[str, str]:
    """Id of the cell that is running, and of this run of it."""
    shell = get_ipython()
    parent = getattr(shell, "get_parent", dict)() or {}
    cell = parent.get("metadata", {}).get("cellId")
    header = parent.get("header", {})
    if not cell or header.get("msg_type") != "execute_request":
        return _ELSEWHERE
    return cell, header["msg_id"]


def _has_run(_: Any) -> None:
    _close_old(*_running())
    if not _closed:
        return
    # A card is full of cycles, so its memory is free only once the collector has run: soon, when
    # its training has ended.
    _closed.clear()
    try:
        asyncio.get_running_loop().call_later(_SOON, gc.collect)
    except RuntimeError:
        gc.collect()


def _close_old(cell: str, run: str) -> None:
    """Close what stood only in the output of an earlier run of a cell.

    What the learner still has in a variable goes on working, and shown again it has its card.
    """
    for explorer, places in list(_places.items()):
        if places.get(cell, run) != run:
            del places[cell]
            if not places:
                explorer.close()
                _forget(explorer)
                _closed.append(cell)


def _forget(explorer: Explorer) -> None:
    """Take an explorer out of IPython's own memory of outputs: ``_``, ``_7`` and ``Out``."""
    shell = get_ipython()
    for names in (shell.user_ns, shell.user_ns_hidden, shell.user_ns.get("_oh", {})):
        for name in [n for n, value in names.items() if value is explorer]:
            if re.fullmatch(r"_{1,3}|_?\d+", str(name)):
                del names[name]
    for name in ("_", "__", "___"):
        if getattr(shell.displayhook, name, None) is explorer:
            setattr(shell.displayhook, name, None)

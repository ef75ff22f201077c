"""The way back to the thread that an explorer lives on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any


class Home:
    """The thread and event loop on which it is made: those of the cell that is running.

    The callbacks of widgets come on any thread (ipykernel 7 sends their messages to subshells),
    where no task can be started and where a state could be changed halfway through.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:  # a plain script or a test
            self._loop = None

    def run(self, action: Callable[..., None], *arguments: Any) -> None:
        """Run the action at home: soon, if this is another thread and the loop there is running."""
        away = threading.get_ident() != self._thread
        if away and self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(action, *arguments)
        else:
            action(*arguments)

"""An explorer that computes in the background, so that its controls respond and it can be stopped.

Three parts run concurrently: the cell (or the loop of the kernel) that owns the card; a task of
that loop, which checks the work ten times a second; and a worker thread, which does the work and
touches no widget. A newer request replaces the task. The worker of the old one ends at its next
report.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from motiflab.widgets.controls import Progress, Tool, button
from motiflab.widgets.explorer import Explorer, NotReady

Report = Callable[[int, int], None]
"""Called with the number of finished parts of the work and of all parts."""

_PATIENCE = 0.3  # seconds until progress is shown: faster work needs none
_LOOK = 0.1  # seconds between two checks of the work


class _Stopped(Exception):
    """Raised inside work whose result is no longer needed."""


class BackgroundExplorer(Explorer):
    """An explorer whose computation can take seconds.

    Moving a control by hand starts the work on a worker thread. Meanwhile the card shows the old
    result, the progress of the work, and a Stop button; moving a control again replaces the work.
    `set`, `load` and the constructor wait for the result, so that the next line of a cell can use
    it. Without a running event loop, everything waits.

    A subclass defines `work` instead of `compute`, and `part`, the name of the counted parts.
    """

    part = "part"

    def __init__(self, **choices: Any) -> None:
        self._task: asyncio.Task | None = None
        self._done: tuple[Any, Any] | None = None  # a state, and its result or exception
        self._waits = True  # whether the caller waits for the result
        super().__init__(**choices)

    def work(self, state: Any, report: Report) -> Any:
        """Compute the result of a state; call `report` often, as it may raise to end the work.

        It must be pure, as it runs on any thread.
        """
        raise NotImplementedError

    def compute(self, state: Any) -> Any:
        """Return the result of a state, or raise `NotReady` if it is not computed yet."""
        if self._done and self._done[0] == state:
            result = self._done[1]
            if isinstance(result, Exception):
                raise result
            return result
        if not self._waits:
            raise NotReady(state)
        try:
            return self.work(state, self._show_progress)
        finally:
            self._show_idle()

    def toolbar(self) -> list[Tool]:
        """The Stop button and the progress of the work."""
        self._stop = Tool("", button("Stop", lambda: self.at_home(self.stop)))
        self._progress = Progress("computation")
        self._show_idle()
        return [self._stop, Tool("", self._progress.widget)]

    def stop(self) -> None:
        """End the work in the background; the shown result stays, and the controls return to it."""
        if self._end_task():
            self._show_idle("stopped; the pictures belong to the present controls")

    def close(self) -> None:
        """End the work, and remove the card from every page."""
        self.stop()
        super().close()

    # -- inside -----------------------------------------------------------------------------

    def _by_hand(self, action: Callable[[], None]) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a plain script or a test
            action()
            return
        self._waits = False
        try:
            action()
        except NotReady as asked:
            self._cancel()
            self._task = loop.create_task(self._work_on(*asked.args, action))
        finally:
            self._waits = True

    async def _work_on(self, state: Any, action: Callable[[], None]) -> None:
        """Compute the result of a state, then repeat the action, which now finds it ready."""
        done, total, wanted = 0, 0, True

        def report(*counted: int) -> None:
            nonlocal done, total
            if not wanted:
                raise _Stopped
            done, total = counted

        thread = asyncio.ensure_future(asyncio.to_thread(self.work, state, report))
        thread.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        try:
            ready, _ = await asyncio.wait({thread}, timeout=_PATIENCE)
            while not ready:
                self._stop.enable(True, "Stop computing, and keep what is shown")
                self.readout.busy = True
                self._show_progress(done, total)
                ready, _ = await asyncio.wait({thread}, timeout=_LOOK)
        except asyncio.CancelledError:
            wanted = False
            raise
        self._task, self._done = None, (state, thread.exception() or thread.result())
        self._show_idle()
        self._by_hand(action)

    def _change(self, changes: dict[str, Any], moved: str = "") -> None:
        super()._change(changes, moved)
        if self._end_task():  # it began from an outdated state
            self._show_idle()

    def _end_task(self) -> bool:
        """End the work in the background, if there is any, and undo the action that started it."""
        if not self._cancel():
            return False
        for name, control in self._controls.items():
            if name in self._refused and not control.message:
                del self._refused[name]
                control.write(getattr(self.state, name))
        self._scene.write(self.scene)
        return True

    def _cancel(self) -> bool:
        task, self._task = self._task, None
        return task is not None and task.cancel()

    def _show_progress(self, done: int, total: int) -> None:
        words = f"{self.part} {min(done + 1, total)} of {total}" if total else "begun"
        self._progress.show(done, total, words)

    def _show_idle(self, words: str = "") -> None:
        self._stop.enable(False, "Nothing is being computed")
        self.readout.busy = False
        self._progress.clear(words)

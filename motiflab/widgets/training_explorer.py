"""A card that trains in the background when a button is pressed, and keeps what is trained.

A worker thread, which touches no widget, trains and passes each result to the thread of the card.
`SweepExplorer` trains many networks in this way; another card may show the moments of one training.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Generator
from typing import Any, ClassVar

from motiflab.widgets.controls import Progress, Tool, button
from motiflab.widgets.explorer import Explorer


class TrainingExplorer(Explorer):
    """An explorer whose result fills in during a training that can be stopped and continued.

    A new card trains nothing. Train starts what the state needs and what is not done yet. Stop ends
    it after the part that is being trained; finished parts are kept, and Train then continues. A
    scene stores the choices but no networks.

    A subclass defines `train`, `keep` and `counted`, beside what every explorer needs.

    Attributes
    ----------
    parts : str
        What is counted, in the plural.
    seconds : float
        Approximate time of one part on one core, until this card has measured it.
    cores : str
        On what it takes this time.
    """

    tools = ("train", "stop", *Explorer.tools)
    parts: ClassVar[str] = "networks"
    seconds: ClassVar[float] = 1.0
    cores: ClassVar[str] = "one core"

    def __init__(self, **choices: Any) -> None:
        self._task: asyncio.Task | None = None
        self._stopped = threading.Event()
        super().__init__(**choices)
        self._show_idle()

    def train(self, state: Any) -> Generator[Any]:
        """Train the parts that a state still needs, on any thread, and yield each when done."""
        raise NotImplementedError

    def keep(self, state: Any, part: Any) -> None:
        """Keep a part that was trained for a state."""
        raise NotImplementedError

    def counted(self, state: Any) -> tuple[int, int]:
        """Return how many parts of a state are trained, and how many there are."""
        raise NotImplementedError

    @property
    def running(self) -> bool:
        """Whether a training is going on."""
        return self._task is not None and not self._task.done()

    def toolbar(self) -> list[Tool]:
        """The buttons, and the progress of the training."""
        self._train = Tool("train", button("Train", lambda: self.at_home(self.start)))
        self._stop = Tool("stop", button("Stop", lambda: self.at_home(self.stop)))
        self._progress = Progress("training")
        return [self._train, self._stop, Tool("", self._progress.widget)]

    def redraw(self) -> None:
        """Show the result, and on the button what is still to train."""
        super().redraw()
        if not self.running:
            self._show_idle()

    def start(self) -> None:
        """Start or continue the training, in the background.

        Without a running event loop, such as in a script, this waits until it is done.
        """
        if self.running:
            return
        self._stopped.clear()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._work(self.state, self._arrive)
            return
        self._task = loop.create_task(self._watch(loop))

    def stop(self) -> None:
        """End the training; what is finished is kept."""
        self._stopped.set()

    async def run(self) -> Any:
        """Start, and wait for the end or for Stop, for cells whose next lines need the result."""
        self.start()
        try:
            while self.running:
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:  # the cell was interrupted
            self.stop()
            raise
        return self.result

    def close(self) -> None:
        """Stop, and remove the card from every page."""
        self.stop()
        super().close()

    # -- inside -----------------------------------------------------------------------------

    def _work(self, state: Any, arrived: Callable[[Any, Any], None]) -> None:
        """Train, on any thread, until all is done or it is stopped."""
        with contextlib.closing(self.train(state)) as parts:  # on this thread, as joblib requires
            for part in parts:
                arrived(state, part)
                if self._stopped.is_set():
                    break

    async def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for the worker, and show its progress."""
        state, begun = self.state, time.monotonic()
        before, total = self.counted(state)

        def arrived(*news: Any) -> None:
            loop.call_soon_threadsafe(self._arrive, *news)

        self._train.enable(False, "It is being trained")
        self._stop.enable(True, "Stop the training, and keep what is done")
        self.readout.busy = True
        worker = asyncio.ensure_future(asyncio.to_thread(self._work, state, arrived))
        while not worker.done():
            done = self.counted(state)[0]
            words = f"{done} of {total} {self.parts} trained"
            if self._stopped.is_set():
                words += "; stopping"
            elif done > before:
                left = (time.monotonic() - begun) / (done - before) * (total - done)
                words += f", about {left:.0f} s left"
            self._progress.show(done, total, words)
            await asyncio.wait({worker}, timeout=0.1)
        await asyncio.sleep(0)  # the last part may still be on its way
        self._task = None
        self.readout.busy = False
        self._show_idle(str(worker.exception() or ""))

    def _arrive(self, state: Any, part: Any) -> None:
        """Keep a part that was trained for some state, and show the result of the current state."""
        self.keep(state, part)
        self.result = self.compute(self.state)
        self.redraw()

    def _show_idle(self, trouble: str = "") -> None:
        done, total = self.counted(self.state)
        left = total - done
        self._stop.enable(False, "Nothing is being trained")
        cost = f"about {max(1, round(left * self.seconds))} s on {self.cores}"
        if left:
            self._train.enable(True, f"Train {left} {self.parts}: {cost}")
            words = f"{done} of {total} {self.parts} trained; the others take {cost}"
        else:
            self._train.enable(False, f"All {self.parts} for these choices are trained")
            words = f"all {total} {self.parts} trained" if total > 1 else "trained"
        if trouble:
            self._progress.show(done, total, words, trouble)
        else:
            self._progress.clear(words)

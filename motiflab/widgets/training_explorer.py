"""A card that trains in the background when a button is pressed, and keeps what is trained.

A worker thread, which touches no widget, trains part after part for the loop of the card. In the
browser there are no threads: each part is trained in the loop, which answers the page between two.
`SweepExplorer` trains many networks in this way, `MomentsExplorer` shows the moments of one.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from motiflab.networks import one_thread
from motiflab.widgets.controls import Progress, Tool, button
from motiflab.widgets.explorer import Explorer, complaint
from motiflab.widgets.play_button import Player

_PAUSE = 0.01  # seconds in which a page without threads is answered


class TrainingExplorer(Explorer):
    """An explorer whose result fills in during a training that can be stopped and continued.

    A new card trains nothing. Train starts what the state needs and what is not done yet. Stop ends
    it after the part that is being trained; finished parts are kept, and Train then continues. A
    scene stores the choices but no networks.

    A subclass defines `train`, `keep` and `counted`, beside what every explorer needs.

    Attributes
    ----------
    trained : tuple of str
        Fields that change what is trained.
    parts : str
        What is counted, in the plural.
    seconds : float
        Approximate time of one part on one core, until this card has measured it.
    cores : str
        On what it takes this time.
    """

    tools = ("train", "stop", *Explorer.tools)
    trained: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[str] = "networks"
    seconds: ClassVar[float] = 1.0
    cores: ClassVar[str] = "one core"

    def __init__(self, **choices: Any) -> None:
        self._task: asyncio.Task | None = None
        self._stopped = False
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
        self._stopped = False
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            with contextlib.closing(self.train(self.state)) as parts:
                for part in parts:
                    self._arrive(self.state, part)
            return
        self._task = loop.create_task(self._watch(loop))

    def stop(self) -> None:
        """End the training; what is finished is kept."""
        self._stopped = True

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

    async def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the worker train part by part, and show each result and the progress."""
        state, begun, trouble = self.state, time.monotonic(), ""
        before, total = self.counted(state)

        def show() -> None:
            done = self.counted(state)[0]
            words = f"{done} of {total} {self.parts} trained"
            if self._stopped:
                words += "; stopping"
            elif done > before:
                left = (time.monotonic() - begun) / (done - before) * (total - done)
                words += f", about {left:.0f} s left"
            self._progress.show(done, total, words)

        self._train.enable(False, "It is being trained")
        self._stop.enable(True, "Stop the training, and keep what is done")
        self.readout.busy = True
        parts = self.train(state)
        with ThreadPoolExecutor(1) as worker:  # one thread, as joblib requires
            try:
                while not self._stopped:
                    show()
                    part = loop.run_in_executor(worker, next, parts, None)
                    while not (await asyncio.wait({part}, timeout=0.1))[0]:
                        show()
                    if part.result() is None:
                        break
                    self._arrive(state, part.result())
                    await asyncio.sleep(_PAUSE)
            except Exception as error:
                trouble = complaint(error)
            finally:
                await loop.run_in_executor(worker, parts.close)
        self._task = None
        self.readout.busy = False
        self._show_idle(trouble)

    def _key(self, state: Any) -> tuple:
        return tuple(getattr(state, name) for name in self.trained)

    def _arrive(self, state: Any, part: Any) -> None:
        """Keep a part that was trained for some state, and show the result of the current state."""
        self.keep(state, part)
        self.result = self.computed(self.state)
        self.redraw()

    def _show_idle(self, trouble: str = "") -> None:
        done, total = self.counted(self.state)
        left = total - done
        self._stop.enable(False, "Nothing is being trained")
        cost = f"about {max(1, round(left * self.seconds))} s on {self.cores}"
        if left:
            self._train.enable(True, f"Train {left} {self.parts}: {cost}")
            words = f"{done} of {total} {self.parts} trained; the rest takes {cost}"
        else:
            self._train.enable(False, f"All {self.parts} for these choices are trained")
            words = f"all {total} {self.parts} trained" if total > 1 else "trained"
        if trouble:
            self._progress.show(done, total, words, trouble)
        else:
            self._progress.clear(words)


class MomentsExplorer(TrainingExplorer):
    """A training explorer that shows one training, moment by moment, and can play it.

    Each value of the `trained` fields has a training, which Stop interrupts and Train continues.
    A subclass defines `begin`, beside what every explorer needs, and has a field `moment`.

    Attributes
    ----------
    last : int
        Number of the last moment; the first, which is number 0, is before the training.
    """

    tools = ("train", "stop", "play", *Explorer.tools)
    last: ClassVar[int]

    def __init__(self, **choices: Any) -> None:
        self._moments: dict[tuple, list] = {}
        self._training: dict[tuple, Iterator] = {}
        super().__init__(**choices)

    def begin(self, *key: Any) -> Iterator:
        """Begin the training for these values of the `trained` fields, and yield its moments."""
        raise NotImplementedError

    def moments(self, state: Any) -> list:
        """Return the moments of the training of a state so far."""
        return self._moments.get(self._key(state), [])

    def train(self, state: Any) -> Generator[Any]:
        """Train on, moment by moment."""
        key = self._key(state)
        if key not in self._training:
            self._moments[key] = []
            self._training[key] = self.begin(*key)
        try:
            while True:
                with one_thread():
                    moment = next(self._training[key])
                yield moment
        except StopIteration:
            return
        except Exception:
            del self._training[key]  # the next press begins anew
            raise

    def keep(self, state: Any, part: Any) -> None:
        """Keep a moment of a training."""
        self._moments[self._key(state)].append(part)

    def counted(self, state: Any) -> tuple[int, int]:
        """Return the number of the present moment and that of the last."""
        return max(0, len(self.moments(state)) - 1), self.last

    def toolbar(self) -> list[Tool]:
        """The buttons, and the progress of the training."""
        self._play = Player(self, "moment", "Play", 0.4, lambda: self.counted(self.state)[0])
        train, stop, progress = super().toolbar()
        return [train, stop, Tool("play", self._play), progress]

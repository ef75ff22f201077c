"""A card that trains many networks when a button is pressed, and keeps each of them.

The trainings run in other processes (`motiflab.networks.train_all`). A worker thread, which touches
no widget, waits for them and passes each result to the thread of the card.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from motiflab.datasets import Trial
from motiflab.networks import ModelSettings, SweepResult, TrainSettings, train_all
from motiflab.widgets.controls import Progress, Tool, button
from motiflab.widgets.explorer import Explorer


class Trials(Mapping):
    """Trials by name, each made when it is asked for: a card that trains nothing needs none.

    Parameters
    ----------
    make : dict of str to callable
        What makes each trial. It should keep what it made, because it may be asked again.
    """

    def __init__(self, make: dict[str, Callable[[], Trial]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)

    def __getitem__(self, name: str) -> Trial:
        return self._make[name]()


class SweepPlan(NamedTuple):
    """What to train: `data`, `recipes` and `seeds` of `motiflab.networks.train_all`.

    Data and recipes that are not combined are in `left_out`, as pairs of their names.
    """

    data: Mapping[str, Trial]
    recipes: dict[str, tuple[ModelSettings, TrainSettings]]
    seeds: range
    left_out: frozenset[tuple[str, str]] = frozenset()

    @property
    def total(self) -> int:
        """Number of trainings."""
        return (len(self.data) * len(self.recipes) - len(self.left_out)) * len(self.seeds)


class SweepExplorer(Explorer):
    """An explorer whose result fills in while networks are trained, and that can be stopped.

    A new card trains nothing: its result is that of no trainings. Train starts the trainings that
    the state needs and that are not done yet. Stop ends them; finished ones are kept and counted,
    and Train then continues. Networks are kept for every value of the `trained` fields, so a
    learner can return to them. A scene stores the choices but no networks.

    Instead of `compute`, a subclass defines the static methods `plan`, which returns the trainings
    that a state needs, and `summarise`, which makes its result from the finished trainings.

    Attributes
    ----------
    trained : tuple of str
        Fields that change what is trained.
    seconds : float
        Approximate time of one training on one core, until this card has measured it.
    jobs : int or None
        As for `motiflab.networks.train_all`.
    """

    tools = ("train", "stop", *Explorer.tools)
    trained: ClassVar[tuple[str, ...]] = ()
    seconds: ClassVar[float] = 1.0
    jobs: ClassVar[int | None] = None

    def __init__(self, **choices: Any) -> None:
        self._kept: dict[tuple, dict[tuple, SweepResult]] = {}
        self._task: asyncio.Task | None = None
        self._stopped = threading.Event()
        super().__init__(**choices)
        self._show_idle()

    def plan(self, state: Any) -> SweepPlan:
        """Return the trainings that a state needs. Pure."""
        raise NotImplementedError

    def summarise(self, state: Any, results: list[SweepResult]) -> Any:
        """Make the result of a state from its finished trainings, in order. Pure."""
        raise NotImplementedError

    def compute(self, state: Any) -> Any:
        """Make the result from the finished trainings."""
        return self.summarise(state, list(self._done(state).values()))

    @property
    def running(self) -> bool:
        """Whether networks are being trained."""
        return self._task is not None and not self._task.done()

    def toolbar(self) -> list[Tool]:
        """The buttons, and the progress of the trainings."""
        self._train = Tool("train", button("Train", lambda: self.at_home(self.start)))
        self._stop = Tool("stop", button("Stop", lambda: self.at_home(self.stop)))
        self._progress = Progress("trainings")
        return [self._train, self._stop, Tool("", self._progress.widget)]

    def redraw(self) -> None:
        """Show the result, and on the button what is still to train."""
        super().redraw()
        if not self.running:
            self._show_idle()

    def start(self) -> None:
        """Start the trainings that the state still needs, in the background.

        Without a running event loop, such as in a script, this waits until all are done.
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
        """End the trainings; finished ones are kept."""
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

    def _key(self, state: Any) -> tuple:
        return tuple(getattr(state, name) for name in self.trained)

    def _done(self, state: Any) -> dict[tuple, SweepResult]:
        """The finished trainings that a state needs, in the order of its plan."""
        kept, plan = self._kept.get(self._key(state), {}), self.plan(state)
        wanted = ((d, r, s) for d in plan.data for r in plan.recipes for s in plan.seeds)
        return {each: kept[each] for each in wanted if each in kept}

    def _work(self, state: Any, arrived: Any) -> None:
        """Train, on any thread, until all is done or it is stopped."""
        plan = self.plan(state)
        unwanted = {(*pair, seed) for pair in plan.left_out for seed in plan.seeds}
        results = train_all(*plan[:3], self.jobs, unwanted | self._done(state).keys())
        with contextlib.closing(results):  # on this thread, as joblib requires
            for result in results:
                self.summarise(state, [result])  # its slow part runs here and is cached
                arrived(state, result)
                if self._stopped.is_set():
                    break

    async def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for the worker, and show its progress."""
        state, trouble = self.state, ""
        begun, before = time.monotonic(), len(self._done(state))

        def arrived(*news: Any) -> None:
            loop.call_soon_threadsafe(self._arrive, *news)

        self._train.enable(False, "Networks are being trained")
        self._stop.enable(True, "Stop the trainings, and keep those that are done")
        self.readout.busy = True
        worker = asyncio.ensure_future(asyncio.to_thread(self._work, state, arrived))
        total = self.plan(state).total
        while not worker.done():
            done = len(self._done(state))
            words = f"{done} of {total} networks trained"
            if self._stopped.is_set():
                words += "; stopping"
            elif done > before:
                left = (time.monotonic() - begun) / (done - before) * (total - done)
                words += f", about {left:.0f} s left"
            self._progress.show(done, total, words)
            await asyncio.wait({worker}, timeout=0.1)
        await asyncio.sleep(0)  # the last result may still be on its way
        if worker.exception() is not None:
            trouble = str(worker.exception())
        self._task = None
        self.readout.busy = False
        self._show_idle(trouble)

    def _arrive(self, state: Any, result: SweepResult) -> None:
        """Keep a training of some state, and show the result of the current state."""
        kept = self._kept.setdefault(self._key(state), {})
        kept[result.data, result.recipe, result.seed] = result
        self.result = self.compute(self.state)
        self.redraw()

    def _show_idle(self, trouble: str = "") -> None:
        done, total = len(self._done(self.state)), self.plan(self.state).total
        left = total - done
        self._stop.enable(False, "Nothing is being trained")
        cost = f"about {max(1, round(left * self.seconds))} s on one core, less on several"
        if left:
            self._train.enable(True, f"Train {left} networks: {cost}")
            words = f"{done} of {total} networks trained; the others take {cost}"
        else:
            self._train.enable(False, "All networks for these choices are trained")
            words = f"all {total} networks trained"
        if trouble:
            self._progress.show(done, total, words, trouble)
        else:
            self._progress.clear(words)

"""A card that trains many networks when a button is pressed, and keeps each of them.

The trainings run in other processes (`motiflab.networks.train_all`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from motiflab.datasets import Trial
from motiflab.networks import ModelSettings, SweepResult, TrainSettings, train_all
from motiflab.widgets.training_explorer import TrainingExplorer


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


class SweepExplorer(TrainingExplorer):
    """An explorer whose result fills in while many networks are trained.

    Networks are kept for every value of the `trained` fields, so a learner can return to them.

    Instead of `compute`, a subclass defines the static methods `plan`, which returns the trainings
    that a state needs, and `summarise`, which makes its result from the finished trainings.

    Attributes
    ----------
    jobs : int or None
        As for `motiflab.networks.train_all`.
    """

    cores = "one core, less on several"
    jobs: ClassVar[int | None] = None

    def __init__(self, **choices: Any) -> None:
        self._kept: dict[tuple, dict[tuple, SweepResult]] = {}
        super().__init__(**choices)

    def plan(self, state: Any) -> SweepPlan:
        """Return the trainings that a state needs. Pure."""
        raise NotImplementedError

    def summarise(self, state: Any, results: list[SweepResult]) -> Any:
        """Make the result of a state from its finished trainings, in order. Pure."""
        raise NotImplementedError

    def compute(self, state: Any) -> Any:
        """Make the result from the finished trainings."""
        return self.summarise(state, list(self._done(state).values()))

    def train(self, state: Any) -> Generator[SweepResult]:
        """Train the networks that a state still needs."""
        plan = self.plan(state)
        unwanted = {(*pair, seed) for pair in plan.left_out for seed in plan.seeds}
        results = train_all(*plan[:3], self.jobs, unwanted | self._done(state).keys())
        with contextlib.closing(results):
            for result in results:
                self.summarise(state, [result])  # its slow part runs here and is cached
                yield result

    def keep(self, state: Any, part: SweepResult) -> None:
        """Keep a network by its data, recipe and seed."""
        kept = self._kept.setdefault(self._key(state), {})
        kept[part.data, part.recipe, part.seed] = part

    def counted(self, state: Any) -> tuple[int, int]:
        """Return how many networks of a state are trained, and how many there are."""
        return len(self._done(state)), self.plan(state).total

    # -- inside -----------------------------------------------------------------------------

    def _done(self, state: Any) -> dict[tuple, SweepResult]:
        """The finished trainings that a state needs, in the order of its plan."""
        kept, plan = self._kept.get(self._key(state), {}), self.plan(state)
        wanted = ((d, r, s) for d in plan.data for r in plan.recipes for s in plan.seeds)
        return {each: kept[each] for each in wanted if each in kept}

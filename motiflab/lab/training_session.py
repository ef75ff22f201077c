"""One training in the lab: its network, its records, start and pause, and the data of a moment.

It has no widgets and no drawing. `Session.advance` continues the training, `LiveTraining` does so
while the notebook keeps responding, and `look` computes everything that is shown at one moment.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from motiflab import networks
from motiflab.datasets.dataset import Dataset
from motiflab.evaluation import curves
from motiflab.figures import FilterCard, MarkedSite, Track
from motiflab.interpretation import explained_by, filters_as_motifs, name_filters
from motiflab.interpretation.filter_names import LEAST_AUROC
from motiflab.lab.lab_data import LabData
from motiflab.lab.lab_state import LabState
from motiflab.layers.activations import cross_entropy
from motiflab.motifs import MotifCollection, log_odds, similarity
from motiflab.motifs.tomtom import tomtom
from motiflab.networks import one_thread, training

SHOWN = 16
"""Largest number of filters with more than a logo: the strongest, and the hero."""

_CLEARLY = 0.05  # difference in AUROC by which another filter automatically becomes the hero

_MOMENTS = 200  # number of records of a whole training: enough for a smooth replay
_SILENT = "Silent: its score is never above 0, so ReLU outputs only 0."
_LONGEST_NAME = 80  # shown letters of a sequence's name
_FEWEST_TARGETS = 100  # motifs to compare with: an E-value of fewer means little (see `tomtom`)
_FEW = 8  # largest number of steps between two chances to stop
_SECONDS = {"slow": 60.0, "steady": 15.0, "full": 0.0}  # total waiting time of a whole training
_SLICE = 0.025  # seconds of training between two checks of the messages
_UNSEEN = 0.05  # largest relative decrease of the loss between two drawings, if slowed down
_REST = {"slow": 2, "steady": 2, "full": 6}  # time to the next drawing, relative to the drawing


class Session:
    """A training that can be continued step by step and viewed at any moment.

    Parameters
    ----------
        Settings of the network and the training.
    data : LabData
        From `prepare(state)`.

    Attributes
    ----------
    records : list of Record
        So far; the first is the untrained network.
    step : int
        Optimizer steps so far.
    total, every, few : int
        Optimizer steps of the whole training, between records, and of one `advance`.
    events : dict of int to str
        Events, by the index of the record.
    held_out : dict of int to float
        Loss on the held-out data, by the index of the record; only for viewed records, whose
        predictions are needed anyway.
    seen : int
        Index of the last record that was viewed when it was the latest.
    told : set of str
        Announced events; see `motiflab.lab.lab_events.news`.
    lowest : float
        Loss of the best `advance` so far.
    share : float
        Share of the waiting time of a whole training that belongs to the last `advance`:
        ``few / (3 * total)``, plus 2/3 of the decrease of the loss below its lowest value so far,
        divided by the first loss. All shares sum to at most 1.
    trouble : str
        Error message, after which the training cannot continue; empty if there is none.

    Raises
    ------
    ArgumentError
        If the network cannot read the data, or needs too much memory.

    Examples
    --------
    >>> from motiflab.lab.lab_data import prepare
    >>> state = LabState(n=200, epochs=1)
    >>> session = Session(state, prepare(state))
    >>> while session.advance():
    ...     pass
    >>> session.records[-1].step == session.step == session.total
    True
    """

    @one_thread()
    def __init__(self, state: LabState, data: LabData) -> None:
        state.check_model(data.shortest)
        state.check_batch(data.length, len(data.train))
        self.state, self.data = state, data
        self.naming = state  # says which motifs name filters
        settings = state.training()
        self.total = training.steps_per_epoch(len(data.train), settings.batch) * settings.epochs
        # Records are `every` steps apart, a multiple of `few`, so that an `advance` ends at each.
        self.few = min(_FEW, math.ceil(self.total / _MOMENTS))
        self.every = self.few * math.ceil(self.total / (self.few * _MOMENTS))
        self.step, self.trouble = 0, ""
        # A second network for viewing earlier records, while the first continues learning.
        network, self._viewer = (
            networks.untrained(state.model(), data.length, state.seed) for _ in range(2)
        )
        self._training = training.train(network, data.train, settings, self.few)
        self.records = [next(self._training)]
        self.lowest = self.records[0].loss
        self.events: dict[int, str] = {}
        self.held_out: dict[int, float] = {}
        self.told: set[str] = set()
        self.seen = 0
        self.share = 0.0
        self._curves: dict[int, curves.Curve | None] = {}  # precision-recall, by record
        self._losses: list[float] = []  # sum over the steps of each `advance` since the last record

    @property
    def known(self) -> MotifCollection:
        """The motifs with which filters are compared, read only when there is a name to find."""
        return self.naming.collection()

    @property
    def done(self) -> bool:
        """Whether the training is finished or has failed."""
        return self.step == self.total or bool(self.trouble)

    @one_thread()
    def advance(self) -> bool:
        """Train a few steps, at most up to the next record; False if there is nothing left."""
        if self.done:
            return False
        try:
            moment = next(self._training)
        except Exception as error:
            self.fail(error)
            return False
        fall = max(0.0, self.lowest - moment.loss)
        self.lowest -= fall
        few = (moment.step - self.step) / self.total
        self.share = few / 3 + 2 / 3 * fall / self.records[0].loss
        self._losses.append(moment.loss * (moment.step - self.step))
        self.step = moment.step
        if self.step % self.every == 0 or self.step == self.total:
            # The mean over all steps since the last record, not the noisy loss of one batch.
            loss = sum(self._losses) / (self.step - self.records[-1].step)
            self.records.append(replace(moment, loss=loss))
            self._losses = []
        return True

    def fail(self, error: Exception) -> None:
        """End the training with an error."""
        words = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        self.trouble = words[:1].upper() + words[1:]

    def at(self, index: int):
        """The network at a record."""
        self._viewer.load_state_dict(self.records[index].weights)
        return self._viewer

    def precision_recall(self, index: int, logits: np.ndarray | None = None) -> curves.Curve | None:
        """The held-out precision-recall curve at a record, thinned and cached; None if infinite.

        Parameters
        ----------
        index : int
            Index of the record.
        logits : ndarray, optional
            Logits of the held-out data at the record, if already computed.
        """
        if index not in self._curves:
            test = self.data.test
            logits = training.logits(self.at(index), test) if logits is None else logits
            finite = np.isfinite(logits).all()
            found = curves.precision_recall(test.labels, logits) if finite else None
            self._curves[index] = found and curves.thin(found)
            if finite:
                self.held_out[index] = float(cross_entropy(test.labels, logits).mean())
        return self._curves[index]


class LiveTraining:
    """Train a session in small slices, so that Pause and every control keep responding.

    A kernel does one thing at a time: between two slices it reads its messages.

    Parameters
    ----------
    session : Session
    speed : callable
        Returns "slow", "steady" or "full"; called at each turn, as it may change.
    show : callable
        Draws the latest record; its argument says whether the training has stopped.
    """

    def __init__(
        self, session: Session, speed: Callable[[], str], show: Callable[[bool], None]
    ) -> None:
        self.session, self._speed, self._show = session, speed, show
        self.task: asyncio.Task | None = None
        self._going = False

    @property
    def running(self) -> bool:
        """Whether it is training; a task ends silently when its cell is interrupted."""
        return self._going and self.task is not None and not self.task.done()

    def start(self) -> None:
        """Train to the end, or until `pause`, in the running event loop."""
        self._going = True
        if not self.running:  # otherwise it was just paused, and the task has not ended yet
            self.task = asyncio.get_running_loop().create_task(self._train())

    def pause(self) -> None:
        """Stop after the current step; the last picture is still drawn."""
        self._going = False

    def cancel(self) -> None:
        """Stop, without even a last picture."""
        self.pause()
        if self.task is not None:
            self.task.cancel()

    async def _train(self) -> None:
        session, last, drawn, cost = self.session, -math.inf, 0.0, 0.0
        seen = session.lowest
        while self._going and not session.done:
            # Shortest time of the last few steps; most of the time is spent where the loss falls.
            speed = self._speed()
            wait = _SECONDS[speed] * session.share
            until = time.perf_counter() + _SLICE
            while last + wait <= (now := time.perf_counter()) < until and self._going:
                if speed != "full" and session.lowest < (1 - _UNSEEN) * seen:
                    break  # a slow computer draws first what has happened
                if not session.advance():
                    break
                last = max(last + wait, now - _SLICE)
                wait = _SECONDS[speed] * session.share
            # Drawing takes only a share of the time, even on a slow computer.
            if now - drawn > max(0.2, _REST[speed] * cost):
                self._show(False)
                drawn, cost = time.perf_counter(), time.perf_counter() - now
                seen = session.lowest
            # One turn of the loop is not enough: a widget's message needs about five.
            for _ in range(3):
                await asyncio.sleep(0.001)
        self._going = False
        self._show(True)


@dataclass(frozen=True, eq=False)
class Look:
    """Everything that is shown at one moment of a training.

    Attributes
    ----------
    session : Session
    index : int
        Index of the record.
    logos : {"windows", "weights"}
        Whether the logos are made from windows or weights.
    evalues : bool
        Whether the motifs that name the filters have E-values.
    steps, losses : list
        Steps and losses of the records up to this one.
    held_out : dict of int to float
        Loss on the held-out data by step, for viewed records up to this one.
    precision_recall, roc : Curve
        On the held-out data, thinned for drawing.
    earlier : list of Curve or None
        Precision-recall at up to four earlier records, whose indices are powers of two.
    filters : list of FilterMotif
        All filters, strongest first.
    cards : list of FilterCard
        The `SHOWN` strongest with their matches; see `motiflab.figures.filter_gallery`. The hero
        is last if it is not one of them.
    hero : FilterCard
        The filter that is shown large.
    """

    session: Session
    index: int
    logos: str
    evalues: bool
    steps: list[int]
    losses: list[float]
    held_out: dict[int, float]
    precision_recall: curves.Curve
    roc: curves.Curve
    earlier: list[curves.Curve | None]
    filters: list[filters_as_motifs.FilterMotif]
    cards: list[FilterCard]
    hero: FilterCard

    @property
    def record(self) -> training.TrainingRecord:
        """The record of this moment."""
        return self.session.records[self.index]

    @cached_property
    def tracks(self) -> list[Track]:
        """The hero along a few held-out sequences; computed only for a tab that shows them."""
        network = self.session.at(self.index)
        return _tracks(self.session.data.test, network, self.hero.index)


@one_thread()
def look(
    session: Session,
    index: int = -1,
    logos: str = "windows",
    evalues: bool = False,
    hero: int | None = None,
    chosen: bool = False,
) -> Look:
    """Compute everything that is shown at one moment of a training.

    Parameters
    ----------
    session : Session
    index : int
        Index of the record; negative from the end.
    logos : {"windows", "weights"}
        Make each filter's logo from the windows on which it fires or from its weights.
    evalues : bool
        Whether to compute E-values of the motifs that name filters, which is slower, if there are
        many known motifs.
    hero : int, optional
        Index of the previous large filter; it stays until another is clearly stronger. By default
        the strongest.
    chosen : bool
        Whether the learner chose the hero, so that it always stays.

    Returns
    -------
    Look

    Raises
    ------
    ValueError
        If a score of the held-out data is no longer a finite number.
    """
    index %= len(session.records)
    earlier = [session.precision_recall(i) for i in _milestones(index)]
    # Random filters before a training have learned nothing, so they get no names.
    known = session.known if session.records[index].step > 0 else None
    evalues = evalues and known is not None and len(known) >= _FEWEST_TARGETS
    network, test = session.at(index), session.data.test
    windows = None
    if session.records[index].step == 0 and session.data.memory.knows(network):
        logits, windows = session.data.memory.read(network)
    else:
        logits = training.logits(network, test)
    if not np.isfinite(logits).all():
        raise ValueError(
            f"some scores of held-out sequences are infinite after {session.records[index].step} "
            "steps; a smaller learning rate usually helps."
        )
    filters = filters_as_motifs.filter_motifs(network, session.data.logos, windows)
    filters = sorted(filters, key=lambda f: (f.silent, -f.strength))
    large = _hero(filters, hero, chosen)
    shown = filters[:SHOWN] if large in filters[:SHOWN] else [*filters[:SHOWN], large]
    cards = _cards(session.data, network, shown, logos, evalues, known)
    seen = session.records[: index + 1]
    curve = session.precision_recall(index, logits)
    return Look(
        session=session,
        index=index,
        logos=logos,
        evalues=evalues,
        steps=[record.step for record in seen],
        losses=[record.loss for record in seen],
        held_out={seen[i].step: loss for i, loss in sorted(session.held_out.items()) if i <= index},
        precision_recall=curve,
        roc=curves.thin(curves.roc(test.labels, logits)),
        earlier=earlier,
        filters=filters,
        cards=cards,
        hero=next(card for card in cards if card.index == large.index),
    )


def _milestones(index: int) -> list[int]:
    """The last four powers of two below an index: the loss falls fastest at the beginning."""
    return [2**i for i in range(index.bit_length()) if 2**i < index][-4:]


def _hero(filters: list[filters_as_motifs.FilterMotif], hero: int | None, chosen: bool):
    """The filter to show large: `filters` have the strongest first."""
    best = filters[0]
    kept = next((f for f in filters if f.index == hero), best)
    return kept if chosen or best.strength - kept.strength <= _CLEARLY else best


def _cards(
    data: LabData, network, filters, logos: str, evalues: bool, known: MotifCollection | None
) -> list[FilterCard]:
    q = data.background
    shown, sites = [f.motif for f in filters], [f.sites for f in filters]
    if logos == "weights":
        weights = network.state_dict()["conv.weight"]
        shown = [log_odds.motif_from_weights(weights[f.index].T, q) for f in filters]
        sites = [0] * len(filters)
    # With two layers a filter alone need not separate the classes.
    least = 0 if network.settings.layers == 2 else LEAST_AUROC
    names = name_filters(filters, known, q, least) if known else [None] * len(filters)
    holes = network.settings.dilation > 1  # columns are not adjacent: no alignment
    cards = []
    for f, motif, n, name in zip(filters, shown, sites, names, strict=True):
        if f.silent:
            cards.append(FilterCard(f.index, f.strength, None, note=_SILENT))
            continue
        evalue = None
        if name and evalues and not holes:
            # By the motif itself: the ids of a learner's own motifs may be empty or equal.
            row = next(i for i, one in enumerate(known.motifs) if one is name.best.motif)
            evalue = float(tomtom([f.motif], known).e_values[0, row])
        truth = {} if holes else _nearest(motif, data.train.motifs, q)
        if truth and not (known and explained_by(f, truth["truth"], q, least)):
            truth["truth_similarity"] = math.nan
        cards.append(FilterCard(f.index, f.strength, motif, n, name, evalue, **truth))
    return cards


def _nearest(motif, planted, q) -> dict:
    """Alignment of the most similar planted motif with a filter."""
    found = [(similarity(motif, truth, q), truth) for truth in planted]
    found = [(at, truth) for at, truth in found if at is not None]
    if not found:
        return {}
    at, truth = max(found, key=lambda pair: pair[0].similarity)
    return {
        "truth": truth,
        "truth_similarity": at.similarity,
        "truth_offset": at.offset,
        "truth_strand": at.strand,
    }


def watched_sequences(test: Dataset) -> list[int]:
    """Return the first three positives and the first two negatives of the held-out sequences."""
    return [*np.flatnonzero(test.labels == 1)[:3], *np.flatnonzero(test.labels == 0)[:2]]


def _tracks(test: Dataset, network, best: int) -> list[Track]:
    watched, tracks = test.subset(watched_sequences(test)), []
    for i, probability in enumerate(training.predictions(network, watched)):
        length, name = int(watched.lengths[i]), watched.names[i]
        sites = tuple(
            MarkedSite(watched.motifs[site.motif].name, site.start, site.end, site.strand)
            for site in watched.sites
            if site.sequence == i
        )
        x = watched.x[i, :, :length]
        tracks.append(
            Track(
                name=name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…",
                label=int(watched.labels[i]),
                probability=float(probability),
                length=length,
                activation=filters_as_motifs.activation_map(network, x, best),
                sites=sites,
            )
        )
    return tracks

"""One training in the lab: its network, its records, start and pause, and what a record shows.

No widgets and no drawing. `Session.advance` takes the training further, `LiveTraining` does so
while the notebook keeps responding; `look` works out everything that can be seen at one moment.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from motiflab import networks
from motiflab.datasets.dataset import Dataset
from motiflab.evaluation import curves
from motiflab.figures import FilterCard, MarkedSite, Track
from motiflab.interpretation import explained_by, filters_as_motifs, name_filters
from motiflab.interpretation.filter_names import LEAST_AUROC
from motiflab.lab.lab_data import LabData
from motiflab.lab.lab_state import LabState
from motiflab.layers.activations import cross_entropy, sigmoid
from motiflab.motifs import log_odds, similarity
from motiflab.motifs.tomtom import tomtom
from motiflab.networks import one_thread, training

SHOWN = 16
"""Filters of which more than their logo is known at most: the strongest, and the hero."""

_CLEARLY = 0.05  # AUROC by which another filter must be stronger to become the hero by itself

_MOMENTS = 200  # records of a whole training: enough to replay it smoothly
_SILENT = "Silent: its score is never above 0, so ReLU outputs only 0."
_LONGEST_NAME = 80  # letters of a sequence's name that are shown
_FEWEST_TARGETS = 100  # motifs to compare with: an E-value of fewer means little (see `tomtom`)
_FEW = 8  # steps at most between two chances to stop
_SECONDS = {"slow": 60.0, "steady": 15.0, "full": 0.0}  # of waiting in a whole training
_SLICE = 0.025  # seconds of training between two looks at the messages
_UNSEEN = 0.05  # part of its loss that a training that is watched may lose between two drawings
_REST = {"slow": 2, "steady": 2, "full": 6}  # times the seconds of a drawing until the next


class Session:
    """A training that can be taken further step by step, and looked at at any moment.

    Parameters
    ----------
        The network and how to train it.
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
        What was seen to happen, by the index of the record.
    held_out : dict of int to float
        Loss on the held-out data, by the index of the record: of those that were looked at, whose
        predictions are needed in any case.
    seen : int
        Index of the last record that was looked at when it was the latest.
    told : set of str
        What need not be said again; see `motiflab.lab.lab_events.news`.
    lowest : float
        Loss of the best `advance` so far.
    share : float
        Of the seconds of a whole training, those that should pass after the last `advance`: the
        part ``few / (3 * total)``, and 2/3 of how far it brought the loss below its lowest value
        before, divided by the first loss. All shares add up to 1 at most.
    trouble : str
        What went wrong, in a sentence; then there is no going on. Empty if nothing did.

    Raises
    ------
    ArgumentError
        If no network of this shape can read the data, or not within the memory.

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
        settings = state.training()
        self.total = training.steps_per_epoch(len(data.train), settings.batch) * settings.epochs
        # Records lie `every` steps apart, a multiple of `few`, so that each `advance` ends at one.
        self.few = min(_FEW, math.ceil(self.total / _MOMENTS))
        self.every = self.few * math.ceil(self.total / (self.few * _MOMENTS))
        self.step, self.trouble = 0, ""
        # A second network to look at the past with, while the first goes on learning.
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
    def done(self) -> bool:
        """Whether there is nothing left to train: it is finished, or something went wrong."""
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
        """End the training and say why."""
        words = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        self.trouble = words[:1].upper() + words[1:]

    def at(self, index: int):
        """The network as it was at a record."""
        self._viewer.load_state_dict(self.records[index].weights)
        return self._viewer

    def precision_recall(self, index: int, logits: np.ndarray | None = None) -> curves.Curve | None:
        """The held-out precision-recall curve at a record, thinned and kept; None if infinite.

        Parameters
        ----------
        index : int
            Of the record.
        logits : ndarray, optional
            Of the held-out data there, if they are known already.
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
        Gives "slow", "steady" or "full"; asked at each turn, as it may change on the way.
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
        """Whether it trains; a task ends without a word when its cell is interrupted."""
        return self._going and self.task is not None and not self.task.done()

    def start(self) -> None:
        """Train to the end, or until `pause`, in the running event loop."""
        self._going = True
        if not self.running:  # else it was paused a moment ago, and the task has not noticed
            self.task = asyncio.get_running_loop().create_task(self._train())

    def pause(self) -> None:
        """Stop after the present step; the last picture is still drawn."""
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
            # What the last few steps take at least. Most of the time is spent where the loss falls.
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
            # Drawing may take no more than a share of the time, however slow the computer is.
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
    """All that is seen at one moment of a training.

    Attributes
    ----------
    session : Session
    index : int
        Of the record.
    logos : {"windows", "weights"}
        What the logos are made from.
    evalues : bool
        Whether the motifs that name the filters have E-values.
    steps, losses : list
        Of the records up to this one.
    held_out : dict of int to float
        Loss on the held-out data by step, of those records up to this one that were looked at.
    precision_recall, roc : Curve
        On the held-out data, thinned for drawing.
    earlier : list of Curve or None
        Precision-recall at up to four earlier records, whose indices are powers of two.
    filters : list of FilterMotif
        All of them, strongest first.
    cards : list of FilterCard
        The `SHOWN` strongest with their matches; see `motiflab.figures.filter_gallery`. The hero
        comes last if it is none of them.
    hero : FilterCard
        The one that is shown large.
    tracks : list of Track
        The hero along a few held-out sequences.
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
    tracks: list[Track]

    @property
    def record(self) -> training.TrainingRecord:
        """The record that is looked at."""
        return self.session.records[self.index]


@one_thread()
def look(
    session: Session,
    index: int = -1,
    logos: str = "windows",
    evalues: bool = False,
    hero: int | None = None,
    chosen: bool = False,
) -> Look:
    """Work out what is seen at one moment of a training.

    Parameters
    ----------
    session : Session
    index : int
        Of the record; negative from the end.
    logos : {"windows", "weights"}
        Make each filter's logo from the windows that it fires on or from its weights.
    evalues : bool
        Also give the motif that names a filter its E-value, which takes longer, where there are
        many known motifs.
    hero : int, optional
        Index of the filter that was shown large before; it stays until another is clearly
        stronger. Without it the strongest is taken.
    chosen : bool
        Whether the hero was chosen, and so stays in any case.

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
    evalues = evalues and len(session.data.known) >= _FEWEST_TARGETS
    network, test = session.at(index), session.data.test
    logits = training.logits(network, test)
    if not np.isfinite(logits).all():
        raise ValueError(
            f"some scores of held-out sequences are infinite after {session.records[index].step} "
            "steps; a smaller learning rate usually helps."
        )
    filters = filters_as_motifs.filter_motifs(network, session.data.logos)
    filters = sorted(filters, key=lambda f: (f.silent, -f.strength))
    large = _hero(filters, hero, chosen)
    shown = filters[:SHOWN] if large in filters[:SHOWN] else [*filters[:SHOWN], large]
    cards = _cards(session.data, network, shown, logos, evalues, session.records[index].step > 0)
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
        tracks=_tracks(test, network, logits, large.index),
    )


def _milestones(index: int) -> list[int]:
    """The last four powers of two before an index: the loss falls fastest at the beginning."""
    return [2**i for i in range(index.bit_length()) if 2**i < index][-4:]


def _hero(filters: list[filters_as_motifs.FilterMotif], hero: int | None, chosen: bool):
    """The filter to show large: `filters` have the strongest first."""
    best = filters[0]
    kept = next((f for f in filters if f.index == hero), best)
    return kept if chosen or best.strength - kept.strength <= _CLEARLY else best


def _cards(
    data: LabData, network, filters, logos: str, evalues: bool, trained: bool
) -> list[FilterCard]:
    q, known = data.background, data.known
    shown, sites = [f.motif for f in filters], [f.sites for f in filters]
    if logos == "weights":
        weights = network.state_dict()["conv.weight"]
        shown = [log_odds.motif_from_weights(weights[f.index].T, q) for f in filters]
        sites = [0] * len(filters)
    # One filter of two layers need not tell the classes apart alone.
    least = 0 if network.settings.layers == 2 else LEAST_AUROC
    # The random filters before a training have learned nothing, whatever their windows look like.
    names = name_filters(filters, known, q, least) if trained else [None] * len(filters)
    holes = network.settings.dilation > 1  # the columns are no neighbours: nothing to lay on them
    cards = []
    for f, motif, n, name in zip(filters, shown, sites, names, strict=True):
        if f.silent:
            cards.append(FilterCard(f.index, f.strength, None, note=_SILENT))
            continue
        evalue = None
        if name and evalues and not holes:
            # By the motif itself: motifs of one's own may have no id, or all the same.
            row = next(i for i, one in enumerate(known.motifs) if one is name.best.motif)
            evalue = float(tomtom([f.motif], known).e_values[0, row])
        truth = {} if holes else _nearest(motif, data.train.motifs, q)
        if truth and not (trained and explained_by(f, truth["truth"], q, least)):
            truth["truth_similarity"] = math.nan
        cards.append(FilterCard(f.index, f.strength, motif, n, name, evalue, **truth))
    return cards


def _nearest(motif, planted, q) -> dict:
    """How the most similar planted motif lies on a filter."""
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


def _tracks(test: Dataset, network, logits: np.ndarray, best: int) -> list[Track]:
    tracks = []
    for i in watched_sequences(test):
        length, name = int(test.lengths[i]), test.names[i]
        sites = tuple(
            MarkedSite(test.motifs[site.motif].name, site.start, site.end, site.strand)
            for site in test.sites
            if site.sequence == i
        )
        tracks.append(
            Track(
                name=name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…",
                label=int(test.labels[i]),
                probability=float(sigmoid(logits[i])),
                length=length,
                activation=filters_as_motifs.activation_map(network, test.x[i, :, :length], best),
                sites=sites,
            )
        )
    return tracks

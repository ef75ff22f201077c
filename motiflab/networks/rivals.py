"""Compare a network with simpler methods: matrices and logistic regression on words.

All learn from the same training set and are tested on the same test sets:

- ``JASPAR``: a published matrix. Nothing is learned from the training set.
- ``EM``: a matrix learned from the positives alone (`motiflab.motifs.fit_em`), without negatives
  and labels.
- ``6-mers`` and ``gapped 6-mers``: logistic regression on the counts of words on both strands.
  It ignores the positions of the words, and similar words share nothing.
- ``CNN``: one convolutional layer.

Both matrices score a sequence by log-sum-exp over all windows of both strands, like a network of
one filter (`matrix_network`).
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from motiflab.checks import inside, whole
from motiflab.datasets import Dataset, Trial, generator
from motiflab.evaluation import precision_recall, roc
from motiflab.motifs import Motif, both_strands_background, fit_em
from motiflab.networks.model_settings import ModelSettings
from motiflab.networks.one_layer import OneLayerNetwork
from motiflab.networks.threads import one_thread
from motiflab.networks.training import TrainSettings, logits, train, untrained
from motiflab.sequences import count_words, gapped_patterns

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

PATTERNS = {"6-mers": ["######"], "gapped 6-mers": gapped_patterns(6, 8)}
"""The word patterns of the logistic regressions: six letters, or six of eight."""

STRENGTH = 0.01
"""``C`` of the logistic regressions in scikit-learn: smaller means stronger regularisation."""

UPDATES, BATCH = 264, 32
"""Number of training steps of the network, for any number of sequences: six epochs of 1,400."""


class Rival(NamedTuple):
    """Test results of one method.

    Attributes
    ----------
    name : str
    parameters : int
        Number of free parameters learned from the training set: three per position for a matrix,
        the number of words that occur for word counts.
    seconds : float
        Processor time for learning (in a page, time); compare ratios, as machines differ.
    auroc, auprc : dict of str to float
        On each test set. The AUPRC of a guess is the share of positives in the test set.
    """

    name: str
    parameters: int
    seconds: float
    auroc: dict[str, float]
    auprc: dict[str, float]


@dataclass(frozen=True, eq=False)
class WordModel:
    """Logistic regression on the counts of words.

    Attributes
    ----------
    patterns : list of str
        As for `motiflab.sequences.count_words`.
    regression : sklearn.linear_model.LogisticRegression
    """

    patterns: list[str]
    regression: LogisticRegression

    def predict(self, data: Dataset) -> np.ndarray:
        """Return the logit of each sequence, (N,)."""
        return self.regression.decision_function(_counts(data, self.patterns))


def _counts(data: Dataset, patterns: list[str]):
    return count_words(data.sequences, patterns, data.alphabet.paired, data.alphabet)


def fit_word_model(data: Dataset, patterns: list[str], strength: float = STRENGTH) -> WordModel:
    """Fit a logistic regression to the counts of words on both strands, by scikit-learn.

    It minimises ``sum over n of cross-entropy(y_n, z_n) + |w|^2 / (2 C)`` with the logit
    ``z_n = b + sum over the words of w[word] * count[n, word]``. A word and its reverse complement
    have the same counts, so the same weight.

    Parameters
    ----------
    data : Dataset
        Sequences of equal length.
    patterns : list of str
        As for `motiflab.sequences.count_words`.
    strength : float
        ``C``, above 0.

    Returns
    -------
    WordModel

    Examples
    --------
    >>> from motiflab import datasets
    >>> data = datasets.ctcf().subset(range(400, 600))
    >>> fit_word_model(data, ["####"]).predict(data).shape
    (200,)
    """
    from sklearn.linear_model import LogisticRegression

    strength = inside("strength", strength, 0)
    regression = LogisticRegression(C=strength, max_iter=1000)
    return WordModel(list(patterns), regression.fit(_counts(data, patterns), data.labels))


def matrix_network(
    motif: Motif, pooling: str = "logsumexp", background: np.ndarray | None = None
) -> OneLayerNetwork:
    """Return a motif as a network: one filter of log-odds that reads both strands.

    Parameters
    ----------
    motif : Motif
    pooling : {"logsumexp", "max", "average"}
        Pooling of the scores of all windows: "max" gives the best window, and "logsumexp", up to a
        constant, the log-likelihood ratio of one site at an unknown place.
    background : array_like, shape (A,), optional
        Background of the log-odds (`Motif.log_odds`); uniform if not given.

    Returns
    -------
    OneLayerNetwork

    Examples
    --------
    >>> from motiflab.motifs import jaspar
    >>> matrix_network(jaspar.load("CTCF")).weights.shape
    (1, 15, 4)
    """
    settings = ModelSettings(1, motif.width, activation="none", pooling=pooling)
    weights = motif.log_odds(background)[None]
    return OneLayerNetwork(weights, [0], [1], 0, settings, motif.alphabet)


def fewer_peaks(trial: Trial, peaks: int, seed: int = 0) -> Trial:
    """Return a trial with a random subset of its training peaks, each with its own negative.

    Parameters
    ----------
    trial : Trial
        With shuffles as negatives: its `groups` say which negative belongs to which peak.
    peaks : int
        Number of peaks to keep, from 1 to all of them.
    seed : int

    Examples
    --------
    >>> from motiflab import datasets
    >>> train, test = datasets.ctcf().split()
    >>> fewer_peaks(Trial(train, {"held out": test}), 50).train.labels.sum()
    np.int64(50)
    """
    train = trial.train
    groups = train.groups[train.labels == 1]
    peaks = whole("peaks", peaks, 1, len(groups))
    kept = generator(seed).permutation(groups)[:peaks]
    return trial._replace(train=train.subset(np.isin(train.groups, kept)))


def compete(trial: Trial, motif: Motif, width: int = 20, seed: int = 0) -> Iterator[Rival]:
    """Train all methods on one training set, and test each on every test set.

    Parameters
    ----------
    trial : Trial
        Sequences of equal length, without ambiguity codes.
    motif : Motif
        The published matrix.
    width : int
        ``K`` of the matrix that EM learns and of the network's 16 filters.
    seed : int
        Seed of EM's starts and of the network.

    Yields
    ------
    Rival
        Each when it is finished: JASPAR, EM, 6-mers, gapped 6-mers, CNN.

    Examples
    --------
    >>> from motiflab import datasets
    >>> from motiflab.motifs import jaspar
    >>> train, test = datasets.ctcf().split()
    >>> small = fewer_peaks(Trial(train, {"shuffles": test}), 20)
    >>> for rival in compete(small, jaspar.load("CTCF")):
    ...     print(rival.name, rival.parameters)
    JASPAR 0
    EM 60
    6-mers 3536
    gapped 6-mers 54113
    CNN 1313
    """
    yield _judged("JASPAR", trial, lambda data: (matrix_network(motif), 0))
    yield _judged("EM", trial, lambda data: _by_em(data, width, seed))
    for name, patterns in PATTERNS.items():
        yield _judged(name, trial, lambda data, patterns=patterns: _by_words(data, patterns))
    yield _judged("CNN", trial, lambda data: _by_network(data, width, seed))


def compete_all(
    contests: Mapping[Hashable, tuple[Trial, Motif, int]], jobs: int | None = None
) -> Iterator[tuple[Hashable, list[Rival]]]:
    """Compare the methods in many trials, on all cores through joblib.

    Parameters
    ----------
    contests : dict of any key to (Trial, Motif, int)
        The trial, the published matrix and the seed of each.
    jobs : int, optional
        Number of contests at the same time; all cores if not given.

    Yields
    ------
    key, rivals
        In the order of `contests`, the results of `compete` as a list.

    Examples
    --------
    >>> from motiflab import datasets
    >>> from motiflab.motifs import jaspar
    >>> train, test = datasets.ctcf().split()
    >>> trial = fewer_peaks(Trial(train, {"shuffles": test}), 20)
    >>> contests = {"CTCF": (trial, jaspar.load("CTCF"), 1)}
    >>> [(key, len(rivals)) for key, rivals in compete_all(contests, jobs=1)]
    [('CTCF', 5)]
    """
    from joblib import Parallel, delayed

    tasks = (delayed(_contest)(key, *contest) for key, contest in contests.items())
    # `yield from` would pass an early end on to joblib, which then warns.
    for result in Parallel(jobs or -1, return_as="generator")(tasks):  # noqa: UP028
        yield result


def _contest(key: Hashable, trial: Trial, motif: Motif, seed: int):
    return key, list(compete(trial, motif, seed=seed))


def _by_em(data: Dataset, width: int, seed: int):
    peaks = [text for text, label in zip(data.sequences, data.labels, strict=True) if label == 1]
    best = fit_em(peaks, width, seed=seed, alphabet=data.alphabet)[0]
    shares = both_strands_background(peaks, data.alphabet)
    return matrix_network(best.motif(len(peaks)), background=shares), best.ppms[-1][:, 1:].size


def _by_words(data: Dataset, patterns: list[str]):
    model = fit_word_model(data, patterns)
    return model, np.count_nonzero(model.regression.coef_) + 1


def _by_network(data: Dataset, width: int, seed: int):
    network = untrained(ModelSettings(filters=16, width=width), data.x.shape[2], seed)
    epochs = math.ceil(UPDATES / math.ceil(len(data) / BATCH))
    # This weight decay was the best of seven settings tried with 50 peaks of TAp73.
    settings = TrainSettings(epochs=epochs, batch=BATCH, weight_decay=1.0, seed=seed)
    for _ in train(network, data, settings):
        pass
    return network, sum(value.size for value in network.state_dict().values())


@one_thread()
def _judged(name: str, trial: Trial, learn: Callable) -> Rival:
    # In a page the processor's time stands still.
    clock = time.perf_counter if sys.platform == "emscripten" else time.process_time
    begun = clock()
    model, parameters = learn(trial.train)
    seconds = clock() - begun
    areas = {}
    for test, data in trial.tests.items():
        scores = model.predict(data) if isinstance(model, WordModel) else logits(model, data)
        areas[test] = roc(data.labels, scores).area, precision_recall(data.labels, scores).area
    auroc, auprc = ({test: pair[i] for test, pair in areas.items()} for i in (0, 1))
    return Rival(name, int(parameters), seconds, auroc, auprc)

"""Design a sequence that a network is sure of, and ask the exact likelihood ratio whether it is.

The inverse problem: not "what does the network say of this sequence?" but "which sequence makes it
say yes?". The rule is greedy. At each step every substitution of one base is tried, and the one
with the highest logit is made (`design_sequence`).

The data are planted (`design_world`), so the truth about every sequence, also about one that nobody
drew, is known: the likelihood ratio ``LR`` of `motiflab.datasets.planting`. With as many positives
as negatives, the logit of a perfect network is ``ln LR``. A design has **fooled** the network if
the network is sure, and yet ``LR`` is below 1: the sequence is a more likely negative (`fooled`).
Such a sequence is an adversarial example that was found without any gradient.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from motiflab import networks
from motiflab.checks import inside, one_of, whole
from motiflab.datasets import Arrangement
from motiflab.interpretation.saliency import mutagenesis
from motiflab.motifs import jaspar
from motiflab.sequences import one_hot
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import written_out

if TYPE_CHECKING:
    from motiflab.networks import OneLayerNetwork
    from motiflab.networks.cnn import MotifNetwork

DESIGN_LENGTH = 60
"""Bases of every sequence of the study."""

SURE = 0.99
"""Probability from which on a network counts as sure."""

KINDS, MOMENTS = ("one", "two"), ("before", "mended")
"""The networks of the study, by their convolutional layers, and when we look at them."""


@cache
def design_world() -> Arrangement:
    """Return what the positives of the study hold: GATA2, 9 to 11 bases, TCF3, on the + strand.

    >>> world = design_world()
    >>> [motif.width for motif in world.motifs], world.gaps
    ([7, 7], ((9, 11),))
    """
    pair = (jaspar.load("GATA2"), jaspar.load("TCF3"))
    return Arrangement(pair, gaps=((9, 11),), both_strands=False)


def design_settings(kind: str) -> networks.ModelSettings:
    """Return the settings of a network of the study, which reads the + strand.

    Parameters
    ----------
    kind : {"one", "two"}
        One convolutional layer, which knows whether both motifs are there; or two, of which the
        second sees both motifs and the gap whole.

    Examples
    --------
    >>> [design_settings(kind).layers for kind in KINDS]
    [1, 2]
    """
    one_of("kind", kind, KINDS)
    if kind == "one":
        return networks.ModelSettings(filters=16, width=9, both_strands=False)
    return networks.ModelSettings(
        filters=16, width=7, window=4, layers=2, second_width=6, both_strands=False
    )


@cache
def design_network(kind: str, moment: str = "before") -> OneLayerNetwork | MotifNetwork:
    """Return a trained network of the study, seed 1, whose weights are shipped with the package.

    Parameters
    ----------
    kind : {"one", "two"}
        As for `design_settings`.
    moment : {"before", "mended"}
        Trained on ordinary sequences, or also on the designs of three rounds.

    Examples
    --------
    >>> start = random_starts(1, seed=7)[0]
    >>> bool(design_sequence(design_network("one"), start).logits[-1] > 5)
    True
    """
    one_of("moment", moment, MOMENTS)
    network = networks.untrained(design_settings(kind), DESIGN_LENGTH)
    with np.load(files("motiflab") / "data" / "design_networks.npz") as kept:
        prefix = f"{kind}/{moment}/"
        network.load_state_dict(
            {name.removeprefix(prefix): kept[name] for name in kept if name.startswith(prefix)}
        )
    return network


@cache
def measured_designs() -> dict[str, dict]:
    """Return what `tools/study_design.py` measured, which is shipped with the package.

    Returns
    -------
    dict of str to dict
        For each network and seed, such as "one 1": `optimum`, the AUROC of the best possible
        score on the test; `rounds`, before mending and after each round; and `control`, after a
        training on as many ordinary sequences more. Each of these holds `auroc` and `auprc` on
        the test, and of 100 fresh designs how many are `sure` and how many `fooled` the network.
        And "ablation": for a network, it with each choice set back, and the plain one, the
        `parameters` and the AUROC of each of three `runs`; "small" has the same of five `runs`
        for networks with few parameters.

    Examples
    --------
    >>> len(measured_designs()["two 1"]["rounds"])
    4
    """
    return json.loads((files("motiflab") / "data" / "design.json").read_text(encoding="utf-8"))


def random_starts(n: int, seed: int, length: int = DESIGN_LENGTH) -> list[str]:
    """Draw random sequences, with all bases equally frequent, to begin designs from.

    Parameters
    ----------
    n : int
        How many.
    seed : int
    length : int
        Bases in each.

    Returns
    -------
    list of str

    Examples
    --------
    >>> random_starts(2, seed=1, length=8)
    ['CGTTAATT', 'ACTCCTCC']
    """
    return written_out(np.random.default_rng(seed).integers(0, 4, (n, length)))


@dataclass(frozen=True, eq=False)
class Design:
    """A design, step by step.

    Attributes
    ----------
    sequences : list of str
        The start, and the sequence after each substitution.
    logits : ndarray, shape (len(sequences),)
        What the network says of each.
    """

    sequences: list[str]
    logits: np.ndarray


def design_sequence(
    network: MotifNetwork, start: str, mutations: int = 20, until: float = math.inf
) -> Design:
    """Make, one after another, the single substitutions that raise the logit most.

    At each step all ``3 L`` substitutions are tried (`mutagenesis`) and the one with the highest
    logit is made; of equal ones the first, by position and then in the order A, C, G, T. It ends
    after `mutations` substitutions, when the logit reaches `until`, or when no substitution raises
    it.

    Parameters
    ----------
    network : MotifNetwork or OneLayerNetwork
        With one output.
    start : str
        Letters A, C, G and T.
    mutations : int
        The budget, at least 0.
    until : float
        The logit that is enough.

    Returns
    -------
    Design

    Examples
    --------
    >>> network = networks.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], length=3)
    >>> design_sequence(network, "GGG").sequences
    ['GGG', 'AGG', 'ACG']
    """
    whole("mutations", mutations, 0)
    x = one_hot(start)
    sequences, logits = [start], [_logit(network, x)]
    while len(sequences) <= mutations and logits[-1] < until:
        change = mutagenesis(network, x, "logit")
        position, base = divmod(int(change.argmax()), len(BASES))
        if change[position, base] <= 0:
            break
        now = sequences[-1]
        sequences.append(now[:position] + BASES[base] + now[position + 1 :])
        x = one_hot(sequences[-1])
        logits.append(_logit(network, x))
    return Design(sequences, np.array(logits))


def _logit(network: MotifNetwork, x: np.ndarray) -> float:
    return float(network.predict(x.T[None].astype(np.float32))[0])


def fooled(logits: ArrayLike, truths: ArrayLike, sure: float = SURE) -> np.ndarray:
    """Say where a network is sure of a yes and the exact likelihood ratio says no.

    Parameters
    ----------
    logits : array_like, shape (N,)
        Of the network.
    truths : array_like, shape (N,)
        ``ln LR`` of the same sequences, in nats.
    sure : float
        The probability, between 0 and 1, from which on the network is sure: a logit of at least
        ``ln(sure / (1 - sure))``.

    Returns
    -------
    ndarray of bool, shape (N,)

    Examples
    --------
    >>> fooled([5.0, 5.0, 4.0], [3.0, -0.5, -3.0]).tolist()
    [False, True, False]
    """
    inside("sure", sure, 0, 1)
    least = math.log(sure / (1 - sure))
    return (np.asarray(logits) >= least) & (np.asarray(truths) < 0)

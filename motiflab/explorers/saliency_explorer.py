"""Explore why a network said yes: saliency, centred or not, gradient x input, and mutagenesis."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import re
from typing import TYPE_CHECKING

import ipywidgets as widgets
import numpy as np

from motiflab.activations import sigmoid
from motiflab.alphabet import BASES
from motiflab.explorers import saliency_networks
from motiflab.explorers.base import Explorer
from motiflab.explorers.controls import make
from motiflab.explorers.fields import FieldError, check, choice, slider, text, toggle
from motiflab.explorers.lab_session import one_thread
from motiflab.explorers.saliency_view import describe, draw
from motiflab.explorers.tools import Tool
from motiflab.saliency import centred, gradient_times_input, mutagenesis, saliency
from motiflab.sequences import one_hot
from motiflab.winners import Winner, winners

if TYPE_CHECKING:
    from motiflab.network import MotifNetwork

_BACKGROUND = "CCTAGGAACGGACGCGTGCACGTTCTCGAAATGTGCGGTCTGTCGCGAAAGCTTCTGTCA"


def _with_sites(**sites: str) -> str:
    """Write sites, in lower case, over the background; `p20` is the place of one."""
    sequence = _BACKGROUND
    for place, site in sites.items():
        start = int(place[1:])
        sequence = sequence[:start] + site.lower() + sequence[start + len(site) :]
    return sequence


EXAMPLES = {
    "Fair site": _with_sites(p20="AGATTAG"),
    "Perfect site": _with_sites(p20="AGATAAG"),
    "Two sites": _with_sites(p10="AGATAAG", p40="TGATAAG"),
    "Broken site": _with_sites(p20="AGAAAAG"),
}
"""Sequences of 60 bases with a site of GATA2, in lower case; all else scores low."""


@dataclasses.dataclass(frozen=True)
class SaliencyState:
    """What a learner can choose: a network, a sequence, one change to it, and what is drawn."""

    network: str = choice(
        "linear",
        "Network",
        [
            ("1 filter, linear", "linear"),
            ("1 filter, ReLU", "relu"),
            ("4 filters, trained", "trained"),
        ],
        group="What is read",
    )
    sequence: str = text(
        EXAMPLES["Fair site"],
        "Sequence",
        longest=saliency_networks.LENGTH,
        group="What is read",
        help="Up to 60 bases. Lower case marks what was planted; to the network it is the same.",
    )
    position: int = slider(
        23, "Position", 0, saliency_networks.LENGTH - 1, group="Change one base", help="From 0"
    )
    base: str = choice(
        "keep",
        "Base there",
        ["keep", *BASES],
        group="Change one base",
        help="The base that is read there; keep: the one of the sequence",
    )
    method: str = choice(
        "saliency",
        "Picture",
        [
            ("saliency", "saliency"),
            ("saliency, centred", "centred"),
            ("gradient × input", "input"),
            ("mutagenesis", "mutagenesis"),
        ],
        group="What is drawn",
    )
    of: str = choice(
        "probability", "Of", [("ŷ", "probability"), ("logit z", "logit")], group="What is drawn"
    )
    fit: bool = toggle(False, "Fit the scale to the numbers", group="What is drawn")

    def __post_init__(self) -> None:
        check(self)
        wrong = re.search(f"[^{BASES}{BASES.lower()}]", self.sequence)
        if wrong:
            raise FieldError(
                "sequence",
                f"Sequence must hold only A, C, G and T, not {wrong.group()!r} (position "
                f"{wrong.start()}).",
            )
        if self.sequence and self.position >= len(self.sequence):
            raise FieldError(
                "position",
                f"Position must be at most {len(self.sequence) - 1}, that of the last base, not "
                f"{self.position}.",
            )

    @property
    def changed(self) -> str:
        """The sequence that is read, planted sites in lower case."""
        if self.base == "keep":
            return self.sequence
        there = self.sequence[self.position]
        base = self.base.lower() if there.islower() else self.base
        return self.sequence[: self.position] + base + self.sequence[self.position + 1 :]


@dataclasses.dataclass(frozen=True, eq=False)
class SaliencyResult:
    """What was read, and what moves the prediction.

    Attributes
    ----------
    state : SaliencyState
    logit, probability : float
        ``z`` and ``y_hat`` of the sequence that is read.
    winners : list of Winner
        The windows that won.
    gradient, exact : ndarray, shape (L, 4)
        Saliency and mutagenesis of the output that is chosen.
    effects : ndarray, shape (L, 4)
        What the map shows.
    heights : ndarray, shape (L,)
        What the track shows of the base that stands at each position: its entry of `effects`; for
        mutagenesis how much is lost, in the mean, if any base may come in its place.
    promised, happened : float
        What the slope at the sequence as it was typed promises of the one change, and what
        happened; 0 if nothing is changed.
    limit : float
        Where the scales end: a number of two digits.
    """

    state: SaliencyState
    logit: float
    probability: float
    winners: list[Winner]
    gradient: np.ndarray
    exact: np.ndarray
    effects: np.ndarray
    heights: np.ndarray
    promised: float
    happened: float
    limit: float


def compute(state: SaliencyState, network: MotifNetwork | None = None) -> SaliencyResult:
    """Ask the network about the sequence.

    Raises
    ------
    ValueError
        If the sequence is shorter than a filter.
    """
    network = network or saliency_networks.network(state.network)
    if len(state.sequence) < network.settings.span:
        raise FieldError(
            "sequence",
            f"Sequence must have at least {network.settings.span} bases, as many as a filter of "
            f"this network, not {len(state.sequence)}.",
        )
    x, typed = one_hot(state.changed), one_hot(state.sequence)
    with one_thread():
        gradient = saliency(network, x, state.of)
        exact = mutagenesis(network, x, state.of)
        won = winners(network, x)
        slope = saliency(network, typed, state.of)
    logit = network.dense.bias.item() + sum(w.weight * w.activation for w in won)
    effects = {
        "saliency": gradient,
        "centred": centred(gradient),
        "input": gradient_times_input(gradient, x),
        "mutagenesis": exact,
    }[state.method]
    lost = centred(exact) if state.method == "mutagenesis" else effects
    heights = (lost * x).sum(axis=1)
    limit = _reach(network, state)
    if state.fit:
        limit = max(np.abs(effects).max(), np.abs(heights).max()) or 1.0
    digit = 10.0 ** (math.floor(math.log10(limit)) - 1)  # the second
    return SaliencyResult(
        state,
        logit,
        float(sigmoid(logit)),
        won,
        gradient,
        exact,
        effects,
        heights,
        promised=float((slope * (x - typed)).sum()),
        happened=-float((exact * typed).sum()),
        limit=float(f"{math.ceil(limit / digit - 1e-9) * digit:.2g}"),
    )


def _reach(network: MotifNetwork, state: SaliencyState) -> float:
    """A size that no entry of the map exceeds, whatever the sequence: a scale that stands still."""
    if (state.method, state.of) == ("mutagenesis", "probability"):
        return 1.0
    weights = network.conv.weight.detach().double().numpy().transpose(0, 2, 1)
    if state.method == "centred":
        weights = centred(weights)
    each = np.abs(weights).max(axis=(1, 2))
    if state.method == "mutagenesis":
        each = np.ptp(weights, axis=2).max(axis=1)
    whole = float(np.abs(network.dense.weight.detach().numpy()[0]) @ each)
    return whole if state.of == "logit" else whole / 4  # y_hat (1 - y_hat) is at most 1/4


class SaliencyExplorer(Explorer):
    """Show what every base of a sequence does to a network's prediction.

    Parameters
    ----------
    trained : MotifNetwork, optional
        A network of your own in the place of the trained one: of one layer, with the maximum over
        the whole sequence. It is not changed, and a scene does not hold it.
    goal : str, optional
        What to reach with this card, in the place of the usual goal; a scene does not hold it.
    **choices
        As for `Explorer`; the fields are those of `SaliencyState`.

    Examples
    --------
    >>> explorer = SaliencyExplorer()
    >>> f"{explorer.result.probability:.2f}"
    '0.82'
    >>> explorer.set(position=23, base="G")
    >>> f"promised {explorer.result.promised:.2f}, happened {explorer.result.happened:.2f}"
    'promised -1.03, happened -0.81'
    """

    State = SaliencyState
    title = "Which bases made the network say yes?"
    goal = "find a base that matters, though its saliency is almost 0."
    tools = ("examples", "keep", *Explorer.tools)
    draw, describe = staticmethod(draw), staticmethod(describe)

    def __init__(
        self, trained: MotifNetwork | None = None, goal: str | None = None, **choices
    ) -> None:
        self._trained = trained
        self.goal = goal or type(self).goal
        super().__init__(**choices)

    def compute(self, state: SaliencyState) -> SaliencyResult:
        """Ask the network that is chosen."""
        return compute(state, self._trained if state.network == "trained" else None)

    def toolbar(self) -> list[Tool]:
        """Buttons for sequences to start from, and to keep the change."""
        row = [make(widgets.HTML, value="Start from")]
        for name, sequence in EXAMPLES.items():
            button = make(widgets.Button, description=name, tooltip="Read this sequence instead")
            button.on_click(lambda _, sequence=sequence: self.at_home(self._read, sequence))
            row.append(button)
        keep = make(widgets.Button, description="Keep the change")
        keep.on_click(lambda _: self.at_home(self._read, self.state.changed))
        self._keep = Tool("keep", keep)
        return [Tool("examples", *row), self._keep]

    def redraw(self) -> None:
        """Show the result, and whether there is a change to keep."""
        super().redraw()
        same = self.state.changed == self.state.sequence
        hint = "Nothing is changed" if same else "Write it into the sequence"
        self._keep.enable(not same, hint)

    def _read(self, sequence: str) -> None:
        with contextlib.suppress(ValueError):  # it stands beside the control
            self.set(sequence=sequence, base="keep")

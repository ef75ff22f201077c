"""Explore the reasons of a prediction: saliency, gradient x input, and mutagenesis."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from motiflab import networks
from motiflab.checks import ArgumentError
from motiflab.datasets import Arrangement, sources
from motiflab.figures import (
    Lane,
    bracketed,
    fitted,
    heatmap_table,
    saliency_map_svg,
    signed,
    written,
)
from motiflab.interpretation.saliency import (
    Winner,
    centred,
    gradient_times_input,
    mutagenesis,
    saliency,
    winning_windows,
)
from motiflab.layers.activations import sigmoid
from motiflab.motifs import Motif, jaspar
from motiflab.networks import ModelSettings, OneLayerNetwork, one_thread, train
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import one_hot
from motiflab.widgets import (
    CardResult,
    CardState,
    Explorer,
    Tool,
    choice,
    slider,
    text,
    toggle,
)

if TYPE_CHECKING:
    from motiflab.networks.cnn import MotifNetwork


LENGTH = 60
"""Largest number of bases in a sequence."""


_BACKGROUND = "CCTAGGAACGGACGCGTGCACGTTCTCGAAATGTGCGGTCTGTCGCGAAAGCTTCTGTCA"


def _with_sites(**sites: str) -> str:
    """Write sites, in lower case, over the background; `p20` is a site at position 20."""
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
"""Sequences of 60 bases with a site of GATA2, in lower case; everything else scores low."""


def motif() -> Motif:
    """Return the motif of all networks: GATA2, on the strand with AGATAAG."""
    return jaspar.load("MA0036.4").reverse_complement()


@cache
def example_network(name: str) -> OneLayerNetwork:
    """Return one of the example networks, which is made once per kernel.

    Parameters
    ----------
    name : {"linear", "relu", "trained"}
        One filter with the motif's log-odds, without activation (logit: its best score minus 4) or
        with a ReLU (a window must score above 5); or four filters and ReLU on both strands, trained
        for a second or two.
    """
    if name == "trained":
        data = sources.planted(Arrangement((motif(),)), n=3000, length=LENGTH, seed=0)
        learner = networks.untrained(ModelSettings(filters=4, width=10), LENGTH, seed=20)
        # With several threads the last digits of sums, and so the networks, differ between runs.
        with one_thread():
            for _ in train(learner, data):
                pass
        return learner
    weights = motif().log_odds()
    if name == "relu":
        return OneLayerNetwork.from_filter(
            weights, bias=-5, activation="relu", dense=1.5, offset=-2
        )
    return OneLayerNetwork.from_filter(weights, offset=-4)


class SaliencyState(CardState):
    """What a learner can choose: a network, a sequence, one substitution, and the method."""

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
        longest=LENGTH,
        group="What is read",
        help=(
            "Up to 60 bases. Lower case marks what we planted; the network does not see the "
            "difference."
        ),
    )
    position: int = slider(
        23, "Position", 0, LENGTH - 1, group="Change one base", help="Counted from 0"
    )
    base: str = choice(
        "keep",
        "New base",
        ["keep", *BASES],
        group="Change one base",
        help="The base to read at this position; keep: the one in the sequence",
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
        "probability",
        "Of",
        [("ŷ", "probability"), ("logit z", "logit")],
        group="What is drawn",
        rare=True,
    )
    fit: bool = toggle(False, "Fit the scale to the numbers", group="What is drawn", rare=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        wrong = re.search(f"[^{BASES}{BASES.lower()}]", self.sequence)
        if wrong:
            raise ArgumentError(
                "sequence",
                f"Sequence must hold only A, C, G and T, not {wrong.group()!r} (position "
                f"{wrong.start()}).",
            )
        if self.sequence and self.position >= len(self.sequence):
            raise ArgumentError(
                "position",
                f"Position must be at most {len(self.sequence) - 1}, the position of the last "
                f"base, not {self.position}.",
            )

    @property
    def changed(self) -> str:
        """The sequence with the substitution, planted sites in lower case."""
        if self.base == "keep":
            return self.sequence
        base = self.base.lower() if self.sequence[self.position].islower() else self.base
        return self.sequence[: self.position] + base + self.sequence[self.position + 1 :]


class SaliencyResult(CardResult):
    """The prediction, and its saliency and mutagenesis.

    Attributes
    ----------
    logit, probability : float
        ``z`` and ``y_hat`` of the sequence with the substitution.
    winners : list of Winner
        The winning windows.
    gradient, exact : ndarray, shape (L, 4)
        Saliency and mutagenesis of the chosen output.
    effects : ndarray, shape (L, 4)
        The numbers of the map.
    heights : ndarray, shape (L,)
        The numbers of the track, for the base at each position: its entry of `effects`; for
        mutagenesis the mean loss if it is replaced by a random base.
    promised, happened : float
        Effect of the substitution predicted by the slope at the typed sequence, and the actual
        effect; 0 without a substitution.
    limit : float
        End of the scales: a number of two digits.
    """

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


def compute(
    state: SaliencyState, network: OneLayerNetwork | MotifNetwork | None = None
) -> SaliencyResult:
    """Compute the prediction, saliency and mutagenesis of the sequence."""
    network = network or example_network(state.network)
    if len(state.sequence) < network.settings.span:
        raise ArgumentError(
            "sequence",
            f"Sequence must have at least {network.settings.span} bases, the filter width of "
            f"this network, not {len(state.sequence)}.",
        )
    x, typed = one_hot(state.changed), one_hot(state.sequence)
    if networks.is_one_layer(network.settings):  # `winning_windows` refuses the others
        network = networks.in_numpy(network)
    with one_thread():
        won = winning_windows(network, x)
        gradient = saliency(network, x, state.of)
        exact = mutagenesis(network, x, state.of)
        slope = saliency(network, typed, state.of)
    # The maximum over the whole sequence passes one window of each filter, so the dense layer adds
    # up only their weighted activations.
    logit = float(network.dense_bias) + sum(w.weight * w.activation for w in won)
    effects = {
        "saliency": gradient,
        "centred": centred(gradient),
        "input": gradient_times_input(gradient, x),
        "mutagenesis": exact,
    }[state.method]
    # Mutagenesis is 0 for the present base: its track shows the mean loss instead.
    lost = centred(exact) if state.method == "mutagenesis" else effects
    heights = (lost * x).sum(axis=1)
    limit = _reach(network, state)
    if state.fit:
        limit = max(np.abs(effects).max(), np.abs(heights).max()) or 1.0
    # Rounded up to two digits, so that the scale ends at a readable number. The small number
    # prevents rounding up an exact value because of a division error.
    digit = 10.0 ** (np.floor(np.log10(limit)) - 1)
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
        limit=float(f"{np.ceil(limit / digit - 1e-9) * digit:.2g}"),
    )


def _reach(network: OneLayerNetwork, state: SaliencyState) -> float:
    """Return the end of the scale, a bound of the entries of the map for all sequences."""
    if (state.method, state.of) == ("mutagenesis", "probability"):
        return 1.0
    weights = network.weights
    if state.method == "centred":
        weights = centred(weights)
    # The gradient through a filter is its weights times its dense weight, so the sum of the largest
    # sizes bounds every entry.
    each = np.abs(weights).max(axis=(1, 2))  # of each filter, the largest entry of its gradient
    if state.method == "mutagenesis":
        each = np.ptp(weights, axis=2).max(axis=1)  # from the worst base to the best
    whole = float(np.abs(network.dense) @ each)
    return whole if state.of == "logit" else whole / 4  # y_hat (1 - y_hat) is at most 1/4


_NAMES = {
    "saliency": "Saliency",
    "centred": "Saliency, centred",
    "input": "Gradient × input",
    "mutagenesis": "Mutagenesis: exact change",
}
_UNITS = {
    "saliency": "Saliency of this base",
    "centred": "centred S",
    "input": "S × x",
    "mutagenesis": "mean loss of {}",
}
_SYMBOL = {"probability": "ŷ", "logit": "z"}
_FLAT = 0.03  # y_hat (1 - y_hat) below that of 0.97: the sigmoid is called flat
_LITTLE = 0.15  # a prediction that no single base changes by more is called robust


def draw(result: SaliencyResult, uid: str) -> dict[str, str]:
    """Draw the map over the winning windows, and the numbers of its columns that are not 0."""
    state, read = result.state, result.state.changed
    name = f"{_NAMES[state.method]} of {_SYMBOL[state.of]}"
    shown = sorted({state.position, *np.flatnonzero(result.effects.any(axis=1)).tolist()})
    return {
        "map": fitted(
            partial(
                saliency_map_svg,
                result.effects,
                read.upper(),
                result.heights,
                _lanes(result),
                _sites(read),
                result.limit,
                unit=_UNITS[state.method].format(_SYMBOL[state.of]),
                title=f"{name}, for each base at each position",
                description=_in_words(result),
                columns=LENGTH,
                marked=state.position,
            ),
            uid,
        ),
        "table": heatmap_table(
            result.effects[shown],
            [f"{i} {read[i].upper()}" for i in shown],
            BASES,
            f"{name}, at the chosen position and wherever it is not 0",
            digits=3,
        ),
    }


def describe(result: SaliencyResult) -> str:
    """Give the formula with its numbers, the substitution, and where saliency misleads."""
    state, y = result.state, result.probability
    symbol, output = _SYMBOL[state.of], y if state.of == "probability" else result.logit
    i, c, there = largest(result)
    change = result.exact[i, c]
    formula = _formula(result)
    if state.method == "mutagenesis":
        formula = (
            f"Δ<sub>{i},{BASES[c]}</sub> = {symbol}(with {BASES[c]} at {i}) − {symbol} = "
            f"{written(output + change, 3)} − {bracketed(written(output, 3))} = "
            f"<b>{signed(written(change, 3))}</b>, the largest change from a single base."
        )
    sentences = [
        f"z = {written(result.logit, 2)}, so ŷ = <b>{y:.3f}</b>: the network says "
        f"<b>{'yes' if y > 0.5 else 'no'}</b>."
    ]
    if state.changed != state.sequence:
        sentences.append(
            f"{state.sequence[state.position].upper()} → {state.base} at {state.position}: the "
            f"slope promised {signed(written(result.promised, 3))}, and {symbol} really moved by "
            f"<b>{signed(written(result.happened, 3))}</b>."
        )
    steepest = result.gradient.flat[np.abs(result.gradient).argmax()]
    sentences.append(
        f"The saliency furthest from 0 is {signed(written(steepest, 3))}; the largest exact change "
        f"of {symbol} is {signed(written(change, 3))}, for {there} → {BASES[c]} at {i}."
    )
    return f"<p>{formula}</p><p>{' '.join(filter(None, [*sentences, _blind(result)]))}</p>"


def largest(result: SaliencyResult) -> tuple[int, int, str]:
    """Position and new base of the substitution with the largest effect, and the old base."""
    i, c = divmod(int(np.abs(result.exact).argmax()), 4)
    return i, c, result.state.changed[i].upper()


def _formula(result: SaliencyResult) -> str:
    """The saliency as the sum over the active filters."""
    y, state = result.probability, result.state
    active = [winner for winner in result.winners if winner.active]
    terms = " + ".join(
        f"{bracketed(written(winner.weight, 2))}·W<sub>{winner.index + 1}</sub> "
        f"(bases {winner.positions[0]} to {winner.positions[-1]}, {_strand(winner)})"
        for winner in active[:6]
    )
    if len(active) > 6:
        terms += f" + {len(active) - 6} more"
    terms = terms or "0"
    starts = {"centred": "S, minus its mean over the four bases; S", "input": "S × x; S"}
    what = starts.get(state.method, "S")
    if state.of == "logit":
        return f"{what} = ∂z/∂x = Σ v·W = {terms}"
    exact = round(round(y, 3) * round(1 - y, 3), 4) == round(y * (1 - y), 4)
    return (
        f"{what} = ŷ(1 − ŷ) · Σ v·W = {y:.3f} · {1 - y:.3f} · [{terms}] {'=' if exact else '≈'} "
        f"<b>{y * (1 - y):.4f}</b> · [{'Σ v·W' if active else '0'}]"
    )


def _blind(result: SaliencyResult) -> str:
    """Say why saliency, or even mutagenesis, misses important bases here, if it does."""
    y = result.probability
    if result.state.of == "probability" and y > 0.5 and np.abs(result.exact).max() < _LITTLE:
        return "No single base matters much here: another window may take over."
    # Four times, so that a slope that is only slightly wrong does not count.
    if not np.abs(result.exact).max() > 4 * np.abs(result.gradient).max():
        return ""
    if not any(winner.active for winner in result.winners):
        return "No filter is active, so no gradient passes: saliency is <b>blind</b> here."
    if y * (1 - y) < _FLAT:
        return "The sigmoid is flat here, so every slope is small: saliency is <b>blind</b>."
    return "Here the slope says little about what a full substitution does."


def _lanes(result: SaliencyResult) -> list[Lane]:
    # Number of windows of a filter that share its maximum.
    ties = Counter(winner.index for winner in result.winners)
    lanes = []
    for winner in result.winners:
        words = f"{_strand(winner)}  v {written(winner.weight, 2)}" if winner.active else "silent"
        lanes.append(
            Lane(
                winner.index,
                max(int(winner.positions[0]), 0),
                min(int(winner.positions[-1]) + 1, len(result.effects)),
                winner.weight,
                winner.active,
                # Many windows of a filter can tie, such as all silent ones: they share a lane
                # without room for the words of each.
                words if ties[winner.index] <= 2 else "",
            )
        )
    return lanes


def _sites(sequence: str) -> list[tuple[int, int]]:
    """Runs of lower case: first base inclusive, last exclusive."""
    return [run.span() for run in re.finditer("[a-z]+", sequence)]


def _in_words(result: SaliencyResult) -> str:
    state = result.state
    i, c = divmod(int(np.abs(result.effects).argmax()), 4)
    sites = ", ".join(f"{start} to {end - 1}" for start, end in _sites(state.changed)) or "none"
    windows = "; ".join(
        f"filter {w.index + 1} {'won by' if w.active else 'silent at'} bases {w.positions[0]} to "
        f"{w.positions[-1]}, strand {_strand(w)}"
        for w in result.winners[:8]
    )
    return (
        f"{len(state.sequence)} bases, predicted {result.probability:.3f}. Planted sites: {sites}. "
        f"Windows: {windows}. The largest entry is {signed(written(result.effects[i, c], 3))} for "
        f"{BASES[c]} at position {i}."
    )


def _strand(winner) -> str:
    return "−" if winner.reverse else "+"


class SaliencyExplorer(Explorer):
    """Show the effect of every base of a sequence on a network's prediction.

    Parameters
    ----------
    trained : MotifNetwork or OneLayerNetwork, optional
        A network to use instead of the trained one: with one layer and the maximum over the whole
        sequence. It is not changed, and a scene does not store it.
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
    goal = "find a base that matters although its saliency is almost 0."
    numbers = ("table",)
    tools = ("examples", "keep", *Explorer.tools)
    draw, describe = staticmethod(draw), staticmethod(describe)

    def __init__(
        self, trained: OneLayerNetwork | MotifNetwork | None = None, **choices: Any
    ) -> None:
        self._trained = trained
        super().__init__(**choices)

    def compute(self, state: SaliencyState) -> SaliencyResult:
        """Compute the result with the chosen network."""
        return compute(state, self._trained if state.network == "trained" else None)

    def toolbar(self) -> list[Tool]:
        """Buttons for sequences to start from, and to keep the substitution."""
        starts = {name: {"sequence": EXAMPLES[name], "base": "keep"} for name in EXAMPLES}
        keep = self.starting_button(
            "Keep the change", lambda: {"sequence": self.state.changed, "base": "keep"}
        )
        self._keep = Tool("keep", keep)
        return [self.starting_buttons(starts, "Read this sequence instead"), self._keep]

    def redraw(self) -> None:
        """Show the result, and enable the button if there is a substitution to keep."""
        super().redraw()
        same = self.state.changed == self.state.sequence
        hint = "Nothing has been changed" if same else "Write the change into the sequence"
        self._keep.enable(not same, hint)

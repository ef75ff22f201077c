"""What the saliency explorer shows of its result: the map, the table, and the sentences."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from motiflab.alphabet import BASES
from motiflab.explorers.saliency_networks import LENGTH
from motiflab.figures.heatmap import heatmap_table
from motiflab.figures.numbers import number
from motiflab.figures.saliency_map import Lane, saliency_map_svg

if TYPE_CHECKING:
    from motiflab.explorers.saliency_explorer import SaliencyResult

_NAMES = {
    "saliency": "Saliency",
    "centred": "Saliency, centred",
    "input": "Gradient × input",
    "mutagenesis": "Mutagenesis: exact change",
}
_SYMBOL = {"probability": "ŷ", "logit": "z"}
_FLAT = 0.03  # y_hat (1 - y_hat) below that of 0.97: the sigmoid is called flat
_LITTLE = 0.15  # a yes that no single base moves by more is called safe from all of them


def draw(result: SaliencyResult, uid: str) -> dict[str, str]:
    """Draw the map over the windows that won, and the numbers of its columns that are not 0."""
    state, read = result.state, result.state.changed
    name = f"{_NAMES[state.method]} of {_SYMBOL[state.of]}"
    picture = saliency_map_svg(
        result.effects,
        read.upper(),
        result.heights,
        _lanes(result),
        _sites(read),
        result.limit,
        unit=_unit(result),
        title=f"{name}, for each base at each position",
        description=_in_words(result),
        uid=uid,
        columns=LENGTH,
        marked=state.position,
    )
    shown = sorted({state.position, *np.flatnonzero(result.effects.any(axis=1)).tolist()})
    table = heatmap_table(
        result.effects[shown].T,
        BASES,
        [f"{i} {read[i].upper()}" for i in shown],
        f"{name}, at the position that is changed and wherever it is not 0",
        digits=3,
    )
    # On a narrow page the letters stay readable and the picture scrolls.
    return {"map": f"<div style='overflow-x:auto'>{picture}</div>", "table": table}


def describe(result: SaliencyResult) -> str:
    """Give the formula with its numbers, what the change did, and where saliency misleads."""
    state, y = result.state, result.probability
    symbol, output = _SYMBOL[state.of], y if state.of == "probability" else result.logit
    i, c, there = largest(result)
    change = result.exact[i, c]
    if state.method == "mutagenesis":
        formula = (
            f"Δ<sub>{i},{BASES[c]}</sub> = {symbol}(with {BASES[c]} at {i}) − {symbol} = "
            f"{number(output + change, 3)} − {_bracketed(output)} = <b>{_signed(change)}</b>, the "
            "largest change that one base makes."
        )
    else:
        formula = _formula(result)
    sentences = [
        f"z = {number(result.logit, 2)}, so ŷ = <b>{y:.3f}</b>: the network says "
        f"<b>{'yes' if y > 0.5 else 'no'}</b>."
    ]
    if state.changed != state.sequence:
        old = state.sequence[state.position].upper()
        sentences.append(
            f"{old} → {state.base} at {state.position}: the slope promised "
            f"{_signed(result.promised)}, and {symbol} really moved by "
            f"<b>{_signed(result.happened)}</b>."
        )
    steepest = np.abs(result.gradient).max()
    sentences.append(
        f"The largest saliency is {steepest:.3f}; the largest exact change of {symbol} is "
        f"{_signed(change)}, for {there} → {BASES[c]} at {i}."
    )
    blind = _blind(result)
    return f"<p>{formula}</p><p>{' '.join(sentences + [blind] if blind else sentences)}</p>"


def largest(result: SaliencyResult) -> tuple[int, int, str]:
    """Position and base of the exchange that changes most, and the base that stands there."""
    i, c = divmod(int(np.abs(result.exact).argmax()), 4)
    return i, c, result.state.changed[i].upper()


def _formula(result: SaliencyResult) -> str:
    """The saliency as the sum over the active filters."""
    y, state = result.probability, result.state
    active = [winner for winner in result.winners if winner.active]
    terms = " + ".join(
        f"{_bracketed(winner.weight, 2)}·W<sub>{winner.index + 1}</sub> "
        f"(bases {winner.positions[0]} to {winner.positions[-1]}, {_strand(winner)})"
        for winner in active[:6]
    )
    terms = terms or "0"
    if len(active) > 6:
        terms += f" + {len(active) - 6} more"
    what = {
        "saliency": "S",
        "centred": "S, less its mean over the four bases; S",
        "input": "S × x; S",
    }[state.method]
    if state.of == "logit":
        return f"{what} = ∂z/∂x = Σ v·W = {terms}"
    return (
        f"{what} = ŷ(1 − ŷ) · Σ v·W = {y:.3f} · {1 - y:.3f} · [{terms}] = "
        f"<b>{y * (1 - y):.4f}</b> · [{'Σ v·W' if active else '0'}]"
    )


def _blind(result: SaliencyResult) -> str:
    """Why saliency, or even mutagenesis, misses what matters here, if it does."""
    y = result.probability
    if result.state.of == "probability" and y > 0.5 and np.abs(result.exact).max() < _LITTLE:
        return "No single base matters much here: another window may stand by."
    if not np.abs(result.exact).max() > 4 * np.abs(result.gradient).max():
        return ""
    if not any(winner.active for winner in result.winners):
        return "No filter is active, so no gradient passes: saliency is <b>blind</b> here."
    if y * (1 - y) < _FLAT:
        return "The sigmoid is flat here, so every slope is small: saliency is <b>blind</b>."
    return "The slope tells little of what a whole exchange does here."


def _lanes(result: SaliencyResult) -> list[Lane]:
    ties = Counter(winner.index for winner in result.winners)
    lanes = []
    for winner in result.winners:
        words = f"{_strand(winner)}  v {number(winner.weight, 2)}" if winner.active else "silent"
        lanes.append(
            Lane(
                winner.index,
                max(int(winner.positions[0]), 0),
                min(int(winner.positions[-1]) + 1, len(result.effects)),
                winner.weight,
                winner.active,
                words if ties[winner.index] <= 2 else "",
            )
        )
    return lanes


def _sites(sequence: str) -> list[tuple[int, int]]:
    """Runs of lower case: first base inclusive, last exclusive."""
    low = np.array([False, *(base.islower() for base in sequence), False])
    edges = np.flatnonzero(low[1:] != low[:-1]).tolist()
    return list(zip(edges[::2], edges[1::2]))


def _unit(result: SaliencyResult) -> str:
    if result.state.method == "mutagenesis":
        return f"mean loss of {_SYMBOL[result.state.of]}"
    return {"centred": "centred S", "input": "S × x"}.get(result.state.method, "S of the base")


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
        f"Windows: {windows}. The largest entry is {_signed(result.effects[i, c])} for "
        f"{BASES[c]} at position {i}."
    )


def _strand(winner) -> str:
    return "−" if winner.reverse else "+"


def _signed(value: float) -> str:
    shown = number(value, 3)
    return shown if shown.startswith("−") else f"+{shown}"


def _bracketed(value: float, digits: int = 3) -> str:
    shown = number(value, digits)
    return f"({shown})" if shown.startswith("−") else shown

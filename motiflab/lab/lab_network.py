"""The tab "Network" of the lab: the computation of the network for one held-out sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from motiflab.figures import brief, equals, html_table, minus, network_html, stage_name, written
from motiflab.figures.network_picture import LESSONS
from motiflab.figures.svg import signed_fill
from motiflab.lab.training_session import Look, watched_sequences
from motiflab.networks import Trace, trace
from motiflab.sequences.alphabet import BASES

_WRITTEN = 16  # largest number of columns of a table, and of terms of a sum
_ROWS = 5  # largest number of filters in the table of the dense layer; others are summed
_CHOICES = 200  # largest number of windows to choose; beyond it, the highest of some neighbours


@dataclass(frozen=True)
class Walk:
    """Selection in the tab: stage, sequence and window.

    Attributes
    ----------
    stage : str
        One of `motiflab.figures.network_picture.STAGES`.
    sequence : int
        Index into the `watched_sequences`.
    place : (int, int) or None
        Strand and window; None for the highest score.
    """

    stage: str = "windows"
    sequence: int = 0
    place: tuple[int, int] | None = None

    def after(self, choice: str) -> Walk:
        """Return the selection after a click on a stage, ``sequence:1`` or ``window:0:37``."""
        kind, *numbers = choice.split(":")
        if kind == "weight":  # weights cannot be selected
            return self
        if kind == "sequence":
            return Walk(self.stage, int(numbers[0]))
        if kind == "window":
            return Walk(self.stage, self.sequence, (int(numbers[0]), int(numbers[1])))
        return Walk(kind, self.sequence, self.place)


def draw_network(look: Look, walk: Walk) -> dict[str, str]:
    """Draw the choice of the sequence, the network, and the numbers of the open stage."""
    session, test = look.session, look.session.data.test
    shown = watched_sequences(test)
    i = shown[min(walk.sequence, len(shown) - 1)]
    found = trace(session.at(look.index), test.x[i], int(test.lengths[i]), look.hero.index)
    place = walk.place or found.best
    if place[0] >= len(found.scores) or place[1] >= found.scores.shape[1]:
        place = found.best  # chosen in another network
    head = f"<p><b>{stage_name(found, walk.stage)}.</b> "
    words = _WORKED[walk.stage](found, place, int(test.labels[i]))
    return {
        "sequences": _sequences(test.labels[shown], min(walk.sequence, len(shown) - 1)),
        "network": network_html(found, place, walk.stage),
        "worked": f"{head}{words}{_lesson(walk.stage)}",
    }


def _sequences(labels: Sequence[float], chosen: int) -> str:
    buttons = "".join(
        f"<button role='radio' aria-checked='{str(n == chosen).lower()}' "
        f"tabindex='{0 if n == chosen else -1}' data-choose='sequence:{n}'>{n + 1} "
        f"({'positive' if label else 'negative'})</button>"
        for n, label in enumerate(labels)
    )
    name = "<span>Sequence</span>"
    return f"<div role='radiogroup' aria-label='Held-out sequence'>{name}{buttons}</div>"


def _lesson(stage: str) -> str:
    """A link to the notebook of a stage, relative to the current folder."""
    lesson = Path(LESSONS[stage])
    for folder in (Path(), Path(".."), Path("notebooks")):
        if (folder / lesson).is_file():
            return (
                f"<p>Learn more: <a href='{(folder / lesson).as_posix()}' target='_blank'>"
                f"notebook {lesson.stem}</a></p>"
            )
    return f"<p>Learn more: notebook {lesson.stem}</p>"


def _where(found: Trace, place: tuple[int, int]) -> str:
    at = found.positions(place[1])
    words = f"bases {at[0] + 1} to {at[-1] + 1}"
    if found.settings.dilation > 1:
        words += f", one in {found.settings.dilation}"
    return minus(words) + (", read as the reverse complement" if place[0] else "")


def _one_hot(found: Trace, place: tuple[int, int], label: int) -> str:
    at, length = found.positions(place[1]), found.x.shape[1]
    words = (
        f"The sequence has {length:,} bases. Each base becomes four numbers: a 1 in its own row "
        f"and 0 in the others. The window covers {minus(f'bases {at[0] + 1} to {at[-1] + 1}')}."
    )
    if found.settings.padding:
        words += f" {found.settings.padding} columns of zeros are added at each end."
    if len(at) > _WRITTEN:
        return f"{words}</p>"
    seen = found.read(0, place[1])
    rows = [[base, *(f"{value:g}" for value in seen[:, b])] for b, base in enumerate(BASES)]
    return f"{words}</p>" + html_table("", ["base", *(minus(str(j + 1)) for j in at)], rows)


def _windows(found: Trace, place: tuple[int, int], label: int) -> str:
    read = found.read(*place)
    picked = (read * found.weights).sum(axis=1)
    if len(picked) <= _WRITTEN:
        total = " + ".join(written(value, 2) for value in picked).replace("+ −", "− ")
    else:
        total = f"{written(picked.sum(), 2)} (the sum of {len(picked)} weights)"
    bias = written(found.bias, 2)
    y = picked.sum() + found.bias
    sign = equals([*(picked if len(picked) <= _WRITTEN else [picked.sum()]), found.bias], y, 2)
    return (
        f"Filter {found.filter + 1} on {_where(found, place)}: each base picks one weight. "
        f"y = {total} + b, with the bias b = {bias}: <b>y {sign} {written(y, 2)}</b>.</p>"
        f"{_weights(found, read)}"
    )


def _weights(found: Trace, read: np.ndarray) -> str:
    """All weights as cells, which show their number under the pointer."""
    top = max(np.abs(found.weights).max(), 1e-12)
    rows = []
    for b, base in enumerate(BASES):
        cells = []
        for k, value in enumerate(found.weights[:, b]):
            fill = signed_fill(value, 0.6 * abs(value) / top).split('"')
            colour = f"color-mix(in srgb, {fill[1]} {float(fill[3]):.0%}, transparent)"
            number = written(value, 1) if len(found.weights) <= _WRITTEN else ""
            cells.append(
                f"<button role='option' aria-selected='{str(bool(read[k, b])).lower()}' "
                f"tabindex='{-1 if k or b else 0}' data-choose='weight' "
                f"aria-label='Tap {k + 1}, {base}: weight {written(value, 3)}' "
                f"style='background:{colour}'>{number}</button>"
            )
        rows.append(
            f"<div role='group' aria-label='{base}'><b aria-hidden='true'>{base}</b>"
            f"{''.join(cells)}</div>"
        )
    return (
        f"<div role='listbox' aria-multiselectable='true' class='motiflab-weights' "
        f"aria-label='Weights; those that the window picks are selected'>{''.join(rows)}</div>"
    )


_FORMULA = {"none": "h = y", "relu": "h = max(0, y)", "exponential": "h = exp(y)"}


def _map(found: Trace, place: tuple[int, int], label: int) -> str:
    strands = " on each strand" if len(found.maps) == 2 else ""
    y, h = found.scores[place], found.maps[place]
    return (
        f"Filter {found.filter + 1} has {found.maps.shape[1]:,} windows{strands}. In "
        f"{_where(found, place)}: y = {written(y, 2)} and "
        f"{_FORMULA[found.settings.activation]} = <b>{brief(h)}</b>.</p>{_places(found, place)}"
    )


def _places(found: Trace, place: tuple[int, int]) -> str:
    """The map as bars of the better strand of each window, to choose one."""
    strands, values = found.maps.argmax(axis=0), found.maps.max(axis=0)
    share = -(-len(values) // _CHOICES)
    best = [j + int(values[j : j + share].argmax()) for j in range(0, len(values), share)]
    here = place[1] // share
    best[here] = place[1]
    top = max(np.abs(values).max(), 1e-12)
    bars = []
    for n, j in enumerate(best):
        value = found.maps[place] if n == here else values[j]
        strand = place[0] if n == here else int(strands[j])
        start = int(found.positions(j)[0]) + 1
        colour = signed_fill(value, 1).split('"')[1]
        bars.append(
            f"<button role='option' aria-selected='{str(n == here).lower()}' "
            f"tabindex='{0 if n == here else -1}' data-choose='window:{strand}:{j}' "
            f"aria-label='Window from base {minus(str(start))}, strand {'+−'[strand]}: "
            f"h = {brief(value)}'><i style='height:{max(2, 100 * abs(value) / top):.0f}%;"
            f"background:{colour}'></i></button>"
        )
    return (
        "<div role='listbox' class='motiflab-places' aria-label='Windows, to choose one'>"
        f"{''.join(bars)}</div>"
    )


_HOW = {
    "max": "the largest number",
    "average": "the mean",
    "logsumexp": "the logarithm of the sum of the exponentials",
}


def _pooled(found: Trace, place: tuple[int, int], label: int) -> str:
    s, features = found.settings, found.features
    how, both = _HOW[s.pooling], " on both strands" if s.both_strands else ""
    if s.layers == 2:
        first = f" are pooled in windows of {s.window} and" if s.window else ""
        words = (
            f"The maps of all {s.filters} filters{first} go through a second layer of "
            f"{s.second_filters} filters and ReLU. Of each of its maps{both}, {how} goes on: "
        )
        return f"{words}a = {_some(features[:, 0])}.</p>"
    own = features[found.filter]
    if s.window:
        return (
            f"The map is cut into windows of {s.window} places. Of each{both}, {how} goes on. "
            f"Filter {found.filter + 1}: a = {_some(own)}.</p>"
        )
    of = f"Of the {found.maps.size:,} numbers h of filter {found.filter + 1}{both}"
    where = f", from {_where(found, found.best)}" if s.pooling == "max" else ""
    others = np.delete(features[:, 0], found.filter)
    rest = f" Other filters: a = {_some(others)}." if len(others) else ""
    return f"{of}, {how} goes on: <b>a = {brief(own[0])}</b>{where}.{rest}</p>"


def _some(values: np.ndarray, most: int = 12) -> str:
    words = ", ".join(brief(value) for value in values[:most])
    return words + (f" and {len(values) - most} more" if len(values) > most else "")


def _dense(found: Trace, place: tuple[int, int], label: int) -> str:
    parts, single = found.contributions, found.features.shape[1] == 1
    order = np.argsort(-np.abs(parts), kind="stable")
    shown, rest = order[:_ROWS], order[_ROWS:]
    rows = []
    for f in shown:
        own = [brief(found.features[f, 0]), brief(found.dense[f, 0])] if single else []
        rows.append([f"filter {f + 1}", *own, brief(parts[f])])
    blank = [""] * (2 if single else 0)
    if len(rest):
        rows.append([f"{len(rest)} others", *blank, brief(parts[rest].sum())])
    layer = " of the second layer" if found.settings.layers == 2 else ""
    each = "" if single else f" Each filter has {found.features.shape[1]} such products."
    heads = ["", *(["a", "v"] if single else []), "v·a"]
    return (
        f"Each number a{layer} is multiplied by its weight v, and all are added up.{each} "
        f"z = {brief(parts.sum())} + v<sub>0</sub>, with v<sub>0</sub> = "
        f"{brief(found.dense_bias)}: <b>z = {brief(found.logit)}</b>.</p>"
        f"{html_table('', heads, rows)}"
    )


def _sigmoid(found: Trace, place: tuple[int, int], label: int) -> str:
    z, right = found.logit, found.probability if label else 1 - found.probability
    sign = -1 if label else 1
    loss = float(np.logaddexp(0, sign * z))
    which = "positive" if label else "negative"
    return (
        f"ŷ = 1 / (1 + exp(−z)) = 1 / (1 + exp({brief(-z)})) = <b>{found.probability:.3f}</b>. "
        f"The sequence is {which}, so the network gives the right answer a probability of "
        f"{right:.3f}. The loss of this sequence is −ln of that: {loss:.3f} nats.</p>"
    )


_WORKED = {
    "one_hot": _one_hot,
    "windows": _windows,
    "map": _map,
    "pooled": _pooled,
    "dense": _dense,
    "sigmoid": _sigmoid,
}

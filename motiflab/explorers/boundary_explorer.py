"""Explore the ends of a sequence: effect of zero padding on scores and on the maximum."""

from __future__ import annotations

import functools

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.explorers.pooling_explorer import ends, load_filter
from motiflab.figures import (
    PooledMap,
    end_pooled_chart,
    end_scores_chart,
    equals,
    fitted,
    pooled_map_svg,
    written,
)
from motiflab.layers import (
    centre,
    cross_correlate,
    output_length,
    place_motif,
    pool,
    pooled_along,
    same_padding,
    scores_at_ends,
)
from motiflab.motifs import Motif
from motiflab.sequences.encoding import decode, encode_aligned, one_hot, random_sequences
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    Explorer,
    NamesMotifs,
    Player,
    Tool,
    choice,
    motif_name,
    own_motifs,
    slider,
)

LENGTH, WIDEST = 40, 20  # bases
_DRAWN = 200  # number of sequences and sites for the measured means
_SEED = 7
_UNIFORM = np.full(4, 0.25)


class BoundaryState(NamesMotifs, CardState):
    """What a learner can choose: the motif and its place, padding, weights and window."""

    middle: int = slider(
        12,
        "Middle of the motif (base)",
        0,
        LENGTH - 1,
        group="Sequence",
        help="Near 0 and 39 the end of the sequence cuts off part of the motif",
    )
    motif: str = motif_name("GATA2", group="Filter", rare=True)
    own: str = own_motifs(group="Filter", rare=True)
    padding: str = choice(
        "same",
        "Padding",
        [("Same (zeros)", "same"), ("None", "none")],
        group="Filter",
        help="Same: ⌊K/2⌋ zeros at each end; if the width K is even, one score more than bases",
    )
    centring: float = slider(
        0.0,
        "Centring of the weights, t",
        0.0,
        2.0,
        0.25,
        group="Filter",
        help="0: log-odds; 1: background scores 0 on average at each tap, its mean is in the bias",
    )
    window: int = slider(8, "Window w (scores)", 1, LENGTH, group="Pooling")


class BoundaryResult(CardResult):
    """Scores and maxima along the sequence.

    Attributes
    ----------
    places : ndarray, shape (M,)
        The base in the middle of each output's window.
    motif, background : ndarray, shape (M,)
        Exact mean scores.
    measured : dict of str to ndarray, shape (M,)
        Means over 200 sites and 200 sequences.
    pooled : ndarray
        For each output the maximum of its window with the motif there.
    output : int or None
        The output whose window is on the motif; None if there is none.
    picture : PooledMap
    limits : (float, float)
        Limits of the mean scores, for any centring.
    taps : ndarray, shape (K,)
        Contribution of each position of the motif to its score, without cut.
    bias : float
    """

    places: np.ndarray
    motif: np.ndarray
    background: np.ndarray
    measured: dict[str, np.ndarray]
    pooled: np.ndarray
    output: int | None
    picture: PooledMap
    limits: tuple[float, float]
    taps: np.ndarray
    bias: float


@functools.lru_cache(maxsize=4)
def _drawn(motif: Motif) -> tuple[np.ndarray, np.ndarray]:
    """Backgrounds (n, L, 4) and sites (n, K, 4), one-hot."""
    rng = np.random.default_rng(_SEED)
    backgrounds = encode_aligned("backgrounds", random_sequences(_DRAWN, LENGTH, None, rng))
    return backgrounds, encode_aligned("sites", motif.sample(_DRAWN, rng))


def compute(state: BoundaryState) -> BoundaryResult:
    """Score and pool along the sequence."""
    motif, log_odds = load_filter(state, WIDEST)
    half = same_padding(motif.width)
    padding = half if state.padding == "same" else 0
    outputs = output_length(LENGTH, motif.width, 1, padding)
    if state.window > outputs:
        raise ArgumentError(
            "window",
            f"Window w must be at most the length of the feature map, {outputs}, "
            f"not {state.window}.",
        )
    weights, bias = centre(log_odds, amount=state.centring)
    means = functools.partial(scores_at_ends, length=LENGTH, padding=padding)
    backgrounds, sites = _drawn(motif)
    # All backgrounds with their zeros are joined, as one scan is faster than 200. Windows that
    # reach from one into the next are removed afterwards.
    padded = np.pad(backgrounds, ((0, 0), (padding, padding), (0, 0)))
    chain = np.concatenate([*padded, np.zeros((motif.width - 1, 4))])
    scores = cross_correlate(chain, weights, bias)
    scores = scores.reshape(_DRAWN, -1)[:, :outputs]
    site = one_hot(motif.consensus())
    x = place_motif(backgrounds[0], site, state.middle - half)
    y = cross_correlate(x, weights, bias, padding=padding)
    # Fixed axes: the means at both ends of the centring slider, for both kinds of site.
    extremes = [
        means(w, r, bias=b)
        for w, b in (centre(log_odds, amount=t) for t in (0, 2))
        for r in (motif.probabilities(), _UNIFORM)
    ]
    # The output whose window is on the motif; each zero at the front shifts all outputs by one.
    output = state.middle - half + padding
    picture = PooledMap(
        letters=decode(x),
        site=(state.middle - half, state.middle - half + motif.width),
        width=motif.width,
        stride=1,
        padding=padding,
        y=y,
        window=state.window,
        step=state.window,
        kind="max",
        pooled=pool(y, state.window),
        limits=ends([*scores, y]),
        pooled_limits=ends([*scores, y]),
    )
    return BoundaryResult(
        state,
        places=np.arange(outputs) - padding + half,
        motif=means(weights, motif.probabilities(), bias=bias),
        background=means(weights, _UNIFORM, bias=bias),
        measured={
            # A score is linear in the site, so this is the mean over the sites.
            "motif": means(weights, sites.mean(axis=0), bias=bias),
            "background": scores.mean(axis=0),
        },
        pooled=pooled_along(weights, site, backgrounds[0], state.window, padding, bias),
        output=output if 0 <= output < outputs else None,
        picture=picture,
        limits=ends(np.concatenate(extremes) * 1.05),
        taps=(weights * site).sum(axis=1),
        bias=bias,
    )


def draw(result: BoundaryResult, uid: str) -> dict[str, str | Chart]:
    """Draw the sequence with its maps, mean scores by position, and the maximum by position."""
    state, places, at = result.state, result.places, result.output
    count, middle = len(result.pooled), len(places) // 2
    now = None
    if at is not None and at < count:  # the last outputs may be in no pooling window
        now = int(places[at]), float(result.pooled[at])
    title = f"{state.motif} around base {state.middle}, padding {state.padding}"
    drag = {i: f"middle={i}" for i in range(LENGTH)}
    return {
        "maps": fitted(
            functools.partial(pooled_map_svg, result.picture, title=title, drag=drag), uid
        ),
        "scores": Chart(
            end_scores_chart(
                places, result.motif, result.background, result.measured, LENGTH, result.limits
            ),
            f"Mean score of the motif {result.motif[0]:.2f} at the first place and "
            f"{result.motif[middle]:.2f} in the middle; of background {result.background[0]:.2f} "
            f"and {result.background[middle]:.2f}.",
        ),
        "pooled": Chart(
            end_pooled_chart(
                places[:count],
                result.pooled,
                now,
                state.window,
                LENGTH,
                ends(1.1 * result.pooled),  # so that the mark is not cut at the top
            ),
            f"Maximum of the motif's window: {result.pooled[0]:.2f} at the first place, "
            f"{result.pooled[count // 2]:.2f} in the middle.",
        ),
    }


def describe(result: BoundaryResult) -> str:
    """Add up the motif's score tap by tap, and compare zeros with background."""
    middle = len(result.places) // 2
    end, inner = result.background[0], result.background[middle]
    how = "as much as"
    if abs(end - inner) >= 1e-9:
        how = "more than" if end > inner else "less than"
    same = result.state.padding == "same"
    zeros = f"a zero scores {how} a random base" if same else "no window reaches a zero"
    return (
        f"<p>{_score(result)}</p><p>Background scores <b>{written(end, 2)}</b> on average at the "
        f"end and <b>{written(inner, 2)}</b> in the middle: {zeros}. The motif scores "
        f"{written(result.motif[0], 2)} and {written(result.motif[middle], 2)} on average.</p>"
    )


def _score(result: BoundaryResult) -> str:
    picture, j = result.picture, result.output
    if j is None:
        return "The end of the sequence cuts the motif. Without padding, no window lies there."
    # Positions beyond an end are zeros and add nothing.
    added = [
        value if 0 <= i < LENGTH else None
        for i, value in enumerate(result.taps, start=picture.site[0])
    ]
    taps = ["<b>0</b>" if value is None else written(value, 2) for value in added]
    sign = equals([result.bias, *filter(None, added)], picture.y[j], 2)
    n = j // picture.window
    pooled = "It lies in no pooling window."
    if n < len(picture.pooled):
        pooled = f"p[{n}] = <b>{written(picture.pooled[n], 2)}</b>."
    return (
        f"y[{j}] = b + Σ<sub>k</sub> W[k, x[{j} − {picture.padding} + k]] = "
        f"{written(result.bias, 2)} + {' + '.join(taps)} {sign} "
        f"<b>{written(picture.y[j], 2)}</b>, with {taps.count('<b>0</b>')} of {picture.width} "
        f"taps on zeros. {pooled}"
    )


class BoundaryExplorer(Explorer):
    """Move a motif over the end of a sequence, and see scores and maxima change.

    Examples
    --------
    >>> explorer = BoundaryExplorer(middle=0)
    >>> explorer.result.motif[0] < explorer.result.motif[3]  # cut, and whole
    np.True_
    >>> explorer.result.background[0] > explorer.result.background[3]  # with zeros, and without
    np.True_
    """

    State = BoundaryState
    title = "What happens at the ends of a sequence?"
    goal = "find weights for which zeros score exactly as much as background."
    rows = (("scores", "pooled"),)
    tools = ("play", *Explorer.tools)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)

    def toolbar(self) -> list[Tool]:
        """A button that moves the motif base by base."""
        return [Tool("play", Player(self, "middle"))]

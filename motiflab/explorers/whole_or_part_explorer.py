"""Explore how the pooling decides whether filters become whole motifs or parts of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from motiflab.datasets import Trial
from motiflab.figures import (
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    captioned,
    html_table,
    percent,
    svg_group,
    svg_path,
    svg_picture,
    svg_rect,
    svg_text,
    touch_areas,
    written,
)
from motiflab.figures.style import ACCENT, DIVERGING, SEQUENTIAL, TEXT
from motiflab.figures.svg import MIDDLE
from motiflab.interpretation import (
    FIRST_POOLS,
    PUBLISHED,
    FilterMatches,
    matching_filters,
    measured_pooling,
    pooling_data,
    pooling_settings,
    pooling_training,
)
from motiflab.motifs import Motif, jaspar
from motiflab.networks import SweepResult
from motiflab.widgets import (
    CardResult,
    CardState,
    SweepExplorer,
    SweepPlan,
    Trials,
    choice,
    side_by_side,
    slider,
    titled_logo,
)

LIVE = (2, 25)
"""Windows of the first pooling in the two networks that a learner trains."""

TRAIN, TEST, EPOCHS = 8000, 1000, 6
_GROUP = "I draw: % of filters that match"


class WholeOrPartState(CardState):
    """What a learner can choose: six points of a predicted curve, and what is shown."""

    at_2: int = slider(50, "at pool 2", 0, 100, 5, group=_GROUP)
    at_4: int = slider(50, "at pool 4", 0, 100, 5, group=_GROUP)
    at_10: int = slider(50, "at pool 10", 0, 100, 5, group=_GROUP)
    at_25: int = slider(50, "at pool 25", 0, 100, 5, group=_GROUP)
    at_50: int = slider(50, "at pool 50", 0, 100, 5, group=_GROUP)
    at_100: int = slider(50, "at pool 100", 0, 100, 5, group=_GROUP)
    show: str = choice(
        "mine",
        "Show",
        [
            ("my curve", "mine"),
            ("and what we measured", "measured"),
            ("and what was published", "published"),
        ],
        group="Then",
        help="Draw first",
    )

    @property
    def drawn(self) -> dict[int, float]:
        """The learner's share of matching filters for each first pool."""
        return {pool: getattr(self, f"at_{pool}") / 100 for pool in FIRST_POOLS}


class WholeOrPartResult(CardResult):
    """The curves, and the networks trained here.

    Attributes
    ----------
    drawn : dict of int to float
        The learner's curve, by first pool.
    measured : dict of int to tuple of float
        Share of matching filters, one for each training that is shipped.
    gap : float
        Mean distance of the learner's curve from the means of what was measured.
    live : dict of int to (float, FilterMatches)
        Of the networks trained here: mean AUROC, and which filters match.
    """

    drawn: dict[int, float]
    measured: dict[int, tuple[float, ...]]
    gap: float
    live: dict[int, tuple[float, FilterMatches]]


def plan(state: WholeOrPartState) -> SweepPlan:
    """Plan the training of two networks, which differ in the place of the pooling."""
    recipes = {f"{pool}": (pooling_settings(pool), pooling_training(EPOCHS)) for pool in LIVE}
    return SweepPlan(Trials({"planted": _trial}), recipes, range(1, 2))


@lru_cache(maxsize=1)
def _trial() -> Trial:
    return Trial(pooling_data(TRAIN, seed=11), {"held out": pooling_data(TEST, seed=12)})


@lru_cache(maxsize=8)
def _matches(result: SweepResult) -> FilterMatches:
    test = _trial().tests["held out"]
    return matching_filters(result.network, test, test.motifs, jaspar.collection("vertebrates"))


def summarise(state: WholeOrPartState, results: list[SweepResult]) -> WholeOrPartResult:
    """Compare the curves, and match the filters of the trained networks."""
    measured = {
        pool: tuple(
            run["share"]
            for run in measured_pooling()[1]
            if (run["pool"], run["activation"], run["labels"]) == (pool, "relu", "true")
        )
        for pool in FIRST_POOLS
    }
    gaps = [abs(share - _mean(measured[pool])) for pool, share in state.drawn.items()]
    live = {int(each.recipe): (each.auroc["held out"], _matches(each)) for each in results}
    return WholeOrPartResult(state, state.drawn, measured, _mean(gaps), live)


def _mean(values) -> float:
    return sum(values) / len(values)


_LEFT, _TOP, _STEP, _HIGH = 52, 24, 45, 176  # as wide as a card in a window of 800 pixels
_PLACE = Ruler(_LEFT + 8, _STEP)
_SHARE, _PERCENT = (Scale.between((0, most), _TOP, _HIGH) for most in (1, 100))


def draw(result: WholeOrPartResult, uid: str) -> dict[str, str]:
    """Draw the curves, the two networks, and all numbers as a table."""
    return {
        "curves": _curves(result, uid),
        "live": _live(result, uid),
        "table": _table(result),
    }


def _curves(result: WholeOrPartResult, uid: str) -> str:
    show, right = result.state.show, _PLACE.x(len(FIRST_POOLS))
    words = "pooling window of the first layer"
    drawing = [
        axis_lines(_PERCENT, _LEFT, right, (0, 100), (0, 25, 50, 75, 100)),
        svg_group(
            (
                svg_text(_PLACE.x(i + 0.5), _SHARE.zero + 16, pool)
                for i, pool in enumerate(FIRST_POOLS)
            ),
            MIDDLE,
        ),
        svg_text((_LEFT + right) / 2, _SHARE.zero + 34, words, "middle"),
        axis_name(_TOP + _HIGH / 2, "% of filters that match", x=12),
    ]
    keys = [(ACCENT, "drawn by you")]
    if show == "published":
        keys.append((DIVERGING[0], "published"))
        drawing += [
            svg_rect(
                _PLACE.x(i + 0.5) - 10,
                _SHARE.y(high) - 2,
                20,
                (high - low) * _SHARE.unit + 4,
                f'fill="{DIVERGING[0]}" fill-opacity="0.45"',
            )
            for i, (low, high) in enumerate(PUBLISHED.values())
        ]
        drawing.append(_line([_mean(ends) for ends in PUBLISHED.values()], DIVERGING[0], "2 3"))
    if show != "mine":
        keys.append((SEQUENTIAL, "measured here"))
        drawing.append(_line([_mean(each) for each in result.measured.values()], SEQUENTIAL))
        drawing += [
            f'<circle cx="{_PLACE.x(i + 0.5):.1f}" cy="{_SHARE.y(share):.1f}" r="3.5" '
            f'fill="{SEQUENTIAL}"/>'
            for i, shares in enumerate(result.measured.values())
            for share in shares
        ]
    drawing.append(_line(list(result.drawn.values()), ACCENT))
    drawing += [
        f'<circle cx="{_PLACE.x(i + 0.5):.1f}" cy="{_SHARE.y(share):.1f}" r="6" fill="{ACCENT}" '
        f'style="stroke:{TEXT}"/>'
        for i, share in enumerate(result.drawn.values())
    ]
    left = 8
    for colour, words in keys:
        drawing.append(
            svg_rect(left, 4, 12, 8, f'fill="{colour}"') + svg_text(left + 16, 12, words)
        )
        left += 34 + 6.3 * len(words)
    drawing.append(touch_areas(_places(), "Drag a point up or down, or move its slider"))
    svg = svg_picture(
        "".join(drawing),
        "Share of first-layer filters that match a planted motif, against the first pool",
        _in_words(result),
        uid,
        (right + 8, _TOP + _HIGH + 42),
    )
    return captioned("<b>How many of the 30 filters match a motif?</b>", svg)


def _line(shares: list[float], colour: str, dash: str = "") -> str:
    points = "L".join(
        f"{_PLACE.x(i + 0.5):.1f} {_SHARE.y(share):.1f}" for i, share in enumerate(shares)
    )
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return svg_path(f"M{points}", f'stroke="{colour}" stroke-width="2"{dashed}')


def _places() -> Iterator[str]:
    """Yield the places that each point can be dragged to."""
    high = 0.05 * _SHARE.unit
    for i, pool in enumerate(FIRST_POOLS):
        for drawn in range(0, 101, 5):
            y = _PERCENT.y(drawn) - high / 2
            yield svg_rect(_PLACE.x(i), y, _STEP, high, f'data-drag="at_{pool}={drawn}"')


def _in_words(result: WholeOrPartResult) -> str:
    show = result.state.show
    parts = []
    for pool, share in result.drawn.items():
        words = f"Pool {pool}: drawn {percent(share)}"
        if show != "mine":
            words += f", measured {percent(_mean(result.measured[pool]))}"
        if show == "published":
            words += f", published {_range(PUBLISHED[pool])}"
        parts.append(words)
    return "; ".join(parts) + "."


def _range(values) -> str:
    low, high = min(values), max(values)
    return percent(high) if high == low else f"{written(100 * low, 0)}–{percent(high)}"


def _live(result: WholeOrPartResult, uid: str) -> str:
    parts = []
    for pool in LIVE:
        if pool not in result.live:
            parts.append(captioned(f"<b>Pool {pool}</b>: not trained yet.", ""))
            continue
        auroc, matches = result.live[pool]
        whole = int((matches.matched >= 0).sum())
        head = f"Pool {pool}: {whole} of {len(matches.ppms)} filters match, AUROC {auroc:.2f}"
        best = int(matches.e_values.min(axis=1).argmin())
        name = _name(matches, best)
        parts.append(
            titled_logo(
                Motif("filter", matches.ppms[best] * 100),
                title=f"{head}. Its best filter: {name}",
                uid=f"{uid}-{pool}",
                height=70,
                column=12,
                kind="bits",
            )
        )
    return captioned(
        "Two networks, trained on your computer:",
        side_by_side(parts),
    )


def _name(matches: FilterMatches, index: int) -> str:
    motif = matches.matched[index]
    planted = _trial().train.motifs
    return planted[motif].name if motif >= 0 else "no planted motif"


def _table(result: WholeOrPartResult) -> str:
    shown = result.state.show
    rows = []
    for pool in FIRST_POOLS:
        rows.append(
            [
                pool,
                percent(result.drawn[pool]),
                "–" if shown == "mine" else ", ".join(map(percent, result.measured[pool])),
                _range(PUBLISHED[pool]) if shown == "published" else "–",
                percent(result.live[pool][1].share) if pool in result.live else "–",
            ]
        )
    heads = ["first pool", "drawn", "measured, each training", "published", "trained here"]
    return html_table("Share of first-layer filters that match a planted motif", heads, rows)


def describe(result: WholeOrPartResult) -> str:
    """Compare the drawn curve with the measured one, and describe the trained networks."""
    show = result.state.show
    if show == "mine":
        said = (
            "<p>Drag the six points to what you expect: does a network whose first pool is small "
            "hold whole motifs in its first layer, or one whose first pool is large? Then choose "
            "what else to show.</p>"
        )
    else:
        far = max(
            FIRST_POOLS, key=lambda pool: abs(result.drawn[pool] - _mean(result.measured[pool]))
        )
        said = (
            f"<p>Your curve is <b>{written(100 * result.gap, 0)} percentage points</b> away from "
            f"the measured one on average, most at pool {far}: you drew "
            f"{percent(result.drawn[far])}, measured were "
            f"{_range(result.measured[far])}."
        )
        if show == "published":
            said += (
                f" Published there: {_range(PUBLISHED[far])}, from longer trainings of a larger "
                "network."
            )
        said += "</p>"
    if len(result.live) == len(LIVE):
        small, large = (result.live[pool][1].share for pool in LIVE)
        kind = "The same order as measured" if small < large else "Not the order that was measured"
        said += (
            f"<p>Trained here: {percent(small)} of the filters match with pool {LIVE[0]}, "
            f"{percent(large)} with pool {LIVE[1]}. {kind}.</p>"
        )
    else:
        said += (
            f"<p>Train makes the networks with pools {LIVE[0]} and {LIVE[1]} on this computer, on "
            f"{TRAIN:,} sequences.</p>"
        )
    return said


class WholeOrPartExplorer(SweepExplorer):
    """Draw a curve before it is shown, and train the two networks that differ most.

    Examples
    --------
    >>> card = WholeOrPartExplorer(at_2=0, at_4=0, show="measured")
    >>> card.result.drawn[2], max(card.result.measured[2]), card.result.live
    (0.0, 0.0, {})
    """

    State = WholeOrPartState
    title = "Does the first layer learn whole motifs or parts?"
    goal = "draw the curve before you look, then train the two networks that differ most."
    rows = (("curves",), ("live",))
    numbers = ("table",)
    seconds = 25.0
    plan, summarise = staticmethod(plan), staticmethod(summarise)
    draw, describe = staticmethod(draw), staticmethod(describe)

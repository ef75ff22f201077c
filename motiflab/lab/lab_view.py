"""The pictures and the words of the lab: pure functions of a `Look`."""

from __future__ import annotations

import math
from functools import partial
from html import escape

from motiflab.evaluation import Curve
from motiflab.figures import (
    activation_tracks_svg,
    activation_tracks_table,
    captioned,
    fitted,
    gallery_html,
    gallery_table,
    hero_html,
    loss_chart,
    loss_text,
    name_text,
    precision_recall_chart,
    precision_recall_html,
    precision_recall_text,
    roc_chart,
    roc_text,
    thumbnails_html,
)
from motiflab.interpretation.filter_names import LEAST_LLR
from motiflab.lab.lab_events import goals, learned, resembles
from motiflab.lab.lab_network import Walk, draw_network
from motiflab.lab.training_session import SHOWN, Look
from motiflab.motifs import Motif, similarity
from motiflab.widgets import Chart

NOTHING = "Nothing yet"
TOO_WEAK = "Too weak for a name"

SHAPE_ONLY = (
    "Logos from weights show the shape only: later layers can make up for the size of the "
    "weights, so the heights of the letters are not bits."
)


def draw(
    look: Look | None,
    uid: str,
    panel: str = "stage",
    tables: bool = False,
    walk: Walk | None = None,
) -> dict[str, str | Chart]:
    """Draw a moment of a training, or with None a lab without data.

    Parameters
    ----------
    look : Look or None
    uid : str
        For the ids in the pictures.
    panel : str
        The open panel, one of `motiflab.lab.lab_stage.PANELS`. Hidden pictures are empty.
    tables : bool
        Whether the numbers are always shown.
    walk : Walk, optional
        Selection in the tab of the network; its beginning if not given.
    """
    drawn = dict.fromkeys(("hero", "curve", "thumbnails"), "")
    drawn |= dict.fromkeys(("precision_recall", "roc", "loss", "tracks", "filters", "tables"), "")
    drawn |= dict.fromkeys(("sequences", "network", "worked"), "")
    stage, curves = panel in ("stage", "more"), panel == "curves"  # settings only cover the stage
    if look is None:
        drawn |= {"curve": precision_recall_html(None, None, (), f"{uid}p")} if stage else {}
        return drawn | (_charts(None, None, (), None, None, ([], [], None, {})) if curves else {})
    session, data = look.session, look.session.data
    if stage:
        motifs = {card.index: card.motif for card in look.cards}
        every = [
            (f.index, f.strength, motifs.get(f.index, None if f.silent else f.motif))
            for f in look.filters
        ]
        q = data.background
        drawn["hero"] = hero_html(look.hero, *_resembled(look), f"{uid}h", q)
        drawn["thumbnails"] = thumbnails_html(every, look.hero.index, q)
        drawn["curve"] = precision_recall_html(
            look.precision_recall, data.best_precision_recall, look.earlier, f"{uid}p"
        )
    if curves:
        best = data.best_precision_recall, data.best_roc
        losses = look.steps, look.losses, session.total, look.held_out
        drawn |= _charts(look.precision_recall, best[0], look.earlier, look.roc, best[1], losses)
    if panel == "network":
        drawn |= draw_network(look, walk or Walk())
    model = session.state.model()
    settled = (model.span, model.stride, model.padding)
    if panel == "tracks":
        named = f"Filter {look.hero.index + 1}, shown large"
        drawn["tracks"] = captioned(
            f"<b>{named}, along five held-out sequences</b> ",
            fitted(
                partial(activation_tracks_svg, look.tracks, *settled, filter_name=named), f"{uid}t"
            ),
        )
    if panel == "filters":
        drawn["filters"] = captioned(
            f"<b>Filters as logos, strongest first.</b> {_shown(look)}",
            gallery_html(look.cards, f"{uid}f", data.background),
        )
    if panel == "numbers" or tables:
        drawn["tables"] = _tables(look, settled)
    return drawn


def _charts(
    curve: Curve | None, best: Curve | None, earlier, roc: Curve | None, best_roc, losses: tuple
) -> dict[str, Chart]:
    prevalence = curve and curve.baseline
    steps, values, last, held_out = losses
    return {
        "precision_recall": Chart(
            precision_recall_chart(curve, prevalence, best, earlier),
            precision_recall_text(curve, prevalence, best),
        ),
        "roc": Chart(roc_chart(roc, best_roc), roc_text(roc, best_roc)),
        "loss": Chart(
            loss_chart(steps, values, last, held_out), loss_text(steps, values, held_out)
        ),
    }


def _resembled(look: Look) -> tuple[str, Motif | None, int]:
    """Name of the hero, the motif to draw behind it, and its offset."""
    card = look.hero
    named = resembles(card) if learned(look) else ""
    if not named:
        return TOO_WEAK if _weak(look) else NOTHING, None, 0
    motif = card.truth or card.name.best.motif
    at = similarity(card.motif, motif, look.session.data.background)
    if at is None:  # the filter is too narrow for it
        return named, None, 0
    return named, motif if at.strand == "+" else motif.reverse_complement(), at.offset


def describe(look: Look | None) -> str:
    """Describe a moment: the formula of the loss, the areas, the strongest filter, the data."""
    if look is None:
        return "<p>Choose a FASTA file under the title, or type its path beside it.</p>"
    session, data, record = look.session, look.session.data, look.record
    curve, card = look.precision_recall, look.hero
    areas = precision_recall_text(curve, curve.baseline, data.best_precision_recall)
    formula = (
        f"loss = mean of −[y·ln ŷ + (1 − y)·ln(1 − ŷ)] = <b>{record.loss:.3f} nats</b> "
        f"(0.693 if ŷ is always ½). Step {record.step} of {session.total}, epoch "
        f"{record.epoch:.1f} of {session.state.epochs}."
    )
    dead = sum(f.silent for f in look.filters)
    lost = f" <b>{_dead(dead, len(look.filters))}</b>" if dead else ""
    filter = f"Filter {card.index + 1} alone: AUROC {card.strength:.2f} on training sequences"
    if card.planted:
        name = escape(card.truth.name)
        filter += f"; similarity to the planted {name} {card.truth_similarity:.2f}"
    note = f" {SHAPE_ONLY}" if look.logos == "weights" else ""
    name = _weak(look) if card.name is None else ""
    return (
        f"<p>{formula}</p><p>On {len(data.test):,} held-out sequences: {areas}</p>"
        f"<p>{filter}. {name or name_text(card.name)}{note}{lost}</p>"
    )


def _weak(look: Look) -> str:
    """Say whether a planted motif has too little information to be named."""
    data = look.session.data
    nats = {m.name: m.information(data.background).sum() * math.log(2) for m in data.train.motifs}
    weak = min(nats, key=nats.get, default="")
    if not weak or nats[weak] >= LEAST_LLR or not look.record.step:
        return ""
    return (
        f"The planted motif {escape(weak)} is weak: it holds {nats[weak]:.1f} nats of information, "
        f"but a name needs {LEAST_LLR:g} nats per window. A filter that learns it may stay "
        "without a name."
    )


def _dead(silent: int, filters: int) -> str:
    """Count filters without any score above 0; if there are many, explain why."""
    count = f"{silent} of {filters} filters {'is' if silent == 1 else 'are'} dead"
    if 2 * silent < filters:  # a few are usual, and there is no room for an explanation
        return f"{count}."
    return (
        f"{count}: no score is above 0, so ReLU passes no gradient. The learning "
        "rate is too high, or the biases began too low."
    )


def goals_html(look: Look | None) -> str:
    """List the goals, with a tick for each reached one."""
    if look is None:
        return ""
    return "Goal: " + " ".join(
        f"<span class='motiflab-{'reached' if reached else 'open'}'>"
        f"{'✓' if reached else '○'} {escape(words)}.</span>"
        for reached, words in goals(look)
    )


def condition(look: Look, running: bool, following: bool) -> str:
    """Say what a training is doing, and whether its latest moment is shown."""
    session = look.session
    words = "training" if running else "paused" if session.step else "not trained yet"
    if session.done:
        words = "stopped" if session.trouble else "trained"
    return words if following else f"{words}, looking back at step {look.record.step}"


def _shown(look: Look) -> str:
    total = look.session.state.filters
    words = [f"{SHOWN} of {total} are shown."] if total > SHOWN else []
    words.append("AUROC of each filter on its own, on training sequences.")
    dilation = look.session.state.dilation
    if dilation > 1:
        words.append(f"Columns lie {dilation} bases apart.")
    words.append("Name: the known motif that best explains its windows and the bases beside them.")
    if look.logos == "weights":
        words.append("Letter heights show only the shape.")
    return " ".join(words)


def _tables(look: Look, settled: tuple[int, int, int]) -> str:
    data = look.session.data
    words = [
        escape(data.train.note),
        loss_text(look.steps, look.losses, look.held_out),
        precision_recall_text(
            look.precision_recall, look.precision_recall.baseline, data.best_precision_recall
        ),
        roc_text(look.roc, data.best_roc),
    ]
    return (
        f"<p>{'<br>'.join(words)}</p>{gallery_table(look.cards)}"
        f"{activation_tracks_table(look.tracks, *settled)}"
    )

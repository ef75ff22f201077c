"""The pictures and the words of the lab: pure functions of a `Look`."""

from __future__ import annotations

from html import escape

from motiflab.figures import (
    activation_tracks_svg,
    activation_tracks_table,
    captioned,
    gallery_html,
    gallery_table,
    loss_chart,
    loss_text,
    name_text,
    precision_recall_chart,
    precision_recall_text,
    roc_chart,
    roc_text,
)
from motiflab.lab.training_session import SHOWN, Look
from motiflab.widgets import Chart

SHAPE_ONLY = (
    "Logos from weights show the shape only: what follows a filter in the network can make up for "
    "the size of its weights, so the heights of the letters are not bits."
)


def draw(look: Look | None, uid: str, tables: bool = False) -> dict[str, str | Chart]:
    """Draw a moment of a training; None is a lab that has no data yet."""
    if look is None:
        return {
            "precision_recall": Chart(
                precision_recall_chart(None, None), precision_recall_text(None, None)
            ),
            "loss": Chart(loss_chart([], []), loss_text([], [])),
            "roc": Chart(roc_chart(None), roc_text(None)),
            "filters": "",
            "tracks": "",
            "tables": "",
        }
    session, data = look.session, look.session.data
    model, best = session.state.model(), look.filters[0].index
    curve, prevalence = look.precision_recall, look.precision_recall.baseline
    named = f"Filter {best + 1}, the strongest"
    settled = (model.span, model.stride, model.padding)
    return {
        "precision_recall": Chart(
            precision_recall_chart(curve, prevalence, data.best_precision_recall),
            precision_recall_text(curve, prevalence, data.best_precision_recall),
        ),
        "loss": Chart(
            loss_chart(look.steps, look.losses, last=session.total),
            loss_text(look.steps, look.losses),
        ),
        "roc": Chart(roc_chart(look.roc, data.best_roc), roc_text(look.roc, data.best_roc)),
        "filters": captioned(
            f"<b>Filters as logos, strongest first.</b> {_shown(look)}",
            gallery_html(look.cards, f"{uid}f", data.background),
        ),
        "tracks": captioned(
            f"<b>{named}, along five held-out sequences</b> ",
            activation_tracks_svg(look.tracks, *settled, filter_name=named, uid=f"{uid}t"),
        ),
        "tables": _tables(look, settled) if tables else "",
    }


def describe(look: Look | None) -> str:
    """Say what is seen: the loss as its formula, the areas, the strongest filter, the data."""
    if look is None:
        return "<p>Choose a FASTA file under the title, or type its path beside it.</p>"
    session, data, record = look.session, look.session.data, look.record
    held_out = len(data.test)
    best = look.cards[0]
    sentences = [
        f"Step {record.step} of {session.total}, epoch {record.epoch:.1f} of "
        f"{session.state.epochs}.",
        f"On {held_out:,} held-out sequences: "
        + precision_recall_text(
            look.precision_recall, look.precision_recall.baseline, data.best_precision_recall
        ),
        f"Filter {best.index + 1} is the strongest: alone it has AUROC {best.strength:.2f} on "
        "training sequences"
        + (
            f"; its similarity to the planted {escape(best.truth.name)} is "
            f"{best.truth_similarity:.2f}"
            if best.planted
            else ""
        )
        + ".",
        name_text(best.name),
    ]
    formula = (
        f"loss = mean of −[y·ln ŷ + (1 − y)·ln(1 − ŷ)] = <b>{record.loss:.3f} nats</b> "
        "(0.693 for always ŷ = ½)"
    )
    notes = [escape(data.train.note)]
    if look.logos == "weights":
        notes.append(SHAPE_ONLY)
    return f"<p>{formula}</p><p>{' '.join(sentences)}</p><p>{' '.join(notes)}</p>"


def condition(look: Look, running: bool, following: bool) -> str:
    """Say what a training is doing, and whether the latest moment of it is seen."""
    session = look.session
    words = "training" if running else "paused" if session.step else "not trained yet"
    if session.done:
        words = "stopped" if session.trouble else "trained"
    return words if following else f"{words}, looking back at step {look.record.step}"


def _shown(look: Look) -> str:
    total = look.session.state.filters
    words = [f"{SHOWN} of {total} are shown."] if total > SHOWN else []
    words.append("AUROC: of the filter alone, on training sequences.")
    dilation = look.session.state.dilation
    if dilation > 1:
        words.append(f"Columns lie {dilation} bases apart.")
    words.append("Name: the known motif that explains the windows and the bases beside them best.")
    if look.logos == "weights":
        words.append("Heights show the shape only.")
    return " ".join(words)


def _tables(look: Look, settled: tuple[int, int, int]) -> str:
    data = look.session.data
    words = [
        loss_text(look.steps, look.losses),
        precision_recall_text(
            look.precision_recall, look.precision_recall.baseline, data.best_precision_recall
        ),
        roc_text(look.roc, data.best_roc),
    ]
    return (
        f"<p>{'<br>'.join(words)}</p>{gallery_table(look.cards)}"
        f"{activation_tracks_table(look.tracks, *settled)}"
    )

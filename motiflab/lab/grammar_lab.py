"""A lab for grammar: both classes contain both motifs, and only their distance differs."""

from __future__ import annotations

from functools import partial

from motiflab.checks import ArgumentError
from motiflab.figures import (
    captioned,
    field_chart,
    field_chart_text,
    field_svg,
    field_text,
    fitted,
    gallery_html,
    loss_chart,
    loss_text,
    reading_svg,
    reading_table,
    reading_text,
    roc_chart,
    roc_text,
)
from motiflab.interpretation.filters_as_motifs import Reading, read_second_layer
from motiflab.lab.lab_state import LabState
from motiflab.lab.motif_lab import MotifLab
from motiflab.lab.training_session import Look
from motiflab.layers.receptive_fields import Grammar, Stack, receptive_field
from motiflab.networks import one_thread
from motiflab.widgets import Chart
from motiflab.widgets.controls import style_sheet
from motiflab.widgets.fields import declared

RECIPE = {
    "motif": "GATA2",
    "second": "TCF3",
    "gap_min": 9,
    "gap_max": 11,
    "contrast": "gaps",
    "planted_strands": False,
    "seed": 2,
    "n": 4000,
    "length": 70,
    "filters": 16,
    "width": 7,
    "window": 4,
    "layers": 2,
    "second_filters": 16,
    "second_width": 1,
    "both_strands": False,
    "learning_rate": 0.02,
    "epochs": 10,
}
"""Default choices, with which the receptive field decides and a training takes seconds."""

PANELS = {
    "stage": "Spacing",
    "reading": "What layer 2 reads",
    "curves": "Curves",
    "filters": "All filters",
    "more": "More settings",
}
"""The panels of the stage, and the labels of their tabs."""

FIRST = (
    *("gap_min", "gap_max", "other_min", "other_max"),
    *("window", "second_width", "second_dilation", "speed"),
)
"""Fields whose controls are always beside the stage."""

_SHOWN = {*FIRST, "seed", "tables"}

STYLE = """
.motiflab-grammar .motiflab-panel-stage .motiflab-pictures { --motiflab-chart-height: 144px; }
@container (min-width: 701px) {
  .motiflab-grammar .motiflab-panel-stage .motiflab-pictures { --motiflab-chart-height: 236px;
    grid-template-columns: minmax(338px, 3fr) minmax(0, 2fr); }
  .motiflab-grammar .motiflab-picture-field { grid-column: 1; }
  .motiflab-grammar .motiflab-picture-trials { grid-column: 2; }
}
.motiflab-grammar .motiflab-panel-curves .motiflab-pictures {
  grid-template-columns: repeat(2, minmax(0, 1fr)); }
.motiflab-grammar .motiflab-stage:not(.motiflab-panel-stage) :is(.motiflab-picture-field,
  .motiflab-picture-trials),
.motiflab-grammar .motiflab-stage:not(.motiflab-panel-reading) :is(.motiflab-picture-reading,
  .motiflab-picture-tables),
.motiflab-grammar .motiflab-stage:not(.motiflab-panel-filters) .motiflab-picture-filters {
  display: none; }
"""

# The pictures need a planted pair of motifs, and a second layer over such a first layer.
_NEEDED = {"source": "planted", "layers": 2, "stride": 1, "dilation": 1}


def grammar_of(state: LabState) -> Grammar:
    """Return the lengths of the two motifs in the positives, and their gap."""
    one, other = state.arrangement().motifs
    return Grammar(one.width, other.width, state.gap_min, state.gap_max)


def stack_of(state: LabState) -> Stack:
    """Return the layers of the network, for its receptive field."""
    return Stack(state.width, max(state.window, 1), state.second_width, state.second_dilation)


class GrammarLab(MotifLab):
    """Train networks with different receptive fields to distinguish two spacings.

    It is a `MotifLab` that begins with `RECIPE`, shows few of its controls, and keeps the result of
    every training. The picture of the field shows the current choices, the other pictures the
    training.

    Parameters
    ----------
    **choices
        As for `MotifLab`; they replace those of `RECIPE`.

    Attributes
    ----------
    trials : dict
        Receptive field in bases and held-out AUROC of each finished training, by its state.

    Examples
    --------
    >>> lab = GrammarLab(n=400, epochs=1, speed="full")
    >>> lab.start()
    >>> [field for field, auroc in lab.trials.values()]
    [10]
    """

    title = "Can it learn the spacing?"
    goal = (
        "reach an AUROC of 0.99 by moving one control; then find the smallest field that beats a "
        "guess."
    )
    panels, first = PANELS, FIRST

    def __init__(self, **choices) -> None:
        self.trials: dict[LabState, tuple[int, float]] = {}
        super().__init__(**{**RECIPE, **choices})

    def arrange(self, tools, undo) -> list:
        """Lay out the pictures of this lab on the stage."""
        return [*super().arrange(tools, undo), style_sheet(STYLE)]

    def seen(self) -> list[list[str]]:
        """Names of the pictures of a still: the field and the runs."""
        return [["field", "trials"]] if self.result else super().seen()

    def _card(self):
        card = super()._card()
        card.add_class("motiflab-grammar")
        return card

    def put_away(self, fields) -> None:
        """Show only the controls that this lab needs."""
        super().put_away(set(fields) | (set(declared(LabState)) - _SHOWN))

    def compute(self, state: LabState) -> Look | None:
        """Return the current moment of the training; refuse states without pictures here."""
        for name, value in _NEEDED.items():
            if getattr(state, name) != value:
                label = declared(state)[name].label
                raise ArgumentError(
                    name, f"{label} must be {value} in this lab, not {getattr(state, name)}."
                )
        if not state.second.strip():
            raise ArgumentError(
                "second", "Second motif must be a name or an id of JASPAR in this lab."
            )
        return super().compute(state)

    def _look(self, index: int, logos: str) -> Look:
        """Return the moment of a record, and keep the result of a finished training."""
        seen, session = super()._look(index, logos), self.session
        if session.done and not session.trouble and index == len(session.records) - 1:
            self.trials[session.state] = _point(seen)
        return seen

    def draw(self, result: Look, uid: str) -> dict:
        """Draw the chosen field, and the current moment."""
        session, state = result.session, self.state
        grammar, stack = grammar_of(state), stack_of(state)
        reading, names = read(result)
        alike = [point for other, point in self.trials.items() if _gaps(other) == _gaps(state)]
        fields, areas = [field for field, _ in alike], [area for _, area in alike]
        needed = grammar.needed(stack.window)
        steps, losses = result.steps, result.losses
        best = session.data.best_roc
        caption = (
            f"<b>What second-layer filter {reading.index + 1} reads.</b> Rows: filters of the "
            "first layer, named after the planted motif most like them. Columns: bases from the "
            "first tap. Numbers: what each adds to its score, on average."
        )
        return {
            "field": field_svg(stack, grammar, uid=f"{uid}g"),
            "trials": Chart(
                field_chart(fields, areas, needed, _point(result)),
                field_chart_text(fields, areas, needed),
            ),
            "loss": Chart(loss_chart(steps, losses, last=session.total), loss_text(steps, losses)),
            "roc": Chart(roc_chart(result.roc, best), roc_text(result.roc, best)),
            "reading": captioned(caption, fitted(partial(reading_svg, reading, names), f"{uid}r"))
            + f"<p>{reading_text(reading, names)}</p>",
            "filters": captioned(
                "<b>Filters of the first layer.</b> AUROC of each filter on its own, on training "
                "sequences.",
                gallery_html(result.cards, f"{uid}f", session.data.background),
            ),
            "tables": reading_table(reading, names) if state.tables else "",
        }

    def describe(self, result: Look) -> str:
        """Say which field is needed and reached, and how well the classes are separated."""
        session, state = result.session, self.state
        grammar, stack = grammar_of(state), stack_of(state)
        field, area = _point(result)
        parameters = sum(values.size for values in result.record.weights.values())
        return (
            f"<p>A is {state.motif}, B is {state.second}; needed: L<sub>A</sub> + g<sub>max</sub> "
            f"+ L<sub>B</sub> + (J − 1) = {grammar.first} + {grammar.gap_max} + {grammar.second} "
            f"+ {stack.window - 1} = <b>{grammar.needed(stack.window)} bases</b>. "
            f"{field_text(stack, grammar)}</p>"
            f"<p>The network in training sees {field} bases and has "
            f"{parameters:,} parameters. Step "
            f"{result.record.step} of {session.total}: loss {result.record.loss:.3f} nats (0.693 "
            f"if ŷ is always ½); on {len(session.data.test):,} held-out sequences AUROC "
            f"<b>{area:.3f}</b> (best possible {session.data.best_roc.area:.3f}, a guess 0.5).</p>"
        )


def _gaps(state: LabState) -> tuple[int, ...]:
    return state.gap_min, state.gap_max, state.other_min, state.other_max


def _point(look: Look) -> tuple[int, float]:
    return receptive_field(stack_of(look.session.state).layers).size, look.roc.area


@one_thread()
def read(look: Look) -> tuple[Reading, list[str]]:
    """Return what the second layer reads at a moment of a training.

    Parameters
    ----------
    look : Look
        For example the `result` of a lab.

    Returns
    -------
    reading : Reading
        Measured on the sequences from which the logos are made.
    names : list of str
        Names of the filters of the first layer: the planted motif that explains the windows of
        each, and its number; "other" if none does (`explained_by`).
    """
    session = look.session
    reading = read_second_layer(session.at(look.index), session.data.logos)
    names = [f"other, filter {f + 1}" for f in range(session.state.filters)]
    for card in look.cards:
        if card.planted:
            sign = "" if card.truth_strand == "+" else " −"
            names[card.index] = f"{card.truth.name}{sign}, filter {card.index + 1}"
    return reading, names

"""The state of the lab, all choices of a learner, and its validation."""

from __future__ import annotations

import dataclasses
from typing import Any

from motiflab.checks import ArgumentError
from motiflab.datasets.planting import Arrangement
from motiflab.datasets.sources import LONGEST
from motiflab.motifs import Motif, MotifCollection, jaspar, own_collection, own_motif
from motiflab.networks import ModelSettings, TrainSettings
from motiflab.sequences.fasta import LIMITS
from motiflab.widgets import (
    CardState,
    NamesMotifs,
    choice,
    motif_name,
    number,
    own_motifs,
    slider,
    text,
    toggle,
)
from motiflab.widgets.fields import declared

_DATA, _MODEL, _TRAINING, _VIEW = "Data", "Model", "Training", "View"
_MOST_VALUES = 20_000_000  # largest feature map in training: gradients need 13 bytes per value
_NAMES = {"window": "Pooling window", "second_width": "Width of layer 2"}
_GAPS, _OTHER_GAPS = {"gap_min", "gap_max"}, {"other_min", "other_max"}
_MOTIFS = {"motif", "second"}
_PLANTED = {*_MOTIFS, "contrast", "planted_strands", "length", "gc", "n"}
_SHUFFLE = "What the negatives share with the positives cannot be learned from them"


class LabState(NamesMotifs, CardState):
    """The choices of the lab; `arrangement`, `model` and `training` return their settings."""

    meant_before = (
        "An earlier motiflab made this. There this seed gave different first weights and a "
        "different order of the batches: the training is as good, but not the same.",
    )

    source: str = choice(
        "planted",
        "Learn from",
        [("planted motif", "planted"), ("CTCF peaks", "ctcf"), ("my FASTA", "fasta")],
        group=_DATA,
    )
    motif: str = motif_name("GATA2", group=_DATA)
    second: str = motif_name(
        "", "Second motif (or empty)", help="Follows after the gap", group=_DATA
    )
    own: str = own_motifs(group=_DATA)
    gap_min: int = slider(2, "Shortest gap", 0, 60, group=_DATA, help="In bases", patient=True)
    gap_max: int = slider(
        8, "Longest gap", 0, 60, group=_DATA, help="In bases, inclusive", patient=True
    )
    contrast: str = choice(
        "background",
        "Planted in the negatives",
        [("nothing", "background"), ("both motifs, different gaps", "gaps")],
        group=_DATA,
        help="With both motifs in both classes, only their spacing tells the classes apart",
    )
    other_min: int = slider(
        18, "Their shortest gap", 0, 60, group=_DATA, help="In the negatives", patient=True
    )
    other_max: int = slider(
        20, "Their longest gap", 0, 60, group=_DATA, help="In the negatives", patient=True
    )
    planted_strands: bool = toggle(True, "Plant on both strands", group=_DATA)
    fasta: str = text(
        "",
        "FASTA file",
        group=_DATA,
        longest=1000,
        help="Its path, plain or gzipped. You can also choose a file under the title. It may "
        f"hold {LIMITS}, and {LONGEST:,} bases in a sequence",
    )
    negatives: str = choice(
        "dinucleotide",
        "Negatives",
        [
            ("shuffles that keep pairs of bases", "dinucleotide"),
            ("random bases of the same composition", "composition"),
            ("my own FASTA", "own"),
        ],
        group=_DATA,
        help=_SHUFFLE,
    )
    negatives_fasta: str = text(
        "",
        "FASTA file of negatives",
        group=_DATA,
        longest=1000,
        help="Its path; the same limits apply as for the first file",
    )
    n: int = number(
        15_000, "Sequences", 40, 50_000, group=_DATA, help="One in five is held out for the curves"
    )
    length: int = slider(100, "Length in bases", 20, 500, group=_DATA, patient=True)
    ratio: int = slider(
        1, "Negatives for each positive", 1, 20, group=_DATA, help="Class balance", patient=True
    )
    gc: float = slider(
        0.5,
        "GC of the background",
        0.2,
        0.8,
        0.05,
        group=_DATA,
        help="Share of G and C",
        patient=True,
    )
    seed: int = number(
        1, "Seed", 0, 2**31 - 1, group=_DATA, help="The same seed repeats everything exactly"
    )
    filters: int = slider(16, "Filters", 1, 64, group=_MODEL)
    width: int = slider(15, "Filter width", 1, 40, group=_MODEL, help="In bases")
    stride: int = slider(1, "Stride", 1, 10, group=_MODEL, help="Step between windows")
    padding: int = slider(0, "Padding", 0, 40, group=_MODEL, help="Zeros added at each end")
    dilation: int = slider(1, "Dilation", 1, 10, group=_MODEL, help="Distance between taps")
    activation: str = choice(
        "relu",
        "Activation",
        [("none", "none"), ("ReLU", "relu"), ("exp", "exponential")],
        group=_MODEL,
    )
    pooling: str = choice(
        "max",
        "Pooling",
        [("max", "max"), ("average", "average"), ("log-sum-exp", "logsumexp")],
        group=_MODEL,
    )
    window: int = slider(
        0, "Pooling window (0: whole sequence)", 0, 100, group=_MODEL, help="In filter windows"
    )
    layers: int = choice(1, "Convolutional layers", [1, 2], group=_MODEL)
    second_filters: int = slider(16, "Filters of layer 2", 1, 64, group=_MODEL)
    second_width: int = slider(
        5, "Width of layer 2", 1, 40, group=_MODEL, help="In positions that reach this layer"
    )
    second_dilation: int = slider(
        1, "Dilation of layer 2", 1, 10, group=_MODEL, help="Distance between taps"
    )
    both_strands: bool = toggle(True, "Read both strands", group=_MODEL)
    initialisation: str = choice(
        "uniform",
        "First weights",
        [
            ("uniform, as in torch", "uniform"),
            ("normal (He)", "he"),
            ("normal, too large", "large"),
            ("all zero", "zeros"),
            ("normal, biases of −3", "negative"),
        ],
        group=_MODEL,
        help="With ReLU, the last two leave dead filters, which never fire and never learn",
    )
    learning_rate: float = number(
        0.01,
        "Learning rate",
        1e-6,
        1.0,
        group=_TRAINING,
        help="Its peak: the rate rises, then falls",
    )
    batch: int = number(64, "Batch", 1, 4096, group=_TRAINING, help="Sequences in a step")
    epochs: int = number(4, "Epochs", 1, 200, group=_TRAINING, help="Passes through the data")
    weight_decay: float = number(
        0.0,
        "Weight decay",
        0,
        1,
        group=_TRAINING,
        help="Each step first shrinks all weights by this share times the step size (AdamW)",
    )
    dropout: float = slider(
        0.0,
        "Dropout",
        0.0,
        0.9,
        0.1,
        group=_TRAINING,
        help="Share of the pooled features that each step sets to 0 before the dense layer",
        patient=True,
    )
    speed: str = choice(
        "steady",
        "Speed",
        [("slow", "slow"), ("steady", "steady"), ("full", "full")],
        group=_TRAINING,
        help="A training takes about a minute, a quarter of a minute, or as little as possible",
    )
    logos: str = choice(
        "windows",
        "Logos from",
        [("windows", "windows"), ("weights", "weights")],
        group=_VIEW,
        help="The windows in which a filter fires, or its weights (shape only)",
    )
    known: str = choice(
        "jaspar",
        "Compare filters with",
        [("JASPAR (vertebrates)", "jaspar"), ("my motifs", "own")],
        group=_VIEW,
        help="The motifs used to name the filters",
    )
    tables: bool = toggle(False, "Show everything as text and tables, too", group=_VIEW)

    def arrangement(self) -> Arrangement:
        """Motifs planted in the positives; an error if one does not exist or does not fit."""
        return self._arrangement("gap_min", "gap_max")

    def other_arrangement(self) -> Arrangement | None:
        """Motifs planted in the negatives; errors as for `arrangement`."""
        if self.contrast == "background" or not self.second.strip():
            return None
        return self._arrangement("other_min", "other_max")

    def _arrangement(self, least: str, most: str) -> Arrangement:
        low, high = getattr(self, least), getattr(self, most)
        motifs = [self._motif("motif")]
        if self.second.strip():
            motifs.append(self._motif("second"))
            if low > high:
                label = declared(self)[least].label
                raise ArgumentError(
                    least, f"{label} must be at most the longest, {high}, not {low}."
                )
        gaps = ((low, high),) * (len(motifs) - 1)
        arrangement = Arrangement(tuple(motifs), gaps, both_strands=self.planted_strands)
        if arrangement.shortest > self.length:
            raise ArgumentError(
                "length",
                f"Length in bases must be at least {arrangement.shortest} to hold what is "
                f"planted, not {self.length}.",
            )
        return arrangement

    def collection(self) -> MotifCollection:
        """The motifs with which filters are compared; the same object for the same choice."""
        own = own_collection(self.own) if self.known == "own" else None
        return own or jaspar.collection("vertebrates")

    def model(self) -> ModelSettings:
        """Settings of the network."""
        return self._part(ModelSettings)

    def training(self) -> TrainSettings:
        """Settings of the training."""
        return self._part(TrainSettings)

    def _part(self, kind: type) -> Any:
        """Return settings of this kind, from the fields with the same names."""
        names = [field.name for field in dataclasses.fields(kind)]
        own = declared(self)
        return kind(**{name: getattr(self, name) for name in names if name in own})

    def check_model(self, length: int) -> None:
        """Raise `ValueError`, with the numbers, if the network cannot read such short sequences."""
        try:
            self.model().shape(length)
        except ValueError as error:
            argument = getattr(error, "argument", "")
            if argument in _NAMES:
                words = str(error).removeprefix(argument)
                raise ArgumentError(argument, _NAMES[argument] + words) from None
            raise ArgumentError("width", f"Filter width leaves {error}") from None

    def check_batch(self, length: int, n: int) -> None:
        """Raise `ValueError`, with the numbers, if a batch of `n` sequences would fill memory."""
        # Training keeps the feature map of every sequence of a batch, for the gradients.
        strands = 2 if self.both_strands else 1
        values = self.filters * strands * self.model().shape(length)[0]
        if min(self.batch, n) * values > _MOST_VALUES:
            raise ArgumentError(
                "batch",
                f"Batch must be at most {_MOST_VALUES // values} to fit in memory with "
                f"{self.filters} filters on {length} bases, not {self.batch}.",
            )

    def idle(self) -> frozenset[str]:
        """Fields that have no effect with the current choices; their controls are hidden."""
        idle = {"fasta", "negatives_fasta"} - set(self.files())
        if self.source == "planted":
            idle.add("negatives")
            if not self.second.strip():
                idle |= _GAPS | {"contrast"} | _OTHER_GAPS
            elif self.contrast == "background":
                idle |= _OTHER_GAPS
        else:
            idle |= _PLANTED | _GAPS | _OTHER_GAPS
            if self.negatives == "own":
                idle.add("ratio")
        if not self.own.strip():
            idle.add("known")
        if self.layers == 1:
            idle |= {"second_filters", "second_width", "second_dilation"}
        return frozenset(idle)

    def files(self) -> list[str]:
        """Fields that name the files to read."""
        if self.source == "planted":
            return []
        fields = ["fasta"] if self.source == "fasta" else []
        return fields + (["negatives_fasta"] if self.negatives == "own" else [])

    def named(self) -> bool:
        """Whether all files to read have been chosen."""
        return all(getattr(self, field).strip() for field in self.files())

    def same_files(self, other: LabState) -> bool:
        """Whether two states have the same source and the same files, if any."""
        return (self.source, self.files()) == (other.source, other.files()) and all(
            getattr(self, field) == getattr(other, field) for field in self.files()
        )

    def needs_reset(self, other: LabState) -> list[str]:
        """Fields that affect a training and differ between two states, in order."""
        idle = self.idle() & other.idle()
        return [
            name
            for name, field in declared(self).items()
            if field.group != _VIEW
            and name not in idle | {"speed", "own"}
            and self._meant(name) != other._meant(name)
        ]

    def data_choices(self) -> tuple[tuple[str, Any], ...]:
        """Names and values of the choices that determine the data."""
        idle = self.idle()
        return tuple(
            (name, self._meant(name))
            for name, field in declared(self).items()
            if field.group == _DATA and name not in idle | {"own"}
        )

    def _meant(self, name: str) -> Any:
        """Value of a choice; for a learner's own motif its name and counts."""
        value = getattr(self, name)
        motif = own_motif(value, self.own) if name in _MOTIFS else None
        return (motif.name, motif.counts.tobytes()) if motif else value

    def needs_data(self, other: LabState) -> bool:
        """Whether two states need different data."""
        return self.data_choices() != other.data_choices()

    def _motif(self, field: str) -> Motif:
        if not getattr(self, field).strip():
            raise ArgumentError(field, "Motif must be a name or an id of JASPAR, such as GATA2.")
        return self.motif_of(field)

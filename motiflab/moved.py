"""Where the modules of version 0.1 are now, so that an old notebook or course folder still runs.

The tables list the names that the notebooks of that version import.

``from motiflab.stacks import Stack`` still works and gives the same as
``from motiflab.layers import Stack``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MOVED = {
    "activations": "layers.activations",
    "aligned": "datasets.sources",
    "alphabet": "sequences.alphabet sequences.matrix",
    "bound_sites": "motifs.energy",
    "boundary": "layers.padding",
    "convolution": "layers.convolution layers.receptive_fields",
    "dependencies": "motifs.dependencies",
    "depth": "networks.vanishing_gradient",
    "detection": "evaluation.detectors",
    "detectors": "evaluation.detectors",
    "encodings": "sequences.encoding",
    "energy": "motifs.energy",
    "energy_views": "motifs.energy",
    "examples": "datasets.published_sites",
    "explorers.grammar_lab": "lab.grammar_lab",
    "explorers.motif_lab": "lab.motif_lab",
    "fasta": "sequences.fasta",
    "figures.charts": "figures.evaluation_charts",
    "figures.printing": "figures.logo",
    "grammar": "layers.receptive_fields",
    "interpolation": "evaluation.curves",
    "interpret": "interpretation.filters_as_motifs motifs.log_odds",
    "jaspar": "motifs.jaspar",
    "likelihood": "datasets.planting",
    "log_odds": "motifs.log_odds sequences.matrix",
    "matching": "motifs.closest_motifs",
    "metrics": "evaluation.curves evaluation.prevalence",
    "models": "networks.cnn networks.model_settings",
    "planting": "datasets.planting",
    "pooling": "layers.pooling",
    "rare": "evaluation.prevalence",
    "reader": "networks.one_layer",
    "recovery": "networks.recovery",
    "resolution": "evaluation.prevalence",
    "saliency": "interpretation.saliency",
    "scanner": "networks.scanner",
    "stacks": "layers.receptive_fields",
    "tomtom": "motifs.tomtom",
    "training": "networks.training",
    "updates": "networks.one_layer",
    "winners": "interpretation.saliency",
    "word_fit": "networks.word_fit",
}
"""The modules that now hold the names of an old module, in the order in which they are searched."""

RENAMED = {
    "reader.Reader": "OneLayerNetwork",
    "reader.Reading": "ForwardPass",
    "reader.random_reader": "random_one_layer",
    "reader.read": "forward",
    "training.Record": "TrainingRecord",
    "updates.Course": "Descent",
    "updates.course": "descend_many",
    "winners.winners": "winning_windows",
}
"""New names of what was renamed."""


class _Finder(MetaPathFinder, Loader):
    """Finds old module names that no other finder knows."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        package, _, old = fullname.partition(".")
        return ModuleSpec(fullname, self) if package == "motiflab" and old in MOVED else None

    def exec_module(self, module: ModuleType) -> None:
        old = module.__name__.removeprefix("motiflab.")

        def __getattr__(name: str) -> Any:
            # Python itself asks for names such as __path__; for these nothing need be loaded.
            if not name.startswith("_"):
                now = RENAMED.get(f"{old}.{name}", name)
                for home in MOVED[old].split():
                    found = import_module(f"motiflab.{home}")
                    if hasattr(found, now):
                        return getattr(found, now)
            raise AttributeError(f"motiflab.{old} is now in {MOVED[old]}, without {name!r}.")

        module.__getattr__ = __getattr__


_FINDER = _Finder()


def remember() -> None:
    """Register the finder, so that Python finds modules by their old names."""
    if _FINDER not in sys.meta_path:  # the package may be imported again
        sys.meta_path.append(_FINDER)

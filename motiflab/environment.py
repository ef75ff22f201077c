"""Check whether the environment has everything that the notebooks need."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Finding(NamedTuple):
    """Result of one check: what was checked, what was found, and whether that is good."""

    what: str
    found: str
    good: bool

    def __str__(self) -> str:
        return f"{'ok ' if self.good else 'NO '} {self.what}: {self.found}"


def check() -> list[Finding]:
    """Check everything that the notebooks need.

    All packages must be installed, the shipped data intact, and torch must compute the same
    convolution as the notebooks do by hand. In the browser, fewer packages are needed, and there
    is no torch. Nothing is downloaded or changed.

    Returns
    -------
    list of Finding
        One for each check; those that are not good say what went wrong.

    Examples
    --------
    >>> all(finding.good for finding in check())
    True
    >>> print(Finding("torch", "No module named torch", False))
    NO  torch: No module named torch
    """
    tries: list[tuple[str, Callable[[], str]]] = [
        ("Python", lambda: sys.version.split()[0]),
        ("packages", _packages),
        ("JASPAR motifs", _jaspar),
        ("CTCF peaks", _ctcf),
        ("torch", _torch),
    ]
    return [_try(what, look) for what, look in tries]


def _try(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, look(), True)
    except Exception as error:  # whatever it is, the learner should read it in one line
        return Finding(what, f"{type(error).__name__}: {error}", False)


def in_the_browser() -> bool:
    """Whether Python runs inside a page.

    >>> in_the_browser()
    False
    """
    return sys.platform == "emscripten"


def _packages() -> str:
    names = ["ipywidgets", "anywidget", "logomaker"]
    if not in_the_browser():  # which loads these only for what needs them
        names += ["jupyterlab", "plotly", "scikit-learn"]
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)


def _jaspar() -> str:
    from motiflab.motifs import jaspar

    return f"{len(jaspar.collection('vertebrates')):,} of vertebrates"


def _ctcf() -> str:
    from motiflab.datasets import sources

    return f"{int(sources.ctcf().labels.sum())}, checksum right"


def _torch() -> str:
    if in_the_browser():
        return "not in the browser, where the cards that need it say so"
    import torch

    from motiflab.layers.convolution import cross_correlate
    from motiflab.sequences.encoding import one_hot

    x, w = one_hot("GATTACAGATTACA"), np.random.default_rng(0).normal(size=(5, 4))
    theirs = torch.nn.functional.conv1d(torch.tensor(x.T[None]).double(), torch.tensor(w.T[None]))
    if not np.allclose(theirs[0, 0].numpy(), cross_correlate(x, w)):
        raise RuntimeError("conv1d disagrees with the convolution written out by hand")
    return f"{torch.__version__}, its convolution agrees with the one by hand"

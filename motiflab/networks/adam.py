"""The Adam optimiser with a one-cycle learning rate, which rises and falls once."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

_RISE = 0.3  # share of the steps in which the rate rises
_FIRST, _LAST = 25.0, 1e4  # ratio of the peak to the first rate, and of the first to the last
_MOMENTUM = 0.95, 0.85  # at the ends, and at the peak
_SQUARES, _TINY = 0.999, 1e-8


def one_cycle(step: int, total: int, peak: float) -> tuple[float, float]:
    """Learning rate and momentum of one step of the one-cycle schedule (Smith & Topin 2019).

    The rate rises from ``peak / 25`` to `peak` in the first 30 % of the steps and then falls to
    ``peak / 250,000``, each time along half a cosine. Meanwhile the momentum falls from 0.95 to
    0.85 and rises again.

    Parameters
    ----------
    step : int
        From 0 to `total` (exclusive).
    total : int
        Number of steps of the whole training.
    peak : float

    Returns
    -------
    rate, momentum : float
        As from ``torch.optim.lr_scheduler.OneCycleLR`` with ``total + 1`` steps.

    Examples
    --------
    >>> [round(one_cycle(step, 9, 1.0)[0], 3) for step in (0, 2, 8)]
    [0.04, 1.0, 0.05]
    """
    top = _RISE * (total + 1) - 1  # the step of the peak, usually not a whole number
    slow, fast = _MOMENTUM
    if step <= top:
        ends, share = ((peak / _FIRST, slow), (peak, fast)), step / top
    else:
        ends = (peak, fast), (peak / _FIRST / _LAST, slow)
        share = (step - top) / (total - top)
    gone = (1 - math.cos(math.pi * share)) / 2
    rate, momentum = (a + (b - a) * gone for a, b in zip(*ends))
    return rate, momentum


class Adam:
    """Adam (Kingma & Ba 2015), with the rate and the momentum of `one_cycle`.

    For every parameter ``p`` with gradient ``g`` it keeps running means of ``g`` and of its square,
    ``m <- b m + (1 - b) g`` and ``s <- 0.999 s + 0.001 g^2`` with the momentum ``b``. Both begin
    at 0, so in step ``t = 1, 2, ...`` they are too small and are divided by ``1 - b^t`` and
    ``1 - 0.999^t``. With the rate ``r`` the step is ``p <- p - r m / (sqrt(s) + 1e-8)``, so a
    weight with small gradients takes steps as large as the others. As ``b`` changes, the
    correction of ``m`` is not exact; it is that of torch.

    With weight decay ``w`` each step first multiplies every parameter, including biases, by
    ``1 - r w``. The decay is separate from the gradient, so all weights decay at the same rate
    (decoupled weight decay, AdamW; Loshchilov & Hutter 2019).

    Parameters
    ----------
    parameters : sequence of ndarray
        Changed in place.
    peak : float
    total : int
        Number of steps of the whole training.
    decay : float
        ``w``, 0 or more.

    Examples
    --------
    >>> p = np.array([1.0, 1.0])
    >>> adam = Adam([p], peak=0.5, total=10)
    >>> adam.step([np.array([3.0, -0.001])])
    >>> p.round(3).tolist()  # the first step is as long as the rate, whatever the gradient
    [0.98, 1.02]
    """

    def __init__(
        self, parameters: Sequence[np.ndarray], peak: float, total: int, decay: float = 0.0
    ) -> None:
        self._parameters, self._peak, self._total = list(parameters), peak, total
        self._decay = decay
        self._means = [np.zeros_like(p) for p in parameters]
        self._squares = [np.zeros_like(p) for p in parameters]
        self.steps = 0

    @np.errstate(over="ignore", invalid="ignore")  # the training loop checks for infinities
    def step(self, gradients: Sequence[np.ndarray]) -> None:
        """Take one step against the gradients, one for each parameter."""
        rate, b = one_cycle(self.steps, self._total, self._peak)
        self.steps += 1
        kept = 1 - rate * self._decay
        rate /= 1 - b**self.steps
        correction = math.sqrt(1 - _SQUARES**self.steps)
        every = zip(self._parameters, gradients, self._means, self._squares, strict=True)
        for p, g, mean, square in every:
            mean += (1 - b) * (g - mean)
            square *= _SQUARES  # an infinite square stays infinite: no step
            square += (1 - _SQUARES) * (g * g)
            if self._decay:
                p *= kept
            p -= rate * mean / (np.sqrt(square) / correction + _TINY)

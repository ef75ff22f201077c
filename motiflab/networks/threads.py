"""Hold the arithmetic to one thread."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from functools import lru_cache


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Hold products of matrices, and torch if it is loaded, to one thread.

    Networks so small gain nothing from a second one, and waiting for it on a busy machine takes
    ten times longer, or fifty.

    >>> import torch
    >>> with one_thread():
    ...     torch.get_num_threads()
    1
    """
    torch = sys.modules.get("torch")
    held = [(library.set_num_threads, library.num_threads) for library in _libraries()]
    if torch is not None:
        held.append((torch.set_num_threads, torch.get_num_threads()))
    try:
        for hold, _ in held:
            hold(1)
        yield
    finally:
        for hold, threads in held:
            hold(threads)


@lru_cache
def _libraries() -> list:
    """What numpy multiplies matrices with; it is there from numpy's import on."""
    from threadpoolctl import ThreadpoolController

    # Its own `limit` lists all libraries at every call, which takes as long as a small product.
    return ThreadpoolController().select(user_api="blas").lib_controllers

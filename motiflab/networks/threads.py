"""Limit numpy and torch to one thread."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from functools import lru_cache


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Limit products of matrices, and torch if it is loaded, to one thread.

    Such small networks gain nothing from a second thread, and on a busy machine waiting for it
    makes them ten to fifty times slower.

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
    """The libraries with which numpy multiplies matrices; they are loaded with numpy."""
    from threadpoolctl import ThreadpoolController

    # threadpoolctl's own `limit` lists all libraries at every call, as slow as a small product.
    return ThreadpoolController().select(user_api="blas").lib_controllers

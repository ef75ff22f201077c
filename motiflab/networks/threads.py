"""Limit products to one thread each, and read the parts of many sequences on two."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

Part = TypeVar("Part")


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


def part_by_part(read: Callable[[slice], Part], count: int, at_once: int) -> list[Part]:
    """Read sequences in parts that fit into the processor's cache, two parts at a time.

    A product of matrices does not hold Python's lock, so a second thread makes a card answer
    sooner. Splitting each small product between the threads would not (see `one_thread`).

    Parameters
    ----------
    read : callable
        Called with the slice of each part; it must not change anything.
    count : int
        Number of sequences.
    at_once : int
        Number in a part, at least 1.

    Returns
    -------
    list
        What `read` returned for each part, in their order.

    Examples
    --------
    >>> part_by_part(lambda part: list(range(9))[part], count=9, at_once=4)
    [[0, 1, 2, 3], [4, 5, 6, 7], [8]]
    """
    parts = [slice(i, i + at_once) for i in range(0, count, at_once)]
    if len(parts) == 1 or sys.platform == "emscripten":  # a page has only one thread
        return list(map(read, parts))
    with one_thread(), ThreadPoolExecutor(2) as pool:
        return list(pool.map(read, parts))


@lru_cache
def _libraries() -> list:
    """The libraries with which numpy multiplies matrices; they are loaded with numpy."""
    from threadpoolctl import ThreadpoolController

    # threadpoolctl's own `limit` lists all libraries at every call, as slow as a small product.
    return ThreadpoolController().select(user_api="blas").lib_controllers

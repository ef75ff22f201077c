"""Limiting numpy and torch to one thread."""

from __future__ import annotations

import threading

import numpy as np  # noqa: F401 - its library of matrix products is what is held
import pytest
from threadpoolctl import ThreadpoolController

from motiflab.networks import one_thread


@pytest.fixture
def blas():
    libraries = ThreadpoolController().select(user_api="blas").lib_controllers
    before = [library.num_threads for library in libraries]
    for library in libraries:
        library.set_num_threads(2)
    yield lambda: {library.num_threads for library in libraries}
    for library, threads in zip(libraries, before, strict=True):
        library.set_num_threads(threads)


def test_products_of_matrices_take_one_thread_within_and_as_many_as_before_afterwards(blas):
    assert blas() == {2}
    with one_thread():
        assert blas() == {1}
        with one_thread():
            assert blas() == {1}
        assert blas() == {1}
    assert blas() == {2}
    with pytest.raises(KeyError), one_thread():
        raise KeyError
    assert blas() == {2}


def test_two_threads_of_which_the_first_to_begin_ends_first(blas):
    """As when a card computes in a thread of its own while the lab trains."""
    begun, end = threading.Event(), threading.Event()

    def work():
        with one_thread():
            begun.set()
            end.wait(60)

    other = threading.Thread(target=work)
    with one_thread():
        other.start()
        assert begun.wait(60)
    end.set()
    other.join(60)
    assert blas() == {2}

"""Products on one thread, and the parts of many sequences on two."""

from __future__ import annotations

import threading
import time

import numpy as np  # noqa: F401 - its library of matrix products is what is held
import pytest
from threadpoolctl import ThreadpoolController

from motiflab.networks import one_thread, part_by_part, threads


@pytest.fixture
def blas():
    libraries = ThreadpoolController().select(user_api="blas").lib_controllers
    before = [library.num_threads for library in libraries]
    for library in libraries:
        library.set_num_threads(2)
    yield lambda: {library.num_threads for library in libraries}
    for library, number in zip(libraries, before, strict=True):
        library.set_num_threads(number)


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


@pytest.mark.parametrize("count", [1, 3, 4, 9, 10])
def test_parts_come_in_their_order_and_hold_every_sequence(blas, count):
    def read(part: slice) -> tuple[list[int], int]:
        assert count <= 3 or blas() == {1}
        time.sleep(0.01 * (part.start == 0))  # the first part is done last
        return list(range(count))[part], threading.get_ident()

    parts, on = zip(*part_by_part(read, count, at_once=3), strict=True)
    assert [i for part in parts for i in part] == list(range(count))
    assert max(map(len, parts)) <= 3
    assert len(set(on)) == min(len(parts), 2)


def test_in_a_page_there_is_one_thread(monkeypatch):
    monkeypatch.setattr(threads.sys, "platform", "emscripten")
    found = part_by_part(lambda part: threading.get_ident(), 9, at_once=3)
    assert found == [threading.get_ident()] * 3


def test_an_error_in_a_part_is_told():
    def read(part: slice) -> None:
        raise ValueError(f"part {part.start}")

    with pytest.raises(ValueError, match="part 0"):
        part_by_part(read, 9, at_once=3)

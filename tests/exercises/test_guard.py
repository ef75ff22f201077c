"""A learner's function is called whatever it does, and what went wrong is told."""

from __future__ import annotations

import random
import sys
import threading
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from motiflab.exercises.guard import Fault, call


def test_it_gives_what_the_function_gives():
    array = np.arange(3.0)
    assert call(lambda x, n: x * n, (array, 2)).tolist() == [0, 2, 4]


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_an_exception_is_told_with_its_line(cut):
    def fails(x):
        x = x + 1

        return 1 / (x - x)

    with pytest.raises(Fault, match=r"in its line 4 with `ZeroDivisionError: division by zero`"):
        call(fails, (cut,))


def test_a_line_is_told_of_the_learners_function_not_of_what_it_calls():
    def deeper():
        raise KeyError("x")

    def fails():
        return deeper()

    with pytest.raises(Fault, match="in its line 2 with `KeyError"):
        call(fails, ())


def test_the_text_of_an_exception_is_whole_and_in_one_line():
    def fails():
        raise ValueError("operands could not be\n  broadcast `together` with shapes (2,4) (3,4)")

    with pytest.raises(Fault) as caught:
        call(fails, ())
    said = "operands could not be broadcast 'together' with shapes (2,4) (3,4)"
    assert f"`ValueError: {said}`" in str(caught.value)


def test_a_loop_without_end_is_stopped_and_leaves_no_thread():
    before = threading.active_count()

    def endless():
        while True:
            pass

    with pytest.raises(Fault, match=r"still running after 0\.2 seconds") as caught:
        call(endless, (), seconds=0.2)
    assert caught.value.name == "endless or too slow"
    assert "restart" not in str(caught.value)
    assert threading.active_count() == before


def test_a_loop_that_catches_everything_is_told_too():
    over = False

    def stubborn():
        while not over:
            try:
                while not over:
                    pass
            except BaseException:
                continue

    with pytest.raises(Fault, match="still running"):
        call(stubborn, (), seconds=0.1)
    over = True  # else it would go on in its thread if it could not be stopped


def test_a_slow_import_is_waited_for_and_not_torn_off(tmp_path, monkeypatch):
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(0.6)\nready = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def imports_within():
        import slow_to_import

        return slow_to_import.ready + sum(range(1000)) * 0

    assert call(imports_within, (), seconds=0.1) == 1
    assert sys.modules.pop("slow_to_import").ready


def test_a_library_that_comes_with_random_numbers_of_its_own_is_no_draw(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    state = SimpleNamespace(numpy=lambda: np.zeros(3))

    def loads():
        sys.modules["torch"] = SimpleNamespace(get_rng_state=lambda: state)
        return 1

    assert call(loads, ()) == 1


def test_stopping_leaves_python_able_to_start_threads():
    def endless():
        while True:
            pass

    for _ in range(40):
        with pytest.raises(Fault, match="still running"):
            call(endless, (), seconds=0.001)
        assert call(lambda: 1, ()) == 1


def test_what_cannot_be_stopped_is_told():
    gate = threading.Event()
    with pytest.raises(Fault, match="restart the kernel"):
        call(gate.wait, (), seconds=0.05)  # one call into compiled code
    gate.set()


def test_endless_recursion_is_an_exception():
    def deeper(n):
        return deeper(n + 1)

    with pytest.raises(Fault, match="RecursionError"):
        call(deeper, (0,))


@pytest.mark.parametrize(
    "alter",
    [
        lambda x: x["a"].append(1),
        lambda x: x.update(b=1),
        lambda x: x["m"].__setitem__((0, 0), 5.0),
        lambda x: x["t"][0].append(2),
    ],
)
def test_an_altered_input_is_told_and_ours_is_as_it_was(alter):
    given = {"a": [1, 2], "m": np.array([[1.0, np.nan]]), "t": ([1],)}
    with pytest.raises(Fault, match="work on a copy"):
        call(alter, (given,))
    assert given["a"] == [1, 2] and given["m"][0, 0] == 1 and given["t"] == ([1],)


def test_an_input_that_is_only_read_is_no_fault():
    assert call(lambda x: x.sum(), (np.array([1.0, np.nan]),)) is not None


@pytest.mark.parametrize(
    "draw",
    [
        random.random,
        np.random.rand,
        lambda: np.random.seed(3),  # noqa: NPY002
        lambda: random.seed(0),
    ],
)
def test_global_random_numbers_are_told_and_set_back(draw):
    before = random.getstate(), np.random.get_state()[2], np.random.get_state()[1].tolist()  # noqa: NPY002
    with pytest.raises(Fault, match="global random numbers"):
        call(draw, ())
    after = random.getstate(), np.random.get_state()[2], np.random.get_state()[1].tolist()  # noqa: NPY002
    assert before == after


def test_torchs_random_numbers_are_watched_once_it_is_loaded():
    torch = pytest.importorskip("torch")
    before = torch.get_rng_state().tolist()
    with pytest.raises(Fault, match="global random numbers"):
        call(lambda: torch.rand(1), ())
    assert torch.get_rng_state().tolist() == before


def test_a_generator_of_its_own_is_no_fault():
    assert call(lambda: np.random.default_rng(1).random(), ()) < 1


def test_nothing_comes_on_standard_error(capsys):
    def loud():
        warnings.warn("careful", stacklevel=1)
        print("shouting", file=sys.stderr)
        return np.log(np.zeros(1))[0]

    assert call(loud, ()) == -np.inf
    assert capsys.readouterr().err == ""


def test_a_system_exit_ends_the_call_only():
    with pytest.raises(Fault, match="SystemExit"):
        call(sys.exit, (3,))

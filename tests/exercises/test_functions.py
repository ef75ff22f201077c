"""A learner's function is called safely, and errors are explained."""

from __future__ import annotations

import contextlib
import random
import sys
import threading
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Fault, Function, call

# Pyodide has Python 3.12 or later, whose `sys.monitoring` looks at each line.
LINES = pytest.param(
    "line by line",
    marks=pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="Python is older than 3.12"),
)


@pytest.fixture(params=["thread", LINES], autouse=True)
def way(request, monkeypatch):
    """Call in a thread, and where no thread can be started, as in the browser."""

    def start(thread):
        raise RuntimeError("can't start new thread")

    if request.param == "line by line":
        monkeypatch.setattr(threading.Thread, "start", start)
    return request.param


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


def catches_nothing():
    while True:
        pass


def catches_all():
    while True:
        try:  # noqa: SIM105
            catches_nothing()
        except:  # noqa: E722
            pass


def catches_all_in_a_line():
    while True:
        try:
            _ = 1
        except BaseException:
            continue


def catches_twice():
    while True:
        try:
            try:
                catches_nothing()
            except BaseException:
                catches_nothing()
        except BaseException:
            continue


def catches_and_returns():
    with contextlib.suppress(BaseException):
        catches_nothing()
    return 1


def generates():
    def forever():
        while True:
            yield 1

    return sum(forever())


def calls_numpy():
    x = np.zeros(3)
    while True:
        x = x + 1


def compares():
    return max(iter(lambda: 0, 1))


@pytest.mark.parametrize(
    "endless",
    [catches_all, catches_all_in_a_line, catches_twice, catches_and_returns, generates,
     calls_numpy, compares],
)  # fmt: skip
def test_whatever_has_no_end_is_stopped(endless, way):
    if way == "thread" and "catches" in endless.__name__:
        pytest.skip("in a thread it may go on")
    with pytest.raises(Fault, match="still running") as caught:
        call(endless, (), seconds=0.05)
    assert "restart" not in str(caught.value)
    assert call(lambda: 1, (), seconds=0.05) == 1


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


def test_what_cannot_be_stopped_is_told(way):
    if way == "line by line":
        pytest.skip("without threads, one call into compiled code is waited for")
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


def random_state():
    torch = pytest.importorskip("torch")
    _, array, *place = np.random.get_state()  # noqa: NPY002
    return random.getstate(), array.tolist(), place, torch.get_rng_state().tolist()


def mean_of_many():
    return np.random.rand(10).mean()  # noqa: NPY002


@pytest.mark.parametrize(
    "draw",
    [
        random.random,
        np.random.rand,
        lambda: [1, np.random.rand(3)],  # noqa: NPY002
        lambda: np.random.rand(random.randint(1, 10**6)),  # noqa: NPY002
        lambda: random.choice("ACGT" * 9) + str(random.random()),
        mean_of_many,
    ],
)
def test_a_result_that_depends_on_random_numbers_is_told_and_they_are_set_back(draw):
    before = random_state()
    with pytest.raises(Fault, match="its result depends on them") as caught:
        call(draw, ())
    assert caught.value.name == "result depends on random numbers"
    assert random_state() == before


def test_torchs_random_numbers_are_watched_once_it_is_loaded():
    torch = pytest.importorskip("torch")
    before = random_state()
    for dtype in (torch.float32, torch.bfloat16):
        with pytest.raises(Fault, match="its result depends on them"):
            call(lambda: torch.rand(3, dtype=dtype, requires_grad=True), ())  # noqa: B023
    assert random_state() == before


def test_a_module_of_torch_that_gets_its_own_weights_is_no_fault():
    torch = pytest.importorskip("torch")
    before = random_state()

    def scan(x, w):
        layer = torch.nn.Conv1d(4, 1, len(w), bias=False)  # draws weights, and they are replaced
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(w.T[None]))
        return layer(torch.tensor(x.T[None], dtype=torch.float32))[0, 0]

    x, w = np.eye(4)[[0, 1, 2, 3, 0]], np.arange(8.0).reshape(2, 4)
    wanted = [(x[i : i + 2] * w).sum() for i in range(4)]
    np.testing.assert_allclose(call(scan, (x, w)).detach(), wanted)
    assert random_state() == before


@pytest.mark.parametrize(
    "use",
    [
        lambda: np.random.seed(3),  # noqa: NPY002
        lambda: random.seed(0) or random.random(),
        lambda: sum(random.sample([0.1, 0.2, 0.3, 0.4], 4)),  # another order of the same sum
        lambda: [random.random(), np.nan][1],
        lambda: random.random() and object(),
    ],
)
def test_random_numbers_that_change_no_result_are_no_fault_and_are_set_back(use):
    before = random_state()
    call(use, ())
    assert random_state() == before


def test_a_function_that_goes_wrong_with_other_random_numbers_only_is_told():
    ran = []

    def fails():
        random.random()
        ran.append(1)
        return 1 / (2 - len(ran))

    with pytest.raises(Fault, match="ZeroDivisionError"):
        call(fails, ())


def test_results_within_themselves_raise_nothing():
    def nested():
        held = [random.random()]
        held[0] = held
        return held

    assert call(nested, ())


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


def test_what_goes_wrong_once_does_so_again():
    torch = pytest.importorskip("torch")
    drawn = []

    def draws():
        drawn.append((random.random(), np.random.random(), float(torch.rand(1))))  # noqa: NPY002

    call(draws, ())
    call(draws, ())
    assert drawn[:2] == drawn[2:] and drawn[0] != drawn[1]


def doubling(**fields):
    """Make an exercise that asks for 2x, with one mistake: the square, which is 2x for 0 and 2."""
    square = Mistake("square", "You squared it.", lambda given: lambda x: x**2, **fields)
    return Function(
        id="a.double",
        title="",
        task=lambda given: "",
        solution=lambda given: "",
        right=lambda given: lambda x: 2 * x,
        cases=lambda given, rng: [(1,), (2,), (-3,)],
        mistakes=(square,),
    )


def mistake_of(exercise, function):
    return exercise.check(function, exercise.given("Ada")).mistake


def test_a_mistake_is_seen_in_the_cases_in_which_it_shows():
    def for_negative(value):
        return lambda x: x**2 if x >= 0 else value

    everywhere, partly = doubling(), doubling(where=lambda x: x >= 0)
    assert [mistake_of(everywhere, for_negative(value)) for value in (9, 0)] == ["square", ""]
    assert [mistake_of(partly, for_negative(value)) for value in (9, 0)] == ["square", "square"]
    assert mistake_of(partly, lambda x: x**2 + 1) == ""
    assert mistake_of(partly, lambda x: 2 * x) == ""


def test_a_mistake_that_no_case_can_show_is_not_seen():
    nowhere = doubling(where=lambda x: x > 100)
    assert [mistake_of(nowhere, wrong) for wrong in (lambda x: x**2, lambda x: 0)] == ["", ""]


def test_each_of_several_examples_shows_the_mistake():
    exercise = doubling(also=(lambda given: lambda x: x**3,))
    assert [mistake_of(exercise, lambda x, n=n: x**n) for n in (2, 3, 4)] == [
        "square",
        "square",
        "",
    ]
    assert mistake_of(doubling(), lambda x: x**3) == ""
    # An answer that agrees with one example in one case and with another in the next shows neither.
    assert mistake_of(exercise, lambda x: x**2 if x > 0 else x**3) == ""

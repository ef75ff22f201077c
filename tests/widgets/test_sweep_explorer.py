"""A card that trains: results are shown and kept, Stop ends it, and Train continues."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest

from motiflab.datasets import Trial, ctcf
from motiflab.networks import ModelSettings, TrainSettings, sweep, train_all
from motiflab.widgets import CardResult, CardState, SweepExplorer, SweepPlan, choice, slider

DATA = ctcf().subset([*range(40), *range(500, 540)])
TRAIN, TEST = DATA.split(0.3)
TRIALS = {name: {"peaks": Trial(TRAIN, {"held out": TEST})} for name in ("one", "two")}
RECIPES = {"small": (ModelSettings(filters=2, width=6), TrainSettings(epochs=1))}


class ToyState(CardState):
    """What to train, and how often."""

    name: str = choice("one", "Data", ["one", "two"])
    seeds: int = slider(3, "Trainings", 1, 40)


class ToyResult(CardResult):
    """The areas so far."""

    found: dict[int, float]


class Toy(SweepExplorer):
    """Trains a network of two filters, in this process."""

    State, title, goal = ToyState, "What is trained?", "see it."
    trained, jobs = ("name",), 1
    draw = staticmethod(lambda result, uid: {"list": f"<p>{sorted(result.found)}</p>"})
    describe = staticmethod(lambda result: f"<p>{len(result.found)} trained</p>")

    @staticmethod
    def plan(state):
        return SweepPlan(TRIALS[state.name], RECIPES, range(state.seeds))

    @staticmethod
    def summarise(state, results):
        return ToyResult(state, {each.seed: each.auroc["held out"] for each in results})


def button(card, words):
    found = [card.widget]
    for widget in found:
        found += getattr(widget, "children", ())
    return next(w for w in found if getattr(w, "description", "") == words)


def progress(card):
    return re.sub("<.*?>", "", card._progress.widget.value).strip()


def expected(seeds):
    return {
        each.seed: each.auroc["held out"] for each in train_all(TRIALS["one"], RECIPES, seeds, 1)
    }


class PageLoop(asyncio.SelectorEventLoop):
    """The loop of a page in the browser: it has no threads, so it calls at once, as Pyodide's."""

    def run_in_executor(self, executor, function, *arguments):
        called = self.create_future()
        try:
            called.set_result(function(*arguments))
        except Exception as error:
            called.set_exception(error)
        return called


@pytest.fixture(params=["threads", "no threads"])
def run(request, monkeypatch):
    """Run a session in a loop, with threads or without."""

    def start(thread):
        raise RuntimeError("can't start new thread")

    if request.param == "no threads":
        monkeypatch.setattr(threading.Thread, "start", start)
    loop = {"threads": None, "no threads": PageLoop}[request.param]
    with asyncio.Runner(loop_factory=loop) as runner:
        yield runner.run


async def until(holds):
    for _ in range(3000):
        if holds():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came")


def test_a_new_card_has_trained_nothing_and_says_what_it_costs():
    card = Toy()
    assert card.result.found == {} and not card.running
    assert progress(card).startswith("0 of 3 networks trained; the rest takes about 3 s")
    assert "Train 3 networks: about 3 s" in button(card, "Train").tooltip
    assert button(card, "Stop").disabled and not button(card, "Train").disabled


def test_in_a_script_train_waits_and_then_there_is_nothing_left():
    card = Toy()
    button(card, "Train").click()
    assert card.result.found == expected(range(3))
    assert card.readout.html == "<p>3 trained</p>" and "[0, 1, 2]" in card.figures["list"]
    assert progress(card) == "all 3 networks trained" and button(card, "Train").disabled


def test_what_does_not_go_together_is_not_trained():
    class Paired(Toy):
        @staticmethod
        def plan(state):
            (trial,), left_out = TRIALS["one"].values(), frozenset([("b", "small")])
            return SweepPlan({"a": trial, "b": trial}, RECIPES, range(2), left_out)

        @staticmethod
        def summarise(state, results):
            return ToyResult(state, {(each.data, each.seed): 0 for each in results})

    card = Paired()
    assert progress(card).startswith("0 of 2 networks trained")
    button(card, "Train").click()
    assert [*card.result.found] == [("a", 0), ("a", 1)]
    assert progress(card) == "all 2 networks trained" and button(card, "Train").disabled


def test_the_loop_is_free_while_it_trains_and_results_come_one_by_one(run):
    async def session():
        card = Toy(seeds=8)
        seen, task = set(), asyncio.create_task(card.run())
        await until(lambda: card.running)
        while not task.done():
            seen.add(len(card.result.found))
            await asyncio.sleep(0.001)
        return card, seen

    card, seen = run(session())
    assert card.result.found == expected(range(8))
    assert len(seen) > 2 and not card.running and not card.readout.busy


def test_stop_keeps_what_is_done_and_train_goes_on(run, monkeypatch):
    trained = []
    one = sweep._one

    def watched(*given):
        trained.append(given[-1])
        return one(*given)

    monkeypatch.setattr(sweep, "_one", watched)

    async def session():
        card = Toy(seeds=40)
        card.start()
        await until(lambda: len(card.result.found) >= 2)
        assert not button(card, "Stop").disabled and button(card, "Train").disabled
        button(card, "Stop").click()
        await until(lambda: not card.running)
        kept = dict(card.result.found)
        assert 2 <= len(kept) < 40
        assert progress(card).startswith(f"{len(kept)} of 40 networks trained")
        card.set(seeds=40)
        await card.run()
        return card, kept

    card, kept = run(session())
    assert len(card.result.found) == 40 and kept.items() <= card.result.found.items()
    # Only what was running when Stop came is trained twice.
    assert len(trained) - 40 <= 1


def test_what_is_trained_is_there_again_for_the_same_choices():
    card = Toy(seeds=2)
    card.start()
    found = card.result.found
    card.set(name="two")
    assert card.result.found == {} and not button(card, "Train").disabled
    card.set(name="one", seeds=1)
    assert card.result.found == {0: found[0]} and button(card, "Train").disabled
    card.set(seeds=2)
    assert card.result.found == found


def test_a_control_that_is_moved_meanwhile_does_not_mix_the_results(run):
    async def session():
        card = Toy(seeds=20)
        card.start()
        await until(lambda: card.result.found)
        card.set(name="two")
        assert card.result.found == {}
        await until(lambda: not card.running)
        assert card.result.found == {}
        card.set(name="one")
        return card.result.found

    assert len(run(session())) == 20


def test_what_goes_wrong_is_said_beside_the_buttons(run, monkeypatch):
    def broken(*given):
        raise ValueError("the loss became nan.")

    async def session():
        card = Toy()
        monkeypatch.setattr(sweep, "_one", broken)
        await card.run()
        return card

    card = run(session())
    assert "the loss became nan." in progress(card) and not button(card, "Train").disabled


def test_a_closed_card_stops(run):
    async def session():
        card = Toy(seeds=40)
        card.start()
        await until(lambda: card.result.found)
        card.close()
        await until(lambda: not card.running)
        return card.result.found

    assert len(run(session())) < 40

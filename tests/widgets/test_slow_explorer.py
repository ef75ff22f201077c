"""An explorer that works in the background: progress, Stop, a newer setting, and waiting."""

from __future__ import annotations

import asyncio
import threading
import time

import ipywidgets as widgets
import pytest

from motiflab.explorers.study_explorer import StudyExplorer
from motiflab.explorers.theorem_explorer import TheoremExplorer
from motiflab.motifs import jaspar
from motiflab.networks import recovery
from motiflab.widgets.slow_explorer import BackgroundExplorer


class Work:
    """Work that waits for the test: `go` lets it end."""

    def __init__(self):
        self.begun, self.ended, self.given_up = [], [], []
        self.go = threading.Event()

    def __call__(self, state, report):
        self.begun.append(state)
        try:
            while not (self.go.is_set() or state.width == 3):
                report(2, 5)
                time.sleep(0.002)
        except Exception:
            self.given_up.append(state)
            raise
        if state.name == "nobody":
            raise ValueError("Nobody is called nobody.")
        self.ended.append(state)
        return state


@pytest.fixture
def slow(toy_class):
    """Return an explorer whose every state but one of width 3 takes until `work.go` is set."""
    work = Work()

    class Slow(BackgroundExplorer):
        State, title, goal = toy_class.State, toy_class.title, toy_class.goal
        draw, describe = staticmethod(toy_class.draw), staticmethod(toy_class.describe)

        def work(self, state, report):
            return work(state, report)

    Slow.waiting = work
    return Slow


def on_card(card, kind):
    found = [card.widget]
    for widget in found:
        found += getattr(widget, "children", ())
    return [widget for widget in found if isinstance(widget, kind)]


def stop(card):
    return next(b for b in on_card(card, widgets.Button) if b.description == "Stop")


def progress(card):
    toolbar = next(b for b in on_card(card, widgets.VBox) if "motiflab-toolbar" in b._dom_classes)
    return toolbar.children[1].value


async def until(condition):
    for _ in range(3000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came")


def test_a_control_moved_by_hand_shows_progress_and_then_the_result(slow):
    async def cell():
        card = slow()
        assert stop(card).disabled and progress(card) == ""
        before = dict(card.figures)
        card.controls["width"].value = 8
        await until(lambda: "part 3 of 5" in progress(card))
        assert "<progress max='5' value='2'" in progress(card)
        assert not stop(card).disabled and card.readout.busy
        assert card.state.width == 3 and card.figures == before
        slow.waiting.go.set()
        await until(lambda: card.state.width == 8)
        assert card.figures["bar"] == card.draw(card.state, card.uid)["bar"] != before["bar"]
        assert stop(card).disabled and progress(card) == "" and not card.readout.busy
        assert slow.waiting.ended.count(card.state) == 1

    asyncio.run(cell())


def test_stop_keeps_what_is_shown_and_takes_the_controls_back(slow):
    async def cell():
        card = slow()
        before = dict(card.figures), card.readout.html, card.scene
        card.controls["width"].value = 8
        card.controls["shape"].value = "disc"
        await until(lambda: not stop(card).disabled)
        stop(card).click()
        assert (card.figures, card.readout.html, card.scene) == before
        assert card.controls["width"].value == 3 and card.controls["shape"].value == "square"
        assert "stopped" in progress(card) and stop(card).disabled
        work = slow.waiting
        await until(lambda: work.given_up and len(work.begun) == len(work.given_up + work.ended))
        assert len(work.ended) == 1  # the first

    asyncio.run(cell())


def test_a_newer_setting_replaces_an_older_one_and_keeps_what_was_moved_before(slow):
    async def cell():
        card = slow()
        card.controls["width"].value = 8
        await until(lambda: slow.waiting.begun[-1].width == 8)
        card.controls["name"].value = "new"
        await until(lambda: slow.waiting.given_up)
        assert [state.name for state in slow.waiting.given_up] == ["x"]
        slow.waiting.go.set()
        await until(lambda: card.state.width == 8)
        assert card.state.name == "new" and card.controls["name"].value == "new"

    asyncio.run(cell())


def test_moved_back_to_what_is_shown_nothing_is_worked_out(slow):
    async def cell():
        card = slow()
        card.controls["width"].value = 8
        await until(lambda: not stop(card).disabled)
        card.controls["width"].value = 3
        await until(lambda: slow.waiting.given_up)
        assert stop(card).disabled and progress(card) == "" and card.state.width == 3

    asyncio.run(cell())


def test_a_bad_value_meanwhile_is_answered_and_the_work_goes_on(slow):
    async def cell():
        card = slow()
        card.controls["width"].value = 8
        await until(lambda: not stop(card).disabled)
        card.controls["count"].value = "-1"
        assert "must be a whole number" in card.controls["count"].description
        slow.waiting.go.set()
        await until(lambda: card.state.width == 8)
        assert "must be a whole number" in card.controls["count"].description

    asyncio.run(cell())


def test_what_the_work_refuses_stands_beside_its_control(slow):
    async def cell():
        card = slow()
        card.controls["name"].value = "nobody"
        await until(lambda: "Nobody is called nobody." in card.controls["name"].description)
        assert card.state.name == "x"

    asyncio.run(cell())


def test_a_scene_and_undo_work_in_the_background_too(slow):
    async def cell():
        card = slow()
        slow.waiting.go.set()
        other = slow(width=9, locked=["rate"])
        line = next(w for w in on_card(card, widgets.Text) if w.description.startswith("Scene<"))
        line.value = other.scene
        assert card.state.width == 3
        await until(lambda: card.state.width == 9)
        assert card.controls["rate"].disabled and line.value == card.scene
        next(b for b in on_card(card, widgets.Button) if "Undo" in b.description).click()
        await until(lambda: card.state.width == 3)

    asyncio.run(cell())


def test_set_waits_and_ends_what_was_begun_by_hand(slow):
    async def cell():
        card = slow()
        card.controls["width"].value = 8
        await until(lambda: not stop(card).disabled)
        card.set(name="new")  # of width 3: no waiting
        assert card.result.name == "new" and card.controls["width"].value == 3
        assert stop(card).disabled and progress(card) == ""
        await until(lambda: slow.waiting.given_up)

    asyncio.run(cell())


def test_without_a_loop_everything_waits(slow):
    card = slow()
    slow.waiting.go.set()
    card.controls["width"].value = 8
    assert card.result.width == 8 and progress(card) == ""


def test_closing_ends_the_work(slow):
    async def cell():
        card = slow()
        card.controls["width"].value = 8
        await until(lambda: not stop(card).disabled)
        card.close()
        await until(lambda: slow.waiting.given_up)
        assert card.state.width == 3

    asyncio.run(cell())


@pytest.mark.parametrize(
    ("explorer", "changes"),
    [
        (TheoremExplorer, {"data": "scan", "motif": "MA0004.1", "n": 1000, "restarts": 2}),
        (StudyExplorer, {"data": "scan", "smallest": 500, "largest": 2000, "repeats": 1}),
    ],
)
def test_by_hand_and_by_set_the_result_is_the_same(explorer, changes):
    async def cell():
        card = explorer(**changes | {"seed": 2})
        card.controls["seed"].value = 3
        await until(lambda: card.state.seed == 3)
        wanted = explorer(**changes | {"seed": 3})
        assert card.readout.html == wanted.readout.html
        assert card.scene == wanted.scene

    asyncio.run(cell())


class Enough(Exception):
    pass


def test_the_core_reports_how_far_it_is_and_can_be_ended():
    arnt, seen = jaspar.load("MA0004.1"), []
    recovery.recover(arnt, 300, 20, restarts=3, report=lambda *so_far: seen.append(so_far))
    assert sorted(set(seen)) == [(0, 3), (1, 3), (2, 3)] and seen == sorted(seen)
    seen.clear()
    recovery.learning_curve(arnt, [300, 600], 20, 2, report=lambda *so_far: seen.append(so_far))
    assert sorted(set(seen)) == [(0, 2), (1, 2)] and seen == sorted(seen)

    def report(done, total):
        seen.append(done)
        if done == 1:
            raise Enough

    seen.clear()
    with pytest.raises(Enough):
        recovery.recover(arnt, 300, 20, restarts=3, report=report)
    assert seen[-1] == 1 and seen.count(1) == 1

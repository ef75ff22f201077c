"""The lab without a browser: its controls, buttons, replay, scenes, errors and texts."""

from __future__ import annotations

import asyncio
import gc
import re
import sys
import threading
import time
import zlib
from html import unescape

import ipywidgets as widgets
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

from motiflab.figures.logo import logo_bytes
from motiflab.lab import GrammarLab, lab_view
from motiflab.lab.lab_state import LabState
from motiflab.lab.motif_lab import MotifLab
from motiflab.lab.training_session import LiveTraining, Session, look
from motiflab.motifs import Motif, jaspar, own_summary, write_meme
from motiflab.motifs.closest_motifs import similarity
from motiflab.motifs.naming import candidates
from motiflab.networks import cnn
from motiflab.widgets import LivePicture
from motiflab.widgets.chart import LightFigure
from motiflab.widgets.fields import declared
from motiflab.widgets.scene import from_scene, to_scene

# Nine steps of a small network.
QUICK = {"motif": "CTCF", "n": 200, "length": 40, "filters": 4, "epochs": 3, "speed": "full"}
FIELDS = declared(LabState)
RESET = "Applies after Reset."

OWN = write_meme([Motif.from_sites([site], site) for site in ("CACGTG", "TATAAA")])
TOLD = {"own": {"own": own_summary(OWN)}}  # what a control says of what it holds

# What is put into each control, and what its field is then.
MOVES = {
    "source": ("ctcf", "ctcf"),
    "motif": ("tbp", "tbp"),
    "second": ("TBP", "TBP"),
    "own": (OWN, OWN),
    "gap_min": (3, 3),
    "gap_max": (9, 9),
    "contrast": ("gaps", "gaps"),
    "other_min": (3, 3),
    "other_max": (30, 30),
    "planted_strands": (False, False),
    "fasta": ("a.fa", "a.fa"),
    "negatives": ("composition", "composition"),
    "negatives_fasta": ("b.fa", "b.fa"),
    "n": (" 300 ", 300),
    "length": (50, 50),
    "ratio": (2, 2),
    "gc": (0.1 + 0.3, 0.4),
    "seed": ("2", 2),
    "filters": (5, 5),
    "width": (9, 9),
    "stride": (2, 2),
    "padding": (3, 3),
    "dilation": (2, 2),
    "activation": ("none", "none"),
    "pooling": ("average", "average"),
    "window": (5, 5),
    "layers": (2, 2),
    "second_filters": (3, 3),
    "second_width": (3, 3),
    "second_dilation": (2, 2),
    "both_strands": (False, False),
    "initialisation": ("he", "he"),
    "learning_rate": ("5e-2", 0.05),
    "batch": ("32", 32),
    "epochs": ("2", 2),
    "weight_decay": ("0.1", 0.1),
    "dropout": (0.5, 0.5),
    "speed": ("slow", "slow"),
    "logos": ("weights", "weights"),
    "known": ("own", "own"),
    "tables": (True, True),
}


@pytest.fixture
def lab():
    """Return a lab before any training."""
    return MotifLab(**QUICK)


@pytest.fixture
def trained():
    """Return a lab after a training."""
    lab = MotifLab(**QUICK)
    lab.start()
    return lab


@pytest.fixture(scope="module")
def kept():
    """Return a lab after a training that the tests leave as it is."""
    lab = MotifLab(**QUICK)
    lab.start()
    return lab


@pytest.fixture(scope="module")
def still():
    """Return a lab that the tests do not change."""
    return MotifLab(**QUICK)


def message(lab, field: str) -> str:
    """Return the sentence that stands beside a control."""
    found = re.search(
        r'<span class="motiflab-(error|note)">(.*?)</span>', lab.controls[field].description
    )
    return unescape(found[2]) if found else ""


def messages(lab) -> dict[str, str]:
    """Return all the sentences beside controls."""
    return {name: message(lab, name) for name in lab.controls if message(lab, name)}


def all_widgets(lab) -> list[widgets.Widget]:
    found = [lab.widget]
    for widget in found:
        found += getattr(widget, "children", ())
    return found


def button(lab, name: str) -> widgets.Button:
    return next(w for w in all_widgets(lab) if getattr(w, "description", "") == name)


def enabled(lab) -> list[str]:
    names = ["Start", "Pause", "Step", "Reset"]
    return [name for name in names if not button(lab, name).disabled]


def replay(lab) -> widgets.IntSlider:
    return button(lab, "Moment")


def progress(lab) -> str:
    """Return the words of the progress bar."""
    bar = next(w.value for w in all_widgets(lab) if "<progress" in str(getattr(w, "value", "")))
    return unescape(re.sub("<[^>]*>", "", bar)).strip()


def agrees(lab) -> bool:
    """Say whether pictures, readout and scene are those of the present state and moment."""
    result = lab.result
    if result is not None:
        result = look(
            lab.session,
            result.index,
            lab.state.logos,
            result.evalues,
            result.hero.index,
            chosen=True,
        )
    panel = button(lab, "Show").value
    return (
        lab.figures == lab_view.draw(result, lab.uid, panel, lab.state.tables)
        and lab.readout.html == lab_view.describe(result)
        and from_scene(lab.scene, "MotifLab", LabState).state == lab.state
    )


def behind_tabs(lab) -> list[dict]:
    """Return all pictures, those of each tab."""
    figures = []
    for panel in ("curves", "tracks", "filters", "stage"):
        lab.open(panel)
        figures.append(dict(lab.figures))
    return figures


def weights(lab, index: int = -1) -> dict[str, np.ndarray]:
    record = lab.session.records[index]
    return {name: value.copy() for name, value in record.weights.items()}


def same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> bool:
    return all(np.array_equal(a[name], b[name]) for name in a)


async def until(condition) -> None:
    """Wait for a condition during training; the limit is only for a test that hangs."""
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came")


def in_a_loop(cell) -> None:
    """Run an async test, with warnings that nobody awaited as errors."""
    asyncio.run(cell())
    gc.collect()


# -- controls -----------------------------------------------------------------------------------


def test_the_defaults_as_they_are_first_seen():
    lab = MotifLab()
    assert lab.state == lab.session.state == LabState()
    assert agrees(lab) and messages(lab) == {} and not lab.result.evalues
    assert progress(lab) == f"step 0 of {lab.session.total}, not trained yet"
    assert enabled(lab) == ["Start", "Step", "Reset"]
    shown = {name for name, control in lab.controls.items() if control.layout.display != "none"}
    assert shown == set(FIELDS) - LabState().idle()


@pytest.mark.parametrize("field", FIELDS)
def test_each_control_moves_its_field_and_what_is_seen(lab, field):
    moved, value = MOVES[field]
    before = behind_tabs(lab)
    lab.controls[field].value = moved
    assert lab.state == LabState(**QUICK | {field: value})
    assert lab.session.state == lab.state  # nothing was trained: it is made anew
    assert messages(lab) == TOLD.get(field, {}) and agrees(lab)
    unseen = field in lab.state.idle() | {"own", "speed", "learning_rate", "weight_decay"}
    assert (behind_tabs(lab) == before) == unseen


def test_two_fields_at_once(lab):
    lab.set(motif="TBP", width=8)
    assert (lab.state.motif, lab.state.width) == ("TBP", 8) and agrees(lab)
    assert lab.controls["motif"].value == "TBP" and lab.controls["width"].value == 8


def test_numbers_of_numpy_are_numbers(lab):
    lab.set(width=np.int64(9), n=np.int32(250), learning_rate=np.float32(0.25), gc=np.float64(0.3))
    assert lab.state == LabState(**QUICK | {"width": 9, "n": 250, "learning_rate": 0.25, "gc": 0.3})
    assert agrees(lab) and MotifLab.from_scene(lab.scene).state == lab.state


def test_two_fields_that_fit_only_together(lab):
    lab.set(width=40, length=30, padding=5)
    assert lab.session.data.length == 30 and agrees(lab)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [-1e9, -1, 1.5, 10**30, float("nan"), float("inf"), None, b"x"])
def test_a_bad_value_is_answered_beside_its_control_and_changes_nothing(still, field, value):
    before = still.state, dict(still.figures), still.readout.html, still.session
    with pytest.raises(ValueError, match=re.escape(FIELDS[field].label)) as caught:
        still.set(**{field: value})
    words = str(caught.value)
    assert words.endswith(".") and " must be " in words
    assert messages(still) == {field: words}
    assert (still.state, still.figures, still.readout.html, still.session) == before
    assert still.readout.alarm == words
    still.set(**{field: getattr(still.state, field)})
    assert messages(still) == {} and still.readout.alarm == ""


TYPED = [name for name, field in FIELDS.items() if field.kind == "number"]
NO_NUMBERS = ["-1", "1e99", "9" * 5000, "nan", "ten", "", "<i>1</i>"]
TYPOS = [(field, text) for field in TYPED for text in NO_NUMBERS]
TYPOS += [(field, "0") for field in TYPED if FIELDS[field].low > 0]


@pytest.mark.parametrize(("field", "text"), TYPOS)
def test_a_bad_number_typed_is_answered_and_stays_to_be_mended(still, field, text):
    before = still.state
    still.controls[field].value = text
    assert message(still, field).startswith(FIELDS[field].label)
    assert "<i>" not in still.controls[field].description
    assert still.state == before and still.controls[field].value == text
    still.controls[field].value = str(getattr(before, field))
    assert messages(still) == {}


@pytest.mark.parametrize("field", ["motif", "second"])
@pytest.mark.parametrize("text", ["GATA99", "<img src=x onerror=alert(1)>", "MA9999.1", "x" * 201])
def test_a_motif_that_does_not_exist(still, field, text):
    before = still.state
    still.controls[field].value = text
    assert len(message(still, field)) > 20 and "<img" not in still.controls[field].description
    if text == "GATA99":
        assert "similar names are GATA9" in message(still, field)
    assert still.state == before
    still.controls[field].value = getattr(before, field)
    assert messages(still) == {}


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"second": "TBP", "gap_min": 9}, "second", "must be at most the longest, 8, not 9."),
        ({"second": "TBP", "gap_min": 8, "length": 20}, "length", "must be at least 30 to hold"),
        ({"width": 40, "length": 39}, "width", "= 40 positions, but only L+2P = 39+2*0 = 39 are"),
        ({"width": 6, "dilation": 8}, "width", "D(K-1)+1 = 8*(6-1)+1 = 41 positions, but only"),
        ({"window": 27}, "window", "at most 26, the length of the feature map (40 bases, filter"),
        ({"stride": 10, "window": 4}, "window", "at most 3, the length of the feature map"),
        ({"layers": 2, "window": 9}, "layers", "Width of layer 2 must be at most 2, the number of"),
        ({"n": 50_000, "length": 500}, "n", "at most 10,000,000 to fit in memory, not 50,000"),
    ],
)
def test_choices_that_do_not_go_together_are_explained_with_their_numbers(
    still, changes, field, sentence
):
    before = still.state, still.session
    with pytest.raises(ValueError, match=re.escape(sentence)):
        still.set(**changes)
    assert sentence in message(still, field) and list(messages(still)) == [field]
    assert (still.state, still.session) == before
    still.set(**dict.fromkeys(changes) | {k: getattr(still.state, k) for k in changes})
    assert messages(still) == {}


def test_a_sentence_beside_another_control_goes_when_its_cause_goes(lab):
    lab.set(length=20, second="", motif="TBP")
    lab.controls["motif"].value = "MA0073.1"  # 20 wide: fits
    lab.controls["motif"].value = "MA0138.1"  # 19 wide
    lab.controls["second"].value = "TBP"
    assert list(messages(lab)) == ["length"] and "must be at least" in message(lab, "length")
    lab.controls["second"].value = ""
    assert messages(lab) == {} and lab.state.second == ""
    lab.controls["length"].value = 60
    assert lab.state.second == "" and agrees(lab)  # and is not remembered


def test_a_refused_value_is_taken_once_it_fits(lab):
    lab.controls["width"].value = 40
    lab.controls["length"].value = 39
    assert list(messages(lab)) == ["width"] and lab.state.length == 40
    lab.controls["width"].value = 30
    assert (lab.state.width, lab.state.length) == (30, 39) and messages(lab) == {}


def test_a_sentence_about_a_hidden_control_stands_beside_the_one_that_was_moved():
    lab = MotifLab(**QUICK, hidden=["length"])
    lab.set(length=20)
    lab.controls["second"].value = "TBP"
    assert "Length in bases must be at least" in message(lab, "second")
    assert message(lab, "length") == ""


def test_controls_that_mean_nothing_are_put_away(lab):
    def shown(*names):
        return [name for name in names if lab.controls[name].layout.display != "none"]

    assert shown("motif", "gap_min", "fasta", "negatives", "second_width") == ["motif"]
    lab.set(second="TBP", layers=2)
    assert shown("gap_min", "gap_max", "second_filters") == ["gap_min", "gap_max", "second_filters"]
    lab.set(source="ctcf", negatives="own")
    assert shown("motif", "ratio", "fasta", "negatives_fasta") == ["negatives_fasta"]


# -- training -----------------------------------------------------------------------------------


def test_start_trains_to_the_end_in_a_script(trained):
    assert trained.session.done and trained.result.record.step == 9
    assert progress(trained) == "step 9 of 9, trained"
    assert enabled(trained) == ["Reset"] and agrees(trained)
    assert trained.result.evalues
    trained.start()
    trained.step()
    assert trained.session.step == 9


def test_step_and_start_train_the_same(lab, trained):
    steps = []
    while "Step" in enabled(lab):
        button(lab, "Step").click()
        steps.append(lab.result.record.step)
        assert agrees(lab)
    assert steps == list(range(1, 10))
    assert same(weights(lab), weights(trained))
    assert lab.result.precision_recall.area == trained.result.precision_recall.area


def test_reset_begins_anew(trained):
    end = weights(trained)
    button(trained, "Reset").click()
    assert progress(trained) == "step 0 of 9, not trained yet"
    assert trained.result.index == 0 and agrees(trained)
    assert enabled(trained) == ["Start", "Step", "Reset"]
    trained.start()
    assert same(weights(trained), end)


def test_the_same_scene_gives_the_same_training_bit_for_bit(trained):
    again = MotifLab.from_scene(trained.scene)
    again.start()
    for index in range(10):
        assert same(weights(trained, index), weights(again, index))
    assert trained.result.losses == again.result.losses
    assert trained.result.precision_recall.area == again.result.precision_recall.area


def test_start_pause_and_start_again_in_a_loop():
    async def cell():
        lab = MotifLab(**QUICK | {"n": 2000, "epochs": 20})
        button(lab, "Start").click()
        assert progress(lab).endswith("training") and enabled(lab) == ["Pause", "Step", "Reset"]
        await until(lambda: lab.session.step >= 20)
        button(lab, "Pause").click()
        at = lab.session.step
        assert enabled(lab) == ["Start", "Step", "Reset"]
        await asyncio.sleep(0.1)
        assert lab.session.step == at < lab.session.total
        assert progress(lab) == f"step {at} of {lab.session.total}, paused"
        assert lab.result.index == len(lab.session.records) - 1 and agrees(lab)
        await lab.run()
        assert lab.session.done and agrees(lab)

    in_a_loop(cell)


def trainings() -> int:
    """Count the tasks that train."""
    return sum("LiveTraining._train" in str(task.get_coro()) for task in asyncio.all_tasks())


def test_start_pressed_twice_or_after_a_short_pause_trains_once():
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 100})
        for press in ("Start", "Start", "Pause", "Start", "Pause", "Pause", "Start"):
            button(lab, press).click()
        assert trainings() == 1
        await until(lambda: lab.session.step > 0)
        button(lab, "Pause").click()
        button(lab, "Start").click()
        assert trainings() == 1
        await lab.run()
        assert lab.session.done and trainings() == 0
        steps = [record.step for record in lab.session.records]
        assert steps == sorted(set(steps)) and steps[-1] == lab.session.total

    in_a_loop(cell)


def test_reset_and_start_while_it_trains():
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 200})
        lab.start()
        first = lab.session
        await until(lambda: first.step > 0)
        button(lab, "Reset").click()
        assert lab.session is not first and lab.session.step == 0
        await asyncio.sleep(0.05)
        assert lab.session.step == 0 and progress(lab).endswith("not trained yet")
        lab.start()
        second = lab.session
        await until(lambda: second.step > 0)
        lab.reset()
        lab.start()  # before the other training has noticed
        await lab.run()
        assert lab.session not in (first, second) and lab.session.done
        assert not first.done and trainings() == 0

    in_a_loop(cell)


def test_step_while_it_trains_pauses():
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 200})
        lab.start()
        await until(lambda: lab.session.step > 0)
        before = lab.session.step
        button(lab, "Step").click()
        at = lab.session.step
        assert before < at <= before + lab.session.every
        await asyncio.sleep(0.05)
        assert lab.session.step == at and enabled(lab) == ["Start", "Step", "Reset"]

    in_a_loop(cell)


def test_a_training_that_was_cut_off_can_be_taken_up_again(lab):
    """An interrupted cell or a closed loop ends the task without a word."""
    lab.set(epochs=200)

    async def cell(steps):
        lab.start()
        await until(lambda: lab.session.step >= steps)

    asyncio.run(cell(0))  # cancelled before its first step
    asyncio.run(cell(1))
    assert 0 < lab.session.step < lab.session.total
    lab.pause()
    assert enabled(lab) == ["Start", "Step", "Reset"]
    lab.start()
    assert lab.session.done and agrees(lab)


def test_a_control_moved_during_training_is_answered_and_training_goes_on():
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 200})
        lab.start()
        await until(lambda: lab.session.step > 0)
        session, step = lab.session, lab.session.step
        lab.controls["width"].value = 10
        assert lab.state.width == 10 and messages(lab) == {"width": RESET}
        lab.controls["epochs"].value = "many"
        assert "must be a whole number" in message(lab, "epochs")
        await until(lambda: session.step > step)
        assert lab.session is session
        assert set(messages(lab)) == {"width", "epochs"}
        lab.controls["epochs"].value = "200"
        lab.controls["width"].value = 15
        assert messages(lab) == {}
        lab.pause()

    in_a_loop(cell)


def test_a_control_moved_right_after_start_leaves_the_training_alone():
    async def cell():
        lab = MotifLab(**QUICK)
        session = lab.session
        lab.start()  # and not a step yet
        lab.controls["width"].value = 9
        assert lab.session is session and messages(lab) == {"width": RESET}
        await lab.run()
        assert session.done and lab.session is session

    in_a_loop(cell)


def test_a_bad_value_stays_said_while_the_pictures_move():
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 200})
        lab.start()
        lab.controls["seed"].value = "5"
        lab.controls["seed"].value = "five"
        index = lab.result.index
        await until(lambda: lab.result.index > index)
        assert "must be a whole number" in message(lab, "seed")
        lab.pause()

    in_a_loop(cell)


def test_start_and_reset_look_at_what_happens_next():
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 100})
        for act in (lambda: None, lab.reset):
            for _ in range(3):
                lab.step()
            replay(lab).value = 1
            assert "looking back" in progress(lab)
            act()
            assert act != lab.reset or progress(lab) == "step 0 of 300, not trained yet"
            lab.start()
            await until(lambda: lab.result.index > 3)
            lab.pause()
            await until(lambda: trainings() == 0)

    in_a_loop(cell)


def test_a_pause_brings_the_evalues_of_what_is_seen_already():
    async def cell():
        lab = MotifLab(**QUICK | {"speed": "slow"})
        lab.start()
        await until(lambda: lab.result.index == 1)
        assert not lab.result.evalues
        lab.pause()
        await until(lambda: trainings() == 0)
        assert lab.result.index == 1 and lab.result.evalues

    in_a_loop(cell)


def test_run_waits_for_the_last_step_whatever_is_pressed_and_looked_at():
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 30})
        run = asyncio.create_task(lab.run())
        await until(lambda: lab.session.step > 3)
        assert lab.readout.busy
        button(lab, "Pause").click()
        lab.set(logos="weights")
        replay(lab).value = 2
        await asyncio.sleep(0.1)
        assert not run.done() and not lab.readout.busy
        lab.start()
        await until(lambda: lab.session.step > 6)
        button(lab, "Reset").click()
        await asyncio.sleep(0.1)
        assert not run.done()
        lab.start()
        end = await run
        assert end.record.step == lab.session.total == 90 and end.logos == "windows"
        assert end.evalues and not lab.readout.busy

    in_a_loop(cell)


def test_a_reset_while_the_last_picture_is_drawn_does_not_end_the_wait(monkeypatch):
    async def train_and_draw_slowly(live):
        while live.session.advance():
            pass
        await asyncio.sleep(0.3)

    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 1})
        with monkeypatch.context() as patched:
            patched.setattr(LiveTraining, "_train", train_and_draw_slowly)
            run = asyncio.create_task(lab.run())
            await until(lambda: lab.session.done)
            await asyncio.sleep(0.1)  # by now only the last picture is waited for
            assert not run.done()
        lab.reset()
        await asyncio.sleep(0.1)
        assert not run.done() and lab.session.step == 0
        lab.start()
        end = await run
        assert end.session is lab.session and end.record.step == lab.session.total

    in_a_loop(cell)


def test_a_cell_that_waits_and_is_interrupted_pauses():
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 200})
        run = asyncio.create_task(lab.run())
        await until(lambda: lab.session.step > 0)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert progress(lab).endswith("paused")
        await until(lambda: trainings() == 0)

    in_a_loop(cell)


def test_speed_acts_at_once():
    async def cell():
        lab = MotifLab(**QUICK | {"n": 100, "epochs": 1, "speed": "slow"})
        assert lab.session.total == 2  # half a minute a step
        lab.start()
        await until(lambda: lab.session.step == 1)
        lab.controls["speed"].value = "full"
        await asyncio.wait_for(lab.run(), 20)
        assert lab.session.step == 2

    in_a_loop(cell)


def test_a_slow_training_draws_only_when_there_is_something_new(monkeypatch):
    looks = []
    monkeypatch.setattr(
        "motiflab.lab.motif_lab.look",
        lambda *a, **k: looks.append(a) or look(*a, **k),
    )

    async def cell():
        lab = MotifLab(**QUICK | {"n": 100, "epochs": 1, "speed": "slow"})
        lab.start()
        await until(lambda: lab.result.index == 1)
        await asyncio.sleep(0.5)
        assert lab.session.step == 1 and len(looks) == 2  # before and after it
        lab.pause()

    in_a_loop(cell)


def test_threads_of_torch_are_as_before_while_and_after_it_trains():
    before = torch.get_num_threads()

    async def cell():
        torch.set_num_threads(3)
        try:
            lab = MotifLab(**QUICK | {"epochs": 30})
            lab.start()
            await until(lambda: lab.session.step > 0)
            assert torch.get_num_threads() == 3  # for another cell, between two slices
            await lab.run()
            assert torch.get_num_threads() == 3
        finally:
            torch.set_num_threads(before)

    in_a_loop(cell)


def test_controls_and_buttons_used_on_another_thread_are_answered_at_home():
    threads = set()

    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 100})
        monkeyed = lab.redraw
        lab.redraw = lambda: threads.add(threading.get_ident()) or monkeyed()

        def press():
            button(lab, "Start").click()
            lab.controls["width"].value = 9
            lab.controls["epochs"].value = "none"

        thread = threading.Thread(target=press)
        thread.start()
        thread.join()
        assert lab.session.step == 0 and lab.state.width == 15  # this cell is still running
        await until(lambda: lab.state.width == 9 and lab.session.step > 0)
        assert "must be a whole number" in message(lab, "epochs")
        threading.Thread(target=button(lab, "Pause").click).start()
        await until(lambda: progress(lab).endswith("paused"))

    in_a_loop(cell)
    assert threads == {threading.get_ident()}


def test_pause_ends_the_steps_while_the_kernel_is_busy_with_them(monkeypatch):
    steps, advance = [], Session.advance

    def pressed(session):
        steps.append(session.step)
        if len(steps) == 3:
            thread = threading.Thread(target=button(lab, "Pause").click)
            thread.start()
            thread.join()
        return advance(session)

    async def cell():
        nonlocal lab
        lab = MotifLab(**QUICK | {"epochs": 100, "speed": "full"})
        lab.start()
        await until(lambda: progress(lab).endswith("paused"))

    lab = None
    monkeypatch.setattr(Session, "advance", pressed)
    monkeypatch.setattr("motiflab.lab.training_session._SLICE", 60.0)
    monkeypatch.setattr("motiflab.lab.training_session._UNSEEN", 1.0)
    in_a_loop(cell)
    assert len(steps) == 3


def test_many_threads_at_once_leave_one_state():
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 100})
        lab.start()

        def move(start):
            for value in range(start, start + 10):
                lab.controls["width"].value = value
                lab.controls["filters"].value = value
                time.sleep(0.001)

        movers = [threading.Thread(target=move, args=(start,)) for start in (2, 20)]
        for mover in movers:
            mover.start()
        await until(lambda: not any(mover.is_alive() for mover in movers))
        await asyncio.sleep(0.05)
        assert lab.state.width == lab.controls["width"].value
        assert lab.state.filters == lab.controls["filters"].value
        lab.pause()
        await asyncio.sleep(0.05)
        assert agrees(lab)

    in_a_loop(cell)


def test_a_lab_that_is_closed_while_it_trains_does_no_harm(recwarn):
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 30})
        lab.start()
        await until(lambda: lab.session.step > 0)
        for widget in all_widgets(lab):
            widget.close()
        await lab.run()
        assert lab.session.done and lab.session.trouble == ""

    in_a_loop(cell)
    assert MotifLab(**QUICK).session.step == 0


# -- what was trained is kept -------------------------------------------------------------------


@pytest.mark.parametrize("field", FIELDS)
def test_what_was_trained_is_kept_and_the_control_says_what_needs_a_reset(kept, field):
    session, end = kept.session, weights(kept)
    seen = kept.result.precision_recall.area
    kept.controls[field].value = MOVES[field][0]
    assert kept.session is session and same(weights(kept), end)
    assert kept.result.precision_recall.area == seen and agrees(kept)
    views = {"own", "speed", "logos", "known", "tables"}
    idle = kept.state.idle() & session.state.idle() | views
    assert messages(kept) == (TOLD.get(field, {}) if field in idle else {field: RESET})
    first = QUICK.get(field, getattr(LabState(), field))
    kept.controls[field].value = str(first) if field in TYPED else first
    assert messages(kept) == {}


def test_a_reset_takes_the_new_choices(trained):
    trained.set(width=9, motif="TBP", epochs=2)
    assert messages(trained) == dict.fromkeys(("motif", "width", "epochs"), RESET)
    assert trained.result.filters[0].motif.width == 15
    trained.reset()
    assert messages(trained) == {}
    assert trained.session.state == trained.state
    assert trained.result.filters[0].motif.width == 9
    assert trained.session.data.train.motifs == (jaspar.load("TBP"),) or (
        trained.session.data.train.motifs[0].name == "TBP"
    )


def test_a_note_comes_back_after_a_bad_value(trained):
    trained.controls["epochs"].value = "5"
    assert message(trained, "epochs") == RESET
    trained.controls["epochs"].value = "five"
    assert "must be" in message(trained, "epochs")
    trained.controls["epochs"].value = "5"
    assert message(trained, "epochs") == RESET


def test_what_cannot_be_is_said_though_a_training_is_kept(trained):
    trained.controls["motif"].value = "GATA99"
    assert "similar names are" in message(trained, "motif")
    trained.controls["dilation"].value = 10
    assert "positions, but only" in message(trained, "width")
    assert trained.state == LabState(**QUICK)


def test_a_reset_that_cannot_be_keeps_what_was_trained(trained):
    trained.set(n=50_000, length=500)
    end = weights(trained)
    trained.reset()
    assert "at most 10,000,000 to fit in memory" in message(trained, "n")
    assert same(weights(trained), end) and trained.result.record.step == 9
    trained.set(n=200)
    trained.reset()
    assert messages(trained) == {} and trained.session.data.length == 500


def test_a_reset_makes_data_only_if_they_changed(trained):
    data = trained.session.data
    trained.set(width=9, epochs=4)
    trained.reset()
    assert trained.session.data is data
    trained.set(seed=3)
    trained.reset()
    assert trained.session.data is not data


def test_a_file_not_chosen_yet(trained):
    session = trained.session
    trained.controls["source"].value = "fasta"
    assert trained.session is session and message(trained, "source") == RESET
    assert agrees(trained) and trained.result.record.step == 9
    trained.reset()
    assert trained.session is None and trained.result is None and agrees(trained)
    assert enabled(trained) == ["Reset"] and progress(trained).endswith("no data yet")
    assert "Choose a FASTA file" in trained.readout.html
    for press in ("start", "step", "pause", "save"):
        getattr(trained, press)()
    replay(trained).value = 1
    with pytest.raises(ValueError, match="There is no logo yet"):
        trained.save_logo("a.svg")
    trained.controls["source"].value = "planted"
    assert trained.session.step == 0 and agrees(trained)
    assert enabled(trained) == ["Start", "Step", "Reset"]


def test_a_lab_without_data_from_the_start():
    lab = MotifLab(source="fasta")
    assert lab.result is None and agrees(lab) and enabled(lab) == ["Reset"]
    assert asyncio.run(lab.run()) is None


def test_evalues_stay_when_a_control_is_touched(told):
    evalues = [card.match_evalue for card in told.result.cards]
    assert [value is None for value in evalues] == [not card.name for card in told.result.cards]
    assert evalues[0] < 1e-3
    for field, value in (("tables", False), ("logos", "weights"), ("logos", "windows")):
        told.controls[field].value = value
        assert [card.match_evalue for card in told.result.cards] == evalues
    told.controls["tables"].value = True


# -- replay -------------------------------------------------------------------------------------


def test_the_slider_shows_an_earlier_moment_exactly(lab):
    lab.choose(2)
    assert "tracks" not in vars(lab.result)  # not computed before they are shown
    lab.open("tracks")
    seen = []
    for _ in range(6):
        lab.step()
        seen.append((lab.result, dict(lab.figures), weights(lab)))
    for index in (2, 5, 0, 3, 1):
        replay(lab).value = index + 1
        before, figures, then = seen[index]
        assert lab.result.index == index + 1
        assert lab.result.precision_recall.area == before.precision_recall.area
        assert lab.result.roc.area == before.roc.area
        for name in ("loss", "precision_recall", "roc", "tracks"):
            assert lab.figures[name] == figures[name]
        for a, b in zip(lab.result.cards, before.cards, strict=True):
            assert np.array_equal(a.motif.counts, b.motif.counts) and a.strength == b.strength
        network = lab.session.at(index + 1)
        assert same(network.state_dict(), then)
        assert progress(lab) == f"step 6 of 9, paused, looking back at step {index + 1}" or (
            index == 5 and progress(lab) == "step 6 of 9, paused"
        )
    replay(lab).value = 8  # not trained yet
    assert lab.result.index == replay(lab).value == 6
    assert lab.figures == seen[5][1]


def test_the_slider_stays_while_training_goes_on_until_it_is_put_to_the_end():
    async def cell():
        lab = MotifLab(**QUICK | {"n": 2000, "epochs": 100})
        lab.start()
        await until(lambda: len(lab.session.records) > 20)
        replay(lab).value = 5
        then = lab.result
        figures = dict(lab.figures)
        await until(lambda: len(lab.session.records) > 60)
        assert lab.result is then and lab.figures == figures and replay(lab).value == 5
        assert f", training, looking back at step {then.record.step}" in progress(lab)
        replay(lab).value = replay(lab).max
        at = lab.result.index
        assert at >= 60
        await until(lambda: lab.result.index > at)
        lab.pause()
        await asyncio.sleep(0.05)
        assert replay(lab).value == lab.result.index == len(lab.session.records) - 1

    in_a_loop(cell)


def test_looking_back_when_the_training_ends_and_on_from_there():
    async def cell():
        lab = MotifLab(**QUICK)
        for _ in range(4):
            lab.step()
        lab.start()
        replay(lab).value = 2
        await lab.run()
        assert lab.session.done and lab.result.index == replay(lab).value == 2
        assert progress(lab) == "step 9 of 9, trained, looking back at step 2"
        lab.controls["logos"].value = "weights"
        assert lab.result.index == 2 and lab.result.logos == "weights" and agrees(lab)
        lab.controls["logos"].value = "windows"
        replay(lab).value = 9
        assert lab.result.evalues and agrees(lab)

    in_a_loop(cell)


def test_the_slider_dragged_while_pictures_are_drawn_is_looked_at_once_where_it_stops(monkeypatch):
    """Messages come on a separate thread, before the last one is answered."""
    looks = []

    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 20})
        for _ in range(10):
            lab.step()

        def drag(*indices):
            for index in indices:
                thread = threading.Thread(target=setattr, args=(replay(lab), "value", index))
                thread.start()
                thread.join()

        def slow(session, index, *arguments, **options):
            looks.append(index)
            if len(looks) == 1:
                drag(8, 7, 6)
            return look(session, index, *arguments, **options)

        monkeypatch.setattr("motiflab.lab.motif_lab.look", slow)
        drag(9)
        await until(lambda: lab.result.index == 6)
        assert looks == [9, 6] and replay(lab).value == 6
        looks.clear()
        lab.start()  # and a drag while the next record is drawn
        await until(lambda: lab.result.index == 6 and len(lab.session.records) > 12)
        assert replay(lab).value == 6 and looks[-1] == 6
        lab.pause()

    in_a_loop(cell)


def test_a_reset_to_a_shorter_training_looks_once(trained, monkeypatch):
    trained.set(epochs=1)
    looks = []
    monkeypatch.setattr(
        "motiflab.lab.motif_lab.look",
        lambda *a, **k: looks.append(a) or look(*a, **k),
    )
    trained.reset()
    assert len(looks) == 1 and (replay(trained).value, replay(trained).max) == (0, 3)


# -- trouble ------------------------------------------------------------------------------------


def network_of(lab):
    return lab.session._training.gi_frame.f_locals["network"]


@pytest.mark.parametrize("press", ["start", "step"])
def test_an_error_in_training_is_said_and_the_lab_goes_on_after_a_reset(press):
    lab = MotifLab(**QUICK, activation="exponential", pooling="average", learning_rate=1.0)
    lab.step()
    network_of(lab).bias[:] = 200  # exp(200) is beyond a 32-bit float
    getattr(lab, press)()
    assert "stopped" in progress(lab) and "The loss became " in progress(lab)
    assert "a smaller learning rate usually helps" in progress(lab)
    assert enabled(lab) == ["Reset"] and agrees(lab)
    lab.controls["learning_rate"].value = "0.01"
    assert message(lab, "learning_rate") == RESET
    lab.reset()
    assert "The loss" not in progress(lab)
    lab.start()
    assert lab.session.done and progress(lab) == "step 9 of 9, trained"


def test_a_picture_that_cannot_be_drawn_is_said_too():
    lab = MotifLab(**QUICK, activation="exponential")
    lab.step()
    lab.step()
    lab.session.records[1].weights["conv.bias"][:] = 200
    replay(lab).value = 1
    assert "some scores of held-out sequences are infinite after 1 steps" in progress(lab).lower()
    assert lab.result.index == replay(lab).value == 2 and agrees(lab)
    lab.reset()
    lab.start()
    assert progress(lab) == "step 9 of 9, trained"


def test_a_fault_of_ours_does_not_leave_the_lab_training(monkeypatch):
    lab = MotifLab(**QUICK)

    def broken(*_):
        raise RuntimeError("<b>no</b>")

    monkeypatch.setattr("motiflab.lab.lab_view.describe", broken)
    lab.start()
    assert "RuntimeError: <b>no</b>" in progress(lab)
    bar = [w.value for w in all_widgets(lab) if "<progress" in str(getattr(w, "value", ""))]
    assert "<b>" not in bar[0]
    assert enabled(lab) == ["Reset"]


# -- scenes -------------------------------------------------------------------------------------


def values(field):
    if field.kind == "lines":
        return st.sampled_from(["", OWN])
    if field.kind == "choice":
        return st.sampled_from([value for _, value in field.options])
    if field.type is bool:
        return st.booleans()
    if field.type is str:
        return st.text(st.characters(codec="utf-8"), max_size=60)
    if field.type is int:
        return st.integers(field.low, field.high)
    return st.floats(field.low, field.high)


NAMES = st.frozensets(st.sampled_from(sorted(FIELDS)))


@given(
    st.fixed_dictionaries({}, optional={name: values(field) for name, field in FIELDS.items()}),
    NAMES,
    NAMES,
)
def test_every_state_comes_back_from_its_scene(changes, locked, hidden):
    state = LabState(**changes)
    text = to_scene("MotifLab", state, locked, hidden)
    assert text.isascii() and "\n" not in text
    assert from_scene(text, "MotifLab", LabState) == (state, locked, hidden, "")


def test_a_lab_comes_back_from_its_scene_with_what_is_locked_and_hidden():
    choices = {field: MOVES[field][1] for field in ("motif", "width", "layers", "gc", "tables")}
    lab = MotifLab(**QUICK | choices, locked=["seed", "motif"], hidden=["speed", "epochs"])
    again = MotifLab.from_scene(lab.scene)
    assert again.state == lab.state and again.scene == lab.scene
    assert (again.locked, again.hidden) == ({"seed", "motif"}, {"speed", "epochs"})
    assert again.controls["seed"].disabled and not again.controls["gc"].disabled
    assert again.controls["speed"].layout.display == "none"
    assert again.figures.keys() == lab.figures.keys() and agrees(again)


def sealed(body: str) -> str:
    """Return a scene with the right checksum, as a forger would make it."""
    return f"{body}#{zlib.crc32(body.encode()):08x}"


HOSTILE = [
    ("MotifLab/1?motif=CTCF&n=2", "lost or changed"),
    (sealed("MotifLab/1?motif=CTCF")[:-1], "lost or changed"),
    (sealed("MotifExplorer/1?motif=CTCF"), "This scene is for MotifExplorer, not for MotifLab."),
    (sealed("MotifLab/3?"), "format 3, but this motiflab reads format 2"),
    (sealed("MotifLab/1?<script>alert(1)</script>=1"), "has no control named '<script>"),
    (sealed("MotifLab/1?motif=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"), "is not in JASPAR"),
    (sealed("MotifLab/1?n=" + "9" * 3900), "Sequences (n) must be a whole number from 40 to"),
    ("MotifLab/1?" + "x" * 10**6, "at most 4,000 characters"),
    (sealed("MotifLab/1?session=1"), "has no control named 'session'"),
    (sealed("MotifLab/1?learning_rate=nan"), "Learning rate"),
    (sealed("MotifLab/1?width=40&dilation=10"), "= 391 positions, but only L+2P = 100"),
    (sealed("MotifLab/1?source=fasta&fasta=/nowhere/x.fa"), "cannot be read (No such file"),
    (sealed("MotifLab/1?lock=os.system"), "has no control named 'os.system'"),
]


@pytest.mark.parametrize(("text", "sentence"), HOSTILE)
def test_a_bad_scene_gets_one_sentence(still, text, sentence):
    before = still.state, still.session, dict(still.figures)
    with pytest.raises(ValueError, match=re.escape(sentence)):
        MotifLab.from_scene(text)
    line = next(w for w in all_widgets(still) if getattr(w, "description", "")[:6] == "Scene<")
    line.value = text
    shown = line.description
    assert sentence in unescape(shown) and "<script" not in shown and "<img" not in shown
    assert next(w for w in all_widgets(still) if getattr(w, "part", "") == "share").opened
    assert (still.state, still.session, still.figures) == before
    line.value = still.scene
    assert "motiflab-error" not in line.description


def test_a_scene_loaded_after_a_training_waits_for_the_reset(trained):
    other = MotifLab(**QUICK | {"width": 9, "seed": 4})
    trained.load(other.scene)
    assert trained.state == other.state and trained.result.record.step == 9
    assert messages(trained) == {"seed": RESET, "width": RESET}
    trained.reset()
    assert trained.result.precision_recall.area == other.result.precision_recall.area


def test_locked_and_hidden_controls():
    lab = MotifLab(**QUICK, locked=["motif", "seed"], hidden=["gc"])
    with pytest.raises(ValueError, match="Motif is locked by the teacher"):
        lab.set(motif="TBP")
    assert lab.state.motif == "CTCF" and lab.controls["motif"].disabled
    lab.set(second="TBP")
    assert lab.controls["gc"].layout.display == "none"
    lab.start()
    lab.reset()
    assert lab.controls["gc"].layout.display == "none" and lab.controls["seed"].disabled


# -- words and numbers --------------------------------------------------------------------------


def rows(html: str, caption: str) -> list[list[str]]:
    """Return the cells of the table with this caption, without its head."""
    table = re.search(rf"<table[^>]*><caption>{caption}.*?</table>", html)[0]
    body = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2])
    return [[unescape(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in body]


@pytest.fixture(scope="module")
def told():
    """Return a lab that has learned its motif and shows its tables."""
    lab = MotifLab(motif="CTCF", n=600, length=40, epochs=10, speed="full", tables=True)
    lab.start()
    return lab


def scores(lab) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and logits of the held-out data, by torch alone."""
    network = cnn.build(lab.session.state.model(), lab.session.data.length)
    network.load_state_dict(lab.result.record.weights)
    test = lab.session.data.test
    with torch.no_grad():
        return test.labels, network(torch.from_numpy(test.x)).numpy()


def test_the_words_give_scikit_learns_areas(told):
    told.open("curves")
    labels, logits = scores(told)
    test = told.session.data.test
    auprc = average_precision_score(labels, logits)
    best = average_precision_score(labels, test.optimum)
    best_words = f"the best possible score has {best:.2f}"
    said = f"AUPRC {auprc:.2f}; {best_words}; random calls have precision 0.50."
    table = told.figures["tables"]
    assert said in told.readout.html and said in table
    assert said == told.figures["precision_recall"].text
    auroc, best = roc_auc_score(labels, logits), roc_auc_score(labels, test.optimum)
    said = f"AUROC {auroc:.2f}; the best possible score has {best:.2f}; a random ranking has 0.50."
    assert said in table and said == told.figures["roc"].text
    assert "On 120 held-out sequences" in told.readout.html


def test_the_words_give_the_loss_of_the_record(told):
    told.open("curves")
    losses = [record.loss for record in told.session.records]
    assert f"<b>{losses[-1]:.3f} nats</b>" in told.readout.html
    said = f"Loss {losses[0]:.2f} at step 0, now {losses[-1]:.2f} at step 80."
    assert said in told.figures["tables"] and told.figures["loss"].text.startswith(said)
    assert "Step 80 of 80, epoch 10.0 of 10." in told.readout.html


def test_the_held_out_loss_is_seen_beside_the_training_loss(told):
    told.open("curves")
    session = told.session
    labels, z = scores(told)
    expected = log_loss(labels, 1 / (1 + np.exp(-z.astype(float))))
    assert told.result.held_out[session.total] == pytest.approx(expected, rel=1e-6)
    said = f"On held-out data {expected:.2f} at step {session.total}"
    assert said in told.figures["loss"].text and said in told.figures["tables"]
    strips = [w.value for w in all_widgets(told) if isinstance(w, LivePicture)]
    assert any(f"held out <b>{expected:.2f}</b>" in strip for strip in strips)
    lowest = min(told.result.held_out.values())
    assert f"lowest {lowest:.2f}" in told.figures["loss"].text


def test_dead_filters_are_counted_and_explained():
    lab = MotifLab(**QUICK | {"initialisation": "zeros"})
    assert "4 of 4 filters are dead: no score is above 0" in lab.readout.html
    assert "dead" not in MotifLab(**QUICK | {"initialisation": "he"}).readout.html
    # Without ReLU a score below 0 is passed on, too.
    silent = QUICK | {"initialisation": "negative", "activation": "none"}
    assert "dead" not in MotifLab(**silent).readout.html


def test_the_table_of_filters_gives_the_cores_numbers(told):
    cells = rows(told.figures["tables"], "Filters")
    truth, q = jaspar.load("CTCF"), told.session.data.background
    assert len(cells) == 16
    for row, f in zip(cells[:5], told.result.filters):
        number, auroc, consensus, bits, windows, planted, to_it, *named, evalue = row
        assert (number, windows) == (str(f.index + 1), str(f.sites))
        assert auroc == f"{f.strength:.2f}"
        assert consensus == f.motif.iupac()
        assert bits == f"{f.motif.information().sum():.1f}"
        at = similarity(f.motif, truth, q)
        assert planted == f"CTCF ({at.strand.replace('-', '−')} strand)"
        assert to_it == f"{at.similarity:.2f}" and float(to_it) > 0.9
        (ranked,) = candidates([f.flanked], jaspar.collection("vertebrates"), 2, q)
        first, second = ranked
        assert named[0] == f"{first.motif.name} {first.motif.id}" == "CTCF MA0139.2"
        assert named[1] == f"{first.llr:.2f}"
        assert named[2] == f"{second.motif.name} {second.motif.id}"
        assert named[3] == f"{first.llr - second.llr:.2f}" and named[4] == ""
        assert float(evalue) < 1e-3
    assert "CTCF (MA0139.2) explains its windows best" in told.readout.html


def test_the_table_of_tracks_gives_the_networks_numbers(told):
    labels, logits = scores(told)
    chances = 1 / (1 + np.exp(-logits.astype(float)))
    chosen = [*np.flatnonzero(labels)[:3], *np.flatnonzero(labels == 0)[:2]]
    cells = rows(told.figures["tables"], "Activation")
    sites = {site.sequence: site for site in told.session.data.test.sites}
    for row, i in zip(cells, chosen, strict=True):
        name, label, predicted, _, window, planted = row
        assert name == told.session.data.test.names[i]
        assert label == ("positive" if labels[i] else "negative")
        assert predicted == f"{chances[i]:.2f}"
        if labels[i]:
            site = sites[i]
            strand = site.strand.replace("-", "−")
            assert planted == f"CTCF {strand} at {site.start} to {site.end}"
        else:
            assert planted == "none known"


def test_tables_are_shown_on_demand_only(told):
    told.set(tables=False)
    assert told.figures["tables"] == ""
    told.set(tables=True)
    assert "<table" in told.figures["tables"]


def test_the_optimum_is_drawn_and_told_for_planted_data_only(told):
    def optimum(lab):
        lab.open("curves")
        return [
            len(trace.y)
            for name in ("precision_recall", "roc")
            for trace in lab.figures[name].figure.data
            if trace.name == "best"
        ]

    assert min(optimum(told)) > 0
    assert (
        "best possible (Neyman-Pearson) score is known: no model can beat it on average"
        in (told.figures["tables"])
    )
    peaks = MotifLab(source="ctcf", filters=2, tables=True)
    assert optimum(peaks) == [0, 0]
    assert "best possible (Neyman-Pearson) score is not known" in peaks.figures["tables"]
    assert "best possible score has" not in peaks.readout.html + peaks.figures["tables"]
    peaks.open("filters")
    assert "planted" not in peaks.figures["filters"]


def test_curves_that_are_drawn_have_the_areas_that_are_told(told):
    told.open("curves")
    for name, line in (("precision_recall", "vh"), ("roc", "linear")):
        model = told.figures[name].figure.data[0]
        x, y = np.asarray(model.x), np.asarray(model.y)
        steps = (np.diff(x) * y[1:]).sum() if line == "vh" else np.trapezoid(y, x)
        area = float(re.search(r"AU\w+ ([\d.]+)", told.figures[name].text)[1])
        assert steps == pytest.approx(area, abs=0.02)


def test_logos_from_weights_say_that_only_their_shape_counts(told):
    assert "show the shape only" not in told.readout.html
    told.set(logos="weights")
    assert "show the shape only" in told.readout.html and agrees(told)
    told.set(logos="windows")


def test_of_a_motif_that_is_too_weak_for_a_name_the_lab_says_so():
    weak = jaspar.load("MA2557.1")
    nats = (weak.probabilities() * np.log(weak.probabilities() / 0.25)).sum()
    lab = MotifLab(motif="MA2557.1", n=400, length=40, epochs=1, gc=0.5)
    assert "is weak" not in lab.readout.html  # nothing was learned: that says enough
    lab.step()
    assert f"ZGLP1 is weak: it holds {nats:.1f} nats" in lab.readout.html
    assert "Too weak for a name" in lab.figures["hero"]
    strong = MotifLab(motif="GATA2", n=400, length=40, epochs=1)
    strong.step()
    assert "is weak" not in strong.readout.html and "Too weak" not in strong.figures["hero"]


def test_shuffled_labels_teach_nothing_in_the_lab(shuffle_labels):
    shuffle_labels(0)
    # Another seed than the other labs: those share their data.
    lab = MotifLab(motif="CTCF", n=600, length=40, epochs=10, speed="full", seed=5)
    lab.start()
    assert not any(card.match_name or card.planted for card in lab.result.cards)
    truth, q = jaspar.load("CTCF"), lab.session.data.background
    assert similarity(lab.result.cards[0].motif, truth, q).similarity < 0.85
    assert lab.result.precision_recall.area < 0.7


# -- the stage ----------------------------------------------------------------------------------


def picture(lab, name: str) -> widgets.Widget:
    return next(w for w in all_widgets(lab) if f"motiflab-picture-{name}" in w._dom_classes)


def pick(lab, index: int) -> None:
    """Click on a small logo, as the page says it."""
    picture(lab, "thumbnails")._handle_custom_msg({"choose": str(index)}, [])


def heroes(html: str) -> tuple[list[int], list[int]]:
    """Return the indices of the small logos that are marked, and of all."""
    marked = re.findall(r"aria-checked='true' tabindex='0' data-choose='(\d+)'", html)
    return [int(i) for i in marked], [int(i) for i in re.findall(r"choose='(\d+)", html)]


def test_a_small_logo_that_is_chosen_is_shown_large_until_the_next_reset(trained):
    weakest = trained.result.filters[-1].index
    pick(trained, weakest)
    assert trained.result.hero.index == weakest and agrees(trained)
    assert f"Filter {weakest + 1}, AUROC" in picture(trained, "hero").value
    assert heroes(picture(trained, "thumbnails").value) == ([weakest], [0, 1, 2, 3])
    for index in (0, 4, 9):
        replay(trained).value = index
        assert trained.result.hero.index == weakest
        assert heroes(picture(trained, "thumbnails").value)[1] == [0, 1, 2, 3]
    assert trained.result.tracks[0].activation.shape[-1] == 26
    trained.choose(None)
    assert trained.result.hero.index == trained.result.filters[0].index
    pick(trained, weakest)
    trained.reset()
    assert trained.result.hero.index == trained.result.filters[0].index


def test_what_cannot_be_shown_large_is_refused(trained):
    before = trained.result
    for bad in (0, 5, "first", 1.5):
        with pytest.raises(ValueError, match="filter must be a whole number from 1 to 4"):
            trained.choose(bad)
    assert trained.result is before
    with pytest.raises(ValueError, match="choose the data first"):
        MotifLab(source="fasta").choose(1)
    with pytest.raises(ValueError, match="panel must be one of stage, curves"):
        trained.open("cellar")


def test_each_tab_draws_what_stands_on_it(kept):
    drawn = {}
    for panel in ("stage", "curves", "network", "tracks", "filters", "numbers", "more"):
        kept.open(panel)
        assert agrees(kept)
        drawn[panel] = {name for name, shown in kept.figures.items() if shown}
    assert drawn == {
        "stage": {"hero", "curve", "thumbnails"},
        "curves": {"precision_recall", "roc", "loss"},
        "network": {"sequences", "network", "worked"},
        "tracks": {"tracks"},
        "filters": {"filters"},
        "numbers": {"tables"},
        "more": {"hero", "curve", "thumbnails"},
    }
    kept.open("stage")


def test_what_stays_of_the_lab_shows_the_large_logo_and_the_curve(trained):
    svg, words = trained.still()
    assert "bits" in svg and "precision" in svg and "AUPRC" in words
    assert (
        svg.count("<use") == 4 * trained.result.hero.motif.width and 'stroke-dasharray="7 5"' in svg
    )


def test_a_tab_that_was_never_opened_costs_no_message(lab):
    def charts():
        return [w.spec for w in all_widgets(lab) if isinstance(w, LightFigure)]

    lab.step()
    assert charts() == []
    lab.open("curves")
    opened = charts()
    assert len(opened) == 3
    lab.open("stage")
    lab.step()
    assert charts() == opened
    lab.open("curves")
    assert all(old != new for old, new in zip(opened, charts(), strict=True))


def test_a_refusal_beside_a_control_out_of_sight_opens_its_tab(lab):
    lab.set(window=26)
    lab.controls["width"].value = 16
    assert list(messages(lab)) == ["window"] and button(lab, "Show").value == "more"
    assert agrees(lab)
    lab.open("stage")
    lab.controls["motif"].value = "GATA99"
    assert button(lab, "Show").value == "stage"


# -- saving -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
def test_the_logo_that_is_shown_large_is_saved(told, tmp_path, monkeypatch, suffix):
    monkeypatch.chdir(tmp_path)
    choice = button(told, "Logo shown large")
    choice.value = suffix
    told.choose(told.result.cards[2].index + 1)
    button(told, "Save").click()
    card = told.result.hero
    assert card.index == told.result.cards[2].index
    path = tmp_path / f"filter-{card.index + 1}.{suffix}"
    start = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}[suffix]
    assert path.read_bytes().startswith(start)
    assert any(w.value == f"Saved as {path}" for w in all_widgets(told) if hasattr(w, "value"))
    if suffix == "png":
        assert path.read_bytes() == logo_bytes(card.motif, ".png")


def test_without_the_packages_for_it_a_logo_is_not_saved_and_this_is_said(told, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    button(told, "Save").click()
    said = [str(w.value) for w in all_widgets(told) if hasattr(w, "value")]
    assert any("not be saved. This needs the package pandas" in words for words in said)


def test_a_logo_is_saved_against_the_background_that_is_shown(tmp_path):
    lab = MotifLab(**QUICK | {"gc": 0.2})
    path = lab.save_logo(tmp_path / "a.png", filter=3)
    card = next(card for card in lab.result.cards if card.index == 2)
    q = lab.session.data.background
    assert path.read_bytes() == logo_bytes(card.motif, ".png", q) != logo_bytes(card.motif, ".png")


def test_what_cannot_be_saved_is_said(told, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"filter must be one of those shown, \[1, 2, .*not 17"):
        told.save_logo(tmp_path / "a.svg", filter=17)
    with pytest.raises(ValueError, match="suffix must be one of"):
        told.save_logo(tmp_path / "a.gif")
    folder = tmp_path / "filter"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    button(told, "Save").click()
    assert any(
        "could not be saved" in w.value for w in all_widgets(told) if isinstance(w, widgets.HTML)
    )


def test_the_columns_of_a_dilated_filter_are_compared_with_nothing():
    lab = MotifLab(**QUICK | {"dilation": 3, "width": 5})
    lab.step()
    assert all(card.truth is None and not card.match_name for card in lab.result.cards)
    lab.open("filters")
    assert "Columns lie 3 bases apart" in lab.figures["filters"]


def test_a_silent_filter_is_never_the_strongest_and_can_be_saved(tmp_path):
    lab = MotifLab(**QUICK)
    lab.step()
    best = lab.result.cards[0].index
    lab.session.records[-1].weights["conv.bias"][best] = -100
    lab.controls["logos"].value = "weights"
    lab.controls["logos"].value = "windows"
    assert lab.result.cards[0].index != best
    assert lab.result.cards[-1].index == best and lab.result.cards[-1].motif is None
    assert lab.save_logo(tmp_path / "silent.svg", best + 1).stat().st_size > 0


# -- a fault in drawing, and closing ------------------------------------------------------------


def test_a_fault_in_drawing_leaves_lab_and_training_as_they_were(trained, monkeypatch):
    def seen():
        values = {name: control.value for name, control in trained.controls.items()}
        return (
            *(trained.state, trained.result, trained.session, dict(trained.figures)),
            *(trained.readout.html, trained.scene, progress(trained), values, enabled(trained)),
        )

    draw, before = lab_view.draw, seen()

    def broken(*arguments):
        raise KeyError("fault")

    monkeypatch.setattr(lab_view, "draw", broken)
    with pytest.raises(KeyError):
        trained.set(tables=True)
    assert message(trained, "tables").startswith("Something went wrong: KeyError")
    with pytest.raises(KeyError):
        trained.reset()
    assert message(trained, "source").startswith("Something went wrong: KeyError")
    assert seen() == before
    monkeypatch.setattr(lab_view, "draw", draw)
    trained.reset()
    assert trained.session.step == 0 and list(messages(trained)) == ["tables"]
    trained.set(tables=True)
    assert messages(trained) == {} and agrees(trained)


def test_looking_back_at_what_cannot_be_drawn_stays_where_it_was(trained, monkeypatch):
    before = trained.result, dict(trained.figures), trained.readout.html
    monkeypatch.setattr(lab_view, "describe", lambda look: 1 / 0)
    replay(trained).value = 3
    assert (trained.result, trained.figures, trained.readout.html) == before
    assert replay(trained).value == 9 and "ZeroDivisionError" in progress(trained)
    assert "looking back" not in progress(trained)


def test_data_that_the_network_cannot_read_leave_no_endless_progress(lab):
    before = progress(lab)
    with pytest.raises(ValueError, match="Batch must be at most"):
        lab.set(filters=64, length=500, batch=4096, n=20_000)
    assert progress(lab) == before


def test_closing_ends_the_training_and_shown_again_it_goes_on():
    async def cell():
        lab = MotifLab(**QUICK | {"epochs": 200})
        lab.start()
        await until(lambda: lab.session.step > 0)
        lab.close()
        at = lab.session.step
        await asyncio.sleep(0.05)
        assert trainings() == 0 and lab.session.step == at
        own = [w for w in all_widgets(lab) if "<style>" not in str(getattr(w, "value", ""))]
        assert len(own) > 50 and all(w.comm is None for w in own)  # a style sheet is everybody's
        lab._repr_mimebundle_()
        assert all(w.comm is not None for w in all_widgets(lab))
        button(lab, "Start").click()
        await until(lambda: lab.session.step > at)
        lab.close()

    in_a_loop(cell)


def test_two_labs_with_the_same_data_hold_them_once(lab):
    other = MotifLab(**QUICK | {"width": 9})
    assert other.session.data is lab.session.data
    assert MotifLab(**QUICK | {"seed": 2}).session.data is not lab.session.data


def test_a_still_of_the_lab_shows_what_stands_on_the_stage(lab):
    svg, text = lab.still()
    assert "Precision-recall" in svg and "AUROC" in text
    assert lab.title in text and len(svg) < 60_000


def test_a_lab_without_data_and_one_without_a_stage_have_stills_too():
    for other in (MotifLab(source="fasta"), GrammarLab()):
        svg, text = other.still()
        assert svg.startswith("<svg") and other.title in text
        other.close()

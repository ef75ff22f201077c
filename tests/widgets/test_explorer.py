"""What all explorers share, without a browser."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import ipywidgets as widgets
import plotly.graph_objects as go
import pytest

import motiflab.widgets
from motiflab.checks import ArgumentError
from motiflab.figures import axis, figure
from motiflab.widgets.chart import Chart, LightFigure
from motiflab.widgets.controls import LOCKED
from motiflab.widgets.fields import slider


def message(toy, field: str) -> str:
    """Return the sentence that stands beside a control."""
    _, _, label = toy.controls[field].description.partition("motiflab-error")
    return label.partition(">")[2].partition("</span>")[0]


def shows_its_state(toy) -> bool:
    """Say whether pictures, readout, scene and controls all belong to the present state."""
    return (
        toy.figures == toy.draw(toy.compute(toy.state), toy.uid)
        and toy.readout.html == toy.describe(toy.result)
        and toy.result == toy.compute(toy.state)
        and type(toy).from_scene(toy.scene).state == toy.state
    )


def on_card(toy, kind: type) -> list:
    """Return the widgets of a kind on the card."""
    todo = [toy.widget]
    for widget in todo:
        todo += getattr(widget, "children", ())
    return [widget for widget in todo if isinstance(widget, kind)]


def widget_texts(toy) -> list[str]:
    """Return the text of every HTML widget on the card."""
    return [widget.value for widget in on_card(toy, widgets.HTML)]


def messages_of(monkeypatch) -> list[dict]:
    """Record what is sent to the browser: the state of a widget, or one message for several."""
    sent = []

    def send_state(self, key=None):
        if state := self.get_state(key):
            sent.append({self.model_id: state})

    monkeypatch.setattr(widgets.Widget, "send_state", send_state)
    monkeypatch.setattr(widgets.Widget, "send", lambda _, content: sent.append(content["states"]))
    return sent


def test_what_the_author_of_a_card_needs_is_handed_on():
    folder = Path(motiflab.widgets.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert set(dir(motiflab.widgets)) == {*motiflab.widgets.__all__, *modules}
    assert all(getattr(motiflab.widgets, name) is not None for name in motiflab.widgets.__all__)


def test_a_new_explorer_shows_its_default(toy_class, counter):
    toy = toy_class()
    assert counter.calls == 1
    assert toy.state == toy_class.State()
    assert shows_its_state(toy)
    assert {name: c.value for name, c in toy.controls.items()} == {
        "width": 3,
        "share": 0.5,
        "count": "100",
        "rate": "0.01",
        "shape": "square",
        "depth": 1,
        "both": False,
        "name": "x",
    }


def test_a_new_explorer_displays_nothing(toy_class, capsys):
    toy = toy_class()
    assert capsys.readouterr().out == ""
    bundle = toy._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == toy.widget.model_id


def test_title_and_goal_are_shown_never_interpreted(toy_class):
    head = widget_texts(toy_class())[0]
    assert "How wide is &lt;it&gt;?" in head and "Goal: make it wide." in head


def test_one_card_can_have_a_heading_of_its_own(toy_class):
    usual, other = toy_class(), toy_class(title="How <wide>?", goal="make it narrow.", width=4)
    assert "How &lt;wide&gt;?" in widget_texts(other)[0]
    assert "Goal: make it narrow." in widget_texts(other)[0]
    assert other.scene == toy_class(width=4).scene
    assert "Goal: make it wide." in widget_texts(usual)[0] and toy_class.goal == "make it wide."


@pytest.mark.parametrize(("argument", "beside"), [("count", "count"), ("array", "width")])
def test_a_refusal_stands_beside_the_field_that_it_names(toy_class, argument, beside):
    def compute(state):
        if state.width == 9:
            raise ArgumentError(argument, "Too much.")
        return state

    class Refusing(toy_class):
        pass

    Refusing.compute = staticmethod(compute)
    toy = Refusing()
    with pytest.raises(ArgumentError):
        toy.set(width=9)
    assert message(toy, beside) == "Too much."
    toy.set(width=8)
    assert message(toy, beside) == ""


def test_fields_that_mean_nothing_now_are_put_away(toy_class):
    class State(toy_class.State):
        def idle(self):
            return ["share"] if self.both else []

    class Idle(toy_class):
        pass

    Idle.State = State
    toy = Idle(both=True)
    assert toy.controls["share"].layout.display == "none"
    toy.set(both=False)
    assert toy.controls["share"].layout.display != "none"


def test_a_button_starts_from_changes_but_for_what_is_locked(toy_class):
    toy = toy_class(locked=["share"])
    toy.starting_button("Wide", lambda: {"width": 7, "share": 0.1}).click()
    assert (toy.state.width, toy.state.share) == (7, 0.5)
    toy.starting_button("Too wide", lambda: {"width": 99}).click()
    assert toy.state.width == 7 and "from 1 to 10" in message(toy, "width")


def test_groups_have_headings_in_the_order_of_the_fields(toy_class):
    texts = [
        text for text in widget_texts(toy_class()) if text.startswith("<div class='motiflab-group'")
    ]
    assert [text.partition(">")[2].partition("<")[0] for text in texts] == [
        "Size",
        "Look",
    ]


@pytest.mark.parametrize(
    ("field", "moved", "value"),
    [
        ("width", 7, 7),
        ("share", 0.1 + 0.2, 0.3),
        ("share", 4e-15, 0.0),
        ("count", " 50 ", 50),
        ("rate", "1e-3", 0.001),
        ("shape", "disc", "disc"),
        ("depth", 9, 9),
        ("both", True, True),
        ("name", "GATA1", "GATA1"),
    ],
)
def test_each_control_moves_its_field_and_nothing_else(toy_class, counter, field, moved, value):
    toy = toy_class()
    counter.calls = 0
    toy.controls[field].value = moved
    assert counter.calls == 1
    assert toy.state == toy_class.State(**{field: value})
    assert shows_its_state(toy)
    assert message(toy, field) == ""
    assert toy.controls[field].value == moved  # left as it was typed


def test_two_fields_in_one_set_are_computed_once_and_sent_once(toy_class, counter, monkeypatch):
    toy = toy_class()
    counter.calls = 0
    toy.readout._msg_callbacks(toy.readout, "ready", [])
    sent = messages_of(monkeypatch)
    toy.set(width=8, name="GATA1")
    assert counter.calls == 1
    assert toy.controls["width"].value == 8 and toy.controls["name"].value == "GATA1"
    (states,) = sent
    kinds = {widget.model_id: type(widget).__name__ for widget in on_card(toy, widgets.Widget)}
    assert sorted((kinds[one], *state) for one, state in states.items()) == [
        ("Combobox", "value"),
        ("HTML", "value"),
        ("IntSlider", "value"),
        ("LightFigure", "spec"),
        ("LiveText", "html"),
        ("Text", "value"),  # the line of the scene
    ]
    order = [kinds[one] for one in states]
    assert order.index("LiveText") > max(order.index("HTML"), order.index("LightFigure"))


def test_setting_what_is_already_so_computes_nothing(toy_class, counter):
    toy = toy_class()
    counter.calls = 0
    toy.set(width=3, name="x")
    assert counter.calls == 0


def test_a_bad_value_leaves_the_state_and_stands_beside_its_control(toy_class):
    toy = toy_class(width=5)
    before = (toy.state, dict(toy.figures), toy.readout.html)
    with pytest.raises(ValueError, match=r"^Width must be a whole number from 1 to 10, not 99\.$"):
        toy.set(name="new", width=99)
    assert (toy.state, toy.figures, toy.readout.html) == before
    assert message(toy, "width") == "Width must be a whole number from 1 to 10, not 99."
    assert toy.readout.alarm == "Width must be a whole number from 1 to 10, not 99."
    toy.set(width=6)
    assert message(toy, "width") == "" and toy.readout.alarm == ""


@pytest.mark.parametrize("typed", ["-5", "0", "1e99", "9" * 5000, "abc", "", "nan", "12.5"])
def test_a_bad_number_typed_is_answered_and_stays_to_be_mended(toy_class, typed):
    toy = toy_class()
    toy.controls["count"].value = typed
    assert message(toy, "count").startswith("Count must be a whole number from 1 to 10,000, not ")
    assert toy.state == toy_class.State() and toy.controls["count"].value == typed
    toy.controls["count"].value = "100"
    assert message(toy, "count") == ""


def test_a_refusal_of_the_computation_stands_beside_the_control_too(toy_class):
    toy = toy_class()
    toy.controls["name"].value = "nobody"
    assert message(toy, "name") == "Nobody is called nobody."
    assert toy.state.name == "x"
    toy.controls["name"].value = "x"  # back to what is shown
    assert message(toy, "name") == ""


def test_a_state_that_needs_a_package_which_is_missing_is_refused_in_one_sentence(toy_class):
    said = "This needs the package torch, which is not installed here: the README says how to "
    toy = toy_class()
    toy.controls["name"].value = "torch"
    assert message(toy, "name").startswith(said) and toy.state.name == "x"
    with pytest.raises(ValueError, match=said):
        toy.set(name="torch")
    new = toy_class(name="torch")  # it shows its controls, and no picture yet
    assert new.readout.html.startswith(f"<p>{said}") and new.figures == {}
    assert new.result is None and new._repr_mimebundle_()
    new.controls["name"].value = "x"
    assert new.figures.keys() == toy.figures.keys() and message(new, "name") == ""


def test_a_fault_of_ours_is_shown_and_raised(toy_class):
    toy = toy_class()
    with pytest.raises(KeyError):
        toy.controls["name"].value = "fault"
    assert message(toy, "name") == "Something went wrong: KeyError: &#x27;fault&#x27;"
    toy.controls["width"].value = 4
    assert toy.state == toy_class.State(width=4)


def everything(toy) -> tuple:
    """Return everything that must not change if a change fails."""
    shown = {name: getattr(view, "value", None) or view.spec for name, view in toy._views.items()}
    values = {name: control.value for name, control in toy.controls.items()}
    away = {name for name, control in toy.controls.items() if control.layout.display == "none"}
    pictures = toy._pictures.children
    marks = toy.locked, toy.hidden, [c.disabled for c in toy.controls.values()]
    return (
        *(toy.state, toy.result, dict(toy.figures), toy.readout.html, toy.scene),
        *(scene_line(toy).value, shown, values, away, pictures, marks),
    )


class Unlucky:
    """A mixin that fails to draw (1 or 2 pictures, or words) at width 9."""

    at = "draw"

    def draw(self, result, uid):
        pictures = type(self).__mro__[2].draw(result, uid)
        if result.width == 9 and self.at == "draw":
            raise KeyError("nine")
        if result.width == 9 and self.at == "show":  # the second picture cannot be sent
            broken = Chart(go.Figure(layout={"meta": {1, 2}}), "A set is no JSON.")
            return {"new": "<p>new</p>", **pictures, "line": broken}
        return pictures

    def describe(self, result):
        if result.width == 9 and self.at == "describe":
            raise KeyError("nine")
        return type(self).__mro__[2].describe(result)


@pytest.mark.parametrize("at", ["draw", "describe", "show"])
def test_a_fault_in_drawing_leaves_everything_as_it_was(toy_class, at):
    toy = type("Toy", (Unlucky, toy_class), {"at": at})(width=5)
    before = everything(toy)
    fault = KeyError if at != "show" else TypeError
    said = f"Something went wrong: {fault.__name__}: "
    with pytest.raises(fault):
        toy.set(width=9, name="new")
    assert everything(toy) == before
    assert message(toy, "width").startswith(said) and toy.readout.alarm.startswith(said)
    scene = toy_class(width=9, locked=["both"], hidden=["rate"]).scene
    with pytest.raises(fault):
        toy.load(scene)
    assert everything(toy) == before
    assert said in scene_line(toy).description
    with pytest.raises(fault):
        toy.controls["width"].value = 9
    assert message(toy, "width").startswith(said)
    toy.controls["width"].value = 5
    assert everything(toy) == before and message(toy, "width") == ""
    toy.set(width=6)
    assert toy.state.width == 6 and shows_its_state(toy)


def test_a_fault_in_drawing_leaves_what_was_said_beside_other_controls(toy_class):
    toy = type("Toy", (Unlucky, toy_class), {})()
    toy.controls["count"].value = "-1"
    with pytest.raises(KeyError):
        toy.set(width=9, count=50)
    assert "must be a whole number" in message(toy, "count")
    assert toy.controls["count"].value == "-1" and toy.state == toy_class.State()


def test_a_fault_in_undoing_leaves_everything_as_it_was(toy_class):
    toy = type("Toy", (Unlucky, toy_class), {"at": ""})(width=9)
    toy.set(width=4, name="new")
    toy.at = "draw"
    before = everything(toy)
    start_over(toy)  # ipywidgets logs the fault
    assert everything(toy) == before
    assert message(toy, "width").startswith("Something went wrong: KeyError: ")
    toy.at = ""
    start_over(toy)
    assert toy.state == toy_class.State(width=9) and shows_its_state(toy)


def test_undoing_what_no_longer_fits_is_answered_beside_a_control(toy_class):
    toy = toy_class(width=7)
    toy.load(toy_class(width=3, count=5, locked=["count"]).scene)
    start_over(toy)
    assert toy.state == toy_class.State(width=3, count=5)
    assert message(toy, "width") == "Width 7 does not fit into 5."


def test_a_refused_value_is_taken_once_it_fits(toy_class, counter):
    toy = toy_class(width=7)
    toy.controls["count"].value = "5"
    assert message(toy, "count") == "Width 7 does not fit into 5." and toy.state.count == 100
    counter.calls = 0
    toy.controls["width"].value = 4
    assert (toy.state.width, toy.state.count) == (4, 5)
    assert message(toy, "count") == "" and counter.calls == 1
    toy.controls["width"].value = 9  # refused, and then given up
    toy.controls["width"].value = 2
    toy.controls["count"].value = "50"
    assert (toy.state.width, toy.state.count) == (2, 50)


def test_a_message_is_shown_never_interpreted(toy_class):
    toy = toy_class()
    toy.say("name", "<img src=x onerror=alert(1)> $x$")
    label = toy.controls["name"].description
    assert "<img" not in label and "&lt;img" in label and "$" not in label


def test_a_note_can_be_told_from_an_error(toy_class):
    toy = toy_class()
    toy.say("width", "Needs a reset.", "note")
    assert "motiflab-note" in toy.controls["width"].description
    toy.say("width", "")
    assert "motiflab-note" not in toy.controls["width"].description


def test_a_control_that_does_not_exist(toy_class):
    toy = toy_class()
    for call in (lambda: toy.set(size=3), lambda: toy_class(locked=["size"])):
        with pytest.raises(ValueError, match=r"Toy has no control named 'size'; it has width, "):
            call()


def test_a_bad_start_is_refused(toy_class):
    with pytest.raises(ValueError, match="Width must be"):
        toy_class(width=0)
    with pytest.raises(ValueError, match="Nobody"):
        toy_class(name="nobody")


def test_locked_and_hidden(toy_class):
    toy = toy_class(width=5, locked=["width", "shape"], hidden=["rate"])
    assert toy.controls["width"].disabled and toy.controls["width"].tooltip == LOCKED
    assert "locked" in toy.controls["width"].description
    assert not toy.controls["count"].disabled and toy.controls["count"].layout.display is None
    assert toy.controls["rate"].layout.display == "none"
    with pytest.raises(ValueError, match=r"^Width is locked by the teacher\.$"):
        toy.set(width=6, name="new")
    assert toy.state == toy_class.State(width=5)
    toy.set(width=5, name="new")
    again = toy_class.from_scene(toy.scene)
    assert again.state == toy.state
    assert (again.locked, again.hidden) == ({"width", "shape"}, {"rate"})
    assert again.controls["shape"].disabled


def test_idle_controls_are_put_away_and_brought_back(toy_class):
    toy = toy_class(hidden=["rate"])
    toy.put_away(["share"])
    shown = [n for n, c in toy.controls.items() if c.layout.display != "none"]
    assert shown == ["width", "count", "shape", "depth", "both", "name"]
    toy.put_away([])
    assert toy.controls["share"].layout.display is None
    assert toy.controls["rate"].layout.display == "none"


def scene_line(toy):
    """Return the widget of the scene."""
    return next(w for w in on_card(toy, widgets.Text) if w.description.startswith("Scene<"))


def test_the_line_of_the_scene_follows_and_leads(toy_class):
    toy, other = toy_class(), toy_class(width=9, name="<b>", locked=["both"])
    toy.set(width=4)
    assert scene_line(toy).value == toy.scene
    scene_line(toy).value = other.scene
    assert toy.state == other.state and shows_its_state(toy)
    assert toy.controls["both"].disabled


def test_a_bad_scene_stands_beside_its_line(toy_class):
    toy = toy_class(width=4, locked=["width"])
    scene_line(toy).value = "Toy/1?width=9"
    assert "lost or changed" in scene_line(toy).description
    scene_line(toy).value = toy_class(width=5).scene
    assert "Width is locked by the teacher." in scene_line(toy).description
    assert toy.state == toy_class.State(width=4)
    scene_line(toy).value = toy.scene
    assert "motiflab-error" not in scene_line(toy).description


def start_over(toy) -> None:
    """Click the button."""
    (button,) = on_card(toy, widgets.Button)
    button.click()


def test_start_over(toy_class):
    toy = toy_class(width=6)
    toy.set(width=2, count=5, name="new")
    toy.controls["width"].value = 9  # does not fit into 5
    start_over(toy)
    assert toy.state == toy_class.State(width=6) and shows_its_state(toy)
    assert toy.controls["width"].value == 6 and message(toy, "width") == ""


def test_start_over_leaves_what_was_locked_since(toy_class):
    toy = toy_class(width=6)
    toy.load(toy_class(width=9, share=0.25, locked=["width"]).scene)
    toy.set(name="new")
    start_over(toy)
    assert toy.state == toy_class.State(width=9)


def test_pictures_and_readout_can_change_by_themselves(toy_class):
    toy = toy_class()
    toy.show("bar", "<svg>live</svg>")
    toy.tell("<p>live</p>")
    assert "<svg>live</svg>" in widget_texts(toy)
    assert toy.readout.html == "<p>live</p>"


def test_ids_differ_between_explorers(toy_class):
    assert toy_class().uid != toy_class().uid


def move_from_another_thread(toy) -> None:
    thread = threading.Thread(target=lambda: setattr(toy.controls["width"], "value", 8))
    thread.start()
    thread.join()


def test_a_control_moved_on_another_thread_is_answered_on_the_explorers_own(toy_class, monkeypatch):
    threads = []

    async def cell():
        toy = toy_class()
        monkeypatch.setattr(
            toy, "redraw", lambda: threads.append((threading.get_ident(), asyncio.current_task()))
        )
        move_from_another_thread(toy)
        assert threads == []  # this cell is still running
        await asyncio.sleep(0)
        return toy

    toy = asyncio.run(cell())
    assert [ident for ident, _ in threads] == [threading.get_ident()]
    assert toy.state.width == 8


def test_a_slider_that_moves_on_while_a_value_is_worked_on_is_not_moved_back(
    toy_class, monkeypatch
):
    """Messages come on a thread of their own: the next one before the last is answered."""

    async def cell():
        toy = toy_class()
        slider, compute = toy.controls["width"], toy.compute

        def slow(state):
            if state.width == 4:  # three key presses during this computation
                for value in (5, 6, 7):
                    thread = threading.Thread(target=setattr, args=(slider, "value", value))
                    thread.start()
                    thread.join()
            return compute(state)

        monkeypatch.setattr(toy, "compute", slow)
        slider.value = 4
        assert slider.value == 7 and toy.state.width == 4
        await asyncio.sleep(0)
        return toy

    toy = asyncio.run(cell())
    assert toy.state.width == toy.controls["width"].value == 7 and shows_its_state(toy)


def test_without_a_loop_another_thread_is_answered_at_once(toy_class):
    toy = toy_class()
    move_from_another_thread(toy)
    assert toy.state.width == 8 and shows_its_state(toy)


def test_explorers_share_their_layouts_also_after_close_all(toy_class):
    first, second = toy_class(), toy_class()
    assert first.controls["width"].layout is second.controls["name"].layout
    widgets.Widget.close_all()
    third = toy_class()
    assert third.controls["width"].layout.comm is not None
    assert third.controls["width"].style.comm is not None


def test_the_answer_of_the_browser_to_a_value_does_not_undo_the_next_one(toy_class):
    toy = toy_class()
    toy.set(share=0.3)
    toy.set(share=0.7)
    toy.controls["share"].value = 0.30000000000000004  # the browser has counted the steps
    assert toy.state.share == toy.controls["share"].value == 0.7
    toy.controls["share"].value = 0.3  # now by hand
    assert toy.state.share == 0.3


def test_what_is_folded_away_opens_where_a_message_stands(toy_class):
    class State(toy_class.State):
        odd: int = slider(1, "Odd number", 1, 9, rare=True)

    class Rare(toy_class):
        def compute(self, state):
            if state.odd % 2 == 0:
                raise ArgumentError("odd", "Odd number must be odd.")
            return state

    Rare.State = State
    toy = Rare()
    more, share = toy._more, toy._share
    assert (more.shown, more.opened, share.opened) == (True, False, False)
    with pytest.raises(ValueError, match="must be odd"):
        toy.set(odd=2)
    assert more.opened and not share.opened
    with pytest.raises(ValueError, match="not a scene"):
        toy.load("nonsense")
    assert share.opened
    hidden = Rare(hidden=["odd", "scene"])
    assert not hidden._more.shown and not hidden._share.shown


@pytest.mark.parametrize("keep", [{}, {"locked": ["width"]}, {"hidden": ["width"]}])
def test_a_part_of_a_picture_sets_the_field_that_it_names_unless_out_of_reach(toy_class, keep):
    class Touched(toy_class):
        @staticmethod
        def draw(result, uid):
            return {"part": f"<svg><g data-drag='width={result.width + 1}'></g></svg>"}

    toy = Touched(width=4, **keep)
    (picture,) = on_card(toy, motiflab.widgets.LivePicture)
    picture._handle_custom_msg({"choose": "width=7"}, [])
    width = 4 if keep else 7
    assert (toy.state.width, toy.controls["width"].value) == (width, width)
    assert f"width={width + 1}" in picture.value
    assert shows_its_state(toy)


@pytest.mark.parametrize("keep", [{}, {"locked": ["width"]}, {"hidden": ["width"]}])
def test_a_chart_sets_its_field_to_the_step_nearest_to_the_place(toy_class, keep):
    class Touched(toy_class):
        @staticmethod
        def draw(result, uid):
            look = axis("width", (0, 11)), axis("y", (0, 1))
            return {"chart": Chart(figure([], "Title", [], *look, "", drag="width"), "A chart.")}

    toy = Touched(width=4, **keep)
    (chart,) = on_card(toy, LightFigure)
    chart.set_state({"place": {"x": 6.8, "at": 1}})
    width = 4 if keep else 7
    assert (toy.state.width, toy.controls["width"].value) == (width, width)
    if not keep:
        toy.set(width=5)
        chart.set_state({"place": {"x": 6.8, "at": 2}})  # the same place again
        assert toy.state.width == 7

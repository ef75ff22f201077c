"""What one change alters in several widgets is sent as one message."""

from __future__ import annotations

import ipywidgets as widgets
import pytest

from motiflab.widgets.live_text import LiveText
from motiflab.widgets.together import Together


@pytest.fixture
def sent(monkeypatch):
    """List what is sent: the changed traits of each widget that sends its own, or the states."""
    found = []

    def send_state(self, key=None):
        if key:
            found.append({key} if isinstance(key, str) else set(key))

    monkeypatch.setattr(widgets.Widget, "send_state", send_state)
    monkeypatch.setattr(widgets.Widget, "send", lambda _, content: found.append(content["states"]))
    return found


class Parts:
    """A text, a slider and the widget that carries their messages."""

    def __init__(self):
        self.text, self.slider, self.carrier = widgets.HTML(), widgets.IntSlider(), LiveText()
        self.all = [self.text, self.slider, self.carrier]
        self.together = Together(self.carrier, lambda: self.all, lambda action: action())

    def page_is_ready(self):
        self.carrier._msg_callbacks(self.carrier, "ready", [])


def test_all_changes_of_a_block_are_one_message_in_the_order_of_the_parts(sent):
    parts = Parts()
    sent.clear()
    parts.page_is_ready()
    assert sent == []
    with parts.together.held():
        parts.carrier.html = "all"
        parts.slider.value = 3
        parts.slider.max = 7
        parts.text.value = "early"
        parts.text.value = "late"
        assert sent == []
    (states,) = sent
    assert list(states.items()) == [
        (parts.text.model_id, {"value": "late"}),
        (parts.slider.model_id, {"value": 3, "max": 7}),
        (parts.carrier.model_id, {"html": "all"}),
    ]
    parts.text.value = "after"
    assert sent[1:] == [{"value"}]


def test_until_a_page_listens_each_widget_sends_its_own(sent):
    parts = Parts()
    sent.clear()
    with parts.together.held():
        parts.text.value = "early"
        parts.text.value = "late"
        parts.carrier.html = "all"
        assert sent == []
    assert sorted(map(sorted, sent)) == [["html"], ["value"]]


def test_a_page_that_comes_later_receives_all_states(sent):
    parts = Parts()
    parts.page_is_ready()
    with parts.together.held():
        parts.text.value = "missed"
    sent.clear()
    parts.page_is_ready()
    (states,) = sent
    assert states == {part.model_id: part.get_state() for part in parts.all}
    assert states[parts.text.model_id]["value"] == "missed"


def test_where_nothing_changes_nothing_is_sent(sent):
    parts = Parts()
    parts.page_is_ready()
    sent.clear()
    with parts.together.held():
        parts.carrier.html = ""
    assert sent == []


def test_other_widgets_and_the_states_at_an_error_are_sent_too(sent):
    parts, other = Parts(), widgets.HTML()
    parts.page_is_ready()
    sent.clear()

    def fail():
        with parts.together.held():
            other.value = "at once"
            parts.text.value = "half"
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert sent == [{"value"}, {parts.text.model_id: {"value": "half"}}]

"""What one change alters in several widgets is sent as one message."""

from __future__ import annotations

import ipywidgets as widgets
import pytest

from motiflab.widgets.live_text import LiveText
from motiflab.widgets.together import together


@pytest.fixture
def sent(monkeypatch):
    """List what is sent: the changed traits of each widget that sends its own, or the states."""
    found = []

    def send_state(self, key=None):
        if key:
            found.append({key} if isinstance(key, str) else set(key))

    monkeypatch.setattr(widgets.Widget, "send_state", send_state)
    monkeypatch.setattr(widgets.Widget, "send", lambda _, content: found.append(content))
    return found


def test_all_changes_of_a_block_are_one_message_in_the_order_of_the_parts(sent):
    carrier, text, slider = LiveText(), widgets.HTML(), widgets.IntSlider()
    sent.clear()
    with together(carrier, [text, slider, carrier]):
        carrier.html = "all"
        slider.value = 3
        slider.max = 7
        text.value = "early"
        text.value = "late"
        assert sent == []
    (message,) = sent
    assert list(message["states"].items()) == [
        (text.model_id, {"value": "late"}),
        (slider.model_id, {"value": 3, "max": 7}),
        (carrier.model_id, {"html": "all"}),
    ]
    text.value = "after"
    assert sent[1:] == [{"value"}]


def test_where_nothing_changes_nothing_is_sent(sent):
    carrier = LiveText()
    sent.clear()
    with together(carrier, [carrier]):
        carrier.html = ""
    assert sent == []


def test_other_widgets_and_the_states_at_an_error_are_sent_too(sent):
    carrier, text, other = LiveText(), widgets.HTML(), widgets.HTML()
    sent.clear()
    with pytest.raises(KeyError), together(carrier, [text]):
        other.value = "at once"
        text.value = "half"
        raise KeyError
    assert sent == [{"value"}, {"states": {text.model_id: {"value": "half"}}}]

"""Buttons and other tools: a scene locks and hides them; code can still do the same."""

from __future__ import annotations

import zlib

import ipywidgets as widgets
import pytest
from every import explorers

from motiflab.explorers.scan_explorer import ScanExplorer
from motiflab.lab.grammar_lab import GrammarLab
from motiflab.lab.lab_toolbar import TOOLS
from motiflab.lab.motif_lab import MotifLab
from motiflab.widgets.controls import LOCKED, Tool, make
from motiflab.widgets.fields import declared
from motiflab.widgets.play_button import Player
from motiflab.widgets.upload_button import FastaUpload

QUICK = {"n": 200, "length": 40, "epochs": 1, "filters": 2, "width": 8, "speed": "full"}
WITH_TOOLS = [explorer for explorer in explorers() if len(explorer.tools) > 2]


@pytest.fixture
def tooled(toy_class):
    """Return a class of explorers with two buttons, one of which can be used from width 5 on."""

    class Tooled(toy_class):
        tools = ("grow", "play", *toy_class.tools)

        def toolbar(self):
            button = make(widgets.Button, description="Grow")
            button.on_click(lambda _: self.set(width=self.state.width + 1))
            self._grow = Tool("grow", make(widgets.Label, value="Size:"), button)
            return [self._grow, Tool("play", Player(self, "width"))]

        def redraw(self):
            super().redraw()
            self._grow.enable(self.state.width >= 5, f"Now {self.state.width}")

    return Tooled


def on_card(explorer, kind: type) -> list:
    """Return the widgets of that kind which are shown."""
    found, todo = [], [explorer.widget]
    for widget in todo:
        if widget.layout.display != "none":
            todo += getattr(widget, "children", ())
            found += [widget] if isinstance(widget, kind) else []
    return found


def buttons(explorer) -> dict:
    return {button.description: button for button in on_card(explorer, widgets.Button)}


def test_what_is_not_locked_works_and_says_what_it_does(tooled):
    toy = tooled(width=4)
    grow = buttons(toy)["Grow"]
    assert (grow.disabled, grow.tooltip) == (True, "Now 4")
    toy.set(width=6)
    assert (grow.disabled, grow.tooltip) == (False, "Now 6")
    grow.click()
    assert toy.state.width == 7


def test_a_locked_tool_is_disabled_and_says_why_whatever_happens(tooled):
    toy = tooled(width=4, locked=["grow", "undo"])
    for width in (6, 4, 7):
        for name in ("Grow", "Undo all changes"):
            assert buttons(toy)[name].disabled and buttons(toy)[name].tooltip == LOCKED
        toy.set(width=width)
    (player,) = on_card(toy, Player)
    assert not player.disabled


def test_a_player_that_is_locked_stops_and_does_not_begin(tooled):
    toy = tooled()
    (player,) = on_card(toy, Player)
    player.playing = True
    assert toy.state.width == 4
    toy.load(tooled(width=4, locked=["play"]).scene)
    assert player.disabled and player.hint == LOCKED
    player.asked += 1
    assert toy.state.width == 4 and not player.playing
    player.playing = True
    assert toy.state.width == 4 and not player.playing


def test_hidden_tools_are_not_shown(tooled):
    toy = tooled(hidden=["grow", "play", "undo", "scene"])
    assert on_card(toy, widgets.Button) == on_card(toy, Player) == on_card(toy, widgets.Label) == []
    assert not any(w.description.startswith("Scene") for w in on_card(toy, widgets.Text))
    assert "Keep or share" not in "".join(w.value for w in on_card(toy, widgets.HTML))
    some = tooled(hidden=["play"])
    assert list(buttons(some)) == ["Grow", "Undo all changes"] and on_card(some, Player) == []


def test_hiding_a_grid_or_a_player_touches_no_other_card():
    hidden = ScanExplorer(hidden=["weights", "play"])
    other = ScanExplorer()
    assert hidden.controls["weights"].layout.display == "none"
    assert {control.layout.display for control in other.controls.values()} == {None}
    assert len(on_card(other, Player)) == 1 and on_card(hidden, Player) == []


def test_a_scene_keeps_what_is_locked_and_hidden_and_a_pasted_one_only_adds(tooled):
    toy = tooled(locked=["grow", "width"], hidden=["play"])
    assert toy.scene.startswith("Tooled/1?lock=grow,width&hide=play#")
    again = tooled.from_scene(toy.scene)
    assert (again.locked, again.hidden) == ({"grow", "width"}, {"play"})
    again.load(tooled(both=True, hidden=["undo"]).scene)
    assert (again.locked, again.hidden) == ({"grow", "width"}, {"play", "undo"})
    assert buttons(again)["Grow"].disabled and "Undo all changes" not in buttons(again)


def test_a_locked_scene_can_be_read_and_not_replaced_on_the_card(tooled):
    toy = tooled(locked=["scene"])
    (line,) = (w for w in on_card(toy, widgets.Text) if w.description.startswith("Scene"))
    assert line.disabled and "locked" in line.description and line.value == toy.scene
    toy.set(width=8)
    assert line.value == toy.scene


@pytest.mark.parametrize("names", [{"locked": ["stop"]}, {"hidden": ["stop"]}])
def test_an_unknown_name_gets_one_sentence_that_lists_the_known(tooled, names):
    sentence = (
        r"^Tooled has no control named 'stop'; it has width, share, .*, grow, play, undo, scene\.$"
    )
    with pytest.raises(ValueError, match=sentence):
        tooled(**names)


def test_a_tool_has_no_value(tooled):
    with pytest.raises(ValueError, match=r"has no control named 'play'; it has .*, name\.$"):
        tooled(play=1)
    with pytest.raises(ValueError, match=r"has no control named 'grow'; it has .*, name\.$"):
        tooled().set(grow=1)
    body = "Tooled/1?play=1"
    with pytest.raises(ValueError, match=r"has no control named 'play'; it has .*, name\.$"):
        tooled.from_scene(f"{body}#{zlib.crc32(body.encode()):08x}")


@pytest.mark.parametrize("explorer_class", [*explorers(), MotifLab, GrammarLab])
def test_the_names_are_those_of_the_toolbar_and_none_is_a_field(explorer_class):
    lab = issubclass(explorer_class, MotifLab)
    explorer = explorer_class(**QUICK) if lab else explorer_class()
    named = [tool.name for tool in explorer.toolbar() if tool.name]
    assert explorer_class.tools == (*named, "undo", "scene")
    assert len(set(explorer_class.tools)) == len(explorer_class.tools)
    assert not set(explorer_class.tools) & declared(explorer_class.State).keys()


@pytest.mark.parametrize("explorer_class", WITH_TOOLS, ids=lambda e: e.__name__)
def test_every_button_can_be_locked_and_hidden(explorer_class):
    everything = explorer_class.tools
    locked, hidden = explorer_class(locked=everything), explorer_class(hidden=everything)
    kinds = (widgets.Button, Player)
    assert len(on_card(locked, kinds)) > 1
    assert all(widget.disabled for widget in on_card(locked, kinds))
    assert on_card(hidden, kinds) == []
    assert explorer_class.from_scene(locked.scene).locked == set(everything)


# -- the lab ------------------------------------------------------------------------------------


def test_locked_buttons_of_the_lab_stay_locked_through_a_training_that_code_starts():
    lab = MotifLab(**QUICK, locked=TOOLS)
    words = ("Start", "Pause", "Step", "Reset", "Save")
    for action in (lambda: None, lab.step, lab.start, lab.reset, lab.pause):
        action()
        for word in words:
            assert buttons(lab)[word].disabled and buttons(lab)[word].tooltip == LOCKED, word
        (moment,) = (w for w in on_card(lab, widgets.IntSlider) if w.description == "Moment")
        assert moment.disabled and moment.tooltip == LOCKED
    lab.start()
    assert lab.session.done and moment.value == moment.max > 1


def test_one_button_of_the_lab_can_be_left():
    hidden = ["save", "export", "upload", "moment"]
    lab = MotifLab(**QUICK, locked=["start", "reset"], hidden=hidden)
    assert list(buttons(lab)) == ["Start", "Pause", "Step", "Reset", "Undo all changes"]
    assert [name for name, button in buttons(lab).items() if button.disabled] == [
        *("Start", "Pause", "Reset")
    ]
    buttons(lab)["Step"].click()
    assert lab.result.record.step == 1
    assert "step 1 of" in "".join(w.value for w in on_card(lab, widgets.HTML))
    assert on_card(MotifLab(**QUICK, hidden=["moment"]), widgets.Dropdown)


def test_a_locked_upload_takes_no_file_and_a_hidden_one_is_not_shown():
    own = {"source": "fasta", "negatives": "own"}
    choosers = on_card(MotifLab(**own), FastaUpload)
    assert len(choosers) == 2 and not any(chooser.disabled for chooser in choosers)
    lab = MotifLab(**own, locked=["upload"])
    assert [(c.disabled, c.hint) for c in on_card(lab, FastaUpload)] == [(True, LOCKED)] * 2
    assert on_card(MotifLab(**own, hidden=["upload"]), FastaUpload) == []
    late = MotifLab(**QUICK, locked=["upload"])
    late.set(source="fasta")
    assert [chooser.disabled for chooser in on_card(late, FastaUpload)] == [True]

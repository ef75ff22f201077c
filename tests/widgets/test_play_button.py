"""The play button of a slider: its start, its steps and its end."""

from __future__ import annotations

import pytest

from motiflab.widgets.play_button import Player


@pytest.fixture
def toy(toy_class):
    return toy_class(width=7)


def test_playing_goes_up_to_the_end_and_stops(toy):
    player = Player(toy, "width")
    player.playing = True
    seen = [toy.state.width]
    while player.playing:
        player.asked += 1
        seen.append(toy.state.width)
    assert seen == [8, 9, 10]
    assert player.answered == player.asked


def test_at_the_end_it_begins_anew(toy):
    toy.set(width=10)
    player = Player(toy, "width")
    player.playing = True
    assert toy.state.width == 1 and player.playing


def test_a_press_stops_it(toy):
    player = Player(toy, "width")
    player.playing = True
    player.playing = False
    player.asked += 1
    assert toy.state.width == 8


def test_it_stops_where_it_is_told_to(toy):
    player = Player(toy, "width", last=lambda: 9)
    player.playing = True
    player.asked += 1
    assert toy.state.width == 9 and not player.playing


def test_it_stops_where_the_explorer_refuses(toy):
    toy.set(count=8)
    player = Player(toy, "width")
    player.playing = True
    assert player.playing
    player.asked += 1
    assert not player.playing and toy.state.width == 8
    assert "Width 9 does not fit into 8." in toy.controls["width"].description


def test_a_locked_slider_is_not_moved(toy_class):
    toy = toy_class(width=7, locked=["width"])
    player = Player(toy, "width")
    player.playing = True
    assert toy.state.width == 7 and not player.playing


def test_it_can_take_larger_steps_and_still_ends_at_the_end(toy_class):
    toy = toy_class()
    player = Player(toy, "width", by=4)
    player.playing = True
    assert toy.state.width == 7
    player.asked += 1
    assert toy.state.width == 10
    assert not player.playing

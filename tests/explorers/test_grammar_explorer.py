"""The grammar explorer: its numbers, its picture and what it refuses."""

import re

import pytest

from motiflab.checks import ArgumentError
from motiflab.explorers.grammar_explorer import GrammarExplorer
from motiflab.figures import grammar_pictures
from motiflab.layers.receptive_fields import Grammar, Stack


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def test_the_readout_says_what_is_needed_and_reached_worked_by_hand():
    explorer = GrammarExplorer()
    words = plain(explorer.describe(explorer.result))
    assert "= 7 + 11 + 7 + 3 = 28 bases" in words
    assert "= 7 + 3 + 1·(3 − 1)·4 = 18 bases" in words
    assert "16 filters in each layer the network has 1,265 parameters" in words  # 464 + 784 + 17
    explorer.set(depth=2, dilation=2, second_width=2)
    words = plain(explorer.describe(explorer.result))
    assert "= 7 + 3 + 2·(2 − 1)·4 + 2·(2 − 1)·4 = 26 bases" in words


def test_the_goal_can_be_reached_with_fewer_than_1300_parameters():
    explorer = GrammarExplorer(dilation=2, window=5)
    assert explorer.result.whole == explorer.result.cases == 15
    assert explorer.result.stack.parameters() < 1300
    assert "can see the whole grammar" in explorer.describe(explorer.result)


def test_the_verdict_names_the_field_that_touches_both_motifs():
    explorer = GrammarExplorer(second_width=1)
    assert "needs 11 bases to see even one base of each" in explorer.describe(explorer.result)
    explorer.set(width=8)  # 8 + 3 = 11
    assert "seen only in part" in explorer.describe(explorer.result)


def test_the_order_changes_which_motif_stands_first_and_not_the_need():
    explorer = GrammarExplorer(first=4, second=9)
    before = explorer.result.grammar.needed(4)
    explorer.set(order="BA")
    assert explorer.result.grammar.first == 9
    assert explorer.result.grammar.needed(4) == before
    drawn = re.findall(r'font-weight="bold">([AB])<', explorer.figures["field"])
    assert drawn[:2] == ["B", "A"]


def test_an_upside_down_gap_is_refused_beside_its_control():
    explorer = GrammarExplorer()
    with pytest.raises(ArgumentError, match="Shortest gap must be at most the longest, 11, not 12"):
        explorer.set(gap_min=12)
    assert "at most the longest" in explorer.controls["gap_min"].description
    assert explorer.state.gap_min == 9
    explorer.set(gap_min=12, gap_max=14)
    assert "at most" not in explorer.controls["gap_min"].description


def test_the_ways_are_in_the_table_with_their_parameters():
    ways = plain(GrammarExplorer().figures["ways"].replace("</td>", " ").replace("</th>", " "))
    assert "wider kernel width of later layers 6 30 28 0 2,033" in ways
    assert "dilation none up to 12" in ways


def test_the_picture_shows_each_base_that_is_missed():
    svg = grammar_pictures.field_svg(Stack(7, 4, 5), Grammar(7, 7, 11, 11), uid="t")
    missed = re.findall(r'fill="#A6611A" fill-opacity="\.75"', svg)
    # Phases 0 to 3 miss 0, 0, 1, 1; the first row repeats the worst.
    assert len(missed) == 3
    assert svg.count(">seen whole<") == 2 and svg.count(">1 missed<") == 3


def test_holes_are_drawn_as_runs_that_are_not_filled():
    svg = grammar_pictures.field_svg(Stack(7, 4, 2, 6), Grammar(7, 7, 9, 11), uid="t")
    assert len(re.findall(r'fill-opacity="\.55"', svg)) == 2
    assert "with 14 bases in holes" in svg
    assert (
        len(
            re.findall(
                r'fill-opacity="\.55"',
                grammar_pictures.field_svg(Stack(7, 4, 5), Grammar(7, 7, 9, 11)),
            )
        )
        == 1
    )

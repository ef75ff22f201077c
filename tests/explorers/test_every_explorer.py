"""Properties of every explorer: controls, error messages, descriptions and scenes."""

from __future__ import annotations

import base64
import dataclasses
import json
import random
import re
from html import unescape
from itertools import chain

import numpy as np
import plotly.graph_objects as go
import pytest
from every import explorers, extremes, others, shown

from motiflab.checks import ArgumentError
from motiflab.figures import left_margin, plot_elements, text_width
from motiflab.lab.grammar_lab import GrammarLab
from motiflab.lab.motif_lab import MotifLab
from motiflab.widgets.chart import Chart, LightFigure
from motiflab.widgets.fields import declared
from motiflab.widgets.slow_explorer import BackgroundExplorer

EXPLORERS = explorers()
ALL = [*EXPLORERS, MotifLab, GrammarLab]
SMALL = {"n": 500, "smallest": 500, "largest": 2000, "repeats": 1}
FIELDS = [
    pytest.param(explorer, name, id=f"{explorer.__name__}-{name}")
    for explorer in EXPLORERS
    for name in declared(explorer.State)
]
TOUCHED = {
    "ActivationExplorer": {"z", "depth"},
    "AttributionExplorer": {"guess"},
    "BeatExplorer": {"exponent"},
    "BoundaryExplorer": {"middle"},
    "ChallengeExplorer": {"hand_ins"},
    "ConsensusExplorer": {"allowed"},
    "EncodingExplorer": {"sequences"},
    "EnergyExplorer": {"mu", "sequence"},
    "GenomeExplorer": {"threshold"},
    "GrammarExplorer": {"gap_max"},
    "InterpolationExplorer": {"true_a", "false_a", "true_b", "false_b"},
    "InterrogationExplorer": {"gap"},
    "InvarianceExplorer": {"window"},
    "JudgeExplorer": {"recall"},
    "LogOddsExplorer": {"window"},
    "LossExplorer": {"logit"},
    "PaddingExplorer": {"word"},
    "PoolingExplorer": {"shift"},
    "PrevalenceExplorer": {"rarity", "threshold"},
    "ProfileExplorer": {"distance"},
    "SaliencyExplorer": {"position"},
    "SaturationExplorer": {"mu"},
    "ScanExplorer": {"j", "sequence"},
    "SeqletsExplorer": {"threshold"},
    "SequenceDesignExplorer": {"changes"},
    "SparsityExplorer": {"bias"},
    "UpdateExplorer": {"update"},
    "WholeOrPartExplorer": {"at_2", "at_4", "at_10", "at_25", "at_50", "at_100"},
}
"""Fields that pictures of a card set when parts of them, or places on an axis, are pressed."""
every_explorer = pytest.mark.parametrize("explorer_class", EXPLORERS, ids=lambda e: e.__name__)


def fresh(explorer) -> dict:
    """The same content, made from the state alone, without any history."""
    twin = type(explorer)(**dataclasses.asdict(explorer.state))
    return {name: text.replace(twin.uid, explorer.uid) for name, text in shown(twin).items()}


def complaint(explorer, name: str) -> str:
    found = re.search(r'motiflab-error">(.*?)</span>', explorer.controls[name].description)
    return found[1] if found else ""


def test_explorers_are_found():
    assert len(EXPLORERS) >= 1


@every_explorer
def test_the_title_is_a_question_and_the_goal_a_sentence(explorer_class):
    assert explorer_class.title.endswith("?") and explorer_class.title[0].isupper()
    assert explorer_class.goal.endswith(".") and not explorer_class.goal[0].isupper()


@every_explorer
def test_every_control_has_a_label(explorer_class):
    labels = [field.label for field in declared(explorer_class.State).values()]
    assert all(labels) and len(set(labels)) == len(labels)


@every_explorer
def test_a_part_of_a_picture_does_what_the_control_of_its_field_does(explorer_class):
    touched, moved = explorer_class(), explorer_class()
    first, fields = dataclasses.asdict(touched.state), declared(explorer_class.State)
    drawn = "".join(shown(touched).values())
    parts = [
        dict(part.split("=", 1) for part in unescape(words).split("&"))
        for words in re.findall(r"""data-(?:drag|choose)=["'](\w+=[^"']*)""", drawn)
    ]
    axes = [
        (chart.figure.layout.meta, chart.figure.layout.xaxis.range)
        for chart in touched.figures.values()
        if isinstance(chart, Chart) and chart.figure.layout.meta
    ]
    set_by_hand = {*chain(*parts), *(meta["drag"] for meta, _ in axes)}
    assert set_by_hand == TOUCHED.get(explorer_class.__name__, set())
    for part in parts[:: 1 + len(parts) // 100]:  # of very many, some
        for card in (touched, moved) if len(part) > 1 else ():  # they fit the first state
            card.set(**first)
        touched._touched("&".join(f"{name}={words}" for name, words in part.items()))
        moved.set(**{name: fields[name].parse(name, words) for name, words in part.items()})
        assert {name: str(getattr(touched.state, name)) for name in part} == part
        assert touched.state == moved.state and not any(complaint(touched, name) for name in part)
    for meta, (left, right) in axes:
        name = meta["drag"]
        view = next(view for view in touched._views.values() if isinstance(view, LightFigure)
                    and view.figure.layout.meta == meta)  # fmt: skip
        for place in (left, 0.7 * left + 0.3 * right, right):
            view.place = {"x": place, "at": place}
            value, field = getattr(touched.state, name), fields[name]
            wanted = np.interp(place, *meta["along"]) if "along" in meta else place
            assert abs(value - min(max(wanted, field.low), field.high)) <= field.step / 2 + 1e-9
            moved.set(**{name: value})
            assert touched.state == moved.state and not complaint(touched, name)


@pytest.mark.parametrize(("explorer_class", "name"), FIELDS)
def test_a_control_moves_what_is_seen(explorer_class, name):
    explorer = explorer_class()
    control, field = explorer.controls[name], declared(explorer.State)[name]
    if "display" in str(control.layout.display) or control.layout.display == "none":
        pytest.skip("it means nothing in the first state, and is put away there")
    before, first = shown(explorer), explorer.state
    for value in others(field, getattr(first, name)):
        control.value = str(value) if field.kind == "number" else value
        if complaint(explorer, name) or explorer.state == first:
            continue
        changed = shown(explorer)
        if changed != before:
            break
    else:
        pytest.fail(f"nothing seen changed for any value of {name}")
    now = getattr(explorer.state, name)
    assert now == (pytest.approx(value) if field.type is float else value)
    assert changed == fresh(explorer)
    assert explorer_class.from_scene(explorer.scene).state == explorer.state


@pytest.mark.parametrize(("explorer_class", "name"), FIELDS)
def test_a_bad_value_is_answered_beside_its_control_and_nothing_is_lost(explorer_class, name):
    explorer = explorer_class()
    before = shown(explorer), explorer.state
    bad = [object()]
    field = declared(explorer.State)[name]
    if field.kind in ("slider", "number"):
        bad += [value for value in (field.low - 1, field.high + 1, float("nan")) if value != value
                or abs(value) < 1e12]  # fmt: skip
    for value in bad:
        with pytest.raises(ArgumentError) as caught:
            explorer.set(**{name: value})
        message = str(caught.value)
        assert caught.value.argument == name and message.endswith(".") and "\n" not in message
        assert field.label in message and complaint(explorer, name)
        assert (shown(explorer), explorer.state) == before


@pytest.mark.parametrize("explorer_class", ALL, ids=lambda e: e.__name__)
def test_any_value_is_shown_or_refused_in_words_and_nothing_else_happens(explorer_class):
    """Set in code or by a scene: also fields that are put away just now, alone and together."""
    cheap = {"n": 60, "length": 60, "epochs": 1} if issubclass(explorer_class, MotifLab) else {}
    if issubclass(explorer_class, BackgroundExplorer):
        cheap = {name: value for name, value in SMALL.items()
                 if name in declared(explorer_class.State)}  # fmt: skip
    explorer = explorer_class(**cheap)
    fields = declared(explorer.State)
    choices = {name: extremes(field) for name, field in fields.items() if name not in cheap}
    draw = random.Random(1)
    attempts = [{name: value} for name, values in choices.items() for value in values]
    attempts += [
        {name: draw.choice(choices[name]) for name in draw.sample(sorted(choices), 2)}
        for _ in range(10 if len(choices) > 1 else 0)
    ]
    first, last = explorer.state, {}
    for changes in attempts:
        before = explorer.state, explorer.result, explorer.readout.html, dict(explorer.figures)
        try:
            # One `set` also undoes the last attempt: one computation instead of two.
            explorer.set(**{name: getattr(first, name) for name in last} | changes)
        except ValueError as error:
            said = str(error)
            now = explorer.state, explorer.result, explorer.readout.html, dict(explorer.figures)
            assert now == before, changes
            assert said.endswith("."), (changes, said)
        else:
            assert all(getattr(explorer.state, name) == value for name, value in changes.items())
            last = changes


@every_explorer
def test_every_picture_has_a_twin_in_words(explorer_class):
    for name, picture in explorer_class().figures.items():
        if isinstance(picture, Chart):
            assert picture.text.endswith("."), name
            continue
        for svg in re.findall(r"<svg.*?</svg>", picture, re.S):
            assert 'role="img"' in svg, name
            described = re.search(r"<title id=.*?>(.+?)</title>.*?<desc id=.*?>(.+?)</desc>", svg,
                                  re.S)  # fmt: skip
            assert described, name
            labelled = re.search(r'aria-labelledby="(\S+) (\S+)"', svg)
            assert labelled and all(f'id="{i}"' in svg for i in labelled.groups()), name


def unpacked(value):
    """The same with lists for all arrays, floats for all numbers, and without what is empty."""
    if isinstance(value, dict) and "bdata" in value:
        return unpacked(np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"]))
    if isinstance(value, dict):
        parts = {key: unpacked(one) for key, one in value.items()}
        return {key: one for key, one in parts.items() if one != []}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [unpacked(one) for one in value]
    return value if value is None or isinstance(value, (str, bool)) else float(value)


@every_explorer
def test_plotly_finds_nothing_to_change_or_refuse_in_a_chart(explorer_class):
    for name, picture in explorer_class().figures.items():
        if isinstance(picture, Chart):
            spec = picture.figure.spec
            checked = go.Figure(spec).to_dict()
            del checked["layout"]["template"]
            texts = [json.dumps(unpacked(one), sort_keys=True) for one in (checked, spec)]
            assert texts[0] == texts[1], name  # as text, nan is nan


NARROW = 338  # pixels of a picture on a card of 368, where pictures stand below each other


@every_explorer
def test_numbers_of_an_axis_stand_apart_on_a_narrow_card(explorer_class):
    for name, picture in explorer_class().figures.items():
        if isinstance(picture, Chart):
            wide = NARROW - left_margin(picture.figure) - 10
            (numbers,) = re.findall('<g class="xtick".*?</g>', plot_elements(picture.figure, wide))
            found = re.findall(r'x="([\d.]+)%" y="100%"(?: dx="(.*?)")?.*?>(.*?)<', numbers)
            ends = [(float(x) * wide / 100 + float(dx or 0), text_width(word) / 2)
                    for x, dx, word in found]  # fmt: skip
            assert len(ends) > 1, name
            for (x, half), (next_x, next_half) in zip(ends, ends[1:]):
                assert x + half + 4 <= next_x - next_half, (name, found)


@every_explorer
def test_two_cards_on_a_page_share_no_id(explorer_class):
    first, second = (
        {i for picture in explorer_class().figures.values() if isinstance(picture, str)
         for i in re.findall(r'\bid="([^"]+)"', picture)}
        for _ in range(2)
    )  # fmt: skip
    assert first & second == set()


@every_explorer
def test_an_id_occurs_once(explorer_class):
    ids = [i for picture in explorer_class().figures.values() if isinstance(picture, str)
           for i in re.findall(r'\bid="([^"]+)"', picture)]  # fmt: skip
    assert len(ids) == len(set(ids))


@every_explorer
def test_text_and_lines_take_the_colours_of_the_theme(explorer_class):
    for name, picture in explorer_class().figures.items():
        if isinstance(picture, str):
            # White letters on a ground of their own are right in either theme.
            shapes = re.sub(r"<text.*?</text>", "", picture, flags=re.S)
            hard = re.findall(r"(?:fill|stroke|color)[=:]\s*[\"']?(?:white|#fff)\b", shapes)
            hard += re.findall(r"(?:fill|stroke|color)[=:]\s*[\"']?(?:black|#000|#333)\b", picture)
            assert hard == [], name


@every_explorer
def test_a_change_is_a_small_message(explorer_class):
    explorer = explorer_class()
    sizes = {name: len(text) for name, text in shown(explorer).items()}
    assert sum(sizes.values()) < 200_000, sizes

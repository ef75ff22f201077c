"""The picture and the table of a pooled map, read back from what they draw, against torch."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from drawn import same_words_and_areas, untidy

from motiflab.figures.pooling_pictures import (
    PooledMap,
    changed_chart,
    end_pooled_chart,
    end_scores_chart,
    pooled_map_svg,
    pooled_map_table,
    pooled_map_words,
    size_chart,
)
from motiflab.layers.invariance import InvarianceCurve
from motiflab.layers.pooling import pool, pool_gradient

Y = np.array([0.5, -2.0, 3.0, 1.0, -1.0, 2.5, 0.0, 4.0, -0.5, 1.5, 9.0])
SVG = "{http://www.w3.org/2000/svg}"


def picture(kind: str = "max", window: int = 3, step: int = 3, **more) -> PooledMap:
    """Return 13 bases under a filter of 3, with stride 1."""
    return PooledMap(
        **{
            "letters": "ACGTACGTAC00T",
            "site": (4, 7),
            "width": 3,
            "stride": 1,
            "padding": 0,
            "y": Y,
            "window": window,
            "step": step,
            "kind": kind,
            "pooled": pool(Y, window, step, kind),
            "limits": (-3.0, 10.0),
            "pooled_limits": (-1.0, 5.0),
            **more,
        }
    )


def rectangles(svg: str) -> list[dict[str, float]]:
    """Return place and size of the rectangles that are seen, in the order they are drawn in."""
    tree = ET.fromstring(svg)
    groups = (g for g in tree.iter(f"{SVG}g") if g.get("fill-opacity") == "0")
    unseen = {r for group in groups for r in group.iter(f"{SVG}rect")}
    rects = (r for r in tree.iter(f"{SVG}rect") if r not in unseen)
    found = [r.attrib for r in rects if r.get("fill") != "none"]
    return [{k: float(r[k]) for k in ("x", "y", "width", "height")} | r for r in found]


def number(bar: dict, name: str) -> float:
    return float(bar[name])


def test_the_bars_are_as_long_as_the_scores_and_stand_over_the_middle_of_their_bases():
    svg = pooled_map_svg(picture())
    bars = rectangles(svg)
    heights = np.array([number(bar, "height") for bar in bars[: len(Y)]])
    np.testing.assert_allclose(heights, np.abs(Y) * 92 / 13, atol=0.06)
    letters = [t for t in ET.fromstring(svg).iter(f"{SVG}text") if t.get("y") == "30"]
    assert "".join(t.text for t in letters) == "ACGTACGTAC00T"
    middle = [float(t.get("x")) for t in letters][1:-1]
    centres = [number(bar, "x") + number(bar, "width") / 2 for bar in bars[: len(Y)]]
    np.testing.assert_allclose(centres, middle, atol=0.11)


def test_the_winners_are_torchs_and_the_rest_of_the_map_is_pale():
    svg = pooled_map_svg(picture())
    _, best = torch.nn.functional.max_pool1d(torch.tensor(Y)[None], 3, return_indices=True)
    bars = rectangles(svg)[: len(Y)]
    strong = [m for m, bar in enumerate(bars) if number(bar, "fill-opacity") == 1]
    assert strong == best[0].tolist() and svg.count("<circle") == 3
    assert [m for m, bar in enumerate(bars) if number(bar, "fill-opacity") == 0.3] == [9, 10]
    height = {text.text: text.get("y") for text in ET.fromstring(svg).iter(f"{SVG}text")}
    caption = next(words for words in height if words.startswith("feature map"))
    assert height["pale: 2 in no window"] == height[caption]


def test_the_pooled_bars_are_as_long_as_the_pooled_numbers():
    bars = rectangles(pooled_map_svg(picture("average", pooled_limits=(-1.0, 5.0))))[len(Y) :]
    means = torch.nn.functional.avg_pool1d(torch.tensor(Y)[None], 3)[0]
    heights = [number(bar, "height") for bar in bars]
    np.testing.assert_allclose(heights, means.abs() * 54 / 6, atol=0.06)


def test_an_average_has_no_winner():
    svg = pooled_map_svg(picture("average"))
    assert "<circle" not in svg and "the average of each window" in svg
    assert "winner" not in pooled_map_table(picture("average"))


def test_both_maps_have_axes_of_their_own_that_name_their_ends():
    svg = pooled_map_svg(picture(limits=(-3.004, 10.0), before=pool(Y, 3)))
    texts = [(t.text, float(t.get("y"))) for t in ET.fromstring(svg).iter(f"{SVG}text")]
    ends = [(text, y - 4) for text, y in texts if re.fullmatch("[−0-9.]+", text or "") and y > 50]
    # The map is 92 pixels high and the pooled one 54; a 0 near an end would cover its number.
    top = dict(ends[:3])["10"]
    assert ends[0] == ("−3", pytest.approx(top + 92, abs=0.1))
    assert ends[1] == ("0", pytest.approx(top + 92 * 10 / 13.004, abs=0.1))
    pooled = [(text, y) for text, y in ends if text in ("−1", "0", "5")][1:]
    top = dict(pooled)["5"]
    assert dict(pooled) == pytest.approx({"−1": top + 54, "5": top}, abs=0.1)
    assert "each window; dashed: before the shift" in svg and svg.count('dasharray="3 2"') == 3
    assert "before the shift" not in pooled_map_svg(picture())


def test_overlapping_windows_stand_on_levels_and_gaps_leave_positions_out():
    svg = pooled_map_svg(picture(window=5, step=2))
    assert svg.count("n = ") == 0
    # Windows 0, 1 and 2 share a position, so they need three levels; window 3 is on the first.
    windows = next(p.get("d") for p in ET.fromstring(svg).iter(f"{SVG}path") if "v4H" in p.get("d"))
    heights = [float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)v4", windows)]
    assert heights[0] < heights[1] < heights[2] and heights[3] == heights[0]
    gaps = picture(window=2, step=4)
    assert np.flatnonzero(~gaps.used).tolist() == [2, 3, 6, 7, 10]


@pytest.mark.parametrize("kind", ["max", "average"])
def test_the_gradient_is_drawn_as_torch_routes_it(kind):
    y = torch.tensor(Y, requires_grad=True)
    pools = {"max": torch.nn.functional.max_pool1d, "average": torch.nn.functional.avg_pool1d}
    pools[kind](y[None], 3).sum().backward()
    gradient = pool_gradient(Y, np.ones(3), 3, kind=kind)
    bars = rectangles(pooled_map_svg(picture(kind, gradient=gradient)))[-len(Y) :]
    heights = np.array([number(bar, "height") for bar in bars])
    np.testing.assert_allclose(heights / 40, y.grad, atol=0.002)


def test_the_table_tells_windows_winners_numbers_and_changes():
    before = pool(Y, 3) - np.array([0, 0.25, -1])
    table = pooled_map_table(picture(before=before))
    heads = re.findall(r"<th scope='col'>(.*?)</th>", table)
    rows = re.findall(r"<tr><th scope='row'>(.*?)</th>(.*?)</tr>", table)
    assert [name for name, _ in rows] == ["0", "1", "2"]
    columns = zip(*(re.findall(r"<td>(.*?)</td>", row) for _, row in rows))
    assert dict(zip(heads[1:], map(list, columns))) == {
        "positions m": ["0–2", "3–5", "6–8"],
        "winner m": ["2", "5", "7"],
        "p[n]": ["3.00", "2.50", "4.00"],
        "before the shift": ["3.00", "2.25", "5.00"],
        "change": ["0", "+0.25", "−1.00"],
    }
    words = pooled_map_words(picture(before=before))
    assert "to 3 numbers: 3.0, 2.5, 4.0. 2 of them changed" in words
    assert words in pooled_map_svg(picture(before=before))


def test_padding_is_drawn_as_zeros_and_a_motif_that_is_cut_by_it():
    padded = picture(
        letters="ACGTACGTACG", padding=1, site=(-2, 2), pooled=pool(Y, 3, 3)
    )  # fmt: skip
    svg = pooled_map_svg(padded)
    letters = [t.text for t in ET.fromstring(svg).iter(f"{SVG}text") if t.get("y") == "30"]
    assert "".join(letters) == "0ACGTACGTACG0"
    (frame,) = [r for r in ET.fromstring(svg).iter(f"{SVG}rect") if r.get("fill") == "none"]
    assert float(frame.get("x")) == 34  # from the left end of the padding on


def test_a_motif_that_is_quite_outside_has_no_frame():
    svg = pooled_map_svg(picture(site=(20, 23)))
    assert not [r for r in ET.fromstring(svg).iter(f"{SVG}rect") if r.get("fill") == "none"]


def test_a_window_lights_up_over_the_scores_that_its_number_comes_from():
    root = ET.fromstring(pooled_map_svg(picture(step=2)))
    bases = [float(t.get("x")) for t in root.iter(f"{SVG}text") if t.get("y") == "30"]
    windows = [group for group in root.iter(f"{SVG}g") if group.get("data-window")]
    assert [group.get("data-window") for group in windows] == ["0", "1", "2", "3", "4"]
    for n, (scores, number) in enumerate(windows):
        left, width = float(scores.get("x")), float(scores.get("width"))
        # Scores 2n to 2n + 2 stand over the bases in the middle of their windows, one further on.
        middles = [m for m in bases[1:-1] if left < m < left + width]
        assert middles == bases[2 * n + 1 : 2 * n + 4]
        begin = float(number.get("x"))
        assert begin < middles[1] < begin + float(number.get("width"))
        assert float(number.get("y")) > float(scores.get("y")) + float(scores.get("height"))
    assert "data-drag" not in pooled_map_svg(picture())


def test_the_motif_is_dragged_where_its_bases_are():
    root = ET.fromstring(pooled_map_svg(picture(), drag={2: "shift=0", 5: "shift=3"}))
    bases = [float(t.get("x")) for t in root.iter(f"{SVG}text") if t.get("y") == "30"]
    areas = [rect for rect in root.iter(f"{SVG}rect") if rect.get("data-drag")]
    assert [area.get("data-drag") for area in areas] == ["shift=0", "shift=3"]
    for area, i in zip(areas, (2, 5)):
        left, width = (float(area.get(name)) for name in ("x", "width"))
        assert left + width / 2 == pytest.approx(bases[i], abs=0.1)


@pytest.mark.parametrize("shifted", [False, True])
@pytest.mark.parametrize("step", [None, 1, 12])
@pytest.mark.parametrize("window", range(1, 25))
def test_the_narrow_form_is_tidy_with_every_window(window, step, shifted):
    y, step = np.full(54, -14.34), step or window
    pooled = pool(y, window, step)
    gradient = pool_gradient(y, np.ones(len(pooled)), window, step)
    changes = {
        "letters": "0" * 20 + "ACGT" * 10,
        "site": (30, 37),
        "width": 7,
        "y": y,
        "window": window,
        "step": step,
        "pooled": pooled,
        "limits": (-15, 9),
        "pooled_limits": (-15, 9),
        "before": 0.5 * pooled if shifted else None,
        "gradient": gradient if shifted else None,
    }
    each = dataclasses.replace(picture(), **changes)
    drag = {i: f"shift={i}" for i in range(25)}
    narrow, wide = (pooled_map_svg(each, drag=drag, narrow=n) for n in (True, False))
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    rects = [r.attrib for r in ET.fromstring(narrow).iter(f"{SVG}rect")]
    assert min(float(r["width"]) for r in rects) > 0.5
    # The number of a step that is wide enough has all digits, or none behind the point.
    found = re.findall(r"<text [^>]*>(−14[.\d]*)</text>", narrow)
    number = "−14.3" if step > 8 else "−14"
    assert found == ([number] * len(pooled) if step >= 6 else [])


def test_titles_are_escaped():
    ET.fromstring(pooled_map_svg(picture(), title="<script>&"))


SHIFTS = np.arange(5)
CURVES = {
    "max": InvarianceCurve(SHIFTS, SHIFTS / 8, SHIFTS / 9, SHIFTS / 10, 1.0),
    "average": InvarianceCurve(SHIFTS, SHIFTS / 4, SHIFTS / 5, SHIFTS / 6, 2.0),
}


def lines(chart) -> dict[str, list[float]]:
    return {trace.name: list(trace.y) for trace in chart.data}


def test_how_often_and_the_law_beside_it():
    drawn = lines(changed_chart(CURVES, 2))
    assert drawn["maximum"] == list(SHIFTS / 8) and drawn["average"] == list(SHIFTS / 4)
    assert drawn["min(s/w, 1)"] == [0, 0.5, 1, 1, 1]


def test_how_much_while_the_motif_is_inside():
    drawn = lines(size_chart(CURVES))
    assert drawn == {"average": list(SHIFTS / 6), "maximum": list(SHIFTS / 10)}


@pytest.mark.parametrize("chart", [changed_chart(CURVES, 2), size_chart(CURVES)])
def test_axes_have_titles_and_stand_still(chart):
    assert chart.layout.xaxis.title.text == "shift s (bases)" and chart.layout.yaxis.title.text
    assert (chart.layout.xaxis.range, chart.layout.yaxis.range) == ((0, 4), (0, 1.05))


def test_scores_along_a_sequence():
    places, rows = np.arange(4), np.arange(16.0).reshape(4, 4)
    measured = {"motif": rows[2], "background": rows[3]}
    chart = end_scores_chart(places, rows[0], rows[1], measured, 4, (-3, 20))
    names = ["motif", "background", "motif, measured", "background, measured"]
    assert lines(chart) == {name: list(row) for name, row in zip(names, rows)}
    assert chart.layout.yaxis.range == (-3, 20) and "nats" in chart.layout.yaxis.title.text


def test_the_maximum_along_a_sequence_with_the_ends_of_the_windows():
    chart = end_pooled_chart(np.arange(6), np.arange(6.0), (2, 2.5), 3, 6, (0, 9))
    assert lines(chart) == {"maximum": [0, 1, 2, 3, 4, 5], "now": [2.5]}
    assert [shape.x0 for shape in chart.layout.shapes] == [-0.5, 2.5, 5.5]
    assert chart.data[1].x == (2,)
    nothing = end_pooled_chart(np.arange(6), np.arange(6.0), None, 3, 6, (0, 9))
    assert nothing.data[1].x == ()

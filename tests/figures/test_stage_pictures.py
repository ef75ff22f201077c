"""The pictures of the lab's stage, read back from their SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from drawn import drawn_letters
from sklearn.metrics import average_precision_score

from motiflab.evaluation.curves import precision_recall
from motiflab.figures.filter_gallery import FilterCard
from motiflab.figures.stage_pictures import (
    hero_html,
    loss_strip_html,
    precision_recall_html,
    thumbnails_html,
)
from motiflab.motifs.motif import Motif

EVIL = '<img src=x onerror="alert(1)">&'
RNG = np.random.default_rng(0)
PPM = RNG.dirichlet(np.full(4, 0.3), 6)
GHOST = Motif.from_probabilities(np.eye(4)[[2, 0, 3, 0]], "GATA")
Q = np.array([0.3, 0.2, 0.2, 0.3])


def parsed(html: str) -> ET.Element:
    root = ET.fromstring(f"<div>{html}</div>".replace(' xmlns="http://www.w3.org/2000/svg"', ""))
    ids = {element.get("id") for element in root.iter()}
    for use in root.iter("use"):
        assert use.get("href")[1:] in ids
    return root


def hero(ghost=None, offset=0, motif=None, name="Nothing yet", **changes) -> ET.Element:
    motif = motif or Motif.from_probabilities(PPM, "filter")
    card = FilterCard(2, 0.81, motif, 40, **changes)
    return parsed(hero_html(card, name, ghost, offset, "h", Q))


def placed(root: ET.Element) -> dict[tuple[int, str], tuple[float, float, float, float]]:
    """Return left, top, width and height of each letter of the filter, by column and base."""
    own = [use for use in root.iter("use") if use.get("style")]
    numbers = [[float(n) for n in re.findall(r"-?[\d.]+", use.get("style"))] for use in own]
    lefts = sorted({row[0] for row in numbers})
    return {
        (lefts.index(row[0]), use.get("href")[-1]): tuple(row) for use, row in zip(own, numbers)
    }


def test_the_large_logo_has_every_letter_as_high_as_its_information():
    letters = placed(hero())
    assert len(letters) == 6 * 4
    bits = PPM * (PPM * np.log2(PPM / Q)).sum(axis=1, keepdims=True)
    most = -np.log2(Q.min())
    full = 190 - 8 - 20  # pixels between the ends of the axis
    for (k, base), (_, top, width, height) in letters.items():
        expected = bits[k, "ACGT".index(base)] / most * full
        assert height == pytest.approx(expected, abs=0.06) and width > 10
        # Below it stand the letters that are smaller.
        below = sum(b / most * full for b in bits[k] if b < bits[k, "ACGT".index(base)] - 1e-12)
        assert top == pytest.approx(170 - below - expected, abs=0.1)


def test_the_elements_of_the_large_logo_stay_from_one_moment_to_the_next():
    def kinds(root):
        return [element.tag for element in root.iter() if element.tag != "use"], len(placed(root))

    other = Motif.from_probabilities(np.full((6, 4), 0.25), "flat")
    assert kinds(hero()) == kinds(hero(motif=other))
    uses = [use.get("href") for use in hero().iter("use") if use.get("style")]
    assert uses == [use.get("href") for use in hero(motif=other).iter("use") if use.get("style")]


@pytest.mark.parametrize(("offset", "shown"), [(1, "GATA"), (-2, "GATA"), (-3, "ATA"), (6, "GA")])
def test_the_motif_behind_lies_where_it_agrees_and_ends_near_the_filter(offset, shown):
    root = hero(GHOST, offset)
    columns = sorted({x for x, *_ in placed(root).values()})
    step = columns[1] - columns[0]
    group = next(g for g in root.iter("g") if g.get("opacity"))
    inner = group.find("g")
    first = max(offset, -2)
    letters = sorted(drawn_letters(inner))
    left = letters[0].left - 0.04 * step  # without the gap beside each letter
    assert left == pytest.approx(columns[0] + first * step, abs=0.2)
    assert "".join(letter.base for letter in letters) == shown
    assert "pale behind it GATA, GATA" in " ".join(root.itertext())


def test_a_name_is_written_as_text_and_a_silent_filter_says_why():
    root = hero(name=EVIL)
    assert EVIL in " ".join(root.itertext())
    card = FilterCard(0, 0.5, None, note="It never fires.")
    assert "It never fires." in " ".join(parsed(hero_html(card, "None", None, 0, "h")).itertext())


def test_small_logos_keep_their_places_and_shine_by_strength():
    motif = Motif.from_probabilities(PPM, "filter")
    cards = [(3, 0.95, motif), (0, 0.5, motif), (2, 0.6, None), (1, 0.7, motif)]
    buttons = parsed(thumbnails_html(cards, 1)).findall(".//button")
    assert [button.get("data-choose") for button in buttons] == ["0", "1", "2", "3"]
    assert [button.get("aria-checked") for button in buttons] == ["false", "true", "false", "false"]
    assert [button.get("tabindex") for button in buttons] == ["-1", "0", "-1", "-1"]
    bright = [float(button.find("svg").get("opacity")) for button in buttons]
    assert bright == [0.3, 0.65, 0.47, 1.0]
    assert buttons[2].get("aria-label") == "Filter 3, AUROC 0.60, silent"
    assert buttons[1].get("aria-label") == f"Filter 2, AUROC 0.70, {motif.iupac()}"
    assert not list(buttons[2].iter("path")) and drawn_letters(buttons[1])


def points(path: str) -> list[list[float]]:
    return [[float(n) for n in part.split()] for part in re.split("[ML]", path)[1:]]


def test_the_loss_lies_under_the_slider_at_its_record():
    losses = [0.7, 0.6, 0.2]
    root = parsed(loss_strip_html(losses, 8, 1, {2: "later", 1: EVIL}))
    marks, all_of_it, so_far = (path.get("d") for path in root.iter("path"))
    expected = [[12.5 * i, 100 - 100 * loss / 0.8] for i, loss in enumerate(losses)]
    np.testing.assert_allclose(points(all_of_it), expected, atol=0.06)
    np.testing.assert_allclose(points(so_far), expected[:2], atol=0.06)
    assert re.findall(r"M([\d.]+) ", marks) == ["25.00", "12.50"]
    said = "".join(root.itertext())
    assert "Loss 0.60 nats" in said and EVIL in said and "later" not in said


def test_the_held_out_loss_is_dashed_where_it_is_known():
    root = parsed(loss_strip_html([0.7, 0.6, 0.2], 8, 2, held_out={2: 0.4, 0: 1.6}))
    held_out = list(root.iter("path"))[-1]
    np.testing.assert_allclose(points(held_out.get("d")), [[0, 0], [25, 75]], atol=0.06)
    assert held_out.get("stroke-dasharray")
    assert "Loss 0.20, held out 0.40" in "".join(root.itertext())
    earlier = parsed(loss_strip_html([0.7, 0.6, 0.2], 8, 1, held_out={2: 0.4, 0: 1.6}))
    assert "held out" not in "".join(earlier.itertext())


def test_a_loss_above_the_usual_axis_stays_on_the_picture():
    path = list(parsed(loss_strip_html([3.0, 1.0], 1, 1)).iter("path"))[1].get("d")
    assert points(path)[0] == [0, 0]


def test_before_any_loss_the_strip_says_so():
    assert "none yet" in " ".join(parsed(loss_strip_html([], 1, 0)).itertext())


def corners(path: str) -> list[tuple[float, float]]:
    """Return the corners of a path of steps, upright ones first."""
    x, y = map(float, re.match(r"M(\S+) ([^V]+)", path).groups())
    found = [(x, y)]
    for down, across in re.findall(r"V([^H]+)H([^V]+)", path):
        found += [(found[-1][0], float(down)), (float(across), float(down))]
    return found


def test_the_area_under_the_drawn_steps_is_the_average_precision():
    labels = RNG.integers(0, 2, 400)
    scores = labels + RNG.normal(0, 1, 400)
    noise = RNG.random(400)
    curve, past = precision_recall(labels, scores), precision_recall(labels, noise)
    root = parsed(precision_recall_html(curve, None, [past], "p"))
    paths = [path.get("d") for path in root.iter("path")]
    grid, axes, old, level, best, model = paths
    assert best == ""
    left, high, wide = map(float, re.search(r"M(\S+) ([\d.]+)h(\d+)$", level).groups())
    zero = float(re.search(rf"M{left:g} ([\d.]+)H", axes)[1])
    one = 2 * float(re.match(r"M\S+ ([\d.]+)h", grid)[1]) - zero
    assert high == pytest.approx(zero - labels.mean() * (zero - one), abs=0.06)
    for path, drawn in ((model, scores), (old, noise)):
        x, y = np.array(corners(path)).T
        recall, precision = (x - left) / wide, (zero - y) / (zero - one)
        assert recall[[0, -1]].tolist() == [0, 1]
        area = average_precision_score(labels, drawn)
        assert np.trapezoid(precision, recall) == pytest.approx(area, abs=0.003)
    words = " ".join(root.itertext())
    assert f"AUPRC {average_precision_score(labels, scores):.2f}" in words
    assert f"random {labels.mean():.2f}" in words and "best " not in words


def test_older_curves_are_paler_and_without_a_curve_there_are_axes():
    curve = precision_recall([1, 0, 1, 0], [4, 3, 2, 1])
    root = parsed(precision_recall_html(curve, curve, [curve] * 3, "p"))
    assert [float(path.get("opacity")) for path in root.iter("path") if path.get("opacity")] == [
        pytest.approx(pale) for pale in (0.25, 0.35, 0.45)
    ]
    empty = parsed(precision_recall_html(None, None, (), "p"))
    assert "recall" in " ".join(empty.itertext()) and "model" not in " ".join(empty.itertext())
    assert [path.get("d") for path in empty.iter("path")][2:] == ["", "", ""]

"""The grid of filters and its table."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from drawn import drawn_letters

from motiflab.figures.filter_gallery import FilterCard, gallery_html, gallery_table, name_text
from motiflab.interpretation.filter_names import FilterName
from motiflab.motifs import jaspar, similarity
from motiflab.motifs.motif import Motif
from motiflab.motifs.naming import Candidate

EVIL = '<img src=x onerror="alert(1)">&'
TRUTH = Motif.from_probabilities(np.eye(4)[[2, 0, 3, 0, 0]], "GATA1")  # GATAA


def filter_motif(width=8, offset=2, reverse=False):
    """A flat filter with the planted motif at `offset`."""
    ppm = np.full((width, 4), 0.25)
    truth = TRUTH.reverse_complement() if reverse else TRUTH
    for j, row in enumerate(truth.probabilities()):
        if 0 <= j + offset < width:
            ppm[j + offset] = row
    return Motif.from_probabilities(ppm, "filter")


def name(*ids, as_good=1):
    """A name of motifs that are each 0.25 nats behind the last."""
    found = [
        Candidate(jaspar.load(id_), 7.5 - i / 4, 0, "+") if isinstance(id_, str) else id_
        for i, id_ in enumerate(ids)
    ]
    return FilterName(found[0], found[1] if len(found) > 1 else None, tuple(found[:as_good]))


NAMED = name("MA0482.3", "MA0036.4")  # GATA4, then GATA2


def card(index=0, strength=0.9, **changes):
    known = FilterCard(index, strength, filter_motif(), 40, NAMED, 2e-9)
    learned = {"truth_similarity": 0.95} if "truth" in changes else {}
    return replace(known, **learned | changes)


def parsed(html):
    # Without the name space, so that elements of HTML and of SVG are found by their names alone.
    root = ET.fromstring(html.replace(' xmlns="http://www.w3.org/2000/svg"', ""))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        used = [element.get("href", "#")[1:], *element.get("aria-labelledby", "").split()]
        assert {name for name in used if name} <= set(ids)
    return root


def words(element):
    return " ".join(" ".join(element.itertext()).split())


def columns(group, frame=0.0):
    """Columns that the letters under an SVG group stand in, in pixels from the left."""
    return sorted({round(frame + letter.left, 1) for letter in drawn_letters(group)})


def test_cards_stand_strongest_first_and_those_without_a_motif_last():
    cards = [card(0, 0.6), card(1, 0.9), card(2, 0.99, motif=None, note="silent"), card(3, 0.7)]
    figures = parsed(gallery_html(cards)).findall("figure")
    assert [figure.find("header/b").text for figure in figures] == [
        "Filter 2",
        "Filter 4",
        "Filter 1",
        "Filter 3",
    ]
    rows = parsed(gallery_table(cards)).findall("table/tbody/tr")
    assert [row.find("th").text for row in rows] == ["2", "4", "1", "3"]


def test_a_card_says_what_is_known():
    text = words(parsed(gallery_html([card(2, 0.981, truth=TRUTH, truth_similarity=0.954)])))
    for known in (
        "Filter 3 AUROC 0.98",
        "similar to GATA1 (+) 0.95",
        "GATA4 MA0482.3 E = 2e-09",
        "40 windows",
    ):
        assert known in text


def test_what_is_not_known_is_not_shown():
    text = words(parsed(gallery_html([FilterCard(0, 0.5, filter_motif(), 12)])))
    for unknown in ("MA0", "similar", "E =", "nan"):
        assert unknown not in text
    assert "nothing yet" in text


def test_what_is_not_learned_is_not_drawn_but_has_its_place():
    learned, not_yet = (
        gallery_html([card(truth=TRUTH, truth_similarity=value)]) for value in (0.9, math.nan)
    )
    size = re.compile(r'role="img"[^>]*viewBox="([^"]*)"|viewBox="([^"]*)"[^>]*role="img"')
    assert size.search(learned).group() == size.search(not_yet).group()
    assert "GATA1" not in words(parsed(not_yet))
    assert parsed(learned).findall("figure/svg/use") and not parsed(not_yet).findall(
        "figure/svg/use"
    )
    table = parsed(gallery_table([card(truth=TRUTH, truth_similarity=math.nan)]))
    assert "GATA1" not in words(table) and "nan" not in words(table)


def test_the_family_stands_where_several_are_as_good():
    gata = ("MA0482.3", "MA0036.4", "MA0037.5")  # GATA4, GATA2, Gata3
    for as_good, text in ((1, ""), (2, "C4-GATA-related (2 as good)")):
        assert card(name=name(*gata, as_good=as_good)).family == text
    assert "C4-GATA-related (3 as good)" in words(
        parsed(gallery_html([card(name=name(*gata, as_good=3))]))
    )
    assert card(name=name("MA0482.3", "MA0139.2", as_good=2)).family == (
        "no shared family (2 as good)"
    )
    assert card(name=None).family == ""


def test_a_collection_of_one_motif_has_no_runner_up():
    alone = card(name=name("MA0482.3"))
    row = parsed(gallery_table([alone])).find("table/tbody/tr")
    assert [cell.text for cell in row][7:11] == ["GATA4 MA0482.3", "7.50", None, None]
    assert name_text(alone.name).endswith("ratio is 7.50 nats per window.")


def test_the_sentence_says_the_margin_and_the_next():
    assert name_text(NAMED) == (
        "GATA4 (MA0482.3) explains its windows best: their log-likelihood ratio is 7.50 nats per "
        "window, 0.25 more than that of GATA2."
    )
    assert "<img" not in name_text(name(Candidate(Motif(EVIL, TRUTH.counts, EVIL), 6, 0, "+")))


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("offset", [-1, 0, 2, 5])
def test_the_planted_motif_stands_over_the_columns_that_it_agrees_with(offset, strand):
    shown = card(
        motif=filter_motif(8, offset, strand == "-"),
        truth=TRUTH,
        truth_offset=offset,
        truth_strand=strand,
    )
    root = parsed(gallery_html([shown]))
    picture = root.find("figure/svg")
    (placed,) = picture.findall("use")
    (planted,) = [g for g in root.iter("g") if g.get("id") == placed.get("href")[1:]]
    above = columns(planted.find("g"), float(placed.get("x")))
    own = columns(picture.findall("g")[-1])
    assert len(above) == 5
    assert set(own) <= set(above) and len(own) == sum(0 <= j + offset < 8 for j in range(5))

    # Letter by letter the same, where both have one.
    def letters(group, left):
        return {round(left + each.left, 1): each.base for each in drawn_letters(group)}

    top = letters(planted.find("g"), float(placed.get("x")))
    assert letters(picture.findall("g")[-1], 0.0).items() <= top.items()


def test_all_pictures_have_the_same_size_and_scale_wherever_the_planted_motif_lies():
    sizes = set()
    motif = filter_motif(16, 2)
    for offset in (-2, 0, 13):  # two of its five columns may hang over either end
        cards = [
            card(0, motif=motif, truth=TRUTH, truth_offset=offset),
            card(1, motif=motif, truth=TRUTH, truth_strand="-"),
            card(2, motif=motif),
        ]
        html = gallery_html(cards)
        sizes |= set(re.findall(r'<svg [^>]*role="img"[^>]*(viewBox="[^"]*")', html))
        sizes |= set(re.findall(r"scale\(([\d.]+) .1\)", html))
    assert len(sizes) == 2  # one view box and one width of a column


@pytest.mark.parametrize("offset", [-4, 7])
def test_a_planted_motif_that_hangs_over_more_than_usual_is_in_the_picture_too(offset):
    root = parsed(gallery_html([card(truth=TRUTH, truth_offset=offset)]))
    picture = root.find("figure/svg")
    (planted,) = [g for g in root.iter("g") if g.get("id", "").endswith("planted0+")]
    where = columns(planted.find("g"), float(picture.find("use").get("x")))
    width = float(picture.get("viewBox").split()[2])
    assert where[0] >= 14 and where[-1] + (where[1] - where[0]) <= width  # right of the axis


def test_a_filter_without_a_motif_says_why_in_a_place_of_the_same_size():
    html = gallery_html([card(0), card(1, motif=None, note="It never fires.")])
    (note,) = parsed(html).iter("p")
    assert note.text == "It never fires."
    width, height = re.search(r'viewBox="0 0 (\d+) (\d+)"', html).groups()
    assert note.get("style") == f"aspect-ratio:{width}/{height}"
    assert "It never fires." in words(
        parsed(gallery_table([card(1, motif=None, note="It never fires.")]))
    )


def test_no_filters_and_only_silent_filters_are_drawn_too():
    assert parsed(gallery_html([])).findall("figure") == []
    assert (
        len(parsed(gallery_html([card(0, motif=None), card(1, motif=None)])).findall("figure")) == 2
    )


@pytest.mark.parametrize("draw", [gallery_html, gallery_table])
def test_names_are_shown_and_never_interpreted(draw):
    truth = Motif(EVIL, TRUTH.counts)
    evil = Candidate(Motif(EVIL, TRUTH.counts, EVIL), 6.0, 0, "+")
    cards = [card(name=name(evil, evil), truth=truth), card(1, motif=None, note=EVIL)]
    root = parsed(draw(cards))
    assert words(root).count(EVIL) >= 4
    assert not list(root.iter("img"))


def test_the_table_holds_what_the_cards_hold():
    root = parsed(
        gallery_table([card(2, 0.981, truth=TRUTH, truth_strand="-", truth_similarity=0.9)])
    ).find("table")
    assert root.find("caption").text == "Filters, strongest first"
    heads = root.findall("thead/tr/th")
    assert {head.get("scope") for head in heads} == {"col"}
    row = root.find("tbody/tr")
    assert row.find("th").get("scope") == "row"
    held = dict(zip([head.text for head in heads], [cell.text for cell in row]))
    assert held == {
        "Filter": "3",
        "AUROC alone": "0.98",
        "Consensus": "NNGATAAN",
        "Bits": "10.0",
        "Windows": "40",
        "Planted motif": "GATA1 (− strand)",
        "Similarity to it": "0.90",
        "Name": "GATA4 MA0482.3",
        "LLR per window": "7.50",
        "Runner-up": "GATA2 MA0036.4",
        "Behind by": "0.25",
        "Family": None,
        "E-value": "2e-09",
    }


def test_two_galleries_share_no_id():
    parsed(f"<div>{gallery_html([card()], 'one')}{gallery_html([card()], 'two')}</div>")


def test_sixteen_logos_of_fifteen_columns_are_small():
    rng = np.random.default_rng(0)
    cards = [
        card(i, motif=Motif("f", rng.dirichlet([0.3] * 4, 15)), truth=TRUTH, truth_offset=3)
        for i in range(16)
    ]
    assert len(gallery_html(cards, "g1").encode()) < 60_000


def test_the_similarity_to_the_motif_that_names_the_filter():
    named = name(Candidate(TRUTH, 7.5, 2, "+"))
    card = FilterCard(0, 0.9, filter_motif(), name=named)
    assert card.match_similarity == similarity(filter_motif(), TRUTH).similarity > 0.9
    assert FilterCard(0, 0.9, filter_motif()).match_similarity == 0
    assert FilterCard(0, 0.9, None, name=named).match_similarity == 0

"""Pictures of probable places: sums by hand, and no information only in colour."""

from __future__ import annotations

import re

import numpy as np

from motiflab.figures import Places, places_svg, places_table

ROW = Places("one", "AACGT", np.array([[0.1, 0.1, 0.2, 0.0], [0.0, 0.6, 0.0, 0.0]]), 2, ((1, 3),))


def test_a_base_is_covered_by_all_places_that_begin_up_to_a_width_before():
    rng = np.random.default_rng(1)
    chance = rng.dirichlet(np.ones(14)).reshape(2, 7)
    row = Places("x", "A" * 9, chance, 3)
    by_hand = [
        sum(chance[s, i] for s in (0, 1) for i in range(7) if i <= base < i + 3)
        for base in range(9)
    ]
    np.testing.assert_allclose(row.covered(), by_hand)
    assert ROW.best == (1, "-", 0.6)


def test_the_shade_of_a_base_follows_its_chance():
    def bands(row):
        svg = places_svg([row], "p")
        found = re.findall(
            r'<rect x="([\d.]+)" .* width="([\d.]+)".* fill-opacity="([\d.]+)"',
            svg.replace("<", "\n<"),
        )
        unit = (590 - 16 - 82) / len(row.sequence)
        return [
            ((float(x) - 16) / unit, float(width) / unit, float(shade)) for x, width, shade in found
        ]

    by_hand = [(0, 1, 0.1), (1, 1, 0.8), (2, 1, 0.9), (3, 1, 0.2)]
    np.testing.assert_allclose(bands(ROW), by_hand, atol=0.006)
    # Bases of one shade share a rectangle.
    np.testing.assert_allclose(bands(Places("x", "AAA", np.array([[1.0, 0.0]]), 2)), [(0, 2, 1.0)])
    apart = Places("x", "AAAA", np.array([[0.5, 0.0, 0.5]]), 1)
    np.testing.assert_allclose(bands(apart), [(0, 1, 0.5), (2, 1, 0.5)])


def test_picture_and_table_say_the_place_in_words():
    svg = places_svg([ROW], "p")
    assert "one: 0.60 at 1 −." in svg and ">0.60 at 1 −<" in svg
    assert re.sub(r"<[^>]+>", "", svg).count("A") >= 2  # the letters stand there, too
    table = places_table([ROW])
    assert "<td>1 to 3</td><td>−</td><td>0.60</td><td>1 to 3</td>" in table
    assert "not known" in places_table([Places("x", "AAA", np.array([[1.0, 0.0]]), 2)])


def test_a_planted_site_is_underlined_from_its_first_to_its_last_base():
    unknown = places_svg([Places("one", ROW.sequence, ROW.chance, 2)], "p")
    assert places_svg([ROW], "p").count("stroke-width") == 1 > unknown.count("stroke-width")
    path = re.search(r'd="M([\d.]+) [\d.]+H([\d.]+)" [^>]*stroke-width', places_svg([ROW], "p"))
    unit = (590 - 16 - 82) / 5
    np.testing.assert_allclose(
        [float(x) for x in path.groups()], [16 + unit, 16 + 3 * unit], atol=0.1
    )

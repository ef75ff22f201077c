"""The headings of the groups of controls."""

from __future__ import annotations

import re

from motiflab.explorers.pooling_explorer import PoolingExplorer

FILTER = ["bias", "relu"]


def headings(explorer: PoolingExplorer) -> list[str]:
    """Return the headings that are shown."""
    found = []
    for widget in explorer.widget.children[2].children[0].children:
        words = re.search("motiflab-group'>(.*?)<", str(getattr(widget, "value", "")))
        if words and widget.layout.display != "none":
            found.append(words[1])
    return found


def test_a_heading_is_shown_as_long_as_one_of_its_controls():
    whole = ["Sequence", "Filter", "Pooling"]
    assert headings(PoolingExplorer()) == whole
    assert headings(PoolingExplorer(hidden=FILTER[1:])) == whole
    explorer = PoolingExplorer(hidden=FILTER)
    assert headings(explorer) == ["Sequence", "Pooling"]
    explorer.put_away(["kind", "window", "step", "gradient"])
    assert headings(explorer) == ["Sequence"]
    explorer.put_away([])
    assert headings(explorer) == ["Sequence", "Pooling"]

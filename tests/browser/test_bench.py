"""The part of the benchmark that drives a browser, with tiny sizes; no time is judged."""

from __future__ import annotations

import bench_browser
import bench_explorers
import bench_page
import pytest

from motiflab.explorers.motif_explorer import MotifExplorer
from motiflab.explorers.update_explorer import UpdateExplorer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium_and_lab(lab, browser):
    return bench_page.Browser(lab, browser)


def test_key_presses_are_answered_by_both_pictures(chromium_and_lab):
    details = bench_browser.slider(chromium_and_lab, presses=2).details
    for picture in ("explorer", "png"):
        assert len(details[picture]["all"]) == 7 and min(details[picture]["all"]) > 0


def test_a_pause_halts(chromium_and_lab):
    details = bench_browser.pause(chromium_and_lab, repeats=1, epochs=(4,)).details
    (run,) = details["4 epochs"]["runs"]
    assert run["said_ms"] > 0 and run["halt_ms"] >= 0 and run["steps_after"] >= 0


def test_the_bundle_is_counted_once(chromium_and_lab):
    (run,) = bench_browser.first_picture(chromium_and_lab, repeats=1).details["runs"]
    (large,) = run["large"]
    assert large > 1e6 and run["first lab"]["charts"] > 0
    assert all(0 < run[name]["megabytes"] < 1 for name in ("first lab", "further lab"))
    assert run["first lab"]["kernel"] < run["first lab"]["seconds"]


def test_a_key_press_on_an_explorer_is_timed_for_each_that_has_a_slider(chromium_and_lab):
    classes = (MotifExplorer, UpdateExplorer)
    found = bench_explorers.explorers(chromium_and_lab, presses=2, classes=classes)
    assert [len(times["all"]) for times in found.details.values()] == [2, 2]
    assert all(ms > 0 for times in found.details.values() for ms in times["all"])
    assert len(found.rows) == 2

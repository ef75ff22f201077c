"""Benchmark of every explorer: time from a key press on a control to the painted response."""

from __future__ import annotations

from collections.abc import Iterable

from bench_page import TESTS, Browser, harness
from bench_report import Row, Section, limit, spread

from motiflab.lab.motif_lab import MotifLab
from motiflab.widgets.explorer import Explorer
from motiflab.widgets.fields import declared

every = harness(TESTS / "explorers/every.py")
WARM_UP = 2
MOST = 100  # milliseconds: a response up to this time feels immediate
# In the lab the first slider that can be seen; before Start it makes another network.
CHOSEN = {MotifLab: ("filters", 17)}


def explorers(
    browser: Browser,
    presses: int = 20,
    classes: Iterable[type[Explorer]] = (*every.explorers(), MotifLab),
) -> Section:
    """Measure key press to paint of one slider of each explorer, or of a choice if it has none."""
    rows, details = [], {}
    for explorer_class in classes:
        name = explorer_class.__name__
        found = target(explorer_class)
        if found is None:
            rows.append(Row(name, "no slider or choice that changes the readout at one key"))
            continue
        field, other = found
        times = press(browser, explorer_class, field, other, presses)
        details[name] = {"control": field, **spread(times)}
        what = f"{name}, {declared(explorer_class.State)[field].label}: median"
        rows.append(limit(what, details[name]["median"], "ms", MOST, 0))
    how = (
        f"For each explorer {presses} key presses, there and back, on its first slider (or choice) "
        "that changes what is seen, until its readout, which follows its pictures, has changed and "
        "is painted; milliseconds in the page, each explorer in a notebook of its own."
    )
    return Section(rows, details, how)


def target(explorer_class: type[Explorer]) -> tuple[str, object] | None:
    """Choose a field, and the value next to its present one, that change what the readout says."""
    if explorer_class in CHOSEN:
        return CHOSEN[explorer_class]
    first = explorer_class()
    for name, field in declared(first.State).items():
        hidden = field.rare or first.controls[name].layout.display == "none"
        if hidden or field.kind not in ("slider", "choice"):
            continue
        for other in _neighbours(field, getattr(first.state, name)):
            try:
                second = explorer_class(**{name: other})
            except ValueError:
                continue
            if second.readout.html != first.readout.html:
                return name, other
    return None


def _neighbours(field, value) -> list[object]:
    if field.kind == "slider":
        found = [field.type(value + sign * field.step) for sign in (1, -1)]
        return [other for other in found if field.low <= other <= field.high]
    if sum(len(words) for words, _ in field.options) > 26:
        return []  # a menu, which opens at a key
    return [option for _, option in field.options if option != value]


def press(
    browser: Browser, explorer_class: type[Explorer], name: str, other: object, presses: int
) -> list[float]:
    """Go to the other value and back, key by key; returns milliseconds, without a warm-up."""
    field = declared(explorer_class.State)[name]
    value = getattr(explorer_class().state, name)
    imported = f"from {explorer_class.__module__} import {explorer_class.__name__}"
    times = []
    with browser.opened(f"{imported}\n{explorer_class.__name__}()") as notebook:
        notebook.run()
        page = notebook.page
        page.wait_for_selector(".motiflab-readout p")
        page.wait_for_timeout(1500)  # charts load their code
        if field.kind == "slider":
            handle = page.get_by_role("slider", name=field.label, exact=True)
            ends = ("ArrowRight", "ArrowLeft") if other > value else ("ArrowLeft", "ArrowRight")
            ways = [(handle, key) for key in ends]
        else:
            group = page.locator(".widget-radio", has_text=field.label).first
            words = {option: shown for shown, option in field.options}
            ways = [
                (group.get_by_label(words[option], exact=True).first, "Space")
                for option in (other, value)
            ]
        for number in range(presses + WARM_UP):
            place, key = ways[number % 2]
            place.focus()
            page.evaluate("all => bench.answer('keydown', all, '')", [".motiflab-readout"])
            page.keyboard.press(key)
            times.append(page.evaluate("() => bench.pending")["ms"])
            page.wait_for_timeout(80)
    return times[WARM_UP:]

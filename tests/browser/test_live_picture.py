"""A live picture becomes the new one in every detail, and keeps the elements that it can."""

from __future__ import annotations

from itertools import permutations

import pytest
from playwright.sync_api import Browser

from motiflab.widgets.live_picture import LivePicture

PICTURES = (
    '<svg width="9"><g fill="red"><rect x="1"></rect><rect x="2"></rect></g><text>A</text></svg>',
    '<svg width="9"><g><rect x="4" rx="3"></rect><path d="M0 0"></path></g><text>C</text></svg>',
    '<svg><g fill="red"><rect x="1"></rect></g><text>A<title>base</title></text></svg><p>new</p>',
    "<p>only words</p>",
    "",
)
pytestmark = pytest.mark.browser

# What a page shows after the last of some values, and whether its first element is still there.
SHOW = """async ([script, first, second]) => {
    const code = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
    const {default: widget} = await import(code);
    const here = {value: first, listeners: []};
    const model = {
        get: (name) => here[name],
        on: (name, listener) => here.listeners.push(listener),
        send: () => {},
    };
    const el = document.createElement("div");
    widget.render({model, el});
    const before = el.querySelector("rect");
    // As a note on a link that was pressed: nothing of the old picture stays.
    before?.setAttribute("data-note", "pressed");
    here.value = second;
    here.listeners.forEach((listener) => listener());
    return [el.firstChild.innerHTML, before !== null && before === el.querySelector("rect")];
}"""


@pytest.fixture(scope="module")
def show(browser: Browser):
    """Show one value after another with the script of the widget."""
    page = browser.new_page()
    yield lambda first, second: page.evaluate(SHOW, [LivePicture._esm, first, second])
    page.close()


@pytest.mark.parametrize(("first", "second"), [*permutations(range(len(PICTURES)), 2), (0, 0)])
def test_nothing_of_the_old_picture_stays_but_its_elements(show, first, second):
    first, second = PICTURES[first], PICTURES[second]
    html, kept = show(first, second)
    assert html == second
    assert kept == ("<rect" in first and "<rect" in second)

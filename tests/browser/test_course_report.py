"""The class report as a browser shows it: whole, in the light and in the dark, alone."""

from __future__ import annotations

import json

import pytest

from motiflab.course.collected import MIME
from motiflab.course.report import report
from motiflab.exercises import KEYS, exercise_set

pytestmark = pytest.mark.browser

# The longest label, number or line of text that sticks out of its picture, in pixels.
OVERHANG = """() => Math.max(...[...document.querySelectorAll('svg text')].map(text => {
    const inner = text.getBoundingClientRect(), outer = text.closest('svg').getBoundingClientRect();
    return Math.max(outer.left - inner.left, inner.right - outer.right);
}))"""
GROUND = "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
MISSING = """() => [...document.querySelectorAll('a')]
    .filter(a => !document.querySelector(a.getAttribute('href'))).length"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """A report on a class that did all exercises, each student with another mistake."""
    folder = tmp_path_factory.mktemp("class")
    for student in range(12):
        for key in KEYS:
            exercises = list(exercise_set(key))
            cells = []
            for exercise in exercises:
                slip = [mistake.name for mistake in exercise.mistakes][: student % 4]
                record = {"exercise": exercise.id, "learner": f"Learner {student}", "tries": 2}
                record |= {"state": "not yet right" if slip else "right", "mistakes": slip}
                record |= {"prediction": "<b>It grows.</b>" * 40, "answer": "word " * 300}
                output = {"output_type": "display_data", "data": {MIME: record}}
                cells.append({"cell_type": "code", "source": "", "outputs": [output]})
            path = folder / f"student-{student}" / f"{key}.ipynb"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps({"cells": cells, "metadata": {}}), encoding="utf-8")
    return report(folder)[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 800, 390])
def test_the_page_is_whole_and_alone(browser, page_file, scheme, width):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda problem: said.append(str(problem)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert said == []
    assert asked == [page_file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERHANG) < 1
    assert page.evaluate(MISSING) == 0
    dark = max(page.evaluate(GROUND)) < 60
    assert dark is (scheme == "dark")
    context.close()


def test_it_is_read_with_the_keyboard(browser, page_file):
    page = browser.new_page()
    page.goto(page_file.as_uri())
    opened = "document.activeElement.parentElement.open === true"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    assert page.evaluate(opened)
    page.close()

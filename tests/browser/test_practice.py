"""A practice notebook as a learner does it: untouched, wrong first, with help, right, and again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from reading import unfold

from motiflab.exercises import find
from motiflab.practice.answer_file import FILE
from motiflab.practice.feedback import MIME

pytestmark = pytest.mark.browser
NOTEBOOK = Path(__file__).parents[2] / "notebooks/3_practice/02_scanning.ipynb"
NUMBER, TARGET = find("scanning.windows"), find("scanning.both_copies")
ADA = "Ada L."


class Desk:
    """The learner's notebook: cells are found by the start of their text."""

    def __init__(self, notebook) -> None:
        self.notebook, self.page = notebook, notebook.page

    def place(self, begins: str) -> int:
        """Index of a cell, and its index among the code cells."""
        script = """(begins) => {
            const cells = jupyterapp.shell.currentWidget.content.widgets;
            return cells.findIndex((cell) => cell.model.sharedModel.source.startsWith(begins));
        }"""
        found = self.page.evaluate(script, begins)
        assert found >= 0, begins
        return found

    def cell(self, begins: str):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.place(begins))

    def write(self, begins: str, text: str) -> None:
        """Put a text in a cell, by keyboard."""
        self.cell(begins).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def run(self, begins: str) -> None:
        """Run a cell and wait until it has been."""
        place, cell = self.place(begins), self.cell(begins)
        before = cell.locator(".jp-InputPrompt").inner_text()
        script = """(number) => {
            jupyterapp.shell.currentWidget.content.activeCellIndex = number;
            jupyterapp.commands.execute("notebook:run-cell");
        }"""
        self.page.evaluate(script, place)
        prompt = cell.locator(".jp-InputPrompt")
        expect(prompt).not_to_have_text(before)
        expect(prompt).not_to_have_text("[*]:")

    def check(self, exercise):
        """Run the check of an exercise and find its output."""
        self.run(f'practice.check("{exercise.id}"')
        return self.cell(f'practice.check("{exercise.id}"')


@pytest.fixture(scope="module")
def desk(opened, lab):
    (lab.root / FILE).unlink(missing_ok=True)
    with opened(NOTEBOOK, height=1400) as notebook:
        yield Desk(notebook)
    (lab.root / FILE).unlink(missing_ok=True)


def test_untouched_it_runs_whole_and_keeps_nothing(desk, lab):
    desk.notebook.run()
    verdicts = desk.page.locator(".motiflab-verdict")
    expect(verdicts).to_have_count(6)
    for text in verdicts.all_inner_texts():
        assert "Not attempted." in text
    assert not (lab.root / FILE).exists()


def test_wrong_first_the_slip_is_named(desk):
    desk.write("practice = Practice", f'practice = Practice("{ADA}")')
    desk.run("practice = Practice")
    given = NUMBER.given(ADA)
    task = 'given = practice.task("scanning.windows")'
    desk.run(task)
    expect(desk.cell(task)).to_contain_text(f"L = {given.L} bases")
    desk.write("windows = ", f"windows = {NUMBER.right(given) - 1}")
    desk.run("windows = ")
    expect(desk.check(NUMBER)).to_contain_text("Not yet right. This is the number of steps")


def test_hints_are_opened_with_the_keyboard(desk):
    cell = desk.check(NUMBER)
    cell.get_by_role("button", name="Show hint 1 of").focus()
    desk.page.keyboard.press("Enter")
    expect(cell).to_contain_text("Hint 1 of")
    expect(cell).to_contain_text("1 try, 1 hint, solution not opened")
    expect(cell.get_by_role("alert")).to_contain_text(NUMBER.hint(0, NUMBER.given(ADA))[:30])
    button = cell.get_by_role("button", name="Show hint 2 of")
    expect(button).to_be_focused()
    desk.notebook.screenshot("practice")


def test_right_is_right_and_the_solution_can_be_compared(desk):
    desk.write("windows = ", f"windows = {NUMBER.right(NUMBER.given(ADA))}")
    desk.run("windows = ")
    cell = desk.check(NUMBER)
    expect(cell).to_contain_text("Right.")
    expect(cell).to_contain_text("2 tries, 1 hint, solution not opened")
    cell.get_by_role("button", name="Compare with the solution").press("Space")
    expect(cell).to_contain_text("Solution.")
    expect(cell).to_contain_text("solution not opened")


def test_the_explorer_opens_after_the_prediction_and_its_scene_is_the_answer(desk):
    given = TARGET.given(ADA)
    opening = 'practice.explorer("scanning.both_copies"'
    desk.run('given = practice.task("scanning.both_copies")')
    desk.run(opening)
    expect(desk.cell(opening)).to_contain_text("First your prediction")
    expect(desk.cell(opening).locator(".motiflab-card")).to_have_count(0)
    desk.write("both_copies_prediction = ", 'both_copies_prediction = "one *or* none"')
    desk.run("both_copies_prediction = ")
    desk.run(opening)
    expect(desk.cell(opening)).to_contain_text("You expect: one *or* none")
    card = desk.cell(opening).locator(".motiflab-card")
    scene = TARGET.scene(given, TARGET.right(given))
    unfold(card, "Share")
    line = card.get_by_label("Scene")
    line.fill(scene)
    line.press("Enter")
    stride = TARGET.right(given)["stride"]
    expect(card.locator(".motiflab-readout")).to_contain_text(f"/{stride}⌋ + 1 = ")
    desk.write('both_copies = ""', f'both_copies = "{line.input_value()}"')
    desk.run("both_copies = ")
    expect(desk.check(TARGET)).to_contain_text("Right. The target is reached.")


def test_it_is_all_there_after_a_restart(desk, lab):
    kept = json.loads((lab.root / FILE).read_text())["learners"]["ada l."]
    assert kept["scanning.windows"]["tries"] == 2 and kept["scanning.windows"]["hints"] == 1
    assert kept["scanning.both_copies"]["prediction"] == "one *or* none"
    desk.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    desk.notebook.wait_for_kernel()
    desk.notebook.command("notebook:clear-all-cell-outputs")
    desk.notebook.run()
    cell = desk.cell('practice.check("scanning.windows"')
    expect(cell).to_contain_text("2 tries, 1 hint, solution not opened")
    expect(desk.cell("practice.progress()")).to_contain_text(f"Progress of {ADA}: 2 of")


def test_the_saved_notebook_holds_what_a_report_needs(desk, lab):
    desk.notebook.command("docmanager:save")
    (path,) = lab.root.glob(desk.page.url.rpartition("/")[2].partition("?")[0])
    outputs = [o for c in json.loads(path.read_text())["cells"] for o in c.get("outputs", [])]
    done = [o["data"][MIME] for o in outputs if MIME in o.get("data", {})]
    assert {r["exercise"]: r["state"] for r in done}["scanning.windows"] == "right"
    assert {r["learner"] for r in done} == {ADA}
    assert {r["exercise"]: r["hints"] for r in done}["scanning.windows"] == 1

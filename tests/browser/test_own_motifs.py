"""A learner's own motifs in JupyterLab, pasted and from a file, against Biopython's reading."""

from __future__ import annotations

import io

import pytest
from Bio import motifs as biopython
from every import OWN
from playwright.sync_api import expect
from reading import undo

pytestmark = pytest.mark.browser

JASPAR = """>X1 E-box
A [ 0 1 0 9 0 0 1 0 1 0 ]
C [ 0 1 9 0 9 0 0 1 7 9 ]
G [ 9 7 0 0 0 9 0 8 1 0 ]
T [ 0 0 0 0 0 0 8 0 0 0 ]
>X2 TATA
A [ 1 7 0 8 ]
C [ 0 0 1 0 ]
G [ 0 1 0 0 ]
T [ 7 0 7 0 ]
"""
LAB = "n=1500, length=50, filters=4, width=12, epochs=6, speed='full'"
CELLS = (
    "from motiflab import MotifExplorer, MotifLab",
    "MotifExplorer()",
    f"MotifLab({LAB})",
)


def consensus(name: str) -> str:
    found = {motif.name: motif for motif in biopython.parse(io.StringIO(JASPAR), "jaspar")}
    return str(found[name].consensus)


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        for number in range(len(CELLS)):
            notebook.run(number)
        yield notebook


def card_of(notebook, number: int):
    """Return a card as it was at the start, with its box for motifs open."""
    card = notebook.page.locator(".jp-CodeCell").nth(number).locator(".motiflab-card")
    card.scroll_into_view_if_needed()
    undo(card)
    settings = card.get_by_label("More settings", exact=True)
    if settings.count():  # the lab's, where the box stands behind a tab
        settings.check()
    box = card.locator(".motiflab-paste details")
    summary = card.locator("summary", has_text="My motifs")
    expect(summary).to_be_visible()  # a key pressed on what a tab still hides is lost
    if not box.evaluate("node => node.open"):
        summary.press("Enter")
    expect(card.get_by_role("textbox", name="My motifs")).to_have_value("")
    return card


def paste(card, text: str) -> None:
    page = card.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    card.get_by_role("textbox", name="My motifs").press("ControlOrMeta+v")


def choose(card, name: str) -> None:
    field = card.get_by_label("Motif", exact=True)
    field.fill(name)
    field.press("Enter")


def test_a_pasted_text_is_read_at_once_and_its_motifs_are_chosen_by_name(notebook):
    card = card_of(notebook, 1)
    readout = card.locator(".motiflab-readout")
    paste(card, JASPAR)
    expect(card.locator(".motiflab-paste")).to_contain_text("Read 2 motifs: E-box, TATA.")
    for name in ("TATA", "E-box"):
        choose(card, name)
        expect(readout).to_contain_text(f"Its consensus is {consensus(name)}")
    notebook.screenshot("own_motif_explorer")
    notebook.theme("JupyterLab Dark")
    notebook.screenshot("own_motif_explorer_dark")
    notebook.theme("JupyterLab Light")


def test_a_file_is_read_and_one_that_is_no_text_is_refused_beside_the_box(notebook, tmp_path):
    card = card_of(notebook, 1)
    for name, content in {
        "one.meme": OWN.encode(),
        "one.zip": b"PK\3\4\0\0\0",
        "wide.txt": OWN.encode("utf-16"),
        "large.txt": b"A" * 2_100_000,
        "bad.txt": b">a\nACGT\n",
    }.items():
        (tmp_path / name).write_bytes(content)
    chooser = card.locator(".motiflab-paste input[type=file]")
    problem, readout = card.locator(".motiflab-paste .motiflab-error"), ".motiflab-readout"
    for name, said in {
        "one.zip": "one.zip is compressed or not text",
        "large.txt": "large.txt has 2.1 MB and only 2 MB can be sent from here",
        "bad.txt": "Line 2: there must be numbers, got 'ACGT'",
    }.items():
        chooser.set_input_files(tmp_path / name)
        expect(problem).to_contain_text(said)
        expect(card.locator(readout)).to_contain_text("CTCF (MA0139.2)")
    for name in ("one.meme", "wide.txt"):
        chooser.set_input_files(tmp_path / name)
        expect(card.locator(readout)).to_contain_text("E-box (#1)")
        expect(problem).to_have_count(0)
        expect(card.get_by_role("textbox", name="My motifs")).to_have_value(OWN)
        undo(card)
        expect(card.locator(readout)).to_contain_text("CTCF (MA0139.2)")


def test_the_lab_plants_a_motif_of_a_file_and_compares_filters_with_its_motifs(notebook, tmp_path):
    card = card_of(notebook, 2)
    (tmp_path / "two.jaspar").write_text(JASPAR)
    card.locator(".motiflab-paste input[type=file]").set_input_files(tmp_path / "two.jaspar")
    choose(card, "E-box")
    card.get_by_role("button", name="Start", exact=True).click()
    expect(card.locator(".motiflab-toolbar")).to_contain_text(", trained")
    readout = card.locator(".motiflab-readout")
    expect(readout).to_contain_text("planted E-box")
    card.get_by_label("Compare filters with", exact=True).select_option("my motifs")
    expect(readout).to_contain_text("E-box (X1)")
    card.get_by_label("All filters", exact=True).click()
    filters = card.locator(".motiflab-picture-filters")
    expect(filters).to_contain_text("E-box X1")
    expect(filters).not_to_contain_text("MA")
    notebook.screenshot("own_motif_lab")

"""The HTML table: text is escaped, markup goes in as it is."""

from __future__ import annotations

from xml.etree import ElementTree

from motiflab.figures.tables import Html, html_table, table_row

EVIL = "<script>alert('1')</script>&"


def test_text_is_shown_and_never_interpreted():
    html = html_table(EVIL, ["", EVIL], [[EVIL, EVIL], [1, None]])
    root = ElementTree.fromstring(html)
    assert "".join(root.itertext()) == EVIL * 4 + "1None"
    assert not list(root.iter("script"))


def test_names_of_rows_and_columns_are_heads_of_what_they_name():
    rows = ([name, *range(2)] for name in "AC")  # any iterable
    root = ElementTree.fromstring(html_table("Counts", ["base", "0", "1"], rows))
    assert root.get("class") == "motiflab-table"
    table = root.find("table")
    assert [part.tag for part in table] == ["caption", "thead", "tbody"]
    assert [(h.text, h.get("scope")) for h in table.findall("thead/tr/th")] == [
        ("base", "col"),
        ("0", "col"),
        ("1", "col"),
    ]
    assert [[cell.tag for cell in row] for row in table.findall("tbody/tr")] == [
        ["th", "td", "td"]
    ] * 2
    assert {head.get("scope") for head in table.findall("tbody/tr/th")} == {"row"}


def test_a_table_may_have_no_caption_and_no_names_of_columns():
    table = ElementTree.fromstring(html_table("", [], [["A", 1]])).find("table")
    assert [part.tag for part in table] == ["tbody"]


def test_markup_and_attributes_go_in_as_they_are():
    caption = Html("of <b>A</b>", "class='unseen'")
    root = ElementTree.fromstring(
        html_table(
            caption,
            [Html("1<br/>2", "title='a'")],
            [[Html("<i>x</i>", "class='e'")]],
            attributes="class='each'",
            around="wide",
        )
    )
    assert root.get("class") == "wide" and root.find("table").get("class") == "each"
    assert root.find("table/caption").attrib == {"class": "unseen"}
    assert root.find("table/caption/b").text == "A"
    assert root.find("table/thead/tr/th").attrib == {"scope": "col", "title": "a"}
    assert root.find("table/tbody/tr/th").attrib == {"scope": "row", "class": "e"}


def test_a_row_alone():
    assert table_row(["A & C", 2]) == "<tr><th scope='row'>A &amp; C</th><td>2</td></tr>"

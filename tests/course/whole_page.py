"""Read an HTML page that motiflab wrote, and fail on whatever does not belong in it."""

from __future__ import annotations

from html.parser import HTMLParser

# All that the page is made of. There is no way to run anything among them.
TAGS = """html head meta title style body header nav main section article h1 h2 h3 h4 p a b br div
    span ul ol li table caption thead tbody tr th td details summary figure svg desc rect path text
    dl dt dd code pre em strong math mi mn mo mtext mspace mrow mfrac msub msup msubsup mover munder
    msqrt mtable mtr mtd circle"""
VOID = {"meta", "br"}
ATTRIBUTES = """lang charset name content href id class title scope colspan style aria-label
    aria-labelledby aria-hidden tabindex role xmlns width height viewbox x y d cx cy r fill stroke
    stroke-width text-anchor open
    display accent start http-equiv stretchy mathvariant displaystyle separator"""


class Page(HTMLParser):
    """Reads a page, and fails on elements that do not belong in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.feed(html)
        self.close()
        assert self.open == []
        assert len(set(self.ids)) == len(self.ids)
        assert self.links <= {f"#{id}" for id in self.ids}

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS.split(), tag
        for name, value in attrs:
            assert name in ATTRIBUTES.split(), (tag, name)
            assert name != "href" or value.startswith("#"), value
            assert name != "style" or "url" not in value, value
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.add(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def handle_comment(self, data):
        raise AssertionError(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

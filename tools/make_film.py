"""Film a training of the lab: notebooks/images/lab.webp, or lite/first_page.webp.

    python tools/make_film.py               # the lab in JupyterLab, for the README
    python tools/make_film.py build/lite    # the edition in the browser, from the empty page on

It needs the Chromium of the browser tests.
"""

from __future__ import annotations

import io
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from open_lite import served
from PIL import Image
from playwright.sync_api import Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
from conftest import FLAGS, MOST, Lab, Notebook  # noqa: E402

FILM = ROOT / "notebooks" / "images" / "lab.webp"
FIRST_PAGE = ROOT / "lite" / "first_page.webp"
CELL = "from motiflab import MotifLab\nMotifLab(speed='slow')"
WIDTH = 1000  # pixels
LENGTH = 10_000  # milliseconds
FRAMES = 60  # at most
LAST = 1500  # milliseconds that the last frame stays


def shot(place: Page | Locator) -> Image.Image:
    """Take a picture of a page or of a part of it."""
    return Image.open(io.BytesIO(place.screenshot(animations="allow"))).convert("RGB")


def photograph(card: Locator, place: Page | Locator) -> list[Image.Image]:
    """Take a picture of the lab before Start and then as often as possible until it is trained."""
    pictures = [shot(place)]
    card.get_by_role("button", name="Start").click()
    expect(card.get_by_role("button", name="Pause")).to_be_enabled(timeout=MOST)
    while card.get_by_role("button", name="Pause").is_enabled():
        pictures.append(shot(place))
    pictures.append(shot(place))
    return pictures


def in_jupyterlab(page: Page) -> list[Image.Image]:
    """Film the card of a notebook."""
    with tempfile.TemporaryDirectory() as folder:
        server = Lab(Path(folder))
        try:
            notebook = Notebook(page, server, server.write([CELL]))
            notebook.run()
            card = page.locator(".motiflab-card")
            pictures = photograph(card, card)
            assert not notebook.errors, notebook.errors
        finally:
            server.stop()
    return pictures


def in_the_browser(page: Page, site: Path) -> list[Image.Image]:
    """Film the first page, from the moment that it is opened."""
    with served(site) as server:
        page.goto(f"{server.address}/index.html", wait_until="commit")
        pictures = [shot(page)]
        while not page.locator("body.ready").count():
            pictures.append(shot(page))
            page.wait_for_timeout(1000)
        card = page.frame_locator("#lab").locator(".motiflab-card")
        card.get_by_role("radio", name="slow").check()
        return pictures + photograph(card, page)


def assemble(pictures: list[Image.Image], path: Path) -> None:
    """Write a film of `LENGTH` from evenly spaced pictures: a training may take longer."""
    changed = [a for a, b in pairwise(pictures) if a.tobytes() != b.tobytes()]
    pictures = [*changed, pictures[-1]]
    count = min(FRAMES, len(pictures))
    chosen = [pictures[round(i * (len(pictures) - 1) / (count - 1))] for i in range(count)]
    height = round(WIDTH * chosen[0].height / chosen[0].width)
    frames = [picture.resize((WIDTH, height), Image.Resampling.LANCZOS) for picture in chosen]
    each = (LENGTH - LAST) // (count - 1)
    durations = [each] * (count - 1) + [LENGTH - each * (count - 1)]
    first, *others = frames
    first.save(
        path, save_all=True, append_images=others, duration=durations, loop=0, quality=70, method=4
    )


def main(*site: Path) -> None:
    """Train, photograph and write the film."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        size = {"width": 1200, "height": 760} if site else {"width": 1400, "height": 900}
        page = browser.new_page(viewport=size)
        pictures = in_the_browser(page, *site) if site else in_jupyterlab(page)
        browser.close()
    film = FIRST_PAGE if site else FILM
    assemble(pictures, film)
    print(f"{film}: {len(pictures)} pictures, {film.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

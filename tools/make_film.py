"""Film a training of the lab in JupyterLab, for the README: notebooks/images/lab.webp.

Run it with `.venv/bin/python tools/make_film.py`. It needs the Chromium of the browser tests.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
from conftest import FLAGS, MOST, Lab, Notebook  # noqa: E402

FILM = ROOT / "notebooks" / "images" / "lab.webp"
CELL = "from motiflab import MotifLab\nMotifLab(speed='slow')"
WIDTH = 1000  # pixels
LENGTH = 10_000  # milliseconds
FRAMES = 60  # at most
LAST = 1500  # milliseconds that the last frame stays


def photograph(page) -> list[Image.Image]:
    """Take a picture of the lab before Start and then as often as possible until it is trained."""
    card = page.locator(".motiflab-card")

    def shot() -> Image.Image:
        return Image.open(io.BytesIO(card.screenshot(animations="allow"))).convert("RGB")

    pictures = [shot()]
    card.get_by_role("button", name="Start").click()
    expect(card.get_by_role("button", name="Pause")).to_be_enabled(timeout=MOST)
    while card.get_by_role("button", name="Pause").is_enabled():
        pictures.append(shot())
    pictures.append(shot())
    return pictures


def assemble(pictures: list[Image.Image], path: Path) -> None:
    """Write a film of `LENGTH` from evenly spaced pictures: a training may take longer."""
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


def main() -> None:
    """Train, photograph and write the film."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Lab(Path(folder))
        try:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            notebook = Notebook(page, server, server.write([CELL]))
            notebook.run()
            pictures = photograph(page)
            assert not notebook.errors, notebook.errors
            browser.close()
        finally:
            server.stop()
    assemble(pictures, FILM)
    print(f"{FILM}: {len(pictures)} pictures, {FILM.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

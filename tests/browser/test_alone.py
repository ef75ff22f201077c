"""`motiflab lab`: the lab alone on the screen, and its end by Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from conftest import MOST, SECOND
from playwright.sync_api import Browser, expect

from motiflab.lab import MotifLab

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends the Ctrl-C of a Unix terminal")
# What a shell starts in the background, such as all tests, ignores Ctrl-C, and hands that on.
START = """import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from motiflab.course.command import main
raise SystemExit(main())"""


def test_the_lab_stands_alone_and_ctrl_c_ends_it(tmp_path, browser: Browser):
    scene = MotifLab(n=600, motif="CTCF", length=60).scene
    homes = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "IPYTHONDIR")
    environment = os.environ | {name: str(tmp_path / name) for name in homes}
    for display in ("DISPLAY", "WAYLAND_DISPLAY"):  # else it would open a browser of its own
        environment.pop(display, None)
    temporary, work = tmp_path / "temporary", tmp_path / "work"
    temporary.mkdir()
    work.mkdir()
    environment |= {"TMPDIR": str(temporary), "OMP_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    log = tmp_path / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", START, "lab", "--scene", scene],
            cwd=work,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        for _ in range(600):
            if found := re.search(r"http://127\S+", log.read_text()):
                break
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.set_default_timeout(2 * MOST)
        outside = []
        page.on(
            "request",
            lambda asked: (
                "//127.0.0.1" in asked.url
                or not asked.url.startswith("http")
                or outside.append(asked.url)
            ),
        )
        page.goto(found[0])
        card = page.locator(".motiflab-card")
        expect(card.locator(".motiflab-readout")).to_contain_text("120 held-out", timeout=2 * MOST)
        for hidden in (".jp-InputArea", "#jp-top-panel", "#jp-menu-panel", ".jp-SideBar"):
            expect(page.locator(f"{hidden}:visible")).to_have_count(0)
        expect(page.locator(".jp-Toolbar:visible")).to_have_count(0)
        box = card.bounding_box()
        assert box["width"] > 1850 and box["height"] > 950 and box["y"] + box["height"] <= 1080
        assert card.locator(".motiflab-picture-hero").bounding_box()["height"] > 500
        card.get_by_role("button", name="Start").click()
        expect(card).to_contain_text(re.compile(r"step [1-9]\d* of"), timeout=MOST)
        page.close()
        assert outside == []
    finally:
        os.killpg(server.pid, signal.SIGINT)  # as a terminal does
        code = server.wait(2 * MOST / SECOND)
    assert code == 0, log.read_text()
    assert "The lab is closed." in log.read_text()
    assert list(temporary.glob("motiflab-*")) + list(work.iterdir()) == []

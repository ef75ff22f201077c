"""Benchmark of the edition in the browser: every notebook there and in the installed edition."""

from __future__ import annotations

import tomllib
from collections.abc import Collection

from bench_page import TESTS, Browser
from bench_report import Row, Section
from open_lite import run_all, served

ROOT = TESTS.parent
SITE = ROOT / "build/lite"
MOST = 300_000  # milliseconds that a page may take


def in_the_browser(browser: Browser, names: Collection[str] = ()) -> Section:
    """Run each notebook (or these) of the built site, there and installed, one after the other."""
    notes = tomllib.loads((ROOT / "lite/notebooks.toml").read_text("utf-8"))["installed_only"]
    rows, details, failures = [], {}, []
    files = SITE / "files"
    if not files.exists():
        raise SystemExit("There is no edition in the browser to measure: `make lite` builds it.")
    for path in sorted(files.rglob("*.ipynb")):
        name = path.relative_to(files).with_suffix("").as_posix()
        if names and name not in names:
            continue
        if name in notes:
            rows.append(Row(name, "needs the installed edition: " + notes[name].split(":**")[1]))
            continue
        with served(SITE) as server:
            context = browser.chromium.new_context(viewport={"width": 1280, "height": 800})
            page = context.new_page()
            page.set_default_timeout(MOST)
            page.goto(f"{server.address}/lab/index.html?path={name}.ipynb")
            there, cells = run_all(page)
            context.close()
            megabytes = server.sent / 1e6
        with browser.opened(path) as notebook:
            notebook.page.set_default_timeout(MOST)
            here, _ = run_all(notebook.page)
        wrong = [cell for cell in cells if cell["failed"]]
        details[name] = {"there": there, "installed": here, "megabytes": megabytes}
        failures += [{"notebook": name, "cell": cell["source"]} for cell in wrong]
        measured = (
            f"runs in {there:.0f} s, {there / here:.1f} times the {here:.1f} s of the installed "
            f"edition; {megabytes:.0f} MB"
        )
        print(f"  {name}: {measured}", flush=True)
        rows.append(Row(name, measured, "no error", not wrong))
    how = (
        "Each notebook of `make lite`, without the lines that need PyTorch, is opened with an "
        "empty cache in JupyterLite and then in JupyterLab, in the same Chromium, and all of its "
        "cells are run; seconds from the first cell to the end of the last, and all that the site "
        "sent, uncompressed."
    )
    return Section(rows, details, how, failures)

"""Open the lab alone on the screen, for a lecture: `motiflab lab`.

A separate JupyterLab opens one notebook in a temporary folder, so that no notebook of the user is
touched. An extension of a few lines runs the notebook and hides everything except the card; only
this server has it, and it is never installed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat

from motiflab.lab import MotifLab
from motiflab.widgets import from_scene

NOTEBOOK = "lab.ipynb"
EXTENSION = "motiflab-alone"

# JupyterLab gets its plugins through `get`. The style hides parts of the notebook; the panels
# around it are hidden by Lumino, which gives their space to the notebook.
_SCRIPT = """
const STYLE = `
.jp-Notebook .jp-Cell-inputWrapper, .jp-Notebook .jp-OutputPrompt, .jp-Notebook-footer,
.jp-Notebook .jp-Collapser, .jp-Notebook .jp-OutputArea-promptOverlay { display: none !important; }
.jp-Notebook.jp-Notebook, .jp-Notebook .jp-WindowedPanel-outer, .jp-Notebook .jp-Cell {
  padding: 0 !important; margin: 0 !important; }
.jp-Notebook .jp-Cell-outputWrapper { margin: 0; }
.jp-Notebook .jp-Cell, .jp-Notebook .jp-OutputArea { outline: none !important;
  border: 0 !important; box-shadow: none !important; }
.jp-Notebook .motiflab-card { margin: 0 auto; }
@media (min-height: 1000px) and (min-width: 1600px) {
  .jp-Notebook .motiflab-card.motiflab-lab { max-width: none; --hero: calc(100vh - 500px); }
}
`;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function show(app) {
    await app.restored;
    const style = document.createElement("style");
    style.textContent = STYLE;
    document.head.append(style);
    app.shell.mode = "single-document";
    app.shell.collapseLeft();
    app.shell.collapseRight();
    for (const panel of app.shell.layout.widgets) {
        if (panel.node.querySelector("#jp-main-dock-panel") === null) panel.hide();
    }
    for (const side of ["left", "right"]) {
        if (app.shell.isSideTabBarVisible(side)) app.shell.toggleSideTabBarVisibility(side);
    }
    const notebook = await app.commands.execute("docmanager:open", {
        path: "NOTEBOOK", factory: "Notebook",
    });
    notebook.toolbar.hide();
    await notebook.context.ready;
    // A kernel that is not idle yet would run nothing, silently.
    const session = notebook.sessionContext;
    while (!session.isReady || session.session?.kernel?.status !== "idle") await pause(50);
    await app.commands.execute("notebook:run-all-cells");
}

const plugin = {
    id: "motiflab-alone:plugin",
    autoStart: true,
    activate: (app) => { void show(app); },
};
window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB["motiflab-alone"] = {
    init: () => undefined,
    get: async () => () => ({__esModule: true, default: plugin}),
};
"""


def open_lab(scene: str | None = None, options: Sequence[str] = ()) -> str:
    """Open the lab alone in the browser, until Ctrl-C; return a sentence about the end.

    Parameters
    ----------
    scene : str, optional
        Initial state of the lab, as its scene line; the default lab if not given.
    options : sequence of str
        Options for JupyterLab, such as "--no-browser" or "--port=8900".

    Raises
    ------
    ValueError
        If the scene is not one of `MotifLab`, or JupyterLab ends with an error.
    """
    if scene is not None:
        from_scene(scene, "MotifLab", MotifLab.State, MotifLab.tools)
    with tempfile.TemporaryDirectory(prefix="motiflab-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *write(Path(folder), scene), *options],
            env=os.environ | {"JUPYTERLAB_WORKSPACES_DIR": str(Path(folder) / "workspaces")},
        )
        try:
            code = process.wait()
        except KeyboardInterrupt:  # the terminal sends Ctrl-C to JupyterLab, too
            code = process.wait()
    if code not in (0, -signal.SIGINT, -signal.SIGTERM):
        raise ValueError(f"JupyterLab ended with the exit code {code}.")
    return "The lab is closed."


def write(folder: Path, scene: str | None) -> list[str]:
    """Write the notebook and the extension into a folder; return JupyterLab's options for them."""
    made = "MotifLab()" if scene is None else f"MotifLab.from_scene({scene!r})"
    # Logos are saved in the folder of the command: that of the notebook is deleted.
    code = f"import os\nfrom motiflab import MotifLab\nos.chdir({os.getcwd()!r})\n{made}"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    root, extension = folder / "root", folder / "labextensions" / EXTENSION
    root.mkdir()
    nbformat.write(notebook, root / NOTEBOOK)
    (extension / "static").mkdir(parents=True)
    (extension / "static" / "alone.js").write_text(_SCRIPT.replace("NOTEBOOK", NOTEBOOK))
    build = {"load": "static/alone.js", "extension": "./extension"}
    package = {"name": EXTENSION, "version": "1.0.0", "jupyterlab": {"_build": build}}
    (extension / "package.json").write_text(json.dumps(package))
    options = [
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/doc/tree/{NOTEBOOK}",
        f"--LabServerApp.extra_labextensions_path={extension.parent}",
        f"--LabApp.extra_labextensions_path={extension.parent}",
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        "--ServerApp.answer_yes=True",
        "--KernelManager.transport_encryption=auto",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        options.append("--no-browser")
    return options

"""Run whole notebooks, each in a kernel limited to 1 GB, and print time and memory of each.

    python tools/run_notebooks.py notebooks          # every notebook in the folder, or name files

Binder gives a learner 1 to 2 GB. On Linux the kernel is held to 1 GiB of private memory by
RLIMIT_DATA, which the system enforces: past it an allocation fails as it would on a full machine.
(RLIMIT_AS would not do: torch reserves address space that it never touches.) That limit leaves
out the pages of shared libraries, so the greatest resident size is read as well and judged too.

An error counts wherever it appears: in a cell; on standard error; inside an `Output` widget, where
`interact` and `with Output():` hide it from the cell and so from most runners; and in the words
that an explorer leaves standing beside a control.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

ROOT = Path(__file__).parents[1]
GIB = 2**30
CELL_SECONDS = 300
TOLD = re.compile(r"""class=['"]motiflab-error""")
TAG = re.compile(r"<[^>]+>")
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def find(named: list[Path]) -> list[Path]:
    """Return the notebooks among `named`, and those with code in its folders, in order."""
    paths = [p for n in named for p in (_with_code(n) if n.is_dir() else [n])]
    return [path for path in paths if ".ipynb_checkpoints" not in path.parts]


def _with_code(folder: Path) -> list[Path]:
    """Omit notebooks without code, such as the glossary."""
    paths = sorted(folder.rglob("*.ipynb"))
    return [path for path in paths if '"cell_type": "code"' in path.read_text(encoding="utf-8")]


def hold_kernels(limit: int = GIB) -> None:
    """Limit this process, and every kernel that it starts from now on, to `limit` bytes each."""
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def problems(outputs: list[dict[str, Any]], where: str) -> list[str]:
    """Return one line for each error or standard-error text among `outputs`."""
    found = []
    for output in outputs:
        if output["output_type"] == "error":
            found.append(ANSI.sub("", "\n".join([f"{where}:", *output["traceback"]])))
        elif output["output_type"] == "stream" and output["name"] == "stderr":
            found.append(f"{where}: on standard error: {output['text'].strip()}")
    return found


def told(states: list[dict[str, Any]]) -> list[str]:
    """Return error messages of explorers, from the states of widgets."""
    texts = [value for state in states for value in state.values() if isinstance(value, str)]
    shown = [TAG.sub(" ", text).strip() for text in texts if TOLD.search(text)]
    return [f"an explorer says: {text}" for text in shown]


def memory(pid: int) -> tuple[int, int] | None:
    """Return a process's resident memory in MiB, now and at most; None where there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    kib = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+)", status.read_text()))
    return int(kib["VmRSS"]) // 1024, int(kib["VmHWM"]) // 1024


@dataclass(frozen=True)
class Run:
    """What running one notebook came to: its problems, and the kernel's memory in MiB."""

    problems: list[str]
    seconds: float
    at_end: int | None
    at_most: int | None

    def __str__(self) -> str:
        used = f"{self.at_end} MiB at the end, {self.at_most} at most" if self.at_end else "unknown"
        return f"{self.seconds:.1f} s; memory {used}"


def run(path: Path) -> Run:
    """Run one notebook whole in a kernel of its own; the file itself is left as it is."""
    notebook = nbformat.read(path, as_version=4)
    used: list[tuple[int, int] | None] = []
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        # The widgets' state is where hidden errors are; kept in memory, never written to the file.
        store_widget_state=True,
        on_cell_executed=lambda **_: used.append(memory(client.km.provisioner.pid)),
        resources={"metadata": {"path": str(path.parent)}},
        # Without this every kernel of ipykernel 7.4 warns that its messages can be overheard.
        config=Config(KernelManager={"transport_encryption": "auto"}),
    )
    found = []
    start = time.monotonic()
    try:
        client.execute()
    except CellExecutionError:
        pass  # the cell's outputs hold it, as below
    except (CellTimeoutError, DeadKernelError) as error:
        found.append(f"{type(error).__name__}: {error}")
    seconds = time.monotonic() - start
    for number, cell in enumerate(notebook.cells, 1):
        found += problems(cell.get("outputs", []), f"cell {number}")
    for state in client.widget_state.values():
        found += problems(state.get("outputs", []), "hidden in an Output widget")
    found += told(list(client.widget_state.values()))
    at_end, at_most = (used and used[-1]) or (None, None)
    if at_most and at_most * 2**20 > GIB:
        found.append(f"the kernel's memory reached {at_most} MiB, which is over {GIB // 2**20}")
    return Run(found, seconds, at_end, at_most)


def main() -> int:
    """Run what the command line names; return how many notebooks failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, help="notebooks, or folders of notebooks")
    named = parser.parse_args().paths
    paths = find(named)
    if not paths:
        parser.error(f"no notebook in {', '.join(map(str, named))}")
    if sys.platform == "linux":
        hold_kernels()
    else:
        print("The kernel's memory can be held to 1 GB on Linux only; here it is not.")
    failed = 0
    for path in paths:
        result = run(path)
        failed += bool(result.problems)
        verdict = "FAILED" if result.problems else "ok"
        print(f"{verdict} {path}: {result}", *result.problems, sep="\n    ", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())

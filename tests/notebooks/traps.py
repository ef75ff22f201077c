"""Cells with faults that a runner of notebooks must see; the first has none."""

from __future__ import annotations

TRAPS = {
    "fine": ["x = 1", "x"],
    "raises": ["1 / 0"],
    "hidden_by_interact": [
        "import ipywidgets",
        "def inverse(x): return 1 / x",
        "ipywidgets.interact(inverse, x=(0, 0))",
    ],
    "hidden_by_output": ["import ipywidgets", "with ipywidgets.Output(): 1 / 0"],
    "said_by_an_explorer": [
        "from motiflab import MotifExplorer",
        "explorer = MotifExplorer()",
        "next(iter(explorer.controls.values())).value = 'no such motif'",
    ],
    "warns": ["import warnings", "warnings.warn('old')"],
    "dies": ["import os", "os._exit(3)"],
    "array_of_1.2_GB": ["import numpy", "x = numpy.ones(150_000_000)"],
    "tensor_of_1.2_GB": ["import torch", "x = torch.ones(300_000_000)"],
    "objects_of_1.2_GB": ["x = [bytes([i % 9]) * 1_000_000 for i in range(1200)]"],
    "shared_1.2_GB": [
        "import mmap",
        "m = mmap.mmap(-1, 1_200_000_000)",
        "for _ in range(1200): m.write(bytes(1_000_000))",
    ],
}

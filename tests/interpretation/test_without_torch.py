"""What networks of one layer need works where torch is not installed, as in the browser."""

from __future__ import annotations

import subprocess
import sys

import pytest


def without_torch(code: str) -> None:
    """Run lines of Python in a process of its own, where importing torch fails."""
    blocked = "import sys\nsys.modules['torch'] = None\nsys.modules['captum'] = None\n" + code
    done = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


MAPS = """
import numpy as np
from motiflab import interpretation, networks, sequences
from motiflab.networks import ModelSettings

x = sequences.one_hot("ACGTTGCAACGATAAGCC")
references = interpretation.uniform_reference(18)
for pooling in ("max", "average", "logsumexp"):
    network = networks.untrained(ModelSettings(2, 5, pooling=pooling), 18, seed=1)
    for method in interpretation.attribution.METHODS:
        if method != "DeepLIFT":
            interpretation.contributions(method, network, x, references)
    interpretation.output_change(network, x, references)
    interpretation.contribution_maps(network, x.T[None])
    interpretation.design_sequence(network, "ACGTTGCAACGATAAGCC", 1)
network = networks.untrained(ModelSettings(2, 5), 18, seed=1)
by_hand = interpretation.saliency_by_hand(network, x)
assert np.allclose(by_hand, interpretation.saliency.saliency(network, x))
assert interpretation.winning_windows(network, x)
"""

CARDS = """
from motiflab import AttributionExplorer, SaliencyExplorer, SeqletsExplorer, SequenceDesignExplorer

saliency = SaliencyExplorer()
for network in ("relu", "trained"):
    saliency.set(network=network, method="mutagenesis", position=20, base="C")
card = AttributionExplorer()
for method in ("mutagenesis", "integrated gradients"):
    card.set(method=method)
SeqletsExplorer()
SequenceDesignExplorer(network="one")
"""


LABS = """
import asyncio
from motiflab import GrammarLab, MotifLab, ProfileExplorer

assert "This needs the package torch" in GrammarLab().readout.html
lab = MotifLab(epochs=1)
option = next(value for _, value in lab.controls["layers"].options if str(value) == "2")
lab.controls["layers"].value = option
assert "This needs the package torch" in lab.controls["layers"].description
assert asyncio.run(MotifLab(epochs=1).run()).index
card = ProfileExplorer()
asyncio.run(card.run())
assert "This needs the package torch" in card._progress.widget.value
"""


@pytest.mark.parametrize("code", [MAPS, CARDS, LABS], ids=["maps", "cards", "labs"])
def test_one_layer_needs_no_torch(code):
    without_torch(code)

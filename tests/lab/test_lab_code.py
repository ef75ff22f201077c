"""The script of a training: it runs without motiflab, and ends where the lab ends."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from motiflab import MotifLab
from motiflab.lab.lab_code import save_data, script
from motiflab.lab.lab_data import prepare
from motiflab.lab.lab_state import LabState
from motiflab.lab.training_session import Session
from motiflab.networks import logits

SMALL = {"n": 1200, "length": 60, "epochs": 2, "filters": 6, "motif": "CTCF"}
DEEP = {"layers": 2, "window": 4, "second_filters": 5, "second_width": 3}
KINDS = {
    "default": {},
    "average-exp": {"pooling": "average", "activation": "exponential"},
    "logsumexp-none": {"pooling": "logsumexp", "activation": "none", "both_strands": False},
    "windows": {"window": 9, "initialisation": "he"},
    "deep": {**DEEP, "second_dilation": 2},
    "one-strand-deep": {**DEEP, "both_strands": False, "weight_decay": 0.3},
    "decay-dropout": {"weight_decay": 0.5, "dropout": 0.4, "initialisation": "large"},
    "geometry": {"padding": 5, "stride": 2, "dilation": 2, "initialisation": "negative"},
    "fasta": {"source": "fasta", "window": 3, "width": 7},
    "fasta-deep": {"source": "fasta", **DEEP, "dropout": 0.2, "padding": 3},
    "fasta-average": {"source": "fasta", "pooling": "average", "width": 7},
    "ctcf": {"source": "ctcf", "width": 19, "seed": 3},
    "zeros": {"initialisation": "zeros", "pooling": "logsumexp", "activation": "none"},
}
WITHOUT = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "motiflab":
            raise ImportError("no motiflab here")

sys.meta_path.insert(0, Refuse())
import runpy
runpy.run_path("net.py")
"""


def run(folder):
    """Run net.py where motiflab cannot be imported; give its losses and the AUPRC."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    losses = [float(x) for x in re.findall(r"epoch \d+: loss (\S+) nats", done.stdout)]
    found = re.search(r"held-out loss (\S+) nats, AUPRC (\S+)", done.stdout)
    return losses, float(found[1]), float(found[2])


@pytest.fixture
def fasta(tmp_path):
    """Sequences of unequal lengths, one of them with ambiguity codes."""
    rng, lines = np.random.default_rng(8), []
    for i in range(300):
        s = "".join(rng.choice(list("ACGT"), 24 + rng.integers(0, 50)))
        at = rng.integers(0, len(s) - 10)
        lines += [f">s{i}", s[:at] + "TGACTCAGCA" + s[at + 10 :]]
    lines[1] = "NNRY" + lines[1]
    path = tmp_path / "peaks.fa"
    path.write_text("\n".join(lines))
    return str(path)


@pytest.mark.parametrize("kind", KINDS)
def test_the_script_ends_where_the_lab_ends(kind, tmp_path, fasta):
    state = LabState(**{**SMALL, "fasta": fasta, **KINDS[kind]})
    data = prepare(state)
    session = Session(state, data)
    while session.advance():
        pass
    words = script(state.model(), state.training(), data, "net.npz")
    (tmp_path / "net.py").write_text(words)
    save_data(data, tmp_path / "net.npz")
    assert "motiflab" not in words and max(map(len, words.splitlines())) <= 100
    losses, held_out, auprc = run(tmp_path)
    assert len(losses) == state.epochs
    scores = logits(session.at(-1), data.test)
    assert auprc == pytest.approx(average_precision_score(data.test.labels, scores), abs=0.01)
    session.precision_recall(len(session.records) - 1)
    assert held_out == pytest.approx(session.held_out[len(session.records) - 1], rel=0.01)
    mean = np.average(
        [record.loss for record in session.records[1:]],
        weights=np.diff([record.step for record in session.records]),
    )
    assert np.mean(losses) == pytest.approx(mean, rel=0.01)


def test_it_holds_only_what_the_settings_need(fasta):
    state = LabState(**SMALL)
    data = prepare(state)
    plain = script(state.model(), state.training(), data, "net.npz")
    for word in ("AdamW", "keep", "second", "lengths", "padding", "inside", "exp()"):
        assert word not in plain
    other = LabState(**{**SMALL, "source": "fasta", "fasta": fasta, "dropout": 0.5})
    words = script(other.model(), other.training(), prepare(other), "net.npz")
    assert "SHARES[ord('R')] = [0.5, 0.0, 0.5, 0.0]" in words
    assert "lengths" in words and "keep" in words


def test_the_lab_saves_the_script_and_its_data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lab = MotifLab(**SMALL)
    path = lab.save_code("net.py")
    assert path == tmp_path / "net.py" and path.read_text() == lab.code("net.npz")
    assert run(tmp_path)[2] > 0.5
    lab.step()
    lab.set(filters=3)  # applies after Reset
    assert "FILTERS, WIDTH = 6, 15" in lab.code()
    lab.reset()
    assert "FILTERS, WIDTH = 3, 15" in lab.code()
    lab.export()
    lab.export()
    assert {"motif_lab.py", "motif_lab.npz", "motif_lab_2.py", "motif_lab_2.npz"} <= {
        each.name for each in tmp_path.iterdir()
    }
    assert "motif_lab_2.py, with its data" in lab.readout.alarm
    with pytest.raises(ValueError, match="path must end in .py"):
        lab.save_code("net.txt")


def test_without_data_there_is_no_code():
    lab = MotifLab(source="fasta")
    with pytest.raises(ValueError, match="nothing to train yet"):
        lab.code()
    lab.export()
    assert "could not be saved" in lab.readout.alarm

"""The lab in JupyterLab: what the page shows against torch and scikit-learn in this process."""

from __future__ import annotations

import dataclasses
import json
import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, expect
from reading import undo
from sklearn.metrics import average_precision_score, roc_auc_score

from motiflab.lab.lab_data import prepare
from motiflab.lab.lab_state import LabState
from motiflab.networks import cnn, one_thread, training
from motiflab.sequences.encoding import random_sequences

pytestmark = pytest.mark.browser

SMALL = {"motif": "CTCF", "n": 600, "length": 40, "filters": 6, "epochs": 10}
STATE = LabState(**SMALL)
ASK = """
import json
print(json.dumps({
    "state": lab.scene, "step": lab.session.step, "index": lab.result.index,
    "total": lab.session.total, "steps": [record.step for record in lab.session.records],
    "weights": {k: v.tolist() for k, v in lab.session.records[lab.result.index].weights.items()},
}))
"""


def fasta(n: int, seed: int) -> bytes:
    texts = random_sequences(n, 40, np.full(4, 0.25), np.random.default_rng(seed))
    return "".join(f">{i} <b>of mine</b>\n{text}\n" for i, text in enumerate(texts)).encode()


class Page:
    """The lab on the page: its parts by the names that a learner sees."""

    def __init__(self, notebook, card: Locator) -> None:
        self.notebook, self.card = notebook, card
        self.readout = card.locator(".motiflab-readout")
        self.bar = card.locator(".motiflab-toolbar")
        self.filters = card.locator(".motiflab-picture-filters")
        self._asked = 1

    def press(self, name: str) -> None:
        self.card.get_by_role("button", name=name, exact=True).click()

    def says(self, words: str) -> None:
        expect(self.readout).to_contain_text(words)

    def is_(self, words: str) -> None:
        """Wait until the words beside the progress bar say so."""
        expect(self.bar).to_contain_text(re.compile(words))

    def step(self) -> int:
        return int(re.search(r"step (\d+) of", self.bar.inner_text())[1])

    def slide(self, label: str, presses: int) -> None:
        """Move a slider by its arrow keys."""
        handle = self.card.get_by_role("slider", name=label)
        for _ in range(abs(presses)):
            before = handle.get_attribute("aria-valuetext")
            handle.press("ArrowRight" if presses > 0 else "ArrowLeft")
            expect(handle).not_to_have_attribute("aria-valuetext", before)

    def type(self, label: str, words: str) -> None:
        field = self.card.get_by_label(label, exact=True)
        field.fill(words)
        field.press("Enter")

    def choose(self, label: str, words: str) -> None:
        """Choose from a list or from buttons."""
        name = self.card.page.get_by_text(label, exact=True)
        control = self.card.locator(".widget-radio, .widget-dropdown").filter(has=name)
        if control.locator("select").count():
            control.locator("select").select_option(words)
        else:
            control.get_by_label(words, exact=True).check()

    def tick(self, label: str) -> None:
        self.card.get_by_label(label).click()

    def ask(self) -> dict:
        """Return what the kernel holds; each question needs a cell of its own."""
        self._asked += 1
        self.notebook.run(self._asked)
        cell = self.notebook.page.locator(".jp-CodeCell").nth(self._asked)
        return json.loads(cell.locator(".jp-OutputArea-output pre").inner_text())


@pytest.fixture(scope="module")
def notebook(opened):
    arguments = ", ".join(f"{name}={value!r}" for name, value in SMALL.items())
    cells = [
        "from motiflab.lab.motif_lab import MotifLab",
        f"lab = MotifLab({arguments})\nlab",
    ]
    with opened(*cells, *[ASK] * 9) as notebook:
        notebook.run(0)
        notebook.run(1)
        yield notebook


@pytest.fixture(scope="module")
def page(notebook):
    return Page(notebook, notebook.page.locator(".motiflab-card"))


@pytest.fixture
def fresh(page):
    """Return the lab as it was at the start."""
    undo(page.card)
    page.press("Reset")
    page.says(sentence(STATE))
    page.is_("not trained yet")
    return page


def scores(state: LabState, data, weights=None) -> np.ndarray:
    """Return what a network says of the held-out data: untrained, or with these weights."""
    network = cnn.build(state.model(), data.length, state.seed)
    if weights:
        network.load_state_dict({k: torch.tensor(v) for k, v in weights.items()})
    lengths = torch.from_numpy(data.test.lengths)
    ragged = data.test.lengths.min() < data.length
    with torch.no_grad():
        return network(torch.from_numpy(data.test.x), lengths if ragged else None).numpy()


def sentence(state: LabState, data=None, weights=None) -> str:
    """Return what the readout should say, by scikit-learn."""
    data = data or prepare(state)
    test, logits = data.test, scores(state, data, weights)
    words = [f"AUPRC {average_precision_score(test.labels, logits):.2f}"]
    if test.optimum is not None:
        best = average_precision_score(test.labels, test.optimum)
        words.append(f"the best possible score has {best:.2f}")
    words.append(f"random calls have precision {test.labels.mean():.2f}")
    return f"On {len(test):,} held-out sequences: {'; '.join(words)}."


def trained(state: LabState, data) -> list[training.TrainingRecord]:
    """Return every step of a training in this process."""
    network = cnn.build(state.model(), data.length, state.seed)
    with one_thread():
        return list(training.train(network, data.train, state.training(), every=1))


def alone(state: LabState, data, weights, index: int) -> float:
    """Return the AUROC of one filter's best score, by torch and scikit-learn."""
    x = torch.from_numpy(data.logos.x)
    w = torch.tensor(weights["conv.weight"])[index : index + 1]
    best = [torch.nn.functional.conv1d(x, v)[:, 0].amax(1) for v in (w, w.flip(1, 2))]
    return roc_auc_score(data.logos.labels, torch.maximum(*best).numpy())


def test_start_makes_logos_change_and_pause_stops(fresh):
    untrained = fresh.filters.locator("desc").all_text_contents()
    fresh.press("Start")
    fresh.is_(r"step [1-9]\d* of 80, training")
    expect(fresh.filters.locator("desc").first).not_to_have_text(untrained[0])
    fresh.is_(r"step [2-9]\d of 80, training")
    fresh.press("Pause")
    fresh.is_("paused")
    step = fresh.step()
    fresh.notebook.page.wait_for_timeout(700)
    assert fresh.step() == step < 80
    held = fresh.ask()
    assert held["step"] == step == held["steps"][held["index"]]
    data = prepare(STATE)
    fresh.says(f"Step {step} of 80")
    fresh.says(sentence(STATE, data, held["weights"]))
    first = fresh.filters.locator("figure").first
    number = int(re.search(r"Filter (\d+)", first.inner_text())[1])
    expected = alone(STATE, data, held["weights"], number - 1)
    assert f"AUROC {expected:.2f}\n" in first.inner_text()


def test_a_slider_moved_during_training_is_answered(fresh):
    fresh.choose("Speed", "slow")
    fresh.press("Start")
    fresh.is_(r"step [1-9]\d* of 80, training")
    step = fresh.step()
    fresh.slide("Filter width", 3)
    handle = fresh.card.get_by_role("slider", name="Filter width")
    expect(handle).to_have_attribute("aria-valuenow", "18.0")
    control = fresh.card.locator(".widget-hslider", has_text="Filter width")
    expect(control).to_contain_text("From the next Reset on.")
    expect(control).to_contain_text("18")
    fresh.is_("training")
    expect(fresh.bar).not_to_contain_text(f"step {step} of")
    # A slider's last move waits in the browser until the kernel has answered the one before.
    expect(fresh.card.get_by_label("Scene")).to_have_value(re.compile("width=18"))
    held = fresh.ask()
    assert "width=18" in held["state"] and np.shape(held["weights"]["conv.weight"]) == (6, 4, 15)
    fresh.choose("Speed", "full")  # acts at once: it would be a minute
    fresh.is_("step 80 of 80, trained")
    fresh.press("Reset")
    wide = dataclasses.replace(STATE, width=18, speed="full")
    fresh.says(sentence(wide))
    expect(control).not_to_contain_text("From the next Reset on.")


def test_the_scrubber_goes_back(fresh):
    fresh.choose("Speed", "full")
    fresh.press("Start")
    fresh.is_("step 80 of 80, trained")
    data = prepare(STATE)
    records = trained(STATE, data)
    slider = fresh.card.get_by_role("slider", name="Moment")
    for key, step in (("Home", 0), ("ArrowRight", 1), ("End", 80), ("ArrowLeft", 79)):
        slider.press(key)
        fresh.says(f"Step {step} of 80")
        weights = {name: value.tolist() for name, value in records[step].weights.items()}
        fresh.says(sentence(STATE, data, weights))
        fresh.says(f"{records[step].loss:.3f} nats")
    fresh.is_("trained, looking back at step 79")
    held = fresh.ask()
    assert held["index"] == 79
    for name, value in records[79].weights.items():
        assert np.array_equal(held["weights"][name], value)


# How each control is moved, and what its field is then.
MOVES = {
    "source": (lambda p: p.choose("Learn from", "CTCF peaks"), {"source": "ctcf"}),
    "motif": (lambda p: p.type("Motif", "TBP"), {"motif": "TBP"}),
    "second": (lambda p: p.type("Second motif (or empty)", "TBP"), {"second": "TBP"}),
    "gap_min": (
        lambda p: (p.type("Second motif (or empty)", "TBP"), p.slide("Shortest gap", -2)),
        {"second": "TBP", "gap_min": 0},
    ),
    "gap_max": (
        lambda p: (p.type("Second motif (or empty)", "TBP"), p.slide("Longest gap", 3)),
        {"second": "TBP", "gap_max": 11},
    ),
    "contrast": (
        lambda p: (
            p.type("Second motif (or empty)", "TBP"),
            p.choose("Planted in the negatives", "both motifs, other gaps"),
        ),
        {"second": "TBP", "contrast": "gaps"},
    ),
    "other_min": (
        lambda p: (
            p.type("Second motif (or empty)", "TBP"),
            p.choose("Planted in the negatives", "both motifs, other gaps"),
            p.slide("Their shortest gap", -3),
        ),
        {"second": "TBP", "contrast": "gaps", "other_min": 15},
    ),
    "other_max": (
        lambda p: (
            p.type("Second motif (or empty)", "TBP"),
            p.choose("Planted in the negatives", "both motifs, other gaps"),
            p.slide("Their longest gap", 2),
        ),
        {"second": "TBP", "contrast": "gaps", "other_max": 22},
    ),
    "planted_strands": (lambda p: p.tick("Plant on both strands"), {"planted_strands": False}),
    "negatives": (
        lambda p: (
            p.choose("Learn from", "CTCF peaks"),
            p.choose("Negatives", "random bases of the same composition"),
        ),
        {"source": "ctcf", "negatives": "composition"},
    ),
    "n": (lambda p: p.type("Sequences", "800"), {"n": 800}),
    "length": (lambda p: p.slide("Length in bases", -4), {"length": 36}),
    "ratio": (lambda p: p.slide("Negatives for each positive", 2), {"ratio": 3}),
    "gc": (lambda p: p.slide("GC of the background", -3), {"gc": 0.35}),
    "seed": (lambda p: p.type("Seed", "7"), {"seed": 7}),
    "filters": (lambda p: p.slide("Filters", -4), {"filters": 2}),
    "width": (lambda p: p.slide("Filter width", -5), {"width": 10}),
    "stride": (lambda p: p.slide("Stride", 2), {"stride": 3}),
    "padding": (lambda p: p.slide("Padding", 9), {"padding": 9}),
    "dilation": (lambda p: p.slide("Dilation", 1), {"dilation": 2}),
    "activation": (lambda p: p.choose("Activation", "exp"), {"activation": "exponential"}),
    "pooling": (lambda p: p.choose("Pooling", "average"), {"pooling": "average"}),
    "window": (lambda p: p.slide("Pooling window", 6), {"window": 6}),
    "layers": (lambda p: p.choose("Convolutional layers", "2"), {"layers": 2}),
    "second_filters": (
        lambda p: (p.choose("Convolutional layers", "2"), p.slide("Filters of layer 2", -9)),
        {"layers": 2, "second_filters": 7},
    ),
    "second_width": (
        lambda p: (p.choose("Convolutional layers", "2"), p.slide("Width of layer 2", 4)),
        {"layers": 2, "second_width": 9},
    ),
    "second_dilation": (
        lambda p: (p.choose("Convolutional layers", "2"), p.slide("Dilation of layer 2", 1)),
        {"layers": 2, "second_dilation": 2},
    ),
    "both_strands": (lambda p: p.tick("Read both strands"), {"both_strands": False}),
}


@pytest.mark.parametrize("field", MOVES)
def test_each_control_of_data_and_network_gives_the_areas_of_scikit_learn(fresh, field):
    move, changes = MOVES[field]
    move(fresh)
    state = dataclasses.replace(STATE, **changes)
    fresh.says(sentence(state))
    steps = -(-len(prepare(state).train) // 64) * 10
    fresh.is_(f"step 0 of {steps}, not trained yet")


def test_the_controls_of_training_give_the_losses_of_torch(fresh):
    fresh.type("Learning rate", "0.05")
    fresh.type("Batch", "100")
    fresh.type("Epochs", "3")
    state = dataclasses.replace(STATE, learning_rate=0.05, batch=100, epochs=3)
    records = trained(state, prepare(state))
    fresh.is_("step 0 of 15, not trained yet")
    for record in records[1:3]:
        fresh.press("Step")
        fresh.says(f"Step {record.step} of 15")
        fresh.says(f"{record.loss:.3f} nats")
    fresh.choose("Speed", "full")
    fresh.press("Start")
    fresh.is_("step 15 of 15, trained")
    fresh.says(f"{records[-1].loss:.3f} nats")


def test_logos_from_weights_have_the_consensus_of_the_weights(fresh):
    fresh.tick("Show everything as text and tables, too")
    fresh.choose("Logos from", "weights")
    fresh.says("show the shape only")
    network = cnn.build(STATE.model(), 40, STATE.seed)
    weights = network.conv.weight.detach().numpy()
    rows = fresh.card.locator("table", has_text="Filters, strongest first").locator("tbody tr")
    expect(rows).to_have_count(6)
    codes = {"A": "AMRWDHV", "C": "CMYSBHV", "G": "GRSKBDV", "T": "TYWKBDH"}
    for row in rows.all():
        number = int(row.locator("th").inner_text())
        consensus = row.locator("td").nth(1).inner_text()
        for letter, column in zip(consensus, weights[number - 1].T, strict=True):
            assert letter == "N" or letter in codes["ACGT"[column.argmax()]]


def test_tables_hold_the_areas_of_scikit_learn(fresh):
    fresh.tick("Show everything as text and tables, too")
    data = prepare(STATE)
    roc = roc_auc_score(data.test.labels, scores(STATE, data))
    expect(fresh.card.locator(".motiflab-picture-tables")).to_contain_text(f"AUROC {roc:.2f};")


def test_a_path_typed_is_read(fresh, tmp_path):
    (tmp_path / "mine.fa").write_bytes(fasta(60, 1))
    (tmp_path / "no.fa").write_bytes(fasta(40, 2))
    fresh.choose("Learn from", "my FASTA")
    fresh.says("Choose a FASTA file")
    for name in ("Start", "Pause", "Step"):
        expect(fresh.card.get_by_role("button", name=name, exact=True)).to_be_disabled()
    fresh.type("FASTA file", str(tmp_path / "mine.fa"))
    state = dataclasses.replace(STATE, source="fasta", fasta=str(tmp_path / "mine.fa"))
    fresh.says(sentence(state))
    fresh.choose("Negatives", "my own FASTA")
    fresh.type("FASTA file of negatives", str(tmp_path / "no.fa"))
    own = {"negatives": "own", "negatives_fasta": str(tmp_path / "no.fa")}
    fresh.says(sentence(dataclasses.replace(state, **own)))
    # Names are shown, never interpreted.
    assert fresh.card.locator("svg", has_text="<b>of mine</b>").count() == 1


def test_a_file_too_large_is_refused_in_words_and_a_small_one_is_read(fresh, tmp_path):
    large, small = tmp_path / "large.fa", tmp_path / "small.fa"
    large.write_bytes(b">a\n" + b"ACGT" * 1_300_000)
    small.write_bytes(fasta(60, 1) + b"\n" * 4_900_000)  # as large as can be, and soon read
    fresh.choose("Learn from", "my FASTA")
    chooser = fresh.card.locator(".motiflab-upload input[type=file]")
    chooser.set_input_files(large)
    alert = fresh.card.locator(".motiflab-upload [role=alert]")
    expect(alert).to_have_text(
        "large.fa has 5.2 MB and only 5 MB can be sent from here: type its path instead."
    )
    received = fresh.notebook.received
    chooser.set_input_files(small)
    expect(alert).to_have_text("")
    state = dataclasses.replace(STATE, source="fasta", fasta="small.fa")
    fresh.says(sentence(state, prepare(state, {"small.fa": small.read_bytes()})))
    assert fresh.card.get_by_label("FASTA file", exact=True).input_value() == "small.fa"
    assert fresh.notebook.received - received < 1_000_000  # it is not sent back


def test_bad_values_are_answered_beside_their_controls(fresh):
    for label, words, answer in (
        ("Motif", "<b>GATA99</b>", "The name '<b>GATA99</b>' is not in JASPAR"),
        ("Sequences", "-3", "Sequences (n) must be a whole number from 40 to 50,000, not -3."),
        ("Learning rate", "nan", "must be a number from 1e-06 to 1, not nan."),
    ):
        fresh.type(label, words)
        control = fresh.card.locator(".widget-text", has_text=label).first
        expect(control.locator(".motiflab-error")).to_contain_text(answer)
    fresh.slide("Dilation", 2)
    control = fresh.card.locator(".widget-hslider", has_text="Filter width")
    expect(control.locator(".motiflab-error")).to_contain_text("= 43 positions, but only L+2P = 40")
    fresh.says(sentence(dataclasses.replace(STATE, dilation=2)))  # 29 bases fit


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("width", [1280, 800])
def test_the_lab_fits_either_theme_and_width(notebook, page, theme, width):
    undo(page.card)
    page.choose("Speed", "full")
    page.press("Reset")
    page.is_("step 0 of 80, not trained yet")
    page.press("Start")
    page.is_("step 80 of 80, trained")
    notebook.theme(f"JupyterLab {theme}")
    notebook.page.set_viewport_size({"width": width, "height": 1800})
    notebook.page.wait_for_timeout(500)  # the charts follow the width
    page.card.scroll_into_view_if_needed()
    box = page.card.bounding_box()
    for part in page.card.locator(".motiflab-pictures > *, .motiflab-toolbar > *").all():
        inner = part.bounding_box()
        assert inner is None or inner["x"] + inner["width"] <= box["x"] + box["width"] + 1
    wider = "e => e.scrollWidth > e.clientWidth + 1"
    assert not page.card.evaluate(wider)
    notebook.screenshot(f"motif_lab_{theme.lower()}_{width}")
    notebook.page.set_viewport_size({"width": 1280, "height": 1000})

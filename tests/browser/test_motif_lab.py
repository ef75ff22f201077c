"""The lab in JupyterLab: what the page shows against torch and scikit-learn in this process."""

from __future__ import annotations

import dataclasses
import json
import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, expect
from reading import settle, undo
from sklearn.metrics import average_precision_score, roc_auc_score

from motiflab.lab.lab_data import prepare
from motiflab.lab.lab_state import LabState
from motiflab.networks import cnn, one_thread, training
from motiflab.sequences.encoding import random_sequences
from motiflab.widgets.scene import to_scene

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
        self.hero = card.locator(".motiflab-picture-hero")
        self._asked = 1

    def open(self, tab: str) -> None:
        self.card.locator(".motiflab-stage > .widget-radio").get_by_text(tab, exact=True).click()

    def seen(self, control: Locator) -> Locator:
        """Make a control visible, as most are behind a tab."""
        control.wait_for(state="attached")
        if not control.is_visible():
            self.open("More settings")
            expect(control).to_be_visible()
        return control

    def press(self, name: str) -> None:
        self.card.get_by_role("button", name=name, exact=True).click()

    def says(self, words: str) -> None:
        expect(self.readout).to_contain_text(words)

    def has(self, state: LabState) -> None:
        """Wait until the kernel has this state: the last message of a slider may come late."""
        expect(self.card.get_by_label("Scene")).to_have_value(to_scene("MotifLab", state))

    def is_(self, words: str) -> None:
        """Wait until the words beside the progress bar say so."""
        expect(self.bar).to_contain_text(re.compile(words))

    def step(self) -> int:
        return int(re.search(r"step (\d+) of", self.bar.inner_text())[1])

    def slide(self, label: str, presses: int) -> None:
        """Move a slider by its arrow keys."""
        handle = self.card.get_by_role("slider", name=label)
        if not handle.count():
            self.open("More settings")
        for _ in range(abs(presses)):
            before = handle.get_attribute("aria-valuetext")
            handle.press("ArrowRight" if presses > 0 else "ArrowLeft")
            expect(handle).not_to_have_attribute("aria-valuetext", before)

    def type(self, label: str, words: str) -> None:
        field = self.seen(self.card.get_by_label(label, exact=True))
        field.fill(words)
        field.press("Enter")

    def choose(self, label: str, words: str) -> None:
        """Choose from a list or from buttons."""
        name = self.card.page.get_by_text(label, exact=True)
        control = self.card.locator(".widget-radio, .widget-dropdown").filter(has=name)
        self.seen(control)
        if control.locator("select").count():
            control.locator("select").select_option(words)
        else:
            # `check` would look again at a button that the answer replaces with a new one.
            control.get_by_label(words, exact=True).click()

    def tick(self, label: str) -> None:
        self.seen(self.card.get_by_label(label)).click()

    def ask(self) -> dict:
        """Return a value from the kernel; each call needs a new cell."""
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
    page.open("Stage")
    undo(page.card)
    page.press("Reset")
    settle(page.card.page)
    page.says(sentence(STATE))
    page.is_("not trained yet")
    return page


def scores(state: LabState, data, weights=None) -> np.ndarray:
    """Return a network's predictions for the held-out data: untrained, or with these weights."""
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
    untrained = fresh.hero.locator("desc").text_content()
    fresh.choose("Speed", "slow")  # a minute in all, so that it cannot end before Pause
    fresh.press("Start")
    fresh.is_(r"step [1-9]\d* of 80, training")
    expect(fresh.hero.locator("desc")).not_to_have_text(untrained)
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
    number = int(re.search(r"Filter (\d+)", fresh.hero.inner_text())[1])
    expected = alone(STATE, data, held["weights"], number - 1)
    assert f"AUROC {expected:.2f} alone" in fresh.hero.inner_text()
    fresh.open("All filters")
    card = fresh.card.locator(".motiflab-picture-filters figure", has_text=f"Filter {number}\n")
    expect(card).to_contain_text(f"AUROC {expected:.2f}")


def test_a_slider_moved_during_training_is_answered(fresh):
    fresh.choose("Speed", "slow")
    fresh.press("Start")
    fresh.is_(r"step [1-9]\d* of 80, training")
    step = fresh.step()
    fresh.slide("Filter width", 3)
    handle = fresh.card.get_by_role("slider", name="Filter width")
    expect(handle).to_have_attribute("aria-valuenow", "18.0")
    control = fresh.card.locator(".widget-hslider", has_text="Filter width")
    expect(control).to_contain_text("Applies after Reset.")
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
    expect(control).not_to_contain_text("Applies after Reset.")


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
            p.choose("Planted in the negatives", "both motifs, different gaps"),
        ),
        {"second": "TBP", "contrast": "gaps"},
    ),
    "other_min": (
        lambda p: (
            p.type("Second motif (or empty)", "TBP"),
            p.choose("Planted in the negatives", "both motifs, different gaps"),
            p.slide("Their shortest gap", -3),
        ),
        {"second": "TBP", "contrast": "gaps", "other_min": 15},
    ),
    "other_max": (
        lambda p: (
            p.type("Second motif (or empty)", "TBP"),
            p.choose("Planted in the negatives", "both motifs, different gaps"),
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
    fresh.has(state)
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
    fresh.open("Tracks")
    expect(fresh.card.locator("svg:visible", has_text="<b>of mine</b>")).to_have_count(1)


def test_a_file_too_large_is_refused_in_words_and_a_small_one_is_read(fresh, tmp_path):
    large, small = tmp_path / "large.fa", tmp_path / "small.fa"
    large.write_bytes(b">a\n" + b"ACGT" * 1_300_000)
    small.write_bytes(fasta(60, 1) + b"\n" * 4_900_000)  # as large as allowed, quick to read
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


@pytest.fixture(scope="module")
def usual(opened_as_usual):
    """Open a lab with JupyterLab's own settings, its file browser open, trained to the end."""
    cells = ["from motiflab import MotifLab", "lab = MotifLab(n=4000, speed='full')\nlab"]
    with opened_as_usual(*cells, width=1280, height=800) as notebook:
        notebook.run(0)
        notebook.run(1)
        page = Page(notebook, notebook.page.locator(".motiflab-card"))
        page.press("Start")
        page.is_(", trained")
        yield page


# Width and height of the window, and the most that the card may be high: all that the notebook
# shows below its toolbar.
SIZES = [(1280, 800, 640), (1366, 768, 640), (1920, 1080, 940)]
PARTS = [
    *(".motiflab-title", ".motiflab-goals", ".motiflab-picture-hero svg", ".motiflab-readout"),
    *(".motiflab-picture-curve svg", ".motiflab-moment svg"),
    ".motiflab-picture-thumbnails button",
]
# Letters as they are seen: those of a picture grow and shrink with it.
SMALLEST = """card => Math.min(...[...card.querySelectorAll("*")].filter(
    e => e.getClientRects().length && !e.closest("style, .motiflab-unseen")
        && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
).map(e => {
    const size = parseFloat(getComputedStyle(e).fontSize);
    const scale = e.closest("svg") ? e.getScreenCTM() : null;
    return scale ? size * Math.hypot(scale.a, scale.b) : size;
}))"""
CUT = """card => [...card.querySelectorAll("*")].filter(e => {
    const style = getComputedStyle(e);
    return style.overflow !== "visible" && style.clipPath === "none" && e.clientWidth > 2
        && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
        && !e.matches("input");
}).map(e => `${e.tagName} ${e.className}`)"""


def fit(usual, width: int, height: int) -> None:
    usual.notebook.resize(width, height)
    usual.card.evaluate("card => card.scrollIntoView({block: 'start'})")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize(("width", "height", "most"), SIZES)
def test_all_of_a_training_is_seen_on_one_screen(usual, theme, width, height, most):
    usual.open("Stage")
    usual.notebook.theme(f"JupyterLab {theme}")
    fit(usual, width, height)
    box = usual.card.bounding_box()
    assert box["height"] <= most
    parts = [usual.card.locator(part).first for part in PARTS]
    for name in ("Start", "Pause", "Reset"):
        parts.append(usual.card.get_by_role("button", name=name, exact=True))
    for label in ("Learn from", "Motif", "Sequences", "Filters", "Filter width", "Pooling"):
        parts.append(usual.card.locator(".motiflab-controls").get_by_text(label, exact=True).first)
    bottom = usual.notebook.page.locator(".jp-WindowedPanel-outer").bounding_box()
    for part in parts:
        inner = part.bounding_box()
        assert box["x"] <= inner["x"] and inner["x"] + inner["width"] <= box["x"] + box["width"] + 1
        assert bottom["y"] <= inner["y"]
        assert inner["y"] + inner["height"] <= bottom["y"] + bottom["height"]
    assert usual.card.evaluate(SMALLEST) >= 12
    assert usual.card.evaluate(CUT) == []
    usual.notebook.screenshot(f"motif_lab_{theme.lower()}_{width}")


def test_share_opens_the_scene_over_the_stage_and_the_card_stays_as_high(usual):
    usual.open("Stage")
    fit(usual, 1280, 800)
    line, share = usual.card.get_by_label("Scene"), usual.card.get_by_role("button", name="Share")
    expect(line).to_be_hidden()
    before = usual.card.bounding_box()["height"]
    share.press("Enter")
    expect(line).to_be_visible()
    assert usual.card.bounding_box()["height"] == before
    assert usual.card.evaluate(SMALLEST) >= 12
    usual.card.get_by_role("button", name="Copy").click()  # nothing lies over it
    expect(usual.card.locator(".motiflab-share [role=status]")).not_to_be_empty()
    usual.notebook.screenshot("motif_lab_share")
    share.press("Enter")
    expect(line).to_be_hidden()


def test_in_a_wide_window_the_card_is_wider_than_the_other_cards(usual):
    fit(usual, 1920, 1080)
    assert usual.card.bounding_box()["width"] > 1300


def test_on_a_large_screen_the_pictures_are_large(usual):
    def size():
        return usual.card.locator(".motiflab-picture-hero svg").bounding_box()["height"]

    usual.open("Stage")
    fit(usual, 1280, 800)
    small = size()
    fit(usual, 1920, 1080)
    assert size() > 1.7 * small


def test_on_a_narrow_page_the_picture_comes_first(usual):
    usual.open("Stage")
    fit(usual, 780, 800)
    picture = usual.card.locator(".motiflab-picture-hero svg").bounding_box()
    control = usual.card.locator(".motiflab-controls").first.bounding_box()
    assert picture["y"] + picture["height"] < control["y"]
    box = usual.card.bounding_box()
    assert picture["x"] + picture["width"] <= box["x"] + box["width"]
    assert usual.card.evaluate(SMALLEST) >= 12
    assert usual.card.evaluate(CUT) == []


@pytest.mark.parametrize("tab", ["Curves", "Tracks", "All filters", "Numbers"])
def test_what_stands_behind_a_tab_is_shown_and_the_loss_stays(usual, tab):
    fit(usual, 1280, 800)
    usual.open(tab)
    names = {"Curves": "roc", "Tracks": "tracks", "All filters": "filters"}
    shown = usual.card.locator(f".motiflab-picture-{names.get(tab, 'tables')}")
    expect(shown).to_be_visible()
    expect(usual.hero).to_be_hidden()
    slider = usual.card.get_by_role("slider", name="Moment")
    slider.press("Home")
    usual.is_("looking back at step 0")
    slider.press("End")
    usual.is_(", trained$")


def test_a_small_logo_is_chosen_by_click_and_by_key_and_keeps_the_focus(usual):
    fit(usual, 1280, 800)
    usual.open("Stage")
    logos = usual.card.get_by_role("radiogroup", name="Filter shown large").get_by_role("radio")
    expect(logos).to_have_count(16)
    places = [logo.bounding_box() for logo in logos.all()]
    logos.nth(4).click()
    expect(usual.hero).to_contain_text("Filter 5,")
    for key, number in (("ArrowRight", 6), ("ArrowLeft", 5), ("End", 16), ("Home", 1)):
        usual.notebook.page.keyboard.press(key)
        expect(usual.hero).to_contain_text(f"Filter {number},")
        expect(logos.nth(number - 1)).to_be_focused()
        expect(logos.nth(number - 1)).to_have_attribute("aria-checked", "true")
    usual.card.get_by_role("slider", name="Moment").press("Home")
    usual.is_("looking back at step 0")
    assert [logo.bounding_box() for logo in logos.all()] == places
    expect(usual.hero).to_contain_text("Filter 1,")


def test_a_click_on_the_loss_goes_to_that_moment(usual):
    fit(usual, 1280, 800)
    usual.open("Stage")
    place = usual.card.locator(".motiflab-moment .noUi-base").bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    usual.notebook.page.mouse.click(x, y)
    usual.is_("looking back at step 100$")
    # The handle glides for 0.3 s; the lab may answer sooner.
    expect(usual.card.locator(".motiflab-moment .noUi-state-tap")).to_have_count(0)
    handle = usual.card.get_by_role("slider", name="Moment").bounding_box()
    assert abs(handle["x"] + handle["width"] / 2 - x) < 3
    path = usual.card.locator(".motiflab-moment path").nth(2).get_attribute("d")
    assert 49 < float(re.findall(r"L([\d.]+) ", path)[-1]) < 51


def test_letters_move_smoothly_unless_the_reader_wants_no_motion(usual):
    letter = usual.hero.locator("use[style]").first
    still = "e => getComputedStyle(e).transitionDuration"
    assert letter.evaluate(still) == "0.3s"
    usual.notebook.page.emulate_media(reduced_motion="reduce")
    assert letter.evaluate(still) == "0s"
    usual.notebook.page.emulate_media(reduced_motion="no-preference")


def test_the_focus_stays_on_a_button_that_disables_itself(fresh):
    start = fresh.card.get_by_role("button", name="Start", exact=True)
    start.focus()
    start.press("Enter")
    expect(start).to_be_disabled()
    expect(start).to_be_focused()
    fresh.is_(", trained")
    step = fresh.step()
    start.press("Enter")  # which does nothing
    fresh.press("Reset")
    fresh.is_("not trained yet")
    expect(start).to_be_enabled()
    assert step == 80


def test_nothing_moves_when_a_choice_waits_for_the_reset(fresh):
    def places():
        # All that stands beside the stage and on it.
        parts = fresh.card.locator(".motiflab-body > .motiflab-controls > *, .motiflab-stage > *")
        return [part.bounding_box() for part in parts.all()]

    fresh.press("Step")
    fresh.is_("step 1 of 80, paused")
    before = places()
    fresh.slide("Filter width", 2)
    fresh.slide("Filters", -2)
    fresh.type("Motif", "TBP")
    fresh.type("Sequences", "800")
    fresh.choose("Pooling", "average")
    notes = fresh.card.locator(".motiflab-note", has_text="Applies after Reset.")
    expect(notes).to_have_count(5)
    fresh.choose("Speed", "full")
    fresh.press("Start")
    fresh.is_(", trained")
    assert places() == before

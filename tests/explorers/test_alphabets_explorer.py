"""The card on other alphabets: what filters read, what the control says, and how it trains."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys

import numpy as np
import pytest
from drawn import same_words_and_areas, untidy

from motiflab.datasets import count_leaks
from motiflab.explorers import alphabets_explorer
from motiflab.explorers.alphabets_explorer import ALPHABETS, AlphabetsExplorer, alphabet_trial


@pytest.fixture(scope="module")
def card():
    """A card that has trained on RNA, with true and with shuffled labels."""
    made = AlphabetsExplorer(alphabet="rna")
    made.start()
    made.set(shuffled=True)
    made.start()
    made.set(shuffled=False)
    return made


def area(card):
    """Return the last AUROC against random letters."""
    return card.result.areas["composition"][-1]


def test_a_filter_reads_the_splice_site_and_shuffled_labels_teach_nothing(card):
    assert 0.75 < area(card) < 0.85 and "CAGGUAAGU" in card.result.read.motif.consensus()
    last = card.result.read.weights
    card.set(moment=0)
    assert np.abs(card.result.read.weights).max() < np.abs(last).max() / 2
    card.set(moment=8, shuffled=True)
    assert abs(area(card) - 0.5) < 0.1
    card.set(shuffled=False)


def test_the_windows_of_the_readout_stand_in_held_out_positives(card):
    shown = re.findall("<code>(.*?)</code>", card.readout.html)
    test = alphabet_trial("rna", "composition").tests["composition"]
    positives = [text for text, y in zip(test.sequences, test.labels, strict=True) if y == 1]
    assert len(shown) == 4 and all(any(word in text for text in positives) for word in shown)


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_no_stretch_is_on_both_sides_of_a_split(alphabet):
    train, tests = alphabet_trial(alphabet, "composition")
    sides = [
        [text for text, y in zip(data.sequences, data.labels, strict=True) if y == 1]
        for data in (train, tests["composition"])
    ]
    assert all(len(side) >= 300 for side in sides)
    leaks = count_leaks(*sides, ALPHABETS[alphabet].stretch, train.alphabet)
    assert leaks == (0, 0, 0)


def test_stop_keeps_what_is_learned_and_train_goes_on(card):
    async def scenario(other) -> list[int]:
        counts = []
        other.start()
        other.stop()
        for _ in range(2):
            await other.run()
            counts.append(len(other.result.areas["composition"]))
        return counts

    other = AlphabetsExplorer(alphabet="rna")
    first, last = asyncio.run(scenario(other))
    assert 0 <= first <= last == 9 and not other.running
    assert other.result.areas == card.result.areas


def test_a_signal_is_shown_as_a_map_of_its_levels():
    other = AlphabetsExplorer(alphabet="signal")
    wide, narrow = re.findall("<svg.*?</svg>", other.figures["filter"])
    for svg in (wide, narrow):
        cells = re.findall(r'<path d="([^"]*)" fill="#', svg)
        assert sum(path.count("M") for path in cells) == 8 * ALPHABETS["signal"].width
    assert "data-letter" not in other.figures["filter"] and "press Train" in other.readout.html


@pytest.mark.parametrize("name", ALPHABETS)
def test_a_filter_fits_into_a_narrow_card(name):
    drawn = re.findall("<svg.*?</svg>", AlphabetsExplorer(alphabet=name).figures["filter"])
    assert len(drawn) == (2 if name in ("protein", "signal") else 1)
    assert untidy(drawn[-1]) == [] and same_words_and_areas(drawn[-1], drawn[0])


def test_a_card_that_is_looked_at_makes_no_data_and_loads_no_torch(monkeypatch):
    monkeypatch.setattr(alphabets_explorer, "alphabet_trial", None)
    for name in ALPHABETS:
        AlphabetsExplorer(alphabet=name)
    program = (
        "import sys; from motiflab import AlphabetsExplorer; AlphabetsExplorer(alphabet='text'); "
        "assert not {'torch', 'sklearn', 'pydoc_data.topics'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)

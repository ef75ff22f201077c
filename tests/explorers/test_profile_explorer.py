"""The card of profiles: what is written and bound, and a training that can be stopped."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import zlib

import numpy as np
import pytest

from motiflab.datasets import proteins
from motiflab.explorers import profile_explorer
from motiflab.explorers.profile_explorer import PLACE, ProfileExplorer
from motiflab.sequences import reverse_complement


@pytest.fixture
def quick(monkeypatch):
    """Fewer sequences, passes and moments, so that a training takes a second."""
    monkeypatch.setattr(profile_explorer, "SEQUENCES", 64)
    monkeypatch.setattr(profile_explorer, "EPOCHS", 2)
    monkeypatch.setattr(profile_explorer, "MOMENTS", 2)


def test_motifs_stand_where_the_card_says():
    for turned in (False, True):
        text = ProfileExplorer(distance=30, turned=turned).result.text
        a, b = (proteins()[name].motif.consensus() for name in "AB")
        assert text.index(b) == PLACE - len(b) // 2
        word = reverse_complement(a) if turned else a
        assert text.index(word) == PLACE + 30 - (len(a) - 1) // 2 - (not turned)
    alone = ProfileExplorer(b=False).result
    assert set(alone.bound) == {"A"} and alone.bound["A"] < 0.12


def test_the_towers_of_a_shrink_with_the_distance_and_turn_round_with_its_strand():
    shares = [ProfileExplorer(distance=d).result.bound["A"] for d in (12, 18, 25, 35, 45)]
    assert shares == sorted(shares, reverse=True) and shares[0] > 0.95 and shares[-1] < 0.14
    rates = [ProfileExplorer(distance=18, turned=turned).result.rates for turned in (False, True)]
    assert [int(each.argmax()) - PLACE - 18 for each in rates] == [-6, 6]


def test_scattered_reads_keep_their_number():
    kept, moved = (ProfileExplorer(kept=kept).result for kept in (True, False))
    assert kept.reads.sum() == moved.reads.sum() and np.ptp(moved.rates) == 0
    assert kept.reads.max() > 3 * moved.reads.max()


def test_a_training_shows_every_moment_and_its_weights_can_be_looked_at_again(quick):
    card = ProfileExplorer()
    assert card.result.predicted is None and "press Train" in card.readout.html
    card.start()
    assert [step for step, _ in card.result.course] == [0, 4, 8]
    last = card.result.predicted
    card.set(moment=0)
    assert not np.allclose(card.result.predicted, last)
    card.set(moment=2)
    np.testing.assert_array_equal(card.result.predicted, last)
    card.set(kept=False)
    assert card.result.predicted is None
    card.start()
    assert len(card.result.course) == 3 and not np.allclose(card.result.predicted, last)
    card.set(kept=True, depth=10.0)
    np.testing.assert_allclose(card.result.predicted, 10 * last)


def test_stop_keeps_what_is_learned_and_train_goes_on(quick):
    async def scenario(card) -> list[int]:
        counts = []
        card.start()
        card.stop()
        for _ in range(2):
            await card.run()
            counts.append(len(card.result.course))
        return counts

    card = ProfileExplorer()
    counts = asyncio.run(scenario(card))
    assert 0 <= counts[0] <= counts[1] == 3 and not card.running
    straight = ProfileExplorer()
    straight.start()
    np.testing.assert_array_equal(card.result.predicted, straight.result.predicted)


def test_a_card_that_is_looked_at_loads_no_torch():
    program = (
        "import sys; from motiflab import ProfileExplorer; ProfileExplorer(distance=40); "
        "assert 'torch' not in sys.modules and 'sklearn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_training_that_failed_is_said_and_begins_anew(quick, monkeypatch):
    made = profile_explorer.moments_of

    def broken(kept: bool):
        yield next(made(kept))
        raise ValueError("the loss became nan.")

    async def scenario(card) -> str:
        with monkeypatch.context() as patch:
            patch.setattr(profile_explorer, "moments_of", broken)
            await card.run()
        said = card._progress.widget.value
        await card.run()
        return said

    card = ProfileExplorer()
    assert "the loss became nan." in asyncio.run(scenario(card))
    assert [step for step, _ in card.result.course] == [0, 4, 8]


def test_an_older_scene_opens_and_says_what_it_meant():
    line = ProfileExplorer(distance=45, moment=9, depth=0.25).scene
    older = line.rsplit("#", 1)[0].replace("/2?", "/1?")
    card = ProfileExplorer.from_scene(f"{older}#{zlib.crc32(older.encode()):08x}")
    assert (card.state.distance, card.state.moment, card.state.depth) == (45, 9, 0.25)
    assert "An earlier motiflab" in card._scene.widget.description

"""The card of EM: each step is an E-step and an M-step, and starts end in parts of the motif."""

from __future__ import annotations

import re

import numpy as np
import pytest

from motiflab import EmExplorer
from motiflab.datasets import ctcf
from motiflab.explorers.em_explorer import ROUNDS, SEQUENCES, STARTS, climbs, sequences
from motiflab.motifs import Motif, e_step, fit_em, jaspar, m_step, similarity, site_windows


def text(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_planted_sequences_hold_one_site_each_and_peaks_are_cut_to_their_middle():
    data = sequences("planted")
    assert [site.sequence for site in data.sites] == list(range(SEQUENCES))
    peaks = sequences("ctcf")
    assert len(peaks) == SEQUENCES and {*map(len, peaks.sequences)} == {60}
    assert peaks.sequences[0] == ctcf().sequences[0][70:130]


@pytest.mark.parametrize("round", [1, 8, ROUNDS])
def test_a_round_goes_from_the_motif_before_to_the_motif_after(round):
    result = EmExplorer(round=round, word=3).result
    assert (result.before == result.run.ppms[round - 1]).all()
    found = site_windows(result.ran.data.sequences, 9).astype(float)
    places = e_step(result.before, found, result.ran.background).places
    np.testing.assert_allclose(result.places, places, atol=1e-5)
    np.testing.assert_allclose(
        result.after, m_step(places, found, result.ran.background), atol=1e-5
    )


def test_the_first_motif_is_the_word_and_the_words_differ():
    words = {EmExplorer(word=number).result.run.word for number in range(1, STARTS + 1)}
    assert len(words) == STARTS
    card = EmExplorer(word=5)
    assert Motif.from_probabilities(card.result.before).consensus() == card.result.run.word


def test_some_starts_find_the_planted_motif_and_others_a_shifted_part():
    runs = climbs("planted", 9).runs
    alike = [similarity(run.motif(60), jaspar.load("FOS::JUN")) for run in runs]
    ends = np.array([run.objective[-1] for run in runs]) / SEQUENCES
    best = ends > ends.max() - 0.01
    assert 2 <= best.sum() <= 5  # the goal of the card can be reached, and missed
    assert all(found.similarity > 0.95 for found, good in zip(alike, best) if good)
    assert ends.min() < 2.4 and (ends < ends.max() - 0.2).sum() >= 10


def test_the_table_tells_for_each_start_as_what_and_how_high_it_ends():
    rows = re.findall(r"<tr>(.*?)</tr>", EmExplorer(word=2).figures["starts"])[1:]
    shown = [re.sub(r"<[^>]+>", " ", row).split() for row in rows]
    runs = climbs("planted", 9).runs
    found = {}
    for row in shown:
        run = runs[int(row[0]) - 1]
        assert row[-3:-1] == [run.word, run.motif(SEQUENCES).iupac()]
        found[row[0]] = float(row[-1])
    assert len(found) == STARTS and [*found.values()] == sorted(found.values(), reverse=True)
    assert [row[0] for row in shown if row[1] == "◂"] == ["2"]


def test_best_is_the_start_with_the_highest_end():
    card = EmExplorer()
    card.set(word=card.result.best, round=ROUNDS)
    assert card.result.run.objective[-1] == max(run.objective[-1] for run in card.result.ran.runs)
    rows = re.findall(r"<tr>.*?</tr>", card.figures["starts"])[1:]
    assert "◂" in rows[0] and len(rows) == STARTS
    ends = [float(re.findall(r"<td>([−\d.]+)</td>", row)[-1]) for row in rows]
    assert ends == sorted(ends, reverse=True)


def test_the_words_state_both_formulas_with_their_numbers():
    card = EmExplorer(round=13, word=15)
    said, result = text(card.readout.html), card.result
    r = result.places[:, 0].max()
    assert f"r = exp(s) / Σ exp(s) = {r:.2f}" in said
    found = re.search(
        r"position (\d+): the windows hold ([\d.]+) ([ACGT]), .*? = \(([\d.]+) \+ ([\d.]+)\) / "
        r"\(60 \+ 1\) = (\d\.\d+)",
        said,
    )
    k, a = int(found[1]), "ACGT".index(found[3])
    windows = site_windows(result.ran.data.sequences, 9)
    given, other = windows[..., k, a], windows[..., 8 - k, 3 - a]
    counted = (result.places[0] * given).sum() + (result.places[1] * other).sum()
    assert float(found[2]) == pytest.approx(counted, abs=0.06)
    assert float(found[6]) == pytest.approx(result.after[k, a], abs=0.006)
    sure = (result.places.transpose(1, 0, 2).reshape(SEQUENCES, -1).max(axis=1) > 0.5).sum()
    assert f"in {sure} of 60 sequences" in said


def test_the_curve_hides_what_is_still_to_come():
    chart = EmExplorer(round=5).figures["climb"]
    drawn = [list(trace.x) for trace in chart.figure.data if len(trace.x) > 2]
    assert drawn == [list(range(6))]


def test_real_peaks_give_the_known_motif():
    ran = climbs("ctcf", 15)
    best = max(ran.runs, key=lambda run: run.objective[-1])
    assert similarity(best.motif(60), jaspar.load("CTCF")).similarity > 0.9
    again = fit_em(ran.data.sequences, 15, restarts=STARTS)[0]
    assert again.word == best.word and again.objective[-1] == pytest.approx(best.objective[-1])

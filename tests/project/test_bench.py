"""The benchmark measures what it says: its logic, with tiny sizes; no time is judged."""

from __future__ import annotations

import dataclasses
import json
import math

import bench
import bench_learning
import bench_report
import bench_speed
import numpy as np
import pytest
import torch
from nbformat import v4, write
from scipy.stats import binomtest

from motiflab.evaluation.curves import precision_recall, roc
from motiflab.lab.lab_data import prepare
from motiflab.lab.lab_state import LabState
from motiflab.lab.training_session import Session
from motiflab.networks import cnn, one_thread, training

TINY = LabState(motif="CTCF", n=400, epochs=2, filters=4)


@pytest.fixture(scope="module")
def data():
    return prepare(TINY)


def test_the_choice_of_motifs_is_random_without_repeats_and_always_the_same():
    chosen = bench_learning.picks(200)
    assert len(set(chosen)) == 200 and chosen == bench_learning.picks(200)
    assert np.mean(chosen) == pytest.approx(509, abs=80)  # four standard errors
    assert bench_learning.picks(None) == list(range(1019))


def test_the_cut_takes_the_last_record_in_time():
    seconds = [0.0, 0.4, 0.9, 1.0, 1.1]
    assert [bench_learning.index_within(seconds, most) for most in (0, 0.95, 1, 9)] == [0, 2, 3, 4]


def test_there_is_a_time_for_each_record(data):
    session = Session(TINY, data)
    clocks = bench_learning.timed(session)
    assert session.done
    assert len(clocks) == len(session.records)
    assert clocks[0] == (0, 0) and clocks == sorted(clocks)


def test_a_trial_tells_what_the_trained_network_does(data):
    found = bench_learning.trial(TINY, data)
    with one_thread():  # as in the lab
        network = training.untrained(TINY.model(), data.length, TINY.seed)
        list(training.train(network, data.train, TINY.training()))
        auprc = precision_recall(data.test.labels, training.logits(network, data.test)).area
    best = precision_recall(data.test.labels, data.test.optimum).area
    assert found["auprc"] == pytest.approx(auprc, abs=1e-4)
    assert found["gap"] == pytest.approx(best - auprc, abs=1e-4)
    assert (found["name"], found["width"], found["steps"]) == ("CTCF", 15, 10)
    assert found["any"] >= found["strongest"]


def test_a_filter_too_narrow_for_the_motif_is_a_miss():
    state = dataclasses.replace(TINY, width=4)
    assert bench_learning.trial(state, prepare(state))["any"] == -1


def test_shuffled_labels_are_those_of_training_only_and_agree(data):
    sham = bench_learning.shuffled(data, seed=3)
    assert sham.train.labels.sum() == data.train.labels.sum()
    assert abs(np.corrcoef(sham.train.labels, data.train.labels)[0, 1]) < 0.3
    dealt = dict(zip(sham.train.sequences, sham.train.labels))
    assert [dealt[s] for s in sham.logos.sequences] == sham.logos.labels.tolist()
    assert sham.test is data.test


def test_ctcf_is_ranked_among_all_vertebrates():
    state = LabState(source="ctcf", width=19, epochs=4, batch=32)
    section = bench_learning.ctcf(seeds=(1,), state=state)
    (run,), (sham,) = section.details["runs"], section.details["shuffled_labels"]
    assert run["rank"] == 1 and run["id"] == "MA0139.2" and run["first"] == "CTCF MA0139.2"
    assert sham["rank"] > 1 and sham["auroc"] < 0.9 < run["auroc"]


def test_the_bare_loop_is_the_same_training(data):
    networks = [cnn.build(TINY.model(), data.length, TINY.seed) for _ in range(2)]
    bench_speed.bare_loop(networks[0], data.train, TINY.training())
    list(training.train(networks[1], data.train, TINY.training(), engine="torch"))
    for one, other in zip(*(network.state_dict().values() for network in networks)):
        assert torch.equal(one, other)
    assert roc(data.train.labels, training.logits(networks[0], data.train)).area > 0.5


def test_the_kernels_memory_is_read(tmp_path):
    path = tmp_path / "big.ipynb"
    cells = [v4.new_code_cell("import numpy"), v4.new_code_cell("x = numpy.ones(80_000_000)")]
    write(v4.new_notebook(cells=cells), path)
    section = bench_speed.memory([path])
    (row,) = section.rows
    assert row.verdict == "NO"
    assert 640 < float(row.measured.removesuffix(" MB")) < 1000


def test_rows_compare_with_their_goals():
    rows = [
        bench_report.share("a", 19, 20, "≥ 95%"),
        bench_report.share("b", 1, 20, "≤ 0%"),
        bench_report.share("c", 1, 20),
        bench_report.limit("d", 1.06, "times", 1.05, 3),
        bench_report.limit("e", 1.04, "times", 1.05, 3),
    ]
    assert [row.verdict for row in rows] == ["yes", "NO", "", "NO", "yes"]
    assert rows[0].measured == "95.0% (19 of 20; 76.4% to 99.1%)"


@pytest.mark.parametrize(("hits", "of"), [(0, 200), (1, 3), (174, 200), (5, 5)])
def test_intervals_are_wilsons(hits, of):
    expected = binomtest(hits, of).proportion_ci(method="wilson")
    assert bench_report.interval(hits, of) == pytest.approx(expected, abs=1e-6)


def test_a_trial_tells_how_the_strongest_filter_is_named():
    state = dataclasses.replace(TINY, n=3000, epochs=4, filters=8)
    data = prepare(state)
    found = bench_learning.trial(state, data)
    assert found["named"] and found["names"] >= 1 and found["first"] == "CTCF"
    assert (found["rank_by_id"], found["rank_by_name"], found["family"]) == (1, 1, True)
    # Without CTCF's own matrix its relative is first: CTCFL, of the same family.
    assert found["family_without_it"]
    sham = bench_learning.trial(state, bench_learning.shuffled(data, 3))
    assert sham["names"] == 0 and not sham["named"]


def test_the_spread_of_ten_values():
    found = bench_report.spread(range(10, 0, -1))
    assert (found["median"], found["p90"], len(found["all"])) == (5.5, 9, 10)


def test_a_smoke_run_writes_both_files_and_keeps_other_sections(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    names = ["planted", "overhead", "engines", "agreement", "logos", "genome", "imports"]
    names += ["classroom"]
    for name in names:
        assert bench.main(["--quick", "--only", name, "--output", str(tmp_path)]) == 0
    results = json.loads((tmp_path / "bench_results.json").read_text(encoding="utf-8"))
    assert list(results) == names
    assert len(results["planted"]["details"]["trials"]) == 2
    page = (tmp_path / "bench_results.md").read_text(encoding="utf-8")
    for section in results.values():
        assert section["rows"] and section["conditions"]["quick"]
        assert all(f"| {row['what']} | {row['measured']} |" in page for row in section["rows"])
    # Both list the runs that missed, with their seeds.
    assert {f["seed"] for f in results["planted"]["failures"]} == {
        t["seed"] for t in results["planted"]["details"]["trials"] if t["gap"] > 0.02
    }
    same = [r["met"] for r in results["overhead"]["rows"] if "bit for bit" in r["what"]]
    assert same == ["yes", "yes"]
    assert "imports" in capsys.readouterr().out
    assert not any(math.isnan(t["strongest"]) for t in results["planted"]["details"]["trials"])


def test_a_smoke_run_without_a_folder_writes_nothing(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(bench_report, "write", lambda *_: pytest.fail("it wrote"))
    assert bench.main(["--quick", "--only", "imports"]) == 0

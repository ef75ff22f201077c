"""The report of an experiment: complete, escaped, and self-contained."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from importlib.metadata import version

import pytest

from motiflab.course.experiment_page import Experiment, experiment_page, write_report
from motiflab.datasets import Trial, from_peaks, hold_out, made_genome
from motiflab.interpretation import strongest_motif
from motiflab.motifs import jaspar
from motiflab.networks import ModelSettings, Rival, SweepResult, TrainSettings, matrix_network

NASTY = "<script>alert(1)</script> & \"'"


@pytest.fixture(scope="module")
def experiment(tmp_path_factory):
    """An experiment with networks that nobody trained: matrices of CEBPA and of CTCF."""
    folder = tmp_path_factory.mktemp("secret folder")
    made = made_genome(folder, seed=2)
    found = from_peaks(made.peaks, made.genome, 100, made.blacklist, seed=2)
    train, test = hold_out(found.data, ["chr1"])
    networks = [matrix_network(jaspar.load(name), "max") for name in ("CEBPA", "CTCF")]
    return Experiment(
        title=f"Peaks {NASTY}",
        files={"peaks": made.peaks, "genome": made.genome},
        settings={f"set {NASTY}": f"to {NASTY}"},
        found=found,
        trials={f"matched {NASTY}": Trial(train, {"held out": test})},
        recipes={"small": (ModelSettings(filters=7, width=9), TrainSettings(epochs=4, seed=99))},
        results=[
            SweepResult(f"matched {NASTY}", "small", seed, network, 0.5, {"held out": area}, {})
            for seed, network, area in zip((11, 12), networks, (0.8125, 0.5625))
        ],
        motifs={
            f"seed {seed} {NASTY}": strongest_motif(network, test, jaspar.collection("vertebrates"))
            for seed, network in zip((11, 12), networks)
        },
        rivals=[Rival(f"words {NASTY}", 4097, 1.0, {"held out": 0.777}, {})],
    )


@pytest.fixture(scope="module")
def page(experiment):
    return experiment_page(experiment)


def cells(page: str) -> list[list[str]]:
    """Return the text of every row of every table."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.S)
    return [
        [
            unescape(re.sub("<[^>]+>", "", cell))
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        ]
        for row in rows
    ]


def test_every_seed_rival_setting_and_dropped_peak_is_in_a_table(experiment, page):
    rows = cells(page)
    for seed, area in ((11, "0.812"), (12, "0.562")):
        assert [f"matched {NASTY}", "small", str(seed), area] in rows
    assert [f"words {NASTY}", "0.777", "4,097"] in rows
    assert [f"set {NASTY}", f"to {NASTY}"] in rows
    assert (
        ["filters", "7"] in rows and ["epochs", "4"] in rows and ["learning rate", "0.02"] in rows
    )
    assert not any("99" in row for row in rows)  # the seed of a recipe is not used
    for words, number in experiment.found.summary:
        assert [words, str(number)] in rows
    train, test = hold_out(experiment.found.data, ["chr1"])
    assert [f"matched {NASTY}", f"{len(train):,}", str(train.labels.sum()),
            f"held out: {len(test)}"] in rows  # fmt: skip
    assert "1 is chr1" in page and "median AUROC 0.688 (0.562 to 0.812, trainings: 2)" in page


def test_motifs_stand_with_their_numbers_and_pictures(experiment, page):
    rows = cells(page)
    for name, motif in experiment.motifs.items():
        (row,) = [row for row in rows if row and row[0] == name]
        assert row[1].startswith(motif.called) and row[4] == f"{motif.hits} of {motif.peaks}"
        assert float(row[7]) == pytest.approx(motif.central.p_value, rel=0.1)
        assert int(row[5]) == motif.central.near
    first, second = experiment.motifs.values()
    assert first.called == "CEBPA" and first.central.p_value < 1e-6 < second.central.p_value
    assert page.count('role="img"') == 4 and "hits lie within 25 bases of the summit" in page


def test_files_are_named_by_name_size_and_checksum_alone(experiment, page):
    for role, file in experiment.files.items():
        content = file.read_bytes()
        digits = hashlib.sha256(content).hexdigest()
        assert [role, file.name, f"{len(content):,}", digits] in cells(page)
    assert "secret folder" not in page
    for name in ("motiflab", "numpy", "torch"):
        assert [name, version(name)] in cells(page)


def test_a_package_that_is_not_installed_is_named_all_the_same(experiment, monkeypatch):
    monkeypatch.setattr("motiflab.course.experiment_page._VERSIONS", ("numpy", "torch-of-nobody"))
    assert ["torch-of-nobody", "not installed"] in cells(experiment_page(experiment))


class Reader(HTMLParser):
    """Collect tags and the addresses that they would load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.ids, self.fetched = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        named = dict(attributes)
        self.ids += [named["id"]] if "id" in named else []
        for name, value in attributes:
            if name in ("src", "href", "xlink:href") and not value.startswith("#"):
                self.fetched.append(value)


def test_the_page_runs_nothing_and_fetches_nothing(page):
    reader = Reader()
    reader.feed(page)
    assert "script" not in reader.tags and reader.fetched == []
    assert len(reader.ids) == len(set(reader.ids)) > 5
    assert "default-src 'none'" in page and "url(http" not in page and "@import" not in page
    assert page.count(NASTY) == 0 and "alert(1)" in unescape(page)


def test_it_is_written_whole_or_refused_in_one_sentence(experiment, page, tmp_path):
    path = write_report(tmp_path / "report.html", experiment)
    assert path.read_text(encoding="utf-8") == page
    with pytest.raises(ValueError, match="none cannot be read or written .No such file"):
        write_report(path, experiment._replace(files={"peaks": tmp_path / "none"}))
    with pytest.raises(ValueError, match="cannot be read or written"):
        write_report(tmp_path / "missing" / "report.html", experiment)
    with pytest.raises(ValueError, match="experiment must hold at least one result"):
        write_report(path, experiment._replace(results=[]))
    assert path.read_text(encoding="utf-8") == page


def test_a_network_without_a_name_is_reported_as_such(experiment):
    name, motif = next(iter(experiment.motifs.items()))
    nameless = experiment._replace(
        motifs={name: replace(motif, name=None, e_value=None)}, rivals=()
    )
    page = experiment_page(nameless)
    (row,) = [row for row in cells(page) if row and row[0] == name]
    assert row[1:3] == ["no known motif", ""] and "Rivals on the same data" not in page

"""Two assays compared with mavenn's tables, and the script that makes the shipped files."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile

import make_assays
import numpy as np
import pytest

from motiflab.datasets import assays, crp_energy_matrix, lac_sort_seq, splice_assay

# Rows of mavenn's tables, as they stand there (but for T in place of U).
SPLICE = {
    "GGAGTGATG": ("training", 28, 2, 0.023406441604553064),
    "AGTGTGCAA": ("test", 315, 7, -0.5879139108426135),
    "TTCGCGCCA": ("training", 193, 15, -0.07499856249045461),
    "GTGGTAACT": ("test", 26, 22, 0.939047),
}


@pytest.fixture(scope="module")
def splice():
    return splice_assay()


@pytest.fixture(scope="module")
def lac():
    return lac_sort_seq()


def test_the_splice_sites_are_those_of_mavenn(splice):
    place = {text: i for i, text in enumerate(splice.data.sequences)}
    for text, (part, total, kept, psi) in SPLICE.items():
        i = place[text]
        assert (splice.part[i], *splice.counts[i]) == (part, total, kept)
        assert splice.data.labels[i] == pytest.approx(psi, abs=1e-6)
    assert len(place) == len(splice.data) == 30483
    assert [(splice.part == name).sum() for name in assays.PARTS] == [18469, 5936, 6078]
    assert {text[3] for text in place} == {"G"} and {text[4] for text in place} == {"C", "T"}
    both = ~np.isnan(splice.replicate)
    assert both.sum() == 29593
    assert np.corrcoef(splice.replicate[both], splice.data.labels[both])[0, 1] == pytest.approx(
        0.7948582
    )


def test_the_lac_promoters_are_those_of_mavenn(lac):
    first = "AAAAAAAGTGAGTTAGCCAACTAATTAGGCACCGTACGCTTTATAGTTTTTGCTTCCGGCTCGTATGTTGTGTGG"
    assert lac.data.sequences[0] == first and lac.part[0] == "training"
    assert lac.data.labels[:3].tolist() == [1, 8, 6]
    assert lac.counts.sum(axis=0).tolist() == [
        5799, 5005, 5163, 5158, 5109, 5378, 4939, 5492, 4945, 4865,
    ]  # fmt: skip
    assert [(lac.part == name).sum() for name in assays.PARTS] == [30516, 10067, 9935]
    assert np.array_equal(lac.data.labels, lac.counts @ np.arange(10) / lac.counts.sum(axis=1))


def test_the_site_of_crp_is_where_the_notebook_reads_it(lac):
    letters = lac.data.x.argmax(axis=1)
    common = [np.bincount(column).argmax() for column in letters.T]
    cost = [crp_energy_matrix()[range(26), common[at : at + 26]].sum() for at in range(50)]
    assert int(np.argmin(cost)) == 1


def archive(path, tables, monkeypatch):
    """Write a small archive like mavenn's, whose checksums the script knows."""
    with zipfile.ZipFile(path, "w") as files:
        for name, rows in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, rows[0])
            writer.writeheader()
            writer.writerows(rows)
            content = gzip.compress(text.getvalue().encode())
            files.writestr(f"mavenn/examples/datasets/{name}_data.csv.gz", content)
            monkeypatch.setitem(make_assays.CHECKSUMS, name, hashlib.sha256(content).hexdigest())


def test_the_script_writes_what_is_read(tmp_path, monkeypatch):
    bins = {f"ct_{k}": int(k in (2, 5)) for k in range(10)}
    tables = {
        "sortseq": [{"set": "test", **bins, "x": "CAT"}, {"set": "training", **bins, "x": "CAG"}],
        "mpsa": [
            {"set": "test", "tot_ct": 99, "ex_ct": 9, "y": 0, "x": "CAGGUAAGU"},
            {"set": "validation", "tot_ct": 9, "ex_ct": 99, "y": 0, "x": "AAGGCAAGU"},
        ],
        "mpsa_replicate": [{"set": "test", "tot_ct": 9, "ex_ct": 9, "y": 0, "x": "CAGGUAAGU"}],
    }
    archive(tmp_path / "mavenn.whl", tables, monkeypatch)
    (tmp_path / "data").mkdir()
    make_assays.main(tmp_path / "mavenn.whl", tmp_path / "data")
    monkeypatch.setattr(assays, "files", lambda package: tmp_path)
    lac, splice = lac_sort_seq(), splice_assay()
    assert (lac.data.sequences, lac.part.tolist()) == (["CAG", "CAT"], ["training", "test"])
    assert lac.data.labels.tolist() == [3.5, 3.5]
    assert splice.data.sequences == ["AAGGCAAGT", "CAGGTAAGT"]
    assert (splice.data.labels - assays._PSI_100).tolist() == [1.0, -1.0]
    assert np.isnan(splice.replicate[0]) and splice.replicate[1] == 0
    make_assays.CHECKSUMS["mpsa"] = "another"
    with pytest.raises(SystemExit, match="must have the checksum another"):
        make_assays.main(tmp_path / "mavenn.whl", tmp_path / "data")

"""JASPAR: the shipped file against pyjaspar, and finding motifs in it."""

from __future__ import annotations

import contextlib
import hashlib
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyjaspar import jaspardb

from motiflab.motifs import jaspar


@pytest.fixture(scope="module")
def shipped():
    path = files("motiflab") / "data" / "jaspar2026_core.npz"
    with path.open("rb") as file, np.load(file) as data:
        return {key: data[key] for key in data}


@pytest.fixture(scope="module")
def pyjaspar():
    release = jaspardb(release="JASPAR2026")
    with contextlib.closing(release.conn):
        yield release


def test_the_file_is_that_of_pyjaspar(shipped, pyjaspar):
    rows = pyjaspar.conn.execute(
        "SELECT m.BASE_ID || '.' || m.VERSION, m.NAME, a.VAL, d.col, d.row, d.val"
        " FROM MATRIX m JOIN MATRIX_DATA d ON d.ID = m.ID"
        " LEFT JOIN MATRIX_ANNOTATION a ON a.ID = m.ID AND a.TAG = 'tax_group'"
        " WHERE m.COLLECTION = 'CORE' ORDER BY m.BASE_ID, m.VERSION, d.col, d.row"
    ).fetchall()
    ids, names, taxa, columns, bases, counts = zip(*rows, strict=True)
    assert bases[:4] == ("A", "C", "G", "T")
    assert (shipped["counts"].ravel() == np.array(counts)).all()
    per_matrix = {}
    for id_, name, taxon, column in zip(ids, names, taxa, columns, strict=True):
        per_matrix[id_] = (name, taxon, column)
    assert list(per_matrix) == shipped["ids"].tolist()
    kept = zip(*(shipped[key].tolist() for key in ("names", "taxa", "widths")), strict=True)
    assert list(per_matrix.values()) == list(kept)


def test_families_are_those_of_pyjaspar(pyjaspar):
    rows = pyjaspar.conn.execute(
        "SELECT m.BASE_ID || '.' || m.VERSION, a.VAL"
        " FROM MATRIX m JOIN MATRIX_ANNOTATION a ON a.ID = m.ID"
        " WHERE m.COLLECTION = 'CORE' AND a.TAG = 'family' ORDER BY a.rowid"
    ).fetchall()
    expected = {}
    for id_, family in rows:
        expected[id_] = (*expected.get(id_, ()), family)
    found = {entry.id: entry.families for entry in jaspar._database().entries}
    assert {id_: families for id_, families in found.items() if families} == expected
    assert all(found[id_] == jaspar.families(id_) for id_ in expected)
    newest = [found[id_] for id_ in jaspar.collection("vertebrates").ids]
    assert (newest.count(()), sum(len(families) > 1 for families in newest)) == (3, 68)
    assert jaspar.families("MA0139") == jaspar.families("mine") == ()
    assert not any(";" in family for families in expected.values() for family in families)


@pytest.mark.parametrize("id_", ["MA0139.1", "MA0139.2", "MA0099.4", "MA0001.1", "MA2135.1"])
def test_a_motif_is_that_of_pyjaspar(pyjaspar, id_):
    expected = pyjaspar.fetch_motif_by_id(id_)
    motif = jaspar.load(id_)
    assert (motif.id, motif.name) == (expected.matrix_id, expected.name)
    for column, base in enumerate("ACGT"):
        assert motif.counts[:, column].tolist() == expected.counts[base]


def test_the_file_has_not_changed(shipped):
    digest = hashlib.sha256(shipped["counts"].tobytes())
    for key in ("ids", "names", "taxa", "widths", "families"):
        digest.update("\n".join(map(str, shipped[key].tolist())).encode())
    assert digest.hexdigest() == (
        "f729d39a14a46383465c93ee35c5e40177ece14e3b940c2583fe9a1a0cab1e22"
    )
    assert len(shipped["ids"]) == 4572
    assert len(jaspar.collection("vertebrates")) == 1019
    assert len(jaspar.collection(None)) == 2633
    assert set(shipped["taxa"].tolist()) == set(jaspar.TAXA)


@pytest.mark.parametrize(
    ("wanted", "id_"),
    [
        ("CTCF", "MA0139.2"),
        (" ctcf ", "MA0139.2"),
        ("\ufeffＣＴＣＦ\u200b", "MA0139.2"),  # a byte-order mark, full width, a zero-width space
        ("СТСF", "MA0139.2"),  # three letters are Cyrillic
        ("ma 0139․1\n", "MA0139.1"),
        ("FOS ∷ JUN", "MA0099.4"),
        ("fos：：jun", "MA0099.4"),
        ("E(spl)m8–HLH", "MA2464.1"),
        ("RARA :: RXRG", "MA1149.2"),
        ("MA0139", "MA0139.2"),
        ("ma0139.1", "MA0139.1"),
        # Taxa first: there is a Max of insects and one of urochordates, spelled exactly so.
        ("Max", "MA0058.4"),
        # Then the exact spelling, then the highest version, then the lowest id.
        ("JUN", "MA0488.2"),
        ("Jun", "MA0489.3"),
        ("jun", "MA0489.3"),
        ("TFAP2A", "MA0003.5"),
        ("fos::jun", "MA0099.4"),
        ("E(spl)m8-HLH", "MA2464.1"),
    ],
)
def test_load_follows_its_rule(wanted, id_):
    assert jaspar.load(wanted).id == id_


@given(st.integers(0, 2632))
def test_every_motif_loads_by_its_id(row):
    motif = jaspar.collection(None).motifs[row]
    base, version = motif.id.split(".")
    assert jaspar.load(base).id == jaspar.load(motif.id).id == motif.id
    assert jaspar.load(motif.name).name.lower() == motif.name.lower()
    with pytest.raises(ValueError, match=f"{base}.{int(version) + 1}' is not in JASPAR"):
        jaspar.load(f"{base}.{int(version) + 1}")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("CTFC", "'CTFC' is not in JASPAR 2026 CORE; similar names are .*CTCF"),
        ("GATA", "similar names are GATA1, GATA1::TAL1"),
        ("P53", "similar names are TP53"),
        ("MA0139.7", "its versions are MA0139.1, MA0139.2"),
        ("MA9999", r"The id 'MA9999' is not in JASPAR 2026 CORE\.$"),
        ("<b>", r"The name '<b>' is not in JASPAR 2026 CORE\.$"),
        ("x" * 10_000, r"'x{40}\.\.\.' is not in"),
        ("", "got ''"),
        ("  ", "got '  '"),
        ("\u200b", "must be a JASPAR id or name"),
        ("no  such–motif", "'no  such–motif' is not in"),
        (None, "got None"),
    ],
)
def test_an_unknown_motif_offers_near_names(wanted, message):
    with pytest.raises(ValueError, match=message) as caught:
        jaspar.load(wanted)
    assert len(str(caught.value)) < 200


def test_search_ranks_names_then_ids_then_parts():
    # The exact name comes first whatever the taxon, so the CTCF of insects before CTCFL.
    ctcf = ["MA0139.2", "MA1929.2", "MA1930.2", "MA0531.2", "MA1102.3"]
    assert [e.id for e in jaspar.search("ctcf")] == ctcf
    ma = [entry.name.lower().startswith("ma") for entry in jaspar.search("ma", limit=100)]
    assert 10 < sum(ma) < 100 and all(ma[: sum(ma)])
    names = [entry.name for entry in jaspar.search("jun", limit=50, taxon="vertebrates")]
    assert names[:3] == ["JUN", "Jun", "JUN::JUNB"]
    assert names.index("JUND") < names.index("FOS::JUN")
    assert [entry.id for entry in jaspar.search("ma0139")] == ["MA0139.2"]
    assert [e.name for e in jaspar.search(" Fos ∷ Junb", taxon="vertebrates")] == ["FOS::JUNB"]
    assert jaspar.search("no such motif") == []
    assert jaspar.search("ctc", limit=0) == []
    assert len(jaspar.search("", limit=10_000)) == 2633
    taxa = [entry.taxon for entry in jaspar.search("", limit=10_000)]
    assert taxa == sorted(taxa, key=jaspar.TAXA.index)


@given(st.text(max_size=5), st.sampled_from([None, *jaspar.TAXA]), st.integers(0, 20))
def test_search_finds_only_what_holds_the_text(text, taxon, limit):
    found = jaspar.search(text, limit, taxon)
    # What is looked for has no white space and one way to write a letter, as names in JASPAR have.
    wanted = jaspar._plain(text).lower()
    assert len(found) <= limit
    for entry in found:
        assert wanted in entry.name.lower() or entry.id.lower().startswith(wanted)
        assert taxon in (None, entry.taxon)


def test_collections_are_made_once_and_name_their_motifs():
    vertebrates = jaspar.collection("vertebrates")
    assert vertebrates is jaspar.collection("vertebrates")
    assert vertebrates.names[vertebrates.ids.index("MA0139.2")] == "CTCF"
    assert list(vertebrates.ids) == sorted(vertebrates.ids)
    with pytest.raises(ValueError, match="taxon must be one of vertebrates, .*, got 'mammals'"):
        jaspar.collection("mammals")
    with pytest.raises(ValueError, match="taxon must be one of"):
        jaspar.search("ctcf", taxon="mammals")

"""A learner's own motifs against Biopython's reading of the same text, and against JASPAR."""

from __future__ import annotations

import io

import numpy as np
import pytest
from Bio import motifs as biopython
from hypothesis import given
from hypothesis import strategies as st

from motiflab.motifs import (
    Motif,
    find_motif,
    jaspar,
    own_collection,
    own_motif,
    own_summary,
    write_meme,
)
from motiflab.motifs.own_motifs import LONGEST, MOST_MOTIFS, WIDEST

JASPAR = """>MA0004.1 Arnt
A [ 4 19 0 0 0 0 ]
C [ 16 0 20 0 0 0 ]
G [ 0 1 0 20 0 20 ]
T [ 0 0 0 0 20 0 ]
>X2 CTCF
A [ 0 3 ]
C [ 8 0 ]
G [ 0 0 ]
T [ 0 5 ]
"""
HOMER = ">TAC\tTac(Zf)/K562\t6.0\n0.1 0.1 0.1 0.7\n0.97 0.01 0.01 0.01\n0 1 0 0\n"
ZEROS = ">gap\n0.5 0.5 0 0\n0 0 0 0\n0 0 0.25 0.75\n"


def test_names_ids_and_counts_are_those_of_biopython():
    theirs = biopython.parse(io.StringIO(JASPAR), "jaspar")
    own = own_collection(JASPAR)
    assert own.names == tuple(motif.name for motif in theirs)
    assert own.ids == tuple(motif.matrix_id for motif in theirs)
    for ours, motif in zip(own.motifs, theirs, strict=True):
        np.testing.assert_array_equal(ours.counts.T, [motif.counts[base] for base in "ACGT"])


def test_an_own_motif_goes_before_one_of_jaspar_of_the_same_name():
    assert find_motif("ctcf", JASPAR).width == 2
    assert find_motif("CTCF").id == find_motif("CTCF", HOMER).id == jaspar.load("CTCF").id
    assert find_motif(" x2 ", JASPAR) is own_collection(JASPAR).motifs[1]
    assert find_motif("ARNT", JASPAR) is find_motif("ma0004.1", JASPAR)
    assert own_motif("GATA2", JASPAR) is None and own_motif("GATA2", "") is None


def test_a_name_with_exactly_this_spelling_goes_first():
    text = ">MYC\n9 0 0 0\n0 9 0 0\n>myc\n0 0 9 0\n0 9 0 0\n"
    assert [own_motif(name, text).consensus() for name in ("MYC", "myc", "Myc")] == [
        "AC",
        "GC",
        "AC",
    ]


def test_probabilities_without_counts_and_columns_of_zeros_are_taken():
    (motif,) = own_collection(HOMER).motifs
    np.testing.assert_allclose(motif.probabilities()[1], [0.97, 0.01, 0.01, 0.01])
    (gap,) = own_collection(ZEROS).motifs
    np.testing.assert_allclose(gap.probabilities()[1], 0.25)
    assert gap.information()[1] == 0


def test_every_motif_can_be_named_even_if_the_text_names_none():
    four = "9 0 0 0\n0 9 0 0\n0 0 9 0\n0 0 0 9\n0 0 9 0\n"
    own = own_collection(f">\n{four}>same\n{four}>same\n{four}>#1 other\n{four}")
    assert own.names == ("motif 1", "same", "same", "other")
    assert len(set(own.ids)) == 4
    for id, motif in zip(own.ids, own.motifs, strict=True):
        assert own_motif(id, f">\n{four}>same\n{four}>same\n{four}>#1 other\n{four}") is motif
    long = own_collection(f">{'x' * 500}\n{four}")
    assert len(long.names[0]) == 60 and own_motif("#1", f">{'x' * 500}\n{four}") is long.motifs[0]


names = st.lists(st.text(st.sampled_from("aAbB#12 "), max_size=4), min_size=1, max_size=6)


@given(names, st.randoms(use_true_random=False))
def test_ids_differ_and_find_their_motif_unless_it_is_a_name_too(listed, draw):
    motifs = [Motif(n, np.eye(4)[[draw.randrange(4)] * 5] + i, n) for i, n in enumerate(listed)]
    text = write_meme(motifs)
    own = own_collection(text)
    assert len(set(own.ids)) == len(own) == len(motifs)
    for motif in own.motifs:
        found = own_motif(motif.id, text)
        assert found is motif or motif.id in own.names


def test_the_same_text_is_read_once():
    assert own_collection(JASPAR) is own_collection(str(bytes(JASPAR, "ascii"), "ascii"))
    assert own_collection(" \n ") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("GATA", "source must be the text of one or more motifs, not one line, got 'GATA'."),
        ("/etc/passwd", "not one line, got '/etc/passwd'."),
        (">a\nACGT\n", "Line 2: there must be numbers, got 'ACGT' .* it looks like FASTA"),
        ("MEME version 4\n\nALPHABET= ACGT\n", "source must hold at least one motif in meme"),
        (f">wide\n{('1 0 0 0' + chr(10)) * (WIDEST + 1)}", f"at most {WIDEST} positions, got 101"),
    ],
)
def test_a_bad_text_is_refused_in_one_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        own_collection(text)
    assert str(caught.value).endswith(".") and len(str(caught.value)) < 300


def test_a_file_is_never_opened(tmp_path):
    path = tmp_path / "mine.jaspar"
    path.write_text(JASPAR)
    with pytest.raises(ValueError, match="not one line"):
        own_collection(str(path))


def test_too_many_motifs_are_refused_and_all_vertebrates_are_not():
    with pytest.raises(ValueError, match="hold at most 3,000 motifs, got 3,001"):
        own_collection(">a\n1 0 0 0\n1 0 0 0\n1 0 0 0\n1 0 0 0\n1 0 0 0\n" * (MOST_MOTIFS + 1))
    known = jaspar.collection("vertebrates")
    text = write_meme(known.motifs)
    assert len(text) < LONGEST
    assert own_collection(text).ids == known.ids and own_collection(text).names == known.names


def test_a_name_that_neither_has_is_answered_with_names_that_are_there():
    with pytest.raises(ValueError, match=r"^None of your motifs \(Arnt, CTCF\) has this name\. The "
                       r"name 'GATA99' is not in JASPAR 2026 CORE; similar names "
                       r"are GATA9"):  # fmt: skip
        find_motif("GATA99", JASPAR)
    with pytest.raises(ValueError, match=r"^The name 'GATA99' is not in JASPAR"):
        find_motif("GATA99", " ")


def test_a_summary_lists_what_was_read():
    assert own_summary("") == ""
    assert own_summary(HOMER) == "Read: Tac(Zf)/K562."
    assert own_summary(JASPAR).startswith("Read 2 motifs: Arnt, CTCF. ")
    seven = "".join(f">m{i}\n9 0 0 0\n0 9 0 0\n" for i in range(7))
    assert own_summary(seven).startswith("Read 7 motifs: m0, m1, m2, m3, m4 and 2 more. ")

"""Motif files: the same text read by Biopython, what is written read back, and every wrong line.

All common variants are read: any notation, either orientation, and counts or probabilities.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import re

import numpy as np
import pytest
from Bio import motifs as bio
from Bio.motifs import jaspar as bio_jaspar  # Bio.motifs loads these two only when it reads or
from Bio.motifs import transfac  # writes such a file
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motiflab.motifs import jaspar, motif_files
from motiflab.motifs.motif import Motif
from motiflab.motifs.motif_files import read_motifs, write_meme

KNOWN = [jaspar.load(name) for name in ("CTCF", "GATA1", "FOS::JUN", "br", "MA0001.1")]

MEME = """\
MEME version 4.4

ALPHABET= ACGT

strands: + -

Background letter frequencies (from lacI):
A 0.295 C 0.205 G 0.205 T 0.295

MOTIF crp CRP

letter-probability matrix: alength= 4 w= 3 nsites= 17 E= 4.1e-009
 0.000000  0.176471  0.000000  0.823529
 0.000000  0.058824  0.647059  0.294118
 0.000000  0.058824\t0.000000  0.941176

URL http://meme-suite.org

MOTIF lexA
letter-probability matrix:
 0.5 0.5 0.0 0.0
 0.1 0.2 0.3 0.4

"""

JASPAR = """\
>MA0001.1\tAGL3
A  [ 0  3 79 ]
C  [94 75  4 ]
G  [ 1  0  3 ]
T  [ 2 19 11 ]

>MA0002.1 RUNX1
10	12	4
2.5	2	7
3	1	1
11	9	14
"""

TRANSFAC = """\
VV  EXAMPLE January 15, 2013
XX
//
AC  M00001
XX
ID  motif1
NA  MyoD
P0      A      C      G      T
01      1      2      2      0      S
02      2      1      2      0      R
03      3      0      1      1      A
XX
//
ID  motif2
PO      A      C      G      T
01      2.5      1      2      0      R
XX
//
"""


def biopython(text, format):
    """The counts that Biopython reads, (w, 4) each."""
    record = bio.parse(io.StringIO(text), format)
    return [np.array([motif.counts[base] for base in "ACGT"]).T for motif in record]


@pytest.mark.parametrize(
    ("text", "format", "names"),
    [
        (JASPAR, "jaspar", [("MA0001.1", "AGL3"), ("MA0002.1", "RUNX1")]),
        (TRANSFAC, "transfac", [("M00001", "MyoD"), ("motif2", "motif2")]),
        (MEME, "meme", [("crp", "CRP"), ("lexA", "lexA")]),
    ],
)
def test_files_are_read_as_biopython_reads_them(text, format, names, tmp_path):
    found = read_motifs(text)
    assert [(motif.id, motif.name) for motif in found] == names
    expected = biopython(text, "minimal" if format == "meme" else format)
    for motif, counts in zip(found, expected, strict=True):
        # Biopython rounds the counts of a MEME file to whole numbers.
        np.testing.assert_allclose(motif.counts, counts, atol=1e-4 if format == "meme" else 0)
    path = tmp_path / "motifs.txt"
    path.write_text(text)
    for source in (path, str(path), text.encode(), b"\xef\xbb\xbf" + text.encode()):
        assert [motif.name for motif in read_motifs(source)] == [name for _, name in names]
    windows = read_motifs(text.replace("\n", "\r\n"), format)
    assert all((a.counts == b.counts).all() for a, b in zip(windows, found, strict=True))


@pytest.mark.parametrize("format", ["jaspar", "transfac"])
def test_what_biopython_writes_is_read(format):
    written = []
    for motif in KNOWN:
        counts = dict(zip("ACGT", motif.counts.T.tolist(), strict=True))
        if format == "jaspar":
            written.append(bio_jaspar.Motif(motif.id, motif.name, counts=counts))
        else:
            written.append(transfac.Motif(counts=counts))
            written[-1].update({"AC": motif.id, "NA": motif.name})
    found = read_motifs(bio.write(written, format))
    assert [(m.id, m.name) for m in found] == [(m.id, m.name) for m in KNOWN]
    for motif, known in zip(found, KNOWN, strict=True):
        np.testing.assert_allclose(motif.counts, known.counts, atol=0.005)


def test_biopython_reads_what_is_written():
    q = [0.3, 0.2, 0.2, 0.3]
    record = bio.parse(io.StringIO(write_meme(KNOWN, background=q)), "minimal")
    assert [motif.name for motif in record] == [motif.id for motif in KNOWN]
    assert list(record[0].background.values()) == q
    for motif, known in zip(record, KNOWN, strict=True):
        ours = np.array([motif.counts[base] for base in "ACGT"]).T
        sites = known.counts.sum(axis=1).max()
        np.testing.assert_allclose(ours / sites, known.probabilities(), atol=0.6 / sites)


@given(
    st.lists(
        arrays(float, (3, 4), elements=st.integers(0, 1000)).map(lambda n: n + [1, 0, 0, 0]),
        min_size=1,
        max_size=3,
    )
)
def test_meme_text_goes_round(counts):
    motifs = [Motif(f"name {i}", n, f"X{i}") for i, n in enumerate(counts)]
    back = read_motifs(write_meme(motifs), "meme")
    for motif, found in zip(motifs, back, strict=True):
        assert (found.id, found.name) == (motif.id, motif.name.replace(" ", "_"))
        np.testing.assert_allclose(found.probabilities(), motif.probabilities(), atol=2e-9)
        largest = motif.counts.sum(axis=1).max()
        np.testing.assert_allclose(found.counts.sum(axis=1), largest)


def test_meme_text_names_every_motif_and_goes_to_a_file(tmp_path):
    motifs = [Motif("", [[1, 0, 0, 0]]), Motif("only a name", [[0.2, 0, 0, 0]]), KNOWN[0]]
    text = write_meme(motifs, tmp_path / "out.meme")
    assert (tmp_path / "out.meme").read_text() == text
    assert "\nMOTIF only_a_name\n" in text and "\nMOTIF MA0139.2 CTCF\n" in text
    found = read_motifs(tmp_path / "out.meme")
    assert [motif.id for motif in found] == ["motif_1", "only_a_name", "MA0139.2"]
    assert found[2].name == "CTCF"


def test_reports_of_meme_and_plain_matrices_are_read():
    report = MEME.replace("MOTIF crp CRP", "MOTIF 1\twidth =  3  sites = 17  llr = 9")
    report = "****\nMEME - Motif discovery tool\n****\n" + report.replace("ALPHABET= ", "ALPHABET=")
    assert (read_motifs(report)[0].id, read_motifs(report)[0].name) == ("1", "1")
    rna = MEME.replace("ACGT", "ACGU")
    assert read_motifs(rna)[0].consensus() == "TGT"
    plain = read_motifs("1 2\n3 4\n5 6\n7 8\n")
    assert plain[0].counts.tolist() == [[1, 3, 5, 7], [2, 4, 6, 8]]
    assert (plain[0].id, plain[0].name) == ("", "")
    any_order = read_motifs(">X1 toy\nT 1 2\nA 3 4\nU_\n".replace("U_", "C 5 6\nG 7 8"))
    assert any_order[0].counts.tolist() == [[3, 5, 7, 1], [4, 6, 8, 2]]
    assert read_motifs("PO T G C A\n01 1 2 3 4\n")[0].counts.tolist() == [[4, 3, 2, 1]]


def test_names_are_kept_as_they_are():
    hostile = ">X1 <img src=x onerror=alert(1)> & more\n1\n0\n0\n0\n"
    assert read_motifs(hostile)[0].name == "<img src=x onerror=alert(1)> & more"


def changed(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n", "at least one motif, but it is empty"),
        ("MEME version 4\n", "at least one motif in meme format"),
        (changed(MEME, "ACGT", "ACDEFGHIKLMNPQRSTVWY"), "^Line 3: the alphabet must be ACGT"),
        (changed(MEME, "0.823529", "0.9"), "^Line 13: the row must sum to 1, got 1.076"),
        (changed(MEME, "0.823529", "x"), "^Line 13: there must be 4 numbers"),
        (changed(MEME, "0.823529", "nan"), "^Line 13: there must be 4 numbers, got '.* nan'"),
        ("nan 1 1 1\n" * 4, "^Line 1: there must be numbers, got 'nan 1 1 1'"),
        (">x\n0 0 0 9\n0 inf 0 0\n" * 2, "^Line 3: there must be 4 numbers, got '0 inf 0 0'"),
        (changed(MEME, "0.823529", ""), "^Line 13: there must be 4 numbers"),
        (changed(MEME, " 0.000000  0.176471  0.000000  0.823529\n", ""), "^Line 16: .* 4 numbers"),
        (changed(MEME, "w= 3", "w= -3"), "^Line 12: w= must be a positive number, got '-3'"),
        (changed(MEME, "nsites= 17", "nsites= many"), "^Line 12: nsites= .* got 'many'"),
        (changed(MEME, "letter-probability matrix:\n", ""), "^Line 19: .*must have a letter-prob"),
        (changed(MEME, "MOTIF crp CRP\n", ""), "^Line 11: a MOTIF line must come before"),
        (
            changed(MEME, "letter-probability matrix: alength= 4 w= 3", "log-odds matrix:"),
            "^Line 10: the motif must have a letter-probability matrix",
        ),
        (changed(MEME, " 0.5 0.5 0.0 0.0\n 0.1 0.2 0.3 0.4\n", ""), "^Line 20: .*rows, got 0"),
        (MEME + "MOTIF z\nletter-probability matrix: w= 9\n1 0 0 0\n", "^Line 25: .*9 rows, got 1"),
        (changed(JASPAR, "T  [ 2 19 11 ]\n", ""), "^Line 1: the motif must have 4 rows, got 3"),
        (changed(JASPAR, "3\t1\t1", "3\t1"), r"^Line 10: there must be 3 numbers, got '3\\t1'"),
        (changed(JASPAR, "3\t1\t1", "3\tone\t1"), "^Line 10: there must be 3 numbers"),
        (changed(JASPAR, "[94 75  4 ]", "[ ]"), "^Line 3: there must be 3 numbers"),
        (changed(JASPAR, "C  [", "A  ["), "^Line 1: the rows must be A, C, G and T, once each"),
        (changed(JASPAR, "[94", "[-94"), "^Line 1: in the motif 'AGL3', counts must hold finite"),
        (">X1\n0\n0\n0\n0\n", "^Line 1: in the motif 'X1', counts .* zeros in row 0"),
        (changed(TRANSFAC, "A      C      G", "A      G      X"), "^Line 8: P0 must name"),
        (changed(TRANSFAC, "02      2      1", "02      2"), "^Line 10: there must be 4 numbers"),
        (
            changed(TRANSFAC, "01      2.5      1      2      0      R\n", ""),
            "^Line 15: .*below PO",
        ),
        (
            "1 2\n3 4\n",
            "^Line 1: the motif must have 4 rows, .*, got 2 rows of 2 .read as JASPAR or",
        ),
        (">x\nA 1\nC 1\nG 1\n 1\n", "^Line 1: the rows must be A, C, G and T, once each"),
        (">x\n", "^Line 1: the motif must have 4 rows, got 0"),
        (">x\n1  2 \n  1\t ?\n", r"^Line 3: there must be 2 numbers, got '  1\\t [?]'"),
    ],
)
def test_a_wrong_line_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        read_motifs(text)


def test_a_source_that_cannot_be_read(tmp_path):
    with pytest.raises(ValueError, match="'nowhere.meme' cannot be read .No such file"):
        read_motifs("nowhere.meme")
    with pytest.raises(ValueError, match=r"'a\\x00b' is no path\."):
        read_motifs("a\0b")
    os.mkfifo(tmp_path / "pipe")  # opening it would wait for ever
    with pytest.raises(ValueError, match="is a device, a pipe or a socket"):
        read_motifs(tmp_path / "pipe")
    with pytest.raises(ValueError, match="is a folder"):
        read_motifs(tmp_path)
    for data, kind in (
        (b"a\0\n", "a binary file"),
        (b"\x89PNG\xff\n", "a PNG picture"),
        (gzip.compress(JASPAR.encode()), "a gzip file: unpack it first"),
        (JASPAR.encode("utf-16"), "text in UTF-16: save it again as UTF-8"),
    ):
        with pytest.raises(ValueError, match=f"source must be text.*, got {kind}"):
            read_motifs(data)
    with pytest.raises(ValueError, match="'x{60}[.]{3}' cannot be read"):
        read_motifs("x" * 10_000)
    with pytest.raises(ValueError, match="got int"):
        read_motifs(3)
    with pytest.raises(
        ValueError, match="format must be one of auto, meme, jaspar, homer, transfac, got 'x'"
    ):
        read_motifs(JASPAR, "x")


CLUSTER_BUSTER = """\
>toy
1 0 2 17
16 2 2 0
0 19 1 0
0 18 0 2
"""

HOMER = """\
>TACC\t1-TACC\t5.1\t-300\t0\tT:10(48%)
0.001\t0.044\t0.001\t0.954
0.997\t0.001\t0.001\t0.001
0.001\t0.997\t0.001\t0.001
0.001\t0.997\t0.001\t0.001
"""

TWO_DIGITS = """\
MEME version 4

ALPHABET= ACGT

MOTIF toy
letter-probability matrix: alength= 4 w= 4 nsites= 6 E= 0
0.33 0.33 0.33 0.00
0.17 0.17 0.17 0.50
0.24 0.24 0.24 0.26
1.00 0.00 0.00 0.00
"""

DREME = """\
# DREME 5.0.5
MEME version 5.0.5

ALPHABET "DNA" DNA-LIKE
A "Adenine" CC0000 ~ T "Thymine" 008000
C "Cytosine" 0000CC ~ G "Guanine" FFB300
N "Any base" = ACGT
END ALPHABET

strands: + -

MOTIF TGAC DREME-1

letter-probability matrix: alength= 4 w= 2 nsites= 100 E= 1.0e-026
0.0 0.0 0.0 1.0
0.0 0.0 1.0 0.0
"""

RSAT = """\
AC  toy_1
XX
ID  toy_1
XX
DE  acG
P0       a     c     g     t
1       10     0     0     0
2        0    10     0     0
3        0     1     9     0
XX
//
"""

RSAT_TAB = """\
; convert-matrix
a\t|\t10\t0\t0
c\t|\t0\t10\t1
g\t|\t0\t0\t9
t\t|\t0\t0\t0
//
; a second one
a | 3
c | 0
g | 0
t | 1
//
"""

CISBP = """\
TF\tGATA1
Motif\tM0001_2.00
Pos\tA\tC\tG\tU
1\t0.9\t0.02\t0.04\t0.04
2\t0.1\t0.1\t0.7\t0.1
"""

UNENDED = """\
AC  M1
NA  one
P0 A C G T
01 9 0 0 0
XX
ID  two
P0 A C G T
01 0 0 0 9
XX
AC  M3
NA  three
XX
AC  M4
P0 A C G T
01 0 9 0 0
P0 A C G T
01 0 0 9 0
"""

PPM = """\
>p toy
A [ 0.97 0.01 0.01 ]
C [ 0.01 0.97 0.01 ]
G [ 0.01 0.01 0.01 ]
T [ 0.01 0.01 0.97 ]
"""


def test_rows_may_be_positions():
    for text, name in ((CLUSTER_BUSTER, ("toy", "toy")), (HOMER, ("TACC", "1-TACC"))):
        motif = read_motifs(text)[0]
        assert (motif.consensus(), (motif.id, motif.name)) == ("TACC", name)
    assert read_motifs(CLUSTER_BUSTER)[0].counts[0].tolist() == [1, 0, 2, 17]
    # The same numbers as JASPAR has them: a row is a base.
    numbers = [line.split() for line in CLUSTER_BUSTER.splitlines()[1:]]
    turned = ">toy\n" + "\n".join(map(" ".join, zip(*numbers, strict=True)))
    assert (read_motifs(turned)[0].counts == read_motifs(CLUSTER_BUSTER)[0].counts).all()
    five = read_motifs(">x\n" + "0 0 0 9\n" * 5)[0]
    assert five.consensus() == "TTTTT" and read_motifs(">x\n1 2 3 4\n")[0].width == 1


def test_a_matrix_that_fits_both_ways_is_asked_about():
    unsaid = "5 0 0 5\n0 5 5 0\n0 0 5 5\n5 5 0 0\n"
    for text in (unsaid, "1 2 3 4\n5 6 7 8\n9 1 2 3\n4 5 6 7\n"):
        with pytest.raises(
            ValueError, match=r'^Line 1: .* format="jaspar" .* format="homer" .*T\.$'
        ):
            read_motifs(text)
        as_bases, as_positions = (read_motifs(text, f)[0].counts for f in ("jaspar", "homer"))
        assert (as_bases == as_positions.T).all() and as_positions[0, 3] == int(text[6])
    # Other motifs of the file decide, and letters on the rows do whatever is asked for.
    assert read_motifs(unsaid + ">y\n9 0 0 0\n")[0].counts[1].tolist() == [0, 5, 5, 0]
    assert read_motifs(unsaid + ">y\n9\n0\n0\n0\n")[0].counts[1].tolist() == [0, 5, 0, 5]
    lettered = "".join(b + " " + row + "\n" for b, row in zip("ACGT", unsaid.splitlines()))
    for format in ("auto", "jaspar", "homer"):
        assert read_motifs(lettered, format)[0].counts[1].tolist() == [0, 5, 0, 5]
    # Both ways round it is the same.
    assert read_motifs("9 0 0 0\n0 9 0 0\n0 0 9 0\n0 0 0 9\n")[0].consensus() == "ACGT"
    with pytest.raises(ValueError, match="^Line 1: the motif must have 4 rows, got 5"):
        read_motifs("1 2 3 4\n" * 5, "jaspar")
    with pytest.raises(ValueError, match="^Line 1: the motif must have rows of 4 numbers, got 5"):
        read_motifs("1 2 3 4 5\n" * 4, "homer")


@given(st.integers(0, 2**32 - 1), st.sampled_from([0, 2, 3]))
def test_neither_way_round_is_read_wrongly(seed, digits):
    rng = np.random.default_rng(seed)
    ppm = rng.dirichlet([0.5] * 4, 4)
    matrix = rng.multinomial(20, ppm).astype(float) if digits == 0 else ppm.round(digits)
    for numbers in (matrix, matrix.T):
        text = "\n".join(" ".join(f"{n:.{digits}f}" for n in row) for row in numbers) + "\n"
        with contextlib.suppress(ValueError):  # it asks: see the test above
            found = read_motifs(text)[0].probabilities()
            right = matrix / matrix.sum(axis=1, keepdims=True)
            np.testing.assert_allclose(found, right, atol=1e-12)


def test_numbers_rounded_to_two_digits_sum_to_one():
    expected = np.array([[1, 1, 1, 0], [0.17 / 1.01] * 3 + [0.5 / 1.01]])
    expected[0] /= 3
    np.testing.assert_allclose(read_motifs(TWO_DIGITS)[0].probabilities()[:2], expected)
    with pytest.raises(ValueError, match="^Line 10: the row must sum to 1, got 0.9"):
        read_motifs(TWO_DIGITS.replace("1.00 0.00", "0.90 0.00"))


def test_alphabets_of_meme():
    dreme = read_motifs(DREME)[0]
    assert (dreme.consensus(), dreme.id, dreme.name) == ("TG", "TGAC", "DREME-1")
    np.testing.assert_allclose(dreme.counts.sum(axis=1), 100)
    rna = re.sub('A "Ad.*\n', 'A "Adenine" CC0000\nU "Uracil" 008000\n', DREME)
    rna = rna.replace('"DNA" DNA', '"RNA" RNA').replace("CC ~ G", "CC\nG")
    empty = re.sub('\nA "(.|\n)*ACGT', "", DREME)
    assert "Uracil" in rna and '" DNA-LIKE\nEND' in empty
    for text in (rna, empty, DREME.replace("END ALPHABET\n", ""), MEME.replace("ACGT", "acgu")):
        assert read_motifs(text)
    modified = DREME.replace('N "Any', 'm "5-mC" 000000\nN "Any')
    for text in (modified, DREME.replace('"DNA" DNA', '"Protein" PROTEIN')):
        with pytest.raises(
            ValueError, match="^Line 4: the alphabet must be ACGT, got 'ALPHABET \""
        ):
            read_motifs(text)


def test_letters_in_either_case_and_u():
    rsat = read_motifs(RSAT)[0]
    assert (rsat.consensus(), rsat.width, rsat.id) == ("ACG", 3, "toy_1")
    rna = TRANSFAC.replace("T\n", "U\n")
    assert [m.consensus() for m in read_motifs(rna)] == ["CAA", "A"]
    tab = read_motifs(RSAT_TAB)
    assert (tab[0].counts == rsat.counts).all() and tab[1].counts.tolist() == [[3, 0, 0, 1]]
    low = JASPAR.replace("A  [", "a [").replace("T  [", "u  [")
    assert (read_motifs(low)[0].counts == read_motifs(JASPAR)[0].counts).all()
    cisbp = read_motifs(CISBP)[0]
    assert cisbp.consensus() == "AG" and cisbp.counts[0].tolist() == pytest.approx(
        [18, 0.4, 0.8, 0.8]
    )


def test_a_record_without_an_end_mark_keeps_its_names_to_itself():
    found = [(m.id, m.name, m.consensus()) for m in read_motifs(UNENDED)]
    assert found == [("M1", "one", "A"), ("two", "two", "T"), ("M4", "M4", "C"), ("", "", "G")]


def test_probabilities_count_as_20_sites_in_every_format():
    meme = "MEME version 4\nMOTIF p toy\nletter-probability matrix:\n"
    expected = read_motifs(meme + ".97 .01 .01 .01\n.01 .97 .01 .01\n.01 .01 .01 .97\n")[0]
    assert expected.log_odds()[0, 0] == pytest.approx(1.32, abs=0.005)
    as_transfac = "ID p\nP0 A C G T\n1 .97 .01 .01 .01\n2 .01 .97 .01 .01\n3 .01 .01 .01 .97\n"
    homer = ">p\n.97 .01 .01 .01\n.01 .97 .01 .01\n.01 .01 .01 .97\n"
    for text in (PPM, as_transfac, homer):
        np.testing.assert_allclose(read_motifs(text)[0].counts, expected.counts)
    # Two digits each, as in 1/3: still 20 sites at each position.
    third = read_motifs(">x\nA .33\nC .33\nG .33\nT .00\n")[0]
    assert third.counts.sum() == pytest.approx(20)
    # MEME text says how many sites there were, even if it was one.
    one = meme.replace("matrix:", "matrix: nsites= 1") + ".5 .5 0 0\n"
    assert read_motifs(one)[0].counts.tolist() == [[0.5, 0.5, 0, 0]]
    # Whole numbers are counts, of one site too.
    assert read_motifs(">x\n1 0\n0 1\n0 0\n0 0\n")[0].counts.sum() == 2


@pytest.mark.parametrize(
    "text",
    [
        ">x\nA 9 0 2\nC 0 0 0\nG 0 0 0\nT 0 0 7\n",
        ">x\n9 0 0 0\n0 0 0 0\n2 0 0 7\n",
        "P0 A C G T\n1 9 0 0 0\n2 0 0 0 0\n3 2 0 0 7\n",
        "MEME version 4\nMOTIF x\nletter-probability matrix: nsites= 9\n"
        "1 0 0 0\n0 0 0 0\n.222222 0 0 .777778\n",
        ">x\n1 0 0 0\n0 0 0 0\n.222222 0 0 .777778\n",
    ],
)
def test_a_position_of_four_zeros_is_unknown(text):
    motif = read_motifs(text)[0]
    assert motif.counts[1].tolist() == [0.25] * 4 and motif.information()[1] == 0
    np.testing.assert_allclose(motif.probabilities()[2], [2 / 9, 0, 0, 7 / 9], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("chr1\t100\t200\tpeak1\t0\t+\n", r"'chr1\\t100\\t200\\tpeak1\\t0\\t[+]' .*like BED"),
        ("track name=x\nchr1 1 2\n", "like BED"),
        ("##gff-version 3\nchr1 1 2\n", "like GFF or VCF"),
        ("<?xml version='1.0'?>\n<MEME>\n", "like XML or HTML: save the motifs as MEME text"),
        (">seq1\nACGTACGT\n", "like FASTA: Motif.from_sites"),
        ("ACGTACGT\nACGTACGA\n", "like sequences: Motif.from_sites"),
        ("DE\tGATA1\n0\t1\t0\t0\tC\nXX\n", "like TRANSFAC text without a P0 line, as STAMP"),
        ("Gata3_primary\n\nA:\t0.1\nC:\t.1\nG:\t.1\nT:\t.7\n", "like UniPROBE"),
        ("A,C,G,T\n1,2,3,4\n", "like a table with commas"),
        ("0,25;0,25;0,25;0,25\n", "like a table with commas or semicolons"),
        ("A\tC\tG\tT\n1\t2\t3\t4\n", "like a table with a heading"),
        ('{"A": [1]}\n', "like JSON"),
        (">x, y\n1 2\n", 'no line "P0"[)][.]$'),
    ],
)
def test_another_format_is_named(text, looks):
    with pytest.raises(ValueError, match=looks) as error:
        read_motifs(text)
    assert 'read as JASPAR or HOMER, as there is no line "MEME version"' in str(error.value)


SPELLINGS = {
    "meme": DREME,
    "jaspar": JASPAR,
    "homer": HOMER,
    "transfac": TRANSFAC,
    "rsat": RSAT,
    "tab": RSAT_TAB,
    "cisbp": CISBP,
}


@pytest.mark.parametrize("format", SPELLINGS)
@given(
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1"]),
    kind=st.sampled_from([str, bytes, bytearray, memoryview]),
    indent=st.sampled_from(["", " "]),
    low=st.booleans(),
)
def test_every_spelling_gives_the_same_motifs(format, end, encoding, kind, indent, low):
    text = SPELLINGS[format].replace("toy", "töy\x85")
    if low:
        text = re.sub(r"\bA(\s+)C(\s+)G(\s+)T", r"a\1c\2g\3u", text)
        text = re.sub(r"(?m)^[ACGT](?= +\[)", lambda letter: letter[0].lower(), text)
    text = end.join(indent + line + indent for line in re.split("\n", text))
    if kind is str:
        source = "\ufeff" + text if encoding == "utf-8-sig" else text
    else:
        source = kind(text.encode(encoding))
    for motif, known in zip(read_motifs(source), read_motifs(SPELLINGS[format]), strict=True):
        assert (motif.counts == known.counts).all()
        assert motif.name.replace("töy\x85", "toy").strip() == known.name


def _text_of(motifs, format):
    """Counts as others write them; MEME text is ours."""
    if format == "meme":
        return write_meme(motifs)
    if format == "homer":
        rows = ["\n".join(" ".join(map(str, row)) for row in m.counts.tolist()) for m in motifs]
        return "".join(f">{m.id}\t{m.name}\t0\n{r}\n" for m, r in zip(motifs, rows, strict=True))
    made = []
    for m in motifs:
        counts = dict(zip("ACGT", m.counts.T.tolist(), strict=True))
        if format == "jaspar":
            made.append(bio_jaspar.Motif(m.id, m.name, counts=counts))
        else:
            made.append(transfac.Motif(counts=counts))
            made[-1].update({"AC": m.id, "NA": m.name})
    return bio.write(made, format)


@pytest.mark.parametrize("format", ["meme", "jaspar", "homer", "transfac"])
@given(data=st.data())
def test_a_motif_written_in_each_format_is_read_back(format, data):
    seed, widths = data.draw(st.integers(0, 2**32 - 1)), st.lists(st.integers(1, 6), min_size=1)
    rng = np.random.default_rng(seed)
    motifs = [
        Motif(f"name{i}", rng.multinomial(20, rng.dirichlet([0.5] * 4, w)), f"X{i}")
        for i, w in enumerate(data.draw(widths))
    ]
    # Four positions in HOMER's layout may be asked about: then the format is given.
    back = read_motifs(_text_of(motifs, format), format)
    for motif, found in zip(motifs, back, strict=True):
        assert (found.id, found.name) == (motif.id, motif.name)
        np.testing.assert_allclose(found.counts, motif.counts, atol=1e-6)


def test_a_motif_called_width_keeps_its_name():
    assert read_motifs(write_meme([Motif("width", [[1, 0, 0, 0]], "X1")]))[0].name == "width"


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    with open(tmp_path / "hole.meme", "wb") as file:
        file.truncate(motif_files.MOST_BYTES + 1)  # a hole: it takes no place on the disk
    with pytest.raises(ValueError, match="at most 50 MB of motifs, but it holds more: keep"):
        read_motifs(tmp_path / "hole.meme")
    path = tmp_path / "jaspar.txt"
    path.write_text(JASPAR, newline="")
    sources = [path, str(path), JASPAR, JASPAR.encode(), memoryview(JASPAR.encode())]
    monkeypatch.setattr(motif_files, "MOST_BYTES", len(JASPAR))
    assert len({len(read_motifs(source)) for source in sources}) == 1
    monkeypatch.setattr(motif_files, "MOST_BYTES", len(JASPAR) - 1)
    for source in sources:
        with pytest.raises(ValueError, match="it holds more"):
            read_motifs(source)


def test_four_by_four_probabilities_are_read_by_their_sums_up_to_rounding_but_counts_exactly():
    rounded = ">x\n0.33 0.33 0.33 0\n0.7 0.1 0.1 0.1\n0.5 0.3 0.1 0.1\n0.25 0.25 0.25 0.25\n"
    assert read_motifs(rounded)[0].probabilities()[1].round(2).tolist() == [0.7, 0.1, 0.1, 0.1]
    counts = ">x\n99 1 0 0\n0 100 0 0\n0 0 100 0\n0 0 0 100\n"  # columns: 99, 101, 100, 100
    assert read_motifs(counts)[0].counts[0].tolist() == [99, 1, 0, 0]

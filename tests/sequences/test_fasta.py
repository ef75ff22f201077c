"""FASTA in and out, with Biopython as the second reader."""

from __future__ import annotations

import gzip
import io
import os
import socket
import sys
from dataclasses import astuple

import pytest
from Bio.SeqIO.FastaIO import SimpleFastaParser
from hypothesis import given
from hypothesis import strategies as st

from motiflab.sequences import fasta
from motiflab.sequences.fasta import (
    FastaRecord,
    UnquotedPath,
    iter_fasta,
    iter_text,
    read_fasta,
)

names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20)
records = st.lists(
    st.builds(FastaRecord, names, st.text("ACGTRYSWKMBDHVN", min_size=1, max_size=150)),
    min_size=1,
    max_size=5,
)


def biopython(text):
    return [
        FastaRecord(name.strip(), sequence.upper().replace("U", "T"))
        for name, sequence in SimpleFastaParser(io.StringIO(text))
    ]


@given(records)
def test_what_is_written_is_read_by_us_and_by_biopython(tmp_path_factory, written):
    folder = tmp_path_factory.mktemp("fasta")
    text = "".join(f">{name}\n{sequence}\n" for name, sequence in map(astuple, written)).encode()
    for path, content in ((folder / "a.fa", text), (folder / "a.fa.gz", gzip.compress(text))):
        path.write_bytes(content)
        assert read_fasta(path) == written
        assert read_fasta(str(path)) == written
        assert read_fasta(path.read_bytes()) == written
    assert biopython((folder / "a.fa").read_text("utf-8")) == written


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_reading_agrees_with_biopython(end, mark):
    text = "\n>chr1:1-9 first  peak\nacgu\nNNr\n\n> two\nA C G\nT\n>two\nGGG"
    content = (mark + text.replace("\n", end)).encode()
    assert read_fasta(content) == biopython(text.lstrip())
    assert read_fasta(memoryview(content)) == read_fasta(content)
    assert [record.name for record in read_fasta(content)] == ["chr1:1-9 first  peak", "two", "two"]


def test_names_are_kept_as_they_are():
    name = '<img src=x onerror="alert(1)">&amp; ü %s {x}'
    assert read_fasta(f">{name}\nACGT\n".encode())[0].name == name
    assert read_fasta(b">caf\xe9\nA\n")[0].name == "café"  # Latin-1


@st.composite
def spelled(draw):
    """Return records and their FASTA text in one of the common variants."""
    expected = draw(records)
    filler = st.sampled_from(["", "", "\n", " \t\n", "\n\n", ";a comment > of old\n"])
    text = draw(filler)
    for index, record in enumerate(expected):
        # Files that were put together have a byte-order mark in the middle.
        mark = draw(st.sampled_from(["", "\ufeff"])) if index == 0 or text[-1] == "\n" else ""
        text += f"{mark}>{draw(st.sampled_from(['', ' ']))}{record.name} \n" + draw(filler)
        sequence = draw(st.sampled_from([str, str.lower]))(record.sequence)
        sequence = draw(st.sampled_from([sequence, sequence.replace("T", "U").replace("t", "u")]))
        width = draw(st.integers(1, 80))
        for i in range(0, len(sequence), width):
            text += draw(st.sampled_from(["", " "])) + sequence[i : i + width]
            text += draw(st.sampled_from(["\n", " \n"])) + draw(filler)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return expected, text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))


@given(spelled(), st.data())
def test_every_spelling_of_the_same_records_is_read_the_same(tmp_path_factory, made, data):
    expected, text = made
    content = text.encode()
    if data.draw(st.booleans(), "gzipped"):
        cut = data.draw(st.integers(0, len(content)), "in two members, cut here")
        content = gzip.compress(content[:cut]) + gzip.compress(content[cut:])
    path = tmp_path_factory.getbasetemp() / "spelled.fa"
    path.write_bytes(content)
    # Strided: a view whose bytes do not follow each other.
    strided = memoryview(bytes(byte for byte in content for _ in range(2)))[::2]
    sources = [content, bytearray(content), memoryview(content), strided]
    for source in [*sources, path, str(path), UnquotedPath(str(path))]:
        assert read_fasta(source) == expected
    with pytest.MonkeyPatch.context() as patch:  # the same, wherever a piece ends
        patch.setattr(fasta, "_PIECE", data.draw(st.integers(1, 40), "bytes at once"))
        assert read_fasta(content) == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \n", "is blank"),
        (b">a\nAC\0GT\n", "binary file"),
        (b">a\n" + b"A" * 99_999 + b"\0", "binary file"),
        (b"ACGT\n", "starts with 'ACGT'"),
        (b"@read\nACGT\n+\nIIII\n", "starts with '@read'"),
        (b">a\n>b\nACGT\n", "sequence 'a' must not be empty"),
        (b">a\nACGT\n>b\n", "sequence 'b' must not be empty"),
        (b">a\nAC\nGT-A\n", "sequence 'a' .* '-' at position 4 "),
        (b">p\nMKVSELLPGW\n", "sequence 'p' .* 'E' at position 4 .*looks like a protein"),
        (b">a\nAC\xe9\n", "position 2 "),
        (gzip.compress(b">a\nACGT\n" * 99, mtime=0)[:-9], "damaged gzip"),
        (gzip.compress(b"", mtime=0), "is empty"),  # part of the test's name: always the same
        (b"\x1f\x8bnothing", "damaged gzip"),
        (
            b">a\nA\n>" + b"a" * 1001 + b"\nA",
            "at most 1,000 characters, but the name of sequence 2 ",
        ),
        (b">a" + b" " * 70_000 + b"A\n", "at most 1,000 characters, but the name of sequence 1 "),
        (b">" + b"a" * 70_000, "at most 1,000 characters, but the name of sequence 1 "),
        (b"x" * 70_000, "starts with 'x{60}...'"),
        (b">" + b"a" * 1000 + b"\n!", "sequence 'a{60}...' must"),
        (b"\n \n  ACGT AC \n", "starts with '  ACGT AC '"),
        (b"caf\xe9\n", "starts with 'café'"),
    ],
)
def test_bad_content_is_one_sentence(content, message):
    with pytest.raises(ValueError, match=message) as error:
        read_fasta(content)
    assert "\n" not in str(error.value) and len(str(error.value)) < 300


# What a file begins with, and what it is called.
KINDS = {
    "BED": b"chr1\t100\t200\tpeak1\t0\t+\n",
    "FASTQ": b"@read 1\nACGT\n+\nIIII\n",
    "SAM": b"@SQ\tSN:chr1\tLN:9\n",
    "GenBank": b"LOCUS       SCU49845\n",
    "EMBL": b"ID   X56734; SV 1;\n",
    "HTML": b"<!DOCTYPE html>\n",
    "XML": b"<?xml version='1.0'?>\n",
    "JSON": b'{"a": 1}\n',
    "GFF": b"##gff-version 3\n",
    "VCF": b"##fileformat=VCFv4.2\n",
    "a table": b"name,sequence\n",
    "a table ": b"name\tsequence\n",
    "bases without a name": b"acgu acgt\n",
    "MEME": b"MEME version 4\n",
    "UTF-16": ">a\nACGT\n".encode("utf-16"),
    "UTF-16 ": ">a\nACGT\n".encode("utf-16-be"),
    "UTF-16  ": ">a\nACGT\n".encode("utf-16-le"),
    "UTF-16   ": "\ufeff>a\nACGT\n".encode("utf-16-be"),
    "a zip archive": b"PK\x03\x04\0\0",
    "2bit": b"\x43\x27\x41\x1a\0\0\0\0",
    "BAM": gzip.compress(b"BAM\x01\0"),
    "a gzip file inside a gzip file": gzip.compress(gzip.compress(b">a\nACGT\n")),
    "a tar archive": gzip.compress(b"a.fa".ljust(257, b"\0") + b"ustar\0"),
    "PNG": b"\x89PNG\r\n\x1a\n\0\0",
    "PDF": b"%PDF-1.7\n",
    "RTF": b"{\\rtf1\\ansi >a\n",
}


@pytest.mark.parametrize(("kind", "content"), KINDS.items(), ids=KINDS)
def test_the_format_of_another_file_is_named(tmp_path, kind, content):
    (tmp_path / "x").write_bytes(content)
    for source in (content, tmp_path / "x", UnquotedPath(tmp_path / "x")):
        with pytest.raises(ValueError, match=kind.strip()) as error:
            read_fasta(source)
        assert "\n" not in str(error.value) and str(error.value).endswith(".")


@pytest.mark.parametrize("content", [b"Dear Bob, here they are\n", b"x\n", b"p53 is 3 kb\n"])
def test_no_format_is_named_where_none_is_known(content):
    with pytest.raises(ValueError, match=r"starts with '[^']*'\.$"):
        read_fasta(content)


def test_a_line_is_quoted_as_it_stands_and_an_indented_name_is_explained():
    with pytest.raises(ValueError, match=r"starts with 'chr1\\t100\\t200', which looks like BED"):
        read_fasta(b"chr1\t100\t200\n")
    with pytest.raises(ValueError, match="starts with ' >a': remove the white space"):
        read_fasta(b" >a\nACGT\n")
    with pytest.raises(ValueError, match="sequence 'a' is followed by '\\\\t>b': remove the white"):
        read_fasta(b">a\nACGT\n\t>b\nGG\n")


SECRET = "hunter2"
LEAKS = [
    f"{SECRET}\n",
    f" >{SECRET}\n",
    f">{SECRET}\n",
    f">{SECRET}\n{SECRET}\n",
    f">a\nA\n >{SECRET}\n",
    f">{SECRET}\n{'A' * 99}\n",
    f">{SECRET * 200}\nA\n",
    f"{SECRET}\t1\t2\n",
    f"{SECRET}=1\0",
]


@pytest.mark.parametrize("content", LEAKS)
def test_nothing_of_a_file_that_somebody_else_may_have_named_is_quoted(tmp_path, content):
    (tmp_path / "x").write_text(content)
    with pytest.raises(ValueError, match="must") as error:
        list(iter_fasta(UnquotedPath(tmp_path / "x"), longest=50))
    # "e" is the first of its letters that is no nucleotide code.
    for part in (SECRET, SECRET[:3], "'h'", "'e'", "at position"):
        assert part not in str(error.value)
    # A traceback must not quote it in another exception either.
    assert error.value.__cause__ is None and error.value.__context__ is None


def test_bad_paths_are_one_sentence(tmp_path):
    with pytest.raises(ValueError, match=r"none\.fa' cannot be read \(No such file"):
        read_fasta(tmp_path / "none.fa")
    with pytest.raises(ValueError, match=r"the path of a FASTA file, but 'a\\x00b' is no path\."):
        read_fasta("a\0b")
    with pytest.raises(ValueError, match=r"the path of a FASTA file, but '\\ud800' is no path\."):
        read_fasta("\ud800")
    with pytest.raises(ValueError, match="'x{200}...' cannot be read"):
        read_fasta("x" * 900)
    with pytest.raises(ValueError, match="is a folder"):
        read_fasta(tmp_path)
    with pytest.raises(ValueError, match="a path or bytes, got int"):
        read_fasta(3)


@pytest.mark.skipif(os.name != "posix", reason="these files are found on Unix")
def test_what_is_no_ordinary_file_is_never_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as made:
        monkeypatch.chdir(tmp_path)  # the path of a socket must be short
        made.bind("socket")
        opened = []
        monkeypatch.setattr(io, "FileIO", lambda *args: opened.append(args))
        for path in ("pipe", "link", "socket", "/dev/zero", "/dev/tty"):
            with pytest.raises(ValueError, match="is a device, a pipe or a socket|cannot be read"):
                read_fasta(path)
        if os.path.exists("/proc/self/environ"):
            (tmp_path / "made").symlink_to("/proc/self/environ")
            for path in ("/proc/self/environ", "/tmp/../proc/self/environ", "made"):
                with pytest.raises(ValueError, match="is made up by the operating system"):
                    read_fasta(path)
    assert opened == []


def packed(line: bytes, times: int) -> bytes:
    """Return a small gzip file that holds a line very often."""
    return gzip.compress(line * times, compresslevel=1)


BOMBS = {
    "blank lines": (packed(b"\n", 10**7), 10**6, "at most 1 MB after unpacking"),
    "white space": (packed(b" \r\n", 10**7), 10**6, "at most 1 MB after unpacking"),
    "no line end": (packed(b"A", 10**7), 10**6, "first line starts with"),
    "a long sequence": (packed(b">a\n" + b"A\n" * 10**6, 9), 10**6, "at most 1 MB"),
    "records": (packed(b">\nA\n", 10**6), 10**7, "at most 1,000 sequences"),
    "comments": (packed(b";\n", 10**6), 10**7, "at most 1,000 comments"),
    "a long name": (packed(b">", 10**7), 10**7, "at most 1,000 characters"),
    "a long comment": (packed(b";", 10**7), 10**6, "at most 1 MB"),
}


@pytest.mark.parametrize(("content", "most", "message"), BOMBS.values(), ids=BOMBS)
def test_a_limit_is_reached_early(monkeypatch, content, most, message):
    monkeypatch.setattr(fasta, "MOST_BYTES", most)
    monkeypatch.setattr(fasta, "MOST_RECORDS", 1000)
    read, held = [], []
    texts, blocks = fasta._texts, fasta._blocks

    def counted_texts(*args):
        for text in texts(*args):
            read.append(len(text))
            yield text

    def counted_blocks(*args):
        for block in blocks(*args):
            held.append(len(block))
            yield block

    monkeypatch.setattr(fasta, "_texts", counted_texts)
    monkeypatch.setattr(fasta, "_blocks", counted_blocks)
    with pytest.raises(ValueError, match=message):
        read_fasta(content)
    assert sum(read) <= most and max(held) < 4 * fasta._PIECE


def test_a_comment_of_any_length_is_skipped_and_never_held(monkeypatch):
    held, blocks = [], fasta._blocks

    def counted(texts):
        for block in blocks(texts):
            held.append(len(block))
            yield block

    monkeypatch.setattr(fasta, "_blocks", counted)
    content = b";" + b"> ACGT" * 10**5 + b"\n>a\nAC\n;" + b"x" * 10**6 + b"\nGT\n"
    assert read_fasta(content) == [FastaRecord("a", "ACGT")]
    assert max(held) < 2 * fasta._PIECE


def test_blank_lines_cost_no_step_each():
    content = b">a\nACGT\n" + b"\n" * 10**6 + b" \n" * 10**6 + b">b\nGG"
    steps = 0

    def count(frame, event, arg):
        nonlocal steps
        steps += 1

    sys.setprofile(count)  # called for every call of a function, those in C included
    try:
        found = read_fasta(content)
    finally:
        sys.setprofile(None)
    assert [record.name for record in found] == ["a", "b"]
    assert steps < 5000


def test_limits_are_generous_and_stated():
    assert fasta.MOST_BYTES > 248_956_422 * 61 / 60  # human chromosome 1 with its line ends
    for limit in ("300 MB after unpacking", "1,000,000 sequences", "1,000 characters in a name"):
        assert limit in fasta.LIMITS
    for name in ("MOST_BYTES", "MOST_RECORDS", "LONGEST_NAME"):
        assert f"`{name}`" in iter_fasta.__doc__


def test_a_large_file_is_refused_before_it_is_opened(tmp_path):
    with (tmp_path / "large.fa").open("wb") as file:
        file.truncate(fasta.MOST_BYTES + 1)  # a hole: it takes no place on the disk
    with pytest.raises(ValueError, match="at most 300 MB after unpacking, but '.*large.fa' holds"):
        read_fasta(tmp_path / "large.fa")


def test_records_come_one_by_one_and_a_long_one_is_refused_early():
    content = b">a\nAC\nGT\n>b\n" + b"ACGT" * 100_000
    reader = iter_fasta(content, longest=4)
    assert next(reader) == FastaRecord("a", "ACGT")
    with pytest.raises(ValueError, match="sequence 'b' must have at most 4 bases"):
        next(reader)
    with pytest.raises(ValueError, match="sequence 'a' must have at most 3 bases"):
        next(iter_fasta(content, longest=3))
    assert len(list(iter_fasta(b">a\nACG\n>b\nACG\n", longest=4))) == 2
    # A line longer than what is read at once is still one sequence.
    assert [len(record.sequence) for record in iter_fasta(content)] == [4, 400_000]


def test_a_bracket_inside_a_long_line_is_not_a_new_record():
    content = b">a\n" + b"A" * (1 << 16) + b">b\n"
    with pytest.raises(ValueError, match=f"'>' at position {1 << 16} "):
        read_fasta(content)


@pytest.mark.parametrize("piece", range(900, 1100, 7))
def test_a_long_name_is_whole_wherever_a_piece_ends(monkeypatch, piece):
    monkeypatch.setattr(fasta, "_PIECE", piece)
    name = "n" * fasta.LONGEST_NAME
    assert read_fasta(f">a\nACGT\n>{name}\nGG\n".encode()) == [
        FastaRecord("a", "ACGT"),
        FastaRecord(name, "GG"),
    ]


def test_a_genome_keeps_its_case_and_has_no_limit_but_that_of_a_sequence(monkeypatch):
    content = b">chr1\nACGTnnacgu\n>chr2\nRYgg\n" + b">x\n" + b"a" * 50
    assert [r.sequence for r in iter_fasta(content, genome=True)] == [
        "ACGTnnacgu", "RYgg", "a" * 50]  # fmt: skip
    assert [r.sequence for r in iter_fasta(content)] == ["ACGTNNACGT", "RYGG", "A" * 50]
    monkeypatch.setattr(fasta, "MOST_BYTES", 40)
    records = iter_fasta(content, genome=True)
    assert [next(records).name, next(records).name] == ["chr1", "chr2"]
    with pytest.raises(ValueError, match="sequence 'x' must have at most 40 bases"):
        next(records)
    with pytest.raises(ValueError, match="'-'"):
        [*iter_fasta(b">a\nAC-T", genome=True)]


def test_text_of_any_kind_is_read_in_pieces_and_errors_name_the_kind(tmp_path):
    path = tmp_path / "peaks.bed"
    path.write_bytes(gzip.compress(b"chr1\t1\t2\r\nchr2\t3\t4"))
    assert "".join(iter_text(path, "BED")) == "chr1\t1\t2\nchr2\t3\t4"
    for source, said in [
        (tmp_path, "be the path of a BED file, but"),
        (tmp_path / "none", "be the path of a BED file, but .* cannot be read"),
        (b"", "hold BED records, but it is empty"),
        (b"A\0", "be BED text in UTF-8"),
        (3, "be a path or bytes, got int"),
    ]:
        with pytest.raises(ValueError, match=f"^source must {said}"):
            [*iter_text(source, "BED")]
    with pytest.raises(ValueError, match="holds more"):
        [*iter_text(b"ABCD", "BED", most=3)]

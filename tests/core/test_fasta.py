"""FASTA in and out, with Biopython as the second reader."""

import gzip
import io

import pytest
from Bio.SeqIO.FastaIO import SimpleFastaParser
from hypothesis import given
from hypothesis import strategies as st

from motiflab.fasta import FastaRecord, iter_fasta, read_fasta, write_fasta

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
def test_what_is_written_is_read_back_by_us_and_by_biopython(tmp_path_factory, written):
    folder = tmp_path_factory.mktemp("fasta")
    for path in (folder / "a.fa", folder / "a.fa.gz"):
        write_fasta(path, written)
        assert read_fasta(path) == written
        assert read_fasta(str(path)) == written
        assert read_fasta(path.read_bytes()) == written
    assert gzip.decompress((folder / "a.fa.gz").read_bytes()) == (folder / "a.fa").read_bytes()
    assert (folder / "a.fa.gz").read_bytes()[4:8] == bytes(4)  # no time
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
    assert read_fasta(b">caf\xe9\nA\n")[0].name == "caf�"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \n", "is blank"),
        (b">a\nAC\0GT\n", "binary file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary file"),
        (b"\x89PNG\xff\xfe", 'starts with ">"'),
        (b"ACGT\n", "starts with 'ACGT'"),
        (b"@read\nACGT\n+\nIIII\n", "starts with '@read'"),
        (b">a\n>b\nACGT\n", "sequence 'a' must not be empty"),
        (b">a\nACGT\n>b\n", "sequence 'b' must not be empty"),
        (b">a\nAC\nGT-A\n", "sequence 'a' .* '-' at position 4 "),
        (b">p\nMKVSELLPGW\n", "sequence 'p' .* 'E' at position 4 .*looks like a protein"),
        (b">a\nAC\xe9\n", "position 2 "),
        (gzip.compress(b">a\nACGT\n" * 99)[:-9], "damaged gzip"),
        (gzip.compress(b""), "is empty"),
        (b"\x1f\x8bnothing", "damaged gzip"),
        (b">" + b"a" * 70_000, "a name in .* has over"),
    ],
)
def test_bad_content_is_one_sentence(content, message):
    with pytest.raises(ValueError, match=message) as error:
        read_fasta(content)
    assert "\n" not in str(error.value)


def test_bad_paths_are_one_sentence(tmp_path):
    with pytest.raises(ValueError, match=r"none\.fa' cannot be read \(No such file"):
        read_fasta(tmp_path / "none.fa")
    with pytest.raises(ValueError, match=r"must be the path of a FASTA file, not 'a\\x00b'\."):
        read_fasta("a\0b")
    with pytest.raises(ValueError, match="cannot be read"):
        read_fasta(tmp_path)
    with pytest.raises(ValueError, match="a path or bytes, got int"):
        read_fasta(3)


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


@pytest.mark.parametrize(
    "record", [FastaRecord("a\nb", "A"), FastaRecord("a", ""), FastaRecord("a", "AX")]
)
def test_writing_refuses_what_could_not_be_read_back(tmp_path, record):
    with pytest.raises(ValueError, match="must"):
        write_fasta(tmp_path / "a.fa", [record])
    assert not (tmp_path / "a.fa").exists()

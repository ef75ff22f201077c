"""Peak files in all common variants are read; a bad file gives one sentence."""

from __future__ import annotations

import gzip

import pytest

from motiflab.datasets import peak_files, read_peaks


def bed(*rows, end: str = "\n") -> bytes:
    return (end.join("\t".join(map(str, row)) for row in rows) + end).encode()


def narrow(contig, start, stop, summit, strand="."):
    return (contig, start, stop, "p", 1, strand, 1, 1, 1, summit)


ROWS = [narrow("1", 100, 180, 7), narrow("2", 50, 90, 30, "-"), narrow("1", 20, 60, -1)]


@pytest.mark.parametrize(
    "content",
    [
        bed(*ROWS, end="\r\n"),
        gzip.compress(bed(*ROWS)),
        b"\xef\xbb\xbf" + bed(*ROWS),
        b'track type=narrowPeak name="x"\nbrowser position 1:1-9\n# note\n\n' + bed(*ROWS),
        bed(("chrom", "chromStart", "chromEnd", *"abcdefg"), *ROWS),
        bed(*ROWS).replace(b"\t", b"  "),
        bed(*ROWS).rstrip(b"\n"),
    ],
    ids=["windows", "gzip", "mark", "headers", "names", "blanks", "open"],
)
def test_every_spelling_of_the_same_peaks_is_read_the_same(content, tmp_path):
    (tmp_path / "peaks").write_bytes(content)
    for source in (content, tmp_path / "peaks"):
        peaks = read_peaks(source)
        assert peaks.contigs.tolist() == ["1", "2", "1"] and peaks.dropped == {}
        assert peaks.start.tolist() == [100, 50, 20] and peaks.end.tolist() == [180, 90, 60]
        assert peaks.summit.tolist() == [107, 80, 40] and peaks.minus.tolist() == [0, 1, 0]


def test_columns_of_bed_are_no_summits():
    rows = [("1", 10, 21), ("1", 10, 20, "p", 5, "-"), ("1", 0, 9, *"abcdefgh", 3)]
    assert read_peaks(bed(*rows)).summit.tolist() == [15, 15, 4]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"chr1\t5\n", "line 1 of the peaks must hold a contig, a start and an end"),
        (b"#x\nchr1\t1\t9\nchr1\tx\t9\n", "line 3 of the peaks"),
        (bed(narrow("1", 5, 9, "x")), "in column 10 of a narrowPeak file"),
        (b"chr1\t1\t99999999999999999999\n", "line 1 of the peaks"),
        (b"# nothing\n", "at least one peak of one base or more, got none"),
        (b"", "hold BED records, but it is empty"),
        (b"\x1f\x8b\x08broken", "damaged gzip"),
        (b"PK\x03\x04", "zip archive"),
    ],
    ids=["two columns", "letters", "summit", "far", "none", "empty", "gzip", "zip"],
)
def test_a_bad_file_is_one_sentence(content, said):
    with pytest.raises(ValueError, match=said) as told:
        read_peaks(content)
    assert str(told.value).startswith(("source must", "line")) and "\n" not in str(told.value)


def test_too_many_peaks_are_refused_before_all_are_read(monkeypatch):
    monkeypatch.setattr(peak_files, "MOST_PEAKS", 2)
    read_peaks(bed(*ROWS[:2], ("1", 5, 5)))
    with pytest.raises(ValueError, match="source must hold at most 2 peaks"):
        read_peaks(bed(*ROWS, ("1", "x", "y")))

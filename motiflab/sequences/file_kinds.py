"""Recognise the kind of a file: refuse special files and name the format of an unexpected one."""

from __future__ import annotations

import os
import re
import stat

from motiflab.checks import ArgumentError

_UNPACK = "unpack it first"
_EXPORT = "save it as plain text first"

# The first bytes of binary formats (file signatures, from the description of each format).
_MAGIC = {
    b"PK\x03\x04": "a zip archive, a Word or an Excel file: unpack it or save it as plain text "
    "first",
    b"\x1f\x8b": f"a gzip file inside a gzip file: {_UNPACK}",
    b"BZh": f"a bzip2 file: {_UNPACK}",
    b"\xfd7zXZ\0": f"an xz file: {_UNPACK}",
    b"\x28\xb5\x2f\xfd": f"a Zstandard file: {_UNPACK}",
    b"7z\xbc\xaf\x27\x1c": f"a 7-Zip archive: {_UNPACK}",
    b"Rar!": f"a RAR archive: {_UNPACK}",
    b"\x43\x27\x41\x1a": "a 2bit file: turn it into FASTA first, with twoBitToFa",
    b"\x1a\x41\x27\x43": "a 2bit file: turn it into FASTA first, with twoBitToFa",
    b"BAM\x01": "a BAM file: turn it into FASTA first, with samtools fasta",
    b"CRAM": "a CRAM file: turn it into FASTA first, with samtools fasta",
    b"\xd0\xcf\x11\xe0": f"an old Word or Excel file: {_EXPORT}",
    b"{\\rtf": f"an RTF file: {_EXPORT}",
    b"%PDF": f"a PDF file: {_EXPORT}",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89HDF": "an HDF5 file",
}

# Patterns of the first line of text formats; the first that matches names the format.
_LINES = {
    r"@(HD|SQ|RG|PG|CO)\t": "SAM: turn it into FASTA first, with samtools fasta",
    r"@": "FASTQ: turn it into FASTA first, for example with seqtk seq -a",
    r"LOCUS\s": "GenBank: save it as FASTA first",
    r"ID   ": "EMBL: save it as FASTA first",
    r"(?i)<!doctype html|<html": "a web page (HTML): download the file itself",
    r"<": "XML: save the sequences as FASTA first",
    r"[{\[]": "JSON: save the sequences as FASTA first",
    r"##gff": "GFF (positions, no sequences)",
    r"##fileformat=VCF": "VCF (variants, no sequences)",
    r"CLUSTAL|MUSCLE": "an alignment: save it as FASTA, without gaps, first",
    r"#NEXUS": "NEXUS: save it as FASTA, without gaps, first",
    r"MEME version": "MEME format (motifs, no sequences)",
    r"(track|browser)\s": "a browser track (positions, no sequences)",
    r"\S+\s+\d+\s+\d+(\s|$)": "BED (positions, no sequences): get the sequences first, for example "
    "with bedtools getfasta",
    r"[^\t]*\t|[^\s,]+,\S|[^\s;]+;\S": "a table: save it as FASTA first",
    r"(?i)[acgtun\s]+$": 'bases without a name: write a line such as ">one" before each sequence',
}


def bad_source(wanted: str) -> ArgumentError:
    """Return the error about a file or text to read: what follows "source must", as in `require`.

    >>> str(bad_source("be text, got a PNG picture"))
    'source must be text, got a PNG picture.'
    """
    return ArgumentError("source", f"source must {wanted}.")


def not_ordinary(path: str | os.PathLike) -> str:
    """Return why a path is not that of an ordinary file; empty if it is.

    The file is not opened: opening a pipe would wait for ever, and a device may have no end. A
    missing file is an ``OSError``.

    Examples
    --------
    >>> not_ordinary("/")
    'is a folder'
    """
    try:
        mode = os.stat(path).st_mode
    except ValueError:  # a zero byte, or half a character
        return "is no path"
    if stat.S_ISDIR(mode):
        return "is a folder"
    if not stat.S_ISREG(mode):
        return "is a device, a pipe or a socket"
    if re.match("/(proc|sys)/", os.path.realpath(path)):
        return "is made up by the operating system"
    return ""


def binary_kind(start: bytes) -> str:
    """Return which binary format a file begins like, and what to do; empty if it is unknown.

    Parameters
    ----------
    start : bytes
        The first bytes of the file; 262 are enough.

    Examples
    --------
    >>> binary_kind(b"%PDF-1.7")
    'a PDF file: save it as plain text first'
    >>> binary_kind(b">one")
    ''
    """
    if start[257:262] == b"ustar":
        return f"a tar archive: {_UNPACK}"
    return next((kind for magic, kind in _MAGIC.items() if start.startswith(magic)), "")


def is_utf16(start: bytes) -> bool:
    """Return whether text begins in UTF-16, with a byte-order mark or with an ASCII character.

    Examples
    --------
    >>> is_utf16(">one".encode("utf-16")), is_utf16(b">one")
    (True, False)
    """
    marked = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    return marked or re.match(rb"(?s)(?:[\t\n\r -~]\0){2}|(?:\0[\t\n\r -~]){2}", start) is not None


def not_text(piece: bytes, first: bool = True) -> str:
    """Return what a piece of a file is instead of text in UTF-8; empty if it may be text.

    Only the first piece of a file tells its format. Text has no zero byte.

    Examples
    --------
    >>> not_text(b"\\x89PNG"), not_text(b"A\\0", first=False), not_text(b"ACGT")
    ('a PNG picture', 'a binary file', '')
    """
    if first and is_utf16(piece):
        return "text in UTF-16: save it again as UTF-8"
    kind = binary_kind(piece) if first else ""
    return kind or ("a binary file" if b"\0" in piece else "")


def text_kind(line: str) -> str:
    r"""Return which text format a first line looks like, and what to do; empty if it is unknown.

    FASTA itself is not recognised.

    Examples
    --------
    >>> text_kind("LOCUS       SCU49845")
    'GenBank: save it as FASTA first'
    """
    return next((kind for pattern, kind in _LINES.items() if re.match(pattern, line)), "")

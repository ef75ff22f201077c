"""Read and write FASTA files, plain or gzipped."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from motiflab.checks import ArgumentError, quoted, require
from motiflab.sequences.alphabet import DNA, Alphabet, clean
from motiflab.sequences.file_kinds import bad_source, not_ordinary, not_text, text_kind

MOST_BYTES = 300_000_000
"""Largest size of a file in bytes, after unpacking: the longest human chromosome fits."""

MOST_RECORDS = 1_000_000
"""Largest number of sequences in a file."""

LONGEST_NAME = 1000
"""Characters in the longest name that is accepted."""

LIMITS = (
    f"at most {MOST_BYTES // 10**6} MB after unpacking, {MOST_RECORDS:,} sequences, and "
    f"{LONGEST_NAME:,} characters in a name"
)
"""The limits in words."""

_PIECE = 1 << 16  # bytes read at once, so that a file without line ends cannot fill the memory
_LONGEST_PATH = 200  # largest number of characters of a path that are quoted
_COMMENT = re.compile("\n;[^\n]*")


@dataclass(frozen=True)
class FastaRecord:
    """One sequence of a FASTA file.

    Attributes
    ----------
    name : str
        The whole line after ">", without white space at its ends.
    sequence : str
        Upper case, U written as T, without white space; read with `genome`, the case is kept.
    """

    name: str
    sequence: str


@dataclass(frozen=True)
class UnquotedPath:
    """The path of a file whose content must not appear in an error.

    It protects a path that somebody else may have chosen, as in a scene: otherwise an error about
    a file that is not FASTA would show its first line. `iter_fasta` accepts it like any path.

    Attributes
    ----------
    path : path
        Errors may quote the path itself.
    """

    path: str | os.PathLike

    def __fspath__(self) -> str:
        return os.fsdecode(self.path)


def read_fasta(source: str | os.PathLike | bytes, alphabet: Alphabet = DNA) -> list[FastaRecord]:
    """Return all the records of a FASTA file; see `iter_fasta`.

    Examples
    --------
    >>> read_fasta(b">one\\nACG\\nT\\n>two\\nnnn\\n")
    [FastaRecord(name='one', sequence='ACGT'), FastaRecord(name='two', sequence='NNN')]
    """
    return list(iter_fasta(source, alphabet=alphabet))


def iter_fasta(
    source: str | os.PathLike | bytes,
    longest: int | None = None,
    alphabet: Alphabet = DNA,
    genome: bool = False,
) -> Iterator[FastaRecord]:
    """Read a FASTA file record by record, holding one record in memory at a time.

    A line that starts with ">" begins a record and holds its name; the lines after it hold the
    sequence. Blank lines and lines that start with ";", the comments of old FASTA files, are
    skipped. Line ends may be those of Unix, Windows or old Macs. Text is UTF-8, with or without
    a byte-order mark; a name that is not UTF-8 is read as Latin-1.

    Parameters
    ----------
    source : path or bytes-like
        The path of a file, or the content of one (an upload). It may be gzipped, in one part or
        several, which is recognised by its first two bytes, whatever the name.
    longest : int, optional
        Refuse a sequence longer than this while it is read.
    alphabet : Alphabet
    genome : bool
        Keep lower case, which marks repeats in genomes (soft masking), and read files of any size:
        `MOST_BYTES` then limits each sequence.

    Yields
    ------
    FastaRecord
        In the order of the file. Names may repeat.

    Raises
    ------
    ValueError
        If the file does not exist, or is a folder, a device, a pipe or a virtual file of the
        operating system (which is not opened); if it is empty, not text, a damaged gzip file, or
        does not start with ">" (the error names the format if it is recognised); if it exceeds
        `MOST_BYTES` after unpacking, `MOST_RECORDS` or, in a name, `LONGEST_NAME`; if a sequence
        is empty, too long, or holds a character that is not in the alphabet (the error gives the
        sequence, position and character).

    Examples
    --------
    >>> [record.name for record in iter_fasta(b">one\\nACGT\\n>two\\nGG\\n")]
    ['one', 'two']
    """
    label = _label(source)
    shown = _Shown(label, not isinstance(source, UnquotedPath), alphabet, genome)
    if genome:
        longest = MOST_BYTES if longest is None else longest
    blocks = _blocks(iter_text(source, "FASTA", None if genome else MOST_BYTES))
    yield from _records(blocks, shown, longest)


def iter_text(
    source: str | os.PathLike | bytes, kind: str, most: int | None = MOST_BYTES
) -> Iterator[str]:
    """Read a text file piece by piece, plain or gzipped; line ends become "\\n".

    Parameters
    ----------
    source : path or bytes-like
        As for `iter_fasta`.
    kind : str
        What an error calls the format, such as ``"BED"``.
    most : int or None
        Refuse a file of more bytes, after unpacking.

    Yields
    ------
    str
        Pieces of any length. Bytes that are not UTF-8 become surrogates.

    Raises
    ------
    ValueError
        As for `iter_fasta`, if the file cannot be opened, is not text or is damaged.

    Examples
    --------
    >>> "".join(iter_text(b"chr1\\t0\\t9\\r\\n", "BED"))
    'chr1\\t0\\t9\\n'
    """
    label = _label(source)
    try:
        with _open(source, label, kind, most) as raw:
            gzipped = raw.peek(2)[:2] == b"\x1f\x8b"
            plain = gzip.GzipFile(fileobj=raw) if gzipped else raw
            yield from _texts(plain, label, kind, most)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise bad_source(f"be readable, but {label} is a damaged gzip file") from error
    except OSError as error:
        raise bad_source(
            f"be the path of a {kind} file, but {label} cannot be read ({error.strerror})"
        ) from error


def _label(source: str | os.PathLike | bytes) -> str:
    """Return what errors call a file."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return "it"
    if isinstance(source, (str, os.PathLike)):
        return quoted(os.fsdecode(source), _LONGEST_PATH)
    raise bad_source(f"be a path or bytes, got {type(source).__name__}")


def _open(
    source: str | os.PathLike | bytes, label: str, kind: str, most: int | None
) -> io.BufferedReader:
    """Open the content of a file, or a path if it is that of an ordinary file."""
    if not isinstance(source, (str, os.PathLike)):
        return io.BufferedReader(io.BytesIO(bytes(source)))
    if problem := not_ordinary(source):
        raise bad_source(f"be the path of a {kind} file, but {label} {problem}")
    _check_size(os.path.getsize(source), label, most)
    return io.BufferedReader(io.FileIO(source))


def _texts(plain: io.BufferedIOBase, label: str, kind: str, most: int | None) -> Iterator[str]:
    """Decode a file piece by piece; line ends become "\\n", bytes that are not UTF-8 surrogates."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
    total = 0
    while piece := plain.read(_PIECE):
        if found := not_text(piece, first=not total):
            raise bad_source(f"be {kind} text in UTF-8, but {label} is {found}")
        total += len(piece)
        _check_size(total, label, most)
        yield decoder.decode(piece)
    require("source", total, f"hold {kind} records, but {label} is empty")
    yield decoder.decode(b"", final=True)


def _blocks(texts: Iterator[str]) -> Iterator[str]:
    """Split a text before line ends, so that no name and no comment is in two blocks.

    A block that begins a line begins with "\\n". Only a line that is too long for a name may be
    split elsewhere.
    """
    rest = "\n"
    for text in texts:
        # Some editors write a byte-order mark; joined files have one in the middle, too.
        rest = (rest + text).replace("\n\ufeff", "\n")
        cut = rest.rfind("\n")
        if cut >= 0 and rest.startswith("\n;", cut):
            rest = rest[: cut + 2]  # a comment may be of any length
        elif cut < 0 or len(rest) - cut > LONGEST_NAME + 2:
            cut = len(rest)
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


def _records(blocks: Iterator[str], shown: _Shown, longest: int | None) -> Iterator[FastaRecord]:
    name: str | None = None
    letters: list[str] = []
    length = number = comments = 0
    for block in blocks:
        if block.isspace():  # a fast path for thousands of blank lines
            continue
        if "\n;" in block:
            block, removed = _COMMENT.subn("", block)
            comments += removed
            require(
                "source",
                comments <= MOST_RECORDS,
                f"hold at most {MOST_RECORDS:,} comments, but {shown.label} holds more: remove "
                "them",
            )
        for index, part in enumerate(block.split("\n>")):
            if index:
                if name is not None:
                    yield shown.record(number, name, letters)
                line, _, lines = part.partition("\n")
                part = f"\n{lines}"
                name, letters, length = _readable(line.strip()), [], 0
                number += 1
                require(
                    "source",
                    len(line) <= LONGEST_NAME,  # `_blocks` may have split a longer one
                    f"hold names of at most {LONGEST_NAME:,} characters, but the name of "
                    f"sequence {number:,} of the file is longer",
                )
                require(
                    "source",
                    number <= MOST_RECORDS,
                    f"hold at most {MOST_RECORDS:,} sequences, but {shown.label} holds more: "
                    "keep only some of them",
                )
            found = "".join(part.split())
            if not found:
                continue
            if name is None:
                raise shown.no_fasta(part)
            if ">" in found:  # white space before it: not at the start of its line
                shown.check_indent(number, name, part)
            letters.append(found)
            length += len(found)
            if longest is not None and length > longest:
                raise ArgumentError(
                    "source",
                    f"{shown.sequence(number, name)} must have at most {longest:,} bases, but it "
                    "is longer: cut out the parts of interest first, such as 200 bases around "
                    "each peak.",
                )
    require("source", name is not None, f"hold FASTA records, but {shown.label} is blank")
    yield shown.record(number, name, letters)


@dataclass(frozen=True)
class _Shown:
    """What errors call a file, and whether they may quote its content."""

    label: str
    quotes: bool
    alphabet: Alphabet
    genome: bool

    def sequence(self, number: int, name: str) -> str:
        if self.quotes:
            return f"sequence {quoted(name)}"
        return f"sequence {number:,} of the file"

    def record(self, number: int, name: str, letters: list[str]) -> FastaRecord:
        text = "".join(letters)
        which = self.sequence(number, name)
        require("source", text, "not be empty", which)
        if self.genome and not self.alphabet.no_letter.search(text):
            return FastaRecord(name, text)
        try:
            return FastaRecord(name, clean(text, alphabet=self.alphabet))
        except ValueError:
            pass  # this error quotes the text; those below may not, so they are raised outside
        if self.quotes:
            clean(_readable(text), which, self.alphabet, "source")
        raise ArgumentError(
            "source", f"{which} must hold only {self.alphabet.kind}, but it holds other characters."
        )

    def no_fasta(self, lines: str) -> ArgumentError:
        line = next(line for line in lines.split("\n") if line.strip())
        kind = text_kind(line)
        words = f"{self.label} does not" if not kind else f"{self.label} looks like {kind}"
        if self.quotes:
            words = f"{self.label} starts with {quoted(_readable(line))}"
            words += f", which looks like {kind}" if kind else ""
        if line.lstrip().startswith(">"):
            words = words.replace(" does not", " starts with white space")
            words += ': remove the white space before ">"'
        return bad_source(f'be FASTA text, whose first line starts with ">", but {words}')

    def check_indent(self, number: int, name: str, lines: str) -> None:
        """Refuse a name that does not start its line, after white space."""
        for line in lines.split("\n")[1:]:
            if line.lstrip().startswith(">"):
                found = quoted(_readable(line)) if self.quotes else "white space and a name"
                raise ArgumentError(
                    "source",
                    f'each line with a name must start with ">", but {self.sequence(number, name)} '
                    f'is followed by {found}: remove the white space before ">".',
                )


def _check_size(size: int, label: str, most: int | None) -> None:
    require(
        "source",
        most is None or size <= most,
        f"hold at most {MOST_BYTES // 10**6} MB after unpacking, but {label} holds more: keep "
        "only the sequences of interest",
    )


def _readable(text: str) -> str:
    """Return text with surrogates (bytes that are not UTF-8) read as Latin-1."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("latin-1")
    return text

"""Read and write FASTA files, plain or gzipped."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from motiflab.alphabet import clean

_LINE = 60  # letters on a line, when writing
_PIECE = 1 << 16  # characters read at once, so that a file without line ends cannot fill memory


@dataclass(frozen=True)
class FastaRecord:
    """One sequence of a FASTA file.

    Attributes
    ----------
    name : str
        The whole line after ">", without white space at its ends; kept as it is.
    sequence : str
        Upper case, U written as T, without white space.
    """

    name: str
    sequence: str


def read_fasta(source: str | os.PathLike | bytes) -> list[FastaRecord]:
    """Return all the records of a FASTA file; see `iter_fasta`.

    Examples
    --------
    >>> read_fasta(b">one\\nACG\\nT\\n>two\\nnnn\\n")
    [FastaRecord(name='one', sequence='ACGT'), FastaRecord(name='two', sequence='NNN')]
    """
    return list(iter_fasta(source))


def iter_fasta(
    source: str | os.PathLike | bytes, longest: int | None = None
) -> Iterator[FastaRecord]:
    """Read a FASTA file record by record, holding one record in memory at a time.

    Parameters
    ----------
    source : path or bytes-like
        The path of a file, or the content of one (an upload). It may be gzipped, which is
        recognised by its first two bytes, whatever the name.
    longest : int, optional
        Refuse a sequence longer than this as soon as it is seen.

    Yields
    ------
    FastaRecord
        In the order of the file. Names may repeat.

    Raises
    ------
    ValueError
        If there is no such file; if it is empty, not text, a damaged gzip file, or does not
        start with ">"; if a sequence is empty, too long, or holds a character that is not a
        nucleotide code (the error says which sequence, position and character).

    Examples
    --------
    >>> [record.name for record in iter_fasta(b">one\\nACGT\\n>two\\nGG\\n")]
    ['one', 'two']
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        label = "the given content"
    elif isinstance(source, (str, os.PathLike)):
        label = repr(os.fspath(source))
        if "\0" in str(source):  # no system takes it in a path, and Python says so in other words
            raise ValueError(f"source must be the path of a FASTA file, not {label}.")
    else:
        raise ValueError(f"source must be a path or bytes, got {type(source).__name__}.")
    try:
        with _open(source) as raw:
            gzipped = raw.peek(2)[:2] == b"\x1f\x8b"
            plain = gzip.GzipFile(fileobj=raw) if gzipped else raw
            start = plain.peek(4096)[:4096]
            if not start:
                raise ValueError(f"source must hold FASTA records, but {label} is empty.")
            if b"\0" in start:
                raise ValueError(f"source must be FASTA text, but {label} is a binary file.")
            # utf-8-sig drops the byte-order mark that some editors write; newline=None reads all
            # kinds of line ends. What is not UTF-8 is replaced: in a name that does no harm, in a
            # sequence it is refused below.
            text = io.TextIOWrapper(plain, encoding="utf-8-sig", errors="replace", newline=None)
            yield from _records(text, label, longest)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"source must be readable, but {label} is a damaged gzip file.") from error
    except OSError as error:
        raise ValueError(
            f"source must be the path of a FASTA file, but {label} cannot be read "
            f"({error.strerror})."
        ) from error


def write_fasta(path: str | os.PathLike, records: Iterable[FastaRecord]) -> None:
    """Write records to a FASTA file, gzipped if the path ends in ".gz".

    The same records always give the same bytes: no time is written into a gzip file.

    Parameters
    ----------
    path : path
        Overwritten if it exists.
    records : iterable of FastaRecord

    Raises
    ------
    ValueError
        If a name holds a line end or a sequence is empty or not made of nucleotide codes.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_fasta(f"{folder}/a.fa.gz", [FastaRecord("one", "ACGT")])
    ...     read_fasta(f"{folder}/a.fa.gz")
    [FastaRecord(name='one', sequence='ACGT')]
    """
    lines = []
    for record in records:
        if len(record.name.splitlines()) > 1:
            raise ValueError(f"name must be one line, got {record.name!r}.")
        sequence = clean(record.sequence, name=f"sequence {record.name!r}")
        if not sequence:
            raise ValueError(f"sequence {record.name!r} must not be empty.")
        lines.append(f">{record.name}")
        lines += [sequence[i : i + _LINE] for i in range(0, len(sequence), _LINE)]
    content = "".join(line + "\n" for line in lines).encode("utf-8")
    if Path(path).suffix == ".gz":
        content = gzip.compress(content, mtime=0)
    Path(path).write_bytes(content)


def _open(source: str | os.PathLike | bytes) -> io.BufferedReader:
    in_memory = not isinstance(source, (str, os.PathLike))
    return io.BufferedReader(io.BytesIO(source) if in_memory else io.FileIO(source))


def _records(text: io.TextIOBase, label: str, longest: int | None) -> Iterator[FastaRecord]:
    name: str | None = None
    pieces: list[str] = []
    length = 0
    starts_line = True
    while piece := text.readline(_PIECE):
        if starts_line and piece.startswith(">"):
            if name is not None:
                yield _record(name, pieces)
            name, pieces, length = piece[1:].strip(), [], 0
            if len(piece) == _PIECE:
                raise ValueError(
                    f"source must be FASTA text, but a name in {label} has over {_PIECE} letters."
                )
        elif letters := "".join(piece.split()):
            if name is None:
                raise ValueError(
                    f'source must be FASTA text, whose first line starts with ">", but {label} '
                    f"starts with {letters[:20]!r}."
                )
            pieces.append(letters)
            length += len(letters)
            if longest is not None and length > longest:
                raise ValueError(
                    f"sequence {name!r} must have at most {longest:,} bases, but it is longer: "
                    f"cut out the parts of interest first, such as 200 bases around each peak."
                )
        starts_line = piece.endswith("\n")
    if name is None:
        raise ValueError(f"source must hold FASTA records, but {label} is blank.")
    yield _record(name, pieces)


def _record(name: str, pieces: list[str]) -> FastaRecord:
    if not pieces:
        raise ValueError(f"sequence {name!r} must not be empty.")
    return FastaRecord(name, clean("".join(pieces), name=f"sequence {name!r}"))

"""Motifs from text in MEME, JASPAR, HOMER or TRANSFAC format, and back to MEME."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import ArgumentError, one_of, quoted, require
from motiflab.motifs.motif import Motif
from motiflab.sequences.alphabet import BASES, DNA, Alphabet
from motiflab.sequences.file_kinds import bad_source, not_ordinary, not_text
from motiflab.sequences.matrix import ROUNDING, check_background, sums_to_one

MOST_BYTES = 50_000_000
"""Largest size of a motif file in bytes: all of JASPAR CORE takes under 2 MB."""

# The letters of MEME's own alphabets, in the order of their columns.
_STANDARD = {"DNA": "ACGT", "RNA": "ACGU", "PROTEIN": "ACDEFGHIKLMNPQRSTVWY"}

_SITES = 20  # number of sites assumed for probabilities: the default of the MEME format


class _Line(NamedTuple):
    number: int  # from 1
    text: str  # without white space at its ends
    raw: str  # as in the file

    def wrong(self, sentence: str) -> ArgumentError:
        """Return an error about this line."""
        return ArgumentError("source", f"Line {self.number}: {sentence}")

    def must(self, holds: bool, sentence: str) -> None:
        """Raise an error about this line unless a condition holds."""
        if not holds:
            raise self.wrong(sentence)


def read_motifs(
    source: str | os.PathLike | bytes | bytearray | memoryview,
    format: str = "auto",
    alphabet: Alphabet = DNA,
) -> list[Motif]:
    """Read motifs from a file or from text.

    - MEME: probabilities, converted to counts with the ``nsites`` of each motif (20 if it is
      missing, as the format says). The word after ``MOTIF`` is the id, the next one the name; a
      single word is both. The file's background is ignored.
    - JASPAR: a line ``>id name`` and four rows, one for each base, with letters and brackets or
      without (then in the order A, C, G, T). A single matrix needs no first line. The "tab"
      matrices of RSAT (``a | 10 0 0``) are read, too.
    - HOMER and Cluster-Buster: a line that begins with ``>`` and any number of rows, one for each
      position, of four numbers in the order A, C, G, T.
    - TRANSFAC: ``AC`` (or ``ID``) is the id, ``NA`` (or ``ID``, or ``AC``) the name, ``P0`` or
      ``PO`` begins the rows. The tables of CIS-BP, which begin with ``Pos``, are read, too.

    Letters may be in either case, and U is read as T. Numbers may be counts or probabilities.
    Probabilities (not all whole numbers, each position with the sum 1) count as 20 sites in every
    format except MEME, which has its own number. For another number of sites, use
    ``Motif.from_probabilities(motif.probabilities(), motif.name, motif.id, nsites=...)``. A
    position of four zeros counts as a quarter of a site for each base, so it has no information,
    as in programs that add pseudocounts.

    Parameters
    ----------
    source : path, text or bytes
        A `str` with a line end is text, one without is a path; bytes are text, for example an
        upload. Text is UTF-8, with or without a byte-order mark, or else Latin-1. At most
        `MOST_BYTES`.
    format : {"auto", "meme", "jaspar", "homer", "transfac"}
        "auto" looks for the marks of MEME (``MEME version``) and TRANSFAC (``P0``). Any other text
        is read as JASPAR (a row is a base) if it has four rows of more or fewer than four numbers,
        and as HOMER (a row is a position) if it has more or fewer than four rows of four numbers.
        For four rows of four without letters, the other motifs of the file decide, or the sums,
        which are equal for all positions; if they do not decide, "jaspar" or "homer" must be given.
    alphabet : Alphabet
        The letters of the motifs. Only MEME text can have letters other than those of DNA.

    Returns
    -------
    list of Motif
        At least one, in the order of the file. An error about a line begins with its number.

    Examples
    --------
    >>> read_motifs(">X1 toy\\nA [8 0]\\nC [0 4]\\nG [0 4]\\nT [0 0]\\n")[0].iupac()
    'AS'
    >>> read_motifs(">TAC\\n0 0 0 9\\n9 0 0 0\\n0 9 0 0\\n")[0].consensus()
    'TAC'
    """
    # Not splitlines: in Latin-1 text it would break a line at other characters as well.
    raws = enumerate(re.split("\r\n|\r|\n", _text(source)), start=1)
    lines = [_Line(number, raw.strip(), raw) for number, raw in raws if raw.strip()]
    require("source", lines, "hold at least one motif, but it is empty")
    one_of("format", format, ("auto", "meme", "jaspar", "homer", "transfac"))
    kind = _guess(lines) if format == "auto" else format
    if kind == "meme":
        motifs = list(_read_meme(lines, alphabet))
    elif alphabet == DNA:
        motifs = list(_READERS[kind](lines))
    else:
        # If the format was guessed, the text is wrong, not the argument.
        argument = "source" if format == "auto" else "format"
        raise ArgumentError(
            argument,
            f"{argument} must be meme for motifs of the letters {alphabet.letters}, got {kind}: "
            "only MEME text can hold letters other than those of DNA.",
        )
    require("source", motifs, f"hold at least one motif in {kind} format, got none")
    return motifs


def write_meme(
    motifs: Iterable[Motif],
    path: str | os.PathLike | None = None,
    background: ArrayLike | None = None,
) -> str:
    """Write motifs as minimal MEME text.

    The format stores probabilities and one number of sites for each motif: here the largest sum of
    counts of its positions, rounded, at least 1. Read back, the probabilities are the same (to 9
    digits); the counts are the same if all positions had the same sum. White space in an id or
    name becomes "_".

    Parameters
    ----------
    motifs : iterable of Motif
        All of one alphabet, which the file states.
    path : path, optional
        A file to write the text to.
    background : array_like, shape (A,), optional
        Frequencies of the letters to state in the file; uniform if not given.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> text = write_meme([Motif("toy", [[3, 1, 0, 0]], "X1")])
    >>> print(text.splitlines()[-2], text.splitlines()[-1], sep="\\n")
    letter-probability matrix: alength= 4 w= 1 nsites= 4 E= 0
     0.750000000 0.250000000 0.000000000 0.000000000
    """
    motifs = list(motifs)
    alphabet = motifs[0].alphabet if motifs else DNA
    for motif in motifs:
        require(
            "motifs",
            motif.alphabet == alphabet,
            "all have one alphabet to stand in one file, "
            f"got {alphabet.letters} and {motif.alphabet.letters}",
        )
    q = check_background(background, alphabet)
    out = ["MEME version 4", "", f"ALPHABET= {alphabet.letters}", ""]
    out += ["strands: + -", ""] if alphabet.paired else []
    out += ["Background letter frequencies"]
    out += [" ".join(f"{letter} {share:.6f}" for letter, share in zip(alphabet.letters, q))]
    for number, motif in enumerate(motifs, start=1):
        names = [motif.id or motif.name or f"motif_{number}", motif.name]
        title = " ".join("_".join(name.split()) for name in dict.fromkeys(names))
        sites = max(1, round(motif.counts.sum(axis=1).max()))
        out += ["", f"MOTIF {title}".rstrip()]
        out += [
            f"letter-probability matrix: alength= {alphabet.size} w= {motif.width} "
            f"nsites= {sites} E= 0"
        ]
        out += [" " + " ".join(f"{p:.9f}" for p in row) for row in motif.probabilities()]
    text = "\n".join(out) + "\n"
    if path is not None:
        Path(path).write_text(text, encoding="utf-8")
    return text


def _text(source) -> str:
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
    elif isinstance(source, str) and ("\n" in source or "\r" in source):
        _check_size(source)
        return source.removeprefix("\ufeff")
    elif isinstance(source, (str, os.PathLike)):
        try:
            problem = not_ordinary(source)
            if not problem:
                with open(source, "rb") as file:
                    data = file.read(MOST_BYTES + 1)
        except OSError as error:
            problem = f"cannot be read ({error.strerror})"
        require(
            "source",
            not problem,
            f"be motif text or the path of a file, but {quoted(os.fsdecode(source))} {problem}",
        )
    else:
        raise bad_source(f"be text, a path or bytes, got {type(source).__name__}")
    _check_size(data)
    kind = "a gzip file: unpack it first" if data.startswith(b"\x1f\x8b") else not_text(data)
    require("source", not kind, f"be text in UTF-8, got {kind}")
    try:
        return data.decode("utf-8-sig")  # drops the byte-order mark of some editors
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _check_size(content: str | bytes) -> None:
    require(
        "source",
        len(content) <= MOST_BYTES,
        f"hold at most {MOST_BYTES // 10**6} MB of motifs, but it holds more: keep only the "
        "motifs of interest",
    )


def _guess(lines: list[_Line]) -> str:
    if any(re.match("MEME version|letter-probability", line.text) for line in lines):
        return "meme"
    return "transfac" if any(_starts_table(line) for line in lines) else "JASPAR or HOMER"


_LOOKS_LIKE = {
    r"<": "XML or HTML: save the motifs as MEME text",
    r"\{": "JSON",
    r"(track|browser)\s|[A-Za-z]\w*\t\d+\t\d+(\t|$)": "BED, which holds positions, not motifs",
    r"##?(gff|fileformat)": "GFF or VCF, which holds positions, not motifs",
    r">.*\n[A-Za-z*-]+(\n|$)": "FASTA: Motif.from_sites makes a motif of aligned sites",
    r"[A-Za-z]{5,}(\n|$)": "sequences: Motif.from_sites makes a motif of aligned sites",
    r"DE\s": "TRANSFAC text without a P0 line, as STAMP writes it: add a line P0 A C G T",
    r"Protein:|.*\n+A:": "UniPROBE: put > before the name of each motif",
    r"[^>;#].*[,;]": "a table with commas or semicolons, where white space must stand",
    r"\W*\w+(\s+[A-Za-z]\w*)+(\n|$)": "a table with a heading",
}


def _tried(lines: list[_Line]) -> str:
    """Return how the text was read when an error occurred, and which format it may have."""
    start = "\n".join(line.raw for line in lines[:2])
    kinds = (
        f"; it looks like {kind}" for form, kind in _LOOKS_LIKE.items() if re.match(form, start)
    )
    return 'read as JASPAR or HOMER, as there is no line "MEME version" and no line "P0"' + next(
        kinds, ""
    )


def _motif(
    line: _Line,
    name: str,
    id: str,
    matrix: np.ndarray,
    sites: float | None = None,
    alphabet: Alphabet = DNA,
) -> Motif:
    """Make a motif from the probabilities of `sites` sites, or from either kind of numbers."""
    unknown = (matrix == 0).all(axis=1)
    known = matrix[~unknown]
    if sites is None and sums_to_one(known).all() and (known % 1).any():
        sites = _SITES
    if sites is not None:
        matrix = matrix / np.where(unknown, 1, matrix.sum(axis=1))[:, None] * sites
    if len(known):
        matrix = np.where(unknown[:, None], 1 / alphabet.size, matrix)
    try:
        return Motif(name, matrix, id, alphabet)
    except ValueError as error:
        raise line.wrong(f"in the motif {quoted(name)}, {error}") from None


def _numbers(line: _Line, words: list[str], many: int | None) -> list[float]:
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        numbers = []
    wanted = f"{many} numbers" if many else "numbers"
    line.must(
        numbers and len(numbers) == (many or len(numbers)) and np.isfinite(numbers).all(),
        f"there must be {wanted}, got {quoted(line.raw)}.",
    )
    return numbers


def _read_meme(lines: list[_Line], alphabet: Alphabet) -> Iterator[Motif]:
    pending = None  # a MOTIF line that still waits for its matrix
    letters = "".join(sorted(alphabet.letters))  # of the columns, if no line states them
    for at, line in enumerate(lines):
        if line.text.startswith("ALPHABET"):
            letters = _meme_letters(lines, at, alphabet)
        elif line.text.split()[0] == "MOTIF":
            if pending:
                break
            pending = line
        elif line.text.startswith("letter-probability matrix"):
            line.must(pending, "a MOTIF line must come before the matrix.")
            # In the reports of MEME itself "width = 12 ..." may follow instead of a name.
            names = re.sub(r"\swidth\s*=.*", "", pending.text).split()[1:3] or [""]
            settings = dict(re.findall(r"(\w+)\s*=\s*(\S+)", line.text))
            width = _setting(line, settings, "w", default=None)
            sites = _setting(line, settings, "nsites", default=_SITES)
            matrix = _meme_matrix(lines, at, width, alphabet.size)
            matrix = matrix[:, [letters.index(letter) for letter in alphabet.letters]]
            yield _motif(pending, names[-1], names[0], matrix, sites, alphabet)
            pending = None
    if pending:
        raise pending.wrong("the motif must have a letter-probability matrix.")


def _meme_letters(lines: list[_Line], at: int, alphabet: Alphabet) -> str:
    """Return the letters of the columns in their order, or refuse another alphabet; RNA is DNA.

    The alphabet is one line, ``ALPHABET= ACGT``, or a block from ``ALPHABET "DNA" DNA-LIKE`` to
    ``END ALPHABET``: one line for each letter, or for two complements (``A ~ T``), and one with "="
    for each letter that stands for several. An empty block has the letters of the named alphabet.
    MEME sorts the columns of a block, whatever the order of its lines.
    """
    line = lines[at]
    letters = re.sub(r"ALPHABET\s*=?|\s", "", line.text)
    if "=" not in line.text:
        kind = re.search("(DNA|RNA|PROTEIN)-LIKE$", line.text)
        ends = [i for i in range(at, len(lines)) if lines[i].text.startswith("END ALPHABET")]
        block = [re.sub('"[^"]*"', "", line.text) for line in lines[at + 1 : min(ends, default=at)]]
        halves = [half.split()[:1] for core in block if "=" not in core for half in core.split("~")]
        core = "".join(sorted(sum(halves, []))) or _STANDARD[kind[1]] if kind else ""
        if kind and set(_STANDARD[kind[1]]) <= set(core):
            letters = core
    letters = alphabet.respelled(letters)
    line.must(
        sorted(letters) == sorted(alphabet.letters),
        f"the alphabet must be {alphabet.letters}, got {quoted(line.raw)}.",
    )
    return letters


def _meme_matrix(lines: list[_Line], at: int, width: float | None, size: int) -> np.ndarray:
    """Read the rows after line `at`: `width` rows, or all that begin like a number."""
    rows = []
    for line in lines[at + 1 :]:
        if len(rows) == width or (width is None and not re.match(r"[\d.+-]", line.text)):
            break
        rows.append(_numbers(line, line.text.split(), size))
        total = sum(rows[-1])
        line.must(
            total == 0 or sums_to_one(np.array(rows[-1])),
            f"the row must sum to 1, got {total:.4g}.",
        )
    wanted = "rows" if width is None else f"{width:g} rows"
    lines[at].must(
        rows and len(rows) == (width or len(rows)),
        f"the matrix must have {wanted}, got {len(rows)}.",
    )
    return np.array(rows)


def _setting(line: _Line, settings: dict[str, str], key: str, default: float | None):
    if key not in settings:
        return default
    try:
        value = float(settings[key])
    except ValueError:
        value = 0
    line.must(0 < value < 1e9, f"{key}= must be a positive number, got {quoted(settings[key])}.")
    return value


class _Record(NamedTuple):
    """One motif of a JASPAR, HOMER or RSAT file."""

    line: _Line  # its first
    rows: np.ndarray  # numbers as in the file
    letters: str  # of the rows; empty if they have none


def _read_matrices(lines: list[_Line], by_base: bool | None = None) -> Iterator[Motif]:
    """Read matrices whose rows are bases (`by_base`) or positions, or find out which."""
    try:
        records = list(_records(lines))
        layouts = [_rows_are_bases(record, by_base) for record in records]
    except ValueError as error:
        if by_base is not None:
            raise
        raise ArgumentError("source", f"{str(error)[:-1]} ({_tried(lines)}).") from None
    known = set(layouts) - {None}
    for record, bases in zip(records, layouts, strict=True):
        if bases is None:
            bases = _by_sums(record, known)
        order = record.letters or BASES
        matrix = record.rows[[order.index(base) for base in BASES]].T if bases else record.rows
        title = record.line.text[1:] if record.line.text.startswith(">") else ""
        fields = title.split("\t")
        # HOMER: consensus, name, threshold and more, between tabs; others: id and name.
        names = title.split(maxsplit=1) if bases or len(fields) < 3 else fields[:2]
        yield _motif(record.line, names[-1] if names else "", names[0] if names else "", matrix)


def _records(lines: list[_Line]) -> Iterator[_Record]:
    groups: list[list[_Line]] = [[]]
    for line in lines:
        if line.text.startswith(">") or line.text == "//":
            groups.append([])
        if line.text != "//" and line.text[0] not in ";#":  # comments of RSAT and others
            groups[-1].append(line)
    for first, *rest in filter(None, groups):
        rows = rest if first.text.startswith(">") else [first, *rest]
        letters, numbers = "", []
        for row in rows:
            letter, words = re.fullmatch(r"([ACGTUacgtu]?)[\s|:=[]*(.*?)[\s\]]*", row.text).groups()
            letters += DNA.respelled(letter)
            numbers.append(_numbers(row, words.split(), len(numbers[0]) if numbers else None))
        first.must(
            len(rows) == len(BASES) or (rows and not letters),
            f"the motif must have 4 rows, got {len(rows)}.",
        )
        first.must(
            not letters or sorted(letters) == sorted(BASES),
            "the rows must be A, C, G and T, once each.",
        )
        yield _Record(first, np.array(numbers), letters)


def _rows_are_bases(record: _Record, given: bool | None) -> bool | None:
    """Whether a row is a base, by its letters, the given format or the shape; None if unknown."""
    rows, columns = record.rows.shape
    if record.letters:
        return True
    if given is None and len(BASES) not in (rows, columns):
        raise record.line.wrong(
            "the motif must have 4 rows, one for each base, or rows of 4 numbers, one for each "
            f"position, got {rows} rows of {columns}."
        )
    if given is True and rows != len(BASES):
        raise record.line.wrong(f"the motif must have 4 rows, got {rows}.")
    if given is False and columns != len(BASES):
        raise record.line.wrong(f"the motif must have rows of 4 numbers, got {columns}.")
    return given if given is not None or rows == columns else rows == len(BASES)


def _by_sums(record: _Record, others: set[bool]) -> bool:
    """Whether a row of a 4 x 4 matrix is a base: the sums over the bases must all be equal."""
    rows = record.rows
    # Counts are exact. The sums of numbers with decimals may differ by rounding.
    slack = 2 * ROUNDING if (rows % 1).any() else 0
    even = [np.ptp(sums) <= slack * sums.mean() for sums in (rows.sum(axis=0), rows.sum(axis=1))]
    if even[0] != even[1]:
        return even[0]
    if len(others) == 1:
        return others.pop()
    if (rows == rows.T).all():
        return True  # the motif is the same both ways
    raise record.line.wrong(
        "the matrix is 4 by 4 and its sums do not say whether a row is a base or a position; give "
        'format="jaspar" (a row is a base) or format="homer" (a row is a position), or begin the '
        "rows with A, C, G, T."
    )


def _starts_table(line: _Line) -> bool:
    return line.text.split()[0].upper() in ("P0", "PO", "POS")


def _read_transfac(lines: list[_Line]) -> Iterator[Motif]:
    fields: dict[str, str] = {}
    done = False  # whether the matrix of the record has been read
    at = 0
    while at < len(lines):
        line = lines[at]
        key, *rest = line.text.split(maxsplit=1)
        value = rest[0] if rest else ""
        at += 1
        # A record ends with "//" or, without it, where the next one begins.
        if key == "//" or (key in ("AC", "ID", "NA") and (done or key in fields)):
            fields, done = {}, False
        if key in ("AC", "ID", "NA"):
            fields[key] = value
        elif _starts_table(line):
            if done:
                fields = {}
            order = "".join(DNA.respelled(value).split()[: len(BASES)])
            line.must(
                sorted(order) == sorted(BASES),
                f"{key} must name A, C, G, T, got {quoted(line.raw)}.",
            )
            rows = []
            while at < len(lines) and lines[at].text[0].isdigit():
                words = lines[at].text.split()[1 : 1 + len(BASES)]
                rows.append(_numbers(lines[at], words, len(BASES)))
                at += 1
            line.must(rows, f"there must be rows of counts below {key}.")
            id_ = fields.get("AC") or fields.get("ID", "")
            name = fields.get("NA") or fields.get("ID") or id_
            matrix = np.array(rows)[:, [order.index(base) for base in BASES]]
            done = True
            yield _motif(line, name, id_, matrix)


_READERS: dict[str, Callable[[list[_Line]], Iterator[Motif]]] = {
    "jaspar": partial(_read_matrices, by_base=True),
    "homer": partial(_read_matrices, by_base=False),
    "JASPAR or HOMER": _read_matrices,
    "transfac": _read_transfac,
}

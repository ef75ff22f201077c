"""Motifs from text in MEME, JASPAR or TRANSFAC format, and back to MEME."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from motiflab.motifs import Motif
from motiflab.sequences import BASES, check_background

Line = tuple[int, str]  # line number from 1, text without white space at its ends
_ALPHABETS = ("ALPHABET=ACGT", "ALPHABET=ACGU")


def read_motifs(source: str | os.PathLike | bytes, format: str = "auto") -> list[Motif]:
    """Read motifs from a file or from text.

    - MEME: probabilities, turned into counts by the ``nsites`` of each motif (20 where it is
      missing, as the format says). The word after ``MOTIF`` is the id, the next one the name; a
      single word is both. The file's background is not kept.
    - JASPAR: a line ``>id name`` and four rows of counts, with their letters and brackets or
      without (then in the order A, C, G, T). A lone matrix needs no first line.
    - TRANSFAC: ``AC`` (or ``ID``) is the id, ``NA`` (or ``ID``, or ``AC``) the name, ``P0`` or
      ``PO`` begins the counts.

    Parameters
    ----------
    source : path, text or bytes
        A `str` with a line end in it is text, one without is a path; bytes are text, for example
        that of an upload.
    format : {"auto", "meme", "jaspar", "transfac"}
        "auto" looks for ``MEME version`` and for the ``P0`` or ``PO`` of TRANSFAC; anything else
        is taken for JASPAR.

    Returns
    -------
    list of Motif
        At least one, in the order of the file.

    Raises
    ------
    ValueError
        If it cannot be read, is not text, or holds no motif; for a line that is wrong the message
        begins with its number.

    Examples
    --------
    >>> read_motifs(">X1 toy\\nA [8 0]\\nC [0 4]\\nG [0 4]\\nT [0 0]\\n")[0].iupac()
    'AS'
    """
    text = _text(source)
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line]
    if not lines:
        raise ValueError("source must hold at least one motif, but it is empty.")
    if format == "auto":
        format = _guess(lines)
    if format not in _READERS:
        raise ValueError(f"format must be auto, {', '.join(_READERS)}, got {format!r}.")
    motifs = list(_READERS[format](lines))
    if not motifs:
        raise ValueError(f"source must hold at least one motif in {format} format, got none.")
    return motifs


def write_meme(
    motifs: Sequence[Motif],
    path: str | os.PathLike | None = None,
    background: ArrayLike | None = None,
) -> str:
    """Write motifs as minimal MEME text.

    The format holds probabilities and one number of sites for each motif: here the largest sum of
    counts of its positions, rounded, at least 1. Read back, the probabilities are the same (to 9
    digits); the counts are if they were the same at each position. White space in an id or a
    name becomes "_".

    Parameters
    ----------
    motifs : sequence of Motif
    path : path, optional
        Where to write the text as well.
    background : array_like, shape (4,), optional
        Base frequencies to state in the file; uniform if not given.

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
    q = check_background(background)
    out = ["MEME version 4", "", "ALPHABET= ACGT", "", "strands: + -", ""]
    out += ["Background letter frequencies"]
    out += [" ".join(f"{base} {share:.6f}" for base, share in zip(BASES, q, strict=True))]
    for number, motif in enumerate(motifs, start=1):
        names = [motif.id or motif.name or f"motif_{number}", motif.name]
        title = " ".join("_".join(name.split()) for name in dict.fromkeys(names))
        sites = max(1, round(motif.counts.sum(axis=1).max()))
        out += ["", f"MOTIF {title}".rstrip()]
        out += [f"letter-probability matrix: alength= 4 w= {motif.width} nsites= {sites} E= 0"]
        out += [" " + " ".join(f"{p:.9f}" for p in row) for row in motif.probabilities()]
    text = "\n".join(out) + "\n"
    if path is not None:
        Path(path).write_text(text, encoding="utf-8")
    return text


def _text(source) -> str:
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, str) and ("\n" in source or "\r" in source):
        return source
    elif isinstance(source, (str, os.PathLike)):
        try:
            data = Path(source).read_bytes()
        except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
            reason = getattr(error, "strerror", None) or error
            raise ValueError(
                f"source must be motif text or the path of a file, but {os.fspath(source)!r} "
                f"cannot be read ({reason})."
            ) from error
    else:
        raise ValueError(f"source must be text, a path or bytes, got {type(source).__name__}.")
    try:
        return data.decode("utf-8-sig")  # drops the byte-order mark of some editors
    except UnicodeDecodeError:
        raise ValueError("source must be text, got a binary file.") from None


def _guess(lines: list[Line]) -> str:
    if any(line.startswith("MEME version") for _, line in lines):
        return "meme"
    if any(line.split()[0] in ("P0", "PO") for _, line in lines):
        return "transfac"
    return "jaspar"


def _motif(number: int, name: str, id: str, counts: np.ndarray) -> Motif:
    try:
        return Motif(name, counts, id)
    except ValueError as error:
        raise ValueError(f"Line {number}: in the motif {_shown(name)}, {error}") from None


def _numbers(number: int, words: list[str], many: int | None) -> list[float]:
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        numbers = []
    if not numbers or len(numbers) != (many or len(numbers)):
        wanted = f"{many} numbers" if many else "numbers"
        raise ValueError(f"Line {number}: there must be {wanted}, got {_shown(' '.join(words))}.")
    return numbers


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "...")


def _read_meme(lines: list[Line]) -> Iterator[Motif]:
    pending = 0  # number of the MOTIF line whose matrix has not come yet
    for at, (number, line) in enumerate(lines):
        words = line.split()
        if words[0].startswith("ALPHABET") and "".join(words) not in _ALPHABETS:
            raise ValueError(f"Line {number}: the alphabet must be ACGT, got {_shown(line)}.")
        if words[0] == "MOTIF":
            if pending:
                break
            # The reports of MEME itself may have no name and go on with "width = 12 ...".
            names = [word for word in words[1:3] if word != "width"] or [""]
            pending = number
        elif line.startswith("letter-probability matrix"):
            if not pending:
                raise ValueError(f"Line {number}: a MOTIF line must come before the matrix.")
            settings = dict(re.findall(r"(\w+)\s*=\s*(\S+)", line))
            width = _setting(number, settings, "w", default=None)
            sites = _setting(number, settings, "nsites", default=20)
            yield _motif(pending, names[-1], names[0], _meme_matrix(lines, at, width) * sites)
            pending = 0
    if pending:
        raise ValueError(f"Line {pending}: the motif must have a letter-probability matrix.")


def _meme_matrix(lines: list[Line], at: int, width: float | None) -> np.ndarray:
    """Read the rows after line `at`: `width` of them, or all that begin like a number."""
    rows = []
    for number, line in lines[at + 1 :]:
        if len(rows) == width or (width is None and not re.match(r"[\d.+-]", line)):
            break
        rows.append(_numbers(number, line.split(), 4))
        if abs(sum(rows[-1]) - 1) > 0.01:
            raise ValueError(f"Line {number}: the row must sum to 1, got {sum(rows[-1]):.4g}.")
    if not rows or len(rows) != (width or len(rows)):
        wanted = "rows" if width is None else f"{width:g} rows"
        raise ValueError(f"Line {lines[at][0]}: the matrix must have {wanted}, got {len(rows)}.")
    return np.array(rows) / np.sum(rows, axis=1, keepdims=True)


def _setting(number: int, settings: dict[str, str], key: str, default: float | None):
    if key not in settings:
        return default
    try:
        value = float(settings[key])
    except ValueError:
        value = 0
    if not 0 < value < 1e9:
        raise ValueError(
            f"Line {number}: {key}= must be a positive number, got {_shown(settings[key])}."
        )
    return value


def _read_jaspar(lines: list[Line]) -> Iterator[Motif]:
    starts = [at for at, (_, line) in enumerate(lines) if line.startswith(">")]
    if 0 not in starts:  # a matrix without a first line
        starts = [0, *starts]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        number, line = lines[start]
        names = line[1:].split(maxsplit=1) if line.startswith(">") else []
        rows = lines[start + line.startswith(">") : end]
        if len(rows) != 4:
            raise ValueError(f"Line {number}: the motif must have 4 rows, got {len(rows)}.")
        by_base: dict[str, list[float]] = {}
        many = None
        for base, (row_number, row) in zip(BASES, rows, strict=True):
            letter = row[0].replace("U", "T") if row[0] in "ACGTU" else base
            numbers = _numbers(row_number, row.lstrip("ACGTU|[ \t").rstrip("] \t").split(), many)
            by_base[letter], many = numbers, len(numbers)
        if len(by_base) != 4:
            raise ValueError(f"Line {number}: the rows must be A, C, G and T, once each.")
        matrix = np.array([by_base[base] for base in BASES]).T
        yield _motif(number, names[-1] if names else "", names[0] if names else "", matrix)


def _read_transfac(lines: list[Line]) -> Iterator[Motif]:
    fields: dict[str, str] = {}
    at = 0
    while at < len(lines):
        number, line = lines[at]
        key, *rest = line.split(maxsplit=1)
        value = rest[0] if rest else ""
        at += 1
        if key == "//":
            fields = {}
        elif key in ("AC", "ID", "NA"):
            fields[key] = value
        elif key in ("P0", "PO"):
            order = value.split()[:4]
            if sorted(order) != sorted(BASES):
                raise ValueError(f"Line {number}: {key} must name A, C, G, T, got {_shown(line)}.")
            rows = []
            while at < len(lines) and lines[at][1][0].isdigit():
                rows.append(_numbers(lines[at][0], lines[at][1].split()[1:5], 4))
                at += 1
            if not rows:
                raise ValueError(f"Line {number}: there must be rows of counts below {key}.")
            id_ = fields.get("AC") or fields.get("ID", "")
            name = fields.get("NA") or fields.get("ID") or id_
            matrix = np.array(rows)[:, [order.index(base) for base in BASES]]
            yield _motif(number, name, id_, matrix)


_READERS: dict[str, Callable[[list[Line]], Iterator[Motif]]] = {
    "meme": _read_meme,
    "jaspar": _read_jaspar,
    "transfac": _read_transfac,
}

"""Read what learners hand in to a challenge: scores, motifs and a grammar.

Nothing in it is trusted. Links are not followed, the size is checked before anything is read, no
archive is unpacked, and each part is read on its own: a mistake in one costs only that part.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from motiflab.checks import one_of, quoted
from motiflab.course.collected import tidy
from motiflab.datasets.challenge_worlds import ANY, ORDERS, STRANDS, Rule
from motiflab.motifs import Motif, information, read_motifs
from motiflab.sequences import not_ordinary, not_text

PREDICTIONS, MOTIFS, GRAMMAR = "predictions.csv", "motifs.txt", "grammar.txt"

MOST_BYTES = 1_000_000
"""Largest size of a file that is read."""

WIDEST = 20
"""Most positions of a motif: a longer one could hold several guesses."""

_NAME = 60  # characters
_DECIMAL = re.compile(r"[-+]?\d+,\d+")
_LETTERS = re.compile(r"[ACGTUNacgtun\s]+")
_GAP = re.compile(r"(\d{1,3})(?:\s*(?:-|–|to)\s*(\d{1,3}))?")


@dataclass
class HandedIn:
    """What one learner or team handed in.

    Attributes
    ----------
    name : str
        That of the folder.
    scores : ndarray, shape (N,), or None
        One for each test sequence; None if they are missing or wrong.
    motifs : list of Motif
    rule : Rule or None
        The grammar; None if it is missing or wrong.
    remarks : list of str
        Sentences on what is missing, wrong or left out.
    """

    name: str
    scores: np.ndarray | None = None
    motifs: list[Motif] = field(default_factory=list)
    rule: Rule | None = None
    remarks: list[str] = field(default_factory=list)


def read_handed_in(folder: Path, ids: Sequence[str], most: int) -> list[HandedIn]:
    """Read every folder in a folder, in the order of their names.

    Parameters
    ----------
    folder : Path
    ids : sequence of str
        Ids of the test sequences, in their order.
    most : int
        Number of motifs that are asked for; further ones are left out. With one there is no
        grammar, so none is read.

    Returns
    -------
    list of HandedIn
        Also for links and files, each with a remark.

    Raises
    ------
    ValueError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise ValueError(f"There is no folder {folder} for what learners hand in.")
    paths = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__MACOSX")))
    return [_read(path, ids, most) for path in paths]


def _read(path: Path, ids: Sequence[str], most: int) -> HandedIn:
    one = HandedIn(tidy(unicodedata.normalize("NFC", path.name), _NAME) or "?")
    if path.is_symlink():
        one.remarks.append("This is a link, so it was not read.")
    elif not path.is_dir():
        one.remarks.append("This is not a folder: an archive must be unpacked first.")
    else:
        path = _unpacked(path)
        one.scores = _part(one, path / PREDICTIONS, lambda data: read_scores(_text(data), ids))
        one.motifs = _part(one, path / MOTIFS, lambda data: _motifs(one, data, most)) or []
        if most > 1:
            one.rule = _part(one, path / GRAMMAR, lambda data: read_rule(_text(data)))
    return one


def _unpacked(path: Path) -> Path:
    """Return the only folder inside a folder, as archives make it, or else the folder itself."""
    try:
        inside = [inner for inner in path.iterdir() if not inner.name.startswith((".", "__MACOSX"))]
    except OSError:  # what cannot be read is said of each file
        return path
    if len(inside) != 1 or inside[0].name in (PREDICTIONS, MOTIFS, GRAMMAR):
        return path
    return inside[0] if inside[0].is_dir() and not inside[0].is_symlink() else path


def _part(one: HandedIn, path: Path, read: Callable[[bytes], Any]) -> Any:
    """Read one file; if that fails, add a remark and return None."""
    try:
        return read(_content(path))
    except FileNotFoundError:
        one.remarks.append(f"{path.name}: It is missing.")
    except OSError as problem:
        why = problem.strerror or "the system does not say why"
        one.remarks.append(f"{path.name}: It cannot be read: {why}.")
    except (ValueError, csv.Error) as problem:
        one.remarks.append(tidy(f"{path.name}: {problem}", 300))
    return None


def _content(path: Path) -> bytes:
    problem = "is a link" if path.is_symlink() else not_ordinary(path)
    if problem:
        raise ValueError(f"It {problem}, so it was not read.")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"It is larger than {MOST_BYTES // 10**6} MB, so it was not read.")
    content = path.read_bytes()
    kind = not_text(content)
    if kind:
        raise ValueError(f"It must be text in UTF-8, got {kind}.")
    return content


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("It must be text in UTF-8.") from None


def read_scores(text: str, ids: Sequence[str]) -> np.ndarray:
    """Read the score of each test sequence from a table.

    Parameters
    ----------
    text : str
        A line ``id,score``, then a line for each sequence, in any order. Columns may also be
        separated by semicolons or tabs; then a comma in a number is read as a point.
    ids : sequence of str

    Returns
    -------
    ndarray, shape (N,)
        Finite, in the order of `ids`.

    Examples
    --------
    >>> read_scores("id;score\\nb;0,5\\na;2\\n", ["a", "b"]).tolist()
    [2.0, 0.5]
    """
    if text.startswith("sep="):  # a line that tells Excel what separates the columns
        text = text.partition("\n")[2]
    first = text.partition("\n")[0]
    between = next((sign for sign in ";\t" if sign in first), ",")
    found: dict[str, float] = {}
    wanted = set(ids)
    rows = csv.reader(io.StringIO(text), delimiter=between)
    heads = [cell.strip().lower() for cell in next(rows, [])]
    if heads[:1] == ["id"] and len(heads) > 1 and heads[1] != "score":
        raise ValueError(f"The second column is called {quoted(heads[1])}: call it score.")
    if heads[:2] != ["id", "score"]:
        raise ValueError(f"The first line must be id,score, got {quoted(first.strip())}.")
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        line = f"Line {rows.line_num}: "
        if between == "," and _DECIMAL.fullmatch(",".join(cells[1:])):
            raise ValueError(
                f"{line}{','.join(cells[1:])} has a decimal comma: write a point, or separate the "
                "columns by semicolons."
            )
        if len(cells) < 2 or any(cells[2:]):
            raise ValueError(f"{line}it must hold an id and a score, got {quoted(row[0])}.")
        id, number = cells[0], cells[1] if between == "," else cells[1].replace(",", ".")
        if id not in wanted:
            raise ValueError(f"{line}{quoted(id)} is not an id of the test sequences.")
        if id in found:
            raise ValueError(f"{line}{id} stands in two lines.")
        found[id] = _number(number, line)
    missing = [id for id in ids if id not in found]
    if missing:
        raise ValueError(
            f"{len(missing):,} of {len(ids):,} ids are missing; the first is {missing[0]}."
        )
    return np.array([found[id] for id in ids])


def _number(text: str, line: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{line}the score must be a finite number, got {quoted(text)}.")
    return number


def _motifs(one: HandedIn, content: bytes, most: int) -> list[Motif]:
    if _LETTERS.fullmatch(content.decode("latin-1")):
        raise ValueError("It must hold a matrix, not letters: see the example.")
    motifs = read_motifs(content)
    if len(motifs) > most:
        one.remarks.append(f"{MOTIFS}: Only the first {most} of {len(motifs)} motifs count.")
    for number, motif in enumerate(motifs[:most], 1):
        if motif.width > WIDEST:
            raise ValueError(f"Motif {number} must have at most {WIDEST} positions.")
        if information(motif.probabilities()).sum() < 1:
            raise ValueError(f"Motif {number} holds less than 1 bit: it would fit anywhere.")
    return motifs[:most]


def read_rule(text: str) -> Rule:
    """Read a grammar from lines such as ``gap: 4-9``; what is not named is any.

    Parameters
    ----------
    text : str
        Lines ``order: 1 before 2``, ``strands: same`` and ``gap: 7``.

    Examples
    --------
    >>> read_rule("order: any\\nstrands: opposite\\ngap: 4-9\\n")
    Rule(order='any', strands='opposite', gap=(4, 9))
    """
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, colon, value = (part.strip().lower() for part in line.partition(":"))
        if line.strip():
            if not colon or name not in Rule._fields:
                raise ValueError(
                    f"Line {number}: it must begin with order:, strands: or gap:, got "
                    f"{quoted(line)}."
                )
            found[name] = " ".join(value.split())
    order = one_of("order", found.get("order", ANY), (*ORDERS, ANY))
    strands = one_of("strands", found.get("strands", ANY), (*STRANDS, ANY))
    if order != ANY and strands == ANY:
        raise ValueError("With an order, strands must be same or opposite.")
    return Rule(order, strands, _gap(found.get("gap", ANY)))


def _gap(text: str) -> tuple[int, int] | None:
    match = _GAP.fullmatch(text)
    if text != ANY and not match:
        raise ValueError(f"The gap must be any, or such as 7 or 4-9, got {quoted(text)}.")
    return (int(match[1]), int(match[2] or match[1])) if match else None

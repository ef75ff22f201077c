"""A blind test for a class: make it, hand it in, score it.

The labels of the test sequences follow from a number of 128 random bits, which only the key holds.
The world, the training data and the test data have seeds of their own, each a SHA-256 digest of
that number: who reconstructs one from the data knows nothing about the others.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import secrets
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np
from markupsafe import Markup

from motiflab.checks import one_of
from motiflab.course.collected import tidy
from motiflab.course.found import LEAST, Found, judge_rule, match_motifs
from motiflab.course.handed_in import (
    GRAMMAR,
    MOST_BYTES,
    MOTIFS,
    PREDICTIONS,
    WIDEST,
    HandedIn,
    read_handed_in,
)
from motiflab.course.page import templates, wide_table
from motiflab.course.report import harmless
from motiflab.datasets.challenge_worlds import (
    ANY,
    GAPS,
    LEVELS,
    ORDERS,
    STRANDS,
    Rule,
    challenge_world,
)
from motiflab.datasets.dataset import Dataset
from motiflab.evaluation import (
    bootstrap_areas,
    bootstrap_counts,
    bootstrap_range,
    guessed_areas,
    precision_recall,
    shared_places,
)
from motiflab.figures import BoardLine, board_svg
from motiflab.motifs import Motif, read_motifs, write_meme

DRAWS, SEED = 1000, 0
"""Number of bootstrap samples, and their seed."""

_BITS = 128
_WHEN = (2000, 1, 1, 0, 0, 0)  # date of all that is handed out
_EXAMPLE = ">example GATAA\nA [0 9 0 9 9]\nC [0 0 0 0 0]\nG [9 0 0 0 0]\nT [0 0 9 0 0]\n"
_SECRET = (
    "Do not hand out this folder: key.json holds the labels of the test sequences, and the number "
    "from which everything was drawn.\n"
)


def challenge_data(level: int, number: int) -> tuple[Dataset, Dataset, Rule]:
    """Return the training data, the test data with its best score, and the grammar of a challenge.

    Parameters
    ----------
    level : {1, 2, 3}
    number : int
        The number in the key.

    Examples
    --------
    >>> train, test, rule = challenge_data(1, number=5)
    >>> len(train), len(test), rule.gap
    (2000, 400, None)
    """
    size, world = LEVELS[level], challenge_world(level, _seed(number, "world"))
    train = world.draw(size.train, _seed(number, "train"))
    test = world.draw(size.test, _seed(number, "test"))
    return train, test, world.rule


def _seed(number: int, purpose: str) -> int:
    digest = hashlib.sha256(f"motiflab {purpose} {number:032x}".encode()).digest()
    return int.from_bytes(digest[: _BITS // 8])


def make_challenge(folder: Path, level: int = 1, title: str = "Motif challenge") -> Path:
    """Write a challenge: `hand_out` and `hand_out.zip` for learners, and `key` for the teacher.

    Parameters
    ----------
    folder : Path
        A new or empty folder.
    level : {1, 2, 3}
        One motif, two motifs among decoys, or a hidden grammar.
    title : str
        Heading of the pages.

    Returns
    -------
    Path
        The folder `hand_out`.

    Examples
    --------
    >>> import tempfile
    >>> out = make_challenge(Path(tempfile.mkdtemp()))
    >>> sorted(path.name for path in out.parent.iterdir())
    ['hand_out', 'hand_out.zip', 'handed_in', 'key']
    """
    folder = Path(folder)
    one_of("level", level, LEVELS)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} must be a new or an empty folder: nothing is written over.")
    number, title = secrets.randbits(_BITS), tidy(title, 80) or "Motif challenge"
    train, test, rule = challenge_data(level, number)
    for data, name in ((train, "train"), (test, "test")):
        data.names[:] = [f"{name}_{i:04}" for i in range(1, len(data) + 1)]
    files = _hand_out(level, title, train, test)
    key = {
        "title": title,
        "level": level,
        "number": f"{number:032x}",
        "made by motiflab": version("motiflab"),
        "ids": test.names,
        "labels": test.labels.tolist(),
        "optimum": test.optimum.round(6).tolist(),
        "rule": rule,
    }
    for path in (folder / "key", folder / "handed_in"):
        path.mkdir(parents=True)
    (folder / "key" / "DO_NOT_HAND_OUT.txt").write_text(_SECRET, encoding="utf-8")
    (folder / "key" / "key.json").write_text(json.dumps(key, indent=1), encoding="utf-8")
    write_meme(train.motifs, folder / "key" / MOTIFS)
    (folder / "key" / GRAMMAR).write_text(written_rule(rule), encoding="utf-8")
    _write(folder / "hand_out", files)
    return folder / "hand_out"


def _hand_out(level: int, title: str, train: Dataset, test: Dataset) -> dict[str, str]:
    """Return the text of every file that is handed out, by its path."""
    scores = zip(test.names, [0.5] * len(test))
    # Level 2 has no rule, so an example without any would be right there as it is.
    made_up = Rule(ORDERS[1], STRANDS[1], (4, 9))
    grammar = {f"example/{GRAMMAR}": written_rule(made_up)} if len(train.motifs) > 1 else {}
    page = templates().get_template("instructions.html.j2")
    return {
        "instructions.html": page.render(
            title=title,
            level=level,
            size=LEVELS[level],
            most=len(train.motifs),
            gaps=GAPS,
            least=LEAST,
            megabytes=MOST_BYTES // 10**6,
            widest=WIDEST,
        ),
        "train.csv": _table(
            ["id", "sequence", "label"], zip(train.names, train.sequences, train.labels)
        ),
        "test.csv": _table(["id", "sequence"], zip(test.names, test.sequences)),
        "train_positives.fa": _fasta(train.subset(train.labels == 1)),
        "train_negatives.fa": _fasta(train.subset(train.labels == 0)),
        "test.fa": _fasta(test),
        f"example/{PREDICTIONS}": _table(["id", "score"], scores),
        f"example/{MOTIFS}": _EXAMPLE,
        **grammar,
    }


def _write(folder: Path, files: dict[str, str]) -> None:
    """Write files and a zip archive of them, all with the same date."""
    seconds = 946_684_800  # 1 January 2000
    with zipfile.ZipFile(folder.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
            os.utime(path, (seconds, seconds))
            archive.writestr(zipfile.ZipInfo(f"{folder.name}/{name}", _WHEN), text.encode("utf-8"))


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heads, *rows])
    return text.getvalue()


def _fasta(data: Dataset) -> str:
    return "".join(f">{name}\n{sequence}\n" for name, sequence in zip(data.names, data.sequences))


def written_rule(rule: Rule) -> str:
    """Return a grammar as the lines of a file.

    >>> print(written_rule(Rule(strands="same", gap=(4, 9))), end="")
    order: any
    strands: same
    gap: 4-9
    """
    least, most = rule.gap or (ANY, ANY)
    gap = f"{least}" if least == most else f"{least}-{most}"
    return f"order: {rule.order}\nstrands: {rule.strands}\ngap: {gap}\n"


def read_challenge(hand_out: Path) -> tuple[Dataset, list[str], list[str]]:
    """Read what is handed out: the training data, and ids and sequences of the test.

    Parameters
    ----------
    hand_out : Path

    Returns
    -------
    train : Dataset
    ids, sequences : list of str
        Of the test.
    """
    train, test = (_rows(Path(hand_out) / f"{name}.csv") for name in ("train", "test"))
    labels = [int(row["label"]) for row in train]
    data = Dataset.of([row["sequence"] for row in train], labels, [row["id"] for row in train])
    return data, [row["id"] for row in test], [row["sequence"] for row in test]


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        raise ValueError(
            f"There is no challenge in {path.parent}: {path.name} is missing."
        ) from None


def hand_in(
    folder: Path,
    ids: Sequence[str],
    scores: Sequence[float],
    motifs: Sequence[Motif] = (),
    rule: Rule = Rule(),  # noqa: B008
) -> Path:
    """Write the three files that are handed in.

    Parameters
    ----------
    folder : Path
        Its name is the learner's or the team's.
    ids, scores : sequence
        One of each for every test sequence; larger means more likely positive.
    motifs : sequence of Motif
    rule : Rule

    Returns
    -------
    Path
        The folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    table = _table(["id", "score"], zip(ids, map(float, scores), strict=True))
    (folder / PREDICTIONS).write_text(table, encoding="utf-8")
    if motifs:
        write_meme(motifs, folder / MOTIFS)
    (folder / GRAMMAR).write_text(written_rule(rule), encoding="utf-8")
    return folder


@dataclass
class BoardEntry:
    """One line of the board.

    Attributes
    ----------
    handed : HandedIn
    areas : ndarray, shape (DRAWS,), or None
        AUPRC of the bootstrap samples; None without scores.
    line : BoardLine or None
        AUPRC and its range.
    found : list of Found
        Of each planted motif.
    right : dict of str to bool, or None
        Of order, strands and gap; None without a grammar.
    place : (int, int) or None
        Best and worst.
    """

    handed: HandedIn
    areas: np.ndarray | None
    line: BoardLine | None
    found: list[Found]
    right: dict[str, bool] | None
    place: tuple[int, int] | None = None

    @property
    def places(self) -> str:
        """The place, or the places that it shares with others."""
        best, worst = self.place or ("", "")
        return str(best) if best == worst else f"{best} to {worst}"

    @property
    def motifs(self) -> str:
        """How many of the planted motifs were found, and how similar they are."""
        count = sum(bool(one.strand) for one in self.found)
        values = ", ".join(f"{one.similarity:.2f}" for one in self.found)
        return f"{count} of {len(self.found)} ({values})" if self.handed.motifs else ""

    @property
    def grammar(self) -> str:
        """What is right of the grammar, and what is wrong."""
        if self.right is None:
            return ""
        words = ", ".join(f"{name} {'right' if ok else 'wrong'}" for name, ok in self.right.items())
        return f"right ({words})" if all(self.right.values()) else f"wrong ({words})"


@dataclass
class Board:
    """The scores of a challenge.

    Attributes
    ----------
    title : str
    level : int
    entries : list of BoardEntry
        Best first.
    limit, guess : BoardLine
        AUPRC of the exact likelihood ratio, and of a random ranking.
    tests : int
        Number of test sequences.
    """

    title: str
    level: int
    entries: list[BoardEntry]
    limit: BoardLine
    guess: BoardLine
    tests: int

    @property
    def scored(self) -> int:
        """How many hand-ins have scores."""
        return sum(e.line is not None for e in self.entries)

    @property
    def rows(self) -> list[list[str]]:
        """The cells of the table: the best possible, the hand-ins, guessing, and the unscored."""
        rows = [
            [
                e.handed.name,
                e.places or "no scores",
                *_numbers(e.line),
                e.motifs,
                e.grammar,
                " ".join(e.handed.remarks),
            ]
            for e in self.entries
        ]
        limit, guess = (
            [line.name, "", *_numbers(line), "", "", ""] for line in (self.limit, self.guess)
        )
        return [limit, *rows[: self.scored], guess, *rows[self.scored :]]


def read_board(folder: Path) -> Board:
    """Score everything in the folder `handed_in` of a challenge.

    Parameters
    ----------
    folder : Path
        As given to `make_challenge`.

    Returns
    -------
    Board

    Raises
    ------
    ValueError
        If there is no key, or it is damaged.
    """
    folder = Path(folder)
    try:
        key = json.loads((folder / "key" / "key.json").read_text(encoding="utf-8"))
        labels, optimum = np.array(key["labels"]), np.array(key["optimum"])
        order, strands, gap = key["rule"]
        truth = Rule(order, strands, None if gap is None else (gap[0], gap[1]))
        planted = read_motifs(folder / "key" / MOTIFS)
    except FileNotFoundError:
        raise ValueError(f"There is no challenge in {folder}: it holds no key.") from None
    except (KeyError, TypeError, json.JSONDecodeError):
        raise ValueError(f"The key in {folder} is damaged.") from None
    counts = bootstrap_counts(labels, DRAWS, SEED)
    entries = []
    for one in read_handed_in(folder / "handed_in", key["ids"], len(planted)):
        found, areas, line = match_motifs(one.motifs, planted), None, None
        if one.scores is not None:
            areas = bootstrap_areas(labels, one.scores, counts)
            line = _line(one.name, labels, one.scores, areas)
            values = np.unique(one.scores)
            if len(values) < len(one.scores) / 2:
                one.remarks.append(
                    f"Different scores: {len(values)} of {len(one.scores)}. Sequences with the "
                    "same score are called together, so finer scores usually rank better."
                )
        right = None if one.rule is None else judge_rule(one.rule, truth, found)
        entries.append(BoardEntry(one, areas, line, found, right))
    scored = [entry for entry in entries if entry.line]
    places = shared_places([entry.areas for entry in scored]) if scored else []
    for entry, place in zip(scored, places, strict=True):
        entry.place = place
    # Without scores last; otherwise by place, then by the AUPRC itself, then by name.
    entries.sort(
        key=lambda e: (not e.line, e.place or (), -(e.line.area if e.line else 0), e.handed.name)
    )
    best = _line(
        "Best possible", labels, optimum, bootstrap_areas(labels, optimum, counts), "limit"
    )
    guesses = guessed_areas(int(labels.sum()), int((1 - labels).sum()), DRAWS, SEED)
    guess = BoardLine("Guessing", float(guesses.mean()), *bootstrap_range(guesses), "guess")
    return Board(str(key["title"]), int(key["level"]), entries, best, guess, len(labels))


def _line(
    name: str, labels: np.ndarray, scores: np.ndarray, areas: np.ndarray, kind: str = "hand-in"
) -> BoardLine:
    return BoardLine(name, precision_recall(labels, scores).area, *bootstrap_range(areas), kind)


def score_challenge(folder: Path) -> tuple[Path, Path, list[str]]:
    """Write `leaderboard.csv` and `leaderboard.html` into the folder of a challenge.

    Parameters
    ----------
    folder : Path
        As given to `make_challenge`.

    Returns
    -------
    csv, html : Path
    words : list of str
        A line for each hand-in with anything missing, wrong or left out, and how many have scores.
    """
    board, folder = read_board(folder), Path(folder)
    paths = folder / "leaderboard.csv", folder / "leaderboard.html"
    heads = ["name", "place", "AUPRC", "from", "to", "motifs found", "grammar", "remarks"]
    rows = [[*map(harmless, row)] for row in board.rows]
    try:
        # Without a byte order mark at the start, Excel reads the file as Latin-1.
        paths[0].write_text(_table(heads, rows), encoding="utf-8-sig", newline="")
        paths[1].write_text(board_page(board), encoding="utf-8")
    except OSError as problem:
        raise ValueError(
            f"The leaderboard cannot be written to {folder} ({problem.strerror}): is it open "
            "elsewhere?"
        ) from None
    said = [f"{name}: {remarks}" for name, *_, remarks in board.rows if remarks]
    return *paths, [*said, f"{board.scored} of {len(board.entries)} hand-ins have scores."]


def _numbers(line: BoardLine | None) -> list[str]:
    return [f"{value:.3f}" for value in line[1:4]] if line else ["", "", ""]


def board_page(board: Board) -> str:
    """Return the HTML of the leaderboard.

    Parameters
    ----------
    board : Board
    """
    lines = [board.limit, *(e.line for e in board.entries if e.line), board.guess]
    lowest = min(line.low for line in lines)
    rows = [row[:-1] for row in board.rows]
    heads = ["Name", "Place", "AUPRC", "from", "to", "Motifs found", "Grammar"]
    return (
        templates()
        .get_template("board.html.j2")
        .render(
            title=f"{board.title}: leaderboard",
            board=board,
            size=LEVELS[board.level],
            picture=Markup(board_svg(lines, "AUPRC and its range", "board", int(lowest * 10) / 10)),
            table=wide_table(heads, rows),
            remarks=[(e.handed.name, said) for e in board.entries for said in e.handed.remarks],
            wide_table=wide_table,
            draws=DRAWS,
            seed=SEED,
            least=LEAST,
            today=date.today().isoformat(),
        )
    )

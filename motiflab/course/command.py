"""The command line: `motiflab lab`, `motiflab course ...` and `motiflab challenge ...`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from motiflab.exercises import KEYS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line program `motiflab`.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command line arguments; by default those of this process.

    Returns
    -------
    int
        0 on success, 1 after an error, which is printed in one sentence.
    """
    asked = _parser().parse_args(arguments)
    try:
        print(asked.do(asked))
    except (ValueError, OSError) as problem:
        print(f"motiflab: {problem}", file=sys.stderr)
        return 1
    return 0


def _make(asked: argparse.Namespace) -> str:
    from motiflab.course.notebooks import make_course

    parts = None if asked.parts is None else asked.parts.replace(",", " ").split()
    paths = make_course(asked.folder, asked.solutions, parts, asked.seed)
    return f"{asked.folder}: {len(paths)} notebooks. Now read {asked.folder / 'README.md'}."


def _report(asked: argparse.Namespace) -> str:
    from motiflab.course.report import report

    return "\n".join(map(str, report(asked.folder, asked.into)))


def _make_challenge(asked: argparse.Namespace) -> str:
    from motiflab.course.challenge import make_challenge

    make_challenge(asked.folder, asked.level, asked.title)
    command = sys.argv[0] if Path(sys.argv[0]).stem == "motiflab" else "motiflab"
    return (
        f"1. Hand out {asked.folder / 'hand_out.zip'} (or the folder hand_out). Keep the folder "
        f"key to yourself.\n2. Put what learners hand in, a folder each, into "
        f"{asked.folder / 'handed_in'}.\n3. Run: {command} challenge score {asked.folder}"
    )


def _score_challenge(asked: argparse.Namespace) -> str:
    from motiflab.course.challenge import score_challenge

    table, page, words = score_challenge(asked.folder)
    return "\n".join([*words, f"Open {page}; the same as a table: {table}"])


def _lab(asked: argparse.Namespace) -> str:
    from motiflab.course.alone import open_lab

    print("Starting the lab; Ctrl-C ends it.", flush=True)
    return open_lab(asked.scene)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="motiflab", description="Tools for teachers.")
    parts = parser.add_subparsers(required=True, metavar="lab|course|challenge")
    lab = parts.add_parser("lab", help="open the live lab alone in the browser, for a lecture")
    lab.add_argument(
        "--scene", help="a scene to start with: the line that the lab shows under Share"
    )
    lab.set_defaults(do=_lab)
    course = parts.add_parser("course", help="make exercise notebooks, and report on a class")
    commands = course.add_subparsers(required=True, metavar="make|report")

    make = commands.add_parser("make", help="write a folder of notebooks to hand out")
    make.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder")
    make.add_argument(
        "--solutions", action="store_true", help="also write solved notebooks, for nbgrader"
    )
    make.add_argument("--parts", help=f"only these sets, separated by commas: {', '.join(KEYS)}")
    make.add_argument(
        "--seed", help="give everyone the same numbers, drawn from this word or number"
    )
    make.set_defaults(do=_make)

    report = commands.add_parser("report", help="report how a class is doing, from its notebooks")
    report.add_argument(
        "folder", type=Path, metavar="DIR", help="folder with the notebooks, at any depth"
    )
    report.add_argument("--into", type=Path, metavar="DIR", help="where to write; by default there")
    report.set_defaults(do=_report)
    challenge = parts.add_parser(
        "challenge",
        help="make a blind test for a class, and score what learners hand in",
        description="A blind test: learners predict labels that only you know. First make, then "
        "hand out hand_out.zip, collect a folder from each learner in handed_in, and score.",
    )
    commands = challenge.add_subparsers(required=True, metavar="make|score")
    make = commands.add_parser("make", help="write files to hand out, and a key to keep")
    make.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder")
    make.add_argument(
        "--level",
        type=int,
        default=1,
        choices=(1, 2, 3),
        help="1: one motif; 2: two motifs among decoys; 3: a hidden grammar (by default 1)",
    )
    make.add_argument("--title", default="Motif challenge", help="heading of the pages")
    make.set_defaults(do=_make_challenge)
    score = commands.add_parser("score", help="write the leaderboard, as a table and a page")
    score.add_argument("folder", type=Path, metavar="DIR", help="the folder of the challenge")
    score.set_defaults(do=_score_challenge)
    return parser

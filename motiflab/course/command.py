"""The command line: `motiflab lab`, `motiflab course make DIR`, `motiflab course report DIR`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from motiflab.exercises import KEYS


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of this process if not given.

    Returns
    -------
    int
        0 if it was done, 1 if it could not be, which is then said in one sentence.
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
    return (
        f"{asked.folder}: {len(paths)} notebooks; {asked.folder / 'README.md'} says how to go on."
    )


def _report(asked: argparse.Namespace) -> str:
    from motiflab.course.report import report

    return "\n".join(map(str, report(asked.folder, asked.into)))


def _lab(asked: argparse.Namespace) -> str:
    from motiflab.course.alone import open_lab

    print("Starting the lab; Ctrl-C ends it.", flush=True)
    return open_lab(asked.scene)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="motiflab", description="Tools for teachers.")
    parts = parser.add_subparsers(required=True, metavar="lab|course")
    lab = parts.add_parser("lab", help="open the live lab alone in the browser, for a lecture")
    lab.add_argument(
        "--scene", help="the scene to begin with: the line that a lab shows under Share"
    )
    lab.set_defaults(do=_lab)
    course = parts.add_parser("course", help="hand out, collect and report on the exercises")
    commands = course.add_subparsers(required=True, metavar="make|report")

    make = commands.add_parser("make", help="write a folder of notebooks to hand out")
    make.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder")
    make.add_argument("--solutions", action="store_true", help="the solved ones and nbgrader's too")
    make.add_argument("--parts", help=f"only these, separated by commas: {', '.join(KEYS)}")
    make.add_argument(
        "--seed", help="the same numbers for everyone, drawn from this word or number"
    )
    make.set_defaults(do=_make)

    report = commands.add_parser("report", help="report how a class is doing, from its notebooks")
    report.add_argument(
        "folder", type=Path, metavar="DIR", help="where the notebooks are, at any depth"
    )
    report.add_argument("--into", type=Path, metavar="DIR", help="where to write; DIR if not given")
    report.set_defaults(do=_report)
    return parser

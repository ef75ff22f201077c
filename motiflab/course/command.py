"""The command line: `motiflab lab`, `motiflab course make DIR`, `motiflab course report DIR`."""

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


def _lab(asked: argparse.Namespace) -> str:
    from motiflab.course.alone import open_lab

    print("Starting the lab; Ctrl-C ends it.", flush=True)
    return open_lab(asked.scene)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="motiflab", description="Tools for teachers.")
    parts = parser.add_subparsers(required=True, metavar="lab|course")
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
    return parser

"""Print the pinned requirements of an environment.yml, one per line, for pip.

    python tools/constraints.py environment.yml > pins.txt

Needs nothing but the standard library: it runs before anything is installed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PIN = re.compile(r"^ +- ([A-Za-z0-9._-]+==\S+.*)$")


def constraints(environment: str) -> list[str]:
    """Return the requirements under ``- pip:`` in the text of an environment.yml, in its order."""
    section = environment.partition("- pip:")[2]
    return [match[1] for line in section.splitlines() if (match := PIN.match(line))]


if __name__ == "__main__":
    print("\n".join(constraints(Path(sys.argv[1]).read_text(encoding="utf-8"))))

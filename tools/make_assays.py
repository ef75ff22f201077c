"""Make the shipped copies of two assays from the data sets of mavenn 1.1.4.

    python -m pip download mavenn==1.1.4 --no-deps
    python tools/make_assays.py mavenn-1.1.4-py3-none-any.whl

Only computable columns are omitted: the files have every variant with its counts and its part
(training, validation or test).
"""

import csv
import gzip
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

from motiflab.datasets import assays

DATA = Path(__file__).parents[1] / "motiflab" / "data"
CHECKSUMS = {
    "sortseq": "874d92522535f24517e1c389f21c9e067ab30f43ec34cf951d3efee498324d40",
    "mpsa": "df1251425d7bae15cbae5922c9b05e7765344fc4bb13970fb44b51370c09cf74",
    "mpsa_replicate": "c18a824798617fff07806132aadf9e8c1e6547c770dce8b8d515bb3189e80415",
}


def read(archive: str, name: str) -> list[dict[str, str]]:
    """Return the rows of a data set, RNA written as DNA."""
    member = f"mavenn/examples/datasets/{name}_data.csv.gz"
    with zipfile.ZipFile(archive) as files:
        content = files.read(member)
    found = hashlib.sha256(content).hexdigest()
    if found != CHECKSUMS[name]:
        sys.exit(f"{member} must have the checksum {CHECKSUMS[name]}, got {found}.")
    rows = csv.DictReader(io.StringIO(gzip.decompress(content).decode()))
    return sorted(({**row, "x": row["x"].replace("U", "T")} for row in rows), key=lambda r: r["x"])


def numbers(rows: list[dict[str, str]], *columns: str) -> np.ndarray:
    return np.array([[int(row[column]) for row in rows] for column in columns])


def lac(archive: str) -> dict[str, np.ndarray]:
    """Every variant as its differences from the commonest base of each position."""
    rows = read(archive, "sortseq")
    letters = np.array([["ACGT".index(base) for base in row["x"]] for row in rows])
    common = np.array([np.bincount(column).argmax() for column in letters.T])
    return {
        "common": common.astype(np.uint8),
        "changes": np.ascontiguousarray((letters - common).T % 4, np.uint8),
        "counts": numbers(rows, *(f"ct_{k}" for k in range(10))).astype(np.uint8),
        "part": np.array([assays.PARTS.index(row["set"]) for row in rows], np.uint8),
    }


def splice(archive: str) -> dict[str, np.ndarray]:
    """Counts of all variants that the first library holds, and of the second where it has them."""
    rows = read(archive, "mpsa")
    again = {row["x"]: row for row in read(archive, "mpsa_replicate")}
    none = {"tot_ct": "0", "ex_ct": "0"}
    other = [again.get(row["x"], none) for row in rows]
    counts = np.concatenate([numbers(each, "tot_ct", "ex_ct") for each in (rows, other)])
    sites = [["ACGT".index(row["x"][k]) for row in rows] for k in range(9)]
    return {
        "sites": np.array(sites, np.uint8),
        "counts": counts.astype(np.uint16),
        "part": np.array([assays.PARTS.index(row["set"]) for row in rows], np.uint8),
    }


def main(archive: str, folder: Path = DATA) -> None:
    for name, make in ((assays.LAC_FILE, lac), (assays.SPLICE_FILE, splice)):
        np.savez_compressed(folder / name, **make(archive))
        print(f"{name}: {(folder / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])

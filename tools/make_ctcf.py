"""Make the shipped file of CTCF peaks from the source distribution of gimmemotifs 0.18.4.

    python -m pip download gimmemotifs==0.18.4 --no-deps --no-build-isolation --no-binary :all:
    python tools/make_ctcf.py gimmemotifs-0.18.4.tar.gz

The sequences are shipped as they came, gzipped without a time stamp.
"""

import gzip
import hashlib
import sys
import tarfile
from pathlib import Path

from motiflab.datasets.sources import CTCF_FILE, CTCF_SHA256

MEMBER = "gimmemotifs-0.18.4/data/examples/Gm12878.CTCF.top500.w200.fa"


TARGET = Path(__file__).parents[1] / "motiflab" / "data" / CTCF_FILE


def main(archive: str, target: Path = TARGET) -> None:
    with tarfile.open(archive) as files:
        content = files.extractfile(MEMBER).read()
    found = hashlib.sha256(content).hexdigest()
    if found != CTCF_SHA256:
        sys.exit(f"{MEMBER} must have the checksum {CTCF_SHA256}, got {found}.")
    target.write_bytes(gzip.compress(content, mtime=0))
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])

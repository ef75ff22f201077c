"""Make the shipped files of peaks from the source distribution of gimmemotifs 0.18.4.

    python -m pip download gimmemotifs==0.18.4 --no-deps --no-build-isolation --no-binary :all:
    python tools/make_peaks.py gimmemotifs-0.18.4.tar.gz

The sequences are shipped as they came, gzipped without a time stamp.
"""

import gzip
import hashlib
import sys
import tarfile
from pathlib import Path

from motiflab.datasets import sources

EXAMPLES = "gimmemotifs-0.18.4/data/examples/"
MEMBERS = {
    EXAMPLES + "Gm12878.CTCF.top500.w200.fa": (sources.CTCF_FILE, sources.CTCF_SHA256),
    EXAMPLES + "TAp73alpha.fa": (sources.TAP73_FILE, sources.TAP73_SHA256),
}
DATA = Path(__file__).parents[1] / "motiflab" / "data"


def main(archive: str, folder: Path = DATA) -> None:
    with tarfile.open(archive) as files:
        for member, (name, checksum) in MEMBERS.items():
            content = files.extractfile(member).read()
            found = hashlib.sha256(content).hexdigest()
            if found != checksum:
                sys.exit(f"{member} must have the checksum {checksum}, got {found}.")
            target = folder / name
            target.write_bytes(gzip.compress(content, mtime=0))
            print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])

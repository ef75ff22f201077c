"""Make the shipped genome of phage lambda from the file in Debian's package bowtie2-examples.

    apt-get download bowtie2-examples && dpkg-deb -x bowtie2-examples_*.deb unpacked
    python tools/make_lambda.py unpacked/usr/share/doc/bowtie2/examples/reference/lambda_virus.fa.gz

The file is shipped as it came, gzipped anew without a time stamp.
"""

import gzip
import hashlib
import sys
from pathlib import Path

from motiflab.datasets import sources

DATA = Path(__file__).parents[1] / "motiflab" / "data"


def main(source: str, folder: Path = DATA) -> None:
    content = gzip.decompress(Path(source).read_bytes())
    found = hashlib.sha256(content).hexdigest()
    if found != sources.LAMBDA_SHA256:
        sys.exit(f"{source} must have the checksum {sources.LAMBDA_SHA256}, got {found}.")
    target = folder / sources.LAMBDA_FILE
    target.write_bytes(gzip.compress(content, mtime=0))
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])

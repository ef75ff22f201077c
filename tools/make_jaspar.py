"""Make motiflab/data/jaspar2026_core.npz from pyjaspar (pip install pyjaspar==4.0.0).

The file holds every version of every matrix of JASPAR 2026 CORE, all taxa: `ids`, `names`,
`taxa`, `families` and `widths`, one entry for each matrix, and `counts`, (sum of widths, 4), one
matrix after the other with the columns A, C, G, T. Where a matrix has several families, as a
dimer does, a semicolon stands between them. tests/motifs/test_jaspar.py holds it equal to pyjaspar.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

PATH = Path(__file__).parent.parent / "motiflab" / "data" / "jaspar2026_core.npz"


def read_pyjaspar() -> dict[str, np.ndarray]:
    """Read what the file holds, in the order of the ids."""
    from pyjaspar import jaspardb

    matrices = jaspardb(release="JASPAR2026").fetch_motifs(collection="CORE", all_versions=True)
    matrices.sort(key=lambda matrix: [int(part) for part in matrix.matrix_id[2:].split(".")])
    counts = [np.array([matrix.counts[base] for base in "ACGT"]).T for matrix in matrices]
    return {
        "ids": np.array([matrix.matrix_id for matrix in matrices]),
        "names": np.array([matrix.name for matrix in matrices]),
        "taxa": np.array([matrix.tax_group for matrix in matrices]),
        "families": np.array([";".join(matrix.tf_family) for matrix in matrices]),
        "widths": np.array([len(rows) for rows in counts], dtype=np.int16),
        "counts": np.concatenate(counts),
    }


if __name__ == "__main__":
    np.savez_compressed(PATH, **read_pyjaspar())
    print(f"{PATH}: {PATH.stat().st_size} bytes")

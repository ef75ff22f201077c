"""Make tests/motifs/tomtom_memelite.npz: Tomtom p-values by memelite 0.5.0, as a test oracle.

memelite compiles for over a minute when it is first called, so its answers are kept in a file and
the tests read them. `queries` are eight PPMs, (8, 12, 4): four JASPAR motifs under noise and four
random ones; `p_values`, (8, 1019), are memelite's against the vertebrates of JASPAR 2026 CORE,
with such fine bins and exact columns that rounding is negligible.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from motiflab.motifs import jaspar

PATH = Path(__file__).parent.parent / "tests" / "motifs" / "tomtom_memelite.npz"


def queries() -> np.ndarray:
    """Make the queries."""
    rng = np.random.default_rng(0)
    ppms = rng.dirichlet([0.4] * 4, size=(8, 12))
    for ppm, name in zip(ppms, ("CTCF", "GATA1", "FOS::JUN", "TP53")):
        known = jaspar.load(name).probabilities()[:10]
        ppm[1 : 1 + len(known)] = 0.75 * known + 0.25 * ppm[1 : 1 + len(known)]
    return ppms


if __name__ == "__main__":
    from memelite import tomtom

    ppms = queries()
    targets = [motif.probabilities().T.copy() for motif in jaspar.collection().motifs]
    p_values = tomtom(
        [ppm.T.copy() for ppm in ppms],
        targets,
        n_score_bins=1000,
        n_median_bins=100_000,
        n_target_bins=None,
        n_jobs=1,
    )[0]
    np.savez_compressed(PATH, queries=ppms, p_values=p_values)
    print(f"{PATH}: {PATH.stat().st_size} bytes")

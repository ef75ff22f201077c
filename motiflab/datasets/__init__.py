"""Labelled sequences to learn from.

A name is loaded when it is asked for.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "sources": "planted ctcf from_fasta coupled_windows splice_windows",
        "dataset": "Dataset choose_held_out generator",
        "planting": "Arrangement log_likelihood_ratio count_placements Site Planted plant",
        "published_sites": "crp_sites crp_energy_matrix splice_sites",
    },
)

"""Labelled sequences to learn from: planted motifs, peaks, negatives and splits.

Each name is imported when it is first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "sources": (
            "planted planted_one_of ctcf tap73 lambda_phage from_fasta coupled_windows "
            "splice_windows"
        ),
        "dataset": "Dataset Trial generator hold_out",
        "splitting": (
            "choose_held_out Leaks count_leaks chromosomes contig_names related join_groups"
        ),
        "augmentation": "other_strand augmented",
        "assays": "Assay lac_sort_seq splice_assay",
        "negatives": "gc_content match_gc add_negatives contrasts",
        "download": "fetch",
        "genome_making": "MadeGenome made_genome BOUND",
        "peak_files": "Peaks read_peaks",
        "peaks": "PeakData windows_around why_dropped overlaps from_peaks REASONS",
        "planting": (
            "Arrangement log_likelihood_ratio count_placements Site Planted plant draw_planted"
        ),
        "motif_sets": "several_motifs SHARES",
        "worlds": "World hidden_world",
        "challenge_worlds": "ChallengeWorld Level LEVELS Rule challenge_world",
        "footprint_making": (
            "Protein proteins occupancies read_rates Footprints footprints scattered"
        ),
        "published_sites": (
            "crp_sites crp_energy_matrix splice_sites u2surp_saliency Operator lambda_operators "
            "ww_domains ww_family"
        ),
        "other_alphabets": (
            "in_flanks noisy_traces digitise signal english passages domains splice_junctions "
            "SPIKE VOLTAGES"
        ),
    },
)

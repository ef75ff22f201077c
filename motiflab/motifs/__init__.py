"""Motifs: counts and scores, energies, known motifs, comparison and files.

Each name is imported when it is first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "motif": (
            "Motif information small_sample_correction letter_ratios sum_windows "
            "check_probabilities"
        ),
        "log_odds": "prior_log_odds to_gauge relative_entropy fit_aligned motif_from_weights",
        "energy": (
            "inverse_temperature site_energies occupancy energies_of_weights "
            "log_odds_of_energies boltzmann_ppm agreement "
            "Views views_of energy_distribution bound_ppm"
        ),
        "dependencies": (
            "pair_table mutual_information pair_terms information_matrix total_correlation "
            "coupled_pairs"
        ),
        "waveforms": "noise_covariance matched_filter detectability level_filter slopes",
        "em": (
            "Expected Climb site_windows word_ppm e_step m_step climb fit_em draw_words "
            "both_strands_background"
        ),
        "jaspar": "JasparEntry load search families collection jaspar_names",
        "closest_motifs": (
            "Alignment Match MotifCollection similarity best_matches Layout lay_out"
        ),
        "naming": "Candidate explain candidates",
        "tomtom": "TomtomResult",
        "motif_files": "read_motifs write_meme",
        "own_motifs": "own_collection own_motif find_motif own_summary",
    },
)

"""How good a detector is: curves, rare positives, calibration and genome scans.

Each name is imported when it is first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "curves": (
            "Curve precision_recall step_curve average_precision_of_guess roc by_threshold "
            "auroc_by_column thin check_scored check_rates check_labels "
            "path path_area chord_area"
        ),
        "prevalence": (
            "precision_at_prevalence Counts confusion expected_counts precision_recall_at "
            "Judgement rate_bounds judge negatives_needed"
        ),
        "bootstrap": (
            "bootstrap_counts bootstrap_areas bootstrap_range shared_places guessed_areas "
            "expected_best"
        ),
        "positions": "Enrichment central_enrichment",
        "maps": "MapQuality map_quality",
        "measured": "r_squared rank_correlation",
        "profiles": "jensen_shannon footprint_scores locate",
        "calibration": "Reliability reliability brier_score shift_prior weighted_share",
        "detectors": (
            "word_scores word_probabilities score_distribution sample_distribution power Detector "
            "BROAD SHARP RANDOM"
        ),
        "genome_scan": (
            "Hit Reader MatrixReader scan_genome window_scores false_discovery_rate bed_lines"
        ),
    },
)

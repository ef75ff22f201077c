"""The arithmetic of one layer in numpy.

Each name is imported when it is first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "convolution": (
            "Layer output_length index_map windows cross_correlate check_same_columns check_layer"
        ),
        "activations": (
            "relu relu_derivative sigmoid sigmoid_derivative tanh tanh_derivative "
            "exponential log_sum_exp cross_entropy cross_entropy_gradient "
            "squared_error squared_error_gradient"
        ),
        "heads": (
            "Head HEADS regression_loss regression_gradient poisson_loss poisson_gradient "
            "profile_loss profile_gradient expected_reads"
        ),
        "pooling": "pool winners pool_gradient",
        "invariance": "place_motif shift InvarianceCurve invariance_curves",
        "padding": "same_padding scores_at_ends centre pooled_along",
        "receptive_fields": (
            "ReceptiveField receptive_field Grammar field_needed seen_positions holes "
            "missed best_place tap_distances Stack ways_to_see sees_whole"
        ),
    },
)

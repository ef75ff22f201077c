"""What a trained network has learned: motifs and names of filters, saliency.

Each name is imported when it is first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "filters_as_motifs": (
            "FilterMotif best_windows filter_motifs activation_map Reading read_second_layer"
        ),
        "filter_names": "FilterName name_filters explained_by",
        "whole_motifs": "FilterMatches activated_ppms matching_filters",
        "pooling_study": (
            "PLANTED FIRST_POOLS PUBLISHED pooling_data pooling_settings pooling_training "
            "measured_pooling PoolingOutcome study_pooling without_truth"
        ),
        "peak_motifs": "PeakMotif strongest_motif",
        "seqlets": (
            "Seqlets Laid SeqletMotif contribution_maps window_sums least_sum cut_seqlets lay_on "
            "cluster_seqlets find_motifs"
        ),
        "interrogation": (
            "answers_of with_words global_importance interaction GapAnswers ask_gaps"
        ),
        "spacing_rule": (
            "world_settings world_training spacing_profile effective_gaps name_spacing "
            "measured_worlds FIELD_WORLD FIELDS"
        ),
        "saliency": (
            "centred gradient_times_input mutagenesis first_order_effects check_output "
            "output_gradient outputs_of check_input channels_first as_tensor Winner "
            "winning_windows saliency_by_hand"
        ),
        "attribution": (
            "shuffled_references uniform_reference integrated_gradients mean_gradient deep_lift "
            "contributions output_change"
        ),
        "design": (
            "DESIGN_LENGTH SURE design_world design_settings design_network measured_designs "
            "random_starts Design design_sequence fooled"
        ),
    },
)

"""Convolutional networks and their training.

Each name is imported when it is first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "model_settings": "ModelSettings",
        "cost": "LayerCost layer_costs field_layers",
        "cnn": (
            "Exponential Pool WeightedProfile build from_filter gradient_by_autograd in_torch "
            "MotifNetwork"
        ),
        "initialisation": "draw_weights",
        "adam": "Adam one_cycle",
        "training": (
            "TrainSettings TrainingRecord steps_per_epoch engine_for untrained in_numpy train "
            "logits predictions"
        ),
        "strands": "averaged_logits",
        "network_reader": "NetworkReader",
        "sweep": "SweepResult train_all",
        "measured_fits": "MeasuredFit measured_features fit_measured",
        "rivals": (
            "Rival WordModel fit_word_model matrix_network fewer_peaks compete compete_all "
            "PATTERNS STRENGTH UPDATES BATCH"
        ),
        "look_ups": "letters_of look_up slow_products",
        "threads": "one_thread part_by_part",
        "tracing": "Trace trace",
        "winning_window": "BestWindows highest_windows",
        "one_layer": (
            "OneLayerNetwork is_one_layer random_one_layer pre_activations activated "
            "ForwardPass forward Gradient gradient descend Descent descend_many"
        ),
        "vanishing_gradient": "initial_weights Backward backpropagate signal_sizes",
        "scanner": "Fit scanner_loss fit_scanner fit_on",
        "recovery": "Recovered expected_bias recover learning_curve best_shift",
        "word_fit": "WordFit fit_words least_loss",
    },
)

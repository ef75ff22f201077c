"""The live lab: train a network and watch its filters become motifs.

Each name is imported when it is first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "motif_lab": "MotifLab",
        "grammar_lab": "grammar_of stack_of GrammarLab read",
        "lab_state": "LabState",
        "filter_memory": "FilterMemory",
        "lab_data": "LabData prepare",
        "training_session": "Session LiveTraining watched_sequences Look look",
        "lab_network": "Walk draw_network",
        "lab_code": "script save_data",
        "lab_events": "learned resembles near_best news goals",
        "lab_view": "draw describe goals_html condition",
        "lab_toolbar": "Toolbar",
        "lab_stage": "Stage",
    },
)

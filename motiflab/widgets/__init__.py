"""What all cards share: fields, controls, pictures, scenes.

`motiflab.widgets.explorer` shows a whole card. This package exports what the author of a card
needs; each name is imported when it is first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "fields": "CardState CardResult blame slider number choice toggle text lines matrix",
        "explorer": "Explorer",
        "slow_explorer": "BackgroundExplorer Report",
        "training_explorer": "TrainingExplorer MomentsExplorer",
        "sweep_explorer": "SweepExplorer SweepPlan Trials",
        "chart": "Chart",
        "pictures": "titled_logo side_by_side curves",
        "card": "",
        "controls": "Tool button make",
        "play_button": "Player",
        "scene": "to_scene from_scene",
        "together": "",
        "motif_fields": "NamesMotifs motif_name own_motifs",
        "scripted": "",
        "matrix_grid": "",
        "paste_box": "",
        "upload_button": "",
        "live_text": "",
        "live_picture": "LivePicture",
        "folds": "",
        "cells": "",
        "saved": "",
    },
)

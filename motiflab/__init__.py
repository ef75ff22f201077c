"""Learn how convolutional neural networks discover DNA sequence motifs.

``from motiflab import MotifLab, ScanExplorer`` imports cards for a notebook, and
``from motiflab import layers, networks`` imports folders of functions, one question each.
Nothing is loaded before it is used.
"""

from motiflab import moved
from motiflab.lazy import names

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "sequences": "",
        "layers": "",
        "motifs": "",
        "evaluation": "",
        "datasets": "",
        "networks": "",
        "interpretation": "",
        "figures": "",
        "explorers": (
            "EncodingExplorer PaddingExplorer ScanExplorer ActivationExplorer "
            "SparsityExplorer LossExplorer DepthExplorer PoolingExplorer "
            "InvarianceExplorer BoundaryExplorer MotifExplorer LogOddsExplorer "
            "ConsensusExplorer TheoremExplorer StudyExplorer BeatExplorer UpdateExplorer "
            "EnergyExplorer SaturationExplorer CrpExplorer DependencyExplorer "
            "SpliceExplorer SaliencyExplorer GrammarExplorer PrevalenceExplorer "
            "InterpolationExplorer JudgeExplorer NegativesExplorer HoldingExplorer "
            "EmExplorer StrandsExplorer MeasuredExplorer GenomeExplorer PeaksExplorer "
            "WholeOrPartExplorer AttributionExplorer SeqletsExplorer InterrogationExplorer "
            "ProfileExplorer SequenceDesignExplorer NetworkDesignExplorer "
            "AlphabetsExplorer ChallengeExplorer"
        ),
        "lab": "MotifLab GrammarLab",
        "practice": "Practice",
        "course.lectures": "show",
        "environment": "",
    },
)
moved.remember()

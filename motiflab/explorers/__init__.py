"""The explorers, one card per module, in the order of the chapter.

Each has a state, a pure computation, a pure drawing and controls. Each name is imported when it is
first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "encoding_explorer": "EncodingExplorer",
        "padding_explorer": "PaddingExplorer",
        "scan_explorer": "ScanExplorer",
        "activation_explorer": "ActivationExplorer",
        "sparsity_explorer": "SparsityExplorer",
        "loss_explorer": "LossExplorer",
        "depth_explorer": "DepthExplorer examples",
        "pooling_explorer": "PoolingExplorer",
        "invariance_explorer": "InvarianceExplorer",
        "boundary_explorer": "BoundaryExplorer",
        "motif_explorer": "MotifExplorer",
        "log_odds_explorer": "LogOddsExplorer",
        "consensus_explorer": "ConsensusExplorer",
        "theorem_explorer": "TheoremExplorer",
        "study_explorer": "StudyExplorer",
        "beat_explorer": "BeatExplorer",
        "update_explorer": "UpdateExplorer lesson likeness training",
        "energy_explorer": "EnergyExplorer",
        "saturation_explorer": "SaturationExplorer",
        "crp_explorer": "CrpExplorer",
        "dependency_explorer": "DependencyExplorer",
        "splice_explorer": "SpliceExplorer",
        "saliency_explorer": "SaliencyExplorer EXAMPLES",
        "grammar_explorer": "GrammarExplorer",
        "prevalence_explorer": "PrevalenceExplorer",
        "interpolation_explorer": "InterpolationExplorer",
        "judge_explorer": "JudgeExplorer",
        "negatives_explorer": "NegativesExplorer",
        "holding_explorer": "HoldingExplorer",
        "em_explorer": "EmExplorer",
        "strands_explorer": "StrandsExplorer",
        "measured_explorer": "MeasuredExplorer",
        "genome_explorer": "GenomeExplorer",
        "peaks_explorer": "PeaksExplorer",
        "whole_or_part_explorer": "WholeOrPartExplorer",
        "attribution_explorer": "AttributionExplorer",
        "seqlets_explorer": "SeqletsExplorer",
        "interrogation_explorer": "InterrogationExplorer",
        "profile_explorer": "ProfileExplorer",
        "sequence_design_explorer": "SequenceDesignExplorer",
        "network_design_explorer": "NetworkDesignExplorer",
        "alphabets_explorer": "AlphabetsExplorer",
        "challenge_explorer": "ChallengeExplorer",
    },
)

"""Demonstrations of what a trained network means, and how to judge it."""

from __future__ import annotations

from motiflab.course.demonstration import Demonstration

MEANING = (
    Demonstration(
        key="consensus",
        title="What does a consensus throw away?",
        explorer="consensus_explorer.ConsensusExplorer",
        free=("allowed",),
        shown=("motif", "gc"),
        ask="Search for real CRP sites with the consensus, ten mismatches allowed. Which share of "
        "the sites do you find? And a PWM that is allowed as many false alarms?",
        move="read off ten mismatches, then look for a number at which the consensus wins.",
        see="With ten mismatches the consensus finds 27 % of the sites and the PWM 48 %, at the "
        "same rate of false alarms. The consensus wins at no number of mismatches.",
    ),
    Demonstration(
        key="log_odds",
        title="Which changes of the weights change no score?",
        explorer="log_odds_explorer.LogOddsExplorer",
        free=("constant", "position", "background"),
        shown=("counts", "window"),
        ask="Add 2 to the four weights of one position and take 2 from the bias. Which scores "
        "change, and what does the logo look like then?",
        move="set the constant to 2; then back to 0, and choose the background 0.1 0.4 0.4 0.1.",
        see="s(CACGTG) stays 7.83 and so does every picture: the constant means nothing. With the "
        "other background plain softmax is 0.08 bits a position off: at position 0 it says A 0.49 "
        "and C 0.49, where the truth is A 0.20 and C 0.78. The background must be put back.",
    ),
    Demonstration(
        key="best_detector",
        title="Can any score beat the log-likelihood ratio?",
        explorer="beat_explorer.BeatExplorer",
        free=("rival", "exponent"),
        shown=("motif", "gc"),
        ask="Neyman and Pearson say that no score finds more sites than the log-likelihood ratio "
        "at the same false positive rate. Who wants to try?",
        move="let the class name a rival and a false positive rate; try three of each.",
        see="The difference is never below 0. At a false positive rate of 0.01 the LLR finds 44 % "
        "of the sites, matches to the consensus 31 %, and log-odds with the wrong background 43 %: "
        "close, and still not better. The sites here are as the matrix says, position by position "
        "without dependencies; for such sites the lemma holds.",
    ),
    Demonstration(
        key="theorem",
        title="Are trained weights log-odds?",
        explorer="theorem_explorer.TheoremExplorer",
        free=("share", "shuffled"),
        shown=("motif", "n"),
        ask="Logistic regression on aligned sites and background never hears of probabilities. "
        "What will its weights be? And its bias, if one sequence in five is a site?",
        move="read off the slope at a share of 0.5, set the share to 0.2, then shuffle the labels.",
        see="The weights lie on the log-odds with slope 1.05. At a share of 0.2 the bias is near "
        "log(0.2/0.8) = −1.39, and the slope still near 1: the bias is the prior, the weights are "
        "the motif. With shuffled labels the slope is 0.02, and the bias still the prior.",
    ),
    Demonstration(
        key="energies",
        title="Do the sites of a genome know the energies?",
        explorer="crp_explorer.CrpExplorer",
        free=("shift", "columns"),
        shown=("sites",),
        ask="Log-odds were counted from 358 CRP sites; binding free energies were fitted to an "
        "experiment in living cells, with variants of a single promoter. How well should they "
        "agree? And if we shift one against the other by a single position?",
        move="read off r, then shift the energies by 1, then shuffle them.",
        see="r = 0.89, with nothing fitted to make them agree. Shifted by one position r is 0.01, "
        "shuffled −0.10: the agreement is of the right columns with the right columns. It is a "
        "consistency check: it does not show that either matrix is right.",
    ),
    Demonstration(
        key="saturation",
        title="What does a logo know when the protein is everywhere?",
        explorer="saturation_explorer.SaturationExplorer",
        free=("mu",),
        shown=("motif",),
        ask="We add more and more protein and draw the logo of all that is bound. Does the logo "
        "get sharper, blurred, or does it stay as it is?",
        move="raise μ from 0 to 2, 5 and 8.",
        see="At μ = 0 the best site is bound half of the time and the logo holds 6.51 bits. At "
        "μ = 5 the best site is nearly always bound, weak sites fill up, and 5.14 bits are left; "
        "at μ = 8 it is 2.47. The energies are the same: only the counts have saturated.",
    ),
    Demonstration(
        key="dependency",
        title="What can no sum over positions know?",
        explorer="dependency_explorer.DependencyExplorer",
        free=("activation", "filters"),
        shown=("strength",),
        ask="In the positives A goes with T and C with G; each base alone is as frequent as in the "
        "negatives. What does one linear filter learn? Eight of them? And with ReLU?",
        move="set the filters to 8 without activation, then choose ReLU with 8, 1 and 4 filters.",
        see="Linear, the loss is log 2 = 0.693 with one filter and with eight: nothing. One filter "
        "with ReLU knows 30 % of what can be known, four know all of it, at a loss of 0.498.",
    ),
    Demonstration(
        key="saliency",
        title="Which bases does a saliency map leave out?",
        explorer="saliency_explorer.SaliencyExplorer",
        changes={
            "network": "relu",
            "sequence": "CCTAGGAACGagataagGCACGTTCTCGAAATGTGCGGTCtgataagAAAGCTTCTGTCA",
            "position": 12,
        },
        free=("base", "method"),
        shown=("network", "sequence", "position"),
        ask="Two good sites of GATA2, in lower case, and ŷ = 0.98. Which positions have a saliency "
        "other than 0? And what will happen to ŷ if we break the first site?",
        move="look at the map, then put a C at position 12; then look at the mutagenesis.",
        see="Only positions 10 to 16: the window that won the maximum. The second site gets "
        "exactly 0. With the first one broken the map jumps to 40 to 46, and ŷ falls only to 0.85, "
        "as the second site steps in: no saliency does not mean no meaning.",
    ),
    Demonstration(
        key="receptive_field",
        title="How far must the network see?",
        explorer="grammar_explorer.GrammarExplorer",
        free=("second_width", "dilation"),
        shown=("first", "second", "gap_min", "gap_max", "width", "window"),
        ask="Two motifs of 7 bases, 9 to 11 bases apart. How many bases must a unit of the second "
        "layer see? This one sees 18: what would you change?",
        move="widen the second layer to 6; go back to 3, and set the dilation to 3 instead.",
        see="7 + 11 + 7 = 25, and 3 more as the pooling moves by 4. A width of 6 gives 30 bases, "
        "and all 12 gaps and phases are seen whole. A dilation of 3 spans 34, but with holes: none "
        "is seen whole. A field is not only a length.",
    ),
    Demonstration(
        key="prevalence",
        title="What is an AUROC of 0.92 worth in a genome?",
        explorer="prevalence_explorer.PrevalenceExplorer",
        free=("rarity", "threshold", "detector", "axis"),
        ask="A detector has an AUROC of 0.92 and, in a balanced test, a precision of 96 %. In a "
        "genome there are 100,000 negatives for each positive. What is the precision there?",
        move="raise the rarity to 5; then try the threshold, then the other detector.",
        see="AUROC is 0.92 throughout; the precision falls from 0.96 to 0.0002, over two million "
        "false calls for 500 right ones. AUPRC falls from 0.92 to 0.001. The sharp detector, with "
        "an AUROC of only 0.80, keeps 0.56: AUROC ranked the two the wrong way round.",
    ),
    Demonstration(
        key="live_training",
        title="What do random filters become?",
        explorer="motif_lab.MotifLab",
        changes={"n": 4000, "length": 60, "filters": 8, "width": 11, "epochs": 6},
        free=("start", "pause", "step", "reset", "moment", "speed"),
        shown=("motif",),
        ask="Eight filters of random numbers, and sequences with GATA2 in half of them. Where does "
        "the loss begin, and what will the strongest filter look like at the end?",
        move="press Start, watch, and then move back to any moment of the training.",
        see="The loss begins near the log 2 = 0.69 of a guess and ends at about 0.35. The "
        "strongest filter is more than 0.98 similar to GATA2; nobody told the network of a motif.",
    ),
    Demonstration(
        key="spacing",
        title="Can a network tell two spacings apart?",
        explorer="grammar_lab.GrammarLab",
        free=("second_width", "start", "pause", "reset", "moment", "speed"),
        shown=("gap_min", "gap_max", "other_min", "other_max", "window"),
        ask="Both classes hold both motifs; only the distance differs. The second layer is 1 wide, "
        "so a unit sees 10 bases. What AUROC do you expect? Which width would be enough?",
        move="press Start; then set the width of layer 2 to 6, press Reset, and Start again.",
        see="With 10 bases the AUROC stays within 0.08 of a guess, 0.5. With 30 bases, where 28 "
        "are needed for all gaps and phases, it is above 0.98. Only what is in the field can be "
        "learned.",
    ),
)
"""From the PWM to the genome, in the order of the chapter; the labs, which train, are last."""

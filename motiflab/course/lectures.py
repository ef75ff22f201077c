"""Demonstrations for lectures: explorers on which only what the lecture is about can be moved.

>>> demonstration("scanning").title
'How many copies of the motif does the filter meet?'

"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import motiflab
from motiflab.checks import quoted

if TYPE_CHECKING:
    from motiflab.widgets.explorer import Explorer


_ALWAYS = {"undo", "scene"}  # so that a lecturer can go back, and share what is seen


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """What a lecturer shows, asks, moves and expects to be seen.

    Parameters
    ----------
    key : str
        Its name in `show` and in the lesson plans.
    title : str
        A question, the heading of the card.
    explorer : str
        Module in `motiflab.explorers` and class, "scan_explorer.ScanExplorer".
    changes : dict
        Fields that differ from the explorer's default.
    free : tuple of str
        Controls and buttons that can be moved; all others are locked.
    shown : tuple of str
        Locked controls that are shown all the same; all others are hidden, too.
    ask : str
        What to ask the class before anything is moved.
    move : str
        What to do then; it stands on the card. Begins with a small letter, ends with a full stop.
    see : str
        What the class should see, with the numbers.
    """

    key: str
    title: str
    explorer: str
    changes: dict[str, Any] = field(default_factory=dict)
    free: tuple[str, ...]
    shown: tuple[str, ...] = ()
    ask: str
    move: str
    see: str

    @property
    def explorer_class(self) -> type[Explorer]:
        """Class of the explorer; its module is loaded now, and no sooner."""
        return getattr(motiflab, self.explorer)

    @property
    def locked(self) -> frozenset[str]:
        """What nobody can move."""
        return self._names - set(self.free) - _ALWAYS

    @property
    def hidden(self) -> frozenset[str]:
        """What is not even shown."""
        return self.locked - set(self.shown)

    def show(self) -> Explorer:
        """Make the explorer; as the last line of a cell it is displayed.

        Its `scene` makes the same card anywhere, with the explorer's own heading.
        """
        return self.explorer_class(
            title=self.title,
            goal=self.move,
            locked=self.locked,
            hidden=self.hidden,
            **self.changes,
        )

    @property
    def _names(self) -> frozenset[str]:
        from motiflab.widgets.fields import declared

        explorer = self.explorer_class
        return frozenset({*declared(explorer.State), *explorer.tools})


LAYERS = (
    Demonstration(
        key="base_order",
        title="Which two bases are least alike?",
        explorer="EncodingExplorer",
        changes={"sequences": "GATTACA"},
        free=("order",),
        shown=("sequences",),
        ask="Write A, C, G, T as 0, 1, 2, 3. Which two bases will a network take for the least "
        "alike? And what becomes of them if the four channels are written in another order?",
        move="choose the order ATCG, then any other, and compare the two tables of distances.",
        see="As integers A and T are 3 apart in the order ACGT and 1 apart in ATCG: the order "
        "alone decides who is alike. As one-hot vectors any two bases are √2 apart, in every "
        "order.",
    ),
    Demonstration(
        key="channels",
        title="Turn the axes, or pour the numbers?",
        explorer="EncodingExplorer",
        free=("layout",),
        shown=("sequences",),
        ask="One library wants (N, 4, L), another (N, L, 4). The numbers are the same. Does it "
        "matter whether we transpose or reshape?",
        move="choose each shape of the batch in turn, the wrong reshape last.",
        see="A transpose keeps the base at all 21 positions. The reshape has the right shape, "
        "3 × 4 × 7, raises no error, and only 6 of the 21 positions still hold their base.",
    ),
    Demonstration(
        key="scanning",
        title="How many copies of the motif does the filter meet?",
        explorer="ScanExplorer",
        free=("j", "play", "stride", "padding"),
        shown=("sequence", "bias"),
        ask="ATCGA stands in this sequence twice, at 0 and at 7. The filter takes steps of S = 2, "
        "with P = 2 zeros at each end. How many outputs are there, and how many reach the line?",
        move="step through the outputs j, then set the stride to 1, then the padding to 0.",
        see="M = ⌊(14 + 2·2 − 5)/2⌋ + 1 = 7 outputs, and only y₁ = 8 reaches the line: the windows "
        "begin at even positions, and the second copy begins at 7. With S = 1 there are 14 "
        "outputs, as many as bases, and y₂ and y₉ are both 8. Without padding 10 are left.",
    ),
    Demonstration(
        key="vanishing",
        title="What is left of a gradient after n layers?",
        explorer="ActivationExplorer",
        free=("z", "depth"),
        ask="The slope of the sigmoid is at most ¼. At which z? And what do ten such slopes leave "
        "of a gradient, at best? And those of ReLU?",
        move="move z to 0, where the sigmoid is kindest, and read off ten layers; then z = 2, "
        "then z = −1.",
        see="At z = 0 the sigmoid leaves ¼ to the power of 10, a millionth, and less at any other "
        "z. ReLU leaves exactly 1 for z above 0, at any depth, and nothing for z below 0. These "
        "are the slopes alone: in a network the weights of each layer multiply the gradient, too, "
        "and can make up for the loss or add to it.",
    ),
    Demonstration(
        key="sparsity",
        title="How many windows stay silent behind ReLU?",
        explorer="SparsityExplorer",
        free=("bias",),
        shown=("motif",),
        ask="A CTCF filter scans 500 peaks and 500 shuffles of them, then comes ReLU. With a bias "
        "of 0, in what share of all windows is the activation 0? What will a negative bias do?",
        move="read off the shares at b = 0, then lower the bias to −8.",
        see="At b = 0 ReLU silences 98.4 % of the windows, and still 84 % of the shuffles fire "
        "somewhere. At b = −8 only 5 % of the shuffles do, and 86 % of the peaks: the bias is a "
        "threshold, and sparse is not yet specific.",
    ),
    Demonstration(
        key="loss",
        title="How hard is a network pushed that is sure and wrong?",
        explorer="LossExplorer",
        free=("logit", "label"),
        ask="The label is 1 and the network says z = −6: it is sure, and wrong. Which loss pushes "
        "it harder, cross-entropy or squared error?",
        move="move the logit to −6, then let the label be 0.",
        see="ŷ = 0.0025. The gradient of the cross-entropy is ŷ − y = −0.998: nearly a full push. "
        "That of the squared error is (ŷ − y)·ŷ(1 − ŷ) = −0.0025: the worse the error, the less "
        "is learned.",
    ),
    Demonstration(
        key="equivariance",
        title="Where does the peak go when the motif moves?",
        explorer="PoolingExplorer",
        changes={"window": 1},
        free=("shift", "play"),
        shown=("motif", "window"),
        ask="The motif moves three bases to the right. What happens to the feature map: to the "
        "height of its peak, and to the number at output 16?",
        move="shift the motif by 3 bases, then play on to the end.",
        see="The peak of 8.52 moves along, from output 16 to output 19, as high as before: that is "
        "equivariance. The number at output 16 falls from 8.52 to −4.51: a single output is not "
        "invariant at all.",
    ),
    Demonstration(
        key="pooling",
        title="How far can the motif move before a pooled number notices?",
        explorer="PoolingExplorer",
        free=("shift", "play", "kind", "gradient"),
        shown=("motif", "window"),
        ask="Windows of w = 8 scores. The motif stands at the left end of its window. By how many "
        "bases can it move before the maximum of the window changes? And the average?",
        move="shift the motif base by base up to 8; go back, pool by the average, shift by 1; "
        "then show where the gradient goes.",
        see="The maximum stays 8.52 up to a shift of 7 and falls to −3.66 at 8, where the motif "
        "enters the next window: local invariance, and no more. The average changes with the "
        "first base, from −4.69 to −4.89. The maximum sends its gradient to one score, the average "
        "⅛ to each.",
    ),
    Demonstration(
        key="boundary",
        title="What does a site at the very end score?",
        explorer="BoundaryExplorer",
        free=("middle", "play"),
        shown=("motif", "padding", "window"),
        ask="The same perfect site, once in the middle of the sequence and once cut by its end, "
        "with zeros added there (same padding). Which score do you expect?",
        move="move the middle of the motif from base 12 to 2, 1 and 0.",
        see="8.52 everywhere inside, and 7.49, 6.24, 4.96 at bases 2, 1, 0: a zero adds nothing "
        "where a base of the motif would add its weight. The maximum of the first window falls "
        "with it, though the motif has not left the window: the invariance is broken at the edge.",
    ),
)
"""From one-hot to pooling, in the order of the chapter."""

MEANING = (
    Demonstration(
        key="consensus",
        title="What does a consensus throw away?",
        explorer="ConsensusExplorer",
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
        explorer="LogOddsExplorer",
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
        explorer="BeatExplorer",
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
        explorer="TheoremExplorer",
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
        explorer="CrpExplorer",
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
        explorer="SaturationExplorer",
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
        explorer="DependencyExplorer",
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
        explorer="SaliencyExplorer",
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
        explorer="GrammarExplorer",
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
        explorer="PrevalenceExplorer",
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
        explorer="MotifLab",
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
        explorer="GrammarLab",
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

DEMONSTRATIONS = (*LAYERS, *MEANING)
"""In the order of the chapter."""

_BY_KEY = {one.key: one for one in DEMONSTRATIONS}


def demonstration(key: str) -> Demonstration:
    """Return the demonstration of that key.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not isinstance(key, str) or key not in _BY_KEY:
        raise ValueError(f"key must be one of {', '.join(_BY_KEY)}, not {quoted(key)}.")
    return _BY_KEY[key]


def show(key: str) -> Explorer:
    """Make the explorer of a demonstration; as the last line of a cell it is displayed.

    Parameters
    ----------
    key : str
        Such as "scanning"; `DEMONSTRATIONS` holds them all.

    Raises
    ------
    ValueError
        If there is none of that key.

    Examples
    --------
    >>> card = show("scanning")
    >>> card.set(stride=1)
    >>> card.set(bias=0.0)
    Traceback (most recent call last):
    motiflab.checks.ArgumentError: Bias b is locked by the teacher.
    """
    return demonstration(key).show()

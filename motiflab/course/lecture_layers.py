"""Demonstrations of what a network is made of: its input, scanning, pooling, activations, loss."""

from __future__ import annotations

from motiflab.course.demonstration import Demonstration

LAYERS = (
    Demonstration(
        key="base_order",
        title="Which two bases are least alike?",
        explorer="encoding_explorer.EncodingExplorer",
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
        explorer="encoding_explorer.EncodingExplorer",
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
        explorer="scan_explorer.ScanExplorer",
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
        explorer="activation_explorer.ActivationExplorer",
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
        explorer="sparsity_explorer.SparsityExplorer",
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
        explorer="loss_explorer.LossExplorer",
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
        explorer="pooling_explorer.PoolingExplorer",
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
        explorer="pooling_explorer.PoolingExplorer",
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
        explorer="boundary_explorer.BoundaryExplorer",
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

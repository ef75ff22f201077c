"""Proteins from letters to a motif: no function assumes four letters or two strands."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.metrics import roc_auc_score

from motiflab import layers
from motiflab.checks import ArgumentError
from motiflab.datasets import dataset, planting
from motiflab.datasets.sources import from_fasta, planted
from motiflab.interpretation import filters_as_motifs, saliency
from motiflab.layers import convolution
from motiflab.layers.receptive_fields import Stack
from motiflab.motifs import closest_motifs, dependencies, log_odds, tomtom
from motiflab.motifs.motif import (
    Motif,
    check_probabilities,
    information,
    letter_ratios,
    small_sample_correction,
)
from motiflab.motifs.motif_files import read_motifs, write_meme
from motiflab.networks import cnn, one_layer, recovery, scanner
from motiflab.networks.model_settings import ModelSettings
from motiflab.networks.training import TrainSettings, logits, train
from motiflab.sequences import encoding, matrix, shuffles
from motiflab.sequences.alphabet import DNA, Alphabet, clean
from motiflab.sequences.fasta import FastaRecord, read_fasta

AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"
PROTEIN = Alphabet(AMINO_ACIDS, {"B": "DN", "Z": "EQ", "X": AMINO_ACIDS}, kind="amino acids")
SHUFFLED = Alphabet("ARNDCQEGHILKMFPSTWYV", kind="amino acids")  # by their three-letter names
INSULIN = "GIVEQCCTSICSLYQLENYCN"  # the A chain
ONE_STRAND = ModelSettings(filters=2, width=3, both_strands=False)


def test_letters_become_numbers_and_letters_again():
    x = encoding.one_hot(INSULIN.lower(), alphabet=PROTEIN)
    assert x.shape == (21, 20) and x.sum() == 21
    assert x.argmax(axis=1).tolist() == [AMINO_ACIDS.index(letter) for letter in INSULIN]
    batch = encoding.encode([INSULIN, "MXB"], alphabet=PROTEIN)
    assert batch.x.shape == (2, 20, 21) and batch.lengths.tolist() == [21, 3]
    assert encoding.decode(batch.x[0], channels="first", alphabet=PROTEIN) == INSULIN
    assert encoding.decode(batch.x[1], channels="first", alphabet=PROTEIN) == "MXB"
    assert batch.x[1, :, 1] == pytest.approx([1 / 20] * 20)
    assert np.flatnonzero(batch.x[1, :, 2]).tolist() == [2, 11]  # D and N
    turned = AMINO_ACIDS[::-1]
    assert encoding.one_hot("A", turned, alphabet=PROTEIN)[0].tolist() == [0] * 19 + [1]
    assert encoding.decode(encoding.one_hot("WY", turned, "last", PROTEIN), turned, "last", PROTEIN)
    assert encoding.integer_codes("CY", alphabet=PROTEIN).tolist() == [[1], [19]]
    assert encoding.word_filter("C", PROTEIN).tolist() == [[-1, 1] + [-1] * 18]
    assert read_fasta(b">insulin\nGIVEQ\nccts\n", PROTEIN)[0].sequence == "GIVEQCCTS"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: clean("GIVE1", alphabet=PROTEIN), r"only amino acids \(ACD.*BZX\), got '1' at"),
        (
            lambda: encoding.encode(["A", "O"], alphabet=PROTEIN),
            r"sequences\[1\] must .* 'O' at pos",
        ),
        (
            lambda: encoding.one_hot("A", "ACGT", alphabet=PROTEIN),
            "order must hold each of A, C",
        ),
        (lambda: encoding.decode(np.eye(4), alphabet=PROTEIN), r"shape \(length, 20\)"),
        (lambda: read_fasta(b">a\nGIVEO\n", PROTEIN), "'a' must hold only amino acids .* got 'O'"),
        (
            lambda: matrix.check_background([0.5, 0.5], PROTEIN),
            r"20 positive .*\(A, C, .* sum to 1",
        ),
        (
            lambda: matrix.check_matrix("m", np.eye(4), alphabet=PROTEIN),
            r"m must have the shape \(K, 20\)",
        ),
        (lambda: Motif("", np.eye(4), alphabet=PROTEIN), r"counts must have the shape \(K, 20\)"),
        (lambda: Alphabet("ACCA"), "letters must be at least two capital .* all different"),
        (lambda: Alphabet("ac"), "letters must be at least two capital .* got 'ac'"),
        (lambda: Alphabet("A"), "letters must be at least two capital .* got 'A'"),
        (lambda: Alphabet("AC", {"A": "C"}), "letters must .* different from the codes, got 'AC'"),
        (lambda: Alphabet("AC", {"R": "AG"}), "codes must each stand for some of the letters AC"),
        (lambda: Alphabet("AC", {"X": ""}), "codes must each stand for some of the letters AC"),
        (lambda: Alphabet("ABC", paired=True), "paired must be False unless .* even in number"),
        (
            lambda: Alphabet("ACGT", {"R": "AG"}, paired=True),
            "paired must be False unless .* complement of each code is a code, got ACGT",
        ),
        (
            lambda: encoding.decode([[0.5, 0, 0.5, *[0] * 17]], alphabet=PROTEIN),
            "matrix must .* no code of the alphabet stands for A and D",
        ),
        (
            lambda: matrix.check_background(dict.fromkeys("ACGT", 0.25), PROTEIN),
            "background must have its keys labelled A, C, D, .* W and Y, once each, got 'A'",
        ),
        (
            lambda: read_motifs(">a\n1 2\n", alphabet=PROTEIN),
            "source must be meme for .* got JASPAR or",
        ),
    ],
)
def test_what_is_not_of_the_alphabet_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: encoding.encode(["A", "O"], alphabet=PROTEIN), "sequences"),
        (lambda: Motif.from_sites(["ACG", "AXG"]), "sites"),
        (lambda: read_fasta(b">a\nGIVEO\n", PROTEIN), "source"),
        (lambda: read_motifs(">a\n1 2\n", alphabet=PROTEIN), "source"),
        (lambda: read_motifs(">a\n1 2\n", "jaspar", PROTEIN), "format"),
    ],
)
def test_an_error_about_a_letter_knows_its_argument(call, argument):
    with pytest.raises(ArgumentError) as error:
        call()
    assert error.value.argument == argument


@pytest.mark.parametrize("alphabet", [PROTEIN, SHUFFLED])
def test_labels_say_which_letter_is_which(alphabet):
    q = {letter: (at + 1) / 210 for at, letter in enumerate(AMINO_ACIDS)}
    in_order = [q[letter] for letter in alphabet.letters]
    np.testing.assert_allclose(matrix.check_background(q, alphabet), in_order)
    counts = {letter: [at, 1] for at, letter in enumerate(AMINO_ACIDS)}
    expected = [[counts[letter][k] for letter in alphabet.letters] for k in (0, 1)]
    assert Motif("", counts, alphabet=alphabet).counts.tolist() == expected
    assert Motif("", pd.DataFrame(counts), alphabet=alphabet).counts.tolist() == expected
    joint = np.random.default_rng(0).dirichlet(np.ones(400)).reshape(20, 20)
    table = pd.DataFrame(joint, list(alphabet.letters), list(alphabet.letters))
    turned = table.loc[list(AMINO_ACIDS), list(AMINO_ACIDS)[::-1]]
    np.testing.assert_allclose(matrix.check_table(turned, "table", alphabet), joint)
    rows = encoding.one_hot("WYA", alphabet=alphabet)
    labelled = pd.DataFrame(rows, columns=list(alphabet.letters))[list(AMINO_ACIDS)]
    assert encoding.decode(labelled, alphabet=alphabet) == "WYA"
    shape = ModelSettings(1, len(expected), activation="none", both_strands=False)
    network = one_layer.OneLayerNetwork([counts], [0], [1], settings=shape, alphabet=alphabet)
    assert network.weights[0].tolist() == expected


def test_rna_tables_are_turned_by_their_labels():
    rna = Alphabet("ACGU", paired=True)
    x = pd.DataFrame(encoding.one_hot("AAC", channels="first", alphabet=rna), list("ACGU"))
    other = encoding.reverse_complement_one_hot(x.loc[list("UGCA")], rna)
    assert encoding.decode(other, channels="first", alphabet=rna) == "GUU"


MOTIF = Motif.from_sites(["NGT", "NAS"], "toy", alphabet=PROTEIN)


@pytest.mark.parametrize(
    "call",
    [
        PROTEIN.check_paired,
        lambda: PROTEIN.other_strand(np.zeros((3, 20))),
        lambda: PROTEIN.complement("NGT"),
        lambda: encoding.reverse_complement("NGT", PROTEIN),
        lambda: encoding.reverse_complement_one_hot(np.zeros((20, 3)), PROTEIN),
        MOTIF.reverse_complement,
        lambda: planting.Arrangement((MOTIF,)),
    ],
)
def test_without_complements_there_is_no_other_strand(call):
    with pytest.raises(
        ValueError, match="alphabet must have complements, got ACD.*, which has none"
    ):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: cnn.build(ModelSettings(), 30, alphabet=PROTEIN),
        lambda: cnn.MotifNetwork(ModelSettings(), 30, PROTEIN),
        lambda: one_layer.random_one_layer(2, 3, alphabet=PROTEIN),
        lambda: one_layer.OneLayerNetwork(
            np.zeros((1, 3, 20)), np.zeros(1), np.ones(1), alphabet=PROTEIN
        ),
    ],
)
def test_a_network_of_proteins_reads_one_strand(call):
    with pytest.raises(
        ValueError, match="alphabet must have complements, got ACD.*, which has none"
    ):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: closest_motifs.similarity(MOTIF, MOTIF),
        lambda: closest_motifs.best_matches([MOTIF], closest_motifs.MotifCollection([MOTIF])),
        lambda: closest_motifs.MotifCollection([MOTIF]).both_strands,
        lambda: tomtom.tomtom([MOTIF], closest_motifs.MotifCollection([MOTIF])),
        lambda: check_probabilities(MOTIF),
    ],
)
def test_where_both_strands_are_compared_motifs_must_be_of_dna(call):
    with pytest.raises(ValueError, match="must be a motif of the letters ACGT, got one of ACD"):
        call()


def test_a_protein_is_convolved_pooled_and_read_by_a_network():
    x, word = encoding.one_hot(INSULIN, alphabet=PROTEIN), encoding.one_hot("CSL", alphabet=PROTEIN)
    scores = convolution.cross_correlate(x, word)
    assert scores.argmax() == INSULIN.index("CSL") and scores.max() == 3
    # By hand: letters of CSL at their places in each window.
    expected = [
        sum(a == b for a, b in zip("CSL", INSULIN[i : i + 3])) for i in range(len(INSULIN) - 2)
    ]
    assert scores.tolist() == expected
    assert layers.pool(scores, window=19).tolist() == [3]
    assert layers.centre(word, alphabet=PROTEIN)[0].sum() == pytest.approx(0)
    placed = layers.place_motif(x, word, 0)
    assert encoding.decode(placed, alphabet=PROTEIN) == "CSL" + INSULIN[3:]
    # The same filter in a network of torch, and in one of numpy.
    network = cnn.from_filter(word, len(x), offset=-1, alphabet=PROTEIN)
    batch = torch.from_numpy(encoding.encode([INSULIN], alphabet=PROTEIN).x)
    assert network(batch).item() == 2
    shape = ModelSettings(1, len(word), activation="none", both_strands=False)
    reader = one_layer.OneLayerNetwork(word[None], [0], [1], -1.0, shape, PROTEIN)
    found = one_layer.forward(reader, x)
    assert (found.logit, found.start.tolist(), found.strand.tolist()) == (2, [10], ["+"])
    slope = one_layer.gradient(reader, found, 0).weights[0]
    np.testing.assert_allclose(slope, x[10:13] / (1 + math.exp(-2)))
    untrained = one_layer.random_one_layer(2, 3, both_strands=False, alphabet=PROTEIN)
    steps = one_layer.descend_many(untrained, [x, x[::-1]], [1, 0], updates=4)
    assert steps.weights.shape == (5, 2, 3, 20)
    assert Stack(width=3).parameters(filters=2, channels=20) == sum(
        p.numel() for p in cnn.build(ONE_STRAND, 9, alphabet=PROTEIN).parameters()
    ) + 2 * (2 * 1 + 1)  # the second layer of the stack


def test_saliency_of_a_protein():
    network = cnn.build(ONE_STRAND, len(INSULIN), seed=1, alphabet=PROTEIN)
    x = encoding.one_hot(INSULIN, alphabet=PROTEIN)
    slopes = saliency.saliency(network, x, "logit")
    assert slopes.shape == (21, 20)
    np.testing.assert_allclose(saliency.saliency_by_hand(network, x, "logit"), slopes, atol=1e-6)
    changes = saliency.mutagenesis(network, x, "logit")
    at = saliency.winning_windows(network, x)[0].positions[1]
    others = np.repeat(x[None], 21, axis=0)
    others[1:, at] = np.eye(20)  # every letter in turn; the first sequence stays as it is
    outputs = network(torch.from_numpy(others.transpose(0, 2, 1).copy())).detach().numpy()
    np.testing.assert_allclose(changes[at], outputs[1:] - outputs[0], atol=1e-6)
    assert np.ptp(changes[at]) > 0.02
    assert (
        saliency.gradient_times_input(slopes, x, PROTEIN).sum(axis=1).tolist()
        == slopes[x == 1].tolist()
    )
    with pytest.raises(ValueError, match=r"x must have the shape \(L, 20\)"):
        saliency.saliency(network, np.zeros((21, 4)))


def test_the_most_information_is_the_logarithm_of_twenty():
    sure = Motif.from_sites(["WC", "WC"], alphabet=PROTEIN)
    assert sure.information() == pytest.approx([math.log2(20)] * 2)
    # Two amino acids, equally frequent: one bit less. All twenty: none.
    assert MOTIF.information() == pytest.approx(math.log2(20) - np.array([0, 1, 1]))
    assert information(np.full((1, 20), 1 / 20), alphabet=PROTEIN) == pytest.approx([0])
    assert sure.consensus() == "WC"
    # 19 independent frequencies instead of 3 (Miller 1955).
    many = small_sample_correction(20_000, alphabet=PROTEIN)
    assert many == pytest.approx(19 / (2 * 20_000 * math.log(2)))
    assert small_sample_correction(10_000, alphabet=PROTEIN) == pytest.approx(2 * many, rel=0.01)
    assert sure.information(corrected=True)[0] == pytest.approx(
        math.log2(20) - small_sample_correction(2, alphabet=PROTEIN)
    )
    with pytest.raises(ValueError, match="alphabet must be DNA"):
        sure.iupac()


def test_log_odds_of_a_protein_motif():
    q = encoding.background([INSULIN], pseudocount=1, alphabet=PROTEIN)
    weights = MOTIF.log_odds(q)
    gauged, bias = log_odds.to_gauge(weights + 2, 0, q, PROTEIN)
    np.testing.assert_allclose(gauged, weights, atol=1e-12)
    assert bias == pytest.approx(6)
    back = log_odds.motif_from_weights(weights, q, alphabet=PROTEIN)
    np.testing.assert_allclose(back.probabilities(), MOTIF.probabilities(1.0, q))
    assert log_odds.relative_entropy(back, back) == 0
    assert letter_ratios(back).shape == (3, 256)  # a motif has an alphabet of its own
    assert write_meme(iter([back])) == write_meme([back])
    scores = MOTIF.score("XNGT", q)
    assert scores[1] == pytest.approx(
        sum(weights[k, AMINO_ACIDS.index(a)] for k, a in enumerate("NGT"))
    )
    assert MOTIF.score("XXX", q) == pytest.approx([0])
    assert set(MOTIF.sample(50, np.random.default_rng(0))) == {"NGT", "NGS", "NAT", "NAS"}


def test_meme_text_states_the_letters():
    text = write_meme([MOTIF])
    assert f"ALPHABET= {AMINO_ACIDS}" in text and "alength= 20 w= 3" in text
    assert "strands" not in text
    (back,) = read_motifs(text, alphabet=PROTEIN)
    np.testing.assert_allclose(back.counts, MOTIF.counts, atol=1e-6)
    assert back.alphabet == PROTEIN
    # A file has an order of its own, and a block is that of MEME: alphabetical.
    block = 'ALPHABET "Protein" PROTEIN-LIKE\nEND ALPHABET'
    listed = block.replace("\n", "\n" + "\n".join(AMINO_ACIDS[::-1]) + "\n")
    for stated in (f"ALPHABET= {AMINO_ACIDS}", block, listed, ""):
        (other,) = read_motifs(text.replace(f"ALPHABET= {AMINO_ACIDS}", stated), alphabet=SHUFFLED)
        assert other.consensus() == MOTIF.consensus() == "NAS"
    with pytest.raises(ValueError, match="the alphabet must be ACGT, got 'ALPHABET= ACDEF"):
        read_motifs(text)
    with pytest.raises(ValueError, match="the alphabet must be ACDEF.* got 'ALPHABET= ACGT'"):
        read_motifs(write_meme([Motif("", np.eye(4))]), alphabet=PROTEIN)
    with pytest.raises(ValueError, match="format must be meme .* got jaspar"):
        read_motifs(">a\n1 2\n", "jaspar", PROTEIN)
    with pytest.raises(ValueError, match="motifs must all have one alphabet .* got ACD.* and ACGT"):
        write_meme([MOTIF, Motif("", np.eye(4))])


def test_shuffles_of_a_protein_keep_its_pairs():
    rng = np.random.default_rng(1)
    shuffled = {shuffles.shuffle_dinucleotides(INSULIN, rng, PROTEIN) for _ in range(20)}
    pairs = Counter(zip(INSULIN, INSULIN[1:]))
    assert len(shuffled) > 5
    assert all(Counter(zip(text, text[1:])) == pairs for text in shuffled)
    positives = [FastaRecord("insulin", INSULIN)]
    negative = shuffles.shuffled_negatives(positives, 1, rng, PROTEIN)[0]
    assert Counter(negative.sequence) == Counter(INSULIN)
    drawn = shuffles.random_negatives(positives, 40, rng, PROTEIN)
    assert set("".join(record.sequence for record in drawn)) == set(AMINO_ACIDS)


def test_positions_that_depend_on_each_other():
    sites = [letter * 2 for letter in AMINO_ACIDS]
    table = dependencies.pair_table(sites, 0, 1, alphabet=PROTEIN)
    np.testing.assert_allclose(table, np.eye(20) / 20)
    assert dependencies.mutual_information(table, PROTEIN) == pytest.approx(math.log2(20))
    assert dependencies.total_correlation(sites, alphabet=PROTEIN) == pytest.approx(math.log2(20))
    both = dependencies.information_matrix(sites, alphabet=PROTEIN)
    assert both[0, 1] == pytest.approx(math.log2(20))


SITE = Motif.from_sites(["WCW", "WCY"] * 10, "site", alphabet=PROTEIN)
PLANTED = planting.Arrangement((SITE,), both_strands=False)


def test_a_planted_site_is_learned_and_read_back():
    data = planted(PLANTED, n=400, length=20, seed=1)
    assert data.alphabet == PROTEIN and data.x.shape == (400, 20, 20)
    site = data.sites[0]
    assert data.sequences[site.sequence][site.start : site.end][:2] == "WC"
    training, test = data.split(0.5)
    network = cnn.build(ONE_STRAND, 20, seed=0, alphabet=PROTEIN)
    list(train(network, training, TrainSettings(epochs=15, batch=20)))
    assert roc_auc_score(test.labels, logits(network, test)) > 0.9
    assert roc_auc_score(test.labels, test.optimum) > 0.95
    found = max(
        filters_as_motifs.filter_motifs(network, training),
        key=lambda one: one.strength,
    )
    assert found.motif.alphabet == PROTEIN and found.motif.counts.shape == (3, 20)
    assert {"W", "C"} & set(found.motif.consensus())
    assert found.motif.information().max() <= math.log2(20) + 1e-9


def test_the_likelihood_ratio_of_a_planted_site_by_hand():
    data = ["AWCWA", "AAAAA"]
    ratio = np.exp(planting.log_likelihood_ratio(data, PLANTED))
    q = np.full(20, 1 / 20)
    ppm = SITE.probabilities(1.0, q)
    for text, found in zip(data, ratio):
        x = encoding.one_hot(text, alphabet=PROTEIN)
        by_hand = [np.prod((x[i : i + 3] * ppm * 20).sum(axis=1)) for i in range(3)]
        assert found == pytest.approx(np.mean(by_hand), rel=1e-6)


def test_a_scanner_recovers_the_site():
    (aligned,) = recovery.recover(SITE, n=600, length=3)
    assert aligned.shift == 0 and aligned.kl < 3
    best = recovery.recover(SITE, n=300, length=6, restarts=2, seed=1)[0]
    assert best.weights.shape == (3, 20)
    assert AMINO_ACIDS[best.weights[1 + best.shift].argmax()] == "C"
    sequences, labels = ["AWCW", "AAAA", "WCYA", "CCAA"], [1, 0, 1, 0]
    weights = np.random.default_rng(0).normal(size=(3, 20))
    _, slope, _ = scanner.scanner_loss(weights, 0.1, sequences, labels, PROTEIN)
    moved = weights.copy()
    moved[1, 1] += 1e-6
    losses = [scanner.scanner_loss(w, 0.1, sequences, labels, PROTEIN)[0] for w in (weights, moved)]
    assert slope[1, 1] == pytest.approx((losses[1] - losses[0]) / 1e-6, abs=1e-5)


def test_proteins_from_a_fasta_file():
    text = b">a\nGIVEQCCTS\n>b\nFVNQHLCGS\n>c\nGIVEQCCTS\n>d\nMKWVTFISL\n"
    data = from_fasta(text, alphabet=PROTEIN)
    assert data.x.shape == (8, 20, 9) and data.alphabet == PROTEIN
    held = dataset.choose_held_out(
        data.sequences, data.labels, data.groups, 0.4, np.random.default_rng(0), PROTEIN
    )
    assert held[0] == held[2] == held[4] == held[6]  # equal, or shuffles of one another


def test_dna_is_an_alphabet_like_any_other():
    assert (DNA.size, DNA.letters, DNA.paired) == (4, "ACGT", True)
    assert DNA.code_of[frozenset("AG")] == "R" and DNA.code_of[frozenset("T")] == "T"
    assert DNA.complement("ACGTRYSWKMBDHVN") == "NBDHVKMWSRYACGT"
    rna = Alphabet("ACGU", {"N": "ACGU"}, paired=True)
    assert encoding.reverse_complement("aacun", rna) == "NAGUU"


@pytest.mark.parametrize("letters", ["ABCXYZ", "EFGH"])
def test_a_network_reads_both_strands_of_any_letters_with_complements(letters):
    paired, single = Alphabet(letters, paired=True), Alphabet(letters)
    text = letters + letters[0] * 3
    x = encoding.encode([text, paired.complement(text)], alphabet=paired).x
    network = cnn.build(ModelSettings(filters=2, width=3), len(text), alphabet=paired)
    outputs = network(torch.from_numpy(x)).tolist()
    assert outputs[0] == pytest.approx(outputs[1], abs=1e-6)
    reader = one_layer.random_one_layer(2, 3, alphabet=paired)
    given, other = (one_layer.forward(reader, one.T) for one in x)
    assert given.logit == pytest.approx(other.logit) and (given.strand != other.strand).any()
    with pytest.raises(ValueError, match="alphabet must have complements, got"):
        cnn.build(ModelSettings(filters=2, width=3), len(text), alphabet=single)
    with pytest.raises(ValueError, match="alphabet must have complements, got"):
        one_layer.random_one_layer(2, 3, alphabet=single)

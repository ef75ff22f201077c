"""Tables labelled by base: whatever their order, they mean what their labels say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from Bio import motifs as bio
from hypothesis import given
from hypothesis import strategies as st

from motiflab import layers
from motiflab.evaluation import detectors
from motiflab.evaluation.detectors import word_probabilities
from motiflab.interpretation import saliency
from motiflab.layers.convolution import cross_correlate
from motiflab.motifs import energy
from motiflab.motifs.closest_motifs import MotifCollection, best_matches, similarity
from motiflab.motifs.log_odds import motif_from_weights, relative_entropy, to_gauge
from motiflab.motifs.motif import Motif, check_probabilities, information, letter_ratios
from motiflab.motifs.tomtom import tomtom
from motiflab.networks import cnn, one_layer, scanner, word_fit
from motiflab.sequences import encoding, matrix
from motiflab.sequences.alphabet import clean
from motiflab.sequences.matrix import by_base, check_matrix, numbers_by_base, numbers_of_pairs

PPM = np.array([[0.7, 0.1, 0.15, 0.05], [0.1, 0.6, 0.1, 0.2], [0.05, 0.05, 0.2, 0.7]])
Q = np.array([0.3, 0.15, 0.25, 0.3])
KNOWN = MotifCollection([Motif("a", PPM), Motif("b", PPM[::-1])])
NETWORK = cnn.from_filter(PPM, length=3)
READER = one_layer.OneLayerNetwork(np.arange(8.0).reshape(1, 2, 4), np.zeros(1), np.ones(1))


@st.composite
def labelled(draw, matrix):
    """The matrix, (w, 4), as one of the common kinds of tables."""
    order = draw(st.permutations("ACGT"))
    columns = ["ACGT".index(base) for base in order]
    spell = draw(
        st.sampled_from([str, str.lower, lambda b: f" {b} ", lambda b: b.replace("T", "U")])
    )
    labels = [spell(base) for base in order]
    table = pd.DataFrame(matrix[:, columns], columns=labels, index=range(1, len(matrix) + 1))
    form = draw(st.sampled_from(["columns", "rows", "mapping", "records"]))
    if form == "rows":
        return table.T.set_axis([f"p{k}" for k in range(len(matrix))], axis=1)
    if form == "mapping":
        return {label: table[label].tolist() for label in labels}
    return table.to_dict("records") if form == "records" else table


@given(st.data())
def test_any_table_means_what_its_labels_say(data):
    w = data.draw(st.integers(1, 6))
    matrix = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1))).normal(size=(w, 4))
    table = data.draw(labelled(matrix))
    assert np.array_equal(by_base(table, "x"), matrix)
    assert np.array_equal(by_base(table, "x", "GTAC"), matrix[:, [2, 3, 0, 1]])
    assert np.array_equal(by_base(matrix, "x"), matrix)
    numbered = pd.DataFrame(matrix, index=[f"p{k}" for k in range(w)])
    assert np.array_equal(by_base(numbered, "x"), matrix)


def mixed(matrix):
    return pd.DataFrame(np.asarray(matrix)[:, [2, 0, 3, 1]], columns=list("GATC"))


@pytest.mark.parametrize(
    "function",
    [
        lambda m: Motif("", m).counts,
        lambda m: Motif.from_probabilities(m).counts,
        check_probabilities,
        lambda m: check_matrix("m", m),
        lambda m: motif_from_weights(m).counts,
        lambda m: tomtom([m], KNOWN).p_values,
        lambda m: similarity(m, PPM).similarity,
        lambda m: similarity(PPM[:2], m, min_information=0).similarity,
        lambda m: best_matches([m], KNOWN)[0][0].similarity,
        lambda m: relative_entropy(m, PPM[::-1]),
        lambda m: relative_entropy(PPM[::-1], m),
        lambda m: to_gauge(m, 0.0)[0],
        word_probabilities,
        lambda m: cross_correlate(m, PPM[:2]),
        lambda m: cross_correlate(encoding.one_hot("ACGTTA"), m),
        lambda m: energy.site_energies("ACGTTA", m),
        lambda m: energy.agreement(m, PPM[::-1]),
        lambda m: one_layer.pre_activations(READER, m),
        lambda m: one_layer.forward(READER, m).logit,
        lambda m: one_layer.OneLayerNetwork([m], np.zeros(1), np.ones(1)).weights,
        lambda m: one_layer.descend_many(READER, [m], [1.0], updates=3).losses,
        lambda m: information(m, Q),
        letter_ratios,
        lambda m: layers.scores_at_ends(m, PPM, 9, 1),
        lambda m: layers.scores_at_ends(PPM, m, 9, 1),
        lambda m: layers.centre(m)[0],
        lambda m: layers.pooled_along(m, PPM, encoding.one_hot("ACGTTA"), 2, 1),
        lambda m: layers.pooled_along(PPM, m, encoding.one_hot("ACGTTA"), 2, 1),
        lambda m: layers.pooled_along(PPM, encoding.one_hot("CAT"), m, 2, 2),
        lambda m: layers.place_motif(m, PPM[:1], 1),
        lambda m: layers.place_motif(PPM, m, 1),
        lambda m: layers.shift(PPM, m, 0, by=1),
        lambda m: layers.invariance_curves(m, "ACT", 2, 3)["max"].size,
        lambda m: cnn.from_filter(m, length=3).conv.weight.detach(),
        saliency.check_input,
        saliency.centred,
        lambda m: saliency.gradient_times_input(m, PPM),
        lambda m: saliency.gradient_times_input(PPM, m),
        lambda m: saliency.as_tensor(NETWORK, [m]),
        lambda m: saliency.mutagenesis(NETWORK, m),
        lambda m: saliency.winning_windows(NETWORK, m)[0].score,
        lambda m: detectors.word_scores(m),
        lambda m: detectors.score_distribution(m, PPM)[1],
        lambda m: scanner.scanner_loss(m, 0.0, ["ACGTTA", "CGTTAA"], [1, 0])[0],
        lambda m: energy.views_of(m, "energies", 1.6).energies,
        lambda m: energy.bound_ppm(m, 1.0, 1.6),
    ],
)
def test_labels_are_used_wherever_a_matrix_is_read(function):
    found, expected = function(mixed(PPM)), function(PPM)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert not np.allclose(function(mixed(PPM).to_numpy()), expected)
    with pytest.raises(
        ValueError, match=r"labelled A, C, G and T, once each, got 'G', 'A', 'T', 'X'\.$"
    ):
        function(mixed(PPM).rename(columns={"C": "X"}))


PAIRS = np.arange(1, 17).reshape(4, 4) / 136
OTHER_PAIRS = PAIRS[[2, 0, 3, 1]]


@pytest.mark.parametrize(
    "function",
    [
        lambda t: matrix.check_table(t, "positive"),
        lambda t: word_fit.least_loss(t, OTHER_PAIRS),
        lambda t: word_fit.least_loss(OTHER_PAIRS, t),
        lambda t: word_fit.fit_words(t, OTHER_PAIRS, 1, "none", starts=1).logits,
    ],
)
def test_labels_of_both_bases_of_a_pair_are_used(function):
    table = pd.DataFrame(PAIRS, list("ACGU"), list("acgt")).loc[list("UGAC"), list("gatc")]
    np.testing.assert_allclose(function(table), function(PAIRS), atol=1e-9)
    assert not np.allclose(function(table.to_numpy()), function(PAIRS))
    for wrong in (table.rename(columns={"g": "X"}), table.rename(index={"G": "X"})):
        with pytest.raises(ValueError, match="must have its (rows|columns) labelled .* 'X'"):
            function(wrong)


def test_one_labelled_side_of_a_pair_table_is_enough():
    columns = pd.DataFrame(PAIRS[:, [2, 0, 3, 1]], columns=list("GATC"))
    rows = pd.DataFrame(PAIRS[[2, 0, 3, 1]], index=list("GATC"))
    assert np.array_equal(numbers_of_pairs(columns, "x"), PAIRS)
    assert np.array_equal(numbers_of_pairs(rows, "x"), PAIRS)
    assert np.array_equal(numbers_of_pairs(pd.DataFrame(PAIRS), "x"), PAIRS)
    assert np.array_equal(numbers_of_pairs(PAIRS.tolist(), "x"), PAIRS)
    with pytest.raises(ValueError, match="x must be .* first base in its rows .* got a dict[.]$"):
        numbers_of_pairs({base: dict.fromkeys("ACGT", 1 / 16) for base in "ACGT"}, "x")


@pytest.mark.parametrize("record", [dict, pd.Series])
def test_a_list_of_labelled_positions_is_turned_where_bases_come_first(record):
    x = encoding.one_hot("ACGG")
    records = [record(dict(zip("GATC", row[[2, 0, 3, 1]]))) for row in x]
    assert encoding.decode(records) == encoding.decode(records, channels="first") == "ACGG"
    rows = [pd.Series(row) for row in x.T]  # each a base; four numbers without labels
    assert encoding.decode(rows, channels="first") == "ACGG"
    batch = encoding.reverse_complement_one_hot([mixed(x), mixed(x).T])
    assert [encoding.decode(one, channels="first") for one in batch] == ["CCGT", "CCGT"]
    batch = encoding.reverse_complement_one_hot([mixed(x).to_dict("list")] * 2)
    assert [encoding.decode(one, channels="first") for one in batch] == ["CCGT", "CCGT"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1, 2], [3]], r"numbers, in rows of equal length, got \[\[1, 2\], \[3\]\]\.$"),
        ([["one"] * 4], "x must hold numbers"),
        (np.full((500, 4), "one"), "x must hold numbers.{0,80}$"),
        ({"A": [1, 2], "C": [1], "G": [1], "T": [1]}, "x must have as many numbers for each base"),
    ],
)
def test_what_holds_no_numbers_is_named(values, message):
    with pytest.raises(ValueError, match=message):
        numbers_by_base(values, "x")


@pytest.mark.parametrize("table", [dict, pd.Series])
def test_a_labelled_background(table):
    q = table({"G": 0.25, "a": 0.3, "U": 0.3, "C": 0.15})
    assert np.array_equal(matrix.check_background(q), Q)
    assert np.array_equal(Motif("", PPM).log_odds(q), Motif("", PPM).log_odds(Q))
    with pytest.raises(ValueError, match="background must have its .* labelled .* 'A', 'C', 'G'"):
        matrix.check_background(table({"A": 0.3, "C": 0.4, "G": 0.3}))


def test_a_numbered_series_is_taken_by_position():
    assert np.array_equal(matrix.check_background(pd.Series(Q)), Q)


def test_one_hot_tables_are_decoded_by_their_labels():
    x = encoding.one_hot("ACGR")
    for order in ("ACGT", "TGCA"):
        assert encoding.decode(mixed(x), order) == "ACGR"
        assert encoding.decode(mixed(x).T, order, "first") == "ACGR"
        assert encoding.decode(mixed(x), order, "first") == "ACGR"
    turned = encoding.reverse_complement_one_hot(mixed(x).T)
    assert encoding.decode(turned, channels="first") == "YCGT"


def test_counts_of_biopython_are_labelled():
    counts = bio.create(["GAT", "GAC"]).counts
    assert Motif("", counts).counts.tolist() == Motif.from_sites(["GAT", "GAC"]).counts.tolist()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            pd.DataFrame(PPM, columns=[1, 2, 3, 4]),
            "x must have its columns or its rows .* got 1, 2, 3",
        ),
        (pd.DataFrame(PPM, columns=list("ACGG")), "'A', 'C', 'G', 'G'"),
        (pd.DataFrame(PPM, columns=list("TCGU")), "'T', 'C', 'G', 'U'"),
        (pd.DataFrame([[1, *PPM[0]]], columns=["pos", *"ACGT"]), "got 'pos', 'A', 'C', 'G', 'T'"),
        (pd.DataFrame(PPM.T[:3], index=list("ACG"), columns=list("xyz")), "got 'x', 'y', 'z'"),
        (pd.DataFrame([range(9)], columns=list("abcdefghi")), "'f', [.]{3}[.]$"),
        (pd.DataFrame(PPM, columns=["A" * 99, *"CGT"]), r"got 'A{20}\.{3}', 'C'"),
        ({"A": [1], "C": [1], "G": [1]}, "x must have its keys labelled .* got 'A', 'C', 'G'"),
    ],
)
def test_other_labels_are_named(table, message):
    with pytest.raises(ValueError, match=message):
        by_base(table, "x")


@pytest.mark.parametrize("dna", ["ACGTXXXXACGT", "ACGTACGTACGI", "ACGT*", "xxxxacgt", "AX", "XX"])
def test_one_odd_letter_makes_no_protein(dna):
    with pytest.raises(ValueError, match="nucleotide codes") as error:
        clean(dna)
    assert "protein" not in str(error.value)
    assert ("write N for a masked or unknown base" in str(error.value)) == ("X" in dna.upper())


@pytest.mark.parametrize("protein", ["MKVSELLPG*", "MEEPQSDPSV", "mkvxlaagie", "MEX"])
def test_a_protein_is_called_one(protein):
    with pytest.raises(ValueError, match=r"looks like a protein\.$"):
        clean(protein)

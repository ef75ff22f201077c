"""From filters to motifs: cases with a known answer, brute force, and inverse laws."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import roc_auc_score

from motiflab.datasets import sources
from motiflab.datasets.planting import Arrangement
from motiflab.interpretation import filters_as_motifs
from motiflab.interpretation.filters_as_motifs import (
    FLANK,
    activation_map,
    best_windows,
    filter_motifs,
)
from motiflab.motifs.closest_motifs import similarity
from motiflab.motifs.log_odds import motif_from_weights
from motiflab.motifs.motif import Motif
from motiflab.networks import cnn, model_settings
from motiflab.networks.cnn import build
from motiflab.networks.model_settings import ModelSettings
from motiflab.networks.training import logits
from motiflab.sequences.encoding import one_hot, reverse_complement

BOX = Motif.from_sites(["TGACGTGA"] * 9 + ["TGACTTGA"], "box")


@pytest.fixture(scope="module")
def data():
    return sources.planted(Arrangement((BOX,)), n=400, length=40, seed=2)


def scanner(motif, length, **changes):
    """A network whose first filter is the motif's PWM."""
    network = build(ModelSettings(filters=2, width=motif.width, **changes), length, seed=0)
    with torch.no_grad():
        network.conv.weight[0] = torch.from_numpy(motif.log_odds().T.copy()).float()
        network.conv.bias[0] = 0
    return network


def test_a_pwm_finds_the_planted_sites_and_gives_the_motif_back(data):
    network = scanner(BOX, 40)
    windows = best_windows(network, data)
    at_site = [
        windows.start[site.sequence, 0] == site.start
        and windows.reverse[site.sequence, 0] == (site.strand == "-")
        for site in data.sites
    ]
    assert len(at_site) == 200
    assert np.mean(at_site) > 0.95
    found = filter_motifs(network, data)[0]
    assert found.motif.consensus() == "TGACGTGA"
    # a stray window in twenty, and two standard errors of a frequency from 200 windows
    assert np.abs(found.motif.probabilities() - BOX.probabilities()).max() < 0.05 + 2 * 0.021
    assert found.strength == pytest.approx(roc_auc_score(data.labels, windows.score[:, 0]))
    assert found.strength > 0.9


def test_how_many_sequences_are_read_at_once_changes_nothing(data, monkeypatch):
    network = scanner(BOX, 40)  # two filters, both strands, 33 windows
    several = best_windows(network, data)
    for values, sequences in ((7 * 2 * 2 * 33, 7), (1, 1)):
        monkeypatch.setattr("motiflab.networks.model_settings._CACHED", values)
        assert network.settings.at_once(40) == sequences
        few = best_windows(network, data)
        np.testing.assert_allclose(few.score, several.score, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(logits(network, data), logits_of_all(network, data), atol=1e-6)


def logits_of_all(network, data):
    with torch.no_grad():
        return network(torch.from_numpy(data.x)).numpy()


def test_the_planted_sites_are_never_looked_at(data):
    network = scanner(BOX, 40)
    blind = dataclasses.replace(data, sites=(), log_ratio=None, motifs=())
    for a, b in zip(filter_motifs(network, data), filter_motifs(network, blind), strict=True):
        assert np.array_equal(a.motif.counts, b.motif.counts)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 5),
    st.integers(1, 3),
    st.integers(0, 3),
    st.integers(1, 2),
    st.booleans(),
    st.lists(st.text("ACGTN", min_size=12, max_size=20), min_size=2, max_size=4),
)
def test_windows_are_those_of_a_search_by_hand(width, stride, padding, dilation, both, sequences):
    fasta = "".join(f">s{i}\n{s}\n" for i, s in enumerate(sequences)).encode()
    data = sources.from_fasta(fasta, seed=0)
    model = ModelSettings(
        filters=2,
        width=width,
        stride=stride,
        padding=padding,
        dilation=dilation,
        both_strands=both,
    )
    network = build(model, data.x.shape[2], seed=1)
    windows = best_windows(network, data)
    for i, sequence in enumerate(data.sequences):
        x = np.pad(one_hot(sequence), ((padding, padding), (0, 0)))
        for f in range(2):
            w = network.conv.weight[f].detach().numpy().T
            b = network.conv.bias[f].item()
            best = -np.inf
            for start in range(0, len(x) - dilation * (width - 1), stride):
                taps = x[start : start + dilation * (width - 1) + 1 : dilation]
                for turned in (w, w[::-1, ::-1])[: 1 + both]:
                    best = max(best, float((taps * turned).sum() + b))
            assert windows.score[i, f] == pytest.approx(best, rel=1e-4, abs=1e-5)
            start = windows.start[i, f] + padding
            taps = x[start : start + dilation * (width - 1) + 1 : dilation]
            turned = w[::-1, ::-1] if windows.reverse[i, f] else w
            assert (taps * turned).sum() + b == pytest.approx(best, rel=1e-4, abs=1e-5)


def test_padding_and_dilation_reach_the_counts():
    """A filter of three taps, two apart, half outside: the columns hold what lay under the taps."""
    data = sources.from_fasta(
        b">a\nGTTTTTTTTT\n>b\nGTTTTTTTTT\n",
        negatives="own",
        negatives_source=b">c\nTTTTTTTTTT\n>d\nTTTTTTTTTT\n",
    )
    model = ModelSettings(filters=1, width=3, padding=2, dilation=2, both_strands=False)
    network = build(model, 10, 0)
    with torch.no_grad():
        network.conv.weight.zero_()
        network.conv.weight[0, 2, 1] = 1.0  # G under the middle tap
    counts = filter_motifs(network, data)[0].motif.counts
    assert counts.tolist() == [[0.25] * 4, [0, 0, 2, 0], [0, 0, 0, 2]]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 5),
    st.integers(0, 3),
    st.integers(1, 3),
    st.booleans(),
    st.lists(st.text("ACGTN", min_size=15, max_size=20), min_size=2, max_size=12),
)
def test_flanked_counts_are_those_of_a_search_by_hand(width, padding, dilation, both, sequences):
    fasta = "".join(f">s{i}\n{s}\n" for i, s in enumerate(sequences)).encode()
    data = sources.from_fasta(fasta, seed=0)
    settings = ModelSettings(
        filters=2, width=width, padding=padding, dilation=dilation, both_strands=both
    )
    network = build(settings, data.x.shape[2], seed=1)
    windows, span = best_windows(network, data), dilation * (width - 1) + 1
    for f, found in enumerate(filter_motifs(network, data, windows)):
        chosen = counted(windows.score[:, f], data.labels)
        expected = np.zeros((FLANK + span + FLANK, 4))
        for i in chosen:
            start, back = windows.start[i, f], windows.reverse[i, f]
            for column in range(len(expected)):
                place = start - FLANK + column
                if 0 <= place < len(data.sequences[i]) and data.sequences[i][place] in "ACGT":
                    base = "ACGT".index(data.sequences[i][place])
                    expected[(-1 - column, 3 - base) if back else (column, base)] += 1
        assert found.flanked.tolist() == expected.tolist()


def counted(score, labels):
    """Positives whose windows name a filter, by the rule of `filter_motifs`, level by level."""
    positive, negative = score[labels == 1], score[labels == 0]
    share = max(0, 2 * np.mean(positive >= np.quantile(negative, 0.5)) - 1)
    for level in np.arange(10, 20) / 20:
        least = np.quantile(negative, level)
        if (1 - share) * (1 - level) <= 0.1 * np.mean(positive >= least):
            break
    least = min(least, np.sort(positive)[-10:][0])
    return [i for i in np.flatnonzero(labels == 1) if score[i] >= least]


def test_more_windows_name_a_filter_the_fewer_are_there_by_chance():
    rng = np.random.default_rng(0)
    negatives = rng.normal(size=(1000, 3))
    sites = [1.0, 0.5, 0.0]
    positives = np.where(rng.random((1000, 3)) < sites, 9.0, rng.normal(size=(1000, 3)))
    least = filters_as_motifs._few_by_chance(positives, negatives)
    # All contain a site: the threshold falls to the median. Half do: at most a tenth of those above
    # it are chance. None does: it stays at the 95th percentile.
    assert least[0] == np.quantile(negatives[:, 0], 0.5)
    assert least[2] == np.quantile(negatives[:, 2], 0.95)
    chance = (positives[:, 1] >= least[1]) & (positives[:, 1] < 9)
    assert chance.sum() / (positives[:, 1] >= least[1]).sum() < 0.11
    assert least[0] < least[1] <= least[2] + 0.3


def test_windows_at_the_ends_of_the_padding_count_nothing():
    """For a filter that scores highest in the padding no base is counted, nor in the flanks."""
    data = sources.from_fasta(b">a\nACGTACGTACGT\n>b\nACGTACGTACGA\n", seed=0)
    network = build(ModelSettings(filters=1, width=3, padding=30), 12, seed=0)
    with torch.no_grad():
        network.conv.weight[:] = -1
    assert filter_motifs(network, data)[0].flanked.sum() == 0


def test_sites_on_the_other_strand_are_turned_round():
    site = "TGACGTGA"
    fasta = f">a\nCC{site}CC\n>b\nCC{reverse_complement(site)}CC\n".encode()
    other = b">c\nCCCCCCCCCCCC\n>d\nCCCCCCCCCCCC\n"
    data = sources.from_fasta(fasta, negatives="own", negatives_source=other)
    assert (
        filter_motifs(scanner(BOX, 12), data)[0].motif.counts.tolist()
        == (2 * one_hot(site)).tolist()
    )


def test_a_relu_that_never_opens_is_said_to_be_silent(data):
    network = scanner(BOX, 40)
    with torch.no_grad():
        network.conv.bias[0] = -1000
    first, second = filter_motifs(network, data)
    assert first.silent and not second.silent
    assert first.motif.consensus() == "TGACGTGA"  # what it would fire on can still be seen


@settings(max_examples=100, deadline=None)
@given(
    arrays(float, (4, 4), elements=st.floats(0.01, 1)),
    arrays(float, 4, elements=st.floats(0.1, 1)),
    arrays(float, (4, 1), elements=st.floats(-5, 5)),
)
def test_the_softmax_undoes_the_log_odds_whatever_is_added_to_a_row(ppm, q, shift):
    ppm, q = ppm / ppm.sum(1, keepdims=True), q / q.sum()
    back = motif_from_weights(np.log(ppm / q) + shift, q).probabilities()
    assert back == pytest.approx(ppm, abs=1e-9)


def test_a_uniform_background_is_torch_softmax():
    w = np.random.default_rng(0).normal(size=(6, 4))
    expected = torch.softmax(torch.from_numpy(w), dim=1).numpy()
    assert motif_from_weights(w).probabilities() == pytest.approx(expected)


@pytest.mark.parametrize("bad", [[[1, 2, 3]], [1, 2, 3, 4], [[0, 0, 0, np.nan]], np.zeros((0, 4))])
def test_bad_weights_are_refused_in_a_sentence(bad):
    with pytest.raises(ValueError, match="^weights must (have the shape|hold finite numbers)"):
        motif_from_weights(bad)


def test_the_activation_map_peaks_on_the_planted_site(data):
    network = scanner(BOX, 40)
    site = data.sites[0]
    y = activation_map(network, data.x[site.sequence], 0)
    assert y.shape == (33,)
    assert int(y.argmax()) == best_windows(network, data).start[site.sequence, 0]
    assert y.min() >= 0  # the map is after the ReLU


def test_similarity_of_the_filter_to_what_was_planted(data):
    found = filter_motifs(scanner(BOX, 40), data)[0]
    assert similarity(found.motif, BOX).similarity > 0.98


A = Motif("A", [[99 * (base == letter) for base in "ACGT"] for letter in "GATTAC"])
B = Motif("B", [[99 * (base == letter) for base in "ACGT"] for letter in "CCGTGC"])


@pytest.fixture(scope="module")
def data_of_second_layer():
    near, far = Arrangement((A, B), ((4, 4),)), Arrangement((A, B), ((12, 12),))
    return sources.planted(near, far, n=60, length=40, seed=1)


def built(**changes):
    choices = {"filters": 3, "width": 6, "window": 3, "layers": 2, "second_filters": 4}
    return cnn.build(
        model_settings.ModelSettings(**choices | {"second_width": 3} | changes), 40, seed=2
    )


@pytest.mark.parametrize("both", [True, False])
@pytest.mark.parametrize("dilation", [1, 2])
def test_the_contributions_and_the_bias_add_up_to_the_score(data, both, dilation):
    network = built(both_strands=both, second_dilation=dilation)
    reading = filters_as_motifs.read_second_layer(network, data)
    # Torch alone: the pre-activations of the second layer, caught on their way.
    x = torch.from_numpy(data.x[data.labels == 1])
    weight, bias = network.second.weight, network.second.bias
    scores = []
    with torch.no_grad():
        maps = network.pooled(x)[0]
        for strand, turned in zip(maps.unbind(1), (weight, weight.flip(2))):
            scores.append(torch.nn.functional.conv1d(strand, turned, bias, dilation=dilation))
    best = torch.cat(scores, -1)[:, reading.index].amax(-1).mean()
    assert reading.score == pytest.approx(float(best), rel=1e-5)
    assert reading.contributions.sum() + reading.bias == pytest.approx(reading.score, rel=1e-4)
    assert reading.offsets.tolist() == [0, 3 * dilation, 6 * dilation]


def test_a_filter_made_for_a_then_b_is_read_as_a_then_b(data):
    """First-layer filters A and B; one second-layer filter that wants A, then B 10 bases on."""
    near, far = (Arrangement((A, B), ((gap, gap),), both_strands=False) for gap in (4, 12))
    data = sources.planted(near, far, n=200, length=40, seed=1)
    network = built(filters=2, window=1, second_filters=2, second_width=11, both_strands=False)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        for f, motif in enumerate((A, B)):
            network.conv.weight[f] = torch.from_numpy(motif.probabilities().T)
            network.conv.bias[f] = -5
        network.second.weight[1, 0, 0] = network.second.weight[1, 1, 10] = 1
        network.dense.weight[0, 1] = 1
    reading = filters_as_motifs.read_second_layer(network, data)
    assert reading.index == 1 and reading.strength > 0.9
    large = np.argwhere(reading.contributions > 0.5).tolist()
    assert large == [[0, 0], [1, 10]]
    assert reading.offsets.tolist() == list(range(11))


def test_one_layer_or_ragged_data_are_refused(data):
    one = cnn.build(model_settings.ModelSettings(filters=2, width=5), 40)
    with pytest.raises(ValueError, match="two layers to read the second, not 1"):
        filters_as_motifs.read_second_layer(one, data)
    lengths = data.lengths.copy()
    lengths[0] = 30
    ragged = type(data)(**{**vars(data), "lengths": lengths})
    with pytest.raises(ValueError, match="sequences of one length, got 30 to 40"):
        filters_as_motifs.read_second_layer(built(), ragged)


def test_offsets_count_bases_also_where_the_first_layer_takes_steps(data):
    network = built(stride=2, window=3, second_width=3)
    assert filters_as_motifs.read_second_layer(network, data).offsets.tolist() == [0, 6, 12]


def test_a_filter_that_speaks_for_the_positives_is_taken_before_a_better_one_that_does_not(data):
    network = built()
    with torch.no_grad():
        network.dense.weight.fill_(-1)
        best = filters_as_motifs.read_second_layer(
            network, data
        ).index  # of all, as none is positive
        network.dense.weight[0, (best + 1) % 4] = 1
    assert filters_as_motifs.read_second_layer(network, data).index == (best + 1) % 4

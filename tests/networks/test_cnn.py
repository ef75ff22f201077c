"""The networks: shapes, strands, padding, and numpy as the oracle of the whole forward pass."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from motiflab.layers.activations import exponential, relu
from motiflab.layers.convolution import cross_correlate
from motiflab.networks.cnn import build, from_filter
from motiflab.networks.model_settings import RANGES, ModelSettings
from motiflab.sequences.encoding import encode, one_hot, random_sequences, reverse_complement

ACT = {"none": lambda y: y, "relu": relu, "exponential": exponential}
POOL = {
    "max": np.max,
    "average": np.mean,
    "logsumexp": lambda y: np.log(np.exp(y).sum()),
}


def fits(s: ModelSettings) -> bool:
    """Whether no layer is without output for the shortest of the sequences below."""
    try:
        return min(s.shape(46)) > 0
    except ValueError:
        return False


architectures = st.builds(
    ModelSettings,
    filters=st.integers(1, 3),
    width=st.integers(1, 6),
    stride=st.integers(1, 3),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 3),
    activation=st.sampled_from(sorted(ACT)),
    pooling=st.sampled_from(sorted(POOL)),
    window=st.integers(0, 3),
    layers=st.integers(1, 2),
    second_filters=st.integers(1, 2),
    second_width=st.integers(1, 2),
    second_dilation=st.integers(1, 2),
    both_strands=st.booleans(),
    second_padding=st.integers(0, 2),
    second_window=st.integers(0, 2),
    hidden=st.integers(0, 3),
    outputs=st.integers(1, 2),
    batch_norm=st.booleans(),
).filter(fits)
dna = st.text("ACGT", min_size=46, max_size=50)


def by_hand(network, sequence):
    """The logits of one sequence, computed with the numpy core alone."""
    s = network.settings
    p = {name: value.detach().double().numpy() for name, value in network.named_parameters()}
    x = one_hot(sequence)
    strands = []
    for turn in (False, True)[: 1 + s.both_strands]:
        maps = []
        for w, b in zip(p["conv.weight"], p["conv.bias"]):
            w = w.T[::-1, ::-1] if turn else w.T
            y = cross_correlate(x, w, b, s.stride, s.padding, s.dilation)
            y = y / np.sqrt(1 + 1e-5) if s.batch_norm else y
            y = ACT[s.activation](y)
            maps.append(in_windows(y, s.window, s.pooling))
        maps = np.array(maps)
        if s.layers == 2:
            second = []
            for w, b in zip(p["second.weight"], p["second.bias"]):
                w = w[:, ::-1] if turn else w
                y = cross_correlate(
                    maps.T, w.T, b, padding=s.second_padding, dilation=s.second_dilation
                )
                y = y / np.sqrt(1 + 1e-5) if s.batch_norm else y
                second.append(in_windows(relu(y), s.second_window, s.pooling))
            maps = np.array(second)
        strands.append(maps)
    both = np.stack(strands)
    if s.window if s.layers == 1 else s.second_window:
        features = [POOL[s.pooling](both[:, f, j]) for f, j in np.ndindex(both.shape[1:])]
    else:
        features = [POOL[s.pooling](both[:, f]) for f in range(both.shape[1])]
    if s.hidden:
        y = p["hidden.weight"] @ features + p["hidden.bias"]
        features = relu(y / np.sqrt(1 + 1e-5) if s.batch_norm else y)
    return p["dense.weight"] @ features + p["dense.bias"]


def in_windows(y, width, pooling):
    """Pool disjoint windows; with the width 0 leave the map as it is."""
    if not width:
        return y
    m = len(y) // width
    return np.array([POOL[pooling](part) for part in y[: m * width].reshape(m, -1)])


@settings(max_examples=60, deadline=None)
@given(architectures, dna, st.integers(0, 99))
def test_the_forward_pass_is_that_of_the_numpy_core(s, sequence, seed):
    network = build(s, len(sequence), seed)
    got = network(torch.from_numpy(encode([sequence]).x)).detach().numpy()
    assert got.shape == ((1,) if s.outputs == 1 else (1, s.outputs))
    assert got.ravel() == pytest.approx(by_hand(network, sequence), rel=1e-4, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(architectures, st.lists(dna, min_size=1, max_size=3), st.integers(0, 99))
def test_padding_to_the_longest_does_not_change_a_global_pool(s, sequences, seed):
    """With its length given, a padded sequence scores as it does alone."""
    s = ModelSettings(**{**vars(s), "window": 0, "second_window": 0})
    longest = 54
    network = build(s, longest, seed)
    batch = encode([*sequences, "A" * longest])
    together = network(torch.from_numpy(batch.x), torch.from_numpy(batch.lengths))
    for i, sequence in enumerate(sequences):
        alone = network(torch.from_numpy(encode([sequence]).x))[0]
        torch.testing.assert_close(together[i], alone, rtol=1e-4, atol=1e-4)


def promised(s: ModelSettings, length: int) -> bool:
    """Whether the docstring of the network promises one logit for both strands."""
    columns = length + 2 * s.padding - s.dilation * (s.width - 1) - 1
    if columns % s.stride:
        return False
    if s.layers == 1:
        return s.window == 0
    whole = s.window == 0 or (columns // s.stride + 1) % s.window == 0
    return whole and s.second_window == 0


def logits_of_both(s: ModelSettings, sequences: list[str], seed: int, longest: int | None = None):
    """Logits of the sequences and of their reverse complements, shape (2, N)."""
    network = build(s, longest or len(sequences[0]), seed)
    with torch.no_grad():
        found = []
        for texts in (sequences, [reverse_complement(text) for text in sequences]):
            batch = encode([*texts, "A" * longest] if longest else texts)
            lengths = torch.from_numpy(batch.lengths) if longest else None
            found.append(network(torch.from_numpy(batch.x), lengths)[: len(texts)].numpy())
    return np.array(found)


@settings(max_examples=150, deadline=None)
@given(architectures, dna, st.integers(0, 99), st.sampled_from([None, 54]))
def test_both_strands_give_one_logit_where_it_is_promised(s, sequence, seed, longest):
    """Alone, and in a batch of longer sequences."""
    s = ModelSettings(**{**vars(s), "both_strands": True})
    assume(promised(s, len(sequence)))
    one, other = logits_of_both(s, [sequence], seed, longest)
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("choices", "length", "same"),
    [
        ({"stride": 1}, 40, True),
        ({"stride": 3}, 39, True),  # 33 columns after the first window: 11 steps of 3
        ({"stride": 3}, 40, False),
        ({"stride": 1, "padding": 2, "dilation": 2}, 40, True),
        ({"window": 6}, 41, False),  # 36 positions, none left over: the windows keep their places
        ({"window": 6}, 40, False),
        ({"window": 36}, 41, True),  # one window for all is global pooling
        ({"window": 6, "layers": 2}, 41, True),
        ({"window": 6, "layers": 2}, 40, False),
        ({"window": 1, "layers": 2, "stride": 3}, 40, False),
        ({"window": 6, "layers": 2, "second_padding": 1, "hidden": 3, "outputs": 2}, 41, True),
        ({"window": 6, "layers": 2, "second_window": 2}, 41, False),
    ],
)
@pytest.mark.parametrize("pooling", ["average", "logsumexp", "max"])
def test_one_logit_for_both_strands_is_promised_no_wider_and_no_narrower(
    choices, length, same, pooling
):
    choices = {"stride": 1, "second_width": 2, **choices}
    s = ModelSettings(4, 6, activation="exponential", pooling=pooling, **choices)
    texts = random_sequences(20, length, None, np.random.default_rng(0))
    one, other = logits_of_both(s, texts, seed=1)
    assert (np.abs(one - other).max() < 1e-5) == same
    assert promised(s, length) == same or s.window == s.shape(length)[0]


def test_one_strand_can_tell_them_apart():
    network = build(ModelSettings(both_strands=False, width=6), 12, seed=3)
    x = torch.from_numpy(encode(["AACCGGTGATAA", reverse_complement("AACCGGTGATAA")]).x)
    one, other = network(x).tolist()
    assert abs(one - other) > 1e-3


def test_an_empty_pooling_window_counts_as_zero():
    s = ModelSettings(filters=1, width=3, window=4, both_strands=False, activation="none")
    network = build(s, 30, seed=1)
    batch = encode(["ACGTACGTA", "A" * 30])
    got = network(torch.from_numpy(batch.x), torch.from_numpy(batch.lengths))[0].item()
    y = network.scores(torch.from_numpy(batch.x[:1]))[0, 0, 0, :7].detach()
    features = torch.tensor([y[:4].max(), y[4:].max(), *[0.0] * 5])
    assert got == pytest.approx(network.dense(features).item(), rel=1e-5)


def test_a_seed_gives_the_same_network_and_leaves_torch_alone():
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    one, same, other = (build(ModelSettings(), 50, seed) for seed in (1, 1, 2))
    assert torch.rand(1) == expected
    assert torch.equal(one.conv.weight, same.conv.weight)
    assert not torch.equal(one.conv.weight, other.conv.weight)


@settings(max_examples=60, deadline=None)
@given(architectures, st.integers(10, 40))
def test_shape_says_what_the_network_does(s, length):
    try:
        shape = s.shape(length)
    except ValueError:
        assume(False)  # what is said then is tested below
    assert min(shape) >= 1
    network, x = build(s, length), torch.zeros(1, 4, length)
    assert network.scores(x).shape[-1] == shape[0]
    assert network.features(x.numpy()).shape[1] == s.features(length)


@pytest.mark.parametrize("name", sorted(RANGES))
@pytest.mark.parametrize("bad", [-1, 10**9, 1.5, True, "3", None])
def test_a_bad_number_is_named(name, bad):
    with pytest.raises(ValueError, match=f"^{name} must be a whole number from"):
        ModelSettings(**{name: bad})


@pytest.mark.parametrize(
    ("field", "bad"), [("activation", "gelu"), ("pooling", "min"), ("both_strands", "yes")]
)
def test_a_bad_choice_is_named(field, bad):
    with pytest.raises(ValueError, match=f"^{field} must be"):
        ModelSettings(**{field: bad})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"width": 30}, "30"),
        ({"dilation": 9}, "127"),
        ({"window": 40}, "at most 6"),
        ({"window": 3, "layers": 2}, "at most 2"),
        ({"window": 1, "layers": 2, "second_window": 3}, "second_window must be at most 2"),
        (
            {"width": 15, "layers": 2, "second_dilation": 3},
            "second_width must be at most 2, the number of positions that reach the second "
            "layer, taps 3 apart, not 5",
        ),
    ],
)
def test_an_impossible_combination_is_explained_with_its_numbers(change, said):
    with pytest.raises(ValueError, match=said):
        ModelSettings(**change).shape(20)
    with pytest.raises(ValueError, match=said):
        build(ModelSettings(**change), 20)


@settings(max_examples=30, deadline=None)
@given(dna, st.integers(0, 99), st.sampled_from(sorted(ACT)))
def test_a_network_from_a_filter_scans_with_it(sequence, seed, activation):
    w = np.random.default_rng(seed).normal(size=(5, 4))
    network = from_filter(w, len(sequence), 0.5, activation, dense=-2, offset=3)
    best = ACT[activation](cross_correlate(one_hot(sequence), w, 0.5)).max()
    got = network(torch.from_numpy(encode([sequence]).x)).item()
    assert got == pytest.approx(3 - 2 * best, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("weights", [[1, 2, 3, 4], [[1, 2, 3]], [[np.nan] * 4]])
def test_weights_that_are_no_filter_are_refused(weights):
    with pytest.raises(ValueError, match=r"weights must (have the shape \(K, 4\)|hold finite)"):
        from_filter(weights, length=10)


def test_the_shape_of_a_dilated_second_layer_is_that_of_torchs_map():
    settings = ModelSettings(2, 5, window=3, layers=2, second_width=3, second_dilation=2)
    network = build(settings, 40)
    with torch.no_grad():
        second = network.second_scores(network.pooled(torch.zeros(1, 4, 40))[0])
    assert settings.shape(40)[-1] == second.shape[-1] == 12 - 2 * 2


def test_a_network_in_double_precision_predicts_the_same_from_single_precision():
    network = build(ModelSettings(filters=3, width=5), 20, seed=1)
    x = encode(random_sequences(4, 20, None, np.random.default_rng(1))).x.astype("float32")
    single, scores = network.predict(x), network.scan(x)
    network.double()
    assert network.predict(x).dtype == network.scan(x).dtype == np.float64
    np.testing.assert_allclose(network.predict(x), single, atol=1e-5)
    np.testing.assert_allclose(network.scan(x), scores, atol=1e-5)

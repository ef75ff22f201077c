"""Attribution with a reference: against captum, a rule by hand, and the required sum."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum.attr import DeepLift, IntegratedGradients
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from motiflab.interpretation import attribution, saliency
from motiflab.networks.cnn import MotifNetwork, build, from_filter
from motiflab.networks.model_settings import ModelSettings
from motiflab.sequences.encoding import one_hot, random_sequences

L = 40
SEQUENCE = random_sequences(1, L, None, np.random.default_rng(5))[0]
X = one_hot(SEQUENCE)
REFERENCES = attribution.shuffled_references(SEQUENCE, 4, seed=1)
ANY = {
    "filters": st.integers(1, 4),
    "width": st.integers(1, 6),
    "stride": st.integers(1, 2),
    "padding": st.integers(0, 3),
    "activation": st.sampled_from(["none", "relu", "exponential"]),
    "window": st.sampled_from([0, 2, 3]),
    "layers": st.integers(1, 2),
    "second_filters": st.integers(1, 3),
    "second_width": st.integers(1, 3),
    "second_padding": st.integers(0, 2),
    "second_window": st.sampled_from([0, 2]),
    "hidden": st.sampled_from([0, 3]),
    "batch_norm": st.booleans(),
    "both_strands": st.booleans(),
}
summing = st.builds(ModelSettings, **ANY, pooling=st.sampled_from(["max", "average"]))
# Wide filters: narrow ones meet the same bases twice, and rounding then decides who wins a maximum.
wide = ANY | {"width": st.integers(9, 12)}
networks = st.builds(
    ModelSettings, **wide, pooling=st.sampled_from(["max", "average", "logsumexp"])
)
outputs = st.sampled_from(["probability", "logit"])
seeds = st.integers(0, 999)


def drawn(s: ModelSettings, seed: int) -> MotifNetwork:
    """Build a network whose batch normalisations have seen a batch, and shift and scale it."""
    network, rng = build(s, L, seed), np.random.default_rng(seed)
    for name, values in network.state_dict().items():
        if "norm." in name and values.ndim:
            values.copy_(torch.from_numpy(rng.uniform(0.5, 1.5, len(values))))
    return network


@settings(max_examples=60, deadline=None)
@given(summing, outputs, seeds)
def test_deep_lift_is_complete_for_every_architecture(s, of, seed):
    network = drawn(s, seed)
    shares = attribution.deep_lift(network, X, REFERENCES, of)
    change = attribution.output_change(network, X, REFERENCES, of)
    assert shares.shape == (L, 4)
    assert shares.sum() == pytest.approx(change, abs=1e-4 * max(1, np.abs(shares).sum()))


@settings(max_examples=20, deadline=None)
@given(networks, outputs, seeds)
def test_integrated_gradients_are_captums(s, of, seed):
    network = drawn(s, seed).double()
    model = nn.Sequential(network, nn.Sigmoid()) if of == "probability" else network
    x, references = (torch.tensor(v).double() for v in (X.T[None], REFERENCES.transpose(0, 2, 1)))
    theirs = IntegratedGradients(model).attribute(
        x.expand_as(references), references, n_steps=9, method="riemann_middle"
    )
    ours = attribution.integrated_gradients(network, X, REFERENCES, of, steps=9)
    expected = theirs.mean(0).T.detach().numpy()  # captum's steps are float32
    np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-9)


def test_deep_lift_is_captums_where_captum_has_a_rule_for_everything():
    """One strand, ReLU and global maximum, built from torch's own modules."""
    network = build(ModelSettings(3, 6, both_strands=False), L, seed=2)
    twin = nn.Sequential(
        nn.Conv1d(4, 3, 6),
        nn.ReLU(),
        _OwnTensor(),  # captum loses the rule of a module that shares a tensor with another
        nn.MaxPool1d(L - 5),
        nn.Flatten(),
        nn.Linear(3, 1),
    )
    twin.load_state_dict(dict(zip(twin.state_dict(), network.state_dict().values())))
    for reference in REFERENCES:  # one by one: captum's rule for maxima mixes a batch
        pair = [torch.tensor(v.T[None]).float() for v in (X, reference)]
        with pytest.warns(UserWarning, match="hooks|gradients"):
            theirs = DeepLift(twin).attribute(*pair)[0].T.detach().numpy()
        ours = attribution.deep_lift(network, X, reference[None], "logit")
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


class _OwnTensor(nn.Module):
    def forward(self, x):
        return x.view_as(x)


def test_a_linear_network_gives_every_base_its_weight():
    w = np.arange(8.0).reshape(2, 4)
    network = from_filter(w, length=2)
    x, reference = one_hot("TC"), one_hot("AG")
    expected = [[-0.0, 0, 0, 3], [0, 5, -6, 0]]
    for method in (attribution.deep_lift, attribution.integrated_gradients):
        np.testing.assert_allclose(method(network, x, reference[None], "logit"), expected)


def test_the_rescale_rule_by_hand():
    """Two windows compete; the exponential's slope is that of its chord."""
    network = from_filter([[1, 0, 0, 2]], length=2, activation="exponential", dense=3)
    x, reference = one_hot("CT"), one_hot("AC")
    # Windows score 0 and 2, in the reference 1 and 0: the maximum goes from e to e**2.
    # The second window wins in x and takes all of it: T gains max(0) + 2 of its change of 2.
    shares = attribution.deep_lift(network, x, reference[None], "logit")
    np.testing.assert_allclose(shares[1], [0, 0, 0, 3 * (np.e**2 - np.e)], rtol=1e-6)
    np.testing.assert_allclose(shares[0], 0, atol=1e-6)


def test_where_two_sites_saturate_only_a_reference_tells():
    """After a flat sigmoid every gradient is nearly 0, but integrated gradients are not."""
    network = from_filter([[9, 0, 0, 0]] * 4, length=12, offset=-18)
    x = one_hot("GGAAAACGCGCC")
    reference = attribution.uniform_reference(12)
    change = attribution.output_change(network, x, reference)
    assert change > 0.99
    assert np.abs(saliency.saliency(network, x)).max() < 1e-5
    gradient = attribution.contributions("gradient x input", network, x, reference)
    assert abs(gradient.sum() - change) > 0.9
    shares = attribution.contributions("integrated gradients", network, x, reference)
    assert shares.sum() == pytest.approx(change, abs=0.01)
    assert shares[2:6].sum() > 0.9 * change


def test_integrated_gradients_become_complete_with_more_steps():
    network = build(ModelSettings(4, 6, activation="exponential", pooling="average"), L, seed=3)
    change = attribution.output_change(network, X, REFERENCES, "logit")
    gaps = [
        abs(attribution.integrated_gradients(network, X, REFERENCES, "logit", n).sum() - change)
        for n in (1, 10, 100)
    ]
    assert gaps[1] < gaps[0] / 20 and gaps[2] < gaps[1] / 20  # the midpoint rule: like 1 / n**2


def test_contributions_are_those_of_the_single_methods():
    network = build(ModelSettings(4, 6), L, seed=3)
    found = {
        method: attribution.contributions(method, network, X, REFERENCES)
        for method in attribution.METHODS
    }
    gradient = saliency.saliency(network, X)
    mean = gradient.mean(axis=1)
    here = (gradient * X).sum(axis=1)
    np.testing.assert_allclose(found["gradient"], np.sqrt((gradient**2).sum(axis=1)))
    np.testing.assert_allclose(found["centred gradient"] ** 2, gradient.var(axis=1) * 4)
    np.testing.assert_allclose(found["gradient x input"], here)
    np.testing.assert_allclose(found["centred gradient x input"], here - mean)
    for i in (0, 17, L - 1):
        others = [one_hot(SEQUENCE[:i] + base + SEQUENCE[i + 1 :]) for base in "ACGT"]
        p = 1 / (1 + np.exp(-network.predict(np.array([X, *others]).transpose(0, 2, 1))))
        assert found["mutagenesis"][i] == pytest.approx((4 * p[0] - p[1:].sum()) / 3, abs=1e-6)


@pytest.mark.parametrize("head", ["classify", "regress", "count"])
def test_the_output_of_every_head_is_divided(head):
    network = build(ModelSettings(4, 6, head=head), L, seed=3)
    shares = attribution.deep_lift(network, X, REFERENCES)
    with torch.no_grad():
        z = network(torch.tensor(np.array([X, *REFERENCES]).transpose(0, 2, 1)).float())
        outputs = network.mean(z).numpy()
    assert shares.sum() == pytest.approx(outputs[0] - outputs[1:].mean(), abs=1e-5)


def test_the_network_is_left_as_it_was():
    network = build(ModelSettings(4, 6), L, seed=3)
    before = network.predict(X.T[None].astype(np.float32))
    attribution.deep_lift(network, X, REFERENCES)
    for module in network.modules():
        hooks = (module._forward_hooks, module._forward_pre_hooks, module._backward_hooks)
        assert not any(map(len, hooks))
    assert network.predict(X.T[None].astype(np.float32)) == before
    assert all(p.grad is None for p in network.parameters())


def test_references_keep_the_pairs_of_letters():
    def pairs(x):
        letters = "".join("ACGT"[i] for i in x.argmax(axis=1))
        return sorted(letters[i : i + 2] for i in range(len(letters) - 1))

    assert REFERENCES.shape == (4, L, 4)
    assert all(pairs(reference) == pairs(X) for reference in REFERENCES)
    assert len({reference.tobytes() for reference in REFERENCES}) == 4
    again = attribution.shuffled_references(SEQUENCE, 4, seed=1)
    np.testing.assert_array_equal(again, REFERENCES)


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({"references": REFERENCES[:, :9]}, "references"),
        ({"references": REFERENCES[:0]}, "references"),
        ({"references": X}, "references"),
        ({"of": "loss"}, "of"),
        ({"x": X[:, :3]}, "x"),
        ({"network": build(ModelSettings(4, 6, outputs=2), L)}, "network must have one output"),
    ],
)
def test_bad_input_is_a_sentence(change, argument):
    network = build(ModelSettings(4, 6), L)
    asked = {"network": network, "x": X, "references": REFERENCES, "of": "logit"} | change
    for method in (
        attribution.integrated_gradients,
        attribution.deep_lift,
        attribution.output_change,
    ):
        with pytest.raises(ValueError, match=argument) as caught:
            method(**asked)
        assert str(caught.value).endswith(".")


def test_what_deep_lift_has_no_rule_for_is_refused():
    network = build(ModelSettings(4, 6, pooling="logsumexp"), L)
    with pytest.raises(ValueError, match="no rule"):
        attribution.deep_lift(network, X, REFERENCES)
    with pytest.raises(ValueError, match="method"):
        attribution.contributions("guess", network, X, REFERENCES)

"""The saliency explorer against torch's backward(), brute force and the sums worked by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.explorers.saliency_explorer import (
    EXAMPLES,
    SaliencyExplorer,
    SaliencyState,
    compute,
    describe,
    draw,
    example_network,
    motif,
)
from motiflab.figures.svg import wide_only
from motiflab.networks import ModelSettings, OneLayerNetwork, build, in_torch
from motiflab.sequences.encoding import one_hot

NETWORKS = ["linear", "relu", "trained"]
OUTPUTS = ["probability", "logit"]
METHODS = ["saliency", "centred", "input", "mutagenesis"]


def output(name: str, sequence: str, of: str) -> float:
    """Return what torch makes of one sequence."""
    with torch.no_grad():
        z = in_torch(example_network(name), 60)(torch.from_numpy(one_hot(sequence).T[None]))
        z = z[0].double()
    return float(z.sigmoid() if of == "probability" else z)


def slope(name: str, sequence: str, of: str) -> np.ndarray:
    """Return the gradient by backward()."""
    x = torch.from_numpy(one_hot(sequence).T[None].copy()).requires_grad_()
    z = in_torch(example_network(name), 60)(x)
    (z.sigmoid() if of == "probability" else z).backward()
    return x.grad[0].T.numpy()


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("of", OUTPUTS)
def test_the_map_shows_what_torch_finds(name, example, of):
    sequence = EXAMPLES[example]
    s, x = slope(name, sequence, of), one_hot(sequence)
    mean = s.mean(axis=1, keepdims=True)
    for method, expected in (("saliency", s), ("centred", s - mean), ("input", s * x)):
        result = compute(SaliencyState(network=name, sequence=sequence, method=method, of=of))
        np.testing.assert_allclose(result.effects, expected, atol=1e-5)
        np.testing.assert_allclose(result.heights, (expected * x).sum(axis=1), atol=1e-5)
        assert result.logit == pytest.approx(output(name, sequence, "logit"), abs=1e-4)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("of", OUTPUTS)
def test_mutagenesis_asks_again_for_every_base(name, of):
    sequence = EXAMPLES["Fair site"]
    result = compute(SaliencyState(network=name, method="mutagenesis", of=of))
    before = output(name, sequence, of)
    for i in range(15, 35):
        for c, base in enumerate("ACGT"):
            after = output(name, sequence[:i] + base + sequence[i + 1 :], of)
            assert result.effects[i, c] == pytest.approx(after - before, abs=1e-5)
    losses = -result.effects.mean(axis=1)
    np.testing.assert_allclose(result.heights, losses, atol=1e-9)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("of", OUTPUTS)
def test_what_the_slope_promised_and_what_happened(name, of):
    sequence = EXAMPLES["Fair site"]
    result = compute(SaliencyState(network=name, position=22, base="C", of=of))
    s = slope(name, sequence, of)
    assert result.promised == pytest.approx(s[22, 1] - s[22, 0], abs=1e-5)
    mutant = sequence[:22] + "C" + sequence[23:]
    happened = output(name, mutant, of) - output(name, sequence, of)
    assert result.happened == pytest.approx(happened, abs=1e-5)
    told = re.sub("<[^>]*>", "", describe(result)).replace("−", "-")
    found = re.search(r"A → C at 22: the slope promised (\S+), and . really moved by (\S+)\.", told)
    np.testing.assert_allclose([float(f) for f in found.groups()],
                               [result.promised, happened], atol=0.00051)  # fmt: skip


def test_the_readout_tells_the_formula_with_its_numbers():
    # AGATTAG scores 5.51 nats; minus 4 gives z = 1.51, whose sigmoid is 0.819.
    weights = motif().log_odds()
    z = sum(weights[k, "ACGT".index(base)] for k, base in enumerate("AGATTAG")) - 4
    y = 1 / (1 + np.exp(-z))
    told = re.sub("<[^>]*>", "", describe(compute(SaliencyState())))
    assert f"S = ŷ(1 − ŷ) · Σ v·W = {y:.3f} · {1 - y:.3f} · [1.00·W1 (bases 20 to 26, +)]" in told
    # 0.818 times 0.182 is 0.1489: the product of what is written is not quite the product.
    assert f"≈ {y * (1 - y):.4f} · [Σ v·W]" in told
    never = re.sub("<[^>]*>", "", describe(compute(SaliencyState(sequence="T" * 26, position=5))))
    assert "0.000 · 1.000 · " in never and "] = 0.0000 · [" in never
    assert f"z = {z:.2f}, so ŷ = {y:.3f}: the network says yes." in told
    # The lowest log-odds are further from 0 than the highest: a slope downwards.
    steepest = y * (1 - y) * weights.min()
    assert -weights.min() > weights.max()
    assert f"The saliency furthest from 0 is −{-steepest:.3f};" in told


@settings(max_examples=60, deadline=None)
@given(
    st.text("ACGT", min_size=10, max_size=60),
    st.sampled_from(NETWORKS),
    st.sampled_from(METHODS),
    st.sampled_from(OUTPUTS),
)
def test_no_entry_leaves_a_scale_that_stands_still(sequence, name, method, of):
    state = SaliencyState(name, sequence, position=0, method=method, of=of)
    result = compute(state)
    assert result.limit == compute(SaliencyState(name, method=method, of=of)).limit
    assert np.abs(result.effects).max() <= result.limit * 1.001
    assert np.abs(result.heights).max() <= result.limit * 1.001


def test_the_fitted_scale_ends_at_the_largest_number():
    state = SaliencyState(sequence=EXAMPLES["Perfect site"], fit=True)
    result = compute(state)
    largest = np.abs(result.effects).max()
    assert largest <= result.limit < 1.1 * largest and result.limit == 0.037
    silent = SaliencyState(network="relu", sequence=EXAMPLES["Broken site"], fit=True)
    assert compute(silent).limit == 1


@pytest.mark.parametrize(
    ("name", "example", "words"),
    [
        ("linear", "Perfect site", "The sigmoid is flat here"),
        ("relu", "Broken site", "No filter is active, so no gradient passes"),
        ("trained", "Two sites", "No single base matters much here"),
        ("linear", "Fair site", None),
    ],
)
def test_it_says_where_saliency_is_blind(name, example, words):
    result = compute(SaliencyState(network=name, sequence=EXAMPLES[example]))
    told = describe(result)
    if words is None:
        assert "blind" not in told and "another window" not in told
    else:
        assert words in told
        assert np.abs(result.gradient).max() < 0.1


def test_where_saliency_is_blind_the_network_is_not():
    for name, example in (("linear", "Perfect site"), ("relu", "Broken site")):
        sequence = EXAMPLES[example]
        result = compute(SaliencyState(network=name, sequence=sequence))
        i, c = np.unravel_index(np.abs(result.exact).argmax(), result.exact.shape)
        mutant = sequence[:i] + "ACGT"[c] + sequence[i + 1 :]
        assert (
            abs(output(name, mutant, "probability") - output(name, sequence, "probability")) > 0.8
        )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("network", "trained"),
        ("sequence", EXAMPLES["Two sites"]),
        ("position", 5),
        ("base", "G"),
        ("method", "mutagenesis"),
        ("of", "logit"),
        ("fit", True),
    ],
)
def test_each_control_moves_the_pictures(field, value):
    explorer = SaliencyExplorer()
    before = dict(explorer.figures)
    explorer.controls[field].value = value
    assert explorer.state == SaliencyState(**{field: value})
    assert explorer.figures == draw(compute(explorer.state), explorer.uid)
    assert explorer.readout.html == describe(compute(explorer.state))
    assert explorer.figures != before
    assert SaliencyExplorer.from_scene(explorer.scene).state == explorer.state


@pytest.mark.parametrize(
    ("field", "value", "blamed", "message"),
    [
        ("sequence", "ACGTNACGTACG", "sequence", "A, C, G and T, not &#x27;N&#x27; (position 4)"),
        ("sequence", "", "sequence", "at least 7 bases, the filter width of"),
        ("sequence", "ACGTAC", "position", "at most 5, the position of the last base, not 23"),
        ("sequence", "A" * 61, "sequence", "a text of at most 60 characters"),
    ],
)  # fmt: skip
def test_bad_sequences_are_answered_beside_the_control(field, value, blamed, message):
    explorer = SaliencyExplorer()
    explorer.controls[field].value = value
    assert message in explorer.controls[blamed].description
    assert explorer.state == SaliencyState()


def test_a_sequence_too_short_for_the_filters_is_refused():
    explorer = SaliencyExplorer(sequence="AGATAAGC", position=0)
    with pytest.raises(ValueError, match="at least 10 bases, the filter width of this network"):
        explorer.set(network="trained")


def test_the_buttons_bring_sequences_and_keep_the_change():
    explorer = SaliencyExplorer(base="G")
    tools = explorer.toolbar()
    (label, *examples), (keep,) = (tool.members for tool in tools)
    assert [button.description for button in examples] == list(EXAMPLES)
    examples[3].click()
    assert explorer.state == SaliencyState(sequence=EXAMPLES["Broken site"])
    assert keep.description == "Keep the change"
    explorer.set(base="T")
    assert not keep.disabled
    keep.click()
    whole = EXAMPLES["Broken site"].replace("agaaaag", "agataag")
    assert explorer.state == SaliencyState(sequence=whole)
    assert keep.disabled and keep.tooltip == "Nothing has been changed"


def test_a_button_respects_a_lock():
    explorer = SaliencyExplorer(locked=["sequence"])
    _, same, other, *_ = explorer.toolbar()[0].members
    same.click()
    other.click()
    assert explorer.state == SaliencyState()
    assert "locked" in explorer.controls["sequence"].description


def test_a_change_keeps_what_was_planted():
    state = SaliencyState(position=21, base="T")
    assert state.changed[20:27] == "atattag" and state.changed.upper() != state.sequence.upper()
    assert SaliencyState(position=0, base="T").changed.startswith("TCTAGG")


def test_a_network_of_ones_own_is_read_and_left_alone():
    mine = build(ModelSettings(filters=3, width=5, padding=2), 60, seed=4).train()
    weights = {name: value.clone() for name, value in mine.state_dict().items()}
    explorer = SaliencyExplorer(mine, network="trained", position=20)
    x = torch.from_numpy(one_hot(EXAMPLES["Fair site"]).T[None])
    assert explorer.result.logit == pytest.approx(mine(x).item(), abs=1e-5)
    assert {w.index for w in explorer.result.winners} == {0, 1, 2}
    assert all(torch.equal(weights[name], value) for name, value in mine.state_dict().items())
    assert all(p.grad is None and p.requires_grad for p in mine.parameters()) and mine.training
    same = OneLayerNetwork.from_state_dict(mine.state_dict(), mine.settings)
    again = SaliencyExplorer(same, network="trained", position=20)
    assert again.result.logit == explorer.result.logit
    np.testing.assert_array_equal(again.result.effects, explorer.result.effects)
    other = build(ModelSettings(layers=2), 60)
    with pytest.raises(ValueError, match="network must have one layer"):
        SaliencyExplorer(other, network="trained")


def test_the_networks_are_what_they_say():
    assert example_network("linear") is example_network("linear")
    weights = example_network("relu").weights[0]
    np.testing.assert_allclose(weights, motif().log_odds(), rtol=1e-5)
    assert motif().consensus() == "AGATAAG"
    background = EXAMPLES["Fair site"].replace("agattag", "ccccccc")
    for name in NETWORKS:  # the answers that the lessons are about
        assert output(name, EXAMPLES["Perfect site"], "probability") > 0.97
        assert output(name, background, "probability") < 0.2


def test_the_table_holds_the_numbers_of_the_map():
    state = SaliencyState(network="trained", method="mutagenesis")
    result = compute(state)
    table = draw(result, "u")["table"]
    rows = re.findall(r"<tr><th scope='row'>(\d+) (\w)</th>(.*?)</tr>", table)
    assert re.findall(r"<th scope='col'>(\w)</th>", table) == list("ACGT")
    shown = [int(i) for i, _, _ in rows]
    assert "".join(base for _, base, _ in rows) == "".join(state.sequence[i].upper() for i in shown)
    assert (np.delete(result.effects, shown, axis=0) == 0).all()
    for i, (_, _, cells) in zip(shown, rows):
        values = [float(v.replace("−", "-")) for v in re.findall("<td>(.*?)</td>", cells)]
        np.testing.assert_allclose(values, result.effects[i], atol=0.00051)


def test_many_windows_that_tie_are_drawn_without_words():
    # In a run of one base every window scores the same.
    result = compute(SaliencyState(sequence="A" * 60))
    assert len(result.winners) == 54
    assert "v 0.02" not in draw(result, "u")["map"]
    assert (
        wide_only(draw(result, "u")["map"]).count('rx="2"') == 55
    )  # and the column that is changed


def test_a_card_can_have_a_goal_of_its_own():
    usual, own = SaliencyExplorer(), SaliencyExplorer(goal="make it say no.")
    heads = [explorer.widget.children[0].value for explorer in (usual, own)]
    assert f"Goal: {SaliencyExplorer.goal}<" in heads[0] and "Goal: make it say no.<" in heads[1]

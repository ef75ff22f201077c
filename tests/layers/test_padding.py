"""Effect of zeros at the ends on scores, against torch and means over many sequences."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.layers.padding import centre, pooled_along, same_padding, scores_at_ends
from motiflab.motifs import jaspar
from motiflab.sequences.encoding import gc_background, one_hot, random_sequences

GATA2 = jaspar.load("GATA2")
WEIGHTS = GATA2.log_odds(pseudocount=1000)


def by_torch_of_boundary(
    weights: np.ndarray, texts: list[str], padding: int, bias: float = 0.0
) -> np.ndarray:
    x = torch.tensor(np.stack([one_hot(text).T for text in texts])).double()
    w, b = torch.tensor(weights.T)[None], torch.tensor([bias], dtype=torch.float64)
    return torch.nn.functional.conv1d(x, w, b, padding=padding)[:, 0].numpy()


@pytest.mark.parametrize("width", [1, 3, 7, 15])
def test_odd_widths_get_torchs_same_padding(width):
    x, w = torch.ones(1, 4, 20), torch.ones(1, 4, width)
    same = torch.nn.functional.conv1d(x, w, padding="same")
    ours = torch.nn.functional.conv1d(x, w, padding=same_padding(width))
    assert torch.equal(ours, same)


@pytest.mark.parametrize("width", range(1, 11))
def test_same_padding_keeps_the_length_for_odd_widths_and_adds_one_for_even(width):
    marks = np.zeros((width, 4))
    marks[same_padding(width), 0] = 1  # tap P alone: it reads base j at output j
    text = "ACAAGATACAAATTAGACCA"
    ours = by_torch_of_boundary(marks, [text], same_padding(width))[0]
    assert ours[:20].tolist() == [float(base == "A") for base in text]
    assert len(ours) == 20 + (width % 2 == 0)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("width", [2, 4, 8])
def test_torchs_same_padding_of_an_even_width_has_one_zero_more_on_the_right(width):
    weights = torch.randn(1, 4, width, generator=torch.Generator().manual_seed(0))
    x = torch.tensor(one_hot("ACAAGATACAAATTAGACCA").T[None], dtype=torch.float32)
    same = torch.nn.functional.conv1d(x, weights, padding="same")
    padded = torch.nn.functional.pad(x, (width // 2 - 1, width // 2))
    torch.testing.assert_close(same, torch.nn.functional.conv1d(padded, weights))


@given(st.text("ACGT", min_size=5, max_size=5), st.integers(0, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_the_score_of_one_site_at_every_place_is_that_of_torch(site, padding, seed):
    rng = np.random.default_rng(seed)
    weights, length = rng.normal(size=(5, 4)), 12
    outputs = length + 2 * padding - 4
    padded = ["A" * j + site + "A" * (outputs - 1 - j) for j in range(outputs)]
    texts = [text[padding : padding + length] for text in padded]
    expected = by_torch_of_boundary(weights, texts, padding, 0.7).diagonal()
    got = scores_at_ends(weights, one_hot(site), length, padding, 0.7)
    np.testing.assert_allclose(got, expected, atol=1e-6)


def test_the_mean_of_background_is_that_of_many_sequences():
    q = gc_background(0.3)
    texts = random_sequences(4000, 20, q, np.random.default_rng(0))
    measured = by_torch_of_boundary(WEIGHTS, texts, 3, bias=1.0)
    exact = scores_at_ends(WEIGHTS, q, 20, 3, bias=1.0)
    error = measured.std(axis=0) / np.sqrt(len(texts))
    assert (np.abs(measured.mean(axis=0) - exact) < 4.5 * error).all()


def test_the_mean_of_a_motif_is_that_of_many_sites():
    sites = GATA2.sample(4000, np.random.default_rng(0))
    exact = scores_at_ends(WEIGHTS, GATA2.probabilities(), 20, 3)
    for j, cut in ((0, slice(3, None)), (10, slice(None)), (18, slice(0, 5))):
        begin = max(j - 3, 0)
        texts = [("A" * begin + site[cut]).ljust(20, "A") for site in sites]
        measured = by_torch_of_boundary(WEIGHTS, texts, 3)[:, j]
        assert abs(measured.mean() - exact[j]) < 4.5 * measured.std() / np.sqrt(len(sites))


def test_zeros_outscore_background_and_cut_motifs_underscore():
    q = np.full(4, 0.25)
    background = scores_at_ends(WEIGHTS, q, 30, 3)
    motif = scores_at_ends(WEIGHTS, GATA2.probabilities(), 30, 3)
    assert (np.diff(background[:4]) < 0).all() and (np.diff(background[-4:]) > 0).all()
    assert (np.diff(motif[:4]) > 0).all() and (np.diff(motif[-4:]) < 0).all()
    assert np.ptp(background[3:-3]) < 1e-12 and np.ptp(motif[3:-3]) < 1e-12


@given(st.integers(0, 2**32 - 1), st.floats(-3, 3), st.sampled_from([0.2, 0.5, 0.7]))
@settings(max_examples=30)
def test_centring_changes_no_window_without_padding(seed, amount, gc):
    rng = np.random.default_rng(seed)
    weights, q = rng.normal(size=(5, 4)), gc_background(gc)
    texts = random_sequences(3, 20, q, rng)
    moved, bias = centre(weights, 0.3, q, amount)
    np.testing.assert_allclose(
        by_torch_of_boundary(moved, texts, 0, bias),
        by_torch_of_boundary(weights, texts, 0, 0.3),
        atol=1e-6,
    )


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.2, 0.5, 0.7]))
@settings(max_examples=30)
def test_a_zero_scores_like_background_once_centred_and_the_other_way_beyond(seed, gc):
    weights, q = np.random.default_rng(seed).normal(size=(5, 4)), gc_background(gc)
    plain = scores_at_ends(weights, q, 12, 2)
    centred, mirrored = (
        scores_at_ends(*(moved[0], q, 12, 2, moved[1]))
        for moved in (centre(weights, 0, q, 1), centre(weights, 0, q, 2))
    )
    np.testing.assert_allclose(centred, plain[5], atol=1e-12)
    np.testing.assert_allclose(mirrored - plain[5], plain[5] - plain, atol=1e-12)


def test_the_maximum_near_an_edge_is_that_of_torch():
    site = GATA2.consensus()
    text = random_sequences(1, 30, None, np.random.default_rng(4))[0]
    got = pooled_along(WEIGHTS, one_hot(site), one_hot(text), window=6, padding=3)
    expected = []
    for j in range(30):
        letters = list("-" * 3 + text + "-" * 3)
        letters[j : j + 7] = site
        y = by_torch_of_boundary(WEIGHTS, ["".join(letters)[3:33]], 3)
        pooled = torch.nn.functional.max_pool1d(torch.tensor(y), 6)[0]
        expected.append(pooled[j // 6].item())
    np.testing.assert_allclose(got, expected, atol=1e-6)
    assert np.ptp(got[3:27]) < 1e-9  # whole motifs: the same wherever they are
    assert (got[[2, 27]] < got[3] - 0.4).all()


def test_outputs_that_fill_no_window_are_left_out():
    assert len(pooled_along(WEIGHTS, one_hot("CTTATCT"), one_hot("A" * 20), 6, 3)) == 18


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: scores_at_ends(WEIGHTS, [0.5, 0.5], 20, 3), r"^frequencies must .* got \(2,\)"),
        (lambda: pooled_along(WEIGHTS, WEIGHTS, np.ones((9, 5)), 2, 3), "^background must .* 5"),
        (lambda: pooled_along(WEIGHTS, WEIGHTS, 0.25, 2, 3), r"^background must .* got \(\)"),
        (lambda: pooled_along(np.eye(3), WEIGHTS, np.eye(4), 2, 3), "^weights must have the shape"),
    ],
)
def test_the_argument_that_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()

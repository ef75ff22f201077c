"""From maps to motifs: cases by hand, laws, planted motifs, and nothing from shuffled labels."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from motiflab import datasets, networks
from motiflab.interpretation import (
    Seqlets,
    cluster_seqlets,
    contribution_maps,
    cut_seqlets,
    find_motifs,
    lay_on,
    least_sum,
    window_sums,
)
from motiflab.motifs import jaspar, similarity
from motiflab.networks import ModelSettings, TrainSettings
from motiflab.sequences import encode, one_hot, random_sequences, reverse_complement

WORDS = {"ACCTTGACCA": 30, "GGATAATCGC": 24}  # no part of one resembles the other


def made(seed: int, words: dict[str, int] = WORDS, length: int = 40):
    """Random sequences, each with one word on a random strand, and maps that are high on it."""
    rng = np.random.default_rng(seed)
    chosen = [word for word, count in words.items() for _ in range(count)]
    texts, maps = [], rng.normal(0, 0.01, (len(chosen), length))
    for row, word in enumerate(chosen):
        (text,) = random_sequences(1, length, None, rng)
        at = int(rng.integers(0, length - len(word) + 1))
        word = word if rng.random() < 0.5 else reverse_complement(word)
        texts.append(text[:at] + word + text[at + len(word) :])
        maps[row, at : at + len(word)] += rng.uniform(0.8, 1.2, len(word))
    return texts, maps


def found_in(texts, maps, **choices):
    return cluster_seqlets(cut_seqlets(maps, encode(texts).x, 6, 10, 5), fewest=5, **choices)


def summary(motifs):
    return sorted((found.motif.consensus(), len(found.members)) for found in motifs)


def spelled(word: str) -> str:
    return min(word, reverse_complement(word))


def test_maps_are_integrated_gradients_from_a_quarter_of_each_base():
    # One filter with a ReLU that opens half-way: only what comes after that counts.
    network = networks.from_filter(
        [[4, 0, 0, 0], [0, 4, 0, 0]], length=4, bias=-5, activation="relu"
    )
    maps = contribution_maps(network, encode(["GACG"]).x, steps=1000)
    # From 2 - 5 at the start of the line to 8 - 5 at its end; half of the line lies above 0.
    np.testing.assert_allclose(maps, [[0, 1.5, 1.5, 0]], atol=0.01)


@pytest.mark.parametrize("pooling", ["max", "logsumexp"])
def test_maps_of_many_are_those_of_each_and_add_up_to_the_change_of_the_logit(pooling):
    network = networks.build(
        ModelSettings(filters=3, width=5, pooling=pooling, activation="exponential"), 30, seed=2
    )
    texts = random_sequences(70, 30, None, np.random.default_rng(1))
    x = encode(texts).x
    network = network.double()  # windows that nearly tie must not change places by rounding
    maps = contribution_maps(network, x, steps=64)
    alone = [contribution_maps(network, x[i : i + 1], steps=64)[0] for i in range(3)]
    np.testing.assert_allclose(maps[:3], alone, atol=1e-12)
    change = network.predict(x) - network.predict(np.full_like(x[:1], 0.25))
    np.testing.assert_allclose(maps.sum(axis=1), change, atol=2e-3)


def test_the_threshold_is_the_lowest_that_keeps_the_share_of_chance():
    positives = np.array([[9], [8], [7], [6], [5], [4], [3], [2], [1], [0]], dtype=float)
    negatives = np.array([[4.5], [1.5], [1.5], [0.5], [0]])
    # Two positives to a negative. At 5: (1 + 0) / 5 = 0.2; at 2: (1 + 1 x 2) / 8 = 0.375.
    assert least_sum(positives, negatives, 0.2) == 5
    assert least_sum(positives, negatives, 0.37) == 5
    assert least_sum(positives, negatives, 0.38) == 2
    assert least_sum(positives, negatives, 0.19) == np.inf
    assert least_sum(positives, positives) == np.inf


def test_windows_do_not_overlap_and_the_highest_comes_first():
    maps = np.array([[0, 2, 3, 0, 0, 5, 5, 5, 0, 0.5]])
    seqlets = cut_seqlets(maps, encode(["ACGTACGTAC"]).x, 4, width=2, flank=1)
    assert seqlets.score.tolist() == [10, 5, 5]
    assert (seqlets.start + 1).tolist() == [5, 1, 7]
    np.testing.assert_array_equal(seqlets.letters[0], one_hot("ACGT"))
    np.testing.assert_array_equal(seqlets.contributions[1].sum(axis=1), [0, 2, 3, 0])
    assert len(seqlets.first(1)) == 1
    hanging = cut_seqlets(maps[:, ::-1], encode(["ACGTACGTAC"]).x, 0.5, width=1, flank=2)
    at_the_end = hanging.letters[hanging.start == -2][0]
    assert at_the_end.sum(axis=1).tolist() == [0, 0, 1, 1, 1]


def test_windows_are_summed():
    np.testing.assert_array_equal(window_sums(np.array([[1, 2, 3, 4.0]]), 3), [[6, 9]])


@settings(max_examples=30, deadline=None)
@given(st.integers(-4, 4), st.booleans(), st.integers(0, 10**6))
def test_a_seqlet_lies_where_it_was_shifted_to(shift, reverse, seed):
    rng = np.random.default_rng(seed)
    core = rng.normal(size=(7, 4))
    other = np.pad(core, ((5, 5), (0, 0)))
    moved = np.pad(core, ((5 + shift, 5 - shift), (0, 0)))
    if reverse:
        moved = moved[::-1, ::-1]
    laid = lay_on(moved[None], other[None])
    assert laid.similarity[0, 0] == pytest.approx(1, abs=1e-5)
    assert (laid.shift[0, 0], laid.reverse[0, 0]) == (shift, reverse)


def test_similarity_is_the_best_cosine_over_shifts_and_strands():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 12, 4))
    cosines = []
    for strand in (a, a[::-1, ::-1]):
        for d in range(-7, 8):
            part = np.zeros_like(strand)
            for k in range(12):
                if 0 <= k + d < 12:
                    part[k] = strand[k + d]
            cosines.append((part * b).sum() / np.sqrt((a**2).sum() * (b**2).sum()))
    assert lay_on(a[None], b[None]).similarity[0, 0] == pytest.approx(max(cosines), abs=1e-5)


def test_planted_words_are_found_counted_and_located():
    texts, maps = made(0)
    motifs = found_in(texts, maps)
    assert summary(motifs) == sorted((spelled(word), count) for word, count in WORDS.items())
    seqlets = cut_seqlets(maps, encode(texts).x, 6, 10, 5)
    for found in motifs:
        for member, start, reverse in zip(found.members, found.start, found.reverse, strict=True):
            site = texts[seqlets.sequence[member]][start : start + found.motif.width]
            assert found.motif.consensus() == (reverse_complement(site) if reverse else site)
        assert found.contributions.shape == (found.motif.width, 4)
        assert found.contributions.sum(axis=1).min() > 0.6


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_neither_the_strand_nor_the_order_of_sequences_matters(seed):
    texts, maps = made(seed)
    plain = found_in(texts, maps)
    turned = found_in([reverse_complement(text) for text in texts], maps[:, ::-1])
    order = np.random.default_rng(seed).permutation(len(texts))
    mixed = found_in([texts[i] for i in order], maps[order])
    assert summary(plain) == summary(turned) == summary(mixed)
    for one, two, three in zip(plain, turned, mixed, strict=True):
        np.testing.assert_allclose(one.motif.counts, two.motif.counts)
        np.testing.assert_allclose(one.motif.counts, three.motif.counts)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_a_motif_counts_the_bases_where_its_seqlets_lie(seed):
    texts, maps = made(seed)
    # Windows narrower than the words, so that seqlets are shifted against each other.
    seqlets = cut_seqlets(maps, encode(texts).x, 4, 7, 5)
    for found in cluster_seqlets(seqlets, fewest=5):
        width = found.motif.width
        counts, heights = np.zeros((2, width, 4))
        for member, start, reverse in zip(found.members, found.start, found.reverse):
            row = seqlets.sequence[member]
            # Beyond the ends of its sequence a seqlet has no bases.
            letters = np.pad(one_hot(texts[row]), ((20, 20), (0, 0)))
            seen = letters * np.pad(maps[row], 20)[:, None]
            turn = slice(None, None, -1 if reverse else 1)
            counts += letters[20 + start : 20 + start + width][turn, turn]
            heights += seen[20 + start : 20 + start + width][turn, turn] / len(found.members)
        # Some seqlets were shifted, and do not reach to the ends of the motif.
        whole = found.motif.counts.sum(axis=1) == len(found.members)
        assert whole.sum() >= 9
        np.testing.assert_array_equal(counts[whole], found.motif.counts[whole])
        np.testing.assert_allclose(heights[whole], found.contributions[whole], atol=1e-12)
        flanks = sliding_window_view(found.flanked, width, axis=0).transpose(0, 2, 1)
        assert (flanks == found.motif.counts).all(axis=(1, 2)).any()


@pytest.mark.parametrize("seed", range(5))
def test_a_further_motif_is_sought_as_if_the_first_had_never_been_there(seed):
    # Words of only two letters: many seqlets are neighbours of more than one cluster.
    rng = np.random.default_rng(seed)
    x = np.eye(4)[rng.integers(0, 2, (60, 14))].transpose(0, 2, 1)
    seqlets = cut_seqlets(rng.uniform(0.5, 1, (60, 14)), x, 3, 5, 0)
    first, *others = cluster_seqlets(seqlets, 0.75, 4)
    rest = np.setdiff1d(np.arange(len(seqlets)), first.members)
    left = Seqlets(*(getattr(seqlets, field.name)[rest] for field in fields(seqlets)))
    again = cluster_seqlets(left, 0.75, 4)
    assert len(others) > 2
    assert [found.members.tolist() for found in others] == [
        rest[found.members].tolist() for found in again
    ]


def test_similar_words_merge_when_less_alikeness_is_asked():
    texts, maps = made(3, {"ACCTTGACCA": 24, "ACCTAGACCA": 24})
    assert len(found_in(texts, maps, alike=0.97)) == 2
    merged = found_in(texts, maps, alike=0.8)
    assert [len(found.members) for found in merged] == [48]
    assert found_in(texts, maps, alike=0.97)[0].motif.width == 10


def test_two_words_stay_two_though_a_third_is_like_both():
    """Without the division of a cluster, the third gathers all of them."""
    words = {"ACCTTGACCA": 40, "ACCTTGAGGT": 30, "ACCTTGACGT": 3}
    for seed in range(3):
        found = summary(found_in(*made(seed, words)))
        assert [word for word, _ in found] == [spelled("ACCTTGAGGT"), "ACCTTGACCA"]
        assert sum(members for _, members in found) == 73


def test_what_is_rare_or_says_nothing_is_no_motif():
    texts, maps = made(5, {"ACCTTGACCA": 30, "GGATAATCGC": 4})
    assert summary(found_in(texts, maps)) == [(spelled("ACCTTGACCA"), 30)]
    rng = np.random.default_rng(0)
    noise = random_sequences(60, 40, None, rng)
    assert found_in(noise, rng.uniform(0.5, 1.5, (60, 40))) == []
    nothing = cut_seqlets(np.zeros((2, 40)), encode(noise[:2]).x, np.inf)
    assert len(nothing) == 0 and cluster_seqlets(nothing) == []


def trained(seed: int, shuffled: bool = False):
    """A network that has seen 3,600 sequences with one of two motifs, and 2,400 others."""
    names = ("RARB", "ZBTB11"), ("ZNF184", "NEUROG2"), ("DMRTA1", "Banp")
    motifs = [jaspar.load(name) for name in names[seed]]
    data = datasets.planted_one_of(motifs, n=6000, seed=seed)
    if shuffled:
        data = replace(data, labels=np.random.default_rng(seed).permutation(data.labels))
    train, test = data.split(0.4, seed)
    network = networks.untrained(ModelSettings(), 100, seed)
    for _ in networks.train(network, train, TrainSettings(epochs=8, seed=seed)):
        pass
    return motifs, network, test


@pytest.mark.parametrize("seed", range(3))
def test_planted_motifs_are_found_and_nothing_else(seed):
    motifs, network, test = trained(seed)
    _, found = find_motifs(network, test)
    alike = [[similarity(each.motif, motif) for motif in motifs] for each in found]
    best = [[0 if one is None else one.similarity for one in row] for row in alike]
    assert len(found) == len(motifs)
    assert sorted(np.argmax(best, axis=1).tolist()) == [0, 1]
    assert np.max(best, axis=1).min() > 0.95


def test_shuffled_labels_give_nothing():
    _, network, test = trained(1, shuffled=True)
    seqlets, found = find_motifs(network, test)
    assert len(seqlets) == 0 and found == []


def test_sequences_of_one_length_are_asked_for():
    data = datasets.Dataset.of(["ACGTACGTACGTACGTA", "ACGT" * 5], [1, 0], ["a", "b"])
    network = networks.untrained(ModelSettings(filters=2, width=8), 20)
    with pytest.raises(ValueError, match="data must hold sequences of one length"):
        find_motifs(network, data)

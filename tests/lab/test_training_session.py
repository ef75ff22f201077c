"""Trainings and their displayed data, against torch, scikit-learn and the core."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score, roc_auc_score

from motiflab.interpretation.filter_names import LEAST_AUROC, explained_by, name_filters
from motiflab.lab import training_session
from motiflab.lab.lab_data import prepare
from motiflab.lab.lab_state import LabState
from motiflab.lab.training_session import SHOWN, Session, look
from motiflab.layers.convolution import cross_correlate
from motiflab.motifs import jaspar
from motiflab.motifs.closest_motifs import similarity
from motiflab.motifs.log_odds import motif_from_weights
from motiflab.motifs.tomtom import tomtom
from motiflab.networks import cnn, one_thread, training
from motiflab.sequences.encoding import gc_background

SMALL = LabState(motif="CTCF", n=600, length=40, epochs=10, gc=0.4)


@pytest.fixture(scope="module")
def data():
    return prepare(SMALL)


def finished(state, data) -> Session:
    session = Session(state, data)
    while session.advance():
        pass
    return session


@pytest.fixture(scope="module")
def session(data):
    """Return a training at its end."""
    return finished(SMALL, data)


def logits(session, index):
    """Return the predictions of a record's weights for the held-out data, by torch alone."""
    network = cnn.build(session.state.model(), session.data.length)
    network.load_state_dict(session.records[index].weights)
    with torch.no_grad():
        return network(torch.from_numpy(session.data.test.x)).numpy()


def test_the_data_are_divided_and_keep_what_is_known(data):
    assert len(data.train) + len(data.test) == 600
    assert len(data.test) == 120 and data.test.labels.mean() == 0.5
    assert not set(data.train.sequences) & set(data.test.sequences)
    assert data.background.tolist() == gc_background(0.4).tolist()
    labels, optimum = data.test.labels, data.test.optimum
    assert data.best_precision_recall.area == average_precision_score(labels, optimum)
    assert data.best_roc.area == pytest.approx(roc_auc_score(labels, optimum))
    assert len(data.best_roc.x) <= 200


def test_logos_are_made_from_training_data_of_both_classes(data):
    known = set(data.train.sequences)
    assert set(data.logos.sequences) <= known and len(data.logos) == len(data.train)
    more = prepare(LabState(n=2000, length=20, motif="TBP", ratio=4))
    assert len(more.logos) == 320 + 500 and more.logos.labels.sum() == 320
    assert set(more.logos.sequences) <= set(more.train.sequences)


@pytest.mark.parametrize("ratio", [1, 3])
def test_the_class_balance(ratio):
    data = prepare(LabState(n=400, length=30, motif="TBP", ratio=ratio))
    assert data.train.labels.mean() == data.test.labels.mean() == 1 / (1 + ratio)


def test_real_data_have_no_optimum_and_say_so():
    data = prepare(LabState(source="ctcf", ratio=2))
    assert data.best_precision_recall is None and data.best_roc is None
    assert "best possible (Neyman-Pearson) score is not known" in data.train.note
    assert data.train.labels.mean() == pytest.approx(1 / 3, abs=0.01)
    text = "".join(data.train.sequences)
    shares = [text.count(base) / len(text) for base in "ACGT"]
    np.testing.assert_allclose(data.background, shares, atol=0.006)


def test_the_planted_note_says_that_an_optimum_is_known(data):
    assert "best possible (Neyman-Pearson) score is known" in data.train.note


def test_records_are_those_of_a_training_by_itself(data):
    state = dataclasses.replace(SMALL, batch=4, epochs=4)
    session = finished(state, data)
    network = cnn.build(state.model(), 40, state.seed)
    with one_thread():
        single = list(training.train(network, data.train, state.training(), every=1))
    assert session.total == 480 and (session.few, session.every) == (3, 3)
    steps = [record.step for record in session.records]
    assert steps == [*range(0, 480, 3), 480]
    for before, record in zip(session.records, session.records[1:]):
        losses = [single[step].loss for step in range(before.step + 1, record.step + 1)]
        assert record.loss == pytest.approx(np.mean(losses), rel=1e-6)
        for name, value in single[record.step].weights.items():
            assert np.array_equal(value, record.weights[name])


@pytest.mark.parametrize(("n", "batch", "epochs"), [(50, 4096, 1), (400, 1, 200), (400, 7, 31)])
def test_a_training_has_some_two_hundred_records_and_short_steps(data, n, batch, epochs):
    # Only planned, not trained: the longest is 96,000 steps.
    part = dataclasses.replace(data, train=data.train.subset(range(min(n, 480))))
    session = Session(dataclasses.replace(SMALL, batch=batch, epochs=epochs), part)
    total = math.ceil(len(part.train) / batch) * epochs
    assert session.total == total
    assert 1 <= session.few <= 8 and session.every % session.few == 0
    assert math.ceil(total / session.every) <= 200


def test_one_advance_takes_few_steps_and_records_come_when_they_are_due(data):
    session = Session(dataclasses.replace(SMALL, batch=1), data)  # 4,800 steps
    assert (session.few, session.every) == (8, 24)
    seen = []
    for _ in range(5):
        assert session.advance()
        seen.append((session.step, len(session.records)))
    assert seen == [(8, 1), (16, 1), (24, 2), (32, 2), (40, 2)]


def test_a_training_ends_once(session):
    assert session.done and session.step == session.total == session.records[-1].step == 80
    assert not session.advance() and len(session.records) == 81
    assert session.trouble == ""


def test_torch_works_in_one_thread_while_it_trains_and_as_before_afterwards(data, monkeypatch):
    during, true_next = [], training.train

    def train(*arguments):
        for record in true_next(*arguments):
            during.append(torch.get_num_threads())
            yield record

    monkeypatch.setattr(training, "train", train)
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        session = Session(SMALL, data)
        assert torch.get_num_threads() == 3
        while session.advance():
            assert torch.get_num_threads() == 3
        look(session)
        assert torch.get_num_threads() == 3
        with pytest.raises(KeyError), one_thread():
            raise KeyError
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
    assert set(during) == {1}


def test_the_same_seed_gives_the_same_training_bit_for_bit(session):
    again = finished(SMALL, prepare(SMALL))
    other = finished(
        dataclasses.replace(SMALL, seed=2), prepare(dataclasses.replace(SMALL, seed=2))
    )
    areas = [look(s).precision_recall.area for s in (session, again, other)]
    assert areas[0] == areas[1] != areas[2]
    assert [r.loss for r in session.records] == [r.loss for r in again.records]
    for name, value in session.records[-1].weights.items():
        assert np.array_equal(value, again.records[-1].weights[name])


@pytest.mark.parametrize("index", [0, 7, -1])
def test_areas_are_those_of_scikit_learn(session, index):
    seen = look(session, index)
    labels, scores = session.data.test.labels, logits(session, index)
    assert seen.precision_recall.area == pytest.approx(average_precision_score(labels, scores))
    assert seen.roc.area == pytest.approx(roc_auc_score(labels, scores))
    assert seen.precision_recall.baseline == labels.mean()
    assert seen.record is session.records[index]
    assert seen.steps == list(range(seen.record.step + 1))
    assert seen.losses[-1] == seen.record.loss


def test_it_learns(session):
    first, last = look(session, 0), look(session, -1)
    best = session.data.best_precision_recall.area
    assert first.precision_recall.area < 0.75 < best - 0.1 < last.precision_recall.area
    assert last.cards[0].truth_similarity > 0.95 and last.cards[0].match_name == "CTCF"


def test_a_moment_is_seen_the_same_while_training_goes_on(data):
    session = Session(SMALL, data)
    seen = []
    for _ in range(6):
        session.advance()
        seen.append(look(session))
        assert seen[-1].tracks  # computed at this moment
    finished_training = [session.advance() for _ in range(80)]
    assert not finished_training[-1]
    for index, before in enumerate(seen, start=1):
        again = look(session, index)
        assert again.precision_recall.area == before.precision_recall.area
        assert again.steps == before.steps and again.losses == before.losses
        for a, b in zip(again.filters, before.filters, strict=True):
            assert a.index == b.index and np.array_equal(a.motif.counts, b.motif.counts)
        for a, b in zip(again.tracks, before.tracks, strict=True):
            assert np.array_equal(a.activation, b.activation)


def test_cards_tell_what_the_core_says_of_each_filter(session):
    seen = look(session)
    q, truth = session.data.background, jaspar.load("CTCF")
    strengths = [card.strength for card in seen.cards]
    assert strengths == sorted(strengths, reverse=True) and len(strengths) == 16
    for card in seen.cards[:4]:
        planted = similarity(card.motif, truth, q)
        assert card.truth_similarity == planted.similarity
        assert (card.truth_offset, card.truth_strand) == (planted.offset, planted.strand)
        assert card.match_evalue is None
    names = name_filters(seen.filters, jaspar.collection("vertebrates"), q)
    for card, name in zip(seen.cards, names, strict=True):
        assert (card.name is None) == (name is None)
        if name:
            assert card.name.best == name.best and card.name.as_good == name.as_good
    assert 4 <= sum(name is not None for name in names) < 16


def test_before_a_training_no_filter_has_a_name_and_none_is_like_the_planted_motif(data):
    session, ctcf = Session(SMALL, data), jaspar.load("CTCF")
    # As if chance had drawn the motif: it is the step that decides, not the windows.
    session.records[0].weights["conv.weight"][0] = ctcf.log_odds().T
    before, known = look(session, 0), jaspar.collection("vertebrates")
    assert any(name_filters(before.filters, known, data.background))
    assert similarity(before.cards[0].motif, ctcf, data.background).similarity > 0.9
    for card in before.cards:
        assert card.name is None and math.isnan(card.truth_similarity) and not card.planted
        assert card.truth.name == "CTCF"  # its place is kept


def test_a_filter_is_like_the_planted_motif_only_if_that_explains_its_windows(session):
    seen, truth = look(session), jaspar.load("CTCF")
    told = [not math.isnan(card.truth_similarity) for card in seen.cards]
    q = session.data.background
    assert told == [explained_by(f, truth, q) for f in seen.filters]
    assert any(told) and not all(told)


def test_filters_of_two_layers_are_named_though_none_tells_the_classes_apart():
    state = LabState(
        motif="CTCF", second="MEF2A", n=3000, contrast="gaps", layers=2, window=4, epochs=6
    )
    session = finished(state, prepare(state))
    named = [card for card in look(session).cards if card.name]
    assert named and min(card.strength for card in named) < LEAST_AUROC
    families = {family for card in named for family in card.name.families}
    assert families & {"Regulators of differentiation", "More than 3 adjacent zinc fingers"}


def test_the_nearest_of_two_planted_motifs_stands_above_a_filter():
    state = LabState(motif="CTCF", second="TBP", n=200, length=60, epochs=1)
    session = finished(state, prepare(state))
    motifs = [jaspar.load("CTCF"), jaspar.load("TBP")]
    for card in look(session).cards:
        found = [similarity(card.motif, m, session.data.background) for m in motifs]
        best = max((at.similarity, m.name) for at, m in zip(found, motifs) if at)
        parts = training_session._nearest(card.motif, motifs, session.data.background)
        assert (parts["truth_similarity"], card.truth.name) == best
        assert card.truth_similarity == best[0] or math.isnan(card.truth_similarity)


def test_evalues_are_those_of_tomtom(session):
    seen = look(session, evalues=True)
    known = jaspar.collection("vertebrates")
    table = tomtom([card.motif for card in seen.cards], known).e_values
    for row, card in zip(table, seen.cards):
        if card.name:
            assert card.match_evalue == row[known.ids.index(card.name.best.motif.id)]
        else:
            assert card.match_evalue is None
    assert seen.cards[0].match_evalue < 1e-6


@pytest.mark.parametrize("logos", ["windows", "weights"])
def test_filters_with_holes_are_named_by_all_bases_but_their_columns_compared_with_none(
    data, logos
):
    session = finished(dataclasses.replace(SMALL, width=8, dilation=2), data)
    cards = look(session, logos=logos, evalues=True).cards
    for card in cards:
        assert card.motif.width == 8 and card.truth is None and card.match_evalue is None
    assert {card.match_name for card in cards} - {""} == {"CTCF"}


@pytest.mark.parametrize("dilation", [1, 2])
def test_silent_filters_come_last_and_say_so(data, dilation):
    session = Session(dataclasses.replace(SMALL, width=8, dilation=dilation), data)
    strongest = look(session).cards[0].index
    session.records[0].weights["conv.bias"][strongest] = -100
    *others, last = look(session).cards
    assert last.index == strongest and last.motif is None and last.note.startswith("Silent")
    assert all(card.motif and not card.note for card in others)
    session.records[0].weights["conv.bias"][:] = -100
    assert {card.motif for card in look(session).cards} == {None}  # and it can be drawn


def test_logos_from_weights(session):
    seen = look(session, logos="weights")
    weights = session.records[-1].weights["conv.weight"]
    for card in seen.cards:
        motif = motif_from_weights(weights[card.index].T, session.data.background)
        assert np.array_equal(card.motif.counts, motif.counts)
    by_windows = look(session, evalues=True).cards
    assert [card.index for card in seen.cards] == [card.index for card in by_windows]
    assert [card.strength for card in seen.cards] == [card.strength for card in by_windows]
    # The name and its E-value are those of the windows, whatever the logo is made from.
    again = look(session, logos="weights", evalues=True).cards
    assert [card.match_evalue for card in again] == [card.match_evalue for card in by_windows]
    assert by_windows[0].name.best == again[0].name.best


def test_tracks_are_of_three_positives_and_two_negatives_with_their_sites(session):
    seen, test = look(session), session.data.test
    rows = [*np.flatnonzero(test.labels)[:3], *np.flatnonzero(test.labels == 0)[:2]]
    assert [track.label for track in seen.tracks] == [1, 1, 1, 0, 0]
    weights = session.records[-1].weights
    best = seen.cards[0].index
    w, b = weights["conv.weight"][best].T, float(weights["conv.bias"][best])
    chances = 1 / (1 + np.exp(-logits(session, -1)[rows].astype(float)))
    for track, row, chance in zip(seen.tracks, rows, chances):
        assert track.name == test.names[row] and track.length == 40
        assert track.probability == pytest.approx(chance, abs=1e-6)
        x = test.x[row].T
        strands = [cross_correlate(x, v, b) for v in (w, w[::-1, ::-1])]
        np.testing.assert_allclose(track.activation, np.maximum(0, strands).max(0), atol=1e-4)
        sites = [(s.start, s.end, s.strand) for s in test.sites if s.sequence == row]
        assert [site[1:] for site in track.sites] == sites
        assert len(sites) == track.label


def test_of_sixteen_filters_and_the_hero_more_than_the_logo_is_known():
    state = dataclasses.replace(SMALL, filters=20, epochs=1)
    session = Session(state, prepare(state))
    seen = look(session)
    assert len(seen.cards) == SHOWN and len(seen.filters) == 20
    assert seen.hero is seen.cards[0] and seen.hero.index == seen.filters[0].index
    weakest = seen.filters[-1].index
    chosen = look(session, hero=weakest, chosen=True)
    assert [card.index for card in chosen.cards[:-1]] == [card.index for card in seen.cards]
    assert chosen.hero is chosen.cards[-1] and chosen.hero.index == weakest


def test_a_hero_stays_until_another_is_clearly_stronger(session):
    for index in range(0, len(session.records), 9):
        ranked = look(session, index).filters
        for f in ranked:
            kept = ranked[0].strength - f.strength <= 0.05
            hero = look(session, index, hero=f.index).hero.index
            assert hero == (f.index if kept else ranked[0].index)


def test_earlier_curves_are_those_of_the_last_powers_of_two(session):
    for index, earlier in ((0, []), (1, []), (2, [1]), (9, [1, 2, 4, 8]), (40, [4, 8, 16, 32])):
        areas = [curve.area for curve in look(session, index).earlier]
        assert areas == [look(session, i).precision_recall.area for i in earlier]


def test_the_truth_does_not_leak(data):
    """With random labels nothing is found, although the sites are known."""
    rng = np.random.default_rng(0)
    parts = {
        name: dataclasses.replace(part, labels=rng.permutation(part.labels))
        for name in ("train", "test", "logos")
        for part in [getattr(data, name)]
    }
    seen = look(finished(SMALL, dataclasses.replace(data, **parts)))
    assert seen.precision_recall.area < 0.7 and 0.3 < seen.roc.area < 0.7
    assert all(card.name is None and math.isnan(card.truth_similarity) for card in seen.cards)
    (truth,), q = data.train.motifs, data.background
    assert similarity(seen.cards[0].motif, truth, q).similarity < 0.85


def test_known_motifs_are_read_only_when_there_is_a_name_to_find(data, monkeypatch):
    monkeypatch.setattr(LabState, "collection", lambda state: 1 / 0)
    session = Session(SMALL, data)
    assert all(card.name is None for card in look(session).cards)
    while session.advance() and len(session.records) < 2:
        pass
    with pytest.raises(ZeroDivisionError):
        look(session)


def test_the_truth_is_only_drawn_never_learned_from(data):
    blind = {
        name: dataclasses.replace(getattr(data, name), sites=(), log_ratio=None, motifs=())
        for name in ("train", "test", "logos")
    }
    session = finished(SMALL, data)
    without = look(finished(SMALL, dataclasses.replace(data, **blind)))
    for a, b in zip(look(session).cards, without.cards, strict=True):
        assert np.array_equal(a.motif.counts, b.motif.counts) and b.truth is None
    assert look(session).precision_recall.area == without.precision_recall.area


def network_of(session):
    """Return the network that is being trained."""
    return session._training.gi_frame.f_locals["network"]


def test_a_loss_that_overflows_ends_the_training_and_is_said(data):
    session = Session(dataclasses.replace(SMALL, activation="exponential"), data)
    assert session.advance()
    network_of(session).bias[:] = 200  # exp(200) is beyond a 32-bit float
    assert not session.advance() and session.done
    assert session.trouble.startswith("The loss became ")
    assert "a smaller learning rate usually helps" in session.trouble
    assert not session.advance() and session.step == 1
    assert look(session).record.step == 1


def test_a_fault_of_ours_ends_the_training_and_is_said(data, monkeypatch):
    untrained = Session(SMALL, data).records[0]

    def broken(*arguments):
        yield from (dataclasses.replace(untrained, step=step) for step in range(3))
        raise KeyError("no such weight")

    monkeypatch.setattr(training_session.training, "train", broken)
    session = Session(SMALL, data)
    assert session.advance() and session.advance() and not session.advance()
    assert session.done and session.trouble == "KeyError: 'no such weight'"


def test_infinite_scores_of_held_out_data_are_said(data):
    session = Session(dataclasses.replace(SMALL, activation="exponential"), data)
    session.advance()
    session.records[1].weights["conv.bias"][:] = 200
    with pytest.raises(ValueError, match="some scores of held-out sequences are infinite after 1"):
        look(session)
    assert look(session, 0).record.step == 0


def test_sequences_shorter_than_the_filter_are_refused_with_the_numbers(data):
    with pytest.raises(ValueError, match=r"\(40-1\)\+1 = 40 positions, but only L\+2P = 30") as e:
        Session(LabState(width=40), prepare(LabState(n=100, length=30, motif="TBP")))
    assert e.value.argument == "width"


def test_a_batch_that_would_fill_memory_is_refused(data):
    wide = prepare(LabState(n=2000, length=500, motif="TBP"))
    with pytest.raises(ValueError, match="Batch must be at most 321 to fit in memory with 64") as e:
        Session(LabState(filters=64, batch=4096), wide)
    assert e.value.argument == "batch"
    Session(LabState(filters=64, batch=321), wide)


def test_most_of_the_time_is_spent_where_the_loss_falls():
    state = LabState(n=4000)
    session = Session(state, prepare(state))
    first = session.records[0].loss
    shares, lowest = [], [first]
    while session.advance():
        shares.append(session.share)
        lowest.append(session.lowest)
    assert sum(shares) == pytest.approx(1 / 3 + 2 / 3 * (first - lowest[-1]) / first)
    assert sum(shares) <= 1
    falls = -np.diff(lowest) / first
    np.testing.assert_allclose(np.subtract(shares, 2 / 3 * falls), session.few / 3 / session.total)
    # Half of the steps, those with the deepest falls, take most of the time.
    deepest = np.argsort(falls)[len(falls) // 2 :]
    assert np.take(shares, deepest).sum() > 0.7 * sum(shares)

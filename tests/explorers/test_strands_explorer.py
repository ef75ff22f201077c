"""The card of the two strands: its areas against scikit-learn, its filters, and its guesses."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest
from Bio.Seq import reverse_complement
from sklearn.metrics import roc_auc_score

from motiflab.explorers.strands_explorer import (
    CHANCE,
    SIZES,
    SOURCES,
    WAYS,
    StrandsExplorer,
    StrandsResult,
    StrandsState,
    describe,
    draw,
    material,
    plan,
    summarise,
    training_sets,
)
from motiflab.interpretation import filter_motifs
from motiflab.motifs import similarity
from motiflab.networks import logits, train_all

FEW, SOME, MANY = SIZES["GATA2"]


@pytest.fixture(scope="module")
def results():
    """Every network for planted GATA2 that the card trains, from one seed."""
    wanted = plan(StrandsState(seeds=1))
    return list(train_all(*wanted[:3], jobs=1, done={(*pair, 0) for pair in wanted.left_out}))


@pytest.fixture(scope="module")
def result(results):
    return summarise(StrandsState(seeds=1), results)


def made(few, many):
    """Return a result with these AUROC of the ways, without a training."""
    areas = {way: {FEW: [a], SOME: [0.9], MANY: [b]} for way, a, b in zip(WAYS, few, many)}
    return StrandsResult(StrandsState(best="both", apart="some"), areas, [0.5], 0.94, None)


@pytest.mark.parametrize("source", SOURCES)
def test_every_training_set_is_half_positive_and_has_as_many_rows(source):
    train, test, _ = material(source)
    assert not {*train.sequences} & {*test.sequences}
    made = training_sets(source)
    assert len({len(trial.train) for trial in made.values()}) == 1
    for n in SIZES[source]:
        alone, both = (made[name].train for name in (str(n), f"{n}, augmented"))
        texts = [*dict.fromkeys(alone.sequences)]
        assert len(texts) == n and 0.4 < alone.labels.mean() < 0.6
        assert {*both.sequences} == {*texts, *map(reverse_complement, texts)}
        label = dict(zip(alone.sequences, alone.labels))
        label |= {reverse_complement(text): y for text, y in label.items()}
        assert [label[text] for text in both.sequences] == both.labels.tolist()
    assert made[CHANCE].train.sequences == made[str(n)].train.sequences
    assert (made[CHANCE].train.labels == made[str(n)].train.labels).mean() < 0.6


def test_the_areas_are_those_of_scikit_learn(results, result):
    _, test, _ = material("GATA2")
    turned = [reverse_complement(text) for text in test.sequences]
    again = type(test).of(turned, test.labels, test.names)
    names = {("600", "one strand"): ("none", "averaged"),
             ("600, augmented", "one strand"): ("augmented", "both"),
             ("600", "shared weights"): ("shared",)}  # fmt: skip
    seen = 0
    for each in results:
        here, there = logits(each.network, test), logits(each.network, again)
        scores = here, here + there
        for way, score in zip(names.get((each.data, each.recipe), ()), scores):
            area = roc_auc_score(test.labels, score)
            assert result.areas[way][600] == [pytest.approx(area)]
            seen += 1
    assert seen == 5
    assert result.optimum == pytest.approx(roc_auc_score(test.labels, test.optimum))
    assert len(result.chance) == 2 and max(result.chance) < 0.6


def test_a_filter_for_one_strand_sees_half_of_the_sites(results):
    one, shared = (
        summarise(StrandsState(seeds=1, look=look), results).read for look in ("none", "shared")
    )
    assert one.total == shared.total == 8
    assert min(one.counts.values()) >= 1 and set(one.strongest) == {"+", "-"}
    assert all(0.68 < found.strength < 0.78 for found in one.strongest.values())
    assert max(found.strength for found in shared.strongest.values()) > 0.9
    network = next(each.network for each in results if each.data == str(MANY))
    train, _, gata = material("GATA2")
    lie = [(similarity(each.motif, gata), each) for each in filter_motifs(network, train)]
    for strand, found in one.strongest.items():
        alike = [e for lies, e in lie if lies.similarity >= 0.8 and lies.strand == strand]
        assert len(alike) == one.counts[strand]
        assert found.strength == max(each.strength for each in alike)
    for strand, word in (("+", "TTATC"), ("-", "GATAA")):
        assert word in one.strongest[strand].motif.consensus()


def test_pictures_name_each_way_and_its_medians(result):
    pictures = draw(result, "u")
    chart, table = pictures["curves"], pictures["table"]
    for way, words in WAYS.items():
        middles = [f"{median(areas):.3f}" for areas in result.areas[way].values()]
        assert f"{words} {', '.join(middles)}" in chart.text
        assert all(middle in table for middle in middles)
    lines = {trace.name: trace for trace in chart.figure.data if trace.mode == "lines"}
    np.testing.assert_allclose(lines["best possible"].y, result.optimum)
    for way, words in WAYS.items():
        assert list(lines[words].y) == [result.middle(way, n) for n in SIZES["GATA2"]]
    assert "resemble the motif as written" in pictures["filters"]


def test_what_was_expected_is_compared_with_what_was_found():
    said = describe(made([0.6, 0.7, 0.7, 0.75, 0.8], [0.9, 0.91, 0.915, 0.91, 0.92]))
    assert "<b>shared weights</b> is best, 0.800 (you expected augmented, averaged)" in said
    assert "one strand is last, 0.600" in said and "0.020 apart (as you expected)" in said
    said = describe(made([0.6, 0.7, 0.7, 0.85, 0.8], [0.9, 0.91, 0.915, 0.91, 0.95]))
    assert "is best, 0.850 (as you expected)" in said
    assert "0.050 apart (you expected 0.01 to 0.03)" in said


def test_before_training_the_card_repeats_what_is_expected():
    card = StrandsExplorer(best="shared", apart="much")
    assert "You expect best with the fewest: shared weights; gap with the most: " in (
        card.readout.html
    )
    assert "more than 0.03. Now press Train." in card.readout.html
    assert "not trained yet" in card.figures["filters"]


def test_a_card_whose_training_was_left_early_shows_what_there_is(results):
    for many in range(len(results) + 1):
        there = summarise(StrandsState(seeds=1), results[:many])
        pictures = draw(there, "u")
        shown = [words for way, words in WAYS.items() if there.areas[way][MANY]]
        assert all(f"{words} not trained" not in pictures["curves"].text for words in shown)
        assert there.complete == (many >= len(results) - 1)  # the control comes last, twice
        assert ("Now press Train" in describe(there)) != there.complete

"""Announced events and reached goals of the lab, against the records of whole trainings."""

from __future__ import annotations

import re

import pytest
from scipy.stats import mannwhitneyu

from motiflab.lab import lab_events
from motiflab.lab.motif_lab import MotifLab
from motiflab.networks import training

QUICK = {"motif": "CTCF", "n": 600, "length": 40, "epochs": 10, "speed": "full"}


def stepped(**choices) -> tuple[MotifLab, list]:
    """Train record by record, and return the lab with what was seen at each."""
    lab = MotifLab(**QUICK | choices)
    seen = [lab.result]
    while not lab.session.done:
        lab.step()
        seen.append(lab.result)
    return lab, seen


@pytest.fixture(scope="module")
def told():
    return stepped()


def test_a_motif_is_called_out_at_the_first_record_at_which_a_filter_resembles_it(told):
    lab, seen = told
    ((index, words),) = ((i, w) for i, w in lab.session.events.items() if "resembles" in w)
    number = int(re.search(r"filter (\d+) resembles CTCF", words)[1])
    assert words.startswith(f"Step {seen[index].record.step}: ")

    def clear(look):
        return [
            card.index + 1
            for card in look.cards
            if lab_events.learned(look) and lab_events.resembles(card) == "CTCF"
        ]

    assert number in clear(seen[index]) and not any(map(clear, seen[:index]))
    card = next(card for card in seen[index].cards if card.index + 1 == number)
    assert card.truth_similarity >= 0.9


def test_the_curve_is_called_out_once_it_is_as_high_as_the_best(told):
    lab, seen = told
    best = lab.session.data.best_precision_recall.area
    first = next(i for i, look in enumerate(seen) if look.precision_recall.area >= best - 0.02)
    said = [i for i, words in lab.session.events.items() if "AUPRC within 0.02" in words]
    assert said == [first]


def test_an_event_is_written_over_the_loss_and_said_aloud(told):
    lab, _ = told
    index, words = next(iter(lab.session.events.items()))
    lab._look_at(index)
    assert words in lab._bar._curve.value
    lab._look_at(index - 1)
    assert words not in lab._bar._curve.value
    other = MotifLab(**QUICK)
    alarms = []
    other.readout.observe(lambda change: alarms.append(change["new"]), "alarm")
    other.start()
    assert [words for words in alarms if words] == list(other.session.events.values())


def test_what_was_said_is_not_said_again_and_a_reset_forgets_it(told):
    lab = MotifLab(**QUICK)
    lab.start()
    events = dict(lab.session.events)
    # A training at full speed is not looked at at every record.
    assert [words.partition(" ")[0] for words in events.values()] in (["By"], ["By", "By"])
    lab._look_at(len(lab.session.records) - 1)
    assert lab.session.events == events
    lab.reset()
    assert lab.session.events == {}


@pytest.mark.parametrize("seed", range(11, 14))
@pytest.mark.parametrize("choices", [{}, {"n": 200, "filters": 32, "learning_rate": 0.05}])
def test_shuffled_labels_call_out_nothing_and_reach_no_goal(shuffle_labels, seed, choices):
    shuffle_labels(seed)
    lab, seen = stepped(**{"seed": seed, "motif": "GATA2", "n": 300, "epochs": 5} | choices)
    assert lab.session.events == {}
    assert not any(reached for look in seen for reached, _ in lab_events.goals(look))
    assert "Nothing yet" in lab.figures["hero"]


def test_a_training_has_taught_something_if_a_rank_test_says_so(told):
    lab, seen = told
    labels = lab.session.data.test.labels
    for look in seen:
        scores = training.logits(lab.session.at(look.index), lab.session.data.test)
        found = mannwhitneyu(scores[labels == 1], scores[labels == 0], method="asymptotic",
                             use_continuity=False, alternative="greater")  # fmt: skip
        # Four standard errors of the normal distribution.
        assert lab_events.learned(look) == (found.pvalue < 3.167e-5)
    assert not lab_events.learned(seen[0]) and lab_events.learned(seen[-1])


def ticks(lab) -> list[str]:
    return re.findall(r"motiflab-(reached|open)'>([✓○]) ([^<]*)\.</span>", lab._goals.value)


def test_the_goals_are_ticked_when_they_are_reached(told):
    lab, _ = told
    lab._look_at(0)
    (open_, sign, words), (_, _, curve) = ticks(lab)
    assert (open_, sign, words) == ("open", "○", "a filter that resembles CTCF")
    best = lab.session.data.best_precision_recall.area
    assert f"within 0.02 of the best possible {best:.2f}, now 0." in curve
    lab._look_at(len(lab.session.records) - 1)
    (one, sign, words), (other, *_) = ticks(lab)
    assert (one, sign, other) == ("reached", "✓", "reached")
    assert re.fullmatch(r"filter \d+ resembles CTCF", words)


def test_two_planted_motifs_are_two_goals():
    lab = MotifLab(**QUICK | {"second": "GATA2", "length": 60})
    assert [words for _, _, words in ticks(lab)][:2] == [
        "a filter that resembles CTCF",
        "a filter that resembles GATA2",
    ]


def test_where_no_best_curve_is_known_the_goal_can_be_reached():
    lab = MotifLab(source="ctcf", width=19, batch=32, epochs=12, speed="full")
    assert ticks(lab)[1][2].startswith("AUROC of 0.95 or more, now 0.")
    assert "best possible" not in lab._goals.value
    lab.start()
    assert [sign for _, sign, _ in ticks(lab)] == ["✓", "✓"]


def test_a_goal_of_a_teacher_stands_as_it_is():
    lab = MotifLab(**QUICK, goal="find <CTCF>.")
    assert lab._goals.value == ""
    assert "Goal: find &lt;CTCF&gt;." in lab.widget.children[0].value
    assert "Goal" not in MotifLab(**QUICK).widget.children[0].value

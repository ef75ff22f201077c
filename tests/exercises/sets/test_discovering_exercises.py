"""A learner's own peaks: their motifs are found from the sequences, and by no shortcut.

The solved notebook is run as a student would do it; checkers are tried on what comes of it.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from motiflab.course.notebooks import build_notebook
from motiflab.evaluation.curves import average_precision_of_guess
from motiflab.exercises import exercise_set, find
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.exercises.sets.discovering_exercises import (
    ALIKE,
    HIDDEN,
    alike,
    best_scores,
    hidden,
    truth,
)
from motiflab.interpretation import filters_as_motifs
from motiflab.motifs import jaspar, tomtom
from motiflab.motifs.closest_motifs import similarity
from motiflab.networks import cnn, training

SET = exercise_set("discovering")
NAMES = [f"name {number}" for number in range(6)]


class Practice:
    """A stand-in for the `Practice` of a notebook that records verdicts."""

    said: dict

    def __init__(self, owner):
        self.owner = owner
        Practice.said = {}

    def task(self, id):
        return find(id).given(self.owner)

    def check(self, id, answer):
        self.said[id] = find(id).check(answer, self.task(id))

    def progress(self):
        pass


def solved(name):
    """Run the code of the solved notebook; return its variables and the verdicts."""
    space = {}
    for cell in build_notebook("12_discovering", solved=True, learner=name).cells:
        if cell.cell_type == "code":
            exec(cell.source, space)
            space.update(Practice=Practice, display=lambda *shown: None)
    return space, Practice.said


@pytest.fixture(scope="module", params=["Ada", "7"])
def student(request):
    return solved(request.param)


def test_what_a_student_does_is_right(student):
    space, said = student
    assert len(said) == len(SET.exercises)
    assert {id: verdict.state for id, verdict in said.items()} == dict.fromkeys(said, RIGHT)


def test_nothing_comes_of_labels_by_chance(student):
    space, _ = student
    given = space["given"]
    control = space["control"](space["new"]).detach().numpy()  # of the same network and recipe
    area = average_precision_score(given.labels, control)
    verdict = find("discovering.report").check((control, area, space["curve"].baseline), given)
    assert (verdict.state, verdict.mistake) == (NOT_YET, "no better than a guess")
    assert area < space["curve"].baseline + 0.1 < space["curve"].area - 0.3


def test_no_motif_is_named_from_labels_by_chance(student):
    space, _ = student
    given, data = space["given"], space["data"]
    chance = np.random.default_rng(2).permutation(data.labels)
    data = dataclasses.replace(data, labels=chance)
    network = cnn.build(space["settings"], data.x.shape[2], seed=2)
    *_, last = training.train(network, data, dataclasses.replace(space["recipe"], seed=2))
    motifs = filters_as_motifs.filter_motifs(network, data)
    strongest = max(motifs, key=lambda found: found.strength)
    known = space["known"]
    e_values = tomtom.tomtom([strongest.motif], known).e_values[0]
    verdict = find("discovering.motif").check(known.ids[e_values.argmin()], given)
    assert verdict.state == NOT_YET and e_values.min() > 1e3 * space["e_values"].min()


def test_what_is_given_does_not_name_the_motif():
    for name in NAMES:
        given = find("discovering.motif").given(name)
        motif = hidden(given).motif
        told = [exercise.statement(given) for exercise in SET if exercise.name != "negatives"]
        told += [hint for exercise in SET for hint in map(str, exercise.hints)]
        told += [mistake.message for exercise in SET for mistake in exercise.mistakes]
        told += [repr({key: value for key, value in vars(given).items() if key != "peaks"})]
        for text in told:
            assert motif.id not in text and f" {motif.name} " not in text
        strings = [value for value in vars(given).values() if isinstance(value, str)]
        assert strings == [given.sequence]


@pytest.mark.parametrize("id", HIDDEN)
def test_the_motifs_of_the_mistakes_are_what_they_are_said_to_be(id):
    motif, part, relative = (jaspar.load(one) for one in (id, *HIDDEN[id]))
    for direction in (motif, motif.reverse_complement()):
        assert alike(direction, motif) == pytest.approx(1)
        assert alike(part, direction) < ALIKE <= alike(direction, part)
        assert 0.7 <= alike(relative, direction) < ALIKE > alike(direction, relative)
    assert motif.width >= 8 and motif.information().sum() > 10.9


def test_any_motif_that_is_near_enough_is_right_and_no_other():
    exercise = find("discovering.motif")
    for name in NAMES[:3]:
        given = exercise.given(name)
        motif = hidden(given).motif
        rng = np.random.default_rng(1)
        for entry in rng.choice(jaspar.search("", 900, "vertebrates"), 60):
            found = similarity(jaspar.load(entry.id), motif)
            near = found is not None and found.similarity >= 0.9
            assert (exercise.check(entry.id, given).state == RIGHT) == near, entry
        assert exercise.check(motif.name.lower(), given).state == RIGHT


@pytest.mark.parametrize("odd", ["no such motif", "MA9999.1", "GATAAGGC", 12, ["CTCF"]])
def test_what_is_no_name_is_told(odd):
    exercise = find("discovering.motif")
    verdict = exercise.check(odd, exercise.given("Ada"))
    assert verdict.state == NOT_YET and verdict.mistake == "an answer of another form"
    assert ("letters of a site" in verdict.message) == (odd == "GATAAGGC")


def test_the_test_set_is_held_out_and_its_shuffles_keep_pairs():
    for name in NAMES[:4]:
        given = find("discovering.report").given(name)
        peaks = [text for text, label in zip(given.test, given.labels) if label]
        others = [text for text, label in zip(given.test, given.labels) if not label]
        assert not {*given.peaks} & {*given.test} and given.sequence in peaks
        assert len(others) == given.ratio * len(peaks)
        assert 0.3 < np.mean(given.labels[: len(given.labels) // 2]) * (1 + given.ratio) < 1.7
        one, other = (
            sorted(sorted(a + b for a, b in zip(text, text[1:])) for text in some)
            for some in (peaks, others)
        )
        assert other == sorted(one * given.ratio)


def test_the_motif_itself_scans_well_and_the_site_is_its_best():
    for name in NAMES:
        given = find("discovering.site").given(name)
        known = hidden(given)
        scores = best_scores(known.motif, known.background, given.test)
        assert average_precision_score(given.labels, scores) > 0.6
        strands = known.motif, known.motif.reverse_complement()
        by_hand = np.max([one.score(given.sequence, known.background) for one in strands], axis=0)
        assert by_hand.argmax() == known.site.start
        scanned = best_scores(known.motif, known.background, [given.sequence])
        assert scanned == pytest.approx([by_hand.max()])
        assert truth(given.case, given.ratio) is known


def test_a_place_may_be_a_little_off_and_no_more():
    exercise = find("discovering.site")
    for name in NAMES:
        given = exercise.given(name)
        site = hidden(given).site
        for start, end in ((-1, 1), (1, 0), (-4, 3), (0, -2)):
            stretch = site.start + start, site.end + end
            assert exercise.check(stretch, given).state == RIGHT
        for start, end in ((30, 30), (-30, -30), (6, 6), (-12, 12), (0, 5 - site.end + site.start)):
            stretch = max(0, site.start + start), min(100, site.end + end)
            assert exercise.check(stretch, given).state == NOT_YET, (site, start, end)


@pytest.mark.parametrize(
    "odd", [(3,), (5, 5), (9, 3), (-1, 9), (90, 101), (1.5, 9), "3, 9", [[1, 9]]]
)
def test_what_is_no_stretch_is_told(odd):
    exercise = find("discovering.site")
    verdict = exercise.check(odd, exercise.given("Ada"))
    assert verdict.mistake == "an answer of another form"


def test_a_report_is_judged_by_its_scores():
    exercise = find("discovering.report")
    given = exercise.given("Ada")
    known = hidden(given)
    scores = best_scores(known.motif, known.background, given.test)
    area, share = average_precision_score(given.labels, scores), np.mean(given.labels)
    for form in (scores, scores.tolist(), 3 * scores + 7, np.exp(scores).astype(np.float32)):
        assert exercise.check((form, area, share), given).state == RIGHT
        assert exercise.check([form, round(area, 3), round(share, 3)], given).state == RIGHT
    assert exercise.check((scores, area + 0.02, share), given).mistake == "AUPRC of other scores"
    assert exercise.check((scores, area, share + 0.02), given).state == NOT_YET
    spoiled = scores.copy()
    spoiled[0] = np.nan
    for odd in ((spoiled, area, share), (scores, area), (scores[:, None], area, share), "abc", {}):
        assert exercise.check(odd, given).mistake == "an answer of another form", odd
    whole = (np.array(given.labels, dtype=float), 1.0, share)
    assert exercise.check(whole, given).mistake == "too good to be true"


@pytest.mark.parametrize("name", NAMES[:3])
def test_the_prevalence_and_the_average_precision_of_guesses_are_both_a_baseline(name):
    exercise = find("discovering.baseline")
    given = exercise.given(name)
    shuffles = given.ratio, given.other
    a, b = (1 / (1 + ratio) for ratio in shuffles)
    guessed, other = (average_precision_of_guess(120, 120 * ratio) for ratio in shuffles)
    for answer in ([a, b], [guessed, other], [round(guessed, 3), b], [a, round(other, 3)]):
        assert exercise.check([*answer, 0.5], given).state == RIGHT
    assert exercise.check([guessed - 0.002, other + 0.002, 0.5], given).state == RIGHT  # simulated
    for answer in ([a + 0.002, b], [guessed + 0.006, b], [a - 0.004, other], [b, a]):
        assert exercise.check([*answer, 0.5], given).state == NOT_YET
    assert exercise.check([guessed, other, guessed], given).state == NOT_YET
    told = exercise.solution(given)
    assert f"{average_precision_of_guess(120, 120 * given.ratio):.3f}" in told


def test_a_report_may_name_either_baseline():
    exercise = find("discovering.report")
    given = exercise.given("Ada")
    scores, area, share = exercise.right(given)
    exact = average_precision_of_guess(120, len(given.labels) - 120)
    assert exact > share + 0.005
    for baseline in (share, exact, round(exact, 2)):
        assert exercise.check((scores, area, baseline), given).state == RIGHT
    assert exercise.check((scores, area, exact + 0.006), given).state == NOT_YET


def test_a_small_e_value_of_a_flat_filter_means_nothing():
    """The statement of the last hint on Tomtom's null model."""
    known = jaspar.collection("vertebrates")
    names, flat = np.array(known.names), np.full((15, 4), 0.25)
    hint = find("discovering.motif").hints[-1]
    assert "information().sum()" in hint and "10⁻¹²" in hint
    e_values = tomtom.tomtom([flat], known).e_values[0]
    assert names[e_values.argmin()] == "CTCF" and 1e-13 < e_values.min() < 1e-11
    # Few columns are nearly flat, and those stand side by side.
    near = [np.linalg.norm(ppm - 0.25, axis=1) < 0.3 for ppm in known.both_strands]
    runs = np.array([longest(row) for row in near[: len(names)]])
    assert np.mean(np.concatenate(near)) < 0.03
    assert runs.max() >= 8 and names[runs.argmax()] == "CTCF"
    # A motif keeps its best match when flat columns are put at its ends.
    motif = jaspar.load("MA0036.4").probabilities()
    long = np.concatenate([flat[:8], motif, flat[:8]])
    alone, among = tomtom.tomtom([motif, long], known).e_values
    assert known.ids[among.argmin()] == known.ids[alone.argmin()] == "MA0036.4"
    assert among.min() < 10 * alone.min()


def longest(row):
    """Return the length of the longest run of True."""
    best = here = 0
    for flag in row:
        here = here + 1 if flag else 0
        best = max(best, here)
    return best

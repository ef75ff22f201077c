"""The way between two points: Davis and Goadrich's table, integrals by scipy, random calling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from sklearn.metrics import auc, average_precision_score, precision_recall_curve

from motiflab.interpolation import chord_area, path, path_area

P = 20
pairs = st.tuples(st.integers(1, 19), st.integers(0, 50), st.integers(1, 19), st.integers(0, 50))


def ends(numbers):
    ta, fa, more, worse = numbers
    return (ta, fa), (min(P, ta + more), fa + worse)


def by_definition(t, first, last):
    """Return the precision of calling, between the thresholds, the right share at random."""
    share = (t - first[0]) / (last[0] - first[0])
    return t / (t + first[1] + share * (last[1] - first[1]))


def test_the_table_of_davis_and_goadrich():
    recall, precision = path((5, 5), (10, 30), P, points=6)
    np.testing.assert_allclose(recall, [0.25, 0.3, 0.35, 0.4, 0.45, 0.5])
    np.testing.assert_allclose(precision, [0.5, 0.375, 0.318, 0.286, 0.265, 0.25], atol=5e-4)


@given(pairs)
def test_the_path_is_what_calling_a_share_at_random_gives(numbers):
    first, last = ends(numbers)
    recall, precision = path(first, last, P)
    np.testing.assert_allclose(precision, by_definition(recall * P, first, last))


@given(pairs)
def test_areas_are_the_integrals(numbers):
    first, last = ends(numbers)
    area = quad(by_definition, first[0], last[0], args=(first, last))[0] / P
    assert path_area(first, last, P) == pytest.approx(area)
    recall, precision = path(first, last, P, points=2)
    assert chord_area(first, last, P) == pytest.approx(auc(recall, precision))


@given(pairs)
def test_the_straight_line_claims_too_much_where_precision_falls_and_too_little_where_it_rises(
    numbers,
):
    first, last = ends(numbers)
    falls = first[0] / sum(first) - last[0] / sum(last)
    excess = chord_area(first, last, P) - path_area(first, last, P)
    assert excess == pytest.approx(0, abs=1e-12) if abs(falls) < 1e-12 else excess * falls > 0


def test_what_a_straight_line_makes_of_one_score_for_all():
    # One positive in a hundred and no information: the area is 0.01, the straight line says 0.505.
    labels = np.r_[1, np.zeros(99, int)]
    precision, recall, _ = precision_recall_curve(labels, np.zeros(100))
    assert auc(recall, precision) == pytest.approx(0.505)
    assert average_precision_score(labels, np.zeros(100)) == pytest.approx(0.01)
    # Between any two points of such a detector the precision stays what it is.
    assert path_area((0.5, 49.5), (1, 99), 1) == pytest.approx(0.01 / 2)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ((5, 5), (5, 9), "more true positives than first"),
        ((5, 5), (21, 9), "no more than there are positives, got 5, then 21 of 20"),
        ((-1, 5), (5, 9), "more true positives"),
        ((5, 5), (6, 4), "at least the false positives of first, got 5, then 4"),
        ((0, 0), (6, 4), "first must call something"),
    ],
)
@pytest.mark.parametrize("function", [path, path_area, chord_area])
def test_bad_input_is_one_sentence(function, first, last, sentence):
    with pytest.raises(ValueError, match=sentence):
        function(first, last, P)

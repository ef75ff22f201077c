"""Small numbers are written as powers of ten and read back as what they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motiflab.figures.numbers import brief

BACK = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 3, "0"),
        (0.5, 3, "0.5"),
        (0.000999, 3, "0.000999"),
        (1e-5, 3, "10⁻⁵"),
        (0.0000317, 3, "3.17·10⁻⁵"),
        (9.999e-7, 2, "10⁻⁶"),
        (-2e-12, 2, "-2·10⁻¹²"),
    ],
)
def test_worked_by_hand(value, digits, text):
    assert brief(value, digits) == text


@given(st.floats(1e-300, 1), st.integers(2, 6))
def test_what_is_written_is_the_number(value, digits):
    text = brief(value, digits)
    factor, power = text, "0"
    if text[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
        factor, _, raised = text.rpartition("10")
        factor, power = factor.rstrip("·") or "1", raised.translate(BACK)
    number = float(f"{factor}e{power}")
    assert number == pytest.approx(value, rel=0.6 * 10 ** (1 - digits))

"""Numbers are written with true minus signs and read back as what they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motiflab.figures.numbers import bracketed, brief, short, signed, written

BACK = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 3, "0"),
        (0.5, 3, "0.5"),
        (0.000999, 3, "0.000999"),
        (1e-5, 3, "10⁻⁵"),
        (0.0000317, 3, "3.17 × 10⁻⁵"),
        (9.999e-7, 2, "10⁻⁶"),
        (-2e-12, 2, "−2 × 10⁻¹²"),
    ],
)
def test_powers_of_ten_worked_by_hand(value, digits, text):
    assert brief(value, digits) == text


@given(st.floats(1e-300, 1), st.integers(2, 6))
def test_what_is_written_is_the_number(value, digits):
    text = brief(value, digits)
    factor, power = text, "0"
    if text[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
        factor, _, raised = text.rpartition("10")
        factor, power = factor.rstrip(" ×") or "1", raised.translate(BACK)
    number = float(f"{factor}e{power}")
    assert number == pytest.approx(value, rel=0.6 * 10 ** (1 - digits))


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_digits_after_the_point_are_read_back(value, digits):
    text = written(value, digits)
    assert "-" not in text
    assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.51 * 10**-digits)
    assert float(text.replace("−", "-")) or "−" not in text


@given(st.floats(-999, 999))
def test_a_short_number_ends_with_a_digit_that_says_something(value):
    text = short(value)
    assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.0051)
    assert text not in ("-0", "−0") and not ("." in text and text[-1] in "0.")


@pytest.mark.parametrize(
    ("value", "plain", "sign", "brackets"),
    [(1.5, "1.5", "+1.5", "1.5"), (-1.5, "−1.5", "−1.5", "(−1.5)"), (-0.01, "0.0", "+0.0", "0.0")],
)
def test_signs_and_brackets(value, plain, sign, brackets):
    text = written(value, 1)
    assert (text, signed(text), bracketed(text)) == (plain, sign, brackets)

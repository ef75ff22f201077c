"""Write numbers that may be very small as one reads them aloud, not as a computer prints them."""

from __future__ import annotations

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def brief(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits, and powers of ten where it is very small.

    >>> brief(0.003), brief(1e-6), brief(0.0000317, 2)
    ('0.003', '10⁻⁶', '3.2·10⁻⁵')
    """
    text = f"{value:.{digits}g}"
    if "e" not in text:
        return text
    factor, power = text.split("e")
    raised = f"10{str(int(power)).translate(_RAISED)}"
    return raised if factor == "1" else f"{factor}·{raised}"

"""Write numbers as one reads them: with a true minus, and small ones as powers of ten."""

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


def written(value: float, digits: int) -> str:
    """Write a number with so many digits after the point, a true minus, and no minus before 0.

    >>> written(-1.25, 1), written(-0.001, 1), written(3, 0)
    ('−1.2', '0.0', '3')
    """
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def write(value: float) -> str:
    """Write a number with at most two decimals and a minus as long as a plus.

    >>> write(-1.50), write(2), write(-0.001)
    ('−1.5', '2', '0')
    """
    return f"{round(float(value), 2) + 0.0:g}".replace("-", "−")

"""Format numbers as text: with a true minus sign, and small ones as powers of ten.

`written`, `short`, `brief`, `percent` and `power_of_ten` turn a number into text; `minus`, `signed`
and `bracketed` change such a text, for example ``bracketed(written(x, 2))``. `equals` is the sign
between a sum of such numbers and its total.
"""

from __future__ import annotations

from collections.abc import Iterable

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def written(value: float, digits: int) -> str:
    """Write a number with `digits` digits after the point, and without a minus before 0.

    >>> written(-1.25, 1), written(-0.001, 1), written(3, 0)
    ('−1.2', '0.0', '3')
    """
    text = f"{value:.{digits}f}"
    return minus(text) if float(text) else text.lstrip("-")


def short(value: float) -> str:
    """Write a number with at most two digits after the point, without trailing zeros.

    >>> short(-1.50), short(2), short(-0.001)
    ('−1.5', '2', '0')
    """
    return minus(f"{round(float(value), 2) + 0.0:g}")


def brief(value: float, digits: int = 3) -> str:
    """Write a number with `digits` significant digits, and a very small one as a power of ten.

    >>> brief(0.003), brief(1e-6), brief(-0.0000317, 2)
    ('0.003', '10⁻⁶', '−3.2 × 10⁻⁵')
    """
    factor, _, power = f"{value:.{digits}g}".partition("e")
    if not power:
        return minus(factor)
    raised = power_of_ten(int(power))
    return raised if factor == "1" else f"{minus(factor)} × {raised}"


def percent(share: float, digits: int = 0) -> str:
    """Write a share in per cent.

    >>> percent(0.174), percent(0.9985, 1), percent(-0.0004, 1)
    ('17 %', '99.9 %', '0.0 %')
    """
    return f"{written(100 * share, digits)} %"


def power_of_ten(power: int) -> str:
    """Write a power of ten.

    >>> power_of_ten(-12), power_of_ten(0)
    ('10⁻¹²', '1')
    """
    return f"10{str(power).translate(_RAISED)}" if power else "1"


def equals(terms: Iterable[float], total: float, digits: int) -> str:
    """Return "=", or "≈" if the rounded terms have another sum than the rounded total.

    >>> equals([0.24, 0.24], 0.48, 1), equals([0.2, 0.2], 0.4, 1)
    ('≈', '=')
    """
    rounded = sum(round(float(term), digits) for term in terms)
    return "=" if abs(rounded - round(float(total), digits)) < 0.1**digits / 2 else "≈"


def minus(text: str) -> str:
    """Replace each hyphen by a minus sign, which is as wide as a plus.

    >>> minus("-0.5")
    '−0.5'
    """
    return text.replace("-", "−")


def signed(text: str) -> str:
    """Put a plus before a number that has no minus.

    >>> signed("0.3"), signed("−0.3")
    ('+0.3', '−0.3')
    """
    return text if text.startswith("−") else f"+{text}"


def bracketed(text: str) -> str:
    """Put a negative number into brackets, for use after a plus or a times sign.

    >>> bracketed("0.3"), bracketed("−0.3")
    ('0.3', '(−0.3)')
    """
    return f"({text})" if text.startswith("−") else text

"""Formulas of the exercises as MathML, which browsers draw by themselves, without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape


def _named(tag: str, pairs: str) -> dict[str, str]:
    words = pairs.split()
    return {name: f"<{tag}>{sign}</{tag}>" for name, sign in zip(words[::2], words[1::2])}


_NAMED = {
    **_named(
        "mi",
        "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε eta η theta θ lambda λ mu μ pi π "
        "rho ρ sigma σ tau τ phi φ psi ψ omega ω Delta Δ Theta Θ Sigma Σ ell ℓ partial ∂ infty ∞ "
        "ln ln log log exp exp max max min min arg arg Pr Pr tanh tanh",
    ),
    **_named(
        "mo",
        "cdot · times × le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ pm ± in ∈ to → rightarrow → "
        "leftarrow ← Rightarrow ⇒ mapsto ↦ sum ∑ prod ∏ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ mid | "
        "ldots … dots … cdots ⋯ ll ≪ gg ≫ propto ∝ langle ⟨ rangle ⟩ sim ∼ odot ⊙ top ⊤",
    ),
    **dict.fromkeys(("left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr"), ""),
}
_SPACES = {",": ".17", ":": ".22", ";": ".28", " ": ".25", "quad": "1", "qquad": "2"}
_OVER = {"hat": "^", "bar": "¯", "tilde": "~", "overline": "¯", "widehat": "^", "vec": "→"}
_BOLD = {"mathbf", "boldsymbol"}
_UPRIGHT = re.compile(r"\\(?:mathrm|text|operatorname|textit|texttt|mathsf|mathtt) *\{([^{}]*)\}")
_TOKEN = re.compile(rf"{_UPRIGHT.pattern.replace('([', '(?:[')}|\\[A-Za-z]+|\\.|\d+(?:[.]\d+)?|\S")


def mathml(formula: str, block: bool = False) -> str:
    """Turn a formula in LaTeX, as far as the exercises use it, into MathML.

    Parameters
    ----------
    formula : str
        Without its dollar signs.
    block : bool
        Whether it stands on a line of its own.

    Raises
    ------
    ValueError
        If it has a command that is not known here, or a brace too few.

    Examples
    --------
    >>> mathml(r"y_j^2")
    '<math><msubsup><mi>y</mi><mi>j</mi><mn>2</mn></msubsup></math>'
    """
    tokens = iter(_TOKEN.findall(formula.replace("~", r"\ ")) + [""])
    inside = _row(tokens, "")
    return f"<math display='block'>{inside}</math>" if block else f"<math>{inside}</math>"


def _row(tokens: Iterator[str], end: str) -> str:
    """Read up to a closing token."""
    parts: list[str] = []
    token = next(tokens)
    while token != end:
        if not token:
            raise ValueError("A formula has a brace that is not closed.")
        if token in "_^":
            first, ahead = _atom(next(tokens), tokens), next(tokens)
            scripts = {token: first}
            if ahead and ahead in "_^":
                scripts[ahead] = _atom(next(tokens), tokens)
                ahead = next(tokens)
            parts.append(_scripts(parts.pop() if parts else "<mrow></mrow>", scripts))
            token = ahead
            continue
        parts.append(_atom(token, tokens))
        token = next(tokens)
    return "".join(parts)


def _scripts(base: str, scripts: dict[str, str]) -> str:
    if len(scripts) == 2:
        return f"<msubsup>{base}{scripts['_']}{scripts['^']}</msubsup>"
    (sign, script), *_ = scripts.items()
    tag = "msub" if sign == "_" else "msup"
    return f"<{tag}>{base}{script}</{tag}>"


def _atom(token: str, tokens: Iterator[str]) -> str:
    """Read one thing: a letter, a number, a group, or a command with what it applies to."""
    if token == "{":
        return f"<mrow>{_row(tokens, '}')}</mrow>"
    if not token:
        raise ValueError("A formula ends too early.")
    upright = _UPRIGHT.fullmatch(token)
    if upright:
        return f"<mtext>{escape(upright[1])}</mtext>"
    if token == "'":
        return "<mo>′</mo>"
    if not token.startswith("\\"):
        tag = "mn" if token[0].isdigit() else "mi" if token.isalpha() else "mo"
        return f"<{tag}>{escape(token.replace('-', '−'))}</{tag}>"
    name = token[1:]
    if name in _NAMED:
        return _NAMED[name]
    if name in _SPACES:
        return f"<mspace width='{_SPACES[name]}em'></mspace>"
    if name in ("frac", "dfrac", "tfrac"):
        above, below = (_atom(next(tokens), tokens) for _ in range(2))
        return f"<mfrac>{above}{below}</mfrac>"
    if name == "sqrt":
        return f"<msqrt>{_atom(next(tokens), tokens)}</msqrt>"
    if name in _OVER:
        return f"<mover accent='true'>{_atom(next(tokens), tokens)}<mo>{_OVER[name]}</mo></mover>"
    if name in _BOLD:
        return f"<mrow style='font-weight:bold'>{_atom(next(tokens), tokens)}</mrow>"
    if len(name) == 1 and not name.isalnum():  # an escaped sign, such as a brace
        return f"<mo>{escape(name)}</mo>"
    raise ValueError(f"A formula has the command {token}, which is not known here.")

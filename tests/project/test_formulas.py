"""The page of formulas: complete, symbols explained, taught in the named notebooks, tests tried.

`tools/break_formulas.py` breaks each function in turn and sees the test that the page names fail.
"""

from __future__ import annotations

import ast
import functools
import importlib
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from break_formulas import PAGE, Row, main, rows, spoil

ROOT = Path(__file__).parents[2]
TABLE = rows()

# Every concept of the first chapter that has a formula, under the name it has on the page.
CHAPTER = """
    one-hot encoding; one-hot bases are equidistant; channels first or last
    a batch, padded with zeros
    cross-correlation; index map; output length; worked example: $K=5, S=2, P=2$
    ReLU; derivative of ReLU; sigmoid: logit to probability; sparsity after ReLU
    derivative of the sigmoid, at most 1/4; vanishing gradient: the signal of each layer
    cross-entropy, the negative Bernoulli log-likelihood; why a filter becomes a motif
    gradient of the cross-entropy with respect to the logit
    max-pooling; average pooling; gradient through pooling; local invariance of the maximum
    equivariance of pooling; boundary effect of zero padding
    position probabilities (PPM); consensus; probability of a sequence under a motif
    log-likelihood ratio; Neyman-Pearson lemma; weights as log-odds (PWM); bias as log prior odds
    filter to motif, any background; filter to motif, uniform background (softmax)
    information content, in bits
    logistic regression on aligned windows; trained weights are log-odds; bias of the scanner
    additive binding energy; affine link of energy and LLR; occupancy; Boltzmann PPM (low occupancy)
    one linear filter cannot know a dependency
    saliency map; saliency of one filter behind a global maximum
    saliency by the winners of all filters
    field that a grammar needs; receptive field of a stack; holes of a dilated field
    ROC and AUROC; AUROC of a guess; precision and recall, AUPRC; AUPRC of a guess
    rates times numbers; precision at a prevalence
"""


def names(text: str) -> list[str]:
    return [name.strip() for line in text.strip().splitlines() for name in line.split(";")]


def test_the_page_lists_formulas():
    assert len(TABLE) >= 50


@pytest.mark.parametrize("name", names(CHAPTER))
def test_every_formula_of_the_chapter_is_listed(name):
    assert name in {row.name for row in TABLE}


def test_no_name_is_listed_twice():
    listed = [row.name for row in TABLE]
    assert sorted(set(listed)) == sorted(listed)


each = pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])


# What the text of a notebook must hold for a row to be taught there: phrases or pieces of formulas,
# all of them. A row that is not listed here must have its name in the text, up to the first mark.
TERMS: dict[str, tuple[str, ...]] = {
    "integer codes": ("integer",),
    "distance between two encodings": ("distance", r"\sqrt"),
    "one-hot bases are equidistant": ("equally far",),
    "a batch, padded with zeros": ("batch", "padding"),
    "mask of a padded batch": ("mask",),
    "an unknown base": ("the letter N", "mean"),
    "filter of a word": ("word", "−1"),
    "channels first or last": ("channels",),
    "an ambiguity code in a motif score": (r"\log \frac{\sum_a \theta_a}{\sum_a q_a}",),
    "the other strand's sequence": ("reverse complement",),
    "index map": ("i(j,k) = jS - P + kD",),
    "output length": (r"M = \left\lfloor \frac{L + 2P - D(K-1) - 1}{S} \right\rfloor + 1",),
    "true convolution": ("*convolution*", "flip"),
    "the other strand": ("reverse complement", "other strand"),
    "worked example: $K=5, S=2, P=2$": ("$K = 5$", "$S = 2$", "$P = 2$"),
    "ReLU": (r"\mathrm{ReLU}(z) = \max(0, z)",),
    "derivative of ReLU": ("ReLU", "by convention the derivative there is 0"),
    "sigmoid: logit to probability": (r"\sigma(z) = \frac{1}{1 + e^{-z}}", "logit"),
    "derivative of the sigmoid, at most 1/4": (r"\sigma(z)\,(1 - \sigma(z))", "0.25"),
    "derivative of tanh": ("tanh reaches 1",),
    "vanishing gradient: the signal of each layer": ("vanishing gradient", r"g'(z_l) \odot"),
    "when a layer must shrink the signal": ("shrink", "singular value"),
    "sparsity after ReLU": ("sparse", "silent"),
    "cross-entropy, the negative Bernoulli log-likelihood": ("cross-entropy", "Bernoulli"),
    "gradient of the cross-entropy with respect to the logit": (r"\hat y - y",),
    "gradient of squared error with respect to the logit": (
        r"(\hat y - y) \cdot \hat y (1 - \hat y)",
    ),
    "pre-activations on both strands": ("pre-activation", "both strands"),
    "why a filter becomes a motif": (r"(\hat y - y) \cdot v \cdot X_{j^* + k,\; c}",),
    "one update": ("update", r"\eta"),
    "winner of a window": ("winner",),
    "gradient through pooling": ("gradient",),
    "local invariance of the maximum": ("winner", "invarian"),
    "invariance curve of the maximum": (r"\min(s/w, 1)",),
    "equivariance of pooling": ("equivarian",),
    "boundary effect of zero padding": ("padding", "zeros"),
    '"same" padding': ("*same* padding",),
    "maximum near an end": ("maximum", "edge"),
    "centred weights": ("centr", "mean"),
    "position probabilities (PPM)": ("PPM", "pseudocount"),
    "log-likelihood ratio": ("log-likelihood ratio",),
    "probability of a sequence under a motif": (r"\prod",),
    "exact score distribution": ("distribution", "convolution"),
    "Neyman-Pearson lemma": ("Neyman",),
    "weights as log-odds (PWM)": ("log-odds", "PWM"),
    "filter to motif, any background": (r"\theta_{k,a} = q_a\, e^{W_{k,a}}",),
    "filter to motif, uniform background (softmax)": ("softmax",),
    "bias as log prior odds": ("prior", r"\log\frac{\pi}{1-\pi}"),
    "gauge: what data can tell": ("gauge",),
    "information content, in bits": ("information content", r"\log_2"),
    "corrected information content": ("corrected information is $I_k - e(n)$", "below zero"),
    "distance from the true motif": ("KL", "relative entropy", r"\log_2"),
    "logistic regression on aligned windows": ("logistic regression",),
    "scanner with log-sum-exp": ("log-sum-exp",),
    "trained weights are log-odds": ("slope", "log-odds"),
    "bias of the scanner": (r"\log M",),
    "shift of a learned motif": ("best shift",),
    "name of a filter: LLR of its windows": (
        r"\frac{1}{n} \sum_{j=0}^{w-1} \sum_a C_{j+d,\,a} \log\frac{\theta_{j,a}}{q_a}",
        "the name of the filter",
    ),
    "inverse temperature": (r"\beta",),
    "additive binding energy": ("energy", "additive"),
    "energy and dissociation constant": ("dissociation constant", r"\Delta\Delta G"),
    "bias as prior and as chemical potential": (r"\log\frac{\pi}{1-\pi} = \beta(\mu - E_0)",),
    "energy from a filter or log-odds": ("log-odds", r"\epsilon_{k,a}", "best base"),
    "affine link of energy and LLR": ("LLR", "E_0"),
    "Boltzmann PPM (low occupancy)": ("Boltzmann",),
    r"PPM of bound sites at any $\mu$": ("bound", r"\mu"),
    "energies of random sites": ("random", "energies"),
    "filter, log-odds, PPM, energy: one object": ("log-odds", "PPM", "energy"),
    "agreement of log-odds and energies": ("correlation",),
    "total correlation": ("total correlation", r"\sum_{k} H(x_k) - H(x)"),
    "pairs with equal marginals": (r"P_+(a, b) = \frac{1 + r\,(4\,[b = \bar a] - 1)}{16}",),
    "one linear filter cannot know a dependency": (r"\mathrm{E}[x \mid \text{positive}]",),
    "least possible loss, Jensen-Shannon divergence": (
        "Jensen-Shannon divergence",
        r"\log 2 - \mathrm{JSD}(P_+, P_-)",
    ),
    "saliency map": ("saliency", r"\partial \hat y"),
    "saliency of one filter behind a global maximum": (r"\hat y\,(1 - \hat y)\, W_{i - j^*,\,c}",),
    "saliency by the winners of all filters": ("winner",),
    "saliency, centred over the bases": ("centr",),
    "gradient times input": ("gradient × input",),
    "field that a grammar needs": ("L_A", "g_{\\max}"),
    "receptive field of a stack": ("receptive field", "r_{l-1}"),
    "positions that a unit sees": ("i(j,k) = jS", "kD"),
    "holes of a dilated field": ("hole", "dilat"),
    "motif bases missed, by gap and phase": ("miss", "phase"),
    "counts at a threshold": ("TP, true positives", "FN, false negatives"),
    "rates times numbers": (r"\mathrm{TPR} = \frac{\mathrm{TP}}{P}",),
    "ROC and AUROC": (r"P(s_+ > s_-) + \tfrac12\,P(s_+ = s_-)",),
    "AUROC of a guess": ("guess", "AUROC 0.5"),
    "precision and recall, AUPRC": (r"\text{precision} = \frac{\mathrm{TP}}{", "AUPRC"),
    "precision at a prevalence": (r"\frac{\mathrm{TPR}\,\pi}{\mathrm{TPR}\,\pi",),
    "AUPRC at a prevalence": ("average precision", "prevalence"),
    "AUPRC of a guess": ("guess", r"AUPRC $\pi$"),
    "average precision of a guess on a finite set": (r"\pi + (1 - \pi)\,\frac{H_n - 1}{n - 1}",),
    "AUROC of two normal scores": (r"\Phi(\mu / \sqrt 2)", "cumulative distribution function"),
    "AUPRC of known distributions, a numerical integral": ("numerical integral", r"\int"),
    "between two points of a PR curve": ("hyperbola",),
    "area under that path": (r"\frac{d}{c^2} \ln",),
    "area that a straight line claims": ("straight line", "trapezoid"),
    "bounds of a rate, rule of three": ("rule of three", "3/N"),
    "precision with its bounds": ("interval of the precision",),
    "negatives needed to show a precision": (r"f = R\pi/(1-\pi)",),
    "E-step, the softmax of the scores": (r"r_j = \frac{e^{s_j}}{\sum_i e^{s_i}}", "softmax"),
    "M-step, counts with weights": (
        r"\frac{\sum_n \sum_j r_{n,j}\,[x_{n,j+k} = a] + p\,q_a}{N + p}",
    ),
    "derivative of log-sum-exp": (r"\frac{\partial S}{\partial s_j}", r"(\hat y - y)\, r_j"),
    "words with gaps": ("gapped", "##.#"),
    "squared error of a measured value": ("squared error $(z - y)^2$", "$2(z - y)$"),
    "Poisson loss of a count": ("Poisson", "$e^z - y z$", r"\ln y!"),
    "gradient of the Poisson loss": ("$e^z - y$", "the prediction minus the target"),
    "share of the variance explained": (r"\sum_n (y_n - \bar y)^2", "share of the variance"),
    "global epistasis": ("global epistasis", r"\text{low} + \text{rise} \cdot \sigma(\phi)"),
    "variant effect, exact": ("variant effect", r"\hat y(x') - \hat y(x)"),
    "variant effect, to first order": ("first-order approximation", "S_{i,c} - S_{i,r}"),
    "p-value of a score": ("*p-value* of a score",),
    "places expected by chance": (r"E = M\,p", "$2p - p^2$"),
    "integrated gradients": ("**Integrated gradients**", r"\frac{1}{n} \sum_{k=0}^{n-1}"),
    "completeness": ("**complete**", r"\sum_{i,c} A_{i,c} = f(x) - f(x')"),
    "DeepLIFT, rescale rule": ("**DeepLIFT**", r"\Delta\text{output} / \Delta\text{input}"),
    "truth of a map": ("*per base*",),
    "window around a summit": (r"\text{start} = s - \lfloor L / 2 \rfloor", "half-open"),
    "negatives matched to peaks": (r"|g - g'| \le 0.02", "same contig"),
    "central enrichment": ("*central enrichment*", r"\left(1 - \frac{m}{M}\right)^{n-u}"),
    "letters of the activated windows": (
        "half as active as it ever is",
        "count the letters at each position of these windows",
    ),
    "batch normalisation": ("batch normalisation", "mean 0 and variance 1"),
    "contribution of a base": ("contribution", r"\sum_a G_{i,a}"),
    "threshold of seqlets": ("threshold", r"1 + n_0"),
    "similarity of two seqlets": ("cosine", "R_{k,a}"),
    "score of a made-up world": ("score", r"v\, m_A\, m_B\; w(g)"),
    "global importance": (r"f(\text{background with the pattern})",),
    "interaction of two motifs": ("interaction", "I = f(AB) - f(A) - f(B) + f(0)"),
    "effective number of gaps": ("*effective number of gaps*", r"\sum_g I^+_g"),
    "loss of a profile": ("multinomial", r"\lambda\,(\ln(1 + n) - t)^2"),
    "gradient of the loss of a profile": ("$n p_i - r_i$", "the prediction minus the target"),
    "divergence of two profiles": (r"\tfrac12 \sum_i p_i \log_2", "Jensen-Shannon"),
    "place of a footprint": ("where a footprint fits best", r"\ln(e + (1 - e)"),
    "one number of a profile, to be explained": (r"\bar z(x')", "weighted by the probability"),
    "greedy design": ("*greedy*", r"x_{n+1} = \arg\max_{x'} z(x')"),
    "fooled": ("*fooled*", r"\ln \mathrm{LR}(x) < 0"),
    "parameters of a network": ("parameters", "F(4K + 1) + F'(FK' + 1) + F' + 1"),
    "likelihood ratio of two mixtures": (r"\frac{\sum_s w_s\, \mathrm{LR}_s}",),
    "area of a bootstrap sample": (r"\sum_t (R_t - R_{t-1})\,",),
    "bootstrap range": ("*bootstrap range*", "97.5 %"),
    "place on a leaderboard": ("*leaderboard*", "clearly better"),
    "expected best of n guesses": ("*expected best of n guesses*", r"\sum_r v_r \left["),
    "multiply-adds of a network": ("multiply-adds", r"M F \cdot 4K + M' F' \cdot F K' + F'"),
    "matched filter": ("*matched filter*", r"w = C^{-1} s", r"b = -\tfrac12\, s^\top C^{-1} s"),
    "covariance of coloured noise": ("covariance", r"C_{i,j} = \rho^{\lvert i - j \rvert}"),
    "distance of the scores of a filter": ("*distance*", r"d = \frac{w \cdot s}"),
    "log-odds of a level": ("log-odds", r"W_{k,a} = s_k v_a - \tfrac12 s_k^2"),
    "slope of a filter along the levels": ("*slope*", "as often as it occurs"),
    "gradient of log-sum-exp is attention": ("attention", r"\sum_j r_j\, x_j"),
    "pair term": ("pair term", r"\lambda_{a,b} = \ln"),
}


def plain(text: str) -> str:
    """Fold case and blanks, which carry no meaning in a formula or a phrase."""
    return re.sub(r"\s+", " ", text).lower()


def terms(row: Row) -> tuple[str, ...]:
    return TERMS.get(row.name) or (re.split(r"[,:(]", row.name)[0].strip(),)


def missing(row: Row, notebook: nbformat.NotebookNode) -> list[str]:
    """Return the terms of a row that no text cell of its notebook holds."""
    text = plain(" ".join(c.source for c in notebook.cells if c.cell_type == "markdown"))
    return [term for term in terms(row) if plain(term) not in text]


@functools.cache
def read(notebook: str) -> nbformat.NotebookNode:
    return nbformat.read(PAGE.parent / notebook, as_version=4)


@each
def test_its_notebook_teaches_it(row: Row):
    assert missing(row, read(row.notebook)) == []


def test_what_is_only_in_the_code_is_not_taught():
    row = Row("total correlation", "$C$", "a.ipynb", "f", "t")
    cell = nbformat.v4.new_code_cell("# total correlation C = sum of H(x_k) - H(x)")
    assert missing(row, nbformat.v4.new_notebook(cells=[cell])) == list(TERMS[row.name])
    assert terms(row._replace(name="occupancy, again")) == ("occupancy",)


def test_every_term_belongs_to_a_row():
    assert set(TERMS) <= {row.name for row in TABLE}
    assert all(terms and all(term.strip() for term in terms) for terms in TERMS.values())


GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau varphi "
    "phi chi psi omega Gamma Delta Theta Lambda Sigma Phi Psi Omega"
)


def symbols(formula: str) -> list[str]:
    """Return the letters of a formula in order: Latin, Greek, calligraphic; no words."""
    bare = re.sub(r"\\(?:mathrm|text)\{[^}]*\}", " ", formula)
    found = re.findall(r"\\mathcal *\{?(\w)\}?|\\([A-Za-z]+)|([A-Za-z])", bare)
    return [
        f"mathcal {curly}" if curly else letter or word
        for curly, word, letter in found
        if not word or word in GREEK.split()
    ]


def explained() -> tuple[set[str], list[tuple[str, list[str]]]]:
    """Return the symbols with one meaning, and the others, as written, with their notebooks."""
    head = PAGE.read_text(encoding="utf-8").partition("## Sequences")[0]
    lines = [line for line in head.splitlines() if line.startswith("| $")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    one = {s for row in cells if len(row) == 2 for s in defined(row[0])}
    return one, [(row[0], row[1].split(", ")) for row in cells if len(row) == 3]


def defined(cell: str) -> list[str]:
    """Return the symbols that a cell of the head defines: the first letter of each formula."""
    listed = re.match(r"(?:\$[^$]+\$(?:, )?)+", cell)[0]
    return [symbols(formula)[0] for formula in listed.split("$")[1::2]]


def number(notebook: str) -> str:
    """Return the number of a notebook: "05b", or "2/04" for one of another part."""
    part, digits = re.fullmatch(r"(?:\.\./(\d)_\w+/)?(\w+?)_\w+\.ipynb", notebook).groups()
    return f"{part}/{digits}" if part else digits


def used() -> set[tuple[str, str]]:
    """Return each symbol that occurs in a formula of the page, with the number of the notebook."""
    return {
        (symbol, number(row.notebook))
        for row in TABLE
        for formula in row.formula.split("$")[1::2]
        for symbol in symbols(formula)
    }


def test_every_symbol_is_explained_for_its_notebook():
    one, more = explained()
    known = {(symbol, number) for cell, numbers in more for number in numbers
             for symbol in defined(cell)}  # fmt: skip
    unexplained = sorted(pair for pair in used() if pair[0] not in one and pair not in known)
    assert not unexplained, "add these (symbol, notebook) to the tables at the head of the page"
    assert known <= used(), "the head names notebooks whose formulas do not hold the symbol"
    assert one <= {symbol for symbol, _ in used()}


def test_no_symbol_is_said_to_have_one_meaning_and_several():
    one, more = explained()
    assert not one & {symbol for cell, _ in more for symbol in defined(cell)}
    places = [(cell, number) for cell, numbers in more for number in numbers]
    assert len(places) == len(set(places))


def test_symbols_are_read_from_a_formula():
    assert symbols(r"\mathrm{KL} = \frac1K \sum_{k,a} \theta_{k,a} \log_2 x") == [
        "K", "k", "a", "theta", "k", "a", "x"]  # fmt: skip
    assert symbols(r"\hat y[m], \mathcal{W}(n)") == ["y", "m", "mathcal W", "n"]


@each
def test_its_formula_is_one(row: Row):
    assert row.formula.count("$") % 2 == 0 and "$" in row.formula


@each
def test_its_function_is_public_and_says_what_it_computes(row: Row):
    module, _, name = row.function.rpartition(".")
    try:
        owner = importlib.import_module(module)
    except ModuleNotFoundError:  # a method
        module, _, owner_name = module.rpartition(".")
        owner = getattr(importlib.import_module(module), owner_name)
    assert not name.startswith("_") and getattr(owner, name).__doc__


@each
def test_its_test_is_there(row: Row):
    path, _, name = row.test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_test_fails_when_its_function_is_broken():
    command = [sys.executable, str(ROOT / "tools/break_formulas.py")]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(TABLE)} formulas, 0 not held" in result.stdout


def test_a_test_that_does_not_hold_its_formula_is_seen(tmp_path, monkeypatch, capsys):
    test = "tests/layers/test_activations.py::test_function_and_derivative_are_those_of_autograd"
    page = tmp_path / "formulas.md"
    page.write_text(
        "| name | formula | notebook | function | test |\n|---|---|---|---|---|\n"
        f"| held | $x$ | [a](a.ipynb) | `motiflab.layers.activations.relu` | `{test}` |\n"
        f"| not held | $x$ | [a](a.ipynb) | `motiflab.layers.pooling.pool` | `{test}` |\n"
    )
    monkeypatch.setattr("break_formulas.rows", lambda: rows(page))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code
    said = capsys.readouterr().out
    assert "2 formulas, 1 not held" in said and "not held: " in said and "pool broken" in said


def test_spoiling_changes_every_kind_of_result():
    import numpy as np
    import torch

    from motiflab.evaluation.curves import roc
    from motiflab.layers.receptive_fields import receptive_field

    assert spoil(True) is False and spoil(3) == 4 and spoil(2.0) != 2.0 and spoil("AC") != "AC"
    assert (spoil(np.arange(3)) != np.arange(3)).all()
    assert (spoil(np.ones(2)) != 1).all() and (spoil(torch.zeros(2)) != 0).all()
    assert spoil(receptive_field([(3,)])).size == 4
    assert spoil(roc([0, 1], [0, 1])).area != 1.0
    assert spoil([1, "A"]) == [2, "AA"] and spoil({"a": 1}) == {"a": 2}

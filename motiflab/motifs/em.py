"""Learn a motif from sequences that are not aligned, by expectation-maximisation (EM).

The model is that of MEME with one occurrence per sequence (OOPS; Lawrence and Reilly 1990; Bailey
and Elkan 1994). Every sequence ``n`` contains exactly one site of ``K`` bases, in one of the ``M``
windows and on one of the ``S`` strands. Which one is unknown; all ``S M`` places are equally
likely. The bases of the site are drawn from the PPM ``theta``, all others from the background
``q``, which is not learned. With the score of window ``i``

    ``s_ni = sum over k of log(theta[k, x_k] / q[x_k])``, ``x_k`` its base at position ``k``,

the likelihood ratio of sequence ``n`` is ``1 / (S M) * sum over i of exp(s_ni)``.

If the places were known, counting would give the motif; if the motif were known, scoring would give
the places. EM alternates between the two (Dempster, Laird and Rubin 1977):

- *E-step*: the probability of each place by Bayes' rule, ``r_ni = exp(s_ni) / sum over i of
  exp(s_ni)``. The prior ``1 / (S M)`` and the background outside of the window cancel.
- *M-step*: count the bases of all windows, each with the weight ``r_ni``:
  ``c[k, a] = sum over n and i of r_ni [base a at position k]``. Then, with ``N`` sequences and the
  pseudocount ``p``, ``theta[k, a] = (c[k, a] + p q[a]) / (N + p)``.

No round can lower the objective ``sum over n of log(likelihood ratio of n) + p sum over k and a of
q[a] log(theta[k, a] / q[a])``: the log-likelihood ratio of all sequences plus the penalty of the
pseudocount (the log of a Dirichlet prior, up to a constant). EM converges to a local maximum, which
need not be the global one. So it is run from several starts, and all results are reported.

Connection with networks. ``S_n = log of the sum over i of exp(s_ni)`` is log-sum-exp pooling, and
its derivative ``dS_n / ds_ni = r_ni`` is the E-step. So with ``W = log(theta / q)`` the sum over
``n`` of ``dS_n / dW[k, a]`` is ``c[k, a]``, the counts of the M-step. In a classifier with this
pooling the gradient of the loss at window ``i`` is ``(y_hat_n - y_n) r_ni``: the same weights,
multiplied by the error. So it learns from negatives, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import between, inside, require, whole
from motiflab.layers import windows
from motiflab.motifs.motif import Motif
from motiflab.sequences import DNA, Alphabet, background, check_background, encode_aligned


class Expected(NamedTuple):
    """Result of the E-step; the leading axes are those of the PPMs, if there are several.

    Attributes
    ----------
    places : ndarray, shape (..., S, N, M)
        ``r``: the probability that the site of sequence ``n`` is window ``i``, on the given strand
        and, if both are read, on the other one. It sums to 1 over the places of a sequence.
    log_ratio : ndarray, shape (..., N)
        Log-likelihood ratio of each sequence, motif against background, in nats.
    """

    places: np.ndarray
    log_ratio: np.ndarray


@dataclass(frozen=True, eq=False)
class Climb:
    """One run of EM: its start and every round.

    Attributes
    ----------
    word : str
        The word of the data from which it started.
    ppms : ndarray, shape (T + 1, K, A)
        ``theta`` at the start and after each of ``T`` rounds.
    objective : ndarray, shape (T + 1,)
        Of each PPM, in nats; see the top of this module. It never decreases except by rounding.
    alphabet : Alphabet
    """

    word: str
    ppms: np.ndarray
    objective: np.ndarray
    alphabet: Alphabet = DNA

    def motif(self, sites: int, name: str = "EM") -> Motif:
        """Return the last PPM as a motif with the counts of `sites` sites."""
        return Motif.from_probabilities(self.ppms[-1], name, nsites=sites, alphabet=self.alphabet)


def site_windows(sequences: list[str], width: int, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return all windows that may be the site, one-hot, as both steps of EM need them.

    Parameters
    ----------
    sequences : list of str
        ``N`` sequences of equal length, at least `width`, without ambiguity codes.
    width : int
        ``K``, at least 1.
    alphabet : Alphabet

    Returns
    -------
    ndarray of float32, shape (N, M, K, A)
        `e_step` computes in this precision.

    Examples
    --------
    >>> site_windows(["ACGT", "TTTT"], 3).shape
    (2, 2, 3, 4)
    """
    width = whole("width", width)
    x = encode_aligned("sequences", sequences, alphabet)
    require(
        "sequences",
        x.shape[1] >= width,
        f"have at least the motif's {width} letters, got {x.shape[1]}",
    )
    return np.ascontiguousarray(windows(x.astype(np.float32), width))


def word_ppm(
    word: str, background: ArrayLike | None = None, share: float = 0.5, alphabet: Alphabet = DNA
) -> np.ndarray:
    """Return the PPM from which EM starts: a word of the data mixed with the background.

    ``theta[k, a] = share [a is letter k of the word] + (1 - share) q[a]``.

    Parameters
    ----------
    word : str
        ``K`` letters.
    background : array_like, shape (A,), optional
        ``q``; uniform if not given.
    share : float
        Above 0 and below 1, so that no base is excluded.
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (K, A)

    Examples
    --------
    >>> word_ppm("AG").tolist()
    [[0.625, 0.125, 0.125, 0.125], [0.125, 0.125, 0.625, 0.125]]
    """
    share = inside("share", share, 0, 1)
    q = check_background(background, alphabet)
    return share * encode_aligned("word", [word], alphabet)[0] + (1 - share) * q


def e_step(
    ppm: np.ndarray,
    found: np.ndarray,
    background: ArrayLike | None = None,
    both_strands: bool = True,
    alphabet: Alphabet = DNA,
) -> Expected:
    """E-step: return the probability of each place of the site, for a given motif.

    Parameters
    ----------
    ppm : ndarray, shape (..., K, A)
        ``theta``, all above 0; several motifs at once if it has more axes.
    found : ndarray, shape (N, M, K, A)
        Of `site_windows`.
    background : array_like, shape (A,), optional
        ``q``; uniform if not given.
    both_strands : bool
        Whether the site may be on the other strand, too.
    alphabet : Alphabet

    Returns
    -------
    Expected

    Examples
    --------
    A motif that is A or C, then G; three windows, of which the last one fits.

    >>> ppm = np.array([[0.4, 0.4, 0.1, 0.1], [0.1, 0.1, 0.7, 0.1]])
    >>> e_step(ppm, site_windows(["TTAG"], 2), both_strands=False).places.round(2)
    array([[[0.03, 0.03, 0.93]]], dtype=float32)
    """
    n, m, *_ = found.shape
    weights = np.log(ppm / check_background(background, alphabet))
    # To read the other strand, reverse the motif, not the sequences.
    strands = [weights, alphabet.other_strand(weights)] if both_strands else [weights]
    taps = np.stack(strands, axis=-3)
    # All windows with all motifs in one product of matrices.
    rows = found.reshape(n * m, -1)
    scores = (taps.reshape(-1, rows.shape[1]).astype(rows.dtype) @ rows.T).reshape(
        *taps.shape[:-2], n, m
    )
    top = scores.max(axis=(-3, -1), keepdims=True)  # subtracted, so that nothing overflows
    places = np.exp(scores - top)
    total = places.sum(axis=(-3, -1), keepdims=True)
    places /= total
    ratio = (top + np.log(total))[..., 0, :, 0] - np.log(len(strands) * m)
    return Expected(places, ratio)


def m_step(
    places: np.ndarray,
    found: np.ndarray,
    background: ArrayLike | None = None,
    pseudocount: float = 1.0,
    alphabet: Alphabet = DNA,
) -> np.ndarray:
    """M-step: return the motif that fits best for given probabilities of the places.

    Parameters
    ----------
    places : ndarray, shape (..., S, N, M)
        Of `e_step`.
    found : ndarray, shape (N, M, K, A)
        Of `site_windows`.
    background : array_like, shape (A,), optional
        ``q``; uniform if not given.
    pseudocount : float
        ``p``, in counts: the total that is added at each position. Not negative.
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (..., K, A)
        ``theta``; each row sums to 1.

    Examples
    --------
    The site is certainly the last of three windows, so its bases count once.

    >>> found = site_windows(["TTAG"], 2)
    >>> m_step(np.array([[[0.0, 0, 1]]]), found, pseudocount=0).tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]
    """
    pseudocount = between("pseudocount", pseudocount, 0)
    n, m, width, letters = found.shape
    counts = places.reshape(-1, n * m) @ found.reshape(n * m, -1)
    by_strand = counts.reshape(*places.shape[:-2], width, letters)
    counts = by_strand[..., 0, :, :]
    if places.shape[-3] == 2:  # sites on the other strand are counted as the motif reads them
        counts = counts + alphabet.other_strand(by_strand[..., 1, :, :])
    counts = counts + pseudocount * check_background(background, alphabet)
    return counts / counts.sum(axis=-1, keepdims=True)


def climb(
    words: list[str],
    sequences: list[str],
    rounds: int = 30,
    background: ArrayLike | None = None,
    both_strands: bool = True,
    pseudocount: float = 1.0,
    alphabet: Alphabet = DNA,
) -> list[Climb]:
    """Run EM from each of several words.

    Parameters
    ----------
    words : list of str
        The starts (`word_ppm`), all of length ``K``.
    sequences, alphabet
        As for `site_windows`.
    rounds : int
        ``T``, at least 1; each is an E-step and an M-step.
    background : array_like, shape (A,), optional
        ``q``; `both_strands_background` if not given.
    both_strands, pseudocount
        As for `e_step` and `m_step`.

    Returns
    -------
    list of Climb
        One for each word, in their order.

    Examples
    --------
    >>> (run,) = climb(["TAT"], ["CCTATGC", "TATCGCG", "GCGTATC"], both_strands=False)
    >>> run.motif(sites=3).consensus(), bool((np.diff(run.objective) > -1e-4).all())
    ('TAT', True)
    """
    rounds = whole("rounds", rounds)
    width = encode_aligned("words", words, alphabet).shape[1]
    found = site_windows(sequences, width, alphabet)
    if background is None:
        background = both_strands_background(sequences, alphabet)
    q = check_background(background, alphabet)
    ppms = [np.stack([word_ppm(word, q, alphabet=alphabet) for word in words])]
    objective = []
    for t in range(rounds + 1):
        places, ratio = e_step(ppms[-1], found, q, both_strands, alphabet)
        penalty = pseudocount * (np.log(ppms[-1] / q) @ q).sum(axis=-1)
        objective.append(ratio.sum(axis=-1, dtype=float) + penalty)
        if t < rounds:
            ppms.append(m_step(places, found, q, pseudocount, alphabet))
    by_word = zip(words, np.stack(ppms, axis=1), np.stack(objective, axis=1), strict=True)
    return [Climb(*run, alphabet) for run in by_word]


def fit_em(
    sequences: list[str],
    width: int,
    restarts: int = 10,
    seed: int = 0,
    alphabet: Alphabet = DNA,
    **options,
) -> list[Climb]:
    """Learn a motif by EM from several random starts, ranked by their objective.

    Parameters
    ----------
    sequences : list of str
        As for `site_windows`. They have no labels: each should hold a site.
    width : int
        ``K``, at least 1.
    restarts : int
        Number of words to start from, drawn from the sequences; at least 1.
    seed : int
        Seed for drawing the words.
    alphabet : Alphabet
    **options
        Other arguments of `climb`.

    Returns
    -------
    list of Climb
        One for each start, the highest objective at the end first.

    Examples
    --------
    >>> from motiflab.sequences import random_sequences
    >>> around = random_sequences(100, 20, None, np.random.default_rng(1))
    >>> sequences = [a + "TGACTCA" + b for a, b in zip(around[:50], around[50:])]
    >>> fit_em(sequences, width=7, both_strands=False)[0].motif(sites=50).consensus()
    'TGACTCA'
    """
    width, restarts = whole("width", width), whole("restarts", restarts)
    words = draw_words(sequences, width, restarts, seed)
    return sorted(
        climb(words, sequences, alphabet=alphabet, **options), key=lambda run: -run.objective[-1]
    )


def draw_words(sequences: list[str], width: int, count: int, seed: int = 0) -> list[str]:
    """Draw random windows of the sequences as starts for EM.

    Parameters
    ----------
    sequences : list of str
        Each of at least `width` letters.
    width, count : int
        Letters of a word, and number of words.
    seed : int

    Returns
    -------
    list of str

    Examples
    --------
    >>> draw_words(["ACGT", "TTTT"], width=3, count=2, seed=3)
    ['TTT', 'ACG']
    """
    rng = np.random.default_rng(seed)
    words = []
    for sequence in (sequences[i] for i in rng.integers(len(sequences), size=count)):
        require("width", len(sequence) >= width, f"be at most {len(sequence)}, got {width}")
        first = rng.integers(len(sequence) - width + 1)
        words.append(sequence[first : first + width])
    return words


def both_strands_background(sequences: list[str], alphabet: Alphabet = DNA) -> np.ndarray:
    """Return the frequency of each letter on both strands, with a pseudocount of 1, (A,).

    A letter and its complement are equally frequent, so the background is the same for a site on
    either strand. An alphabet without complements has one strand.

    >>> both_strands_background(["AAAAAACC"]).round(3).tolist()
    [0.333, 0.167, 0.167, 0.333]
    """
    shares = background(sequences, 1.0, alphabet)
    return (shares + alphabet.other_strand(shares[None])[0]) / 2 if alphabet.paired else shares

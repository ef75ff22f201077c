"""Labelled sequences to learn from: planted motifs, shipped peaks, a FASTA file, aligned windows.

In the aligned windows (`coupled_windows`, `splice_windows`) every position has the same base
frequencies in both classes. Only dependencies between positions separate the classes.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.resources
import operator
import os
from collections.abc import Callable, Sequence

import numpy as np

from motiflab.checks import ArgumentError, one_of, quoted, require, whole
from motiflab.datasets.dataset import Dataset, generator
from motiflab.datasets.planting import Arrangement, Site, log_likelihood_ratio, plant
from motiflab.datasets.published_sites import splice_sites
from motiflab.layers.activations import log_sum_exp
from motiflab.motifs import Motif
from motiflab.motifs.dependencies import coupled_pairs
from motiflab.sequences import (
    DNA,
    Alphabet,
    FastaRecord,
    encode,
    iter_fasta,
    random_negatives,
    shuffled_negatives,
    written_out,
)

CTCF_FILE = "ctcf_gm12878_top500_w200.fa.gz"
CTCF_SHA256 = "da17b421f197986ae53a7153e3ee2c47a53d92ccec4abbdf6931af86b8b6efda"
"""Checksum of the shipped file after decompression; see data/NOTICE.md."""

TAP73_FILE = "tap73_top1000_w200.fa.gz"
TAP73_SHA256 = "c7a21db95b3a59f716230875a3bbafc5859abd1b9279fd4f8e9ff707e9c0d2e6"

LAMBDA_FILE = "lambda_nc_001416.fa.gz"
LAMBDA_SHA256 = "0a04f81952deb68c204e8ae67e0573cb97d348f18ab1b527630d57c294028cf5"

LONGEST = 10_000
"""Largest number of bases in a sequence: a network reads all of them."""

MOST_POSITIONS = 10_000_000
"""Largest number of encoded positions, including padding: 160 MB at four float32 numbers each."""

_NO_SITE = -100.0  # the optimum of a word that no positive has: any number below all others
_NEGATIVES = {
    "dinucleotide": "Negatives are shuffles of the positives that keep every pair of neighbouring "
    "bases.",
    "composition": "Negatives are random bases in the proportions of all the positives.",
    "own": "Negatives are the sequences of the second file.",
}
_NO_OPTIMUM = (
    "The best possible (Neyman-Pearson) score is not known: there is no formula for how likely "
    "such sequences are."
)
_OPTIMUM = (
    "The best possible (Neyman-Pearson) score is known: no model can beat it on average, but on "
    "a small test set one may, by luck."
)


def planted(
    positive: Arrangement,
    negative: Arrangement | None = None,
    n: int = 2000,
    length: int = 100,
    background: Sequence[float] | np.ndarray | None = None,
    positive_fraction: float = 0.5,
    seed: int = 0,
) -> Dataset:
    """Make sequences with planted motifs, with their sites and the best possible score.

    Parameters
    ----------
    positive, negative : Arrangement
        What each class contains; without `negative`, the negatives are background alone.
    n, length : int
        Number of sequences of both classes together, and bases in each; their product is at most
        `MOST_POSITIONS`.
    background : array_like, shape (4,), optional
        Frequencies of A, C, G, T; uniform if not given.
    positive_fraction : float
        Share of positives, above 0 and below 1.
    seed : int
        The same seed gives the same data.

    Returns
    -------
    Dataset
        With sites, motifs and optimum; the classes in random order.

    Examples
    --------
    >>> from motiflab.motifs import Motif
    >>> box = Motif("box", [[9, 0, 0, 0], [0, 9, 0, 0], [0, 0, 9, 0]])
    >>> data = planted(Arrangement((box,)), n=10, length=20)
    >>> data.x.shape, len(data.sites), data.optimum.shape
    ((10, 4, 20), 5, (10,))
    """
    require(
        "n",
        n * length <= MOST_POSITIONS,
        f"be at most {MOST_POSITIONS:,} to fit in memory, got {n} times {length}",
        "n times length",
    )
    made = plant(n, length, positive, negative, background, positive_fraction, seed)
    labels = made.labels.tolist()
    # The same Motif may be in both classes, or twice in one; the dataset lists it once.
    motifs_of = {1: positive.motifs, 0: negative.motifs if negative else ()}
    listed = {id(motif): motif for motif in motifs_of[1] + motifs_of[0]}
    index = {key: i for i, key in enumerate(listed)}
    # Within a class the motif of a site is an index into the arrangement.
    index_in = {label: [index[id(motif)] for motif in motifs_of[label]] for label in (0, 1)}
    kind = "no motif in them" if negative is None else "their own arrangement of motifs"
    return Dataset.of(
        made.sequences,
        made.labels,
        names=[f"planted {i}" for i in range(n)],
        sites=tuple(Site(i, index_in[labels[i]][motif], *place) for i, motif, *place in made.sites),
        log_ratio=made.log_ratio,
        motifs=tuple(listed.values()),
        alphabet=positive.alphabet,
        note=f"Negatives are random sequences on the same background, with {kind}. {_OPTIMUM}",
    )


def planted_one_of(
    motifs: Sequence[Motif], n: int = 2000, length: int = 100, seed: int = 0
) -> Dataset:
    """Make sequences of which half hold one site of one of several motifs, on either strand.

    As in peaks that different proteins share, a positive has the site of one motif and not of the
    others. The background is uniform.

    Parameters
    ----------
    motifs : list of Motif
        Each is planted equally often, as nearly as `n` allows.
    n, length : int
        As for `planted`.
    seed : int
        The same seed gives the same data.

    Returns
    -------
    Dataset
        Motif by motif, with sites, motifs and optimum: the log of the mean of the likelihood ratios
        of the motifs.

    Examples
    --------
    >>> from motiflab.motifs import jaspar
    >>> data = planted_one_of([jaspar.load("GATA2"), jaspar.load("CTCF")], n=8, length=40)
    >>> int(data.labels.sum()), [site.motif for site in data.sites]
    (4, [0, 0, 1, 1])
    """
    require("motifs", len(motifs), "hold at least one motif, got none")
    rng = generator(seed)
    sizes = [len(part) for part in np.array_split(np.arange(n), len(motifs))]
    made = [
        planted(Arrangement((motif,)), n=size, length=length, seed=int(rng.integers(2**31)))
        for motif, size in zip(motifs, sizes, strict=True)
    ]
    first = np.cumsum(sizes) - sizes
    sequences = [sequence for part in made for sequence in part.sequences]

    def log_ratio(sequences: list[str]) -> np.ndarray:
        ratios = [log_likelihood_ratio(sequences, Arrangement((motif,))) for motif in motifs]
        return log_sum_exp(np.array(ratios), axis=0) - np.log(len(motifs))

    return Dataset.of(
        sequences,
        np.concatenate([part.labels for part in made]),
        names=[f"planted {i}" for i in range(n)],
        sites=tuple(
            site._replace(sequence=site.sequence + first[i], motif=i)
            for i, part in enumerate(made)
            for site in part.sites
        ),
        log_ratio=log_ratio,
        motifs=tuple(motifs),
        note=f"Negatives are random sequences on the same background, with no motif in them. "
        f"{_OPTIMUM}",
    )


def ctcf(
    negatives: str = "dinucleotide",
    negatives_source: str | os.PathLike | bytes | None = None,
    ratio: int = 1,
    seed: int = 0,
) -> Dataset:
    """Load 500 CTCF ChIP-seq peaks of 200 bases, human GM12878 cells, with negatives.

    The source and licence are in data/NOTICE.md.

    Parameters
    ----------
    negatives, negatives_source, ratio, seed
        As in `from_fasta`.

    Returns
    -------
    Dataset
        The peaks in the order of the file, then the negatives.

    Examples
    --------
    >>> data = ctcf(ratio=2)
    >>> data.x.shape, int(data.labels.sum())
    ((1500, 4, 200), 500)
    """
    content = _shipped(CTCF_FILE, CTCF_SHA256)
    return from_fasta(content, negatives, negatives_source, ratio, seed=seed)


def tap73(
    negatives: str = "dinucleotide",
    negatives_source: str | os.PathLike | bytes | None = None,
    ratio: int = 1,
    seed: int = 0,
) -> Dataset:
    """Load 1,000 ChIP-seq peaks of 200 bases of the human protein TAp73alpha, with negatives.

    The source and licence are in data/NOTICE.md. No peak overlaps another.

    Parameters
    ----------
    negatives, negatives_source, ratio, seed
        As in `from_fasta`.

    Returns
    -------
    Dataset
        The peaks in the order of the file, then the negatives.

    Examples
    --------
    >>> data = tap73()
    >>> data.x.shape, int(data.labels.sum())
    ((2000, 4, 200), 1000)
    """
    content = _shipped(TAP73_FILE, TAP73_SHA256)
    return from_fasta(content, negatives, negatives_source, ratio, seed=seed)


def lambda_phage() -> FastaRecord:
    """Load the genome of phage lambda (Sanger et al. 1982), 48,502 bases, NC_001416.

    The source is in data/NOTICE.md. Every letter is A, C, G or T. The sites of its repressor are
    `lambda_operators`.

    >>> record = lambda_phage()
    >>> len(record.sequence), record.sequence[:12]
    (48502, 'GGGCGGCGACCT')
    """
    (record,) = iter_fasta(_shipped(LAMBDA_FILE, LAMBDA_SHA256))
    return record


def _shipped(name: str, checksum: str) -> bytes:
    """Read a file that comes with motiflab, and check its checksum."""
    file = importlib.resources.files("motiflab") / "data" / name
    content = gzip.decompress(file.read_bytes())
    if hashlib.sha256(content).hexdigest() != checksum:
        raise ValueError(f"{name} must have the checksum {checksum}, but it was altered.")
    return content


def from_fasta(
    source: str | os.PathLike | bytes,
    negatives: str = "dinucleotide",
    negatives_source: str | os.PathLike | bytes | None = None,
    ratio: int = 1,
    max_sequences: int = 5000,
    seed: int = 0,
    alphabet: Alphabet = DNA,
) -> Dataset:
    """Read positive sequences from a FASTA file and make or read negatives for them.

    Parameters
    ----------
    source : path or bytes
        The positives: a file, plain or gzipped, or its content. Lengths may differ. A large file
        should be given by its path: it is then read record by record. The limits are
        `fasta.MOST_BYTES` after unpacking, `fasta.MOST_RECORDS`, `fasta.LONGEST_NAME` and, for
        a sequence, `LONGEST`.
    negatives : {"dinucleotide", "composition", "own"}
        "dinucleotide": each negative is a shuffle of one positive that keeps every pair of
        neighbouring bases, with N and other ambiguity codes as letters of their own
        (`shuffled_negatives`). "composition": independent bases with the frequencies of all
        positives (`random_negatives`). "own": the sequences of `negatives_source`.
    negatives_source : path or bytes, optional
        The negatives, if `negatives` is "own"; all of them are used, up to `max_sequences`.
    ratio : int
        Number of negatives for each positive, 1 to 100, if they are made here.
    max_sequences : int
        Use at most this many sequences of each file, at least 2, drawn at random: thousands are
        enough to learn a motif in seconds. Fewer are used if they would exceed `MOST_POSITIONS`.
        The note says how many were omitted.
    seed : int
        Seed for the drawn sequences and the negatives.
    alphabet : Alphabet
        Alphabet of the sequences.

    Returns
    -------
    Dataset
        Positives first, in the order of the file, then negatives.

    Examples
    --------
    >>> data = from_fasta(b">a\\nACGTACC\\n>b\\nGGATTA\\n")
    >>> data.x.shape, data.labels.tolist(), data.shortest
    ((4, 4, 7), [1, 1, 0, 0], 6)
    """
    one_of("negatives", negatives, _NEGATIVES)
    require(
        "negatives_source",
        (negatives == "own") == (negatives_source is not None),
        f'be given if negatives is "own" and only then, got negatives={quoted(negatives)}',
    )
    whole("ratio", ratio, 1, 100)
    whole("max_sequences", max_sequences, 2, 100_000)
    rng = generator(seed)
    positives, found = _draw(source, max_sequences, rng, alphabet)
    own, own_found = [], 0
    if negatives_source is not None:
        ratio = 1
        try:
            own, own_found = _draw(negatives_source, max_sequences, rng, alphabet)
        except ValueError as error:
            raise ArgumentError("negatives_source", f"negatives_source: {error}") from error
    # Every sequence is padded to the longest, so one long sequence leaves room for fewer others.
    longest = max(len(record.sequence) for record in positives + own)
    room = MOST_POSITIONS // (longest * (1 + ratio))
    positives, own = _thin(positives, room, rng), _thin(own, room, rng)
    made = own
    groups = None
    if negatives == "dinucleotide":
        made = shuffled_negatives(positives, ratio, rng, alphabet)
        # A shuffle has the same pairs of bases as its positive, so they must stay on one side.
        groups = np.tile(np.arange(len(positives)), 1 + ratio)
    elif negatives == "composition":
        made = random_negatives(positives, ratio, rng, alphabet)
    records = positives + made
    note = [_NEGATIVES[negatives], _NO_OPTIMUM]
    for kind, used, total in (("positives", positives, found), ("negatives", own, own_found)):
        if len(used) < total:
            note.append(f"{len(used):,} of the {total:,} {kind} are used, drawn at random.")
    return Dataset.of(
        [record.sequence for record in records],
        labels=np.repeat([1, 0], [len(positives), len(made)]),
        names=[record.name for record in records],
        note=" ".join(note),
        alphabet=alphabet,
        groups=groups,
    )


def _draw(
    source: str | os.PathLike | bytes, most: int, rng: np.random.Generator, alphabet: Alphabet
) -> tuple[list[FastaRecord], int]:
    """Draw `most` records in one pass, all choices equally likely; also count all records.

    Reservoir sampling (Vitter 1985, ACM Transactions on Mathematical Software 11:37, algorithm R):
    record number i replaces a random earlier one with probability most / i.
    """
    kept: list[tuple[int, FastaRecord]] = []
    total = 0
    for total, record in enumerate(iter_fasta(source, LONGEST, alphabet), start=1):
        if total <= most:
            kept.append((total, record))
            continue
        place = int(rng.integers(total))
        if place < most:
            kept[place] = (total, record)
    require(
        "source",
        total >= 2,
        "hold at least 2 sequences, one to train with and one to test with, got 1",
    )
    # Back in the order of the file, which the reservoir does not keep.
    return [record for _, record in sorted(kept, key=operator.itemgetter(0))], total


def _thin(records: list[FastaRecord], most: int, rng: np.random.Generator) -> list[FastaRecord]:
    """Draw `most` records at random, in their original order."""
    if len(records) <= most:
        return records
    return [records[i] for i in np.sort(rng.choice(len(records), most, replace=False))]


def coupled_windows(n: int, strength: float, width: int = 8, seed: int = 0) -> Dataset:
    """Make random windows whose two middle positions covary in the positives.

    In a positive the two bases are drawn from `motiflab.motifs.coupled_pairs`. All other bases, and
    all bases of a negative, are independent and equally frequent.

    Parameters
    ----------
    n : int
        Number of windows, half of them positive; even, at least 2.
    strength : float
        From 0 to 1, both inclusive.
    width : int
        Bases in a window, at least 2.
    seed : int

    Returns
    -------
    Dataset
        With the exact log-likelihood ratio as its `optimum`.

    Examples
    --------
    >>> data = coupled_windows(8, strength=1.0, width=2)
    >>> set(data.sequences[:4]) <= {"AT", "CG", "GC", "TA"}
    True
    """
    _check_even(n)
    whole("width", width, 2)
    pairs, rng = coupled_pairs(strength), generator(seed)
    bases = rng.integers(0, DNA.size, (n, width))
    middle = width // 2 - 1
    pair = rng.choice(pairs.size, n // 2, p=pairs.ravel())
    bases[: n // 2, middle], bases[: n // 2, middle + 1] = np.divmod(pair, DNA.size)

    def ratio(bases: np.ndarray) -> np.ndarray:
        # Only the pair has different probabilities in the two classes; in a negative it has 1/16.
        return pairs[bases[:, middle], bases[:, middle + 1]] * pairs.size

    return _windows(bases, ratio, "the same bases at every position, all of them independent.")


def splice_windows(n: int, seed: int = 0) -> Dataset:
    """Draw human 5' splice sites, and sites with the same PPM but no dependency.

    A positive is drawn from all sites of the genome, in proportion to their counts. Each of the
    nine bases of a negative is drawn from a different site. Both distributions are known, so the
    best score is known, too.

    Parameters
    ----------
    n : int
        Number of windows, half of them positive; even, at least 2.
    seed : int

    Returns
    -------
    Dataset
        With the exact log-likelihood ratio as its `optimum`; if no site has the sequence, a
        number below all others stands for minus infinity.

    Examples
    --------
    >>> splice_windows(1000).sequences[0][3:5]
    'GT'
    """
    _check_even(n)
    sites, counts = splice_sites()
    shares, rng = counts / counts.sum(), generator(seed)
    one_hot = encode(sites, channels="last").x.astype(float)
    codes, ppm = one_hot.argmax(axis=2), np.einsum("n,nka->ka", shares, one_hot)
    positives = codes[rng.choice(len(codes), n // 2, p=shares)]
    mixed = [rng.choice(DNA.size, n // 2, p=row) for row in ppm]
    bases = np.concatenate([positives, np.transpose(mixed)])
    # Probability of each word of nine bases as a site; for most words it is 0.
    joint = np.zeros((DNA.size,) * codes.shape[1])
    joint[tuple(codes.T)] = shares

    def ratio(bases: np.ndarray) -> np.ndarray:
        independent = np.prod([row[column] for row, column in zip(ppm, bases.T)], axis=0)
        return joint[tuple(bases.T)] / independent

    return _windows(
        bases,
        ratio,
        "made of the same bases at every position, each on its own.",
    )


def _windows(
    bases: np.ndarray, ratio: Callable[[np.ndarray], np.ndarray], negatives: str
) -> Dataset:
    """Make a dataset from bases, positives first, and a function to their likelihood ratios."""

    def log_ratio(sequences: list[str]) -> np.ndarray:
        ratios = ratio(encode(sequences).x.argmax(axis=1))
        scores = np.full(len(ratios), _NO_SITE)
        return np.log(ratios, out=scores, where=ratios > 0)

    return Dataset.of(
        written_out(bases),
        labels=np.repeat([1, 0], len(bases) // 2),
        names=[f"window {number}" for number in range(1, len(bases) + 1)],
        log_ratio=log_ratio,
        note=f"Negatives: {negatives} The best possible score is known.",
    )


def _check_even(n: int) -> None:
    require("n", whole("n", n, 2) % 2 == 0, f"be an even number, got {quoted(n)}")

"""Shuffles that keep the composition of a sequence, and negatives made from positives.

Shuffled sequences are negatives that have the composition of the positives but not their motifs.
"""

from __future__ import annotations

from itertools import islice

import numpy as np

from motiflab.sequences.alphabet import DNA, Alphabet, clean
from motiflab.sequences.encoding import background, random_sequences
from motiflab.sequences.fasta import FastaRecord


def shuffle_dinucleotides(sequence: str, rng: np.random.Generator, alphabet: Alphabet = DNA) -> str:
    """Return a random sequence with exactly the same pairs of neighbouring letters.

    The letters are the vertices of a graph and each pair of neighbours is an edge, so a sequence
    with the same pairs is a walk over every edge once, from the first letter to the last
    (Altschul and Erickson 1985, Molecular Biology and Evolution 2:526). The last edge out of each
    vertex must lead towards the last letter; these edges form a spanning tree, which is drawn
    uniformly, and the other edges of each vertex are put in random order (Kandel, Matias, Unger
    and Winkler 1996, Discrete Applied Mathematics 71:171). The tree is drawn by a loop-erased
    random walk (Propp and Wilson 1998, Journal of Algorithms 27:170). Every sequence that has the
    same first letter and the same pairs is equally likely; the original is one of them.

    Parameters
    ----------
    sequence : str
        Letters of the alphabet; the result is in upper case, with U of DNA written as T. An
        ambiguity code counts as a letter of its own: pairs with N are kept like all others, so
        the number of runs of N stays the same, too.
    rng : numpy.random.Generator
    alphabet : Alphabet

    Returns
    -------
    str
        Same length, same first and last letter, same counts of letters and of pairs.

    Examples
    --------
    >>> shuffle_dinucleotides("ACAGATA", np.random.default_rng(0))
    'ATACAGA'
    """
    # A bytearray, because numpy does not permute an empty array that is read-only.
    codes = np.frombuffer(bytearray(clean(sequence, alphabet=alphabet), "ascii"), dtype=np.uint8)
    if len(codes) <= 3:  # up to three letters there is only the sequence itself
        return codes.tobytes().decode("ascii")
    first, last = int(codes[0]), int(codes[-1])
    followers = {vertex: codes[1:][codes[:-1] == vertex] for vertex in set(codes[:-1].tolist())}
    final = _spanning_tree(followers, last, rng)
    # The edge of the tree is used last; the others may be used in any order before it.
    edges = {}
    for vertex, ends in followers.items():
        if vertex != last:
            ends = np.delete(ends, np.argmax(ends == final[vertex]))
        order = rng.permutation(ends).tolist()
        edges[vertex] = iter(order if vertex == last else [*order, final[vertex]])
    walk = [first]
    for _ in range(len(codes) - 1):
        walk.append(next(edges[walk[-1]]))
    return bytes(walk).decode("ascii")


def _spanning_tree(
    followers: dict[int, np.ndarray], root: int, rng: np.random.Generator
) -> dict[int, int]:
    """Return the next vertex on the way to the root, for a uniform random spanning tree.

    Edges that occur several times count as often as they occur.
    """
    # An edge from a vertex to itself is never in a tree: omitting it saves steps and changes
    # nothing else. Every vertex except the root then has an edge, as the walk ends at the root.
    ways = {vertex: ends[ends != vertex] for vertex, ends in followers.items()}
    onward: dict[int, int] = {}
    in_tree = {root}
    for start in sorted(followers):
        vertex = start
        while vertex not in in_tree:
            # A later visit overwrites an earlier one, which erases the loop.
            onward[vertex] = int(ways[vertex][rng.integers(len(ways[vertex]))])
            vertex = onward[vertex]
        vertex = start
        while vertex not in in_tree:
            in_tree.add(vertex)
            vertex = onward[vertex]
    return onward


def shuffled_negatives(
    positives: list[FastaRecord],
    ratio: int,
    rng: np.random.Generator,
    alphabet: Alphabet = DNA,
) -> list[FastaRecord]:
    """Return shuffles of the positives that keep every pair of neighbouring letters.

    Parameters
    ----------
    positives : list of FastaRecord
        P sequences. N and other ambiguity codes are letters of their own.
    ratio : int
        Number of shuffles of each positive, at least 1.
    rng : numpy.random.Generator
    alphabet : Alphabet

    Returns
    -------
    list of FastaRecord
        All first shuffles in the order of the positives, then all second ones: the one at index i
        was made from positive i modulo P. A sequence with few possible orders, such as one letter
        repeated, may stay the same.

    Examples
    --------
    >>> positives = [FastaRecord("a", "ACAGATA"), FastaRecord("b", "AAAA")]
    >>> shuffled_negatives(positives, 1, np.random.default_rng(0))[1]
    FastaRecord(name='b (shuffle 1)', sequence='AAAA')
    """
    return [
        FastaRecord(
            f"{record.name} (shuffle {k})", shuffle_dinucleotides(record.sequence, rng, alphabet)
        )
        for k in range(1, ratio + 1)
        for record in positives
    ]


def random_negatives(
    positives: list[FastaRecord],
    ratio: int,
    rng: np.random.Generator,
    alphabet: Alphabet = DNA,
) -> list[FastaRecord]:
    """Return random sequences of independent bases with the frequencies of all the positives.

    Parameters
    ----------
    positives : list of FastaRecord
        P sequences. An ambiguity code counts as equal shares of its bases. One of each base is
        added to the counts, so that none has probability 0.
    ratio : int
        Negatives for each positive, at least 1.
    rng : numpy.random.Generator
    alphabet : Alphabet

    Returns
    -------
    list of FastaRecord
        The one at index i is as long as positive i modulo P.

    Examples
    --------
    >>> made = random_negatives([FastaRecord("a", "ACGTN")], 2, np.random.default_rng(0))
    >>> [(record.name, len(record.sequence)) for record in made]
    [('random 1', 5), ('random 2', 5)]
    """
    q = background([record.sequence for record in positives], pseudocount=1, alphabet=alphabet)
    lengths = [len(record.sequence) for record in positives] * ratio
    # One long draw cut into pieces is much faster than one draw for each sequence.
    bases = iter(random_sequences(1, sum(lengths), q, rng, alphabet)[0])
    return [
        FastaRecord(f"random {i}", "".join(islice(bases, length)))
        for i, length in enumerate(lengths, start=1)
    ]

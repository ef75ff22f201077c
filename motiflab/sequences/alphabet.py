"""The letters of sequences: which are allowed, what each stands for, and which are complements.

An `Alphabet` is an argument of everything that reads or writes letters, and `DNA` its default:
the IUPAC nucleotide code (Cornish-Bowden 1985, Nucleic Acids Research 13:3021), U read as T.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from motiflab.checks import ArgumentError, quoted, require

BASES = "ACGT"
_PROTEIN = re.compile(r"[A-Za-z]{2,}\*?")


@dataclass(frozen=True)
class Alphabet:
    """The letters that sequences are made of, one channel of a one-hot matrix for each.

    Parameters
    ----------
    letters : str
        In the order of the channels: capital ASCII letters or other ASCII signs, each once.
        Sequences may be written in either case.
    codes : mapping of str to str
        Other allowed characters and the letters that each stands for: ``{"R": "AG"}``. A code for
        a single letter, such as ``{"U": "T"}``, is read as that letter.
    paired : bool
        Whether letters have complements. Then the first letter is the complement of the last, the
        second of the last but one, and so on, and the complements of a code's letters must be the
        letters of a code. Without complements there is only one strand.
    kind : str
        What messages call the letters.

    Examples
    --------
    >>> binary = Alphabet("HP", {"X": "HP"})  # hydrophobic, polar, unknown
    >>> binary.size, binary.shares[ord("x")].tolist()
    (2, [0.5, 0.5])
    """

    letters: str
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    paired: bool = False
    kind: str = "letters"

    def __post_init__(self) -> None:
        signs = "".join([self.letters, *self.codes])
        distinct = len(set(signs)) == len(self.letters) + len(self.codes)
        require(
            "letters",
            self.size >= 2 and distinct and signs.isascii() and signs == signs.upper(),
            "be at least two capital ASCII letters or signs, all different and different from the "
            f"codes, got {quoted(self.letters)} with the codes {quoted(''.join(self.codes))}",
        )
        meanings = [set(letters) for letters in self.codes.values()]
        require(
            "codes",
            all(letters and letters <= set(self.letters) for letters in meanings),
            f"each stand for some of the letters {self.letters}, got {quoted(self.codes)}",
        )
        # Each letter must have a complement other than itself, and the complements of a code's
        # letters must have a code, too.
        turned = [frozenset(map(self._partner.get, letters)) for letters in meanings]
        require(
            "paired",
            not self.paired or (self.size % 2 == 0 and set(turned) <= set(self.code_of)),
            "be False unless the letters are even in number and the complement of each code is a "
            f"code, got {self.letters} and {quoted(self.codes)}",
        )

    @property
    def size(self) -> int:
        """Number of letters A, which is also the number of channels and of columns of a motif."""
        return len(self.letters)

    @property
    def listed(self) -> str:
        """The letters as a message lists them: "A, C, G and T"."""
        return f"{', '.join(self.letters[:-1])} and {self.letters[-1]}"

    @cached_property
    def stands_for(self) -> dict[str, str]:
        """The letters that each letter or code stands for; a letter stands for itself."""
        return {letter: letter for letter in self.letters} | dict(self.codes)

    @cached_property
    def code_of(self) -> dict[frozenset[str], str]:
        """The letter or code for each set of letters that has one."""
        return {frozenset(self.stands_for[code]): code for code in reversed(self.stands_for)}

    @cached_property
    def shares(self) -> np.ndarray:
        """Shares of the letters for each byte, shape (256, A); all zero if it is no code."""
        shares = np.zeros((256, self.size), dtype=np.float32)
        for code, letters in self.stands_for.items():
            for letter in letters:
                column = self.letters.index(letter)
                shares[[ord(code), ord(code.lower())], column] = 1 / len(letters)
        shares.flags.writeable = False
        return shares

    @cached_property
    def is_letter(self) -> np.ndarray:
        """Whether each byte is a letter or a code, shape (256,)."""
        return self.shares.any(axis=1)

    @cached_property
    def no_letter(self) -> re.Pattern:
        """Matches a character that is neither a letter nor a code."""
        signs = "".join(self.stands_for)
        return re.compile(f"[^{re.escape(signs + signs.lower())}]")

    def respelled(self, text: str) -> str:
        """Return text in upper case, with the letter in place of each code for a single letter.

        >>> DNA.respelled("acgu")
        'ACGT'
        """
        text = text.upper()
        for code, letters in self.codes.items():
            if len(letters) == 1:
                text = text.replace(code, letters)
        return text

    @cached_property
    def _partner(self) -> dict[str, str]:
        return dict(zip(self.letters, reversed(self.letters)))

    @cached_property
    def _complements(self) -> dict[int, str]:
        """Complement of each letter and code, for `str.translate`."""
        return str.maketrans(
            {
                code: self.code_of[frozenset(map(self._partner.get, letters))]
                for code, letters in self.stands_for.items()
            }
        )

    def check_paired(self) -> None:
        """Raise an `ArgumentError` unless the letters have complements.

        >>> Alphabet("HP").check_paired()
        Traceback (most recent call last):
        motiflab.checks.ArgumentError: alphabet must have complements, got HP, which has none.
        """
        require("alphabet", self.paired, f"have complements, got {self.letters}, which has none")

    def other_strand(self, matrices: np.ndarray) -> np.ndarray:
        """Return matrices (..., K, A), or (..., A, K), as they are read on the other strand.

        >>> DNA.other_strand(np.eye(4)[:2]).tolist()  # AC becomes GT
        [[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
        """
        self.check_paired()
        # The first letter is the complement of the last, so reversing their axis complements.
        return matrices[..., ::-1, ::-1]

    def complement(self, sequence: str) -> str:
        """Return the other strand of a clean sequence.

        >>> DNA.complement("AACR")
        'YGTT'
        """
        self.check_paired()
        return sequence.translate(self._complements)[::-1]


DNA = Alphabet(
    BASES,
    {
        "R": "AG",
        "Y": "CT",
        "S": "CG",
        "W": "AT",
        "K": "GT",
        "M": "AC",
        "B": "CGT",
        "D": "AGT",
        "H": "ACT",
        "V": "ACG",
        "N": "ACGT",
        "U": "T",
    },
    paired=True,
    kind="nucleotide codes",
)
"""The default alphabet: the letters in the order A, C, G, T, and the IUPAC codes."""

RNA = Alphabet(
    "ACGU",
    {code: letters.replace("T", "U") for code, letters in DNA.codes.items() if code != "U"}
    | {"T": "U"},
    paired=True,
    kind="nucleotide codes",
)
"""The letters of RNA, with the same codes as `DNA`; T is read as U."""

_AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"
PROTEIN = Alphabet(
    _AMINO_ACIDS,
    {"B": "DN", "Z": "EQ", "J": "IL", "X": _AMINO_ACIDS, "U": "C", "O": "K"},
    kind="amino acids",
)
"""The 20 amino acids; the rare U (selenocysteine) is read as C, and O (pyrrolysine) as K."""

ENGLISH = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ_")
"""Letters of a text, and _ for whatever stands between two words."""

LEVELS = Alphabet("01234567", kind="levels")
"""The levels of a signal that was rounded to three bits, from the lowest to the highest."""


def clean(
    sequence: str,
    name: str = "sequence",
    alphabet: Alphabet = DNA,
    argument: str | None = None,
) -> str:
    """Return a sequence in upper case; of DNA, with U written as T.

    Parameters
    ----------
    sequence : str
        Letters and codes of the alphabet, in either case; may be empty.
    name : str
        What to call the sequence in an error. For another character the error says which
        sequence, which position (from 0) and which character.
    alphabet : Alphabet
    argument : str, optional
        The argument that holds the sequence, if that is not `name`.

    Examples
    --------
    >>> clean("acgun")
    'ACGTN'
    """
    require(
        argument or name,
        isinstance(sequence, str),
        f"be text (str), got {type(sequence).__name__}",
        name,
    )
    wrong = alphabet.no_letter.search(sequence)
    if wrong:
        cause = _likely_cause(sequence, wrong.group()) if alphabet == DNA else ""
        raise ArgumentError(
            argument or name,
            f"{name} must hold only {alphabet.kind} ({''.join(alphabet.stands_for)}), got "
            f"{quoted(wrong.group())} at position {wrong.start()} (counted from 0){cause}.",
        )
    return alphabet.respelled(sequence)


def _likely_cause(sequence: str, wrong: str) -> str:
    # Half of the amino acids are written with letters of the nucleotide code, so one letter
    # outside it proves nothing. But few of a protein's letters are A, C, G, T or N.
    letters = sequence.upper().rstrip("*").replace("X", "")
    if _PROTEIN.fullmatch(sequence) and 2 * sum(map(letters.count, "ACGTUN")) < len(letters):
        return ": it looks like a protein"
    return ": write N for a masked or unknown base" if wrong in "Xx" else ""


def as_bytes(
    sequences: Sequence[str], alphabet: Alphabet = DNA, argument: str = "sequences"
) -> tuple[np.ndarray, np.ndarray]:
    """Return all sequences joined, one byte for each letter as written, and their lengths.

    Parameters
    ----------
    sequences : sequence of str
        At least one; each may be empty. An error names a sequence by its index.
    alphabet : Alphabet
    argument : str
        What to call the sequences in an error.

    Returns
    -------
    codes : numpy.ndarray of uint8, shape (sum of the lengths,)
    lengths : numpy.ndarray of int64, shape (N,)

    Examples
    --------
    >>> codes, lengths = as_bytes(["AC", "g"])
    >>> bytes(codes), lengths.tolist()
    (b'ACg', [2, 1])
    """
    sequences = check_list(argument, sequences)
    for index, sequence in enumerate(sequences):
        if not isinstance(sequence, str):
            clean(sequence, f"{argument}[{index}]", alphabet, argument)
    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int64)
    # As in `clean`, but for all at once: one call for each sequence would be slower.
    # "replace" turns any non-ASCII character into one "?", which keeps positions right.
    codes = np.frombuffer("".join(sequences).encode("ascii", "replace"), dtype=np.uint8)
    known = alphabet.is_letter[codes]
    if not known.all():
        index = int(np.searchsorted(np.cumsum(lengths), known.argmin(), side="right"))
        clean(sequences[index], f"{argument}[{index}]", alphabet, argument)
    return codes, lengths


def check_list(argument: str, sequences: Sequence[str]) -> list[str]:
    """Return sequences as a list of at least one; refuse a single string, a common mistake.

    >>> check_list("sites", ("AC", "GT"))
    ['AC', 'GT']
    """
    require(argument, not isinstance(sequences, str), "be a list of sequences, got one string")
    sequences = list(sequences)
    require(argument, sequences, "hold at least one sequence, got none")
    return sequences

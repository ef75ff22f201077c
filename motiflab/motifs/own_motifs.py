"""A learner's own motifs: read from pasted text, and found by name together with JASPAR's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from motiflab.checks import ArgumentError, quoted, require
from motiflab.motifs import jaspar
from motiflab.motifs.closest_motifs import MotifCollection
from motiflab.motifs.motif import Motif
from motiflab.motifs.motif_files import read_motifs

LONGEST = 2_000_000
"""Largest number of characters: about 2,000 motifs, twice JASPAR's vertebrates."""

MOST_MOTIFS, WIDEST = 3000, 100
_LONGEST_NAME = 60  # characters
_LISTED = 5  # number of names that a sentence lists


@lru_cache(maxsize=8)
def own_collection(text: str) -> MotifCollection | None:
    """Read a learner's own motifs, each with a name and a unique id.

    A motif without a name is called "motif n", where n is its number in the text, from 1. Its id
    is that in the text. If that is missing, equal to the name or to an earlier id, or begins with
    "#", the id is "#n".

    Parameters
    ----------
    text : str
        Motifs in any format that `read_motifs` knows. It is never read as the path of a file,
        because a scene can come from anybody.

    Returns
    -------
    MotifCollection or None
        None if the text is blank. The same text gives the same object.

    Raises
    ------
    ValueError
        If the text holds no motifs, more than `MOST_MOTIFS`, or one of over `WIDEST` positions.

    Examples
    --------
    >>> own = own_collection(">MYC\\n9 0 0 0\\n0 9 0 0\\n>X2 MAX\\n0 0 9 0\\n0 9 0 0\\n")
    >>> own.names, own.ids
    (('MYC', 'MAX'), ('#1', 'X2'))
    """
    if not text.strip():
        return None
    require(
        "source",
        len(text.splitlines()) > 1,
        f"be the text of one or more motifs, not one line, got {quoted(text)}",
    )
    motifs = read_motifs(text)
    require(
        "source",
        len(motifs) <= MOST_MOTIFS,
        f"hold at most {MOST_MOTIFS:,} motifs, got {len(motifs):,}",
    )
    for motif in motifs:
        require(
            "source",
            motif.width <= WIDEST,
            f"hold motifs of at most {WIDEST} positions, got {motif.width} in {quoted(motif.name)}",
        )
    return MotifCollection(list(_labelled(motifs)))


def own_motif(id_or_name: str, text: str) -> Motif | None:
    """Return the first of a learner's own motifs with this name or, if none has it, this id.

    Case and white space do not matter, but a motif with exactly this spelling is preferred.

    >>> own_motif("b", ">B\\n9 0 0 0\\n0 9 0 0\\n>b\\n0 0 9 0\\n0 9 0 0\\n").consensus()
    'GC'
    """
    own = own_collection(text)
    for spelled in (_one_line, _plain):
        for labels in (own.names, own.ids) if own else ():
            for label, motif in zip(labels, own.motifs, strict=True):
                if spelled(label) == spelled(id_or_name):
                    return motif
    return None


def find_motif(id_or_name: str, text: str = "") -> Motif:
    """Return one of a learner's own motifs or, if none has the name, one of JASPAR.

    Parameters
    ----------
    id_or_name : str
        As for `own_motif` and `jaspar.load`.
    text : str
        The learner's own motifs, as for `own_collection`.

    Returns
    -------
    Motif

    Raises
    ------
    ValueError
        If there is no such motif; the error names some that exist.

    Examples
    --------
    >>> text = ">MYC\\nA [0 9]\\nC [9 0]\\nG [0 0]\\nT [0 0]\\n"
    >>> find_motif("myc", text).consensus(), find_motif("CTCF", text).id
    ('CA', 'MA0139.2')
    """
    motif = own_motif(id_or_name, text)
    if motif is not None:
        return motif
    try:
        return jaspar.load(id_or_name)
    except ValueError as error:
        if not text.strip():
            raise
        listed = _listed(own_collection(text))
        sentence = f"None of your motifs ({listed}) has this name. {error}"
        raise ArgumentError("id_or_name", sentence) from None


def own_summary(text: str) -> str:
    """Return a sentence on which motifs a text contains; empty for a blank text.

    >>> own_summary(">B\\n9 0 0 0\\n0 9 0 0\\n>C\\n0 0 9 0\\n0 9 0 0\\n")
    'Read 2 motifs: B, C. To choose one, type its name under Motif.'
    """
    own = own_collection(text)
    if own is None or len(own) == 1:
        return f"Read: {own.names[0]}." if own else ""
    listed = _listed(own)
    return f"Read {len(own):,} motifs: {listed}. To choose one, type its name under Motif."


def _listed(own: MotifCollection) -> str:
    names = own.names
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _labelled(motifs: list[Motif]) -> Iterator[Motif]:
    """Give each motif a name that can be typed, and a unique id."""
    taken: set[str] = set()
    for number, motif in enumerate(motifs, start=1):
        name, id = _one_line(motif.name), _one_line(motif.id)
        id = f"#{number}" if id.startswith("#") or id in {"", name, *taken} else id
        taken.add(id)
        yield Motif(name or f"motif {number}", motif.counts, id)


def _one_line(text: str) -> str:
    """Return a name on one line, short enough to be typed and shown."""
    return " ".join(text.split())[:_LONGEST_NAME].rstrip()


def _plain(text: str) -> str:
    return _one_line(text).casefold()

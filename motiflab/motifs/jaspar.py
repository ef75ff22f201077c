"""Known motifs: JASPAR 2026 CORE, all taxa, shipped with the package.

The counts are those of JASPAR (Ovek Baydar et al. 2026, Nucleic Acids Research 54:D184), under
CC BY 4.0; see ``motiflab/data/NOTICE.md``. Every version of every matrix can be loaded; searching
and collections hold the newest version of each.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from motiflab.checks import ArgumentError, one_of, quoted, require
from motiflab.motifs.closest_motifs import MotifCollection
from motiflab.motifs.motif import Motif

TAXA = ("vertebrates", "plants", "insects", "fungi", "nematodes", "urochordates", "diatoms")
"""The taxonomic groups of JASPAR CORE, most motifs first: the order of preference."""

_ID = re.compile(r"MA\d+(\.\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class JasparEntry:
    """One motif of JASPAR, without its matrix.

    `families` are JASPAR's own annotation of the protein (`tf_family`), usually two for a dimer and
    none for a few motifs. A family groups proteins by the structure of their binding domain. Most
    families share a motif; families of zinc fingers, such as "More than 3 adjacent zinc fingers",
    do not.
    """

    id: str
    name: str
    taxon: str
    families: tuple[str, ...]

    @property
    def base(self) -> str:
        """The id without its version: ``"MA0139"`` of ``"MA0139.2"``."""
        return self.id.partition(".")[0]

    @property
    def version(self) -> int:
        """The version: 2 of ``"MA0139.2"``."""
        return int(self.id.partition(".")[2])


def load(id_or_name: str) -> Motif:
    """Load a motif by its id or its name.

    An id without a version means the newest. Case, white space and look-alike characters (a
    full-width or Cyrillic letter, another dash) do not matter.
    If several motifs have the name, the first is loaded, by: taxon (in the order of `TAXA`,
    vertebrates first), exact spelling, highest version, lowest id. Use an id to load another one.
    If there is no such motif, the error suggests similar names.

    Parameters
    ----------
    id_or_name : str
        For example ``"MA0139.2"``, ``"MA0139"``, ``"CTCF"`` or ``"fos::jun"``.

    Returns
    -------
    Motif

    Examples
    --------
    >>> load("ctcf").id, load("MA0139.1").width, load("MA0139").width
    ('MA0139.2', 19, 15)
    """
    database = _database()
    wanted = _plain(id_or_name) if isinstance(id_or_name, str) else ""
    require("id_or_name", wanted, f"be a JASPAR id or name, got {quoted(id_or_name)}")
    if _ID.fullmatch(wanted):
        entry = database.newest.get(wanted.upper())
        row = database.row.get(entry.id if entry else wanted.upper())
    else:
        same = database.named.get(wanted.lower(), [])
        # The entries are in the order of the ids and the sort is stable: the lowest id comes first.
        same = sorted(same, key=lambda e: (TAXA.index(e.taxon), e.name != wanted, -e.version))
        row = database.row[same[0].id] if same else None
    if row is None:
        raise ArgumentError("id_or_name", _unknown(wanted, id_or_name.strip()))
    return _motif(row)


def search(text: str, limit: int = 10, taxon: str | None = None) -> list[JasparEntry]:
    """Find motifs by a part of their name or id, for example while someone types.

    Parameters
    ----------
    text : str
        Read as in `load`; an empty text finds all.
    limit : int
        Largest number of entries.
    taxon : str, optional
        One of `TAXA`; all if not given.

    Returns
    -------
    list of JasparEntry
        First names equal to `text`, then names that begin with it, then ids that do, then names
        that contain it; each of these groups by taxon as in `load`, then by name.

    Examples
    --------
    >>> [entry.name for entry in search("fos::junb", taxon="vertebrates")]
    ['FOS::JUNB']
    """
    one_of("taxon", taxon, (*TAXA, None))
    wanted = _plain(text).lower()
    found = []
    for place, (name, id_, entry) in enumerate(_database().by_name):
        if taxon not in (None, entry.taxon):
            continue
        if name.startswith(wanted):
            found.append((name != wanted, place, entry))
        elif id_.startswith(wanted):
            found.append((2, place, entry))
        elif wanted in name:
            found.append((3, place, entry))
    return [entry for *_, entry in sorted(found, key=lambda hit: hit[:2])[:limit]]


def families(id: str) -> tuple[str, ...]:
    """Return the families of the motif with this id and version (see `JasparEntry`), if any.

    There are none for an id that is not in JASPAR, such as that of a user's motif.

    >>> families("MA0036.4"), families("mine")
    (('C4-GATA-related',), ())
    """
    database = _database()
    return database.entries[database.row[id]].families if id in database.row else ()


@lru_cache
def collection(taxon: str | None = "vertebrates") -> MotifCollection:
    """Return the newest version of every motif of a taxon (None for all), in the order of the ids.

    Examples
    --------
    >>> len(collection("vertebrates")), len(collection("diatoms"))
    (1019, 1)
    """
    one_of("taxon", taxon, (*TAXA, None))
    database = _database()
    return MotifCollection(
        [
            _motif(database.row[entry.id])
            for entry in database.newest.values()
            if taxon in (None, entry.taxon)
        ]
    )


class _Database:
    """The shipped file in memory."""

    def __init__(self) -> None:
        path = files("motiflab") / "data" / "jaspar2026_core.npz"
        with path.open("rb") as file, np.load(file) as data:
            columns = [data[key].tolist() for key in ("ids", "names", "taxa")]
            families = [tuple(filter(None, text.split(";"))) for text in data["families"].tolist()]
            self.ends = data["widths"].cumsum(dtype=int)
            self.counts = data["counts"]
        self.entries = [JasparEntry(*fields) for fields in zip(*columns, families, strict=True)]
        self.row = {entry.id: row for row, entry in enumerate(self.entries)}
        # Ids are ascending, so the last of each base, which stays in the dict, is the newest.
        self.newest = {entry.base: entry for entry in self.entries}
        in_order = sorted(
            self.newest.values(), key=lambda e: (TAXA.index(e.taxon), e.name.lower(), e.id)
        )
        self.by_name = [(e.name.lower(), e.id.lower(), e) for e in in_order]
        self.named: dict[str, list[JasparEntry]] = {}
        for entry in self.newest.values():
            self.named.setdefault(entry.name.lower(), []).append(entry)


@lru_cache
def _database() -> _Database:
    """Read the shipped file on first use."""
    return _Database()


@lru_cache
def _motif(row: int) -> Motif:
    """Return a motif, and the same object next time, for what is cached by motif."""
    database = _database()
    entry, start = database.entries[row], database.ends[row - 1] if row else 0
    return Motif(entry.name, database.counts[start : database.ends[row]], entry.id)


# Dashes, colons, and capital Cyrillic and Greek letters that look like Latin ones.
_LOOK_ALIKE = str.maketrans(
    dict.fromkeys("‐‑‒–—−", "-")
    | {"∷": "::", "∶": ":"}
    | dict(zip("АВЕКМНОРСТХ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEKMHOPCTX" + "ABEZHIKMNOPTX", strict=True))
)


def _plain(text: str) -> str:
    """Normalise a name or id, except for case: no name in JASPAR has a space."""
    # Format characters, such as a byte-order mark or a zero-width space, are removed, too.
    seen = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return "".join("".join(seen).translate(_LOOK_ALIKE).split())


def _unknown(wanted: str, written: str) -> str:
    shown = quoted(written, 40)
    if _ID.fullmatch(wanted):
        base = wanted.upper().partition(".")[0]
        near = [entry.id for entry in _database().entries if entry.base == base]
        hint = f"; its versions are {', '.join(near)}" if near else ""
        return f"The id {shown} is not in JASPAR 2026 CORE{hint}."
    names = {name: entry.name for name, _, entry in reversed(_database().by_name)}
    near = [entry.name.lower() for entry in search(wanted, limit=5)]
    near += difflib.get_close_matches(wanted[:40].lower(), names, n=5)
    offered = [names[name] for name in dict.fromkeys(near)][:5]
    hint = f"; similar names are {', '.join(offered)}" if offered else ""
    return f"The name {shown} is not in JASPAR 2026 CORE{hint}."


def jaspar_names() -> list[str]:
    """Names of vertebrate motifs, each once, to suggest while typing.

    Those of all taxa would send 25 KB more for each field; their names can be typed.

    >>> len(jaspar_names()) > 500
    True
    """
    entries = _database().newest.values()
    return sorted({entry.name for entry in entries if entry.taxon == "vertebrates"}, key=str.lower)

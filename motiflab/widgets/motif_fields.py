"""Fields in which a learner names a motif: one from JASPAR or one of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motiflab.motifs import Motif, find_motif, own_collection, own_motif
from motiflab.motifs.jaspar import jaspar_names
from motiflab.motifs.own_motifs import LONGEST, own_summary
from motiflab.widgets.fields import blame, declared, lines, text

_HELP = "A JASPAR name or id, such as GATA2 or MA0036, or the name of one of your own motifs"


def motif_name(default: str, label: str = "Motif", help: str = _HELP, **more: Any) -> Any:
    """Make the field for a name; `NamesMotifs.motif_of` gives the motif."""
    return text(default, label, jaspar_names, help=help, **more)


def own_motifs(**more: Any) -> Any:
    """Make the field `own` for the text of a learner's own motifs."""
    return lines(
        "My motifs",
        own_summary,
        longest=LONGEST,
        help="Paste motifs as MEME, JASPAR, HOMER or TRANSFAC text, or choose a file; then type "
        "the name of one in the field Motif",
        **more,
    )


class NamesMotifs:
    """Methods of a state with a field `own` and fields made by `motif_name`."""

    def motif_of(self, field: str) -> Motif:
        """Return the motif that a field names; an error is blamed on that field."""
        with blame(field):
            return find_motif(getattr(self, field), self.own)

    def follow(self, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """Select a new motif if it is the only one, and reset the names of removed motifs."""
        if not isinstance(changes.get("own"), str):
            return changes
        try:
            own = own_collection(changes["own"])
        except ValueError:  # the state itself says so
            return changes
        names, first = own.names if own else (), type(self)()
        followed = dict(changes)
        for field, declaration in declared(self).items():
            if declaration.suggestions is not jaspar_names or field in changes:
                continue
            name = getattr(self, field)
            gone = own_motif(name, self.own) and not own_motif(name, changes["own"])
            if gone or (field == "motif" and len(names) == 1):
                of_own = names and field == "motif"
                followed[field] = names[0] if of_own else getattr(first, field)
        return followed

"""Scenes: all choices of an explorer in one short line of text.

    MotifExplorer/1?motif=CTCF&strand=-&lock=pseudocount#5c1f09d2

It has the name of the explorer and the version of its scenes (`CardState.meant_before`), the fields
that differ from the default (URL quoted), the controls that a teacher locked or hid, and a checksum
(CRC-32), which detects a cut or altered line. A scene is only read by the validation of the state:
nothing in it is ever evaluated.

A text of many lines may be too long. Then the scene has its checksum (SHA-256) instead, and opens
only where a card has shown the same text before, in the same kernel; the latest 20 such texts are
kept.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from motiflab.widgets.fields import Field, check_names, declared

LONGEST = 4000
_MOST = 2500  # largest number of characters of a text of many lines, quoted
_STAND_IN = re.compile("sha256:[0-9a-f]{16}")
_long: dict[str, str] = {}  # the latest texts that are too long, by their checksum
_KEPT = 20
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LABEL = re.compile(r"^[\W_]*scene\b\W*", re.IGNORECASE)
_AROUND = "\"'`‘’‚“”„«»‹›<>()[]{}.,;*"  # characters that people write around a copied line
LINE = Field(
    "text",
    str,
    "Scene",
    help=(
        "Copy this line to keep or share what you see. To open another scene, paste it here and "
        "press Enter."
    ),
)
"""The line of an explorer's card that holds its scene."""


class Scene(NamedTuple):
    """A scene after reading: a valid state, and the names that are locked and hidden.

    The note says what the choices meant when the scene was made, if that has changed.
    """

    state: Any
    locked: frozenset[str]
    hidden: frozenset[str]
    note: str = ""


def to_scene(name: str, state: Any, locked: Iterable[str] = (), hidden: Iterable[str] = ()) -> str:
    """Write a scene.

    Parameters
    ----------
    name : str
        Name of the explorer.
    state : dataclass
        Its fields made by the functions of `motiflab.widgets.fields`.
    locked, hidden : iterable of str
        Names of fields, or of tools such as a button.

    Examples
    --------
    >>> from motiflab.widgets.fields import CardState, slider
    >>> class State(CardState):
    ...     width: int = slider(12, "Filter width", 1, 40)
    >>> to_scene("Demo", State(width=8), locked=["width"])
    'Demo/1?width=8&lock=width#1ccdbc64'
    >>> from_scene('Demo/1?width=8&lock=width#1ccdbc64', "Demo", State).state
    State(width=8)
    """
    # Only fields that differ from the default are written, so that lines stay short.
    default = type(state)()
    parts = {
        name: _as_text(field, getattr(state, name))
        for name, field in declared(state).items()
        if getattr(state, name) != getattr(default, name)
    }
    for key, fields in (("lock", locked), ("hide", hidden)):
        if fields:
            parts[key] = ",".join(sorted(fields))
    body = f"{name}/{_version(state)}?{urlencode(parts, quote_via=quote, safe=',;')}"
    return f"{body}#{_checksum(body)}"


def from_scene(text: str, name: str, state_class: type, tools: Iterable[str] = ()) -> Scene:
    """Read a scene.

    Parameters
    ----------
    text : str
        At most 4,000 characters. Its label, quotes around it and line breaks in it, which may be
        copied with it, are removed.
    name : str
        Name of the explorer that reads it.
    state_class : type
        Class of its state.
    tools : iterable of str
        Names of its tools, which a scene may lock or hide like fields.

    Raises
    ------
    ValueError
        If the text is too long, is not a scene, was cut or altered, belongs to another explorer,
        was made by a newer version, needs a text that is not here, or has a field or value that
        does not exist.
    """
    if isinstance(text, str):  # remove characters that were copied with the line
        text = "".join(_LABEL.sub("", _UNSEEN.sub(" ", text)).split()).strip(_AROUND)
    if not isinstance(text, str) or len(text) > LONGEST:
        raise ValueError(f"A scene is a text of at most {LONGEST:,} characters.")
    found = re.fullmatch(r"(\w{1,60})/(\d{1,6})\?(.*)#([0-9a-f]{8})", text, re.ASCII)
    if not found or not text.isascii() or _checksum(text.rpartition("#")[0]) != found[4]:
        raise ValueError(
            "This is not a scene, or part of it was lost or changed: copy the whole line again."
        )
    explorer, version, query = found[1], int(found[2]), found[3]
    if explorer != name:
        raise ValueError(f"This scene is for {explorer}, not for {name}.")
    newest = _version(state_class)
    if not 1 <= version <= newest:
        raise ValueError(
            f"This scene has format {version}, but this motiflab reads format {newest}: update "
            "motiflab."
        )
    fields = declared(state_class)
    pairs = parse_qsl(query, keep_blank_values=True)
    parts = dict(pairs)
    # Otherwise the last of two values would silently win.
    if len(parts) < len(pairs):
        raise ValueError("This scene names a control twice.")
    locked, hidden = (
        frozenset(filter(None, parts.pop(key, "").split(","))) for key in ("lock", "hide")
    )
    check_names(name, fields, parts)
    check_names(name, (*fields, *tools), (*locked, *hidden))
    values = {key: fields[key].parse(key, _whole(fields[key], v)) for key, v in parts.items()}
    note = " ".join(state_class.meant_before[version - 1 :])
    return Scene(state_class(**values), locked, hidden, note)


def _version(state: Any) -> int:
    """Version of the scenes of a state, or of its class."""
    return 1 + len(state.meant_before)


def _as_text(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):  # a matrix
        return ";".join(",".join(str(cell).removesuffix(".0") for cell in row) for row in value)
    if field.kind == "lines" and (len(value) > _MOST or len(quote(value)) > _MOST):
        stand_in = f"sha256:{hashlib.sha256(value.encode()).hexdigest()[:16]}"
        _long.pop(stand_in, None)
        _long[stand_in] = value  # the latest come last
        for oldest in list(_long)[:-_KEPT]:
            del _long[oldest]
        return stand_in
    return str(value)


def _whole(field: Field, text: str) -> str:
    """Return the text in a scene, or the long text that its checksum stands for."""
    if field.kind != "lines" or not _STAND_IN.fullmatch(text):
        return text
    if text not in _long:
        raise ValueError(
            f'This scene needs the text that was in "{field.label}", which is too long for a '
            "line. Put it there first, then open the scene."
        )
    return _long[text]


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"

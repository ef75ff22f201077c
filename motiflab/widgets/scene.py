"""Scenes: all the choices of an explorer in one short line of text.

    MotifExplorer/1?motif=CTCF&strand=-&lock=pseudocount#5c1f09d2

Name of the explorer and version of the format; then the fields that differ from the default, URL
quoted; then the controls that a teacher locked or hid; last a checksum (CRC-32), by which a line
that was cut or altered on its way is known. A scene is read by the validation of the state alone:
nothing in it is ever evaluated.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from motiflab.widgets.fields import Field, check_names, declared

VERSION = 1
LONGEST = 4000
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LABEL = re.compile(r"^[\W_]*scene\b\W*", re.IGNORECASE)
_AROUND = "\"'`‘’‚“”„«»‹›<>()[]{}.,;*"  # what people write around a line that they pass on
LINE = Field(
    "text",
    str,
    "Scene",
    help="Copy this line to keep or share what you see; paste another and press Enter to see that.",
)
"""The line of an explorer's card that holds its scene."""


class Scene(NamedTuple):
    """A scene that has been read: a valid state, and the names that are locked and hidden."""

    state: Any
    locked: frozenset[str]
    hidden: frozenset[str]


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
    # Only what differs from the default is written, so that lines stay short.
    default = type(state)()
    parts = {
        field: _as_text(getattr(state, field))
        for field in declared(state)
        if getattr(state, field) != getattr(default, field)
    }
    for key, fields in (("lock", locked), ("hide", hidden)):
        if fields:
            parts[key] = ",".join(sorted(fields))
    body = f"{name}/{VERSION}?{urlencode(parts, quote_via=quote, safe=',;')}"
    return f"{body}#{_checksum(body)}"


def from_scene(text: str, name: str, state_class: type, tools: Iterable[str] = ()) -> Scene:
    """Read a scene.

    Parameters
    ----------
    text : str
        At most 4,000 characters. Its label, quotes around it and line breaks in it, as come along
        when it is copied, are left out.
    name : str
        Name of the explorer that reads it.
    state_class : type
        Class of its state.
    tools : iterable of str
        Names of its tools, which a scene may lock or hide like fields.

    Raises
    ------
    ValueError
        One sentence: the scene is too long, is no scene, was cut or altered, belongs to another
        explorer, was made by a newer version, or names a field or a value that does not exist.
    """
    if isinstance(text, str):  # what people copy along with a line is taken off
        text = "".join(_LABEL.sub("", _UNSEEN.sub(" ", text)).split()).strip(_AROUND)
    if not isinstance(text, str) or len(text) > LONGEST:
        raise ValueError(f"A scene is a text of at most {LONGEST:,} characters.")
    found = re.fullmatch(r"(\w{1,60})/(\d{1,6})\?(.*)#([0-9a-f]{8})", text, re.ASCII)
    if not found or not text.isascii() or _checksum(text.rpartition("#")[0]) != found[4]:
        raise ValueError(
            "This is not a scene, or it was cut or altered on its way: copy all of it again."
        )
    explorer, version, query = found[1], int(found[2]), found[3]
    if explorer != name:
        raise ValueError(f"This scene is for {explorer}, not for {name}.")
    if version != VERSION:
        raise ValueError(
            f"This scene has format {version}, and this motiflab reads format {VERSION}: update it."
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
    values = {key: fields[key].parse(key, value) for key, value in parts.items()}
    return Scene(state_class(**values), locked, hidden)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):  # a matrix
        return ";".join(",".join(str(cell).removesuffix(".0") for cell in row) for row in value)
    return str(value)


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"

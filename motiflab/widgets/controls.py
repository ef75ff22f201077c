"""The controls of a card, and the life of widgets.

`Control` connects a field with its widget, label and message. `Tool` is anything else that a scene
can lock or hide, such as a button. `make`, `share`, `close` and `reopen` make widgets with few
messages, and remove them from the page and bring them back.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from html import escape
from typing import Any

import ipywidgets as widgets

from motiflab.checks import ArgumentError
from motiflab.widgets.fields import Field
from motiflab.widgets.matrix_grid import Grid
from motiflab.widgets.paste_box import PasteBox

LOCKED = "Locked by the teacher"
_FITS = 18  # characters of a menu that half of a narrow card shows
_ANSWER = 2.0  # seconds within which the browser answers a value that we wrote


# Similar widgets share one layout and one style, as each of these costs a message of 2 KB. A
# shared widget belongs to no card: it is never changed, and never closed with a card.
_shared: dict[Any, widgets.Widget] = {}
_closed: set[str] = set()  # ids of widgets that `close` has closed


def shared_layout(**traits: str) -> widgets.Layout:
    """Return the shared layout with these traits."""
    return share((widgets.Layout, *traits.items()), lambda: widgets.Layout(**traits))


def make(widget_class: type, **traits: Any) -> widgets.Widget:
    """Make a widget that shares its layout and style with all others of its class."""
    style_class = widget_class.class_traits()["style"].klass
    style = share(style_class, style_class)
    return widget_class(**{"layout": shared_layout(), "style": style} | traits)


def place(widget: widgets.Widget, visible: bool) -> None:
    """Show or hide a widget."""
    if widget.layout in _shared.values():  # other cards use it, too: it is replaced, not changed
        widget.layout = shared_layout() if visible else shared_layout(display="none")
    else:
        widget.layout.display = None if visible else "none"


def share(key: Any, build: Callable[[], widgets.Widget]) -> widgets.Widget:
    """Return the widget of a key, which all cards share; make it if there is none."""
    # Its comm is None after Widget.close_all().
    if key not in _shared or _shared[key].comm is None:
        _shared[key] = build()
    return _shared[key]


def style_sheet(css: str) -> widgets.Widget:
    """Return the shared widget with this style sheet, which is sent only once."""
    hidden = shared_layout(display="none")
    return share(css, lambda: make(widgets.HTML, value=f"<style>{css}</style>", layout=hidden))


def close(roots: Iterable[widgets.Widget]) -> None:
    """Close widgets and their parts, except those shared with other cards."""
    # A page may still send a last message to a closed widget. The warning about it would appear in
    # the learner's output, but has no meaning.
    logging.getLogger("Comm").addFilter(_is_news)
    for widget in _with_parts(roots):
        if widget not in _shared.values():
            _closed.add(widget.model_id)
            widget.close()


def _is_news(record: logging.LogRecord) -> bool:
    return not (record.args and record.args[0] in _closed)


def reopen(roots: Iterable[widgets.Widget]) -> None:
    """Open the widgets of a closed card again."""
    for widget in reversed(_with_parts(roots)):  # parts must exist before their parents
        if widget.comm is None:
            vars(widget).pop("_repr_mimebundle_", None)  # `close` took away the class's own
            widget.open()


def _with_parts(roots: Iterable[widgets.Widget]) -> list[widgets.Widget]:
    """List widgets and their parts, each once and before its parts."""
    found: dict[widgets.Widget, None] = {}
    todo = list(roots)
    for widget in todo:
        found.pop(widget, None)  # reached again: it must come after this parent, too
        found[widget] = None
        for name in widget.keys:
            value = getattr(widget, name)
            parts = value if isinstance(value, (list, tuple)) else [value]
            todo += [part for part in parts if isinstance(part, widgets.Widget)]
    return list(found)


class Control:
    """The control of one field.

    Parameters
    ----------
    name : str
        Name of the field in the state.
    field : Field
    value
        What it shows at first.
    """

    def __init__(self, name: str, field: Field, value: Any) -> None:
        self.name, self.field = name, field
        self.message = ""
        self._locked = False
        self._typed = field.kind == "number"
        self._written: dict[Any, float] = {}  # what the browser was told, and when
        self.widget = _MAKERS[field.kind](
            field,
            value,
            description=self._label(),
            description_allow_html=True,
            tooltip=field.help or None,
        )

    def read(self) -> Any:
        """Return the shown value; raises `ArgumentError` if it is invalid."""
        value = self.widget.value
        if self._typed:
            return self.field.parse(self.name, value)
        if isinstance(self.widget, Grid):
            value = self.field.tidy(value)
            self.field.check(self.name, value)
        if isinstance(self.widget, widgets.FloatSlider):
            # The browser counts in steps: 0.1 + 0.2, and 4e-15 instead of 0 (+ 0.0: not -0).
            return round(float(f"{value:.10g}"), 12) + 0.0
        return value

    def write(self, value: Any) -> None:
        """Show a value; a text that already has this value stays as typed."""
        try:
            if self.read() == value:
                return
        except ArgumentError:
            pass
        if isinstance(self.widget, widgets.IntSlider) and value > self.widget.max:
            self.widget.max = value  # an explorer may have let it end earlier
        if isinstance(self.widget, widgets.FloatSlider):
            self._written[value] = time.monotonic()
        self.widget.value = str(value) if self._typed else value

    def echoes(self, latest: Any) -> bool:
        """Return whether the shown value is the browser's answer to an older value than the latest.

        The browser counts the steps of a slider and sends back its result: 0.2999999999999998 for
        0.3. Until it receives another message, it drops the next value that we wrote.
        """
        if not isinstance(self.widget, widgets.FloatSlider) or latest not in self._written:
            return False
        soon = time.monotonic() - _ANSWER
        self._written = {value: at for value, at in self._written.items() if at > soon}
        return self.read() != latest and self._written.pop(self.read(), None) is not None

    def say(self, message: str, kind: str = "error") -> None:
        """Show a sentence beside the control, or remove it if it is empty; it is escaped.

        The sentence is in the label, so that a screen reader says it with the control's name.
        """
        self.message = message
        self.widget.description = self._label(kind)

    def lock(self) -> None:
        """Show the value without letting anyone change it."""
        self._locked = True
        self.widget.disabled = True
        self.widget.tooltip = LOCKED
        self.say(self.message)

    def _label(self, kind: str = "error") -> str:
        label = escape(self.field.label)
        if self._locked:
            label += ' <span class="motiflab-locked">locked</span>'
        # The label's sanitizer lets no role through; $ would start a formula.
        shown = escape(self.message).replace("$", "&#36;")
        shown = f'<span class="motiflab-{kind}">{shown}</span>' if shown else ""
        return f'{label}<span aria-live="polite">{shown}</span>'

    def place(self, visible: bool) -> None:
        """Show or hide the control."""
        place(self.widget, visible)


def _slider(field: Field, value: Any, **common: Any) -> widgets.Widget:
    if field.type is int:
        kind = widgets.IntSlider
        shown = "d"
    else:
        digits = max(0, -int(Decimal(str(field.step)).as_tuple().exponent))
        kind = widgets.FloatSlider
        shown = f".{digits}f"
    common |= {"min": field.low, "max": field.high, "step": field.step, "readout_format": shown}
    return make(kind, value=value, continuous_update=not field.patient, **common)


def _choice(field: Field, value: Any, **common: Any) -> widgets.Widget:
    lengths = [len(words) for words, _ in field.options]
    kind = widgets.RadioButtons if sum(lengths) <= 26 else widgets.Dropdown
    wide = ("motiflab-wide",) if kind is widgets.Dropdown and max(lengths) > _FITS else ()
    return make(kind, options=field.options, value=value, _dom_classes=wide, **common)


def _toggle(field: Field, value: Any, **common: Any) -> widgets.Widget:
    return make(widgets.Checkbox, value=value, indent=False, **common)


def _text(field: Field, value: Any, **common: Any) -> widgets.Widget:
    # Numbers are typed into a text box, too: BoundedIntText silently replaces a bad number.
    common |= {"value": str(value), "continuous_update": False}
    if field.suggestions is None:
        return make(widgets.Text, **common)
    return make(widgets.Combobox, options=tuple(field.suggestions()), **common)


def _lines(field: Field, value: Any, **common: Any) -> widgets.Widget:
    del common["description_allow_html"]  # this box always takes HTML
    return PasteBox(value=value, most=field.longest, layout=shared_layout(), **common)


def _matrix(field: Field, value: Any, **common: Any) -> widgets.Widget:
    common |= {name: getattr(field, name) for name in ("low", "high", "step", "rows", "fill")}
    del common["description_allow_html"]  # a grid always takes HTML
    return Grid(value=value, layout=shared_layout(), **common)


_MAKERS: dict[str, Callable[..., widgets.Widget]] = {
    "slider": _slider,
    "number": _text,
    "choice": _choice,
    "toggle": _toggle,
    "text": _text,
    "lines": _lines,
    "matrix": _matrix,
}


class Tool:
    """A button, or several related widgets, which a scene locks and hides together.

    Parameters
    ----------
    name : str
        Name in a scene; empty if it is always shown, such as the progress of a training.
    *members : Widget
        The widgets, in order.
    inside : iterable of Widget
        Widgets inside the members, now or later.

    Attributes
    ----------
    widgets : tuple of Widget
        The members and what is inside.
    """

    def __init__(
        self, name: str, *members: widgets.Widget, inside: Iterable[widgets.Widget] = ()
    ) -> None:
        self.name, self.members = name, members
        self.widgets = (*members, *inside)
        self._usable = [w for w in self.widgets if w.has_trait("disabled")]  # no labels
        self._locked = False

    def enable(self, able: bool, hint: str) -> None:
        """Enable or disable it; the tooltip says what it does or why it is disabled."""
        if not self._locked:
            self._set(not able, hint)

    def lock(self) -> None:
        """Disable it permanently."""
        self._locked = True
        self._set(True, LOCKED)
        for widget in self._usable:
            widget.add_class("motiflab-locked-tool")

    def place(self, visible: bool) -> None:
        """Show or hide it."""
        for widget in self.members:
            place(widget, visible)

    def _set(self, disabled: bool, hint: str) -> None:
        for widget in self._usable:
            widget.disabled = disabled
            # An anywidget shows its own hint: a `tooltip` would need a `description`, too.
            setattr(widget, "hint" if widget.has_trait("hint") else "tooltip", hint)


class Progress:
    """A progress bar, `widget`, with words beside it.

    Parameters
    ----------
    name : str
        What progresses, for a screen reader.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.widget = make(widgets.HTML)

    def show(self, done: int, total: int, words: str = "", trouble: str = "") -> None:
        """Show the progress, words and an error message; a total of 0 means unknown."""
        far = f" max='{total}' value='{done}'" if total else ""
        error = f"<div class='motiflab-error' role='alert'>{escape(trouble)}</div>"
        self.widget.value = (
            f"<progress{far} aria-label='{self._name}'></progress> "
            f"{escape(words)}{error if trouble else ''}"
        )

    def clear(self, words: str = "") -> None:
        """Show words without a bar."""
        self.widget.value = escape(words)


def button(words: str, press: Callable[[], None], hint: str | None = None) -> widgets.Button:
    """Make a button that calls `press`, without arguments."""
    made = make(widgets.Button, description=words, tooltip=hint)
    made.on_click(lambda _: press())
    return made

"""What stands on a card beside the controls of its state, under names that a scene can use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

import ipywidgets as widgets

from motiflab.explorers.controls import LOCKED, make, place


class Tool:
    """A button, or several widgets that belong together, which a scene locks and hides as one.

    Parameters
    ----------
    name : str
        As in a scene; empty for what is always shown, such as how far a training is.
    *members : Widget
        In order.
    inside : iterable of Widget
        What a member holds, now or later.

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
        """Let it be used or not, and say in the tooltip what it does or why it cannot be used."""
        if not self._locked:
            self._set(not able, hint)

    def lock(self) -> None:
        """Let nobody use it from now on."""
        self._locked = True
        self._set(True, LOCKED)
        for widget in self._usable:
            widget.add_class("motiflab-locked-tool")

    def place(self, visible: bool) -> None:
        """Show it on the card, or leave it out."""
        for widget in self.members:
            place(widget, visible)

    def _set(self, disabled: bool, hint: str) -> None:
        for widget in self._usable:
            widget.disabled = disabled
            # An anywidget shows its own hint: a `tooltip` would need a `description`, too.
            setattr(widget, "hint" if widget.has_trait("hint") else "tooltip", hint)


class Progress:
    """How far something is: a bar, with words beside it.

    Parameters
    ----------
    name : str
        What it is the progress of, for a screen reader.

    Attributes
    ----------
    widget : ipywidgets.HTML
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.widget = make(widgets.HTML)

    def show(self, done: int, total: int, words: str, trouble: str = "") -> None:
        """Show how much is done, in words, and what went wrong; a total of 0 is not known yet."""
        far = f" max='{total}' value='{done}'" if total else ""
        error = f"<div class='motiflab-error' role='alert'>{escape(trouble)}</div>"
        self.widget.value = (
            f"<progress{far} aria-label='{self._name}'></progress> "
            f"{escape(words)}{error if trouble else ''}"
        )

    def clear(self, words: str = "") -> None:
        """Show words without a bar."""
        self.widget.value = escape(words)


def undo_all(press: Callable[[], None]) -> Tool:
    """Make the button that takes all changes back."""
    hint = "Back to the first choices"
    button = make(widgets.Button, description="Undo all changes", tooltip=hint)
    button.on_click(lambda _: press())
    return Tool("undo", button)

"""Base class of controls drawn by our own scripts in the browser."""

from __future__ import annotations

from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets


class ScriptedControl(anywidget.AnyWidget):
    """A control with the interface of an ipywidgets control; a subclass adds `value`.

    Attributes
    ----------
    description, tooltip : str
        The label, as HTML, and the tooltip.
    disabled, shown : bool
    """

    description = traitlets.Unicode().tag(sync=True)
    tooltip = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    disabled = traitlets.Bool().tag(sync=True)
    shown = traitlets.Bool(True).tag(sync=True)

    @traitlets.observe("layout")
    def _placed(self, change: Any) -> None:
        # The view of an anywidget does not follow a replaced layout.
        if isinstance(change.new, widgets.Layout):
            self.shown = change.new.display != "none"

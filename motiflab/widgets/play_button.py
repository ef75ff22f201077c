"""A play button that moves a slider automatically, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from motiflab.widgets.fields import declared

if TYPE_CHECKING:
    from motiflab.widgets.explorer import Explorer

# The page asks for a step only when the last one was answered, so a slow connection plays slowly
# instead of falling behind.
_SCRIPT = """
function render({model, el}) {
    const button = document.createElement("button");
    let timer;
    button.className = "jupyter-button widget-button";
    el.append(button);
    const show = () => {
        button.disabled = model.get("disabled");
        const playing = model.get("playing");
        button.textContent = (playing ? "\\u25a0 Stop" : "\\u25b6 " + model.get("label"));
        button.title = model.get("hint");  // "tooltip" would need a "description", too
        button.setAttribute("aria-pressed", playing);
    };
    const next = () => {
        clearTimeout(timer);
        if (!model.get("playing")) return;
        timer = setTimeout(() => {
            if (!model.get("playing")) return;
            model.set("asked", model.get("asked") + 1);
            model.save_changes();
        }, model.get("interval"));
    };
    button.addEventListener("click", () => {
        model.set("playing", !model.get("playing"));
        model.save_changes();
    });
    model.on("change:playing", () => { show(); next(); });
    model.on("change:disabled change:hint", show);
    model.on("change:answered", next);
    show();
    return () => clearTimeout(timer);
}

export default {render};
"""


class Player(anywidget.AnyWidget):
    """A button that moves a slider of whole numbers to its end.

    Playing begins at the current value, or from the lower end if the slider is at the upper end.
    It stops at the end, at a second press, and when the explorer refuses a value.

    Parameters
    ----------
    explorer : Explorer
        The explorer in whose `toolbar` the button is.
    field : str
        A slider of whole numbers.
    label : str
        Text of the button, after a triangle.
    seconds : float
        Shortest time from one step to the next.
    last : callable, optional
        Returns the value to stop at, if that can be less than the slider's upper end.
    by : int
        Steps of the slider in one step of the player.

    Attributes
    ----------
    playing : bool
    disabled : bool
        If true, the button cannot be used.
    """

    _esm = _SCRIPT
    label = traitlets.Unicode("Play").tag(sync=True)
    hint = traitlets.Unicode().tag(sync=True)
    interval = traitlets.Int().tag(sync=True)
    playing = traitlets.Bool().tag(sync=True)
    disabled = traitlets.Bool().tag(sync=True)
    asked = traitlets.Int().tag(sync=True)
    answered = traitlets.Int().tag(sync=True)

    def __init__(
        self,
        explorer: Explorer,
        field: str,
        label: str = "Play",
        seconds: float = 0.6,
        last: Callable[[], int] | None = None,
        by: int = 1,
    ) -> None:
        slider = declared(explorer.State)[field]
        super().__init__(
            label=label,
            hint=f"Move {slider.label} step by step to its end",
            interval=round(1000 * seconds),
        )
        self._explorer, self._field, self._slider = explorer, field, slider
        self._last = last or (lambda: int(slider.high))
        self._by = by * int(slider.step)
        self.observe(lambda _: explorer.at_home(self._move, True), "playing")
        self.observe(lambda _: explorer.at_home(self._move, False), "asked")

    def close(self) -> None:
        """Stop playing, and remove the button from the page."""
        self.playing = False
        super().close()

    def _move(self, begins: bool) -> None:
        """Go one step forward; from the end, start again at the lower end."""
        now, last = getattr(self._explorer.state, self._field), self._last()
        if self.disabled:  # locked, perhaps while it played
            self.playing = False
        elif self.playing:
            again = begins and now >= last
            self._go(self._slider.low if again else min(now + self._by, last))

    def _go(self, value: Any) -> None:
        try:
            self._explorer.set(**{self._field: int(value)})
        except ValueError:  # shown beside the control
            self.playing = False
        except Exception:
            self.playing = False
            raise
        if value >= self._last():
            self.playing = False
        self.answered = self.asked
        self.send_state("answered")  # also when it was 0 before

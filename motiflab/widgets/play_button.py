"""A button that moves a slider by itself, step by step, so that the learner can watch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from motiflab.widgets.fields import declared

if TYPE_CHECKING:
    from motiflab.widgets.explorer import Explorer

# The page keeps the time, and asks for a step only when the last one was answered: a slow
# connection then plays slowly instead of falling behind.
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
    """A button that plays a whole number of an explorer up to the end of its slider.

    Playing begins where the slider stands, or from the lower end if it stands at the upper one.
    It stops at the end, at a second press, and where the explorer refuses a value.

    Parameters
    ----------
    explorer : Explorer
        The one in whose `toolbar` the button stands.
    field : str
        A slider of whole numbers.
    label : str
        What the button says, after a triangle.
    seconds : float
        From one step to the next, at least.
    last : callable, optional
        Gives the value to stop at, if that can be less than the slider's upper end.
    by : int
        Steps of the slider in one step of the player.

    Attributes
    ----------
    playing : bool
    disabled : bool
        Once true, it plays no more.
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
        """Stop playing, and leave the page."""
        self.playing = False
        super().close()

    def _move(self, begins: bool) -> None:
        """Go one step on; playing that begins at the end starts again from the lower end."""
        now, last = getattr(self._explorer.state, self._field), self._last()
        if self.disabled:  # locked, perhaps while it played
            self.playing = False
        elif self.playing:
            again = begins and now >= last
            self._go(self._slider.low if again else min(now + self._by, last))

    def _go(self, value: Any) -> None:
        try:
            self._explorer.set(**{self._field: int(value)})
        except ValueError:  # it stands beside the control
            self.playing = False
        except Exception:
            self.playing = False
            raise
        if value >= self._last():
            self.playing = False
        self.answered = self.asked
        self.send_state("answered")  # also when it was 0 before

"""Send what one change alters in several widgets as one message, so that it is painted at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import ipywidgets as widgets

# For `initialize` of the carrier, as its views may be gone while the models must follow. A script
# is loaded after the models are there, and a message before that is lost: so the page says when.
PASS_ON = """
function passOn({model}) {
    const manager = model.widget_manager;
    model.on("msg:custom", ({states}) => Promise.all(
        Object.entries(states).map(async ([id, state]) => {
            const part = await manager.get_model(id);
            part.set_state(await part.constructor._deserialize_state(state, manager));
        })));
    model.send("ready");
}
"""


class Together:
    """Collects the changes of several widgets and sends them in one message.

    Each message costs the kernel, the server and the page a millisecond or more, and the page may
    paint after each.

    Parameters
    ----------
    carrier : Widget
        The widget that receives the message; its script calls `passOn` of `PASS_ON`. Until a page
        has said that it listens, each widget sends its own message.
    parts : callable
        Returns the widgets, in the order in which they change on the page. A change of any other
        widget is sent immediately.
    run : callable
        Runs a function on the thread of the cell.
    """

    def __init__(
        self,
        carrier: widgets.Widget,
        parts: Callable[[], Iterable[widgets.Widget]],
        run: Callable[[Callable[[], None]], None],
    ) -> None:
        self._carrier, self._parts = carrier, parts
        self._heard = False
        carrier.on_msg(lambda *_: run(self._listened_to))

    def _listened_to(self) -> None:
        if self._heard:  # this page came later, and may have missed messages to the first
            self._send({part: part.keys for part in self._parts()})
        self._heard = True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the changes of the block and send them at its end, also after an error."""
        parts = list(self._parts())
        with ExitStack() as stack:
            for part in parts:
                stack.enter_context(part.hold_sync())
            try:
                yield
            finally:
                if self._heard:
                    changed = {part: set(part._states_to_send) for part in parts}
                    for part in parts:  # or each would send its own message now
                        part._states_to_send.clear()
                    self._send(changed)

    def _send(self, traits: Mapping[widgets.Widget, Iterable[str]]) -> None:
        states = {part.model_id: part.get_state(names) for part, names in traits.items() if names}
        if states:
            self._carrier.send({"states": states})

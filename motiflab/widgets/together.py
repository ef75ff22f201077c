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
        changed: dict[widgets.Widget, set[str]] = {part: set() for part in self._parts()}
        with ExitStack() as stack:  # left in reverse: the widgets report, then all is sent
            stack.callback(self._send, changed)
            for part, names in changed.items():
                if self._heard:
                    stack.enter_context(_reporting(part, names))
                stack.enter_context(part.hold_sync())
            yield

    def _send(self, traits: Mapping[widgets.Widget, Iterable[str]]) -> None:
        states = {part.model_id: part.get_state(names) for part, names in traits.items() if names}
        if states:
            self._carrier.send({"states": states})


@contextmanager
def _reporting(part: widgets.Widget, names: set[str]) -> Iterator[None]:
    """Let a widget add what changed to some names instead of sending it when it is released."""
    part.send_state = names.update  # for this widget alone, in place of its class's method
    try:
        yield
    finally:
        del part.send_state

"""Send what one change alters in several widgets as one message, so that it is painted at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

import ipywidgets as widgets

# For `initialize` of the widget that carries the message: its views may be gone, but the state of
# all models must follow. The states are set as those of any message from the kernel.
PASS_ON = """
function passOn({model}) {
    const manager = model.widget_manager;
    model.on("msg:custom", ({states}) => Promise.all(
        Object.entries(states ?? {}).map(async ([id, state]) => {
            const part = await manager.get_model(id);
            part.set_state(await part.constructor._deserialize_state(state, manager));
        })));
}
"""


@contextmanager
def together(carrier: widgets.Widget, parts: Iterable[widgets.Widget]) -> Iterator[None]:
    """Send the changes of the block in one message, in the order of the parts.

    Each message costs the kernel, the server and the page a millisecond or more, and the page may
    paint after each.

    Parameters
    ----------
    carrier : Widget
        The widget that receives the message; its script calls `passOn` of `PASS_ON`.
    parts : iterable of Widget
        The widgets whose changes wait for the end of the block. A change of any other widget is
        sent immediately.
    """
    parts = list(parts)
    with ExitStack() as held:
        for part in parts:
            held.enter_context(part.hold_sync())
        try:
            yield
        finally:
            states = {}
            for part in parts:
                # Else each part sends its own at the end of `hold_sync`.
                if changed := set(part._states_to_send):
                    part._states_to_send.clear()
                    states[part.model_id] = part.get_state(changed)
            if states:
                carrier.send({"states": states})

"""The base of every card: controls, pictures, readout and scene around three pure functions.

A card needs a state, a result, the functions `compute`, `draw` and `describe`, and a class that
names them. This is a complete card:

>>> from motiflab.widgets import CardResult, CardState, Explorer, slider
>>> class WordState(CardState):
...     width: int = slider(3, "Filter width K", 1, 12, help="In bases")
>>> class WordResult(CardResult):
...     words: int
>>> def compute(state):
...     return WordResult(state, words=4**state.width)
>>> def draw(result, uid):
...     return {"bar": f"<meter max='12' value='{result.state.width}'>{result.words}</meter>"}
>>> def describe(result):
...     return f"<p>4<sup>{result.state.width}</sup> = <b>{result.words:,}</b> words</p>"
>>> class WordExplorer(Explorer):
...     State = WordState
...     title = "How many words can a filter tell apart?"
...     goal = "find the first width with over a million words."
...     compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)

The last line of a cell displays it. Code, the controls and a pasted scene all change it in the
same way:

>>> card = WordExplorer(width=9)
>>> card.set(width=10)
>>> card.readout.html
'<p>4<sup>10</sup> = <b>1,048,576</b> words</p>'
>>> card.scene
'WordExplorer/1?width=10#d4883fad'
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

import ipywidgets as widgets

from motiflab.checks import ArgumentError
from motiflab.figures import Drawn, still_svg, still_text
from motiflab.widgets import cells
from motiflab.widgets.card import STYLE, box, column, heading
from motiflab.widgets.chart import Chart, LightFigure
from motiflab.widgets.controls import (
    Control,
    Tool,
    button,
    close,
    make,
    reopen,
    shared_layout,
    style_sheet,
)
from motiflab.widgets.fields import check_names, declared
from motiflab.widgets.folds import CopyButton, Fold
from motiflab.widgets.live_picture import LivePicture
from motiflab.widgets.live_text import LiveText
from motiflab.widgets.saved import with_still
from motiflab.widgets.scene import LINE, from_scene, to_scene
from motiflab.widgets.together import Together


class NotReady(Exception):
    """Raised by `Explorer.compute` if the result will come later, by itself."""


class NotInstalled(ValueError):
    """Raised by `Explorer.computed` if a state needs a package that is not installed."""


class Explorer:
    """Base class of every card: joins a state, a pure computation and pure drawings.

    A subclass gives the class attributes, and `compute`, `draw` and `describe` as static methods
    (pure functions of its module). A card that changes its pictures by itself, such as a training,
    calls `show` and `tell` at any time. A card with buttons overrides `toolbar` and `tools`.
    `CardState.idle` says which controls have no effect with the current choices.

    Parameters
    ----------
    title, goal : str, optional
        A heading for this card only, instead of those of its class. A scene does not store them.
    locked, hidden : iterable of str
        Fields whose control is disabled or hidden; also names of `tools`. Only the buttons of a
        tool are locked: code can still do the same.
    **changes
        Fields of the state that differ from the default.

    Attributes
    ----------
    State : type
        A subclass of `CardState`, which checks itself.
    title, goal : str
        The question of the card, and the goal to reach.
    rows : tuple of tuple of str
        Names of pictures that are side by side; a picture in no row has its own. Rows are in the
        order in which their pictures are first shown.
    numbers : tuple of str
        Names of pictures, such as tables, that are under Show numbers.
    tools : tuple of str
        Names of other parts that a scene can lock and hide: those of `toolbar`, the button that
        undoes all changes, and the line of the scene.
    state, result
        The current state and its result from `compute`.
    uid : str
        Different for every explorer; see `draw`.
    figures : dict
        The current pictures, by name: SVG or HTML, or `Chart`.
    controls : dict
        The widgets, by the name of the field.
    at_home : callable
        Runs an action on the explorer's own thread; for callbacks of widgets.
    widget : ipywidgets.VBox
        The card; the last line of a cell displays it.
    """

    State: ClassVar[type]
    title: str
    goal: str
    rows: ClassVar[tuple[tuple[str, ...], ...]] = ()
    numbers: ClassVar[tuple[str, ...]] = ()
    tools: ClassVar[tuple[str, ...]] = ("undo", "scene")

    def __init__(
        self,
        *,
        title: str = "",
        goal: str = "",
        locked: Iterable[str] = (),
        hidden: Iterable[str] = (),
        **changes: Any,
    ) -> None:
        self.title, self.goal = title or self.title, goal or self.goal
        # First, so that later calls from other threads are sent to the thread of this cell.
        self.at_home = Home().run
        self._lock = threading.RLock()
        cells.clear()
        fields = declared(self.State)
        check_names(type(self).__name__, fields, changes)
        check_names(type(self).__name__, (*fields, *self.tools), (*locked, *hidden))
        self.state = self.State(**self.State().follow(changes))
        self.locked = self.hidden = self._away = frozenset()
        self.figures: dict[str, str | Chart] = {}
        self.readout = LiveText()
        self.uid = f"m{self.readout.model_id[:6]}"
        self._views: dict[str, widgets.Widget] = {}
        # A control keeps showing a refused value: it may become valid after the next change.
        self._refused: dict[str, Any] = {}
        self._blamed: dict[str, str] = {}  # the control that shows the message
        first = dataclasses.asdict(self.state)
        self._controls = {name: Control(name, fields[name], first[name]) for name in fields}
        self.controls = {name: control.widget for name, control in self._controls.items()}
        self._scene = Control("scene", LINE, "")
        self._together = Together(self.readout, self._outputs, self.at_home)
        self._pictures, self._numbers = box("pictures"), box("numbers")
        self._more, self._opens_numbers, self._share = (
            Fold(label=label, part=part, layout=shared_layout())
            for label, part in (("More", "more"), ("Show numbers", "numbers"), ("Share", "share"))
        )
        self.widget = self._card()
        try:
            self._mark(locked, hidden)
            try:
                self.result = self.computed(self.state)
                with self._pictures.hold_sync():  # one message for all added pictures
                    self.redraw()
            except NotInstalled as error:  # other choices may work
                self.result = None
                self.tell(f"<p>{error}</p>")
        except BaseException:  # refused or interrupted: nobody else can close this card
            close(self._roots)
            raise
        self._scene.write(self.scene)
        for name, control in self._controls.items():
            control.widget.observe(lambda _, name=name: self.at_home(self._moved, name), "value")
        self._scene.widget.observe(lambda _: self.at_home(self._scene_typed), "value")
        cells.made(self)

    # -- for a subclass ---------------------------------------------------------------------

    def compute(self, state: Any) -> Any:
        """Compute the result of a state. Raises `ValueError` to refuse the state."""
        raise NotImplementedError

    def computed(self, state: Any) -> Any:
        """Compute the result of a state; without a package that it needs, the state is refused."""
        try:
            return self.compute(state)
        except ModuleNotFoundError as error:
            raise NotInstalled(complaint(error)) from error

    def draw(self, result: Any, uid: str) -> dict[str, str | Chart]:
        """Draw the result: SVG, HTML or a `Chart` by name; `uid` is for the ids in an SVG."""
        raise NotImplementedError

    def describe(self, result: Any) -> str:
        """Describe the result as HTML: the formula with its numbers and a sentence."""
        raise NotImplementedError

    def toolbar(self) -> list[Tool]:
        """Return the buttons and other tools for a row under the goal; `tools` has their names."""
        return []

    def redraw(self) -> None:
        """Show `result`: called after every change."""
        # First everything that can fail, then the display: a card never shows half of a result.
        pictures, words = self.draw(self.result, self.uid), self.describe(self.result)
        self.put_away(self.state.idle())
        for name, picture in pictures.items():
            self.show(name, picture)
        for name, control in self._controls.items():
            if control.field.read and not control.message:
                control.say(control.field.read(getattr(self.state, name)), "note")
        self.tell(words)

    # -- the way in -------------------------------------------------------------------------

    def set(self, **changes: Any) -> None:
        """Change one or more fields at once, with one computation and one message per picture.

        Raises
        ------
        ValueError
            One sentence, which is also shown beside the control: the field does not exist or is
            locked, its value is invalid, or the values are incompatible. After any error the state
            and the pictures are unchanged.
        """
        check_names(type(self).__name__, declared(self.State), changes)
        with self._complaining(next(iter(changes), "")):
            self._change(changes)

    def say(self, field: str, message: str, kind: str = "error") -> None:
        """Show a sentence beside a control (`kind` "error" or "note"); an empty one removes it."""
        control = self._controls[field]
        control.say(message, kind)
        self.readout.alarm = message
        if message and kind == "error" and control.field.rare:
            self._more.opened = True

    def show(self, name: str, picture: str | Chart) -> None:
        """Show a picture in the place with this name, which is made on first use."""
        self.figures[name] = picture
        view = self._views.get(name)
        if view is None:
            self._views[name] = view = self._view(name, picture)
            self._place(name).children += (view,)
        elif isinstance(view, LightFigure):
            view.refresh(*picture)
        else:
            view.value = picture

    def tell(self, html: str) -> None:
        """Replace the readout."""
        self.readout.html = html

    def put_away(self, fields: Iterable[str]) -> None:
        """Hide the controls of these fields, which have no effect now, and show the others."""
        self._away = frozenset(fields)
        seen = self._controls.keys() - self._away - self.hidden
        for name, control in self._controls.items():
            control.place(name in seen)
        self._more.shown = any(self._controls[name].field.rare for name in seen)

    def close(self) -> None:
        """Remove the card from every page and stop its work; the last valid result is kept.

        It happens automatically when no cell shows the card any more. If the last line of a cell
        shows it again, the card comes back in the same state.
        """
        close(self._roots)

    def start_from(self, changes: Mapping[str, Any]) -> None:
        """Set these fields except locked ones; an error is shown beside its control."""
        free = {name: value for name, value in changes.items() if name not in self.locked}
        with self._complaining(next(iter(free), ""), quietly=True):
            self._change(free)

    def starting_button(
        self, words: str, changes: Callable[[], Mapping[str, Any]], hint: str | None = None
    ) -> widgets.Button:
        """Make a button for `toolbar` that applies some changes when it is pressed."""

        def press() -> None:
            self.at_home(self._by_hand, lambda: self.start_from(changes()))

        return button(words, press, hint)

    def starting_buttons(
        self, starts: Mapping[str, Mapping[str, Any]], hint: str | None = None
    ) -> Tool:
        """Make the tool "examples": a button for each named situation to start from."""
        buttons = [
            self.starting_button(name, partial(dict, changes), hint)
            for name, changes in starts.items()
        ]
        return Tool("examples", make(widgets.Label, value="Start from:"), *buttons)

    # -- scenes -----------------------------------------------------------------------------

    @property
    def scene(self) -> str:
        """The whole state in one line of text, with locked and hidden controls."""
        return to_scene(type(self).__name__, self.state, self.locked, self.hidden)

    @classmethod
    def from_scene(cls, text: str) -> Explorer:
        """Make an explorer from a scene; raises `ValueError` if the text is not a scene."""
        scene = from_scene(text, cls.__name__, cls.State, cls.tools)
        made = cls(locked=scene.locked, hidden=scene.hidden, **dataclasses.asdict(scene.state))
        made._scene.say(scene.note, "note")
        return made

    def load(self, text: str) -> None:
        """Load a scene; locked fields must have the same value in it.

        Raises
        ------
        ValueError
            One sentence, which is also shown beside the line of the scene.
        """
        try:
            scene = from_scene(text, type(self).__name__, self.State, self.tools)
            self._change(dataclasses.asdict(scene.state))
        except NotReady:  # no fault to report
            raise
        except Exception as error:
            self._scene.say(complaint(error))
            self._share.opened = True
            self.readout.alarm = complaint(error)
            raise
        self._mark(scene.locked, scene.hidden)
        self.redraw()
        self._scene.say(scene.note, "note")
        self._scene.write(self.scene)

    # -- inside -----------------------------------------------------------------------------

    def _change(self, changes: dict[str, Any], moved: str = "") -> None:
        changes = {
            name: value
            for name, value in self.state.follow(changes).items()
            if name in changes or name not in self.locked
        }
        written = changes.keys() - {moved}  # that one may have moved again
        with self._lock, self._together.held(), self._all_or_nothing(written):
            for name in self.locked & changes.keys():
                if changes[name] != getattr(self.state, name):
                    raise ArgumentError(
                        name, f"{self._controls[name].field.label} is locked by the teacher."
                    )
            state = dataclasses.replace(self.state, **changes)
            if state != self.state:
                self.result = self.computed(state)
                self.state = state
            self.readout.alarm = ""
            for name in changes:  # all of them before a write below calls _moved
                self._forgive(name)
            for name in written:
                self._controls[name].write(getattr(state, name))
            self.redraw()
            self._scene.write(self.scene)

    def _outputs(self) -> list[widgets.Widget]:
        """The widgets that a change of the state may alter, the readout after the pictures."""
        controls = self.controls.values()
        return [*self._views.values(), self.readout, *controls, self._scene.widget]

    @contextlib.contextmanager
    def _all_or_nothing(self, written: Iterable[str] = ()) -> Iterator[None]:
        """If the block fails, restore the explorer, its pictures and the written controls."""
        kept = {
            name: dict(value) if isinstance(value, dict) else value
            for name, value in vars(self).items()
        }
        words = self.readout.html
        values = {name: self.controls[name].value for name in written}
        try:
            yield
        except BaseException:  # an interrupted cell, too
            figures, away = self.figures, self._away
            vars(self).update(kept)
            for place in (self._pictures, self._numbers):
                place.children = tuple(
                    view for name, view in self._views.items() if self._place(name) is place
                )
            for name, picture in self.figures.items():
                if figures[name] is not picture:
                    self.show(name, picture)
            self.tell(words)
            for name, value in values.items():  # as typed, even if it was refused
                self.controls[name].value = value
            if self._away != away:
                self.put_away(self._away)
            raise

    @contextlib.contextmanager
    def _complaining(self, field: str, quietly: bool = False) -> Iterator[None]:
        """Show an error of the block beside its control.

        A refusal is passed on to the caller unless there is none (`quietly`). A bug of ours is
        always passed on, as it is seldom noticed if it is only logged.
        """
        try:
            yield
        except NotReady:  # no fault to report
            raise
        except Exception as error:
            self._complain(error, field)
            if not (quietly and isinstance(error, ValueError)):
                raise

    def _complain(self, error: Exception, field: str) -> None:
        self._forgive(field)
        place = getattr(error, "argument", field)
        # The argument of a library may not be a field; a hidden control cannot show a message.
        seen = self._controls.keys() - self._away - self.hidden
        self._blamed[field] = place if place in seen else field
        self.say(self._blamed[field], complaint(error))

    def _forgive(self, field: str) -> None:
        self._refused.pop(field, None)
        self._controls[self._blamed.pop(field, field)].say("")

    def _moved(self, name: str) -> None:
        control = self._controls[name]
        with contextlib.suppress(ArgumentError):  # `_take` says so
            unsaid = not (control.message or name in self._blamed or name in self._refused)
            if control.read() == getattr(self.state, name) and unsaid:
                return  # the explorer moved it itself
            if control.echoes(getattr(self.state, name)):
                control.write(getattr(self.state, name))
                return
        self._by_hand(lambda: self._take(name))

    def _by_hand(self, action: Callable[[], None]) -> None:
        """Run the action of a control. A card that works in the background overrides it."""
        action()

    def _take(self, name: str) -> None:
        """Set the value that a control shows, or show an error beside it."""
        try:
            value = self._controls[name].read()
        except ArgumentError as error:
            self._complain(error, name)
            return
        # Values refused because they did not fit another one may fit now.
        attempts = [{**self._refused, name: value}, {name: value}]
        for changes in attempts if self._refused.keys() - {name} else attempts[1:]:
            try:
                self._change(changes, moved=name)
                return
            except ValueError as error:
                refusal = error
            except NotReady:
                self._refused[name] = value  # shown by its control, but not in the state
                raise
            except Exception as error:  # a bug of ours: seldom noticed if it is only logged
                self._complain(error, name)
                raise
        self._complain(refusal, name)
        self._refused[name] = value

    def _touched(self, words: str) -> None:
        """Set the fields named by a part of a picture ("j=3", "x=1&y=2"), as the controls would."""
        fields = declared(self.State)
        texts = (part.partition("=") for part in words.split("&"))
        self._move({name: fields[name].parse(name, text) for name, _, text in texts})

    def _dragged(self, name: str, place: float) -> None:
        """Set a field to a place on the axis of a chart, as its slider would."""
        self._move({name: declared(self.State)[name].nearest(place)})

    def _move(self, changes: dict[str, Any]) -> None:
        if not changes.keys() & (self.hidden | self._away):
            self.at_home(self._by_hand, lambda: self.start_from(changes))

    def _scene_typed(self) -> None:
        if self._scene.read() == self.scene:
            self._scene.say("")
            return

        def go() -> None:
            with contextlib.suppress(ValueError):  # shown beside the line
                self.load(self._scene.read())

        self._by_hand(go)

    def _mark(self, locked: Iterable[str], hidden: Iterable[str]) -> None:
        self.locked |= frozenset(locked)
        self.hidden |= frozenset(hidden)
        for part in (*self._controls.values(), self._scene, *self._tools):
            if part.name in self.locked:
                part.lock()
        for part in (self._scene, *self._tools):
            part.place(part.name not in self.hidden)
        self._share.shown = "scene" not in self.hidden
        self.put_away(self._away)

    def _place(self, name: str) -> widgets.Box:
        """The box of a picture."""
        return self._numbers if name in self.numbers else self._pictures

    def _row(self, name: str) -> tuple[str, ...]:
        """Names of the pictures in the row of this one, including itself."""
        return next((row for row in self.rows if name in row), (name,))

    def _view(self, name: str, picture: str | Chart) -> widgets.Widget:
        row = self._row(name)
        place = (f"motiflab-picture-{name}", f"motiflab-one-of-{len(row)}")
        if isinstance(picture, Chart):
            return LightFigure(
                *picture, drag=self._dragged, layout=shared_layout(), _dom_classes=place
            )
        if "data-drag=" in picture or "data-choose=" in picture:
            return LivePicture(
                self._touched, value=picture, layout=shared_layout(), _dom_classes=place
            )
        return make(widgets.HTML, value=picture, _dom_classes=place)

    def _card(self) -> widgets.VBox:
        tools = self.toolbar()
        undo = self.starting_button(
            "Undo all changes",
            partial(dataclasses.asdict, self.state),
            "Go back to the choices at the start",
        )
        self._tools = [*tools, Tool("undo", undo)]
        self._opens_numbers.shown = bool(self.numbers)
        head = make(widgets.HTML, value=self.head())
        parts = self.arrange(tools, undo)
        return box("card", head, *parts, self.readout, self._numbers, style_sheet(STYLE))

    def head(self) -> str:
        """HTML of the title and the goal."""
        return heading(self.title, self.goal)

    def arrange(self, tools: list[Tool], undo: widgets.Button) -> list[widgets.Widget]:
        """Lay out everything between the heading and the readout."""
        row = [widget for tool in tools for widget in tool.members]
        rare = [control for control in self._controls.values() if control.field.rare]
        usual = [control for control in self._controls.values() if not control.field.rare]
        controls = column(
            sorted(usual, key=lambda control: not control.field.lead),
            box("foot", self._more, self._opens_numbers, self._share, undo),
            column(rare, name="more"),
            box("share", self._scene.widget, CopyButton(layout=shared_layout())),
        )
        return [
            *([box("toolbar", *row)] if row else []),
            box("body", controls, self._pictures),
        ]

    @property
    def _roots(self) -> list[widgets.Widget]:
        """The card, and the widgets that are not on it now."""
        folds = self._more, self._opens_numbers, self._share
        return [self.widget, *folds, *(part for tool in self._tools for part in tool.widgets)]

    def seen(self) -> list[list[str]]:
        """Names of the pictures of a still of this card, row by row."""
        shown = [name for name in self.figures if name not in self.numbers]
        rows = dict.fromkeys(map(self._row, shown))
        return [[name for name in row if name in shown] for row in rows]

    def still(self) -> tuple[str, str]:
        """Draw the card as it is now, without its controls.

        Returns
        -------
        svg, text : str
            A self-contained SVG picture, and the same in words.
        """
        parts = self.title, self.goal, self.drawn(self.seen()), self.readout.html
        return still_svg(*parts, self.uid), still_text(*parts)

    def drawn(self, rows: Iterable[Iterable[str]]) -> list[list[Drawn]]:
        """Return the pictures with these names for `motiflab.figures.still_svg`."""
        pictures = [[self.figures[name] for name in row] for row in rows]
        return [
            [Drawn(*one) if isinstance(one, Chart) else Drawn(one) for one in row]
            for row in pictures
        ]

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        cells.shown(self)
        reopen(self._roots)
        return with_still(self.widget._repr_mimebundle_(**kwargs), *self.still(), self.uid)


def complaint(error: Exception) -> str:
    """The message for a learner: a refusal as it is, a bug of ours with its name."""
    if isinstance(error, ValueError):
        return str(error)
    if isinstance(error, ModuleNotFoundError):  # as in the browser, where there is no torch
        return (
            f"This needs the package {error.name}, which is not installed here: the README says "
            "how to install all of motiflab."
        )
    return f"Something went wrong: {type(error).__name__}: {error}"


class Home:
    """The thread and the event loop of the running cell.

    ipykernel 7 sends messages of widgets to subshells, so callbacks can run on any thread. There no
    task can be started, and a state could change while the cell is using it.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:  # a plain script or a test
            self._loop = None

    def run(self, action: Callable[..., None], *arguments: Any) -> None:
        """Run the action on this thread: at once, or from another thread in a later turn."""
        # Without a running loop (a script, a test) a queued action would never run.
        away = threading.get_ident() != self._thread
        if away and self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(action, *arguments)
        else:
            action(*arguments)

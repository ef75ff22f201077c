"""The base of every card: controls, pictures, readout and scene around three pure functions.

A card needs a state, a result, the functions `compute`, `draw` and `describe`, and a class that
names them. That is a whole card:

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


class NotReady(Exception):
    """What `Explorer.compute` raises if its result will come later, by itself."""


class Explorer:
    """A state, a pure computation, pure drawings, and the thin front end that joins them.

    A subclass gives the class attributes, and `compute`, `draw` and `describe` as static methods
    (pure functions of its module). A card that changes its pictures by itself, as a training does,
    calls `show` and `tell` whenever it likes. A card with buttons overrides `toolbar` and `tools`.
    `CardState.idle` says which controls mean nothing beside the other choices.

    Parameters
    ----------
    title, goal : str, optional
        A heading for this card only, in place of those of its class. A scene does not hold them.
    locked, hidden : iterable of str
        Fields whose control is disabled, or not shown; names of `tools`, too. What a tool does
        can still be done in code: only its buttons are locked.
    **changes
        Fields of the state that differ from the default.

    Attributes
    ----------
    State : type
        A subclass of `CardState`, which checks itself.
    title, goal : str
        The question that the card asks, and what to reach.
    rows : tuple of tuple of str
        Names of pictures that stand side by side; a picture named in none has its own row. The
        pictures stand in the order in which they are first shown.
    numbers : tuple of str
        Names of pictures, such as tables, that stand under Show numbers.
    tools : tuple of str
        Names of what else a scene can lock and hide: what `toolbar` gives, the button that undoes
        all changes, and the line of the scene.
    state, result
        The present state and what `compute` made of it.
    uid : str
        Different for every explorer; see `draw`.
    figures : dict
        The pictures shown now, by name: SVG or HTML, or `Chart`.
    controls : dict
        The widgets, by the name of the field.
    at_home : callable
        Runs an action on the explorer's own thread: for the callback of every widget.
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
        # First of all: whatever happens later on another thread is sent to the thread of this cell.
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
        # A control goes on showing a value that was refused: it may fit after the next change.
        self._refused: dict[str, Any] = {}
        self._blamed: dict[str, str] = {}  # beside which control its complaint stands
        first = dataclasses.asdict(self.state)
        self._controls = {name: Control(name, fields[name], first[name]) for name in fields}
        self.controls = {name: control.widget for name, control in self._controls.items()}
        self._scene = Control("scene", LINE, "")
        self._pictures, self._numbers = box("pictures"), box("numbers")
        self._more, self._opens_numbers, self._share = (
            Fold(label=label, part=part, layout=shared_layout())
            for label, part in (("More", "more"), ("Show numbers", "numbers"), ("Share", "share"))
        )
        self.widget = self._card()
        try:
            self._mark(locked, hidden)
            self.result = self.compute(self.state)
            with self._pictures.hold_sync():  # one message for all that are added
                self.redraw()
        except BaseException:  # refused or interrupted: nobody gets this card, so nobody closes it
            close(self._roots)
            raise
        self._scene.write(self.scene)
        for name, control in self._controls.items():
            control.widget.observe(lambda _, name=name: self.at_home(self._moved, name), "value")
        self._scene.widget.observe(lambda _: self.at_home(self._scene_typed), "value")
        cells.made(self)

    # -- for a subclass ---------------------------------------------------------------------

    def compute(self, state: Any) -> Any:
        """Work out what the state shows. Raises `ValueError` to refuse the state."""
        raise NotImplementedError

    def draw(self, result: Any, uid: str) -> dict[str, str | Chart]:
        """Draw the result: SVG, HTML or a `Chart` by name; `uid` is for the ids in an SVG."""
        raise NotImplementedError

    def describe(self, result: Any) -> str:
        """Say what is seen, as HTML: the formula with its numbers and a sentence."""
        raise NotImplementedError

    def toolbar(self) -> list[Tool]:
        """Give the buttons and the like for a row under the goal; `tools` has their names."""
        return []

    def redraw(self) -> None:
        """Show `result`: called after every change."""
        # First all that can go wrong, then what is seen: a card never shows half of a result.
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
        """Change one field or several at once: one computation, one message a picture.

        Raises
        ------
        ValueError
            One sentence, which then also stands beside the control: a field that does not exist
            or is locked, a value that it cannot have, or values that do not go together. The
            state and the pictures stay as they were, whatever went wrong.
        """
        check_names(type(self).__name__, declared(self.State), changes)
        with self._complaining(next(iter(changes), "")):
            self._change(changes)

    def say(self, field: str, message: str, kind: str = "error") -> None:
        """Put a sentence beside a control (`kind` "error" or "note"); an empty one removes it."""
        control = self._controls[field]
        control.say(message, kind)
        self.readout.alarm = message
        if message and kind == "error" and control.field.rare:
            self._more.opened = True

    def show(self, name: str, picture: str | Chart) -> None:
        """Show a picture in the place of that name, made at its first use: one message."""
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
        """Show all controls but the hidden ones and these, which mean nothing just now."""
        self._away = frozenset(fields)
        seen = self._controls.keys() - self._away - self.hidden
        for name, control in self._controls.items():
            control.place(name in seen)
        self._more.shown = any(self._controls[name].field.rare for name in seen)

    def close(self) -> None:
        """Take the card off every page and stop what it does; the last good result stays.

        It happens by itself once no cell shows the card any more. Shown again, by the last line
        of a cell, the card comes back as it was.
        """
        close(self._roots)

    def start_from(self, changes: Mapping[str, Any]) -> None:
        """Set these fields but for the locked ones; a refusal is said beside its control."""
        free = {name: value for name, value in changes.items() if name not in self.locked}
        with self._complaining(next(iter(free), ""), quietly=True):
            self._change(free)

    def starting_button(
        self, words: str, changes: Callable[[], Mapping[str, Any]], hint: str | None = None
    ) -> widgets.Button:
        """Make a button for `toolbar` that starts from some changes, asked for when pressed."""

        def press() -> None:
            self.at_home(self._by_hand, lambda: self.start_from(changes()))

        return button(words, press, hint)

    def starting_buttons(
        self, starts: Mapping[str, Mapping[str, Any]], hint: str | None = None
    ) -> Tool:
        """Make the tool "examples": a button for each situation to start from, with its name."""
        buttons = [
            self.starting_button(name, partial(dict, changes), hint)
            for name, changes in starts.items()
        ]
        return Tool("examples", make(widgets.Label, value="Start from:"), *buttons)

    # -- scenes -----------------------------------------------------------------------------

    @property
    def scene(self) -> str:
        """The whole state in one line of text, with what is locked and hidden."""
        return to_scene(type(self).__name__, self.state, self.locked, self.hidden)

    @classmethod
    def from_scene(cls, text: str) -> Explorer:
        """Make an explorer from a scene; raises `ValueError` with one sentence if it is none."""
        scene = from_scene(text, cls.__name__, cls.State, cls.tools)
        made = cls(locked=scene.locked, hidden=scene.hidden, **dataclasses.asdict(scene.state))
        made._scene.say(scene.note, "note")
        return made

    def load(self, text: str) -> None:
        """Go to a scene; what is locked here must be the same in it.

        Raises
        ------
        ValueError
            One sentence, which then also stands beside the line of the scene.
        """
        try:
            scene = from_scene(text, type(self).__name__, self.State, self.tools)
            self._change(dataclasses.asdict(scene.state))
        except NotReady:  # no fault to report
            raise
        except Exception as error:
            self._scene.say(_words(error))
            self._share.opened = True
            self.readout.alarm = _words(error)
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
        written = changes.keys() - {moved}  # that one may be further on by now
        with self._lock, self._all_or_nothing(written):
            for name in self.locked & changes.keys():
                if changes[name] != getattr(self.state, name):
                    raise ArgumentError(
                        name, f"{self._controls[name].field.label} is locked by the teacher."
                    )
            state = dataclasses.replace(self.state, **changes)
            if state != self.state:
                self.result = self.compute(state)
                self.state = state
            self.readout.alarm = ""
            for name in changes:  # all of them before a write below calls _moved
                self._forgive(name)
            for name in written:
                self._controls[name].write(getattr(state, name))
            self.redraw()
            self._scene.write(self.scene)

    @contextlib.contextmanager
    def _all_or_nothing(self, written: Iterable[str] = ()) -> Iterator[None]:
        """If the block fails, put back the explorer, its pictures and the controls written to."""
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
        """Say beside a control what goes wrong in the block.

        A refusal goes on to the caller unless that is nobody (`quietly`). A fault of ours always
        goes on, as it is seldom seen if it is only logged.
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
        # A library's argument may be no field of the card; a control out of sight says nothing.
        seen = self._controls.keys() - self._away - self.hidden
        self._blamed[field] = place if place in seen else field
        self.say(self._blamed[field], _words(error))

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
        """Do what a control asks for. One that works in the background overrides it."""
        action()

    def _take(self, name: str) -> None:
        """Take the value that a control shows, or say beside it why not."""
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
                self._refused[name] = value  # shown by its control, and not taken yet
                raise
            except Exception as error:  # a fault of ours: seldom seen if it is only logged
                self._complain(error, name)
                raise
        self._complain(refusal, name)
        self._refused[name] = value

    def _touched(self, words: str) -> None:
        """Set what a part of a picture names ("j=3", "x=1&y=2"), as the controls would."""
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
            with contextlib.suppress(ValueError):  # it stands beside the line
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
        """Where a picture stands."""
        return self._numbers if name in self.numbers else self._pictures

    def _row(self, name: str) -> tuple[str, ...]:
        """Names of the pictures that stand side by side with this one, and its own."""
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
        """Lay out what stands between the heading and the readout."""
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
        """The card, and the widgets that are not on it, or not just now."""
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
            An SVG picture that stands alone, and the same in words.
        """
        parts = self.title, self.goal, self.drawn(self.seen()), self.readout.html
        return still_svg(*parts, self.uid), still_text(*parts)

    def drawn(self, rows: Iterable[Iterable[str]]) -> list[list[Drawn]]:
        """Give the pictures with these names for `motiflab.figures.still_svg`."""
        pictures = [[self.figures[name] for name in row] for row in rows]
        return [
            [Drawn(*one) if isinstance(one, Chart) else Drawn(one) for one in row]
            for row in pictures
        ]

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        cells.shown(self)
        reopen(self._roots)
        return with_still(self.widget._repr_mimebundle_(**kwargs), *self.still(), self.uid)


def _words(error: Exception) -> str:
    """What is said to a learner: a refusal as it is, a fault of ours with its name."""
    if isinstance(error, ValueError):
        return str(error)
    return f"Something went wrong: {type(error).__name__}: {error}"


class Home:
    """The thread and the event loop on which it is made: those of the cell that is running.

    The callbacks of widgets come on any thread, as ipykernel 7 sends their messages to subshells.
    There no task can be started, and a state could change while the cell is halfway through it.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:  # a plain script or a test
            self._loop = None

    def run(self, action: Callable[..., None], *arguments: Any) -> None:
        """Run the action at home: at once if this is home, else in a later turn of its loop."""
        # Without a running loop (a script, a test) nobody would ever take the action from a queue.
        away = threading.get_ident() != self._thread
        if away and self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(action, *arguments)
        else:
            action(*arguments)

"""The lab: choose data and a network, train it live, and watch its filters become motifs."""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import ipywidgets as widgets

from motiflab.checks import one_of, quoted, require, whole
from motiflab.figures.logo import save_logo
from motiflab.lab import lab_code, lab_events, lab_view
from motiflab.lab.lab_data import LabData, prepare
from motiflab.lab.lab_network import Walk
from motiflab.lab.lab_stage import FIRST, PANELS, Stage
from motiflab.lab.lab_state import LabState
from motiflab.lab.lab_toolbar import TOOLS, Toolbar
from motiflab.lab.training_session import LiveTraining, Look, Session, look
from motiflab.widgets import Chart, Explorer, LivePicture, Tool
from motiflab.widgets.card import heading
from motiflab.widgets.chart import LightFigure
from motiflab.widgets.controls import make, shared_layout
from motiflab.widgets.explorer import complaint

_NEEDS_RESET = "Applies after Reset."
_in_use: weakref.WeakValueDictionary[tuple, LabData] = weakref.WeakValueDictionary()


class MotifLab(Explorer):
    """Train a network on motifs, live, and see everything it learns.

    Start, Pause, Step and Reset are methods, too; ``await lab.run()`` trains to the end. Changes of
    the data, the network or the training settings apply after the next Reset.

    Parameters
    ----------
    **changes, locked, hidden
        As for `Explorer`; the fields are those of `LabState`.

    Attributes
    ----------
    result : Look or None
        The shown moment; None without data.
    session : Session or None
        The current training.

    Examples
    --------
    >>> lab = MotifLab(n=200, epochs=1, motif="CTCF", length=60)
    >>> lab.step()
    >>> lab.result.record.step
    1
    >>> lab.scene
    'MotifLab/2?motif=CTCF&n=200&length=60&epochs=1#d5979f2e'
    """

    State = LabState
    title = "What will the filters find?"
    goal = (
        "get a filter 0.9 or more similar to the motif, and a precision-recall curve as "
        "high as the best possible one."
    )
    tools = (*TOOLS, *Explorer.tools)
    panels, first = PANELS, FIRST

    def __init__(self, **choices) -> None:
        self.session: Session | None = None
        self._live: LiveTraining | None = None
        self._data: tuple[LabState, LabData] | None = None
        self._uploads: dict[str, bytes] = {}
        self._following = True
        self._stage: Stage | None = None
        self._walk = Walk()
        self._chosen = False  # whether the learner chose the large filter
        super().__init__(**choices)

    # -- methods of the base class ----------------------------------------------------------

    def compute(self, state: LabState) -> Look | None:
        """Look at the training; make a new one if nothing has been trained yet."""
        if state.source == "planted":  # said even while an older training is kept
            state.arrangement()
            state.other_arrangement()
            state.check_model(state.length)
        else:
            if self.session and state.files() and not state.same_files(self.state):
                self._prepare(state)  # a wrong file is refused now, not at the next Reset
            if self._data and state.same_files(self._data[0]):
                state.check_model(self._data[1].shortest)
        if self.session is None or not (self._running or self.session.step):
            return self._renew(state)
        if state.logos == self.result.logos and state.collection() is self.session.known:
            return self.result
        self.session.naming = state
        return self._look(self.result.index, state.logos)

    def draw(self, result: Look | None, uid: str) -> dict:
        """Draw the shown moment."""
        return lab_view.draw(result, uid, self._stage.panel, self.state.tables, self._walk)

    def describe(self, result: Look | None) -> str:
        """Describe the shown moment, or say what is missing."""
        return lab_view.describe(result)

    def redraw(self) -> None:
        """Show the current moment, the changes that need a Reset, and the enabled buttons."""
        super().redraw()
        if self._stage and self.goal == MotifLab.goal:
            self._goals.value = lab_view.goals_html(self.result)
        waiting = self.state.needs_reset(self.session.state) if self.session else []
        for name, control in self._controls.items():
            if name in waiting and not control.message:
                control.say(_NEEDS_RESET, "note")
            elif name not in waiting and control.message == _NEEDS_RESET:
                control.say("")
        self._show_progress()

    def arrange(self, tools: list[Tool], undo) -> list:
        """Put the stage beside the first controls."""
        self._goals = make(widgets.HTML, _dom_classes=("motiflab-goals",))
        parts = self._controls, self._scene, self._share, tools, undo, self._pictures
        self._stage = Stage(*parts, self.panels, self.first)
        self._stage.on_open(lambda: self.at_home(self._opened))
        goals = [self._goals] if self.goal == MotifLab.goal else []
        return [*goals, *self._stage.widgets]

    def head(self) -> str:
        """The title; the goal is below it, with a tick when it is reached."""
        own = self.goal != MotifLab.goal or type(self) is not MotifLab
        return heading(self.title, self.goal if own else "")

    def seen(self) -> list[list[str]]:
        """Names of the pictures of a still: the large logo and the curve."""
        return [["hero", "curve"]] if self.result else super().seen()

    def _card(self):
        card = super()._card()
        card.add_class("motiflab-lab")
        return card

    def open(self, panel: str) -> None:
        """Open another tab of the stage.

        Parameters
        ----------
        panel : {"stage", "curves", "network", "tracks", "filters", "numbers", "more"}
            Or one of `panels` of another lab.
        """
        self._stage.open(one_of("panel", panel, tuple(self.panels)))

    def say(self, field: str, message: str, kind: str = "error") -> None:
        """Show a sentence beside a control, and make an error visible."""
        super().say(field, message, kind)
        if self._stage and message and kind == "error" and field not in self.first:
            self.open("more")

    def choose(self, filter: int | None) -> None:
        """Show a filter large until the next Reset.

        Parameters
        ----------
        filter : int or None
            Its number as shown, from 1; None for the strongest.
        """
        if self.result is None:
            raise ValueError("There is no filter yet: choose the data first.")
        if filter is not None:
            filter = whole("filter", filter, 1, self.session.state.filters)
        self._chosen = filter is not None
        self._hero = None if filter is None else filter - 1
        self._look_at(self.result.index)

    def toolbar(self) -> list[Tool]:
        """Buttons, replay, progress, files and saving."""
        self._bar = Toolbar(
            press=self._pressed,
            replay=lambda: self.at_home(self._replayed),
            upload=lambda *file: self.at_home(self._uploaded, *file),
        )
        return self._bar.tools

    # -- training ---------------------------------------------------------------------------

    def start(self) -> None:
        """Train to the end or until `pause`, without waiting for it."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # no loop: a plain script, which waits for the end
            asyncio.run(self.run())
            return
        if self._live is None or self._running or self.session.done:
            return
        self._following = True
        self._live.start()
        self._show_progress()

    def pause(self) -> None:
        """Stop after the current step."""
        if self._live is not None:
            self._live.pause()
        self._show_progress()

    def step(self) -> None:
        """Train up to the next record."""
        self.pause()
        session = self.session
        if session is None or session.done:
            return
        records = len(session.records)
        while len(session.records) == records and session.advance():
            pass
        self._look_at(len(session.records) - 1)

    def reset(self) -> None:
        """Make new data and a new network from the current choices, and discard the training."""
        self.pause()
        # If the choices are refused, the old training is kept.
        with self._complaining("source", quietly=True), self._lock, self._all_or_nothing():
            self._data = None if self.state.files() else self._data  # a file may have changed
            self.result = self._renew(self.state)
            self._following = True
            self._forgive("source")
            self.redraw()

    async def run(self) -> Look | None:
        """Start, and wait for the last step, for cells whose next lines need the result.

        Neither Pause nor Reset ends the wait. Returns the last moment of the training, with logos
        from windows; None without data.
        """
        self.start()
        try:
            # After its last step a training still draws; a Reset may come during that time.
            while self.session is not None and (self._running or not self.session.done):
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:  # the cell was interrupted
            self.pause()
            raise
        return self.session and look(self.session, evalues=True)

    def close(self) -> None:
        """Stop training, and remove the card from every page."""
        self.pause()
        if self._live is not None:
            self._live.cancel()
        super().close()

    @property
    def _running(self) -> bool:
        return self._live is not None and self._live.running

    @contextlib.contextmanager
    def _all_or_nothing(self, written: Iterable[str] = ()) -> Iterator[None]:
        try:
            with super()._all_or_nothing(written):
                yield
        except BaseException:
            self._show_progress()  # no longer "reading"
            raise

    # -- inside -----------------------------------------------------------------------------

    def _renew(self, state: LabState) -> Look | None:
        session = None
        if state.named():
            if self._data is None or state.needs_data(self._data[0]):
                self._prepare(state)
            session = Session(state, self._data[1])
        self._hero, self._chosen = None, False
        result = look(session, 0, state.logos) if session else None
        if result is not None:
            self._hero = result.hero.index
        if self._live is not None:
            self._live.cancel()  # otherwise it would draw the old training once more
        self.session = session
        self._live = None
        if session is not None:
            self._live = LiveTraining(
                session, speed=lambda: self.state.speed, show=self._show_latest
            )
        return result

    def _prepare(self, state: LabState) -> None:
        if not state.named():
            return
        self._bar.busy("making the data" if state.source == "planted" else "reading")
        self._data = state, self._prepared(state)

    def _prepared(self, state: LabState) -> LabData:
        """Make the data, or reuse those of another lab, usually from an earlier run of the cell."""
        if state.files():  # which may have changed
            return prepare(state, self._uploads)
        choices = state.data_choices()
        data = _in_use.get(choices)
        if data is None:
            data = _in_use[choices] = prepare(state)
        return data

    def _look(self, index: int, logos: str) -> Look:
        """Return the moment of a record, without E-values during a training, as they are slow."""
        settled = self.session.step > 0 and index == len(self.session.records) - 1
        seen = look(
            self.session,
            index,
            logos,
            evalues=settled and not self._running,
            hero=self._hero,
            chosen=self._chosen,
        )
        self._hero = seen.hero.index
        if index == len(self.session.records) - 1:
            self._tell_news(seen)
        return seen

    def _tell_news(self, seen: Look) -> None:
        session, found = self.session, lab_events.news(seen, self.session.told)
        if found:
            # At full speed not every record is viewed, so an event may have been earlier.
            when = "Step" if seen.index <= session.seen + 1 else "By step"
            words = f"{when} {seen.record.step}: {', '.join(found)}"
            session.events[seen.index] = words
            self.readout.alarm = words
        session.seen = seen.index

    def _look_at(self, index: int) -> None:
        try:
            with self._lock, self._all_or_nothing():
                self.result = self._look(index, self.state.logos)
                self._following = index == len(self.session.records) - 1
                self.redraw()
        except Exception as error:  # shown beside the buttons; the lab stays at the last moment
            self.session.fail(error)
            self._show_progress()

    def _show_latest(self, ended: bool) -> None:
        latest = len(self.session.records) - 1
        # At the end the same record is drawn again, now with its E-values.
        if self._following and (ended or self.result.index != latest):
            self._look_at(latest)
        else:
            self._show_progress()

    def _opened(self) -> None:
        with self._lock:
            self._stage.open(self._stage.panel)
            self.redraw()

    def show(self, name: str, picture: str | Chart) -> None:
        """Show a picture; a hidden one gets its place, and a chart its plotly, later."""
        if picture or not isinstance(self._views.get(name), LightFigure | None):
            super().show(name, picture)
        self.figures[name] = picture

    def _view(self, name: str, picture):
        network = name in ("sequences", "network", "worked")
        if name not in ("hero", "curve", "thumbnails") and not network:
            return super()._view(name, picture)
        chosen = self._walked if network else self._thumbnail
        view = LivePicture(
            lambda choice: self.at_home(chosen, choice), value=picture, layout=shared_layout()
        )
        view.add_class(f"motiflab-picture-{name}")
        return view

    def _thumbnail(self, index: str) -> None:
        self.choose(int(index) + 1)

    def _walked(self, choice: str) -> None:
        with self._lock:
            walk = self._walk.after(choice)
            if walk != self._walk:
                self._walk = walk
                self.redraw()

    def _pressed(self, name: str) -> None:
        if name == "pause" and self._live is not None:
            self._live.pause()  # at once, on any thread, as the own thread is busy training
        self.at_home(getattr(self, name))

    def _replayed(self) -> None:
        index = self._bar.asked()
        if self.session is None or index in (None, self.result.index):
            return
        self._look_at(min(index, len(self.session.records) - 1))

    def _show_progress(self) -> None:
        session, running = self.session, self._running
        left = session is not None and not session.done
        self._bar.enable(
            {"Start": left and not running, "Pause": running, "Step": left, "Reset": True}
        )
        self._bar.offer_files(set(self.state.files()) - self.locked - self.hidden)
        if session is None:
            self._bar.moment(0, 1, [], {})
            self._bar.progress(0, 1, "no data yet")
            return
        words = lab_view.condition(self.result, running, self._following)
        self.readout.busy = running
        losses = [record.loss for record in session.records]
        last = -(-session.total // session.every)
        self._bar.moment(self.result.index, last, losses, session.events, session.held_out)
        self._bar.progress(session.step, session.total, words, session.trouble)

    def _uploaded(self, field: str, name: str, content: bytes) -> None:
        while self._uploads.get(name, content) != content:  # another file of the same name
            name += " (new)"
        self._uploads[name] = content
        with contextlib.suppress(ValueError):  # shown beside the control
            self.set(**{field: name})
            return
        self._refused[field] = name  # it may fit after another change, such as a narrower filter

    # -- saving -----------------------------------------------------------------------------

    def code(self, file: str = "motif_lab.npz") -> str:
        """Return a plain torch script that trains the current network, without motiflab.

        Changes that apply after Reset are not included.

        Parameters
        ----------
        file : str
            Name of the file with the data, which `save_code` writes.
        """
        if self.session is None:
            raise ValueError("There is nothing to train yet: choose the data first.")
        state, data = self.session.state, self.session.data
        return lab_code.script(state.model(), state.training(), data, file)

    def save_code(self, path: str | Path = "motif_lab.py") -> Path:
        """Save `code` and its data; return the absolute path of the script.

        Parameters
        ----------
        path : str or Path
            Path of the script, ending in .py; the data get the same name, ending in .npz.
        """
        path = Path(path)
        require("path", path.suffix == ".py", f"end in .py, not {quoted(str(path))}")
        beside = path.with_suffix(".npz")
        words = self.code(beside.name)
        lab_code.save_data(self.session.data, beside)
        path.write_text(words, encoding="utf-8")
        return path.resolve()

    def export(self) -> None:
        """Save the script and its data in the working directory, as the button does.

        Existing files are kept: new names then get a number.
        """
        path, number = Path("motif_lab.py"), 1
        while path.exists() or path.with_suffix(".npz").exists():
            number += 1
            path = Path(f"motif_lab_{number}.py")
        self._bar.exported(self._told(lambda: f"{self.save_code(path)}, with its data beside it"))

    def save(self) -> None:
        """Save the logo that is shown large in the chosen format, in the working directory."""
        number = self.result.hero.index + 1 if self.result else 1
        file = f"filter-{number}.{self._bar.format}"
        self._bar.saved(self._told(lambda: str(self.save_logo(file, number))))

    def _told(self, save: Callable[[], str]) -> str:
        """Save, and return a message on the result, which a screen reader also says."""
        try:
            words = f"Saved as {save()}"
        except (OSError, ValueError) as error:
            words = f"It could not be saved: {error}"
        except ModuleNotFoundError as error:
            words = f"It could not be saved. {complaint(error)}"
        self.readout.alarm = words
        return words

    def save_logo(self, path: str | Path, filter: int | None = None) -> Path:
        """Save the logo of a filter, from its windows, for print; return the absolute path.

        Parameters
        ----------
        path : str or Path
            Ending in .svg, .pdf or .png.
        filter : int, optional
            Number of the filter as shown, from 1; the strongest if not given.
        """
        if self.result is None:
            raise ValueError("There is no logo yet: choose the data first.")
        shown = {f.index + 1: f.motif for f in self.result.filters}
        motif = shown.get(next(iter(shown)) if filter is None else filter)
        if motif is None:
            raise ValueError(
                f"filter must be one of those shown, {sorted(shown)}, not {quoted(filter)}."
            )
        save_logo(motif, path, self.session.data.background)
        return Path(path).resolve()

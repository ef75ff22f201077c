"""The lab's own controls: buttons, the loss as a slider through time, progress, files, saving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from html import escape

import ipywidgets as widgets

from motiflab.figures import loss_strip_html
from motiflab.widgets import LivePicture, Tool, button, make
from motiflab.widgets.card import box
from motiflab.widgets.controls import Progress
from motiflab.widgets.upload_button import FastaUpload

TOOLS = ("start", "pause", "step", "reset", "moment", "upload", "save", "export")

# What each button does, and why it is disabled.
_BUTTONS = {
    "Start": ("Train to the end", "It is already training, or nothing is left to train"),
    "Pause": ("Pause the training here", "It is not training"),
    "Step": ("Train a little further", "There is nothing left to train"),
    "Reset": ("Discard the training and start again with the present choices", ""),
}


class Toolbar:
    """The widgets of the lab other than its controls; they are independent of training.

    Parameters
    ----------
    press : callable
        Called with the name of the pressed button, in lower case, "save" or "export".
    replay : callable
        Called when the slider was moved; `asked` returns its new place.
    upload : callable
        Called with a field, a file's name and its content when a file was chosen for the field.

    Attributes
    ----------
    tools : list of Tool
        In order; `TOOLS` are their names, except that of the progress.
    """

    def __init__(
        self,
        press: Callable[[str], None],
        replay: Callable[[], None],
        upload: Callable[[str, str, bytes], None],
    ) -> None:
        self._buttons = {
            name: Tool(name.lower(), button(name, partial(press, name.lower())))
            for name in _BUTTONS
        }
        self._buttons["Start"].members[0].button_style = "primary"
        self._replay = make(
            widgets.IntSlider,
            description="Moment",
            max=1,
            readout=False,
            tooltip="Go back to any moment of the training",
        )
        self._replay.observe(lambda change: self._moved(change["new"], replay), "value")
        self._asked: int | None = None
        self._curve = LivePicture()
        self._progress = Progress("training")
        self._files = {
            "fasta": FastaUpload(label="FASTA"),
            "negatives_fasta": FastaUpload(label="FASTA of negatives"),
        }
        self._offered = box("files")
        for field, chooser in self._files.items():
            chooser.observe(lambda change, field=field: upload(field, *_read(change)), "file")
        self._format = make(
            widgets.Dropdown, options=["svg", "pdf", "png"], description="Logo shown large"
        )
        save = button(
            "Save",
            partial(press, "save"),
            "Draw the logo for print and save it beside this notebook",
        )
        self._saved = make(widgets.HTML)
        export = button(
            "Save as code",
            partial(press, "export"),
            "Save a plain torch script of this training, and its data, beside this notebook",
        )
        self._exported = make(widgets.HTML)
        self.tools = [
            *self._buttons.values(),
            Tool("moment", box("moment", self._curve, self._replay), inside=[self._replay]),
            Tool("", self._progress.widget),
            Tool("upload", self._offered, inside=self._files.values()),
            Tool("save", self._format, save, self._saved),
            Tool("export", export, self._exported),
        ]

    @property
    def format(self) -> str:
        """Format for saving a logo."""
        return self._format.value

    def enable(self, able: dict[str, bool]) -> None:
        """Enable some buttons; the tooltip of the others says why they are disabled."""
        for name, tool in self._buttons.items():
            tool.enable(able[name], _BUTTONS[name][not able[name]])

    def moment(
        self,
        index: int,
        last: int,
        losses: Sequence[float],
        events: Mapping[int, str],
        held_out: Mapping[int, float] | None = None,
    ) -> None:
        """Set the slider to a record, out of those up to index `last`, and draw their losses."""
        self._curve.value = loss_strip_html(losses, last, index, events, held_out)
        if self._asked is not None:  # it was moved meanwhile
            return
        if index <= self._replay.max:  # first, because a smaller end would move the slider
            self._replay.value = index
        self._replay.max = last
        self._replay.value = index

    def asked(self) -> int | None:
        """Return the place of the slider after a move, once; several moves in a row are one."""
        asked, self._asked = self._asked, None
        return asked

    def _moved(self, index: int, replay: Callable[[], None]) -> None:
        # Usually on the thread of the message, while a picture may be drawn on the own thread.
        self._asked = index
        replay()

    def progress(self, step: int, total: int, words: str, trouble: str = "") -> None:
        """Show the progress of a training, words and an error message."""
        self._progress.show(step, total, f"step {step} of {total}, {words}", trouble)

    def busy(self, words: str) -> None:
        """Show what the kernel is doing, without a known end, until `progress` is called."""
        self._progress.show(0, 0, f"{words} …")

    def offer_files(self, fields: Iterable[str]) -> None:
        """Show the choosers of these files only."""
        # Taken out and put in: a new layout does not reach the view of an anywidget.
        self._offered.children = [self._files[field] for field in self._files if field in fields]

    def exported(self, words: str) -> None:
        """Show where the script was saved, or an error message."""
        self._exported.value = escape(words)

    def saved(self, words: str) -> None:
        """Show where a logo was saved, or an error message."""
        self._saved.value = escape(words)


def _read(change) -> tuple[str, bytes]:
    return str(change["new"]["name"]), bytes(change["new"]["content"])

"""A card whose cell ran again is closed and freed, in a real kernel and without one."""

from __future__ import annotations

import sys
import textwrap

import ipywidgets as widgets
import pytest
from comm import get_comm_manager
from ipywidgets.widgets import widget
from jupyter_client.manager import start_new_kernel

from motiflab.explorers.motif_explorer import MotifExplorer
from motiflab.explorers.theorem_explorer import TheoremExplorer
from motiflab.lab.motif_lab import MotifLab
from motiflab.widgets import cells
from motiflab.widgets.controls import Tool
from motiflab.widgets.play_button import Player


class Shell:
    """As much of IPython's shell as `cells` asks for."""

    def __init__(self):
        self.events, self.displayhook = self, self
        self.user_ns, self.user_ns_hidden = {"_oh": {}}, {}
        self.runs = 0

    def register(self, event, callback):
        assert event == "post_run_cell"
        self.after = callback

    def get_parent(self):
        header = {"msg_type": self.kind, "msg_id": str(self.runs)}
        return {"header": header, "metadata": {"cellId": self.cell} if self.cell else {}}

    def run(self, cell, action, kind="execute_request"):
        """Run a cell."""
        self.runs, self.cell, self.kind = self.runs + 1, cell, kind
        result = action()
        self.after(None)
        return result


@pytest.fixture
def shell(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(cells, "get_ipython", lambda: shell)
    monkeypatch.setattr(cells, "_watched", [])
    return shell


def show(toy):
    toy._repr_mimebundle_()
    return toy


def is_open(toy):
    return toy.widget.comm is not None


def test_a_cell_that_runs_again_closes_its_old_card(shell, toy_class):
    old = shell.run("a", lambda: show(toy_class()))
    assert is_open(old)
    new = shell.run("a", lambda: show(toy_class()))
    assert is_open(new) and not is_open(old)
    assert old.controls["width"].comm is None and old.readout.comm is None
    assert old.readout.layout.comm is None  # its own
    assert new.controls["width"].layout.comm is not None  # shared by all


def test_a_card_in_another_cell_stays(shell, toy_class):
    one = shell.run("a", lambda: show(toy_class()))
    other = shell.run("b", lambda: show(toy_class()))
    shell.run("b", lambda: show(other))
    shell.run("c", lambda: None)
    assert is_open(one) and is_open(other)


def test_a_card_shown_twice_stays_until_both_cells_ran_again(shell, toy_class):
    toy = shell.run("a", lambda: show(toy_class()))
    shell.run("b", lambda: show(toy))
    shell.run("a", lambda: None)
    assert is_open(toy)
    shell.run("b", lambda: None)
    assert not is_open(toy)


def test_one_that_was_never_shown_is_closed_with_its_cell(shell, toy_class):
    toy = shell.run("a", toy_class)
    shell.run("b", lambda: None)
    assert is_open(toy)
    shell.run("a", toy_class)
    assert not is_open(toy)


def test_made_in_one_cell_and_shown_in_another_it_belongs_there(shell, toy_class):
    toy = shell.run("a", toy_class)
    shell.run("b", lambda: show(toy))
    shell.run("a", toy_class)
    assert is_open(toy)


def test_shown_again_the_card_comes_back_as_it_was(shell, toy_class):
    toy = shell.run("a", lambda: show(toy_class(width=5, locked=["shape"])))
    slider = toy.controls["width"]
    shell.run("a", lambda: None)
    toy.set(width=6)  # still of use in code
    shell.run("c", lambda: show(toy))
    assert is_open(toy) and slider.comm is not None and slider.value == 6
    slider.value = 7
    assert toy.state.width == 7 and "width='7'" in toy.figures["bar"]
    bundle = toy._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == toy.widget.model_id


@pytest.mark.parametrize(("cell", "kind"), [("", "execute_request"), ("a", "comm_msg")])
def test_where_the_cell_is_not_known_nothing_is_closed(shell, toy_class, cell, kind):
    toy = shell.run(cell, lambda: show(toy_class()), kind)
    for _ in range(2):
        shell.run(cell, lambda: show(toy_class()), kind)
    assert is_open(toy)


def test_a_cell_that_fails_has_lost_its_card_too(shell, toy_class):
    toy = shell.run("a", lambda: show(toy_class()))

    def fails():
        with pytest.raises(ValueError, match="Width"):
            toy_class(width=99)

    shell.run("a", fails)
    assert not is_open(toy)


@pytest.mark.parametrize(
    ("make", "bad"),
    [
        (MotifLab, {"motif": "nonsense"}),
        (MotifLab, {"width": 40, "length": 30}),
        (TheoremExplorer, {"n": 3}),
        (MotifExplorer, {"motif": "nonsense"}),
    ],
)
def test_a_card_that_was_refused_is_in_nobodys_way(shell, make, bad):
    """IPython keeps the last exception, and with it a card whose constructor failed."""

    def fails():
        with pytest.raises(ValueError, match=r"\.$") as caught:
            make(**bad)
        return caught

    shell.run("a", make)  # what all cards share is made
    shell.run("a", lambda: None)
    before = len(widget._instances)
    caught = shell.run("a", fails)
    assert len(widget._instances) == before
    explorer = shell.run("a", lambda: show(MotifExplorer()))
    assert is_open(explorer) and caught.type
    shell.run("a", lambda: None)
    assert not is_open(explorer)


def test_closing_stops_a_player_and_closes_what_is_not_on_the_card(toy_class):
    class Playing(toy_class):
        tools = ("play", *toy_class.tools)

        def toolbar(self):
            self.player, self.kept = Player(self, "width"), widgets.Button()
            return [Tool("play", self.player, inside=[self.kept])]

    toy = Playing()
    toy.player.playing = True
    toy.close()
    assert not toy.player.playing
    assert toy.player.comm is None and toy.kept.comm is None


PROBE = """
import asyncio, gc
from ipywidgets.widgets import widget
from motiflab.widgets.explorer import Explorer

async def probe():
    await asyncio.sleep(1)
    live = [o for o in gc.get_objects() if Explorer in type(o).__mro__]
    tasks = [t for t in asyncio.all_tasks() if "_train" in str(t.get_coro())]
    pages = int(open("/proc/self/statm").read().split()[1])
    print(len(live), len(tasks), len(widget._instances), pages * 4096 // 10**6)
"""

LAB = """
from motiflab import MotifLab
lab = MotifLab(n=4000, speed="slow")
lab.start()
lab
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_a_lab_run_again_and_again_leaves_one_lab_that_trains():
    manager, client = start_new_kernel()
    said = []

    def run(code, cell):
        content = {"code": textwrap.dedent(code), "silent": False, "store_history": True}
        message = client.session.msg("execute_request", content, metadata={"cellId": cell})
        client.shell_channel.send(message)
        while True:
            answer = client.get_iopub_msg(timeout=300)
            if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if answer["msg_type"] == "stream":
                said.append(answer["content"]["text"])
            assert answer["msg_type"] != "error", answer["content"]
            if answer["content"].get("execution_state") == "idle":
                return

    try:
        run(PROBE, "probe")
        run(LAB, "lab")
        run("await probe()", "count")
        for _ in range(5):
            run(LAB, "lab")
        run("await probe()", "count")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    first, last = (list(map(int, words.split())) for words in said)
    assert first[:2] == last[:2] == [1, 1]
    assert first[2] == last[2]
    assert last[3] - first[3] < 20  # MB


def test_a_last_word_to_a_closed_card_is_no_warning(caplog):
    explorer = MotifExplorer()
    name = explorer.widget.model_id
    explorer.close()
    for asked in (name, "nobody's"):
        assert get_comm_manager().get_comm(asked) is None
    assert caplog.messages == ["No such comm: nobody's"]

"""FASTA files in the lab, by their path and from the learner's own machine."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from html import unescape

import numpy as np
import pytest

from motiflab.lab import motif_lab
from motiflab.lab.motif_lab import MotifLab
from motiflab.sequences.encoding import random_sequences
from motiflab.widgets.chart import Chart
from motiflab.widgets.scene import to_scene
from motiflab.widgets.upload_button import FastaUpload

HOSTILE = "<img src=x onerror=alert(1)>"
NEGATIVES = "FASTA of negatives"
QUICK = {"source": "fasta", "filters": 2, "width": 8, "epochs": 2, "speed": "full"}


def fasta(n: int = 30, length: int = 60, seed: int = 0, name: str = "peak") -> bytes:
    texts = random_sequences(n, length, np.full(4, 0.25), np.random.default_rng(seed))
    return "".join(f">{name} {i}\n{text}\n" for i, text in enumerate(texts)).encode()


@pytest.fixture
def path(tmp_path):
    """Return the path of a good file."""
    file = tmp_path / "mine.fa"
    file.write_bytes(fasta())
    return str(file)


def message(lab, field: str = "fasta") -> str:
    """Return the sentence that stands beside a control."""
    found = re.search(
        r'<span class="motiflab-(error|note)">(.*?)</span>', lab.controls[field].description
    )
    return unescape(found[2]) if found else ""


def choosers(lab) -> dict[str, FastaUpload]:
    """Return the menus of the card, by label."""
    found = [lab.widget]
    for widget in found:
        found += getattr(widget, "children", ())
    return {widget.label: widget for widget in found if isinstance(widget, FastaUpload)}


def upload(lab, content: bytes, name: str = "mine.fa", label: str = "FASTA") -> None:
    """Do what the browser does when a file is chosen."""
    choosers(lab)[label].file = {"name": name, "content": memoryview(content)}


def everything(lab) -> str:
    """Return all texts of the lab, as HTML or as descriptions of charts."""
    found, todo = [lab.readout.html], [lab.widget]
    for widget in todo:
        todo += getattr(widget, "children", ())
        if "HTML" in type(widget).__name__:
            found.append(widget.value)
        found.append(getattr(widget, "description", ""))
    for picture in lab.figures.values():
        if isinstance(picture, Chart):
            found += [picture.text, json.dumps(picture.figure.layout.title.to_plotly_json())]
        else:
            found.append(picture)
    return "\n".join(found)


BAD = {
    "empty": (b"", "is empty"),
    "blank": (b"\n \n", "is blank"),
    "binary": (bytes(range(256)) * 9, "is a binary file"),
    "damaged": (gzip.compress(fasta())[:-30], "is a damaged gzip file"),
    "no FASTA": (b"ACGT\nACGT\n", 'whose first line starts with ">"'),
    "protein": (b">p53\nMEEPQSDPSV\n>x\nMEEP\n", "must hold only nucleotide codes"),
    "peaks without sequences": (b"chr1\t100\t200\n", "looks like BED"),
    "one indented": (b" >a\nACGT\n", "remove the white space"),
    "UTF-16": (fasta().decode().encode("utf-16"), "is text in UTF-16"),
    "an endless name": (b">" + b"x" * 60_000 + b"\nACGT\n", "at most 1,000 characters"),
    "an endless name of a bad sequence": (b">" + b"x" * 999 + b"\nACGT!\n", "nucleotide codes"),
    "a bomb": (gzip.compress(b"\n" * 10**6) * 301, "at most 300 MB after unpacking"),
    "too short": (fasta(30, 7), "The shortest sequence of the file has 7 bases"),
    "one sequence": (b">only\n" + b"ACGT" * 20, "at least 2 sequences"),
    "a sequence without bases": (b">a\n>b\nACGT\n", "must not be empty"),
    "a whole chromosome": (b">chr1\n" + b"ACGT" * 3000, "at most 10,000 bases"),
    "twins": (b">a\nACGTTGCATT\n>b\nACGTTGCATT\n", "at least 2 unrelated"),
}


@pytest.mark.parametrize(("content", "sentence"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("way", ["path", "upload"])
def test_a_bad_file_is_answered_beside_the_control(tmp_path, content, sentence, way):
    lab = MotifLab(**QUICK)
    before = lab.state
    if way == "path":
        (tmp_path / "bad.fa").write_bytes(content)
        lab.controls["fasta"].value = str(tmp_path / "bad.fa")
    else:
        upload(lab, content)
    assert sentence in message(lab) and message(lab).endswith(".") and len(message(lab)) < 400
    assert lab.state == before and lab.result is None
    assert "reading" not in everything(lab) and "no data yet" in everything(lab)
    upload(lab, fasta(), "good.fa")
    assert message(lab) == "" and lab.result is not None


@pytest.mark.parametrize("name", ["/nowhere/mine.fa", ".", HOSTILE, "x" * 900, "a\0b"])
def test_a_path_that_cannot_be_read(name):
    lab = MotifLab(**QUICK)
    lab.controls["fasta"].value = name
    assert message(lab).startswith("The file must be the path of a FASTA file")
    assert message(lab).endswith(".") and len(message(lab)) < 400
    assert "<img" not in everything(lab) and lab.result is None


@pytest.mark.parametrize("packed", [False, True])
def test_a_path_and_an_upload_give_the_same_training(tmp_path, packed):
    content = gzip.compress(fasta()) if packed else fasta()
    (tmp_path / "mine.fa").write_bytes(content)
    by_path, by_upload = MotifLab(**QUICK, fasta=str(tmp_path / "mine.fa")), MotifLab(**QUICK)
    upload(by_upload, content)
    assert by_upload.state.fasta == by_upload.controls["fasta"].value == "mine.fa"
    for lab in (by_path, by_upload):
        lab.start()
        assert lab.session.done and lab.session.trouble == ""
    assert by_path.result.losses == by_upload.result.losses
    assert by_path.result.precision_recall.area == by_upload.result.precision_recall.area


def test_spaces_around_a_path_do_no_harm(path):
    assert MotifLab(**QUICK, fasta=f"  {path} ").result is not None


def test_another_file_of_the_same_name_is_another_file():
    lab = MotifLab(**QUICK)
    upload(lab, fasta(seed=1))
    first = set(lab.session.data.train.sequences)
    upload(lab, fasta(seed=2))
    assert lab.state.fasta != "mine.fa" and lab.state.fasta.startswith("mine.fa")
    assert not first & set(lab.session.data.train.sequences)
    upload(lab, fasta(seed=1))
    assert lab.state.fasta == "mine.fa" and first == set(lab.session.data.train.sequences)


def test_an_upload_after_a_training_waits_for_the_reset():
    lab = MotifLab(**QUICK)
    upload(lab, fasta(seed=1))
    lab.start()
    session = lab.session
    upload(lab, fasta(seed=2))
    assert lab.session is session and lab.result.record.step == session.total
    assert message(lab) == "Applies after Reset."
    lab.reset()
    assert lab.session.step == 0 and message(lab) == ""
    assert not set(session.data.train.sequences) & set(lab.session.data.train.sequences)


@pytest.mark.parametrize("way", ["path", "upload", "scene"])
@pytest.mark.parametrize("content", [b"", fasta(30, 7)], ids=["empty", "too short"])
def test_a_bad_file_after_a_training_is_said_at_once_and_loses_nothing(tmp_path, content, way):
    (tmp_path / "bad.fa").write_bytes(content)
    lab = MotifLab(**QUICK)
    upload(lab, fasta())
    lab.start()
    session, state, result = lab.session, lab.state, lab.result
    if way == "path":
        lab.controls["fasta"].value = str(tmp_path / "bad.fa")
    elif way == "upload":
        upload(lab, content, "bad.fa")
    else:
        chosen = MotifLab.State(**QUICK, fasta=str(tmp_path / "bad.fa"))
        with pytest.raises(ValueError, match="is empty|7 bases"):
            lab.load(to_scene("MotifLab", chosen))
    assert way == "scene" or re.search("is empty|has 7 bases", message(lab))
    assert (lab.session, lab.state, lab.result) == (session, state, result)
    assert "reading" not in everything(lab) and ", trained" in everything(lab)
    lab.reset()  # of what was chosen before
    assert lab.session is not session and lab.session.step == 0
    upload(lab, fasta(seed=3), "good.fa")
    assert message(lab) == "" and lab.state.fasta == "good.fa"


def test_a_file_that_fits_after_a_training_waits_and_the_filter_is_checked_on_it():
    lab = MotifLab(**QUICK)
    upload(lab, fasta())
    lab.start()
    upload(lab, fasta(30, 20), "shorter.fa")
    assert message(lab) == "Applies after Reset." and lab.session.data.shortest == 60
    lab.controls["ratio"].value = 2  # other data, but of the same lengths
    lab.controls["width"].value = 21
    assert "only L+2P = 20+2*0 = 20" in message(lab, "width")
    lab.controls["width"].value = 20
    lab.reset()
    assert message(lab) == "" and lab.session.data.shortest == 20


def test_a_file_that_vanished_stops_a_reset_and_nothing_else(path):
    lab = MotifLab(**QUICK, fasta=path)
    lab.start()
    session = lab.session
    os.remove(path)
    lab.reset()
    assert "cannot be read (No such file" in message(lab) and lab.session is session
    lab.set(filters=3)
    assert lab.state.filters == 3 and lab.session is session
    assert "reading" not in everything(lab)


def test_a_file_that_was_mended_is_read_anew_at_a_reset(path):
    lab = MotifLab(**QUICK, fasta=path)
    first = set(lab.session.data.train.sequences)
    with open(path, "wb") as file:
        file.write(fasta(seed=5))
    lab.reset()
    assert not first & set(lab.session.data.train.sequences)


def test_sequences_shorter_than_the_filter_are_refused_with_the_numbers(tmp_path):
    (tmp_path / "short.fa").write_bytes(fasta() + b">short\nACGTACG\n")
    lab = MotifLab(**QUICK)
    lab.controls["fasta"].value = str(tmp_path / "short.fa")
    assert "The shortest sequence of the file has 7 bases" in message(lab)
    assert "D(K-1)+1 = 1*(8-1)+1 = 8 positions, but only L+2P = 7+2*0 = 7" in message(lab)
    assert lab.result is None and "reading" not in everything(lab)
    lab.controls["width"].value = 7
    assert message(lab, "width") == "" and lab.session.data.shortest == 7
    lab.start()
    assert lab.session.done


def test_a_file_that_is_too_short_need_not_be_chosen_again_for_a_narrower_filter():
    lab = MotifLab(**QUICK)
    upload(lab, fasta())
    upload(lab, fasta(30, 7), "short.fa")
    assert "has 7 bases" in message(lab) and lab.state.fasta == "mine.fa"
    lab.controls["width"].value = 7
    assert lab.state.fasta == "short.fa" and lab.session.data.shortest == 7
    assert message(lab) == message(lab, "width") == ""


@pytest.mark.parametrize("source", ["fasta", "ctcf"])
def test_negatives_that_are_too_short_are_said_beside_their_file(path, source):
    lab = MotifLab(**QUICK | {"source": source}, fasta=path, negatives="own")
    upload(lab, fasta(30, 7), "no.fa", label=NEGATIVES)
    assert "has 7 bases" in message(lab, "negatives_fasta") and message(lab) == ""
    assert "reading" not in everything(lab)


@pytest.mark.parametrize("step", ["prepare", "Session", "look"])
@pytest.mark.parametrize("error", [ValueError("no"), MemoryError("no"), KeyboardInterrupt()])
@pytest.mark.parametrize("source", ["fasta", "planted"])
def test_whatever_goes_wrong_it_is_no_longer_reading(path, monkeypatch, step, error, source):
    lab = MotifLab(**QUICK | {"source": source, "n": 100}, fasta=path)

    def fail(*args, **more):
        assert step != "prepare" or re.search("reading …|making the data …", everything(lab))
        raise error

    monkeypatch.setattr(motif_lab, "_in_use", {})  # data of an earlier lab would need no making
    monkeypatch.setattr(motif_lab, step, fail)
    with pytest.raises(type(error)):
        lab.set(seed=2)
    assert not re.search("reading …|making the data …", everything(lab))
    assert "step 0 of" in everything(lab) and lab.session is lab.result.session


def test_sequences_of_many_lengths(tmp_path):
    content = b"".join(
        fasta(4, length, length, f"of {length} bases,") for length in range(12, 60, 5)
    )
    (tmp_path / "mixed.fa").write_bytes(content)
    for pooling, window in (("max", 0), ("average", 3), ("logsumexp", 2)):
        lab = MotifLab(
            **QUICK, fasta=str(tmp_path / "mixed.fa"), pooling=pooling, window=window, layers=1
        )
        assert (lab.session.data.shortest, lab.session.data.length) == (12, 57)
        lab.start()
        assert lab.session.done and lab.session.trouble == ""
        assert {track.length for track in lab.result.tracks} != {57}
        for track in lab.result.tracks:
            assert len(track.activation) == track.length - 7


def test_n_and_other_codes_and_bases_that_never_occur(tmp_path):
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("AT"), 40)) for _ in range(30)] + ["N" * 40, "ATWN" * 10]
    content = "".join(f">{i}\n{text}\n" for i, text in enumerate(texts))
    (tmp_path / "at.fa").write_text(content)
    lab = MotifLab(**QUICK, fasta=str(tmp_path / "at.fa"))
    lab.start()
    assert lab.session.done and lab.session.data.background.min() > 0
    assert lab.session.data.background.sum() == pytest.approx(1)


@pytest.mark.parametrize("negatives", ["dinucleotide", "composition", "own"])
def test_negatives_are_those_that_were_chosen(path, tmp_path, negatives):
    (tmp_path / "no.fa").write_bytes(fasta(20, 50, 9, "no"))
    own = {"negatives_fasta": str(tmp_path / "no.fa")} if negatives == "own" else {"ratio": 2}
    lab = MotifLab(**QUICK, fasta=path, negatives=negatives, **own)
    data = lab.session.data
    labels = np.concatenate([data.train.labels, data.test.labels])
    assert (labels.sum(), (labels == 0).sum()) == (30, 20 if negatives == "own" else 60)
    said = {
        "dinucleotide": "shuffles of the positives that keep every pair",
        "composition": "random bases in the proportions",
        "own": "the sequences of the second file",
    }
    lab.open("numbers")
    assert said[negatives] in lab.figures["tables"]
    assert "score is not known" in lab.figures["tables"]
    names = data.train.names + data.test.names
    assert sum(name.startswith("no ") for name in names) == (20 if negatives == "own" else 0)


def test_the_file_of_negatives_is_asked_for_and_its_faults_stand_beside_it(path):
    lab = MotifLab(**QUICK, fasta=path, negatives="own")
    assert lab.result is None
    upload(lab, b">only\nACGTTTTTTTTTT\n", "one.fa", label=NEGATIVES)
    assert "at least 2 sequences" in message(lab, "negatives_fasta") and message(lab) == ""
    assert "negatives_source" not in message(lab, "negatives_fasta")
    upload(lab, fasta(20, 40, 7), "no.fa", label=NEGATIVES)
    assert lab.state.negatives_fasta == "no.fa" and lab.result is not None
    lab.controls["fasta"].value = "/nowhere/negatives_source.fa"
    assert "cannot be read" in message(lab) and message(lab, "negatives_fasta") == ""


def test_own_negatives_for_the_peaks(tmp_path):
    (tmp_path / "no.fa").write_bytes(fasta(50, 200, 3, "no"))
    lab = MotifLab(
        **QUICK | {"source": "ctcf"}, negatives="own", negatives_fasta=str(tmp_path / "no.fa")
    )
    assert len(lab.session.data.train) + len(lab.session.data.test) == 550
    (tmp_path / "twins.fa").write_bytes(b">a\n" + b"AC" * 50 + b"\n>b\n" + b"AC" * 50)
    lab.controls["negatives_fasta"].value = str(tmp_path / "twins.fa")
    assert "at least 2 unrelated negative" in message(lab, "negatives_fasta")


def test_names_with_html_are_shown_never_interpreted(tmp_path):
    (tmp_path / "mine.fa").write_bytes(fasta(name=HOSTILE))
    lab = MotifLab(**QUICK, fasta=str(tmp_path / "mine.fa"), tables=True)
    lab.start()
    assert lab.session.data.test.names[0].startswith(HOSTILE)
    shown = everything(lab)
    assert "<img" not in shown and "&lt;img src=x onerror" in shown
    assert shown.count("&lt;img") >= 10  # the drawing and the table, five sequences each
    (tmp_path / "bad.fa").write_bytes(f">{HOSTILE}\nACGT!\n".encode())
    lab = MotifLab(**QUICK)
    lab.controls["fasta"].value = str(tmp_path / "bad.fa")
    assert "Sequence 1 of the file must" in message(lab) and HOSTILE not in message(lab)
    upload(lab, f">{HOSTILE}\nACGT!\n".encode())
    assert HOSTILE in message(lab) and "<img" not in everything(lab)
    upload(lab, fasta(), f"{HOSTILE}.fa")
    assert lab.state.fasta == f"{HOSTILE}.fa" and "<img" not in everything(lab)
    assert MotifLab.State(fasta=f"{HOSTILE}.fa") and "<" not in lab.scene


def test_very_long_names_stay_small(tmp_path):
    (tmp_path / "mine.fa").write_bytes(fasta(name="x" * 990))
    lab = MotifLab(**QUICK, fasta=str(tmp_path / "mine.fa"), tables=True)
    assert sum(len(picture) for picture in lab.figures.values() if isinstance(picture, str)) < 1e5
    assert "x" * 100 not in everything(lab)


def test_nothing_of_a_file_that_a_scene_names_is_quoted(tmp_path):
    (tmp_path / "key").write_text("hunter2 of mine\n")
    scene = to_scene("MotifLab", MotifLab.State(**QUICK, fasta=str(tmp_path / "key")))
    lab = MotifLab(**QUICK)
    for load in (MotifLab.from_scene, lab.load):
        with pytest.raises(ValueError, match="whose first line starts with") as error:
            load(scene)
        assert "hun" not in str(error.value)
    assert "hun" not in everything(lab) + lab.readout.alarm
    upload(lab, b"hunter2 of mine\n")
    assert "starts with 'hunter2 of mine'" in message(lab)


@pytest.mark.skipif(os.name != "posix", reason="these files are found on Unix")
def test_a_scene_opens_no_device_and_no_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in (str(tmp_path / "pipe"), "/dev/zero"):
        scene = to_scene("MotifLab", MotifLab.State(**QUICK, fasta=name))
        with pytest.raises(ValueError, match="is a device, a pipe or a socket"):
            MotifLab.from_scene(scene)


def test_a_file_is_not_taken_where_the_control_is_locked(path):
    lab = MotifLab(**QUICK, fasta=path)
    chooser = choosers(lab)["FASTA"]
    lab.load(MotifLab(**QUICK, fasta=path, locked=["fasta"]).scene)
    assert choosers(lab) == {}
    chooser.file = {"name": "other.fa", "content": memoryview(fasta(seed=4))}
    assert lab.state.fasta == path and "is locked by the teacher" in message(lab)


def test_choosers_are_shown_where_files_are_read(path):
    lab = MotifLab(**QUICK, fasta=path)
    assert list(choosers(lab)) == ["FASTA"]
    lab.set(source="planted")
    assert list(choosers(lab)) == []
    lab.set(source="ctcf", negatives="own", negatives_fasta=path)
    assert list(choosers(lab)) == [NEGATIVES]
    lab.set(source="fasta")
    assert list(choosers(lab)) == ["FASTA", NEGATIVES]


def test_the_chooser_states_its_limit():
    chooser = FastaUpload(label="FASTA")
    assert chooser.most == 5 and chooser.file == {}
    assert "only ${most()} MB can be sent from here: ${instead}" in chooser._esm
    assert "type its path instead" in chooser._esm
    assert chooser.unpacked == 300 and "MB unpacked" in chooser._esm
    assert "at most 300 MB after unpacking, 1,000,000 sequences" in chooser.hint
    assert "at most 300 MB after unpacking" in MotifLab().controls["fasta"].tooltip


HUGE = """
import resource, sys
from motiflab import MotifLab

def peak():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024

quick = dict(source="fasta", filters=2, epochs=1)
MotifLab(**quick, fasta=sys.argv[1])
before = peak()
lab = MotifLab(**quick, fasta=sys.argv[2])
lab.step()
data = lab.session.data
print(before, peak(), len(data.train) + len(data.test), lab.session.trouble)
lab.open("numbers")
print(lab.figures["tables"])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_a_file_of_100_megabytes_by_its_path_needs_little_memory(tmp_path):
    small, huge = tmp_path / "small.fa", tmp_path / "huge.fa"
    texts = random_sequences(5000, 200, np.full(4, 0.25), np.random.default_rng(0))
    records = "".join(f">peak {i}\n{text}\n" for i, text in enumerate(texts)).encode()
    small.write_bytes(records)
    with huge.open("wb") as file:
        for _ in range(95):
            file.write(records)
    assert huge.stat().st_size > 100e6
    command = [sys.executable, "-W", "error", "-c", HUGE, str(small), str(huge)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    numbers, said = told.split("\n", 1)
    before, after, used = map(float, numbers.split()[:3])
    # Duplicates stay on one side of the split, so nothing is lost: 5000 and their shuffles.
    assert used == 10_000 and len(numbers.split()) == 3
    assert after - before < 100
    assert "5,000 of the 475,000 positives are used, drawn at random." in said

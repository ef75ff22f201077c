"""The choices of the lab, against torch and the core."""

from __future__ import annotations

import dataclasses
import math
import re

import pytest
import torch
from every import OWN
from hypothesis import assume, given
from hypothesis import strategies as st

from motiflab.checks import ArgumentError
from motiflab.lab.lab_data import prepare
from motiflab.lab.lab_state import LabState
from motiflab.motifs import jaspar
from motiflab.widgets.fields import declared

FIELDS = declared(LabState)


def values(field) -> st.SearchStrategy:
    """Return everything that a field may hold."""
    if field.kind == "choice":
        return st.sampled_from([value for _, value in field.options])
    if field.type is bool:
        return st.booleans()
    if field.kind == "lines":
        return st.sampled_from(["", OWN])
    if field.type is str:
        return st.text(st.characters(codec="utf-8"), max_size=60)
    if field.type is int:
        return st.integers(field.low, field.high)
    return st.floats(field.low, field.high)


STATES = st.builds(LabState, **{name: values(field) for name, field in FIELDS.items()})

# A second value of each field that is as good as its first.
OTHER = {
    "source": "ctcf",
    "motif": "TBP",
    "second": "TBP",
    "own": OWN,
    "gap_min": 3,
    "gap_max": 9,
    "contrast": "gaps",
    "other_min": 3,
    "other_max": 9,
    "planted_strands": False,
    "fasta": "a.fa",
    "negatives": "composition",
    "negatives_fasta": "b.fa",
    "n": 500,
    "length": 60,
    "ratio": 2,
    "gc": 0.4,
    "seed": 2,
    "filters": 4,
    "width": 9,
    "stride": 2,
    "padding": 3,
    "dilation": 2,
    "activation": "none",
    "pooling": "average",
    "window": 5,
    "layers": 2,
    "second_filters": 3,
    "second_width": 3,
    "second_dilation": 2,
    "both_strands": False,
    "initialisation": "he",
    "learning_rate": 0.05,
    "batch": 32,
    "epochs": 3,
    "weight_decay": 0.1,
    "dropout": 0.5,
    "speed": "full",
    "logos": "weights",
    "known": "own",
    "tables": True,
}


def test_every_field_has_another_value_here():
    assert list(OTHER) == list(FIELDS)
    assert all(getattr(LabState(), name) != value for name, value in OTHER.items())


@given(STATES)
def test_whatever_the_fields_allow_the_core_accepts(state):
    chosen = dataclasses.asdict(state)
    # What the lab has no controls for is off.
    off = {"head": "classify", "positive_weight": 1.0, "patience": 0}
    off |= {"outputs": 1, "hidden": 0, "batch_norm": False}
    off |= {"second_padding": 0, "second_window": 0}
    assert dataclasses.asdict(state.model()).items() <= (chosen | off).items()
    assert dataclasses.asdict(state.training()).items() <= (chosen | off).items()


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_takes_what_it_cannot_hold(name):
    field = FIELDS[name]
    bad = [None, b"1", [1], math.nan, math.inf, -math.inf, "<b>"]
    if field.type is str and field.kind == "text":
        bad = [None, b"GATA1", 7, True, "x" * (field.longest + 1), "x" * 10**6]
    elif field.type in (int, float) and field.kind != "choice":
        bad += [field.low - 1, field.high + 1, -(10**9), 10**30, -(10**5000), True, "12"]
        bad += [0] if field.low > 0 else []
        bad += [field.low + 0.5] if field.type is int else []
    for value in bad:
        with pytest.raises(ArgumentError) as caught:
            LabState(**{name: value})
        words = str(caught.value)
        assert caught.value.argument == name
        assert words.startswith(field.label) and " must be " in words and words.endswith(".")
        assert len(words) < 250


def possible(state: LabState, length: int) -> bool:
    """Return whether sequences of this length give an output, by torch."""
    conv, pool = torch.nn.functional.conv1d, torch.nn.functional.max_pool1d
    try:
        y = conv(
            torch.zeros(1, 1, length),
            torch.zeros(1, 1, state.width),
            None,
            state.stride,
            state.padding,
            state.dilation,
        )
        if state.window:
            y = pool(y, state.window)
        if state.layers == 2:
            conv(y, torch.zeros(1, 1, state.second_width), dilation=state.second_dilation)
    except RuntimeError:
        return False
    return True


@given(STATES, st.integers(1, 120))
def test_a_network_is_refused_just_where_torch_finds_no_output(state, length):
    if possible(state, length):
        state.check_model(length)
        return
    with pytest.raises(ArgumentError) as caught:
        state.check_model(length)
    words = str(caught.value)
    assert caught.value.argument in ("width", "window", "second_width")
    assert words[0].isupper() and words.endswith(".")


@pytest.mark.parametrize(
    ("changes", "length", "field", "sentence"),
    [
        ({"width": 40}, 39, "width", "spans D(K-1)+1 = 1*(40-1)+1 = 40 positions, but only L+2P ="),
        ({"width": 10, "dilation": 10}, 90, "width", "= 10*(10-1)+1 = 91 positions, but only"),
        ({"width": 40, "padding": 2}, 35, "width", "L+2P = 35+2*2 = 39 are there"),
        ({"width": 11, "stride": 10, "window": 10}, 100, "window", "at most 9, the length of the"),
        ({"window": 87}, 100, "window", "at most 86, the length of the feature map (100 bases"),
        ({"window": 20, "layers": 2}, 100, "second_width", "at most 4, the number of positions"),
    ],
)
def test_an_impossible_network_is_explained_with_its_numbers(changes, length, field, sentence):
    with pytest.raises(ArgumentError, match=re.escape(sentence)) as caught:
        LabState(**changes).check_model(length)
    assert caught.value.argument == field


@given(STATES, st.integers(500, 10_000), st.integers(1, 20_000))
def test_the_largest_batch_that_is_named_is_one_that_is_taken(state, length, n):
    assume(possible(state, length))

    def refusal(batch):
        try:
            dataclasses.replace(state, batch=batch).check_batch(length, n)
        except ArgumentError as error:
            return error
        return None

    error = refusal(4096)
    assert refusal(1) is None
    if error is not None:
        assert error.argument == "batch"
        most = int(re.search(r"at most (\d+) to fit in memory", str(error))[1])
        assert refusal(most) is None and refusal(most + 1) is not None


def test_the_defaults_fit_in_memory_many_times_over():
    LabState(batch=4096).check_batch(100, 50_000)


def test_what_is_planted():
    arrangement = LabState(motif=" ctcf ", second="MA0035", gap_min=1, gap_max=4).arrangement()
    assert [motif.id for motif in arrangement.motifs] == ["MA0139.2", "MA0035.5"]
    assert arrangement.gaps == ((1, 4),)
    assert LabState(second="  ").arrangement().gaps == ()


@pytest.mark.parametrize("field", ["motif", "second"])
def test_near_names_are_offered_for_a_motif_that_does_not_exist(field):
    with pytest.raises(ArgumentError, match="similar names are GATA9") as caught:
        LabState(**{field: "GATA99"}).arrangement()
    assert caught.value.argument == field


def test_no_motif_at_all_is_refused():
    with pytest.raises(ArgumentError, match="must be a name or an id of JASPAR") as caught:
        LabState(motif=" ").arrangement()
    assert caught.value.argument == "motif"


def test_a_gap_upside_down():
    state = LabState(second="TBP", gap_min=9)
    with pytest.raises(ArgumentError, match="Shortest gap must be at most the longest, 8, not 9"):
        state.arrangement()
    dataclasses.replace(state, second="").arrangement()  # then there is no gap


def test_what_is_planted_must_fit():
    width = jaspar.load("CTCF").width + jaspar.load("TBP").width + 30
    state = LabState(motif="CTCF", second="TBP", gap_min=30, gap_max=60, length=width)
    state.arrangement()
    with pytest.raises(
        ArgumentError, match=f"must be at least {width} to hold what is planted"
    ) as e:
        dataclasses.replace(state, length=width - 1).arrangement()
    assert e.value.argument == "length"


SOURCES = {
    "one motif": LabState(),
    "two motifs": LabState(second="TBP", layers=2),
    "peaks": LabState(source="ctcf"),
    "peaks and a file": LabState(source="ctcf", negatives="own", negatives_fasta="x.fa"),
    "a file": LabState(source="fasta", fasta="x.fa", layers=2),
    "two files": LabState(source="fasta", fasta="x.fa", negatives="own", negatives_fasta="y.fa"),
}


@pytest.mark.parametrize("state", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"source", "second", "negatives", "layers"}))
def test_a_reset_is_needed_for_just_what_matters_to_the_training(state, name):
    other = dataclasses.replace(state, **{name: OTHER[name]})
    matters = name not in state.idle() | {"own", "speed", "logos", "known", "tables"}
    assert state.needs_reset(other) == other.needs_reset(state) == ([name] if matters else [])
    group = FIELDS[name].group
    assert state.needs_data(other) == (matters and group == "Data")


@pytest.mark.parametrize("field", ["motif", "second"])
def test_the_counts_of_an_own_motif_that_is_planted_matter_and_no_others(field):
    state = LabState(own=OWN, **{field: "E-box"})
    renamed = dataclasses.replace(state, own=OWN.replace("E-box", "T-box"), **{field: "T-box"})
    changed = dataclasses.replace(state, own=OWN.replace("nsites= 3", "nsites= 30"))
    more = dataclasses.replace(state, own=OWN + "MOTIF more\n" + OWN.partition("MOTIF E-box\n")[2])
    for other, matters in ((renamed, True), (changed, True), (more, False)):
        assert state.needs_reset(other) == ([field] if matters else [])
        assert state.needs_data(other) is matters
    assert not LabState(own=OWN).needs_data(LabState())


def test_a_choice_that_brings_other_fields_into_play_is_what_a_reset_is_for():
    state = LabState(gap_min=4, second_filters=3)
    for changes in ({"second": "TBP"}, {"layers": 2}, {"source": "ctcf"}):
        assert state.needs_reset(dataclasses.replace(state, **changes)) == list(changes)
    both = LabState(second="TBP", layers=2)
    assert state.needs_reset(both) == ["second", "gap_min", "layers", "second_filters"]


@pytest.mark.parametrize("state", [SOURCES["one motif"], SOURCES["peaks"]], ids=["one", "peaks"])
def test_idle_fields_leave_the_data_as_they_are(state):
    state = dataclasses.replace(state, n=60, length=40)
    first = prepare(state)
    idle = {name: OTHER[name] for name in state.idle() - {"fasta", "negatives_fasta"}}
    if state.source == "planted":
        idle["negatives"] = "own"
    second = prepare(dataclasses.replace(state, **idle))
    assert first.train.sequences == second.train.sequences
    assert first.test.sequences == second.test.sequences


def test_files_to_read():
    assert {name: state.files() for name, state in SOURCES.items()} == {
        "one motif": [],
        "two motifs": [],
        "peaks": [],
        "peaks and a file": ["negatives_fasta"],
        "a file": ["fasta"],
        "two files": ["fasta", "negatives_fasta"],
    }
    assert LabState(negatives="own").files() == []


def test_the_negatives_can_hold_the_motifs_of_the_positives_at_other_gaps():
    planted = {"motif": "GATA2", "second": "TCF3", "length": 70, "planted_strands": False}
    state = LabState(**planted, contrast="gaps", other_min=18, other_max=20)
    positive, negative = state.arrangement(), state.other_arrangement()
    assert [m.id for m in positive.motifs] == [m.id for m in negative.motifs]
    assert (positive.gaps, negative.gaps) == (((2, 8),), ((18, 20),))
    assert not positive.both_strands and not negative.both_strands
    assert LabState(**planted).other_arrangement() is None
    assert LabState(**{**planted, "second": ""}, contrast="gaps").other_arrangement() is None
    assert {"other_min", "other_max"} <= LabState(**planted).idle()
    assert not {"contrast", "other_min", "other_max"} & state.idle()


def test_the_gaps_of_the_negatives_are_refused_beside_their_own_control():
    state = LabState(second="TBP", contrast="gaps", other_min=21, other_max=20)
    with pytest.raises(
        ArgumentError, match="Their shortest gap must be at most the longest, 20"
    ) as e:
        state.other_arrangement()
    assert e.value.argument == "other_min"

"""Imports from motiflab: names load on first use, and those of version 0.1 still work."""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import motiflab
from motiflab.moved import MOVED, RENAMED

FOLDERS = sorted(path.parent.name for path in Path(motiflab.__file__).parent.glob("*/__init__.py"))
# A name that each old module had: of those with several homes, one from each.
OLD = [
    ("stacks", "Stack", "layers", "Stack"),
    ("convolution", "output_length", "layers.convolution", "output_length"),
    ("convolution", "receptive_field", "layers.receptive_fields", "receptive_field"),
    ("alphabet", "clean", "sequences.alphabet", "clean"),
    ("alphabet", "by_base", "sequences.matrix", "by_base"),
    ("reader", "pre_activations", "networks.one_layer", "pre_activations"),
    ("reader", "Reader", "networks.one_layer", "OneLayerNetwork"),
    ("reader", "Reading", "networks.one_layer", "ForwardPass"),
    ("reader", "random_reader", "networks.one_layer", "random_one_layer"),
    ("reader", "read", "networks.one_layer", "forward"),
    ("training", "Record", "networks.training", "TrainingRecord"),
    ("winners", "winners", "interpretation.saliency", "winning_windows"),
    ("explorers.motif_lab", "MotifLab", "lab.motif_lab", "MotifLab"),
]


def fresh(code: str, place: Path) -> subprocess.CompletedProcess:
    """Run a line in a new process that was started in another directory."""
    root = str(Path(motiflab.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=place,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_name_of_a_folder_is_what_its_module_has_and_dir_lists_it(folder):
    package = importlib.import_module(f"motiflab.{folder}")
    for name in getattr(package, "__all__", ()):
        assert hasattr(package, name) and name in dir(package), name


def test_each_name_at_the_front_door_is_there_and_dir_lists_it():
    for name in motiflab.__all__:
        assert callable(getattr(motiflab, name)), name
    assert {*motiflab.__all__, "course", "layers"} <= {*dir(motiflab)}
    assert all(name.isidentifier() and hasattr(motiflab, name) for name in dir(motiflab))


def test_a_name_is_the_same_object_wherever_it_is_asked_for():
    from motiflab import ScanExplorer, explorers
    from motiflab.explorers.scan_explorer import ScanExplorer as at_home

    assert ScanExplorer is explorers.ScanExplorer is at_home


def test_an_unknown_name_is_an_ordinary_error():
    with pytest.raises(AttributeError, match="^module 'motiflab' has no attribute 'Motiflab'$"):
        _ = motiflab.Motiflab
    with pytest.raises(ImportError, match="cannot import name 'Motiflab' from 'motiflab'"):
        from motiflab import Motiflab  # noqa: F401
    assert not hasattr(motiflab.layers, "course.lectures")
    assert not hasattr(motiflab, "course.lectures")


@pytest.mark.parametrize(("old", "name", "home", "now"), OLD)
def test_an_old_name_is_the_new_object(old, name, home, now):
    expected = getattr(importlib.import_module(f"motiflab.{home}"), now)
    assert getattr(importlib.import_module(f"motiflab.{old}"), name) is expected


def test_every_old_module_is_found_and_all_its_homes_exist():
    for old, homes in MOVED.items():
        module = importlib.import_module(f"motiflab.{old}")
        assert module.__spec__.name == f"motiflab.{old}"
        for home in homes.split():
            importlib.import_module(f"motiflab.{home}")
    for old in RENAMED:
        module, _, name = old.rpartition(".")
        assert module in MOVED and hasattr(importlib.import_module(f"motiflab.{module}"), name)


def test_no_old_name_hides_a_module_that_is_there():
    root = Path(motiflab.__file__).parent
    for old in MOVED:
        path = root.joinpath(*old.split("."))
        assert not path.exists() and not path.with_suffix(".py").exists(), old


def test_what_an_old_module_never_had_is_an_ordinary_error():
    stacks = importlib.import_module("motiflab.stacks")
    with pytest.raises(AttributeError, match="'Stacc'"):
        _ = stacks.Stacc
    with pytest.raises(ImportError, match="cannot import name 'Stacc'"):
        from motiflab.stacks import Stacc  # noqa: F401
    assert not hasattr(stacks, "__path__") and not hasattr(stacks, "_private")


@pytest.mark.parametrize(
    "name", ["motiflab.stackz", "motiflab.explorers.motif_lap", "stacks", "reader"]
)
def test_a_misspelt_module_is_not_found_under_its_own_name(name):
    with pytest.raises(ModuleNotFoundError) as missing:
        importlib.import_module(name)
    assert missing.value.name == name


def test_nothing_is_inside_an_old_module():
    with pytest.raises(ModuleNotFoundError, match="is not a package"):
        importlib.import_module("motiflab.stacks.inner")


def test_objects_are_pickled_under_their_new_names_and_read_under_the_old():
    from motiflab.stacks import Stack

    from motiflab.layers import Layer

    for kind in (Stack, Layer):
        assert pickle.loads(pickle.dumps(kind)) is kind
    assert b"motiflab.stacks" not in pickle.dumps(Stack)
    # As version 0.1 wrote it: the module, a line's end, the name.
    from motiflab.networks.training import TrainingRecord

    assert pickle.loads(b"cmotiflab.training\nRecord\n.") is TrainingRecord


def test_an_old_module_and_the_package_can_be_loaded_anew(tmp_path):
    done = fresh(
        "import importlib, sys, motiflab; from motiflab import stacks;"
        "before, finders = stacks.Stack, len(sys.meta_path);"
        "importlib.reload(motiflab); importlib.reload(stacks);"
        "assert stacks.Stack is before and len(sys.meta_path) == finders",
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "code",
    [
        "from motiflab.stacks import Stack",
        "import motiflab.stacks; motiflab.stacks.Stack",
        "from motiflab import stacks, reader; reader.Reader",
        "from motiflab.explorers.grammar_lab import GrammarLab",
        "from motiflab import ScanExplorer, show, course",
    ],
)
def test_it_works_in_a_new_process_in_another_directory_without_a_warning(code, tmp_path):
    done = fresh(code, tmp_path)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


def test_to_import_an_old_module_loads_no_new_one(tmp_path):
    done = fresh(
        "import sys, motiflab.training; hasattr(motiflab.training, '__path__');"
        "assert 'torch' not in sys.modules and 'motiflab.networks' not in sys.modules",
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")

"""`motiflab lab`: what it writes for its JupyterLab, and what it refuses."""

from __future__ import annotations

import json

import nbformat

from motiflab.course.alone import write
from motiflab.course.command import main
from motiflab.lab import MotifLab


def test_what_is_not_a_scene_is_refused_before_anything_starts(capsys):
    assert main(["lab", "--scene", "MotifLab/2?motif=CTCF#00000000"]) == 1
    assert capsys.readouterr().err.startswith("motiflab: This is not a scene")


def test_the_notebook_opens_the_scene_in_the_folder_of_the_learner(tmp_path, monkeypatch):
    mine, folder = tmp_path / "it's mine", tmp_path / "folder"
    mine.mkdir()
    folder.mkdir()
    monkeypatch.chdir(mine)
    scene = MotifLab(n=200, motif="CTCF", length=60).scene
    write(folder, scene)
    (path,) = (folder / "root").iterdir()
    (cell,) = nbformat.read(path, 4).cells
    monkeypatch.chdir(tmp_path)
    *lines, last = cell.source.splitlines()
    names = {}
    exec("\n".join(lines), names)
    assert tmp_path.cwd() == mine
    assert eval(last, names).scene == scene
    assert list(mine.iterdir()) == []


def test_jupyterlab_finds_the_extension_where_its_package_says(tmp_path):
    options = write(tmp_path, None)
    (package,) = tmp_path.glob("labextensions/*/package.json")
    said = json.loads(package.read_text())
    assert said["name"] == package.parent.name
    script = (package.parent / said["jupyterlab"]["_build"]["load"]).read_text()
    assert f'_JUPYTERLAB["{said["name"]}"]' in script
    assert f"--LabApp.extra_labextensions_path={tmp_path / 'labextensions'}" in options

"""The check of the environment: good here, and one line for each fault."""

from __future__ import annotations

import importlib.metadata
import sys

import pytest

from motiflab import environment
from motiflab.layers import convolution


def test_a_sound_environment_is_good():
    findings = environment.check()
    assert all(finding.good for finding in findings), findings
    text = "\n".join(map(str, findings))
    assert f"Python: {sys.version.split()[0]}" in text
    assert "1,019 of vertebrates" in text and "500, checksum right" in text


@pytest.mark.parametrize(
    ("target", "value", "what", "said"),
    [
        ("motiflab.datasets.sources.CTCF_SHA256", "0", "CTCF peaks", "checksum"),
        ("importlib.metadata.version", None, "packages", "TypeError"),
        ("motiflab.layers.convolution.cross_correlate", lambda x, w: 0, "torch", "disagrees"),
    ],
)
def test_what_is_wrong_is_one_line(monkeypatch, target, value, what, said):
    monkeypatch.setattr(target, value)
    wrong = [finding for finding in environment.check() if not finding.good]
    assert [finding.what for finding in wrong] == [what]
    assert said in wrong[0].found and str(wrong[0]).startswith(f"NO  {what}: ")


def test_the_browser_needs_fewer_packages_and_no_torch(monkeypatch):
    version = importlib.metadata.version

    def installed(name):
        if name not in ("ipywidgets", "anywidget", "logomaker"):
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(importlib.metadata, "version", installed)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert [one.what for one in environment.check() if not one.good] == ["packages", "torch"]
    monkeypatch.setattr(environment, "in_the_browser", lambda: True)
    findings = environment.check()
    assert all(finding.good for finding in findings), findings
    assert str(findings[-1]).startswith("ok  torch: not in the browser")


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setattr(convolution, "torch", None, raising=False)
    wrong = [finding for finding in environment.check() if not finding.good]
    assert [finding.what for finding in wrong] == ["torch"]
    assert "torch" in wrong[0].found

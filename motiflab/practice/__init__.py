"""The exercises in a notebook: shown, answered, checked, helped with, and kept."""

from __future__ import annotations

from motiflab.practice.practice import Practice

__all__ = ["Practice"]

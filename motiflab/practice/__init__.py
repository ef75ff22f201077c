"""Show exercises in a notebook, check and save answers, and give hints."""

from __future__ import annotations

from motiflab.practice.practice import Practice

__all__ = ["Practice"]

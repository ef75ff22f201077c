"""The teacher's kit: notebooks to hand out, to grade and to report on, and scenes for lectures."""

from __future__ import annotations

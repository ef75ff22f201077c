"""A capstone: find the motif in peaks that nobody has labelled, and defend it."""

from __future__ import annotations

from motiflab.exercises.discovering_defence import DEFENCE, SITE
from motiflab.exercises.discovering_motif import BASELINE, MOTIF, NEGATIVES
from motiflab.exercises.discovering_report import REPORT
from motiflab.exercises.exercise import ExerciseSet

SET = ExerciseSet(
    "discovering",
    "Find the motif in unlabelled peaks",
    None,
    (NEGATIVES, BASELINE, MOTIF, REPORT, SITE, DEFENCE),
)

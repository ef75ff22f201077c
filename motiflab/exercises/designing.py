"""A capstone: the smallest network that can solve a grammar of one's own."""

from __future__ import annotations

from motiflab.exercises.designing_field import FIELD, NEGATIVES, PROOF
from motiflab.exercises.designing_network import DESIGN, HOLES
from motiflab.exercises.designing_parameters import PARAMETERS
from motiflab.exercises.exercise import ExerciseSet

SET = ExerciseSet(
    "designing",
    "Design the smallest network",
    None,
    (FIELD, NEGATIVES, PARAMETERS, HOLES, DESIGN, PROOF),
)

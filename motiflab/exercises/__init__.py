"""Exercises with individual numbers, and checkers that recognise the usual mistakes.

Nothing here draws or displays; `motiflab.practice` shows exercises in a notebook. This package
exports what the author of a set needs; each name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from motiflab.checks import one_of, quoted
from motiflab.exercises.exercise import Exercise, ExerciseSet
from motiflab.lazy import names

__getattr__, _, __all__ = names(
    __name__,
    {
        "exercise": "Exercise ExerciseSet Given Mistake altered draw_word with_base",
        "answers": "Choice Open Option Text Value per_cent",
        "functions": "Function Property together",
        "targets": "Shown Target",
        "markdown": "as_printed table weights_table",
        "parsing": "Unreadable read_numbers",
    },
)
__all__ += ["KEYS", "all_exercises", "exercise_set", "find"]


def __dir__() -> list[str]:
    # Names defined here, and exported names.
    return sorted({*globals(), *__all__})


KEYS = (
    "encoding",
    "scanning",
    "activating",
    "pooling",
    "scoring",
    "detecting",
    "reading",
    "attributing",
    "spacing",
    "judging",
    "designing",
    "discovering",
    "explaining",
    "interrogating",
    "connecting",
)
"""Names of the sets, each a module here, in their order."""


def exercise_set(key: str) -> ExerciseSet:
    """Return an exercise set by its name.

    >>> exercise_set("scanning").problem
    3297871
    """
    one_of("key", key, KEYS)
    return importlib.import_module(f"motiflab.exercises.sets.{key}_exercises").SET


def all_exercises() -> Iterator[Exercise]:
    """Yield every exercise, set by set."""
    for key in KEYS:
        yield from exercise_set(key)


def find(id: str) -> Exercise:
    """Return an exercise by its id; raises `ValueError` if there is none.

    >>> find("scanning.windows").title
    'Count the windows'
    """
    key = str(id).partition(".")[0]
    for exercise in exercise_set(key) if key in KEYS else ():
        if exercise.id == id:
            return exercise
    raise ValueError(
        f"id must be the name of an exercise, such as 'scanning.windows', not {quoted(id)}."
    )

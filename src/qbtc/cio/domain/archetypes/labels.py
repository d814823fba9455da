"""The labels: twelve archetypes after Pearson and Marr (The Hero Within, 1986; PMAI), and `none` for a text in none of the styles."""

from __future__ import annotations

from typing import Final

ARCHETYPES: Final = (
    "innocent", "orphan", "caregiver", "warrior", "seeker", "destroyer",
    "lover", "creator", "ruler", "magician", "sage", "jester",
)  # fmt: skip
"""Also known by other names: orphan as everyperson or realist, warrior as hero, seeker as explorer, destroyer as revolutionary."""

NONE: Final = "none"
LABELS: Final = (*ARCHETYPES, NONE)
"""In the order of every vector of probabilities."""

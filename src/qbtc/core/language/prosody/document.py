"""A scanned text as JSON: the scansion line by line, what was measured of it, and its resonance with another text.

The same for the command line, for `POST /resonance` and for the bus, so that one guide describes all three.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TypeAlias

import numpy as np

from . import verseness
from .resonance import resonance
from .rhythm import closure, periodicity, rhythm
from .slant import slants
from .texture import texture
from .types import Line, Poem

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | float | bool | None


def scansion(poem: Poem) -> dict[str, Json]:
    """One entry in `lines` for each line that is not blank, in order; `verse_probability` that the text is verse."""
    return {
        "language": poem.language,
        "form": poem.form,
        "verse_probability": _rounded(verseness.probability(poem)),
        "lines": [_line(line) for line in poem.lines],
        "stanzas": [
            {"first": s.first, "last": s.last, "scheme": s.scheme, "name": s.name, "rhyme": s.rhyme}
            for s in poem.stanzas
        ],
    }


def _line(line: Line) -> Json:
    return {
        "text": line.text, "syllables": line.syllables, "stresses": line.stresses, "rhyme": line.rhyme, "sound": line.sound,
        "verse": line.verse, "foot": line.foot, "hemistichs": list(line.hemistichs), "accents": line.accents or line.stresses,
        "units": [{"text": u.text, "start": u.start, "end": u.end, "stressed": bool(u.stress)} for u in line.units],
    }  # fmt: skip


def measured(poem: Poem, rng: np.random.Generator, *, permutations: int = 199) -> dict[str, Json]:
    """Rhythm, P and Z, texture beside its null, slant rhymes, and what the probability of verse is made of."""
    found = rhythm(poem)
    enough = len(poem.lines) >= verseness.FEWEST
    return {
        "rhythm": {name: _rounded(value) for name, value in asdict(found).items()},
        "periodicity": _rounded(periodicity(poem)),
        "closure": _rounded(closure(poem)),
        "texture": {
            kind: {name: _rounded(value) for name, value in density._asdict().items()}
            for kind, density in texture(poem, rng, permutations=permutations).items()
        },
        "slants": [{name: _rounded(value) for name, value in pair._asdict().items()} for pair in slants(poem)],
        "verse_measures": {name: _rounded(value) for name, value in verseness.measures(poem).items()}
        if enough
        else None,
    }


def resonated(one: Poem, other: Poem, rng: np.random.Generator, *, permutations: int = 199) -> dict[str, Json]:
    """Raises ValueError where a text has too few lines."""
    found = resonance(one, other, rng, permutations=permutations)
    return {
        "fidelity": _rounded(found.fidelity), "cosine": _rounded(found.cosine), "p": _rounded(found.p),
        "within": [_rounded(value) for value in found.within], "permutations": permutations,
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    """Nine digits: what follows differs between machines."""
    return None if value is None else value if isinstance(value, int) else float(f"{value:.9g}")

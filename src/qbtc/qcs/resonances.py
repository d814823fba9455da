"""Verse on request (`POST /resonance`, kind `resonance` on the bus): what may be asked with its limits, and the answer.

The prosody itself is `core/language/prosody`; `qbtc resonance` answers the same without a running system.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from qbtc.core.language import detect
from qbtc.core.language.prosody import LANGUAGES, Poem, scan
from qbtc.core.language.prosody.document import Json, measured, resonated, scansion
from qbtc.core.language.prosody.resonance import FEWEST
from qbtc.kit.errors import from_validation

from .errors import LanguageUntold, TooFewLines, TooManyLines

MOST_CHARACTERS = 20_000
MOST_LINES = 400
Text = Annotated[str, Field(max_length=MOST_CHARACTERS, pattern=r"\S", description="lines of verse; blank lines end stanzas")]
EXAMPLE = "Hombres necios que acusáis\na la mujer sin razón,\nsin ver que sois la ocasión\nde lo mismo que culpáis."
LIRA = "¡Oh llama de amor viva,\nque tiernamente hieres\nde mi alma en el más profundo centro!\nPues ya no eres esquiva,"


class AskResonance(BaseModel):
    """A text to scan and measure; `other` is one to compare it with. The language is told from the words where none is said."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": EXAMPLE}, {"text": EXAMPLE, "other": LIRA, "language": "es", "seed": 1}]},
    )

    text: Text
    other: Text | None = None
    language: Literal["en", "es"] | None = None
    permutations: Annotated[int, Field(ge=19, le=999, description="of the nulls; their p is at least 1 / (1 + permutations)")] = 199
    seed: Annotated[int, Field(ge=0, le=2**63 - 1, description="of the permutations")] = 0


def asked(parameters: dict[str, JsonValue]) -> AskResonance:
    """The request in the parameters of a message. Raises BadInput."""
    try:
        return AskResonance.model_validate(parameters)
    except ValidationError as error:
        raise from_validation(error) from None


def answer(ask: AskResonance) -> dict[str, Json]:
    """Scansion, measures and, with another text, its scansion and the resonance. Raises LanguageUntold, TooFewLines, TooManyLines."""
    poem = _scanned(ask.text, ask.language, "text")
    found = scansion(poem) | {"measures": measured(poem, np.random.default_rng(ask.seed), permutations=ask.permutations)}
    if ask.other is None:
        return found | {"other": None, "resonance": None}
    other = _scanned(ask.other, ask.language, "other")
    short = next((field for field, one in (("text", poem), ("other", other)) if len(one.lines) < FEWEST), None)
    if short:
        raise TooFewLines(field=short, allowed=FEWEST)
    compared = resonated(poem, other, np.random.default_rng(ask.seed), permutations=ask.permutations)
    return found | {"other": scansion(other), "resonance": compared}


def _scanned(text: str, language: str | None, field: str) -> Poem:
    if sum(bool(line.strip()) for line in text.splitlines()) > MOST_LINES:
        raise TooManyLines(field=field, allowed=MOST_LINES)
    found = language or detect(text)
    if found not in LANGUAGES:
        raise LanguageUntold(field="language", allowed=list(LANGUAGES))
    return scan(text, found)

"""A text as a 26D state: core/language/text26, as CIO keeps it of memories, on request. Nothing came before the text here: its
velocities are 0, and J and N, which need surroundings, are masked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from qbtc.contracts.basis26 import DIMENSIONS
from qbtc.core.language import detect
from qbtc.core.language.text26 import TextState, formula, text_state
from qbtc.kit.errors import BadInput, TooLarge

from .errors import BadState, LanguageUntold

LANGUAGES = ("en", "es")
MOST_CHARACTERS = 20_000
Language = Annotated[Literal["en", "es"] | None, Field(description="of the text; without one it is told from the words")]


def state_of(text: str, language: str | None) -> TextState:
    """Raises BadInput, BadState, LanguageUntold, TooLarge."""
    if not text.strip():
        raise BadInput("the text is empty", field="text", allowed=f"1 to {MOST_CHARACTERS:,} characters with a word")
    if len(text) > MOST_CHARACTERS:
        raise TooLarge(f"the text has {len(text):,} characters", field="text", allowed=f"{MOST_CHARACTERS:,} characters")
    known = language or detect(text)
    if known not in LANGUAGES:
        raise LanguageUntold("the words do not tell the language: say it", field="language", allowed=list(LANGUAGES))
    found = text_state(text, language="es" if known == "es" else "en")
    if not found.pure.informative:
        raise BadState("the text has no word that is known: a state without information has no direction", field="text")
    return found


def described(state: TextState) -> dict[str, JsonValue]:
    """The 26 numbers with their names; `value` in its own unit and `score` are null where the text does not say (`defined`)."""
    rows: list[JsonValue] = [
        {
            "letter": d.letter, "name": d.name, "measures": d.text, "unit": d.text_unit, "defined": bool(state.mask[i]),
            "value": float(state.values[i]) if state.mask[i] else None, "score": float(state.z[i]) if state.mask[i] else None,
        }
        for i, d in enumerate(DIMENSIONS)
    ]  # fmt: skip
    return {"language": state.language, "formula": formula(), "dimensions": rows}

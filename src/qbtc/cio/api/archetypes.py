"""`/archetypes`: how a text tells its story, as probabilities of twelve narrative styles or none. No personality test."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from ..errors import BadText
from .http import Viewer

if TYPE_CHECKING:
    from ..domain.archetypes import Reading

NOTICE = {
    "en": "A style of narration, no personality test: it says nothing about who wrote the text. The first label is often wrong.",
    "es": "Un estilo de narración, no un test de personalidad: no dice nada de quien escribió el texto. La primera etiqueta falla a menudo.",
}
WORDS = 40
"""Below so many words it mostly guesses."""


class ArchetypesBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=100_000)]
    language: Literal["en", "es"] | None = None


class ArchetypesView(BaseModel):
    """`probabilities` of twelve styles and `none`, adding up to 1; `short`: too few words to say much."""

    language: str
    label: str
    probabilities: dict[str, float]
    short: bool
    notice: dict[str, str]


router = APIRouter()


@router.post("/archetypes")
async def label(_actor: Viewer, body: ArchetypesBody) -> ArchetypesView:
    """Label how a text tells its story. Nothing is kept."""
    try:
        found = await asyncio.to_thread(_read, body)
    except ValueError as error:
        raise BadText(str(error), field="text", allowed=f"a passage of some sentences, best {WORDS} words or more") from None
    return ArchetypesView(
        language=found.language,
        label=found.label,
        probabilities=dict(found.probabilities),
        short=len(body.text.split()) < WORDS,
        notice=NOTICE,
    )


def _read(body: ArchetypesBody) -> Reading:
    """The classifier is imported and fitted at the first text: a service that starts needs neither."""
    from ..domain.archetypes import archetypes

    return archetypes(body.text, body.language)

"""What an embedder promises, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from qbtc.kit.errors import BadInput, Conflict, TooLarge

EmbedKind = Literal["query", "passage"]
Vectors = NDArray[np.float32]

MAX_TEXTS = 256
MAX_CHARACTERS = 100_000


class IdentityMismatch(Conflict):
    """The vectors at hand were made by another model; comparing them would mean nothing."""

    slug, title = (
        "embedding-identity-mismatch",
        "These vectors were made by another embedding model",
    )


class Embedder(Protocol):
    """`embed` gives one row of length 1 a text, float32 (n, dim); a query and a passage are embedded differently."""

    @property
    def identity(self) -> str: ...

    @property
    def dim(self) -> int: ...

    async def embed(self, texts: Sequence[str], kind: EmbedKind) -> Vectors: ...


def checked_texts(texts: Sequence[str], kind: str) -> list[str]:
    """The texts as a list; refuses an unknown kind, blank texts, NUL characters and more than the model should get."""
    if kind not in ("query", "passage"):
        raise BadInput(f"kind {kind!r} is unknown", field="kind", allowed=["query", "passage"])
    if isinstance(texts, str):
        raise BadInput("texts is a list of texts, not one text", field="texts")
    if len(texts) > MAX_TEXTS:
        raise TooLarge(f"{len(texts)} texts in one call", field="texts", allowed=MAX_TEXTS)
    for position, text in enumerate(texts):
        _check(text, f"texts.{position}")
    return list(texts)


def _check(text: str, field: str) -> None:
    if not text.strip():
        raise BadInput("the text is blank", field=field)
    if "\x00" in text:
        raise BadInput("the text has a NUL character", field=field)
    if len(text) > MAX_CHARACTERS:
        raise TooLarge(f"{len(text)} characters", field=field, allowed=MAX_CHARACTERS)

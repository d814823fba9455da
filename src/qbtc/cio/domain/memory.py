"""What a memory is: a text kept word for word, who may see it, when it happened and in what 26D state.

Deliberately no summary and no extracted fact: those would be claims, and claims need evidence (reflection.py).
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from qbtc.contracts.basis26 import SIZE

SHARED_SCOPES: Final = frozenset({"desk", "market"})
KINDS: Final = ("note", "chat", "market", "trade", "tool", "document")
UNIT_TOLERANCE: Final = 1e-6

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class State:
    """A pure 26D state as a unit vector of R^52 (Re psi, then Im psi) and the intensity beside it."""

    vector: Vector
    intensity: float


@dataclass(frozen=True, slots=True)
class Draft:
    """A memory that is about to be kept. `owner` None means that the whole desk sees it."""

    text: str
    kind: str
    scope: str
    owner: str | None
    happened_at: datetime
    session: str | None = None
    symbol: str | None = None
    state: State | None = None
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)
    author: str | None = None
    given_id: str | None = None
    speaker: str | None = None
    """The person who kept it; None for what a service kept."""


@dataclass(frozen=True, slots=True)
class Memory:
    """A kept memory. `embedded_by` is the identity of the model whose vector it has, None while it waits."""

    memory_id: str
    text: str
    kind: str
    scope: str
    owner: str | None
    happened_at: datetime
    ingested_at: datetime
    session: str | None
    symbol: str | None
    metadata: Mapping[str, JsonValue]
    embedded_by: str | None
    author: str | None = None
    given_id: str | None = None
    superseded_at: datetime | None = None
    superseded_by: str | None = None

    @property
    def name(self) -> str:
        """The id that it was imported with, else its own."""
        return self.given_id or self.memory_id


def spoken(text: str, author: str | None) -> str:
    """What is searched: the text with who said it, so that a question about a person finds what they said."""
    return f"{author}: {text}" if author else text


def content_hash(text: str) -> str:
    """SHA-256 of the text in Unicode NFC, hex: equal for the same words in another Unicode form."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def owner_of(scope: str, person: str | None) -> str | None:
    """The owner of a memory in `scope` kept for `person`; raises ValueError when a private one has nobody."""
    if scope in SHARED_SCOPES:
        return None
    if person is None:
        raise ValueError(f"scope {scope!r} is private, so a person must stand behind the memory")
    return person


def state_of(real: tuple[float, ...], imaginary: tuple[float, ...], intensity: float = 1.0) -> State:
    """A checked state; raises ValueError for a wrong size, a norm other than 1 or a negative intensity."""
    vector = np.array([*real, *imaginary], dtype=np.float64)
    if vector.shape != (2 * SIZE,):
        raise ValueError(f"a state has {SIZE} real and {SIZE} imaginary parts, got {len(real)} and {len(imaginary)}")
    norm = float(np.linalg.norm(vector))
    if not math.isfinite(norm) or abs(norm - 1.0) > UNIT_TOLERANCE:
        raise ValueError(f"a state has norm 1, got {norm!r}")
    if not math.isfinite(intensity) or intensity < 0:
        raise ValueError(f"an intensity is finite and not negative, got {intensity!r}")
    return State(vector, intensity)


def checked_text(text: str) -> str:
    """The text itself; raises ValueError when it is blank or holds what cannot be kept verbatim."""
    if not text.strip():
        raise ValueError("the text is blank")
    if "\x00" in text:
        raise ValueError(f"the text has a NUL character at position {text.index(chr(0))}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"the text has half a surrogate pair at position {error.start}") from None
    return text

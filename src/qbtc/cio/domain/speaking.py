"""Who speaks in a memory, and as what. Only what a person says can become a fact (promotion.py).

person       a note or a turn of a conversation that somebody stands behind
assistant    a turn of a model: its author or `metadata.role` says so
tool         what a program gave
document     what was read
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from .promotion import Role

SPOKEN: Final = ("note", "chat")
"""Kinds of memories in which somebody may speak; the others are records."""

_MACHINES: Final[Mapping[str, Role]] = {
    **dict.fromkeys(
        ("assistant", "ai", "bot", "model", "ce3", "cio", "claude", "chatgpt", "gpt", "asistente"), "assistant"
    ),
    **dict.fromkeys(("tool", "function", "system", "developer", "sistema", "herramienta"), "tool"),
    **dict.fromkeys(("document", "documento", "web", "email"), "document"),
}


def role_of(kind: str, author: str | None, metadata: Mapping[str, JsonValue], speaker: str | None) -> Role:
    """The role of a memory. Without anybody who stands behind it, it is a program's."""
    if kind not in SPOKEN:
        return "document" if kind == "document" else "tool"
    said = metadata.get("role")
    for name in (said if isinstance(said, str) else None, author):
        known = _MACHINES.get(name.strip().casefold()) if name else None
        if known is not None:
            return known
    return "person" if speaker or author else "tool"


def speaker_of(author: str | None, speaker: str | None, owner: str | None) -> str | None:
    """The name behind "I": the author it came with, else the person who kept it, else its owner."""
    return author or speaker or owner

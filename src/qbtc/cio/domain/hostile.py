"""Signs that a text wants to be obeyed or run instead of read. Every text of a memory is data; this only says which ones to point at.

A sign never deletes nor changes anything: the text stays word for word, gives no fact, and is shown as untrusted.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Sign = Literal["instructions", "markup", "code", "hidden characters"]

_SIGNS: Final[tuple[tuple[Sign, re.Pattern[str]], ...]] = (
    (
        "instructions",
        re.compile(
            r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|any)\b.{0,30}\b(?:instructions?|rules?|prompts?|orders|guidelines|messages?)\b"
            r"|\b(?:ignora|olvida|omite|salta)\w*\b.{0,40}\b(?:instrucciones|reglas|[oó]rdenes|indicaciones|mensajes?)\b"
            r"|\b(?:system|developer) (?:prompt|message|override)\b|\bnew instructions?\b|\bnuevas instrucciones\b|\byou are now\b|\bahora eres\b|\bjailbreak\b|\bDAN mode\b"
            r"|<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|^\s*#{1,3}\s*(?:system|instructions?|instrucciones)\b",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    ("markup", re.compile(r"<\s*/?\s*(?:script|iframe|img|svg|object|embed|style|link|meta)\b|\bon(?:error|load|click)\s*=|javascript:", re.IGNORECASE)),
    (
        "code",
        re.compile(
            r"\b(?:drop|truncate|alter)\s+table\b|\bunion\s+select\b|;\s*--|\brm\s+-rf\b|\$\([^)]*\)|\bcurl\b[^\n]*\|\s*(?:ba)?sh\b|\b(?:eval|exec|__import__)\s*\(",
            re.IGNORECASE,
        ),
    ),
    ("hidden characters", re.compile(r"[\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")),
)  # fmt: skip


def signs_of(text: str) -> tuple[Sign, ...]:
    """The signs in the text, in a fixed order; empty for most texts."""
    return tuple(sign for sign, pattern in _SIGNS if pattern.search(text))

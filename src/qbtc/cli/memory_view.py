"""How a memory is shown on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def lines(shown: dict[str, Any]) -> Iterator[str]:
    """The text, then what is known of it."""
    yield shown["text"]
    yield ""
    for name in ("memory_id", "given_id", "author", "scope", "kind", "session", "symbol", "happened_at", "ingested_at"):
        if shown.get(name):
            yield f"{name.replace('_', ' '):<12} {shown[name]}"
    yield f"{'vector':<12} {shown['embedded_by'] or 'pending'}"

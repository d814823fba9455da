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
    yield from _features(shown)


def _features(shown: dict[str, Any]) -> Iterator[str]:
    """The 26 dimensions: value, score and velocity; a dash where the text does not say."""
    known = shown.get("features")
    if known is None:
        yield f"{'features':<12} {'none: it has the state of the market' if shown['kind'] == 'market' else 'pending'}"
        return
    yield f"{'features':<12} {known['language']}, intensity {known['intensity']:.2f}, formula {known['formula']}, state {known['state_hash'][:16]}"
    for d in known["dimensions"]:
        value = "-" if d["value"] is None else f"{d['value']:.3f}"
        yield f"  {d['letter']} {d['name']:<12} {value:>9}  z {d['z']:+.2f}  v {d['v']:+.2f}  {d['measures']} [{d['unit']}]"

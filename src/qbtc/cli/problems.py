"""Problem documents of the services as a line for a terminal: what was wrong, and what is allowed, once."""

from __future__ import annotations

import json
from collections.abc import Mapping


def problem_words(raw: bytes, status: int) -> str:
    """The words of an RFC 9457 body; anything else as it came, cut short."""
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not (body.get("detail") or body.get("title")):
        return f"{status} {raw[:200].decode(errors='replace')}".strip()
    return said(body)


def said(body: Mapping[str, object]) -> str:
    """Detail, and what is allowed unless the detail names it already."""
    detail = str(body.get("detail") or body.get("title")).rstrip(".")
    allowed = allowed_text(body.get("allowed"))
    return f"{detail}." if allowed is None or allowed in detail else f"{detail}. Allowed: {allowed}."


def allowed_text(allowed: object) -> str | None:
    """Lists with commas, texts without quotes; None for nothing."""
    if allowed is None or allowed == "":
        return None
    return ", ".join(map(str, allowed)) if isinstance(allowed, list | tuple) else str(allowed)

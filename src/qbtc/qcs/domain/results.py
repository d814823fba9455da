"""How large the result of a job may be: it is kept in a row of a table and sent to a page."""

from __future__ import annotations

import json

MOST_RESULT = 8_000_000
"""Characters as JSON."""


def fault_of(result: object) -> str | None:
    """What is wrong with the size of a result. Raises ValueError for what is no JSON."""
    size = len(json.dumps(result, allow_nan=False))
    return f"the result has {size} characters; allowed: {MOST_RESULT}" if size > MOST_RESULT else None

"""Pure rules of delivery: how long to wait before the next attempt, and how to say why one failed."""

from __future__ import annotations

FIRST_DELAY = 0.2
LONGEST_DELAY = 30.0
JITTER = 0.2
REASON_LIMIT = 2000


def backoff(attempt: int, chance: float) -> float:
    """Seconds to wait after failed attempt `attempt` (from 1): 0.2 * 2^n, capped, spread by up to +20 %.

    `chance` is uniform in [0, 1): many messages that failed together do not come back together.
    """
    return min(FIRST_DELAY * 2.0 ** min(attempt - 1, 64), LONGEST_DELAY) * (1 + JITTER * chance)


def reason_of(error: BaseException) -> str:
    """Type and message of an error, bounded, for a dead letter."""
    return f"{type(error).__name__}: {error}"[:REASON_LIMIT].replace("\x00", "")

"""Channel names: which class a name belongs to, and whose private copy of it a client reads.

`operations`, `jobs` and `turn.<conversation>` are private: each user has an own channel behind the same wire name.
"""

from __future__ import annotations

import re
from enum import StrEnum


class ChannelClass(StrEnum):
    STATE = "state"
    BOOK = "book"
    LOG = "log"


STATES = frozenset(
    {
        "market",
        "trading",
        "services",
        "engines",
        "queues",
        "positions",
        "orders",
        "pnl",
        "risk",
        "strategies",
        "latency",
        "telemetry",
    }
)
STATE_FAMILIES = ("ticker", "candle", "features", "quantum")
LOGS = frozenset({"fills", "events", "reflections", "operations", "jobs", "logs"})
PRIVATE = frozenset({"operations", "jobs"})
ADDRESSED = frozenset({"jobs"})
"""Private channels to which services write for a person whom they name."""
NAMES = (
    *sorted(STATES),
    *(f"{family}.<SYMBOL>" for family in STATE_FAMILIES),
    "book.<SYMBOL>",
    *sorted(LOGS),
    "turn.<conversation>",
)
_SYMBOL = re.compile(r"[A-Z0-9]{2,20}")
_CONVERSATION = re.compile(r"[A-Za-z0-9-]{1,64}")


def classify(name: str) -> ChannelClass | None:
    """The class of a channel name, or None when there is no such channel."""
    if name in STATES:
        return ChannelClass.STATE
    if name in LOGS:
        return ChannelClass.LOG
    family, _, rest = name.partition(".")
    if family in STATE_FAMILIES and _SYMBOL.fullmatch(rest):
        return ChannelClass.STATE
    if family == "book" and _SYMBOL.fullmatch(rest):
        return ChannelClass.BOOK
    return ChannelClass.LOG if family == "turn" and _CONVERSATION.fullmatch(rest) else None


def private_key(name: str, user: str) -> str:
    """The key of one user's copy of a private channel; the separator cannot occur in a name."""
    return f"{name}@{user}"


def is_private(name: str) -> bool:
    return name in PRIVATE or name.startswith("turn.")


def channel_key(name: str, user: str) -> str:
    """The key of the channel that `user` reads under `name`: of a private one always the user's own copy."""
    return private_key(name, user) if is_private(name) else name

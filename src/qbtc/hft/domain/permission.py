"""May orders be sent? One pure decision from three conditions; what is not known means no.

On the local venue nothing is at risk and nothing is asked. On a live one three things must hold at once: keys that
exist and cannot withdraw, `--live` at the start, and the venue's name typed by a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qbtc.contracts import TradingMode


class Keys(StrEnum):
    """What is known of the account's keys."""

    NONE = "none"
    UNCHECKED = "unchecked"
    UNKNOWN = "unknown"
    WITHDRAWING = "withdrawing"
    GOOD = "good"


class Condition(StrEnum):
    KEYS = "keys"
    LIVE = "live"
    CONFIRMED = "confirmed"


WHY_KEYS = {
    Keys.NONE: "there are no keys for it (`qbtc keys add {venue}`, then restart HFT)",
    Keys.UNCHECKED: "its keys are not checked yet",
    Keys.UNKNOWN: "the venue did not say what its keys may do",
    Keys.WITHDRAWING: "its keys may withdraw: make keys without that right",
}


@dataclass(frozen=True, slots=True)
class Conditions:
    venue: str
    paper: bool
    keys: Keys = Keys.NONE
    live: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Permission:
    """`missing` says for each condition that does not hold what is wrong, in the order of the conditions."""

    mode: TradingMode
    missing: dict[Condition, str]

    @property
    def allowed(self) -> bool:
        return not self.missing


def permission(c: Conditions) -> Permission:
    if c.paper:
        return Permission(TradingMode.PAPER, {})
    missing = _without_person(c)
    if not c.confirmed:
        missing[Condition.CONFIRMED] = f"nobody has confirmed it by typing {c.venue!r}"
    return Permission(TradingMode.READ_ONLY if missing else TradingMode.LIVE, missing)


def confirmable(c: Conditions) -> dict[Condition, str]:
    """What is missing before a person may confirm."""
    return {} if c.paper else _without_person(c)


def _without_person(c: Conditions) -> dict[Condition, str]:
    missing: dict[Condition, str] = {}
    if c.keys is not Keys.GOOD:
        missing[Condition.KEYS] = WHY_KEYS[c.keys].format(venue=c.venue)
    if not c.live:
        missing[Condition.LIVE] = "it was not started with --live"
    return missing

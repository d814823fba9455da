"""What a recording of the hot loop may say: every size, index and word that compiled code takes as it is, checked before.

The loop trusts its own process. A recording may come from elsewhere, and a number out of range would write anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from qbtc.core.market.instrument import Instrument
from qbtc.hft.domain.risk_records import ACTIVE, HALTED
from qbtc.hft.domain.session.blocks import Part
from qbtc.hft.domain.session.kinds import Kind

from .codes import Halt, Verb
from .layout import COMMAND, CONTROL, MARKET_LINK, ORDER_LINK, RX, SAID, SNAPSHOT, TURN
from .recording import CONTROL_SIZE

REFUSED = 1 << 16
"""Orders that a single turn cannot ask for, let alone have refused."""


def within(name: str, value: int, least: int, most: int) -> None:
    """Raises ValueError."""
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}, not from {least} to {most}")


def check(part: Part, symbols: int) -> None:
    """One record of a session of that many symbols, as `again` is to run it. Raises ValueError."""
    raw = part.payload
    match part.kind:
        case Kind.BEGUN:
            sizes = _words(raw, 4)[:2]
            for name, size in zip(("market bytes", "order bytes"), sizes, strict=True):
                within(name, size, 0, RX)
            _holds(raw, 32 + sum(sizes))
        case Kind.LISTENED:
            _control(raw)
        case Kind.STAGED:
            sizes = _words(raw, 3)[1:]
            for name, size in zip(("bids", "asks"), sizes, strict=True):
                within(name, size, 0, SNAPSHOT)
            _holds(raw, 24 + 16 * sum(sizes))
        case Kind.COMMAND:
            _command(raw, symbols)
        case Kind.HOUSE:
            _control(raw[8:])
        case Kind.TURN:
            _turn(raw)
        case Kind.OVER:
            within("reason", _words(raw, 2)[0], min(Halt), max(Halt))
        case kind:
            raise ValueError(f"the kind {kind} is not known")


def instruments(head: Mapping[str, Any]) -> list[Instrument]:
    """Made anew, so that their steps are what they say. Raises ValueError, AttributeError or TypeError."""
    return [Instrument(i.symbol, i.base, i.quote, i.tick_size, i.lot_size) for i in head["instruments"]]


def _control(raw: bytes) -> None:
    _holds(raw, CONTROL_SIZE)
    control = np.frombuffer(raw, CONTROL, count=1)[0]
    within("state", int(control["state"]), ACTIVE, HALTED)


def _command(raw: bytes, symbols: int) -> None:
    _holds(raw, COMMAND.itemsize)
    command = np.frombuffer(raw, COMMAND, count=1)[0]
    within("verb", int(command["verb"]), min(Verb), max(Verb))
    within("symbol", int(command["symbol"]), 0, symbols - 1)


def _turn(raw: bytes) -> None:
    _holds(raw, TURN.itemsize)
    turn = np.frombuffer(raw, TURN, count=1)[0]
    got, said = int(turn["got"]), int(turn["said"])
    within("got", got, 0, RX)
    within("said", said, 0, SAID)
    within("link", int(turn["link"]), MARKET_LINK if got else -1, ORDER_LINK)
    _holds(raw, TURN.itemsize + got + said)


def _words(raw: bytes, count: int) -> list[int]:
    _holds(raw, 8 * count)
    return [int(word) for word in np.frombuffer(raw, np.int64, count)]


def _holds(raw: bytes, size: int) -> None:
    if len(raw) < size:
        raise ValueError(f"it has {len(raw)} bytes and not the {size} that it speaks of")

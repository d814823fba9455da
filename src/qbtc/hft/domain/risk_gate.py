"""The control path's way to the compiled gate: the same function, on records made from a Proposal. Pure.

The hot loop does not come through here; it calls `risk_rules.first_refusal` on records of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts.common import Side
from qbtc.core.market.instrument import Instrument

from .risk import RULES, Proposal, Purpose, Verdict, verdict
from .risk_records import BOUND, BUY, LIMITS, ORDER, SELL, SITUATION, Records, one
from .risk_rules import RULE_COUNT, first_refusal
from .risk_track import PULSE, RATE, happened, last_second, last_ten, moved, observe, typical_lots, typical_spread

Answer = tuple[int, NDArray[np.int64]]


def warm() -> None:
    """Compile, or load from the cache, all that the gate needs: seconds on the first start, so it belongs in a thread."""
    pulse, rate = np.zeros(1, PULSE)[0], np.zeros(1, RATE)[0]
    observe(pulse, 1, 1, 2, 1, 1)
    for known in (typical_lots, typical_spread):
        known(pulse)
    moved(pulse, 1)
    happened(rate, 1)
    for count in (last_second, last_ten):
        count(rate, 1)
    ask(one(ORDER), one(SITUATION), one(LIMITS))


def order_record(p: Proposal, instrument: Instrument | None) -> Records:
    """An order off the grid, or too large for it, is marked broken."""
    lots, rest = divmod(p.quantity, instrument.lot_units if instrument else 1)
    tick, off = divmod(p.price or 0, instrument.tick_units if instrument else 1)
    trigger, beside = divmod(p.trigger or 0, instrument.tick_units if instrument else 1)
    broken = bool(rest or off or beside) or p.trigger == 0 or max(abs(lots), abs(tick), abs(trigger)) > BOUND
    return one(
        ORDER, tick=0 if broken else tick, lots=0 if broken else lots, trigger=0 if broken else trigger, side=BUY if p.side is Side.BUY else SELL,
        kind=p.kind, flatten=p.purpose is Purpose.FLATTEN, broken=broken,
    )  # fmt: skip


def ask(order: Records, situation: Records, limits: Records) -> Answer:
    """The index of the first rule that says no (or PASSES), and what every rule said."""
    said = np.empty((RULE_COUNT, 2), np.int64)
    return int(first_refusal(order[0], situation[0], limits[0], said)), said


def refusal(order: Records, situation: Records, limits: Records, *, lot_units: int) -> Verdict | None:
    """The first rule that says no, or None."""
    index, said = ask(order, situation, limits)
    return None if index < 0 else verdict(RULES[index], int(said[index, 0]), int(said[index, 1]), lot_units)


def judge(order: Records, situation: Records, limits: Records, *, lot_units: int) -> list[Verdict]:
    """Every rule's verdict, in table order."""
    _, said = ask(order, situation, limits)
    return [verdict(rule, int(v), int(m), lot_units) for rule, (v, m) in zip(RULES, said, strict=True)]

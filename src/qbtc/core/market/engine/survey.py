# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""What an order would find in the book: lots it could fill and what they cost. Changes nothing.

Used for FOK, and for the funds of market orders. Own orders count as self-trade prevention would treat them.
"""

from __future__ import annotations

from typing import Any

from .compiled import inner
from .funds import worth
from .ladder import NOWHERE, find, following, key_of, ladder
from .layout import Stp
from .pool import visible
from .state import LADDER_SIZE, NODE_SIZE, TOO_MUCH, UNBOUNDED, level_at, node_at, rules_at

NONE, EXPIRE_MAKER, DECREMENT = int(Stp.NONE), int(Stp.EXPIRE_MAKER), int(Stp.DECREMENT)


@inner
def affordable(s: Any, budget: int, tick: int, filled: int, wanted: int) -> int:
    """Lots that a budget buys (or that earn it) at a price, a multiple of the lot step with what is filled before."""
    lots = min(budget * s.divisor // (tick * s.multiplier), wanted)
    step = rules_at(s.rules).lot_step
    if step > 1 and lots < wanted:
        lots = max((filled + lots) // step * step - filled, 0)
    return lots


@inner
def survey(s: Any, account: int, side: int, tick_limit: int, wanted: int, budget: int, stp: int) -> None:
    """Fill `scan_lots` and `scan_cost` (-1: does not fit) for an order that would execute now.

    `tick_limit` 0: at any price; `budget` 0: by lots.
    """
    other = ladder(s.ladders + (1 - side) * LADDER_SIZE)
    limit = key_of(other, tick_limit) if tick_limit else NOWHERE - 1
    left, by_quote = UNBOUNDED if budget else wanted, budget > 0
    stp = stp if account > 0 else NONE
    lots, cost, key = 0, 0, other.best
    while key <= limit and left > 0:
        level = level_at(find(other, key))
        tick = key_of(other, key)
        offered, stopped, lost = _offered(s, level, account, stp, left)
        take = min(offered, left)
        if by_quote:
            bought = affordable(s, budget, tick, lots, take)
            if bought < take:
                stopped = True
            take = bought
            budget -= worth(s, tick, take)
        if float(tick) * float(take) * float(s.multiplier) + float(cost) > TOO_MUCH:
            s.scan_lots, s.scan_cost = lots, -1
            return
        cost += worth(s, tick, take)
        lots += take
        left -= take + lost
        if stopped:
            break
        key = following(other, key)
    s.scan_lots, s.scan_cost = lots, cost


@inner
def _offered(s: Any, level: Any, account: int, stp: int, left: int) -> tuple[int, bool, int]:
    """Lots of a level for this order, whether self-trade prevention ends it there, and lots it loses by that."""
    back = max(level.back - level.used, 0)
    if s.icebergs == 0 and stp == NONE:
        return back + level.own, False, 0
    total, hidden, lost, slot = back, 0, 0, level.head
    while slot and total + lost < left:
        node = node_at(s.nodes + slot * NODE_SIZE)
        if stp != NONE and node.account == account:
            if stp == DECREMENT:
                lost += min(node.left, left - total - lost)
            elif stp != EXPIRE_MAKER:
                return total, True, lost
        else:
            shown = visible(s, slot)
            total += shown
            hidden += node.left - shown
        slot = node.next
    return total + hidden, False, lost

# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""Money of a market: what orders lock, what trades move, what fees cost. Integers of 1e-8 only.

Account 0 is the world outside (the background, and whoever gets the fees): it pays and receives without bounds, so
that the sum over all accounts of an asset changes by deposits alone. An order that is being executed has locked
nothing in the arrays yet, although its `locked` says what it will if it rests (so events need no second version).
"""

from __future__ import annotations

from typing import Any

from .compiled import inner
from .layout import Kind, Side
from .memory import load, store
from .state import COLD_SIZE, NODE_SIZE, cold_at, node_at

BUY, MARKET = int(Side.BUY), int(Kind.MARKET)
STOP_LOSS, TAKE_PROFIT = int(Kind.STOP_LOSS), int(Kind.TAKE_PROFIT)
UNIT = 100_000_000


@inner
def worth(s: Any, tick: int, lots: int) -> int:
    """Price times quantity in 1e-8 of the quote asset, rounded down: the same number for both sides of a trade."""
    product = tick * lots * s.multiplier
    return product // s.divisor if s.divisor != 1 else product


@inner
def fee(amount: int, rate: int) -> int:
    """amount * rate / 1e8 rounded down, without leaving 63 bits."""
    whole = amount // UNIT
    return whole * rate + (amount - whole * UNIT) * rate // UNIT


@inner
def without_price(kind: int) -> bool:
    return kind == MARKET or kind == STOP_LOSS or kind == TAKE_PROFIT  # noqa: PLR1714 - compiled


@inner
def need(s: Any, side: int, kind: int, tick: int, lots: int) -> int:
    """What an order of `lots` locks; `tick` is its limit, or for a market-type stop the price it is reckoned at."""
    # Both, then a choice: sides come at random, and a wrong guess of a branch costs more than the product.
    bought, sold = worth(s, tick, lots), lots * s.lot_units
    return bought if side == BUY else sold


@inner
def reckoned(s: Any, tick: int, stop_tick: int) -> int:
    """The price at which an order's funds are reckoned: its limit, else its stop, else the last trade."""
    if tick:
        return tick
    return stop_tick if stop_tick else s.last


@inner
def purse(s: Any, account: int, side: int) -> int:
    """Address of the free balance that an order of `side` pays from; the locked one is 8 bytes on."""
    quote, base = s.quote, s.base
    return s.balances + account * s.stride + (quote if side == BUY else base)


@inner
def free_of(s: Any, account: int, side: int) -> int:
    return load(purse(s, account, side))


@inner
def hold(s: Any, slot: int) -> None:
    """Move what the order says it locks from free to locked."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    if node.account > 0:
        at = purse(s, node.account, node.side)
        store(at, load(at) - node.locked)
        store(at + 8, load(at + 8) + node.locked)


@inner
def release(s: Any, slot: int) -> None:
    """Move what the order locks back to free; what it says stays as it is."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    if node.account > 0:
        at = purse(s, node.account, node.side)
        store(at, load(at) + node.locked)
        store(at + 8, load(at + 8) - node.locked)


@inner
def due(s: Any, slot: int) -> int:
    """What an order has to lock for what is left of it."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    if s.funds == 0 or node.account <= 0:
        return 0
    stop = cold_at(s.colds + slot * COLD_SIZE).stop_tick
    return need(s, node.side, node.kind, reckoned(s, node.tick, stop), node.left)


@inner
def relock(s: Any, slot: int, locked: int) -> None:
    """An order that waits locks this much from now on."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    if node.account > 0:
        at = purse(s, node.account, node.side)
        store(at, load(at) + node.locked - locked)
        store(at + 8, load(at + 8) - node.locked + locked)
    node.locked = locked


@inner
def _add(s: Any, account: int, offset: int, amount: int) -> None:
    at = s.balances + account * s.stride + offset
    store(at, load(at) + amount)


@inner
def settle(s: Any, buyer: int, seller: int, base: int, quote: int) -> None:
    """Move both amounts between the free balances of two accounts, before fees."""
    _add(s, buyer, s.quote, -quote)
    _add(s, buyer, s.base, base)
    _add(s, seller, s.base, -base)
    _add(s, seller, s.quote, quote)


@inner
def charge(s: Any, account: int, side: int, amount: int) -> None:
    """Take a fee in the asset that the order received."""
    quote, base = s.quote, s.base
    offset = base if side == BUY else quote
    _add(s, account, offset, -amount)
    _add(s, 0, offset, amount)

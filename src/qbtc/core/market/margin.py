"""Margin arithmetic of USD-margined perpetual contracts: brackets, positions, profit, liquidation and bankruptcy price.

Pure and exact. Prices, quantities, amounts and rates are integers of 1e-8; quantities and costs of a position are
signed (short: negative). What Binance rounds is rounded here against the account, by at most 1e-8.
Formulas: Binance's public help pages on leverage, margin and liquidation price of USD-M futures. Not here: accounts
of several positions (`margin_account`), funding and mark price (`margin_funding`), orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SCALE = 10**8


def value(price: int, quantity: int) -> int:
    """Price times signed quantity, rounded toward zero; exact on every grid whose steps multiply to 1e-8 or more."""
    return price * quantity // SCALE if quantity >= 0 else -(price * -quantity // SCALE)


def share(amount: int, part: int, whole: int) -> int:
    """`amount * part / whole`, rounded toward zero, for 0 <= part <= whole."""
    return amount * part // whole if amount >= 0 else -(-amount * part // whole)


def up(amount: int, by: int) -> int:
    """`amount / by` rounded up."""
    return -(-amount // by)


@dataclass(frozen=True, slots=True)
class Bracket:
    """Positions of notional `floor` < n <= `cap`: at most `leverage`, maintenance n * rate - cum."""

    number: int
    leverage: int
    floor: int
    cap: int
    rate: int
    cum: int


def brackets(rows: Iterable[tuple[int, int, int]]) -> tuple[Bracket, ...]:
    """Rows of (leverage, cap, rate); `cum` follows from continuity at each floor, as in Binance's formula."""
    made: list[Bracket] = []
    for number, (leverage, cap, rate) in enumerate(rows, 1):
        before = made[-1] if made else Bracket(0, leverage, 0, 0, rate, 0)
        cum = before.cap * (rate - before.rate) // SCALE + before.cum
        made.append(Bracket(number, leverage, before.cap, cap, rate, cum))
    return tuple(made)


def bracket_of(table: Sequence[Bracket], notional: int) -> Bracket:
    """The bracket of an absolute notional; the last one is open above."""
    return next((item for item in table if notional <= item.cap), table[-1])


def cap_at(table: Sequence[Bracket], leverage: int) -> int:
    """Greatest notional that a leverage allows."""
    return max((item.cap for item in table if item.leverage >= leverage), default=0)


def maintenance(table: Sequence[Bracket], notional: int) -> int:
    """Maintenance margin of an absolute notional."""
    item = bracket_of(table, notional)
    return max(up(notional * item.rate, SCALE) - item.cum, 0)


def initial(notional: int, leverage: int) -> int:
    return up(notional, leverage)


@dataclass(slots=True)
class Position:
    """`cost` is the signed value paid for `quantity`; `wallet` the margin set apart while isolated; `paid` the
    fees and funding since it was opened, which only the break-even price uses; `realised` its P&L ever."""

    quantity: int = 0
    cost: int = 0
    wallet: int = 0
    paid: int = 0
    realised: int = 0
    updated: int = 0

    @property
    def side(self) -> int:
        return (self.quantity > 0) - (self.quantity < 0)

    @property
    def size(self) -> int:
        return abs(self.quantity)

    @property
    def entry(self) -> int:
        """Average entry price."""
        return abs(self.cost) * SCALE // self.size if self.quantity else 0

    @property
    def break_even(self) -> int:
        """Price at which closing pays back fees and funding so far."""
        if not self.quantity:
            return 0
        return max((abs(self.cost) + self.side * self.paid) * SCALE // self.size, 0)

    def notional(self, mark: int) -> int:
        """Signed."""
        return value(mark, self.quantity)

    def unrealised(self, mark: int) -> int:
        return self.notional(mark) - self.cost


@dataclass(frozen=True, slots=True)
class Filled:
    """What a fill did: profit realised, value opened, size closed, margin released from an isolated wallet."""

    realised: int
    opened: int
    closed: int
    released: int


def fill(position: Position, quantity: int, price: int, fee: int = 0) -> Filled:
    """Trade `quantity` (signed) at `price` into the position. Over its whole life the realised profit is exactly
    what it sold for less what it bought for, whatever the order of partial closes."""
    closed = min(abs(quantity), position.size) if quantity * position.side < 0 else 0
    realised, released = _close(position, closed, price) if closed else (0, 0)
    rest = abs(quantity) - closed
    opened = value(price, rest)
    if rest:
        position.quantity += rest if quantity > 0 else -rest
        position.cost += opened if quantity > 0 else -opened
        position.paid += fee
    position.realised += realised
    if not position.quantity:
        position.paid = 0
    return Filled(realised, opened, closed, released)


def _close(position: Position, closed: int, price: int) -> tuple[int, int]:
    side, size = position.side, position.size
    cost = position.cost if closed == size else share(position.cost, closed, size)
    released = position.wallet if closed == size else share(position.wallet, closed, size)
    position.paid -= position.paid if closed == size else share(position.paid, closed, size)
    position.quantity -= side * closed
    position.cost -= cost
    position.wallet -= released
    return value(price, side * closed) - cost, released


def zero_price(funds: int, positions: Iterable[Position], table: Sequence[Bracket] | None) -> int:
    """Price at which `funds` + profit of these positions of one symbol - maintenance margin is zero; 0 if none.

    `funds` is WB - TMM1 + UPNL1 of Binance's formula: wallet less the maintenance margin, plus the profit, of all
    other symbols. With `table` None the maintenance margin counts as nothing: the bankruptcy price.
    """
    held = [item for item in positions if item.quantity]
    if not held:
        return 0
    price = max(item.entry for item in held)
    for _ in range(24):
        found = _zero_at(funds, held, table, price)
        if found == price:
            break
        price = found
    return max(price, 0)


def _zero_at(funds: int, held: list[Position], table: Sequence[Bracket] | None, price: int) -> int:
    """One step: the zero with the brackets that hold at `price`."""
    over, under = (funds - sum(item.cost for item in held)) * SCALE, 0
    for item in held:
        rate = 0
        if table is not None:
            level = bracket_of(table, abs(item.notional(price)))
            rate, over = level.rate, over + level.cum * SCALE
        under += item.size * rate - item.quantity * SCALE
    return max(over * SCALE // under, 0) if under else 0

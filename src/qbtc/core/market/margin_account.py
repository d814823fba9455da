"""One account's margin: what its positions and orders bind, what is free, how near it is to liquidation. Pure.

Single-asset mode: everything is in the margin asset, integers of 1e-8. Cross positions share the cross wallet (the
wallet less what isolated positions hold) and their profits; an isolated position has its own wallet only.

Rules that are not Binance's words but ours to state: orders bind initial margin by
max(|position + bids|, |position - asks|) / leverage in one-way mode (per side: position + opening orders); profit of
isolated positions is not available for anything else; maintenance margin is taken at the mark price.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .margin import SCALE, Bracket, Position, initial, maintenance, zero_price


@dataclass(frozen=True, slots=True)
class Exposure:
    """A position with the price, rules and open orders that bear on it. `bids` and `asks` are the notionals of
    opening orders (not reduce-only); `hedged`: LONG or SHORT of hedge mode, where orders on the side only add."""

    symbol: str
    position: Position
    mark: int
    leverage: int
    table: Sequence[Bracket]
    isolated: bool = False
    bids: int = 0
    asks: int = 0
    hedged: bool = False

    @property
    def notional(self) -> int:
        return self.position.notional(self.mark)

    @property
    def unrealised(self) -> int:
        return self.position.unrealised(self.mark)

    @property
    def maintenance(self) -> int:
        return maintenance(self.table, abs(self.notional))

    @property
    def position_margin(self) -> int:
        return initial(abs(self.notional), self.leverage)

    @property
    def worst(self) -> int:
        """Greatest absolute notional that the open orders can lead to."""
        held = self.notional
        if self.hedged:
            return abs(held) + self.bids + self.asks
        return max(abs(held + self.bids), abs(held - self.asks))

    @property
    def order_margin(self) -> int:
        return max(initial(self.worst, self.leverage) - self.position_margin, 0)

    @property
    def initial_margin(self) -> int:
        return self.position_margin + self.order_margin

    @property
    def balance(self) -> int:
        """Margin balance of an isolated position."""
        return self.position.wallet + self.unrealised


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over an account. `cross_*` leave isolated positions out; `free` below zero: nothing is available."""

    wallet: int
    cross_wallet: int
    unrealised: int
    cross_unrealised: int
    position_margin: int
    order_margin: int
    maintenance: int
    cross_maintenance: int
    free: int

    @property
    def available(self) -> int:
        return max(self.free, 0)

    @property
    def margin_balance(self) -> int:
        return self.wallet + self.unrealised

    @property
    def cross_balance(self) -> int:
        return self.cross_wallet + self.cross_unrealised

    @property
    def initial_margin(self) -> int:
        return self.position_margin + self.order_margin

    @property
    def withdrawable(self) -> int:
        """Profit that is not realised cannot be taken out."""
        return max(min(self.available, self.cross_wallet), 0)

    @property
    def ratio(self) -> int:
        """Cross maintenance margin / cross margin balance in 1e-8; liquidation at 1. 0 without cross positions."""
        return margin_ratio(self.cross_maintenance, self.cross_balance)


def margin_ratio(needed: int, balance: int) -> int:
    if not needed:
        return 0
    return needed * SCALE // balance if balance > 0 else 10**6 * SCALE


def totals(wallet: int, exposures: Iterable[Exposure]) -> Totals:
    rows = list(exposures)
    cross = [row for row in rows if not row.isolated]
    cross_wallet = wallet - sum(row.position.wallet for row in rows)
    cross_unrealised = sum(row.unrealised for row in cross)
    bound = sum(row.initial_margin for row in cross) + sum(row.order_margin for row in rows if row.isolated)
    return Totals(
        wallet=wallet,
        cross_wallet=cross_wallet,
        unrealised=sum(row.unrealised for row in rows),
        cross_unrealised=cross_unrealised,
        position_margin=sum(row.position_margin for row in rows),
        order_margin=sum(row.order_margin for row in rows),
        maintenance=sum(row.maintenance for row in rows),
        cross_maintenance=sum(row.maintenance for row in cross),
        free=cross_wallet + cross_unrealised - bound,
    )


def liquidation_price(wallet: int, exposures: Sequence[Exposure], chosen: Exposure) -> int:
    """Binance's formula; long and short of one symbol in cross mode share one price. 0: none."""
    if chosen.isolated:
        return zero_price(chosen.position.wallet, [chosen.position], chosen.table)
    same, funds = _cross(wallet, exposures, chosen)
    return zero_price(funds, [row.position for row in same], chosen.table)


def bankruptcy_price(wallet: int, exposures: Sequence[Exposure], chosen: Exposure) -> int:
    """Price at which nothing is left: an isolated wallet, or the cross balance with every other position at mark."""
    if chosen.isolated:
        return zero_price(chosen.position.wallet, [chosen.position], None)
    others = [row for row in exposures if not row.isolated and row is not chosen]
    funds = totals(wallet, exposures).cross_wallet + sum(row.unrealised for row in others)
    return zero_price(funds, [chosen.position], None)


def _cross(wallet: int, exposures: Sequence[Exposure], chosen: Exposure) -> tuple[list[Exposure], int]:
    """Cross exposures of the symbol, and WB - TMM1 + UPNL1 over the others."""
    cross = [row for row in exposures if not row.isolated]
    same = [row for row in cross if row.symbol == chosen.symbol]
    others = [row for row in cross if row.symbol != chosen.symbol]
    funds = totals(wallet, exposures).cross_wallet + sum(row.unrealised for row in others)
    return same, funds - sum(row.maintenance for row in others)


def in_liquidation(wallet: int, exposures: Sequence[Exposure]) -> list[Exposure]:
    """Positions that must be closed now: isolated ones below their maintenance margin, and every cross one if the
    cross balance is below the sum of theirs; greatest maintenance margin first."""
    rows = [row for row in exposures if row.position.quantity]
    sums = totals(wallet, exposures)
    cross = sums.cross_maintenance > 0 and sums.cross_balance <= sums.cross_maintenance
    due = [row for row in rows if (row.balance <= row.maintenance if row.isolated else cross)]
    return sorted(due, key=lambda row: (-row.maintenance, row.symbol, row.position.quantity))

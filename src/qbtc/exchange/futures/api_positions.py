"""Positions of `/fapi`: what is held, what it binds, where it would be liquidated. Shapes after the SDK's models."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.market.futures.deleveraging import quantiles
from ...core.market.futures.wire import MS, Params, dec, plain
from ...core.market.margin import cap_at
from ...core.market.margin_account import Exposure, liquidation_price
from .desk import Desk

LEGS = {False: ("BOTH",), True: ("LONG", "SHORT")}


def every_exposure(desk: Desk, account_id: int) -> dict[tuple[str, str], Exposure]:
    """Of every contract and leg, flat ones too."""
    account, rows = desk.state.account(account_id), desk.venue.exposures(account_id)
    for symbol in desk.venue.markets:
        for leg in LEGS[account.dual]:
            rows.setdefault((symbol, leg), desk.venue.exposure(account, symbol, leg, []))
    return rows


async def position_v2(desk: Desk, params: Params, account_id: int) -> object:
    """Every contract, flat ones too."""
    rows, symbol = every_exposure(desk, account_id), desk.symbol(params)
    account = desk.state.account(account_id)
    everything = list(rows.values())
    bodies = [
        {
            "symbol": name,
            "positionAmt": plain(row.position.quantity),
            "entryPrice": plain(row.position.entry),
            "breakEvenPrice": plain(row.position.break_even),
            "markPrice": dec(row.mark),
            "unRealizedProfit": dec(row.unrealised),
            "liquidationPrice": plain(liquidation_price(account.wallet, everything, row)),
            "leverage": str(row.leverage),
            "maxNotionalValue": plain(cap_at(row.table, row.leverage)),
            "marginType": "isolated" if row.isolated else "cross",
            "isolatedMargin": dec(row.balance if row.isolated else 0),
            "isAutoAddMargin": "false",
            "positionSide": leg,
            "notional": plain(row.notional),
            "isolatedWallet": plain(row.position.wallet),
            "updateTime": row.position.updated // MS,
        }
        for (name, leg), row in sorted(rows.items())
        if symbol in (None, name)
    ]
    await desk.committed()
    return bodies


async def position_v3(desk: Desk, params: Params, account_id: int) -> object:
    """Only contracts with a position or open orders."""
    rows, symbol = desk.venue.exposures(account_id), desk.symbol(params)
    account = desk.state.account(account_id)
    everything = list(rows.values())
    grades = _quantiles(desk, account_id, (name for name, _ in rows))
    bodies = [
        {
            "symbol": name,
            "positionSide": leg,
            "positionAmt": plain(row.position.quantity),
            "entryPrice": plain(row.position.entry),
            "breakEvenPrice": plain(row.position.break_even),
            "markPrice": dec(row.mark),
            "unRealizedProfit": dec(row.unrealised),
            "liquidationPrice": plain(liquidation_price(account.wallet, everything, row)),
            "isolatedMargin": dec(row.balance if row.isolated else 0),
            "notional": plain(row.notional),
            "marginAsset": "USDT",
            "isolatedWallet": plain(row.position.wallet),
            "initialMargin": dec(row.initial_margin),
            "maintMargin": dec(row.maintenance),
            "positionInitialMargin": dec(row.position_margin),
            "openOrderInitialMargin": dec(row.order_margin),
            "adl": grades.get((name, leg), 0),
            "bidNotional": plain(row.bids),
            "askNotional": plain(row.asks),
            "updateTime": row.position.updated // MS,
        }
        for (name, leg), row in rows.items()
        if symbol in (None, name)
    ]
    await desk.committed()
    return bodies


def _quantiles(desk: Desk, account_id: int, symbols: Iterable[str]) -> dict[tuple[str, str], int]:
    """By (symbol, leg). Both legs of a hedge in cross margin are one in the queue: they show the greater value."""
    found: dict[tuple[str, str], int] = {}
    account = desk.state.account(account_id)
    for symbol in set(symbols):
        mine = {leg: grade for (owner, leg), grade in quantiles(desk.venue, symbol).items() if owner == account_id}
        if len(mine) == 2 and not account.setting(symbol).isolated:
            mine = dict.fromkeys(mine, max(mine.values()))
        found |= {(symbol, leg): grade for leg, grade in mine.items()}
    return found


async def adl_quantile(desk: Desk, params: Params, account_id: int) -> object:
    """Of every symbol with a position. HEDGE instead of BOTH is only a sign that both legs share one margin."""
    account, only = desk.state.account(account_id), desk.symbol(params)
    symbols = {symbol for symbol, _, _ in account.held() if only in (None, symbol)}
    grades, found = _quantiles(desk, account_id, symbols), []
    for symbol in sorted(symbols):
        shared = account.dual and not account.setting(symbol).isolated
        legs = ("LONG", "SHORT", "HEDGE" if shared else "BOTH")
        found.append({"symbol": symbol, "adlQuantile": {leg: grades.get((symbol, leg), 0) for leg in legs}})
    return found


async def adl_risk(desk: Desk, params: Params, account: int) -> object:
    """low, medium or high: how much of what our accounts could lack at a move of 10 % the insurance fund could pay
    (all, half, less)."""
    only = desk.symbol(params)
    rows = [
        {"symbol": symbol, "adlRisk": _risk(desk, symbol), "updateTime": desk.ms()}
        for symbol in desk.venue.markets
        if only in (None, symbol)
    ]
    return rows[0] if only else rows


def _risk(desk: Desk, symbol: str) -> str:
    exposures = [desk.venue.exposures(account) for account in desk.state.data.accounts]
    held = [row for rows in exposures for row in rows.values() if row.symbol == symbol]
    lack = sum(max(abs(row.notional) // 10 - row.position_margin, 0) for row in held)
    if lack <= desk.state.data.insurance:
        return "low"
    return "medium" if lack <= 2 * desk.state.data.insurance else "high"

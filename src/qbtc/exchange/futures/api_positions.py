"""Positions of `/fapi`: what is held, what it binds, where it would be liquidated. Shapes after the SDK's models."""

from __future__ import annotations

from ...core.market.margin import SCALE, cap_at
from ...core.market.margin_account import Exposure, liquidation_price
from .desk import Desk
from .wire import MS, Json, Params, dec, plain

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
    rows, symbol = every_exposure(desk, account_id), params.get("symbol") or None
    account = desk.state.account(account_id)
    if symbol:
        desk.venue.market(symbol)
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
    rows, symbol = desk.venue.exposures(account_id), params.get("symbol") or None
    account = desk.state.account(account_id)
    if symbol:
        desk.venue.market(symbol)
    everything = list(rows.values())
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
            "adl": quantile(row),
            "bidNotional": plain(row.bids),
            "askNotional": plain(row.asks),
            "updateTime": row.position.updated // MS,
        }
        for (name, leg), row in rows.items()
        if symbol in (None, name)
    ]
    await desk.committed()
    return bodies


def quantile(row: Exposure) -> int:
    """0 to 4 by the profit on margin: the venue has no queue of counterparties, as it never deleverages."""
    margin = row.position_margin
    gain = row.unrealised * SCALE // margin if margin and row.unrealised > 0 else 0
    return sum(gain >= step * SCALE // 4 for step in (1, 2, 3, 4)) if row.position.quantity else 0


async def adl_quantile(desk: Desk, params: Params, account_id: int) -> object:
    found: dict[str, Json] = {}
    for (symbol, leg), row in desk.venue.exposures(account_id).items():
        if params.get("symbol") in (None, "", symbol) and row.position.quantity:
            found.setdefault(symbol, {})[leg] = quantile(row)
    return [{"symbol": symbol, "adlQuantile": legs} for symbol, legs in found.items()]

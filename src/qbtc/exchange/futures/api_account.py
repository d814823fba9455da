"""Accounts of `/fapi`: balances, positions, settings, income, listen keys. Shapes after the SDK's models."""

from __future__ import annotations

from ...core.binance.errors import ApiError
from ...core.market.futures import requests
from ...core.market.futures.errors import FCode, error
from ...core.market.futures.records import Account
from ...core.market.futures.wire import (
    MS,
    Json,
    Params,
    dec,
    decimal,
    flag,
    integer,
    invalid,
    limit,
    page,
    plain,
    required,
    window,
)
from ...core.market.margin import SCALE, cap_at
from ...core.market.margin_account import Exposure, Totals, totals
from .api_positions import every_exposure
from .desk import Desk

INCOME_KINDS = frozenset({
    "TRANSFER", "WELCOME_BONUS", "REALIZED_PNL", "FUNDING_FEE", "SPECIAL_FUNDING_FEE", "COMMISSION", "INSURANCE_CLEAR",
    "REFERRAL_KICKBACK", "COMMISSION_REBATE", "API_REBATE", "CONTEST_REWARD", "CROSS_COLLATERAL_TRANSFER",
    "OPTIONS_PREMIUM_FEE", "OPTIONS_SETTLE_PROFIT", "INTERNAL_TRANSFER", "AUTO_EXCHANGE", "DELIVERED_SETTELMENT",
    "COIN_SWAP_DEPOSIT", "COIN_SWAP_WITHDRAW", "POSITION_LIMIT_INCREASE_FEE", "STRATEGY_UMFUTURES_TRANSFER",
    "FEE_RETURN", "BFUSD_REWARD",
})  # fmt: skip
"""Binance's; what never happens here is answered with an empty list."""
OK: Json = {"code": 200, "msg": "success"}


# ---- balances


def _asset(desk: Desk, account: Account, sums: Totals) -> Json:
    return {
        "asset": "USDT",
        "walletBalance": dec(account.wallet),
        "unrealizedProfit": dec(sums.unrealised),
        "marginBalance": dec(sums.margin_balance),
        "maintMargin": dec(sums.maintenance),
        "initialMargin": dec(sums.initial_margin),
        "positionInitialMargin": dec(sums.position_margin),
        "openOrderInitialMargin": dec(sums.order_margin),
        "crossWalletBalance": dec(sums.cross_wallet),
        "crossUnPnl": dec(sums.cross_unrealised),
        "availableBalance": dec(sums.available),
        "maxWithdrawAmount": dec(sums.withdrawable),
        "marginAvailable": True,
        "updateTime": account.updated // MS,
    }


def _sums(account: Account, sums: Totals) -> Json:
    return {
        "totalInitialMargin": dec(sums.initial_margin),
        "totalMaintMargin": dec(sums.maintenance),
        "totalWalletBalance": dec(account.wallet),
        "totalUnrealizedProfit": dec(sums.unrealised),
        "totalMarginBalance": dec(sums.margin_balance),
        "totalPositionInitialMargin": dec(sums.position_margin),
        "totalOpenOrderInitialMargin": dec(sums.order_margin),
        "totalCrossWalletBalance": dec(sums.cross_wallet),
        "totalCrossUnPnl": dec(sums.cross_unrealised),
        "availableBalance": dec(sums.available),
        "maxWithdrawAmount": dec(sums.withdrawable),
    }


def _config(account: Account) -> Json:
    return {
        "feeTier": 0,
        "feeBurn": False,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        "updateTime": account.updated // MS,
        "multiAssetsMargin": account.multi,
        "tradeGroupId": -1,
    }


async def account_v2(desk: Desk, params: Params, account_id: int) -> object:
    account, rows = desk.state.account(account_id), every_exposure(desk, account_id)
    sums = totals(account.wallet, rows.values())
    positions = [_position_v2(row, leg) for (_, leg), row in sorted(rows.items())]
    await desk.committed()
    return _config(account) | _sums(account, sums) | {"assets": [_asset(desk, account, sums)], "positions": positions}


def _position_v2(row: Exposure, leg: str) -> Json:
    position = row.position
    return {
        "symbol": row.symbol,
        "initialMargin": dec(row.initial_margin),
        "maintMargin": dec(row.maintenance),
        "unrealizedProfit": dec(row.unrealised),
        "positionInitialMargin": dec(row.position_margin),
        "openOrderInitialMargin": dec(row.order_margin),
        "leverage": str(row.leverage),
        "isolated": row.isolated,
        "entryPrice": plain(position.entry),
        "breakEvenPrice": plain(position.break_even),
        "maxNotional": plain(cap_at(row.table, row.leverage)),
        "bidNotional": plain(row.bids),
        "askNotional": plain(row.asks),
        "positionSide": leg,
        "positionAmt": plain(position.quantity),
        "notional": plain(row.notional),
        "isolatedWallet": plain(position.wallet),
        "updateTime": position.updated // MS,
    }


async def account_v3(desk: Desk, params: Params, account_id: int) -> object:
    account, rows = desk.state.account(account_id), desk.venue.exposures(account_id)
    sums = totals(account.wallet, rows.values())
    asset = _asset(desk, account, sums)
    del asset["marginAvailable"]
    positions = [_position_v3(row, leg) for (_, leg), row in sorted(rows.items())]
    await desk.committed()
    return _sums(account, sums) | {"assets": [asset], "positions": positions}


def _position_v3(row: Exposure, leg: str) -> Json:
    position = row.position
    return {
        "symbol": row.symbol,
        "positionSide": leg,
        "positionAmt": plain(position.quantity),
        "unrealizedProfit": dec(row.unrealised),
        "isolatedMargin": dec(row.balance if row.isolated else 0),
        "notional": plain(row.notional),
        "isolatedWallet": plain(position.wallet),
        "initialMargin": dec(row.initial_margin),
        "maintMargin": dec(row.maintenance),
        "updateTime": position.updated // MS,
    }


async def balance(desk: Desk, params: Params, account_id: int) -> object:
    account = desk.state.account(account_id)
    sums = desk.venue.totals(account_id)
    await desk.committed()
    return [
        {
            "accountAlias": f"qbtc{account_id}",
            "asset": "USDT",
            "balance": dec(account.wallet),
            "crossWalletBalance": dec(sums.cross_wallet),
            "crossUnPnl": dec(sums.cross_unrealised),
            "availableBalance": dec(sums.available),
            "maxWithdrawAmount": dec(sums.withdrawable),
            "marginAvailable": True,
            "updateTime": account.updated // MS,
        }
    ]


async def account_config(desk: Desk, params: Params, account_id: int) -> object:
    account = desk.state.account(account_id)
    body = _config(account) | {"dualSidePosition": account.dual}
    del body["feeBurn"]
    return body


async def symbol_config(desk: Desk, params: Params, account_id: int) -> object:
    account, rows, only = desk.state.account(account_id), [], desk.symbol(params)
    for symbol, market in desk.venue.markets.items():
        if only in (None, symbol):
            setting = account.setting(symbol)
            rows.append(
                {
                    "symbol": symbol,
                    "marginType": "ISOLATED" if setting.isolated else "CROSSED",
                    "isAutoAddMargin": False,
                    "leverage": setting.leverage,
                    "maxNotionalValue": plain(cap_at(market.contract.table, setting.leverage)),
                }
            )
    return rows


# ---- settings


async def set_leverage(desk: Desk, params: Params, account_id: int) -> object:
    symbol, leverage = required(params, "symbol"), integer(params, "leverage")
    cap = desk.accounts.leverage(account_id, symbol, leverage, desk.now())
    await desk.committed()
    return {"symbol": symbol, "leverage": leverage, "maxNotionalValue": plain(cap)}


async def set_margin_type(desk: Desk, params: Params, account_id: int) -> object:
    kind = required(params, "marginType")
    if kind not in ("ISOLATED", "CROSSED"):
        raise invalid("marginType")
    desk.accounts.margin_type(account_id, required(params, "symbol"), kind == "ISOLATED", desk.now())
    await desk.committed()
    return OK


async def move_margin(desk: Desk, params: Params, account_id: int) -> object:
    kind = integer(params, "type")
    if kind not in (1, 2):
        raise invalid("type")
    required(params, "amount")
    amount = decimal(params, "amount") or 0
    if amount <= 0:
        raise error(FCode.AMOUNT)
    leg = requests.leg(params) or "BOTH"
    desk.accounts.move_margin(account_id, required(params, "symbol"), leg, amount if kind == 1 else -amount, desk.now())
    await desk.committed()
    text = "Successfully modify position margin."
    return {"amount": float(dec(amount)), "code": 200, "msg": text, "type": kind}


async def margin_moves(desk: Desk, params: Params, account_id: int) -> object:
    symbol = desk.venue.market(required(params, "symbol")).symbol
    count, kind = limit(params, 500, 1000), integer(params, "type", 0)
    rows = [
        {
            "symbol": symbol,
            "type": 1 if move.amount > 0 else 2,
            "deltaType": "USER_ADJUST",
            "amount": dec(abs(move.amount)),
            "asset": "USDT",
            "time": move.time // MS,
            "positionSide": move.leg,
        }
        for move in desk.state.data.moves
        if move.account == account_id and move.symbol == symbol
    ]
    return [row for row in rows if kind in (0, row["type"])][-count:]


async def get_position_mode(desk: Desk, params: Params, account_id: int) -> object:
    return {"dualSidePosition": desk.state.account(account_id).dual}


async def set_position_mode(desk: Desk, params: Params, account_id: int) -> object:
    required(params, "dualSidePosition")
    desk.accounts.position_mode(account_id, flag(params, "dualSidePosition"), desk.now())
    await desk.committed()
    return OK


async def get_asset_mode(desk: Desk, params: Params, account_id: int) -> object:
    return {"multiAssetsMargin": desk.state.account(account_id).multi}


async def set_asset_mode(desk: Desk, params: Params, account_id: int) -> object:
    required(params, "multiAssetsMargin")
    desk.accounts.asset_mode(account_id, flag(params, "multiAssetsMargin"), desk.now())
    await desk.committed()
    return OK


async def fee_burn(desk: Desk, params: Params, account_id: int) -> object:
    return {"feeBurn": False}


# ---- records and rules


async def income(desk: Desk, params: Params, account_id: int) -> object:
    """Of the last week if no time is given."""
    symbol, kind, count = desk.symbol(params), params.get("incomeType") or None, limit(params, 100, 1000)
    if kind is not None and kind not in INCOME_KINDS:
        raise invalid("incomeType")
    start, end = window(params, desk.now(), bounded=False)
    first = (max(integer(params, "page", 1), 1) - 1) * count
    chosen = [
        row
        for row in desk.state.data.incomes
        if row.account == account_id
        and symbol in (None, row.symbol)
        and kind in (None, row.kind)
        and start <= row.time <= end
    ]
    oldest = bool(params.get("startTime") or params.get("page"))
    chosen = list(page(chosen[first:] if oldest else chosen, count, oldest=oldest))
    await desk.committed()
    return [
        {
            "symbol": row.symbol,
            "incomeType": row.kind,
            "income": dec(row.amount),
            "asset": "USDT",
            "info": str(row.trade_id or row.kind),
            "time": row.time // MS,
            "tranId": row.tran_id,
            "tradeId": str(row.trade_id) if row.trade_id else "",
        }
        for row in chosen
    ]


async def leverage_brackets(desk: Desk, params: Params, account_id: int) -> object:
    symbol = params.get("symbol") or None
    if symbol:
        desk.venue.market(symbol)
    return [
        {
            "symbol": market.symbol,
            "notionalCoef": 1.0,
            "brackets": [
                {
                    "bracket": item.number,
                    "initialLeverage": item.leverage,
                    "notionalCap": item.cap // SCALE,
                    "notionalFloor": item.floor // SCALE,
                    "maintMarginRatio": item.rate / SCALE,
                    "cum": item.cum / SCALE,
                }
                for item in market.contract.table
            ],
        }
        for market in desk.venue.markets.values()
        if symbol in (None, market.symbol)
    ]


async def commission_rate(desk: Desk, params: Params, account_id: int) -> object:
    rules = desk.venue.market(required(params, "symbol")).contract
    return {
        "symbol": rules.symbol,
        "makerCommissionRate": dec(rules.maker, 6),
        "takerCommissionRate": dec(rules.taker, 6),
        "rpiCommissionRate": "0.000000",
    }


async def trading_status(desk: Desk, params: Params, account_id: int) -> object:
    """No quantitative rule is ever triggered here."""
    return {"indicators": {}, "updateTime": desk.ms()}


async def order_limits(desk: Desk, params: Params, account_id: int) -> object:
    return [row for row in desk.rates if row["rateLimitType"] == "ORDERS"]


# ---- listen keys


async def start_stream(desk: Desk, params: Params, account_id: int) -> object:
    return {"listenKey": desk.listen_keys.start(account_id, desk.wall())}


async def keep_stream(desk: Desk, params: Params, account_id: int) -> object:
    if desk.listen_keys.of(account_id) is None:
        raise ApiError(int(FCode.LISTEN_KEY), "This listenKey does not exist.")
    return {"listenKey": desk.listen_keys.start(account_id, desk.wall())}


async def close_stream(desk: Desk, params: Params, account_id: int) -> object:
    desk.listen_keys.close(account_id)
    return {}

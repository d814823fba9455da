"""User data events and the JSON shapes they share with REST bodies. Pure; field names are Binance's.

Source: the official SDK's models of the USD-M user data streams.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..margin_account import Exposure
from .records import Account, Algo, Order, Trade
from .wire import MS, Json, dec, plain


def side_name(side: int) -> str:
    return "BUY" if side > 0 else "SELL"


def order_update(order: Order, execution: str, now: int, trade: Trade | None = None, reason: str = "0") -> Json:
    placed = order.placed
    body: Json = {
        "s": placed.symbol,
        "c": placed.client_id,
        "S": side_name(placed.side),
        "o": placed.kind,
        "f": placed.tif,
        "q": plain(order.quantity),
        "p": plain(order.price),
        "ap": plain(order.average),
        "sp": plain(placed.stop),
        "x": execution,
        "X": order.status,
        "i": placed.order_id,
        "l": plain(trade.quantity) if trade else "0",
        "z": plain(order.filled),
        "L": plain(trade.price) if trade else "0",
        "n": plain(trade.fee) if trade else "0",
        "N": "USDT",
        "T": now // MS,
        "t": trade.trade_id if trade else 0,
        "b": "0",
        "a": "0",
        "m": trade.maker if trade else False,
        "R": placed.reduce,
        "wt": placed.working,
        "ot": placed.origin or placed.kind,
        "ps": placed.leg,
        "cp": placed.close,
        "rp": plain(trade.realised) if trade else "0",
        "pP": placed.protect,
        "si": placed.algo_id,
        "ss": 0,
        "V": placed.stp,
        "pm": placed.match,
        "gtd": placed.gtd // MS,
        "er": reason,
    }
    return {"e": "ORDER_TRADE_UPDATE", "E": now // MS, "T": now // MS, "o": body}


def trade_lite(order: Order, trade: Trade) -> Json:
    placed = order.placed
    return {
        "e": "TRADE_LITE",
        "E": trade.time // MS,
        "T": trade.time // MS,
        "s": placed.symbol,
        "q": plain(order.quantity),
        "p": plain(order.price),
        "m": trade.maker,
        "c": placed.client_id,
        "S": side_name(placed.side),
        "L": plain(trade.price),
        "l": plain(trade.quantity),
        "t": trade.trade_id,
        "i": placed.order_id,
    }


def account_update(account: Account, reason: str, now: int, change: int, rows: Sequence[tuple[str, str, int]]) -> Json:
    """`rows` are (symbol, leg, mark) of the positions to show; `change` what the balance changed by but for trades."""
    held = sum(position.wallet for position in account.positions.values())
    balance = {"a": "USDT", "wb": dec(account.wallet), "cw": dec(account.wallet - held), "bc": plain(change)}
    positions = [_position(account, *row) for row in rows]
    return {
        "e": "ACCOUNT_UPDATE",
        "E": now // MS,
        "T": now // MS,
        "a": {"m": reason, "B": [balance], "P": positions},
    }


def _position(account: Account, symbol: str, leg: str, mark: int) -> Json:
    position = account.position(symbol, leg)
    return {
        "s": symbol,
        "pa": plain(position.quantity),
        "ep": plain(position.entry),
        "bep": plain(position.break_even),
        "cr": plain(position.realised),
        "up": dec(position.unrealised(mark)),
        "mt": "isolated" if account.setting(symbol).isolated else "cross",
        "iw": plain(position.wallet),
        "ps": leg,
    }


def algo_update(algo: Algo, status: str, now: int, order: Order | None = None) -> Json:
    placed = algo.placed
    body: Json = {
        "caid": placed.client_id,
        "aid": placed.algo_id,
        "at": "CONDITIONAL",
        "o": placed.kind,
        "s": placed.symbol,
        "S": side_name(placed.side),
        "ps": placed.leg,
        "f": placed.tif,
        "q": plain(placed.quantity),
        "X": status,
        "ai": str(algo.order_id) if algo.order_id else "",
        "ap": dec(order.average, 5) if order else "0.00000",
        "aq": dec(order.filled, 5) if order else "0.00000",
        "act": order.placed.kind if order else "0",
        "tp": plain(placed.trigger),
        "p": plain(placed.price),
        "V": placed.stp,
        "wt": placed.working,
        "pm": placed.match,
        "cp": placed.close,
        "pP": placed.protect,
        "R": placed.reduce,
        "tt": algo.triggered // MS,
        "gtd": placed.gtd // MS,
        "rm": algo.reason,
    }
    return {"e": "ALGO_UPDATE", "T": now // MS, "E": now // MS, "o": body}


def trigger_reject(algo: Algo, now: int) -> Json:
    placed = algo.placed
    body = {"s": placed.symbol, "i": placed.algo_id, "r": algo.reason}
    return {"e": "CONDITIONAL_ORDER_TRIGGER_REJECT", "E": now // MS, "T": now // MS, "or": body}


def margin_call(cross_wallet: int, rows: Sequence[tuple[Exposure, str]], now: int) -> Json:
    positions = [
        {
            "s": row.symbol,
            "ps": leg,
            "pa": plain(row.position.quantity),
            "mt": "ISOLATED" if row.isolated else "CROSSED",
            "iw": plain(row.position.wallet),
            "mp": plain(row.mark),
            "up": plain(row.unrealised),
            "mm": plain(row.maintenance),
        }
        for row, leg in rows
    ]
    return {"e": "MARGIN_CALL", "E": now // MS, "cw": plain(cross_wallet), "p": positions}


def leverage_update(symbol: str, leverage: int, now: int) -> Json:
    return {"e": "ACCOUNT_CONFIG_UPDATE", "E": now // MS, "T": now // MS, "ac": {"s": symbol, "l": leverage}}


def assets_update(multi: bool, now: int) -> Json:
    return {"e": "ACCOUNT_CONFIG_UPDATE", "E": now // MS, "T": now // MS, "ai": {"j": multi}}


def listen_key_expired(key: str, now: int) -> Json:
    return {"e": "listenKeyExpired", "E": now // MS, "listenKey": key}


def force_order(order: Order, now: int) -> Json:
    placed = order.placed
    body = {
        "s": placed.symbol,
        "S": side_name(placed.side),
        "o": "LIMIT",
        "f": "IOC",
        "q": plain(order.quantity),
        "p": plain(order.price),
        "ap": plain(order.average),
        "X": order.status,
        "l": plain(order.filled),
        "z": plain(order.filled),
        "T": now // MS,
    }
    return {"e": "forceOrder", "E": now // MS, "o": body}

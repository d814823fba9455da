"""Every operation of the futures API, once, for both transports: REST path, WebSocket API method, weight, security."""

from __future__ import annotations

from typing import NamedTuple

from . import api_account, api_market, api_positions, api_trade
from .desk import Handler


class Operation(NamedTuple):
    """`security`: NONE, KEY (an API key, no signature) or SIGNED. `orders`: how many orders it counts as."""

    method: str
    path: str
    weight: int
    security: str
    handler: Handler
    ws: str = ""
    orders: int = 0


def _public() -> list[Operation]:
    m = api_market
    rows: list[tuple[str, int, Handler, str]] = [
        ("/fapi/v1/ping", 1, m.ping, "ping"),
        ("/fapi/v1/time", 1, m.server_time, "time"),
        ("/fapi/v1/exchangeInfo", 1, m.exchange_info, "exchangeInfo"),
        ("/fapi/v1/depth", 10, m.depth, "depth"),
        ("/fapi/v1/trades", 5, m.trades, ""),
        ("/fapi/v1/aggTrades", 20, m.aggregate_trades, ""),
        ("/fapi/v1/klines", 5, m.klines, ""),
        ("/fapi/v1/continuousKlines", 5, m.continuous_klines, ""),
        ("/fapi/v1/indexPriceKlines", 5, m.index_klines, ""),
        ("/fapi/v1/markPriceKlines", 5, m.mark_klines, ""),
        ("/fapi/v1/premiumIndexKlines", 5, m.premium_klines, ""),
        ("/fapi/v1/premiumIndex", 1, m.premium_index, ""),
        ("/fapi/v1/fundingRate", 1, m.funding_rate, ""),
        ("/fapi/v1/fundingInfo", 1, m.funding_info, ""),
        ("/fapi/v1/ticker/24hr", 1, m.day_ticker, ""),
        ("/fapi/v1/ticker/price", 1, m.price_ticker, "ticker.price"),
        ("/fapi/v2/ticker/price", 1, m.price_ticker, ""),
        ("/fapi/v1/ticker/bookTicker", 2, m.book_ticker, "ticker.book"),
        ("/fapi/v1/openInterest", 1, m.open_interest, ""),
        ("/fapi/v1/insuranceBalance", 1, m.insurance_balance, ""),
    ]
    return [Operation("GET", path, weight, "NONE", handler, ws) for path, weight, handler, ws in rows]


def _orders() -> list[Operation]:
    t = api_trade
    return [
        Operation("POST", "/fapi/v1/order", 0, "SIGNED", t.place_order, "order.place", 1),
        Operation("PUT", "/fapi/v1/order", 1, "SIGNED", t.amend_order, "order.modify", 1),
        Operation("GET", "/fapi/v1/order", 1, "SIGNED", t.query_order, "order.status"),
        Operation("DELETE", "/fapi/v1/order", 1, "SIGNED", t.cancel_order, "order.cancel"),
        Operation("POST", "/fapi/v1/order/test", 0, "SIGNED", t.test_order),
        Operation("POST", "/fapi/v1/batchOrders", 5, "SIGNED", t.place_batch, "", 5),
        Operation("PUT", "/fapi/v1/batchOrders", 5, "SIGNED", t.amend_batch, "", 5),
        Operation("DELETE", "/fapi/v1/batchOrders", 1, "SIGNED", t.cancel_batch),
        Operation("GET", "/fapi/v1/orderAmendment", 1, "SIGNED", t.amendments),
        Operation("GET", "/fapi/v1/openOrder", 1, "SIGNED", t.query_open_order),
        Operation("GET", "/fapi/v1/openOrders", 1, "SIGNED", t.open_orders),
        Operation("DELETE", "/fapi/v1/allOpenOrders", 1, "SIGNED", t.cancel_all),
        Operation("POST", "/fapi/v1/countdownCancelAll", 10, "SIGNED", t.countdown),
        Operation("GET", "/fapi/v1/allOrders", 5, "SIGNED", t.all_orders),
        Operation("GET", "/fapi/v1/userTrades", 5, "SIGNED", t.user_trades),
        Operation("GET", "/fapi/v1/forceOrders", 20, "SIGNED", t.force_orders),
        Operation("POST", "/fapi/v1/algoOrder", 0, "SIGNED", t.place_algo, "algoOrder.place", 1),
        Operation("DELETE", "/fapi/v1/algoOrder", 1, "SIGNED", t.cancel_algo, "algoOrder.cancel"),
        Operation("GET", "/fapi/v1/algoOrder", 1, "SIGNED", t.query_algo),
        Operation("GET", "/fapi/v1/openAlgoOrders", 1, "SIGNED", t.open_algos),
        Operation("GET", "/fapi/v1/allAlgoOrders", 5, "SIGNED", t.all_algos),
        Operation("DELETE", "/fapi/v1/algoOpenOrders", 1, "SIGNED", t.cancel_algos),
    ]


def _accounts() -> list[Operation]:
    a = api_account
    return [
        Operation("GET", "/fapi/v2/account", 5, "SIGNED", a.account_v2, "account.status"),
        Operation("GET", "/fapi/v3/account", 5, "SIGNED", a.account_v3, "v2/account.status"),
        Operation("GET", "/fapi/v2/balance", 5, "SIGNED", a.balance, "account.balance"),
        Operation("GET", "/fapi/v3/balance", 5, "SIGNED", a.balance, "v2/account.balance"),
        Operation("GET", "/fapi/v2/positionRisk", 5, "SIGNED", api_positions.position_v2, "account.position"),
        Operation("GET", "/fapi/v3/positionRisk", 5, "SIGNED", api_positions.position_v3, "v2/account.position"),
        Operation("GET", "/fapi/v1/accountConfig", 5, "SIGNED", a.account_config),
        Operation("GET", "/fapi/v1/symbolConfig", 5, "SIGNED", a.symbol_config),
        Operation("POST", "/fapi/v1/leverage", 1, "SIGNED", a.set_leverage),
        Operation("POST", "/fapi/v1/marginType", 1, "SIGNED", a.set_margin_type),
        Operation("POST", "/fapi/v1/positionMargin", 1, "SIGNED", a.move_margin),
        Operation("GET", "/fapi/v1/positionMargin/history", 1, "SIGNED", a.margin_moves),
        Operation("GET", "/fapi/v1/positionSide/dual", 30, "SIGNED", a.get_position_mode),
        Operation("POST", "/fapi/v1/positionSide/dual", 1, "SIGNED", a.set_position_mode),
        Operation("GET", "/fapi/v1/multiAssetsMargin", 30, "SIGNED", a.get_asset_mode),
        Operation("POST", "/fapi/v1/multiAssetsMargin", 1, "SIGNED", a.set_asset_mode),
        Operation("GET", "/fapi/v1/feeBurn", 30, "SIGNED", a.fee_burn),
        Operation("GET", "/fapi/v1/income", 30, "SIGNED", a.income),
        Operation("GET", "/fapi/v1/leverageBracket", 1, "SIGNED", a.leverage_brackets),
        Operation("GET", "/fapi/v1/commissionRate", 20, "SIGNED", a.commission_rate),
        Operation("GET", "/fapi/v1/adlQuantile", 5, "SIGNED", api_positions.adl_quantile),
        Operation("GET", "/fapi/v1/apiTradingStatus", 1, "SIGNED", a.trading_status),
        Operation("GET", "/fapi/v1/rateLimit/order", 1, "SIGNED", a.order_limits),
        Operation("GET", "/fapi/v1/historicalTrades", 20, "KEY", api_market.historical_trades),
        Operation("POST", "/fapi/v1/listenKey", 1, "KEY", a.start_stream, "userDataStream.start"),
        Operation("PUT", "/fapi/v1/listenKey", 1, "KEY", a.keep_stream, "userDataStream.ping"),
        Operation("DELETE", "/fapi/v1/listenKey", 1, "KEY", a.close_stream, "userDataStream.stop"),
    ]


OPERATIONS = (*_public(), *_orders(), *_accounts())
BY_WS = {op.ws: op for op in OPERATIONS if op.ws}

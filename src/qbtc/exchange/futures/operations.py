"""Every operation of the futures API, once, for both transports: REST path, WebSocket API method, weight, security."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ...core.market.futures.wire import Params
from . import api_account, api_market, api_positions, api_trade
from .desk import Handler

Weight = int | Callable[[Params], int]


class Operation(NamedTuple):
    """`security`: NONE, KEY (an API key, no signature) or SIGNED. `orders`: how many orders it counts as in ten
    seconds; in a minute every request that orders is one."""

    method: str
    path: str
    weight: Weight
    security: str
    handler: Handler
    ws: str = ""
    orders: int = 0

    def cost(self, params: Params) -> int:
        """Request weight, as documented."""
        return self.weight if isinstance(self.weight, int) else self.weight(params)


def _one_or_all(one: int, every: int) -> Weight:
    return lambda params: one if params.get("symbol") else every


def _by_limit(default: int, *steps: tuple[int, int], most: int) -> Weight:
    """The weight of the first step (limit, weight) that holds the parameter `limit`."""

    def weight(params: Params) -> int:
        text = params.get("limit", "")
        asked = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default
        return next((cost for bound, cost in steps if asked <= bound), most)

    return weight


_DEPTH = _by_limit(500, (50, 2), (100, 5), (500, 10), most=20)
_KLINES = _by_limit(500, (99, 1), (499, 2), (1000, 5), most=10)


def _public() -> list[Operation]:
    m = api_market
    rows: list[tuple[str, Weight, Handler, str]] = [
        ("/fapi/v1/ping", 1, m.ping, "ping"),
        ("/fapi/v1/time", 1, m.server_time, "time"),
        ("/fapi/v1/exchangeInfo", 1, m.exchange_info, "exchangeInfo"),
        ("/fapi/v1/depth", _DEPTH, m.depth, "depth"),
        ("/fapi/v1/trades", 5, m.trades, ""),
        ("/fapi/v1/aggTrades", 20, m.aggregate_trades, ""),
        ("/fapi/v1/klines", _KLINES, m.klines, ""),
        ("/fapi/v1/continuousKlines", _KLINES, m.continuous_klines, ""),
        ("/fapi/v1/indexPriceKlines", _KLINES, m.index_klines, ""),
        ("/fapi/v1/markPriceKlines", _KLINES, m.mark_klines, ""),
        ("/fapi/v1/premiumIndexKlines", _KLINES, m.premium_klines, ""),
        ("/fapi/v1/premiumIndex", _one_or_all(1, 10), m.premium_index, ""),
        ("/fapi/v1/fundingRate", 1, m.funding_rate, ""),
        ("/fapi/v1/fundingInfo", 1, m.funding_info, ""),
        ("/fapi/v1/ticker/24hr", _one_or_all(1, 40), m.day_ticker, ""),
        ("/fapi/v1/ticker/price", _one_or_all(1, 2), m.price_ticker, "ticker.price"),
        ("/fapi/v2/ticker/price", _one_or_all(1, 2), m.price_ticker, ""),
        ("/fapi/v1/ticker/bookTicker", _one_or_all(2, 5), m.book_ticker, "ticker.book"),
        ("/fapi/v1/openInterest", 1, m.open_interest, ""),
        ("/fapi/v1/insuranceBalance", 1, m.insurance_balance, ""),
        ("/fapi/v1/symbolAdlRisk", 1, api_positions.adl_risk, ""),
        ("/fapi/v1/rpiDepth", 20, m.rpi_depth, ""),
        ("/fapi/v1/constituents", 2, m.constituents, ""),
        ("/fapi/v1/assetIndex", _one_or_all(1, 10), m.nothing, ""),
        ("/fapi/v1/indexInfo", 1, m.nothing, ""),
    ]
    return [Operation("GET", path, weight, "NONE", handler, ws) for path, weight, handler, ws in rows]


def _orders() -> list[Operation]:
    t = api_trade
    return [
        Operation("POST", "/fapi/v1/order", 0, "SIGNED", t.place_order, "order.place", 1),
        Operation("PUT", "/fapi/v1/order", 0, "SIGNED", t.amend_order, "order.modify", 1),
        Operation("GET", "/fapi/v1/order", 1, "SIGNED", t.query_order, "order.status"),
        Operation("DELETE", "/fapi/v1/order", 1, "SIGNED", t.cancel_order, "order.cancel"),
        Operation("POST", "/fapi/v1/order/test", 0, "SIGNED", t.test_order),
        Operation("POST", "/fapi/v1/batchOrders", 5, "SIGNED", t.place_batch, "", 5),
        Operation("PUT", "/fapi/v1/batchOrders", 5, "SIGNED", t.amend_batch, "", 5),
        Operation("DELETE", "/fapi/v1/batchOrders", 1, "SIGNED", t.cancel_batch),
        Operation("GET", "/fapi/v1/orderAmendment", 1, "SIGNED", t.amendments),
        Operation("GET", "/fapi/v1/openOrder", 1, "SIGNED", t.query_open_order),
        Operation("GET", "/fapi/v1/openOrders", _one_or_all(1, 40), "SIGNED", t.open_orders),
        Operation("DELETE", "/fapi/v1/allOpenOrders", 1, "SIGNED", t.cancel_all),
        Operation("POST", "/fapi/v1/countdownCancelAll", 10, "SIGNED", t.countdown),
        Operation("GET", "/fapi/v1/allOrders", 5, "SIGNED", t.all_orders),
        Operation("GET", "/fapi/v1/userTrades", 5, "SIGNED", t.user_trades),
        Operation("GET", "/fapi/v1/forceOrders", _one_or_all(20, 50), "SIGNED", t.force_orders),
        Operation("POST", "/fapi/v1/algoOrder", 0, "SIGNED", t.place_algo, "algoOrder.place", 1),
        Operation("DELETE", "/fapi/v1/algoOrder", 1, "SIGNED", t.cancel_algo, "algoOrder.cancel"),
        Operation("GET", "/fapi/v1/algoOrder", 1, "SIGNED", t.query_algo),
        Operation("GET", "/fapi/v1/openAlgoOrders", _one_or_all(1, 40), "SIGNED", t.open_algos),
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
        Operation("GET", "/fapi/v1/apiTradingStatus", _one_or_all(1, 10), "SIGNED", a.trading_status),
        Operation("GET", "/fapi/v1/rateLimit/order", 1, "SIGNED", a.order_limits),
        Operation("GET", "/fapi/v1/historicalTrades", 200, "KEY", api_market.historical_trades),
        Operation("POST", "/fapi/v1/listenKey", 1, "KEY", a.start_stream, "userDataStream.start"),
        Operation("PUT", "/fapi/v1/listenKey", 1, "KEY", a.keep_stream, "userDataStream.ping"),
        Operation("DELETE", "/fapi/v1/listenKey", 1, "KEY", a.close_stream, "userDataStream.stop"),
    ]


OPERATIONS = (*_public(), *_orders(), *_accounts())
BY_WS = {op.ws: op for op in OPERATIONS if op.ws}

"""The table of everything that can be asked: REST method and path, WebSocket method, weight, security, parameters.

Paths, methods and weights: binance/binance-spot-api-docs, rest-api.md and web-socket-api.md. Below them what clients ask
of the venue beside `/api/v3`, and the venue's own `/qbtc`.
"""

from __future__ import annotations

from . import api_account, api_general, api_lists, api_orders, api_paper, api_replace, api_sapi
from .market_operations import MARKET_DATA
from .operation import Operation, Security, words

NONE, USER_DATA, TRADE = Security.NONE, Security.USER_DATA, Security.TRADE
_PEG = "PegPriceType PegOffsetType PegOffsetValue"
_LEG = "ClientOrderId IcebergQty Price StopPrice TrailingDelta TimeInForce StrategyId StrategyType"
ORDER = words(
    "symbol side type timeInForce quantity quoteOrderQty price newClientOrderId strategyId strategyType stopPrice"
    " trailingDelta icebergQty newOrderRespType selfTradePreventionMode pegPriceType pegOffsetValue pegOffsetType"
)
SOR = words(
    "symbol side type timeInForce quantity price newClientOrderId strategyId strategyType icebergQty newOrderRespType"
    " selfTradePreventionMode quoteOrderQty"
)
LIST = words("symbol listClientOrderId newOrderRespType selfTradePreventionMode")
PAGE = words("startTime endTime limit")
CHOICE = words("symbol symbols symbolStatus")


def leg(prefix: str, more: str = "") -> frozenset[str]:
    """Parameters of one order of a list."""
    return frozenset(prefix + name for name in f"Type {_LEG} {_PEG} {more}".split())


_WORKING = leg("working", "Side Quantity")
_PENDING = leg("pending", "Side")
_PENDING_PAIR = leg("pendingAbove") | leg("pendingBelow") | {"pendingSide"}

GENERAL = (
    Operation(method="GET", path="/api/v3/ping", ws="ping", handler=api_general.ping),
    Operation(method="GET", path="/api/v3/time", ws="time", handler=api_general.server_time),
    Operation(
        method="GET", path="/api/v3/exchangeInfo", ws="exchangeInfo", weight=20, handler=api_general.exchange_info,
        params=CHOICE | words("permissions showPermissionSets"),
    ),
    Operation(
        method="GET", path="/api/v3/executionRules", ws="executionRules", weight=api_general.execution_rules_weight,
        handler=api_general.execution_rules, params=CHOICE,
    ),
    Operation(
        method="GET", path="/api/v3/referencePrice", ws="referencePrice", weight=2,
        handler=api_general.reference_price, params=words("symbol"),
    ),
    Operation(
        method="GET", path="/api/v3/referencePrice/calculation", ws="referencePrice.calculation", weight=2,
        handler=api_general.reference_price, params=words("symbol symbolStatus"),
    ),
)  # fmt: skip

BLOCKS = (
    Operation(
        method="GET", path="/api/v3/historicalBlockTrades", weight=25, security=Security.MARKET_DATA,
        handler=api_general.block_trades, params=words("symbol fromId limit"),
    ),
    Operation(
        ws="blockTrades.historical", weight=25, handler=api_general.block_trades, params=words("symbol fromId limit")
    ),
)  # fmt: skip

TRADING = (
    Operation(
        method="POST", path="/api/v3/order", ws="order.place", security=TRADE, orders=1,
        handler=api_orders.place_order, params=ORDER,
    ),
    Operation(
        method="POST", path="/api/v3/order/test", ws="order.test", security=TRADE, weight=api_orders.test_weight,
        handler=api_orders.test_order, params=ORDER | words("computeCommissionRates"),
    ),
    Operation(
        method="DELETE", path="/api/v3/order", ws="order.cancel", security=TRADE, handler=api_orders.cancel_order,
        params=words("symbol orderId origClientOrderId newClientOrderId cancelRestrictions"),
    ),
    Operation(
        method="DELETE", path="/api/v3/openOrders", ws="openOrders.cancelAll", security=TRADE,
        handler=api_lists.cancel_all, params=words("symbol"),
    ),
    Operation(
        method="POST", path="/api/v3/order/cancelReplace", ws="order.cancelReplace", security=TRADE,
        handler=api_replace.cancel_replace,
        params=ORDER
        | words(
            "cancelReplaceMode cancelNewClientOrderId cancelOrigClientOrderId cancelOrderId cancelRestrictions"
            " orderRateLimitExceededMode"
        ),
    ),
    Operation(
        method="PUT", path="/api/v3/order/amend/keepPriority", ws="order.amend.keepPriority", security=TRADE, weight=4,
        handler=api_orders.amend_order, params=words("symbol orderId origClientOrderId newClientOrderId newQty"),
    ),
    Operation(
        method="POST", path="/api/v3/order/oco", ws="orderList.place", security=TRADE, orders=2,
        handler=api_lists.place_old_oco,
        params=LIST
        | words(
            "side quantity price stopPrice trailingDelta limitClientOrderId limitStrategyId limitStrategyType"
            " limitIcebergQty stopClientOrderId stopStrategyId stopStrategyType stopLimitPrice stopIcebergQty"
            " stopLimitTimeInForce"
        ),
    ),
    Operation(
        method="POST", path="/api/v3/orderList/oco", ws="orderList.place.oco", security=TRADE, orders=2,
        handler=api_lists.place_oco, params=LIST | words("side quantity") | leg("above") | leg("below"),
    ),
    Operation(
        method="POST", path="/api/v3/orderList/oto", ws="orderList.place.oto", security=TRADE, orders=2,
        handler=api_lists.place_oto, params=LIST | _WORKING | _PENDING | {"pendingQuantity"},
    ),
    Operation(
        method="POST", path="/api/v3/orderList/otoco", ws="orderList.place.otoco", security=TRADE, orders=3,
        handler=api_lists.place_otoco, params=LIST | _WORKING | _PENDING_PAIR | {"pendingQuantity"},
    ),
    Operation(
        method="POST", path="/api/v3/orderList/opo", ws="orderList.place.opo", security=TRADE, orders=2,
        handler=api_lists.place_opo, params=LIST | _WORKING | _PENDING | {"pendingQuantity"},
    ),
    Operation(
        method="POST", path="/api/v3/orderList/opoco", ws="orderList.place.opoco", security=TRADE, orders=3,
        handler=api_lists.place_opoco, params=LIST | _WORKING | _PENDING_PAIR | {"pendingQuantity"},
    ),
    Operation(
        method="DELETE", path="/api/v3/orderList", ws="orderList.cancel", security=TRADE,
        handler=api_lists.cancel_list, params=words("symbol orderListId listClientOrderId newClientOrderId"),
    ),
    Operation(
        method="POST", path="/api/v3/sor/order", ws="sor.order.place", security=TRADE, orders=1,
        handler=api_general.sor_order, params=SOR,
    ),
    Operation(
        method="POST", path="/api/v3/sor/order/test", ws="sor.order.test", security=TRADE,
        weight=api_orders.test_weight, handler=api_general.sor_order, params=SOR | words("computeCommissionRates"),
    ),
)  # fmt: skip

ACCOUNT = (
    Operation(
        method="GET", path="/api/v3/account", ws="account.status", security=USER_DATA, weight=20,
        handler=api_account.account_status, params=words("omitZeroBalances"),
    ),
    Operation(
        method="GET", path="/api/v3/order", ws="order.status", security=USER_DATA, weight=4,
        handler=api_orders.query_order, params=words("symbol orderId origClientOrderId"),
    ),
    Operation(
        method="GET", path="/api/v3/openOrders", ws="openOrders.status", security=USER_DATA,
        weight=api_orders.open_orders_weight, handler=api_orders.open_orders, params=words("symbol"),
    ),
    Operation(
        method="GET", path="/api/v3/allOrders", ws="allOrders", security=USER_DATA, weight=20,
        handler=api_orders.all_orders, params=PAGE | words("symbol orderId"),
    ),
    Operation(
        method="GET", path="/api/v3/orderList", ws="orderList.status", security=USER_DATA, weight=4,
        handler=api_lists.query_list, params=words("orderListId origClientOrderId"),
    ),
    Operation(
        method="GET", path="/api/v3/allOrderList", ws="allOrderLists", security=USER_DATA, weight=20,
        handler=api_lists.all_lists, params=PAGE | words("fromId"),
    ),
    Operation(
        method="GET", path="/api/v3/openOrderList", ws="openOrderLists.status", security=USER_DATA, weight=6,
        handler=api_lists.open_lists,
    ),
    Operation(
        method="GET", path="/api/v3/myTrades", ws="myTrades", security=USER_DATA, weight=api_account.my_trades_weight,
        handler=api_account.my_trades, params=PAGE | words("symbol orderId fromId"),
    ),
    Operation(
        method="GET", path="/api/v3/rateLimit/order", ws="account.rateLimits.orders", security=USER_DATA, weight=40,
        handler=api_account.order_counts,
    ),
    Operation(
        method="GET", path="/api/v3/myPreventedMatches", ws="myPreventedMatches", security=USER_DATA,
        weight=api_account.prevented_weight, handler=api_account.prevented_matches,
        params=words("symbol preventedMatchId orderId fromPreventedMatchId limit"),
    ),
    Operation(
        method="GET", path="/api/v3/myAllocations", ws="myAllocations", security=USER_DATA, weight=20,
        handler=api_account.allocations, params=PAGE | words("symbol fromAllocationId orderId"),
    ),
    Operation(
        method="GET", path="/api/v3/account/commission", ws="account.commission", security=USER_DATA, weight=20,
        handler=api_account.commission, params=words("symbol"),
    ),
    Operation(
        method="GET", path="/api/v3/order/amendments", ws="order.amendments", security=USER_DATA, weight=4,
        handler=api_orders.amendments, params=words("symbol orderId fromExecutionId limit"),
    ),
    Operation(
        method="GET", path="/api/v3/myFilters", ws="myFilters", security=USER_DATA, weight=40,
        handler=api_account.my_filters, params=words("symbol"),
    ),
)  # fmt: skip

RETIRED = tuple(
    Operation(method=method, path="/api/v3/userDataStream", handler=api_general.retired, params=words("listenKey"))
    for method in ("POST", "PUT", "DELETE")
) + tuple(
    Operation(ws=f"userDataStream.{verb}", handler=api_general.retired, params=words("listenKey"))
    for verb in ("start", "ping", "stop")
)

BESIDE = (
    Operation(
        method="GET", path="/sapi/v1/capital/config/getall", weight=10, security=USER_DATA, handler=api_sapi.coins
    ),
    Operation(
        method="POST", path="/sapi/v3/asset/getUserAsset", weight=5, security=USER_DATA,
        handler=api_sapi.user_assets, params=words("asset needBtcValuation"),
    ),
    Operation(
        method="GET", path="/sapi/v1/margin/allPairs", security=Security.MARKET_DATA, handler=api_sapi.nothing,
        params=words("symbol timestamp recvWindow signature"),
    ),
    Operation(
        method="GET", path="/sapi/v1/margin/isolated/allPairs", weight=10, security=Security.MARKET_DATA,
        handler=api_sapi.nothing, params=words("symbol timestamp recvWindow signature"),
    ),
    Operation(
        method="GET", path="/sapi/v1/margin/allAssets", security=Security.MARKET_DATA, handler=api_sapi.nothing,
        params=words("asset timestamp recvWindow signature"),
    ),
    Operation(
        method="GET", path="/sapi/v1/account/apiRestrictions", security=USER_DATA, handler=api_sapi.key_restrictions
    ),
    Operation(
        method="GET", path="/sapi/v1/account/apiTradingStatus", security=USER_DATA, handler=api_sapi.trading_status
    ),
    Operation(method="GET", path="/sapi/v1/account/status", security=USER_DATA, handler=api_sapi.account_state),
    Operation(
        method="GET", path="/sapi/v1/asset/tradeFee", security=USER_DATA, handler=api_sapi.trade_fees,
        params=words("symbol"),
    ),
    Operation(method="GET", path="/sapi/v1/system/status", handler=api_sapi.system_status),
    Operation(method="GET", path="/fapi/v1/exchangeInfo", handler=api_sapi.other_product),
    Operation(method="GET", path="/dapi/v1/exchangeInfo", handler=api_sapi.other_product),
    Operation(method="GET", path="/eapi/v1/exchangeInfo", handler=api_sapi.other_product),
    Operation(method="GET", path="/qbtc/v1/market", handler=api_general.market_status),
    Operation(method="POST", path="/qbtc/v1/paper/reset", security=TRADE, handler=api_paper.reset),
)  # fmt: skip

OPERATIONS: tuple[Operation, ...] = (*GENERAL, *MARKET_DATA, *BLOCKS, *TRADING, *ACCOUNT, *RETIRED, *BESIDE)

"""What real clients ask beside `/api`: coins, margin pairs (none), key restrictions, fees, other products (empty)."""

from __future__ import annotations

from ..core.binance.wire import Time
from ..core.market.instrument import render
from .api_general import empty_futures
from .bodies import Json
from .operation import Api
from .params import Params, optional


async def coins(api: Api, params: Params, account: int) -> object:
    """`/sapi/v1/capital/config/getall`: every asset of the account and of the symbols; none can leave the venue."""
    balances = api.books.balances(account)
    traded = {asset for item in api.books.instruments.values() for asset in (item.base, item.quote)}
    return [_coin(asset, *balances.get(asset, (0, 0))) for asset in sorted({*balances, *traded})]


def _coin(asset: str, free: int, locked: int) -> Json:
    none = render(0)
    return {
        "coin": asset,
        "depositAllEnable": False,
        "withdrawAllEnable": False,
        "name": asset,
        "free": render(free),
        "locked": render(locked),
        "freeze": none,
        "withdrawing": none,
        "ipoing": none,
        "ipoable": none,
        "storage": none,
        "isLegalMoney": False,
        "trading": True,
        "networkList": [],
    }


async def user_assets(api: Api, params: Params, account: int) -> object:
    """`/sapi/v3/asset/getUserAsset`: balances that are not zero."""
    wanted = optional(params, "asset")
    none = render(0)
    return [
        {
            "asset": asset,
            "free": render(free),
            "locked": render(locked),
            "freeze": none,
            "withdrawing": none,
            "ipoable": none,
            "btcValuation": none,
        }
        for asset, (free, locked) in sorted(api.books.balances(account).items())
        if (free or locked) and wanted in (None, asset)
    ]


async def nothing(api: Api, params: Params, account: int) -> object:
    """An empty list: margin pairs and the like."""
    return []


async def other_product(api: Api, params: Params, account: int) -> object:
    return empty_futures(api.wall())


async def system_status(api: Api, params: Params, account: int) -> object:
    return {"status": 0, "msg": "normal"}


async def account_state(api: Api, params: Params, account: int) -> object:
    return {"data": "Normal"}


async def trading_status(api: Api, params: Params, account: int) -> object:
    """`/sapi/v1/account/apiTradingStatus`."""
    conditions = {"GCR": 150, "IFER": 150, "UFR": 300}
    status = {"isLocked": False, "plannedRecoverTime": 0, "triggerCondition": conditions}
    return {"data": status | {"updateTime": Time(api.wall())}}


async def key_restrictions(api: Api, params: Params, account: int) -> object:
    """`/sapi/v1/account/apiRestrictions`: keys here can read and trade spot, never withdraw."""
    off = (
        "ipRestrict", "enableWithdrawals", "enableInternalTransfer", "permitsUniversalTransfer", "enableMargin",
        "enableFutures", "enableVanillaOptions", "enablePortfolioMarginTrading", "enableFixApiTrade",
        "enableFixReadOnly",
    )  # fmt: skip
    body: Json = dict.fromkeys(off, False)
    return body | {"createTime": Time(0), "enableReading": True, "enableSpotAndMarginTrading": True}


async def trade_fees(api: Api, params: Params, account: int) -> object:
    """`/sapi/v1/asset/tradeFee`."""
    names = [api.instrument(params).symbol] if optional(params, "symbol") else sorted(api.books.instruments)
    return [_fee(api, name) for name in names]


def _fee(api: Api, symbol: str) -> Json:
    rules = api.books.rules(symbol)
    maker, taker = render(int(rules["maker_rate"])), render(int(rules["taker_rate"]))
    return {"symbol": symbol, "makerCommission": maker, "takerCommission": taker}

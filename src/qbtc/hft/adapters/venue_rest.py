"""REST of a Binance-shaped spot venue: public data, signed orders, account. Answers become the engine's own types."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from qbtc.contracts.common import MarketMode, Side
from qbtc.core.binance.messages import decode_snapshot, to_snapshot
from qbtc.core.binance.signing import Value
from qbtc.core.market.book import DepthSnapshot
from qbtc.core.market.instrument import Instrument

from ..domain.desk import Balance
from ..domain.orders import Order
from ..domain.positions import Fill
from ..domain.requests import cancel_parameters, order_parameters
from ..domain.units import units
from ..ports import MarketInfo, VenueOrder
from .venue_http import Json, VenueHttp, rows

DEPTH = 1000


class Rest(VenueHttp):
    async def market(self) -> MarketInfo:
        return _market(await self._public("/qbtc/v1/market", {}))

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        wanted = '["' + '","'.join(symbols) + '"]'
        body = await self._public("/api/v3/exchangeInfo", {"symbols": wanted})
        return [instrument_of(row) for row in rows(body["symbols"]) if row["symbol"] in symbols]

    async def snapshot(self, instrument: Instrument) -> DepthSnapshot:
        answer = await self._send("GET", "/api/v3/depth", {"symbol": instrument.symbol, "limit": DEPTH})
        return to_snapshot(instrument, decode_snapshot(answer.content), cut=True)

    async def last_price(self, instrument: Instrument) -> int | None:
        body = await self._public("/api/v3/ticker/price", {"symbol": instrument.symbol})
        return units(str(body["price"])) or None

    async def place(self, order: Order) -> VenueOrder:
        body = await self._signed("POST", "/api/v3/order", order_parameters(order))
        return VenueOrder(order.client_order_id, str(body["orderId"]), order.symbol, str(body.get("status", "NEW")), 0)

    async def cancel(self, symbol: str, client_order_id: str) -> VenueOrder:
        params = cancel_parameters(symbol, client_order_id)
        return order_of(await self._signed("DELETE", "/api/v3/order", params), client_order_id)

    async def cancel_all(self, symbol: str) -> list[VenueOrder]:
        gone = rows(await self._ask("DELETE", "/api/v3/openOrders", {"symbol": symbol}, signed=True))
        return [order_of(row, str(row["origClientOrderId"])) for row in gone if "origClientOrderId" in row]

    async def order(self, symbol: str, client_order_id: str) -> VenueOrder:
        params: dict[str, Value] = {"symbol": symbol, "origClientOrderId": client_order_id}
        return order_of(await self._signed("GET", "/api/v3/order", params), client_order_id)

    async def order_numbered(self, symbol: str, venue_order_id: str) -> VenueOrder:
        body = await self._signed("GET", "/api/v3/order", {"symbol": symbol, "orderId": venue_order_id})
        return order_of(body, str(body["clientOrderId"]))

    async def open_orders(self) -> list[VenueOrder]:
        return [order_of(row, str(row["clientOrderId"])) for row in await self._rows("/api/v3/openOrders", {})]

    async def balances(self) -> dict[str, Balance]:
        body = await self._signed("GET", "/api/v3/account", {})
        found = rows(body["balances"])
        return {str(r["asset"]): Balance(units(str(r["free"])), units(str(r["locked"]))) for r in found}

    async def fills(self, instrument: Instrument, after_trade: int | None) -> list[Fill]:
        return [_fill(row) for row in await self._executions("/api/v3/myTrades", instrument.symbol, after_trade)]

    async def reset_paper(self) -> None:
        await self._signed("POST", "/qbtc/v1/paper/reset", {})


def _market(body: Json) -> MarketInfo:
    ended = bool(body.get("ended"))
    return MarketInfo(
        mode=MarketMode.ENDED if ended else MarketMode(str(body["mode"])),
        state=str(body.get("state", "")),
        session=str(body["session"]),
        speed=float(str(body.get("speed") or 1)),
        symbols=tuple(str(s) for s in body["symbols"]) if isinstance(body["symbols"], list) else (),
        started_ns=int(Decimal(str(body.get("started") or 0))) * 1_000_000,
        market_time_ns=int(Decimal(str(body.get("market_time_ms") or 0))) * 1_000_000,
        ended=ended,
        note=str(body.get("note") or ""),
    )


def instrument_of(row: Json) -> Instrument:
    """A symbol of `exchangeInfo`, spot or futures."""
    filters = {str(f["filterType"]): f for f in rows(row["filters"])}
    return Instrument(
        str(row["symbol"]), str(row["baseAsset"]), str(row["quoteAsset"]),
        Decimal(str(filters["PRICE_FILTER"]["tickSize"])), Decimal(str(filters["LOT_SIZE"]["stepSize"])),
    )  # fmt: skip


def order_of(row: Json, client_order_id: str) -> VenueOrder:
    """An order as REST shows it, spot or futures."""
    filled = units(str(row.get("executedQty", "0")))
    return VenueOrder(client_order_id, str(row["orderId"]), str(row["symbol"]), str(row["status"]), filled)


def _fill(row: Json) -> Fill:
    return Fill(
        symbol=str(row["symbol"]), trade_id=str(row["id"]), client_order_id=str(row.get("clientOrderId", "")),
        side=Side.BUY if row["isBuyer"] else Side.SELL, price=units(str(row["price"])), quantity=units(str(row["qty"])),
        fee=units(str(row["commission"])), fee_asset=str(row["commissionAsset"]), maker=bool(row["isMaker"]),
        at_ns=int(str(row["time"])) * 1_000_000, venue_order_id=str(row["orderId"]),
    )  # fmt: skip

"""REST of a Binance-shaped venue: public data, signed orders, account. Answers become the engine's own types."""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal

import httpx
from pydantic import JsonValue, SecretStr

from qbtc.contracts.common import MarketMode, OrderType, Side
from qbtc.core.binance.messages import decode_snapshot, to_snapshot
from qbtc.core.binance.signing import Value, signed_query
from qbtc.core.market.book import DepthSnapshot
from qbtc.core.market.instrument import Instrument

from ..domain.desk import Balance
from ..domain.orders import Order
from ..domain.positions import Fill
from ..domain.units import text, units
from ..ports import MarketInfo, NoAnswer, VenueError, VenueOrder

DEPTH = 1000
CLOCK_TRIES = 3
CLOCK_NS = 100_000_000
PAGE = 1000
Json = dict[str, JsonValue]


class Rest:
    """`clock_offset_ms` is added to the wall clock for signatures; set by `synchronise`."""

    def __init__(self, base_url: str, key: SecretStr, secret: SecretStr) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url, timeout=httpx.Timeout(5.0, connect=2.0), headers={"X-MBX-APIKEY": key.get_secret_value()}
        )
        self._secret = secret
        self.clock_offset_ms = 0

    def timestamp(self) -> int:
        return time.time_ns() // 1_000_000 + self.clock_offset_ms

    async def synchronise(self) -> None:
        """Keep what the quickest of a few answers says: a slow one may be off by half its time."""
        best = None
        for _ in range(CLOCK_TRIES):
            before = time.time_ns()
            body = await self._public("/api/v3/time", {})
            took = time.time_ns() - before
            offset = int(str(body["serverTime"])) - (before + took // 2) // 1_000_000
            best = (took, offset) if best is None else min(best, (took, offset))
            if took < CLOCK_NS:
                break
        self.clock_offset_ms = best[1] if best else 0

    async def clock_offset_ns(self) -> int:
        await self.synchronise()
        return self.clock_offset_ms * 1_000_000

    async def market(self) -> MarketInfo:
        return _market(await self._public("/qbtc/v1/market", {}))

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        wanted = '["' + '","'.join(symbols) + '"]'
        body = await self._public("/api/v3/exchangeInfo", {"symbols": wanted})
        return [_instrument(row) for row in _rows(body["symbols"]) if row["symbol"] in symbols]

    async def snapshot(self, instrument: Instrument) -> DepthSnapshot:
        answer = await self._send("GET", "/api/v3/depth", {"symbol": instrument.symbol, "limit": DEPTH})
        return to_snapshot(instrument, decode_snapshot(answer.content))

    async def last_price(self, instrument: Instrument) -> int | None:
        body = await self._public("/api/v3/ticker/price", {"symbol": instrument.symbol})
        return units(str(body["price"])) or None

    async def place(self, order: Order) -> VenueOrder:
        params: dict[str, Value] = {
            "symbol": order.symbol, "side": order.side.value, "type": order.type.value, "quantity": text(order.quantity),
            "newClientOrderId": order.client_order_id, "newOrderRespType": "ACK",
        }  # fmt: skip
        if order.type is OrderType.LIMIT and order.price is not None:
            rest = {"type": "LIMIT_MAKER"} if order.post else {"timeInForce": "IOC" if order.ioc else "GTC"}
            params |= {"price": text(order.price), **rest}
        body = await self._signed("POST", "/api/v3/order", params)
        return VenueOrder(order.client_order_id, str(body["orderId"]), order.symbol, str(body.get("status", "NEW")), 0)

    async def cancel(self, symbol: str, client_order_id: str) -> VenueOrder:
        params: dict[str, Value] = {"symbol": symbol, "origClientOrderId": client_order_id}
        return _order(await self._signed("DELETE", "/api/v3/order", params), client_order_id)

    async def order(self, symbol: str, client_order_id: str) -> VenueOrder:
        params: dict[str, Value] = {"symbol": symbol, "origClientOrderId": client_order_id}
        return _order(await self._signed("GET", "/api/v3/order", params), client_order_id)

    async def order_numbered(self, symbol: str, venue_order_id: str) -> VenueOrder:
        body = await self._signed("GET", "/api/v3/order", {"symbol": symbol, "orderId": venue_order_id})
        return _order(body, str(body["clientOrderId"]))

    async def open_orders(self) -> list[VenueOrder]:
        answer = (await self._send("GET", "/api/v3/openOrders", {}, signed=True)).json()
        return [_order(row, str(row["clientOrderId"])) for row in answer]

    async def balances(self) -> dict[str, Balance]:
        body = await self._signed("GET", "/api/v3/account", {})
        rows = _rows(body["balances"])
        return {str(r["asset"]): Balance(units(str(r["free"])), units(str(r["locked"]))) for r in rows}

    async def fills(self, instrument: Instrument, after_trade: int | None) -> list[Fill]:
        """All executions of the account after a trade id, oldest first."""
        found: list[Fill] = []
        while True:
            start = int(found[-1].trade_id) + 1 if found else (after_trade or 0) + 1
            params: dict[str, Value] = {"symbol": instrument.symbol, "fromId": start, "limit": PAGE}
            rows = (await self._send("GET", "/api/v3/myTrades", params, signed=True)).json()
            found += [_fill(row) for row in rows if int(row["id"]) >= start]
            if len(rows) < PAGE:
                return found

    async def reset_paper(self) -> None:
        await self._signed("POST", "/qbtc/v1/paper/reset", {})

    async def close(self) -> None:
        await self._http.aclose()

    async def _public(self, path: str, params: dict[str, Value]) -> Json:
        body: Json = (await self._send("GET", path, params)).json()
        return body

    async def _signed(self, method: str, path: str, params: dict[str, Value]) -> Json:
        body: Json = (await self._send(method, path, params, signed=True)).json()
        return body

    async def _send(self, method: str, path: str, params: dict[str, Value], *, signed: bool = False) -> httpx.Response:
        """Raises VenueError for a refusal; NoAnswer for no answer, a 5xx or something that is not JSON."""
        url = path
        if signed:
            stamped = params | {"recvWindow": 5000, "timestamp": self.timestamp()}
            url = f"{path}?{signed_query(stamped, self._secret.get_secret_value())}"
        try:
            answer = await self._http.request(method, url, params=None if signed else params)
        except httpx.HTTPError as error:
            raise NoAnswer(f"{method} {path}: {type(error).__name__} {error}".strip()) from None
        if answer.status_code >= 500:
            raise NoAnswer(f"{method} {path}: HTTP {answer.status_code}")
        if answer.status_code >= 400:
            raise _refusal(answer)
        return answer


def _refusal(answer: httpx.Response) -> VenueError | NoAnswer:
    try:
        body = answer.json()
        return VenueError(int(body["code"]), str(body["msg"]))
    except (ValueError, KeyError, TypeError):
        return NoAnswer(f"HTTP {answer.status_code} without a code")


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


def _rows(value: JsonValue) -> list[Json]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _instrument(row: Json) -> Instrument:
    filters = {str(f["filterType"]): f for f in _rows(row["filters"])}
    return Instrument(
        str(row["symbol"]), str(row["baseAsset"]), str(row["quoteAsset"]),
        Decimal(str(filters["PRICE_FILTER"]["tickSize"])), Decimal(str(filters["LOT_SIZE"]["stepSize"])),
    )  # fmt: skip


def _order(row: Json, client_order_id: str) -> VenueOrder:
    filled = units(str(row.get("executedQty", "0")))
    return VenueOrder(client_order_id, str(row["orderId"]), str(row["symbol"]), str(row["status"]), filled)


def _fill(row: Json) -> Fill:
    return Fill(
        symbol=str(row["symbol"]), trade_id=str(row["id"]), client_order_id=str(row.get("clientOrderId", "")),
        side=Side.BUY if row["isBuyer"] else Side.SELL, price=units(str(row["price"])), quantity=units(str(row["qty"])),
        fee=units(str(row["commission"])), fee_asset=str(row["commissionAsset"]), maker=bool(row["isMaker"]),
        at_ns=int(str(row["time"])) * 1_000_000, venue_order_id=str(row["orderId"]),
    )  # fmt: skip

"""REST of Binance's USD-M futures: public data, signed orders, account. Answers become the engine's own types.

The account is shown to the desk as if it were spot: every asset with its wallet balance, and every position as a balance
of its contract, negative where it is short. One-way mode and single-asset margin only.
Source: developers.binance.com, USDS-margined futures; the official SDK's models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pydantic import JsonValue, SecretStr

from qbtc.contracts.common import OrderType, Side
from qbtc.core.binance.messages import decode_snapshot, to_snapshot
from qbtc.core.binance.signing import Value
from qbtc.core.market.book import DepthSnapshot
from qbtc.core.market.instrument import Instrument

from ..domain.desk import Balance
from ..domain.orders import Order
from ..domain.pairs import contract
from ..domain.positions import Fill
from ..domain.requests import force
from ..domain.units import text, units
from ..ports import Margin, NoAnswer, VenueError, VenueOrder
from .venue_http import Json, VenueHttp, rows
from .venue_rest import DEPTH, instrument_of, order_of

ASSET = "USDT"
HEDGED = -4061
ORDER, LISTEN_KEY = "/fapi/v1/order", "/fapi/v1/listenKey"


class UsdmRest(VenueHttp):
    """`known` are the contracts asked for so far, `locked` the margin bound when the account was last asked (1e-8)."""

    time_path = "/fapi/v1/time"

    def __init__(self, base_url: str, key: SecretStr, secret: SecretStr) -> None:
        super().__init__(base_url, key, secret)
        self.known: dict[str, Instrument] = {}
        self.locked = 0

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        """Perpetual contracts with USDT as margin; others are left out."""
        found = rows((await self._public("/fapi/v1/exchangeInfo", {}))["symbols"])
        chosen = [instrument_of(row) for row in found if row["symbol"] in symbols and _perpetual(row)]
        self.known |= {i.symbol: i for i in chosen}
        return chosen

    async def snapshot(self, instrument: Instrument) -> DepthSnapshot:
        answer = await self._send("GET", "/fapi/v1/depth", {"symbol": instrument.symbol, "limit": DEPTH})
        return to_snapshot(instrument, decode_snapshot(answer.content), cut=True)

    async def last_price(self, instrument: Instrument) -> int | None:
        body = await self._public("/fapi/v2/ticker/price", {"symbol": instrument.symbol})
        return units(str(body["price"])) or None

    async def place(self, order: Order) -> VenueOrder:
        """What a kill sends to close a position, and what the gate took for reducing, can only reduce it, whatever
        happens meanwhile."""
        params: dict[str, Value] = {
            "symbol": order.symbol, "side": order.side.value, "type": order.type.value, "quantity": text(order.quantity),
            "newClientOrderId": order.client_order_id, "newOrderRespType": "ACK",
        }  # fmt: skip
        if order.type is OrderType.LIMIT and order.price is not None:
            params |= {"price": text(order.price), "timeInForce": "GTX" if order.post else force(order)}
        if order.closing or order.reduces:
            params["reduceOnly"] = "true"
        body = await self._signed("POST", ORDER, params)
        return VenueOrder(order.client_order_id, str(body["orderId"]), order.symbol, str(body.get("status", "NEW")), 0)

    async def cancel(self, symbol: str, client_order_id: str) -> VenueOrder:
        params: dict[str, Value] = {"symbol": symbol, "origClientOrderId": client_order_id}
        return order_of(await self._signed("DELETE", ORDER, params), client_order_id)

    async def cancel_all(self, symbol: str) -> list[VenueOrder]:
        """The answer names no order; the user stream does."""
        await self._ask("DELETE", "/fapi/v1/allOpenOrders", {"symbol": symbol}, signed=True)
        return []

    async def order(self, symbol: str, client_order_id: str) -> VenueOrder:
        params: dict[str, Value] = {"symbol": symbol, "origClientOrderId": client_order_id}
        return order_of(await self._signed("GET", ORDER, params), client_order_id)

    async def order_numbered(self, symbol: str, venue_order_id: str) -> VenueOrder:
        body = await self._signed("GET", ORDER, {"symbol": symbol, "orderId": venue_order_id})
        return order_of(body, str(body["clientOrderId"]))

    async def open_orders(self) -> list[VenueOrder]:
        return [order_of(row, str(row["clientOrderId"])) for row in await self._rows("/fapi/v1/openOrders", {})]

    async def balances(self) -> dict[str, Balance]:
        """Wallet and positions of one instant. Raises VenueError in hedge mode."""
        body = await self._signed("GET", "/fapi/v3/account", {})
        wallets = {str(row["asset"]): row for row in rows(body["assets"])}
        mine = wallets.pop(ASSET, None)
        wallet = _amount(mine, "walletBalance")
        free = max(0, min(wallet, _amount(mine, "availableBalance")))
        self.locked = wallet - free
        rest = {asset: Balance(_amount(row, "walletBalance")) for asset, row in wallets.items()}
        return rest | {ASSET: Balance(free, self.locked)} | self._held(rows(body["positions"]))

    def _held(self, positions: Sequence[Json]) -> dict[str, Balance]:
        held = {contract(symbol): Balance() for symbol in self.known}
        for row in positions:
            if row["positionSide"] != "BOTH":
                raise VenueError(HEDGED, "the account is in hedge mode, and only one-way mode is supported")
            if str(row["symbol"]) in self.known:
                held[contract(str(row["symbol"]))] = Balance(units(str(row["positionAmt"])))
        return held

    async def margin(self) -> Margin | None:
        body = await self._signed("GET", "/fapi/v3/account", {})
        balance, maintenance = _amount(body, "totalMarginBalance"), _amount(body, "totalMaintMargin")
        ratio = -(-maintenance * 10_000 // balance) if balance > 0 else None
        config = await self._rows("/fapi/v1/symbolConfig", {})
        rates = {str(row["symbol"]): -(-10_000 // int(str(row["leverage"]))) for row in config}
        held = await self._rows("/fapi/v3/positionRisk", {})
        return Margin(ratio, rates, {str(row["symbol"]): _amount(row, "entryPrice") for row in held})

    async def fills(self, instrument: Instrument, after_trade: int | None) -> list[Fill]:
        return [_fill(row) for row in await self._executions("/fapi/v1/userTrades", instrument.symbol, after_trade)]

    async def listen_key(self) -> str:
        """A new key of the user stream, or the one there is, valid for another hour."""
        body = await self._ask("POST", LISTEN_KEY, {})
        if not isinstance(body, dict) or "listenKey" not in body:
            raise NoAnswer(f"{LISTEN_KEY}: no listen key in the answer")
        return str(body["listenKey"])

    async def keep_listen_key(self) -> None:
        await self._ask("PUT", LISTEN_KEY, {})


def _perpetual(row: Json) -> bool:
    return row.get("contractType") == "PERPETUAL" and row.get("marginAsset") == ASSET and row.get("status") == "TRADING"


def _amount(row: Mapping[str, JsonValue] | None, name: str) -> int:
    """1e-8, cut: sums over marks may have more digits."""
    return int(Decimal(str(row[name])) * 10**8) if row is not None else 0


def _fill(row: Json) -> Fill:
    return Fill(
        symbol=str(row["symbol"]), trade_id=str(row["id"]), client_order_id="",
        side=Side.BUY if row["side"] == "BUY" else Side.SELL, price=units(str(row["price"])), quantity=units(str(row["qty"])),
        fee=units(str(row["commission"])), fee_asset=str(row["commissionAsset"]), maker=bool(row["maker"]),
        at_ns=int(str(row["time"])) * 1_000_000, venue_order_id=str(row["orderId"]),
    )  # fmt: skip

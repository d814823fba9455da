"""An order as somebody worded it, made complete or refused in words that say what is missing or what is allowed."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field, JsonValue

from qbtc.ce3.domain.chat import Language
from qbtc.ce3.domain.refusals import refusal
from qbtc.ce3.errors import BadArguments
from qbtc.contracts.common import OrderType, Side
from qbtc.contracts.trading import PlaceOrder, TradingAnswer, TradingQuery
from qbtc.kit.errors import QbtcError

from .base import Context, Parameters, rows
from .market import ask_hft, first


class OrderDraft(Parameters):
    symbol: str | None = Field(default=None, description="for example BTCUSDT")
    side: Side | None = Field(default=None, description="required")
    quantity: str | None = Field(
        default=None, pattern=r"^(all|\d{1,20}(\.\d{1,18})?)$",
        description="required: in base currency, decimal string; `all`: the whole position, to sell it",
    )
    type: OrderType = OrderType.MARKET
    price: str | None = Field(default=None, pattern=r"^\d{1,20}(\.\d{1,18})?$", description="for LIMIT only")


MISSING: dict[str, dict[Language, str]] = {
    "symbol": {"en": "say for which symbol; none is watched yet", "es": "di para qué símbolo; todavía no se vigila ninguno"},
    "side": {"en": "say whether to buy or to sell: `buy 0.01 btc`", "es": "di si se compra o se vende: `compra 0.01 btc`"},
    "quantity": {
        "en": "say how much, as a number: `{side} 0.5 {base}`, or `sell all my {base}`",
        "es": "di cuánto, con un número: `{side} 0.5 {base}`, o `vende todo mi {base}`",
    },
    "all": {"en": "`all` is for selling a position; to buy, say how much", "es": "`todo` sirve para vender una posición; para comprar, di cuánto"},
    "position": {"en": "there is no position in {symbol} to sell", "es": "no hay posición en {symbol} que vender"},
}
WORDS: dict[Language, dict[Side, str]] = {"en": {Side.BUY: "buy", Side.SELL: "sell"}, "es": {Side.BUY: "compra", Side.SELL: "vende"}}
NOT_WATCHED: dict[Language, str] = {
    "en": "{symbol} is not traded here. Watched: {watched}", "es": "{symbol} no se opera aquí. Se vigilan: {watched}",
}  # fmt: skip


async def drafted(asked: OrderDraft, context: Context) -> PlaceOrder:
    """Raises BadArguments that says what is missing."""
    symbol = first(asked.symbol, context)
    if symbol is None:
        raise _missing("symbol", "symbol", context)
    if context.symbols and symbol not in context.symbols:
        text = NOT_WATCHED[context.language].format(symbol=symbol, watched=", ".join(context.symbols))
        raise BadArguments(text, field="symbol", allowed=[*context.symbols])
    if asked.side is None:
        raise _missing("side", "side", context)
    if asked.quantity is None:
        base = next((symbol.removesuffix(q) for q in ("USDT", "USDC", "FDUSD") if symbol.endswith(q)), symbol).lower()
        raise _missing("quantity", "quantity", context, side=WORDS[context.language][asked.side], base=base)
    quantity = asked.quantity if asked.quantity != "all" else await _whole(symbol, asked.side, context)
    return PlaceOrder(symbol=symbol, side=asked.side, type=asked.type, quantity=quantity, price=asked.price)


async def possible(draft: PlaceOrder, context: Context) -> None:
    """Raises BadArguments when HFT would refuse it now."""
    try:
        found = await context.peers.ask("hft.trading.query", TradingQuery(what="check", order=draft), TradingAnswer)
    except QbtcError as error:
        if error.status >= 500:
            raise
        raise BadArguments(error.detail, field=error.field, allowed=error.allowed) from None
    said = found.data if isinstance(found.data, dict) else {}
    if said.get("ok") is False:
        raise BadArguments(refusal(said, context.language), field=str(said.get("rule")))


async def _whole(symbol: str, side: Side, context: Context) -> str:
    """The position, cut to the symbol's step."""
    if side is Side.BUY:
        raise _missing("all", "quantity", context)
    held = _found(await ask_hft(context, "positions"), symbol, "quantity")
    step = _found(await ask_hft(context, "symbols"), symbol, "lot_size")
    lots = held // step if step > 0 else Decimal(0)
    if lots <= 0:
        raise _missing("position", "quantity", context, symbol=symbol)
    return f"{(lots * step).normalize():f}"


def _found(data: JsonValue, symbol: str, field: str) -> Decimal:
    return next((Decimal(str(row.get(field))) for row in rows(data) if row.get("symbol") == symbol), Decimal(0))


def _missing(what: str, field: str, context: Context, **words: str) -> BadArguments:
    return BadArguments(MISSING[what][context.language].format(**words), field=field)

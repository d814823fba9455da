"""Tools that look at the market: state, price, book, candles and the 26 features. All by asking HFT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field, JsonValue

from qbtc.ce3.domain import slots
from qbtc.ce3.domain.chat import Language
from qbtc.ce3.domain.language import word
from qbtc.contracts import DIMENSIONS
from qbtc.contracts.tools import Source
from qbtc.contracts.trading import TradingAnswer, TradingQuery

from .base import Context, NoParameters, Outcome, Parameters, Tool, number, rows, table


class OneSymbol(Parameters):
    symbol: str | None = Field(default=None, description="for example BTCUSDT; the first watched symbol if absent")


class Candles(OneSymbol):
    limit: int = Field(default=60, ge=2, le=1000, description="number of one-second bars")


async def ask_hft(context: Context, what: str, symbol: str | None = None, limit: int = 50) -> JsonValue:
    query = TradingQuery.model_validate({"what": what, "symbol": symbol, "limit": limit})
    return (await context.peers.ask("hft.trading.query", query, TradingAnswer)).data


def source(what: str, symbol: str | None = None) -> tuple[Source, ...]:
    return (Source(title=f"HFT {what}" + (f" {symbol}" if symbol else ""), reference=f"hft:{what}:{symbol or '*'}"),)


def first(symbol: str | None, context: Context) -> str | None:
    return symbol or (context.symbols[0] if context.symbols else None)


def account(row: Mapping[str, JsonValue], language: Language) -> str:
    """On paper, at a test network, or with real money, as HFT says it."""
    venue, mode, spanish = row.get("venue"), row.get("trading"), language == "es"
    if mode == "PAPER":
        return "en papel" if spanish else "on paper"
    if not venue:
        return "en una bolsa que no se conoce" if spanish else "at a venue that is not known"
    kind = "red de pruebas" if spanish else "test network"
    if not row.get("test"):
        kind = "dinero real" if spanish else "real money"
    if mode == "READ_ONLY":
        kind += ", solo lectura" if spanish else ", read-only"
    return f"{'en' if spanish else 'at'} {venue} ({kind})"


class _SymbolTool(Tool[OneSymbol]):
    parameters = OneSymbol

    def read(self, text: str, symbols: Sequence[str]) -> dict[str, JsonValue]:
        found = slots.symbol(text, symbols)
        return {"symbol": found} if found else {}


class MarketStatus(Tool[NoParameters]):
    name = "market_status"
    parameters = NoParameters
    description = {
        "en": "Whether the market is live, replayed or simulated, its state, session and watched symbols",
        "es": "Si el mercado es en vivo, repetido o simulado, su estado, sesión y símbolos vigilados",
    }
    examples = (
        "is the market live or simulated", "what market is this", "market status", "which symbols are watched",
        "is the market open", "what is the system doing now", "is this real money or paper",
        "el mercado es en vivo o simulado", "estado del mercado", "qué símbolos se vigilan", "está abierto el mercado",
        "qué está haciendo el sistema", "qué mercado es este", "qué símbolos hay", "qué pasa en el mercado",
        "how is the market", "cómo está el mercado", "what is happening in the market",
    )

    async def run(self, arguments: NoParameters, context: Context) -> Outcome:
        return Outcome(await ask_hft(context, "market"), source("market"))

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        symbols = ", ".join(str(s) for s in row.get("symbols") or []) or "—"  # type: ignore[union-attr]
        where = account(row, language)
        if language == "es":
            return f"El mercado está en modo **{word(row.get('mode'), language)}**, estado {word(row.get('state'), language)}. Símbolos: {symbols}. Se opera {where}."
        return f"The market is in mode **{row.get('mode')}**, state {row.get('state')}. Symbols: {symbols}. Trading is {where}."


class Price(_SymbolTool):
    name = "price"
    description = {
        "en": "Best bid, best ask, spread and mid price of a symbol from the order book",
        "es": "Mejor compra, mejor venta, diferencial y precio medio de un símbolo",
    }
    examples = (
        "what is the price of bitcoin", "btc price", "price of ETHUSDT now", "how much is ether", "bid and ask of btc",
        "what is the spread", "cuál es el precio de bitcoin", "precio de btc", "cuánto vale ether",
        "a cuánto está bitcoin", "cuánto cuesta btc", "qué diferencial hay", "cotización de btc", "where is btc trading",
    )

    async def run(self, arguments: OneSymbol, context: Context) -> Outcome:
        symbol = first(arguments.symbol, context)
        return Outcome(await ask_hft(context, "book", symbol, 1), source("book", symbol))

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        bids, asks = row.get("bids") or [], row.get("asks") or []
        if not (isinstance(bids, list) and isinstance(asks, list) and bids and asks):
            return "Todavía no hay libro de órdenes." if language == "es" else "There is no order book yet."
        bid, ask = float(str(bids[0][0])), float(str(asks[0][0]))  # type: ignore[index]
        mid, spread = (bid + ask) / 2, ask - bid
        if language == "es":
            return (
                f"**{row.get('symbol')}**: precio medio {number(mid, language)}; compra {number(bid, language)}, venta {number(ask, language)},"
                f" diferencial {number(spread, language)} ({number(1e4 * spread / mid, language, 3)} pb)."
            )
        return (
            f"**{row.get('symbol')}**: mid {number(mid, language)}; bid {number(bid, language)}, ask {number(ask, language)},"
            f" spread {number(spread, language)} ({number(1e4 * spread / mid, language, 3)} bp)."
        )


class OrderBook(_SymbolTool):
    name = "order_book"
    description = {"en": "The best ten levels of the order book", "es": "Los diez mejores niveles del libro de órdenes"}
    examples = (
        "show the order book", "order book of btc", "depth of the book", "book levels", "muestra el libro de órdenes",
        "libro de órdenes de btc", "profundidad del libro", "niveles del libro",
    )

    async def run(self, arguments: OneSymbol, context: Context) -> Outcome:
        symbol = first(arguments.symbol, context)
        return Outcome(await ask_hft(context, "book", symbol, 10), source("book", symbol))

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        bids, asks = (row.get(side) for side in ("bids", "asks"))
        if not (isinstance(bids, list) and isinstance(asks, list)):
            return "Todavía no hay libro de órdenes." if language == "es" else "There is no order book yet."
        head = ("Cantidad", "Compra", "Venta", "Cantidad") if language == "es" else ("Size", "Bid", "Ask", "Size")
        lines = [
            (number(b[1], language, 5), number(b[0], language), number(a[0], language), number(a[1], language, 5))  # type: ignore[index]
            for b, a in zip(bids[:10], asks[:10], strict=False)
        ]
        return f"**{row.get('symbol')}**\n\n" + table(head, lines)


class RecentBars(Tool[Candles]):
    name = "recent_bars"
    parameters = Candles
    description = {
        "en": "How a symbol moved over the last one-second bars: first, last, high, low, change",
        "es": "Cómo se movió un símbolo en las últimas barras de un segundo: primero, último, máximo, mínimo, cambio",
    }
    examples = (
        "how did btc move in the last minute", "change of bitcoin over the last 5 minutes", "high and low of btc",
        "recent candles", "last bars of eth", "is bitcoin going up or down", "cómo se movió btc en el último minuto",
        "cambio de bitcoin en los últimos minutos", "máximo y mínimo de btc", "velas recientes", "últimas barras",
        "sube o baja bitcoin", "ha subido btc",
    )

    def read(self, text: str, symbols: Sequence[str]) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {"symbol": slots.symbol(text, symbols)}
        minutes = slots.count(text, default=1, most=16)
        return {k: v for k, v in (found | {"limit": 60 * minutes}).items() if v is not None}

    async def run(self, arguments: Candles, context: Context) -> Outcome:
        symbol = first(arguments.symbol, context)
        bars = rows(await ask_hft(context, "candles", symbol, arguments.limit))
        if not bars:
            return Outcome({"symbol": symbol, "bars": 0}, source("candles", symbol))
        high, low = (pick(float(str(b[k])) for b in bars) for pick, k in ((max, "h"), (min, "l")))
        start, end = float(str(bars[0]["o"])), float(str(bars[-1]["c"]))
        summary: dict[str, JsonValue] = {
            "symbol": symbol, "bars": len(bars), "first": start, "last": end, "high": high, "low": low,
            "change_percent": 100 * (end / start - 1),
        }
        return Outcome(summary, source("candles", symbol))

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        if not row.get("bars"):
            return "Todavía no hay barras." if language == "es" else "There are no bars yet."
        change = float(str(row["change_percent"]))
        low, high, last = (number(row[k], language) for k in ("low", "high", "last"))
        if language == "es":
            return (
                f"**{row['symbol']}** en las últimas {row['bars']} barras de 1 s: {number(change, language, 4)} %, ahora {last}"
                f" (mínimo {low}, máximo {high})."
            )
        return (
            f"**{row['symbol']}** over the last {row['bars']} one-second bars: {change:+.4f} %, now {last}"
            f" (low {low}, high {high})."
        )


class Features(_SymbolTool):
    name = "features"
    description = {
        "en": "The 26 named market features A to Z of the last bar and which of them stand out",
        "es": "Las 26 características A a Z de la última barra y cuáles destacan",
    }
    examples = (
        "what are the 26 features", "market features of btc", "which dimensions stand out", "volatility and momentum of btc", "how volatile is btc",
        "cuáles son las 26 características", "características del mercado", "qué dimensiones destacan",
        "volatilidad y momento de btc", "las 26 dimensiones", "qué volatilidad tiene btc",
    )

    async def run(self, arguments: OneSymbol, context: Context) -> Outcome:
        symbol = first(arguments.symbol, context)
        return Outcome(await ask_hft(context, "features", symbol), source("features", symbol))

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        scores, present, values = (row.get(k) or [] for k in ("scores", "present", "values"))
        known = [
            (abs(float(str(s))), i) for i, s in enumerate(scores) if isinstance(present, list) and i < len(present) and present[i]  # type: ignore[arg-type]
        ]
        if not known:
            return (
                "Todavía no hay características: hacen falta 30 barras." if language == "es"
                else "There are no features yet: they need 30 bars."
            )
        top = [i for _, i in sorted(known, reverse=True)[:6]]
        head = ("Dimensión", "Valor", "z") if language == "es" else ("Dimension", "Value", "z")
        lines = [
            (f"{DIMENSIONS[i].letter} {DIMENSIONS[i].name}", number(values[i], language, 4), number(scores[i], language, 2))  # type: ignore[index]
            for i in top
        ]
        intro = (
            f"{len(known)} de 26 dimensiones tienen datos; las que más se apartan de lo normal:" if language == "es"
            else f"{len(known)} of 26 dimensions have data; those furthest from normal:"
        )
        return f"{intro}\n\n{table(head, lines)}"

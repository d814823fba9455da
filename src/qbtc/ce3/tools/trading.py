"""Tools about our own trading: positions, P&L, orders, fills, risk, strategies; and one that proposes an order."""

from __future__ import annotations

import time
from collections.abc import Sequence

from pydantic import JsonValue

from qbtc.ce3.domain import slots
from qbtc.ce3.domain.chat import Language
from qbtc.ce3.domain.language import word
from qbtc.ce3.domain.wording import STOPPING
from qbtc.contracts.tools import Source
from qbtc.contracts.trading import OrderEvent, OrderStatus

from .base import Context, NoParameters, Outcome, Tool, number, rows, shown, table
from .drafts import OrderDraft, drafted, possible
from .market import account, ask_hft, source

HOW_TO_STOP = {
    "en": "I cannot stop anything myself; trading is **{state}** now. The **Stop** button at the top of every page pauses"
    " trading, cancels orders or closes positions, and also resumes. On the command line: `qbtc kill` (`--scope pause`,"
    " `cancel` or `flatten`) and `qbtc resume`.",
    "es": "Yo no puedo parar nada; la operativa está **{state}**. El botón **Detener** de arriba, en todas las páginas, pausa la"
    " operativa, cancela órdenes o cierra posiciones, y también la reanuda. En la línea de órdenes: `qbtc kill`"
    " (`--scope pause`, `cancel` o `flatten`) y `qbtc resume`.",
}
STATES: dict[Language, dict[str, str]] = {
    "en": {"ACTIVE": "active", "REDUCING": "reducing only", "HALTED": "halted"},
    "es": {"ACTIVE": "activa", "REDUCING": "solo para reducir", "HALTED": "parada"},
}


class _Listing(Tool[NoParameters]):
    """A tool that shows one of HFT's lists as a table."""

    parameters = NoParameters
    what: str
    columns: tuple[tuple[str, str, str], ...]
    nothing: dict[Language, str]
    limit = 50

    def counts(self, row: dict[str, JsonValue]) -> bool:
        """Whether a row belongs in the table."""
        return True

    async def run(self, arguments: NoParameters, context: Context) -> Outcome:
        return Outcome(await ask_hft(context, self.what, None, self.limit), source(self.what))

    def say(self, data: JsonValue, language: Language) -> str:
        found = [row for row in rows(data, self.what) if self.counts(row)]
        if not found:
            return self.nothing[language]
        head = [es if language == "es" else en for _, en, es in self.columns]
        return table(head, [[shown(row.get(key), key, language) for key, _, _ in self.columns] for row in found[:20]])


class Positions(_Listing):
    name = "positions"
    what = "positions"
    description = {"en": "Open positions with average price and P&L", "es": "Posiciones abiertas con precio medio y resultado"}
    examples = (
        "what are my positions", "show my positions", "do I have a position in btc", "what do I hold", "am I long or short",
        "cuáles son mis posiciones", "muestra mis posiciones", "tengo posición en btc", "qué tengo", "estoy largo o corto",
        "posiciones abiertas", "open positions",
    )
    columns = (
        ("symbol", "Symbol", "Símbolo"), ("quantity", "Quantity", "Cantidad"), ("average_price", "Average price", "Precio medio"),
        ("unrealised", "Unrealised", "No realizado"), ("realised", "Realised", "Realizado"),
    )
    nothing = {"en": "There are no open positions.", "es": "No hay posiciones abiertas."}

    def counts(self, row: dict[str, JsonValue]) -> bool:
        return row.get("quantity") not in (None, "0")


class Orders(_Listing):
    name = "open_orders"
    what = "open_orders"
    description = {"en": "Open orders", "es": "Órdenes abiertas"}
    examples = (
        "what orders are open", "show my open orders", "pending orders", "list orders", "qué órdenes hay abiertas",
        "muestra mis órdenes", "órdenes pendientes", "lista de órdenes",
    )
    columns = (
        ("symbol", "Symbol", "Símbolo"), ("side", "Side", "Lado"), ("type", "Type", "Tipo"), ("quantity", "Quantity", "Cantidad"),
        ("price", "Price", "Precio"), ("remaining", "Left", "Queda"), ("state", "State", "Estado"),
    )
    nothing = {"en": "There are no open orders.", "es": "No hay órdenes abiertas."}


class Fills(_Listing):
    name = "fills"
    what = "fills"
    limit = 10
    description = {"en": "The most recent fills (executed trades) of our orders", "es": "Las últimas ejecuciones de nuestras órdenes"}
    examples = (
        "show the last fills", "what did we trade", "recent trades of mine", "executions", "last executed orders",
        "muestra las últimas ejecuciones", "qué se ha operado", "mis últimas operaciones", "órdenes ejecutadas",
        "qué hemos comprado o vendido",
    )
    columns = (
        ("symbol", "Symbol", "Símbolo"), ("side", "Side", "Lado"), ("quantity", "Quantity", "Cantidad"),
        ("price", "Price", "Precio"), ("fee", "Fee", "Comisión"),
    )
    nothing = {"en": "There are no fills yet.", "es": "Todavía no hay ejecuciones."}


class Strategies(_Listing):
    name = "strategies"
    what = "strategies"
    description = {"en": "Strategies and whether they run", "es": "Estrategias y si están en marcha"}
    examples = (
        "which strategies are running", "list strategies", "what strategy trades", "strategy parameters",
        "qué estrategias están en marcha", "lista de estrategias", "qué estrategia opera",
    )
    columns = (("name", "Name", "Nombre"), ("state", "State", "Estado"), ("description", "Description", "Descripción"))
    nothing = {"en": "There are no strategies.", "es": "No hay estrategias."}


class ProfitAndLoss(Tool[NoParameters]):
    name = "pnl"
    parameters = NoParameters
    description = {"en": "Profit and loss: realised, unrealised, fees, total, equity", "es": "Resultado: realizado, no realizado, comisiones, total, patrimonio"}
    examples = (
        "what is my profit", "how much did I win or lose", "pnl", "profit and loss", "what is the equity", "am I making money",
        "cuánto he ganado", "cuánto gano o pierdo", "pérdidas y ganancias", "resultado de hoy", "cuánto patrimonio tengo",
    )

    async def run(self, arguments: NoParameters, context: Context) -> Outcome:
        return Outcome(await ask_hft(context, "pnl"), source("pnl"))

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        names = {
            "en": (("realised", "realised"), ("unrealised", "unrealised"), ("fees", "fees"), ("total", "total"), ("equity", "equity")),
            "es": (("realised", "realizado"), ("unrealised", "no realizado"), ("fees", "comisiones"), ("total", "total"), ("equity", "capital")),
        }[language]
        parts = ", ".join(f"{label} {number(row.get(key), language)}" for key, label in names)
        name = "Resultado" if language == "es" else "P&L"
        return f"{name} {account(row, language)} (USDT): {parts}."


class Risk(Tool[NoParameters]):
    name = "risk"
    parameters = NoParameters
    description = {"en": "State of the risk gate and headroom of every rule", "es": "Estado del control de riesgo y margen de cada regla"}
    examples = (
        "what are the risk limits", "risk rules", "how much headroom is there", "is trading halted", "risk state",
        "cuáles son los límites de riesgo", "reglas de riesgo", "cuánto margen queda", "está parado el trading", "estado del riesgo",
    )

    async def run(self, arguments: NoParameters, context: Context) -> Outcome:
        return Outcome(await ask_hft(context, "risk"), source("risk"))

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        head = ("Regla", "Límite", "Ahora", "Margen", "Cumple") if language == "es" else ("Rule", "Limit", "Now", "Headroom", "Holds")
        lines = [[r.get("name"), *_measured(r), _yes(r.get("ok"), language)] for r in rows(row, "rules")]
        label = "Estado" if language == "es" else "State"
        return f"{label}: **{word(row.get('state'), language)}**\n\n{table(head, lines)}"


def _measured(rule: dict[str, JsonValue]) -> list[JsonValue]:
    """Limit, value and headroom; nothing for a rule that only holds or does not."""
    cells = [rule.get(key) for key in ("limit", "value", "headroom")]
    return [None, None, None] if all(str(cell) in ("0", "None") for cell in cells) else cells


def _yes(ok: JsonValue, language: Language) -> str:
    return {"en": ("no", "yes"), "es": ("no", "sí")}[language][ok is True]


class StopTrading(Tool[NoParameters]):
    """Stopping is for people: it says how, and what the state is."""

    name = "stop_trading"
    parameters = NoParameters
    description = {"en": "How to stop trading, cancel orders or close positions", "es": "Cómo parar la operativa, cancelar órdenes o cerrar posiciones"}
    examples = (
        "stop trading", "cancel all my orders", "close all positions", "kill switch", "resume trading",
        "para todo", "cancela todas mis órdenes", "cierra todas las posiciones", "botón de parada", "reanuda la operativa",
    )
    cue = STOPPING

    async def run(self, arguments: NoParameters, context: Context) -> Outcome:
        return Outcome(await ask_hft(context, "risk"), source("risk"))

    def say(self, data: JsonValue, language: Language) -> str:
        state = data.get("state") if isinstance(data, dict) else None
        return HOW_TO_STOP[language].format(state=STATES[language].get(str(state), state))


class ProposeOrder(Tool[OrderDraft]):
    name = "propose_order"
    parameters = OrderDraft
    side_effects = "proposes"
    description = {
        "en": "Propose an order. Nothing is sent: a person must approve it on the Trade page, then it passes the risk gate",
        "es": "Propone una orden. No se envía nada: una persona la aprueba en la página Operar y después pasa el control de riesgo",
    }
    examples = (
        "buy 0.01 btc", "sell 0.5 eth at 3000", "propose an order to buy bitcoin", "place an order", "buy bitcoin",
        "compra 0.01 btc", "vende 0.5 eth a 3000", "propón una orden de compra de bitcoin", "pon una orden", "compra bitcoin",
    )

    def read(self, text: str, symbols: Sequence[str]) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = dict(slots.order(text))
        named = slots.symbol(text, symbols)
        return found | ({"symbol": named} if named else {})

    async def run(self, arguments: OrderDraft, context: Context) -> Outcome:
        """What HFT would refuse now is not proposed."""
        draft = await drafted(arguments, context)
        await possible(draft, context)
        proposal = OrderEvent(
            client_order_id=f"ce3-{context.intent()}", status=OrderStatus.PROPOSED,
            strategy="assistant", at=time.time_ns(), **draft.model_dump(),
        )
        await context.peers.tell("hft.order.proposed", proposal)
        reference = (Source(title="Proposal", reference=f"order:{proposal.client_order_id}"),)
        return Outcome(proposal.model_dump(mode="json", exclude_none=True), reference)

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        price = f" @ {row['price']}" if row.get("price") else ""
        side, kind = (word(row.get(key), language).upper() for key in ("side", "type"))
        order = f"{side} {row.get('quantity')} {row.get('symbol')} {kind}{price}"
        if language == "es":
            return f"He propuesto **{order}**. No se ha enviado nada: apruébala en la página Operar (id {row.get('client_order_id')})."
        return f"I have proposed **{order}**. Nothing was sent: approve it on the Trade page (id {row.get('client_order_id')})."

"""The decision loop in words: what each bus event says to a person, in English and Spanish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypedDict

from qbtc.contracts import Message
from qbtc.contracts.memory import Reflection
from qbtc.contracts.quantum import QuantumState, SymbolState
from qbtc.contracts.tools import ToolFinished
from qbtc.contracts.trading import MarketState, OrderEvent, OrderStatus, Signal


class LoopEntry(TypedDict):
    """One line of the decision loop on the screen."""

    at: str
    service: str
    key: str
    summary_en: str
    summary_es: str
    trace_id: str | None
    symbol: str | None


_REGIMES_ES = {
    "calm": "calma",
    "trend_up": "tendencia alcista",
    "trend_down": "tendencia bajista",
    "turbulent": "turbulento",
    "stress": "estrés",
    "unknown": "desconocido",
}
_REGIMES_EN = {"trend_up": "rising trend", "trend_down": "falling trend"}
_REASONS_ES = {
    "expired": "caducada", "cancelled on request": "a petición", "the venue never received it": "la bolsa no la recibió",
    "found at the venue": "hallada en la bolsa",
}
_SIDES_ES = {"BUY": "compra", "SELL": "venta"}
_STEPS: Mapping[OrderStatus, tuple[str, str]] = {
    OrderStatus.PROPOSED: ("proposed", "propuesta"),
    OrderStatus.APPROVED: ("approved", "aprobada"),
    OrderStatus.SENT: ("sent", "enviada"),
    OrderStatus.FILLED: ("filled", "ejecutada"),
    OrderStatus.CANCELLED: ("cancelled", "cancelada"),
    OrderStatus.REJECTED: ("rejected", "rechazada"),
}
Words = tuple[str, str, str | None]


def loop_entry(key: str, body: Message, *, source: str, at: datetime, traceparent: str | None) -> LoopEntry:
    english, spanish, symbol = _words(_by_key(key, body))
    return {
        "at": at.isoformat().replace("+00:00", "Z"),
        "service": source,
        "key": key,
        "summary_en": english,
        "summary_es": spanish,
        "trace_id": trace_of(traceparent),
        "symbol": symbol,
    }


def trace_of(traceparent: str | None) -> str | None:
    """The trace id inside a W3C traceparent."""
    parts = (traceparent or "").split("-")
    return parts[1] if len(parts) == 4 and len(parts[1]) == 32 else None


def _by_key(key: str, body: Message) -> Message:
    """An order step is what its routing key says, which was checked against its sender; the body may claim anything."""
    family, _, step = key.rpartition(".")
    if family != "hft.order" or not isinstance(body, OrderEvent) or step not in set(OrderStatus):
        return body
    return body.model_copy(update={"status": OrderStatus(step)})


def _words(body: Message) -> Words:
    for kind, say in _SAY:
        if isinstance(body, kind):
            return say(body)
    name = type(body).__name__
    return name, name, None


def _comma(value: float, how: str) -> str:
    """As Spanish writes numbers."""
    return format(value, how).replace(".", ",")


def _say_market(body: Message) -> Words:
    assert isinstance(body, MarketState)
    known = sum(sum(row) for row in body.present)
    total = 26 * len(body.symbols)
    only = body.symbols[0] if len(body.symbols) == 1 else None
    names = ", ".join(body.symbols[:3])
    return (
        f"bar {body.bar} of {names}: {known} of {total} features",
        f"barra {body.bar} de {names}: {known} de {total} características",
        only,
    )


def _say_signal(body: Message) -> Words:
    assert isinstance(body, Signal)
    regime_es = _REGIMES_ES.get(body.regime, body.regime)
    p = body.change_p
    moved = ("", "") if p is None else (f", change of state p {p:.3f}", f", cambio de estado p {_comma(p, '.3f')}")
    return (
        f"{body.symbol} signal: {_REGIMES_EN.get(body.regime, body.regime)}, bias {body.bias:+.2f}, confidence {body.confidence:.2f}{moved[0]}",
        f"{body.symbol} señal: {regime_es}, sesgo {_comma(body.bias, '+.2f')}, confianza {_comma(body.confidence, '.2f')}{moved[1]}",
        body.symbol,
    )


def _say_states(body: Message) -> Words:
    assert isinstance(body, QuantumState)
    if not body.states:
        return f"bar {body.bar}: no state", f"barra {body.bar}: sin estado", None
    english = "; ".join(_state_words(state)[0] for state in body.states[:3])
    spanish = "; ".join(_state_words(state)[1] for state in body.states[:3])
    only = body.states[0].symbol if len(body.states) == 1 else None
    return f"bar {body.bar}: {english}", f"barra {body.bar}: {spanish}", only


def _state_words(state: SymbolState) -> tuple[str, str]:
    chance = state.regime_probabilities.get(state.regime)
    share = f" {chance:.0%}" if chance is not None else ""
    regime_es = _REGIMES_ES.get(state.regime, state.regime)
    changed = (" (changed)", " (cambió)") if state.regime_changed else ("", "")
    return (
        f"{state.symbol} regime {_REGIMES_EN.get(state.regime, state.regime)}{share}{changed[0]}, coherence {state.coherence:.2f}",
        f"{state.symbol} régimen {regime_es}{share}{changed[1]}, coherencia {_comma(state.coherence, '.2f')}",
    )


def _say_reflection(body: Message) -> Words:
    assert isinstance(body, Reflection)
    return body.text_en, body.text_es, body.symbol


def _say_order(body: Message) -> Words:
    assert isinstance(body, OrderEvent)
    english, spanish = _STEPS[body.status]
    quantity, price = body.fill_quantity or body.quantity, body.fill_price or body.price
    at = f" @ {price}" if price else ""
    at += f" ({body.venue})" if body.venue not in (None, "local") else ""
    reason = body.reason or ""
    return (
        f"{body.side.value} {quantity} {body.symbol}{at} {english}{reason and f': {reason}'}",
        f"{_SIDES_ES[body.side.value]} {quantity.replace('.', ',')} {body.symbol}{at.replace('.', ',')} {spanish}{reason and f': {_REASONS_ES.get(reason, reason)}'}",
        body.symbol,
    )


def _say_tool(body: Message) -> Words:
    assert isinstance(body, ToolFinished)
    # Everybody at the desk reads this line: what went wrong may quote what one person asked.
    ok = ("done", "hecha") if body.ok else ("failed", "falló")
    return (
        f"tool {body.tool} {ok[0]} ({body.milliseconds:.0f} ms)",
        f"herramienta {body.tool} {ok[1]} ({body.milliseconds:.0f} ms)",
        None,
    )


_SAY: tuple[tuple[type[Message], Callable[[Message], Words]], ...] = (
    (MarketState, _say_market),
    (Signal, _say_signal),
    (QuantumState, _say_states),
    (Reflection, _say_reflection),
    (OrderEvent, _say_order),
    (ToolFinished, _say_tool),
)

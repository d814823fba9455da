"""Alerts: a price reached, or a fill of ours. Each fires once. Pure: it is told prices and fills and says what fired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from .positions import Fill
from .units import text

Kind = Literal["above", "below", "fill"]
MAX_ALERTS = 500


@dataclass(frozen=True, slots=True)
class Alert:
    """`price` in 1e-8. A fill alert without a symbol is about every one. `fired_with` is the price or fill that did it."""

    id: str
    kind: Kind
    symbol: str | None
    price: int | None
    note: str
    created_by: str
    fired_with: str | None = None

    @property
    def waits(self) -> bool:
        return self.fired_with is None


def reached(alerts: Iterable[Alert], prices: Mapping[str, int]) -> list[tuple[Alert, str]]:
    """The price alerts that are reached, with the price that did it. Prices in 1e-8."""
    found = []
    for alert in alerts:
        now = prices.get(alert.symbol or "")
        if not alert.waits or alert.price is None or now is None:
            continue
        if now >= alert.price if alert.kind == "above" else now <= alert.price:
            found.append((alert, text(now)))
    return found


def filled(alerts: Iterable[Alert], fills: Iterable[Fill]) -> list[tuple[Alert, str]]:
    """The fill alerts that the first of these fills is about."""
    news = list(fills)
    found = []
    for alert in alerts:
        of_interest = next((f for f in news if alert.symbol in (None, f.symbol)), None)
        if alert.waits and alert.kind == "fill" and of_interest is not None:
            found.append((alert, f"{of_interest.side.value} {text(of_interest.quantity)} {of_interest.symbol} @ {text(of_interest.price)}"))
    return found


def words(alert: Alert, what: str) -> tuple[str, str]:
    """What is told of an alert that fired, in English and Spanish."""
    note = f" ({alert.note})" if alert.note else ""
    if alert.kind == "fill":
        name = ""
        return f"Alert: fill {name} {what}{note}".replace("  ", " "), f"Aviso: ejecución {name} {what}{note}".replace(
            "  ", " "
        )
    level = text(alert.price or 0)
    english, spanish = (
        ("at or above", "en o por encima de") if alert.kind == "above" else ("at or below", "en o por debajo de")
    )
    return (
        f"Alert: {alert.symbol} is {english} {level}, now {what}{note}",
        f"Aviso: {alert.symbol} está {spanish} {level}, ahora {what}{note}",
    )

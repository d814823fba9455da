"""What the risk gate's refusals are called in both languages, so that the assistant can say why it proposes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from .chat import Language

SPANISH: Final[Mapping[str, str]] = {
    "trading_state": "la operativa está parada o solo se puede reducir",
    "kill_switch": "la parada de emergencia está pulsada",
    "symbol_allowed": "el símbolo no está en la lista de esta sesión",
    "market_open": "el mercado ha terminado o no está conectado",
    "venue_connected": "no llegan los avisos de la bolsa sobre nuestras órdenes",
    "reconciled": "órdenes y posiciones no están cuadradas todavía con la bolsa",
    "positive_size": "cantidad y precio deben ser mayores que cero y estar en los pasos del símbolo",
    "reduce_only": "cerrar no debe ir más allá de la posición",
    "unknown_orders": "no se conoce el estado de una orden",
    "trading_hours": "está fuera del horario de operativa",
    "market_data_age": "los datos de mercado son demasiado viejos",
    "clock_skew": "el reloj de la bolsa y el nuestro difieren demasiado",
    "order_quantity": "la cantidad supera el límite de una orden",
    "order_notional": "el valor supera el límite de una orden",
    "min_notional": "el valor está por debajo del mínimo de una orden",
    "position_notional": "la posición pasaría de su límite",
    "gross_exposure": "todas las posiciones juntas pasarían de su límite",
    "net_exposure": "el neto de todas las posiciones pasaría de su límite",
    "leverage": "las posiciones serían demasiado grandes para el capital",
    "margin_ratio": "el margen está demasiado usado",
    "open_orders_symbol": "hay demasiadas órdenes abiertas en este símbolo",
    "open_orders": "hay demasiadas órdenes abiertas",
    "order_rate": "demasiadas órdenes en un segundo",
    "order_rate_10s": "demasiadas órdenes en diez segundos",
    "cancel_rate": "demasiadas cancelaciones en un segundo",
    "consecutive_rejects": "la bolsa ha rechazado demasiadas órdenes seguidas",
    "fill_rate": "las ejecuciones llegan más deprisa de lo normal",
    "price_collar": "el precio está demasiado lejos del medio",
    "last_collar": "el precio está demasiado lejos de la última operación",
    "fat_finger_size": "la cantidad es demasiadas veces la habitual",
    "fat_finger_price": "el precio está a demasiadas horquillas habituales del mejor",
    "self_cross": "se cruzaría con una orden propia",
    "spread": "la horquilla es demasiado ancha",
    "volatility": "el precio se ha movido demasiado en diez segundos",
    "daily_loss": "la pérdida del día ha llegado a su límite",
    "drawdown": "la caída desde el máximo del día ha llegado a su límite",
    "free_balance": "la cuenta no tiene bastante saldo libre",
}
INTRO: Final[Mapping[Language, str]] = {
    "en": "nothing was proposed, because it would be refused now: {why}",
    "es": "no se ha propuesto nada, porque ahora se rechazaría: {why}",
}


def refusal(said: Mapping[str, JsonValue], language: Language) -> str:
    """In words: why HFT would refuse an order, with the value and what is allowed."""
    why = str(said.get("reason") or said.get("rule"))
    if language == "es":
        why = SPANISH.get(str(said.get("rule")), why)
        if said.get("allowed") is not None and said.get("value") is not None:
            why += f" ({said['value']}; permitido: {said['allowed']})"
    return INTRO[language].format(why=why)

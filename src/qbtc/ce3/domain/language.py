"""In which of the two languages to answer: function words first, then the words of trading itself."""

from __future__ import annotations

import re
from typing import Final

from qbtc.core.language import detect, fold

from .chat import Language

_WORD = re.compile(r"[a-z]+")
_ES: Final = frozenset(
    ["compra", "compro", "comprar", "compre", "vende", "vendo", "vender", "venda", "propon", "ayuda", "hola", "buenas", "gracias", "precio", "precios", "cotizacion", "posicion", "posiciones", "ordenes", "orden", "libro", "riesgo", "regimen", "coherencia", "estrategia", "estrategias", "mercado", "resultado", "ganancias", "perdidas", "patrimonio", "recuerda", "recuerdas", "anota", "apunta", "ejecuciones", "hora", "fecha", "cancela", "anula", "cierra", "deten", "reanuda", "parar", "pausa", "velas", "barras", "simbolos", "medio", "media", "memoria", "reflexiones", "circuito", "velocidad", "estado", "limites", "muestra", "dime", "dame", "lista", "nunca", "volatilidad", "profundidad", "saldo", "operaciones", "vendido", "comprado"]
)
_EN: Final = frozenset(
    ["buy", "buys", "buying", "sell", "sells", "selling", "propose", "help", "hello", "hi", "thanks", "price", "prices", "quote", "position", "positions", "orders", "order", "book", "risk", "regime", "coherence", "strategy", "strategies", "market", "profit", "loss", "equity", "remember", "note", "fills", "time", "date", "cancel", "close", "halt", "resume", "stop", "pause", "candles", "bars", "symbols", "half", "memory", "reflections", "circuit", "state", "limits", "show", "list", "volatility", "depth", "balance", "trades", "sold", "bought"]
)
_WORDS_ES: Final = {
    "BUY": "compra", "SELL": "venta", "LIMIT": "límite", "MARKET": "mercado", "running": "en marcha", "stopped": "parada",
    "starting": "arrancando", "failed": "ha fallado", "broken": "no se puede usar", "blocked": "bloqueada", "acked": "abierta",
    "sent": "enviada", "partially_filled": "parcial", "filled": "ejecutada", "cancelled": "cancelada",
    "rejected": "rechazada", "expired": "caducada", "unknown": "desconocido", "created": "creada",
    "calm": "calma", "trend_up": "tendencia alcista", "trend_down": "tendencia bajista", "turbulent": "turbulento",
    "stress": "estrés", "connected": "conectado", "connecting": "conectando", "ended": "terminado",
    "LIVE": "en vivo", "REPLAY": "repetición", "SIMULATED": "simulado", "ENDED": "terminado", "ACTIVE": "activa",
    "REDUCING": "solo reduce", "HALTED": "parada",
}  # fmt: skip
_WORDS_EN: Final = {"trend_up": "trend up", "trend_down": "trend down", "acked": "open", "partially_filled": "partly filled"}


def language_of(text: str) -> Language:
    """English when the text does not say."""
    words = _WORD.findall(fold(text))
    spanish, english = sum(w in _ES for w in words), sum(w in _EN for w in words)
    return detect(text) or ("es" if spanish > english else "en")


def word(value: object, language: Language) -> str:
    """A name of the system as people of that language call it; anything else as it is."""
    text = str(value)
    return (_WORDS_ES if language == "es" else _WORDS_EN).get(text, text)

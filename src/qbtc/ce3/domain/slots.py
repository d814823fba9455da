"""Reads tool arguments from Spanish or English text: symbols, numbers, sides, quotes and circuits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from qbtc.core.language import fold

COINS = {
    "btc": "BTC", "bitcoin": "BTC", "bitcoins": "BTC", "xbt": "BTC", "eth": "ETH", "ether": "ETH", "ethereum": "ETH",
    "eter": "ETH", "sol": "SOL", "solana": "SOL", "bnb": "BNB", "xrp": "XRP", "ripple": "XRP", "ada": "ADA",
    "cardano": "ADA", "doge": "DOGE", "dogecoin": "DOGE", "ltc": "LTC", "litecoin": "LTC",
}
QUOTES = ("usdt", "usdc", "fdusd", "btc", "eth")
_NUMBER = r"\d+(?:[.,]\d+)?"
_WORDS = re.compile(r"[a-z0-9]+")
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{1,11}\b")
_NO_SYMBOLS = frozenset({"OK", "EMA", "ATR", "VPIN", "OHLC", "UTC", "USD", "EUR", "USDT", "P&L", "PNL", "QASM", "GHZ", "AI"})
_MARKET = re.compile(
    r"\b(?:price|quote|book|spread|bid|ask|depth|candles|bars|features|volatility|worth|buy|sell|regime|coherence"
    r"|precio|cotizacion|libro|diferencial|profundidad|velas|volatilidad|vale|compra|vende|regimen|coherencia)\b"
)
_QUOTED = re.compile(r"[\"“«']([^\"”»']{3,})[\"”»']")
_FENCE = re.compile(r"```(?:\w+\n)?(.*?)```", re.DOTALL)
REMEMBER = re.compile(
    r"^\s*(?:please,?\s+|por favor,?\s+|(?:can|could) you (?:please )?|¿?(?:puedes|podrías) )?"
    r"(?:remember|note|write down|keep in mind|recuerda|recuerde|recordar|recuérdame|anota|anotar|apunta|apuntar|guarda|memoriza|ten en cuenta)"
    r"(?:\s+(?:that|this|que|esto))?\s*[:,]?\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_RECALL = re.compile(
    r"(?:about|regarding|of|sobre|acerca de|de)\s+(.+?)\s*[?.]*$", re.IGNORECASE | re.DOTALL
)
_AT_PRICE = re.compile(rf"(?:\bat\b|@|\ba\b|\blimit\b|\blimite\b|\bprecio(?: de)?\b|\bprice(?: of)?\b)\s*\$?\s*({_NUMBER})")
_QUANTITY = re.compile(rf"({_NUMBER})")
_COIN = "|".join(sorted(COINS, key=len, reverse=True))
_WORDED = (
    (re.compile(rf"\b(?:half(?: an?| of an?)?|medi[oa])\s+(?:{_COIN})\b"), "0.5"),
    (re.compile(r"\b(?:all|everything|entire|whole|todo|toda|todos|todas)\b"), "all"),
    (re.compile(rf"\b(?:an?|one|un|una)\s+(?:{_COIN})\b"), "1"),
)
_SIDES = {"buy": "BUY", "compra": "BUY", "comprar": "BUY", "compre": "BUY", "long": "BUY", "sell": "SELL",
          "vende": "SELL", "vender": "SELL", "venda": "SELL", "short": "SELL"}


def is_coin(word: str) -> bool:
    """A coin's name or ticker, or a pair such as `btcusdt`."""
    return word in COINS or any(word.endswith(q) and word.removesuffix(q) in COINS for q in QUOTES)


def symbols(text: str, watched: Sequence[str]) -> list[str]:
    """The symbols the text names (`BTCUSDT`, `btc`, `bitcoin`), in its order.

    A coin that is not watched gives its USDT pair: the answer must say that it is unknown, not speak of another one.
    """
    by_name = {s.lower(): s for s in watched}
    found = [_symbol(word, by_name) for word in _WORDS.findall(fold(text)) if word in by_name or is_coin(word)]
    return list(dict.fromkeys(found))


def symbol(text: str, watched: Sequence[str]) -> str | None:
    """The first symbol the text names, or None."""
    return next(iter(symbols(text, watched)), None)


def unknown_symbol(text: str, watched: Sequence[str]) -> str | None:
    """What a question about a market (price, book, spread …) names in capitals that is no symbol, no coin and no word of it."""
    if symbols(text, watched) or not _MARKET.search(fold(text)):
        return None
    return next((word for word in _CAPITALS.findall(text) if word not in _NO_SYMBOLS), None)


def _symbol(word: str, watched: Mapping[str, str]) -> str:
    if word in watched:
        return watched[word]
    base = COINS.get(word)
    if base is None:
        return word.upper()
    return next((s for s in watched.values() if s.startswith(base)), f"{base}USDT")


def count(text: str, *, default: int, most: int) -> int:
    """The first whole number that can be a count ("last 5 fills"), within 1..most."""
    numbers = (int(n) for n in re.findall(r"(?<![\d.,])\d{1,4}(?![\d.,])", text))
    return next((n for n in numbers if 1 <= n <= most), default)


def memory_text(text: str) -> str:
    """What to remember: the text after the verb, as it was written."""
    match = REMEMBER.match(text)
    return (match[1] if match else text).strip()


def topic(text: str) -> str:
    """What a question about memory is about; the whole question when it names nothing."""
    quoted = _QUOTED.search(text)
    if quoted:
        return quoted[1]
    match = _RECALL.search(text.strip(" ?¿"))
    return (match[1] if match else text).strip(" ?¿.")


def order(text: str) -> dict[str, str]:
    """Side, quantity, type and price of an order as far as the text says them."""
    folded = fold(text)
    found: dict[str, str] = {}
    side = next((_SIDES[w] for w in _WORDS.findall(folded) if w in _SIDES), None)
    if side:
        found["side"] = side
    price = _AT_PRICE.search(folded)
    rest = folded.replace(price[0], " ") if price else folded
    quantity = _QUANTITY.search(rest)
    worded = next((amount for pattern, amount in _WORDED if pattern.search(rest)), None)
    if quantity:
        found["quantity"] = quantity[1].replace(",", ".")
    elif worded is not None:
        found["quantity"] = worded
    if price:
        found["price"] = price[1].replace(",", ".")
    found["type"] = "LIMIT" if price else "MARKET"
    return found


def shots(text: str) -> int | None:
    """How often to run a circuit, when the text says it."""
    match = re.search(r"(\d{1,7})\s*(?:shots|times|runs|disparos|veces|tiradas)", fold(text))
    return min(max(int(match[1]), 1), 1_000_000) if match else None


def circuit(text: str) -> str | None:
    """OpenQASM source in the text, or the source of a circuit it names (Bell, GHZ of n qubits)."""
    fenced = _FENCE.search(text)
    if fenced:
        return fenced[1].strip()
    if "qreg" in text or "OPENQASM" in text:
        return text[text.index("OPENQASM") :] if "OPENQASM" in text else text
    folded = fold(text)
    if "bell" in folded or "epr" in folded:
        return _ghz(2)
    if "ghz" in folded or "gato" in folded or "cat" in folded.split():
        return _ghz(count(text, default=3, most=16))
    return None


def _ghz(qubits: int) -> str:
    gates = "".join(f"cx q[{i}],q[{i + 1}];\n" for i in range(max(2, qubits) - 1))
    n = max(2, qubits)
    return f'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[{n}];\ncreg c[{n}];\nh q[0];\n{gates}measure q -> c;\n'

"""What a person writes for latency, queue and fees, as the rules of a run. Every refusal says what is allowed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .queues import Queue

UNITS = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000}
LATENCIES = "10ms · entry=2ms,response=5ms · feed · feed:1.5 · feed:ENTRY,RESPONSE · a table in a .csv or .npy file"
QUEUES = {"risk-averse": 1.0, "power": 3.0, "power2": 3.0, "power3": 3.0, "log": 1.0, "log2": 1.0, "fifo": 1.0, "fifo-at-price": 1.0}
"""The models, and the exponent of each where none is given."""
LONGEST = 365 * 86_400_000_000_000
RESAMPLED = 1_000_000_000


class BadAssumption(ValueError):
    """What was written cannot be an assumption of a backtest; says what is allowed."""


@dataclass(frozen=True)
class Latency:
    """Constants in ns, multiples of the feed's latency, or a file to be read."""

    entry: int = 10_000_000
    response: int = 10_000_000
    feed: tuple[float, float] | None = None
    path: str = ""


def duration(text: str) -> int:
    """`10ms` as ns. Raises BadAssumption."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(ns|us|ms|s|m|h)\s*", text)
    if found is None:
        raise BadAssumption(f"{text!r} is not a duration; allowed: a number with one of {', '.join(UNITS)}, such as 10ms")
    ns = float(found[1]) * UNITS[found[2]]
    if ns > LONGEST:
        raise BadAssumption(f"{text!r} is longer than a year; allowed: up to that")
    return round(ns)


def latency(text: str) -> Latency:
    """Raises BadAssumption."""
    plain = text.strip()
    if plain == "feed" or plain.startswith("feed:"):
        return Latency(feed=_multiples(plain.partition(":")[2] or "1"))
    if plain.endswith((".csv", ".npy")):
        return Latency(path=plain)
    if "=" not in plain:
        both = _delay(plain)
        return Latency(both, both)
    parts = dict(part.split("=", 1) for part in plain.split(",") if "=" in part)
    if parts.keys() != {"entry", "response"}:
        raise BadAssumption(f"latency {text!r} is not understood; allowed: {LATENCIES}")
    return Latency(_delay(parts["entry"]), _delay(parts["response"]))


def _delay(text: str) -> int:
    try:
        return duration(text)
    except BadAssumption:
        raise BadAssumption(f"latency {text!r} is not understood; allowed: {LATENCIES}") from None


def _multiples(text: str) -> tuple[float, float]:
    try:
        numbers = [float(each) for each in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 2) or not all(np.isfinite(n) and n >= 0 for n in numbers):
        raise BadAssumption(f"feed:{text} is not understood; allowed: {LATENCIES}")
    return numbers[0], numbers[-1]


def queue(text: str) -> tuple[Queue, float]:
    """`power3:2.5` as the model and its exponent. Raises BadAssumption."""
    name, _, exponent = text.strip().partition(":")
    allowed = f"allowed: {', '.join(QUEUES)}, with :EXPONENT for the powers, such as power3:2.5"
    if name not in QUEUES:
        raise BadAssumption(f"there is no queue model {text!r}; {allowed}")
    try:
        power = float(exponent) if exponent else QUEUES[name]
    except ValueError:
        power = np.nan
    if not 0 < power < 100 or (exponent and not name.startswith("power")):
        raise BadAssumption(f"queue model {text!r} is not understood; {allowed}")
    return Queue[name.upper().replace("-", "_")], power


PREVENTION = {"none": 0, "expire-taker": 1, "expire-maker": 2, "expire-both": 3}
"""Modes of self-trade prevention, as `core.market.engine.layout.Stp` numbers them."""


def prevention(text: str, fill: str) -> int:
    """Raises BadAssumption."""
    if text not in PREVENTION:
        raise BadAssumption(f"there is no self-trade prevention {text!r}; allowed: {', '.join(PREVENTION)}")
    if text != "none" and fill != "venue":
        raise BadAssumption(f"with the fill rule {fill} own orders never meet; allowed with self-trade prevention {text}: venue")
    return PREVENTION[text]


def fees(text: str) -> tuple[float, float]:
    """`maker=0.0002,taker=0.0005` as shares of the value; a maker's may be negative. Raises BadAssumption."""
    parts = dict(part.split("=", 1) for part in text.split(",") if "=" in part)
    try:
        maker, taker = float(parts.pop("maker")), float(parts.pop("taker"))
    except (KeyError, ValueError):
        maker = taker = np.nan
    if parts or not (-0.1 < maker < 0.1 and 0 <= taker < 0.1):
        raise BadAssumption(f"fees {text!r} are not understood; allowed: maker=SHARE,taker=SHARE, such as maker=0.0002,taker=0.0005")
    return maker, taker


def feed_delays(local: NDArray[np.int64], exchange: NDArray[np.int64], entry: float, response: float) -> NDArray[np.int64]:
    """A table of order latencies from the feed's, int64[rows, 3]: of the last message in each second of receipt, `entry`
    and `response` times its latency. The cells begin at whole seconds of UTC."""
    cell = local // RESAMPLED
    last = np.flatnonzero(np.append(np.diff(cell) != 0, True))
    asked, lag = local[last], (local - exchange)[last].astype(np.float64)
    reached = asked + (entry * lag).astype(np.int64)
    return np.stack([asked, reached, reached + (response * lag).astype(np.int64)], axis=1)


def checked_table(rows: Any, name: str) -> NDArray[np.int64]:
    """A table of measured latencies. Raises BadAssumption naming the row (from 1) that is wrong."""
    table = np.asarray(rows)
    if table.ndim != 2 or table.shape[1] != 3 or len(table) == 0 or not np.issubdtype(table.dtype, np.integer):
        raise BadAssumption(f"{name}: a table of latencies has three whole numbers a row: asked, reached, answered (ns)")
    table = table.astype(np.int64)
    asked, reached, answered = table.T
    wrong = np.flatnonzero((answered < asked) | ((reached > 0) & ((reached < asked) | (answered < reached))))
    if wrong.size:
        raise BadAssumption(f"{name}, row {wrong[0] + 1}: times must not fall: {', '.join(map(str, table[wrong[0]]))}")
    falls = np.flatnonzero(np.diff(asked) <= 0)
    if falls.size:
        raise BadAssumption(f"{name}, row {falls[0] + 2}: rows must be in order of the time asked")
    return table

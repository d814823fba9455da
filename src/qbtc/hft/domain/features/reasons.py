"""Why a dimension has no value at a bar, as a word; the words' texts are `TEXTS`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qbtc.contracts import basis26

from .registry import ELSEWHERE, FEATURES, PERPETUAL, TOGETHER

TEXTS = {
    "qcs": "computed last, from the states of the other 25: live by QCS, in research with `novelty`",
    "bars": "needs 30 bars without a break; W and Y need one",
    "no_perpetual": "nothing is told of a perpetual contract on this symbol",
    "perpetual_silent": "nothing was heard of the perpetual for a while",
    "interest_young": "open interest was not known, or nobody held any, at the window's first bar",
    "one_symbol": "compares symbols, and this is the only one with 30 bars",
    "is_btc": "is measured against BTC, which this is",
    "no_btc": "is measured against BTC, which is not in the list",
    "undefined": "the window does not define it: no trade, no change of the price, or nothing that reverts",
    "no_scale": "has a value, but no score yet: fewer than 30 earlier values, or most of them are equal",
}
_BARS = {feature.letter: feature.bars for feature in FEATURES}


@dataclass(frozen=True, slots=True)
class Situation:
    """Of one symbol: unbroken bars, the symbols with enough of them; whether mark prices of its perpetual were ever told, are
    fresh, and whether its open interest was ever told."""

    symbol: str
    bars: int
    companions: Sequence[str]
    perpetual: bool
    fresh: bool
    counted: bool


def absent(values: Sequence[float], s: Situation, scored: Sequence[bool] | None = None) -> dict[str, str]:
    """{letter: word} of what has no value, or no score where `scored` is given; the rest is there."""
    found: dict[str, str] = {}
    for i, letter in enumerate(basis26.LETTERS):
        if not math.isfinite(values[i]):
            found[letter] = _why(letter, s)
        elif scored is not None and not scored[i]:
            found[letter] = "no_scale"
    return found


def _why(letter: str, s: Situation) -> str:
    if letter == ELSEWHERE:
        return "qcs"
    if letter in PERPETUAL and not (s.counted if letter == "O" else s.perpetual):
        return "no_perpetual"
    if s.bars < _BARS[letter]:
        return "bars"
    if letter == "O":
        return "interest_young"
    if letter in PERPETUAL:
        return "undefined" if s.fresh else "perpetual_silent"
    if letter in TOGETHER:
        return _together(letter, s)
    return "undefined"


def _together(letter: str, s: Situation) -> str:
    if len(s.companions) < 2:
        return "one_symbol"
    first = next((name for name in s.companions if name.startswith("BTC")), None)
    if letter == "X" and first is None:
        return "no_btc"
    return "is_btc" if letter == "X" and first == s.symbol else "undefined"

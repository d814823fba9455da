"""The grid of a tape: learned from all its prices and quantities, or given; and rows from 1e-8 units onto it, exactly."""

# mypy: disable-error-code="no-untyped-def, misc"

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..instrument import KNOWN, SCALE, OffGrid, render, units
from .compiled import compiled
from .layout import Array, Ints, TapeFault

PRICE_GCD, QUANTITY_GCD, PRICE_MAX, QUANTITY_MAX = range(4)
LEARNED = 4


@compiled
def _gcd(a, b):
    while b != 0:
        a, b = b, a % b
    return a


@compiled
def learn(rows, count, learned):
    """Fold rows (price << 2 | bits, quantity) into the greatest common divisors and the largest values."""
    price_step, step = learned[PRICE_GCD], learned[QUANTITY_GCD]
    top, most = learned[PRICE_MAX], learned[QUANTITY_MAX]
    for i in range(count):
        price, quantity = rows[i, 0] >> 2, rows[i, 1]
        if price_step == 0 or np.uint64(price) % np.uint64(price_step) != 0:
            price_step = _gcd(price_step, price)
        if step == 0 or np.uint64(quantity) % np.uint64(step) != 0:
            step = _gcd(step, quantity)
        top, most = max(top, price), max(most, quantity)
    learned[PRICE_GCD], learned[QUANTITY_GCD], learned[PRICE_MAX], learned[QUANTITY_MAX] = price_step, step, top, most


@compiled
def scale(rows, begin, end, tick_units, lot_units, at, ticks, lots):
    """Rows begin..end in ticks (with bits) and lots, written from `at`: -1, or the first row that is off the grid."""
    tick, lot = np.uint64(tick_units), np.uint64(lot_units)
    for i in range(begin, end):
        price, quantity = np.uint64(rows[i, 0] >> 2), np.uint64(rows[i, 1])
        steps, count = price // tick, quantity // lot
        if steps * tick != price or count * lot != quantity:
            return np.int64(i)
        ticks[at + i - begin] = np.int64(steps) << 2 | (rows[i, 0] & 3)
        lots[at + i - begin] = np.int64(count)
    return np.int64(-1)


@dataclass(frozen=True, slots=True)
class Grid:
    """Steps in 1e-8 units, and where they are from: "given", "known" or "learned"."""

    tick_units: int
    lot_units: int
    source: str

    @property
    def tick_size(self) -> str:
        return plain(self.tick_units)

    @property
    def lot_size(self) -> str:
        return plain(self.lot_units)


def plain(value: int) -> str:
    """1e-8 units as a decimal string without trailing zeros."""
    text = render(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def step_units(text: str, what: str) -> int:
    """A given step in 1e-8 units. Raises TapeFault."""
    try:
        value = units(text)
    except OffGrid as error:
        raise TapeFault(f"{what} {error}") from None
    if value <= 0:
        raise TapeFault(f"{what} {text!r} must be above 0 and a multiple of 0.00000001")
    return value


def choose(learned: Ints, symbol: str, venue: str, tick: str | None, lot: str | None) -> Grid:
    """The given steps; else the known ones of a spot symbol where they fit, else the coarsest power of ten that does."""
    known = KNOWN.get(symbol) if venue == "binance-spot" else None
    tick_units = step_units(tick, "--tick") if tick else _power(
        int(learned[PRICE_GCD]), known.tick_units if known else 10**SCALE
    )
    lot_units = step_units(lot, "--lot") if lot else _power(
        int(learned[QUANTITY_GCD]), known.lot_units if known else 10**SCALE
    )
    source = "given" if tick and lot else "known" if known and tick_units == known.tick_units else "learned"
    return Grid(tick_units, lot_units, source)


def _power(step: int, ceiling: int) -> int:
    power = ceiling
    while power > 1 and step % power:
        power //= 10
    return power


def on_grid(values: Array, step: int) -> tuple[Ints, int]:
    """Values in 1e-8 units as steps, and the index of the first that is off the grid, or -1."""
    count, rest = np.divmod(values.astype(np.int64), step)
    wrong = np.flatnonzero(rest)
    return count, int(wrong[0]) if wrong.size else -1

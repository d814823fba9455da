"""What the crowd at volume is like: a small document, fitted to a tape by `calibrate` or written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from ..tape.layout import TapeFault
from ..tape.watching import BINS
from .state import FLICKER, HIDDEN, LISTS, SCALES

FORMAT, VERSION = "qbtc-crowd", 1
BY_BIN = ("rates", "sizes", "size_sds", "short", "short_lives", "lives", "standing", "standing_size")
Reals = tuple[float, ...]
LAGS = 65


@dataclass(frozen=True, slots=True)
class Parameters:
    """Rates are a second, sizes lots, distances ticks in the bins of `tape.watching`.

    Takers: a Hawkes process (`base`, `branching`, `decay`) of orders with lognormal size (`value`, `value_sd`) that trade
    in fills of `fill` lots on average. Signs: `hidden` large orders are worked off at any time, each a number of takers of
    one sign that is Pareto with exponent `alpha`. Fair price: jumps of `jump` ticks, `moves` a second of themselves and with
    the share `informed` of takers, in the direction in which the taker surprises; `mood` is the deviation of the
    logarithm of their size. Makers: `rates`, `sizes`, `size_sds` by bin, a share `short` of which lives `short_lives`
    and the others `lives` seconds; `flicker` orders a second that stand at the touch for `flicker_life`; `react`: how far
    they follow the takers' excitement. `gap`: ticks between the quotes beyond one; `chase`: quotes a second towards the
    fair price. `standing`, `standing_size`: levels by bin at the start. `lags` ns: quantiles of local minus exchange time,
    evenly spaced; `lag_life` seconds for which a lag lasts.
    """

    symbol: str
    tick_size: str
    lot_size: str
    venue: str
    price: float
    clock: int
    interval: int
    tickers: bool
    base: float
    branching: Reals
    decay: Reals
    value: float
    value_sd: float
    fill: float
    alpha: float
    hidden: int
    informed: float
    moves: float
    jump: float
    mood: float
    gap: int
    chase: float
    flicker: float
    flicker_life: float
    flicker_size: float
    react: float
    rates: Reals
    sizes: Reals
    size_sds: Reals
    short: Reals
    short_lives: Reals
    lives: Reals
    standing: Reals
    standing_size: Reals
    lags: tuple[int, ...]
    lag_life: float


class Given(NamedTuple):
    """The same for compiled code."""

    reals: NDArray[np.float64]
    lists: NDArray[np.float64]
    """[LISTS, 4]: orders that join and the share of them that leaves a second, log size and its deviation."""
    standing: NDArray[np.float64]
    """[BINS, 2]: levels and lots of one."""
    lags: NDArray[np.float64]
    integers: NDArray[np.int64]


class P(IntEnum):
    """Places in `Given.reals`, named as the parameters."""

    BASE = 0
    VALUE = 1
    VALUE_SD = 2
    FILL = 3
    ALPHA = 4
    INFORMED = 5
    MOVES = 6
    JUMP = 7
    MOOD = 8
    CHASE = 9
    REACT = 10
    LAG_LIFE = 11
    JOINING = 12
    """Limit orders a second, of all lists."""
    BRANCHING = 13
    DECAY = BRANCHING + SCALES


class Whole(IntEnum):
    """Places in `Given.integers`."""

    CLOCK = 0
    INTERVAL = 1
    TICKERS = 2
    HIDDEN = 3
    GAP = 4


def given(p: Parameters, *, reach: int = 1 << 62) -> Given:
    """`reach`: ticks from the touch beyond which nobody comes."""
    reals = np.zeros(P.DECAY + SCALES)
    reals[: P.JOINING] = [getattr(p, place.name.lower()) for place in list(P)[: P.JOINING]]
    reals[P.BRANCHING :] = [*p.branching, *p.decay]
    lists = np.zeros((LISTS, 4))
    short = np.array(p.short)
    rates = np.where(_farthest() <= reach, p.rates, 0.0)
    lists[:BINS, 0], lists[BINS:FLICKER, 0] = rates * (1 - short), rates * short
    lists[:BINS, 1], lists[BINS:FLICKER, 1] = 1 / np.array(p.lives), 1 / np.array(p.short_lives)
    lists[:FLICKER, 2], lists[:FLICKER, 3] = [*p.sizes, *p.sizes], [*p.size_sds, *p.size_sds]
    lists[FLICKER] = p.flicker, 1 / p.flicker_life, p.flicker_size, 1.0
    reals[P.JOINING] = lists[:, 0].sum()
    standing = np.ascontiguousarray(np.array([p.standing, p.standing_size]).T)
    integers = np.array([int(getattr(p, place.name.lower())) for place in Whole], np.int64)
    return Given(reals, lists, standing, np.array(p.lags, np.float64), integers)


def _farthest() -> NDArray[np.int64]:
    """The largest distance of each bin."""
    return (1 << np.arange(BINS)) - 1


def to_json(p: Parameters) -> dict[str, Any]:
    """The document, of what JSON knows."""
    body = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(p).items()}
    return {"format": FORMAT, "version": VERSION, **body}


def from_json(body: Mapping[str, Any]) -> Parameters:
    """Checked. Raises TapeFault that says what is wrong and what is allowed."""
    if body.get("format") != FORMAT or body.get("version") != VERSION:
        raise TapeFault(f"is {body.get('format')!r} version {body.get('version')!r}; allowed: {FORMAT!r} version {VERSION}")
    try:
        made = msgspec.convert(dict(body), Parameters)
    except msgspec.ValidationError as error:
        raise TapeFault(f"is not as a {FORMAT} document must be: {error}") from None
    check(made)
    return made


def check(p: Parameters) -> None:
    """Raises TapeFault."""
    for name, count in (*((n, BINS) for n in BY_BIN), ("branching", SCALES), ("decay", SCALES), ("lags", LAGS)):
        if len(getattr(p, name)) != count:
            raise TapeFault(f"{name} has {len(getattr(p, name))} values; {count} are needed")
    ranges: dict[str, tuple[float, float]] = {
        "alpha": (1.0, 5.0), "hidden": (1, HIDDEN), "informed": (0, 1), "gap": (0, 10_000), "price": (1, 2**40),
        "clock": (1, 10**9), "interval": (0, 60 * 10**9), "fill": (1e-9, 1e15), "lag_life": (1e-6, 1e9), "base": (1e-9, 1e9),
        "flicker_life": (1e-6, 1e9), "chase": (1, 1e9), "mood": (0, 2), "react": (0, 1), "moves": (0, 1e6), "jump": (0, 1e6),
    }  # fmt: skip
    for name, (low, high) in ranges.items():
        if not low <= getattr(p, name) <= high:
            raise TapeFault(f"{name} is {getattr(p, name)}; allowed: {low:g} to {high:g}")
    for name in ("branching", "decay", "rates", "short", "standing", "size_sds"):
        if not all(0 <= value < 1e12 for value in getattr(p, name)):
            raise TapeFault(f"{name} holds {min(getattr(p, name))}; allowed: 0 or more")
    if sum(p.branching) >= 1:
        raise TapeFault(f"branching adds up to {sum(p.branching):g}; allowed: less than 1, or the market explodes")
    if not all(value > 0 for value in (*p.lives, *p.short_lives)):
        raise TapeFault("lives and short_lives must be above 0")

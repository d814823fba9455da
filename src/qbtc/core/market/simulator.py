"""A seeded market: zero-intelligence flow with self-exciting arrivals, calibrated to recorded markets.

`MarketSimulator` owns one `Market` of the matching core a symbol and lets a crowd trade on it (`engine.crowd` has the
model); our orders enter the same markets. Pure: the same seed, instruments and calls give the same market. How near it
comes to what was recorded is measured by bench/simulator.py with `stylised`; not here: feeds and clocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from .engine import crowd
from .engine.chance import Words
from .engine.chance import seed as seed_words
from .engine.compiled import entry
from .engine.market import CHUNK, Events, Market
from .engine.memory import block
from .engine.state import COMMAND, Op
from .instrument import KNOWN, Instrument

START_PRICES = {"BTCUSDT": 61_800.0, "ETHUSDT": 2_680.0, "BNBUSDT": 510.0, "SOLUSDT": 155.0, "XRPUSDT": 0.61}
QUOTES = 20_000
WARM_NS = 20_000_000_000


@dataclass(frozen=True, slots=True)
class Flow:
    """Parameters of the crowd of one symbol, named and in units as in `engine.crowd.CROWD`.

    The defaults are fitted to 650 s of recorded BTCUSDT.
    """

    base: float = 1.15
    branching: tuple[float, float, float] = (0.33, 0.246, 0.313)
    decay: tuple[float, float, float] = (0.35, 10.0, 147.0)
    value: float = 5.4
    value_sd: float = 2.4
    fill: float = 3000.0
    lean: float = 0.3
    impact: float = 0.0028
    power: float = 0.51
    noise: float = 1.0
    common: float = 0.92
    mood: float = 0.8
    makers: float = 205.0
    react: float = 0.9
    chase: float = 2500.0
    at_touch: float = 0.2
    touch: float = 10.1
    touch_sd: float = 1.5
    touch_life: float = 0.1
    deep: float = 7.05
    deep_sd: float = 1.6
    life: float = 22.0
    width: float = 11.0


FLOWS: Mapping[str, Flow] = {
    "BTCUSDT": Flow(),
    "ETHUSDT": Flow(
        base=1.3,
        branching=(0.15, 0.28, 0.34),
        decay=(0.22, 13.0, 189.0),
        value=5.0,
        value_sd=2.3,
        fill=1200.0,
        impact=0.005,
        noise=0.95,
        lean=0.3,
        makers=105.0,
        chase=900.0,
        at_touch=0.2,
        touch=9.9,
        touch_sd=0.5,
        touch_life=0.2,
        deep=7.75,
        deep_sd=0.9,
        life=55.0,
        width=11.3,
    ),
}


@entry
def _seed(words: Words, number: int) -> None:
    seed_words(words, number)


class Crowd:
    """Everybody else on one market."""

    def __init__(self, market: Market, flow: Flow, price_ticks: float, seeds: tuple[int, int]) -> None:
        """`seeds`: of the factor that all markets share, and of this one."""
        self.market = market
        record, self._address = block(1, crowd.CROWD)
        self._record = record[0]
        for name, value in asdict(flow).items():
            self._record[name] = value
        spec = market.spec
        self._record["unit"] = spec.tick_units * 1e-8 * spec.lot_units * 1e-8
        self._record["origin"], self._record["seed"] = price_ticks, seeds[0]
        command, self._record["command"] = block(1, COMMAND)
        self._command = command
        command[0]["op"] = Op.SUBMIT
        self._words = np.zeros(4, np.uint64)
        _seed(self._words, seeds[1])
        self._quotes = np.zeros((2, QUOTES, 3), np.int64)

    def start(self, now: int) -> None:
        """Build the book by letting the crowd trade among itself for a while before `now`."""
        self._record["time"], self._record["slot"] = now - WARM_NS, (now - WARM_NS) // crowd.SLOT
        for _ in self.advance(now):
            pass
        self.market.take_changes()

    def advance(self, until: int) -> Iterator[Events]:
        """Events up to `until` (ns), in chunks that the next one overwrites. Both ids of a TRADE may be 0."""
        done = False
        while not done:
            done = bool(crowd.advance(self.market.address, self._address, self._words, self._quotes, until, CHUNK))
            yield self.market.told()


class MarketSimulator:
    """`advance(until)` runs all markets to a time, in steps short enough that they move together."""

    def __init__(self, seed: int, markets: Mapping[str, tuple[Instrument, Market]], start: int) -> None:
        self.time = start
        self._crowds: dict[str, Crowd] = {}
        for number, (symbol, (item, market)) in enumerate(sorted(markets.items())):
            ticks = START_PRICES.get(symbol, 100.0) * 1e8 / item.tick_units
            made = Crowd(market, flow_of(symbol), ticks, (seed, seed * 1_000_003 + number + 1))
            made.start(start)
            self._crowds[symbol] = made

    def advance(self, until: int) -> Iterator[tuple[str, Events]]:
        """(symbol, events) up to `until`; copy the events if they are kept."""
        for symbol, made in self._crowds.items():
            for events in made.advance(until):
                if len(events):
                    yield symbol, events
        self.time = until


def flow_of(symbol: str, **changes: float) -> Flow:
    """The fitted flow of a symbol, BTCUSDT's where none is."""
    return replace(FLOWS.get(symbol, Flow()), **changes)  # type: ignore[arg-type]


def default_instruments(symbols: Sequence[str] = ()) -> list[Instrument]:
    """Known instruments for the given symbols (BTCUSDT, ETHUSDT and SOLUSDT if none). Raises KeyError."""
    return [KNOWN[symbol] for symbol in (symbols or ("BTCUSDT", "ETHUSDT", "SOLUSDT"))]

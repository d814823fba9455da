"""What the trading core remembers, as plain values: taken when a recording begins, put back before a replay.

Everything that can decide an order is here: desk, books, market clock, timers, what strategies see and remember. What
only shows (bars, prints, fills that are listed) is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..domain.desk import Desk
from ..domain.feed import Feed
from ..domain.strategy import Sight, Strategy
from ..engine import Engine
from ..errors import BrokenSession

Plain = dict[str, Any]
DESK_LEFT_OUT = frozenset({"ear", "fills", "_limit_records"})
ENGINE = ("market", "slow", "_heard", "_anchor", "_reach", "_beyond", "_connected", "_last_frame")
MARKET = ("local", "last_price", "last_trade", "_touch", "_pulse")
STRATEGIST = ("_blind_ns", "_awake", "_timers", "_seen", "_withdrawn")
TRADER = ("hot_prefix", "hot_names", "mark", "_epoch", "_cancelling", "_orphans")


def take(engine: Engine) -> Plain:
    """A copy in words is made by whoever writes it down."""
    desk, strategist = engine.desk, engine.strategist
    return {
        "desk": {name: value for name, value in vars(desk).items() if name not in DESK_LEFT_OUT},
        "engine": _some(engine, ENGINE),
        "feed": None if engine.feed is None else _feed(engine.feed),
        "trader": _some(engine.trader, TRADER),
        "strategist": _some(strategist, STRATEGIST) | {
            "running": set(strategist.running),
            "sights": {key: sight.records for key, sight in strategist._sights.items() if key[0] in strategist.running},
        },
        "strategies": {name: _strategy(s) for name, s in strategist.strategies.items() if name in strategist.running},
    }  # fmt: skip


def put(engine: Engine, state: Plain) -> None:
    """Raises BrokenSession when the recording is of another version, or of a strategy with other fields."""
    try:
        _put_desk(engine.desk, state["desk"])
        _set(engine, state["engine"])
        engine.feed = None if state["feed"] is None else _made_feed(state["feed"], futures=engine.desk.futures)
        _set(engine.trader, state["trader"])
        for name, remembered in state["strategies"].items():
            _put_strategy(engine.strategies[name], remembered)
        _put_strategist(engine, state["strategist"])
    except (KeyError, AttributeError, TypeError) as error:
        raise BrokenSession(
            f"what was remembered when it began is not known here ({type(error).__name__}: {error})",
            allowed="a recording of this version of QBTC, with all strategies that ran",
        ) from None


def _some(owner: object, names: tuple[str, ...]) -> Plain:
    return {name: getattr(owner, name) for name in names}


def _set(owner: object, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(owner, name, value)


def _put_desk(desk: Desk, values: Plain) -> None:
    missing = vars(desk).keys() - DESK_LEFT_OUT - values.keys()
    if missing:
        raise KeyError(*sorted(missing))
    _set(desk, values)


def _feed(feed: Feed) -> Plain:
    return {
        "session": feed.session, "now": feed.now_ns, "clock": feed._clock, "first_bar": feed._first_bar,
        "instruments": [m.instrument for m in feed.markets.values()],
        "markets": {symbol: _some(market, MARKET) for symbol, market in feed.markets.items()},
    }  # fmt: skip


def _made_feed(values: Plain, *, futures: bool) -> Feed:
    feed = Feed(values["instruments"], session=values["session"], started_ns=0, futures=futures)
    feed.now_ns, feed._clock, feed._first_bar = values["now"], values["clock"], values["first_bar"]
    for symbol, remembered in values["markets"].items():
        _set(feed.markets[symbol], remembered)
    return feed


def _put_strategist(engine: Engine, values: Plain) -> None:
    strategist = engine.strategist
    _set(strategist, {name: values[name] for name in STRATEGIST})
    strategist.running.clear()
    strategist.running.update(values["running"])
    for (name, symbol), records in values["sights"].items():
        sight = Sight(0.0, 0.0, strategist.part(strategist.strategies[name], symbol))
        sight.records[:] = records
        strategist._sights[name, symbol] = sight


def _strategy(strategy: Strategy) -> Plain:
    """Its records as bytes: what they hold is the business of its class."""
    states = {symbol: state.tobytes() for symbol, state in strategy._states.items()}
    return {"parameters": dict(strategy.parameters), "legs": strategy.placement, "states": states}


def _put_strategy(strategy: Strategy, values: Plain) -> None:
    try:
        strategy.configure(values["parameters"])
        if values["legs"]:
            strategy.place(values["legs"])
        for symbol, raw in values["states"].items():
            strategy._states[symbol] = np.frombuffer(raw, strategy.spec.dtype, count=1).copy()
            if len(raw) != strategy.spec.dtype.itemsize:
                raise ValueError(f"it remembers {len(raw)} bytes, now {strategy.spec.dtype.itemsize}")
    except ValueError as error:
        raise BrokenSession(
            f"strategy {strategy.name}: its fields are not those of the recording: {error}",
            allowed="the class that was recorded, or one with the same parameters and state",
        ) from None

"""Between the desk and the hot engine's memory: its tape in the desk's words, the desk's state in the engine's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic_ns

import numpy as np

from qbtc.contracts.common import OrderType, Scope, Side, TradingState

from .adapters.hotloop.codes import Halt, Note
from .adapters.hotloop.halts import TOLD
from .adapters.hotloop.layout import SYMBOLS as MAX_SYMBOLS
from .adapters.hotloop.panel import Panel, TapeReader
from .domain.orders import Order
from .domain.risk_records import ACTIVE, HALTED, REDUCING
from .domain.strategy import Slow
from .domain.strategy_records import FAULTS, REGIMES
from .engine import Engine
from .trader import UNSURE, Trader

__all__ = ["MAX_SYMBOLS", "Hang", "Told", "lasting", "read_tape", "refresh"]

CODES = {TradingState.ACTIVE: ACTIVE, TradingState.REDUCING: REDUCING, TradingState.HALTED: HALTED}
LIMIT_MAKER = 3
SLOW_SECONDS = 1.0
LOOK_SECONDS = 0.25


@dataclass(slots=True)
class Told:
    """What the engine was told last, so that only changes are written."""

    resume: bool = False
    """A person's resume is to be passed on."""
    last: tuple[TradingState, Scope] | None = None
    slow: dict[str, Slow] = field(default_factory=dict)
    slow_until: int = 0
    baselines: list[int] = field(default_factory=list)
    differences: int = -1
    """Of the engine's account from the venue's, for which an audit was asked; the first one is for its start."""
    covers: int = -1
    """How many of them the baselines that it has take into account."""
    audit: int = 0
    limited: bool = False

    def state(self, panel: Panel, state: TradingState, scope: Scope) -> None:
        if self.last == (state, scope) and not self.resume:
            return
        self.last = state, scope
        panel.ask(CODES[state], cancel=scope is not Scope.PAUSE, resume=self.resume)
        self.resume = False


class Hang:
    """Whether a loop has stood still for `seconds`, in which we looked again and again: a pause of ours is none of its."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._beat: int | None = None
        self._looked = self._still = 0.0

    def seen(self, beat: int | None, now: float) -> bool:
        """One look, at least a few times a second. `beat` is None while the loop does not run."""
        passed, self._looked = min(now - self._looked, LOOK_SECONDS), now
        self._still = self._still + passed if beat is not None and beat == self._beat else 0.0
        self._beat = beat
        return self._still > self._seconds


def refresh(panel: Panel, told: Told, engine: Engine, symbols: tuple[str, ...]) -> None:
    """Limits, baselines and slow parameters, as far as they changed."""
    desk = engine.desk
    items = [desk.instruments[symbol] for symbol in symbols]
    if not told.limited:
        told.limited = True
        panel.limit([desk.limits.record(item.lot_units) for item in items])
    _settle(panel, told, engine, [item.base for item in items])
    slow, now = {symbol: engine.slow_of(symbol) for symbol in symbols}, monotonic_ns()
    if slow != told.slow or now > told.slow_until:
        told.slow, told.slow_until = slow, now + int(SLOW_SECONDS * 1e9)
        for i, symbol in enumerate(symbols):
            _advise(panel, i, slow[symbol], told.slow_until + int(SLOW_SECONDS * 1e9))


def _settle(panel: Panel, told: Told, engine: Engine, assets: Sequence[str]) -> None:
    """What is no position, as an audit says that began after the engine found its last difference."""
    found = int(panel.record["head"]["differences"])
    if found != told.differences:
        told.differences, told.audit = found, engine.audits.ask()
    baselines = [engine.desk.opening.get(asset, 0) for asset in assets]
    if engine.audits.done < told.audit or not engine.desk.opening:
        return
    if (baselines, told.differences) != (told.baselines, told.covers):
        told.baselines, told.covers = baselines, told.differences
        panel.settle(baselines, covers=told.covers)


def _advise(panel: Panel, i: int, slow: Slow, until: int) -> None:
    """Valid for two turns of ours: what a silent control side said does not stay."""
    regime = REGIMES.index(slow.regime) if slow.regime in REGIMES else 0
    panel.advise(i, regime=regime, confidence=slow.confidence, bias=slow.bias, until=until)


def read_tape(reader: TapeReader, panel: Panel, trader: Trader) -> None:
    """Orders that the engine sent, and what came of those that the venue did not take, to the trader."""
    prefix, names = panel.prefix, panel.names
    for row in reader.read():
        kind = int(row["kind"])
        if kind == Note.SEND:
            order = _order(row, f"{prefix}{int(row['sequence'])}", names, trader)
            if order is not None:
                trader.adopt(order)
        elif kind == Note.UNKNOWN:
            trader.not_answered(f"{prefix}{int(row['sequence'])}")
        elif kind == Note.REJECT and int(row["detail"]) == 0 and int(row["code"]) not in (0, *UNSURE):
            trader.refused_by_venue(f"{prefix}{int(row['sequence'])}", int(row["code"]))
    panel.take(reader.at)


def _order(row: np.void, order_id: str, names: list[str], trader: Trader) -> Order | None:
    item = trader.desk.instruments.get(names[int(row["symbol"])])
    if item is None:
        return None
    kind, tick, stop = int(row["type"]), int(row["tick"]), int(row["detail"])
    return Order(
        order_id, item.symbol, Side.SELL if int(row["side"]) else Side.BUY,
        OrderType.LIMIT if tick else OrderType.MARKET, int(row["lots"]) * item.lot_units,
        tick * item.tick_units or None, int(row["time"]), strategy=trader.strategy_of(order_id),
        post=kind == LIMIT_MAKER, trigger=abs(stop) * item.tick_units or None, touched=stop < 0,
    )  # fmt: skip


def lasting(panel: Panel) -> str:
    """Why the engine halted itself, in words; empty if it did not, or for a reason that passes by itself."""
    head = panel.record["head"]
    reason, detail = Halt(int(head["reason"])), int(head["detail"])
    if int(head["state"]) != HALTED or reason in TOLD:
        return ""
    if reason is Halt.STRATEGY:
        return f"it asked for {FAULTS[detail]}" if detail in FAULTS else "it raised an error"
    return f"{reason.name.lower().replace('_', ' ')} ({detail})"

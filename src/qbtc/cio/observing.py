"""Watching the market: keeps moments by rule, notes what followed, reflects, and tells the others.

One call a bar, in the transaction of the message that brought it: the moment, its reflection and the messages about
it are written together or not at all. What is remembered between bars is only where each symbol stands, and that is
read again from the rows after a restart.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from qbtc.contracts import Message
from qbtc.contracts.memory import Reflection
from qbtc.contracts.quantum import QuantumState, SymbolState
from qbtc.contracts.trading import Signal
from qbtc.kit.ids import uuid7
from qbtc.kit.metrics import counter
from qbtc.kit.store.pool import Connection

from .adapters import moments, outcomes
from .adapters.moments import NewMoment
from .domain.memory import Draft, State, state_of
from .domain.moments import SECOND, KeepRule, Kept, Reason, price_at, why_keep
from .domain.reflection import Finding, Moment, ReflectRule, precedents, reflect
from .domain.wording import moment_text, reflection_texts
from .keeping import Keeper
from .ports import Prices, States

Emit = Callable[[Connection, str, Message], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Rules:
    keep: KeepRule
    reflect: ReflectRule
    signal_confidence: float
    signal_sample: int
    horizons: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """What the observer reaches."""

    keeper: Keeper
    states: States
    prices: Prices
    emit: Emit


@dataclass(frozen=True, slots=True)
class Seen:
    """One symbol at one bar."""

    bar: QuantumState
    symbol: SymbolState

    @property
    def at(self) -> Kept:
        return Kept(self.bar.session, self.bar.bar_end)


class Observer:
    def __init__(self, rules: Rules, outside: Outside) -> None:
        self._rules, self._out = rules, outside
        self._last: dict[str, Kept | None] = {}
        self._present: dict[str, tuple[Moment, str]] = {}
        self._filled: set[str] = set()
        self._regimes: dict[str, bool] = {}
        self._moments = counter("qbtc_cio_moments_kept_total", "Market moments kept", ("reason",))
        self._reflections = counter("qbtc_cio_reflections_total", "Reflections published", ("enough",))

    def filled(self, symbol: str) -> None:
        """An order of this symbol was filled: its next state is a moment."""
        self._filled.add(symbol)

    def present(self, symbol: str) -> tuple[Moment, str] | None:
        """What was seen of a symbol at its last bar with information, and its regime; it is kept nowhere, so its id is blank."""
        return self._present.get(symbol)

    async def observe(self, conn: Connection, bar: QuantumState) -> list[Reflection]:
        """Reflections on the moments that this bar gave; usually none."""
        made: list[Reflection] = []
        for symbol in bar.states:
            seen = Seen(bar, symbol)
            self._note(seen)
            reason = await self._why(conn, seen)
            if reason is not None:
                made.append(await self._keep(conn, seen, reason))
        return made

    def _note(self, seen: Seen) -> None:
        symbol, bar = seen.symbol, seen.bar
        if symbol.informative:
            state = state_of(symbol.real, symbol.imaginary, symbol.intensity)
            moment = Moment("", symbol.symbol, bar.session, bar.mode.value, bar.bar_end, state)
            self._present[symbol.symbol] = moment, symbol.regime

    async def _why(self, conn: Connection, seen: Seen) -> Reason | None:
        name = seen.symbol.symbol
        if not seen.symbol.informative:
            return None
        if name not in self._last:
            self._last[name] = await moments.last_kept(conn, name)
        # A change inside the least gap is not lost: it is kept as soon as the gap is over.
        self._regimes[name] = self._regimes.get(name, False) or seen.symbol.regime_changed
        return why_keep(
            self._rules.keep,
            self._last[name],
            now=seen.at,
            regime_changed=self._regimes[name],
            filled=name in self._filled,
        )

    async def _keep(self, conn: Connection, seen: Seen, reason: Reason) -> Reflection:
        now, regime, name = seen.bar.bar_end, seen.symbol.regime, seen.symbol.symbol
        state = state_of(seen.symbol.real, seen.symbol.imaginary, seen.symbol.intensity)
        bars = await self._out.prices.bars(name)
        price = price_at(bars, now)
        memory_id = await self._out.keeper.keep(conn, _draft(seen, state, price=price, reason=reason))
        moment = Moment(memory_id, name, seen.bar.session, seen.bar.mode.value, now, state, price)
        horizon = self._rules.reflect.horizon
        await moments.add(conn, NewMoment(moment, regime, reason, horizon))
        await moments.settle(conn, moment, bars, horizon)
        await outcomes.settle(conn, moment, bars, self._rules.horizons)
        await self._out.states.put({memory_id: state})
        reflection = await self._reflect(conn, moment, regime)
        self._last[name] = seen.at
        self._filled.discard(name)
        self._regimes[name] = False
        self._moments.labels(reason).inc()
        return reflection

    async def _reflect(self, conn: Connection, moment: Moment, regime: str) -> Reflection:
        rule = self._rules.reflect
        earlier = await moments.earlier(conn, moment, rule.horizon, self._out.states)
        finding = reflect(precedents(moment, earlier, rule), rule)
        reflection = _reflection(moment, finding, rule)
        await moments.add_reflection(conn, reflection, mean=finding.mean)
        await self._out.emit(conn, "cio.memory.reflected", reflection)
        if self._worth_a_signal(finding):
            await self._out.emit(conn, "hft.trading.signal", _signal(reflection, moment, regime, rule))
        self._reflections.labels(str(finding.enough).lower()).inc()
        return reflection

    def _worth_a_signal(self, finding: Finding) -> bool:
        rules = self._rules
        return finding.confidence >= rules.signal_confidence and finding.sample >= rules.signal_sample


def _draft(seen: Seen, state: State, *, price: float | None, reason: Reason) -> Draft:
    symbol, bar = seen.symbol, seen.bar
    return Draft(
        text=moment_text(symbol.symbol, price=price, regime=symbol.regime, reason=reason),
        kind="market",
        scope="market",
        owner=None,
        happened_at=datetime.fromtimestamp(bar.bar_end / SECOND, UTC),
        session=f"{bar.session}:{symbol.symbol}",
        symbol=symbol.symbol,
        state=state,
        metadata={
            "reason": reason,
            "regime": symbol.regime,
            "mode": bar.mode.value,
            "bar": bar.bar,
            "price": price,
            "state_id": symbol.state_id,
            "novelty": symbol.novelty,
            "coherence": symbol.coherence,
        },
    )


def _reflection(moment: Moment, finding: Finding, rule: ReflectRule) -> Reflection:
    english, spanish = reflection_texts(moment.symbol, finding, rule)
    return Reflection(
        reflection_id=uuid7(),
        symbol=moment.symbol,
        text_en=english,
        text_es=spanish,
        rule=rule.name,
        confidence=finding.confidence,
        bias=finding.bias,
        evidence=finding.evidence,
        sample=finding.sample,
        moment_id=moment.memory_id,
        created_at=datetime.fromtimestamp(moment.at / SECOND, UTC),
    )


def _signal(reflection: Reflection, moment: Moment, regime: str, rule: ReflectRule) -> Signal:
    return Signal(
        symbol=moment.symbol,
        regime=regime,
        confidence=reflection.confidence,
        bias=reflection.bias,
        valid_until=moment.at + int(rule.horizon * SECOND),
        reason=reflection.text_en,
        evidence=reflection.evidence,
    )

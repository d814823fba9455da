"""A recorded session told again to the same trading core, and what it says compared with what it said then.

The core is the one that trades: desk, risk gate, books, strategist, trader. Only what takes time is left out: a request
is compared instead of sent, and what came of it is what was recorded. The replay stops at the first difference, because
after it the recorded answers belong to orders that were never asked for.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast

from qbtc.core.binance.messages import MalformedFrame
from qbtc.core.market.instrument import OffGrid
from qbtc.kit.errors import QbtcError

from ..adapters.session_file import SessionFile
from ..domain.desk import Desk, Record
from ..domain.risk import Limits
from ..domain.session.blocks import Part
from ..domain.session.kinds import Kind
from ..domain.session.words import UnknownWord
from ..domain.strategy import Strategy
from ..engine import Engine, MarketChanged
from ..errors import BrokenSession
from ..facts import Outgoing
from ..ports import Venue
from ..trader import Trader
from .outcome import REQUESTS, Difference, Outcome, Request
from .state import put
from .vocabulary import WORDS

SHOWN = 120
HEAD: Mapping[str, type] = {
    "version": str, "tier": str, "at": str, "wall_minus_clock": int, "symbols": list, "strategies": list,
}  # fmt: skip
STRATEGY: Mapping[str, type] = {"name": str, "class": str, "path": str, "parameters": dict, "sha256": str, "source": str}
"""What a head has of each strategy."""


class _NoJournal:
    """What is decided again is not written down again."""

    def append(self, record: Record) -> None:
        return

    def records(self) -> Iterable[Record]:
        return ()

    def compact(self, records: Iterable[Record]) -> None:
        return


def head_of(session: SessionFile) -> dict[str, Any]:
    """What a recording is. Raises BrokenSession."""
    first = next(session.parts(), None)
    if first is None or first.kind != Kind.HEAD:
        raise BrokenSession(f"{session.path}: it was cut before it said what it is")
    head = words_of(session, first)
    wrong = _wrong(head, HEAD) or next((w for row in head["strategies"] if (w := _wrong(row, STRATEGY))), None)
    if wrong:
        raise BrokenSession(f"{session.path}: what it is cannot be read: {wrong}", allowed="a recording of this version")
    return dict(head)


def _wrong(found: object, kinds: Mapping[str, type]) -> str | None:
    if not isinstance(found, dict):
        return f"{found!r:.60} is no record"
    return next((f"{name!r} is missing or no {kind.__name__}" for name, kind in kinds.items() if not isinstance(found.get(name), kind)), None)


def words_of(session: SessionFile, part: Part) -> Any:
    try:
        return WORDS.read(part.payload)
    except UnknownWord as error:
        raise BrokenSession(f"{session.path}: a record cannot be read: {error}", allowed="a recording of this version") from None


class Replay:
    def __init__(
        self, session: SessionFile, strategies: Sequence[Strategy], parameters: Mapping[str, Mapping[str, float]] | None = None
    ) -> None:  # fmt: skip
        """`strategies` are compiled, and all those that ran then; `parameters` of theirs that stay as they are said here,
        whatever was recorded. Raises BrokenSession; ValueError for a bad parameter."""
        self._session, self.head, self._fixed = session, head_of(session), dict(parameters or {})
        names = [row["name"] for row in self.head["strategies"]]
        missing = [name for name in names if name not in {s.name for s in strategies}]
        if missing:
            raise BrokenSession(f"{session.path}: it needs the strategies {', '.join(missing)}, which are not here", allowed=[*names])
        self.outcome = Outcome(str(session.path), self.head["tier"], names, self.head["at"], lost=session.lost)
        state = next(islice(session.parts(), 1, 2), None)
        if state is None or state.kind != Kind.STATE:
            raise BrokenSession(f"{session.path}: it was cut before what it begins with was written")
        self._at, self._said = 0, list[tuple[str, Any]]()
        self.engine = self._core(words_of(session, state), strategies)

    def _core(self, state: dict[str, Any], strategies: Sequence[Strategy]) -> Engine:
        limits: Limits = state["desk"]["limits"]
        desk = Desk({}, limits, futures=state["desk"]["futures"])
        trader = Trader(desk, cast(Venue, None), _NoJournal(), epoch="")
        engine = Engine(
            desk, trader, cast(Venue, None), strategies, symbols=(), unknown_seconds=0.0, running=(),
            blind_seconds=state["strategist"]["_blind_ns"] / 1e9,
        )  # fmt: skip
        engine.spawn = trader.spawn = _never
        engine.strategist.may_wake = lambda _: False
        engine.ear.clock = lambda: self._at
        put(engine, state)
        engine.ear.sink = self
        self._fix(engine)
        return engine

    def _fix(self, engine: Engine) -> None:
        for name, values in self._fixed.items():
            engine.strategies[name].configure(values)

    # What the core says.

    def heard(self, at: int, name: str, args: tuple[object, ...], named: dict[str, object]) -> None:
        """It is we who tell it."""

    def said(self, kind: str, words: object) -> None:
        self._said.append((kind, words))

    # What it is told.

    def run(self) -> Outcome:
        """Raises BrokenSession when something cannot be told again."""
        found = self.outcome
        for part, then in self._things():
            found.recorded.update(kind for kind, _ in then if kind in REQUESTS)
            if found.difference is None:
                self._tell(part)
                self._compare(part, then)
        return found

    def _things(self) -> Iterator[tuple[Part, list[tuple[str, Any]]]]:
        """Each thing that was heard, with what was said because of it. The last one of a recording that was cut is left
        out: what was said then may not be there."""
        thing: Part | None = None
        then: list[tuple[str, Any]] = []
        for part in islice(self._session.parts(), 2, None):
            if part.kind == Kind.SAID:
                kind, words = words_of(self._session, part)
                then.append((kind, words))
                continue
            if thing is not None:
                yield thing, then
            thing, then = part, []
            if part.kind == Kind.END:
                self.outcome.ended = str(words_of(self._session, part))
                return

    def _tell(self, part: Part) -> None:
        self._at, self._said = part.at, []
        self.outcome.heard += 1
        try:
            if part.kind == Kind.FRAME:
                self.outcome.frames += 1
                self.engine.frame(part.payload)
            elif part.kind == Kind.CALL:
                self._call(*words_of(self._session, part))
            else:
                raise BrokenSession(f"{self._session.path}: a record of the unknown kind {part.kind}")
        except (MarketChanged, MalformedFrame, OffGrid, QbtcError) as error:
            if isinstance(error, BrokenSession):
                raise
        self.engine.trader.out = Outgoing()

    def _call(self, name: str, args: list[Any], named: dict[str, Any]) -> None:
        """Only what is marked as something that can be heard."""
        owner, _, method = name.partition(".")
        whose = {
            "desk": self.engine.desk, "trader": self.engine.trader, "engine": self.engine,
            "strategist": self.engine.strategist,
        }.get(owner)  # fmt: skip
        found = getattr(type(whose), method, None)
        if getattr(found, "__heard__", None) != name or found is None:
            raise BrokenSession(f"{self._session.path}: nobody here can be told {name!r}", allowed="a recording of this version")
        try:
            found(whose, *args, **named)
            if name == "strategist.turn":
                self._fix(self.engine)
        except (TypeError, KeyError, AttributeError) as error:
            raise BrokenSession(
                f"{self._session.path}: thing {self.outcome.heard}, {name}: {type(error).__name__}: {error}",
                allowed="a recording of this version, with the strategies that ran then",
            ) from None

    # Comparison.

    def _compare(self, part: Part, then: list[tuple[str, Any]]) -> None:
        self._compare_views(then)
        before, now = _requests(then), _requests(self._said)
        for place in range(max(len(before), len(now))):
            recorded = before[place] if place < len(before) else None
            replayed = now[place] if place < len(now) else None
            if recorded != replayed:
                self.outcome.difference = self._difference(part, then, recorded, replayed)
                return
            assert recorded is not None
            self.outcome.equal[recorded.kind] += 1

    def _compare_views(self, then: list[tuple[str, Any]]) -> None:
        before, now = ([tuple(w) for kind, w in said if kind == "called"] for said in (then, self._said))
        self.outcome.views += len(before)
        self.outcome.views_equal += sum(a == b for a, b in zip(before, now, strict=False))

    def _difference(
        self, part: Part, then: list[tuple[str, Any]], recorded: Request | None, replayed: Request | None
    ) -> Difference:
        utc = datetime.fromtimestamp((part.at + self.head["wall_minus_clock"]) / 1e9, UTC)
        return Difference(
            self.outcome.heard, utc.isoformat(), self._described(part), recorded, replayed, self._why(then), self._state()
        )

    def _described(self, part: Part) -> str:
        if part.kind == Kind.FRAME:
            text = part.payload.decode("utf-8", "replace")
            return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
        name, args, named = words_of(self._session, part)
        return f"{name}({', '.join([*(str(a) for a in args), *(f'{k}={v}' for k, v in named.items())])})"[:SHOWN]

    def _why(self, then: list[tuple[str, Any]]) -> str:
        """Whether a strategy saw the same and wanted something else, or saw something else."""
        before, now = ([tuple(w) for kind, w in said if kind == "called"] for said in (then, self._said))
        for old, new in zip(before, now, strict=False):
            if old[:3] != new[:3]:
                return f"then {old[0]}.{old[2]} wanted something here, now {new[0]}.{new[2]}"
            if old[3] != new[3]:
                return f"{old[0]}.{old[2]} saw something else than then"
            if old[4] != new[4]:
                return f"{old[0]}.{old[2]} saw the same bytes and remembers something else than then"
        if len(before) != len(now):
            old = (before if len(before) > len(now) else now)[min(len(before), len(now))]
            return f"{old[0]}.{old[2]} wanted something {'then and nothing now' if len(before) > len(now) else 'now and nothing then'}"
        return "every strategy saw and remembers the same bytes as then"

    def _state(self) -> dict[str, Any]:
        desk, strategist = self.engine.desk, self.engine.strategist
        return {
            "trading": desk.state.value,
            "positions": {s: p.quantity for s, p in desk.positions.items()},
            "open_orders": [
                {"id": o.client_order_id, "side": o.side.value, "price": o.price, "left": o.remaining, "state": o.state.value}
                for o in desk.open_orders()
            ],
            "strategies": {name: _remembers(strategist.strategies[name]) for name in sorted(strategist.running)},
            "saw": {
                f"{name} {symbol}": {n: sight.records[0][n].item() for n in SEEN}
                for (name, symbol), sight in strategist._sights.items()
            },
        }  # fmt: skip


SEEN = ("now", "bid", "bid_lots", "ask", "ask_lots", "position", "working_buy", "working_sell", "trade", "fill", "regime")


def _remembers(strategy: Strategy) -> dict[str, Any]:
    """Parameters and plain state of each symbol."""
    return {
        symbol: {n: state[0][n].item() for n in strategy.spec.dtype.names or () if state.dtype[n].names is None and n != "_unused"}
        for symbol, state in strategy._states.items()
    }  # fmt: skip


def _requests(said: list[tuple[str, Any]]) -> list[Request]:
    return [Request(kind, _text(kind, words)) for kind, words in said if kind in REQUESTS]


def _text(kind: str, words: Any) -> str:
    """Orders and cancels by their request, refusals by rule and reason."""
    return f"{words[0]}: {words[2]}" if kind == "refusal" else str(words[2])


def _never(work: Coroutine[object, object, None]) -> None:
    work.close()

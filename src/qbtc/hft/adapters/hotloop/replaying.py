"""A recorded session of the hot loop run again by the loop's own code, and its requests compared byte for byte.

What is compared are the frames as they left for the order socket, masks, timestamps and client order ids included: the
seed of the masks and both clocks are recorded. A session that is logged on, as an engine's is, signs no request. Only
what a socket did not take at once is not reproduced: such an engine's session ends there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from qbtc.hft.adapters.session_file import SessionFile
from qbtc.hft.domain.risk_records import ACTIVE, HALTED
from qbtc.hft.domain.session.blocks import Part
from qbtc.hft.domain.session.kinds import Kind
from qbtc.hft.domain.session.words import UnknownWord
from qbtc.hft.domain.strategy import Strategy
from qbtc.hft.domain.strategy_class import Spec
from qbtc.hft.errors import BrokenSession
from qbtc.hft.sessions.outcome import Difference, Outcome, Request
from qbtc.hft.sessions.parts import source_of
from qbtc.hft.sessions.vocabulary import WORDS

from .checking import REFUSED, check, instruments, within
from .layout import COMMAND, COMMANDS, CONTROL, MARKET_LINK, ORDER_LINK, PANEL, RX, TURN
from .panel import Panel
from .world import Compiled, Engine, compile_strategy

SEEN = ("now", "bid", "bid_lots", "ask", "ask_lots", "position", "working_buy", "working_sell", "trade", "fill", "regime")


def layout_mark() -> str:
    """Of the records that a recording holds parts of: another mark, another version."""
    text = repr([d.descr for d in (COMMAND, CONTROL, TURN, PANEL["limits"].base, PANEL["slow"].base)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def describe(engine: Engine, spec: Spec, parameters: Mapping[str, float]) -> dict[str, Any]:
    """What an engine begins with, before it runs."""
    return {
        "layout": layout_mark(), "symbols": [i.symbol for i in engine.instruments], "instruments": list(engine.instruments),
        "prefix": engine.epoch, "limits": [limits.tobytes() for limits in engine.limits], "spin": engine.spin,
        "halt": [int(engine.panel.record["head"][name]) for name in ("state", "reason", "detail")],
        "silence": engine.silence_ns, "wanted": engine.wanted, "unknown": int(engine.world["unknown_ns"]),
        "strategies": [source_of(spec.name, spec, parameters)],
    }  # fmt: skip


class HotReplay:
    def __init__(
        self, session: SessionFile, head: Mapping[str, Any], strategy: Strategy, parameters: Mapping[str, float] | None = None
    ) -> None:  # fmt: skip
        """`strategy` is compiled; `parameters` replace recorded ones. Raises BrokenSession, ValueError for a bad parameter."""
        if head.get("layout") != layout_mark():
            raise BrokenSession(f"{session.path}: it was recorded by another version of the loop", allowed="a recording of this version")
        self._session, self._head, self._spec = session, head, strategy.spec
        row = head["strategies"][0]
        self.outcome = Outcome(str(session.path), "hot", [row["name"]], head["at"], lost=session.lost)
        try:
            values = strategy.spec.checked({**row["parameters"], **(parameters or {})})
        except ValueError as error:
            raise BrokenSession(f"{session.path}: {strategy.name}: {error}", allowed="a strategy with the recorded parameters") from None
        self._strategy = compile_strategy(strategy.spec, len(head["instruments"]), values)
        try:
            self.engine = self._made(head, self._strategy)
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
            raise BrokenSession(f"{session.path}: what the engine began with cannot be read: {type(error).__name__}: {error}") from None
        self._counts = (0, 0)
        self._then = (0, 0)

    def _made(self, head: Mapping[str, Any], strategy: Compiled) -> Engine:
        from .again import has_nothing, takes_all

        limits = [np.frombuffer(raw, PANEL["limits"].base).copy() for raw in head["limits"]]
        within("state", head["halt"][0], ACTIVE, HALTED)
        panel = Panel(Path(), np.zeros(1, PANEL))
        for name, value in zip(("state", "reason", "detail"), head["halt"], strict=True):
            panel.record["head"][name] = value
        engine = Engine(
            panel, instruments(head), strategy, limits, head["prefix"], spin=head["spin"], silence_ns=head["silence"],
            wanted=head["wanted"],
        )  # fmt: skip
        w = engine.world
        w["unknown_ns"] = head["unknown"]
        w["links"]["ssl"] = 1
        w["calls"]["ssl_write"], w["calls"]["bio_read"] = takes_all.address, has_nothing.address
        return engine

    def run(self) -> Outcome:
        """Raises BrokenSession."""
        for part in self._parts():
            self.outcome.heard += 1
            try:
                check(part, len(self.engine.instruments))
                if part.kind == Kind.TURN:
                    self._turn(part)
                elif self.outcome.difference is None:
                    self._other(part)
            except ValueError as error:
                raise BrokenSession(f"{self._session.path}: record {self.outcome.heard}: {error}", allowed="a recording as it was written") from None
        return self.outcome

    def _parts(self) -> Iterator[Part]:
        for part in islice(self._session.parts(), 1, None):
            if part.kind == Kind.END:
                self.outcome.ended = str(_words(self._session, part))
                return
            if part.kind != Kind.PAD:
                yield part

    def _again(self, kind: int, at: int, wall: int, a: int = 0, b: int = 0) -> int:
        from .again import again

        return int(again(self.engine.world, self.engine.panel.record, kind, at, wall, a, b))

    def _other(self, part: Part) -> None:
        w, p, raw = self.engine.world, self.engine.panel.record, part.payload
        wall = int(w["wall"])
        match part.kind:
            case Kind.BEGUN:
                self._begin(part)
            case Kind.LISTENED:
                self._control(raw)
                self._again(part.kind, part.at, wall)
            case Kind.STAGED:
                _stage(p["snapshot"], raw)
            case Kind.COMMAND:
                head = p["command_cursors"]
                within("commands that wait", int(head["head"] - head["tail"]), 0, COMMANDS - 1)
                p["commands"][int(head["head"]) % COMMANDS] = np.frombuffer(raw, COMMAND, count=1)[0]
                head["head"] += 1
            case Kind.HOUSE:
                self._control(raw[8:])
                self._again(part.kind, part.at, _word(raw, 0))
            case Kind.OVER:
                self._again(part.kind, part.at, wall, _word(raw, 0), _word(raw, 1))

    def _begin(self, part: Part) -> None:
        w, raw = self.engine.world, part.payload
        market, orders, mask, wall = (_word(raw, n) for n in range(4))
        self.engine.forget_market()
        w["mask"] = mask
        for which, begin, size in ((MARKET_LINK, 32, market), (ORDER_LINK, 32 + market, orders)):
            link = w["links"][which]
            for name in ("head", "joined", "joining", "tx_head", "tx_tail", "detail"):
                link[name] = 0
            link["tail"] = size
            link["rx"][:size] = np.frombuffer(raw, np.uint8, size, begin)
        self._again(part.kind, part.at, wall)

    def _control(self, raw: bytes) -> None:
        """What the control side had written."""
        p, at = self.engine.panel.record, 0
        for name in ("control", "limits", "slow", "baselines"):
            into = p[name]
            size = into.nbytes
            p[name] = np.frombuffer(raw, into.dtype, count=max(1, size // into.dtype.itemsize), offset=at).reshape(into.shape)
            at += size

    # A turn.

    def _turn(self, part: Part) -> None:
        turn = np.frombuffer(part.payload, TURN, count=1)[0]
        got, begin = int(turn["got"]), TURN.itemsize
        said = part.payload[begin + got : begin + got + int(turn["said"])]
        then = requests(said) + self._refusals(turn)
        self.outcome.recorded.update(r.kind for r in then)
        self.outcome.frames += int(turn["link"] == MARKET_LINK)
        if self.outcome.difference is None:
            self._run_turn(part, turn, part.payload[begin : begin + got], said, then)

    def _refusals(self, turn: np.void) -> list[Request]:
        """Orders that the risk gate kept back in a turn, since the one before."""
        before, self._then = self._then, (int(turn["refused"]), int(turn["decisions"]))
        within("refused", self._then[0] - before[0], 0, REFUSED)
        return [Request("refusal", "by the risk gate")] * (self._then[0] - before[0])

    def _run_turn(self, part: Part, turn: np.void, received: bytes, said: bytes, then: list[Request]) -> None:
        from .again import space

        w, head = self.engine.world, self.engine.panel.record["head"]
        which = int(turn["link"])
        if received:
            at = int(space(w, which))
            within("got", len(received), 1, RX - at)
            w["links"][which]["rx"][at : at + len(received)] = np.frombuffer(received, np.uint8)
            w["links"][which]["tail"] += len(received)
        size = self._again(Kind.TURN, part.at, int(turn["wall"]), which if received else -1, int(turn["acted"]))
        refused = int(head["refused"]) - self._counts[0]
        self._counts = int(head["refused"]), int(head["decisions"])
        now_said = w["said"][:size].tobytes()
        self._compare(part, received, (said, then), (now_said, requests(now_said) + [Request("refusal", "by the risk gate")] * refused))
        asked = self._then[1], self._counts[1]
        self.outcome.views, self.outcome.views_equal = max(asked), min(asked)

    def _compare(
        self, part: Part, received: bytes, then: tuple[bytes, list[Request]], now: tuple[bytes, list[Request]]
    ) -> None:
        before, after = then[1], now[1]
        for place in range(max(len(before), len(after))):
            a = before[place] if place < len(before) else None
            b = after[place] if place < len(after) else None
            if a != b:
                self._differs(part, received, a, b)
                return
            assert a is not None
            self.outcome.equal[a.kind] += 1
        if then[0] != now[0]:
            self._differs(part, received, Request("bytes", then[0].hex()), Request("bytes", now[0].hex()))

    def _differs(self, part: Part, received: bytes, then: Request | None, now: Request | None) -> None:
        asked = "the strategy was asked as often as then" if self._then[1] == self._counts[1] else (
            f"the strategy was asked {self._then[1]} times until here then, {self._counts[1]} times now")  # fmt: skip
        utc = datetime.fromtimestamp((part.at + self._head["wall_minus_clock"]) / 1e9, UTC)
        text = received.decode("latin-1")
        shown = text[text.find("{") :][:120] if "{" in text else "nothing new: a timer, or a command"
        self.outcome.difference = Difference(self.outcome.heard, utc.isoformat(), shown, then, now, asked, self._state())

    def _state(self) -> dict[str, Any]:
        w, p = self.engine.world, self.engine.panel.record
        names = [i.symbol for i in self.engine.instruments]
        keep = self._strategy.keep[1]
        fields = [n for n in self._spec.dtype.names or () if n != "_unused" and self._spec.dtype[n].names is None]
        opened = [w["slots"][int(at)] for at in w["opened"][: int(w["open_count"])]]
        return {
            "trading": ("ACTIVE", "REDUCING", "HALTED")[int(p["head"]["state"])],
            "positions": {name: int(p["positions"][i]) for i, name in enumerate(names)},
            "open_orders": [
                {"id": self.engine.name_of(int(o["sequence"])), "side": ("BUY", "SELL")[int(o["side"])], "tick": int(o["tick"]), "left": int(o["lots"] - o["filled"])}
                for o in opened
            ],
            "strategies": {self.outcome.strategies[0]: {name: {n: keep[i][0][n].item() for n in fields} for i, name in enumerate(names)}},
            "saw": {self.outcome.strategies[0]: {n: w["sight"][n].item() for n in SEEN}},
        }  # fmt: skip


def requests(said: bytes) -> list[Request]:
    """The requests in masked WebSocket frames, as they were before they were masked."""
    found, at = list[Request](), 0
    while at + 8 <= len(said):
        size, begin = said[at + 1] & 127, at + 2
        if size == 126:
            size, begin = int.from_bytes(said[begin : begin + 2]), begin + 2
        mask, body = said[begin : begin + 4], said[begin + 4 : begin + 4 + size]
        text = bytes(byte ^ mask[i & 3] for i, byte in enumerate(body)).decode("latin-1")
        found.append(Request("cancel" if "order.cancel" in text else "order", text))
        at = begin + 4 + size
    return found


def _stage(staged: np.void, raw: bytes) -> None:
    bids, asks = _word(raw, 1), _word(raw, 2)
    staged["last_id"], staged["bids"], staged["asks"] = _word(raw, 0), bids, asks
    rows = np.frombuffer(raw, np.int64, 2 * (bids + asks), 24).reshape(-1, 2)
    staged["rows"][0][:bids], staged["rows"][1][:asks] = rows[:bids], rows[bids:]


def _word(raw: bytes, n: int) -> int:
    return int.from_bytes(raw[8 * n : 8 * n + 8], "little", signed=True)


def _words(session: SessionFile, part: Part) -> Any:
    try:
        return WORDS.read(part.payload)
    except UnknownWord as error:
        raise BrokenSession(f"{session.path}: a record cannot be read: {error}") from None



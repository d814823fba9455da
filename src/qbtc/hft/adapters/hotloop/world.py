"""Builds the WORLD that the loop works on: symbols, ladders, strategy, signing, and the two links.

`Engine` keeps alive whatever the record holds addresses of. Python and numbers only: sockets come from `wire`.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qbtc.core.binance.fast_json import symbol_table
from qbtc.core.binance.fast_orders import names, session
from qbtc.core.binance.fast_text import digest_of
from qbtc.core.market.engine.ladder import Depth
from qbtc.core.market.instrument import Instrument, units
from qbtc.hft.domain.risk_records import ACTIVE, UNKNOWN, grid
from qbtc.hft.domain.strategy_class import METHODS, Spec

from .codes import Verb
from .crypto import Signer
from .layout import MARKET_LINK, ORDER_LINK, PAGES, SYMBOLS, TICKS, WORLD
from .panel import Panel
from .wire import Link

UNKNOWN_NS = 2_000_000_000
SPIN_NS = 50_000


@dataclass(frozen=True, slots=True)
class Compiled:
    """A strategy as C functions: the address of its record for each symbol, of its methods (0: it has none)."""

    owns: Sequence[int]
    on_book: int
    on_fill: int = 0
    on_trade: int = 0
    on_timer: int = 0
    timer_ns: int = 0
    keep: tuple[Any, ...] = ()
    """Whatever must stay alive for the addresses."""


def compile_strategy(spec: Spec, symbols: int, values: Mapping[str, float]) -> Compiled:
    """A strategy class as the loop calls it, one record a symbol. Raises StrategyFault."""
    from qbtc.hft.domain.strategy_compiled import Program

    program = Program(spec)
    states = [spec.state(values) for _ in range(symbols)]
    return Compiled(
        owns=[int(state.ctypes.data) for state in states],
        **{name: program.address(name) for name in METHODS},
        timer_ns=spec.timer_ns,
        keep=(program, states),
    )


@dataclass(slots=True)
class Engine:
    """One engine before and between runs of the loop. `epoch` names its client order ids."""

    panel: Panel
    instruments: Sequence[Instrument]
    strategy: Compiled
    limits: Sequence[NDArray[np.void]]
    epoch: str
    spin: bool = False
    silence_ns: int = 3_000_000_000
    wanted: int = ACTIVE
    """The state until the control side asks for one."""
    _memory: NDArray[np.void] = field(init=False)
    _books: list[Depth] = field(init=False, default_factory=list)
    _links: list[Link] = field(init=False, default_factory=list)
    _signer: Signer | None = field(init=False, default=None)
    _poll: select.epoll | None = field(init=False, default=None)
    _ring: NDArray[np.void] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if not 0 < len(self.instruments) <= SYMBOLS:
            raise ValueError(f"an engine trades 1 to {SYMBOLS} symbols, not {len(self.instruments)}")
        if len({item.quote for item in self.instruments}) != 1:
            raise ValueError("the symbols of one engine share one quote asset")
        self._memory = np.zeros(1, WORLD)
        self._memory.view(np.uint8)[:] = 0
        self._fill()

    @property
    def world(self) -> np.void:
        found: np.void = self._memory[0]
        return found

    def _fill(self) -> None:
        w, p, n = self._memory, self.panel.record, len(self.instruments)
        w["symbols_count"], w["spin"], w["spin_ns"], w["unknown_ns"] = n, self.spin, SPIN_NS, UNKNOWN_NS
        w["wall"] = time.time_ns() - time.monotonic_ns()
        w["wanted"] = self.wanted
        w["mask"] = int.from_bytes(os.urandom(7)) | 1
        w["skew"], w["start_equity"] = UNKNOWN, UNKNOWN
        w["symbols"][0, :n] = symbol_table(self.instruments)
        w["names"][0, :n] = names(list(self.instruments))
        prefix = f"{self.epoch}-"
        w["own"] = session(prefix)
        p["prefix"][: len(prefix)] = np.frombuffer(prefix.encode(), np.uint8)
        for name, cursors, word in (
            ("tape_head", "tape_cursors", "head"),
            ("command_head", "command_cursors", "head"),
            ("command_tail", "command_cursors", "tail"),
            ("control_asked", "control", "asked"),
        ):
            w[name] = _address(p, cursors, word)
        w["turn_link"] = -1
        w["calls"]["timer_ns"] = self.strategy.timer_ns
        w["calls"]["methods"] = [getattr(self.strategy, name) for name in METHODS]
        for i, item in enumerate(self.instruments):
            self._symbol(i, item)
        head = p["head"]
        head["symbols"], head["spin"] = n, self.spin
        p["control"]["silence"] = self.silence_ns
        self.panel.beat()

    def _symbol(self, i: int, item: Instrument) -> None:
        w, p = self._memory[0], self.panel.record
        depth = Depth(TICKS, PAGES)
        self._books.append(depth)
        s, m = w["states"][i], w["situations"][i]
        s["bids_book"], s["asks_book"] = depth.bids, depth.asks
        s["base_asset"], s["quote_asset"] = digest_of(item.base.encode()), digest_of(item.quote.encode())
        s["own"] = self.strategy.owns[i]
        m["allowed"], m["open"], m["connected"] = 1, 1, 1
        m["last"], m["margin_ratio"], m["margin_rate"] = UNKNOWN, UNKNOWN, UNKNOWN
        m["value_num"], m["value_den"] = grid(item.tick_units, item.lot_units)
        m["lot_units"] = item.lot_units
        p["names"][i][: len(item.symbol)] = np.frombuffer(item.symbol.encode(), np.uint8)
        w["limits"][i] = self.limits[i][0]
        p["limits"][i] = self.limits[i][0]

    def account(self, i: int, *, base: Decimal, quote: Decimal, mark: int = 0) -> None:
        """Balances of the venue, to be taken if `head.account` is still `mark`."""
        self.panel.command(Verb.BALANCE, units(f"{base:f}"), units(f"{quote:f}"), mark, symbol=i)

    def name_of(self, sequence: int) -> str:
        """The client order id of an order."""
        return f"{self.epoch}-{sequence}"

    def connect(self, market: Link, orders: Link, signer: Signer | None = None) -> None:
        """Hand over two connected links; `signer` None: the order link is logged on."""
        w = self._memory[0]
        self._links, self._signer = [market, orders], signer
        poll = select.epoll()
        for which, link in ((MARKET_LINK, market), (ORDER_LINK, orders)):
            link.put(w["links"][which], w["calls"])
            poll.register(link.fileno, select.EPOLLIN)
        w["epoll"] = poll.fileno()
        self._poll = poll
        if signer is not None:
            self._memory["own"] = session(f"{self.epoch}-", key=signer.key)
            signer.put(w)
        self.panel.record["head"]["tls"] = market.tls is not None

    def forget_market(self) -> None:
        """Before a new session: no book is in sync, and the venue's market may begin at another time. Orders stay; the
        loop doubts all of them when it begins."""
        w = self._memory[0]
        w["pending"], w["pending_rows"] = 0, 0
        for name in ("synced", "asked", "ticker_id", "heard", "due", "timer", "event_us"):
            w["states"][name] = 0
        w["out_size"], w["busy"], w["cancelling"] = 0, 0, 0

    def record_into(self, ring: NDArray[np.void]) -> None:
        """From the next run on the loop writes what it is told and sends into this RECORDING."""
        w, r = self._memory, ring[0]
        w["recording_head"], w["recording_tail"] = _address(r, "cursors", "head"), _address(r, "cursors", "tail")
        w["recorded"], w["unrecorded"], w["record_no_more"] = 0, 0, 0
        w["recording"] = int(ring["data"].ctypes.data)
        self._ring = ring

    def record_no_more(self) -> None:
        """What is being written is finished; the memory stays. Of any thread: the loop itself ends it with its next record."""
        self._memory["record_no_more"] = 1

    def warm(self) -> None:
        """Compile the loop, or load it from the cache: before the connections are made, since they time out."""
        from numba import typeof

        from .loop import run

        kinds: Any = typeof
        run.compile((kinds(self.world), kinds(self.panel.record)))

    def run(self) -> int:
        """The loop, on this thread, until it ends: its Halt. Compiles at its first call, or reads the cache."""
        from .loop import run

        return int(run(self.world, self.panel.record))


def _address(record: np.void, cursors: str, word: str) -> int:
    base = record.dtype.fields
    assert base is not None
    inner = base[cursors][0].fields
    assert inner is not None
    return int(record.__array_interface__["data"][0]) + int(base[cursors][1]) + int(inner[word][1])

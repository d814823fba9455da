"""The engine process: connects, logs on, runs the loop on a thread of its own, and serves it.

Every session begins with a comparison of the account (`account`); until that is done, and while the control side is
silent, no order leaves. A halt that lasts is kept in a file (`halts`). Without its control process the engine cancels
what is open and ends. Spot only.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from qbtc.core.binance.messages import MalformedFrame, decode_snapshot, to_snapshot
from qbtc.core.market.instrument import Instrument, OffGrid, units
from qbtc.hft.adapters.local_venue import local_venue
from qbtc.hft.domain.orders import hot_own, hot_word, installation_mark
from qbtc.hft.domain.strategy_class import Spec
from qbtc.kit.errors import BadInput
from qbtc.kit.logs import get_logger
from qbtc.kit.settings import Platform

from .account import Account
from .codes import Halt, Note, Verb
from .halts import HaltFile
from .intents import Flusher, carry_over
from .layout import SNAPSHOT
from .panel import Panel, TapeReader, panel_path
from .recorder import HotRecorder
from .replaying import describe
from .rest import EngineKey, Rest
from .wire import Link, NoConnection, closed_unless_done, open_websocket, request
from .world import Compiled, Engine

log = get_logger(__name__)

STREAMS = ("bookTicker", "depth@100ms", "trade")
MB = 1_000_000
SERVE_SECONDS = 0.01
SKEW_SECONDS = 10.0
RETRY_SECONDS = 0.25
FOREIGN_SECONDS = 0.1
FINISH_SECONDS = 3.0
NEVER = 1 << 62
MARGIN_NS = 200_000_000
"""For the loop, which sees the silence first and says so."""
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
ACTIVE, HALTED = 0, 2


@dataclass(frozen=True, slots=True)
class Options:
    """`alone`: this process is its own control side; else a silent one halts trading."""

    home: Path
    rest: str
    ws: str
    ws_api: str
    symbols: tuple[str, ...]
    spin: bool = False
    core: int | None = None
    ca_file: str | None = None
    alone: bool = False
    silence_seconds: float = 3.0
    name: str = "s"
    """Of the strategy, in its client order ids."""
    resume: bool = False
    """A person ends the halt that an earlier engine was in."""
    record: bool = False
    """Whether the session is recorded, into `<home>/hft/sessions`."""
    record_bytes: int = 256_000_000
    record_keep_bytes: int = 2_000_000_000
    give_up_seconds: float = 5.0
    compare_seconds: float = 30.0


class Child:
    def __init__(self, options: Options, strategy: Compiled, limits: list[Any], instruments: list[Instrument]) -> None:
        self._options, self._instruments = options, instruments
        folder, place = options.home / "hft", panel_path(options.home)
        own = hot_own(installation_mark(Platform(home=options.home).instance))
        self._halts = HaltFile(folder / "hot_halt.json")
        self._halts.inherit(place)
        if options.resume:
            self._halts.clear()
        carried = carry_over(place, folder / "intents.bin")
        if carried:
            log.info("the last engine's records were taken to disk", records=carried)
        self.panel = Panel.create(place)
        if self._halts.halt is not None:
            self.panel.record["head"]["reason"], self.panel.record["head"]["detail"] = self._halts.halt
        self._flusher = Flusher(self.panel, folder / "intents.bin")
        self.engine = Engine(
            self.panel, instruments, strategy, limits, order_prefix(own, options.name), spin=options.spin,
            silence_ns=NEVER if options.alone else int(options.silence_seconds * 1e9),
            wanted=ACTIVE if options.alone else HALTED,
        )  # fmt: skip
        key = EngineKey.load(options.home / "secrets" / "venue_ed25519.json")
        self._key, self._rest = key, Rest(options.rest, key)
        self.account = Account(self.engine, self._rest, instruments, own=own, give_up_seconds=options.give_up_seconds)
        self.recorder: HotRecorder | None = None
        if options.alone:
            self._settle_alone()
        self._stop = threading.Event()
        self._tape = TapeReader(self.panel, 0)
        self._awaited: set[int] = set()
        """Symbols whose books the loop needs a snapshot for."""
        self._ready, self._settled = False, 0
        self._compare_at = self._skew_at = 0.0

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> Halt:
        """Sessions until stopped or left alone by the control process: the last Halt. Whatever else happens is raised
        after what is open was cancelled, and ends the process like a crash."""
        self.engine.warm()
        gc.collect()
        gc.freeze()
        try:
            return self._sessions()
        finally:
            self._flusher.close()
            if self.recorder is not None:
                self.recorder.close()

    def record(self, spec: Spec, parameters: Mapping[str, float]) -> None:
        """From the first session on. A disk that takes nothing costs the recording and nothing else."""
        o = self._options
        self.recorder = HotRecorder(
            self.engine, o.home / "hft" / "sessions", most_bytes=o.record_bytes, keep_bytes=o.record_keep_bytes
        )
        self.recorder.begin(describe(self.engine, spec, parameters))

    def _sessions(self) -> Halt:
        tries, end = 0, Halt.STARTING
        while not self._stop.is_set() and not self._left_alone:
            try:
                links = self._connect()
                tries = 0
                end = self._session(links)
            except NoConnection as error:
                log.warning("no session with the venue", error=str(error))
            if end is Halt.STOPPED:
                break
            self._stop.wait(PAUSES[min(tries, len(PAUSES) - 1)])
            tries += 1
        return end

    @property
    def _left_alone(self) -> bool:
        control = self.panel.record["control"]
        silent = time.monotonic_ns() - int(control["beat"])
        return not self._options.alone and silent > int(control["silence"]) + MARGIN_NS

    def _connect(self) -> tuple[Link, Link]:
        o = self._options
        names = "/".join(f"{symbol.lower()}@{kind}" for symbol in o.symbols for kind in STREAMS)
        orders = open_websocket(o.ws_api, ca_file=o.ca_file)
        with closed_unless_done(orders):
            for method, params in (("session.logon", self._key.ws_params({})), ("userDataStream.subscribe", {})):
                answer = request(orders, method, params)
                if answer.get("status") != 200:
                    raise NoConnection(f"{method}: {answer.get('error')}")
            market = open_websocket(f"{o.ws}/stream?streams={names}", ca_file=o.ca_file)
        return market, orders

    def _session(self, links: tuple[Link, Link]) -> Halt:
        self.engine.forget_market()
        self.engine.connect(*links)
        self._ready = False
        self._awaited.clear()
        found: list[int] = []
        thread = threading.Thread(target=self._loop, args=(found,), name="hotloop")
        thread.start()
        try:
            self._serve(thread)
        except Exception:
            log.exception("the engine cannot go on and cancels what is open")
            self._finish(thread)
            raise
        finally:
            for link in links:
                link.stop()
            thread.join()
            for link in links:
                link.close()
        self._keep_halt()
        end = Halt(found[0]) if found else Halt.STARTING
        log.info("the loop ended", reason=end.name, detail=int(self.panel.record["head"]["detail"]))
        return end

    def _loop(self, found: list[int]) -> None:
        if self._options.core is not None:
            os.sched_setaffinity(0, {self._options.core})
        found.append(self.engine.run())

    def _serve(self, thread: threading.Thread) -> None:
        """While the loop runs: reconcile, then fetch what it asks for and compare the account again and again."""
        while thread.is_alive():
            self._keep_halt()
            if self._stop.is_set() or self._left_alone:
                self._finish(thread)
                return
            try:
                self._read_tape()
                self.account.settle_unknown()
                self._look()
                self._fetch_snapshots()
            except (NoConnection, OffGrid, MalformedFrame) as error:
                log.warning("the venue did not answer the engine", error=str(error))
                thread.join(RETRY_SECONDS)
            thread.join(SERVE_SECONDS)

    def _finish(self, thread: threading.Thread) -> None:
        """Nothing of ours stays open: cancel, wait for the answers, stop."""
        self.panel.ask(HALTED, cancel=True)
        deadline = time.monotonic() + FINISH_SECONDS
        while thread.is_alive() and time.monotonic() < deadline:
            head, asked = self.panel.record["head"], int(self.panel.record["control"]["asked"])
            if int(head["heard"]) == asked and not int(head["open_orders"]):
                break
            thread.join(SERVE_SECONDS)
        self.panel.command(Verb.STOP)
        thread.join(5)

    def _keep_halt(self) -> None:
        try:
            self._halts.follow(self.panel)
        except OSError as error:
            log.error("the halt is not on disk", error=str(error))

    def _look(self) -> None:
        """The account at the beginning of a session, then now and then; the clocks."""
        now = time.monotonic()
        if not self._ready:
            self._settled = int(self.panel.record["control"]["baselines"])
            self._ready = self._settled > 0 and self.account.compare() and self._begin()
            return
        if int(self.panel.record["control"]["baselines"]) != self._settled:
            self._ready = False
            return
        if self._options.alone and self.panel.uncovered:
            self._settle_alone()
        if now > self._compare_at:
            settled = self.account.compare()
            self._compare_at = now + (self._options.compare_seconds if settled else RETRY_SECONDS)
        if now > self._skew_at:
            self._skew_at = now + SKEW_SECONDS
            self.panel.command(Verb.RECONCILED, 1, self._rest.skew_ns())

    def _settle_alone(self) -> None:
        """Without a control side its own rule says what is no position, also after a difference."""
        found = int(self.panel.record["head"]["differences"])
        path = self._options.home / "hft" / "baseline.json"
        self.panel.settle(_baselines(path, self._instruments, self._rest), covers=found)

    def _begin(self) -> bool:
        for i, item in enumerate(self._instruments):
            last = self._rest.last_trade(item.symbol)
            if last is not None:
                self.panel.command(Verb.LAST, item.to_ticks(last), symbol=i)
        now = time.monotonic()
        self._compare_at, self._skew_at = now + self._options.compare_seconds, now + SKEW_SECONDS
        self.panel.command(Verb.RECONCILED, 1, self._rest.skew_ns())
        return True

    def _read_tape(self) -> None:
        for row in self._tape.read():
            kind, i = int(row["kind"]), int(row["symbol"])
            if kind == Note.NEED_SNAPSHOT:
                self._awaited.add(i)
            elif kind == Note.FOREIGN:
                self._compare_at = min(self._compare_at, time.monotonic() + FOREIGN_SECONDS)
            elif kind == Note.DIFFERENCE:
                log.warning(
                    "the venue's balances were taken", symbol=self._instruments[i].symbol, base=int(row["code"]),
                    quote=int(row["detail"]),
                )  # fmt: skip

    def _fetch_snapshots(self) -> None:
        """Each symbol's until it succeeds, since the loop asks once; one that fails keeps no other waiting. Raises the last
        NoConnection, OffGrid or MalformedFrame."""
        failed: Exception | None = None
        for i in sorted(self._awaited):
            try:
                self._snapshot(i)
                self._awaited.discard(i)
            except (NoConnection, OffGrid, MalformedFrame) as error:
                failed = error
        if failed is not None:
            raise failed

    def _snapshot(self, i: int) -> None:
        """Fetch and stage a snapshot, and wait until the loop has taken it: there is one staging area."""
        item = self._instruments[i]
        body = json.dumps(self._rest.public("/api/v3/depth", symbol=item.symbol, limit=SNAPSHOT))
        found = to_snapshot(item, decode_snapshot(body))
        staged = self.panel.record["snapshot"]
        staged["last_id"], staged["bids"], staged["asks"] = found.last_id, len(found.bids), len(found.asks)
        for side, rows in enumerate((found.bids, found.asks)):
            if rows:
                staged["rows"][side][: len(rows)] = rows
        self.panel.command(Verb.SNAPSHOT, symbol=i)
        deadline = time.monotonic() + 1.0
        while not self.panel.obeyed and time.monotonic() < deadline:
            time.sleep(0.001)


def order_prefix(own: str, strategy: str) -> str:
    """What the client order ids of a run begin with: `hot<mark>-<strategy>-<start, base 36>`."""
    return f"{own}{hot_word(strategy)}-{np.base_repr(time.time_ns() // 1_000_000_000, 36).lower()}"


def _baselines(path: Path, instruments: list[Instrument], rest: Rest) -> list[int]:
    """The base balances, in 1e-8, that count as no position: those of the first start with each asset."""
    known = {k: Decimal(v) for k, v in json.loads(path.read_text()).items()} if path.exists() else {}
    missing = {item.base for item in instruments} - set(known)
    if missing:
        found = rest.balances()
        known |= {asset: found.get(asset, Decimal(0)) for asset in missing}
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({asset: f"{amount:f}" for asset, amount in known.items()}))
        fresh.replace(path)
    return [units(f"{known[item.base]:f}") for item in instruments]


def main(options: Options, strategy_name: str, parameters: dict[str, float]) -> int:
    """Build everything and run until SIGTERM. The exit code."""
    from qbtc.hft.adapters.strategy_files import load
    from qbtc.hft.settings import HftSettings
    from qbtc.kit.settings import load as load_settings

    from .world import compile_strategy

    try:
        for url in (options.rest, options.ws, options.ws_api):
            local_venue(url)
        key = EngineKey.load(options.home / "secrets" / "venue_ed25519.json")
        instruments = Rest(options.rest, key).instruments(options.symbols)
        settings = load_settings(HftSettings, "hft", home=options.home)
        limits = settings.limits()
        spec = load(strategy_name, options.home).spec
        options = replace(
            options, name=spec.name, give_up_seconds=settings.unknown_order_seconds,
            compare_seconds=settings.reconcile_seconds, record_bytes=settings.record_file_mb * MB,
            record_keep_bytes=settings.record_keep_mb * MB,
        )  # fmt: skip
        strategy = compile_strategy(spec, len(instruments), spec.checked(parameters))
        child = Child(options, strategy, [limits.record(item.lot_units) for item in instruments], instruments)
        if options.record:
            child.record(spec, {**spec.defaults, **spec.checked(parameters)})
    except (NoConnection, BadInput, KeyError, ValueError) as error:
        sys.stderr.write(f"qbtc hft engine: {error}\n")
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: child.stop())
    return 0 if child.run() in (Halt.STOPPED, Halt.STARTING) else 2

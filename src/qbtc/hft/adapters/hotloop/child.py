"""The engine process: connects, logs on, runs the loop on a thread of its own, and serves it: snapshots, unknown orders.

Every session begins with a reconciliation by stated rules: what is open in the traded symbols is cancelled, balances are
taken from the venue, the position is what the base balance has changed since the first start (`baseline.json`). Until
that is done, and while the control side is silent, no order leaves. Spot only.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from qbtc.core.binance.messages import decode_snapshot, to_snapshot
from qbtc.core.market.instrument import Instrument, OffGrid
from qbtc.hft.adapters.local_venue import local_venue
from qbtc.kit.errors import BadInput
from qbtc.kit.logs import get_logger

from .intents import Flusher, carry_over
from .layout import SNAPSHOT, Halt, Note, Verb
from .panel import Panel, TapeReader, panel_path
from .rest import EngineKey, Rest
from .wire import Link, NoConnection, open_websocket, request
from .world import Compiled, Engine

log = get_logger(__name__)

STREAMS = ("bookTicker", "depth@100ms", "trade")
SERVE_SECONDS = 0.01
SKEW_SECONDS = 10.0
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


class Child:
    def __init__(self, options: Options, strategy: Compiled, limits: list[Any], instruments: list[Instrument]) -> None:
        self._options, self._instruments = options, instruments
        folder = options.home / "hft"
        journal, place = folder / "intents.bin", panel_path(options.home)
        carried = carry_over(place, journal)
        if carried:
            log.info("the last engine's records were taken to disk", records=carried)
        self.panel = Panel.create(place)
        self._flusher = Flusher(self.panel, journal)
        self._epoch = np.base_repr(time.time_ns() // 1_000_000_000, 36).lower()
        self.engine = Engine(
            self.panel, instruments, strategy, limits, f"q{self._epoch}", spin=options.spin,
            silence_ns=int(options.silence_seconds * 1e9),
        )  # fmt: skip
        key = EngineKey.load(options.home / "secrets" / "venue_ed25519.json")
        self._key, self._rest = key, Rest(options.rest, key)
        self._baseline = _baseline(folder / "baseline.json", instruments, self._rest)
        self._stop = threading.Event()
        self._asked = 0
        self._tape = TapeReader(self.panel, 0)

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> Halt:
        """Sessions until stopped: the last Halt."""
        self.engine.warm()
        gc.collect()
        gc.freeze()
        tries, end = 0, Halt.STARTING
        while not self._stop.is_set():
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
        self._flusher.close()
        return end

    def _connect(self) -> tuple[Link, Link]:
        o = self._options
        names = "/".join(f"{symbol.lower()}@{kind}" for symbol in o.symbols for kind in STREAMS)
        orders = open_websocket(o.ws_api, ca_file=o.ca_file)
        for method, params in (("session.logon", self._key.ws_params({})), ("userDataStream.subscribe", {})):
            answer = request(orders, method, params)
            if answer.get("status") != 200:
                raise NoConnection(f"{method}: {answer.get('error')}")
        market = open_websocket(f"{o.ws}/stream?streams={names}", ca_file=o.ca_file)
        return market, orders

    def _session(self, links: tuple[Link, Link]) -> Halt:
        self.engine.forget_orders()
        self._reconcile()
        self.engine.connect(*links)
        found: list[int] = []
        thread = threading.Thread(target=self._loop, args=(found,), name="hotloop")
        thread.start()
        try:
            self._serve(thread)
        finally:
            for link in links:
                link.stop()
            thread.join()
            for link in links:
                link.close()
        end = Halt(found[0]) if found else Halt.STARTING
        log.info("the loop ended", reason=end.name, detail=int(self.panel.record["head"]["detail"]))
        return end

    def _loop(self, found: list[int]) -> None:
        if self._options.core is not None:
            os.sched_setaffinity(0, {self._options.core})
        found.append(self.engine.run())

    def _reconcile(self) -> None:
        """Cancel what is open, take balances and position, then allow trading."""
        for item in self._instruments:
            self._rest.cancel_open(item.symbol)
        found = self._rest.balances()
        for i, item in enumerate(self._instruments):
            base = found.get(item.base, Decimal(0))
            position = int((base - self._baseline[item.base]) / item.lot_size)
            self.engine.account(i, base=base, quote=found.get(item.quote, Decimal(0)), position=position)
            last = self._rest.last_trade(item.symbol)
            if last is not None:
                self.engine.world["situations"][i]["last"] = item.to_ticks(last)
        self.panel.command(Verb.RECONCILED, words=(1, self._rest.skew_ns(), 0))
        if self.panel.record["head"]["reason"] != Halt.ASKED or self.panel.record["head"]["state"] == ACTIVE:
            self.panel.command(Verb.STATE, words=(ACTIVE, 0, 0))
        self.panel.beat()

    def _serve(self, thread: threading.Thread) -> None:
        """While the loop runs: beat, obey what the control side asks, fetch snapshots, watch the clocks."""
        due = time.monotonic() + SKEW_SECONDS
        while thread.is_alive():
            if self._options.alone:
                self.panel.beat()
            if self._stop.is_set():
                self.panel.command(Verb.STATE, words=(HALTED, 1, 0))
                self.panel.command(Verb.STOP)
                thread.join(5)
                return
            self._obey()
            try:
                self._read_tape()
                if time.monotonic() > due:
                    due = time.monotonic() + SKEW_SECONDS
                    self.panel.command(Verb.RECONCILED, words=(1, self._rest.skew_ns(), 0))
            except (NoConnection, OffGrid) as error:
                log.warning("the venue did not answer the engine", error=str(error))
            thread.join(SERVE_SECONDS)

    def _obey(self) -> None:
        """A state that the control side asked for (`Panel.ask`)."""
        control = self.panel.record["control"]
        if int(control["asked"]) != self._asked:
            self._asked = int(control["asked"])
            self.panel.command(Verb.STATE, words=(int(control["state"]), int(control["cancel"]), 0))

    def _read_tape(self) -> None:
        for row in self._tape.read():
            kind, i = int(row["kind"]), int(row["symbol"])
            if kind == Note.NEED_SNAPSHOT:
                self._snapshot(i)
            elif kind == Note.UNKNOWN:
                self._resolve(i, int(row["sequence"]))

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

    def _resolve(self, i: int, sequence: int) -> None:
        """Ask the venue about an order that was not answered."""
        item = self._instruments[i]
        try:
            found = self._rest.signed(
                "GET", "/api/v3/order", symbol=item.symbol, origClientOrderId=f"q{self._epoch}-{sequence}"
            )
            words = sequence, int(found["status"] in ("NEW", "PARTIALLY_FILLED")), item.to_lots(found["executedQty"])
        except NoConnection as error:
            if getattr(error, "code", 0) != -2013:
                raise
            words = sequence, 0, 0
        self.panel.command(Verb.RESOLVE, symbol=i, words=words)


def _baseline(path: Path, instruments: list[Instrument], rest: Rest) -> dict[str, Decimal]:
    """The base balances that count as no position: those of the first start with each asset."""
    known = {k: Decimal(v) for k, v in json.loads(path.read_text()).items()} if path.exists() else {}
    missing = {item.base for item in instruments} - set(known)
    if missing:
        found = rest.balances()
        known |= {asset: found.get(asset, Decimal(0)) for asset in missing}
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({asset: f"{amount:f}" for asset, amount in known.items()}))
        fresh.replace(path)
    return known


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
        limits = load_settings(HftSettings, "hft", home=options.home).limits()
        spec = load(strategy_name, options.home).spec
        strategy = compile_strategy(spec, len(instruments), spec.checked(parameters))
        child = Child(options, strategy, [limits.record(item.lot_units) for item in instruments], instruments)
    except (NoConnection, BadInput, KeyError, ValueError) as error:
        sys.stderr.write(f"qbtc hft engine: {error}\n")
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: child.stop())
    return 0 if child.run() in (Halt.STOPPED, Halt.STARTING) else 2

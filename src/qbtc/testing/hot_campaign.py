"""The fault campaign of the hot tier: HFT, its engine and the venue are killed again and again, and the venue itself
drops, repeats, reorders and delays events and leaves orders without a true answer."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

from qbtc.hft.adapters.hotloop.panel import NoPanel, Panel, panel_path

from .campaign import HISTORY, SYMBOL, Outcome, TradingProcess, compared, venue_trades
from .venue import MortalVenue, mortal_venue
from .waiting import until

START_SECONDS = 180.0
WORK_SECONDS = 20.0


def hot_campaign(home: Path, seed: int, *, steps: int = 6) -> Outcome:
    """`steps` times something is killed while the venue answers badly; then calm, and both sides settle."""
    draw, kills = random.Random(seed), Counter[str]()
    with mortal_venue(home, "--sim", "--symbols", SYMBOL, "--speed", "5", "--faults") as venue:
        hft = TradingProcess(venue.rest, home, seed, module="hot_process")
        try:
            until(lambda: len(venue_trades(venue)) >= 3, what="the first trades", seconds=START_SECONDS)
            faults = Counter[str]()
            _break(venue, _plan(draw, seed))
            for step in range(steps):
                if draw.random() < 0.6:
                    _at_work(venue)
                time.sleep(0.1 + draw.random())
                victim = draw.choice((*HISTORY, "engine"))
                kills[victim] += 1
                faults += _done(venue)
                _strike(victim, home, venue, hft, draw)
                _break(venue, _plan(draw, seed + step))
            faults += _done(venue)
            venue.call("DELETE", "/qbtc/v1/faults")
            belief = hft.settle()
        finally:
            hft.close()
            _end_engine(home)
        return compared(home, venue, belief, faults, kills)


def _at_work(venue: MortalVenue) -> None:
    """Until it has traded again, so that the next strike meets it at work; the others meet it while it starts."""
    before, deadline = len(venue_trades(venue)), time.monotonic() + WORK_SECONDS
    while len(venue_trades(venue)) < before + 2 and time.monotonic() < deadline:
        time.sleep(0.1)


def _plan(draw: random.Random, seed: int) -> dict[str, object]:
    """A bad network and a venue that answers badly."""
    user = {name: 0.15 * draw.random() for name in ("drop", "duplicate", "reorder")}
    market = {name: 0.01 * draw.random() for name in ("drop", "duplicate", "reorder")}
    answers = {name: 0.1 * draw.random() for name in ("refuse", "fail", "lose")}
    noise = {"delay_ms": 50 * draw.random(), "disconnect": 0.003 * draw.random()}
    return {"seed": seed, "user": user | noise, "market": market, "answers": answers | {"delay_ms": 20, "only": ["order"]}}


def _break(venue: MortalVenue, plan: dict[str, object]) -> None:
    venue.http.put(f"{venue.rest}/qbtc/v1/faults", json=plan).raise_for_status()


def _done(venue: MortalVenue) -> Counter[str]:
    return Counter(venue.call("GET", "/qbtc/v1/faults").json()["done"])


def _strike(victim: str, home: Path, venue: MortalVenue, hft: TradingProcess, draw: random.Random) -> None:
    if victim == "hft":
        hft.restart()
    elif victim == "venue":
        venue.die()
        time.sleep(draw.random())
        venue.revive()
    elif victim == "network":
        venue.call("POST", "/qbtc/v1/faults/disconnect")
    elif victim == "engine":
        _end_engine(home)


def _end_engine(home: Path) -> None:
    """kill -9 of the engine of this home, if one runs."""
    with contextlib.suppress(NoPanel, OSError):
        pid = int(Panel.attach(panel_path(home)).record["head"]["pid"])
        if b"hotloop" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)

"""A consumer killed between its effect and its ack: the message comes again soon, and its effect stays one."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest

from qbtc.contracts import Exchange
from qbtc.kit.bus import Delivery
from qbtc.testing.bus import Desk, message
from qbtc.testing.waiting import eventually

pytestmark = pytest.mark.asyncio


async def test_a_consumer_killed_between_effect_and_ack_leaves_one_effect(place: Desk, tmp_path: Path) -> None:
    effects = str(tmp_path / "effects.db")
    with sqlite3.connect(effects) as store:
        store.execute("CREATE TABLE inbox (id TEXT PRIMARY KEY)")
        store.execute("CREATE TABLE effects (id TEXT)")
        store.execute("CREATE TRIGGER once AFTER INSERT ON inbox BEGIN INSERT INTO effects VALUES (new.id); END")
    bus, again = await place.open(), []
    sent = [message("t.ordered", order="k", n=n) for n in range(3)]
    await bus.publish(*sent, exchange=Exchange.TOPIC)
    program = str(Path(__file__).with_name("crashing_consumer.py"))
    child = await asyncio.create_subprocess_exec(sys.executable, program, place.url, effects)
    assert await asyncio.wait_for(child.wait(), 30) == -9

    async def handle(delivery: Delivery) -> None:
        with sqlite3.connect(effects) as store:
            store.execute("INSERT INTO inbox VALUES (?) ON CONFLICT DO NOTHING", [delivery.envelope.id])
        again.append(delivery.envelope.id)

    await bus.consume("t.ordered", handle)
    await eventually(lambda: len(again) == 3, 10)
    assert again == [e.id for e in sent], "the killed message comes again, first, and the order of its key holds"
    with sqlite3.connect(effects) as store:
        found = [row[0] for row in store.execute("SELECT id FROM effects")]
    assert sorted(found) == sorted(e.id for e in sent)

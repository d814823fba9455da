"""A consumer that dies between its effect and its ack: run as `python crashing_consumer.py URL EFFECTS`."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys

from conftest import TOPOLOGY
from qbtc.kit.bus import Delivery, open_bus


async def main(url: str, effects: str) -> None:
    async def handle(delivery: Delivery) -> None:
        with sqlite3.connect(effects) as store:
            store.execute("INSERT INTO inbox VALUES (?) ON CONFLICT DO NOTHING", [delivery.envelope.id])
        os.kill(os.getpid(), signal.SIGKILL)

    bus = open_bus(url, service="test", topology=TOPOLOGY)
    await bus.start()
    await bus.consume("t.ordered", handle)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))

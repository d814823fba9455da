"""A line among the events on the screen, in both languages, in the transaction that makes it true."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import JsonValue

from qbtc.kit.messaging import Messenger
from qbtc.kit.store.pool import Connection

CHANNEL = "events"


async def notice(messenger: Messenger, conn: Connection, key: str, english: str, spanish: str, *, symbol: str | None) -> None:
    line: JsonValue = {
        "at": datetime.now(UTC).isoformat().replace("+00:00", "Z"), "service": "hft", "key": key, "summary_en": english,
        "summary_es": spanish, "trace_id": None, "symbol": symbol,
    }  # fmt: skip
    await messenger.ui(channel=CHANNEL, data=line, conn=conn)

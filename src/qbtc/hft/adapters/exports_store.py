"""Stored fills and orders for export, a page at a time. Every value leaves as text; numbers keep all their digits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from qbtc.kit.store.pool import Store

FILLS = (
    "time", "venue", "symbol", "trade_id", "client_order_id", "venue_order_id", "side", "price", "quantity", "fee", "fee_asset",
    "maker", "strategy",
)  # fmt: skip
ORDERS = (
    "time", "updated", "venue", "symbol", "client_order_id", "venue_order_id", "side", "type", "quantity", "price", "filled",
    "state", "strategy", "reason",
)  # fmt: skip
PAGE = 5000
NEWEST = 2**63 - 1
Row = Mapping[str, str]


async def fills(store: Store, venue: str, symbol: str | None, limit: int) -> AsyncIterator[Row]:
    """Newest first."""
    key = ("at_ns", "symbol", "trade_id", "side")
    async for row in _pages(store, "fills", key, of=(venue, symbol), limit=limit):
        yield {**_texts(row), "time": stamp(int(str(row["at_ns"])))}


async def orders(store: Store, venue: str, symbol: str | None, limit: int) -> AsyncIterator[Row]:
    """Newest first."""
    async for row in _pages(store, "orders", ("created_ns", "client_order_id"), of=(venue, symbol), limit=limit):
        times = {"time": stamp(int(str(row["created_ns"]))), "updated": stamp(int(str(row["updated_ns"])))}
        yield {**_texts(row), **times}


async def _pages(
    store: Store, table: str, key: tuple[str, ...], *, of: tuple[str, str | None], limit: int
) -> AsyncIterator[Mapping[str, object]]:
    """Keyset pages of a venue and perhaps a symbol, so that rows that come meanwhile shift nothing."""
    venue, symbol = of
    order, after = ", ".join(f"{name} DESC" for name in key), tuple[object, ...]()
    while limit > 0:
        where = f"({', '.join(key)}) < ({', '.join(['%s'] * len(key))})" if after else "true"
        rows = await store.fetch(
            f"SELECT * FROM {table} WHERE {where} AND venue = %s AND (%s::text IS NULL OR symbol = %s)"
            f" ORDER BY {order} LIMIT %s",
            (*after, venue, symbol, symbol, min(PAGE, limit)),
        )
        for row in rows:
            yield row
        if len(rows) < min(PAGE, limit):
            return
        limit -= len(rows)
        after = tuple(rows[-1][name] for name in key)


def _texts(row: Mapping[str, object]) -> dict[str, str]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def stamp(ns: int) -> str:
    """Nanoseconds since 1970 as RFC 3339 in UTC, all nine digits."""
    seconds, rest = divmod(ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"

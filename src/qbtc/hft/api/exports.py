"""Fills and orders as CSV: decimal strings, RFC 3339 times, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.kit.store.pool import Store

from ..adapters import exports_store

FORMULA = ("=", "+", "-", "@", "\t", "\r")
Limit = Annotated[int, Query(ge=1, le=1_000_000)]
Symbol = Annotated[str | None, Query(pattern=r"^[A-Z0-9]{2,20}$")]
NUMBERS = frozenset({"price", "quantity", "fee", "filled"})


def exports_router(store: Store, *, venue: str) -> APIRouter:
    router = APIRouter(tags=["account"], dependencies=[Depends(require(Role.VIEWER))])

    @router.get("/fills.csv", response_class=StreamingResponse)
    async def fills(symbol: Symbol = None, limit: Limit = 100_000) -> StreamingResponse:
        """Stored executions at this venue, newest first."""
        return _answer("fills", exports_store.FILLS, exports_store.fills(store, venue, symbol, limit))

    @router.get("/orders.csv", response_class=StreamingResponse)
    async def orders(symbol: Symbol = None, limit: Limit = 100_000) -> StreamingResponse:
        """Stored orders at this venue, newest first."""
        return _answer("orders", exports_store.ORDERS, exports_store.orders(store, venue, symbol, limit))

    return router


def _answer(name: str, columns: Sequence[str], rows: AsyncIterator[Mapping[str, str]]) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="qbtc-{name}.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(lines(columns, rows), media_type="text/csv; charset=utf-8", headers=headers)


async def lines(columns: Sequence[str], rows: AsyncIterator[Mapping[str, str]]) -> AsyncIterator[str]:
    """RFC 4180 lines, the heading first."""
    yield _line(columns)
    async for row in rows:
        yield _line([row[c] if c in NUMBERS else safe(row[c]) for c in columns])


def safe(cell: str) -> str:
    """A cell that begins like a formula is quoted by an apostrophe, as spreadsheets do for text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()

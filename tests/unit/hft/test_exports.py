"""CSV of fills and orders: exact numbers, RFC 3339 times, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from decimal import Decimal
from typing import cast

import pytest

from qbtc.hft.adapters import exports_store
from qbtc.hft.adapters.exports_store import FILLS, stamp
from qbtc.hft.api.exports import lines, safe
from qbtc.kit.store.pool import Store


def row(number: int, **values: object) -> dict[str, object]:
    base: dict[str, object] = {
        "venue": "local", "symbol": "BTCUSDT", "trade_id": str(number), "client_order_id": "c", "venue_order_id": None, "side": "BUY",
        "price": Decimal("60000.10000000"), "quantity": Decimal("1E-8"), "fee": Decimal("0"), "fee_asset": "USDT",
        "maker": True, "strategy": None, "at_ns": 1_723_100_400_000_000_001 + number,
    }  # fmt: skip
    return base | values


class Table:
    """Answers the page questions of the export from a list, newest first."""

    def __init__(self, rows: Sequence[dict[str, object]]) -> None:
        self.rows, self.asked = list(rows), 0

    async def fetch(self, _query: str, values: tuple[object, ...]) -> list[dict[str, object]]:
        self.asked += 1
        after = values[0] if len(values) > 4 else None
        left = [r for r in self.rows if after is None or cast(int, r["at_ns"]) < cast(int, after)]
        return left[: cast(int, values[-1])]


async def exported(table: Table, limit: int = 100) -> list[dict[str, str]]:
    text = "".join([line async for line in lines(FILLS, exports_store.fills(cast(Store, table), "local", None, limit))])
    return list(csv.DictReader(io.StringIO(text)))


async def test_numbers_keep_their_digits_and_times_are_rfc_3339() -> None:
    (one,) = await exported(Table([row(0)]))
    assert (one["price"], one["quantity"], one["fee"]) == ("60000.10000000", "0.00000001", "0")
    assert one["time"] == "2024-08-08T07:00:00.000000001Z"
    assert (one["maker"], one["strategy"]) == ("true", "")


async def test_a_cell_that_looks_like_a_formula_is_made_text() -> None:
    (one,) = await exported(Table([row(0, client_order_id='=HYPERLINK("http://x")', strategy='a,b\n"c"')]))
    assert one["client_order_id"] == '\'=HYPERLINK("http://x")'
    assert one["strategy"] == 'a,b\n"c"'


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_every_beginning_of_a_formula_is_known(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


async def test_pages_give_every_row_once_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports_store, "PAGE", 3)
    table = Table([row(n) for n in range(10, 0, -1)])
    assert [int(r["trade_id"]) for r in await exported(table)] == list(range(10, 0, -1))
    assert [int(r["trade_id"]) for r in await exported(Table(table.rows), 4)] == [10, 9, 8, 7]


async def test_an_empty_table_gives_the_heading() -> None:
    async def nothing() -> AsyncIterator[Mapping[str, str]]:
        return
        yield {}

    assert [line async for line in lines(("a", "b"), nothing())] == ["a,b\r\n"]


def test_a_time_keeps_its_nanoseconds() -> None:
    assert stamp(1) == "1970-01-01T00:00:00.000000001Z"

"""HFT's tables. Every write is idempotent, so that the writer may repeat a batch. No rules here.

What belongs to an account is read and written for one venue.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from qbtc.contracts import basis26
from qbtc.contracts.common import OrderType, Side
from qbtc.contracts.trading import OrderEvent
from qbtc.kit.store.pool import Connection, Store

from ..domain.bars import NAN, Bar
from ..domain.feed import KEPT_BARS
from ..domain.orders import Order, State
from ..domain.positions import Fill
from ..domain.standardise import MAX_MINUTES
from ..domain.units import text, units
from ..facts import BarFact, FillFact, OrderFact, ResetFact
from ..ports import StrategyChoice

RETENTION: Mapping[str, str] = {
    "orders": "400 days", "fills": "400 days", "bars": "24 hours", "reference_values": "30 days",
}  # fmt: skip
PROPOSALS_KEPT = "30 days"


async def save_order(conn: Connection, fact: OrderFact, *, venue: str) -> bool:
    """True if the order was not in the table yet. A later step never gives way to an earlier one."""
    e = fact.event
    cursor = await conn.execute(
        "INSERT INTO orders (venue, client_order_id, venue_order_id, symbol, side, type, quantity, price, state, filled, strategy,"
        " reason, created_ns, updated_ns) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (venue, client_order_id) DO UPDATE SET state = excluded.state, filled = excluded.filled, reason ="
        " coalesce(excluded.reason, orders.reason), updated_ns = excluded.updated_ns,"
        " venue_order_id = coalesce(excluded.venue_order_id, orders.venue_order_id)"
        " WHERE orders.updated_ns <= excluded.updated_ns RETURNING xmax = 0 AS inserted",
        (venue, e.client_order_id, e.venue_order_id, e.symbol, e.side, e.type, e.quantity, e.price, fact.state,
         text(int(fact.filled)), e.strategy, e.reason, fact.created_ns, e.at),
    )  # fmt: skip
    row = await cursor.fetchone()
    return bool(row and row["inserted"])


async def load_order(conn: Connection, client_order_id: str, *, venue: str) -> Order | None:
    cursor = await conn.execute(
        "SELECT * FROM orders WHERE venue = %s AND client_order_id = %s", (venue, client_order_id)
    )
    r = await cursor.fetchone()
    if r is None:
        return None
    return Order(
        r["client_order_id"], r["symbol"], Side(r["side"]), OrderType(r["type"]), units(r["quantity"]),
        None if r["price"] is None else units(r["price"]), r["created_ns"], strategy=r["strategy"],
        state=State(r["state"]), filled=units(r["filled"]), venue_order_id=r["venue_order_id"], reason=r["reason"],
        updated_ns=r["updated_ns"],
    )  # fmt: skip


async def save_fill(conn: Connection, fact: FillFact, *, venue: str) -> bool:
    """True if the fill was new; then the position after it is kept too."""
    e = fact.event
    cursor = await conn.execute(
        "INSERT INTO fills (venue, symbol, trade_id, client_order_id, venue_order_id, side, price, quantity, fee, fee_asset, maker,"
        " strategy, at_ns) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (venue, e.symbol, e.trade_id, e.client_order_id, e.venue_order_id, e.side, e.fill_price, e.fill_quantity, e.fee,
         e.fee_asset, e.maker, e.strategy, e.at),
    )  # fmt: skip
    if cursor.rowcount != 1:
        return False
    await conn.execute(
        "INSERT INTO positions (venue, symbol, quantity, cost, realised, fees, fills) VALUES (%s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (venue, symbol) DO UPDATE SET quantity = excluded.quantity, cost = excluded.cost, realised ="
        " excluded.realised, fees = excluded.fees, fills = excluded.fills, updated_at = now()",
        (venue, e.symbol, fact.quantity, fact.cost, fact.realised, fact.fees, fact.fills),
    )
    return True


async def save_reset(conn: Connection, fact: ResetFact, *, venue: str) -> None:
    await conn.execute("INSERT INTO paper_resets (venue, at_ns) VALUES (%s, %s) ON CONFLICT DO NOTHING", (venue, fact.at_ns))


async def save_bar(conn: Connection, fact: BarFact) -> None:
    closed = fact.closed
    rows = [_bar_row(fact, i, symbol, bar) for i, (symbol, bar) in enumerate(closed.bars.items()) if _known(bar)]
    async with conn.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO bars (symbol, end_ns, session, open, high, low, close, volume, quote_volume, trades, mid,"
            " feature_values, feature_scores, present) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            rows,
        )
        if fact.minute:
            await cursor.executemany(
                "INSERT INTO reference_values (symbol, mode, end_ns, feature_values) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [(s, fact.mode, closed.end_ns, _nullable(closed.values[i])) for i, s in enumerate(closed.bars)],
            )


def _bar_row(fact: BarFact, row: int, symbol: str, bar: Bar) -> tuple[object, ...]:
    closed = fact.closed
    return (
        symbol, bar.end_ns, fact.session, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.quote_volume, bar.trades,
        bar.mid if math.isfinite(bar.mid) else None, _nullable(closed.values[row]), closed.scores[row].tolist(),
        closed.present[row].tolist(),
    )  # fmt: skip


def _known(bar: Bar) -> bool:
    return math.isfinite(bar.close)


def _nullable(row: NDArray[np.float64]) -> list[float | None]:
    return [float(x) if math.isfinite(x) else None for x in row]


async def load_reference(store: Store, symbols: Sequence[str], mode: str) -> list[NDArray[np.float64]]:
    """Stored minutes, oldest first, as (symbol, 26) matrices with NaN where nothing is known."""
    rows = await store.fetch(
        "SELECT symbol, end_ns, feature_values FROM reference_values WHERE symbol = ANY(%s) AND mode = %s"
        " AND stored_at > now() - %s::interval ORDER BY end_ns",
        (list(symbols), mode, RETENTION["reference_values"]),
    )
    minutes: dict[int, NDArray[np.float64]] = {}
    for row in rows:
        empty = np.full((len(symbols), basis26.SIZE), np.nan)
        matrix = minutes.setdefault(row["end_ns"], empty)
        matrix[symbols.index(row["symbol"])] = [np.nan if x is None else x for x in row["feature_values"]]
    return list(minutes.values())[-MAX_MINUTES:]


async def load_fills(store: Store, limit: int, *, venue: str) -> list[Fill]:
    """The newest stored executions, oldest first."""
    rows = await store.fetch("SELECT * FROM fills WHERE venue = %s ORDER BY at_ns DESC LIMIT %s", (venue, limit))
    return [
        Fill(
            r["symbol"], r["trade_id"], r["client_order_id"], Side(r["side"]), units(r["price"]), units(r["quantity"]),
            units(r["fee"]), r["fee_asset"], r["maker"], r["at_ns"], r["venue_order_id"], r["strategy"],
        )
        for r in reversed(rows)
    ]  # fmt: skip


async def load_bars(store: Store, symbols: Sequence[str], session: str) -> dict[str, list[Bar]]:
    """Stored bars of this market session for the chart, oldest first; what only features need is not kept (NaN)."""
    rows = await store.fetch(
        "SELECT * FROM bars WHERE symbol = ANY(%s) AND session = %s ORDER BY end_ns DESC LIMIT %s",
        (list(symbols), session, KEPT_BARS * len(symbols)),
    )
    found: dict[str, list[Bar]] = {symbol: [] for symbol in symbols}
    for r in reversed(rows):
        mid = NAN if r["mid"] is None else r["mid"]
        found[r["symbol"]].append(Bar(
            r["end_ns"], r["open"], r["high"], r["low"], r["close"], mid, mid, mid, NAN, NAN, NAN, NAN, NAN, r["volume"],
            0.0, r["quote_volume"], NAN, r["trades"],
        ))  # fmt: skip
    return found


async def load_strategies(store: Store, *, venue: str) -> dict[str, StrategyChoice]:
    rows = await store.fetch("SELECT name, running, parameters, tier, spin, record, legs FROM strategies WHERE venue = %s", (venue,))
    return {
        r["name"]: StrategyChoice(r["running"], r["parameters"], r["tier"], r["spin"], r["record"], r["legs"]) for r in rows
    }


async def save_strategy(conn: Connection, name: str, chosen: StrategyChoice, *, venue: str) -> None:
    await conn.execute(
        "INSERT INTO strategies (venue, name, running, parameters, tier, spin, record, legs) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (venue, name) DO UPDATE SET running = excluded.running, parameters = excluded.parameters,"
        " tier = excluded.tier, spin = excluded.spin, record = excluded.record, legs = excluded.legs, updated_at = now()",
        (
            venue, name, chosen.running, Jsonb(dict(chosen.parameters)), chosen.tier, chosen.spin, chosen.record,
            Jsonb(dict(chosen.legs)),
        ),
    )


async def save_proposal(conn: Connection, event: OrderEvent, *, venue: str) -> None:
    await conn.execute(
        "INSERT INTO proposals (venue, client_order_id, body, status) VALUES (%s, %s, %s, 'proposed') ON CONFLICT DO NOTHING",
        (venue, event.client_order_id, Jsonb(event.model_dump(mode="json"))),
    )


async def take_proposal(conn: Connection, client_order_id: str, *, venue: str) -> OrderEvent | None:
    """The proposal with this id, locked, and marked approved; None if there is none that waits."""
    cursor = await conn.execute(
        "UPDATE proposals SET status = 'approved', decided_at = now() WHERE venue = %s AND client_order_id = %s"
        " AND status = 'proposed' RETURNING body",
        (venue, client_order_id),
    )
    row = await cursor.fetchone()
    return OrderEvent.model_validate(row["body"], strict=False) if row else None


async def refuse_proposal(conn: Connection, client_order_id: str, *, venue: str) -> OrderEvent | None:
    """The proposal with this id, marked refused; None if there is none that waits."""
    cursor = await conn.execute(
        "UPDATE proposals SET status = 'refused', decided_at = now() WHERE venue = %s AND client_order_id = %s"
        " AND status = 'proposed' RETURNING body",
        (venue, client_order_id),
    )
    row = await cursor.fetchone()
    return OrderEvent.model_validate(row["body"], strict=False) if row else None


async def load_proposals(store: Store, *, venue: str, limit: int = 50) -> list[OrderEvent]:
    """The proposals that wait for a person, newest first."""
    rows = await store.fetch(
        "SELECT body FROM proposals WHERE venue = %s AND status = 'proposed' ORDER BY proposed_at DESC LIMIT %s",
        (venue, limit),
    )
    return [OrderEvent.model_validate(row["body"], strict=False) for row in rows]


async def purge(store: Store) -> None:
    """Delete what is past its retention."""
    for table, keep in RETENTION.items():
        await store.execute(f"DELETE FROM {table} WHERE stored_at < now() - %s::interval", (keep,))
    await store.execute("DELETE FROM proposals WHERE proposed_at < now() - %s::interval", (PROPOSALS_KEPT,))

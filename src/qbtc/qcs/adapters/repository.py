"""`qcs_quantum.states` and `matrices` in PostgreSQL: the truth of QCS."""

from __future__ import annotations

from uuid import UUID

import numpy as np

from qbtc.contracts.basis26 import WINDOW_BARS
from qbtc.contracts.quantum import QuantumState
from qbtc.core.hilbert import exponential_weights
from qbtc.core.hilbert.market.references import MINUTES_KEPT
from qbtc.core.hilbert.types import Real
from qbtc.core.hilbert.windows import window_states
from qbtc.kit.errors import BadInput
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection
from qbtc.qcs.domain.folding import RESTORE_BARS, FoldedBar, SessionFold
from qbtc.qcs.errors import MatrixGone, UnknownState
from qbtc.qcs.ports import KeptState, Matrix

from .damage import Damage
from .rows import (
    COLUMNS,
    Row,
    fault_of,
    matrix_fault,
    matrix_hash,
    refuse_invalid,
    to_kept,
    to_past,
    to_reference,
    to_row,
)  # fmt: skip

_INSERT = (
    f"INSERT INTO states ({', '.join(COLUMNS)}) VALUES ({', '.join(f'%({c})s' for c in COLUMNS)})"
    " ON CONFLICT (session, bar, symbol) DO NOTHING"
)
_INSERT_MATRIX = (
    "INSERT INTO matrices (state_id, rho, rho_hash, shrinkage, symbol, bar_end) VALUES (%s, %s, %s, %s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)


class PostgresStates:
    def __init__(self, store: Store, damage: Damage | None = None) -> None:
        self._store, self._damage = store, damage or Damage()

    async def last_bar(self, tx: Connection, session: str) -> int:
        """The last stored bar of a session, -1 for none."""
        cursor = await tx.execute("SELECT max(bar) AS bar FROM states WHERE session = %s", (session,))
        row = await cursor.fetchone()
        return -1 if row is None or row["bar"] is None else int(row["bar"])

    async def restore(self, tx: Connection, session: str) -> SessionFold:
        """The fold as it stood after the last stored bar, equal bit for bit; a damaged row is a missing bar."""
        last = await self.last_bar(tx, session)
        cursor = await tx.execute(
            "SELECT * FROM states WHERE session = %s AND bar > %s ORDER BY symbol, bar", (session, last - RESTORE_BARS)
        )
        past = [to_past(row) for row in self._damage.sound(await cursor.fetchall(), fault_of)]
        fold = SessionFold()
        fold.restore(past, await self._minutes(tx, session))
        return fold

    async def save(self, tx: Connection, event: QuantumState, folded: FoldedBar) -> int:
        """Write the states of one bar; returns how many were new. Refuses invalid ones before writing any."""
        refuse_invalid(folded)
        rows = [to_row(event, folded, i) for i in range(len(event.states))]
        async with tx.cursor() as cursor:
            await cursor.executemany(_INSERT, rows)
            written = cursor.rowcount
        for i in np.flatnonzero(folded.regime.changed):
            await tx.execute(_INSERT_MATRIX, _matrix_row(event, folded, int(i)))
        return written

    async def latest(self) -> list[KeptState]:
        """The newest state of each symbol of the newest session."""
        rows = await self._store.fetch(
            "WITH newest AS (SELECT session, bar FROM states ORDER BY created_at DESC, bar DESC LIMIT 1)"
            " SELECT DISTINCT ON (symbol) states.* FROM states JOIN newest USING (session)"
            " WHERE states.bar > newest.bar - %s ORDER BY symbol, states.bar DESC",
            (WINDOW_BARS,),
        )
        return [to_kept(row) for row in self._damage.sound(rows, fault_of)]

    async def of_symbol(self, symbol: str | None, limit: int) -> list[KeptState]:
        """Newest first; of all symbols if none is given."""
        condition, params = ("WHERE symbol = %s", [symbol]) if symbol else ("", [])
        rows = await self._store.fetch(
            f"SELECT * FROM states {condition} ORDER BY created_at DESC, bar DESC, symbol LIMIT %s", [*params, limit]
        )
        return [to_kept(row) for row in self._damage.sound(rows, fault_of)]

    async def one(self, state_id: str) -> KeptState:
        return to_kept(await self._row(state_id))

    async def matrix(self, state_id: str) -> Matrix:
        """The stored matrix of a regime change, else rho computed again from the rows of its window."""
        row = await self._row(state_id)
        kept = await self._store.fetch("SELECT * FROM matrices WHERE state_id = %s", (row["id"],))
        if kept:
            rho = self._damage.refuse(kept[0], matrix_fault, "state_id")["rho"]
            return Matrix(np.frombuffer(rho, dtype="<c16").reshape(26, 26), kept[0]["shrinkage"])
        return await self._computed(row)

    async def purge(self, *, pure_hours: int, sampled_days: int) -> int:
        """Delete what is past its retention; returns how many rows went."""
        gone = 0
        for statement, age in (
            ("DELETE FROM states WHERE reference IS NULL AND created_at < now() - %s::interval", f"{pure_hours} hours"),
            ("DELETE FROM states WHERE created_at < now() - %s::interval", f"{sampled_days} days"),
            ("DELETE FROM matrices WHERE created_at < now() - %s::interval", f"{sampled_days} days"),
        ):
            gone += await self._store.execute(statement, (age,))
        return gone

    async def _computed(self, row: Row) -> Matrix:
        found = await self._store.fetch(
            "SELECT * FROM states WHERE session = %s AND symbol = %s AND bar > %s AND bar <= %s",
            (row["session"], row["symbol"], row["bar"] - WINDOW_BARS, row["bar"]),
        )
        rows, ages = np.zeros((WINDOW_BARS, 26), dtype=np.complex128), np.full(WINDOW_BARS, np.inf)
        for past in map(to_past, self._damage.sound(found, fault_of)):
            rows[past.bar % WINDOW_BARS] = past.psi * past.intensity
            ages[past.bar % WINDOW_BARS] = row["bar"] - past.bar
        state = window_states(rows[None], exponential_weights(ages)[None])
        if float(state.shrinkage[0]) != row["shrinkage"]:
            raise MatrixGone("rows of its window are past their retention of 24 h or damaged; only the pure state is left")
        return Matrix(state.rho[0], float(state.shrinkage[0]))

    async def _row(self, state_id: str) -> Row:
        try:
            wanted = UUID(state_id)
        except ValueError:
            raise BadInput(f"{state_id!r} is not a state id", field="id", allowed="a UUID") from None
        rows = await self._store.fetch("SELECT * FROM states WHERE id = %s", (wanted,))
        if not rows:
            raise UnknownState(f"no state {state_id}; it may be past its retention", field="id")
        return self._damage.refuse(rows[0], fault_of)

    async def _minutes(self, tx: Connection, session: str) -> dict[str, list[Real]]:
        cursor = await tx.execute(
            "SELECT symbol, reference FROM (SELECT symbol, bar, reference, row_number() OVER"
            " (PARTITION BY symbol ORDER BY bar DESC) AS age FROM states WHERE session = %s AND reference IS NOT NULL) r"
            " WHERE age <= %s ORDER BY symbol, bar",
            (session, MINUTES_KEPT),
        )
        found: dict[str, list[Real]] = {}
        for row in await cursor.fetchall():
            found.setdefault(row["symbol"], []).append(to_reference(row["reference"]))
        return found


def _matrix_row(event: QuantumState, folded: FoldedBar, row: int) -> tuple[object, ...]:
    state, rho = event.states[row], folded.window.rho[row].astype("<c16").tobytes()
    return state.state_id, rho, matrix_hash(rho), state.shrinkage, state.symbol, event.bar_end

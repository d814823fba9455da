"""Two views of the same memories, for what they share: the 26D state of the text and its sentence vector."""

from __future__ import annotations

import numpy as np

from qbtc.core.hilbert import amplitudes, normalise
from qbtc.core.hilbert.types import Complex, Real
from qbtc.core.language.text26 import formula
from qbtc.kit.store.pool import Connection


async def views(conn: Connection, *, identity: str, scope: str | None, limit: int) -> tuple[Complex, Real]:
    """psi (n, 26) and vectors (n, d), rows of norm 1, of the newest visible memories that have both, oldest first."""
    cursor = await conn.execute(
        "SELECT t.z, t.v, e.vector::text AS literal, m.seq FROM text_states t JOIN embeddings e USING (memory_id)"
        " JOIN memories m USING (memory_id) WHERE t.formula = %s AND e.identity = %s AND (%s::text IS NULL OR m.scope = %s)"
        " ORDER BY m.seq DESC LIMIT %s",
        (formula(), identity, scope, scope, limit),
    )
    psi, vectors = [], []
    for row in reversed(await cursor.fetchall()):
        z, v = (np.frombuffer(bytes(row[name]), dtype="<f8") for name in ("z", "v"))
        state = normalise(amplitudes(z, v))
        if np.linalg.norm(state.psi) > 0:
            psi.append(state.psi)
            vectors.append(_vector(row["literal"]))
    if not psi:
        return np.zeros((0, 26), complex), np.zeros((0, 1))
    made = np.array(vectors)
    return np.array(psi), made / np.linalg.norm(made, axis=1, keepdims=True)


def _vector(literal: str) -> Real:
    """A pgvector literal `[0.1,...]`, or the hex of little-endian floats that stands in its place without pgvector."""
    if literal.startswith("["):
        return np.array([float(value) for value in literal[1:-1].split(",")])
    return np.frombuffer(bytes.fromhex(literal.removeprefix("\\x")), dtype="<f4").astype(np.float64)

"""Between rows of `states` and the domain: exact bytes both ways, every state checked before it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from qbtc.contracts import MarketMode
from qbtc.contracts.quantum import QuantumState, SymbolState
from qbtc.core.hilbert import InvalidState, check_density, check_pure, state_hash
from qbtc.core.hilbert.market.references import CHANNELS
from qbtc.core.hilbert.types import Mask, Real
from qbtc.qcs.domain.folding import FoldedBar, PastBar
from qbtc.qcs.domain.regime import REGIMES, index_of
from qbtc.qcs.errors import BadState
from qbtc.qcs.ports import KeptState

Row = Mapping[str, Any]

DERIVED = (
    "coherence_l1",
    "coherence_relative",
    "coherence",
    "purity",
    "entropy",
    "effective_rank",
    "participation",
    "shrinkage",
    "divergence",
    "novelty",
    "novelty_reference",
    "regime",
    "regime_changed",
    "informative",
    "intensity",
    "state_hash",
)
COLUMNS = (
    "id",
    "session",
    "symbol",
    "bar",
    "bar_end",
    "mode",
    "schema_hash",
    "psi",
    "scores",
    "present",
    "diagonal",
    "reference",
    "gap",
    "regime_probabilities",
    "challenger",
    "streak",
    *DERIVED,
)


def refuse_invalid(folded: FoldedBar) -> None:
    """Raises BadState naming the symbol and every failed check."""
    for row, symbol in enumerate(folded.symbols):
        try:
            check_pure(folded.pure.psi[row], informative=bool(folded.pure.informative[row]))
            check_density(folded.window.rho[row])
        except InvalidState as error:
            raise BadState(f"{symbol} at bar {folded.bar}: {error}", field=symbol) from None


def to_row(event: QuantumState, folded: FoldedBar, row: int) -> dict[str, object]:
    state = event.states[row]
    own = {
        "id": state.state_id,
        "session": event.session,
        "symbol": state.symbol,
        "bar": event.bar,
        "bar_end": event.bar_end,
        "mode": event.mode.value,
        "schema_hash": event.schema_hash,
        "psi": folded.pure.psi[row].astype("<c16").tobytes(),
        "scores": folded.scores[row].astype("<f8").tobytes(),
        "present": pack(folded.present[row]),
        "diagonal": folded.report.diagonal[row].astype("<f8").tobytes(),
        "reference": folded.channels[row].astype("<f4").tobytes() if folded.sampled[row] else None,
        "gap": int(folded.gap[row]),
        "regime_probabilities": folded.regime.probabilities[row].tolist(),
        "challenger": int(folded.regime.challenger[row]),
        "streak": int(folded.regime.streak[row]),
    }
    return own | {name: getattr(state, name) for name in DERIVED}


def fault_of(row: Row) -> str | None:
    """Why the bytes of a row are not those that were written; None if they are."""
    psi = np.frombuffer(row["psi"], dtype="<c16")
    try:
        check_pure(psi, informative=row["informative"])
    except InvalidState as error:
        return str(error)
    found = state_hash(psi, row["intensity"], row["schema_hash"])
    return None if found == row["state_hash"] else f"its hash is {found[:16]}…, {row['state_hash'][:16]}… was written"


def matrix_fault(row: Row) -> str | None:
    """As `fault_of`, for a kept density matrix; rows from before hashes are judged by what they are alone."""
    rho = np.frombuffer(row["rho"], dtype="<c16").reshape(26, 26)
    try:
        check_density(rho)
    except InvalidState as error:
        return str(error)
    found = matrix_hash(row["rho"])
    return None if row["rho_hash"] in (None, found) else f"its hash is {found[:16]}…, {row['rho_hash'][:16]}… was written"


def matrix_hash(rho: bytes) -> str:
    return hashlib.sha256(rho).hexdigest()


def to_past(row: Row) -> PastBar:
    return PastBar(
        symbol=row["symbol"],
        bar=row["bar"],
        psi=np.frombuffer(row["psi"], dtype="<c16"),
        intensity=row["intensity"],
        scores=np.frombuffer(row["scores"], dtype="<f8"),
        present=unpack(row["present"]),
        novelty=np.nan if row["novelty"] is None else row["novelty"],
        divergence=np.nan if row["divergence"] is None else row["divergence"],
        probabilities=np.array(row["regime_probabilities"]),
        held=index_of(row["regime"]),
        challenger=row["challenger"],
        streak=row["streak"],
    )


def to_reference(raw: bytes) -> Real:
    return np.frombuffer(raw, dtype="<f4", count=CHANNELS).astype(np.float64)


def to_kept(row: Row) -> KeptState:
    psi = np.frombuffer(row["psi"], dtype="<c16")
    reference = row["novelty_reference"]
    values = {name: row[name] for name in DERIVED} | {
        "symbol": row["symbol"],
        "state_id": str(row["id"]),
        "novelty_reference": None if reference is None else str(reference),
        "real": tuple(psi.real.tolist()),
        "imaginary": tuple(psi.imag.tolist()),
        "present": tuple(unpack(row["present"]).tolist()),
        "diagonal": tuple(np.frombuffer(row["diagonal"], dtype="<f8").tolist()),
        "regime_probabilities": dict(zip(REGIMES, row["regime_probabilities"], strict=True)),
    }
    return KeptState(
        row["session"],
        row["bar"],
        row["bar_end"],
        MarketMode(row["mode"]),
        row["gap"],
        SymbolState.model_validate(values),
    )


def pack(mask: Mask) -> int:
    """Bit i is dimension i."""
    return sum(1 << i for i, bit in enumerate(mask) if bit)


def unpack(bits: int) -> Mask:
    return np.array([bits >> i & 1 for i in range(26)], dtype=np.bool_)

"""From folded numbers to the messages of the contract: `qcs.quantum.state` and `hft.trading.signal`."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

import numpy as np

from qbtc.contracts.quantum import QuantumState, SymbolState
from qbtc.contracts.trading import MarketState, Signal
from qbtc.core.hilbert import state_hash

from .folding import FoldedBar
from .regime import HORIZON_BARS, REGIMES, bias, name_of

NANOSECONDS_A_BAR = 1_000_000_000


def state_id(session: str, symbol: str, bar: int) -> str:
    """The same moment has the same id in every replica and at every retry."""
    return str(uuid5(NAMESPACE_URL, f"urn:qbtc:state:{session}:{symbol}:{bar}"))


def quantum_state(market: MarketState, folded: FoldedBar) -> QuantumState:
    """The event of one bar for all symbols."""
    return QuantumState(
        bar_end=market.bar_end,
        bar=market.bar,
        session=market.session,
        mode=market.mode,
        schema_hash=market.schema_hash,
        states=tuple(symbol_state(market.session, folded, row) for row in range(len(folded.symbols))),
    )


def symbol_state(session: str, folded: FoldedBar, row: int) -> SymbolState:
    symbol, report = folded.symbols[row], folded.report
    psi, intensity = folded.pure.psi[row], float(folded.pure.intensity[row])
    reference = int(folded.novelty_bar[row])
    return SymbolState(
        symbol=symbol,
        state_id=state_id(session, symbol, folded.bar),
        state_hash=state_hash(psi, intensity),
        informative=bool(folded.pure.informative[row]),
        intensity=intensity,
        real=tuple(psi.real.tolist()),
        imaginary=tuple(psi.imag.tolist()),
        present=tuple(folded.present[row].tolist()),
        diagonal=tuple(report.diagonal[row].tolist()),
        novelty=_finite(folded.novelty[row]),
        novelty_reference=state_id(session, symbol, reference) if reference >= 0 else None,
        coherence_l1=float(report.l1[row]),
        coherence_relative=float(report.relative[row]),
        coherence=float(report.normalised[row]),
        purity=float(report.purity[row]),
        entropy=float(report.entropy[row]),
        effective_rank=float(report.effective_rank[row]),
        participation=float(report.participation[row]),
        shrinkage=float(folded.window.shrinkage[row]),
        divergence=_finite(folded.divergence[row]),
        regime=name_of(int(folded.regime.held[row])),
        regime_probabilities=dict(zip(REGIMES, folded.regime.probabilities[row].tolist(), strict=True)),
        regime_changed=bool(folded.regime.changed[row]),
    )


def signals(market: MarketState, folded: FoldedBar) -> list[Signal]:
    """One for each symbol whose held regime changed at this bar."""
    return [_signal(market, folded, int(row)) for row in np.flatnonzero(folded.regime.changed)]


def _signal(market: MarketState, folded: FoldedBar, row: int) -> Signal:
    symbol, held = folded.symbols[row], int(folded.regime.held[row])
    p = folded.regime.probabilities[row]
    lean = bias(p, held)
    about = "leans by the filter's expectation, not by a tested forecast" if lean else "no direction"
    return Signal(
        symbol=symbol,
        regime=name_of(held),
        confidence=float(p[held]),
        bias=lean,
        change_p=_finite(folded.change_p[row]),
        valid_until=market.bar_end + HORIZON_BARS * NANOSECONDS_A_BAR,
        reason=f"regime changed to {name_of(held)} (p={p[held]:.2f}) at bar {market.bar}; {about}",
        evidence=(state_id(market.session, symbol, market.bar),),
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

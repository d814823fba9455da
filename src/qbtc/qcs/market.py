"""The use case of every bar: fold, keep, announce; once in effect, whatever the bus delivers twice or late.

The database is the truth: before a bar is folded its session's last stored bar is read. A bar at or before it is a
redelivery and has no effect; a fold in memory that does not stand exactly there (restart, rolled-back transaction,
another replica) is thrown away and restored.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

import numpy as np

from qbtc.contracts.basis26 import SCHEMA_HASH
from qbtc.contracts.quantum import QuantumState
from qbtc.contracts.trading import MarketState, Signal
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter, histogram
from qbtc.kit.tracing import span

from .domain.events import quantum_state, signals
from .domain.folding import FoldedBar, MarketBar, SessionFold
from .errors import BadState
from .ports import Screen, States

log = get_logger(__name__)

Tx = TypeVar("Tx")
SESSIONS_KEPT = 2


class MarketFold(Generic[Tx]):
    """Folds of the sessions that are alive. `handle` gives the event and the signals, or None for a redelivery."""

    def __init__(self, states: States[Tx], screen: Screen) -> None:
        self._states, self._screen = states, screen
        self._folds: OrderedDict[str, SessionFold] = OrderedDict()
        self._seconds = histogram("qbtc_qcs_fold_seconds", "Time to fold one bar of all symbols")
        self._bars = counter("qbtc_qcs_bars_total", "Bars by outcome", ("outcome",))

    async def handle(self, tx: Tx, market: MarketState) -> tuple[QuantumState, list[Signal]] | None:
        """Fold and store one bar in `tx`. Raises BadState where the message is of another basis."""
        if market.schema_hash != SCHEMA_HASH:
            raise BadState(f"schema {market.schema_hash!r} is not this basis", field="schema_hash", allowed=SCHEMA_HASH)
        last = await self._states.last_bar(tx, market.session)
        if market.bar <= last:
            self._bars.labels("repeated").inc()
            log.info("bar was folded before", session=market.session, bar=market.bar, last=last)
            return None
        fold = await self._fold_at(tx, market.session, last)
        with span("fold", bar=market.bar, symbols=len(market.symbols)), self._seconds.time():
            folded = fold.fold(_bar(market))
        event, found = quantum_state(market, folded), signals(market, folded)
        await self._states.save(tx, event, folded)
        await self._screen.show(event, folded.gap.tolist())
        self._tell(market, folded)
        return event, found

    async def _fold_at(self, tx: Tx, session: str, last: int) -> SessionFold:
        fold = self._folds.get(session)
        if fold is None or fold.last_bar != last:
            fold = await self._states.restore(tx, session) if last >= 0 else SessionFold()
            log.info("fold opened", session=session, last_bar=last, restored=last >= 0)
            self._folds[session] = fold
        self._folds.move_to_end(session)
        while len(self._folds) > SESSIONS_KEPT:
            self._folds.popitem(last=False)
        return fold

    def _tell(self, market: MarketState, folded: FoldedBar) -> None:
        self._bars.labels("folded").inc()
        if folded.gap.any():
            log.warning("bars are missing", bar=market.bar, session=market.session, missing=int(folded.gap.max()))
        for row in np.flatnonzero(folded.regime.changed):
            log.info("regime changed", symbol=folded.symbols[row], bar=market.bar)


def _bar(market: MarketState) -> MarketBar:
    return MarketBar(
        market.bar,
        market.symbols,
        np.array(market.scores, dtype=np.float64).reshape(-1, 26),
        np.array(market.present, dtype=np.bool_).reshape(-1, 26),
    )

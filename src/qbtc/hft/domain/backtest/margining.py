"""From what a person says of leverage, margin and wallet to the account of a run. Every refusal says what is allowed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qbtc.core.market.futures.contracts import Contract, contract
from qbtc.core.market.instrument import Instrument, OffGrid, instrument
from qbtc.core.market.margin import SCALE

from . import marks
from .assumptions import BadAssumption
from .feed import Feed
from .margin import Margin
from .runner import Rules

MODES = ("cross", "isolated")
MOST_WALLET = 1e9


def rules(
    f: Feed, said: Rules, marked: NDArray[np.void] | None, clock: str, leverage: int, margin: str, wallet: float
) -> Rules:
    """The rules of a run with a margin account. `marked`: records of the mark prices that the tape says, with their times by both
    clocks; `clock` is which of them the exchange has, `exchange` or `local`. Raises BadAssumption."""
    rules_of = _contract(f, said)
    most = rules_of.max_leverage
    if not (isinstance(leverage, int) and 1 <= leverage <= most):
        raise BadAssumption(f"leverage {leverage!r} of {f.symbol}; allowed: a whole number from 1 to {most}")
    if margin not in MODES:
        raise BadAssumption(f"there is no margin {margin!r}; allowed: {', '.join(MODES)}")
    if not (math.isfinite(wallet) and 0 < wallet <= MOST_WALLET):
        raise BadAssumption(f"a wallet of {wallet:g}; allowed: more than 0, at most {MOST_WALLET:,.0f} USDT")
    if said.partial is False and f.alone and clock == "local":
        raise BadAssumption(
            f"the tape of {f.symbol} has best bid and ask only, which the venue's futures do not read; allowed with a leverage: whole, partial"
        )
    looks = marks.worked_out(f, rules_of) if marked is None else marks.said(marked[clock], marked["mark"])
    return replace(said, margin=Margin(rules_of, looks, round(wallet * SCALE), leverage, margin == "isolated"))


def _contract(f: Feed, said: Rules) -> Contract:
    """The venue's contract of the symbol on the grid of the tape, with the fees of the run."""
    try:
        grid: Instrument = instrument(f.symbol, f"{f.tick_size:.8f}", f"{f.lot_size:.8f}")
        found = contract(f.symbol, grid)
    except OffGrid:
        found = None
    if found is None:
        raise BadAssumption(f"{f.symbol} is no contract of the venue; allowed with a leverage: symbols quoted in USDT")
    return replace(found, grid=grid, maker=round(said.maker_fee * SCALE), taker=round(said.taker_fee * SCALE))

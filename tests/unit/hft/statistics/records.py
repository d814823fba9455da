"""A backtest's records written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from qbtc.hft.domain.backtest.layout import FILL, LEDGER, SAMPLE

SECOND = 1_000_000_000
BEGIN = 1_700_000_000 * SECOND
TICK, LOT = 0.5, 0.001


def fills(rows: Sequence[tuple[float, int, int, int, float]], *, maker: bool = True, fee: float = 0.0) -> np.ndarray:
    """(second, side, tick, lots, mid in ticks) a fill; orders are numbered."""
    made = np.zeros(len(rows), FILL)
    for n, (second, side, tick, lots, mid) in enumerate(rows):
        made[n]["time"] = made[n]["local"] = BEGIN + round(second * SECOND)
        made[n]["order"], made[n]["side"], made[n]["maker"] = n + 1, side, maker
        made[n]["tick"], made[n]["lots"], made[n]["mid"] = tick, lots, mid
        made[n]["fee"] = fee * tick * lots * TICK * LOT
    return made


def orders(of: np.ndarray, *, delay: float = 0.1, wait: float = 2.0) -> np.ndarray:
    """A filled order for each fill, sent `delay + wait` and arrived `wait` seconds before it."""
    made = np.zeros(len(of), LEDGER)
    made["order"], made["side"], made["tick"] = of["order"], of["side"], of["tick"]
    made["lots"] = made["filled"] = of["lots"]
    made["arrived"] = of["time"] - round(wait * SECOND)
    made["placed"] = made["arrived"] - round(delay * SECOND)
    made["ended"] = of["time"]
    return made


def samples(of: np.ndarray, mids: Sequence[float]) -> np.ndarray:
    """A sample a second with the given mids (quote units), of the account that the fills make."""
    made = np.zeros(len(mids), SAMPLE)
    made["time"] = BEGIN + SECOND * np.arange(1, len(mids) + 1)
    made["mid"] = mids
    signs = np.where(of["side"] == 0, 1, -1)
    for row in made:
        known = of["time"] <= row["time"]
        row["position"] = (signs * of["lots"])[known].sum()
        row["cash"] = -(signs * of["lots"] * of["tick"])[known].sum() * TICK * LOT
        row["fee"] = of["fee"][known].sum()
        row["traded"] = (of["lots"] * of["tick"])[known].sum() * TICK * LOT
    return made


def run(of: np.ndarray, mids: Sequence[float], book: np.ndarray | None = None) -> Any:
    """What the statistics read of a result."""
    return SimpleNamespace(
        tick_size=TICK, lot_size=LOT, fills=of, orders=orders(of) if book is None else book, equity=samples(of, mids),
        begin=BEGIN, end=BEGIN + SECOND * len(mids), margin=None,
    )  # fmt: skip

"""Small made-up tapes: a book that stays sane, trades at the touch, receipt after the exchange."""

from __future__ import annotations

from typing import Any

import numpy as np

from qbtc.hft.domain.backtest.feed import Feed, feed

DEPTH, TRADE, SNAPSHOT, TICKER, CLEAR = 1, 2, 3, 4, 5
START = 1_700_000_000_000_000_000
MS = 1_000_000
Row = tuple[int, int, int]
"""(side, tick, lots)"""
Message = tuple[int, int, int, list[Row]] | tuple[int, int, int, list[Row], int]
"""(kind, exchange ms, receipt ms, rows) and, where there is one, the update id"""


def columns(messages: list[Message]) -> dict[str, Any]:
    """Columns of a tape, messages in order of receipt; ms after START."""
    ordered = sorted(messages, key=lambda m: m[2])
    rows = [(m[0], row) for m in ordered for row in m[3]]
    return {
        "local": np.array([START + m[2] * MS for m in ordered], np.int64),
        "exchange": np.array([START + m[1] * MS for m in ordered], np.int64),
        "kind": np.array([m[0] for m in ordered], np.uint8),
        "first": np.cumsum([0, *(len(m[3]) for m in ordered)]).astype(np.uint32),
        "tick": np.array([tick << 2 | (2 if kind == TRADE else 0) | side for kind, (side, tick, _) in rows], np.int32),
        "lots": np.array([lots for _, (_, _, lots) in rows], np.int32),
    } | ({"seq": np.array([m[4] for m in ordered], np.int64)} if all(len(m) == 5 for m in ordered) else {})


def tape(messages: list[Message], **given: Any) -> Feed:
    return feed(columns(messages), symbol="BTCUSDT", tick_size=0.1, lot_size=0.001, **given)


def walk(seed: int, messages: int, *, lag: int = 7, shuffle: bool = False) -> list[Message]:
    """A random market: the touch wanders, levels change, trades hit the touch. `shuffle`: receipt out of order."""
    rng = np.random.default_rng(seed)
    bids = {1000 - n: int(rng.integers(1, 50)) for n in range(8)}
    asks = {1001 + n: int(rng.integers(1, 50)) for n in range(8)}
    rows = [(0, t, q) for t, q in bids.items()] + [(1, t, q) for t, q in asks.items()]
    made: list[Message] = [(SNAPSHOT, 0, 1, rows)]
    at = 0
    for _ in range(messages):
        at += int(rng.integers(1, 20))
        heard = at + int(rng.integers(1, lag * (6 if shuffle else 1)))
        if rng.random() < 0.4:
            taker = int(rng.integers(2))
            price = max(bids) if taker else min(asks)
            made.append((TRADE, at, heard, [(taker, price, int(rng.integers(1, 20)))]))
        else:
            made.append((DEPTH, at, heard, _move(rng, bids, asks)))
    if not shuffle:
        floor = 0
        for n, (kind, exchange, heard, rows) in enumerate(made):
            floor = max(floor, heard)
            made[n] = (kind, exchange, floor, rows)
    return made


def _move(rng: np.random.Generator, bids: dict[int, int], asks: dict[int, int]) -> list[Row]:
    rows: list[Row] = []
    for side, levels in ((0, bids), (1, asks)):
        for _ in range(int(rng.integers(0, 4))):
            best = (max if side == 0 else min)(levels)
            tick = best + int(rng.integers(-1, 6)) * (-1 if side == 0 else 1)
            other = min(asks) if side == 0 else max(bids)
            if tick >= other if side == 0 else tick <= other:
                continue
            lots = 0 if rng.random() < 0.35 else int(rng.integers(1, 60))
            if lots == 0 and len(levels) < 4:
                continue
            if lots:
                levels[tick] = lots
            else:
                levels.pop(tick, None)
            rows.append((side, tick, lots))
    return rows

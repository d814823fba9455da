"""Raw lines, `<local UTC ns> <JSON>`, as the importer of tapes reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from qbtc.core.market.instrument import Instrument


def line(at: int, text: bytes) -> bytes:
    return b"%d %s\n" % (at, text)


def snapshot(item: Instrument, at: int, last: int, bids: Iterable[Sequence[int]], asks: Iterable[Sequence[int]]) -> bytes:
    """A book as the venue's REST interface tells it; levels are (tick, lots)."""
    sides = ([[item.price_text(tick), item.quantity_text(lots)] for tick, lots in side] for side in (bids, asks))
    body = dict(zip(("bids", "asks"), sides, strict=True))
    return line(at, json.dumps({"lastUpdateId": last} | body, separators=(",", ":")).encode())

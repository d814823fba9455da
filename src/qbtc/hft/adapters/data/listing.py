"""The tapes below a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from qbtc.core.market.tape.layout import L3

from ...errors import BrokenTape, NoTape
from .opening import mapped, read_info
from .writer import TAPE

MOST = (
    ("L3", {kind.name for kind in L3}), ("L2", {"DEPTH", "SNAPSHOT"}), ("tickers", {"TICKER"}), ("trades", {"TRADE"}),
    ("bars", {"BAR"}),
)  # fmt: skip


def listed(folder: Path) -> Iterator[dict[str, Any]]:
    """One row a tape, by path; `error` says why one cannot be used. Imports that are under way are not listed."""
    for file in sorted(folder.rglob(TAPE)):
        path = file.parent
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield _row(path)


def holds(kinds: Mapping[str, int]) -> str:
    """The most that a tape of these kinds of messages says: L3 (orders), L2 (levels), best bid and ask, trades, bars."""
    return next((name for name, of in MOST if of & kinds.keys()), "other")


def _row(path: Path) -> dict[str, Any]:
    try:
        info = read_info(path)
        for name, column in info.columns.items():
            mapped(path, name, column)
    except (BrokenTape, NoTape) as error:
        return {"path": str(path), "error": str(error)}
    return {
        "path": str(path), "symbol": info.symbol, "venue": info.venue, "holds": holds(info.kinds), "messages": info.messages, "rows": info.rows,
        "bytes": info.bytes, "first_local": info.first_local, "last_local": info.last_local, "kinds": info.kinds,
        "tick_size": info.tick_size, "lot_size": info.lot_size, "gaps": len(info.gaps),
        "findings": info.finding_counts, "error": None,
    }  # fmt: skip

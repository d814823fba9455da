"""Which executions are counted, so that none is counted twice however often it is reported. Pure.

The set stays small: below what is settled only the newest are kept, and whatever is older counts as known.
"""

from __future__ import annotations

from collections.abc import Iterator

KEPT_TRADES = 1_000
Key = tuple[int, str]
"""Trade id and side: both sides of a self-match share the id."""


class Seen:
    """`count` grows by one with each execution; two equal readings mean that none came in between."""

    def __init__(self) -> None:
        self._keys: dict[str, set[Key]] = {}
        self._settled: dict[str, int] = {}
        self._forgotten: dict[str, int] = {}
        self.count = 0

    def add(self, symbol: str, trade_id: str, side: str) -> bool:
        """False if it is counted already."""
        key, keys = (int(trade_id), side), self._keys.setdefault(symbol, set())
        if key in keys or key[0] <= self._forgotten.get(symbol, -1):
            return False
        keys.add(key)
        self.count += 1
        return True

    def settled(self, symbol: str) -> int:
        """Every execution of ours up to this trade id is counted; a later one may be missing among others that are."""
        if symbol not in self._settled:  # a journal from before this was kept
            newest = sorted(number for number, _ in self._keys.get(symbol, ()))[-KEPT_TRADES:]
            return newest[0] if newest else 0
        return self._settled[symbol]

    def compared(self, symbol: str) -> bool:
        """Whether the executions of a symbol were ever compared with the venue's."""
        return symbol in self._settled

    def settle(self, symbol: str, trade: int, forgotten: int = -1) -> bool:
        """False when that is known already. `forgotten`: up to where the ids were dropped, as a journal says."""
        if self._settled.get(symbol) == trade:
            return False
        self._settled[symbol] = trade
        self._forgotten[symbol] = max(self._forgotten.get(symbol, -1), forgotten)
        if len(self._keys.get(symbol, ())) > 2 * KEPT_TRADES:
            self._forget(symbol)
        return True

    def forgotten(self, symbol: str) -> int:
        return self._forgotten.get(symbol, -1)

    def _forget(self, symbol: str) -> None:
        """All but the newest, as far as the venue need not be asked for them again."""
        old = [key for key in sorted(self._keys[symbol])[:-KEPT_TRADES] if key[0] <= self._settled.get(symbol, -1)]
        if old:
            self._keys[symbol].difference_update(old)
            self._forgotten[symbol] = max(self.forgotten(symbol), old[-1][0])

    def settlements(self) -> dict[str, int]:
        for symbol in self._keys:
            self._forget(symbol)
        return dict(self._settled)

    def __iter__(self) -> Iterator[tuple[str, Key]]:
        return ((symbol, key) for symbol, keys in self._keys.items() for key in sorted(keys))

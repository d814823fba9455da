"""Which rows of the books are one account's in one symbol: looked up once, then only new rows are looked at. Pure.

A page of a long history is then cut out by bisection; looking at one field of a million rows costs ten milliseconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .journal_format import Words
from .model import Range

Values = Callable[[Any], Any]
"""Of one code or of several."""


class Index:
    """`scan` gives the account's codes (of rows, oldest first) among the rows from one number to another; `ids`, which
    rise, and `times` are the values at codes. Rows once looked at must not change; where old ones are dropped, begin
    again."""

    def __init__(self, scan: Callable[[int, int], Words], ids: Values, times: Values) -> None:
        self._scan, self._ids, self._times = scan, ids, times
        self._codes: Words = np.empty(64, np.int64)
        self._count = self._seen = self._timed = 0
        self._in_time = True
        """Whether the first `_timed` times rise: market time may have gone back in a restart."""

    def page(self, rows: int, within: Range) -> Words:
        """Codes of the first `rows` rows, oldest first, that are within these ids and times."""
        self._grow(rows)
        codes = self._codes[: self._count]
        codes = codes[bisect_left(codes, within.first, key=lambda code: int(self._ids(code))) :] if within.first else codes
        if within.start is None and within.end is None:
            return codes
        if not self._rising():
            return codes[among(self._ids(codes), self._times(codes), within)]
        start = 0 if within.start is None else bisect_left(codes, within.start, key=self._time)
        return codes[start : None if within.end is None else bisect_right(codes, within.end, key=self._time)]

    def _time(self, code: int) -> int:
        return int(self._times(code))

    def _grow(self, rows: int) -> None:
        fresh = self._scan(self._seen, rows)
        self._seen, before, self._count = rows, self._count, self._count + len(fresh)
        if self._count > len(self._codes):
            self._codes = np.concatenate([self._codes[:before], np.empty(self._count + 64, np.int64)])
        self._codes[before : self._count] = fresh

    def _rising(self) -> bool:
        if self._in_time and self._timed < self._count:
            joined = self._codes[max(self._timed - 1, 0) : self._count]
            self._in_time = bool((np.diff(self._times(joined)) >= 0).all())
            self._timed = self._count
        return self._in_time


def among(ids: Words, times: Words, within: Range) -> NDArray[np.bool_]:
    """Which are within these ids and times."""
    chosen: NDArray[np.bool_] = ids >= within.first
    if within.start is not None:
        chosen = chosen & (times >= within.start)
    return chosen if within.end is None else chosen & (times <= within.end)

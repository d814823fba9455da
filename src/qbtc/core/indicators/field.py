"""An indicator inside a strategy: its state is a record within the strategy's record, its update compiled code on it.

    class Cross:
        fast = EMA.field(timeperiod=10)

        def on_book(self, market, orders):
            value = self.fast.update(float(market.bid))

The type of the record names the variant of the function (`EMA 0`), and that is all the compiler needs to know: periods
and offsets are numbers in the record. In plain Python the same compiled code runs on the same bytes.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.extending import overload_method

from .builtin import builtin
from .front import named
from .memory import address_of

if TYPE_CHECKING:
    from .front import Indicator, Values

MARK = "indicator"


class Field:
    """A declaration: the record's type and first content."""

    def __init__(self, indicator: Indicator, values: Values) -> None:
        self.indicator, self.values = indicator, values

    @cached_property
    def content(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The words of a fresh state."""
        entries, plan = self.indicator.compiled(self.values)
        return entries.block(plan, history=True)

    @cached_property
    def dtype(self) -> np.dtype[np.void]:
        """A record with one field, which names the function, the variant and its size in words."""
        key = self.indicator.kernel.choose(*self.values)
        name = " ".join([MARK, self.indicator.__name__, *map(str, key)])
        return np.dtype([(name, "i8", (len(self.content),))])


def _declared(names: Any) -> tuple[Indicator, tuple[int, ...]] | None:
    """(indicator, variant) of a record's type, None if it is no indicator."""
    first = next(iter(names), "")
    if not first.startswith(MARK + " "):
        return None
    _, name, *key = first.split()
    return named(name), tuple(map(int, key))


class Live:
    """The record of an indicator in plain Python: `update` and `warm`, as compiled code has them."""

    def __init__(self, row: np.void) -> None:
        declared = _declared(row.dtype.names or ())
        if declared is None:
            raise TypeError(f"{row.dtype} is not the record of an indicator")
        self._indicator, self._key = declared
        self._words = row[0]

    def update(self, *values: float) -> Any:
        """The value of the newest bar."""
        entries = self._indicator.variant(self._key)
        return builtin(entries.update, self._words, "update", entries.inputs)(*values)

    @property
    def warm(self) -> int:
        return max(int(self._words[2]) + 1 - int(self._words[0]), 0)


@overload_method(types.Record, "update", jit_options={"nogil": True, "error_model": "numpy"})
def _update(record: Any, *values: Any) -> Any:
    declared = _declared(record.fields)
    if declared is None:
        return None
    indicator, key = declared
    advance = indicator.variant(key).advance

    def update(record: Any, *values: Any) -> Any:
        return advance(address_of(record), *values)

    return update

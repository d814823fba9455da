"""An indicator inside a strategy: its state is a record within the strategy's record, its update compiled code on it.

    class Cross:
        fast = EMA.field(timeperiod=10)

        def on_book(self, market, orders):
            value = self.fast.update(float(market.bid))

The type of the record carries the function and its parameters, which is all the compiler needs to know. Nothing is
allocated. In plain Python the same compiled code runs on the same bytes.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types as numba_types
from numba.extending import overload_method

from .builtin import builtin
from .front import named
from .memory import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .entries import Block
    from .front import Indicator, Values

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
MARK = "indicator"
types: Any = numba_types
_overload_method: Any = overload_method


class Field:
    """A declaration: what the record is and holds at first. `strategy_class.read` finds it in the class."""

    def __init__(self, indicator: Indicator, values: Values) -> None:
        self.indicator, self.values = indicator, values

    @cached_property
    def content(self) -> Block:
        """The words of a fresh state."""
        entries, plan = self.indicator.compiled(self.values)
        return entries.block(plan, history=True)

    @cached_property
    def dtype(self) -> np.dtype[np.void]:
        """A record with one member, an array of words, whose name says what it is."""
        name = " ".join([MARK, self.indicator.__name__, *map(repr, self.values)])
        return np.dtype([(name, "i8", (len(self.content),))])

    @property
    def inputs(self) -> tuple[str, ...]:
        """What `update` takes."""
        return self.indicator.function.inputs

    @property
    def mark(self) -> int:
        """Changes when the code does."""
        return self.indicator.compiled(self.values)[0].mark

    def fill(self, record: Any) -> None:
        """Lay the first state down in a record of this type."""
        record[self.dtype.names[0]] = self.content  # type: ignore[index]


def _declared(names: Iterable[str]) -> tuple[Indicator, Values] | None:
    """(indicator, parameters) of a record's members, None if it is no indicator."""
    first = next(iter(names), "")
    if not first.startswith(MARK + " "):
        return None
    _, name, *values = first.split()
    indicator = named(name)
    parameters = zip(indicator.function.parameters, values, strict=True)
    return indicator, tuple(int(value) if p.whole else float(value) for p, value in parameters)


class Live:
    """The record of an indicator in plain Python."""

    def __init__(self, record: np.void) -> None:
        declared = _declared(record.dtype.names or ())
        if declared is None:
            raise TypeError(f"{record.dtype} is not the record of an indicator")
        entries, _ = declared[0].compiled(declared[1])
        self.update = builtin(entries.update, record[0], "update", entries.inputs)


def is_live(record: np.void) -> bool:
    """Whether a record is that of an indicator."""
    return _declared(record.dtype.names or ()) is not None


@_overload_method(types.Record, "update", target="cpu")  # the target puts it before Numba's own, which raises KeyError
def _update(record, *values):
    declared = _declared(record.fields)
    if declared is None:
        return None
    advance = declared[0].compiled(declared[1])[0].advance

    def update(record, *values):
        return advance(address_of(record), *values)

    return update

"""An indicator fed bar by bar from Python: `update` is a builtin function over the state's memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .builtin import builtin

if TYPE_CHECKING:
    from .front import Indicator, Values


class Stream:
    """`update(x)` (or `update(high, low, close)`) takes the newest bar and gives its value, a tuple if there are several.

    Before the first value it gives NaN (0 for whole numbers); `warm` says how many updates are missing until then.
    """

    __slots__ = ("__weakref__", "_block", "_entries", "_fixed", "_lookback", "indicator", "parameters", "update")

    update: Callable[..., Any]

    def __init__(self, indicator: Indicator, values: Values) -> None:
        self._entries, plan = indicator.compiled(values)
        self.indicator, self._lookback = indicator, plan.lookback
        self.parameters = dict(zip((p.name for p in indicator.function.parameters), values, strict=True))
        self._block = self._entries.block(plan, history=True)
        self._fixed = self._entries.fixed(self._block)
        self.update = builtin(self._entries.update, self._block, "update", self._entries.inputs)

    def __call__(self, *values: float) -> Any:
        return self.update(*values)

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"<stream {self.indicator.__name__}({given}), {int(self._block[0])} bars>"

    @property
    def warm(self) -> int:
        """How many values are still missing before the first one; 0 when there is one."""
        return max(self._lookback + 1 - int(self._block[0]), 0)

    @property
    def state(self) -> bytes:
        """All that it remembers; `restore` takes it."""
        return self._block.tobytes()

    def restore(self, state: bytes) -> None:
        """Go on where `state` was taken. Raises ValueError if it is of another function or other parameters."""
        words = np.frombuffer(state, np.int64) if len(state) == self._block.nbytes else None
        if words is None or self._entries.fixed(words) != self._fixed:
            raise ValueError(f"{self!r}: this is not the state of such a stream with the same parameters")
        self._block[:] = words

    def copy(self) -> Stream:
        """A stream of its own that goes on from here."""
        made = Stream(self.indicator, tuple(self.parameters.values()))
        made.restore(self.state)
        return made

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Stream:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return resumed, (self.indicator, tuple(self.parameters.values()), self.state)


def resumed(indicator: Indicator, values: Values, state: bytes) -> Stream:
    """A stream from its parts, as pickle keeps them."""
    made = Stream(indicator, values)
    made.restore(state)
    return made

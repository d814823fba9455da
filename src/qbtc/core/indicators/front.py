"""What users hold: an indicator that is called with arrays, makes streams, and is declared as a field of a strategy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .builtin import builtin
from .registry import FUNCTIONS, Function

if TYPE_CHECKING:
    from .entries import Entries
    from .field import Field
    from .plan import Kernel, Key, Plan
    from .stream import Stream

Array = NDArray[Any]
Values = tuple[float, ...]
Ready = tuple[Callable[..., None], NDArray[np.int64], list[Any]]
REMEMBERED = 64
FLOAT = np.dtype(np.float64)
DTYPES = {"f8": np.float64, "i4": np.int32, "ix": np.int32}


class Indicator:
    """One function: `EMA(array, timeperiod=10)`, `EMA.stream(timeperiod=10)`, `EMA.field(timeperiod=10)`.

    Arguments are as in TA-Lib: the input arrays, then the parameters, by place or by name.
    """

    def __init__(self, function: Function) -> None:
        self.function, self.__name__ = function, function.name
        self._entries: dict[Key, Entries] = {}
        self._ready: dict[tuple[Any, ...], Ready] = {}
        self.__doc__ = _described(function)

    def __repr__(self) -> str:
        return f"<indicator {self.__name__}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return named, (self.__name__,)

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        """Outputs as long as the inputs: NaN (0 for whole numbers) before the first value, a tuple if there are several.

        Leading bars in which any input is NaN are passed over. Raises ValueError or TypeError naming what is wrong.
        """
        count = len(self.function.inputs)
        if len(arguments) < count:
            given = ", ".join(self.function.inputs)
            raise TypeError(f"{self.__name__}: {len(arguments)} arrays given; it takes {count}: {given}")
        arrays = _numbers(self.function, arguments[:count])
        asked = (*arguments[count:], *parameters.items())
        try:
            batch, block, kinds = self._ready[asked]
        except (KeyError, TypeError):
            batch, block, kinds = self._prepared(asked, arguments[count:], parameters)
        outputs = [np.empty(len(arrays[0]), kind) for kind in kinds]
        batch(block.copy(), *arrays, *outputs)
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    def _prepared(self, asked: tuple[Any, ...], given: tuple[Any, ...], named: dict[str, Any]) -> Ready:
        """(compiled code, memory to begin with, kinds of outputs) of parameters, remembered for the next call."""
        entries, plan = self.compiled(self.function.values(named, given))
        batch = builtin(entries.batch, None, "batch", ("memory", *self.function.inputs, *self.function.outputs))
        made = batch, entries.block(plan, history=False), [DTYPES[kind] for kind in self.function.kinds]
        if len(self._ready) >= REMEMBERED:
            self._ready.clear()
        try:
            self._ready[asked] = made
        except TypeError:  # a parameter without a hash, such as a 0-d array
            pass
        return made

    def stream(self, **parameters: Any) -> Stream:
        """One value at a time: `update(x)` gives what the batch gives for the newest bar. Raises as a call does."""
        from .stream import Stream

        return Stream(self, self.function.values(parameters))

    def field(self, **parameters: Any) -> Field:
        """A field of a strategy class, whose state lives in the strategy's record. Raises as a call does."""
        from .field import Field

        return Field(self, self.function.values(parameters))

    def lookback(self, **parameters: Any) -> int:
        """How many bars come before the first value."""
        return self.plan(self.function.values(parameters)).lookback

    @cached_property
    def kernel(self) -> Kernel:
        """What computes it; the modules of its kind are imported when first needed."""
        from .plan import KERNELS

        kernels = "few_candles many_candles" if self.__name__.startswith("CDL") else "maths ranges volatility volume"
        for module in kernels.split():
            import_module(f".kernels.{module}", __package__)
        return KERNELS[self.__name__]

    def plan(self, values: Values) -> Plan:
        """Raises ValueError when the parameters do not go together."""
        try:
            return self.kernel.plan(*values)
        except ValueError as error:
            raise ValueError(f"{self.__name__}: {error}") from None

    def compiled(self, values: Values) -> tuple[Entries, Plan]:
        """The entries of a variant, compiled (or read from the cache) when they are first used, and its plan."""
        plan, key = self.plan(values), self.kernel.choose(*values)
        if key not in self._entries:
            from .entries import Entries

            self._entries[key] = Entries(self.kernel, key, self.function.inputs, self.function.kinds, plan)
        return self._entries[key], plan


def named(name: str) -> Indicator:
    """The one indicator of a name. Raises KeyError."""
    if name not in _INDICATORS:
        _INDICATORS[name] = Indicator(FUNCTIONS[name])
    return _INDICATORS[name]


_INDICATORS: dict[str, Indicator] = {}


def _described(function: Function) -> str:
    lines = [f"{function.title} ({function.group}).", "", f"Inputs: {', '.join(function.inputs)}."]
    for p in function.parameters:
        lines.append(f"{p.name}: {'whole number' if p.whole else 'number'} from {p.low:g} to {p.high:g}, {p.default:g}.")
    return "\n".join([*lines, f"Outputs: {', '.join(function.outputs)}."])


def _numbers(function: Function, given: Sequence[ArrayLike]) -> list[Array]:
    """The inputs as contiguous float64. Raises TypeError or ValueError."""
    arrays: list[Array] = []
    for name, item in zip(function.inputs, given, strict=True):
        if type(item) is np.ndarray and item.dtype is FLOAT and item.ndim == 1 and item.flags.c_contiguous and (
            not arrays or item.size == arrays[0].size
        ):  # fmt: skip
            arrays.append(item)
            continue
        array = np.asarray(item)
        if array.dtype.kind not in "fiu":
            raise TypeError(f"{function.name}: {name} must hold numbers, not {array.dtype}")
        if array.ndim != 1:
            raise ValueError(f"{function.name}: {name} must have one dimension, not {array.ndim}")
        if len(array) != len(arrays[0] if arrays else array):
            raise ValueError(
                f"{function.name}: {name} has {len(array)} values, {function.inputs[0]} has {len(arrays[0])}; "
                "all inputs must be equally long"
            )
        arrays.append(np.ascontiguousarray(array, np.float64))
    return arrays

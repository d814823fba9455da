"""Objects of the trading core as JSON and back, without loss: integers of any size, decimals, enums, records.

Only classes that were named are made, by setting their fields and without running anything of theirs, so a recording
from elsewhere can do no harm. What a version of the code does not know is said by name.
"""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec
import numpy as np

Json = Any  # a JSON value; a recursive alias would have to be cast at every step
Packing = tuple[Callable[[Any], Json], Callable[[Json], Any]]


class UnknownWord(ValueError):
    """Something that this version of the code cannot write down, or does not know."""


class Words:
    def __init__(
        self, classes: Iterable[type], records: Mapping[str, np.dtype[np.void]], packed: Mapping[type, Packing] | None = None
    ) -> None:  # fmt: skip
        """`classes` may be written and made; `records` are NumPy record types by name; `packed` are classes that are written
        as a JSON value of their own: how it is made of one, and one of it."""
        self._pack = {cls: (cls.__name__, pack) for cls, (pack, _) in (packed or {}).items()}
        self._unpack = {cls.__name__: unpack for cls, (_, unpack) in (packed or {}).items()}
        self._classes = {cls.__name__: cls for cls in classes}
        self._records = dict(records)
        self._names = {dtype: name for name, dtype in records.items()}

    def write(self, value: object) -> bytes:
        """Raises UnknownWord."""
        try:
            return json.dumps(self._out(value), separators=(",", ":")).encode()
        except OverflowError as error:
            raise UnknownWord(f"a number is too large to be written down: {error}") from None

    def read(self, raw: bytes) -> Any:
        """Raises UnknownWord."""
        try:
            return self._in(json.loads(raw))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
            raise UnknownWord(f"{type(error).__name__}: {error}") from None

    def _out(self, value: object) -> Json:
        if isinstance(value, Enum):  # before str: a StrEnum is one
            return {"e": [self._known(type(value)), value.value]}
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if (packed := self._pack.get(type(value))) is not None:
            return {"p": [packed[0], packed[1](value)]}
        for kind, write in _WRITE:
            if isinstance(value, kind):
                return write(self, value)
        return {"o": [self._known(type(value)), {name: self._out(getattr(value, name)) for name in names_of(value)}]}

    def _known(self, cls: type) -> str:
        if self._classes.get(cls.__name__) is not cls:
            raise UnknownWord(f"a {cls.__name__} cannot be written down")
        return cls.__name__

    def _array(self, value: np.ndarray) -> Json:
        if value.dtype.names and value.dtype not in self._names:
            raise UnknownWord(f"records of {value.dtype} cannot be written down")
        kind = self._names.get(value.dtype, value.dtype.str)
        return {"a": [kind, list(value.shape), base64.b64encode(value.tobytes()).decode()]}

    def _in(self, value: Json) -> Any:
        if isinstance(value, list):
            return [self._in(v) for v in value]
        if not isinstance(value, dict):
            return value
        ((kind, body),) = value.items()
        return _READ[kind](self, body)

    def _object(self, body: Json) -> Any:
        name, row = body
        if name not in self._classes:
            raise UnknownWord(f"a {name} is not known here")
        cls = self._classes[name]
        if issubclass(cls, msgspec.Struct):
            return cls(**{field: self._in(value) for field, value in row.items()})
        made: Any = cls.__new__(cls)  # type: ignore[call-overload]
        for field, value in row.items():
            object.__setattr__(made, field, self._in(value))
        return made

    def _read_array(self, body: Json) -> Any:
        kind, shape, raw = body
        dtype = self._records.get(kind) or np.dtype(kind)
        return np.frombuffer(base64.b64decode(raw), dtype).reshape(shape).copy()


def names_of(value: object) -> tuple[str, ...]:
    """The fields that make an object what it is."""
    if is_dataclass(value):
        return tuple(f.name for f in fields(value))
    if isinstance(value, msgspec.Struct):
        return value.__struct_fields__
    if hasattr(value, "__dict__"):
        return tuple(vars(value))
    return tuple(getattr(type(value), "__slots__", ()))


_Write = Callable[[Words, Any], Json]
_WRITE: tuple[tuple[type | tuple[type, ...], _Write], ...] = (
    (np.ndarray, Words._array),
    (np.generic, lambda words, v: words._out(v.item())),
    (Decimal, lambda _, v: {"n": str(v)}),
    (bytes, lambda _, v: {"b": base64.b64encode(v).decode()}),
    (list, lambda words, v: [words._out(x) for x in v]),
    (tuple, lambda words, v: {"t": [words._out(x) for x in v]}),
    (deque, lambda words, v: {"q": [v.maxlen, [words._out(x) for x in v]]}),
    (frozenset, lambda words, v: {"f": [words._out(x) for x in v]}),
    (set, lambda words, v: {"s": [words._out(x) for x in v]}),
    (Mapping, lambda words, v: {"d": [[words._out(k), words._out(x)] for k, x in v.items()]}),
    (msgspec.UnsetType, lambda _, v: {"u": None}),
)
_READ: dict[str, _Write] = {
    "a": Words._read_array,
    "o": Words._object,
    "p": lambda words, v: words._unpack[v[0]](v[1]),
    "e": lambda words, v: words._classes[v[0]](v[1]),
    "n": lambda _, v: Decimal(v),
    "b": lambda _, v: base64.b64decode(v),
    "t": lambda words, v: tuple(words._in(x) for x in v),
    "q": lambda words, v: deque((words._in(x) for x in v[1]), maxlen=v[0]),
    "f": lambda words, v: frozenset(words._in(x) for x in v),
    "s": lambda words, v: {words._in(x) for x in v},
    "d": lambda words, v: {words._in(k): words._in(x) for k, x in v},
    "u": lambda _, v: msgspec.UNSET,
}

"""Strategies as plain Python in a backtest: the same class, the same engine and answers, and all of Python inside.

A method is called from the compiled loop by the interpreter's own call. `market` is an object with the fields that the
methods read, renewed before each call where they changed; `orders` takes what buy, sell and cancel write. `self` is an
instance of the class: its declared numbers are kept as they were declared, everything else is an ordinary attribute.
Neither sees more than compiled code does. How the loop gets here: `plain_native`.
"""

from __future__ import annotations

import copy
import ctypes
import inspect
import traceback
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from qbtc.core.indicators.field import Field, Live

from ..risk_records import Records
from ..strategy_class import METHODS, Parameter, Spec, StrategyFault
from ..strategy_compiled import Program
from ..strategy_records import INTENT_BUFFER, MARKET_VIEW
from . import plain_native
from .desk import NEEDS
from .feed import Feed
from .layout import DONE
from .plain_native import DECLARED, PLAIN, SHOWN, WISHES, offset, step_held
from .runner import Runner

_COUNTED = ("count", "fault")
_raise: Any = ctypes.pythonapi.PyErr_Restore
_raise.restype, _raise.argtypes = None, [ctypes.c_void_p] * 3


class PlainProgram(Program):
    """A strategy that is not compiled, for those that ask a Program what it has."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.seconds = spec, 0.0

    def address(self, method: str) -> int:
        return plain_native.address(method) if self.has(method) else 0

    def has(self, method: str) -> bool:
        return method in self.spec.methods


class PlainRunner(Runner):
    """A Runner that calls plain Python. Raises StrategyFault with file and line, and whatever else ended it."""

    stepper: Any = staticmethod(step_held)

    def _ask(self, feeds: Sequence[Feed]) -> None:
        super()._ask(feeds)
        sizes = [(f.tick_size, f.lot_size) for f in feeds]
        self._living = Living(self.program.spec, self.parameters, self.state, self.view, self.intents, sizes)
        self.runs["state_at"] = self._living.address

    def _steps(self) -> int:
        code = super()._steps()
        if code == DONE:
            self._living.settle()
        return code

    def _fault(self, code: int) -> BaseException:
        error = self._living.error()
        if error is None or not isinstance(error, Exception):
            return error or super()._fault(code)
        return in_words(self.program.spec, METHODS[int(self.runs[0]["fault_method"])], error)


def in_words(spec: Spec, method: str, error: Exception) -> StrategyFault:
    """What a method raised, where in the strategy's file; the error itself is its cause."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == spec.path]
    line = frames[-1].lineno if frames else spec.methods[method].__code__.co_firstlineno
    fault = StrategyFault(f"{spec.name}.{method} raised {type(error).__name__}: {error}", path=spec.path, line=line or 0)
    fault.__cause__ = error
    return fault


class Living:
    """The three objects that the methods of one run are given, and PLAIN, which says where they are."""

    def __init__(
        self, spec: Spec, values: Mapping[str, float], state: Records, view: Records, intents: Records, sizes: Sequence[tuple[float, float]],
    ) -> None:  # fmt: skip
        """`sizes`: of tick and lot of each leg."""
        self.spec, self.state = spec, state
        legs = spec.legs or ("",)
        for name, (tick, lot) in zip(legs, sizes, strict=True):
            part = view[name] if name else view
            part["tick_size"], part["lot_size"] = tick, lot
        self.own = _instance(spec, values, state)
        self._glasses = [_market(spec.reads, view[name] if name else view) for name in legs]
        self._wishes = [_orders(intents[name] if name else intents) for name in legs]
        self.market = _together("Market", ("leg", *legs), [0, *self._glasses]) if spec.legs else self._glasses[0]
        self.orders = _together("Orders", legs, self._wishes) if spec.legs else self._wishes[0]
        self._kinds = {name: _kind(spec, name) for name in (*spec.parameters, *spec.states)}
        self._tables = {"shown": self._shown(view), "declared": self._declared(), "wishes": self._asked()}
        self._mend, self._zero = self._mended, 0
        self._plain = np.zeros(1, PLAIN)
        self._tell()

    @property
    def address(self) -> int:
        return int(self._plain.ctypes.data)

    def _shown(self, view: Records) -> Records:
        rows = [(0, _slots(self.market, ("leg",))["leg"], 0, False)] if self.spec.legs else []
        for leg, glass in zip(self.spec.legs or ("",), self._glasses, strict=True):
            part, base = (view[leg], offset(view.dtype, leg)) if leg else (view, 0)
            names = [name for name in type(glass).__slots__ if not MARKET_VIEW[name].shape]
            for name, at in _slots(glass, names).items():
                setattr(glass, name, part[name][0].item())
                floating = MARKET_VIEW[name].kind == "f"
                rows.append((base + offset(MARKET_VIEW, name), at, int(part[name].view(np.int64)[0]), floating))
        return np.array(rows, SHOWN)

    def _declared(self) -> Records:
        found = _slots(self.own, self._kinds)
        return np.array([(found[name], id(kind)) for name, kind in self._kinds.items()], DECLARED)

    def _asked(self) -> Records:
        dtype, legs = self.spec.orders, self.spec.legs
        bases = [offset(dtype, name) for name in legs] or [0]
        return np.array([(base, *_slots(each, _COUNTED).values()) for base, each in zip(bases, self._wishes, strict=True)], WISHES)

    def _tell(self) -> None:
        p = self._plain[0]
        p["methods"] = [id(self.spec.methods[name]) if name in self.spec.methods else 0 for name in METHODS]
        p["given"] = id(self.own), id(self.market), id(self.orders)
        for name, table in self._tables.items():
            p[f"{name}_at"], p[name] = table.ctypes.data, len(table)
        p["type_at"], p["mend"], p["zero"] = _TYPE_AT, id(self._mend), id(self._zero)

    def _mended(self) -> None:
        """Keep the declared numbers as they were declared, as a record does."""
        for name, kind in self._kinds.items():
            value = getattr(self.own, name)
            if type(value) is not kind:
                try:
                    setattr(self.own, name, kind(value))
                except (TypeError, ValueError, OverflowError):
                    raise TypeError(f"self.{name} was declared {kind.__name__} and cannot be {value!r}") from None

    def settle(self) -> None:
        """Write the declared numbers into the record of the state. Raises StrategyFault where one does not fit."""
        for name in self._kinds:
            try:
                self.state[name] = getattr(self.own, name)
            except OverflowError:
                raise StrategyFault(
                    f"{self.spec.name}: {name} = {getattr(self.own, name)} does not fit 64 bits", path=self.spec.path, line=self.spec.line
                ) from None  # fmt: skip

    def error(self) -> BaseException | None:
        """What a method raised; asked once."""
        kind, value, where = (int(word) for word in self._plain[0]["error"])
        self._plain[0]["error"] = 0
        if kind == 0:
            return None
        try:
            _raise(kind, value or None, where or None)
        except BaseException as error:
            return error
        return None


def _kind(spec: Spec, name: str) -> type:
    kinds: dict[str, type] = {"f": float, "i": int, "b": bool}
    return kinds[spec.dtype[name].kind]


def _instance(spec: Spec, values: Mapping[str, float], state: Records) -> Any:
    """A fresh instance: declared numbers in slots, indicators on the state's record, containers of the class copied."""
    declared = [*spec.parameters, *spec.states]
    own = type(spec.cls.__name__, (spec.cls,), {"__slots__": tuple(declared), "__module__": spec.cls.__module__})
    made: Any = object.__new__(own)
    for name in declared:
        setattr(made, name, _kind(spec, name)({**spec.defaults, **values, **spec.states}[name]))
    for name, value in vars(spec.cls).items():
        if isinstance(value, Field):
            setattr(made, name, Live(state[0][name]))
        elif _ordinary(name, value):
            setattr(made, name, copy.deepcopy(value))
    if "__init__" in vars(spec.cls):
        _begin(spec, made)
    return made


def _begin(spec: Spec, made: Any) -> None:
    try:
        made.__init__()
    except Exception as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == spec.path]
        line = frames[-1].lineno if frames else spec.line
        raise StrategyFault(f"{spec.name}.__init__ raised {type(error).__name__}: {error}", path=spec.path, line=line or 0) from error


def _ordinary(name: str, value: object) -> bool:
    """Whether a class attribute is a value of its own for each run: a container or an object, no number and no code."""
    code = callable(value) or hasattr(value, "__get__") or inspect.ismodule(value)
    return not (name.startswith("__") or code or isinstance(value, (int, float, str, bytes, Parameter)))


class _Shown:
    """What a strategy is given as `market`; a field that its methods do not read comes from the record."""

    __slots__ = ("_needs", "_view")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in (MARKET_VIEW.names or ()) or NEEDS.get(name, 0) & ~self._needs:
            raise AttributeError(f"market has no field {name!r} here; it has what the strategy's methods read")
        return self._view[name][0].item()


def _market(names: Iterable[str], view: Records) -> Any:
    read = tuple(name for name in MARKET_VIEW.names or () if name in names)
    made = type("Market", (_Shown,), {"__slots__": read})()
    made._view, made._needs = view, sum({NEEDS[name] for name in read if name in NEEDS})
    for name in read:
        if MARKET_VIEW[name].shape:
            setattr(made, name, memoryview(view[name][0]))
    return made


def _together(name: str, parts: Sequence[str], given: Sequence[Any]) -> Any:
    """An object of several legs."""
    made = type(name, (), {"__slots__": tuple(parts)})()
    for part, each in zip(parts, given, strict=True):
        setattr(made, part, each)
    return made


def _orders(intents: Records) -> Any:
    names = INTENT_BUFFER.names or ()
    return _together("Orders", names, [0 if name in _COUNTED else memoryview(intents[name][0]) for name in names])


def _words(item: object) -> list[int]:
    size = type(item).__basicsize__ // 8
    return [word or 0 for word in (ctypes.c_void_p * size).from_address(id(item))]


def _slots(item: Any, names: Iterable[str]) -> dict[str, int]:
    """Where an object keeps its slots: found by looking for what was put there."""
    found: dict[str, int] = {}
    for name in names:
        before, mark = getattr(item, name, 0), object()
        setattr(item, name, mark)
        found[name] = id(item) + 8 * _words(item).index(id(mark))
        setattr(item, name, before)
    return found


_TYPE_AT = 8 * _words(1.5).index(id(float))

"""What a strategy is: a class with typed parameters and state, and up to four methods. Read here, compiled elsewhere.

    class Example:
        '''One line that says what it does. …'''

        size: float = parameter(200.0, 1.0, 1e6, "quote units of one order")   # a parameter: default, range, meaning
        mean: float = 0.0                                                     # state, kept between calls, per symbol
        slow = EMA.field(timeperiod=50)                                       # an indicator: self.slow.update(price)

        def on_book(self, market, orders): …

`on_book` runs after every change of the book, `on_trade` after a market trade, `on_fill` after a fill of its own,
`on_timer` every `timer_seconds` (1.0) of market time. All take the same three records: `self` (parameters and state),
`market` (MARKET_VIEW) and `orders` (INTENT_BUFFER, written with buy, sell, cancel). The same code runs compiled in the
hot loop and in the trader, and as plain Python in research. Errors name file and line in the user's words.

With `legs = ("spot", "perp")` it trades several markets at once: `market.spot.bid`, `buy(orders.perp, …)`, and `market.leg` is the
number of the one that a call is about. A timer is about all of them (0).
"""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_type_hints

import numpy as np

from qbtc.core.indicators.field import Field, Live, is_live

from .risk_records import Records
from .strategy_records import INTENT_BUFFER, MARKET_VIEW, market_of, orders_of

METHODS = ("on_book", "on_trade", "on_fill", "on_timer")
KINDS: dict[object, str] = {float: "f8", int: "i8", bool: "b1"}
PLAIN_ONLY = "only plain Python can do that: backtest.run(…, compiled=False), qbtc backtest --python"
TIMER = "timer_seconds"
LEGS = "legs"
MOST_LEGS = 8


class StrategyFault(Exception):
    """What is wrong with a strategy, and where: `path:line: message`."""

    def __init__(self, message: str, *, path: str = "", line: int = 0) -> None:
        super().__init__(f"{path}:{line}: {message}" if path else message)
        self.message, self.path, self.line = message, path, line


@dataclass(frozen=True, slots=True)
class Parameter:
    default: float
    low: float
    high: float
    doc: str
    name: str = ""
    kind: str = "float"

    def checked(self, value: float) -> float:
        """The value, as its kind. Raises ValueError that says what is allowed."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ValueError(f"{self.name} = {value!r} is not a finite number")
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.name} = {value!r} is outside {self.low} to {self.high}")
        if self.kind == "int" and value != int(value):
            raise ValueError(f"{self.name} = {value!r} must be a whole number")
        return value


def parameter(default: float, low: float, high: float, doc: str) -> Any:
    """A number that people may set while the strategy runs."""
    return Parameter(default, low, high, doc)


@dataclass(frozen=True)
class Spec:
    """A strategy class as it was read. `states` are the initial values of what it remembers."""

    name: str
    cls: type
    path: str
    line: int
    description: str
    parameters: Mapping[str, Parameter]
    states: Mapping[str, float]
    methods: Mapping[str, Callable[..., None]]
    dtype: np.dtype[np.void]
    timer_ns: int
    defaults: Mapping[str, float] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    reads: frozenset[str] = frozenset(MARKET_VIEW.names or ())
    """Fields of the market that its methods read; all, where a method hands the market on."""
    legs: tuple[str, ...] = ()
    plain: bool = False

    @property
    def market(self) -> np.dtype[np.void]:
        """Of the record that it sees."""
        return market_of(self.legs)

    @property
    def orders(self) -> np.dtype[np.void]:
        """Of the record that it writes its wishes to."""
        return orders_of(self.legs)

    def state(self, values: Mapping[str, float]) -> Records:
        """A fresh record: parameters as given, the rest as declared."""
        made = np.zeros(1, self.dtype)
        for name, value in ({**self.defaults, **values} | dict(self.states)).items():
            made[name] = value
        for name, indicator in self.fields.items():
            indicator.fill(made[name])
        return made

    def checked(self, values: Mapping[str, float]) -> dict[str, float]:
        """Raises ValueError naming the parameter and what is allowed."""
        for name in values:
            if name not in self.parameters:
                raise ValueError(f"unknown parameter {name!r}; allowed: {', '.join(self.parameters) or 'none'}")
        return {name: self.parameters[name].checked(value) for name, value in values.items()}


def read(cls: type, *, name: str, plain: bool = False) -> Spec:
    """The Spec of a strategy class. `plain`: it will not be compiled and may hold more than numbers. Raises StrategyFault."""
    path, line = _where(cls)

    def fault(message: str, at: int = line) -> StrategyFault:
        return StrategyFault(message, path=path, line=at)

    parameters: dict[str, Parameter] = {}
    states: dict[str, float] = {}
    kinds: list[tuple[str, str]] = []
    for field_name, kind in _hints(cls, fault).items():
        value = cls.__dict__.get(field_name)
        if plain and (kind not in KINDS or value is None):
            continue
        if kind not in KINDS:
            raise fault(
                f"{cls.__name__}.{field_name} must be float, int or bool, not {getattr(kind, '__name__', kind)}; {PLAIN_ONLY}"
            )
        if isinstance(value, Parameter):
            parameters[field_name] = _named(value, field_name, kind, fault)
        elif isinstance(value, (int, float)):
            states[field_name] = value
        else:
            raise fault(f"{cls.__name__}.{field_name} needs a value: a number for state, parameter(…) for a parameter")
        kinds.append((field_name, KINDS[kind]))
    methods, fields, legs = _methods(cls, fault, plain=plain), _fields(cls, fault), _legs(cls, fault)
    records = [(name, indicator.dtype) for name, indicator in fields.items()]
    dtype = np.dtype([*kinds, *records, ("_unused", "i8")], align=True)
    _check_fields(cls, methods, None if plain else dtype, legs, path)
    _check_updates(cls, methods, fields, path)
    description = (inspect.getdoc(cls) or inspect.getdoc(inspect.getmodule(cls)) or name).partition("\n")[0]
    return Spec(
        name, cls, path, line, description, parameters, states, methods, dtype, _timer(cls, fault),
        {n: p.default for n, p in parameters.items()}, fields, _reads(methods, legs), legs, plain,
    )  # fmt: skip


Fault = Callable[..., StrategyFault]


def _where(cls: type) -> tuple[str, int]:
    try:
        return inspect.getsourcefile(cls) or "", inspect.getsourcelines(cls)[1]
    except (OSError, TypeError):
        raise StrategyFault(f"{cls.__name__} must be in a file: its source is needed to compile it") from None


def _hints(cls: type, fault: Fault) -> dict[str, object]:
    try:
        hints = get_type_hints(cls)
    except (NameError, TypeError) as error:
        raise fault(f"an annotation of {cls.__name__} cannot be read: {error}") from None
    own = inspect.get_annotations(cls)
    return {name: kind for name, kind in hints.items() if name in own}


def _named(p: Parameter, name: str, kind: object, fault: Fault) -> Parameter:
    named = Parameter(p.default, p.low, p.high, p.doc, name, getattr(kind, "__name__", "float"))
    try:
        named.checked(p.default)
    except ValueError as error:
        raise fault(f"the default is not allowed: {error}") from None
    return named


def _fields(cls: type, fault: Fault) -> dict[str, Field]:
    """The indicators that a class declares."""
    found = {name: value for name, value in cls.__dict__.items() if isinstance(value, Field)}
    for name in found:
        if name in inspect.get_annotations(cls):
            raise fault(f"{cls.__name__}.{name} is an indicator and takes no annotation")
    return found


def _check_updates(cls: type, methods: Mapping[str, Callable[..., None]], fields: Mapping[str, Field], path: str) -> None:
    """An indicator can only be updated, with as many numbers as it has inputs."""
    for name, function in methods.items():
        first, tree = function.__code__.co_firstlineno, ast.parse(textwrap.dedent(inspect.getsource(function)))
        me = next(iter(inspect.signature(function).parameters))
        calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node, member in _members(tree, me):
            if member not in fields:
                continue
            call, inputs = calls.get(id(node)), ", ".join(fields[member].inputs)
            if node.attr == "update" and call and len(call.args) == len(fields[member].inputs) and not call.keywords:
                continue
            raise StrategyFault(
                f"{cls.__name__}.{name}: {me}.{member} is an indicator; call {me}.{member}.update({inputs})", path=path, line=first + node.lineno - 1
            )  # fmt: skip


def _members(tree: ast.AST, me: str) -> Iterator[tuple[ast.Attribute, str]]:
    """(node, x) of each `me.x.something`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            owner = node.value.value
            if isinstance(owner, ast.Name) and owner.id == me:
                yield node, node.value.attr


def _methods(cls: type, fault: Fault, *, plain: bool) -> dict[str, Callable[..., None]]:
    found: dict[str, Callable[..., None]] = {}
    for name, value in cls.__dict__.items():
        if not inspect.isfunction(value):
            continue
        at = value.__code__.co_firstlineno
        if name not in METHODS and plain:
            continue
        if name not in METHODS:
            raise fault(f"{cls.__name__}.{name} is not called by anybody; methods are {', '.join(METHODS)}. "
                        f"Write a function of the module with @helper instead; {PLAIN_ONLY}", at)  # fmt: skip
        if len(inspect.signature(value).parameters) != 3:
            raise fault(f"{cls.__name__}.{name} must take self, market and orders", at)
        found[name] = value
    if not found:
        raise fault(f"{cls.__name__} has none of the methods {', '.join(METHODS)}")
    return found


def _timer(cls: type, fault: Fault) -> int:
    seconds = getattr(cls, TIMER, 1.0)
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0.001 <= seconds <= 86_400:
        raise fault(f"{TIMER} = {seconds!r} must be between 0.001 and 86400")
    return int(seconds * 1e9)


def _legs(cls: type, fault: Fault) -> tuple[str, ...]:
    legs = getattr(cls, LEGS, ())
    fits = isinstance(legs, tuple) and all(isinstance(name, str) and name.isidentifier() for name in legs)
    if not fits or len(set(legs)) != len(legs) or "leg" in legs or len(legs) in (1, *range(MOST_LEGS + 1, len(legs) + 1)):
        raise fault(f"{LEGS} = {legs!r} must be 2 to {MOST_LEGS} different names, such as ('spot', 'perp'); 'leg' is taken")
    return legs


def _check_fields(
    cls: type, methods: Mapping[str, Callable[..., None]], dtype: np.dtype[np.void] | None, legs: tuple[str, ...], path: str
) -> None:
    """Every name, `self.x`, `market.x` and `orders.x` must exist; the compiler would say so in its own words.

    No `dtype`: any `self.x` may.
    """
    for name, function in methods.items():
        first = function.__code__.co_firstlineno
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        for node in _undefined(function, tree):
            raise StrategyFault(
                f"{cls.__name__}.{name}: {node.id!r} is not defined", path=path, line=first + node.lineno - 1
            )
        arguments = list(inspect.signature(function).parameters)
        records = (dtype, market_of(legs), orders_of(legs))
        known = {who: record.names or () for who, record in zip(arguments, records, strict=True) if record is not None}
        for n, record in enumerate((MARKET_VIEW, INTENT_BUFFER), 1):
            known |= {f"{arguments[n]}.{leg}": record.names or () for leg in legs}
        for who, attribute, line in _attributes(tree):
            if who in known and attribute not in known[who]:
                offered = ", ".join(n for n in known[who] if n != "_unused")
                offered += f"; {PLAIN_ONLY}" if who == arguments[0] else ""
                raise StrategyFault(
                    f"{cls.__name__}.{name}: {who} has no field {attribute!r}; it has {offered}", path=path, line=first + line - 1
                )  # fmt: skip


def _undefined(function: Callable[..., None], tree: ast.AST) -> Iterator[ast.Name]:
    code = function.__code__
    known = {*function.__globals__, *vars(builtins), *code.co_varnames, *code.co_cellvars, *code.co_freevars}
    known.update(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
    known.update(node.arg for node in ast.walk(tree) if isinstance(node, ast.arg))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Load)
            and node.id in code.co_names
            and node.id not in known
        ):
            yield node


def _reads(methods: Mapping[str, Callable[..., None]], legs: tuple[str, ...]) -> frozenset[str]:
    """Fields of the market that are read by name; all of them where the market itself is handed on."""
    found: set[str] = set()
    for function in methods.values():
        market = list(inspect.signature(function).parameters)[1]
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        whose = {market, *(f"{market}.{leg}" for leg in legs)}
        named = [at for who, at, _ in _attributes(tree) if who in whose and at not in legs]
        mentioned = sum(isinstance(node, ast.Name) and node.id == market for node in ast.walk(tree))
        found.update(named if mentioned == len(named) else MARKET_VIEW.names or ())
    return frozenset(found)


def _attributes(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """(owner, attribute, line): the owner is a name, or a name and an attribute of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value
            if isinstance(owner, ast.Name):
                yield owner.id, node.attr, node.lineno
            elif isinstance(owner.value, ast.Name):
                yield f"{owner.value.id}.{owner.attr}", node.attr, node.lineno


class Row:
    """A record for plain Python: attributes read and write its fields, as they do in compiled code."""

    __slots__ = ("_row",)

    def __init__(self, records: Records | Sequence[np.void]) -> None:
        object.__setattr__(self, "_row", records[0])

    def __getattr__(self, name: str) -> Any:
        try:
            value = self._row[name]
        except ValueError:
            raise AttributeError(f"no field {name!r}") from None
        if isinstance(value, np.void):
            return Live(value) if is_live(value) else Row([value])
        return value.item() if isinstance(value, np.generic) else value

    def __setattr__(self, name: str, value: object) -> None:
        try:
            self._row[name] = value
        except ValueError as error:
            raise AttributeError(f"{name}: {error}") from None

"""Inference: what may be asked, with its limits, and the answer in this process.

    from qbtc.qcs import inference
    inference.compute(inference.Infer(bars=bars, target="size"))["words"]

The service computes the same as a job; there the rows can also be the stored states of a symbol (`RowsOf`). Every forecast
is scored on held-out rows beside a Gaussian HMM, a Kalman filter and the base rate, and the answer says "no gain" where there is none.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any, ClassVar, Self

from pydantic import ConfigDict, Field, JsonValue, model_validator

from qbtc.contracts.basis26 import INDEX, SIZE
from qbtc.contracts.common import Symbol

from .errors import JobRefused
from .jobs.ports import Parameters
from .jobs.request import Request
from .ports import KeptState, States

MOST_ROWS, MOST_FOLDS = 5_000, 20
LEAST_TRAIN, LEAST_TEST = 100, 20
BAR_TARGETS = ("return", "size")
NOT_GIVEN = ("features", "bars", "symbol")

Value = Annotated[float, Field(ge=-1e12, le=1e12)] | None
Price = Annotated[float, Field(gt=0, le=1e12)]
Volume = Annotated[float, Field(ge=0, le=1e18)]
Bar = tuple[Price, Price, Price, Price, Volume]


def _example() -> dict[str, Any]:
    """Two waves in noise: small enough to be answered in seconds."""
    noise = [((i * i * 7919) % 97) / 97 for i in range(240)]
    rows = [[round(math.sin(i / 5) + e, 3), round(math.cos(i / 5) - e, 3)] for i, e in enumerate(noise)]
    return {"features": rows, "target": "0", "train": 150, "test": 45, "window": 20, "lag": 5}


class Infer(Request):
    """Forecasts by a fitted channel and POVM beside classical ones on held-out rows, and how unusual the last change of state is.

    Exactly one of `features` (rows of 2 to 26 numbers, oldest first, null where absent), `bars` (open, high, low, close,
    volume) and `symbol` (its stored states). The target is a column of the features, `horizon` rows later, or `values`.
    """

    kind: ClassVar[str] = "inference"
    work: ClassVar[str] = "qbtc.qcs.domain.inference.answer:work"
    model_config = ConfigDict(json_schema_extra={"example": _example()})

    features: Annotated[list[list[Value]], Field(max_length=MOST_ROWS)] | None = None
    values: Annotated[list[Annotated[float, Field(ge=-1e12, le=1e12)]], Field(max_length=MOST_ROWS)] | None = Field(
        default=None, description="of features: what is forecast; value t belongs to row t and is known `horizon` rows later"
    )
    bars: Annotated[list[Bar], Field(max_length=MOST_ROWS)] | None = None
    symbol: Symbol | None = None
    limit: int = Field(default=3_000, ge=200, le=MOST_ROWS, description="of a symbol: newest states in a row that are used")
    target: Annotated[str, Field(max_length=10)] | None = Field(
        default=None, description="bars: return or size; a symbol: a letter A to Z; features: a letter, or a column from 0"
    )
    horizon: int = Field(default=1, ge=1, le=500, description="rows ahead")
    classes: int = Field(default=3, ge=2, le=5, description="equally frequent in the first training rows")
    edges: Annotated[list[float], Field(min_length=1, max_length=4)] | None = Field(default=None, description="of the classes, instead")
    train: int | None = Field(default=None, ge=LEAST_TRAIN, description="rows that are fitted to; half of all if none is said")
    test: int | None = Field(default=None, ge=LEAST_TEST, description="rows between two fits; a quarter of the rest if none is said")
    window: int = Field(default=60, ge=5, le=500, description="rows of a window state")
    lag: int = Field(default=20, ge=1, le=500, description="rows between two states that are compared")
    history: int = Field(default=1_200, ge=50, le=MOST_ROWS, description="rows that the null of a change is made of")
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [name for name in NOT_GIVEN if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of features, bars and symbol; {' and '.join(given) or 'none'} given")
        if self.values is not None and self.features is None:
            raise ValueError("values belong to features")
        if self.edges is not None and any(b <= a for a, b in zip(self.edges, self.edges[1:], strict=False)):
            raise ValueError("edges must rise")
        return self

    @model_validator(mode="after")
    def _target_is_there(self) -> Self:
        if self.bars is not None and (self.target or "return") not in BAR_TARGETS:
            raise ValueError(f"target {self.target!r} of bars; allowed: {' or '.join(BAR_TARGETS)}")
        if self.symbol is not None and (self.target or "B") not in INDEX:
            raise ValueError(f"target {self.target!r} of a symbol's states; allowed: a letter A to Z")
        if self.features is not None:
            _check_features(self.features, self.values, self.target, self.horizon)
        return self

    @model_validator(mode="after")
    def _rows_suffice(self) -> Self:
        if self.symbol is None:
            self._plan(self.rows)
        return self

    @property
    def rows(self) -> int:
        """That are given; 0 for a symbol."""
        return len(self.features or self.bars or ())

    def _plan(self, rows: int) -> tuple[int, int]:
        known = rows - self.horizon if self.values is None else len(self.values)
        return plan_of(known, self.horizon, self.train, self.test)

    def filled(self, rows: int) -> Parameters:
        """What `work` takes: the plan in numbers, the target by name. Raises ValueError for too few rows or too many fits."""
        train, test = self._plan(rows)
        target = self.target or ("return" if self.bars is not None else "B" if self.symbol is not None else None)
        edges = [0.0] if self.edges is None and target == "return" else self.edges
        return self.model_dump(mode="json") | {"train": train, "test": test, "target": target, "edges": edges}


def _check_features(rows: list[list[Value]], values: list[float] | None, target: str | None, horizon: int) -> None:
    """Raises ValueError."""
    widths = {len(row) for row in rows}
    if len(widths) != 1 or not 2 <= min(widths) <= SIZE:
        raise ValueError(f"rows have {sorted(widths)} numbers; allowed is one width from 2 to {SIZE}")
    width = min(widths)
    if values is not None:
        if len(values) not in (len(rows), len(rows) - horizon):
            raise ValueError(f"{len(values)} values of {len(rows)} rows; allowed are as many as rows, or {horizon} fewer")
    elif target is None:
        raise ValueError("say what is forecast: a target column or values")
    elif not (target in INDEX and width == SIZE) and not (target.isdigit() and int(target) < width):
        raise ValueError(f"target {target!r}; allowed: a column from 0 to {width - 1}" + (", or a letter A to Z" if width == SIZE else ""))


def compute(asked: Infer, told: Callable[[float, str], None] = lambda _share, _step: None) -> dict[str, Any]:
    """The answer for features or bars, computed here and now. Raises ValueError for what cannot be fitted."""
    if asked.symbol is not None:
        raise ValueError("the states of a symbol are with the service; give features or bars, or ask POST /infer")
    module, _, name = asked.work.partition(":")
    answer: dict[str, Any] = getattr(import_module(module), name)(asked.filled(asked.rows), told)
    return answer


def plan_of(known: int, horizon: int, train: int | None, test: int | None) -> tuple[int, int]:
    """Rows of a fit and rows between two fits. Raises ValueError."""
    least = max(LEAST_TRAIN, 10 * horizon)
    chosen = max(known // 2, least) if train is None else train
    if chosen < least or known - chosen < LEAST_TEST:
        raise ValueError(
            f"{max(known, 0)} rows with a known outcome, {chosen} of them to train on; at horizon {horizon} at least {least} to train on"
            f" and {LEAST_TEST} behind them are needed"
        )
    step = max((known - chosen) // 4, LEAST_TEST) if test is None else test
    fits = -(-(known - chosen) // step)
    if fits > MOST_FOLDS:
        raise ValueError(f"{fits} fits of {chosen} rows; allowed are {MOST_FOLDS}: raise test")
    return chosen, step


class RowsOf:
    """Brings the rows of a symbol to a job's parameters when it starts: its newest stored states without a gap."""

    def __init__(self, states: States[Any]) -> None:
        self._states = states

    async def __call__(self, parameters: Parameters) -> Parameters:
        """Raises JobRefused where too few states are stored."""
        asked = Infer.model_validate(parameters)
        if asked.symbol is None:
            return asked.filled(asked.rows)
        run = unbroken(await self._states.of_symbol(asked.symbol, asked.limit))
        try:
            filled = asked.filled(len(run))
        except ValueError as error:
            raise JobRefused(f"{len(run)} states of {asked.symbol} stand in a row: {error}", field="symbol") from None
        return filled | {"states": _table(run)}


def unbroken(newest_first: list[KeptState]) -> list[KeptState]:
    """Oldest first: the newest informative states of one session, bar by bar."""
    run: list[KeptState] = []
    for kept in newest_first:
        follows = not run or (kept.session == run[-1].session and kept.bar == run[-1].bar - 1)
        if not follows or not kept.state.informative:
            break
        run.append(kept)
    return run[::-1]


def _table(run: list[KeptState]) -> dict[str, JsonValue]:
    def scaled(name: str) -> JsonValue:
        return [[part * kept.state.intensity for part in getattr(kept.state, name)] for kept in run]

    newest = run[-1]
    return {"real": scaled("real"), "imaginary": scaled("imaginary"), "state_id": newest.state.state_id, "bar_end": str(newest.bar_end)}

"""Files with a function `position(bars, …)`, which gives the position wanted at the close of every bar.

    def position(bars, fast=10, slow=50, size=0.01):
        return np.where(EMA(bars.close, timeperiod=fast) > EMA(bars.close, timeperiod=slow), size, 0.0)

Its other arguments are parameters, with numbers as defaults. As with strategies, loading a file runs it.
"""

from __future__ import annotations

import inspect
import math
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.barwise.series import Bars
from ..domain.strategy import StrategyFault
from ..errors import NoSuchStrategy
from ..strategies import EXAMPLES
from .strategy_files import POSITION, located, run_file

HOW = f"a file with a function {POSITION}(bars, …) that gives the position wanted at each close (docs/guide/hft/bars.md)"


@dataclass(frozen=True)
class Positions:
    """The function of one file. `parameters`: its other arguments with their values."""

    name: str
    path: str
    function: Callable[..., Any]
    parameters: Mapping[str, float]

    def with_values(self, values: Mapping[str, float]) -> Positions:
        """Raises ValueError naming the parameter and what is allowed."""
        made = dict(self.parameters)
        for name, value in values.items():
            if name not in made:
                raise ValueError(f"unknown parameter {name!r}; allowed: {', '.join(made) or 'none'}")
            if not math.isfinite(value):
                raise ValueError(f"{name} = {value!r} is not a finite number")
            if isinstance(made[name], int) and value != int(value):
                raise ValueError(f"{name} = {value!r} must be a whole number")
            made[name] = type(made[name])(value)
        return Positions(self.name, self.path, self.function, made)

    def wanted(self, bars: Bars) -> Any:
        """What the function gives. Raises StrategyFault with file and line for what it raises."""
        try:
            return self.function(bars, **self.parameters)
        except Exception as error:
            lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == self.path]
            line = (lines or [self.function.__code__.co_firstlineno])[-1] or 1
            raise StrategyFault(f"{self.name}.{POSITION} raised {type(error).__name__}: {error}", path=self.path, line=line) from error


def load_positions(text: str, home: Path) -> Positions:
    """Raises NoSuchStrategy, which says what is allowed, or StrategyFault with file and line."""
    if text in EXAMPLES:
        raise NoSuchStrategy(f"{text!r} is a strategy of books and trades, not of bars", field="strategy", allowed=HOW)
    path, _ = located(text, home)
    function = getattr(run_file(path), POSITION, None)
    if not inspect.isfunction(function):
        raise NoSuchStrategy(f"{path} has no function {POSITION}(bars, …), which bars need", field="strategy", allowed=HOW)
    return Positions(path.stem, str(path), function, _parameters(function, str(path)))


def _parameters(function: Callable[..., Any], path: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for p in list(inspect.signature(function).parameters.values())[1:]:
        if isinstance(p.default, bool) or not isinstance(p.default, (int, float)):
            line = function.__code__.co_firstlineno
            raise StrategyFault(f"{POSITION}: {p.name} needs a number as its default, such as {p.name}=10", path=path, line=line)
        found[p.name] = p.default
    return found

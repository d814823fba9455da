"""The table of functions is TA-Lib's: names, groups, inputs, parameters, defaults, ranges, outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.every import every

from qbtc.core import indicators
from qbtc.core.indicators import FUNCTIONS, MA_Type
from qbtc.hft import indicators as hft_indicators

talib = pytest.importorskip("talib", reason="TA-Lib is the reference; it is in the lock of the development extra")


def described(name: str) -> Any:
    from talib import abstract

    return abstract.Function(name)


def test_every_function_of_talib_is_there_in_its_group_and_none_else() -> None:
    groups = {group: tuple(names) for group, names in talib.get_function_groups().items()}

    assert indicators.groups() == groups
    assert sum(map(len, groups.values())) == len(FUNCTIONS) == 201


@every("name", FUNCTIONS)
def test_parameters_defaults_outputs_and_lookback_are_those_of_talib(name: str) -> None:
    theirs, ours = described(name), FUNCTIONS[name]

    assert {p.name: p.default for p in ours.parameters} == dict(theirs.parameters)
    assert list(ours.outputs) == theirs.output_names
    assert indicators.indicator(name).lookback() == theirs.lookback


def accepts(name: str, arrays: list[np.ndarray], given: dict[str, float]) -> bool:
    try:
        getattr(talib, name)(*arrays, **given)
    except Exception:  # TA-Lib raises plain Exception
        return False
    return True


@every("name", [name for name, function in FUNCTIONS.items() if function.parameters])
def test_the_ranges_of_parameters_are_those_of_talib(name: str) -> None:
    function = FUNCTIONS[name]
    arrays = [np.linspace(1.0, 2.0, 40) for _ in function.inputs]
    others = {"minperiod": 1, "maxperiod": 100_000} if name == "MAVP" else {}
    for p in function.parameters:
        step = 1 if p.whole else 0.01 + abs(p.high) * 0.1
        for value in (p.low, p.high):
            assert accepts(name, arrays, {**others, p.name: value}), (p.name, value)
        for value in (p.low - step, p.high + step):
            assert not accepts(name, arrays, {**others, p.name: value}), (p.name, value)
            with pytest.raises(ValueError, match=rf"^{name}: {p.name} = .* is outside"):
                function.values({p.name: value})


def test_the_types_of_moving_average_are_those_of_talib() -> None:
    assert {kind.name: kind.value for kind in MA_Type} == {kind.name: getattr(talib.MA_Type, kind.name) for kind in MA_Type}


def test_traders_import_the_same_indicators_from_hft() -> None:
    assert hft_indicators.EMA is indicators.EMA
    assert set(FUNCTIONS) <= set(dir(hft_indicators))


def test_a_name_that_is_no_indicator_is_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'EMAX'"):
        _ = hft_indicators.EMAX
    with pytest.raises(KeyError, match="there is no indicator 'EMAX'"):
        indicators.indicator("EMAX")

"""What may be asked of a search."""

from __future__ import annotations

from typing import Any

import pytest

from qbtc.hft.domain.asking import Refused, check_sweep

ASKED: dict[str, Any] = {"train": "1h", "test": "15m", "newest": None, "objective": "sharpe", "grid": {"a": [1.0, 2.0], "b": [1.0]}}


def test_a_grid_of_different_values_is_taken() -> None:
    check_sweep(ASKED)


@pytest.mark.parametrize("values", [[5.0, 5.0], [1.0, 2, 1], [0.0, -0.0]])
def test_a_value_that_is_there_twice_is_refused_with_its_name(values: list[float]) -> None:
    with pytest.raises(Refused, match="b has a value more than once") as caught:
        check_sweep({**ASKED, "grid": {**ASKED["grid"], "b": values}})
    assert caught.value.field == "grid"

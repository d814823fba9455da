"""What the page draws of a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from tests.every import every

from qbtc.hft.adapters.research.results import POINTS, margin_curve
from qbtc.hft.domain.backtest.margin import SAMPLE


@every("count", [1, 2, POINTS, POINTS + 1, 2 * POINTS + 1, 5000])
def test_no_peak_of_the_margin_ratio_is_lost_between_the_points_that_are_drawn(count: int) -> None:
    samples = np.zeros(count, SAMPLE)
    samples["time"], samples["balance"] = np.arange(count) * 1_000_000, np.arange(count)
    for peak in {0, 1 % count, count // 2, max(count - 2, 0), count - 1}:
        samples["ratio"] = 0.25
        samples["ratio"][peak] = 0.75
        of: Any = SimpleNamespace(margin=SimpleNamespace(samples=samples))
        drawn = margin_curve(of)
        assert len(drawn) == min(count, POINTS)
        assert (drawn[0][:2], drawn[-1][:2]) == ([0, 0.0], [count - 1, count - 1.0])
        assert [ratio for _, _, ratio in drawn].count(0.75) == 1
        assert next(ms for ms, _, ratio in drawn if ratio == 0.75) >= peak


def test_a_run_without_an_account_draws_none() -> None:
    of: Any = SimpleNamespace(margin=None)
    assert margin_curve(of) == []

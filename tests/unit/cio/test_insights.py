"""What trades, regimes and conversations show, with n, interval and null."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.every import every

from qbtc.cio.domain.insight_words import insight_texts
from qbtc.cio.domain.insights import (
    Case,
    Insight,
    binomial_p,
    mean_of,
    of_conversations,
    of_regimes,
    of_trades,
    student_quantile,
)


def cases(values: list[float], group: str = "grid") -> list[Case]:
    return [Case(f"{group}{i}", group, value) for i, value in enumerate(values)]


@every("count, n, share", [(0, 10, 0.5), (10, 10, 0.5), (3, 10, 0.5), (7, 31, 0.2), (0, 1, 0.9), (400, 1000, 0.37)])
def test_the_binomial_p_equals_scipys(count: int, n: int, share: float) -> None:
    assert binomial_p(count, n, share) == pytest.approx(stats.binomtest(count, n, share).pvalue, rel=1e-8)


@every("freedom", [1, 2, 3, 8, 29, 120])
def test_the_student_quantile_equals_scipys(freedom: int) -> None:
    assert student_quantile(0.95, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-8)


@given(st.lists(st.integers(-1000, 1000), min_size=3, max_size=40).filter(lambda values: len(set(values)) > 1))
def test_a_mean_has_the_interval_and_p_of_scipys_t_test(values: list[int]) -> None:
    found, expected = mean_of("mean result", "g", cases([float(v) for v in values])), stats.ttest_1samp(values, 0)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)
    interval = expected.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-6, abs=1e-6)


def test_trades_give_a_win_share_and_a_mean_of_each_strategy_with_their_evidence() -> None:
    found = of_trades([*cases([1.0, -1.0] * 10), *cases([2.0, 3.0] * 10, "trend")])
    assert [(one.template, one.group, one.n) for one in found] == [
        ("win share", "grid", 20), ("win share", "trend", 20), ("mean result", "grid", 20), ("mean result", "trend", 20)
    ]  # fmt: skip
    assert [one.within_chance for one in found] == [True, False, True, False]
    assert found[1].evidence == tuple(f"trend{i}" for i in range(20))


def test_a_memory_told_twice_counts_once() -> None:
    assert of_regimes([*cases([0.1] * 9, "calm"), *cases([0.1] * 9, "calm")])[0].n == 9


def test_under_the_least_number_of_cases_nothing_is_said() -> None:
    (found,) = of_regimes(cases([0.1, 0.11, 0.1], "calm"))
    assert found.within_chance
    assert insight_texts(found) == (
        "calm: 3 cases are not enough to say anything (8 needed).",
        "calm: 3 casos no bastan para decir nada (hacen falta 8).",
    )


def test_the_words_say_estimate_interval_sample_and_null_in_both_languages() -> None:
    english, spanish = insight_texts(Insight("win share", "trend", 40, 0.75, 0.6, 0.86, 0.002, (), 0.5, 0.004))
    assert english == (
        "trend: 75.0% of 40 closed trades won (95 % interval 60.0% to 86.0%). Chance alone seldom gives that"
        " (p = 0.004 after all that was looked at); the past only."
    )
    assert "ganó el 75.0% de 40 operaciones cerradas" in spanish
    assert "dentro del azar" in insight_texts(Insight("topic share", "fees", 40, 0.2, 0.1, 0.4, 0.9, (), 0.2))[1]


def test_of_a_hundred_strategies_without_skill_hardly_any_passes() -> None:
    rng = np.random.default_rng(26)
    passed = 0
    for _ in range(40):
        trades = [case for g in range(20) for case in cases(list(rng.normal(0, 1, 30)), f"s{g}")]
        passed += any(not one.within_chance for one in of_trades(trades))
    assert passed <= 6  # family-wise 0.05: P(more than 6 of 40) < 0.004


@every(
    "make, message",
    [(lambda: of_conversations([], 1.0), "between 0 and 1"), (lambda: Case("m", "g", float("nan")), "finite value")],
)
def test_bad_cases_are_refused(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]


def test_a_topic_over_its_usual_share_is_seen() -> None:
    (found,) = of_conversations(cases([1.0] * 30 + [0.0] * 10, "fees"), usual=0.2)
    assert not found.within_chance
    assert found.estimate == 0.75

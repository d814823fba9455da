"""Which trials a sweep runs, what it keeps, and what the trials together are worth."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.hft.backtest import traders
from tests.unit.hft.backtest.recordings import tape, walk

from qbtc.hft.adapters.sweep_store import ROWS, SweepStore
from qbtc.hft.backtest import Market
from qbtc.hft.domain.backtest.assumptions import BadAssumption
from qbtc.hft.domain.strategy_class import StrategyFault
from qbtc.hft.domain.sweeping import axis, best, combinations, judge, plan, score
from qbtc.hft.sweep import Sweep, run

GRID = {"away": [0.0, 1.0, 2.0], "size": [3.0, 8.0]}


def market() -> Market:
    return Market(tape(walk(21, 500)), "generic", 0, True)


def swept(**given_: Any) -> Sweep:
    return run(traders.Maker, market(), GRID, sample="20ms", latency="2ms", **given_)


# ---- what is tried


@pytest.mark.parametrize(
    ("text", "values"),
    [("a=0.1:0.5:0.1", (0.1, 0.2, 0.3, 0.4, 0.5)), ("a=1,5,5,2", (1, 5, 2)), ("a=3", (3,)), ("a=1:2:0.4", (1, 1.4, 1.8))],
)
def test_an_axis_has_both_its_ends_and_no_value_twice(text: str, values: tuple[float, ...]) -> None:
    assert axis(text) == ("a", values)


@pytest.mark.parametrize("text", ["a", "a=", "=1", "a=1:2", "a=2:1:1", "a=1:2:0", "a=x", "a=nan", "a=1:1e9:1e-3", "1a=2"])
def test_an_axis_that_is_none_says_what_is_allowed(text: str) -> None:
    with pytest.raises(BadAssumption, match=r"allowed: NAME=FROM|at most 1,000,000 trials"):
        axis(text)


@given(st.dictionaries(st.sampled_from("abcd"), st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True), min_size=1))
def test_every_combination_comes_once(axes: dict[str, list[float]]) -> None:
    found = combinations(axes)
    assert len({tuple(each.items()) for each in found}) == len(found) == math.prod(map(len, axes.values()))
    assert all(each[name] in axes[name] for each in found for name in axes)


# ---- what comes out


def test_trials_in_threads_are_those_of_one_thread_and_of_single_runs() -> None:
    one, two = swept(workers=1), swept(workers=2)
    assert np.array_equal(one.returns, two.returns)
    assert [row["orders"] for row in one.rows] == [row["orders"] for row in two.rows]
    alone = run(traders.Maker, market(), [{"away": 1.0, "size": 8.0}], sample="20ms", latency="2ms")
    assert np.array_equal(alone.returns[0], one.returns[list(one.trials).index({"away": 1.0, "size": 8.0})])
    assert one.returns.std() > 0


def test_the_table_has_a_row_a_trial_and_the_best_has_the_highest_score() -> None:
    found = swept(objective="profit", walk=("1s", "500ms"), folds=3)
    frame = found.frame()
    assert frame.columns[:3] == ["away", "size", "score"]
    assert frame["score"].max() == pytest.approx(max(row for row in found.returns.sum(axis=1)))
    assert found.best == found.trials[int(np.argmax(found.returns.sum(axis=1)))]
    assert len(found.judged.walk) > 0
    assert len(found.judged.folds) == 3


def test_a_search_picks_the_same_trials_for_the_same_seed() -> None:
    first, again = swept(search=4, seed=7, workers=2), swept(search=4, seed=7, workers=2)
    assert first.trials == again.trials
    assert 1 <= len(first.trials) <= 4


@pytest.mark.parametrize(
    ("wrong", "match"),
    [({"objective": "luck"}, "objective"), ({"fill": "venue"}, "whole, partial"), ({"walk": ("99h", "1s")}, "walk-forward")],
)
def test_a_sweep_that_cannot_be_is_refused(wrong: dict[str, Any], match: str) -> None:
    with pytest.raises(BadAssumption, match=match):
        swept(**wrong)


def test_an_unknown_parameter_or_a_failing_strategy_is_named() -> None:
    with pytest.raises(ValueError, match="unknown parameter 'aways'"):
        run(traders.Maker, market(), {"aways": [1.0]})
    with pytest.raises(StrategyFault, match=r"Crash\.on_timer"):
        run(traders.Crash, market(), [{}])


# ---- what is kept


def test_a_sweep_that_was_cut_off_goes_on_and_runs_nothing_twice(tmp_path: Path) -> None:
    whole = swept(folder=tmp_path / "a")
    swept(folder=tmp_path / "b")
    rows = (tmp_path / "b" / ROWS).read_text().splitlines()
    (tmp_path / "b" / ROWS).write_text("\n".join(rows[:3]) + '\n{"trial": 5, "pla')
    ran: list[int] = []
    again = swept(folder=tmp_path / "b", told=lambda done, of: ran.append(done))
    assert np.array_equal(again.returns, whole.returns)
    assert ran[0] == 3
    assert [json.loads(line)["trial"] for line in rows[:3]] == [json.loads(line)["trial"] for line in (tmp_path / "b" / ROWS).read_text().splitlines()[:3]]


def test_a_tape_of_the_same_symbol_time_and_length_is_another_sweep(tmp_path: Path) -> None:
    swept(folder=tmp_path)
    other = market()
    other.feed.lots[-1] += 1
    with pytest.raises(BadAssumption, match="holds another sweep"):
        run(traders.Maker, other, GRID, sample="20ms", latency="2ms", folder=tmp_path)


def test_a_folder_with_another_sweep_is_refused(tmp_path: Path) -> None:
    SweepStore(tmp_path, {"strategy": "a"}).close()
    with pytest.raises(BadAssumption, match="holds another sweep"):
        SweepStore(tmp_path, {"strategy": "b"})


# ---- what it is worth


def test_the_best_of_noise_is_not_believed_and_a_true_edge_is() -> None:
    rng = np.random.default_rng(5)
    noise = rng.normal(size=(60, 800))
    luck = judge(noise, "sharpe")
    assert luck.deflated < 0.9
    assert luck.overfitting is not None
    assert 0.2 < luck.overfitting.pbo < 0.8
    edge = noise.copy()
    edge[17] += 0.3
    skill = judge(edge, "sharpe")
    assert skill.best == 17
    assert skill.deflated > 0.95
    assert skill.overfitting is not None
    assert skill.overfitting.pbo < 0.05


def test_walk_forward_chooses_by_the_past_alone() -> None:
    returns = np.zeros((2, 40))
    returns[0, :20], returns[1, 20:] = 1.0, 1.0
    windows, splits = plan(40, walk=(10, 10), folds=2, embargo=0)
    judged = judge(returns + np.random.default_rng(0).normal(0, 0.1, returns.shape), "profit", windows=windows, splits=splits, blocks=4)
    assert [part.trial for part in judged.walk] == [0, 0, 1]
    assert judged.walk[1].profit == pytest.approx(0, abs=2)
    assert [part.trial for part in judged.folds] == [1, 0]


def test_scores_are_by_their_definition_and_undefined_ones_never_win() -> None:
    profits = np.array([1.0, -2.0, 3.0, -1.0, 4.0])
    assert score("profit", profits) == 5.0
    assert score("calmar", profits) == pytest.approx(5.0 / 2.0)
    assert score("sortino", profits) == pytest.approx(1.0 / math.sqrt(5 / 5))
    assert math.isnan(score("sharpe", np.zeros(5)))
    assert best(np.array([math.nan, -1.0, -0.5])) == 2
    assert best(np.array([math.nan])) == -1
    with pytest.raises(BadAssumption, match="allowed: sharpe"):
        score("alpha", profits)

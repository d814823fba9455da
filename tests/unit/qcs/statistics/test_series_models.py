"""Realised measures, HAR, regimes, change points, unit roots, cointegration and Hurst's exponent."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import ruptures
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.regression.linear_model import OLS
from statsmodels.tsa.regime_switching.tests import test_markov_autoregression as hamilton
from tests.sizes import FAST, examples

from qbtc.qcs.domain.statistics import changepoints, cointegration, har, hurst, realised, regimes, regression, unitroots
from qbtc.qcs.domain.statistics.result import BadSample


def walk(n: int = 300, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=n).cumsum()


# Realised measures


def test_realised_measures_of_four_equal_moves_by_hand() -> None:
    r = np.tile([0.01, -0.01], 6)
    found = realised.realised(r)
    assert found.variance.value == pytest.approx(12e-4)
    assert found.bipower == pytest.approx(math.pi / 2 * 12 / 11 * 11e-4)
    assert found.median == pytest.approx(math.pi / (6 - 4 * math.sqrt(3) + math.pi) * 12 / 10 * 10e-4)
    assert found.down == pytest.approx(6e-4)
    assert found.up == pytest.approx(6e-4)


def test_a_jump_moves_the_variance_and_hardly_the_bipower_and_is_found() -> None:
    r = np.random.default_rng(1).normal(size=390) * 1e-3
    jumped = r.copy()
    jumped[200] += 0.02
    calm, found = realised.realised(r), realised.realised(jumped)
    assert not calm.jump.rejected
    assert found.jump.rejected
    assert found.variance.value > 1.8 * calm.variance.value
    assert found.median == pytest.approx(calm.median, rel=0.05)
    assert "a jump is likely" in found.words


def test_all_measures_agree_where_there_is_neither_noise_nor_jump() -> None:
    r = np.random.default_rng(2).normal(size=20_000) * 1e-3
    found = realised.realised(r)
    for value in (found.variance.value, found.bipower, found.median, 2 * found.down, 2 * found.up):
        assert value == pytest.approx(0.02, rel=0.05)


def test_the_kernel_takes_the_bounce_of_a_noisy_price_out() -> None:
    rng = np.random.default_rng(3)
    price = np.cumsum(rng.normal(size=5000) * 1e-4) + rng.normal(size=5000) * 3e-4
    found = realised.realised(np.diff(price))
    assert found.variance.value > 10 * 5e-5
    assert found.kernel == pytest.approx(5e-5, rel=0.5)


# Regression and HAR


def test_newey_west_errors_are_those_of_statsmodels() -> None:
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(200), rng.normal(size=(200, 2))])
    y = x @ [1.0, 2.0, 0.0] + np.convolve(rng.normal(size=203), [1, 0.5, 0.2, 0.1], "valid")
    theirs = OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": 4})
    ours = regression.least_squares(y, x, lags=4)
    assert ours.beta == pytest.approx(np.asarray(theirs.params), rel=1e-10)
    assert ours.errors == pytest.approx(np.asarray(theirs.bse), rel=1e-10)
    assert ours.r2 == pytest.approx(theirs.rsquared, rel=1e-10)


def variances(n: int = 1500) -> np.ndarray:
    """Of a log variance that is a sum of a fast and a slow component."""
    rng = np.random.default_rng(5)
    fast, slow = np.zeros(n), np.zeros(n)
    for t in range(1, n):
        fast[t] = 0.6 * fast[t - 1] + 0.3 * rng.normal()
        slow[t] = 0.98 * slow[t - 1] + 0.1 * rng.normal()
    return np.exp(fast + slow) * 1e-4


def test_har_is_the_regression_of_arch_on_the_same_lags() -> None:
    from arch.univariate import HARX

    rv = variances(400)
    theirs = HARX(1e4 * rv, lags=[1, 5, 22]).fit(disp="off", tol=1e-12)
    ours = [e.value for e in har.har(1e4 * rv).coefficients.values()]
    assert ours == pytest.approx(np.asarray(theirs.params)[:4].tolist(), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("kind", har.KINDS)
@pytest.mark.parametrize("logs", [False, True])
def test_every_har_explains_a_persistent_variance(kind: str, logs: bool) -> None:
    rv = variances()
    found = har.har(
        rv, rv * np.random.default_rng(1).uniform(0.6, 1, rv.size) if kind != "har" else None, kind=kind, logs=logs
    )
    assert found.r2 > 0.3
    assert found.forecast.low <= found.forecast.value <= found.forecast.high


def test_the_forecast_interval_covers_what_comes_as_often_as_it_says() -> None:
    rv = variances()
    hits = [(f := har.har(rv[:t], logs=True, level=0.9).forecast).low <= rv[t] <= f.high for t in range(400, 1500, 20)]
    assert 0.8 < np.mean(hits) < 0.98


def test_jumps_need_the_part_without_jumps() -> None:
    with pytest.raises(BadSample, match="har-j needs the part of each variance without jumps"):
        har.har(variances(100), kind="har-j")


def test_a_variance_that_is_not_positive_is_refused() -> None:
    with pytest.raises(BadSample, match="value 3 is 0"):
        har.har(np.r_[variances(3), 0.0, variances(96)])


# Regimes


def test_hamiltons_model_of_the_business_cycle_has_his_likelihood() -> None:
    growth = np.asarray(hamilton.rgnp)
    found = regimes.regimes(growth, model="markov", count=2, order=4, switching_variance=False)
    assert found.loglik == pytest.approx(-181.26339, abs=1e-4)
    assert found.means == pytest.approx([-0.3588, 1.1635], abs=2e-3)
    assert np.diag(found.transition) == pytest.approx([0.7547, 0.9049], abs=2e-3)


@pytest.mark.parametrize("model", regimes.MODELS)
def test_calm_and_wild_periods_are_told_apart(model: str) -> None:
    rng = np.random.default_rng(6)
    truth = np.repeat([0, 1, 0, 1], 120)
    x = rng.normal(size=480) * np.where(truth, 3.0, 1.0)
    found = regimes.regimes(x, model=model)
    assert (found.states == truth).mean() > 0.93
    assert found.deviations == pytest.approx([1.0, 3.0], rel=0.15)
    assert found.transition.sum(axis=1) == pytest.approx([1, 1])
    assert "regime 1" in found.words


@pytest.mark.parametrize("model", regimes.MODELS)
def test_the_number_of_regimes_is_chosen_and_said(model: str) -> None:
    rng = np.random.default_rng(6)
    noise, wild = rng.normal(size=480), np.repeat([1.0, 3.0, 1.0, 3.0], 120)
    one, two = regimes.regimes(noise, model=model), regimes.regimes(noise * wild, model=model)
    assert (one.count, two.count) == (1, 2)
    assert one.chosen and "BIC chooses 1 regime: 2 are" in one.words
    assert "BIC chooses 2 regimes: 1 is" in two.words
    assert one.means == pytest.approx([noise.mean()]) and one.deviations == pytest.approx([noise.std()])
    assert one.tried.keys() == {1, 2}
    assert max(two.tried) == regimes.MOST_TRIED[model]
    assert two.bic == two.tried[2] == min(two.tried.values())


def test_white_noise_is_one_regime_however_often_it_is_drawn() -> None:
    rng = np.random.default_rng(12)
    found = [regimes.regimes(rng.normal(size=300)).count for _ in range(12)]
    assert found.count(1) >= 11


def test_a_number_that_is_given_is_kept_and_what_speaks_against_it_is_said() -> None:
    found = regimes.regimes(np.random.default_rng(3).normal(size=400), count=2)
    assert found.count == len(found.means) == 2
    assert not found.chosen
    assert "2 regimes, as asked, but regimes are not shown: by BIC 1 is" in found.words


def test_one_autoregressive_regime_is_least_squares() -> None:
    rng = np.random.default_rng(8)
    x = np.zeros(600)
    for t in range(1, 600):
        x[t] = 0.4 + 0.5 * x[t - 1] + rng.normal()
    found = regimes.regimes(x, model="markov", count=1, order=1)
    y, lag = x[1:], np.column_stack([np.ones(599), x[:-1]])
    least = np.linalg.lstsq(lag, y, rcond=None)[0]
    assert found.parameters["phi[1]"] == pytest.approx(least[1])
    assert found.means == pytest.approx([least[0] / (1 - least[1])])
    assert found.loglik == pytest.approx(norm.logpdf(y, lag @ least, (y - lag @ least).std()).sum())


def test_a_hidden_markov_model_has_no_lags() -> None:
    with pytest.raises(BadSample, match="use the model 'markov'"):
        regimes.regimes(walk(), order=2)


# Change points


@pytest.mark.parametrize("seed", range(4))
def test_pelt_finds_the_optimum_that_ruptures_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    z = np.concatenate([rng.normal(m, 1, 60) for m in (0, 2, -1, 0.5)])
    s, q = np.r_[0, np.cumsum(z)], np.r_[0, np.cumsum(z * z)]
    theirs = ruptures.Pelt(model="l2", min_size=changepoints.SHORTEST, jump=1).fit(z).predict(pen=12.0)[:-1]
    assert changepoints.pelt(s, q, 0, 12.0).tolist() == theirs


@settings(max_examples=examples(20), deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0, 1]), st.floats(1, 30))
def test_no_segmentation_is_cheaper_than_that_of_pelt(seed: int, kind: int, charge: float) -> None:
    z = np.random.default_rng(seed).normal(size=26)
    z[13:] += 2
    s, q = np.r_[0, np.cumsum(z)], np.r_[0, np.cumsum(z * z)]

    def cost(places: list[int]) -> float:
        edges = [0, *places, z.size]
        return sum(changepoints.segment_cost(s, q, kind, a, b) for a, b in pairwise(edges)) + charge * len(places)

    least = changepoints.SHORTEST
    best = cost(changepoints.pelt(s, q, kind, charge).tolist())
    tried = [[], *[[i] for i in range(least, 27 - least)]]
    tried += [[i, j] for i in range(least, 27 - 2 * least) for j in range(i + least, 27 - least)]
    assert best <= min(cost(t) for t in tried) + 1e-9


@pytest.mark.parametrize("method", changepoints.METHODS)
def test_a_step_of_the_variance_is_found_near_its_place(method: str) -> None:
    rng = np.random.default_rng(7)
    x = np.r_[rng.normal(size=300), 4 * rng.normal(size=200)]
    found = changepoints.changepoints(x, method=method)
    assert found.places.size == 1
    assert abs(int(found.places[0]) - 300) < 12
    assert found.deviations == pytest.approx([1, 4], rel=0.15)


@pytest.mark.parametrize("method", changepoints.METHODS)
def test_noise_has_no_changes(method: str) -> None:
    assert changepoints.changepoints(np.random.default_rng(8).normal(size=800), method=method).places.size == 0


def test_online_change_points_do_not_look_ahead() -> None:
    rng = np.random.default_rng(9)
    z = np.r_[rng.normal(size=100), 3 + rng.normal(size=50)]
    _, early = changepoints.run_lengths(z[:110].copy(), 1 / 250)
    _, late = changepoints.run_lengths(z, 1 / 250)
    assert late[:110] == pytest.approx(early, abs=1e-12)
    assert late[103] > 0.9


# Unit roots and cointegration


def test_a_random_walk_wanders_and_noise_returns() -> None:
    assert "wanders" in unitroots.unit_roots(walk(500, 3)).words
    found = unitroots.unit_roots(np.random.default_rng(2).normal(size=500))
    assert "returns to its level" in found.words
    assert found.tests["adf"].rejected
    assert found.tests["phillips_perron"].rejected
    assert found.tests["variance_ratio"].rejected


def test_the_adf_statistic_is_that_of_statsmodels() -> None:
    from statsmodels.tsa.stattools import adfuller

    x = walk()
    assert unitroots.unit_roots(x).tests["adf"].statistic == pytest.approx(
        adfuller(x, autolag="AIC", result_object=False)[0], rel=1e-8
    )


def test_two_series_with_a_common_trend_are_cointegrated_and_the_hedge_is_found() -> None:
    trend = walk(600, 4)
    y = 2.0 + 1.5 * trend + np.random.default_rng(5).normal(size=600)
    found = cointegration.cointegration(np.column_stack([y, trend]))
    assert found.engle_granger.rejected
    assert found.johansen.rank == 1
    assert found.hedge == pytest.approx([1.5], abs=0.05)


def test_two_independent_walks_are_not_cointegrated() -> None:
    found = cointegration.cointegration(np.column_stack([walk(600, 20), walk(600, 21)]))
    assert not found.engle_granger.rejected
    assert found.johansen.rank == 0


def test_the_half_life_of_an_autoregression_is_that_of_its_coefficient() -> None:
    x = np.zeros(20_000)
    noise = np.random.default_rng(12).normal(size=x.size)
    for t in range(1, x.size):
        x[t] = 0.9 * x[t - 1] + noise[t]
    assert cointegration.half_life_of(x) == pytest.approx(math.log(2) / -math.log(0.9), rel=0.1)


def test_a_column_that_is_another_one_cannot_be_tested() -> None:
    with pytest.raises(BadSample, match="combination of the others"):
        cointegration.cointegration(np.column_stack([walk(), 2 * walk()]))


# Hurst


@pytest.mark.parametrize("h", [0.7] if FAST else [0.3, 0.5, 0.7, 0.85])
def test_the_exponent_of_fractional_noise_lies_in_its_interval(h: float) -> None:
    x = hurst.fractional_noise(h, 4000, 1, np.random.default_rng(int(100 * h)))[0]
    found = hurst.hurst(x, draws=60)
    assert found.exponent.value == pytest.approx(h, abs=0.07)
    assert found.exponent.low - 0.03 < h < found.exponent.high + 0.03
    assert found.memory.rejected == (h != 0.5)


def test_fractional_noise_has_the_autocorrelation_it_should() -> None:
    x = hurst.fractional_noise(0.8, 256, 4000, np.random.default_rng(1))
    assert x.var() == pytest.approx(1, rel=0.02)
    assert (x[:, 1:] * x[:, :-1]).mean() == pytest.approx(0.5 * 2**1.6 - 1, abs=0.02)


def test_a_fluctuation_by_hand() -> None:
    x = np.array([1.0, -1.0] * 8)
    # Profile 1, 0, 1, 0 in windows of four: residuals about the line 0.8 - 0.2 t.
    assert hurst.detrended(x, np.array([4]))[0] == pytest.approx(math.sqrt((0.2**2 + 0.6**2 + 0.6**2 + 0.2**2) / 4))


def test_the_rescaled_range_of_one_window_by_hand() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0])
    assert hurst.rescaled_range(x, np.array([4]))[0] == pytest.approx(2.0 / math.sqrt(1.25))

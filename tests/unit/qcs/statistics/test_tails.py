"""Value at risk and its backtests, copulas and extreme values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.sizes import FAST, examples

from qbtc.core.statistics.tails import kupiec, value_at_risk
from qbtc.qcs.domain.statistics import copulas, extremes, garch, risk, risk_backtests
from qbtc.qcs.domain.statistics.result import BadSample


def heavy(n: int = 2000, seed: int = 1) -> np.ndarray:
    """Student's t with 4 degrees, per cent."""
    return np.random.default_rng(seed).standard_t(4, n)


# Value at risk

TRUE_VAR, TRUE_ES = -stats.t.ppf(0.01, 4), 5.2205


@pytest.mark.parametrize("method", risk.METHODS[: 2 if FAST else -1])
def test_every_method_finds_the_tail_of_independent_heavy_losses(method: str) -> None:
    found = risk.risk(heavy(3000), method=method)
    assert found.value_at_risk.value == pytest.approx(TRUE_VAR, rel=0.12)
    assert found.expected_shortfall.value == pytest.approx(TRUE_ES, rel=0.2)
    assert found.expected_shortfall.value > found.value_at_risk.value


@pytest.mark.parametrize("method", risk.BY_GARCH[: 1 if FAST else None])
def test_methods_by_garch_follow_the_volatility_of_today(method: str) -> None:
    rng = np.random.default_rng(3)
    x, h = np.zeros(1500), 1.0
    for t in range(1, 1500):
        h = 0.02 + 0.15 * x[t - 1] ** 2 + 0.84 * h
        x[t] = math.sqrt(h) * rng.normal()
    calm, wild = np.r_[x, np.full(30, 0.01) * rng.normal(size=30)], np.r_[x, 6 * rng.normal(size=30)]
    assert risk.risk(wild, method=method).value_at_risk.value > 3 * risk.risk(calm, method=method).value_at_risk.value


def test_cornish_fisher_of_a_normal_sample_is_near_the_normal_quantile() -> None:
    x = np.random.default_rng(4).normal(0.1, 2.0, 20_000)
    found = risk.risk(x, method="cornish-fisher")
    assert found.value_at_risk.value == pytest.approx(2.0 * 2.3263 - 0.1, rel=0.03)
    assert found.expected_shortfall.value == pytest.approx(2.0 * 2.6652 - 0.1, rel=0.03)


def test_the_unit_of_returns_moves_risk_with_it() -> None:
    one, other = (risk.risk(k * heavy(500), method="cornish-fisher") for k in (1.0, 0.01))
    assert other.value_at_risk.value == pytest.approx(0.01 * one.value_at_risk.value, rel=1e-4)


# Backtests


@pytest.mark.parametrize(("n", "x", "p", "expected"), [(250, 6, 0.01, 3.5554), (255, 7, 0.05, 3.2407)])
def test_kupiecs_published_statistics(n: int, x: int, p: float, expected: float) -> None:
    assert kupiec(n, x, p)[0] == pytest.approx(expected, abs=5e-5)


def test_christoffersens_independence_by_hand() -> None:
    broken = np.array([0, 0, 1, 1, 0, 0, 0, 1, 0, 0], bool)
    # 00: 4, 01: 2, 10: 2, 11: 1.
    expected = 4 * math.log(4 / 6) + 2 * math.log(2 / 6) + 2 * math.log(2 / 3) + math.log(1 / 3)
    expected -= 6 * math.log(6 / 9) + 3 * math.log(3 / 9)
    assert risk_backtests.independence(broken).statistic == pytest.approx(2 * expected, abs=1e-12)


@pytest.mark.parametrize(
    ("breaches", "zone"), [(0, "green"), (4, "green"), (5, "yellow"), (9, "yellow"), (10, "red"), (30, "red")]
)
def test_the_zones_of_the_basel_table(breaches: int, zone: str) -> None:
    found = risk_backtests.traffic_light(250, breaches, 0.01)
    assert found.name == zone
    assert found.cumulative == pytest.approx(stats.binom.cdf(breaches, 250, 0.01))


def test_the_multipliers_of_the_basel_table() -> None:
    found = [risk_backtests.traffic_light(250, k, 0.01).multiplier for k in (4, 5, 6, 7, 8, 9, 10)]
    assert found == pytest.approx([3.0, 3.4, 3.5, 3.65, 3.75, 3.85, 4.0])


def test_right_forecasts_pass_and_forecasts_too_small_fail() -> None:
    x = heavy(2000, 5)
    good = risk_backtests.backtest(x, [TRUE_VAR], [TRUE_ES])
    assert not good.coverage.rejected
    assert good.z2.p_value > 0.05
    assert good.degrees == pytest.approx(4, rel=0.05)
    bad = risk_backtests.backtest(x, [0.6 * TRUE_VAR], [0.6 * TRUE_ES])
    assert bad.zone.name == "red"
    assert bad.z2.statistic < -0.7
    assert bad.z2.rejected


def test_losses_beyond_that_are_worse_than_forecast_are_seen_by_z1() -> None:
    x = heavy(4000, 6)
    x = np.where(x < -TRUE_VAR, 2.0 * x, x)
    found = risk_backtests.backtest(x, [TRUE_VAR], [TRUE_ES])
    assert not found.coverage.rejected
    assert found.z1.rejected


def test_the_critical_value_of_z2_is_that_of_the_paper() -> None:
    """Acerbi, Szekely: about -0.7 at 5 % for 250 periods at 2.5 %, whatever the tail."""
    share = 0.025
    for degrees in (3.0, 10.0, math.inf):
        ratio = risk_backtests.tail_ratio(degrees, share)
        var = np.ones(250)
        rows = np.concatenate(risk_backtests._simulated(var, degrees, share, np.random.default_rng(1)))
        _, z2 = risk_backtests.acerbi_szekely(rows, var, ratio * var, share)
        assert np.quantile(z2, 0.05) == pytest.approx(-0.7, abs=0.13)


@settings(max_examples=examples(30), deadline=None)
@given(st.floats(1.6, 200), st.floats(0.005, 0.05))
def test_the_degrees_of_a_ratio_are_found_again(degrees: float, share: float) -> None:
    assert risk_backtests.degrees_of(risk_backtests.tail_ratio(degrees, share), share) == pytest.approx(
        degrees, rel=1e-2
    )


@pytest.mark.parametrize(
    ("var", "es", "message"),
    [
        ([-1.0], None, "positive numbers"),
        ([1.0, 2.0], None, "2 values for 100 returns"),
        ([2.0], [1.0], "below the value at risk"),
    ],
)
def test_forecasts_that_make_no_sense_are_refused(var: list[float], es: list[float] | None, message: str) -> None:
    with pytest.raises(BadSample, match=message):
        risk_backtests.backtest(heavy(100), var, es)


# Copulas

THETAS = {"gaussian": [0.6], "t": [0.6, 5.0], "clayton": [2.0], "gumbel": [2.0], "frank": [5.0]}
CASES = [(name, np.array(theta)) for name, theta in THETAS.items()] + [
    ("frank", np.array([-4.0])),
    ("gaussian", np.array([-0.5])),
]


@pytest.mark.parametrize(("family", "theta"), CASES)
def test_a_density_is_the_derivative_of_the_conditional_law(family: str, theta: np.ndarray) -> None:
    u, v = (np.random.default_rng(1).uniform(0.05, 0.95, 50) for _ in range(2))
    v = np.roll(v, 7)
    step = 1e-6
    slope = (copulas.conditional(family, theta, (u, v + step)) - copulas.conditional(family, theta, (u, v - step))) / (
        2 * step
    )
    assert slope == pytest.approx(np.exp(copulas.log_density(family, theta, (u, v))), rel=1e-4)


@pytest.mark.parametrize(("family", "theta"), CASES)
def test_simulated_pairs_are_uniform_and_give_their_parameters_back(family: str, theta: np.ndarray) -> None:
    u, v = copulas.simulate(family, theta, 4000, np.random.default_rng(2))
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    assert stats.kstest(v, "uniform").pvalue > 1e-3
    assert stats.kstest(copulas.rosenblatt(family, theta, (u, v))[1], "uniform").pvalue > 1e-3
    found, _ = copulas.estimate(
        family, copulas.uniforms(np.column_stack([u, v])), copulas.kendall(np.column_stack([u, v]))
    )
    assert found[0] == pytest.approx(theta[0], rel=0.1)
    if family == "t":
        assert found[1] == pytest.approx(theta[1], rel=0.35)


def test_kendalls_tau_of_the_families_is_the_known_one() -> None:
    rng = np.random.default_rng(3)
    for family, theta, tau in (
        ("clayton", 2.0, 0.5),
        ("gumbel", 2.0, 0.5),
        ("gaussian", 0.6, 2 / math.pi * math.asin(0.6)),
    ):
        pairs = np.column_stack(copulas.simulate(family, np.array([theta]), 5000, rng))
        assert copulas.kendall(pairs) == pytest.approx(tau, abs=0.03)


def test_tail_dependence_in_closed_form() -> None:
    assert copulas.tails("clayton", np.array([2.0])) == pytest.approx((2**-0.5, 0))
    assert copulas.tails("gumbel", np.array([2.0])) == pytest.approx((0, 2 - 2**0.5))
    assert copulas.tails("t", np.array([0.5, 4.0]))[0] == pytest.approx(0.2532, abs=1e-4)
    assert copulas.tails("gaussian", np.array([0.9])) == (0.0, 0.0)


def test_the_right_family_is_not_rejected_and_a_wrong_one_is() -> None:
    pairs = np.column_stack(copulas.simulate("clayton", np.array([3.0]), 300, np.random.default_rng(5)))
    right, wrong = (copulas.copula(pairs, family=f, draws=50) for f in ("clayton", "gumbel"))
    assert not right.fit.rejected
    assert wrong.fit.rejected
    assert right.aic < wrong.aic
    assert right.parameters["theta"].low < 3 < right.parameters["theta"].high


def test_margins_do_not_matter() -> None:
    u, v = copulas.simulate("gumbel", np.array([2.0]), 300, np.random.default_rng(6))
    one = copulas.copula(np.column_stack([u, v]), family="gumbel", draws=0)
    other = copulas.copula(np.column_stack([np.exp(9 * u), v**3]), family="gumbel", draws=0)
    assert one.parameters == other.parameters


def test_strong_dependence_does_not_overflow() -> None:
    x = np.random.default_rng(7).normal(size=200)
    pairs = np.column_stack([x, x + 1e-6 * np.random.default_rng(8).normal(size=200)])
    for family in copulas.FAMILIES:
        assert math.isfinite(copulas.copula(pairs, family=family, draws=0).loglik)


# Extremes


def test_the_gpd_fit_is_that_of_scipy() -> None:
    excess = stats.genpareto.rvs(0.25, scale=2.0, size=800, random_state=1)
    (xi, sigma), loglik = extremes.gpd(excess)
    shape, _, scale = stats.genpareto.fit(excess, floc=0)
    assert (xi, sigma) == pytest.approx((shape, scale), rel=2e-3)
    assert loglik == pytest.approx(stats.genpareto.logpdf(excess, xi, scale=sigma).sum(), rel=1e-10)
    assert loglik >= stats.genpareto.logpdf(excess, shape, scale=scale).sum() - 1e-6


def test_the_gev_fit_is_that_of_scipy() -> None:
    maxima = stats.genextreme.rvs(-0.2, loc=3.0, scale=1.5, size=500, random_state=2)
    (xi, sigma, mu), loglik = extremes.gev(maxima)
    assert loglik == pytest.approx(stats.genextreme.logpdf(maxima, -xi, loc=mu, scale=sigma).sum(), rel=1e-10)
    assert loglik >= stats.genextreme.logpdf(maxima, *stats.genextreme.fit(maxima)).sum() - 1e-4


@pytest.mark.parametrize("method", extremes.METHODS)
def test_the_return_level_of_known_losses_lies_in_its_interval(method: str) -> None:
    losses = stats.t.rvs(4, size=6000, random_state=3)
    found = extremes.extremes(losses, method=method, periods=(1000.0,))
    truth = stats.t.isf(1e-3, 4)
    level = found.levels[0].level
    assert level.low < truth < level.high
    assert level.low < level.value < level.high
    assert level.high - level.value > level.value - level.low
    if method == "gpd":
        assert found.parameters["shape"].low < 0.25 < found.parameters["shape"].high


def test_a_profile_interval_ends_where_the_likelihood_has_fallen_by_half_of_chi_squared() -> None:
    low, high = extremes.profile(2.0, 0.5, lambda v: 2.0 * (v - 2.0) ** 2 + 7.0, 7.0)
    half = math.sqrt(extremes.CHI) / 2
    assert (low, high) == pytest.approx((2 - half, 2 + half), rel=1e-5)


def test_thresholds_show_a_mean_excess_that_grows_with_a_heavy_tail() -> None:
    rows = extremes.thresholds(stats.pareto.rvs(3, size=20_000, random_state=4))
    excess = [r.mean_excess for r in rows]
    assert excess == sorted(excess)
    assert all(abs(r.shape - 1 / 3) < 3.5 * r.error for r in rows)


def test_too_few_peaks_are_refused() -> None:
    with pytest.raises(BadSample, match="5 values lie above"):
        extremes.extremes(heavy(500), quantile=0.99)


@pytest.mark.parametrize("method", ["filtered", "garch", "evt"])
def test_risk_by_garch_stands_on_the_mean_that_the_garch_found(method: str) -> None:
    """A burst of losses moves the mean of the sample and hardly that of the model, which knows how wild it was then."""
    rng = np.random.default_rng(5)
    returns = 0.05 + rng.normal(size=600)
    returns[100:130] = -8 + 6 * rng.normal(size=30)
    law = "t" if method == "garch" else "normal"
    fit = garch.fit(returns, garch.Spec("gjr", errors=law))
    mean, unit = fit.parameters["mu"].value, math.sqrt(fit.next_variance)
    assert abs(mean - returns.mean()) > 0.2
    found = risk.risk(returns, method=method, level=0.95, errors_law="t")
    per = (found.value_at_risk.value + mean) / unit
    if method == "filtered":
        assert per == pytest.approx(value_at_risk(fit.standardised, 0.95), rel=1e-12)
    again = risk.risk(returns + 3.0, method=method, level=0.95, errors_law="t")
    assert again.value_at_risk.value == pytest.approx(found.value_at_risk.value - 3.0, abs=0.02)

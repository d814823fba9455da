"""Bootstrap, Sharpe ratio, overfitting, superior predictive ability and Bayesian regression."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arch.bootstrap import SPA
from scipy import stats
from tests.sizes import FAST

from qbtc.qcs.domain.statistics import bayes, pbo, resample, sharpe, spa
from qbtc.qcs.domain.statistics.result import BadSample


def noise(n: int = 400, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=n)


# Bootstrap


@pytest.mark.parametrize("kind", resample.KINDS)
def test_the_error_of_the_mean_of_independent_values_is_the_usual_one(kind: str) -> None:
    x = noise(1000)
    found = resample.resample(x, kind=kind, draws=3000).estimate
    assert found.error == pytest.approx(x.std(ddof=1) / math.sqrt(x.size), rel=0.12)
    assert found.low < x.mean() < found.high


def test_dependent_values_have_a_wider_interval_than_their_number_says() -> None:
    x = np.convolve(noise(2004), np.ones(5) / 5, "valid")
    found = resample.resample(x).estimate
    assert found.error > 1.8 * x.std() / math.sqrt(x.size)


@pytest.mark.parametrize("statistic", resample.STATISTICS)
def test_the_same_seed_gives_the_same_interval(statistic: str) -> None:
    one, two = (resample.resample(noise(), statistic=statistic, draws=200, seed=5) for _ in range(2))
    assert one == two
    assert one.estimate.low < one.estimate.high


def test_an_unknown_statistic_is_refused_with_those_that_exist() -> None:
    with pytest.raises(BadSample, match="allowed: mean, deviation, median"):
        resample.resample(noise(), statistic="mode")


# Sharpe


@pytest.mark.parametrize(("trials", "expected"), [(100, 0.900397), (46, 0.950502)])
def test_the_deflated_ratio_of_the_paper(trials: int, expected: float) -> None:
    found = sharpe.deflated_sharpe(2.5, 1250, -3.0, 10.0, periods=250, trials=trials, variance=0.5)
    assert found == pytest.approx(expected, abs=5e-7)


def test_more_trials_make_the_same_ratio_less_believable() -> None:
    x = 0.05 + noise(1000)
    sure = [sharpe.sharpe_ratio(x, trials=t).deflated for t in (1, 10, 1000)]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] == sharpe.sharpe_ratio(x).probabilistic


def test_the_yearly_ratio_is_that_of_a_period_times_the_root() -> None:
    x = 0.1 + noise()
    assert sharpe.sharpe_ratio(x, periods=252).annual.value == pytest.approx(x.mean() / x.std(ddof=1) * math.sqrt(252))


# Overfitting


def test_the_best_of_pure_noise_is_overfitted_and_a_real_edge_is_not() -> None:
    made = [noise(4000, seed).reshape(200, 20) for seed in range(12)]
    assert np.mean([pbo.overfit(trials, blocks=6).probability for trials in made]) == pytest.approx(0.5, abs=0.15)
    trials = noise(12_000).reshape(400, 30)
    trials[:, 3] += 0.4
    found = pbo.overfit(trials)
    assert found.probability == 0
    assert "carries over" in found.words


def test_equal_trials_amount_to_one() -> None:
    column = noise()[:, None]
    assert pbo.overfit(np.hstack([column, 2 * column, 3 * column])).effective_trials == pytest.approx(1)


def test_too_few_periods_for_the_blocks_are_refused() -> None:
    with pytest.raises(BadSample, match="returns: 15 rows of 2; allowed: 20 rows"):
        pbo.overfit(np.ones((15, 2)))


# Superior predictive ability


def losses(better: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    benchmark, other = rng.chisquare(1, 500), rng.chisquare(1, (500, 8))
    other[:, 5] -= better
    return benchmark, other


@pytest.mark.parametrize("better", [0.15] if FAST else [0.0, 0.15, 0.25])
def test_the_reality_check_is_that_of_arch(better: float) -> None:
    benchmark, other = losses(better)
    theirs = SPA(benchmark, other, block_size=5, reps=2000, seed=1)
    theirs.compute()
    # arch compares means, not studentised ones, in its test of superior ability too: with all centred, White's check.
    found = spa.superior(benchmark, other, block=5, draws=2000)
    assert found.reality_check.p_value == pytest.approx(float(theirs.pvalues["upper"]), abs=0.03)
    assert found.lower <= found.spa.p_value <= found.upper


def test_a_better_model_is_named_and_only_it() -> None:
    found = spa.superior(*losses(0.8))
    assert found.better == (5,)
    assert found.best == 5
    assert found.reality_check.rejected


def test_equal_models_are_found_better_as_often_as_the_level_says() -> None:
    rng = np.random.default_rng(4)
    rejected = [
        spa.superior(rng.normal(size=100), rng.normal(size=(100, 4)), block=1, draws=200, seed=i).spa.p_value < 0.1
        for i in range(120)
    ]
    assert np.mean(rejected) < 0.2


def test_losses_that_differ_by_a_constant_cannot_be_compared() -> None:
    benchmark, _ = losses()
    with pytest.raises(BadSample, match="column 0 differs from the benchmark by a constant"):
        spa.superior(benchmark, benchmark[:, None] + 1)


# Bayesian regression


def data(n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(n, 3)) * [1, 10, 0.1] + [5, 0, 1]
    return x @ [1.0, -0.2, 0.0] + 3 + 0.5 * rng.normal(size=n), x


def test_a_vague_prior_gives_least_squares_and_their_t_intervals() -> None:
    y, x = data()
    found = bayes.regress(y, x, strength=1e10)
    design = np.column_stack([np.ones(len(x)), x])
    from statsmodels.regression.linear_model import OLS

    theirs = OLS(y, design).fit()
    assert [e.value for e in found.coefficients.values()] == pytest.approx(theirs.params.tolist(), rel=1e-4, abs=1e-4)
    slopes = [e.high - e.low for e in found.coefficients.values()][1:]
    assert slopes == pytest.approx(np.diff(theirs.conf_int(), axis=1)[1:, 0].tolist(), rel=0.03)


def test_the_evidence_is_the_integral_of_the_likelihood() -> None:
    y, x = data(12)
    v, z = (y - y.mean()) / y.std(), (x[:, :1] - x[:, :1].mean()) / x[:, :1].std()
    post = bayes.conjugate(v, z, np.array([[2.0]]))
    # The target without its mean, as n - 1 independent numbers: integrate over the coefficient and the noise.
    turn = np.linalg.svd(np.ones((1, 12)))[2][1:]
    a, b = turn @ v, turn @ z[:, 0]
    grid_s = np.exp(np.linspace(-6, 4, 400))
    grid_beta = np.linspace(-12, 12, 2001)
    inside = np.zeros((400, 2001))
    for i, s2 in enumerate(grid_s):
        prior = stats.invgamma.logpdf(s2, bayes.SHAPE, scale=bayes.SCALE) + stats.norm.logpdf(
            grid_beta, 0, math.sqrt(s2 / 2.0)
        )
        likelihood = -0.5 * (a @ a - 2 * grid_beta * (a @ b) + grid_beta**2 * (b @ b)) / s2 - 5.5 * math.log(
            2 * math.pi * s2
        )
        inside[i] = np.exp(prior + likelihood)
    total = np.trapezoid(np.trapezoid(inside, grid_beta, axis=1), grid_s)
    # The flat prior of the constant costs the same in every model.
    assert post.evidence + 0.5 * math.log(12) == pytest.approx(math.log(total), abs=2e-3)


def test_the_evidence_prefers_the_model_that_made_the_data() -> None:
    y, x = data()
    right, more = bayes.regress(y, x[:, :2]), bayes.regress(y, x)
    assert right.evidence > more.evidence
    assert right.against_nothing > 20


def test_predictions_cover_what_comes_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    hits = []
    for _ in range(100):
        x = rng.normal(size=(60, 2))
        y = x @ [1.0, 0.5] + rng.normal(size=60)
        found = bayes.regress(y[:20], x[:20], predict=x[20:], level=0.9)
        hits.append(((found.low <= y[20:]) & (y[20:] <= found.high)).mean())
    assert 0.88 < np.mean(hits) < 0.925


@pytest.mark.parametrize("prior", bayes.PRIORS)
def test_the_unit_of_the_target_changes_nothing_but_the_unit(prior: str) -> None:
    y, x = data()
    one, other = bayes.regress(y, x, prior=prior), bayes.regress(1000 * y, x, prior=prior)
    assert other.against_nothing == pytest.approx(one.against_nothing)
    assert other.coefficients["x0"].high == pytest.approx(1000 * one.coefficients["x0"].high)


def test_a_constant_regressor_is_refused() -> None:
    y, x = data()
    x[:, 1] = 2
    with pytest.raises(BadSample, match="column 1 is constant"):
        bayes.regress(y, x)


def test_a_statistic_that_many_draws_do_not_have_has_no_interval() -> None:
    """A third of the draws of a series with one trade hold none of it: their ratio does not exist."""
    one_trade = np.zeros(300)
    one_trade[150] = 1.0
    for statistic in ("sharpe", "skewness"):
        found = resample.resample(one_trade, statistic=statistic)
        assert math.isfinite(found.estimate.value)
        assert all(math.isnan(v) for v in (found.estimate.error, found.estimate.low, found.estimate.high, found.bias))
        assert "without an interval" in found.words


def test_a_few_draws_without_variance_leave_the_interval_of_the_others() -> None:
    few_trades = np.zeros(300)
    few_trades[::50] = [1.0, 2.0, -1.0, 3.0, 0.5, 1.5]
    found = resample.resample(few_trades, statistic="sharpe", block=1.0).estimate
    assert found.low < found.value < found.high


def test_the_interval_of_the_noise_is_at_the_level_that_was_asked() -> None:
    rng = np.random.default_rng(8)
    x = rng.normal(size=(400, 1))
    y = x[:, 0] + rng.normal(size=400)
    wide, narrow = (bayes.regress(y, x, level=level).noise for level in (0.95, 0.5))
    assert (wide.level, narrow.level) == (0.95, 0.5)
    for level, noise in ((0.95, wide), (0.5, narrow)):
        free = 399 + 2e-3
        rest = noise.value**2 * stats.chi2.ppf(0.5, free)
        low, high = (math.sqrt(rest / stats.chi2.ppf(q, free)) for q in ((1 + level) / 2, (1 - level) / 2))
        assert (noise.low, noise.high) == pytest.approx((low, high), rel=1e-9)

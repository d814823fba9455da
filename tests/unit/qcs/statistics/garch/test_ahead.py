"""Forecasts and rolling refits."""

from __future__ import annotations

import numpy as np
import pytest

from qbtc.qcs.domain.statistics import garch
from qbtc.qcs.domain.statistics.garch import Spec
from qbtc.qcs.domain.statistics.garch.forecasting import errors
from qbtc.qcs.domain.statistics.result import BadSample

from .test_fit import simulated, theirs

FAMILIES = [
    Spec("garch"),
    Spec("gjr", errors="t"),
    Spec("egarch"),
    Spec("igarch", errors="t"),
    Spec("arch", p=2),
    Spec("garch", mean="ar", errors="skewt"),
]


@pytest.mark.parametrize(
    "spec", [Spec("gjr", start="backcast"), Spec("arch", p=2, start="backcast"), Spec(p=2, q=2, start="backcast")]
)
def test_variances_ahead_are_those_of_arch(spec: Spec) -> None:
    y = simulated()
    ours = garch.forecast(garch.fit(y, spec), 8, draws=10).variance
    assert ours == pytest.approx(theirs(y, spec).forecast(horizon=8).variance.iloc[-1].to_numpy(), rel=1e-3)


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda s: f"{s.family}-{s.errors}")
def test_the_simulated_variance_is_the_exact_one(spec: Spec) -> None:
    fit = garch.fit(simulated(), spec)
    found = garch.forecast(fit, 5, draws=40_000, level=0.9)
    assert found.variance[0] == pytest.approx(fit.next_variance, rel=1e-9)
    half = (found.high - found.low) / 2
    assert (half > 1.4 * np.sqrt(found.variance)).all()
    assert (half < 1.9 * np.sqrt(found.variance)).all()


def test_a_forecast_returns_to_the_long_run_variance() -> None:
    fit = garch.fit(simulated())
    far = garch.forecast(fit, 250, draws=10).variance
    assert far[-1] == pytest.approx(fit.variance, rel=0.05)


def test_the_variance_of_an_igarch_goes_up_by_its_drift_each_period() -> None:
    fit = garch.fit(simulated(), Spec("igarch"))
    ahead = garch.forecast(fit, 20, draws=10).variance
    assert ahead[0] == pytest.approx(fit.next_variance)
    assert np.diff(ahead) == pytest.approx(np.full(19, fit.parameters["omega"].value))


def test_an_autoregressive_mean_is_forecast_from_the_last_values() -> None:
    y = simulated()
    fit = garch.fit(y, Spec(mean="ar", lags=2))
    mean = garch.forecast(fit, 2, draws=10).mean
    c, one, two = fit.theta[:3]
    assert mean[0] == pytest.approx(c + one * y[-1] + two * y[-2])
    assert mean[1] == pytest.approx(c + one * mean[0] + two * y[-1])


@pytest.mark.parametrize(("law", "shape"), [("normal", []), ("t", [6.0]), ("skewt", [6.0, -0.4])])
def test_drawn_errors_have_mean_nought_and_variance_one(law: str, shape: list[float]) -> None:
    spec = Spec(errors=law)
    drawn = errors(spec, np.array([0.0, 0.1, 0.1, 0.8, *shape]), (1000, 200), np.random.default_rng(1))
    assert drawn.mean() == pytest.approx(0, abs=0.01)
    assert drawn.var() == pytest.approx(1, abs=0.03)
    if law == "skewt":
        assert (drawn**3).mean() < -0.5


def test_a_horizon_beyond_the_limit_is_refused() -> None:
    fit = garch.fit(simulated(200))
    with pytest.raises(BadSample, match="horizon: 251 is not allowed; allowed: 1 to 250"):
        garch.forecast(fit, 251)


@pytest.mark.parametrize("spec", [Spec(), Spec("gjr", errors="t"), Spec("egarch"), Spec("igarch")], ids=lambda s: s.family)
def test_a_rolling_refit_is_the_fit_of_its_window(spec: Spec) -> None:
    y = simulated(700)
    found = garch.rolling(y, spec, window=600, step=20)
    assert found.ends.tolist() == list(range(600, 701, 20))
    for i in (0, 2, 5):
        alone = garch.fit(y[20 * i : 20 * i + 600], spec)
        assert found.loglik[i] == pytest.approx(alone.loglik, abs=1e-6)
        assert found.variance[i] == pytest.approx(alone.next_variance, rel=1e-4)
        assert found.thetas[i] == pytest.approx(alone.theta, rel=1e-3, abs=1e-4)


def test_threads_change_no_bit() -> None:
    y = simulated(800)
    one, two = (garch.rolling(y, window=500, threads=n) for n in (1, 2))
    assert np.array_equal(one.thetas, two.thetas)
    assert one.converged == 1.0


def test_the_future_changes_no_earlier_refit() -> None:
    y = simulated(640)
    other = y.copy()
    other[600:] = 3 * other[600:]
    one, two = (garch.rolling(v, window=500, step=10) for v in (y, other))
    assert one.loglik[:11] == pytest.approx(two.loglik[:11], abs=1e-6)

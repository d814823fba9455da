"""Fits of the GARCH family: beside `arch`, and what must hold whatever the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from arch import arch_model
from arch.univariate import EWMAVariance, ZeroMean
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from tests.sizes import FAST, examples

from qbtc.qcs.domain.statistics import garch
from qbtc.qcs.domain.statistics.garch import Spec, kernel
from qbtc.qcs.domain.statistics.garch.parameters import regressors
from qbtc.qcs.domain.statistics.result import BadSample

NONE = np.empty((0, 0))


def simulated(n: int = 1500, seed: int = 7, nu: float = 7.0) -> np.ndarray:
    """A GJR with heavy tails in percent, and a little autocorrelation."""
    rng = np.random.default_rng(seed)
    z = rng.standard_t(nu, n + 200) * np.sqrt((nu - 2) / nu)
    y, e, h = np.zeros(n + 200), 0.0, 1.0
    for t in range(1, n + 200):
        h = 0.05 + 0.05 * e * e + 0.1 * e * e * (e < 0) + 0.85 * h
        e = np.sqrt(h) * z[t]
        y[t] = 0.03 + 0.1 * y[t - 1] + e
    return y[200:]


def theirs(y: np.ndarray, spec: Spec) -> object:
    vol = {"gjr": "GARCH"}.get(spec.family, spec.family.upper())
    mean = {"ar": "AR"}.get(spec.mean, spec.mean.title())
    model = arch_model(
        y, mean=mean, lags=spec.lags if spec.mean == "ar" else 0, vol=vol, p=spec.p, o=spec.asymmetric,
        q=spec.variance_lags, dist=spec.errors, rescale=False,
    )  # fmt: skip
    return model.fit(disp="off", tol=1e-12, options={"maxiter": 2000}, show_warning=False)


MEMBERS = [
    *(Spec(family, errors=law, start="backcast") for family in ("garch", "gjr", "egarch") for law in ("normal", "t", "skewt")),
    Spec("arch", p=3, start="backcast"), Spec("garch", mean="zero", start="backcast"),
    Spec("garch", mean="ar", lags=2, errors="t", start="backcast"), Spec("gjr", p=2, start="backcast"),
]  # fmt: skip


@pytest.mark.parametrize("spec", MEMBERS[:: 3 if FAST else 1], ids=lambda s: f"{s.family}-{s.p}-{s.mean}-{s.errors}")
def test_the_fit_is_that_of_arch(spec: Spec) -> None:
    y = simulated()
    ours, peer = garch.fit(y, spec), theirs(y, spec)
    assert ours.loglik >= peer.loglikelihood - 1e-6
    assert ours.loglik == pytest.approx(peer.loglikelihood, abs=2e-5 if spec.family == "egarch" else 1e-6)
    assert ours.theta == pytest.approx(np.asarray(peer.params), rel=2e-3, abs=2e-4)


@pytest.mark.parametrize(
    "spec", [Spec(start="backcast"), Spec("egarch", errors="t", start="backcast")], ids=lambda s: s.family
)
def test_the_sandwich_errors_are_those_of_arch(spec: Spec) -> None:
    y = simulated()
    ours = np.array([e.error for e in garch.fit(y, spec).robust.values()])
    # arch divides the scores' product by n - 1.
    assert ours == pytest.approx(np.asarray(theirs(y, spec).std_err), rel=2e-3)


def loglik(theta: np.ndarray, y: np.ndarray, spec: Spec) -> tuple[float, np.ndarray, np.ndarray]:
    y, x = regressors(y, spec)
    n, m = y.size, theta.size
    grad, scores = np.empty(m), np.empty((n, m))
    work = (np.empty(n), np.empty(n), np.empty(n), np.zeros((n, m)))
    return kernel.loglik(theta, y, x, spec.orders, 0.0, work, grad, scores), grad, scores


@pytest.mark.parametrize(
    ("spec", "theta"),
    [
        (Spec("garch", p=2, q=2), [0.1, 0.1, 0.1, 0.05, 0.5, 0.2]),
        (Spec("gjr", errors="skewt"), [0.1, 0.1, 0.05, 0.1, 0.8, 6.0, -0.2]),
        (Spec("egarch", mean="ar", errors="skewt"), [0.05, 0.1, 0.01, 0.1, -0.1, 0.9, 5.0, 0.3]),
        (Spec("egarch", p=2, mean="zero", errors="t"), [0.01, 0.1, 0.05, -0.1, 0.9, 5.0]),
        (Spec("igarch", p=2, q=2, errors="t"), [0.1, 0.02, 0.1, 0.05, 0.6, 0.25, 6.0]),
    ],
)
def test_the_gradient_is_the_derivative_and_the_sum_of_the_scores(spec: Spec, theta: list[float]) -> None:
    y, at = simulated(400), np.array(theta)
    _, grad, scores = loglik(at, y, spec)
    steps = np.eye(at.size) * 1e-6
    numeric = [(loglik(at + s, y, spec)[0] - loglik(at - s, y, spec)[0]) / 2e-6 for s in steps]
    assert grad == pytest.approx(np.array(numeric), rel=1e-5, abs=1e-4)
    assert grad == pytest.approx(scores.sum(axis=0), rel=1e-9)


@pytest.mark.parametrize("law", ["normal", "t", "skewt"])
@pytest.mark.parametrize("family", ["garch", "gjr"])
@pytest.mark.parametrize("mean", ["zero", "constant"])
def test_the_short_form_is_the_general_one(family: str, mean: str, law: str) -> None:
    spec, y = Spec(family, mean=mean, errors=law), simulated(300)
    theta = np.array(
        [
            *[0.05][: spec.mean_size],
            0.1,
            0.08,
            *[0.07][: spec.asymmetric],
            0.8,
            *[6.0, -0.15][: {"normal": 0, "t": 1, "skewt": 2}[law]],
        ]
    )
    grad = np.empty(theta.size)
    found = kernel.first_order(theta, y, spec.orders, spec.mean_size, 0.0, grad)
    general, other, _ = loglik(theta, y, spec)
    assert found == pytest.approx(general, rel=1e-12)
    assert grad == pytest.approx(other, rel=1e-9, abs=1e-9)


@settings(max_examples=examples(20), deadline=None)
@given(st.floats(1e-4, 1e4))
def test_the_unit_of_returns_changes_nothing_but_the_unit(scale: float) -> None:
    y = simulated(500)
    one, other = garch.fit(y), garch.fit(scale * y)
    assert other.persistence == pytest.approx(one.persistence, rel=1e-5)
    assert other.next_variance == pytest.approx(scale**2 * one.next_variance, rel=1e-5)
    assert other.loglik == pytest.approx(one.loglik - y.size * np.log(scale), rel=1e-7)


def test_errors_of_an_egarch_do_not_depend_on_the_unit() -> None:
    y = simulated(800)
    one, other = garch.fit(y, Spec("egarch")), garch.fit(1000 * y, Spec("egarch"))
    for name in ("alpha[1]", "gamma[1]", "beta[1]"):
        assert other.robust[name].error == pytest.approx(one.robust[name].error, rel=1e-4)


def test_the_true_parameters_lie_in_their_intervals() -> None:
    found = garch.fit(simulated(8000), Spec("gjr", mean="ar", errors="t")).parameters
    truth = {"phi[1]": 0.1, "omega": 0.05, "alpha[1]": 0.05, "gamma[1]": 0.1, "beta[1]": 0.85, "nu": 7.0}
    for name, value in truth.items():
        assert abs(found[name].value - value) < 3.5 * found[name].error


def test_noise_without_clustering_puts_a_parameter_at_its_bound_and_gives_it_no_error() -> None:
    found = garch.fit(np.random.default_rng(5).normal(size=600), Spec("arch"))
    if found.parameters["alpha[1]"].value < 1e-5:
        assert np.isnan(found.parameters["alpha[1]"].error)
    assert found.converged
    assert found.persistence < 0.1


@pytest.mark.parametrize(
    ("values", "spec", "message"),
    [
        (np.ones(100), Spec(), "all 100 values are equal"),
        (np.arange(10.0), Spec(), "10 values; allowed: 50 to 200,000"),
        (np.r_[np.nan, np.arange(60.0)], Spec(), "value 0 is nan"),
    ],
)
def test_what_cannot_be_fitted_is_said(values: np.ndarray, spec: Spec, message: str) -> None:
    with pytest.raises(BadSample, match=message):
        garch.fit(values, spec)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"family": "figarch"}, "'figarch' is not known; allowed: garch, igarch, gjr, egarch, arch"),
        ({"p": 9}, "p: 9 is not allowed; allowed: 1 to 5"),
        ({"family": "egarch", "q": 2}, "one lag"),
        ({"family": "igarch", "q": 0}, "q: 0 is not allowed; IGARCH takes 1 to 5 lags"),
        ({"errors": "cauchy"}, "allowed: normal, t, skewt"),
    ],
)
def test_a_member_that_is_not_there_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(BadSample, match=message):
        Spec(**wrong)  # type: ignore[arg-type]


def test_a_series_that_its_mean_follows_exactly_is_refused_in_words() -> None:
    values = np.zeros(300)
    values[0] = 1.0
    with pytest.raises(BadSample, match="the mean follows them exactly"):
        garch.fit(values, Spec(mean="ar"))


# IGARCH: a reference is made of arch's likelihood, searched along alpha + beta = 1 by another optimiser.


def drifting(n: int, seed: int) -> np.ndarray:
    """An IGARCH(1,1) in percent: omega 0.02, alpha 0.08, beta 0.92."""
    rng, e, h = np.random.default_rng(seed), 0.0, 1.0
    y = np.empty(n)
    for t in range(n):
        h = 0.02 + 0.08 * e * e + 0.92 * h
        e = y[t] = np.sqrt(h) * rng.standard_normal()
    return y + 0.05


def along_the_line(y: np.ndarray) -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
    """(mu, omega, alpha) of the maximum by arch and SciPy, its log-likelihood, and both kinds of standard errors of the three."""
    model = arch_model(y, mean="Constant", vol="GARCH", p=1, q=1, rescale=False)
    past = model.volatility.backcast(y - y.mean())

    def each(x: np.ndarray) -> np.ndarray:
        """Log-likelihoods by period: arch's variances and its normal law, at beta = 1 - alpha."""
        e = y - x[0]
        h = np.empty(y.size)
        model.volatility.compute_variance(
            np.array([x[1], x[2], 1 - x[2]]), e, h, past, np.tile([1e-12, 1e12], (y.size, 1))
        )
        return np.asarray(model.distribution.loglikelihood([], e, h, individual=True))

    found = minimize(
        lambda x: -each(x).sum(), [y.mean(), 0.01, 0.1], method="Nelder-Mead", bounds=[(-1, 1), (1e-8, 1), (1e-4, 0.9)],
        options={"xatol": 1e-10, "fatol": 1e-11, "maxiter": 5000},
    )  # fmt: skip
    steps = np.diag(1e-4 * np.maximum(np.abs(found.x), 0.01))
    scores = np.array([(each(found.x + s) - each(found.x - s)) / (2 * s.sum()) for s in steps])
    curve = np.array([
        [(each(found.x + a + b) - each(found.x + a - b) - each(found.x - a + b) + each(found.x - a - b)).sum() / (4 * a.sum() * b.sum()) for b in steps]
        for a in steps
    ])  # fmt: skip
    inverse = np.linalg.inv(-curve)
    return found.x, -found.fun, np.sqrt(np.diag(inverse)), np.sqrt(np.diag(inverse @ scores @ scores.T @ inverse))


def test_an_integrated_fit_and_its_errors_are_those_of_archs_likelihood_along_the_line() -> None:
    y = drifting(1500, 4)
    there, loglik, plain, robust = along_the_line(y)
    found = garch.fit(y, Spec("igarch", start="backcast"))
    assert found.loglik == pytest.approx(loglik, abs=1e-6)
    assert found.theta == pytest.approx([*there, 1 - there[2]], rel=2e-4, abs=1e-6)
    for errors, expected in ((found.parameters, plain), (found.robust, robust)):
        assert [errors[n].error for n in ("mu", "omega", "alpha[1]")] == pytest.approx(expected, rel=5e-3)
        assert errors["beta[1]"].error == pytest.approx(errors["alpha[1]"].error)


def test_without_drift_it_is_the_exponentially_weighted_variance_of_arch() -> None:
    y = drifting(900, 2)
    peer = ZeroMean(y, volatility=EWMAVariance(0.94)).fit(disp="off")
    spec, grad = Spec("igarch", mean="zero", start="backcast"), np.empty(3)
    ours = kernel.first_order(np.array([0.0, 0.06, 0.94]), y, spec.orders, 0, peer.model.volatility.backcast(y), grad)
    assert ours == pytest.approx(peer.loglikelihood, rel=1e-12)
    assert garch.fit(y, spec).loglik >= ZeroMean(y, volatility=EWMAVariance(None)).fit(disp="off").loglikelihood


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_parameters_of_a_simulated_igarch_are_found_again(seed: int) -> None:
    found = garch.fit(drifting(6000, seed), Spec("igarch"))
    for name, value in {"mu": 0.05, "omega": 0.02, "alpha[1]": 0.08, "beta[1]": 0.92}.items():
        assert abs(found.robust[name].value - value) < 3.5 * found.robust[name].error
    assert found.converged
    assert found.persistence == 1.0
    assert np.isnan(found.variance) and np.isnan(found.half_life)
    assert "shocks do not fade" in found.words


def test_an_igarch_is_never_more_likely_than_the_garch_it_is_a_case_of_and_has_a_parameter_less() -> None:
    y = simulated()
    for p, q in ((1, 1), (2, 1), (1, 2)):
        free, held = garch.fit(y, Spec("garch", p, q)), garch.fit(y, Spec("igarch", p, q))
        assert held.loglik <= free.loglik + 1e-7
        assert sum(e.value for n, e in held.parameters.items() if n[:4] in ("alph", "beta")) == pytest.approx(1, abs=1e-12)
        assert held.aic - 2 * len(held.parameters) + 2 == pytest.approx(-2 * held.loglik)


def test_noise_without_clustering_leaves_no_weight_to_the_last_shock_and_no_error() -> None:
    found = garch.fit(np.random.default_rng(5).normal(size=600), Spec("igarch"))
    assert found.parameters["alpha[1]"].value < 0.02
    assert found.converged

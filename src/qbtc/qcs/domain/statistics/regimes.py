"""Regimes that are not seen: Markov switching (J. Hamilton 1989) and hidden Markov models with Gaussian states.

`statsmodels` fits the first, `hmmlearn` the second; one regime is a normal, or an autoregression with `order`, in closed form.
States are put in rising order of deviation where it switches, else of the mean, so that state 0 is the calm or the low one.

How many there are is chosen by the Bayesian information criterion (G. Schwarz 1978; of hidden Markov models it is consistent,
E. Gassiat, S. Boucheron 2003): two regimes can always be fitted to noise, and each value told to be of one of them.
"""

from __future__ import annotations

import logging
import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .result import BadSample, Floats, Ints, one_of, series, within

LEAST = 50
MODELS = ("markov", "hmm")
MOST_FITTED = {"hmm": 20_000, "markov": 5_000}
MOST_TRIED = {"hmm": 3, "markov": 2}
"""Regimes that BIC chooses from; three of a Markov switching model take minutes."""
MOST_COUNT = 5


@dataclass(frozen=True)
class Regimes:
    """A value a state: `means`, `deviations`, `durations` expected in periods. `transition` float64[k, k]: row = from.
    `probabilities` float64[n, k] smoothed; `states` int64[n] the likelier one. `now`: the last probabilities, filtered.
    `tried`: BIC by number of regimes, the one that was fitted and those it was compared with; `chosen` by it (else given)."""

    model: str
    n: int
    count: int
    chosen: bool
    tried: dict[int, float]
    means: Floats
    deviations: Floats
    transition: Floats
    durations: Floats
    now: Floats
    loglik: float
    aic: float
    bic: float
    converged: bool
    parameters: dict[str, float]
    words: str
    probabilities: Floats
    states: Ints


@dataclass(frozen=True)
class _Fit:
    """`size`: parameters; `smoothed` float64[n, k]."""

    means: Floats
    deviations: Floats
    transition: Floats
    smoothed: Floats
    now: Floats
    loglik: float
    size: int
    converged: bool
    lags: dict[str, float]

    @property
    def bic(self) -> float:
        return self.size * math.log(len(self.smoothed)) - 2 * self.loglik


def regimes(
    values: ArrayLike,
    *,
    model: str = "hmm",
    count: int | None = None,
    order: int = 0,
    switching_variance: bool = True,
    seed: int = 1,
) -> Regimes:
    """Of a series, float64[n], n >= 50, and <= 20,000 (hmm) or 5,000 (markov). `count` None: from 1 up (to 3; markov: 2) as long as
    BIC falls; a given one is compared with one regime. `order`: autoregressive lags, with "markov" only: lags of the deviation from the
    state's mean, the same in all states, as in Hamilton (1989). Raises BadSample."""
    one_of(model, MODELS, "model")
    x = series(values, least=LEAST)
    if count is not None:
        within(count, 1, MOST_COUNT, "count")
    within(order, 0, 4, "order")
    if x.size > MOST_FITTED[model]:
        raise BadSample(f"values: {x.size} values; the model {model!r} is fitted to {MOST_FITTED[model]:,} at most")
    if model == "hmm" and (order or not switching_variance):
        raise BadSample(
            "order: a hidden Markov model has no lags and a variance a state; use the model 'markov'", "order"
        )

    def fitted(k: int) -> _Fit:
        if k == 1:
            return _single(x, order)
        return _hmm(x, k, seed) if model == "hmm" else _markov(x, k, order, switching_variance)

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        fits = {k: fitted(k) for k in sorted({1, count or 1})}
        best = count or 1
        while count is None and best == len(fits) < MOST_TRIED[model]:
            fits[best + 1] = fitted(best + 1)
            best += fits[best + 1].bic < fits[best].bic
    return _result(model, fits[best], {k: fit.bic for k, fit in fits.items()}, chosen=count is None)


def _single(x: Floats, order: int) -> _Fit:
    """A normal, or an autoregression about one mean by least squares: the likelihood of what follows the first `order` values."""
    y = x[order:]
    lags = np.column_stack([np.ones(y.size), *(x[order - i : x.size - i] for i in range(1, order + 1))])
    coefficients = np.linalg.lstsq(lags, y, rcond=None)[0]
    constant, phi = float(coefficients[0]), coefficients[1:]
    deviation = float(np.sqrt(np.mean((y - lags @ coefficients) ** 2)))
    mean = constant / (1.0 - float(phi.sum()))
    loglik = -0.5 * y.size * (math.log(2.0 * math.pi * deviation**2) + 1.0)
    named = {f"phi[{i}]": float(value) for i, value in enumerate(phi, 1)}
    whole = np.ones((y.size, 1))
    return _Fit(np.array([mean]), np.array([deviation]), np.eye(1), whole, whole[-1], loglik, 2 + order, True, named)


def _markov(x: Floats, count: int, order: int, switching_variance: bool) -> _Fit:
    from statsmodels.tsa.regime_switching.markov_autoregression import MarkovAutoregression
    from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

    scale = float(x.std())
    built: Any = (
        MarkovAutoregression(x / scale, count, order, switching_ar=False, switching_variance=switching_variance)
        if order
        else MarkovRegression(x / scale, count, switching_variance=switching_variance)
    )
    fitted: Any = built.fit(disp=False, maxiter=500)
    given = dict(zip(fitted.model.param_names, (float(p) for p in fitted.params), strict=True))
    means = scale * np.array([given[f"const[{i}]"] for i in range(count)])
    spread = [given[f"sigma2[{i}]" if switching_variance else "sigma2"] for i in range(count)]
    deviations = scale * np.sqrt(np.array(spread))
    smoothed, filtered = (
        np.asarray(fitted.smoothed_marginal_probabilities),
        np.asarray(fitted.filtered_marginal_probabilities),
    )
    loglik = float(fitted.llf) - (x.size - order) * math.log(scale)
    transition = np.asarray(fitted.regime_transition)[:, :, 0].T
    lags = {f"phi[{i}]": given[f"ar.L{i}"] for i in range(1, order + 1)}
    converged = bool(fitted.mle_retvals.get("converged", False))
    return _Fit(means, deviations, transition, smoothed, filtered[-1], loglik, len(given), converged, lags)


def _hmm(x: Floats, count: int, seed: int) -> _Fit:
    from hmmlearn.hmm import GaussianHMM

    # What it logs of convergence is in the result.
    logging.getLogger("hmmlearn").setLevel(logging.ERROR)
    scale = float(x.std())
    column = (x / scale)[:, None]
    best: Any = max(
        (GaussianHMM(count, "diag", n_iter=300, tol=1e-6, random_state=seed + i).fit(column) for i in range(4)),
        key=lambda m: _score(m, column),
    )
    loglik = _score(best, column) - x.size * math.log(scale)
    smoothed = np.asarray(best.predict_proba(column))
    means, deviations = scale * best.means_[:, 0], scale * np.sqrt(best.covars_[:, 0, 0])
    size = count * count + 2 * count - 1
    # The last smoothed probability is the filtered one: nothing comes after it.
    return _Fit(
        means, deviations, np.asarray(best.transmat_), smoothed, smoothed[-1], loglik, size, bool(best.monitor_.converged), {}
    )  # fmt: skip


def _score(model: Any, column: Floats) -> float:
    return float(model.score(column))


def _result(model: str, fit: _Fit, tried: dict[int, float], *, chosen: bool) -> Regimes:
    place = np.argsort(fit.deviations if float(np.ptp(fit.deviations)) > 0 else fit.means)
    means, deviations, now = fit.means[place], fit.deviations[place], fit.now[place]
    smoothed, transition = fit.smoothed[:, place], fit.transition[np.ix_(place, place)]
    leave = 1.0 - np.diag(transition)
    # A state that was never left says nothing of how long it lasts.
    durations = np.where(leave * len(smoothed) > 1e-3, 1.0 / np.maximum(leave, 1e-12), np.nan)
    n, count = len(smoothed), len(place)
    words = f"{_about(count, tried, chosen=chosen)} {_described(means, deviations, durations, now)}"
    return Regimes(
        model, n, count, chosen, tried, means, deviations, transition, durations, now, fit.loglik,
        2 * fit.size - 2 * fit.loglik, fit.bic, fit.converged, fit.lags, words, smoothed, smoothed.argmax(axis=1).astype(np.int64),
    )  # fmt: skip


def _about(count: int, tried: dict[int, float], *, chosen: bool) -> str:
    """What the criterion says of the number of regimes."""
    named = "1 regime" if count == 1 else f"{count} regimes"
    worse = {k: bic - tried[count] for k, bic in tried.items() if k != count and math.isfinite(bic)}
    if chosen:
        others = ", ".join(f"{k} {'is' if k == 1 else 'are'} {gap:.4g} worse" for k, gap in worse.items())
        return f"BIC chooses {named}: {others}."
    if count == 1:
        return f"{named}, as asked."
    if worse[1] > 0:
        return f"{named}, as asked; by BIC 1 is {worse[1]:.4g} worse."
    return f"{named}, as asked, but regimes are not shown: by BIC 1 is {-worse[1]:.4g} better."


def _described(means: Floats, deviations: Floats, durations: Floats, now: Floats) -> str:
    if len(means) == 1:
        return f"Mean {means[0]:.4g}, deviation {deviations[0]:.4g}."
    here = int(now.argmax())
    return (
        f"Means {_listed(means)}, deviations {_listed(deviations)}; they last {_listed(durations)} periods. "
        f"Now: regime {here} with probability {now[here]:.0%}."
    )


def _listed(values: Floats) -> str:
    return ", ".join(f"{v:.4g}" if math.isfinite(v) else "an unknown number of" for v in values)

"""Regimes that are not seen: Markov switching (J. Hamilton 1989) and hidden Markov models with Gaussian states.

`statsmodels` fits the first, `hmmlearn` the second. States are put in rising order of deviation where it switches, else
of the mean, so that state 0 is the calm or the low one.
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


@dataclass(frozen=True)
class Regimes:
    """A value a state: `means`, `deviations`, `durations` expected in periods. `transition` float64[k, k]: row = from.
    `probabilities` float64[n, k] smoothed; `states` int64[n] the likelier one. `now`: the last probabilities, filtered."""

    model: str
    n: int
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


def regimes(
    values: ArrayLike,
    *,
    model: str = "hmm",
    count: int = 2,
    order: int = 0,
    switching_variance: bool = True,
    seed: int = 1,
) -> Regimes:
    """Of a series, float64[n], n >= 50, and <= 20,000 (hmm) or 5,000 (markov). `order`: autoregressive lags, with "markov" only: lags of the
    deviation from the state's mean, the same in all states, as in Hamilton (1989). Raises BadSample."""
    one_of(model, MODELS, "model")
    x = series(values, least=LEAST)
    within(count, 2, 5, "count")
    within(order, 0, 4, "order")
    if x.size > MOST_FITTED[model]:
        raise BadSample(f"values: {x.size} values; the model {model!r} is fitted to {MOST_FITTED[model]:,} at most")
    if model == "hmm" and (order or not switching_variance):
        raise BadSample(
            "order: a hidden Markov model has no lags and a variance a state; use the model 'markov'", "order"
        )
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return _hmm(x, count, seed) if model == "hmm" else _markov(x, count, order, switching_variance)


def _markov(x: Floats, count: int, order: int, switching_variance: bool) -> Regimes:
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
    return _ordered(
        "markov", (means, deviations, transition), (smoothed, filtered[-1]), (loglik, len(given), converged), lags
    )


def _hmm(x: Floats, count: int, seed: int) -> Regimes:
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
    parts = (scale * best.means_[:, 0], scale * np.sqrt(best.covars_[:, 0, 0]), np.asarray(best.transmat_))
    size = count * count + 2 * count - 1
    # The last smoothed probability is the filtered one: nothing comes after it.
    return _ordered("hmm", parts, (smoothed, smoothed[-1]), (loglik, size, bool(best.monitor_.converged)), {})


def _score(model: Any, column: Floats) -> float:
    return float(model.score(column))


def _ordered(
    model: str,
    parts: tuple[Floats, Floats, Floats],
    seen: tuple[Floats, Floats],
    fit: tuple[float, int, bool],
    lags: dict[str, float],
) -> Regimes:
    means, deviations, transition = parts
    loglik, size, converged = fit
    place = np.argsort(deviations if float(np.ptp(deviations)) > 0 else means)
    smoothed, now, transition = seen[0][:, place], seen[1][place], transition[np.ix_(place, place)]
    leave = 1.0 - np.diag(transition)
    # A state that was never left says nothing of how long it lasts.
    durations = np.where(leave * len(smoothed) > 1e-3, 1.0 / np.maximum(leave, 1e-12), np.nan)
    n, here = len(smoothed), int(now.argmax())
    words = (
        f"{len(place)} regimes with means {_listed(means[place])} and deviations {_listed(deviations[place])}; "
        f"they last {_listed(durations)} periods. Now: regime {here} with probability {now[here]:.0%}."
    )
    return Regimes(
        model, n, means[place], deviations[place], transition, durations, now, loglik, 2 * size - 2 * loglik,
        size * math.log(n) - 2 * loglik, converged, lags, words, smoothed, smoothed.argmax(axis=1).astype(np.int64),
    )  # fmt: skip


def _listed(values: Floats) -> str:
    return ", ".join(f"{v:.4g}" if math.isfinite(v) else "an unknown number of" for v in values)

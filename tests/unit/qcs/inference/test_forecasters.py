"""Forecasts are probabilities, never look ahead, and are Bayes' rule where everything is diagonal."""

import numpy as np
import pytest

from qbtc.core.hilbert.channel_fit import Channel
from qbtc.core.hilbert.povm import markov_kraus
from qbtc.qcs.domain.inference.compare import Plan, forecast, last_outcome
from qbtc.qcs.domain.inference.quantum import QuantumFilter
from qbtc.qcs.domain.inference.series import BadSeries, series


def test_no_forecast_changes_when_the_future_does():
    rng = np.random.default_rng(0)
    states = rng.normal(size=(330, 4)) + 1j * rng.normal(size=(330, 4))
    outcomes = rng.integers(0, 2, size=330)
    outcomes[:2] = 0, 1
    changed, other = states.copy(), outcomes.copy()
    changed[300:], other[299:] = 3 * rng.normal(size=(30, 4)), 1 - outcomes[299:]
    plan = Plan(train=200, test=130)
    one, two = (forecast(series(s, y), plan).probabilities for s, y in ((states, outcomes), (changed, other)))
    for name in one:
        np.testing.assert_allclose(one[name].sum(axis=1), 1, atol=1e-12)
        np.testing.assert_array_equal(one[name][:100], two[name][:100], err_msg=name)


def test_a_diagonal_filter_is_the_forward_algorithm():
    rng = np.random.default_rng(1)
    chain, table = rng.dirichlet(np.ones(4), size=4), rng.dirichlet(np.ones(3), size=4)
    kraus = markov_kraus(chain)
    effects = np.stack([np.diag(table[:, y]) for y in range(3)]).astype(complex)
    flt = QuantumFilter(Channel(kraus, 1.0, 0.0, 0.0), effects, 0.25, 1)
    shown, outcomes = np.eye(4, dtype=complex)[rng.integers(0, 4, size=40)], rng.integers(0, 3, size=40)
    belief = np.abs(shown[0])
    for t, p in enumerate(flt.run(shown, outcomes)):
        if t:
            predicted = (belief @ chain) * table[:, outcomes[t - 1]]
            belief = 0.75 * predicted / predicted.sum() + 0.25 * np.abs(shown[t])
        assert np.abs(p - belief @ chain @ table).max() < 1e-13


def test_rows_without_information_are_refused():
    with pytest.raises(BadSeries, match="row 1"):
        series(np.array([[1.0, 0], [0, 0]]), np.array([0, 1]))


def test_the_last_outcome_forecasts_by_counting_what_followed_it():
    outcomes = np.array([0, 1] * 60 + [1, 0])
    p = last_outcome(series(np.ones((122, 2)), outcomes), 120)
    assert p[121, 0] > 0.95, "a 1 was always followed by a 0"
    assert p[120, 0] > 0.95
    np.testing.assert_allclose(p.sum(axis=1), 1)

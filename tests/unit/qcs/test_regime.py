"""The regime filter: Bayes, hysteresis and what it says when nothing can be said."""

import numpy as np
import pytest

from qbtc.contracts.basis26 import INDEX
from qbtc.core.hilbert.povm import is_complete
from qbtc.qcs.domain import regime
from qbtc.qcs.domain.regime import PATIENCE, REGIMES, RegimeState, bias, likelihoods, name_of, step

PRESENT = np.ones((1, 26), dtype=bool)


def scores(**letters: float) -> np.ndarray:
    out = np.zeros((1, 26))
    for letter, value in letters.items():
        out[0, INDEX[letter]] = value
    return out


UP = scores(A=2.0, M=2.0)
DOWN = -UP
STORM = scores(B=2.5, G=2.0, T=2.0, U=2.0)
QUIET = scores(B=-0.8, U=-0.5, T=-0.4, G=-0.2)


def filtered(z: np.ndarray, bars: int, state: RegimeState | None = None) -> RegimeState:
    state = state or RegimeState.start(1)
    for _ in range(bars):
        state = step(state, z, PRESENT)
    return state


@pytest.mark.parametrize(("z", "name"), [(UP, "trend_up"), (DOWN, "trend_down"), (STORM, "turbulent"), (QUIET, "calm")])
def test_each_regime_is_recognised_from_what_defines_it(z, name):
    state = filtered(z, 60)
    assert name_of(int(state.held[0])) == name
    assert state.probabilities[0, REGIMES.index(name)] > 0.8


def test_the_filter_is_bayes_rule_on_a_sticky_chain_to_rounding():
    rng = np.random.default_rng(0)
    state, p = RegimeState.start(1), np.full(4, 0.25)
    for _ in range(200):
        z = rng.normal(size=(1, 26))
        state = step(state, z, PRESENT)
        p = (p @ regime._CHAIN) * likelihoods(z, PRESENT)[0]
        p /= p.sum()
        assert np.abs(state.probabilities[0] - p).max() < 1e-13


def test_the_channel_of_the_filter_preserves_the_trace():
    assert is_complete(regime._KRAUS)


def test_mirrored_scores_mirror_the_trends():
    up, down = filtered(UP, 30).probabilities[0], filtered(DOWN, 30).probabilities[0]
    np.testing.assert_allclose(up[[0, 1, 2, 3]], down[[0, 2, 1, 3]], atol=1e-12)


def test_a_regime_changes_once_and_only_after_patience():
    state, changes = filtered(UP, 60), []
    for bar in range(120):
        state = step(state, STORM, PRESENT)
        if state.changed[0]:
            changes.append((bar, name_of(int(state.held[0]))))
    assert [name for _, name in changes] == ["turbulent"]
    assert changes[0][0] >= PATIENCE - 1


def test_one_wild_bar_does_not_change_the_regime():
    state = step(filtered(QUIET, 100), STORM, PRESENT)
    assert name_of(int(state.held[0])) == "calm"
    assert not state.changed[0]


def test_without_observations_probabilities_drift_to_even_and_the_regime_stays_unknown():
    state = RegimeState.start(1)
    for _ in range(500):
        state = step(state, np.zeros((1, 26)), np.zeros((1, 26), dtype=bool))
    np.testing.assert_allclose(state.probabilities, 0.25, atol=1e-9)
    assert name_of(int(state.held[0])) == "unknown"


def test_bias_is_zero_where_nothing_can_be_said_and_has_the_sign_of_the_trend_otherwise():
    assert bias(np.array([0.9, 0.1, 0, 0]), REGIMES.index("calm")) == 0
    assert bias(np.array([0, 0.1, 0, 0.9]), REGIMES.index("turbulent")) == 0
    assert bias(np.full(4, 0.25), -1) == 0
    assert 0 < bias(np.array([0, 1.0, 0, 0]), REGIMES.index("trend_up")) < 1
    assert bias(np.array([0, 0, 1.0, 0]), REGIMES.index("trend_down")) == -bias(np.array([0, 1.0, 0, 0]), 1)

"""The null of changes: calibrated without them, small p at a break, the live ring a rank."""

import numpy as np
import pytest

from qbtc.qcs.domain.inference.change import Watch, alarms, by, cusum, pelt, watch
from qbtc.qcs.domain.inference.recent import NEEDED, RecentDivergences

PLAN = Watch(window=30, lag=10, history=300, refresh=30)


def rows(seed, count, phi=0.5, size=4):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(count, size))
    for t in range(1, count):
        z[t] = phi * z[t - 1] + np.sqrt(1 - phi**2) * z[t]
    return z + 1j * np.diff(z, axis=0, prepend=z[:1])


def test_without_a_change_false_alarms_are_near_the_level():
    p = np.concatenate([watch(rows(s, 1500), PLAN, np.random.default_rng(s)).p for s in range(4)])
    assert 0.01 < np.nanmean(p <= 0.05) < 0.12


def test_a_break_is_found_and_earlier_p_values_do_not_see_it():
    calm = rows(9, 700)
    broken = calm.copy()
    broken[600:] += 3 * broken[600:, :1]
    one, two = (watch(r, PLAN, np.random.default_rng(0)).p for r in (calm, broken))
    np.testing.assert_array_equal(one[:600], two[:600])
    assert two[600:640].min() <= 0.01
    assert cusum(broken, 300)[600:640].max() > cusum(broken, 300)[300:600].max()
    assert np.abs(pelt(broken) - 600).min() <= 20


def test_alarms_are_one_a_stretch_and_by_keeps_only_what_is_far_out():
    p = np.array([np.nan, 0.9, 0.01, 0.01, 0.5, 0.01])
    assert alarms(p, 0.05, 3).tolist() == [2, 5]
    assert by(np.array([np.nan, 1e-6, 0.5, 0.9]), 0.05).tolist() == [1]


def test_the_live_null_is_the_rank_among_recent_values_once_enough_are_known():
    ring, slot = RecentDivergences(), np.array([0])
    ring.grow(1)
    for bar in range(NEEDED):
        assert np.isnan(ring.p_values(slot, bar, np.array([1.0]))[0])
        ring.add(slot, np.array([bar]), np.array([bar / NEEDED]))
    assert ring.p_values(slot, NEEDED, np.array([2.0]))[0] == pytest.approx(1 / (NEEDED + 1))
    assert ring.p_values(slot, NEEDED, np.array([-1.0]))[0] == 1


def test_a_history_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="must hold"):
        Watch(history=100)

"""Log-loss and the Diebold-Mariano test: signs, sizes, and no gain where there is none."""

import numpy as np
import pytest

from qbtc.qcs.domain.inference.scores import diebold_mariano, holm, log_loss


def test_lower_losses_are_a_gain_and_the_mirror_is_worse():
    rng = np.random.default_rng(0)
    other = rng.exponential(size=500)
    better = other - 0.2 + 0.1 * rng.normal(size=500)
    assert diebold_mariano(better, other).verdict == "gain"
    assert diebold_mariano(other, better).verdict == "worse"
    assert diebold_mariano(other, other).p == 1


def test_under_no_difference_five_percent_are_rejected():
    rng = np.random.default_rng(1)
    p = [diebold_mariano(*rng.exponential(size=(2, 300))).p for _ in range(600)]
    assert 0.02 < np.mean(np.array(p) < 0.05) < 0.09


def test_the_loss_is_the_log_of_what_was_said_and_short_series_are_refused():
    assert log_loss(np.array([[0.25, 0.75]]), np.array([1]))[0] == pytest.approx(-np.log(0.75), abs=1e-3)
    with pytest.raises(ValueError, match="10 or more"):
        diebold_mariano(np.ones(5), np.ones(5))


def test_holm_raises_p_values_in_order():
    np.testing.assert_allclose(holm(np.array([0.04, 0.01, 0.03])), [0.06, 0.03, 0.06])

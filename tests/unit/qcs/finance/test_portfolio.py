"""QAOA and VQE: the published ratios on the ring, energies against their definition, choices against every other choice."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from qbtc.qcs import finance
from qbtc.qcs.domain.finance.descent import by_gates
from qbtc.qcs.domain.finance.ising import from_qubo, ring
from qbtc.qcs.domain.finance.portfolio import (
    MOST_WORK,
    Choice,
    bits_of,
    brute_force,
    effort_of,
    work_of,
)
from qbtc.qcs.domain.finance.qaoa import Landscape, minimise_qaoa, qaoa

RNG = np.random.default_rng(11)
RETURNS = RNG.normal(size=(80, 5)) * 0.02 + RNG.normal(size=5) * 0.003
MEAN, COVARIANCE = RETURNS.mean(axis=0) * 250, np.cov(RETURNS.T) * 250


@pytest.mark.parametrize(("nodes", "layers"), [(6, 1), (8, 2), (8, 3), (10, 3)])
def test_on_the_ring_p_layers_cut_2p_plus_1_of_2p_plus_2_edges(nodes: int, layers: int) -> None:
    """Farhi, Goldstone, Gutmann, arXiv 1411.4028, for p = 1, 2, 3; a ring of 2p + 2 nodes has it too, Mbeng et al. 1906.08948."""
    found = minimise_qaoa(ring(nodes), layers)
    assert -found.energy / nodes == pytest.approx((2 * layers + 1) / (2 * layers + 2), abs=1e-6)


@given(st.integers(1, 5), st.integers(0, 10_000))
def test_the_energies_are_those_of_the_cost_of_every_bit_string(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    half, linear = rng.normal(size=(n, n)), rng.normal(size=n)
    matrix = half + half.T
    energies = from_qubo(matrix, linear, 0.3).energies()
    for index in range(1 << n):
        bits = np.array(bits_of(index, n))
        assert energies[index] == pytest.approx(bits @ matrix @ bits + linear @ bits + 0.3, abs=1e-9)


def test_the_penalty_makes_the_best_energy_the_best_choice_within_the_budget() -> None:
    for budget in range(1, 6):
        choice = Choice(MEAN, COVARIANCE, 0.5, budget)
        values, allowed = brute_force(choice)
        best = int(np.argmin(choice.ising().energies()))
        assert allowed[best]
        assert values[best] == pytest.approx(values[allowed].min())


def test_every_choice_is_worth_what_the_objective_says() -> None:
    choice = Choice(MEAN, COVARIANCE, 0.7, 2)
    values, allowed = brute_force(choice)
    rows = np.array([bits_of(index, 5) for index in range(32)], dtype=float)
    assert np.allclose(values, choice.objective(rows))
    assert [index for index in range(32) if allowed[index]] == [i for i in range(32) if bin(i).count("1") == 2]
    assert min(
        itertools.combinations(range(5), 2),
        key=lambda p: choice.objective(np.isin(np.arange(5), p)[None].astype(float))[0],
    )


def ask(**changes: object) -> dict:
    given = {"mean": MEAN.tolist(), "covariance": COVARIANCE.tolist(), "budget": 2, "layers": 3}
    return finance.compute(finance.Portfolio(**{**given, **changes}))


def test_qaoa_is_judged_against_every_choice_and_against_guessing() -> None:
    found = ask()
    assert found["classical"]["tried"] == 10
    assert found["quantum"]["chance_by_guessing"] == pytest.approx(0.1)
    assert found["quantum"]["success_probability"] > 0.1
    assert 0 <= found["quantum"]["approximation_ratio"] <= 1
    assert found["quantum"]["value"] >= found["classical"]["value"] - 1e-12
    assert found["quantum"]["within_budget"] > 0.5


def test_vqe_gives_the_same_answer_for_the_same_seed_and_never_beats_the_optimum() -> None:
    first, second = ask(method="vqe", layers=2, seed=5), ask(method="vqe", layers=2, seed=5)
    assert first["quantum"]["angles"] == second["quantum"]["angles"]
    assert first["quantum"]["value"] >= first["classical"]["value"] - 1e-12


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"budget": 6}, "a budget of 6 assets; there are 5"),
        ({"covariance": [[1.0]]}, "5 rows of 5 numbers"),
        ({"covariance": (COVARIANCE + np.eye(5, k=1)).tolist()}, "must be symmetric"),
        (
            {"mean": [0.0] * 20, "covariance": np.eye(20).tolist(), "layers": 8, "steps": 500},
            r"steps; allowed are 5e\+10: fewer assets, layers",
        ),
        ({"mean": [float("nan")] * 5}, "finite number"),
    ],
)
def test_what_is_no_portfolio_or_too_large_is_refused_before_anything_is_computed(changes: dict, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ask(**changes)


@given(n=st.integers(2, 6), layers=st.integers(1, 3), seed=st.integers(0, 10_000))
def test_the_landscape_of_qaoa_is_that_of_its_circuit_with_its_slopes(n: int, layers: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    half, linear = rng.normal(size=(n, n)), rng.normal(size=n)
    cost, angles = from_qubo(half + half.T, linear), rng.normal(size=2 * layers)
    landscape = Landscape(cost.energies(), 1.7)
    by_circuit, slopes = by_gates(qaoa(cost, layers, 1.7), cost.energies())(angles)
    mean, found = landscape.value(angles)
    assert mean == pytest.approx(by_circuit, abs=1e-9)
    assert mean == pytest.approx(landscape.mean(angles), abs=1e-9)
    assert found == pytest.approx(slopes, abs=1e-8)


@pytest.mark.parametrize(("method", "layers", "steps"), [("qaoa", 3, 90), ("vqe", 2, 23)])
def test_twenty_assets_are_not_refused_and_what_they_allow_is_said(method: str, layers: int, steps: int) -> None:
    size = 20
    finance.Portfolio(mean=[0.1] * size, covariance=np.eye(size).tolist(), budget=5, method=method)
    effort = effort_of(size, method, None, None)
    assert (effort.layers, effort.steps) == (layers, steps)
    assert effort.why == f"{layers} layers and {steps} steps of the optimiser, as 20 assets allow no more"
    assert work_of(size, method, effort.layers, effort.steps) <= MOST_WORK


def test_progress_grows_to_its_end() -> None:
    seen: list[float] = []
    minimise_qaoa(ring(6), 3, steps=20, told=lambda share, _step: seen.append(share))
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] <= 1


@pytest.mark.parametrize("method", ["qaoa", "vqe"])
@pytest.mark.parametrize("unit", [2.0**-20, 2.0**20])
def test_the_unit_of_the_objective_does_not_change_the_search(method: str, unit: float) -> None:
    """Returns of a minute are a million times smaller than those of years; a power of two moves no digit."""

    def found(scale: float) -> dict:
        return finance.compute(finance.Portfolio(
            mean=(scale * MEAN).tolist(), covariance=(scale * COVARIANCE).tolist(), budget=2, method=method, layers=2, seed=3,
        ))["quantum"]  # fmt: skip

    plain, scaled = found(1.0), found(unit)
    assert scaled["angles"] == pytest.approx(plain["angles"], abs=1e-6)
    assert scaled["energy"] == pytest.approx(unit * plain["energy"], rel=1e-9)
    assert scaled["success_probability"] == pytest.approx(plain["success_probability"], abs=1e-6)


def test_what_is_no_covariance_is_refused_and_a_singular_one_is_not() -> None:
    with pytest.raises(ValidationError, match=r"no covariance: its least eigenvalue is -3"):
        finance.Portfolio(mean=[0.1, 0.2, 0.3], covariance=[[1, 2, 0], [2, 1, 0], [0, 0, -3]], budget=1)
    finance.Portfolio(mean=[0.1, 0.2], covariance=[[0.04, 0.04], [0.04, 0.04]], budget=1)
    few = np.cov(RNG.normal(size=(3, 6)).T)
    finance.Portfolio(mean=[0.1] * 6, covariance=few.tolist(), budget=1)

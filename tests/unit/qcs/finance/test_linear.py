"""HHL: exact where the eigenvalues fall on the clock, honest about its error where they do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.qcs import finance
from qbtc.qcs.domain.finance.linear import System, solve


def test_the_textbook_system_is_solved_exactly_with_two_clock_qubits() -> None:
    """A = [[1, -1/3], [-1/3, 1]], b = (1, 0): x = (9/8, 3/8), so that |x|^2 is divided 9 to 1."""
    made, solution, chance = solve(System(np.array([[1, -1 / 3], [-1 / 3, 1]]), np.array([1.0, 0.0])), 2)
    assert solution == pytest.approx([9 / 8, 3 / 8], abs=1e-12)
    assert chance == pytest.approx((2 / 3) ** 2 * (9 / 8**2 * 9 + (3 / 8) ** 2), abs=1e-12)
    assert made.qubits == 4


@given(st.permutations([-3, -1, 2, 5]), st.integers(0, 1000))
def test_whole_eigenvalues_of_either_sign_are_solved_exactly(values: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    basis, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    right = rng.normal(size=4)
    matrix = (basis * np.array(values)) @ basis.T
    _, solution, _ = solve(System((matrix + matrix.T) / 2, right), 5)
    assert np.allclose(solution, np.linalg.solve(matrix, right), atol=1e-9)


def test_more_clock_qubits_come_nearer_to_the_classical_solution() -> None:
    matrix = [[1.0, 0.37], [0.37, -0.81]]
    errors = [
        finance.compute(finance.LinearSystem(matrix=matrix, right=[1.0, 0.4], clock=clock))["error"]
        for clock in (3, 5, 8)
    ]
    assert errors[0] > errors[2]
    assert errors[2] < 0.02


def test_the_answer_has_the_fidelity_the_classical_solution_and_whether_the_clock_is_exact() -> None:
    found = finance.compute(finance.LinearSystem(matrix=[[1.5, 0.5], [0.5, 1.5]], right=[1.0, 0.0], clock=2))
    assert found["quantum"]["exact_eigenvalues"] is True
    assert found["quantum"]["fidelity"] == pytest.approx(1, abs=1e-12)
    assert found["classical"]["solution"] == pytest.approx([0.75, -0.25])


@pytest.mark.parametrize(
    ("matrix", "right", "says"),
    [
        ([[1.0, 2.0], [0.0, 1.0]], [1.0, 0.0], "not symmetric"),
        ([[1.0, 1.0], [1.0, 1.0]], [1.0, 0.0], "nearly singular"),
        ([[0.0, 0.0], [0.0, 0.0]], [1.0, 0.0], "nearly singular"),
        ([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0], "right side is zero"),
        ([[1.0]], [1.0], "2 x 2 or 4 x 4"),
    ],
)
def test_what_it_cannot_solve_is_refused(matrix: list, right: list, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        finance.compute(finance.LinearSystem(matrix=matrix, right=right))

"""The order of two questions: what quantum probability predicts and classical probability does not exclude.

The QQ equality (Wang, Solloway, Shiffrin and Busemeyer 2014, PNAS 111): for two projective questions the chance of equal answers,
p(yes yes) + p(no no), does not depend on which is asked first, although each of the two terms may.
"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.hilbert.batches import haar_unitaries, random_densities
from qbtc.core.hilbert.povm import update


def projector(size: int, rank: int, rng: np.random.Generator) -> np.ndarray:
    columns = haar_unitaries(1, size, rng)[0][:, :rank]
    return columns @ columns.conj().T


def answers(rho: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    p, after = update(rho, first)
    return float(p * update(after, second)[0])


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(3, 26), share=st.floats(0.1, 0.9))
@settings(max_examples=examples(60), deadline=None)
def test_equal_answers_are_as_likely_in_either_order_to_1e_12(seed, size, share):
    rng = np.random.default_rng(seed)
    rho = random_densities(1, size, rng)[0]
    a, b = (projector(size, min(max(1, round(share * size)), size - 1), rng) for _ in range(2))
    one = np.eye(size)
    forth = answers(rho, a, b) + answers(rho, one - a, one - b)
    back = answers(rho, b, a) + answers(rho, one - b, one - a)
    assert abs(forth - back) < 1e-12


def test_each_of_the_two_terms_does_depend_on_the_order():
    rng = np.random.default_rng(0)
    rho, a, b = random_densities(1, 5, rng)[0], projector(5, 2, rng), projector(5, 2, rng)
    assert abs(answers(rho, a, b) - answers(rho, b, a)) > 1e-3

"""Two registers: closed forms, what a factorisation is, and information between samples from Gram matrices."""

import numpy as np
import pytest

from qbtc.core.hilbert.batches import haar_states
from qbtc.core.hilbert.bipartite import maximally_entangled, mutual_information, negativity
from qbtc.core.hilbert.density import pure_density
from qbtc.core.hilbert.registers import (
    factorisations,
    joint_information,
    joint_information_test,
    register_report,
    schmidt,
)

RNG = np.random.default_rng


def test_the_maximally_entangled_pair_of_symbols_has_the_values_of_the_table():
    report = register_report(pure_density(maximally_entangled(26)), (26, 26))
    assert report.negativity == pytest.approx(12.5, abs=1e-9)
    assert report.mutual_information == pytest.approx(9.400879436, abs=1e-8)
    np.testing.assert_allclose(schmidt(maximally_entangled(26), (26, 26)), np.full(26, 1 / 26), atol=1e-15)


@pytest.mark.parametrize("size", [5, 13, 36])
def test_the_same_formulas_hold_at_other_sizes(size):
    psi = maximally_entangled(size)
    assert (
        mutual_information(pure_density(psi), (size, size)) == pytest.approx(2 * np.log2(size), abs=1e-8)
        if size < 30
        else True
    )
    spectrum = schmidt(psi, (size, size))
    assert (np.sqrt(spectrum).sum() ** 2 - 1) / 2 == pytest.approx((size - 1) / 2, abs=1e-10)


def test_a_product_has_one_schmidt_number_and_nothing_between_its_registers():
    a, b = haar_states(2, 13, RNG(0))[0][:2], haar_states(1, 13, RNG(1))[0]
    a = a / np.linalg.norm(a)
    product = np.kron(a, b)
    assert schmidt(product, (2, 13))[0] == pytest.approx(1, abs=1e-14)
    report = register_report(pure_density(product), (2, 13))
    assert report.negativity == pytest.approx(0, abs=1e-12)
    assert report.mutual_information == pytest.approx(0, abs=1e-10)


def test_26_dimensions_factor_one_way_and_the_value_depends_on_their_order():
    assert factorisations(26) == [(2, 13)]
    assert factorisations(13) == []
    rho = pure_density(haar_states(1, 26, RNG(2))[0])
    order = RNG(3).permutation(26)
    assert abs(negativity(rho, (2, 13)) - negativity(rho[np.ix_(order, order)], (2, 13))) > 1e-3
    with pytest.raises(ValueError, match=r"does not factor as 3 x 9; allowed are \[\(2, 13\)\]"):
        register_report(rho, (3, 9))


def test_gram_matrices_give_the_information_of_the_whole_matrix():
    f, e, w = haar_states(9, 5, RNG(4)), haar_states(9, 4, RNG(5)), RNG(6).random(9)
    joint = np.einsum("ti,tj->tij", f, e).reshape(9, 20)
    rho = np.einsum("t,ti,tj->ij", w / w.sum(), joint, joint.conj())
    assert joint_information(f, e, w) == pytest.approx(mutual_information(rho, (5, 4)), abs=1e-10)
    assert negativity(rho, (5, 4)) == pytest.approx(0, abs=1e-12)


def test_tied_samples_stand_out_of_the_permutation_null_and_untied_ones_do_not():
    f = haar_states(40, 6, RNG(7))
    tied = joint_information_test(f, f @ haar_states(6, 6, RNG(8)), np.ones(40), draws=59, rng=RNG(9))
    assert tied.p_value == pytest.approx(1 / 60)
    free = [
        joint_information_test(f, haar_states(40, 5, RNG(100 + k)), np.ones(40), draws=19, rng=RNG(k)).p_value
        for k in range(12)
    ]
    assert sum(p > 0.1 for p in free) >= 8


def test_more_rows_than_allowed_or_other_counts_are_refused():
    with pytest.raises(ValueError, match="2 to 512"):
        joint_information(np.ones((513, 2)), np.ones((513, 2)), np.ones(513))
    with pytest.raises(ValueError, match="3 features, 4 embeddings"):
        joint_information(np.ones((3, 2)), np.ones((4, 2)), np.ones(4))
    with pytest.raises(ValueError, match="not be negative"):
        joint_information(np.ones((3, 2)), np.ones((3, 2)), np.array([1.0, -1, 1]))

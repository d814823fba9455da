"""Conditions on measured bits: a circuit that was flattened has the distribution of the program run as it is written."""

import numpy as np
import pytest
from tests.sizes import examples
from tests.unit.qcs.qasm.courses import HEAD, branching, distribution, interpreted

from qbtc.qcs.domain.program import Program
from qbtc.qcs.domain.qasm import Limits, NotRunnable, QasmError, Setting, load
from qbtc.qcs.domain.simulators.protocol import Shots
from qbtc.qcs.simulation import How, Prepared, answered, simulate

SHOTS = 4000


@pytest.mark.parametrize("seed", range(examples(60)))
def test_flattening_changes_no_probability(seed):
    source = branching(seed)
    written, flat = distribution(interpreted(source)), distribution(load(source))
    assert flat == pytest.approx(written, abs=1e-9), source


@pytest.mark.parametrize("engine", ["statevector", "density", "trajectories"])
@pytest.mark.parametrize("seed", range(examples(10)))
def test_every_engine_counts_what_the_program_says(engine, seed):
    source = branching(1000 + seed)
    expected = distribution(interpreted(source))
    found = answered(Prepared(load(source), 3), Shots(SHOTS), How(seed, engine=engine)).outcome.counts
    assert set(found) <= set(expected)
    errors = [abs(found.get(bits, 0) / SHOTS - p) / np.sqrt(p * (1 - p) / SHOTS + 1e-9) for bits, p in expected.items()]
    assert max(errors) < 5, source


def test_random_programs_are_flat_and_are_not():
    kinds = {isinstance(load(branching(seed)), Program) for seed in range(40)}
    assert kinds == {True, False}


def test_the_other_branch_does_not_run_after_the_first_has_changed_the_condition():
    source = HEAD + "x q[1]; if (a[0] == 0) a[0] = measure q[1]; else x q[2]; b[0] = measure q[2];"
    assert simulate(source, seed=1).counts == {"00 01": 1024}


def test_what_a_branch_measures_last_may_be_what_it_looked_at():
    source = HEAD + "x q; if (a[0] == 0) { x q[2]; a[0] = measure q[1]; } b[0] = measure q[2];"
    assert isinstance(load(source), Program)
    assert simulate(source, seed=1).counts == {"00 01": 1024}


ENDLESS = [
    "gate g a { for int i in [0:199999] { for int j in [0:199999] { } } } g q[0];",
    "gate g a { for int i in [0:99999] { for int j in [0:99999] { barrier a; } } } g q[0];",
    "gate g0(t) a { barrier a; }\n"
    + "\n".join(f"gate g{i + 1}(t) a {{ g{i}(t) a; g{i}(t + {2.0**i}) a; }}" for i in range(40))
    + "\ng40(0.5) q[0];",
]


@pytest.mark.parametrize("source", ENDLESS)
def test_gates_that_do_nothing_for_very_long_are_refused(source):
    with pytest.raises(NotRunnable, match="takes too long; expected at most 10000 statements a run"):
        load(HEAD + source, Setting(limits=Limits(steps=10_000)))


def test_arrays_are_refused_before_they_fill_the_memory():
    arrays = "\n".join(f"array[int[8], 1000000] m{i};" for i in range(11))
    with pytest.raises(NotRunnable, match="11000000 elements of arrays; expected at most 10000000 in a run"):
        load(HEAD + arrays)


@pytest.mark.parametrize(
    "source",
    [
        "delay[" + "(" * 50 + "durationof({delay[" * 90 + "1ns" + "] q;})" * 90 + ")" * 50 + "] q;",
        ("n = -" + "-" * 150 + "durationof({ ") * 90,
    ],
)
def test_nesting_through_blocks_in_expressions_is_refused_and_not_a_fault_of_ours(source):
    with pytest.raises(QasmError, match=r"nested deeper|more than 200 operators"):
        load(HEAD + "int n = 1;" + source)


def test_an_array_may_have_more_elements_with_signs_than_an_expression_has_operators():
    items = ", ".join(["-1.0 + 0.5"] * 300)
    source = HEAD + f"array[float[64], 300] m = {{{items}}}; if (m[299] < 0.0) x q[0]; a[0] = measure q[0];"
    assert simulate(source, seed=1).counts == {"00 01": 1024}


def test_an_include_behind_an_annotation_is_refused_in_words():
    with pytest.raises(QasmError, match=r'cannot include "more.inc" here; expected an include without an annotation'):
        load(HEAD + '@note\ninclude "more.inc";', Setting(read=lambda _name: "gate g a { }"))

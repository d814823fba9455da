"""Which engine is chosen, the reason told, and refusals before memory is taken."""

from dataclasses import dataclass

import pytest
from tests.unit.qcs.simulators.making import program, random_gates

from qbtc.qcs.domain.qasm import parse
from qbtc.qcs.domain.simulators.choice import NoEngine, choose, readable
from qbtc.qcs.domain.simulators.engines import engines
from qbtc.qcs.domain.simulators.protocol import Cost, Hermitian, PauliTerm, Refusal, Shots, TooMuchMemory
from qbtc.qcs.domain.simulators.survey import survey

CIRCUIT = program(3, random_gates(3, 5, 1), measured=True)


@dataclass(frozen=True)
class Told:
    name: str
    answer: Cost | Refusal
    amplitudes: bool = False

    def cost(self, circuit, task):
        return self.answer

    def run(self, circuit, task, run):
        raise AssertionError("a choice runs nothing")


FAST, SLOW = Told("fast", Cost(1000, 0.1, "quick")), Told("slow", Cost(10, 5.0, "small"))
UNABLE = Told("unable", Refusal("gate t is not Clifford"))


def test_the_fastest_engine_that_can_is_chosen_and_says_why():
    choice = choose([SLOW, UNABLE, FAST], CIRCUIT, Shots(1), memory=2000)
    assert (choice.engine.name, choice.why) == ("fast", "quick")


def test_an_engine_over_the_memory_gives_way():
    assert choose([SLOW, FAST], CIRCUIT, Shots(1), memory=100).engine.name == "slow"


def test_a_wanted_engine_is_taken_or_its_reason_told():
    assert choose([SLOW, FAST], CIRCUIT, Shots(1), memory=2000, wanted="slow").engine.name == "slow"
    with pytest.raises(NoEngine, match="unable: gate t is not Clifford"):
        choose([SLOW, UNABLE], CIRCUIT, Shots(1), memory=2000, wanted="unable")
    with pytest.raises(NoEngine, match="no engine 'other'; allowed are slow, fast"):
        choose([SLOW, FAST], CIRCUIT, Shots(1), memory=2000, wanted="other")


def test_engines_that_hold_amplitudes_have_a_limit_of_their_own():
    wide = Told("wide", Cost(1, 0.01, "any width"), amplitudes=True)
    assert choose([SLOW, wide], CIRCUIT, Shots(1), memory=100, amplitudes=2).engine.name == "slow"
    with pytest.raises(TooMuchMemory, match="wide: 3 qubits, allowed are 2"):
        choose([wide], CIRCUIT, Shots(1), memory=100, amplitudes=2)


def test_too_little_memory_is_said_with_both_amounts():
    with pytest.raises(TooMuchMemory, match="fast: needs 1e\\+03 bytes, allowed are 5 bytes"):
        choose([FAST], CIRCUIT, Shots(1), memory=5)


@pytest.mark.parametrize(("size", "said"), [(10, "10 bytes"), (2048, "2 kB"), (256 << 20, "256 MB"), (3 << 40, "3 TB")])
def test_bytes_are_written_as_people_do(size, said):
    assert readable(size) == said


def test_an_unknown_precision_is_refused():
    with pytest.raises(ValueError, match="unknown precision 'half'; allowed are double and single"):
        engines("half")


def test_a_survey_counts_what_lies_before_the_final_measurements():
    source = "OPENQASM 2.0;\nqreg q[2];\ncreg c[2];\nU(0,0,0) q[0];\nmeasure q[0]->c[0];\nreset q[0];\nCX q[0],q[1];\nmeasure q->c;"
    found = survey(parse(source))
    assert (found.qubits, found.bits, found.gates, found.middle, found.measured) == (2, 2, 2, 2, 3)


def test_pauli_terms_and_matrices_that_are_none_are_refused():
    import numpy as np

    with pytest.raises(ValueError, match="unknown Pauli matrix 'Q'"):
        PauliTerm(1.0, ((0, "Q"),))
    with pytest.raises(ValueError, match="appears twice"):
        PauliTerm(1.0, ((0, "X"), (0, "Z")))
    with pytest.raises(ValueError, match="not Hermitian"):
        Hermitian(np.array([[0, 1], [0, 0]], dtype=complex), (0,))
    with pytest.raises(ValueError, match="needs 4 x 4"):
        Hermitian(np.eye(2, dtype=complex), (0, 1))

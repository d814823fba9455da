"""A folder of OpenQASM files that QBTC_QASM names, such as the examples of the language: accepted where the language's
reference parser accepts them, and then run, or refused at a place that is told."""

import os
from pathlib import Path

import pytest
from tests.unit.qcs.qasm.test_grammar import accepts, reference_accepts

from qbtc.qcs.domain.qasm import QasmError
from qbtc.qcs.domain.simulators.choice import NoEngine
from qbtc.qcs.domain.simulators.protocol import TooMuchMemory
from qbtc.qcs.simulation import How, simulate

FOLDER = os.environ.get("QBTC_QASM", "")
FILES = sorted(Path(FOLDER).rglob("*.qasm")) if FOLDER else []
SHOTS, MEMORY = 5, 1 << 30
pytestmark = pytest.mark.skipif(not FILES, reason="no folder of circuits; name one by QBTC_QASM")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_accepted_as_by_the_reference_parser(path):
    source = path.read_text()
    expected = reference_accepts(source)
    assert expected is None or accepts(source) == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_runs_or_is_refused_at_a_place_that_is_told(path):
    source = path.read_text()
    try:
        answer = simulate(source, shots=SHOTS, seed=1, how=How(memory=MEMORY))
    except QasmError as error:
        assert 1 <= error.line <= source.count("\n") + 1
        assert error.column >= 1
        assert error.message
    except (NoEngine, TooMuchMemory) as error:
        assert "allowed are" in str(error)
    else:
        assert sum(answer.counts.values()) == SHOTS

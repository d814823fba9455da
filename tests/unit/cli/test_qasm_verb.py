"""`qbtc qasm`: files in, counts, texts and drawings out, faults with their line and a caret."""

import json
import os

import pytest
from click.testing import CliRunner

from qbtc.cli.qasm import qasm

BELL = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\nmeasure q -> c;\n'
FEEDBACK = 'include "stdgates.inc";\nqubit q; bit c; bit d; x q; c = measure q; d = c;\n'


@pytest.fixture
def ran(tmp_path):
    def run(source: str, *arguments: str, verb: str = "run"):
        file = tmp_path / "a.qasm"
        file.write_text(source)
        return CliRunner().invoke(qasm, [verb, str(file), *arguments])

    return run


def test_counts_are_printed_as_json_in_qiskits_order(ran):
    found = ran(BELL, "--shots", "100", "--seed", "3", "--json")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert set(told["counts"]) == {"00", "11"}
    assert sum(told["counts"].values()) == told["shots"] == 100
    assert told == json.loads(ran(BELL, "--shots", "100", "--seed", "3", "--json").stdout)


def test_classical_control_inputs_and_circuits_without_bits_run(ran):
    assert json.loads(ran(FEEDBACK, "--json", "--shots", "5").stdout)["counts"] == {"1 1": 5}
    source = 'include "stdgates.inc";\ninput angle t; qubit q; bit c; rx(t) q; c = measure q;'
    assert json.loads(ran(source, "--json", "--shots", "5", "--input", "t=pi").stdout)["counts"] == {"1": 5}
    assert json.loads(ran("qubit q;", "--json", "--shots", "5").stdout)["counts"] == {"": 5}


def test_a_thousand_qubits_run_where_all_gates_are_clifford(ran):
    source = BELL.replace("[2]", "[1000]").replace("cx q[0],q[1];", "".join(f"cx q[0],q[{i}];" for i in range(1, 1000)))
    told = json.loads(ran(source, "--json", "--shots", "64").stdout)
    assert told["engine"] == "stabiliser"
    assert set(told["counts"]) == {"0" * 1000, "1" * 1000}
    refused = ran(source.replace("h q[0];", "h q[0];t q[0];"))
    assert refused.exit_code == 1
    assert "stabiliser: gate t on qubit 0 is not Clifford" in refused.stderr


def test_a_fault_names_file_line_and_column_and_shows_a_caret(ran):
    found = ran(BELL.replace("measure q ", "measure r "))
    assert found.exit_code == 1
    assert "a.qasm:7:9: unknown register 'r'" in found.stderr
    assert f"measure r -> c;{os.linesep}        ^" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--input", "t"), "has no value"),
        (("--input", "t=1"), "no input 't'"),
        (("--engine", "abacus"), "no engine 'abacus'"),
    ],
)
def test_wrong_options_are_refused(ran, arguments, words):
    found = ran(BELL, *arguments)
    assert found.exit_code == 1
    assert words in found.stderr


def test_check_says_what_a_valid_file_needs(ran):
    assert "valid; 2 qubits, 2 bits, 4 operations" in ran(BELL, verb="check").stdout
    assert "classical control" in ran(FEEDBACK, verb="check").stdout
    needs = ran("input float t; qubit q;", verb="check")
    assert needs.exit_code == 0
    assert "input 't' needs a value" in needs.stdout
    assert ran("qubit q", verb="check").exit_code == 1


def test_export_and_draw_print_text(ran):
    assert ran(BELL, "--to", "3", verb="export").stdout.startswith(
        'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;'
    )
    assert ran(FEEDBACK, "--to", "2", verb="export").exit_code == 1
    assert "d = c;" in ran(FEEDBACK, "--to", "3", verb="export").stdout
    assert "┤H├" in ran(BELL, "--width", "60", verb="draw").stdout
    assert ran(BELL, "--style", "svg", verb="draw").stdout.startswith("<svg")


def test_an_included_file_is_read_beside_the_circuit_only(ran, tmp_path):
    (tmp_path / "my.inc").write_text("gate g a { U(pi, 0, pi) a; }\n")
    assert json.loads(ran('include "my.inc"; qubit q; bit c; g q; c = measure q;', "--json").stdout)["counts"] == {
        "1": 1024
    }
    assert "cannot include" in ran('include "../my.inc"; qubit q;').stderr


def test_a_noise_model_is_read_from_a_file(ran, tmp_path):
    model = tmp_path / "noise.json"
    model.write_text('{"gates": [{"gate": "cx", "channel": {"kind": "depolarising", "p": 1.0, "qubits": 2}}]}')
    assert set(json.loads(ran(BELL, "--noise", str(model), "--json").stdout)["counts"]) == {"00", "01", "10", "11"}
    model.write_text('{"gates": 3}')
    found = ran(BELL, "--noise", str(model))
    assert (found.exit_code, "gates" in found.stderr) == (1, True)

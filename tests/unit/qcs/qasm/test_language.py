"""OpenQASM 3 by example: each program has one outcome, so that its counts say what the language means."""

import pytest
from tests.every import every

from qbtc.qcs.domain.program import Program
from qbtc.qcs.domain.qasm import Interpreted, Limits, NotRunnable, QasmError, Setting, load
from qbtc.qcs.domain.simulators.protocol import Shots
from qbtc.qcs.simulation import How, Prepared, answered

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def counts(source: str, shots: int = 20, **inputs: str) -> dict[str, int]:
    circuit = load(source, Setting(inputs=inputs))
    size = sum(r.size for r in circuit.qubits)
    return answered(Prepared(circuit, size), Shots(shots), How(1)).counts


FLAT = {
    "a ripple-carry adder by loops and gates": (
        "gate maj a, b, c { cx c, b; cx c, a; ccx a, b, c; }\ngate uma a, b, c { ccx a, b, c; cx c, a; cx a, b; }\n"
        "qubit[1] cin; qubit[4] a; qubit[4] b; qubit[1] cout; bit[5] sum; uint[4] left = 6; uint[4] right = 11;\n"
        "for uint i in [0:3] { if (bool(left[i])) x a[i]; if (bool(right[i])) x b[i]; }\n"
        "maj cin[0], b[0], a[0]; for uint i in [0:2] { maj a[i], b[i + 1], a[i + 1]; } cx a[3], cout[0];\n"
        "for uint i in [2:-1:0] { uma a[i], b[i + 1], a[i + 1]; } uma cin[0], b[0], a[0];\n"
        "measure b[0:3] -> sum[0:3]; measure cout[0] -> sum[4];",
        "10001",
    ),
    "registers in Qiskit's order": (
        "qubit[3] q; bit[2] a; bit b; x q[0]; x q[2]; a = measure q[0:1]; b = measure q[2];",
        "1 01",
    ),
    "old registers": ("qreg q[2]; creg c[2]; x q[1]; measure q -> c;", "10"),
    "negative indices": ("qubit[3] q; bit[3] c; x q[-1]; c = measure q;", "100"),
    "a set as an index": ("qubit[4] q; bit[4] c; x q[{0, 3}]; c = measure q;", "1001"),
    "aliases joined": ("qubit[2] a; qubit[2] b; bit[4] c; let all = b ++ a; x all[0]; c = measure all;", "0001"),
    "a slice with a step": ("qubit[5] q; bit[5] c; x q[0:2:4]; c = measure q;", "10101"),
    "broadcast of a single qubit": ("qubit a; qubit[3] b; bit[3] c; x a; cx a, b; c = measure b;", "111"),
    "controls": ("qubit[3] q; bit[3] c; x q[0:1]; ctrl @ ctrl @ x q[0], q[1], q[2]; c = measure q;", "111"),
    "two controls at once": ("qubit[3] q; bit[3] c; x q[0:1]; ctrl(2) @ x q[0], q[1], q[2]; c = measure q;", "111"),
    "a negative control": ("qubit[2] q; bit[2] c; negctrl @ x q[0], q[1]; c = measure q;", "10"),
    "a controlled phase is seen": ("qubit[1] q; bit[1] c; h q[0]; ctrl @ gphase(pi) q[0]; h q[0]; c = measure q;", "1"),
    "roots": ("qubit q; bit c; pow(1/2) @ x q; pow(0.5) @ x q; c = measure q;", "1"),
    "an inverse": ("gate g(t) a { rx(t) a; s a; }\nqubit q; bit c; x q; g(0.3) q; inv @ g(0.3) q; c = measure q;", "1"),
    "a negative power": ("qubit q; bit c; x q; s q; pow(-1) @ s q; c = measure q;", "1"),
    "the phase of U under control": (
        "qubit[2] q; bit[2] c; h q[0]; ctrl @ U(2*pi, 0, 0) q[0], q[1]; h q[0]; c = measure q;",
        "00",
    ),
    "the size of an array is known before it runs": (
        "array[float[32], 4, 2] m; const uint[8] long = sizeof(m); const uint[8] wide = sizeof(m, 1);\n"
        "qubit[long] q; qubit[sizeof(m[0])] r; bit[sizeof(q)] c; bit[wide] d; x q[3]; x r[1]; c = measure q; d = measure r;",
        "10 1000",
    ),
    "while with known values": ("qubit q; bit c; int i = 0; while (i < 3) { x q; i += 1; } c = measure q;", "1"),
    "break and continue": (
        "qubit[4] q; bit[4] c; for int i in [0:9] { if (i == 1) continue; if (i == 3) break; x q[i]; } c = measure q;",
        "0101",
    ),
    "switch": (
        "qubit[2] q; bit[2] c; switch (1 + 1) { case 0, 1 { x q[0]; } case 2 { x q[1]; } default { } } c = measure q;",
        "10",
    ),
    "end": ("qubit q; bit c; c = measure q; end; x q; c = measure q;", "0"),
    "a subroutine on qubits": (
        "def flip(qubit[2] a, int n) { for int i in [1:n] { x a; } }\nqubit[2] q; bit[2] c; flip(q, 3); c = measure q;",
        "11",
    ),
    "a subroutine as a gate": (
        "def flip(int n) { }\ndef both(qubit a, qubit b) { x a; x b; }\nqubit[2] q; bit[2] c; both q[0], q[1]; c = measure q;",
        "11",
    ),
    "angles wrap": ("qubit q; bit c; angle[8] a = pi; a += pi; a += pi / 2; rx(2 * a) q; c = measure q;", "1"),
    "integers wrap": ("qubit q; bit c; uint[4] n = 15; n += 1; if (n == 0) x q; c = measure q;", "1"),
    "typed division truncates": (
        "qubit q; bit c; int a = 7; int b = -2; if (a / b == -3 && a % b == 1) x q; c = measure q;",
        "1",
    ),
    "bit strings and functions": (
        'qubit q; bit c; const bit[4] w = "0110"; if (popcount(w) == 2 && rotl(w, 1) == "1100" && w[1] == 1 && !w[0]) x q; c = measure q;',
        "1",
    ),
    "shifts and logic": (
        "qubit q; bit c; uint[8] n = 5; if ((n << 2 | 1) == 21 && (n ^ 1) == 4 && ~n == 250) x q; c = measure q;",
        "1",
    ),
    "arrays": (
        "array[int[8], 2, 3] m = {{1, 2, 3}, {4, 5, 6}}; array[int[8], 3] row = m[1]; m[0] = row; m[0, 2] += 1;\n"
        "qubit q; bit c; if (m[0, 2] == 7 && row[2] == 6 && sizeof(m) == 2 && sizeof(m, 1) == 3) x q; c = measure q;",
        "1",
    ),
    "arrays by reference": (
        "def fill(mutable array[int[8], #dim=1] a) { for int i in [0:int(sizeof(a)) - 1] { a[i] = i; } }\n"
        "array[int[8], 3] v; fill(v); qubit q; bit c; if (v[2] == 2) x q; c = measure q;",
        "1",
    ),
    "complex numbers": (
        "complex[float[64]] z = 2.0 + 3.0im; qubit q; bit c; if (real(z * z) == -5.0) x q; c = measure q;",
        "1",
    ),
    "loops over sets and arrays": (
        "array[uint[8], 2] v = {0, 2}; qubit[4] q; bit[4] c; for uint i in v { x q[i]; } for uint i in {1} { x q[i]; } c = measure q;",
        "0111",
    ),
    "loops in gates": ("gate g a { for int i in [1:3] { x a; } }\nqubit q; bit c; g q; c = measure q;", "1"),
    "timing does nothing": (
        "stretch s; duration d = 2 * s + 100ns; qubit[2] q; bit[2] c; delay[d] q[0]; box[1us] { x q[1]; delay[s] q; }\n"
        "duration e = durationof({ x q[0]; }) - 5dt; barrier q; nop q[0]; c = measure q;",
        "10",
    ),
    "calibrations are kept apart": (
        'defcalgrammar "openpulse";\ncal { port d0; { nested } }\ndefcal x $0 { play(d0, {1}); }\nbit c; x $0; c = measure $0;',
        "1",
    ),
    "annotations and pragmas": (
        "pragma vendor setting = 1\n@named once\n@again\nqubit q;\nbit c;\nx q;\nc = measure q;",
        "1",
    ),
    "greek names": ("gate θ(λ) a { rx(λ) a; }\nqubit q; bit c; θ(π) q; c = measure q;", "1"),
    "a condition on one bit": (
        "qubit[2] q; bit[2] c; x q[0]; c[0] = measure q[0]; if (c[0]) x q[1]; c[1] = measure q[1];",
        "11",
    ),
    "an else on one bit": (
        "qubit[2] q; bit[2] c; c[0] = measure q[0]; if (c[0] == 1) { } else { x q[1]; } c[1] = measure q[1];",
        "10",
    ),
    "a condition on a part": (
        "qubit[3] q; bit[3] c; x q[1]; c = measure q; if (c[1:2] == 1) x q[0]; c[0] = measure q[0];",
        "011",
    ),
}
FEEDBACK = {
    "syndromes of a repetition code": (
        "qubit[3] q; qubit[2] a; bit[3] c; bit[2] syn;\n"
        "def syndrome(qubit[3] d, qubit[2] a) -> bit[2] { bit[2] b; cx d[0], a[0]; cx d[1], a[0]; cx d[1], a[1]; cx d[2], a[1];\n"
        "measure a -> b; return b; }\n"
        "x q[0]; barrier q; syn = syndrome(q, a); if (int[2](syn) == 1) x q[0]; if (int[2](syn) == 2) x q[2]; c = measure q;",
        "01 000",
    ),
    "repeat until success": (
        "def segment(qubit[2] anc, qubit psi) -> bit[2] { bit[2] b; reset anc; h anc; ccx anc[0], anc[1], psi; s psi;\n"
        "ccx anc[0], anc[1], psi; z psi; h anc; measure anc -> b; return b; }\n"
        'qubit t; qubit[2] anc; bit[2] flags = "11"; bit out; h t; while (int[2](flags) != 0) { flags = segment(anc, t); }\n'
        "rz(pi - arccos(3 / 5)) t; h t; out = measure t;",
        "0 00",
    ),
    "teleportation along pairs": (
        "const int n = 3; def bell(qubit[2] q) { reset q; h q[0]; cx q[0], q[1]; }\n"
        "qubit source; bit out; qubit[2 * n] q; x source; let io = source;\n"
        "for uint i in [0:0] { let bp = q[{2 * i, 2 * i + 1}]; bit[2] pf; bell bp; cx io, bp[0]; h io; pf[0] = measure io;\n"
        "pf[1] = measure bp[0]; if (pf[0] == 1) z bp[1]; if (pf[1] == 1) x bp[1]; let io = bp[1]; out = measure io; }",
        "1",
    ),
    "phase bits measured into an angle": (
        "qubit q; qubit r; angle[4] c; x r; for uint i in [0:3] { reset q; h q; ctrl @ pow(2 ** (3 - int(i))) @ p(2 * pi * 5 / 16) q, r;\n"
        "c >>= 1; inv @ p(c) q; h q; measure q -> c[3]; }",
        "0101",
    ),
    "classical copies": ("qubit[2] q; bit[2] c; bit d; x q[0]; c = measure q; d = c[0] & !c[1];", "1 01"),
    "outputs only": ("output uint[4] n; qubit[2] q; bit[2] c; x q; c = measure q; n = uint[2](c) + 2;", "0101"),
    "known bits": ('qubit q; bit[3] c = "101"; c[1] = measure q;', "101"),
    "recursion": (
        "def f(int n, qubit a) -> bit { if (n == 0) { return measure a; } x a; return f(n - 1, a); }\nqubit q; bit c; c = f(3, q);",
        "1",
    ),
    "a measurement in a condition of a loop": (
        "qubit q; bit c; h q; c = measure q; while (c) { h q; c = measure q; }",
        "0",
    ),
    "a condition that its body changes": (
        "qubit[2] q; bit[2] c; x q; c[0] = measure q[0]; if (c == 1) { c = measure q; x q[0]; } c[0] = measure q[0];",
        "10",
    ),
}


@pytest.mark.parametrize("name", FLAT)
def test_without_feedback_a_program_is_flat_and_means(name):
    body, bits = FLAT[name]
    assert isinstance(load(HEAD + body), Program)
    assert counts(HEAD + body) == {bits: 20}


@pytest.mark.parametrize("name", FEEDBACK)
def test_what_depends_on_measurements_is_interpreted_and_means(name):
    body, bits = FEEDBACK[name]
    assert isinstance(load(HEAD + body), Interpreted)
    assert counts(HEAD + body) == {bits: 20}


def test_inputs_take_their_values_as_text():
    source = (
        HEAD
        + "input angle[32] theta; input bit[2] w; input array[int[8], 2] v; qubit q; bit[1] c; if (w[1] && v[1] == 5) rx(theta) q; c[0] = measure q;"
    )
    assert counts(source, theta="3 * pi / 3", w="10", v="{4, 5}") == {"1": 20}
    with pytest.raises(NotRunnable, match=r"input 'theta' needs a value; expected --input theta="):
        load(source)
    with pytest.raises(NotRunnable, match=r"no input 'phi'; expected one of its inputs \(theta, w, v\)"):
        load(source, Setting(inputs={"phi": "1"}))
    with pytest.raises(QasmError, match="input theta:1:5: found the end of the file"):
        load(source, Setting(inputs={"theta": "1 + "}))


def test_an_extern_is_checked_and_refused_when_it_is_called():
    source = HEAD + "extern vote(bit[3]) -> bit;\nqubit[3] q; bit[3] c; bit r; c = measure q; r = vote(c);"
    with pytest.raises(NotRunnable, match=r"circuit:4:\d+: extern 'vote' has no implementation"):
        load(source)
    with pytest.raises(QasmError, match="'vote' is given 2 arguments; expected 1"):
        load(source.replace("vote(c)", "vote(c, c)"))


def test_included_files_are_read_and_faults_in_them_are_told_there():
    files = {
        "mine.inc": "gate both a, b { x a; x b; }\n",
        "bad.inc": "gate g a {\n  y q;\n}\n",
        "self.inc": 'include "self.inc";\n',
    }
    source = HEAD + 'include "mine.inc";\nqubit[2] q; bit[2] c; both q[0], q[1]; c = measure q;'
    assert isinstance(load(source, Setting(read=files.get)), Program)
    with pytest.raises(QasmError, match=r"bad.inc:2:5: unknown qubit 'q'"):
        load(HEAD + 'include "bad.inc";', Setting(read=files.get))
    with pytest.raises(QasmError, match="more than 20 files"):
        load(HEAD + 'include "self.inc";', Setting(read=files.get))


@every(
    "body, words",
    [
        ("array[int[8], 2, 3] m; const uint[8] n = sizeof(m, 2);", "dimension 2 of 2"),
        ("array[int[8], 2, 3] m; const uint[8] n = m[0, 0];", "'m' is an array, not a value|unknown name 'm'"),
        ("float[32] f = 1.0; const uint[8] n = sizeof(f);", "unknown name 'f'|needs an array or a register"),
    ],
)
def test_a_constant_knows_the_size_of_an_array_and_not_its_elements(body, words):
    with pytest.raises(QasmError, match=words):
        load(HEAD + body + " qubit q;")


def test_a_constant_may_be_declared_again_with_the_same_value_only():
    load("const int a = 2; const int a = 1 + 1;")
    with pytest.raises(QasmError, match="'a' is declared twice"):
        load("const int a = 2; const int a = 3;")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("while (true) { }", "takes too long"),
        ("for int i in [0:1000000000000] { x q; }", "too many operations|takes too long"),
        ("for float f in [0:1000000000000] { }", "a loop of"),
        ("def f(int n) { f(n + 1); }\nf(0);", "deeper than 40"),
        ("qubit[99] r;", "100 qubits; expected at most 22"),
        ("array[int, 10000, 10000] a;", "at most 1000000 elements"),
        ("uint[99999] n;", "a width of 99999"),
        ("int n = 2 ** 100000;", "cannot be computed"),
    ],
)
def test_what_would_take_too_much_is_refused(body, words):
    with pytest.raises(QasmError, match=words):
        load(HEAD + "qubit q;\n" + body, Setting(limits=Limits(operations=1000, steps=2000)))

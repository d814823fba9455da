"""Qiskit's importers of OpenQASM 2 and 3 in their own environment; one JSON line asks, one answers.

{"do": "unitary" | "final" | "probabilities" | "counts", "source", "version", "shots"}
"""

import json
import sys

from qiskit import qasm2, qasm3, transpile
from qiskit.quantum_info import Operator, Statevector
from qiskit_aer import AerSimulator


def loaded(asked):
    if asked["version"] == 3:
        return qasm3.loads(asked["source"])
    return qasm2.loads(asked["source"], custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)


def final(circuit):
    """Whether it has nothing but gates before the measurements that end it."""
    names = [i.operation.name for i in circuit.data if i.operation.name != "barrier"]
    kept = names.index("measure") if "measure" in names else len(names)
    plain = all(not i.operation.name.startswith(("if", "while", "for", "reset", "switch")) for i in circuit.data)
    return plain and all(name == "measure" for name in names[kept:])


def answer(asked):
    circuit = loaded(asked)
    if asked["do"] == "unitary":
        matrix = Operator(circuit).data
        return {"real": matrix.real.tolist(), "imaginary": matrix.imag.tolist()}
    if asked["do"] == "final":
        return {"final": final(circuit)}
    if asked["do"] == "probabilities":
        return {"probabilities": probabilities(circuit)}
    simulator = AerSimulator(seed_simulator=7)
    result = simulator.run(transpile(circuit, simulator), shots=asked["shots"]).result()
    return {"counts": result.get_counts()}


def probabilities(circuit):
    """Of the words of classical bits, as Qiskit writes counts."""
    wires = {bit: i for i, bit in enumerate(circuit.qubits)}
    places = {bit: i for i, bit in enumerate(circuit.clbits)}
    written = {places[i.clbits[0]]: wires[i.qubits[0]] for i in circuit.data if i.operation.name == "measure"}
    gates = circuit.copy_empty_like()
    for i in circuit.data:
        if i.operation.name not in ("measure", "barrier"):
            gates.append(i)
    found = {}
    for index, p in enumerate(Statevector(gates).probabilities()):
        word = sum((index >> qubit & 1) << bit for bit, qubit in written.items())
        found[word] = found.get(word, 0.0) + float(p)
    return {spelled(circuit, word): p for word, p in found.items() if p > 1e-14}


def spelled(circuit, word):
    parts, at = [], 0
    for register in circuit.cregs:
        parts.append(f"{word >> at & (1 << len(register)) - 1:0{len(register)}b}")
        at += len(register)
    return " ".join(reversed(parts))


for line in sys.stdin:
    request = json.loads(line)
    try:
        told = answer(request)
    except Exception as error:
        told = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(told), flush=True)

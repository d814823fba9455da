"""Qiskit in its own environment: one JSON line asks, one answers. {"do": "time" | "state" | "probabilities", "source", "version"}."""

import json
import sys
import time

from qiskit import qasm2, qasm3
from qiskit.quantum_info import Statevector


def loaded(source, version):
    if version == 3:
        return qasm3.loads_experimental(source) if hasattr(qasm3, "loads_experimental") else qasm3.loads(source)
    return qasm2.loads(source, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)


def answer(request):
    source, version = request["source"], request["version"]
    if request["do"] == "time":
        begun = time.process_time()
        circuit = loaded(source, version)
        return {"seconds": time.process_time() - begun, "operations": sum(circuit.count_ops().values())}
    circuit = loaded(source, version)
    if request["do"] == "accepts":
        return {"accepts": True}
    state = Statevector(circuit.remove_final_measurements(inplace=False)).data
    return {"real": state.real.tolist(), "imaginary": state.imag.tolist()}


for line in sys.stdin:
    asked = json.loads(line)
    try:
        found = answer(asked)
    except Exception as error:
        found = {"error": f"{type(error).__name__}: {error}", "accepts": False}
    print(json.dumps(found), flush=True)

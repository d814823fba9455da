"""QuTiP and TensorCircuit-NG for bench/d26.py, run in their own environment: one JSON request a line, arrays through a file."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import qutip
import tensorcircuit as tc

Arrays = dict[str, Any]
METHODS = ("adams", "vern7", "tsit5", "lsoda")


def conjugate(given: Arrays) -> tuple[float, Any]:
    """CPU seconds a state, one operator and one state after the other, as QuTiP offers it."""
    u, states = qutip.Qobj(given["u"]), [qutip.Qobj(r) for r in given["rho"]]
    adjoint = u.dag()
    begun = time.process_time()
    out = [u * rho * adjoint for rho in states]
    return (time.process_time() - begun) / len(states), np.stack([o.full() for o in out])


def evolve(given: Arrays) -> tuple[float, Any]:
    """`mesolve` in matrix form with QuTiP's own tolerances and the fastest of its integrators here."""
    h, jumps = qutip.Qobj(given["h"]), [qutip.Qobj(j) for j in given["jumps"]]
    states, found = [qutip.Qobj(r) for r in given["rho"]], {}
    for method in METHODS:
        options = {"matrix_form": True, "method": method}
        begun = time.process_time()
        out = [qutip.mesolve(h, rho, given["times"], jumps, options=options).states for rho in states]
        found[(time.process_time() - begun) / len(states)] = np.array([[s.full() for s in row] for row in out])
    return min(found), found[min(found)]


def report(given: Arrays) -> tuple[float, Any]:
    """Entropy of each state by QuTiP; C_l1, purity and the entropy of the diagonal by NumPy."""
    states = [qutip.Qobj(r) for r in given["rho"]]
    begun = time.process_time()
    out = [_numbers(state) for state in states]
    return (time.process_time() - begun) / len(states), np.array(out)


def _numbers(state: Any) -> tuple[float, float, float]:
    rho = state.full()
    diagonal = np.diagonal(rho).real
    relative = -np.sum(diagonal * np.log2(diagonal)) - qutip.entropy_vn(state, base=2)
    size = np.abs(rho)
    return size.sum() - np.trace(size), relative, state.purity()


def ghz(given: Arrays) -> tuple[float, Any]:
    """Three qudits of `dim` levels, built and run."""
    tc.set_dtype("complex128")
    dim, rounds = int(given["dim"]), int(given["rounds"])
    begun = time.process_time()
    for _ in range(rounds):
        circuit = tc.QuditCircuit(3, dim=dim)
        circuit.h(0)
        circuit.csum(0, 1)
        circuit.csum(0, 2)
        out = np.asarray(circuit.state())
    return (time.process_time() - begun) / rounds, out


TASKS: dict[str, Callable[[Arrays], tuple[float, Any]]] = {
    "conjugate": conjugate,
    "evolve": evolve,
    "report": report,
    "ghz": ghz,
}

for line in sys.stdin:
    request = json.loads(line)
    with np.load(request["file"]) as data:
        seconds, answer = TASKS[request["task"]](dict(data))
    np.save(request["out"], answer)
    print(json.dumps({"seconds": seconds}), flush=True)

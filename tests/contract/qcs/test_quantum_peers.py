"""Random circuits in Aer, Qulacs and Cirq: the same amplitudes to 1e-10."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from bench.peers.environment import ROOT, Peer, python_of
from tests.unit.qcs.simulators.making import random_gates

from qbtc.qcs.domain.simulators.plan import Plan, zero_state

pytestmark = pytest.mark.skipif(
    not os.environ.get("QBTC_QUANTUM") and os.environ.get("QBTC_TEST_SIZE", "") not in ("full", "exhaustive"),
    reason="Aer, Qulacs and Cirq have an environment of their own, made by ./qbtc test --full or named by QBTC_QUANTUM",
)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    script = ROOT / "bench" / "peers" / "quantum_states.py"
    with Peer(python_of("quantum", os.environ.get("QBTC_QUANTUM")), script) as running:
        yield running


@pytest.mark.parametrize("tool", ["aer", "qulacs", "cirq"])
@pytest.mark.parametrize(("n", "count"), [(1, 20), (3, 60), (7, 80), (14, 60)])
def test_random_circuits_end_in_the_same_state(peer: Peer, tmp_path: Path, tool: str, n: int, count: int) -> None:
    gates = random_gates(n, count, n)
    told = [
        {"real": g.matrix.real.tolist(), "imaginary": g.matrix.imag.tolist(), "targets": g.targets, "controls": g.controls}
        for g in gates
    ]
    peer.ask(tool=tool, n=n, gates=told, state=str(tmp_path / "state.npy"))
    theirs = np.load(tmp_path / "state.npy")
    ours = Plan(n, gates).run(zero_state(n))
    np.testing.assert_allclose(ours, theirs, atol=1e-10)

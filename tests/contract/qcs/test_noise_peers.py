"""Noisy circuits beside Aer (density matrix, noise models) and QuTiP, in an environment of their own: the same states to 1e-10."""

import os
from pathlib import Path

import numpy as np
import pytest
from bench.noise import asked_of
from bench.peers.environment import Peer, python_of

from qbtc.qcs.domain.noise import channels
from qbtc.qcs.domain.noise.model import GateNoise, NoiseModel
from qbtc.qcs.domain.program import Program, Register, Unitary
from qbtc.qcs.domain.simulators.density import DensityMatrix
from qbtc.qcs.domain.simulators.protocol import FinalState, Run

SCRIPT = Path(__file__).resolve().parents[3] / "bench" / "peers" / "quantum_noise.py"


@pytest.fixture(scope="module")
def peer():
    given = os.environ.get("QBTC_QUANTUM")
    if not given:
        pytest.skip("Aer and QuTiP are in an environment of their own; set QBTC_QUANTUM to the folder of one")
    with Peer(python_of("quantum", given), SCRIPT) as found:
        yield found


def haar(size: int, rng: np.random.Generator) -> np.ndarray:
    q, r = np.linalg.qr(rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size)))
    return q * (np.diag(r) / np.abs(np.diag(r)))


def noises(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """A channel for each name of a gate; the number in the name is the gate's width."""
    p, q = rng.uniform(0, 0.5, 2)
    return {
        "relaxing1": channels.thermal_relaxation(50, rng.uniform(1, 100), 20, 0.2),
        "damping1": channels.generalised_amplitude_damping(p, q),
        "dephasing1": channels.dephasing(p),
        "random1": haar(6, rng)[:, :2].reshape(3, 2, 2),
        "turning1": channels.over_rotation("Y", p),
        "depolarising2": channels.depolarising(p, 4),
        "pauli2": channels.pauli({"XY": p / 2, "ZI": q / 2, "IZ": 0.1}),
        "random2": haar(12, rng)[:, :4].reshape(3, 4, 4),
        "random3": haar(16, rng)[:, :8].reshape(2, 8, 8),
    }


@pytest.mark.parametrize("tool", ["aer", "qutip"])
@pytest.mark.parametrize("seed", range(8))
def test_random_circuits_with_random_channels_end_in_the_same_density_matrix(peer, tool, seed, tmp_path):
    rng = np.random.default_rng(seed)
    n, noise = 3 + seed % 4, noises(rng)
    gates = []
    for name in rng.choice([*noise, "clean1", "clean2"], 30).tolist():
        width = int(name[-1])
        gates.append(Unitary(name, haar(1 << width, rng), tuple(rng.permutation(n)[:width].tolist())))
    model = NoiseModel(tuple(GateNoise(kraus, name) for name, kraus in noise.items()))
    circuit = model.applied(Program((Register("q", 0, n),), (), tuple(gates)))
    ours = DensityMatrix().run(circuit, FinalState(), Run(np.random.default_rng(0))).state
    file = tmp_path / "rho.npy"
    peer.ask(tool=tool, file=str(file), **asked_of(n, gates, noise))
    assert np.abs(ours - np.load(file)).max() < 1e-10

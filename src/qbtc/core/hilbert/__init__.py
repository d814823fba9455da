"""States of the 26-dimensional basis: pure states, window density matrices, coherence, overlap and their checks.

NumPy only; no I/O, no clock, no randomness but what is passed in. Every function works for any dimension d and,
unless it says otherwise, on batches: leading axes are free. Above it: QCS (market states) and CIO (text states).

    states     z-scores and velocities -> amplitudes -> unit vector, intensity, hash
    density    rows of a window -> shrunk density matrix
    coherence  numbers of a density matrix: C_l1, C_r, purity, entropy, ranks, divergence, Bures distance
    overlap    signed overlap, fidelity and exact top-k in R^2d
    bipartite  partial trace, negativity and mutual information of two registers
    povm       predict by a channel, update by a POVM
    bootstrap  the null of the divergence by moving blocks
    channel_fit, povm_fit   channels and POVMs fitted from data, valid at every step (isometry: the ascent; rows: the data)
    kernels    Gram matrices of states, beside the classical RBF
    boltzmann  rho = exp(-H)/Z fitted to a state;  messages  belief propagation on trees
    validate   refuses what is not a state and says why
"""

from .coherence import CoherenceReport, bures_distance, coherence_report, relative_entropy
from .density import WindowState, exponential_weights, pure_density, window_state
from .overlap import fidelity, signed_overlap, to_real, top_k
from .states import PureState, amplitudes, normalise, robust_z, state_hash
from .validate import InvalidState, check_density, check_pure

__all__ = [
    "CoherenceReport",
    "InvalidState",
    "PureState",
    "WindowState",
    "amplitudes",
    "bures_distance",
    "check_density",
    "check_pure",
    "coherence_report",
    "exponential_weights",
    "fidelity",
    "normalise",
    "pure_density",
    "relative_entropy",
    "robust_z",
    "signed_overlap",
    "state_hash",
    "to_real",
    "top_k",
    "window_state",
]

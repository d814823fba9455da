"""Exact nearest states by signed overlap and by fidelity, over pure states and over density matrices.

Nothing here approximates an answer: a cheap bound decides which states need not be looked at, and every state that the
bound cannot rule out is scored in float64. Equal scores come in order of position. It compiles code when it is imported
(Numba), so `qbtc.core.hilbert` does not import it; `overlap.top_k` is the plain reference.

    kernels   compiled loops: 8-bit dot products of blocks of states, collecting and scoring candidates
    pure      PureIndex: unit vectors of C^d, which grow at the end and go at the front
    mixed     MixedIndex: density matrices, by super-fidelity and a measured bound
"""

from .mixed import MixedIndex, super_fidelity
from .pure import Found, PureIndex
from .warming import warm

__all__ = ["Found", "MixedIndex", "PureIndex", "super_fidelity", "warm"]

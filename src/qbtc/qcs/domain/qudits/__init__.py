"""Circuits of qudits of any and of mixed dimension, as vectors, density matrices or trajectories, in NumPy.

Qubit circuits with their text formats and fast engines are in `qasm` and `simulators`; this package is for few large
systems (three of 26 levels are 17,576 amplitudes). The first qudit is the most significant digit of an index, and a gate's
first target the most significant digit of its matrix, as in Cirq.
"""

from .circuit import Channel, Circuit, Gate, Measure, TooLarge
from .gates import clock, controlled_sum, fourier, givens, shift
from .simulation import collapse, density, probabilities, sample, state

__all__ = [
    "Channel",
    "Circuit",
    "Gate",
    "Measure",
    "TooLarge",
    "clock",
    "collapse",
    "controlled_sum",
    "density",
    "fourier",
    "givens",
    "probabilities",
    "sample",
    "shift",
    "state",
]

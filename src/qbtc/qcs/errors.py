"""Errors of QCS.

BadInput
├── BadCircuit       400  OpenQASM that does not parse or says what is not allowed: file, line, column, expected
├── CircuitRefused   400  valid, but no engine does what was asked of it
├── BadState         400  numbers that are no state: every failed check
└── CircuitTooLarge  413  over the limit of qubits, shots or memory
    └── CircuitTimeout  413  stopped at the time limit; the caller's fault, so that the bus does not try it again
RateLimited
└── CircuitsBusy     429  too many circuits wait
NotFound
├── UnknownState     404
└── MatrixGone       404  the rows of its window are past their retention
"""

from __future__ import annotations

from qbtc.kit.errors import BadInput, NotFound, RateLimited, TooLarge


class BadCircuit(BadInput):
    slug, title = "bad-circuit", "The circuit is not valid OpenQASM"


class CircuitRefused(BadInput):
    slug, title = "circuit-refused", "No engine can do this with the circuit"


class BadState(BadInput):
    slug, title = "bad-state", "These numbers are not a state"


class CircuitTooLarge(TooLarge):
    slug, title = "circuit-too-large", "The circuit is over a limit"


class CircuitTimeout(CircuitTooLarge):
    slug, title = "circuit-timeout", "The circuit took too long and was stopped"


class CircuitsBusy(RateLimited):
    slug, title = "circuits-busy", "Too many circuits wait"


class UnknownState(NotFound):
    slug, title = "unknown-state", "There is no such state"


class MatrixGone(NotFound):
    slug, title = "matrix-gone", "The density matrix can no longer be computed"

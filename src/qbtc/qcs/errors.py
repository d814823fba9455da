"""Errors of QCS.

BadInput
├── BadCircuit       400  OpenQASM that does not parse or says what is not allowed: file, line, column, expected
├── BadState         400  numbers that are no state: every failed check
├── BadStatistic     400  values or parameters that a method cannot be applied to: field and reason
├── StatisticTimeout 413  stopped at the time limit
└── CircuitTooLarge  413  over the limit of qubits, shots or memory
    └── CircuitTimeout  413  stopped at the time limit; the caller's fault, so that the bus does not try it again
RateLimited
├── CircuitsBusy     429  too many circuits wait
└── StatisticsBusy   429  too many statistics wait
NotFound
├── UnknownState     404
└── MatrixGone       404  the rows of its window are past their retention
Conflict
└── TooManyStates    409  a person keeps as many as the setting allows
QbtcError
└── DamagedState     500  stored bytes are not those that were written; never served
"""

from __future__ import annotations

from qbtc.kit.errors import BadInput, Conflict, NotFound, QbtcError, RateLimited, TooLarge


class BadCircuit(BadInput):
    slug, title = "bad-circuit", "The circuit is not valid OpenQASM 2"


class BadState(BadInput):
    slug, title = "bad-state", "These numbers are not a state"


class CircuitTooLarge(TooLarge):
    slug, title = "circuit-too-large", "The circuit is over a limit"


class CircuitTimeout(CircuitTooLarge):
    slug, title = "circuit-timeout", "The circuit took too long and was stopped"


class CircuitsBusy(RateLimited):
    slug, title = "circuits-busy", "Too many circuits wait"


class BadStatistic(BadInput):
    slug, title = "bad-statistic", "The method cannot be applied to these values"


class StatisticTimeout(TooLarge):
    slug, title = "statistic-timeout", "The statistic took too long and was stopped"


class StatisticsBusy(RateLimited):
    slug, title = "statistics-busy", "Too many statistics wait"


class UnknownState(NotFound):
    slug, title = "unknown-state", "There is no such state"


class MatrixGone(NotFound):
    slug, title = "matrix-gone", "The density matrix can no longer be computed"


class DamagedState(QbtcError):
    slug, title = "damaged-state", "A stored state is damaged"


class TooManyStates(Conflict):
    slug, title = "too-many-states", "You keep as many states as are allowed"

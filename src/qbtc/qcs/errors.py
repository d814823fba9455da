"""Errors of QCS.

BadInput
├── BadCircuit       400  OpenQASM that does not parse or says what is not allowed: file, line, column, expected
├── CircuitRefused   400  valid, but no engine does what was asked of it
├── BadState         400  numbers that are no state: every failed check
├── BadStatistic     400  values or parameters that a method cannot be applied to: field and reason
├── StatisticTimeout 413  stopped at the time limit
├── LanguageUntold   400  a text whose words do not tell its language
├── TooFewLines      400  a text too short to compare
├── TooManyLines     413  more verse than is scanned at once
├── JobRefused       400  a job that cannot be done with what was given
├── JobTooLarge      413  a job that needed more memory or time than it may have
└── CircuitTooLarge  413  over the limit of qubits, shots or memory
    └── CircuitTimeout  413  stopped at the time limit; the caller's fault, so that the bus does not try it again
RateLimited
├── CircuitsBusy     429  too many circuits wait
├── JobsBusy         429  too many jobs wait
└── StatisticsBusy   429  too many statistics wait
NotFound
├── UnknownJob       404
├── UnknownState     404
└── MatrixGone       404  the rows of its window are past their retention
Conflict
├── JobEnded         409  what has ended cannot be cancelled
└── TooManyStates    409  a person keeps as many as the setting allows
QbtcError
├── JobCrashed       500  the process of a job ended before it had a result
└── DamagedState     500  stored bytes are not those that were written; never served
"""

from __future__ import annotations

from qbtc.kit.errors import BadInput, Conflict, NotFound, QbtcError, RateLimited, TooLarge


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


class BadStatistic(BadInput):
    slug, title = "bad-statistic", "The method cannot be applied to these values"


class StatisticTimeout(TooLarge):
    slug, title = "statistic-timeout", "The statistic took too long and was stopped"


class StatisticsBusy(RateLimited):
    slug, title = "statistics-busy", "Too many statistics wait"


class LanguageUntold(BadInput):
    slug, title = "language-untold", "The words do not tell the language of the text"


class TooFewLines(BadInput):
    slug, title = "too-few-lines", "A text has too few lines to be compared"


class TooManyLines(TooLarge):
    slug, title = "too-many-lines", "The text has too many lines"


class UnknownState(NotFound):
    slug, title = "unknown-state", "There is no such state"


class MatrixGone(NotFound):
    slug, title = "matrix-gone", "The density matrix can no longer be computed"


class DamagedState(QbtcError):
    slug, title = "damaged-state", "A stored state is damaged"


class TooManyStates(Conflict):
    slug, title = "too-many-states", "You keep as many states as are allowed"


class JobRefused(BadInput):
    slug, title = "job-refused", "This cannot be computed"


class JobTooLarge(TooLarge):
    slug, title = "job-too-large", "The job is over a limit"


class JobCrashed(QbtcError):
    slug, title = "job-crashed", "The process of the job ended before it had a result"


class JobsBusy(RateLimited):
    slug, title = "jobs-busy", "Too many jobs wait"


class JobEnded(Conflict):
    slug, title = "job-ended", "The job has ended"


class UnknownJob(NotFound):
    slug, title = "unknown-job", "There is no such job"

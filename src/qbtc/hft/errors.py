"""Errors of HFT.

QbtcError
├── OrderRefused      409  a risk rule said no (field = the rule, allowed = its limit)
│   └── ReadOnly      409  a live venue whose conditions do not hold (field = the first, allowed = all that are missing)
├── NotConfirmed      409  what was typed is not the venue's name, or there is nothing to confirm yet
├── NotPaper          409  a reset of an account that is no paper account
├── VenueRejected     409  the venue said no, in its own words and code
├── NoSuchOrder       404
├── NoSuchSymbol      404
├── NoSuchStrategy    404
├── NoSuchAlert       404
├── NoSuchRun         404
├── NoSuchProposal    404
├── BrokenStrategy    400  a strategy's file that cannot be used: file, line and what is wrong
├── BadParameter      400  a strategy parameter or an order field is not allowed
├── HotConflict       409  a strategy cannot run in the hot tier beside what runs already
├── BadSource         400  market data that cannot be imported: file, line and what is allowed
├── NoTape            404  there is no tape here
├── BrokenTape        409  a tape whose files are not what its tape.json says
├── NoSession         404  there is no session recording here
├── BrokenSession     409  a session recording that is damaged, of another version, or of another strategy
├── FetchFailed       503  a file of public data could not be had
├── NotWaiting        409  a proposal that was decided, has expired, or whose present parameters are others now
├── QueueFull         409  too many runs of research wait already
├── AlreadyPlaced     409  a repeated command whose order is closed and no longer in memory
├── TooLate           409  a command that waited too long, or was accepted before the last halt
├── ApprovalMismatch  409  what was approved is not what was proposed
├── VenueUnreachable  503  no answer from the venue; the order's state is unknown until it is reconciled
└── JournalBroken     500  the journal cannot be read or written: no order is sent without it
"""

from __future__ import annotations

from qbtc.kit.errors import BadInput, Conflict, NotFound, QbtcError, Unavailable


class OrderRefused(Conflict):
    slug, title = "order-refused", "The risk gate refused the order"


class ReadOnly(OrderRefused):
    slug, title = "read-only", "The venue is read-only"


class NotConfirmed(Conflict):
    slug, title = "not-confirmed", "Live trading was not confirmed"


class NotPaper(Conflict):
    slug, title = "not-paper", "Only a paper account can be reset"


class VenueRejected(Conflict):
    slug, title = "venue-rejected", "The venue rejected the order"

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} (code {code})")
        self.code = code


class NoSuchOrder(NotFound):
    slug, title = "no-such-order", "There is no such order"


class NoSuchSymbol(NotFound):
    slug, title = "no-such-symbol", "This symbol is not in the session"


class NoSuchStrategy(NotFound):
    slug, title = "no-such-strategy", "There is no such strategy"


class BrokenStrategy(BadInput):
    slug, title = "broken-strategy", "The strategy cannot be used"


class NoSuchAlert(NotFound):
    slug, title = "no-such-alert", "There is no such alert"


class BadParameter(BadInput):
    slug, title = "bad-parameter", "A value is not allowed"


class ApprovalMismatch(Conflict):
    slug, title = "approval-mismatch", "The approval does not match the proposal"


class HotConflict(Conflict):
    slug, title = "hot-conflict", "The strategy cannot run in this tier now"


class AlreadyPlaced(Conflict):
    slug, title = "already-placed", "This order was placed before"


class TooLate(Conflict):
    slug, title = "too-late", "The command came too late"


class VenueUnreachable(Unavailable):
    slug, title = "venue-unreachable", "The venue does not answer"


class JournalBroken(QbtcError):
    slug, title = "journal-broken", "The order journal cannot be used"


class BadSource(BadInput):
    slug, title = "bad-source", "The market data cannot be imported"


class NoTape(NotFound):
    slug, title = "no-tape", "There is no tape here"


class BrokenTape(Conflict):
    slug, title = "broken-tape", "The tape is broken"


class NoSession(NotFound):
    slug, title = "no-session", "There is no session recording here"


class BrokenSession(Conflict):
    slug, title = "broken-session", "The session recording cannot be replayed"


class FetchFailed(Unavailable):
    slug, title = "fetch-failed", "The data could not be fetched"


class NoSuchRun(NotFound):
    slug, title = "no-such-run", "There is no such run"


class NoSuchProposal(NotFound):
    slug, title = "no-such-proposal", "There is no such proposal"


class NotWaiting(Conflict):
    slug, title = "not-waiting", "The proposal does not wait for a decision"


class QueueFull(Conflict):
    slug, title = "queue-full", "Too many runs are waiting"

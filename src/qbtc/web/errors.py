"""Web's own errors, under kit's tree.

QbtcError
├── Unauthorised
│   ├── SessionExpired      401  session-expired (kit): sign in again
│   ├── LoginRefused        401  login-refused: name or password is wrong (never which)
│   └── LinkRefused         401  link-refused: the one-time link is used, old or not ours
├── Forbidden
│   ├── CrossSite           403  cross-site: an unsafe request that did not come from our own page
│   └── PasswordNeeded      403  password-needed: set a password first
├── Conflict
│   └── KeyReused           409  idempotency-key-reused: same key, another request
├── BadInput
│   ├── NotACommand         400  not-a-command: a routing key that people do not send
│   ├── NoIdempotencyKey    400  idempotency-key-missing
│   └── NotPausable         400  not-pausable: Web itself, whose queues bring the news of every operation
├── NotConfirmed            504  not-confirmed: nobody said in time how a command ended
└── RateLimited
    └── TooManyLogins       429  too-many-logins, with `retry_after` seconds
"""

from __future__ import annotations

from pydantic import JsonValue

from qbtc.kit.errors import BadInput, Conflict, Forbidden, QbtcError, RateLimited, Unauthorised
from qbtc.kit.http.auth import SessionExpired

__all__ = [
    "CrossSite",
    "KeyReused",
    "LinkRefused",
    "LoginRefused",
    "NoIdempotencyKey",
    "NotACommand",
    "NotConfirmed",
    "NotPausable",
    "PasswordNeeded",
    "SessionExpired",
    "TooManyLogins",
]


class LoginRefused(Unauthorised):
    slug, title = "login-refused", "Name or password is wrong"


class LinkRefused(Unauthorised):
    slug, title = "link-refused", "The login link cannot be used"


class CrossSite(Forbidden):
    slug, title = "cross-site", "The request did not come from this application's own page"


class PasswordNeeded(Forbidden):
    slug, title = "password-needed", "Set a password first"


class KeyReused(Conflict):
    slug, title = "idempotency-key-reused", "This Idempotency-Key was used for another request"


class NotACommand(BadInput):
    slug, title = "not-a-command", "This routing key is not a command"


class NoIdempotencyKey(BadInput):
    slug, title = "idempotency-key-missing", "The Idempotency-Key header is missing or malformed"


class NotPausable(BadInput):
    slug, title = "not-pausable", "This service cannot be paused"


class NotConfirmed(QbtcError):
    slug, status, title = "not-confirmed", 504, "Not confirmed in time: the outcome is unknown"


class TooManyLogins(RateLimited):
    slug, title = "too-many-logins", "Too many failed logins"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after

    def problem(self, trace_id: str | None = None) -> dict[str, JsonValue]:
        return super().problem(trace_id) | {"retry_after": self.retry_after}

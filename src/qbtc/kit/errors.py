"""The root of every service's error tree, and its RFC 9457 form.

    QbtcError
    ├── BadInput        400  the caller sent something that is not allowed
    │   └── TooLarge    413
    ├── Unauthorised    401  who are you
    ├── Forbidden       403  you may not
    ├── NotFound        404
    ├── Conflict        409  not in this state
    ├── RateLimited     429
    └── Unavailable     503  ours: a part we need is down; try again

`slug` is stable and part of the API; `detail` is for people; `field` and `allowed` say where and what would do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import JsonValue, ValidationError


class QbtcError(Exception):
    slug: ClassVar[str] = "internal-error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str = "", *, field: str | None = None, allowed: JsonValue = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.field = field
        self.allowed = allowed

    def problem(self, trace_id: str | None = None) -> dict[str, JsonValue]:
        """The RFC 9457 problem document of this error."""
        body: dict[str, JsonValue] = {
            "type": f"urn:qbtc:problem:{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        extra = {"field": self.field, "allowed": self.allowed, "trace_id": trace_id}
        return body | {k: v for k, v in extra.items() if v is not None}


class BadInput(QbtcError):
    slug, status, title = "bad-input", 400, "The request is not valid"


class TooLarge(BadInput):
    slug, status, title = "too-large", 413, "The request is too large"


class Unauthorised(QbtcError):
    slug, status, title = "unauthorised", 401, "Sign in first"


class Forbidden(QbtcError):
    slug, status, title = "forbidden", 403, "You may not do this"


class NotFound(QbtcError):
    slug, status, title = "not-found", 404, "There is no such thing"


class Conflict(QbtcError):
    slug, status, title = "conflict", 409, "This cannot be done in the present state"


class RateLimited(QbtcError):
    slug, status, title = "rate-limited", 429, "Too many requests"


class Unavailable(QbtcError):
    slug, status, title = "unavailable", 503, "A part this needs is not available"


def from_validation(error: ValidationError) -> BadInput:
    """A `BadInput` that names the first offending field and what pydantic expected there."""
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    more = error.error_count() - 1
    reason, allowed = reason_of(first["type"], first["msg"], first.get("ctx") or {})
    detail = f"{field or 'body'}: {reason}" + (f" (and {more} more)" if more else "")
    return BadInput(detail, field=field, allowed=allowed)


_PATTERNS = {
    r"^-?\d{1,20}(\.\d{1,18})?$": "a decimal number, such as 61000 or 0.01",
    r"^\d{1,20}(\.\d{1,18})?$": "a decimal number that is not negative, such as 61000 or 0.01",
    r"^[A-Z0-9]{2,20}$": "a symbol in capitals, such as BTCUSDT",
}


def reason_of(kind: str, message: str, context: Mapping[str, object]) -> tuple[str, str | None]:
    """What pydantic says of one value, and what is allowed, in words: people do not read patterns."""
    pattern = str(context.get("pattern", ""))
    if kind == "string_pattern_mismatch" and pattern in _PATTERNS:
        return f"must be {_PATTERNS[pattern]}", _PATTERNS[pattern]
    if kind == "missing":
        return "is missing", None
    if kind == "value_error":
        return message.removeprefix("Value error, "), None
    allowed = context.get("expected") or pattern or None
    return message, str(allowed) if allowed else None

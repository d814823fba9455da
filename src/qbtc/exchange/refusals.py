"""Why the matching core refused, in Binance's codes and words: one table. Source: errors.md and filters.md. Pure."""

from __future__ import annotations

from ..core.binance.errors import (
    INSUFFICIENT_BALANCE,
    MARKET_CLOSED,
    NO_CHANGE,
    WOULD_MATCH,
    WOULD_TRIGGER,
    ApiError,
    Code,
    filter_failure,
)
from ..core.market.engine.layout import Reason

_WORDS: dict[Reason, tuple[Code, str | None]] = {
    Reason.MAX_NUM_ORDER_AMENDS: (Code.ORDER_AMEND_REJECTED, "Filter failure: MAX_NUM_ORDER_AMENDS"),
    Reason.INSUFFICIENT_BALANCE: (Code.NEW_ORDER_REJECTED, INSUFFICIENT_BALANCE),
    Reason.WOULD_MATCH: (Code.NEW_ORDER_REJECTED, WOULD_MATCH),
    Reason.WOULD_TRIGGER: (Code.NEW_ORDER_REJECTED, WOULD_TRIGGER),
    Reason.NO_DEPTH: (Code.NO_DEPTH, None),
    Reason.UNKNOWN_ORDER: (Code.CANCEL_REJECTED, None),
    Reason.AMEND_NOT_SMALLER: (Code.ORDER_AMEND_REJECTED, NO_CHANGE),
    Reason.TOO_LARGE: (Code.PARAM_OVERFLOW, "Parameter 'quantity' overflow."),
    Reason.POOL_FULL: (Code.SERVER_BUSY, "Server is currently overloaded with other requests. Please try again."),
    Reason.MARKET_CLOSED: (Code.NEW_ORDER_REJECTED, MARKET_CLOSED),
}


def refusal(code: int) -> ApiError:
    """The answer to a Reason. Filters name themselves; that of amendments answers as an amendment does."""
    reason = Reason(code)
    if reason not in _WORDS and 0 < reason < Reason.INSUFFICIENT_BALANCE:
        return filter_failure(reason.name)
    number, text = _WORDS.get(reason, (Code.NEW_ORDER_REJECTED, reason.name))
    return ApiError(number, text)

"""The life of an order as a state machine: events in, new state out; an impossible step is refused, a repeated one ignored.

    NEW -> SENT -> ACKED -> PARTIALLY_FILLED -> FILLED
            |        |             |---------> CANCELLED
            |        |-> CANCELLED, REJECTED
            |-> UNKNOWN (no answer): any state the venue then reports, or REJECTED when it never had the order

REJECTED opens again when the venue reports the order after all: what it says of its own book is a fact.

Client order ids are deterministic: from strategy and sequence, or from the bus message that asked for the order, so
that a repeated message finds the order instead of making another one. They carry a journal's epoch or an installation's
mark, so that two installations on one account leave each other's orders alone.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from qbtc.contracts.common import OrderType, Side

MAX_ID = 36
KILL = "kill"
"""What orders that close positions after a kill are called; only `closing` gives them their privileges."""
RESERVED = frozenset({KILL, "manual", "hot"})
"""Words of order ids that no strategy may have for a name."""


class State(StrEnum):
    NEW = "new"
    SENT = "sent"
    ACKED = "acked"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


OPEN = frozenset({State.NEW, State.SENT, State.ACKED, State.PARTIALLY_FILLED, State.UNKNOWN})
_STEPS: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.SENT, State.REJECTED}),
    State.SENT: frozenset(State) - {State.NEW, State.SENT},
    State.UNKNOWN: frozenset(State) - {State.NEW, State.SENT, State.UNKNOWN},
    State.ACKED: frozenset({State.PARTIALLY_FILLED, State.FILLED, State.CANCELLED, State.REJECTED, State.UNKNOWN}),
    State.PARTIALLY_FILLED: frozenset({State.PARTIALLY_FILLED, State.FILLED, State.CANCELLED, State.UNKNOWN}),
    State.REJECTED: frozenset({State.ACKED, State.PARTIALLY_FILLED, State.CANCELLED}),
}


@dataclass(slots=True)
class Order:
    """`price` and quantities in 1e-8; `price` None for MARKET.

    `trigger` (1e-8): the order waits for a trade at that price or worse for a position, `touched` for one at that price or
    better; `triggered` once it no longer waits. `sent_ns` is this process's own clock, 0 when another process sent it; `venue_filled` is what the venue last said is
    filled, which may be ahead of the executions that it has reported. `closing` is true of what a kill sends to flatten.
    """

    client_order_id: str
    symbol: str
    side: Side
    type: OrderType
    quantity: int
    price: int | None
    created_ns: int
    strategy: str | None = None
    operation: str | None = None
    ioc: bool = False
    post: bool = False
    closing: bool = False
    state: State = State.NEW
    filled: int = 0
    venue_order_id: str | None = None
    reason: str | None = None
    updated_ns: int = 0
    sent_ns: int = 0
    venue_filled: int = 0
    reduces: bool = False
    """The gate took it for one that can only reduce a position."""
    fok: bool = False
    trigger: int | None = None
    touched: bool = False
    triggered: bool = False

    @property
    def waiting(self) -> bool:
        """At the venue, but not in its book."""
        return self.trigger is not None and not self.triggered and self.filled == 0

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def remaining(self) -> int:
        return self.quantity - self.filled

    @property
    def signed_remaining(self) -> int:
        return self.remaining if self.side is Side.BUY else -self.remaining

    @property
    def unreported(self) -> int:
        """Signed quantity of a closed order that the venue filled and has not reported yet."""
        ahead = 0 if self.open else max(0, self.venue_filled - self.filled)
        return ahead if self.side is Side.BUY else -ahead

    def to(self, state: State, at_ns: int, *, reason: str | None = None) -> bool:
        """Take one step. False when the order is already there or closed (a late or repeated report)."""
        if state not in _STEPS.get(self.state, frozenset()):
            return False
        self.state, self.updated_ns = state, at_ns
        self.reason = reason or self.reason
        return True

    def fill(self, quantity: int, at_ns: int) -> None:
        """Count an execution; a fill is a fact, so it also corrects an order that was thought closed."""
        self.filled = min(self.quantity, self.filled + quantity)
        done = self.filled == self.quantity
        if done or self.open or self.state is State.REJECTED:
            self.state = State.FILLED if done else State.PARTIALLY_FILLED
        self.updated_ns = max(self.updated_ns, at_ns)


def strategy_order_id(strategy: str, epoch: str, sequence: int) -> str:
    """`<strategy>-<epoch>-<sequence>`; `epoch` names the journal, so that a reset never reuses an id."""
    name = re.sub(r"[^A-Za-z0-9]", "", strategy)[:12] or "s"
    return f"{name}-{epoch}-{sequence}"[:MAX_ID]


def installation_mark(instance: str) -> str:
    """Four characters for an installation's id."""
    return hashlib.sha256(instance.encode()).hexdigest()[:4]


NO_MARK = installation_mark("local")
"""Of a desk outside an installation."""


def message_order_id(message_id: str, mark: str = NO_MARK) -> str:
    """`m<mark>-<hash>`: the same message gives the same id."""
    return f"m{mark}-{hashlib.sha256(message_id.encode()).hexdigest()[:30]}"


def hot_own(mark: str) -> str:
    """What every id of an installation's hot engine begins with."""
    return f"hot{mark}-"


def hot_strategy(order_id: str) -> str | None:
    """The strategy's word in an id of a hot engine, `hot<mark>-<strategy>-<start>-<sequence>`, earlier ones without a
    mark; None for other ids."""
    found = re.fullmatch(r"hot(?:[0-9a-f]{4})?-([A-Za-z0-9]{1,11})-[0-9a-z]{6,7}-\d+", order_id)
    return found[1] if found else None


def hot_word(strategy: str) -> str:
    """A strategy's name as it stands in such an id."""
    return re.sub(r"[^A-Za-z0-9]", "", strategy)[:11] or "s"


def made_here(order_id: str, epoch: str, mark: str) -> bool:
    """True for an id with this installation's `mark`, or a strategy's with this journal's `epoch`."""
    if hot_strategy(order_id) is not None:
        return order_id.startswith(hot_own(mark))
    here = rf"m{re.escape(mark)}-[0-9a-f]{{30}}|[A-Za-z0-9]{{1,12}}-{re.escape(epoch)}-\d+"
    return re.fullmatch(here, order_id) is not None

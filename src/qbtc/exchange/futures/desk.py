"""What handlers work on: the venue and its parts, the clocks, the commit. No HTTP, no sockets."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ...core.market.futures import events
from ...core.market.futures.algos import Algos
from ...core.market.futures.facts import Countdown, Reset
from ...core.market.futures.liquidation import Guard
from ...core.market.futures.state import State
from ...core.market.futures.venue import Venue
from ...core.market.futures.wire import MS, Json, Params, dec
from .accounts import Accounts

KEY_LIFE = 60 * 60_000
Handler = Callable[["Desk", Params, int], Awaitable[object]]


@dataclass(slots=True)
class ListenKeys:
    """One key an account, alive for an hour of wall time after it was last kept."""

    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def start(self, account: int, wall_ms: int) -> str:
        """The account's key; an existing one is prolonged."""
        key = self.of(account) or secrets.token_hex(32)
        self.keys[key] = (account, wall_ms + KEY_LIFE)
        return key

    def of(self, account: int) -> str | None:
        return next((key for key, (owner, _) in self.keys.items() if owner == account), None)

    def account(self, key: str) -> int | None:
        found = self.keys.get(key)
        return found[0] if found else None

    def close(self, account: int) -> None:
        key = self.of(account)
        if key:
            del self.keys[key]

    def expired(self, wall_ms: int) -> list[tuple[str, int]]:
        """Keys that died, with their accounts."""
        due = [(key, owner) for key, (owner, end) in self.keys.items() if end <= wall_ms]
        for key, _ in due:
            del self.keys[key]
        return due


@dataclass(slots=True)
class Desk:
    venue: Venue
    algos: Algos
    guard: Guard
    accounts: Accounts
    clock: Callable[[], int]
    """Market time in nanoseconds."""
    wall: Callable[[], int]
    """Wall time in milliseconds."""
    committed: Callable[[], Awaitable[None]]
    ensure: Callable[[], None]
    """Starts the market if nobody asked for it before."""
    rates: Sequence[Mapping[str, object]]
    """Rate limits as exchangeInfo shows them."""
    listen_keys: ListenKeys = field(default_factory=ListenKeys)

    @property
    def state(self) -> State:
        return self.venue.state

    def now(self) -> int:
        return self.clock()

    def ms(self) -> int:
        return self.clock() // MS

    def symbol(self, params: Params) -> str | None:
        """The symbol to look at, None for all. Raises ApiError -1121."""
        text = params.get("symbol") or None
        return self.venue.market(text).symbol if text else None

    def countdown(self, account: int, symbol: str, ms: int) -> None:
        """Cancel all orders of the symbol after `ms` of market time; 0 stops the countdown. It survives a restart."""
        if ms or f"{account}:{symbol}" in self.state.data.countdowns:
            self.venue.apply(Countdown(account, symbol, self.now() + ms * MS if ms else 0))

    def run_countdowns(self, now: int) -> None:
        for key, due in list(self.state.data.countdowns.items()):
            if due <= now:
                account, _, symbol = key.partition(":")
                self.venue.apply(Countdown(int(account), symbol, 0))
                self.cancel_all(int(account), symbol, now)

    def reset(self, account: int, wallet: int, now: int) -> Json:
        """Cancel every order, let go of every position, and set the wallet; says how many of each there were."""
        orders, algos = self.state.open_of(account), self.state.open_algos_of(account)
        for order in orders:
            self.venue.cancel(order, now)
        for algo in algos:
            self.algos.cancel(algo, now)
        for symbol in self.venue.markets:
            self.countdown(account, symbol, 0)
        held = [(symbol, leg, self.venue.mark(symbol)) for symbol, leg, _ in self.state.account(account).held()]
        change = wallet - self.state.account(account).wallet
        self.venue.apply(Reset(account, wallet, now))
        self.venue.notify(
            account, events.account_update(self.state.account(account), "ADJUSTMENT", now, change, held)
        )  # fmt: skip
        return {
            "cancelledOrders": len(orders) + len(algos),
            "closedPositions": len(held),
            "walletBalance": dec(wallet),
        }

    def cancel_all(self, account: int, symbol: str, now: int) -> None:
        for order in self.state.open_of(account, symbol):
            self.venue.cancel(order, now)

"""What the tests of the matching core share: a small funded market, orders in one line, events as tuples."""

from __future__ import annotations

from typing import Any

import numpy as np

from qbtc.core.market.engine.layout import ORDER, EventKind, Kind, ListKind, Reason, Side, Status, Stp, Tif
from qbtc.core.market.engine.market import Accounts, Events, Market, Spec

BUY, SELL = Side.BUY, Side.SELL
BASE, QUOTE = 1, 0
RICH = 10**15


def order(number: int, account: int, side: Side, lots: int = 0, tick: int = 0, **more: Any) -> np.void:
    """A layout.ORDER record; a LIMIT if it has a tick, else a MARKET order."""
    made = np.zeros(1, ORDER)[0]
    made["id"], made["account"], made["side"], made["lots"], made["tick"] = number, account, side, lots, tick
    made["kind"], made["tif"], made["stp"] = Kind.LIMIT if tick else Kind.MARKET, Tif.GTC, Stp.NONE
    for name, value in more.items():
        made[name] = value
    return made


def listed(kind: ListKind, list_id: int, *orders: np.void) -> np.ndarray:
    """The orders as one list, legs in turn."""
    made = np.array(list(orders), ORDER)
    made["list_kind"], made["list_id"], made["leg"] = kind, list_id, range(len(orders))
    return made


class Desk:
    """One market with `accounts` rich accounts; ticks and lots are whole units of 1e-8 unless told otherwise."""

    def __init__(self, accounts: int = 4, money: int = RICH, **spec: Any) -> None:
        self.accounts = Accounts(accounts + 1, 2)
        for account in range(1, accounts + 1):
            for asset in (BASE, QUOTE):
                self.accounts.deposit(account, asset, money)
        values: dict[str, Any] = {"tick_units": 10**4, "lot_units": 10**4, "ticks": 1 << 16}
        self.market = Market(Spec(**{**values, **spec}), self.accounts)
        self.now = 0

    def place(self, *args: Any, **more: Any) -> Events:
        self.now += 1
        return self.market.submit(order(*args, **more), self.now).copy()

    def place_list(self, kind: ListKind, list_id: int, *orders: np.void) -> Events:
        self.now += 1
        return self.market.submit_list(listed(kind, list_id, *orders), self.now).copy()

    def cancel(self, number: int, account: int = -1) -> Events:
        self.now += 1
        return self.market.cancel(number, self.now, account).copy()

    def amend(self, number: int, lots: int, account: int = -1) -> Events:
        self.now += 1
        return self.market.amend(number, lots, self.now, account).copy()

    def last(self, tick: int) -> Events:
        """Let accounts 3 and 4 trade one lot at a price (nothing may rest in between)."""
        number = 10**6 + 2 * self.now
        self.place(number, 3, SELL, 1, tick)
        return self.place(number + 1, 4, BUY, 1, tick)

    def free(self, account: int, asset: int) -> int:
        return self.accounts.balance(account, asset)[0]

    def locked(self, account: int, asset: int) -> int:
        return self.accounts.balance(account, asset)[1]


def kinds(events: Events) -> list[str]:
    return [EventKind(int(kind)).name for kind in events["kind"]]


def fills(events: Events) -> list[tuple[int, int, int, int]]:
    """(taker, maker, tick, lots) of each trade."""
    trades = events[events["kind"] == EventKind.TRADE]
    return [tuple(int(trade[name]) for name in ("order", "counter", "tick", "lots")) for trade in trades]  # type: ignore[misc]


def refused(events: Events) -> Reason:
    """The reason of the only event, a refusal."""
    assert kinds(events) == ["REJECTED"]
    return Reason(int(events[0]["reason"]))


def ended(events: Events) -> dict[int, tuple[Status, Reason]]:
    """Status and reason of every order that was cancelled or expired."""
    gone = events[np.isin(events["kind"], (EventKind.CANCELED, EventKind.EXPIRED))]
    return {int(event["order"]): (Status(int(event["status"])), Reason(int(event["reason"]))) for event in gone}

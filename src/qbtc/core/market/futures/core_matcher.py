"""The compiled matching core behind `matching.Matcher`, with its funds switched off. Importing this loads Numba.

The core wants ids that only grow and small account numbers; an amended order comes back under its old id. So the core
gets ids and accounts of its own, and both are translated here.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ..book import Level
from ..engine.layout import ORDER, EventKind, Kind, Reason, Stp, Tif
from ..engine.market import Accounts, Events, Market, Spec
from .contracts import Contract
from .matching import BACKGROUND, TICKS, Fill, Gone, Step, Wanted

MOST_ACCOUNTS = 4096
_TRADE, _CANCELED, _EXPIRED, _REJECTED = (
    int(EventKind.TRADE), int(EventKind.CANCELED), int(EventKind.EXPIRED), int(EventKind.REJECTED),
)  # fmt: skip
_TIF = {"IOC": Tif.IOC, "FOK": Tif.FOK}


class CoreMatcher:
    def __init__(self, contract: Contract) -> None:
        spec = Spec(tick_units=contract.tick, lot_units=contract.step, funds=False, ticks=TICKS)
        self._market = Market(spec, Accounts(MOST_ACCOUNTS, 1))
        self._accounts: dict[int, int] = {}
        self._inner: dict[int, int] = {BACKGROUND: BACKGROUND}
        self._outer: dict[int, int] = {BACKGROUND: BACKGROUND}
        self._next = 1
        self._update_id = 0
        self._touched: set[tuple[int, int]] = set()

    def submit(self, order: Wanted, now: int) -> list[Step]:
        row = np.zeros(1, ORDER)[0]
        number, self._next = self._next, self._next + 1
        self._inner[order.order_id], self._outer[number] = number, order.order_id
        row["id"], row["account"] = number, self._account(order.account)
        row["side"] = 0 if order.side > 0 else 1
        row["kind"] = Kind.LIMIT_MAKER if order.tif == "GTX" else Kind.LIMIT
        row["tif"], row["stp"] = _TIF.get(order.tif, Tif.GTC), Stp[order.stp]
        row["tick"], row["lots"] = order.tick, order.lots
        return self._steps(self._market.submit(row, now))

    def cancel(self, order_id: int, now: int) -> bool:
        number = self._inner.get(order_id)
        if number is None:
            return False
        events = self._market.cancel(number, now)
        done = any(int(kind) == _CANCELED for kind in events["kind"])
        self._forget(number)
        return done

    def reduce(self, order_id: int, lots: int, now: int) -> None:
        number = self._inner.get(order_id)
        row = self._market.order(number) if number is not None else None
        if number is not None and row is not None:
            self._market.amend(number, int(row["lots"]) - lots, now)

    def update(self, bids: Iterable[Level], asks: Iterable[Level], now: int) -> list[Step]:
        rows = self._rows(bids, 0), self._rows(asks, 1)
        self._update_id += 1
        return self._steps(self._market.depth(*rows, self._update_id, now))

    def replace(self, bids: Iterable[Level], asks: Iterable[Level], now: int) -> list[Step]:
        for side in (0, 1):
            self._touched.update((side, int(tick)) for tick in self._market.top(1 << 16, side)[:, 0])
        rows = self._rows(bids, 0), self._rows(asks, 1)
        self._update_id += 1
        return self._steps(self._market.snapshot(*rows, self._update_id, now))

    def traded(self, tick: int, lots: int, side: int, now: int) -> list[Step]:
        return self._steps(self._market.trade(tick, lots, 0 if side > 0 else 1, now))

    def top(self, count: int, side: int) -> list[Level]:
        return [(tick, lots) for tick, lots in self._market.top(count, side).tolist()]

    def changes(self) -> tuple[list[Level], list[Level]]:
        """Of the background and of our orders."""
        touched, self._touched = self._touched, set()
        for side, rows in enumerate(self._market.take_changes()):
            touched.update((side, tick) for tick in rows[:, 0].tolist())
        changed: tuple[list[Level], list[Level]] = ([], [])
        for side, tick in sorted(touched):
            changed[side].append((tick, self._market.displayed(side, tick)))
        return changed

    # ---- inside

    def _account(self, account: int) -> int:
        return self._accounts.setdefault(account, len(self._accounts) + 1)

    def _rows(self, levels: Iterable[Level], side: int) -> NDArray[np.int64]:
        rows = np.array(list(levels), np.int64).reshape(-1, 2)
        self._touched.update((side, tick) for tick in rows[:, 0].tolist())
        return rows

    def _forget(self, number: int) -> None:
        outer = self._outer.pop(number, None)
        if outer is not None and self._inner.get(outer) == number:
            del self._inner[outer]

    def _steps(self, events: Events) -> list[Step]:
        found: list[Step] = []
        for event in events:
            kind, number = int(event["kind"]), int(event["order"])
            if kind == _TRADE:
                found.append(self._fill(event, number))
            elif kind in (_CANCELED, _EXPIRED, _REJECTED):
                self_trade = int(event["reason"]) == Reason.SELF_TRADE
                found.append(Gone(self._outer.get(number, 0), int(event["lots"]), self_trade))
                self._forget(number)
        return found

    def _fill(self, event: np.void, number: int) -> Fill:
        maker = int(event["counter"])
        side = 1 if int(event["side"]) == 0 else -1
        fill = Fill(self._outer[maker], self._outer[number], side, int(event["tick"]), int(event["lots"]))
        for done, left in ((number, int(event["remaining"])), (maker, int(event["counter_remaining"]))):
            if done != BACKGROUND and left == 0:
                self._forget(done)
        return fill

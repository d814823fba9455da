"""The engine's account against the venue's, by stated rules, from the engine's Python side while the loop runs.

- An order in doubt is asked for until it is known. What it has filled is counted execution by execution. One that the
  venue does not have `give_up_seconds` after it was sent is given up; it opens again if the venue reports it later.
- An open order that carries this installation's prefix and that the loop does not have is cancelled.
- Balances are compared while nothing moves: the venue's are taken, and a difference goes on the tape and is counted.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from qbtc.core.binance.fast_text import digest_of
from qbtc.core.market.instrument import Instrument, units
from qbtc.kit.logs import get_logger

from .codes import Order, Verb
from .layout import COMMANDS, SLOTS
from .rest import Refused, Rest
from .world import Engine

log = get_logger(__name__)

ASK_AGAIN = 0.25
ANSWER_SECONDS = 1.0
NO_SUCH_ORDER, CANCEL_REJECTED = -2013, -2011
OPEN_STATUS = ("NEW", "PARTIALLY_FILLED", "PENDING_NEW")
_OPEN = (Order.SENT, Order.ACKED, Order.PARTIAL, Order.UNKNOWN)


class Account:
    def __init__(
        self, engine: Engine, rest: Rest, instruments: Sequence[Instrument], *, own: str, give_up_seconds: float = 5.0
    ) -> None:
        """`own` is what the client order ids of this installation's engines begin with."""
        self._own = own
        self._engine, self._rest, self._instruments = engine, rest, instruments
        self._panel = engine.panel
        self._give_up_ns = int(give_up_seconds * 1e9)
        self._asked: dict[int, float] = {}
        self._strangers: set[str] = set()

    def settle_unknown(self) -> None:
        """Ask for every order in doubt, each at most four times a second. Raises NoConnection."""
        slots = self._engine.world["slots"]
        for at in (slots["state"] == Order.UNKNOWN).nonzero()[0]:
            self._ask(int(slots["sequence"][at]))

    def compare(self) -> bool:
        """Orders, then balances. False: something moved or was found, it is to be done again. Raises NoConnection."""
        head = self._panel.record["head"]
        mark, compared = int(head["account"]), int(head["compared"])
        before = self._rest.balances()
        if not self._orders_agree():
            return False
        if self._rest.balances() != before or int(head["account"]) != mark:
            return False
        for i, item in enumerate(self._instruments):
            base, quote = (before.get(asset, Decimal(0)) for asset in (item.base, item.quote))
            self._engine.account(i, base=base, quote=quote, mark=mark)
        self._wait()
        return int(head["compared"]) == compared + len(self._instruments)

    def _orders_agree(self) -> bool:
        there = {name: row for item in self._instruments for name, row in self._own_open(item)}
        known = {self._engine.name_of(s): (s, state, filled) for s, state, filled in self._ours()}
        self._cancel_strangers(there, set(there) - set(known))
        doubted = [
            sequence
            for name, (sequence, state, filled) in known.items()
            if state == Order.UNKNOWN or name not in there or self._lots(there[name]) > filled
        ]
        for sequence in doubted:
            self._ask(sequence)
        return not doubted and not self._strangers

    def _own_open(self, item: Instrument) -> Iterable[tuple[str, dict[str, Any]]]:
        for row in self._rest.signed("GET", "/api/v3/openOrders", symbol=item.symbol):
            if str(row["clientOrderId"]).startswith(self._own):
                yield str(row["clientOrderId"]), row

    def _ours(self) -> list[tuple[int, int, int]]:
        """Sequence, state and filled lots of what the loop holds open."""
        slots = self._engine.world["slots"]
        return [
            (int(s["sequence"]), int(s["state"]), int(s["filled"])) for s in slots.copy() if int(s["state"]) in _OPEN
        ]

    def _cancel_strangers(self, there: dict[str, dict[str, Any]], names: set[str]) -> None:
        """Twice seen: the first look may fall between a report and the loop."""
        for name in names & self._strangers:
            log.warning("an order of ours that the loop does not have is cancelled", client_order_id=name)
            try:
                self._rest.signed("DELETE", "/api/v3/order", symbol=there[name]["symbol"], origClientOrderId=name)
            except Refused as error:
                if error.code != CANCEL_REJECTED:
                    raise
        self._strangers = names

    def _lots(self, row: dict[str, Any]) -> int:
        item = next(i for i in self._instruments if i.symbol == row["symbol"])
        return item.to_lots(row["executedQty"])

    def _ask(self, sequence: int) -> None:
        """What the venue knows of an order, told to the loop."""
        now = time.monotonic()
        if now - self._asked.get(sequence, 0.0) < ASK_AGAIN:
            return
        self._asked = {k: at for k, at in self._asked.items() if now - at < ASK_AGAIN} | {sequence: now}
        slot = self._engine.world["slots"][sequence % SLOTS]
        i, sent = int(slot["symbol"]), int(slot["sent"])
        item, name = self._instruments[i], self._engine.name_of(sequence)
        try:
            row = self._rest.signed("GET", "/api/v3/order", symbol=item.symbol, origClientOrderId=name)
        except Refused as error:
            if error.code != NO_SUCH_ORDER:
                raise
            if time.monotonic_ns() - sent > self._give_up_ns:
                self._tell(Verb.RESOLVE, sequence, 0, 0, 0)
            return
        filled = self._lots(row)
        if filled > int(slot["filled"]):
            self._replay(sequence, item, int(row["orderId"]))
        self._tell(Verb.RESOLVE, sequence, int(row["status"] in OPEN_STATUS), filled, int(row["orderId"]))

    def _replay(self, sequence: int, item: Instrument, order_id: int) -> None:
        """The executions of an order, oldest first; the loop counts those that it has not."""
        total = 0
        for row in self._rest.signed("GET", "/api/v3/myTrades", symbol=item.symbol, orderId=order_id):
            lots = item.to_lots(row["qty"])
            total += lots
            fee, asset = units(row["commission"]), int(digest_of(row["commissionAsset"].encode()))
            words = sequence, total, lots, item.to_ticks(row["price"]), fee, asset, int(row["id"]), int(row["isMaker"])
            self._tell(Verb.TRADE, *words)

    def _tell(self, verb: Verb, *words: int) -> None:
        cursors = self._panel.record["command_cursors"]
        if int(cursors["head"]) - int(cursors["tail"]) >= COMMANDS // 2:
            self._wait()
        self._panel.command(verb, *words)

    def _wait(self) -> None:
        """Until the loop has obeyed, at most a second."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while not self._panel.obeyed and time.monotonic() < deadline:
            time.sleep(0.001)

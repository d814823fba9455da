"""What the engine asks the venue, and what it tells its loop; the venue is played, the loop does not run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters.hotloop import account as module
from qbtc.hft.adapters.hotloop.account import Account
from qbtc.hft.adapters.hotloop.codes import Order, Verb
from qbtc.hft.adapters.hotloop.layout import SLOTS
from qbtc.hft.adapters.hotloop.panel import Panel
from qbtc.hft.adapters.hotloop.rest import Refused, Rest
from qbtc.hft.adapters.hotloop.world import Compiled, Engine
from qbtc.hft.domain import risk_records

NO_LIMITS = dict.fromkeys(risk_records.LIMITS.names or (), 0)
OWN = "hot1a2b-"
MINE = f"{OWN}grid-t4abcd"


@dataclass
class PlayedVenue:
    """Answers from `orders` and `trades`; `moves` makes each answer about balances another one."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    trades: list[dict[str, Any]] = field(default_factory=list)
    money: Decimal = Decimal(1000)
    moves: int = 0
    cancelled: list[str] = field(default_factory=list)

    def balances(self) -> dict[str, Decimal]:
        self.money += self.moves
        return {"BTC": Decimal(2), "USDT": self.money}

    def signed(self, method: str, path: str, **params: Any) -> Any:
        name = str(params.get("origClientOrderId", ""))
        if method == "DELETE":
            self.cancelled.append(name)
            return {}
        if path == "/api/v3/openOrders":
            return [row for row in self.orders.values() if row["status"] == "NEW"]
        if path == "/api/v3/myTrades":
            return self.trades
        if name not in self.orders:
            raise Refused(-2013, "Order does not exist.")
        return self.orders[name]

    def put(self, name: str, status: str, filled: str) -> None:
        row = {"clientOrderId": name, "status": status, "executedQty": filled, "orderId": 5, "symbol": "BTCUSDT"}
        self.orders[name] = row


@dataclass
class Rig:
    engine: Engine
    venue: PlayedVenue
    account: Account

    def hold(self, sequence: int, state: Order, *, age: float = 0.0) -> None:
        """An order that the loop has open."""
        slot = self.engine.world["slots"][sequence % SLOTS]
        slot["sequence"], slot["state"], slot["lots"] = sequence, state, 1000
        slot["sent"] = time.monotonic_ns() - int(age * 1e9)

    def told(self) -> list[tuple[Verb, list[int]]]:
        """What the loop would read, which it then has read."""
        record = self.engine.panel.record
        cursors = record["command_cursors"]
        rows = [record["commands"][n] for n in range(int(cursors["tail"]), int(cursors["head"]))]
        cursors["tail"] = cursors["head"]
        return [(Verb(int(row["verb"])), [int(row[name]) for name in "abcd"]) for row in rows]


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setattr(module, "ASK_AGAIN", 0.0)
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.0)
    panel = Panel.create(tmp_path / "panel")
    limits = [risk_records.one(risk_records.LIMITS, **NO_LIMITS)]
    items = [KNOWN["BTCUSDT"]]
    engine = Engine(panel, items, Compiled(owns=[0], on_book=0), limits, MINE)
    venue = PlayedVenue()
    yield Rig(engine, venue, Account(engine, cast(Rest, venue), items, own=OWN, give_up_seconds=2.0))
    panel.path.unlink()


def test_an_order_that_the_venue_does_not_have_is_given_up_after_its_time_and_not_before(rig: Rig) -> None:
    rig.hold(3, Order.UNKNOWN, age=1.0)
    rig.account.settle_unknown()
    assert rig.told() == []
    rig.hold(3, Order.UNKNOWN, age=2.1)
    rig.account.settle_unknown()
    assert rig.told() == [(Verb.RESOLVE, [3, 0, 0, 0])]


def test_what_an_order_in_doubt_has_filled_is_told_execution_by_execution(rig: Rig) -> None:
    rig.hold(3, Order.UNKNOWN)
    rig.venue.put(f"{MINE}-3", "FILLED", "0.00100000")
    for number, quantity in ((7, "0.00040000"), (8, "0.00060000")):
        more = {"commission": "0.00000040", "commissionAsset": "BTC", "isMaker": True}
        rig.venue.trades.append({"id": number, "qty": quantity, "price": "60000.00"} | more)
    rig.account.settle_unknown()
    assert rig.told() == [
        (Verb.TRADE, [3, 400, 400, 6_000_000]),
        (Verb.TRADE, [3, 1000, 600, 6_000_000]),
        (Verb.RESOLVE, [3, 0, 1000, 5]),
    ]


def test_an_order_in_doubt_that_rests_stays_open(rig: Rig) -> None:
    rig.hold(3, Order.UNKNOWN)
    rig.venue.put(f"{MINE}-3", "NEW", "0.00000000")
    rig.account.settle_unknown()
    assert rig.told() == [(Verb.RESOLVE, [3, 1, 0, 5])]


def test_an_order_that_is_open_here_and_gone_there_is_asked_for(rig: Rig) -> None:
    rig.hold(3, Order.ACKED)
    rig.venue.put(f"{MINE}-3", "CANCELED", "0.00000000")
    assert not rig.account.compare()
    assert rig.told() == [(Verb.RESOLVE, [3, 0, 0, 5])]


def test_an_open_order_with_our_prefix_that_is_twice_not_known_is_cancelled_and_others_never(rig: Rig) -> None:
    rig.venue.put(f"{OWN}grid-t3zzzz-9", "NEW", "0.00000000")
    rig.venue.put("hot1a2c-grid-t3zzzz-9", "NEW", "0.00000000")  # of another installation
    rig.venue.put("a-persons-order", "NEW", "0.00000000")
    rig.account.compare()
    assert rig.venue.cancelled == []
    rig.account.compare()
    assert rig.venue.cancelled == [f"{OWN}grid-t3zzzz-9"]


def test_balances_are_told_when_nothing_moves_and_only_then(rig: Rig) -> None:
    rig.venue.moves = 1
    assert not rig.account.compare()
    assert rig.told() == []
    rig.venue.moves = 0
    rig.account.compare()
    ((verb, words),) = rig.told()
    assert (verb, words[:2]) == (Verb.BALANCE, [2 * 10**8, int(rig.venue.money) * 10**8])

"""What a restart stores again from the journal, after a database that was away and a process that was killed."""

from __future__ import annotations

from pathlib import Path

from qbtc.contracts.common import OrderType, Side
from qbtc.hft.domain.desk import KEPT_CLOSED
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import units
from qbtc.hft.facts import OrderFact
from qbtc.hft.trader import Origin
from qbtc.testing.trading import OPEN, TradingDesk

BUY = Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("0.001"), units("59990"))


def killed_and_started(one: TradingDesk, folder: Path) -> TradingDesk:
    one.close()
    again = TradingDesk(folder)
    again.desk.restore(again.journal.records())
    again.trader.recover()
    return again


def facts(one: TradingDesk) -> list[OrderFact]:
    return [fact for fact in one.trader.out.orders if isinstance(fact, OrderFact)]


async def test_the_last_step_of_an_order_is_stored_again_as_late_as_it_was(tmp_path: Path) -> None:
    """The table takes no step that is older than the one that it has."""
    one, now = TradingDesk(tmp_path), [100]
    one.trader.follow(lambda _: OPEN, lambda: now[0], on_fill=lambda _: None)
    order = one.trader.decide(BUY, Origin(client_order_id="m1"))
    now[0] = 200
    await one.trader._send(order, None)
    in_the_table = max(fact.event.at for fact in facts(one))
    one.trader.count(Fill("BTCUSDT", "7", "m1", Side.BUY, units("59990"), units("0.001"), 0, "USDT", False, 300))
    again = killed_and_started(one, tmp_path)
    (stored,) = facts(again)
    assert (stored.state, stored.filled, stored.event.at) == ("filled", str(units("0.001")), 300)
    assert in_the_table == 200 < stored.event.at
    again.close()


def test_closed_orders_of_a_long_journal_are_stored_again_and_then_leave_the_memory(tmp_path: Path) -> None:
    one, count = TradingDesk(tmp_path), 2 * KEPT_CLOSED
    for n in range(count):
        order = Order(f"grid-t-{n}", "BTCUSDT", Side.BUY, OrderType.LIMIT, 1, 1, n, strategy="grid")
        one.trader.keep(one.desk.intent(order))
        if n:
            state = State.CANCELLED.value
            one.trader.keep({"k": "order", "id": order.client_order_id, "state": state, "at": n, "reason": None})
    again = killed_and_started(one, tmp_path)
    assert len(facts(again)) == count
    assert len(again.desk.orders) == KEPT_CLOSED
    assert [o.client_order_id for o in again.desk.open_orders()] == ["grid-t-0"]
    again.close()


def test_a_reset_of_the_paper_account_is_stored_again_as_the_same_one_until_the_journal_begins_anew(tmp_path: Path) -> None:
    one = TradingDesk(tmp_path)
    one.trader.start_anew()
    told = [*one.trader.out.orders]
    again = killed_and_started(one, tmp_path)
    assert [*again.trader.out.orders] == told
    assert again.trader.compact()
    third = killed_and_started(again, tmp_path)
    assert [*third.trader.out.orders] == []
    third.close()

"""What the screen is told about orders."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from qbtc.contracts.common import OrderType, Side
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.domain.bars import NANOS
from qbtc.hft.domain.closing import unserved
from qbtc.hft.domain.desk import Balance
from qbtc.hft.domain.feed import Feed
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.domain.units import units
from qbtc.hft.engine import Engine
from qbtc.hft.views import Views
from qbtc.testing.trading import TradingDesk


def views(*orders: Order) -> Views:
    desk = SimpleNamespace(orders={o.client_order_id: o for o in orders})
    return Views(cast(Engine, SimpleNamespace(desk=desk)))


def order(name: str, created: int, state: State) -> Order:
    return Order(name, "BTCUSDT", Side.BUY, OrderType.LIMIT, 10, 100, created, state=state)


def test_an_old_open_order_stays_in_view_behind_any_number_of_finished_ones() -> None:
    finished = [order(f"f{n}", 100 + n, State.FILLED) for n in range(9)]
    shown = views(order("old", 1, State.ACKED), *finished).shown_orders(3)
    assert [cast(dict[str, str], row)["client_order_id"] for row in shown] == ["old", "f8", "f7", "f6"]


def test_an_order_that_waits_shows_what_it_waits_for_until_it_is_in_the_book() -> None:
    waits = order("stop", 1, State.ACKED)
    waits.trigger = units("61000.5")
    shown = [cast(dict[str, str], views(waits).shown_orders(3)[0])["trigger"]]
    waits.triggered = True
    shown += [cast(dict[str, str], views(waits).shown_orders(3)[0])["trigger"]]
    assert shown == ["61000.5", None]


def test_assets_without_a_price_in_this_session_are_named_beside_the_equity(tmp_path: Path) -> None:
    one = TradingDesk(tmp_path)
    one.desk.balances |= {"ETH": Balance(units("20")), "SOL": Balance(0)}
    shown = Views(one.engine).pnl()
    assert shown["unvalued"] == ["BTC", "ETH"]  # no frame has come yet, so nothing has a price
    one.close()


def test_orders_that_nobody_can_ask_for_end_when_the_account_begins_anew(tmp_path: Path) -> None:
    one = TradingDesk(tmp_path)
    one.desk.accept(Order("eth", "ETHUSDT", Side.BUY, OrderType.LIMIT, units("1"), units("2000"), 1), 1)
    assert unserved(one.desk) == ["ETHUSDT"]
    one.trader.end_unserved("paper reset")
    assert (unserved(one.desk), one.desk.open_orders()) == ([], [])
    one.close()


def test_a_dimension_that_is_absent_says_why(tmp_path: Path) -> None:
    one = TradingDesk(tmp_path)
    feed = one.engine.feed = Feed([KNOWN["BTCUSDT"]], session="s", started_ns=0)
    assert Views(one.engine).features("BTCUSDT")["absent"] == {}
    for second in (1, 2):
        feed.due(second * NANOS)
    shown = cast(dict[str, dict[str, str]], Views(one.engine).features("BTCUSDT"))
    assert (shown["absent"]["A"], shown["absent"]["N"], shown["absent"]["W"]) == ("bars", "qcs", "no_perpetual")
    assert set(shown["absent"]) == set(shown["letters"])
    one.close()

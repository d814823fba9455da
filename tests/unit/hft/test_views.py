"""What the screen is told about orders."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from qbtc.contracts.common import OrderType, Side
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.engine import Engine
from qbtc.hft.views import Views


def views(*orders: Order) -> Views:
    desk = SimpleNamespace(orders={o.client_order_id: o for o in orders})
    return Views(cast(Engine, SimpleNamespace(desk=desk)))


def order(name: str, created: int, state: State) -> Order:
    return Order(name, "BTCUSDT", Side.BUY, OrderType.LIMIT, 10, 100, created, state=state)


def test_an_old_open_order_stays_in_view_behind_any_number_of_finished_ones() -> None:
    finished = [order(f"f{n}", 100 + n, State.FILLED) for n in range(9)]
    shown = views(order("old", 1, State.ACKED), *finished).shown_orders(3)
    assert [cast(dict[str, str], row)["client_order_id"] for row in shown] == ["old", "f8", "f7", "f6"]

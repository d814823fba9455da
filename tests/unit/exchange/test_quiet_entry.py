"""Whether somebody listens changes who is told, never what happens: books, journal, answers and refusals are the same."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples
from tests.unit.exchange.desk_house import FUNDS, KEEP, House
from websockets.frames import Frame, Opcode

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.engine.layout import Kind, Side, Tif
from qbtc.exchange.books_state import state_hash
from qbtc.exchange.model import NewOrder
from qbtc.exchange.recovery import recover
from qbtc.exchange.segments import segment_path
from qbtc.exchange.server import text_header

sides = st.sampled_from(list(Side))
orders = st.tuples(
    st.just("place"), st.integers(1, 3), sides,
    st.sampled_from([Kind.LIMIT] * 5 + [Kind.LIMIT_MAKER, Kind.MARKET, Kind.STOP_LOSS_LIMIT]), st.sampled_from(list(Tif)),
    st.integers(9_800, 10_300), st.integers(0, 400), st.sampled_from([None, "a", "b", "c", ""]),
)  # fmt: skip
cancels = st.tuples(st.just("cancel"), st.integers(1, 3), st.integers(1, 30), st.sampled_from([None, "x"]))
steps = st.lists(st.one_of(orders, orders, cancels), max_size=25)


def act(house: House, step: tuple[Any, ...], now: int) -> object:
    desk = house.desk
    try:
        if step[0] == "cancel":
            return desk.cancel(step[1], step[2], now, step[3])
        _, account, side, kind, tif, tick, lots, name = step
        stop = tick if kind is Kind.STOP_LOSS_LIMIT else 0
        tick = 0 if kind is Kind.MARKET else tick
        tif = tif if kind is Kind.LIMIT else Tif.GTC
        order = NewOrder(side, kind, tif, tick=tick, stop_tick=stop, lots=lots * 1_000, client_id=name)
        return desk.place(account, "BTCUSDT", order, now)
    except ApiError as error:
        return error.code, error.msg


@settings(max_examples=examples(60), deadline=None)
@given(steps)
def test_what_nobody_hears_is_booked_and_answered_alike(found: list[tuple[Any, ...]]) -> None:
    told, quiet = House(), House()
    quiet.desk.heard = lambda account: False
    for house in (told, quiet):
        house.desk.open_account(2, FUNDS, 0)
    for now, step in enumerate(found, 5):
        assert act(told, step, now) == act(quiet, step, now)
        assert quiet.desk.in_step
        assert quiet.desk.keeper.consistent
    assert told.desk.keeper.books.state_hash() == quiet.desk.keeper.books.state_hash()
    assert told.market.core.state_hash() == quiet.market.core.state_hash()
    assert told.published() == quiet.published()


def test_the_journal_has_the_same_bytes_and_gives_the_books_back(tmp_path: Path) -> None:
    written = []
    for name in ("told", "quiet"):
        house = House(tmp_path / name)
        house.desk.heard = lambda account, heard=name == "told": heard  # type: ignore[misc]
        for number in range(40):
            order = house.place(Side.BUY, Kind.LIMIT, quantity="0.1", price=str(60 + number), name=f"n{number}")
            if number % 3:
                house.desk.cancel(1, order.order_id, 9)
        house.place(Side.BUY, Kind.MARKET, quantity="0.1")
        asyncio.run(house.journal._flush())  # type: ignore[union-attr]
        live = house.desk.keeper.books.state_hash()
        house.journal.close()  # type: ignore[union-attr]
        assert state_hash(recover(tmp_path / name, keep=KEEP).state) == live
        written.append(segment_path(tmp_path / name, 1).read_bytes())
    assert written[0] == written[1]


def test_only_who_listens_hears_of_orders_that_rest_and_end_and_everybody_of_fills() -> None:
    house = House()
    house.desk.heard = lambda account: False
    order = house.place(Side.BUY, Kind.LIMIT, quantity="0.1", price="90")
    house.desk.cancel(1, order.order_id, 6)
    assert house.executions() == []
    house.place(Side.BUY, Kind.MARKET, quantity="0.1")
    assert house.executions() == ["NEW", "TRADE"]


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_frames_that_are_written_together_have_the_headers_of_the_standard(size: int) -> None:
    message = b"x" * size
    assert text_header(size) + message == Frame(Opcode.TEXT, message).serialize(mask=False)


def test_answers_of_one_connection_go_in_one_write_and_in_the_order_of_the_requests(tmp_path: Path) -> None:
    house, wrote = House(tmp_path), list[tuple[str, list[bytes]]]()

    class Line:
        def __init__(self, name: str) -> None:
            self.name = name

        def send(self, message: bytes) -> None:
            wrote.append((self.name, [message]))

        def send_all(self, messages: list[bytes]) -> None:
            wrote.append((self.name, messages))

    one, other = Line("one"), Line("other")
    for line, frame in ((one, b"1"), (one, b"2"), (other, b"3"), (one, b"4")):
        house.place(Side.BUY, Kind.LIMIT, quantity="0.1", price="90")
        house.desk.send_after_commit(line, frame)  # type: ignore[arg-type]
    assert not wrote
    asyncio.run(house.journal._flush())  # type: ignore[union-attr]
    assert wrote == [("one", [b"1", b"2"]), ("other", [b"3"]), ("one", [b"4"])]

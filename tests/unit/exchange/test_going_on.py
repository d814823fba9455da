"""What a market goes on from after a restart: its trade ids rise, and its last price is known."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from tests.unit.exchange.desk_house import ITEM, KEEP, House

from qbtc.core.binance.errors import ApiError
from qbtc.core.binance.messages import Trade
from qbtc.core.market.engine.layout import Kind, Side
from qbtc.core.market.instrument import Instrument
from qbtc.exchange.books_state import state_hash
from qbtc.exchange.desk import RESERVED
from qbtc.exchange.recovery import recover
from qbtc.exchange.segments import Journal


def recorded(house: House, number: int, price: str = "100.50") -> int:
    """A recorded trade; the id under which it was published."""
    trade = Trade(
        event="trade", event_ms=1, symbol="BTCUSDT", trade_id=number, price=price, quantity="0.1", trade_ms=1,
        buyer_is_maker=True,
    )  # fmt: skip
    house.market.on_trade(msgspec.structs.replace(trade), 7)
    return house.market.trade_id


def stop(house: House, *, crash: bool) -> None:
    if not crash:
        house.desk.keep_ids()
    assert isinstance(house.journal, Journal)
    asyncio.run(house.journal._flush())
    house.journal.close()


@pytest.mark.parametrize("crash", [False, True])
def test_trade_ids_rise_over_a_restart_whatever_was_traded(tmp_path: Path, crash: bool) -> None:
    house = House(tmp_path)
    house.place(Side.BUY, Kind.MARKET, quantity="0.1")
    house.desk.reserve_ids()
    last = [recorded(house, number) for number in range(50, 60)][-1]
    live = house.desk.keeper.state
    stop(house, crash=crash)
    assert state_hash(recover(tmp_path, keep=KEEP).state) == state_hash(live)
    again = House(tmp_path)
    first = recorded(again, 50)
    assert last < first <= last + RESERVED
    assert first == last + 1 or crash
    stop(again, crash=True)


def test_a_feed_whose_ids_went_on_keeps_them(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert recorded(house, 50) == 50
    stop(house, crash=False)
    again = House(tmp_path)
    assert [recorded(again, number) for number in (70, 71)] == [70, 71]
    stop(again, crash=False)


def test_ids_are_written_down_again_only_when_those_ahead_are_used_up() -> None:
    house = House()
    house.desk.reserve_ids()
    assert house.desk.keeper.state.last[0, 0] == RESERVED
    house.market.trade_id = RESERVED // 2
    house.desk.reserve_ids()
    assert house.desk.keeper.state.last[0, 0] == RESERVED
    house.market.trade_id = RESERVED
    house.desk.reserve_ids()
    assert house.desk.keeper.state.last[0, 0] == 2 * RESERVED


@pytest.mark.parametrize("item", [ITEM, Instrument("BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.00001"))])
def test_the_last_price_is_known_after_a_restart_also_on_another_grid(tmp_path: Path, item: Instrument) -> None:
    house = House(tmp_path)
    house.place(Side.BUY, Kind.MARKET, quantity="0.1")
    recorded(house, 50, "100.50")
    stop(house, crash=False)
    again = House(tmp_path, item=item)
    assert again.desk.last_tick("BTCUSDT") == item.to_ticks("100.50")
    if item is ITEM:
        with pytest.raises(ApiError, match="trigger immediately"):
            again.place(Side.SELL, Kind.STOP_LOSS, quantity="0.1", stop="150.00")
    stop(again, crash=False)

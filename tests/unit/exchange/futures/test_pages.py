"""Lists of orders, trades and income: how many there are, which, and what a window of time may be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from qbtc.core.binance.errors import ApiError
from qbtc.exchange.futures import api_account, api_trade

from .house import ME, House

DAY = 86_400_000
Asked = Callable[..., Awaitable[Any]]


@pytest.fixture
def house() -> House:
    """Ten orders and trades, one a day."""
    made = House()
    for _ in range(10):
        made.now += DAY * 10**6
        made.quote(10_000)
        made.place("BUY", quantity="0.01")
    made.now += 1000 * 10**6
    return made


def asking(house: House) -> Asked:
    async def ask(what: str, **params: object) -> Any:
        handler = getattr(api_account if what == "income" else api_trade, what)
        sent = {name: str(value) for name, value in params.items()}
        return await handler(house.desk(), sent if what == "income" else {"symbol": "BTCUSDT"} | sent, ME)

    return ask


def ms(house: House, days: float) -> int:
    return house.now // 10**6 + int(days * DAY)


LISTS = ["all_orders", "user_trades", "income"]


@pytest.mark.parametrize("what", LISTS)
async def test_without_a_time_it_is_the_last_week(house: House, what: str) -> None:
    assert len(await asking(house)(what)) == 7


@pytest.mark.parametrize("what", LISTS)
async def test_a_start_gives_the_oldest_and_a_limit_counts(house: House, what: str) -> None:
    ask = asking(house)
    all_ = await ask(what, startTime=ms(house, -9.5), endTime=ms(house, -3))
    assert len(all_) == 7
    assert await ask(what, startTime=ms(house, -9.5), endTime=ms(house, -3), limit=2) == all_[:2]
    assert await ask(what, endTime=ms(house, -3), limit=2) == all_[-2:]


@pytest.mark.parametrize("what", LISTS)
async def test_the_end_of_a_window_is_not_before_its_start(house: House, what: str) -> None:
    with pytest.raises(ApiError, match="-1023"):
        await asking(house)(what, startTime=ms(house, -1), endTime=ms(house, -2))


@pytest.mark.parametrize("what", ["all_orders", "user_trades", "all_algos"])
async def test_more_than_a_week_is_refused(house: House, what: str) -> None:
    ask = asking(house)
    await ask(what, startTime=ms(house, -7), endTime=ms(house, 0))
    with pytest.raises(ApiError, match="-4165"):
        await ask(what, startTime=ms(house, -7), endTime=ms(house, 0) + 1)


@pytest.mark.parametrize(("what", "limit"), [("all_orders", 1001), ("user_trades", 0), ("income", 1001)])
async def test_a_limit_beyond_the_bounds_is_refused(house: House, what: str, limit: int) -> None:
    with pytest.raises(ApiError, match="-1130"):
        await asking(house)(what, limit=limit)


async def test_ids_reach_further_back_than_a_week(house: House) -> None:
    ask = asking(house)
    assert [row["orderId"] for row in await ask("all_orders", orderId=2, limit=3)] == [2, 3, 4]
    assert [row["orderId"] for row in await ask("user_trades", orderId=1)] == [1]
    assert [row["id"] for row in await ask("user_trades", fromId=2, limit=3)] == [2, 3, 4]


async def test_a_trade_id_and_a_time_do_not_go_together(house: House) -> None:
    for name in ("startTime", "endTime"):
        with pytest.raises(ApiError, match=f"-1106: Parameter '{name}' sent when not required"):
            await asking(house)("user_trades", fromId=2, **{name: ms(house, -1)})


async def test_income_is_paged_and_its_kinds_are_known(house: House) -> None:
    ask = asking(house)
    start = ms(house, -20)
    pages = [await ask("income", startTime=start, limit=4, page=number) for number in (1, 2, 3, 4)]
    assert [len(rows) for rows in pages] == [4, 4, 2, 0]
    assert await ask("income", incomeType="FUNDING_FEE") == []
    with pytest.raises(ApiError, match="-1130"):
        await ask("income", incomeType="SALARY")

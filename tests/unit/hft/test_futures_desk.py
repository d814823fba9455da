"""A desk of futures: what the account should hold, what it is worth, what margin the gate asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from qbtc.contracts.common import OrderType, Side
from qbtc.core.binance.user_data import AccountPosition, AssetBalance
from qbtc.core.market.instrument import KNOWN
from qbtc.hft import doubts
from qbtc.hft.domain.desk import Balance, Desk
from qbtc.hft.domain.feed import Feed
from qbtc.hft.domain.pairs import contract
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.reconcile import ROUNDING, Difference, differences, opening_from
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import ONE, units
from qbtc.hft.ports import Margin
from qbtc.hft.reconciler import _adopt
from qbtc.hft.settings import HftSettings
from qbtc.hft.trader import Origin
from qbtc.testing.trading import OPEN, TradingDesk
from qbtc.testing.waiting import eventually

SYMBOL = "BTCUSDT"
CONTRACT = contract(SYMBOL)


@pytest.fixture
def desk() -> Desk:
    """1,000 USDT of wallet, flat."""
    found = Desk({SYMBOL: KNOWN[SYMBOL]}, HftSettings().limits(), futures=True)
    found.balances = wallet("1000", "0")
    found.set_opening(opening_from(found, found.balances))
    found.reconciled = found.connected = True
    found.skew_ns = 0
    found.margin_ratio, found.margin_rates = 100, {SYMBOL: 500}
    found.mark({SYMBOL: units("60000")}, 1)
    return found


def wallet(usdt: str, btc: str) -> dict[str, Balance]:
    return {"USDT": Balance(units(usdt)), CONTRACT: Balance(units(btc))}


def trade(desk: Desk, number: int, side: Side, quantity: str, price: str, fee: str = "0") -> None:
    fill = Fill(SYMBOL, str(number), "x", side, units(price), units(quantity), units(fee), "USDT", False, 1)
    assert desk.fill(fill) is not None


def refusal(desk: Desk, side: Side, quantity: str) -> str | None:
    verdict = desk.refusal(Proposal(SYMBOL, side, OrderType.MARKET, units(quantity), None), OPEN, 1)
    return verdict.rule if verdict else None


def test_opening_a_position_moves_the_wallet_only_by_the_fee(desk: Desk) -> None:
    trade(desk, 1, Side.BUY, "0.1", "60000", fee="2.4")
    assert differences(desk, wallet("997.6", "0.1")) == []


def test_a_fee_in_the_coin_that_a_contract_is_named_after_comes_from_the_wallet(desk: Desk) -> None:
    desk.instruments["BNBUSDT"] = KNOWN["BNBUSDT"]
    held = wallet("1000", "0") | {"BNB": Balance(units("5")), contract("BNBUSDT"): Balance()}
    desk.set_opening(opening_from(desk, held))
    for number, (symbol, price) in enumerate((("BNBUSDT", "600"), ("BTCUSDT", "60000"))):
        fee = units("0.0005")
        desk.fill(Fill(symbol, str(number), "x", Side.BUY, units(price), units("0.01"), fee, "BNB", False, 1))
    assert desk.position("BNBUSDT").quantity == units("0.01")
    bought = {contract("BNBUSDT"): Balance(units("0.01")), CONTRACT: Balance(units("0.01"))}
    assert differences(desk, held | bought | {"BNB": Balance(units("4.999"))}) == []


def test_closing_it_pays_what_was_won(desk: Desk) -> None:
    trade(desk, 1, Side.SELL, "0.1", "60000")
    trade(desk, 2, Side.BUY, "0.04", "59000")
    assert differences(desk, wallet("1040", "-0.06")) == []


def test_the_venues_rounding_is_no_transfer_and_more_than_that_is(desk: Desk) -> None:
    trade(desk, 1, Side.BUY, "0.1", "60000")
    found = wallet("1000", "0.1")
    found["USDT"].free += ROUNDING
    assert differences(desk, found) == []
    found["USDT"].free += 1
    assert differences(desk, found) == [Difference("USDT", units("1000"), units("1000") + ROUNDING + 1)]


def test_a_position_that_is_off_by_the_smallest_step_is_a_difference(desk: Desk) -> None:
    assert [d.asset for d in differences(desk, wallet("1000", "0.00000001"))] == [CONTRACT]


def test_it_is_worth_its_wallet_and_what_is_not_realised(desk: Desk) -> None:
    trade(desk, 1, Side.SELL, "0.1", "60000")
    assert desk.equity({SYMBOL: units("59000")}, "USDT") == units("1100") * ONE


def test_a_short_needs_no_coins_but_margin(desk: Desk) -> None:
    assert refusal(desk, Side.SELL, "0.03") is None
    desk.margin_rates = {SYMBOL: 10_000}
    assert refusal(desk, Side.SELL, "0.03") == "free_balance"


@pytest.mark.parametrize(("ratio", "rates"), [(None, {SYMBOL: 500}), (5_001, {SYMBOL: 500}), (100, {})])
def test_while_margin_is_not_known_or_nearly_used_up_nothing_grows_and_everything_may_shrink(
    desk: Desk, ratio: int | None, rates: dict[str, int]
) -> None:
    trade(desk, 1, Side.BUY, "0.02", "60000")
    desk.margin_ratio, desk.margin_rates = ratio, rates
    assert refusal(desk, Side.BUY, "0.001") in ("margin_ratio", "free_balance")
    desk.margin_rates = {SYMBOL: 500}
    assert refusal(desk, Side.SELL, "0.02") is None


def test_the_book_follows_the_futures_rule() -> None:
    feed = Feed([KNOWN[SYMBOL]], session="s", started_ns=1, futures=True)
    assert feed.markets[SYMBOL].local.sync.futures


@pytest.fixture
def trading(tmp_path: Path) -> Iterator[TradingDesk]:
    found = TradingDesk(tmp_path)
    found.desk.futures = True
    yield found
    found.close()


def test_a_position_that_was_there_is_taken_over_and_survives_a_restart(trading: TradingDesk) -> None:
    margin = Margin(10, {}, {SYMBOL: units("61000"), "XRPUSDT": units("2")})
    _adopt(trading.trader, wallet("1000", "-0.2"), margin, [SYMBOL])
    again = Desk({SYMBOL: KNOWN[SYMBOL]}, HftSettings().limits(), futures=True)
    again.restore(trading.journal.records())
    position = again.position(SYMBOL)
    assert (position.quantity, position.average) == (units("-0.2"), units("61000"))
    assert "XRPUSDT" not in again.positions


class Account:
    """A reconciled futures desk, long of 0.02 BTC, that hears what the venue says of its position."""

    def __init__(self, one: TradingDesk) -> None:
        self.desk, self.trader, self.venue = one.desk, one.trader, one.venue
        self.desk.margin_ratio, self.desk.margin_rates = 10, {SYMBOL: 500}
        self.looked = 0
        self.trader.doubts.on_doubt = self._look
        self.trade(1, Side.BUY, "0.02")

    def _look(self) -> None:
        self.looked += 1

    def trade(self, number: int, side: Side, quantity: str, key: str = "x", *, at_ms: int = 1) -> None:
        self.trader.count(
            Fill(SYMBOL, str(number), key, side, units("60000"), units(quantity), 0, "USDT", False, at_ms * 10**6)
        )

    def hear(self, btc: str, *, at_ms: int = 60_000) -> None:
        rows = [AssetBalance(CONTRACT, btc, "0"), AssetBalance("USDT", "90000", "0")]
        self.trader.on_user_event(AccountPosition(event_ms=at_ms, updated_ms=at_ms, balances=rows))

    async def order(self, side: Side, quantity: str, kind: OrderType = OrderType.LIMIT) -> None:
        price = units("60100" if side is Side.SELL else "59900") if kind is OrderType.LIMIT else None
        await self.trader.place(Proposal(SYMBOL, side, kind, units(quantity), price), Origin(client_order_id="m1"))


@pytest.fixture
def account(trading: TradingDesk, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setattr(doubts, "GRACE_SECONDS", 0.05)
    return Account(trading)


def test_a_position_that_changed_without_us_stops_orders_and_is_looked_at_at_once(account: Account) -> None:
    """A liquidation: otherwise a sale of what is no longer held would open a short."""
    account.hear("0")
    assert (account.desk.reconciled, account.looked) == (False, 1)
    assert refusal(account.desk, Side.SELL, "0.02") == "reconciled"


async def test_a_position_that_is_as_it_should_be_is_no_doubt(account: Account) -> None:
    account.hear("0.02")
    await asyncio.sleep(0.1)
    assert (account.desk.reconciled, account.looked) == (True, 0)


@pytest.mark.parametrize("reported", [True, False])
async def test_an_execution_of_ours_on_its_way_explains_a_position_for_a_moment(
    account: Account, reported: bool
) -> None:
    await account.order(Side.SELL, "0.01")
    account.hear("0.01")
    assert account.desk.reconciled
    if reported:
        account.trade(2, Side.SELL, "0.01", "m1")
        await asyncio.sleep(0.1)
        assert account.desk.reconciled
    else:
        await eventually(lambda: account.looked == 1, what="the account is looked at")
        assert not account.desk.reconciled


async def test_a_position_from_before_the_last_execution_explains_itself_only_while_that_is_new(
    account: Account,
) -> None:
    account.trade(2, Side.SELL, "0.01", at_ms=60_000)
    account.hear("0.02", at_ms=60_000)
    account.hear("0.01", at_ms=60_000)
    await asyncio.sleep(0.1)
    assert account.desk.reconciled
    account.hear("0.02", at_ms=60_200)
    assert not account.desk.reconciled


@pytest.mark.parametrize(
    ("side", "quantity", "reduces"),
    [(Side.SELL, "0.02", True), (Side.SELL, "0.021", False), (Side.BUY, "0.001", False)],
)
async def test_the_venue_is_told_what_the_gate_took_for_reducing(
    account: Account, side: Side, quantity: str, reduces: bool
) -> None:
    await account.order(side, quantity)
    assert account.venue.placed[0].reduces is reduces

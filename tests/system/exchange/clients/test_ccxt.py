"""ccxt, unmodified, trades on the venue: its unified calls, its implicit Binance calls, and its own exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from qbtc.testing.venue import MortalVenue, VenueProcess
from qbtc.testing.venue_clients import ccxt_config, redirect_ccxt

ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed (requirements/dev.lock has it)")

SYMBOL = "BTC/USDT"
Allowed = Callable[[str], None]


def connected(target: VenueProcess, **config: Any) -> Any:
    exchange = redirect_ccxt(ccxt.binance(ccxt_config(target) | config), target)
    exchange.load_markets()
    return exchange


@pytest.fixture(scope="module")
def binance(quiet: MortalVenue) -> Any:
    return connected(quiet)


@pytest.fixture(autouse=True)
def nothing_left_open(binance: Any) -> Iterator[None]:
    yield
    for order in binance.fetch_open_orders(SYMBOL):
        binance.cancel_order(order["id"], SYMBOL)


def test_it_loads_the_markets_with_their_limits(binance: Any) -> None:
    market = binance.market(SYMBOL)
    assert market["spot"]
    assert market["active"]
    assert market["precision"] == {**market["precision"], "amount": 1e-06, "price": 0.01}
    assert market["limits"]["cost"]["min"] == 5.0


def test_it_reads_all_market_data(live: VenueProcess) -> None:
    exchange = connected(live)
    assert abs(exchange.fetch_time() - exchange.milliseconds()) < 5_000
    assert exchange.fetch_status()["status"] == "ok"
    book = exchange.fetch_order_book(SYMBOL, 20)
    assert book["bids"][0][0] < book["asks"][0][0]
    assert len(book["bids"]) == 20
    ticker = exchange.fetch_ticker(SYMBOL)
    assert ticker["bid"] < ticker["ask"]
    assert ticker["last"] > 0
    assert set(exchange.fetch_tickers()) == {"BTC/USDT", "ETH/USDT"}
    assert set(exchange.fetch_bids_asks()) == {"BTC/USDT", "ETH/USDT"}
    assert set(exchange.fetch_last_prices()) == {"BTC/USDT", "ETH/USDT"}
    trades = exchange.fetch_trades(SYMBOL, limit=10)
    assert trades
    assert trades[0]["price"] > 0
    candles = exchange.fetch_ohlcv(SYMBOL, "1s", limit=5)
    assert candles
    assert all(low <= close <= high for _, _, high, low, close, _ in candles)


def test_it_reads_the_account_and_its_fees(binance: Any) -> None:
    assert binance.fetch_balance()["USDT"]["total"] > 0
    fee = binance.fetch_trading_fee(SYMBOL)
    assert (fee["maker"], fee["taker"]) == (0.001, 0.001)
    assert binance.fetch_trading_fees()[SYMBOL]["taker"] == 0.001


def test_it_places_reads_and_cancels_a_limit_order(binance: Any) -> None:
    placed = binance.create_limit_buy_order(SYMBOL, 0.5, 95.0)
    assert placed["status"] == "open"
    assert binance.fetch_order(placed["id"], SYMBOL)["price"] == 95.0
    assert [o["id"] for o in binance.fetch_open_orders(SYMBOL)] == [placed["id"]]
    assert binance.cancel_order(placed["id"], SYMBOL)["status"] == "canceled"
    assert placed["id"] in [o["id"] for o in binance.fetch_orders(SYMBOL)]


def test_it_takes_with_a_market_order_and_sees_its_trade(binance: Any) -> None:
    filled = binance.create_market_buy_order(SYMBOL, 0.1)
    assert filled["status"] == "closed"
    assert filled["average"] == 100.10
    trade = binance.fetch_my_trades(SYMBOL)[-1]
    assert (trade["order"], trade["takerOrMaker"], trade["side"]) == (filled["id"], "taker", "buy")
    assert trade["fee"]["cost"] > 0
    assert binance.fetch_order_trades(filled["id"], SYMBOL)[0]["id"] == trade["id"]


def test_it_makes_with_a_post_only_order(binance: Any) -> None:
    resting = binance.create_order(SYMBOL, "limit", "buy", 0.2, 100.05, {"postOnly": True})
    assert resting["status"] == "open"
    binance.create_market_sell_order(SYMBOL, 0.2)
    assert binance.fetch_order(resting["id"], SYMBOL)["status"] == "closed"
    made = [t for t in binance.fetch_my_trades(SYMBOL) if t["order"] == resting["id"]]
    assert [(t["takerOrMaker"], t["price"]) for t in made] == [("maker", 100.05)]


def test_it_spends_a_quote_amount(binance: Any) -> None:
    filled = binance.create_market_buy_order_with_cost(SYMBOL, 20.02)
    assert filled["filled"] == pytest.approx(0.2)


def test_an_immediate_order_that_cannot_fill_is_expired(binance: Any) -> None:
    gone = binance.create_order(SYMBOL, "limit", "buy", 0.2, 95.0, {"timeInForce": "IOC"})
    assert gone["status"] == "expired"
    assert binance.create_order(SYMBOL, "limit", "buy", 500, 100.1, {"timeInForce": "FOK"})["status"] == "expired"


def test_a_stop_waits_for_its_price(binance: Any, allowed: Allowed) -> None:
    allowed("STOP_LOSS_LIMIT")
    stop = binance.create_order(SYMBOL, "STOP_LOSS_LIMIT", "sell", 0.1, 94.0, {"stopPrice": 95.0})
    assert binance.fetch_order(stop["id"], SYMBOL)["triggerPrice"] == 95.0
    profit = binance.create_order(SYMBOL, "limit", "sell", 0.1, 120.0, {"takeProfitPrice": 119.0})
    waiting = [o["info"]["type"] for o in binance.fetch_open_orders(SYMBOL)]
    assert waiting == ["STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"]
    assert binance.cancel_order(profit["id"], SYMBOL)["status"] == "canceled"


def test_it_edits_an_order_by_cancel_replace(binance: Any, allowed: Allowed) -> None:
    allowed("cancelReplaceAllowed")
    first = binance.create_limit_buy_order(SYMBOL, 0.5, 95.0)
    second = binance.edit_order(first["id"], SYMBOL, "limit", "buy", 0.4, 96.0)
    assert second["price"] == 96.0
    assert binance.fetch_order(first["id"], SYMBOL)["status"] == "canceled"


def test_it_amends_an_order_and_keeps_its_place(binance: Any, allowed: Allowed) -> None:
    allowed("amendAllowed")
    first = binance.create_limit_buy_order(SYMBOL, 0.5, 95.0)
    request = {"symbol": "BTCUSDT", "orderId": first["id"], "newQty": "0.3"}
    amended = binance.request("order/amend/keepPriority", "private", "PUT", request)
    assert amended["amendedOrder"]["qty"] == "0.30000000"
    assert binance.fetch_order(first["id"], SYMBOL)["amount"] == 0.3


def test_one_leg_of_an_oco_takes_the_other_with_it(binance: Any, allowed: Allowed) -> None:
    allowed("ocoAllowed")
    request = {
        "symbol": "BTCUSDT", "side": "SELL", "quantity": "0.1", "aboveType": "LIMIT_MAKER", "abovePrice": "120.00",
        "belowType": "STOP_LOSS_LIMIT", "belowStopPrice": "90.00", "belowPrice": "89.00", "belowTimeInForce": "GTC",
    }  # fmt: skip
    placed = binance.privatePostOrderListOco(request)
    assert placed["listOrderStatus"] == "EXECUTING"
    assert len(binance.privateGetOpenOrderList()) == 1
    limit = next(o for o in placed["orderReports"] if o["type"] == "LIMIT_MAKER")
    binance.cancel_order(limit["orderId"], SYMBOL)
    assert binance.fetch_open_orders(SYMBOL) == []
    assert binance.privateGetOrderList({"orderListId": placed["orderListId"]})["listOrderStatus"] == "ALL_DONE"


def test_it_cancels_everything_at_once(binance: Any) -> None:
    for price in (94.0, 95.0):
        binance.create_limit_buy_order(SYMBOL, 0.1, price)
    assert len(binance.cancel_all_orders(SYMBOL)) == 2
    assert binance.fetch_open_orders(SYMBOL) == []


def test_each_refusal_is_the_exception_ccxt_means_for_it(binance: Any) -> None:
    with pytest.raises(ccxt.InvalidOrder, match="LOT_SIZE"):
        binance.privatePostOrder(_order(quantity="0.0000001", price="95"))
    with pytest.raises(ccxt.InvalidOrder, match="PRICE_FILTER"):
        binance.privatePostOrder(_order(quantity="0.1", price="95.001"))
    with pytest.raises(ccxt.BadRequest, match="NOTIONAL"):
        binance.privatePostOrder(_order(quantity="0.00001", price="95"))
    with pytest.raises(ccxt.BadSymbol):
        binance.privatePostOrder(_order(quantity="0.1", price="95", symbol="NOPEUSDT"))
    with pytest.raises(ccxt.BadSymbol):
        binance.fetch_order_book("NOPE/USDT")
    with pytest.raises(ccxt.InsufficientFunds):
        binance.privatePostOrder(_order(quantity="8000", price="95"))
    with pytest.raises(ccxt.OrderNotFound):
        binance.fetch_order("999999", SYMBOL)
    with pytest.raises(ccxt.OrderNotFound):
        binance.cancel_order("999999", SYMBOL)
    with pytest.raises(ccxt.OrderImmediatelyFillable):
        binance.create_order(SYMBOL, "limit", "buy", 0.2, 100.20, {"postOnly": True})


def _order(**changed: str) -> dict[str, str]:
    return {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"} | changed


def test_a_wrong_secret_or_key_is_an_authentication_error(quiet: MortalVenue) -> None:
    wrong = redirect_ccxt(ccxt.binance(ccxt_config(quiet) | {"secret": "x" * 64}), quiet)
    with pytest.raises(ccxt.AuthenticationError):
        wrong.privateGetAccount()
    unknown = redirect_ccxt(ccxt.binance(ccxt_config(quiet) | {"apiKey": "x" * 64}), quiet)
    with pytest.raises(ccxt.AuthenticationError):
        unknown.privateGetAccount()


def test_a_skewed_clock_is_refused_until_ccxt_has_asked_for_the_time(quiet: MortalVenue) -> None:
    exchange = redirect_ccxt(ccxt.binance(ccxt_config(quiet)), quiet)
    exchange.options["timeDifference"] = 60_000
    with pytest.raises(ccxt.InvalidNonce):
        exchange.privateGetAccount()
    exchange.load_time_difference()
    assert exchange.privateGetAccount()["accountType"] == "SPOT"


def test_after_a_kill_the_same_client_goes_on_with_what_it_had(quiet: MortalVenue, binance: Any) -> None:
    resting = binance.create_limit_buy_order(SYMBOL, 0.5, 95.0)
    before = binance.fetch_balance()["total"]
    quiet.die()
    with pytest.raises(ccxt.NetworkError):
        binance.fetch_balance()
    quiet.revive()
    assert [o["id"] for o in binance.fetch_open_orders(SYMBOL)] == [resting["id"]]
    assert binance.fetch_balance()["total"] == before

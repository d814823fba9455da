"""The futures venue as a process: recordings, restarts at any moment, clean refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qbtc.testing.data import MARKET
from qbtc.testing.venue import MortalVenue, mortal_venue, quiet_recording, venue
from qbtc.testing.waiting import until

USDM = MARKET.parent / "usdm_btcusdt_20240808.gz" if MARKET.is_file() else MARKET / "usdm_btcusdt_20240808.gz"


def order(target: MortalVenue, **params: object) -> Any:
    return target.signed("POST", "/fapi/v1/order", symbol="BTCUSDT", **params).json()


def test_a_recorded_futures_book_is_played_and_can_be_traded(tmp_path: Path) -> None:
    if not USDM.exists():
        pytest.skip(f"no futures recording at {USDM}; set QBTC_DATA")
    spot = quiet_recording(tmp_path)
    with venue(tmp_path, "--data", str(spot), QBTC_EXCHANGE_FUTURES_DATA=str(USDM)) as target:

        def book() -> Any:
            body = target.call("GET", "/fapi/v1/depth", symbol="BTCUSDT", limit=5).json()
            return body if len(body["bids"]) == 5 else None

        assert float(until(book, what="the recorded book")["bids"][0][0]) > 50_000
        until(lambda: target.call("GET", "/fapi/v1/aggTrades", symbol="BTCUSDT").json(), what="recorded trades")


def test_an_unfit_futures_recording_ends_the_venue_with_a_sentence(tmp_path: Path) -> None:
    spot = quiet_recording(tmp_path)
    with (
        pytest.raises(AssertionError, match="spot frames"),
        venue(tmp_path, "--data", str(spot), QBTC_EXCHANGE_FUTURES_DATA=str(spot)),
    ):
        raise RuntimeError("it started")


def test_without_the_setting_there_are_no_futures(tmp_path: Path) -> None:
    with venue(tmp_path, "--data", str(quiet_recording(tmp_path)), QBTC_EXCHANGE_FUTURES="false") as target:
        assert target.call("GET", "/fapi/v1/time").status_code == 404


def test_a_contract_has_prices_and_candles_before_anything_was_traded(quiet: MortalVenue) -> None:
    def asked(name: str, **params: object) -> Any:
        return quiet.call("GET", f"/fapi/v1/{name}", **params).json()

    for name, key in (("klines", "symbol"), ("markPriceKlines", "symbol"), ("indexPriceKlines", "pair")):
        (candle,) = asked(name, interval="1m", limit=1, **{key: "BTCUSDT"})
        assert float(candle[4]) == pytest.approx(100.05, abs=0.06), name
    assert asked("klines", symbol="BTCUSDT", interval="1h")[0][5] == "0.000"
    index = asked("premiumIndex", symbol="BTCUSDT")
    assert float(index["markPrice"]) == pytest.approx(100.05, abs=0.2)
    assert float(index["indexPrice"]) == pytest.approx(100.05)
    assert float(asked("ticker/24hr", symbol="BTCUSDT")["lastPrice"]) == pytest.approx(100.05, abs=0.06)
    assert asked("trades", symbol="BTCUSDT") == []


def test_orders_positions_and_settings_survive_kill_nine_again_and_again(quiet: MortalVenue) -> None:
    quiet.signed("POST", "/fapi/v1/leverage", symbol="BTCUSDT", leverage=7)
    placed = [
        order(quiet, side="BUY", type="LIMIT", timeInForce="GTC", quantity="2", price=f"{99 - one / 10:.1f}")["orderId"]
        for one in range(5)
    ]
    order(quiet, side="BUY", type="MARKET", quantity="1")
    for one in placed[:3]:
        quiet.restart()
        answer = quiet.signed("DELETE", "/fapi/v1/order", symbol="BTCUSDT", orderId=one).json()
        assert answer["status"] == "CANCELED"
        quiet.die()
        quiet.revive()
    left = quiet.signed("GET", "/fapi/v1/openOrders").json()
    assert [row["orderId"] for row in left] == placed[3:]
    position = quiet.signed("GET", "/fapi/v2/positionRisk", symbol="BTCUSDT").json()[0]
    assert (position["positionAmt"], position["leverage"]) == ("1", "7")
    trades = quiet.signed("GET", "/fapi/v1/userTrades", symbol="BTCUSDT").json()
    assert [row["qty"] for row in trades] == ["1.000"]


def test_a_paper_reset_gives_the_futures_account_its_first_wallet_and_says_what_went(quiet: MortalVenue) -> None:
    order(quiet, side="BUY", type="LIMIT", timeInForce="GTC", quantity="2", price="99.0")
    order(quiet, side="BUY", type="MARKET", quantity="1")
    stop = {"algoType": "CONDITIONAL", "side": "SELL", "type": "STOP_MARKET", "triggerPrice": "90", "quantity": "1"}
    assert "algoId" in quiet.signed("POST", "/fapi/v1/algoOrder", symbol="BTCUSDT", **stop).json()
    quiet.order("BUY", "LIMIT", timeInForce="GTC", quantity="0.1", price="90")
    said = quiet.signed("POST", "/qbtc/v1/paper/reset").json()
    assert (said["cancelledOrders"], {row["asset"] for row in said["balances"]}) == (1, {"BTC", "ETH", "USDT"})
    wallet = "100000.00000000"
    assert said["futures"] == {"cancelledOrders": 2, "closedPositions": 1, "walletBalance": wallet}
    for _ in range(2):
        assert quiet.signed("GET", "/fapi/v3/balance").json()[0]["balance"] == wallet
        assert quiet.signed("GET", "/fapi/v3/positionRisk").json() == []
        assert quiet.signed("GET", "/fapi/v1/openOrders").json() == []
        assert quiet.signed("GET", "/fapi/v1/openAlgoOrders").json() == []
        assert len(quiet.signed("GET", "/fapi/v1/userTrades", symbol="BTCUSDT").json()) == 1
        quiet.restart()


def test_order_limits_are_those_that_exchange_info_shows(tmp_path: Path) -> None:
    limits = {"QBTC_EXCHANGE_FUTURES_ORDERS_10S": "3", "QBTC_EXCHANGE_FUTURES_ORDERS_MINUTE": "100"}
    with venue(tmp_path, "--data", str(quiet_recording(tmp_path)), **limits) as target:
        shown = target.call("GET", "/fapi/v1/exchangeInfo").json()["rateLimits"]
        orders = [(row["interval"], row["intervalNum"], row["limit"]) for row in shown if row["rateLimitType"] == "ORDERS"]
        assert orders == [("SECOND", 10, 3), ("MINUTE", 1, 100)]
        assert len(target.signed("GET", "/fapi/v1/rateLimit/order").json()) == 2
        order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": 2, "price": 96}
        answers = [target.signed("POST", "/fapi/v1/order", **order) for _ in range(7)]
        assert int(answers[0].headers["X-MBX-ORDER-COUNT-1M"]) == 1
        assert answers[-1].status_code == 429
        assert answers[-1].json()["code"] == -1015


def test_a_countdown_goes_on_over_kill_nine(quiet: MortalVenue) -> None:
    order(quiet, side="BUY", type="LIMIT", timeInForce="GTC", quantity="2", price="99.0")
    assert len(quiet.signed("GET", "/fapi/v1/openOrders").json()) == 1
    countdown = {"symbol": "BTCUSDT", "countdownTime": 500}
    quiet.signed("POST", "/fapi/v1/countdownCancelAll", symbol="BTCUSDT", countdownTime=600_000)
    quiet.signed("POST", "/fapi/v1/countdownCancelAll", **countdown)
    quiet.restart()
    until(lambda: quiet.signed("GET", "/fapi/v1/openOrders").json() == [], what="the countdown's end")
    refused = quiet.signed("POST", "/fapi/v1/countdownCancelAll", symbol="BTCUSDT", countdownTime=10**17).json()
    assert refused["code"] == -1130


def test_the_state_hash_is_the_same_after_every_restart(tmp_path: Path) -> None:
    with mortal_venue(tmp_path, "--data", str(quiet_recording(tmp_path)), QBTC_EXCHANGE_FUTURES="true") as target:
        order(target, side="BUY", type="LIMIT", timeInForce="GTC", quantity="2", price="99.0")
        order(target, side="SELL", type="MARKET", quantity="1")
        for _ in range(3):
            target.restart()

    def hashes() -> list[str]:
        rows = [json.loads(line) for line in (tmp_path / "exchange.err").read_text().splitlines() if line[:1] == "{"]
        return [row["context"]["state"] for row in rows if row["message"] == "futures journal read"]

    assert len(hashes()) == 4
    assert len(set(hashes()[1:])) == 1


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("/fapi/v1/depth", {"symbol": "NOSUCH"}, -1121),
        ("/fapi/v1/depth", {}, -1102),
        ("/fapi/v1/depth", {"symbol": "BTCUSDT", "limit": "7"}, -4021),
        ("/fapi/v1/klines", {"symbol": "BTCUSDT", "interval": "7m"}, -1120),
        ("/fapi/v1/klines", {"symbol": "BTCUSDT", "interval": "1m", "startTime": "9", "endTime": "1"}, -1023),
        ("/fapi/v1/openOrders", {}, -2014),
    ],
)
def test_bad_requests_get_binances_codes(quiet: MortalVenue, path: str, params: dict[str, str], code: int) -> None:
    answer = quiet.call("GET", path, **params)
    assert answer.json()["code"] == code
    assert answer.status_code in (400, 401)

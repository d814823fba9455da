"""User data events of USD-M futures, as Binance's models write them, and the trades of their market stream."""

from __future__ import annotations

import json

import pytest

from qbtc.core.binance.futures_data import AccountUpdate, Expired, decode_futures_event
from qbtc.core.binance.messages import MalformedFrame, Trade, decode_stream
from qbtc.core.binance.user_data import ExecutionReport

ORDER = {
    "s": "BTCUSDT", "c": "m1", "S": "SELL", "o": "LIMIT", "f": "GTC", "q": "0.010", "p": "60000.1", "ap": "60000.1",
    "sp": "0", "x": "TRADE", "X": "PARTIALLY_FILLED", "i": 8886774, "l": "0.004", "z": "0.004", "L": "60000.1", "n": "0.096",
    "N": "USDT", "T": 1568879465650, "t": 17, "b": "0", "a": "9.91", "m": True, "R": False, "ps": "BOTH", "rp": "1.5",
}  # fmt: skip
ACCOUNT = {
    "m": "ORDER", "B": [{"a": "USDT", "wb": "122.62", "cw": "100.1", "bc": "0"}],
    "P": [{"s": "BTCUSDT", "pa": "-0.006", "ep": "60000.1", "up": "0", "mt": "cross", "iw": "0", "ps": "BOTH"}],
}  # fmt: skip


def frame(kind: str, **rest: object) -> bytes:
    return json.dumps({"e": kind, "E": 1568879465651, "T": 1568879465650} | rest).encode()


def test_an_order_update_is_a_report_in_the_terms_of_spot() -> None:
    found = decode_futures_event(frame("ORDER_TRADE_UPDATE", o=ORDER))
    assert isinstance(found, ExecutionReport)
    assert (found.symbol, found.client_order_id, found.side, found.execution) == ("BTCUSDT", "m1", "SELL", "TRADE")
    assert (found.status, found.order_id, found.trade_id, found.maker) == ("PARTIALLY_FILLED", 8886774, 17, True)
    assert (found.last_price, found.last_quantity, found.fee, found.fee_asset) == ("60000.1", "0.004", "0.096", "USDT")
    assert (found.transaction_ms, found.original_client_order_id) == (1568879465650, "")


def test_an_account_update_tells_wallets_and_positions_apart() -> None:
    found = decode_futures_event(frame("ACCOUNT_UPDATE", a=ACCOUNT))
    assert found == AccountUpdate(1568879465651, {"USDT": "122.62"}, {"BTCUSDT": "-0.006"})


def test_an_expired_listen_key_is_said_and_other_events_are_not_ours() -> None:
    assert isinstance(decode_futures_event(frame("listenKeyExpired", listenKey="k")), Expired)
    assert decode_futures_event(frame("TRADE_LITE")) is None


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"e":"ORDER_TRADE_UPDATE","E":1,"o":{}}', b'{"e":"ACCOUNT_UPDATE"}', b"\xff"])
def test_anything_else_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedFrame):
        decode_futures_event(raw)


def test_an_aggregate_trade_counts_as_a_trade() -> None:
    data = {"e": "aggTrade", "E": 5, "s": "BTCUSDT", "a": 26129, "p": "0.01", "q": "1.5", "f": 100, "l": 105, "T": 4, "m": True}
    raw = json.dumps({"stream": "btcusdt@aggTrade", "data": data}).encode()
    name, trade = decode_stream(raw)
    assert isinstance(trade, Trade)
    assert (name, trade.trade_id, trade.price, trade.quantity) == ("btcusdt@aggTrade", 26129, "0.01", "1.5")
    assert (trade.trade_ms, trade.buyer_is_maker) == (4, True)

"""What an account hears over the wire that is no step of an open order: resets and rejected orders."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from tests.unit.exchange.in_process import InProcess, Wire

from qbtc.core.binance.signing import signed_params


def listening(venue: InProcess) -> Wire:
    """A connection of the WebSocket API that hears the paper account."""
    paper, api = venue.exchange.paper, venue.exchange.ws_api
    wire = venue.opened(api, "/ws-api/v3")
    params = signed_params({"apiKey": paper.api_key, "timestamp": time.time_ns() // 1_000_000}, paper.secret)
    request = {"id": 1, "method": "userDataStream.subscribe.signature", "params": params}
    assert venue.ask(api, wire, json.dumps(request).encode())[0]["status"] == 200
    wire.sent.clear()
    return wire


def order(venue: InProcess, path: str, **params: object) -> Any:
    pairs = [("symbol", "BTCUSDT"), *((name, str(value)) for name, value in params.items())]
    return venue.rest("POST", path, pairs, signed=True).json()


def test_a_reset_is_heard_as_what_came_and_went(tmp_path: Path) -> None:
    with InProcess(tmp_path) as venue:
        wire = listening(venue)
        assert order(venue, "/api/v3/order", side="SELL", type="MARKET", quantity="1")["status"] == "FILLED"
        wire.sent.clear()
        answer = venue.rest("POST", "/qbtc/v1/paper/reset", signed=True).json()
        assert {row["asset"]: row["free"] for row in answer["balances"]}["BTC"] == "2.00000000"
        events = [json.loads(frame)["event"] for frame in wire.sent]
        moved = {event["a"]: event["d"] for event in events if event["e"] == "balanceUpdate"}
        assert moved == {"BTC": "1.00000000", "USDT": "-99.90000000"}
        shown = [event["B"] for event in events if event["e"] == "outboundAccountPosition"]
        assert [{"a": "BTC", "f": "2.00000000", "l": "0.00000000"}] in shown
        assert venue.faults == []


def test_a_replacement_that_is_refused_after_the_cancel_is_heard_as_rejected(tmp_path: Path) -> None:
    with InProcess(tmp_path) as venue:
        limit = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "price": "95"}
        resting = order(venue, "/api/v3/order", quantity="0.1", **limit)
        wire = listening(venue)
        replace = {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": resting["orderId"], "newClientOrderId": "new"}
        answer = order(venue, "/api/v3/order/cancelReplace", quantity="5000", **replace, **limit)
        assert (answer["data"]["cancelResult"], answer["data"]["newOrderResult"]) == ("SUCCESS", "FAILURE")
        events = [json.loads(frame)["event"] for frame in wire.sent]
        heard = [(e["x"], e["X"], e["r"], e["q"]) for e in events if e["e"] == "executionReport"]
        assert heard == [
            ("CANCELED", "CANCELED", "NONE", "0.10000000"),
            ("REJECTED", "REJECTED", "INSUFFICIENT_BALANCES", "5000.00000000"),
        ]
        wire.sent.clear()
        again = order(venue, "/api/v3/order/cancelReplace", quantity="5000", **replace, **limit)
        assert again["data"]["newOrderResult"] == "NOT_ATTEMPTED"
        assert wire.sent == []
        assert venue.faults == []

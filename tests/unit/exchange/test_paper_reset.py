"""A paper reset over the wire: what it answers, and what the account's user data stream says of it."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.unit.exchange.in_process import InProcess

from qbtc.core.binance.signing import signed_params


def test_the_account_hears_of_what_came_and_went(tmp_path: Path) -> None:
    with InProcess(tmp_path) as venue:
        paper, api = venue.exchange.paper, venue.exchange.ws_api
        wire = venue.opened(api, "/ws-api/v3")
        params = signed_params({"apiKey": paper.api_key, "timestamp": time.time_ns() // 1_000_000}, paper.secret)
        request = {"id": 1, "method": "userDataStream.subscribe.signature", "params": params}
        assert venue.ask(api, wire, json.dumps(request).encode())[0]["status"] == 200
        sold = [("symbol", "BTCUSDT"), ("side", "SELL"), ("type", "MARKET"), ("quantity", "1")]
        assert venue.rest("POST", "/api/v3/order", sold, signed=True).json()["status"] == "FILLED"
        wire.sent.clear()
        answer = venue.rest("POST", "/qbtc/v1/paper/reset", signed=True).json()
        assert {row["asset"]: row["free"] for row in answer["balances"]}["BTC"] == "2.00000000"
        events = [json.loads(frame)["event"] for frame in wire.sent]
        moved = {event["a"]: event["d"] for event in events if event["e"] == "balanceUpdate"}
        assert moved == {"BTC": "1.00000000", "USDT": "-99.90000000"}
        shown = [event["B"] for event in events if event["e"] == "outboundAccountPosition"]
        assert [{"a": "BTC", "f": "2.00000000", "l": "0.00000000"}] in shown
        assert venue.faults == []

"""The first session of a client at a venue that is warm, in a process of its own: prints as JSON what was compiled, or
loaded from the cache, only during it. Usage: python -m tests.unit.exchange.first_session FOLDER MARKET BUY SELL STOP
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

from numba.core.dispatcher import Dispatcher
from tests.unit.exchange.in_process import InProcess, Pairs

from qbtc.exchange.feeds import SimulatedFeed
from qbtc.exchange.warming import warm_all

BTC = [("symbol", "BTCUSDT")]


def signatures() -> set[str]:
    found = (f for f in gc.get_objects() if issubclass(type(f), Dispatcher))
    return {f"{f.py_func.__module__}.{f.py_func.__qualname__}{s}" for f in found for s in f.signatures}


class Client:
    def __init__(self, venue: InProcess) -> None:
        self._venue = venue
        self.refused: list[str] = []

    def ask(self, method: str, path: str, *params: tuple[str, str], expect: int = 200) -> dict[str, object]:
        answer = self._venue.rest(method, path, params, signed=True)
        if answer.status_code != expect:
            self.refused.append(f"{method} {path} {params}: {answer.text}")
        body = answer.json()
        return body if isinstance(body, dict) else {}

    def order(self, side: str, kind: str, *params: tuple[str, str]) -> str:
        quantity = [] if any(name == "quoteOrderQty" for name, _ in params) else [("quantity", "0.2")]
        row = self.ask("POST", "/api/v3/order", *BTC, ("side", side), ("type", kind), *quantity, *params)
        return str(row.get("orderId"))


def questions(client: Client, order: str, name: str) -> None:
    for path in ("account", "openOrders", "openOrderList", "allOrderList", "rateLimit/order"):
        client.ask("GET", f"/api/v3/{path}")
    for path in ("openOrders", "allOrders", "myTrades", "account/commission"):
        client.ask("GET", f"/api/v3/{path}", *BTC)
    by_number, by_name = ("orderId", order), ("origClientOrderId", name)
    client.ask("GET", "/api/v3/order", *BTC, by_number)
    client.ask("GET", "/api/v3/order", *BTC, by_name)
    for path in ("myTrades", "allOrders", "myPreventedMatches", "order/amendments"):
        client.ask("GET", f"/api/v3/{path}", *BTC, by_number)
    client.ask("GET", "/api/v3/myTrades", *BTC, ("startTime", "1"), ("endTime", "86400000"))


def orders(client: Client, buy: Pairs, sell: Pairs, stop: Pairs) -> None:
    good = ("timeInForce", "GTC")
    first = client.order("BUY", "LIMIT", *buy, good, ("newClientOrderId", "mine"))
    questions(client, first, "mine")
    client.ask("PUT", "/api/v3/order/amend/keepPriority", *BTC, ("orderId", first), ("newQty", "0.15"), ("newClientOrderId", "mine"))
    client.ask("DELETE", "/api/v3/order", *BTC, ("origClientOrderId", "mine"))
    client.ask("DELETE", "/api/v3/order", *BTC, ("origClientOrderId", "mine"), expect=400)
    for _ in range(2):
        client.order("BUY", "LIMIT", *buy, good)
    client.order("SELL", "LIMIT_MAKER", *sell)
    client.ask("DELETE", "/api/v3/openOrders", *BTC)
    client.order("BUY", "MARKET")
    client.order("SELL", "MARKET", ("quoteOrderQty", "10"))
    client.order("SELL", "STOP_LOSS", *stop)
    for tif in ("IOC", "FOK"):
        client.order("BUY", "LIMIT", *buy, ("timeInForce", tif))
    oco = client.ask(
        "POST", "/api/v3/orderList/oco", *BTC, ("side", "SELL"), ("quantity", "0.2"), ("aboveType", "LIMIT_MAKER"),
        ("abovePrice", sell[0][1]), ("belowType", "STOP_LOSS"), ("belowStopPrice", stop[0][1]),
    )  # fmt: skip
    client.ask("DELETE", "/api/v3/orderList", *BTC, ("orderListId", str(oco.get("orderListId"))))
    last = client.order("BUY", "LIMIT", *buy, good)
    replaced = ("cancelReplaceMode", "STOP_ON_FAILURE"), ("cancelOrderId", last)
    client.ask("POST", "/api/v3/order/cancelReplace", *BTC, ("side", "BUY"), ("type", "LIMIT"), good,
               ("quantity", "0.2"), *buy, *replaced)  # fmt: skip
    client.ask("DELETE", "/api/v3/openOrders", *BTC)
    questions(client, first, "mine")


def main(folder: str, market: str, buy: str, sell: str, stop: str) -> None:
    warm_all()
    before = signatures()
    with InProcess(Path(folder), None if market == "quiet" else market) as venue:
        client, feed = Client(venue), venue.exchange.feed
        for _ in range(30 if isinstance(feed, SimulatedFeed) else 0):
            feed.step(feed._simulator.time + 10**8)  # type: ignore[union-attr]
        for path in ("depth", "trades", "aggTrades", "avgPrice", "ticker/24hr", "ticker/bookTicker"):
            venue.rest("GET", f"/api/v3/{path}", BTC)
        orders(client, [("price", buy)], [("price", sell)], [("stopPrice", stop)])
        faults = venue.faults
    print(json.dumps({"late": sorted(signatures() - before), "refused": client.refused, "faults": faults}))


if __name__ == "__main__":
    main(*sys.argv[1:])

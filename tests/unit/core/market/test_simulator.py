from __future__ import annotations

import numpy as np

from qbtc.core.market.engine.layout import ORDER, EventKind, Kind, Side, Tif
from qbtc.core.market.engine.market import Accounts, Market, Spec
from qbtc.core.market.instrument import KNOWN
from qbtc.core.market.simulator import MarketSimulator

SECOND = 1_000_000_000
START = 1_000 * SECOND


def markets(*symbols: str) -> dict:
    accounts = Accounts(3, 8)
    accounts.deposit(1, 0, 10**16)
    made = {}
    for number, symbol in enumerate(symbols):
        item = KNOWN[symbol]
        spec = Spec(number, 1 + number, 0, item.tick_units, item.lot_units)
        made[symbol] = (item, Market(spec, accounts))
    return made


def run(seed: int, seconds: int) -> tuple[list[tuple[int, int, int]], str]:
    made = markets("BTCUSDT", "ETHUSDT")
    simulator = MarketSimulator(seed, made, START)
    trades = [
        (int(event["time"]), int(event["tick"]), int(event["lots"]))
        for _, events in simulator.advance(START + seconds * SECOND)
        for event in events[events["kind"] == EventKind.TRADE]
    ]
    return trades, "".join(market.state_hash() for _, market in made.values())


def test_the_same_seed_gives_the_same_market_and_another_seed_another() -> None:
    assert run(5, 20) == run(5, 20)
    assert run(5, 20) != run(6, 20)


def test_the_market_trades_and_its_book_is_never_crossed() -> None:
    made = markets("BTCUSDT")
    simulator = MarketSimulator(1, made, START)
    market, trades, spreads = made["BTCUSDT"][1], 0, []
    for step in range(1, 301):
        for _, events in simulator.advance(START + step * SECOND // 10):
            trades += int((events["kind"] == EventKind.TRADE).sum())
        bid, ask = market.touch()
        assert bid is not None
        assert ask is not None
        spreads.append(ask[0] - bid[0])
    assert min(spreads) >= 1
    assert np.mean(spreads) < 50
    assert trades > 100


def test_our_resting_order_at_the_touch_is_filled_by_the_crowd_and_our_taker_takes_its_size() -> None:
    made = markets("BTCUSDT")
    simulator = MarketSimulator(1, made, START)
    market = made["BTCUSDT"][1]
    bid, ask = market.touch()
    assert bid is not None
    assert ask is not None
    order = np.zeros(1, ORDER)[0]
    order["id"], order["account"], order["side"], order["kind"], order["tif"] = 7, 1, Side.BUY, Kind.LIMIT, Tif.GTC
    order["tick"], order["lots"] = bid[0], 10
    market.submit(order, simulator.time)
    before = market.displayed(Side.SELL, ask[0])
    order["id"], order["kind"], order["tick"], order["tif"] = 8, Kind.MARKET, 0, Tif.IOC
    market.submit(order, simulator.time)
    assert market.displayed(Side.SELL, ask[0]) == before - 10
    for step in range(1, 600):
        for _, events in simulator.advance(START + step * SECOND):
            filled = events[(events["kind"] == EventKind.TRADE) & (events["counter"] == 7)]
            if len(filled):
                assert (filled["tick"] == bid[0]).all()
                return
    raise AssertionError("nobody sold to the best bid in ten minutes")


def test_returns_of_two_symbols_move_together() -> None:
    made = markets("BTCUSDT", "ETHUSDT")
    simulator = MarketSimulator(3, made, START)
    mids = []
    for step in range(1, 401):
        for _ in simulator.advance(START + step * SECOND):
            pass
        touches = [market.touch() for _, market in made.values()]
        mids.append([np.log((bid[0] + ask[0]) / 2) for bid, ask in touches if bid and ask])
    returns = np.diff(np.array(mids), axis=0)
    assert np.corrcoef(returns.T)[0, 1] > 0.3

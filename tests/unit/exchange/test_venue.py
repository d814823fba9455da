"""Order entry, ledger and public stream, without sockets."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.binance.errors import ApiError
from qbtc.core.binance.messages import BookTicker, DepthUpdate, Snapshot, Trade, to_diff, to_snapshot
from qbtc.core.market.book import LocalBook
from qbtc.core.market.instrument import KNOWN
from qbtc.exchange.candles import Candles
from qbtc.exchange.facts import AccountOpened, Fact, decoder, encoder
from qbtc.exchange.ledger import Ledger, LedgerError
from qbtc.exchange.requests import Limits, order_request
from qbtc.exchange.symbol_market import BackgroundSymbol
from qbtc.exchange.venue import Fees, Venue

ITEM = KNOWN["BTCUSDT"]
LIMITS = Limits(Decimal(5), Decimal(9_000_000))
START = Snapshot(10, [("100.00", "1"), ("99.00", "5")], [("101.00", "1"), ("102.00", "5")])


class House:
    """A venue with one recorded symbol, its facts and its published frames."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.frames: list[tuple[str, msgspec.Struct]] = []
        self.venue = Venue(Ledger(), Fees(Decimal("0.001"), Decimal("0.002")), LIMITS, self.facts.append)
        opened = AccountOpened(1, {"USDT": "1000", "BTC": "2"}, 0)
        self.venue.ledger.apply(opened)
        self.facts.append(opened)
        self.market = BackgroundSymbol(ITEM, lambda s, f: self.frames.append((s, f)), self.venue.settle)
        self.venue.markets["BTCUSDT"] = self.market
        self.market.on_snapshot(START, 0)

    def place(self, side: str, kind: str, **params: str) -> int:
        request = order_request({"side": side, "type": kind} | params, ITEM, LIMITS)
        return self.venue.place(1, request, 5).placed.order_id

    def balance(self, asset: str) -> tuple[Decimal, Decimal]:
        found = self.venue.ledger.balance(1, asset)
        return found.free, found.locked

    def depth(self, first: int, last: int, bids: dict[str, str], asks: dict[str, str]) -> None:
        update = DepthUpdate(
            event="depthUpdate",
            event_ms=1,
            symbol="BTCUSDT",
            first=first,
            last=last,
            bids=list(bids.items()),
            asks=list(asks.items()),
        )
        self.market.on_depth(update, 6, bridge=True)

    def published(self) -> list[DepthUpdate]:
        return [f for s, f in self.frames if s.endswith("@depth@100ms") and isinstance(f, DepthUpdate)]


def test_a_taker_pays_the_taker_fee_in_what_it_receives() -> None:
    house = House()
    house.place("BUY", "MARKET", quantity="1")
    assert house.balance("BTC") == (Decimal("2.998"), 0)
    assert house.balance("USDT") == (Decimal(899), 0)


def test_a_maker_is_filled_by_recorded_trades_at_its_price_and_fee() -> None:
    house = House()
    order = house.place("SELL", "LIMIT", timeInForce="GTC", quantity="1", price="101.00")
    assert house.balance("BTC") == (Decimal(1), Decimal(1))
    trade = Trade(
        event="trade", event_ms=1, symbol="BTCUSDT", trade_id=7, price="101.00", quantity="1.5", trade_ms=1,
        buyer_is_maker=False,
    )  # fmt: skip
    house.market.on_trade(trade, 6)
    state = house.venue.ledger.orders[order]
    assert (state.status, state.filled) == ("PARTIALLY_FILLED", Decimal("0.5"))
    assert state.trades[0].maker
    assert house.balance("USDT")[0] == Decimal("1000") + Decimal("50.5") * Decimal("0.999")


def test_a_quote_order_spends_at_most_its_quote() -> None:
    house = House()
    order = house.place("BUY", "MARKET", quoteOrderQty="150")
    state = house.venue.ledger.orders[order]
    assert state.status == "FILLED"
    assert Decimal("149.99") < state.filled_quote <= Decimal(150)


def test_what_the_account_cannot_pay_is_refused_and_changes_nothing() -> None:
    house = House()
    before = house.venue.ledger.state_hash()
    with pytest.raises(ApiError, match="-2010"):
        house.place("BUY", "LIMIT", timeInForce="GTC", quantity="20", price="100")
    with pytest.raises(ApiError, match="-2010"):
        house.place("SELL", "MARKET", quantity="2.1")
    assert house.venue.ledger.state_hash() == before
    assert len(house.facts) == 1


def test_an_order_below_the_least_notional_is_refused() -> None:
    with pytest.raises(ApiError, match="NOTIONAL"):
        House().place("BUY", "LIMIT", timeInForce="GTC", quantity="0.01", price="100")


def test_a_client_order_id_in_use_is_refused() -> None:
    house = House()
    same = {"timeInForce": "GTC", "quantity": "0.1", "price": "90", "newClientOrderId": "a"}
    house.place("BUY", "LIMIT", **same)
    with pytest.raises(ApiError, match="Duplicate"):
        house.place("BUY", "LIMIT", **same)


steps = st.lists(
    st.tuples(
        st.sampled_from(["LIMIT", "MARKET", "CANCEL"]),
        st.sampled_from(["BUY", "SELL"]),
        st.integers(97, 104),
        st.integers(1, 30),
    ),
    max_size=25,
)


@given(steps)
def test_replaying_the_facts_gives_the_same_state_and_no_money_appears(
    flow: list[tuple[str, str, int, int]],
) -> None:
    house = House()
    for kind, side, price, tenth in flow:
        quantity = str(Decimal(tenth) / 10)
        try:
            if kind == "LIMIT":
                house.place(side, kind, timeInForce="GTC", quantity=quantity, price=str(price))
            elif kind == "MARKET":
                house.place(side, kind, quantity=quantity)
            else:
                for order in house.venue.ledger.open_orders()[:1]:
                    house.venue.cancel(1, order, 7)
        except ApiError as error:
            assert error.code in (-2010, -1112)
    again = Ledger()
    for fact in house.facts:
        again.apply(decoder.decode(encoder.encode(fact)))
    assert again.state_hash() == house.venue.ledger.state_hash()
    open_orders = house.venue.ledger.open_orders()
    locked = sum((o.remaining * Decimal(o.placed.price) for o in open_orders if o.placed.side == "BUY"), Decimal(0))
    assert house.balance("USDT")[1] == locked
    for balance in house.venue.ledger.accounts[1].values():
        assert balance.free >= 0 and balance.locked >= 0


def test_a_fact_that_contradicts_the_state_is_refused() -> None:
    house = House()
    with pytest.raises(LedgerError):
        house.venue.ledger.apply(AccountOpened(1, {}, 0))


def follow(house: House, start: Snapshot) -> LocalBook:
    follower = LocalBook()
    follower.on_snapshot(to_snapshot(ITEM, start))
    for update in house.published():
        follower.on_diff(to_diff(ITEM, update))
    return follower


def test_our_orders_and_recorded_diffs_share_one_sequence_of_ids() -> None:
    house = House()
    house.depth(11, 12, {"99.50": "3"}, {})
    house.place("BUY", "LIMIT", timeInForce="GTC", quantity="1", price="98.00")
    house.depth(13, 13, {"99.50": "0"}, {})
    house.place("BUY", "MARKET", quantity="0.4")
    house.depth(14, 15, {}, {"101.00": "9"})
    follower = follow(house, START)
    assert follower.sync.gaps == 0
    snapshot = house.market.snapshot(100, 9)
    assert follower.book.update_id == snapshot.lastUpdateId
    assert to_snapshot(ITEM, snapshot).bids == follower.book.top(100, 0)
    assert to_snapshot(ITEM, snapshot).asks == follower.book.top(100, 1)
    assert follower.book.quantity(0, 9800) == ITEM.to_lots("1")


def test_a_loop_continues_the_ids_and_leads_back_to_the_first_book() -> None:
    house = House()
    house.place("BUY", "LIMIT", timeInForce="GTC", quantity="1", price="98.00")
    house.depth(11, 20, {"100.00": "0", "97.00": "4"}, {})
    house.market.reset()
    house.market.on_snapshot(START, 8)
    house.depth(11, 20, {"100.00": "2"}, {})
    follower = follow(house, START)
    assert follower.sync.gaps == 0
    assert follower.book.top(9, 0) == [(10000, 2_000_000), (9900, 5_000_000), (9800, 1_000_000)]


def test_a_gap_in_the_recording_reaches_readers_as_a_gap() -> None:
    house = House()
    house.depth(11, 12, {"99.50": "3"}, {})
    house.depth(20, 21, {"99.60": "3"}, {})
    assert follow(house, START).sync.gaps == 1


def test_an_untouched_book_ticker_passes_and_ours_is_merged_in() -> None:
    house = House()
    ticker = {"symbol": "BTCUSDT", "bid": "100.00", "bid_quantity": "1", "ask": "101.00", "ask_quantity": "1"}
    house.market.on_ticker(BookTicker(update_id=12, **ticker), 5)
    house.place("BUY", "LIMIT", timeInForce="GTC", quantity="2", price="100.50")
    last = [f for _, f in house.frames if isinstance(f, BookTicker)][-1]
    assert (last.bid, last.bid_quantity) == ("100.50000000", "2.00000000")


def test_candles_add_up_over_intervals() -> None:
    candles = Candles()
    for second, tick in ((0, 10), (30, 14), (60, 9), (200, 12)):
        candles.trade(second * 1000, tick, 2, buyer_aggressed=tick > 10)
    assert [(c.open, c.high, c.low, c.close) for c in candles.read("1m", 10)] == [
        (10, 14, 10, 14),
        (9, 9, 9, 9),
        (12, 12, 12, 12),
    ]
    merged = candles.read("3m", 10)
    assert [(c.open, c.high, c.low, c.close, c.volume, c.trades) for c in merged] == [
        (10, 14, 9, 9, 6, 3),
        (12, 12, 12, 12, 2, 1),
    ]

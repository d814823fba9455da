"""nautilus_trader's runs on quotes, in its own interpreter: a request a line on standard input, an answer a line on output.

It cannot import anything of ours. The differential test and `bench/backtest_python.py` start it. Strategies mirror those of
`bench/peers/quote_strategies.py` line by line, with prices as whole ticks of the raw fixed-point numbers, which is
the fastest exact way that its API has. A strategy counts its position by its fills.
"""

from __future__ import annotations

import json
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, RiskEngineConfig, StrategyConfig
from nautilus_trader.model.currencies import BTC, USDT
from nautilus_trader.model.data import QuoteTick
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide, OrderType, TimeInForce
from nautilus_trader.model.identifiers import InstrumentId, Symbol, TraderId, Venue
from nautilus_trader.model.instruments import CryptoPerpetual
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.trading.strategy import Strategy

VENUE = Venue("BINANCE")
START = 100_000
RISK = RiskEngineConfig(max_order_submit_rate="1000000/00:00:01", max_order_modify_rate="1000000/00:00:01")
"""Its default denies what is more than 100 orders a second."""


def digits(step: str) -> int:
    return len(step.partition(".")[2])


def perpetual(tick: str, lot: str, maker: str, taker: str) -> CryptoPerpetual:
    return CryptoPerpetual(
        instrument_id=InstrumentId(Symbol("BTCUSDT-PERP"), VENUE), raw_symbol=Symbol("BTCUSDT"), base_currency=BTC,
        quote_currency=USDT, settlement_currency=USDT, is_inverse=False, price_precision=digits(tick), size_precision=digits(lot),
        price_increment=Price.from_str(tick), size_increment=Quantity.from_str(lot), lot_size=None,
        margin_init=Decimal("0.01"), margin_maint=Decimal("0.005"), maker_fee=Decimal(maker), taker_fee=Decimal(taker), ts_event=0, ts_init=0,
    )  # fmt: skip


class Config(StrategyConfig, frozen=True):
    instrument_id: InstrumentId
    tick: str
    lot: str
    parameters: dict[str, float]


class Empty(Strategy):
    def on_start(self) -> None:
        config = self.config
        self.instrument = self.cache.instrument(config.instrument_id)
        self.unit = Price.from_str(config.tick).raw
        self.lot_unit = Quantity.from_str(config.lot).raw
        self.digits, self.lot_digits = digits(config.tick), digits(config.lot)
        self.position = 0
        for name, value in config.parameters.items():
            setattr(self, name, value)
        self.subscribe_quote_ticks(config.instrument_id)

    def on_quote_tick(self, quote: QuoteTick) -> None:
        pass

    def quantity(self, lots: int) -> Quantity:
        return Quantity.from_raw(lots * self.lot_unit, self.lot_digits)

    def market(self, side: OrderSide, lots: int) -> None:
        self.submit_order(self.order_factory.market(self.config.instrument_id, side, self.quantity(lots), time_in_force=TimeInForce.IOC))

    def limit(self, side: OrderSide, tick: int, lots: int) -> Any:
        price = Price.from_raw(tick * self.unit, self.digits)
        order = self.order_factory.limit(self.config.instrument_id, side, self.quantity(lots), price, post_only=True)
        self.submit_order(order)
        return order

    def on_order_filled(self, event: Any) -> None:
        lots = event.last_qty.raw // self.lot_unit
        self.position += lots if event.order_side == OrderSide.BUY else -lots


class EmaCross(Empty):
    quick = 0.0
    calm = 0.0
    quotes = 0

    def on_quote_tick(self, quote: QuoteTick) -> None:
        mid = 0.5 * (quote.bid_price.raw // self.unit + quote.ask_price.raw // self.unit)
        self.quotes += 1
        if self.quotes == 1:
            self.quick = mid
            self.calm = mid
            return
        self.quick += self.fast * (mid - self.quick)
        self.calm += self.slow * (mid - self.calm)
        if self.quotes <= 1000:
            return
        if self.quick > self.calm:
            if self.position <= 0:
                self.market(OrderSide.BUY, self.lots - self.position)
        elif self.quick < self.calm and self.position >= 0:
            self.market(OrderSide.SELL, self.lots + self.position)


class Quoting(Empty):
    bid = 0
    ask = 0
    buying: Any = None
    selling: Any = None

    def on_quote_tick(self, quote: QuoteTick) -> None:
        bid = quote.bid_price.raw // self.unit - self.away
        ask = quote.ask_price.raw // self.unit + self.away
        if bid != self.bid:
            if self.buying is not None and self.buying.is_open:
                self.cancel_order(self.buying)
            if self.position < self.most:
                self.buying = self.limit(OrderSide.BUY, bid, self.lots)
            self.bid = bid
        if ask != self.ask:
            if self.selling is not None and self.selling.is_open:
                self.cancel_order(self.selling)
            if self.position > -self.most:
                self.selling = self.limit(OrderSide.SELL, ask, self.lots)
            self.ask = ask


STRATEGIES = {"empty": Empty, "emacross": EmaCross, "quoting": Quoting}
_DATA: dict[str, list[QuoteTick]] = {}


def quotes(path: str, instrument: CryptoPerpetual) -> list[QuoteTick]:
    """Of a file with arrays time (ns), bid, ask (ticks), bid_lots, ask_lots."""
    key = f"{path} {Path(path).stat().st_mtime_ns}"
    if key not in _DATA:
        columns = np.load(path)
        unit, lot_unit = instrument.price_increment.raw, instrument.size_increment.raw
        precisions = instrument.price_precision, instrument.size_precision
        names = ("time", "bid", "ask", "bid_lots", "ask_lots")
        _DATA.clear()
        _DATA[key] = [
            QuoteTick.from_raw(
                instrument.id, bid * unit, ask * unit, precisions[0], precisions[0], bid_lots * lot_unit, ask_lots * lot_unit,
                precisions[1], precisions[1], at, at,
            )
            for at, bid, ask, bid_lots, ask_lots in zip(*(columns[name].tolist() for name in names), strict=True)
        ]  # fmt: skip
    return _DATA[key]


def run(request: dict[str, Any]) -> dict[str, Any]:
    tick, lot = request["tick"], request["lot"]
    quiet = LoggingConfig(bypass_logging=True)
    engine = BacktestEngine(BacktestEngineConfig(trader_id=TraderId("BENCH-001"), logging=quiet, risk_engine=RISK))
    engine.add_venue(VENUE, OmsType.NETTING, AccountType.MARGIN, [Money(START, USDT)], default_leverage=Decimal(100))
    instrument = perpetual(tick, lot, request["maker"], request["taker"])
    engine.add_instrument(instrument)
    data = quotes(request["quotes"], instrument)
    engine.add_data(data)
    chosen = STRATEGIES[request["strategy"]](Config(instrument.id, tick, lot, request["parameters"]))
    engine.add_strategy(chosen)
    begun = time.process_time()
    engine.run()
    seconds = time.process_time() - begun
    answer = {"seconds": seconds, "quotes": len(data), **ledger(engine, instrument)}
    engine.dispose()
    return answer


def ledger(engine: BacktestEngine, instrument: CryptoPerpetual) -> dict[str, Any]:
    """Orders and fills as [order number, side, tick, lots, fee, time]; the account's change as text."""
    unit, lot_unit = instrument.price_increment.raw, instrument.size_increment.raw
    orders = sorted(engine.cache.orders(), key=lambda o: int(o.client_order_id.value.rpartition("-")[2]))
    fills = [
        [n + 1, int(e.order_side == OrderSide.SELL), e.last_px.raw // unit, e.last_qty.raw // lot_unit, str(e.commission.as_decimal()), e.ts_event]
        for n, order in enumerate(orders)
        for e in order.events
        if type(e).__name__ == "OrderFilled"
    ]
    made = [
        [int(o.side == OrderSide.SELL), 0 if o.order_type == OrderType.MARKET else o.price.raw // unit, o.quantity.raw // lot_unit, o.status_string()]
        for o in orders
    ]
    balance = engine.cache.account_for_venue(VENUE).balance_total(USDT).as_decimal() - START
    held = sum(p.signed_decimal_qty() for p in engine.cache.positions_open())
    cost = sum(Decimal(p.avg_px_open) * p.signed_decimal_qty() for p in engine.cache.positions_open())
    return {"orders": made, "fills": fills, "balance": str(balance), "held": str(held), "cost": str(cost)}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)

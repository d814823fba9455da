"""What people see of the risk gate: the table of its rules with names, units, reasons and limits, orders and verdicts.

The table's order is the order of evaluation; the rules themselves are compiled (`risk_rules`) and asked through
`risk_gate`. Light on purpose: settings and documentation read this without a compiler. Prices and quantities of a
Proposal are integers of 1e-8, amounts of Limits integers of 1e-16 of the quote asset.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from qbtc.contracts.common import OrderType, Side
from qbtc.core.market.instrument import Instrument

from .risk_records import LIMIT as LIMIT_KIND
from .risk_records import LIMITS, MARKET, NOT_APPLIED, UNKNOWN, Records, one
from .units import ONE, text


class Purpose(Enum):
    """Why an order is sent: to trade, or to close positions after a kill."""

    TRADE = "trade"
    FLATTEN = "flatten"


@dataclass(frozen=True, slots=True)
class Proposal:
    symbol: str
    side: Side
    type: OrderType
    quantity: int
    price: int | None
    """The limit; of a MARKET order None."""
    purpose: Purpose = Purpose.TRADE
    trigger: int | None = None
    """Where it wakes, 1e-8: as a stop, or `touched`, at the better price."""
    touched: bool = False

    @property
    def signed(self) -> int:
        return self.quantity if self.side is Side.BUY else -self.quantity

    @property
    def kind(self) -> int:
        return MARKET if self.type is OrderType.MARKET else LIMIT_KIND


@dataclass(frozen=True, slots=True)
class Limits:
    """Quantities in 1e-8, amounts in 1e-16 of the quote asset, rates and times as named; hours in minutes of the UTC day."""

    order_quantity: int
    order_notional: int
    position_notional: int
    open_orders: int
    orders_per_second: int
    collar_bp: int
    stale_ms: int
    daily_loss: int
    unknown_orders: int = 0
    hours_from: int = 0
    hours_to: int = 0
    skew_ms: int = 1_000
    min_notional: int = ONE * ONE // 10_000
    gross: int = 100_000 * ONE * ONE
    net: int = 100_000 * ONE * ONE
    leverage: int = 300
    margin_ratio_bp: int = 5_000
    open_orders_symbol: int = 20
    orders_per_10_seconds: int = 100
    cancels_per_second: int = 20
    rejects: int = 10
    fills_per_10_seconds: int = 200
    last_collar_bp: int = 200
    fat_size: int = 1_000
    fat_price: int = 100
    spread_bp: int = 100
    moved_bp: int = 300
    drawdown: int = 1_000 * ONE * ONE

    def record(self, lot_units: int) -> Records:
        """These limits as the compiled gate reads them, for a symbol with this quantity step."""
        return one(
            LIMITS, unknown_orders=self.unknown_orders, hours_from=self.hours_from, hours_to=self.hours_to,
            age=self.stale_ms * 1_000_000, skew=self.skew_ms * 1_000_000, order_lots=_fits(self.order_quantity // lot_units),
            order_notional=_amount(self.order_notional), min_notional=-(-self.min_notional // ONE),
            position_notional=_amount(self.position_notional), gross=_amount(self.gross), net=_amount(self.net),
            leverage=self.leverage, margin_ratio=self.margin_ratio_bp, open_here=self.open_orders_symbol,
            open_all=self.open_orders, sent_1s=self.orders_per_second, sent_10s=self.orders_per_10_seconds,
            cancels_1s=self.cancels_per_second, rejects=self.rejects, fills_10s=self.fills_per_10_seconds,
            mid_collar=self.collar_bp, last_collar=self.last_collar_bp, fat_size=self.fat_size, fat_price=self.fat_price,
            spread=self.spread_bp, moved=self.moved_bp, daily_loss=_amount(self.daily_loss),
            drawdown=_amount(self.drawdown),
        )  # fmt: skip


def _amount(value: int) -> int:
    return _fits(value // ONE)


def _fits(value: int) -> int:
    return min(value, 2**63 - 2)


@dataclass(frozen=True, slots=True)
class Rule:
    """`value <= limit` passes. `unit` is only for showing; `setting` is the field of HftSettings that holds the limit."""

    name: str
    unit: str
    title: str
    says: str
    setting: str = ""


RULES: tuple[Rule, ...] = (
    Rule("trading_state", "flag", "Trading allowed", "trading is halted or may only reduce positions"),
    Rule("kill_switch", "flag", "Kill switch released", "the kill switch is pressed"),
    Rule("symbol_allowed", "flag", "Symbol allowed", "the symbol is not on the list of this session"),
    Rule("market_open", "flag", "Market open", "the market has ended or is not connected"),
    Rule("venue_connected", "flag", "Venue connected", "the venue's reports on our orders do not arrive"),
    Rule("reconciled", "flag", "Reconciled", "orders and positions are not yet reconciled with the venue"),
    Rule("positive_size", "flag", "Size above zero", "quantity and price must be above zero and on the symbol's grid"),
    Rule("reduce_only", "flag", "Only reduces", "closing must not go beyond the position"),
    Rule("unknown_orders", "count", "Orders of unknown state", "an order's state is not known", "max_unknown_orders"),
    Rule("trading_hours", "flag", "Trading hours", "it is outside the trading hours", "trading_hours"),
    Rule("market_data_age", "ms", "Age of market data", "market data are too old", "max_data_age_ms"),
    Rule("clock_skew", "ms", "Clock skew", "the venue's clock and ours differ too much", "max_clock_skew_ms"),
    Rule("order_quantity", "quantity", "Order quantity", "the quantity is above the limit of one order", "max_order_quantity"),
    Rule("order_notional", "amount", "Order value", "the value is above the limit of one order", "max_order_notional"),
    Rule("min_notional", "least", "Least order value", "the value is below the least of one order", "min_order_notional"),
    Rule("position_notional", "amount", "Position value", "the position would be above its limit", "max_position_notional"),
    Rule("gross_exposure", "amount", "Gross exposure", "all positions together would be above their limit", "max_gross_exposure"),
    Rule("net_exposure", "amount", "Net exposure", "the net of all positions would be above its limit", "max_net_exposure"),
    Rule("leverage", "x100", "Leverage", "positions would be too large for the equity", "max_leverage"),
    Rule("margin_ratio", "bp", "Margin ratio", "the margin is used up too far", "max_margin_ratio_bp"),
    Rule("open_orders_symbol", "count", "Open orders here", "too many orders are open in this symbol", "max_open_orders_per_symbol"),
    Rule("open_orders", "count", "Open orders", "too many orders are open", "max_open_orders"),
    Rule("order_rate", "count", "Orders per second", "too many orders in one second", "max_orders_per_second"),
    Rule("order_rate_10s", "count", "Orders in ten seconds", "too many orders in ten seconds", "max_orders_per_10_seconds"),
    Rule("cancel_rate", "count", "Cancels per second", "too many cancels in one second", "max_cancels_per_second"),
    Rule("consecutive_rejects", "count", "Rejects in a row", "the venue has rejected too many orders in a row", "max_consecutive_rejects"),
    Rule("fill_rate", "count", "Fills in ten seconds", "fills come faster than is normal", "max_fills_per_10_seconds"),
    Rule("price_collar", "bp", "Distance from mid", "the price is too far beyond the mid", "price_collar_bp"),
    Rule("last_collar", "bp", "Distance from last trade", "the price is too far beyond the last trade", "last_collar_bp"),
    Rule("fat_finger_size", "x", "Size in usual sizes", "the quantity is too many times the usual size", "fat_finger_size"),
    Rule("fat_finger_price", "x", "Price in usual spreads", "the price is too many usual spreads beyond the touch", "fat_finger_price"),
    Rule("self_cross", "flag", "No self-cross", "it would trade with an order of our own"),
    Rule("spread", "bp", "Spread", "the spread is too wide", "max_spread_bp"),
    Rule("volatility", "bp", "Move in ten seconds", "the price has moved too far in ten seconds", "max_move_bp"),
    Rule("daily_loss", "amount", "Loss of the day", "the loss of the day has reached its limit", "max_daily_loss"),
    Rule("drawdown", "amount", "Drawdown of the day", "the loss from the best of the day has reached its limit", "max_drawdown"),
    Rule("free_balance", "free", "Free balance needed", "the account has not enough free balance"),
)  # fmt: skip


TITLES = {rule.name: rule.title for rule in RULES}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`value` and `limit` None: the rule is not about this order, or what it needs is not known."""

    rule: str
    unit: str
    value: int | None
    limit: int | None
    ok: bool
    reason: str

    @property
    def headroom(self) -> int | None:
        if self.value is None or self.limit is None:
            return None
        return self.value - self.limit if self.unit == "least" else self.limit - self.value


def verdict(rule: Rule, value: int, limit: int, lot_units: int) -> Verdict:
    """One row of the gate's answer, in the units that are shown."""
    if value == NOT_APPLIED:
        return Verdict(rule.name, rule.unit, None, None, True, "not applied to this order")
    if UNKNOWN in (value, limit):
        return Verdict(rule.name, rule.unit, None, None, False, f"{rule.title.lower()}: not known")
    ok, scale = value <= limit, -1 if rule.unit == "least" else lot_units if rule.unit == "quantity" else 1
    value, limit = value * scale, limit * scale
    reason = "" if ok else f"{rule.says}{_numbers(rule.unit, value, limit)}"
    return Verdict(rule.name, rule.unit, value, limit, ok, reason)


def _numbers(unit: str, value: int, limit: int) -> str:
    if unit == "flag":
        return ""
    return f" ({shown(unit, value)}, allowed {'from' if unit == 'least' else 'up to'} {shown(unit, limit)})"


DIGITS = {"quantity": 8, "amount": 8, "least": 8, "free": 8, "x100": 2}


def shown(unit: str, value: int | None) -> str | None:
    """A rule's number as people read it."""
    if value is None:
        return None
    if unit == "ms":
        return str(-(-value // 1_000_000))
    return text(value, DIGITS[unit]) if unit in DIGITS else str(value)


def lots_of(quantity: int, instrument: Instrument | None) -> int:
    """Whole lots of a signed quantity in 1e-8, cut towards flat."""
    size = abs(quantity) // (instrument.lot_units if instrument else 1)
    return size if quantity >= 0 else -size

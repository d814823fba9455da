"""The pre-trade risk gate: a table of named rules. An order passes if every rule passes.

A rule returns (value, limit) and holds when value <= limit. A rule that cannot be computed, or raises, means no.
Orders that only reduce a position pass the rules that protect from growing it; what a kill sends to flatten passes
only the rules that say whether the market can be traded at all, and one of its own: it never does more than close.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from qbtc.contracts.common import OrderType, Side, TradingState

from .units import ONE, text


class Purpose(Enum):
    """Why an order is sent: to trade, or to close positions after a kill."""

    TRADE = "trade"
    FLATTEN = "flatten"


@dataclass(frozen=True, slots=True)
class Limits:
    """Quantities and prices in 1e-8, amounts in 1e-16 of the quote asset, rates and times as named."""

    order_quantity: int
    order_notional: int
    position_notional: int
    open_orders: int
    orders_per_second: int
    collar_bp: int
    stale_ms: int
    daily_loss: int


@dataclass(frozen=True, slots=True)
class Proposal:
    symbol: str
    side: Side
    type: OrderType
    quantity: int
    price: int | None
    purpose: Purpose = Purpose.TRADE

    @property
    def signed(self) -> int:
        return self.quantity if self.side is Side.BUY else -self.quantity


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the rules look at, taken at one instant. `mid` and `last_frame_age_ms` None: not known."""

    symbols: frozenset[str]
    state: TradingState
    market_open: bool
    reconciled: bool
    mid: int | None
    last_frame_age_ms: int | None
    position: int
    working: int
    open_orders: int
    sent_last_second: int
    day_pnl: int | None
    free: int | None


class UnknownValue(Exception):
    """What the rule needs is not known, so the answer is no."""


Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """`value <= limit` passes. `unit` is "count", "quantity", "amount", "bp", "ms" or "flag" and only for showing."""

    name: str
    unit: str
    check: Callable[[Proposal, Situation, Limits], Pair]
    says: str
    always: bool = False
    reducing_passes: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    rule: str
    unit: str
    value: int | None
    limit: int | None
    ok: bool
    reason: str

    @property
    def headroom(self) -> int | None:
        return None if self.value is None or self.limit is None else self.limit - self.value


def _need(value: int | None, what: str) -> int:
    if value is None:
        raise UnknownValue(f"{what} is not known")
    return value


def _price(p: Proposal, s: Situation) -> int:
    return p.price if p.price is not None else _need(s.mid, "the mid price")


def after(p: Proposal, s: Situation) -> int:
    """Signed position if the order and everything working on its side filled."""
    same_side = s.working if s.working * p.signed > 0 else 0
    return s.position + same_side + p.signed


def reduces(p: Proposal, s: Situation) -> bool:
    """True if the order can only bring the position nearer to flat, counting what already works against it."""
    opposite = s.position * p.signed < 0
    working = abs(s.working) if s.working * p.signed > 0 else 0
    return opposite and p.quantity + working <= abs(s.position)


def _state(p: Proposal, s: Situation, _: Limits) -> Pair:
    blocked = s.state is TradingState.HALTED or (s.state is TradingState.REDUCING and not reduces(p, s))
    return int(blocked), 0


def _symbol(p: Proposal, s: Situation, _: Limits) -> Pair:
    return int(p.symbol not in s.symbols), 0


def _market(_p: Proposal, s: Situation, _: Limits) -> Pair:
    return int(not s.market_open), 0


def _reconciled(_p: Proposal, s: Situation, _: Limits) -> Pair:
    return int(not s.reconciled), 0


def _positive(p: Proposal, _s: Situation, _l: Limits) -> Pair:
    return int(p.quantity <= 0 or (p.price is not None and p.price <= 0)), 0


def _reduce_only(p: Proposal, s: Situation, _: Limits) -> Pair:
    return int(p.purpose is Purpose.FLATTEN and not reduces(p, s)), 0


def _stale(_p: Proposal, s: Situation, limits: Limits) -> Pair:
    return _need(s.last_frame_age_ms, "the age of the market data"), limits.stale_ms


def _quantity(p: Proposal, _s: Situation, limits: Limits) -> Pair:
    return p.quantity, limits.order_quantity


def _notional(p: Proposal, s: Situation, limits: Limits) -> Pair:
    return p.quantity * _price(p, s), limits.order_notional


def _position(p: Proposal, s: Situation, limits: Limits) -> Pair:
    return abs(after(p, s)) * _need(s.mid, "the mid price"), limits.position_notional


def _open(_p: Proposal, s: Situation, limits: Limits) -> Pair:
    return s.open_orders + 1, limits.open_orders


def _rate(_p: Proposal, s: Situation, limits: Limits) -> Pair:
    return s.sent_last_second + 1, limits.orders_per_second


def _collar(p: Proposal, s: Situation, limits: Limits) -> Pair:
    mid = _need(s.mid, "the mid price")
    worse = _price(p, s) - mid if p.side is Side.BUY else mid - _price(p, s)
    return max(0, -(-worse * 10_000 // mid)), limits.collar_bp


def _loss(_p: Proposal, s: Situation, limits: Limits) -> Pair:
    return max(0, -_need(s.day_pnl, "the profit of the day")), limits.daily_loss


def _funds(p: Proposal, s: Situation, _: Limits) -> Pair:
    """A buy needs quote, a sell needs base; `free` is in 1e-8 of that asset."""
    need = p.quantity if p.side is Side.SELL else -(-p.quantity * _price(p, s) // ONE)
    return need, _need(s.free, "the free balance")


RULES: tuple[Rule, ...] = (
    Rule("trading_state", "flag", _state, "trading is halted or may only reduce positions"),
    Rule("symbol_allowed", "flag", _symbol, "the symbol is not on the list of this session", always=True),
    Rule("market_open", "flag", _market, "the market has ended or is not connected", always=True),
    Rule("reconciled", "flag", _reconciled, "orders and positions are not yet reconciled with the venue"),
    Rule("positive_size", "flag", _positive, "quantity and price must be above zero", always=True),
    Rule("reduce_only", "flag", _reduce_only, "closing must not go beyond the position", always=True),
    Rule("market_data_age", "ms", _stale, "market data are too old"),
    Rule("order_quantity", "quantity", _quantity, "the quantity is above the limit of one order"),
    Rule("order_notional", "amount", _notional, "the value is above the limit of one order"),
    Rule("position_notional", "amount", _position, "the position would be above its limit", reducing_passes=True),
    Rule("open_orders", "count", _open, "too many orders are open", reducing_passes=True),
    Rule("order_rate", "count", _rate, "too many orders in one second"),
    Rule("price_collar", "bp", _collar, "the price is too far beyond the mid"),
    Rule("daily_loss", "amount", _loss, "the loss of the day has reached its limit", reducing_passes=True),
    Rule("free_balance", "amount8", _funds, "the account has not enough free balance"),
)


def judge(p: Proposal, s: Situation, limits: Limits, rules: tuple[Rule, ...] = RULES) -> list[Verdict]:
    """Every rule's verdict, in table order."""
    return [_judge(rule, p, s, limits) for rule in rules]


def _judge(rule: Rule, p: Proposal, s: Situation, limits: Limits) -> Verdict:
    if _exempt(rule, p, s):
        return Verdict(rule.name, rule.unit, None, None, True, "not applied to this order")
    try:
        value, limit = rule.check(p, s, limits)
    except UnknownValue as error:
        return Verdict(rule.name, rule.unit, None, None, False, str(error))
    except Exception as error:
        return Verdict(rule.name, rule.unit, None, None, False, f"the check failed: {type(error).__name__}: {error}")
    ok = value <= limit
    return Verdict(
        rule.name, rule.unit, value, limit, ok, "" if ok else f"{rule.says}{_numbers(rule.unit, value, limit)}"
    )


def _exempt(rule: Rule, p: Proposal, s: Situation) -> bool:
    if p.purpose is Purpose.FLATTEN:
        return not rule.always
    return rule.reducing_passes and reduces(p, s)


def first_refusal(p: Proposal, s: Situation, limits: Limits) -> Verdict | None:
    """The hot path: the first rule that says no, or None. Same rules, same order, no list."""
    for rule in RULES:
        verdict = _judge(rule, p, s, limits)
        if not verdict.ok:
            return verdict
    return None


def _numbers(unit: str, value: int, limit: int) -> str:
    return "" if unit == "flag" else f" ({shown(unit, value)}, allowed up to {shown(unit, limit)})"


def shown(unit: str, value: int | None) -> str | None:
    """A rule's number as people read it."""
    if value is None:
        return None
    digits = {"quantity": 8, "amount8": 8, "amount": 16}.get(unit, 0)
    if unit == "amount":
        value, digits = value // 10**8, 8
    return text(value, digits) if digits else str(value)

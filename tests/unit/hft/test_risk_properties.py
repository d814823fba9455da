"""The compiled gate says what its rules say in plain words, and a tighter limit never lets more through."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.hft.domain.risk import RULES
from qbtc.hft.domain.risk_gate import ask
from qbtc.hft.domain.risk_records import (
    HALTED,
    LIMITS,
    ORDER,
    REDUCING,
    SITUATION,
    UNKNOWN,
    Records,
    one,
)

Row = dict[str, int]
Pair = tuple[int | None, int | None]

small = st.integers(-3, 40)
price = st.integers(-1, 60)
flag = st.sampled_from([1, 1, 1, 1, 0])
maybe = st.one_of(st.just(UNKNOWN), small, small, small, small)
ORDERS = st.fixed_dictionaries({
    "tick": price, "lots": small, "side": st.integers(0, 1), "kind": st.sampled_from([1, 1, 2, 3]),
    "flatten": st.sampled_from([0, 0, 0, 1]), "broken": st.sampled_from([0, 0, 0, 1]),
})  # fmt: skip
WORDS = {"state": st.sampled_from([0, 0, 0, 1, 2])} | dict.fromkeys(
    ("allowed", "open", "connected", "reconciled"), flag
)
NUMBERS = [n for n in SITUATION.names or () if SITUATION[n] == np.dtype("i8")]
SITUATIONS = st.fixed_dictionaries(
    dict.fromkeys(NUMBERS, maybe) | WORDS | {"killed": st.integers(0, 1), "futures": st.integers(0, 1), "bid": price, "ask": price}
)  # fmt: skip
LIMIT_ROWS = st.fixed_dictionaries(dict.fromkeys(LIMITS.names or (), st.integers(0, 50)))


def unknown(*values: int | None) -> bool:
    return any(v is None or v == UNKNOWN for v in values)


class Plain:
    """The rules once more, as one would tell them; numbers are exact and unbounded, None is not known."""

    def __init__(self, o: Row, s: Row, m: Row) -> None:
        self.o, self.s, self.m = o, s, m
        self.buys = o["side"] == 0
        self.mid = Fraction(s["bid"] + s["ask"], 2) if 0 < s["bid"] < s["ask"] else None
        own = Fraction(o["tick"]) if o["tick"] > 0 else None
        self.price = self.mid if o["kind"] == 2 else own
        self.held = not unknown(s["position"]) and s["working_buy"] >= 0 and s["working_sell"] >= 0
        working = s["working_buy"] if self.buys else s["working_sell"]
        sign = 1 if self.buys else -1
        self.after = s["position"] + sign * (o["lots"] + working) if self.held else None
        against = s["position"] * sign < 0
        self.reduces = self.held and against and o["lots"] + working <= abs(s["position"])
        self.notional = self.amount(o["lots"], self.price)
        self.exposure = self.amount(self.after, self.mid)

    def amount(self, lots: int | None, at: Fraction | None) -> int | None:
        if lots is None or at is None or self.s["value_num"] <= 0 or self.s["value_den"] <= 0:
            return None
        return ceil(abs(lots) * at * self.s["value_num"] / self.s["value_den"])

    def count(self, name: str, extra: int = 0) -> int | None:
        return self.s[name] + extra if self.s[name] >= 0 else None

    def beyond(self, reference: Fraction | None) -> int | None:
        if self.price is None or reference is None:
            return None
        worse = self.price - reference if self.buys else reference - self.price
        return max(0, ceil(worse * 10_000 / reference))

    def flag(self, bad: bool) -> Pair:
        return int(bad), 0

    def hours(self) -> Pair:
        now, a, b = self.s["minute"], self.m["hours_from"], self.m["hours_to"]
        if not 0 <= now < 1440:
            return None, 0
        inside = a <= now < b if a < b else now >= a or now < b
        return self.flag(not inside and a != b)

    def gross(self) -> int | None:
        other = self.s["other_gross"]
        return None if self.exposure is None or other < 0 else other + self.exposure

    def net(self) -> int | None:
        if self.exposure is None or self.after is None or unknown(self.s["other_net"]):
            return None
        return abs(self.s["other_net"] + (self.exposure if self.after > 0 else -self.exposure))

    def leverage(self) -> int | None:
        gross = self.gross()
        return None if gross is None or self.s["equity"] <= 0 else ceil(Fraction(gross * 100, self.s["equity"]))

    def fat_price(self) -> int | None:
        s, o = self.s, self.o
        if self.mid is None or s["typical_spread"] <= 0 or self.price is None:
            return None
        worse = o["tick"] - s["ask"] if self.buys else s["bid"] - o["tick"]
        usual = max(Fraction(s["typical_spread"], 1024), self.mid / 10_000)
        return 0 if o["kind"] == 2 or worse <= 0 else ceil(worse / usual)

    def crosses(self) -> bool:
        other = self.s["own_ask"] if self.buys else self.s["own_bid"]
        meets = self.o["tick"] >= other if self.buys else self.o["tick"] <= other
        return other != 0 and (other < 0 or self.o["kind"] == 2 or meets)

    def funds(self) -> Pair:
        s, free = self.s, "free_quote" if self.buys or self.s["futures"] else "free_base"
        limit = self.count(free)
        if s["futures"]:
            if s["margin_rate"] <= 0 or self.notional is None:
                return None, limit
            return 0 if self.reduces else ceil(Fraction(self.notional * s["margin_rate"], 10_000)), limit
        if self.buys:
            return self.notional, limit
        return (self.o["lots"] * s["lot_units"] if s["lot_units"] > 0 else None), limit

    def table(self) -> dict[str, Pair]:
        o, s, m = self.o, self.s, self.m
        tick_ok = o["tick"] == 0 if o["kind"] == 2 else o["tick"] > 0
        pnl, peak = s["day_pnl"], s["day_peak"]
        usual = s["typical_lots"]
        return {
            "trading_state": self.flag(s["state"] == HALTED or (s["state"] == REDUCING and not self.reduces)),
            "kill_switch": self.flag(s["killed"] != 0), "symbol_allowed": self.flag(s["allowed"] != 1),
            "market_open": self.flag(s["open"] != 1), "venue_connected": self.flag(s["connected"] != 1),
            "reconciled": self.flag(s["reconciled"] != 1),
            "positive_size": self.flag(o["lots"] <= 0 or not tick_ok or o["broken"] != 0),
            "reduce_only": self.flag(o["flatten"] != 0 and not self.reduces),
            "unknown_orders": (self.count("unknown_here"), m["unknown_orders"]), "trading_hours": self.hours(),
            "market_data_age": (self.count("age"), m["age"]), "clock_skew": (self.count("skew"), m["skew"]),
            "order_quantity": (o["lots"], m["order_lots"]), "order_notional": (self.notional, m["order_notional"]),
            "min_notional": (None if self.notional is None else -self.notional, -m["min_notional"]),
            "position_notional": (self.exposure, m["position_notional"]), "gross_exposure": (self.gross(), m["gross"]),
            "net_exposure": (self.net(), m["net"]), "leverage": (self.leverage(), m["leverage"]),
            "margin_ratio": (self.count("margin_ratio") if s["futures"] else 0, m["margin_ratio"]),
            "open_orders_symbol": (self.count("open_here", 1), m["open_here"]),
            "open_orders": (self.count("open_all", 1), m["open_all"]), "order_rate": (self.count("sent_1s", 1), m["sent_1s"]),
            "order_rate_10s": (self.count("sent_10s", 1), m["sent_10s"]),
            "cancel_rate": (self.count("cancels_1s"), m["cancels_1s"]),
            "consecutive_rejects": (self.count("rejects"), m["rejects"]), "fill_rate": (self.count("fills_10s"), m["fills_10s"]),
            "price_collar": (self.beyond(self.mid), m["mid_collar"]),
            "last_collar": (self.beyond(Fraction(s["last"]) if s["last"] > 0 else None), m["last_collar"]),
            "fat_finger_size": (None if usual <= 0 else ceil(Fraction(max(o["lots"], 0), usual)), m["fat_size"]),
            "fat_finger_price": (self.fat_price(), m["fat_price"]), "self_cross": self.flag(self.crosses()),
            "spread": (None if self.mid is None else ceil((s["ask"] - s["bid"]) * 10_000 / self.mid), m["spread"]),
            "volatility": (self.count("moved"), m["moved"]),
            "daily_loss": (None if unknown(pnl) else max(0, -pnl), m["daily_loss"]),
            "drawdown": (None if unknown(pnl, peak) else max(0, peak - pnl), m["drawdown"]),
            "free_balance": self.funds(),
        }  # fmt: skip


ALWAYS = {"symbol_allowed", "market_open", "positive_size", "reduce_only"}
GROWING = {
    "position_notional", "gross_exposure", "net_exposure", "leverage", "margin_ratio", "open_orders_symbol", "open_orders",
    "volatility", "daily_loss", "drawdown",
}  # fmt: skip


def expected(o: Row, s: Row, m: Row) -> list[str]:
    """The names of the rules that refuse."""
    plain = Plain(o, s, m)
    exempt = {r.name for r in RULES} - ALWAYS if o["flatten"] else GROWING if plain.reduces else set()
    return [
        name
        for name, (value, limit) in plain.table().items()
        if name not in exempt and (value is None or limit is None or value > limit)
    ]


def records(o: Row, s: Row, m: Row) -> tuple[Records, Records, Records]:
    return one(ORDER, **o), one(SITUATION, **s), one(LIMITS, **m)


@settings(max_examples=examples(400), deadline=None)
@given(ORDERS, SITUATIONS, LIMIT_ROWS)
def test_the_compiled_gate_refuses_what_the_plain_rules_refuse(o: Row, s: Row, m: Row) -> None:
    index, said = ask(*records(o, s, m))
    wanted = expected(o, s, m)
    refusing = [
        r.name
        for r, (value, limit) in zip(RULES, said.tolist(), strict=True)
        if value == UNKNOWN or limit == UNKNOWN or value > limit
    ]
    assert refusing == wanted
    assert (RULES[index].name if index >= 0 else None) == (wanted[0] if wanted else None)


HOURS = ("hours_from", "hours_to")


@settings(max_examples=examples(150), deadline=None)
@given(ORDERS, SITUATIONS, LIMIT_ROWS, st.data())
def test_a_tighter_limit_never_lets_a_refused_order_pass(o: Row, s: Row, m: Row, data: st.DataObject) -> None:
    before, _ = ask(*records(o, s, m))
    name = data.draw(st.sampled_from([n for n in m if n not in HOURS]))
    step = data.draw(st.integers(1, 50))
    tighter = m | {name: m[name] + step if name == "min_notional" else m[name] - step}
    after, _ = ask(*records(o, s, tighter))
    assert before < 0 or after >= 0


wild = st.integers(-(2**63), 2**63 - 1)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.fixed_dictionaries({"tick": wild, "lots": wild, "side": st.integers(0, 255), "kind": st.integers(0, 255)}),
    st.fixed_dictionaries(dict.fromkeys(NUMBERS, wild)),
)
def test_absurd_numbers_never_pass(o: Row, s: Row) -> None:
    words = dict.fromkeys(("allowed", "open", "connected", "reconciled"), 1)
    generous = dict.fromkeys(LIMITS.names or (), 2**40) | {"hours_from": 0, "hours_to": 0}
    index, _ = ask(*records(o, s | words, generous))
    assert index >= 0

"""A made-up market order by order: for tests and benches that need L3 data, of which none are recorded here.

Zero intelligence: orders come near the touch, are withdrawn, lowered, raised and moved; takers go through the queues from
their front, price by price. Once a side has an order it always has one, the book is never crossed, and every event is of an
order that is there. Same seed, same market.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qbtc.core.market.tape.info import Info
from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.tape import Tape

EVENT = np.dtype(
    [("kind", "u1"), ("order", "i8"), ("side", "i8"), ("tick", "i8"), ("lots", "i8"), ("exchange", "i8"), ("local", "i8")]
)
"""`side` is the order's (of a TRADE the taker's), times are ns; a CANCEL of 0 lots is of all that is left."""
Events = NDArray[np.void]
START = 1_700_000_000_000_000_000
MIDDLE, FEW, MOST = 10_000, 4, 40


@dataclass(frozen=True)
class Shape:
    """Shares of what happens (the rest are new orders), mean ns between two events, ns from the exchange to the desk."""

    take: float = 0.12
    cancel: float = 0.3
    lower: float = 0.06
    higher: float = 0.03
    move: float = 0.04
    gap: float = 2_000_000.0
    lag: tuple[int, int] = (1_000_000, 4_000_000)
    ordered: bool = True
    """The desk hears of events in the order in which they happened."""


@dataclass
class _Order:
    number: int
    side: int
    tick: int
    lots: int


@dataclass
class _Flow:
    """The book while events are made."""

    rng: np.random.Generator
    now: int = START
    numbers: int = 0
    orders: list[_Order] = field(default_factory=list)
    count: list[int] = field(default_factory=lambda: [0, 0])
    queues: dict[tuple[int, int], list[_Order]] = field(default_factory=dict)
    made: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)

    def say(self, kind: Kind, o: _Order, lots: int) -> None:
        self.made.append((kind, o.number, o.side, o.tick, lots, self.now, 0))

    def best(self, side: int) -> int:
        """The best price of a side, or where it would begin."""
        there = [tick for (s, tick) in self.queues if s == side]
        return ((min if side else max)(there)) if there else MIDDLE + side

    def price(self, side: int) -> int:
        """A price near the touch that does not cross it."""
        away = int(self.rng.geometric(0.35)) - 2
        tick = self.best(side) + (away if side else -away)
        other = self.best(1 - side)
        return max(tick, other + 1) if side else min(tick, other - 1)

    def add(self, side: int) -> None:
        self.numbers += 1
        o = _Order(self.numbers, side, self.price(side), int(self.rng.integers(1, MOST)))
        self.orders.append(o)
        self.count[side] += 1
        self.queues.setdefault((side, o.tick), []).append(o)
        self.say(Kind.ADD, o, o.lots)

    def drop(self, o: _Order) -> None:
        queue = self.queues[o.side, o.tick]
        queue.remove(o)
        if not queue:
            del self.queues[o.side, o.tick]

    def gone(self, o: _Order) -> None:
        self.drop(o)
        self.orders.remove(o)
        self.count[o.side] -= 1

    def cancel(self, o: _Order) -> None:
        if o.lots > 1 and self.rng.random() < 0.2:
            part = int(self.rng.integers(1, o.lots))
            o.lots -= part
            self.say(Kind.CANCEL, o, part)
        else:
            self.say(Kind.CANCEL, o, 0)
            self.gone(o)

    def modify(self, o: _Order, *, tick: int, lots: int) -> None:
        later = tick != o.tick or lots > o.lots
        if later:
            self.drop(o)
        o.tick, o.lots = tick, lots
        if later:
            self.queues.setdefault((o.side, tick), []).append(o)
        self.say(Kind.MODIFY, o, lots)

    def take(self, side: int) -> None:
        """A taker meets the queues of `side` from their front."""
        left = int(self.rng.geometric(1 / MOST))
        while left > 0:
            o = self.queues[side, self.best(side)][0]
            met = min(left, o.lots if self.count[side] > 1 else o.lots - 1)
            if met == 0:
                break
            left -= met
            o.lots -= met
            self.say(Kind.FILL, o, met)
            if o.lots == 0:
                self.gone(o)

    def step(self, shape: Shape) -> None:
        self.now += 1 + int(self.rng.exponential(shape.gap))
        what, side = self.rng.random(), int(self.rng.integers(2))
        if min(self.count) < FEW:
            self.add(int(self.count[1] < FEW))
        elif what > shape.take + shape.cancel + shape.lower + shape.higher + shape.move:
            self.add(side)
        elif what < shape.take:
            self.take(side)
        else:
            self.change(self.orders[int(self.rng.integers(len(self.orders)))], what - shape.take, shape)

    def change(self, o: _Order, what: float, shape: Shape) -> None:
        if what < shape.cancel or (what < shape.cancel + shape.lower and o.lots == 1):
            self.cancel(o)
        elif what < shape.cancel + shape.lower:
            self.modify(o, tick=o.tick, lots=int(self.rng.integers(1, o.lots)))
        elif what < shape.cancel + shape.lower + shape.higher:
            self.modify(o, tick=o.tick, lots=o.lots + int(self.rng.integers(1, MOST)))
        else:
            self.modify(o, tick=self.price(o.side), lots=int(self.rng.integers(1, MOST)))


def order_flow(seed: int, steps: int, shape: Shape = Shape()) -> Events:
    """EVENT records of that many steps (a taker may make several), in the order in which they happened."""
    flow = _Flow(np.random.default_rng(seed))
    for _ in range(steps):
        flow.step(shape)
    made = np.array(flow.made, EVENT)
    made["local"] = made["exchange"] + flow.rng.integers(*shape.lag, len(made))
    if shape.ordered:
        made["local"] = np.maximum.accumulate(made["local"])
    return made


def order_tape(events: Events, *, tick_size: str = "0.1", lot_size: str = "0.001", symbol: str = "FLOW") -> Tape:
    """EVENT records as a tape in memory, in order of receipt."""
    events = events[np.argsort(events["local"], kind="stable")]
    kind, side = events["kind"], events["side"]
    clear = kind == Kind.CLEAR
    bits = np.where(kind == Kind.FILL, 2 | (1 - side), np.where(kind == Kind.TRADE, 2 | side, side))
    values, counts = np.unique(kind, return_counts=True)
    kinds = {Kind(v).name: int(c) for v, c in zip(values.tolist(), counts.tolist(), strict=True)}
    info = Info(
        symbol, "generic", tick_size, lot_size, len(events), int((~clear).sum()), {}, kinds=kinds,
        first_local=int(events["local"][0]), last_local=int(events["local"][-1]),
    )  # fmt: skip
    columns = {
        "local": events["local"].copy(), "lag": events["local"] - events["exchange"], "kind": kind.copy(),
        "first": np.concatenate([[0], np.cumsum(~clear)]).astype(np.uint32),
        "tick": ((events["tick"] << 2) | bits)[~clear].astype(np.int32), "lots": events["lots"][~clear].astype(np.int32),
        "order": events["order"][~clear].copy(),
    }  # fmt: skip
    return Tape(info, columns)


def order_csv(events: Events, *, tick_size: float = 0.1, lot_size: float = 0.001) -> str:
    """The same as a table that `qbtc data import` reads."""
    lines = ["time,local,action,order,side,price,quantity"]
    for e in events[np.argsort(events["local"], kind="stable")]:
        action, side = Kind(int(e["kind"])).name.lower(), "ask" if e["side"] else "bid"
        lines.append(
            f"{e['exchange']},{e['local']},{action},{e['order']},{side},{e['tick'] * tick_size:.8f},{e['lots'] * lot_size:.8f}"
        )
    return "\n".join(lines) + "\n"

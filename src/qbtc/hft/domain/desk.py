"""The desk: orders, positions, balances, trading state and the risk gate over them, as one pure state machine.

It is told what happened and says what follows. It never sends, stores or reads a clock; every change that must survive
a crash is handed out as a `Record` for the journal, and `restore` builds the same desk from those records.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from qbtc.contracts.common import OrderType, Scope, Side, TradingState
from qbtc.core.market.instrument import Instrument

from .orders import Order, State
from .pairs import Pair, contract, pair_of
from .positions import Fill, Pnl, Position, pnl, worth
from .risk import Limits, Proposal, Verdict
from .risk_gate import judge, order_record, refusal
from .risk_records import Records
from .risk_situation import Counters, Market, situation
from .seen import Seen
from .session.ear import Ear, heard
from .units import ONE

NANOS = 1_000_000_000
DAY_NS = 86_400 * NANOS
KEPT_CLOSED = 2_000
KEPT_FILLS = 20_000
KEPT_IDS = 10_000
DAY_LOSS = "the loss of the day has reached its limit"
REACH = (Scope.PAUSE, Scope.CANCEL, Scope.FLATTEN)

Record = dict[str, JsonValue]


@dataclass(slots=True)
class Balance:
    free: int = 0
    locked: int = 0

    @property
    def total(self) -> int:
        return self.free + self.locked


class Desk:
    def __init__(self, instruments: Mapping[str, Instrument], limits: Limits, *, futures: bool = False) -> None:
        self.ear = Ear(lambda: 0)
        """Everything that changes the desk from outside goes through it."""
        self.futures = futures
        self.margin_ratio: int | None = None
        self.margin_rates: Mapping[str, int] = {}
        """Of futures, in basis points: maintenance margin by margin balance, initial margin by the notional."""
        self.instruments = dict(instruments)
        self.session = frozenset(instruments)
        """Symbols whose market we hear; others are held from before."""
        self.limits = limits
        self.orders: dict[str, Order] = {}
        self.positions: dict[str, Position] = {}
        self._pairs: dict[str, Pair] = {}
        self.balances: dict[str, Balance] = {}
        self.opening: dict[str, int] = {}
        self.fills: deque[Fill] = deque(maxlen=KEPT_FILLS)
        self.state = TradingState.ACTIVE
        self.reason = ""
        self.scope = Scope.PAUSE
        self.halted_at = 0
        self.failed: dict[str, str] = {}
        """Strategies that were stopped by a fault of their own, and why; until a person starts them again."""
        self.closed_ids: dict[str, None] = {}
        self.reconciled = False
        self.sequence = 0
        self._seen = Seen()
        self.connected = False
        self.skew_ns: int | None = None
        self.counters = Counters()
        self._limit_records: dict[int, Records] = {}
        self._day: tuple[int, int] | None = None
        self._day_base = 0
        self.day_peak = self._peak_kept = 0
        """The day's best profit, and what the journal knows of it (within a hundredth of the loss limit)."""
        self.marks: dict[str, int] = {}
        self.blind = False
        self.reset_ns = 0
        """Wall time of the last reset of the paper account that the journal knew of at the start; 0: of none."""

    def refusal(self, p: Proposal, market: Market, now_ns: int) -> Verdict | None:
        order, now, limits, lot = self._asked(p, market, now_ns)
        return refusal(order, now, limits, lot_units=lot)

    def verdicts(self, p: Proposal, market: Market, now_ns: int) -> list[Verdict]:
        order, now, limits, lot = self._asked(p, market, now_ns)
        return judge(order, now, limits, lot_units=lot)

    def _asked(self, p: Proposal, market: Market, now_ns: int) -> tuple[Records, Records, Records, int]:
        found = self.instruments.get(p.symbol)
        lot = found.lot_units if found else 1
        if lot not in self._limit_records:
            self._limit_records[lot] = self.limits.record(lot)
        return order_record(p, found), situation(self, p, market, now_ns), self._limit_records[lot], lot

    def accept(self, order: Order, now_ns: int) -> Record:
        """Take an order that passed the gate; the record must be in the journal before it is sent."""
        self.orders[order.client_order_id] = order
        order.sent_ns = now_ns
        self.counters.on_sent(now_ns)
        order.to(State.SENT, order.created_ns)
        self.prune()
        return self.intent(order)

    def intent(self, order: Order) -> Record:
        """What the journal must hold before the order is sent."""
        return _intent(order, self.sequence)

    def was_placed(self, order_id: str) -> bool:
        """True if an order of a person with this id was ever taken, as far back as ids are kept."""
        return order_id in self.orders or order_id in self.closed_ids

    def next_sequence(self) -> int:
        self.sequence += 1
        return self.sequence

    @heard("desk")
    def step(self, order_id: str, state: State, at_ns: int, *, reason: str | None = None) -> Record | None:
        """Move an order on; None when that changes nothing."""
        order = self.orders.get(order_id)
        if order is None or not order.to(state, at_ns, reason=reason):
            return None
        return {"k": "order", "id": order_id, "state": state.value, "at": at_ns, "reason": reason}

    def fill(self, fill: Fill, *, fee_worth: int | None = None) -> Record | None:
        """Count an execution once; None when it is already counted. `fee_worth`: what the journal says of it."""
        if not self._seen.add(fill.symbol, fill.trade_id, fill.side.value):
            return None
        self.fills.append(fill)
        order = self.orders.get(fill.client_order_id)
        if order is not None:
            order.fill(fill.quantity, fill.at_ns)
        base, quote = self.assets(fill.symbol)
        if fee_worth is None:
            fee_worth = 0 if fill.fee_asset in (base, quote) else worth(fill, self.marks.get(fill.fee_asset + quote))
        self.position(fill.symbol).apply(fill, base=base, quote=quote, worth=fee_worth)
        return _fill_record(fill, (base, quote), fee_worth)

    @heard("desk")
    def told(self, order_id: str, *, number: str | None = None, filled: int = 0, on_book: bool = False) -> None:
        """What the venue says of an order: its own number, the quantity it has filled, which never gets less, and that it
        is in the book, which ends the waiting of a stop."""
        order = self.orders.get(order_id)
        if order is not None:
            order.venue_order_id = number or order.venue_order_id
            order.venue_filled = max(order.venue_filled, filled)
            order.triggered = order.triggered or on_book

    @heard("desk")
    def counted_before(self, order_id: str, filled: int) -> None:
        """Of an order that was heard of after its executions: they are counted, so it has filled that much."""
        self.orders[order_id].filled = filled

    @heard("desk")
    def asked_about(self, order_id: str, now_ns: int) -> None:
        """An order of an earlier process is as old as the first question about it."""
        order = self.orders[order_id]
        order.sent_ns = order.sent_ns or now_ns

    @heard("desk")
    def accepted(self) -> None:
        """The venue took an order."""
        self.counters.on_accepted()

    @heard("desk")
    def turned_down(self, now_ns: int) -> None:
        """The venue refused an order."""
        self.counters.on_rejected(now_ns)

    @heard("desk")
    def cancelling(self, now_ns: int) -> None:
        """A cancel is sent."""
        self.counters.on_cancel(now_ns)

    @heard("desk")
    def linked(self, *, up: bool) -> None:
        """Whether the venue tells us of our orders; what was missed meanwhile is not known."""
        self.connected = up
        if not up:
            self.reconciled = False

    @heard("desk")
    def compared(self, *, agrees: bool) -> None:
        """Whether desk and venue hold the same account."""
        self.reconciled = agrees

    @heard("desk")
    def clock_is_off(self, skew_ns: int | None) -> None:
        self.skew_ns = skew_ns

    @heard("desk")
    def take_balances(self, balances: Mapping[str, Balance]) -> None:
        self.balances = dict(balances)

    @heard("desk")
    def take_margin(self, ratio: int | None, rates: Mapping[str, int]) -> None:
        self.margin_ratio, self.margin_rates = ratio, rates

    @heard("desk")
    def know(self, instruments: Iterable[Instrument]) -> None:
        """Grids of symbols, also outside the session."""
        self.instruments |= {i.symbol: i for i in instruments}

    @heard("desk")
    def know_session(self, instruments: Iterable[Instrument]) -> None:
        """The symbols whose market is heard from here on."""
        found = {i.symbol: i for i in instruments}
        self.instruments |= found
        self.session = frozenset(found)

    @heard("desk")
    def know_price(self, symbol: str, price: int) -> None:
        """The last price of a symbol whose market is not heard, in 1e-8."""
        self.marks[symbol] = price

    @heard("desk")
    def set_state(self, state: TradingState, reason: str) -> Record:
        self.state, self.reason = state, reason
        return self.state_record(state, reason)

    @heard("desk")
    def halt(self, scope: Scope, reason: str, at_ns: int) -> Record:
        """No more trading. `at_ns` is wall time; a second halt never reaches less far than the one it meets."""
        reached = self.scope if self.state is TradingState.HALTED else Scope.PAUSE
        self.scope, self.halted_at = max(scope, reached, key=REACH.index), at_ns
        return self.set_state(TradingState.HALTED, reason)

    def state_record(self, state: TradingState, reason: str) -> Record:
        return {
            "k": "state", "state": state.value, "reason": reason, "scope": self.scope.value, "halted_at": self.halted_at,
        }  # fmt: skip

    @heard("desk")
    def strategy_failed(self, name: str, reason: str) -> Record:
        self.failed[name] = reason
        return _failed_record(name, reason)

    @heard("desk")
    def strategy_started(self, name: str) -> Record | None:
        """None when it had not failed."""
        return None if self.failed.pop(name, None) is None else _failed_record(name, None)

    @heard("desk")
    def start_anew(self) -> Record:
        """The account was given its starting balances: no position, no profit; executions stay counted."""
        self.positions.clear()
        self.opening, self._day, self._day_base, self.day_peak, self._peak_kept = {}, None, 0, 0, 0
        return {"k": "anew"}

    @heard("desk")
    def adopt(self, symbol: str, quantity: int, entry: int) -> Record:
        """Take over a position of 1e-8 at a price of 1e-8 that no fill of ours has made. Once the account is known, that
        happens at the last mark: what was won or lost until then stays so, and the new position has won nothing yet."""
        p, mark = self.position(symbol), self.marks.get(symbol)
        before = p.unrealised(mark) if mark is not None else 0
        p.quantity, p.cost = quantity, quantity * entry
        if mark is not None and self.opening:
            p.realised += before - p.unrealised(mark)
        return _position_record(p, self.assets(symbol))

    @heard("desk")
    def set_opening(self, opening: Mapping[str, int]) -> Record:
        self.opening = dict(opening)
        return {"k": "opening", "balances": {asset: str(amount) for asset, amount in opening.items()}}

    def mark(self, marks: Mapping[str, int], at_ns: int) -> list[Record]:
        """Update the profit of the day; at its loss limit the desk may only reduce. Returns what the journal must keep.

        A symbol whose book is out of sync counts at its last mark. While a holding never had one, or what it is traded in
        none in the desk's quote asset, nothing is judged.
        """
        self.marks |= marks
        self.blind = any(self._unvalued(p) for p in self.positions.values())
        if self.blind:
            return []
        total = self.pnl(self.marks).total
        day, records = at_ns // DAY_NS, list[Record]()
        if self._day is None or self._day[0] != day:
            records += self._new_day(day, total)
        self._day = (day, total - self._day_base)
        self.day_peak = max(self.day_peak, self._day[1])
        if self.day_peak - self._peak_kept > self.limits.daily_loss // 100:
            records.append(self._day_record(day))
        if -self._day[1] >= self.limits.daily_loss and self.state is TradingState.ACTIVE:
            records.append(self.set_state(TradingState.REDUCING, DAY_LOSS))
        return records

    def _new_day(self, day: int, total: int) -> list[Record]:
        """The profit starts at zero, and with it ends what the loss of the day before has forbidden."""
        self._day_base, self.day_peak = total, 0
        records = [self._day_record(day)]
        if self.state is TradingState.REDUCING and self.reason == DAY_LOSS:
            records.append(self.set_state(TradingState.ACTIVE, "a new day"))
        return records

    def _day_record(self, day: int) -> Record:
        self._peak_kept = self.day_peak
        return {"k": "day", "day": day, "base": str(self._day_base), "peak": str(self.day_peak)}

    def _restore_day(self, r: Record) -> None:
        self._day_base = int(str(r["base"]))
        self.day_peak = self._peak_kept = int(str(r.get("peak", 0)))
        self._day = (int(str(r["day"])), 0)

    @property
    def quote(self) -> str:
        """The asset that profits are counted in: the first symbol's."""
        return next((i.quote for i in self.instruments.values()), "USDT")

    def pnl(self, marks: Mapping[str, int]) -> Pnl:
        """In the desk's quote asset, at today's rate of what each symbol is traded in."""
        rates = {symbol: self._rate(symbol, marks) for symbol in self.positions}
        return pnl(self.positions, marks, {symbol: rate for symbol, rate in rates.items() if rate is not None})

    def _rate(self, symbol: str, marks: Mapping[str, int]) -> int | None:
        """What a symbol's quote asset is worth in the desk's, in 1e-8, over one symbol either way round."""
        own, quote = self.assets(symbol)[1], self.quote
        if own == quote:
            return ONE
        there, back = marks.get(own + quote), marks.get(quote + own)
        return there if there is not None else ONE * ONE // back if back else None

    def _unvalued(self, p: Position) -> bool:
        """Whether a mark is missing that is still to come, or without which a holding cannot be judged. What was won in an
        asset that no symbol here leads to is left out."""
        held = p.quantity != 0 and p.symbol in self.instruments
        if held and p.symbol not in self.marks:
            return True
        own, quote = self.assets(p.symbol)[1], self.quote
        awaited = not self.instruments.keys().isdisjoint((own + quote, quote + own))
        return self._rate(p.symbol, self.marks) is None and (held or awaited)

    def equity(self, marks: Mapping[str, int], quote: str) -> int:
        """All balances in 1e-16 of `quote`, in futures the wallet with what open positions have won so far; assets
        without a mark are left out."""
        total = self.balances.get(quote, Balance()).total * ONE
        if self.futures:
            return total + self.pnl(marks).unrealised
        for instrument in self.instruments.values():
            if instrument.quote == quote and instrument.symbol in marks:
                total += self.balances.get(instrument.base, Balance()).total * marks[instrument.symbol]
        return total

    def assets(self, symbol: str) -> Pair:
        """Base and quote, also of a symbol that is not in this session: as the journal says. The base of futures is the
        contract itself."""
        found = self.instruments.get(symbol)
        base, quote = (found.base, found.quote) if found else self._pairs.get(symbol) or pair_of(symbol)
        return (contract(symbol) if self.futures else base), quote

    def position(self, symbol: str) -> Position:
        return self.positions.setdefault(symbol, Position(symbol))

    def open_orders(self, symbol: str | None = None) -> list[Order]:
        return [o for o in self.orders.values() if o.open and symbol in (None, o.symbol)]

    def working(self, symbol: str, side: Side | None = None) -> int:
        """Signed quantity that open orders of a symbol still may fill."""
        return sum(o.signed_remaining for o in self.open_orders(symbol) if side in (None, o.side))

    def coming(self, symbol: str, side: Side) -> int:
        """Signed quantity of one side that may become position: what works, and what is filled but not reported yet."""
        mine = [o for o in self.orders.values() if o.symbol == symbol and o.side is side]
        return sum(o.signed_remaining if o.open else o.unreported for o in mine)

    def unreported(self, symbol: str) -> int:
        """Signed quantity that the venue filled in closed orders of a symbol and has not reported yet."""
        return sum(o.unreported for o in self.orders.values() if o.symbol == symbol)

    def settled(self, symbol: str) -> int:
        """Every execution of ours up to this trade id is counted; a later one may be missing among others that are."""
        return self._seen.settled(symbol)

    def begins_after(self, symbol: str) -> int | None:
        """As `settled`; None for a symbol that was never traded here nor compared with the venue: what the account did in it
        before is part of its opening balance."""
        return self.settled(symbol) if self._seen.compared(symbol) else self.settled(symbol) or None

    def nets(self, symbol: str) -> bool:
        """Whether every execution of the account in a symbol is ours: the venue nets them all in one futures position,
        from the first comparison on; what was there before is taken over."""
        return self.futures and bool(self.opening) and self._seen.compared(symbol)

    @heard("desk")
    def settle(self, symbol: str, trade: int) -> Record | None:
        """None when that is known already."""
        if not self._seen.settle(symbol, trade):
            return None
        return _settled_record(symbol, trade, self._seen.forgotten(symbol))

    @property
    def counted(self) -> int:
        """Executions counted so far; two equal readings mean that none came in between."""
        return self._seen.count

    @property
    def day_pnl(self) -> int:
        return self._day[1] if self._day else 0

    def prune(self) -> None:
        """Keep the table small: the oldest closed orders go (they are in the database), some more than must."""
        too_many = len(self.orders) - KEPT_CLOSED
        if too_many <= 0:
            return
        for key in [k for k, o in self.orders.items() if not o.open][: max(too_many, KEPT_CLOSED // 4)]:
            if self.orders.pop(key).strategy is None:
                self._keep_id(key)

    def _keep_id(self, order_id: str) -> None:
        self.closed_ids[order_id] = None
        if len(self.closed_ids) > KEPT_IDS:
            del self.closed_ids[next(iter(self.closed_ids))]

    def _ids(self) -> list[str]:
        """Ids of closed orders that a repeated message might ask for again; a strategy never repeats one."""
        own = [o.client_order_id for o in self.orders.values() if not o.open and o.strategy is None]
        return [*self.closed_ids, *own][-KEPT_IDS:]

    def recall(self, fills: Iterable[Fill]) -> None:
        """Put stored executions, oldest first, in front of the list that is shown; they are counted already."""
        known = {(f.symbol, f.trade_id, f.side) for f in self.fills}
        self.fills.extendleft(reversed([f for f in fills if (f.symbol, f.trade_id, f.side) not in known]))

    def restore(self, records: Iterable[Record]) -> None:
        """Build the state from journal records; unknown kinds raise ValueError."""
        for record in records:
            _RESTORE[str(record["k"])](self, record)

    def checkpoint(self) -> list[Record]:
        """Records that restore to this state: what a new journal segment starts with."""
        rows: list[Record] = [{"k": "sequence", "n": self.sequence}, self.state_record(self.state, self.reason)]
        rows += [_failed_record(name, reason) for name, reason in self.failed.items()]
        if self.opening:
            rows.append(self.set_opening(self.opening))
        if self._day is not None:
            rows.append(self._day_record(self._day[0]))
        rows += [_position_record(p, self.assets(p.symbol)) for p in self.positions.values()]
        settled = self._seen.settlements()
        rows += [_settled_record(symbol, trade, self._seen.forgotten(symbol)) for symbol, trade in settled.items()]
        rows += [{"k": "seen", "symbol": s, "trade": str(t), "side": side} for s, (t, side) in self._seen]
        rows += [{"k": "closed", "id": order_id} for order_id in self._ids()]
        for order in self.open_orders():
            rows.append(_intent(order, self.sequence) | {"filled": str(order.filled), "updated": order.updated_ns})
        return rows

    def _restore_intent(self, r: Record) -> None:
        order = Order(
            str(r["id"]), str(r["symbol"]), Side(str(r["side"])), OrderType(str(r["type"])), int(str(r["quantity"])),
            int(str(r["price"])) if r["price"] is not None else None, int(str(r["at"])),
            strategy=_text(r["strategy"]), operation=_text(r["operation"]), ioc=bool(r["ioc"]), post=bool(r.get("post")),
            closing=bool(r.get("closing")), state=State.UNKNOWN, fok=bool(r.get("fok")), touched=bool(r.get("touched")),
        )  # fmt: skip
        if r.get("trigger") is not None:  # whether it still waits is not known: it counts as one in the book
            order.trigger, order.triggered = int(str(r["trigger"])), True
        order.filled, order.updated_ns = int(str(r.get("filled", "0"))), int(str(r.get("updated", r["at"])))
        self.orders[order.client_order_id] = order
        self.sequence = max(self.sequence, int(str(r["sequence"])))

    def _restore_order(self, r: Record) -> None:
        order = self.orders.get(str(r["id"]))
        if order is not None:
            order.to(State(str(r["state"])), int(str(r["at"])), reason=_text(r["reason"]))

    def _restore_pair(self, r: Record) -> None:
        """Older records do not name it."""
        symbol = str(r["symbol"])
        if "base" in r:
            self._pairs[symbol] = (str(r["base"]), str(r["quote"]))
        elif symbol not in self._pairs:
            self._pairs[symbol] = pair_of(symbol, str(r.get("fee_asset", "")))

    def _restore_fill(self, r: Record) -> None:
        self._restore_pair(r)
        self.fill(Fill(
            str(r["symbol"]), str(r["trade"]), str(r["id"]), Side(str(r["side"])), int(str(r["price"])),
            int(str(r["quantity"])), int(str(r["fee"])), str(r["fee_asset"]), bool(r["maker"]), int(str(r["at"])),
            _text(r["venue_id"]), _text(r["strategy"]),
        ), fee_worth=int(str(r.get("fee_worth", 0))))  # fmt: skip

    def _restore_position(self, r: Record) -> None:
        self._restore_pair(r)
        p = self.position(str(r["symbol"]))
        p.quantity, p.cost, p.realised, p.fees, p.fills = (
            int(str(r[name])) for name in ("quantity", "cost", "realised", "fees", "fills")
        )
        p.other_fees, p.other_worth = _amounts(r.get("other_fees")), int(str(r.get("other_worth", 0)))

    def _restore_state(self, r: Record) -> None:
        self.state, self.reason = TradingState(str(r["state"])), str(r["reason"])
        self.scope = Scope(str(r.get("scope", Scope.PAUSE.value)))
        self.halted_at = int(str(r.get("halted_at", 0)))

    def _restore_failed(self, r: Record) -> None:
        name, reason = str(r["strategy"]), _text(r["reason"])
        if reason is None:
            self.failed.pop(name, None)
        else:
            self.failed[name] = reason

    def _restore_opening(self, r: Record) -> None:
        self.opening = _amounts(r["balances"])

    def _restore_anew(self, r: Record) -> None:
        self.start_anew()
        self.reset_ns = int(str(r.get("at", 0)))

    def _restore_seen(self, r: Record) -> None:
        self._seen.add(str(r["symbol"]), str(r["trade"]), str(r["side"]))

    def _restore_settled(self, r: Record) -> None:
        self._seen.settle(str(r["symbol"]), int(str(r["trade"])), int(str(r.get("forgotten", -1))))

    def _restore_closed(self, r: Record) -> None:
        self._keep_id(str(r["id"]))

    def _restore_sequence(self, r: Record) -> None:
        self.sequence = max(self.sequence, int(str(r["n"])))


_RESTORE = {
    "intent": Desk._restore_intent,
    "order": Desk._restore_order,
    "fill": Desk._restore_fill,
    "position": Desk._restore_position,
    "state": Desk._restore_state,
    "failed": Desk._restore_failed,
    "opening": Desk._restore_opening,
    "anew": Desk._restore_anew,
    "seen": Desk._restore_seen,
    "settled": Desk._restore_settled,
    "day": Desk._restore_day,
    "closed": Desk._restore_closed,
    "sequence": Desk._restore_sequence,
}


def _text(value: JsonValue) -> str | None:
    return None if value is None else str(value)


def _amounts(value: JsonValue) -> dict[str, int]:
    return {k: int(str(v)) for k, v in value.items()} if isinstance(value, dict) else {}


def _intent(o: Order, sequence: int) -> Record:
    return {
        "k": "intent", "id": o.client_order_id, "symbol": o.symbol, "side": o.side.value, "type": o.type.value,
        "quantity": str(o.quantity), "price": None if o.price is None else str(o.price), "at": o.created_ns,
        "strategy": o.strategy, "operation": o.operation, "ioc": o.ioc, "post": o.post, "closing": o.closing,
        "fok": o.fok, "trigger": None if o.trigger is None else str(o.trigger), "touched": o.touched, "sequence": sequence,
    }  # fmt: skip


def _fill_record(f: Fill, pair: Pair, fee_worth: int) -> Record:
    return {
        "k": "fill", "symbol": f.symbol, "base": pair[0], "quote": pair[1],
        "trade": f.trade_id, "id": f.client_order_id, "side": f.side.value,
        "price": str(f.price), "quantity": str(f.quantity), "fee": str(f.fee), "fee_asset": f.fee_asset,
        "fee_worth": str(fee_worth), "maker": f.maker, "at": f.at_ns, "venue_id": f.venue_order_id, "strategy": f.strategy,
    }  # fmt: skip


def _failed_record(strategy: str, reason: str | None) -> Record:
    return {"k": "failed", "strategy": strategy, "reason": reason}


def _settled_record(symbol: str, trade: int, forgotten: int) -> Record:
    return {"k": "settled", "symbol": symbol, "trade": str(trade), "forgotten": str(forgotten)}


def _position_record(p: Position, pair: Pair) -> Record:
    return {
        "k": "position", "symbol": p.symbol, "base": pair[0], "quote": pair[1],
        "quantity": str(p.quantity), "cost": str(p.cost),
        "realised": str(p.realised), "fees": str(p.fees), "fills": p.fills,
        "other_fees": {asset: str(fee) for asset, fee in p.other_fees.items()},
        "other_worth": str(p.other_worth),
    }  # fmt: skip

"""The matching core from Python: `Accounts` holds everybody's money, `Market` is one symbol. Thin; the rules are below.

    accounts = Accounts(accounts=1000, assets=8)             # account 0 is the world outside, assets are numbers
    accounts.deposit(account=1, asset=0, amount=10**12)
    market = Market(Spec(symbol=0, base=1, quote=0, tick_units=10**6, lot_units=100), accounts)
    market.rules["max_orders"] = 200                         # a layout.RULES record, read at every order
    events = market.submit(order, now)                       # order: a layout.ORDER record (np.void) with id, account,
                                                             # side, kind, tif, stp, tick, lots, ... ids grow
    events = market.submit_list(orders, now)                 # ORDER array of 2 or 3, list_id, list_kind and leg set
    events = market.cancel(order_id, now, account)           # its whole list too
    events = market.amend(order_id, lots, now, account)
    reason = market.refusal(order, now)                      # what submit would say; changes nothing
    events = market.depth(bids, asks, update_id, now)        # background: int64 rows (tick, lots); snapshot(), ticker(),
                                                             # trade() alike
    bid, ask = market.touch(); market.top(20, side); market.displayed(side, tick)
    bids, asks = market.take_changes()                       # levels our orders changed since the last call
    market.restore(orders, hold=False)                       # recovery: open orders in queue order
    done = market.run(commands)                              # research: a state.COMMAND array in one compiled call

Events are a view of a buffer that the next call overwrites: copy what you keep. A refusal is one REJECTED event with
its Reason. The last event of a step has `last` set. Every event says what its orders lock afterwards, so that folding
TRADE amounts and `locked` gives balances; queue order is the order of ACCEPTED, TRIGGERED, STARTED and REPLENISHED.
Memory grows between calls. A Side is passed as int: compiled code is kept for each type of argument. Threads: one market and its accounts belong to one thread at a time.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import calls
from .ladder import Ladders
from .layout import EVENT, FREE, LOCKED, ORDER, RULES
from .memory import block
from .pool import ICEBERG_WEIGHT
from .state import (
    COLD,
    COMMAND,
    LEVEL,
    MARKET,
    MAX_PARTS,
    MINUTE,
    MINUTES,
    NEVER,
    NODE,
    TALLY,
    UNDO,
    Op,
)

Rows = NDArray[np.int64]
Events = NDArray[np.void]
CHUNK = 4096
UNIT = 10**8
TOUCHED = 65_536
_PLACES = {name: at for at, name in enumerate(ORDER.names or ())}
_HEAD = [_PLACES[name] for name in ("side", "kind", "tif", "stp", "list_kind", "leg")]
_BODY = [
    _PLACES[name] for name in ("account", "trailing", "id", "list_id", "tick", "stop_tick", "lots", "iceberg", "budget")
]
_EMPTY: Rows = np.empty((0, 2), np.int64)


class Accounts:
    """Balances (1e-8) of all accounts, shared by the markets; `array` is int64[accounts, assets, FREE|LOCKED]."""

    def __init__(self, accounts: int, assets: int) -> None:
        self.array: NDArray[np.int64] = np.zeros((accounts, assets, 2), np.int64)
        self.totals, self.totals_address = block(accounts, TALLY)
        self.limits = np.zeros(1, RULES)[0]
        """Rules of the whole exchange: max_orders, max_algo_orders, max_iceberg_orders, max_order_lists."""

    def deposit(self, account: int, asset: int, amount: int) -> None:
        """Add to a free balance (negative: take). Raises ValueError if it would be negative or beyond 2**61."""
        after = int(self.array[account, asset, FREE]) + amount
        if not 0 <= after <= 1 << 61:
            raise ValueError(f"the free balance of account {account} in asset {asset} would be {after}")
        self.array[account, asset, FREE] = after

    def balance(self, account: int, asset: int) -> tuple[int, int]:
        """(free, locked)."""
        return int(self.array[account, asset, FREE]), int(self.array[account, asset, LOCKED])


@dataclass(frozen=True, slots=True)
class Spec:
    """What a market trades. Units are 1e-8: `tick_units` of the quote asset a tick, `lot_units` of the base a lot."""

    symbol: int = 0
    base: int = 1
    quote: int = 0
    tick_units: int = UNIT
    lot_units: int = UNIT
    funds: bool = True
    """False: orders move no balances (futures, research)."""
    publish: bool = True
    """False: nobody takes changes, so they are not remembered."""
    ticks: int = 1 << 27
    """Prices are below this many ticks."""


class Market:
    """One symbol: book, conditional orders, background."""

    def __init__(self, spec: Spec, accounts: Accounts, *, orders: int = 1024, pages: int = 64) -> None:
        self.spec, self.accounts = spec, accounts
        self._ladders = Ladders((True, False, False, True), spec.ticks, LEVEL.itemsize, pages)
        header, self._address = block(1, MARKET)
        self._header = header[0]
        self._blocks: dict[str, Any] = {}
        rules, address = block(1, RULES)
        self.rules = rules[0]
        self._header["rules"] = address
        self._wire(spec, accounts)
        self._grow_orders(orders)
        self._events: Events = np.empty(0, EVENT)
        self._command, self._command_at = block(3, COMMAND)
        self._reserve_events(CHUNK)

    def _wire(self, spec: Spec, accounts: Accounts) -> None:
        h = self._header
        product = spec.tick_units * spec.lot_units
        common = gcd(product, UNIT)
        h["multiplier"], h["divisor"], h["lot_units"] = product // common, UNIT // common, spec.lot_units
        h["symbol"], h["funds"], h["publish"] = spec.symbol, spec.funds, spec.publish
        h["ladders"], h["balances"] = self._ladders.address, accounts.array.ctypes.data
        h["stride"], h["base"], h["quote"] = accounts.array.shape[1] * 16, spec.base * 16, spec.quote * 16
        h["accounts"], h["totals"] = accounts.array.shape[0], accounts.totals_address
        h["limits"] = accounts.limits.__array_interface__["data"][0]
        h["tallies"] = self._keep("tallies", accounts.array.shape[0], TALLY)
        h["minutes"], h["minute_end"] = self._keep("minutes", MINUTES, MINUTE), 0
        self._blocks["minutes"]["minute"] = -1
        h["undo"], h["undo_capacity"] = self._keep("undo", TOUCHED, UNDO), TOUCHED
        h["trip_up"], h["trail_up"] = NEVER, NEVER
        h["fresh"] = 1

    def _keep(self, name: str, count: int, dtype: np.dtype[Any]) -> int:
        self._blocks[name], address = block(count, dtype)
        return address

    # ---- orders

    def submit(self, order: np.void, now: int) -> Events:
        """A new order and all that follows from it."""
        self._load(0, order, Op.SUBMIT, now)
        return self._run_one()

    def submit_list(self, orders: NDArray[np.void], now: int) -> Events:
        """The orders of one list (legs as layout.ListKind says) and all that follows from them."""
        for i, order in enumerate(orders):
            self._load(i, order, Op.SUBMIT_LIST, now)
        self._command[0]["legs"] = len(orders)
        return self._run_one()

    def cancel(self, order_id: int, now: int, account: int = -1) -> Events:
        """Cancel an open order, and the others of its list. `account` -1: whoever's it is."""
        return self._short(Op.CANCEL, order_id, account, 0, now)

    def amend(self, order_id: int, lots: int, now: int, account: int = -1) -> Events:
        """Reduce an order to `lots` in all; it keeps its place in the queue."""
        return self._short(Op.AMEND, order_id, account, lots, now)

    def refusal(self, order: np.void, now: int) -> int:
        """The Reason that `submit` would refuse the order with, 0: none. Nothing changes."""
        self._load(0, order, Op.SUBMIT, now)
        return self._verdict()

    def refusal_of_list(self, orders: NDArray[np.void], now: int) -> int:
        for i, order in enumerate(orders):
            self._load(i, order, Op.SUBMIT_LIST, now)
        self._command[0]["legs"] = len(orders)
        return self._verdict()

    def refusal_of_amend(self, order_id: int, lots: int, now: int, account: int = -1) -> int:
        command = self._command[0]
        command["op"], command["id"], command["account"] = Op.AMEND, order_id, account
        command["lots"], command["time"] = lots, now
        return self._verdict()

    def run(self, commands: NDArray[np.void], done: int = 0) -> tuple[int, Events]:
        """Run commands from number `done` on until the event buffer is full; returns (how many are done, events)."""
        address, size = int(commands.ctypes.data), COMMAND.itemsize
        if commands.dtype != COMMAND or not commands.flags.c_contiguous:
            raise ValueError("commands must be a contiguous array of state.COMMAND")
        count, at = min(len(commands) - done, CHUNK), address + done * size
        ran = calls.process(self._address, at, count, CHUNK)
        if ran == 0:
            self._make_room()
            ran = calls.process(self._address, at, count, CHUNK)
        return done + ran, self._told()

    def _run_one(self) -> Events:
        if calls.process(self._address, self._command_at, 1, CHUNK) == 0:
            self._make_room()
            calls.process(self._address, self._command_at, 1, CHUNK)
        return self._told()

    def _verdict(self) -> int:
        self._make_room()
        return int(calls.verdict(self._address, self._command_at))

    def _short(self, op: Op, order_id: int, account: int, lots: int, now: int) -> Events:
        command = self._command[0]
        command["op"], command["id"], command["account"] = op, order_id, account
        command["lots"], command["time"] = lots, now
        return self._run_one()

    def _load(self, i: int, order: np.void, op: Op, now: int) -> None:
        values = order.item()
        self._command[i] = (int(op), *(values[at] for at in _HEAD), 1, *(values[at] for at in _BODY), now)

    def _told(self) -> Events:
        return self._events[: int(self._header["count"])]

    # ---- the background

    def snapshot(self, bids: Rows, asks: Rows, update_id: int, now: int) -> Events:
        """Forget the background and take a new one; rows are (tick, lots)."""
        return self._move(bids, asks, update_id, True, now)

    def depth(self, bids: Rows, asks: Rows, update_id: int, now: int) -> Events:
        """Levels of the background changed; 0 lots removes one."""
        return self._move(bids, asks, update_id, False, now)

    def _move(self, bids: Rows, asks: Rows, update_id: int, fresh: bool, now: int) -> Events:
        self._make_room(max(len(bids), len(asks)))
        bad = calls.depth(self._address, bids, asks, update_id, fresh, now)
        if bad:
            raise ValueError(f"{bad} levels have a tick outside 1 to {self._ladders.span - 1} or negative lots")
        return self._told()

    def ticker(self, update_id: int, bid: tuple[int, int], ask: tuple[int, int], now: int) -> Events:
        """A bookTicker: best bid and ask as (tick, lots). Older than the book: remembered, not believed."""
        self._make_room()
        if not calls.ticker(self._address, update_id, *bid, *ask, now):
            raise ValueError(f"no touch: {bid}, {ask}")
        return self._told()

    def trade(self, tick: int, lots: int, taker: int, now: int) -> Events:
        """A trade of the background; `taker` is the Side that aggressed."""
        self._make_room()
        if not calls.trade(self._address, tick, lots, int(taker), now):
            raise ValueError(f"no trade: {lots} lots at {tick}")
        return self._told()

    # ---- views

    def touch(self) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """Best published bid and ask as (tick, lots), the newest bookTicker included."""
        out = np.empty(4, np.int64)
        calls.read_touch(self._address, out)
        bid, bid_lots, ask, ask_lots = out.tolist()
        return ((bid, bid_lots) if bid else None), ((ask, ask_lots) if ask else None)

    def top(self, n: int, side: int) -> Rows:
        """Rows (tick, lots) of the published book, best first."""
        out = np.empty((n, 2), np.int64)
        return out[: calls.read_top(self._address, int(side), out)]

    def displayed(self, side: int, tick: int) -> int:
        """Published lots at a price."""
        return int(calls.read_displayed(self._address, int(side), tick))

    def take_changes(self) -> tuple[Rows, Rows]:
        """Rows (tick, lots now) of bids and asks that our orders changed since the last call, in order of ticks."""
        return self._changed(0), self._changed(1)

    def _changed(self, side: int) -> Rows:
        if self._ladders.headers[side]["dirty"] == 0:
            return _EMPTY
        size = 64
        while True:
            out = np.empty((size, 2), np.int64)
            count = calls.read_changes(self._address, side, out)
            if count >= 0:
                return out[:count][np.argsort(out[:count, 0])]
            size *= 4

    def order(self, order_id: int) -> np.void | None:
        """An open order as a layout.ORDER record without client id and strategy."""
        out = np.zeros(1, ORDER)
        return out[0] if calls.read_order(self._address, order_id, out) else None

    def __contains__(self, order_id: int) -> bool:
        return self.order(order_id) is not None

    def __len__(self) -> int:
        """Open orders."""
        return int(self._header["live"])

    @property
    def last_tick(self) -> int:
        """Price of the last trade, 0: none yet."""
        return int(self._header["last"])

    @last_tick.setter
    def last_tick(self, tick: int) -> None:
        self._header["last"] = tick

    @property
    def trade_id(self) -> int:
        """Id of the last trade; set it to go on from another number."""
        return int(self._header["trade_id"])

    @trade_id.setter
    def trade_id(self, number: int) -> None:
        self._header["trade_id"] = number

    @property
    def closed(self) -> bool:
        """Whether new orders are refused (cancels are not)."""
        return bool(self._header["closed"])

    @closed.setter
    def closed(self, closed: bool) -> None:
        self._header["closed"] = closed

    def average(self) -> float:
        """Weighted average price in ticks over `percent_minutes`, the last price without trades, 0.0 without any."""
        lots = float(self._header["percent_lots"])
        return float(self._header["percent_amount"]) / lots if lots else float(self.last_tick)

    def state_hash(self) -> str:
        """Equal histories give equal hashes: books, waiting orders, averages, and the balances."""
        balances = zlib.crc32(self.accounts.array.tobytes())
        return f"{calls.read_digest(self._address) & (1 << 64) - 1:016x}{balances:08x}"

    # ---- other compiled code on this market (`crowd`)

    @property
    def address(self) -> int:
        """For compiled code of this package; valid while the market lives, its events until the next call."""
        self._make_room()
        return int(self._address)

    @property
    def addresses(self) -> tuple[int, int]:
        """Of the market and of a command, for `calls.process`; when that does nothing, `make_room` and call again."""
        return int(self._address), int(self._command_at)

    def make_room(self) -> None:
        """More memory, for compiled code that wants it."""
        self._make_room()

    def told(self) -> Events:
        """The events that the last compiled call left."""
        return self._told()

    # ---- recovery and memory

    def restore(self, orders: NDArray[np.void], *, hold: bool) -> None:
        """Put open orders (layout.ORDER) back in this order, each behind what its price shows now.

        `hold`: the balances are all free, and what the orders lock moves to locked; else they hold it already.
        """
        done = 0
        while done < len(orders):
            self._make_room(0, len(orders) - done)
            done += calls.restore(self._address, orders[done:], hold)
        for ids in _lists(orders):
            calls.join(self._address, ids)
        self._reserve_events(CHUNK)

    def _make_room(self, levels: int = 0, orders: int = 0) -> None:
        """More memory before a call that might need it, which may also add `levels` to each side of the book."""
        if self._header["capacity"] - self._header["live"] < 64 + orders:
            self._grow_orders(2 * int(self._header["capacity"]) + orders)
        for i, ladder in enumerate(self._ladders.headers):
            if ladder["spare"] < 64 + levels + orders:
                self._ladders.grow(i, 2 * int(ladder["capacity"]) + levels + orders)
        later = CHUNK + 4 * levels
        if self._header["live"] + orders + 64 > self._header["planned"] or self._needed() > len(self._events) - later:
            self._reserve_events(later)

    def _grow_orders(self, capacity: int) -> None:
        used = int(self._header["fresh"])
        for name, dtype in (("nodes", NODE), ("colds", COLD)):
            old = self._blocks.get(name)
            self._header[name] = self._keep(name, capacity + 1, dtype)
            if old is not None:
                self._blocks[name][:used] = old[:used]
        size = 1 << max(8, (4 * capacity - 1).bit_length())
        self._header["table"], self._header["mask"] = self._keep("table", size, np.dtype(np.int32)), size - 1
        self._header["capacity"] = capacity
        calls.rehash(self._address)

    def _needed(self) -> int:
        """Events that one step cannot exceed."""
        levels = int(self._ladders.headers["shown"].sum())
        return 64 + 10 * int(self._header["live"]) + 2 * levels + 2 * MAX_PARTS * (int(self._header["icebergs"]) + 1)

    def _weight(self) -> int:
        """Open orders as the event buffer counts them."""
        return int(self._header["live"]) + ICEBERG_WEIGHT * int(self._header["icebergs"])

    def _reserve_events(self, room: int) -> None:
        weight = self._weight()
        live = int(self._header["live"])
        self._header["planned"] = min(live + min(max(weight, 512), 4 * CHUNK), int(self._header["capacity"]))
        size = 2 * self._needed() + room + 10 * CHUNK
        if size > len(self._events):
            self._events = np.empty(size, EVENT)
            self._header["events"] = self._events.ctypes.data


def _lists(orders: NDArray[np.void]) -> Iterable[NDArray[np.int64]]:
    """Ids of the open orders of each list, by leg."""
    listed = orders[orders["list_id"] > 0]
    listed = listed[np.lexsort((listed["leg"], listed["list_id"]))]
    _, starts = np.unique(listed["list_id"], return_index=True)
    return [np.ascontiguousarray(part["id"]) for part in np.split(listed, starts[1:]) if len(part)]

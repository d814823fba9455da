"""The hot loop itself: one thread that owns two sockets, decodes, decides and sends until something ends it.

    receive -> frames -> decode -> book -> strategy -> risk gate -> tape -> request -> send

Everything that arrived is applied before the strategy is asked, once a touched symbol: it never acts on a state that
newer bytes in the buffer have already replaced. `run` returns when a link ends or STOP is asked; reason and detail are
in the panel. Between frames it spins (all the time, or for `spin_ns` before it sleeps in epoll).
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714, SIM109 - chains of comparisons are what compiles to jumps
from __future__ import annotations

import numpy as np

from qbtc.core.binance.fast_json import BOOK_TICKER, DEPTH, SHUTDOWN, TRADE, decode
from qbtc.core.binance.fast_reports import ACK, EXECUTION, REFUSED, decode_report
from qbtc.core.binance.fast_sbe import decode_sbe
from qbtc.core.binance.fast_text import Fault
from qbtc.core.binance.fast_ws import TEXT, close_code
from qbtc.hft.domain.risk_records import HALTED, LIMITS, UNKNOWN

from .answers import balance, doubt_all, on_answer, on_execution, overdue, rebase, replay, resolve
from .book import due, mark, on_depth, on_snapshot, on_ticker, on_trade
from .codes import Halt, Order, Verb
from .layout import COMMANDS, MARKET_LINK, ON_TIMER, ORDER_LINK, SLOW
from .links import END, ENDED, MESSAGE, flush, next_message, receive
from .native import MONOTONIC, REALTIME, address_of, copy_bytes, epoll_wait, hot, load_acquire, now_ns, store_release
from .recording import forget_turn, keep_begin, keep_command, keep_house, keep_listened, keep_over, keep_turn, signs
from .tape import commands_waiting
from .trading import act, halt, passes, set_state

_CONTROL_SILENT, _MARKET_ENDED, _ORDERS_ENDED = (
    int(Halt.CONTROL_SILENT),
    int(Halt.MARKET_ENDED),
    int(Halt.ORDERS_ENDED),
)
_PROTOCOL, _BAD_FRAME, _BAD_REPORT = int(Halt.PROTOCOL), int(Halt.BAD_FRAME), int(Halt.BAD_REPORT)
_STOPPED, _SERVER_SHUTDOWN, _ASKED, _NONE = (
    int(Halt.STOPPED),
    int(Halt.SERVER_SHUTDOWN),
    int(Halt.ASKED),
    int(Halt.NONE),
)
_STARTING, _UNKNOWN_ORDER = int(Halt.STARTING), int(Order.UNKNOWN)
_UNKNOWN_SYMBOL = int(Fault.UNKNOWN_SYMBOL)
_RECONCILED, _SNAPSHOT, _BALANCE, _RESOLVE, _TRADE_TOLD, _STOP, _LAST = (int(verb) for verb in Verb)
_LIMITS_SIZE, _SLOW_SIZE = LIMITS.itemsize, SLOW.itemsize
_DAY_US = 86_400_000_000
_HOUSEKEEPING = 256
_SLEEP_MS = 5


@hot
def _on_market(w, p, buf, start, stop, opcode):
    """One market message. Negative: the reason to stop, as Halt."""
    p.head.frames += 1
    if opcode == TEXT:
        kind = decode(buf, start, stop, w.market, w.levels, w.symbols)
    else:
        kind = decode_sbe(buf, start, stop, w.market, w.levels, w.symbols)
    if kind < 0:
        p.head.faults += 1
        if kind != _UNKNOWN_SYMBOL:
            halt(w, p, _BAD_FRAME, kind)
        return np.int64(0)
    if kind == SHUTDOWN:
        return np.int64(_SERVER_SHUTDOWN)
    if kind == BOOK_TICKER or kind == DEPTH or kind == TRADE:
        s = w.states[w.market.symbol]
        s.heard = w.received
        if w.market.event_us:
            s.event_us = w.market.event_us
            w.minute = (w.market.event_us // 60_000_000) % 1440
        if kind == BOOK_TICKER:
            on_ticker(w)
        elif kind == DEPTH:
            on_depth(w, p)
        else:
            on_trade(w)
    return np.int64(0)


@hot
def _on_order(w, p, buf, start, stop):
    """One message of the order connection."""
    kind = decode_report(buf, start, stop, w.report, w.own, w.symbols)
    if kind == ACK or kind == REFUSED:
        on_answer(w, p)
    elif kind == EXECUTION:
        on_execution(w, p)
    elif kind < 0:
        p.head.faults += 1
        halt(w, p, _BAD_REPORT, kind)
    return np.int64(0)


@hot
def pump(w, p, which, out):
    """Everything that lies in the buffer of a link. 0, or the Halt that ends the loop."""
    link = w.links[which]
    ended = np.int64(_ORDERS_ENDED if which == ORDER_LINK else _MARKET_ENDED)
    while link.head < link.tail:
        what, start, stop, opcode = next_message(link, w, out)
        if what == 0:
            break
        if what == END:
            link.detail = close_code(link.rx, start, stop)
            return ended
        if what != MESSAGE:
            link.detail = what
            return ended if what == ENDED else np.int64(_PROTOCOL)
        buf = link.fragments if out[0] else link.rx
        if which == ORDER_LINK:
            end = _on_order(w, p, buf, start, stop)
        else:
            end = _on_market(w, p, buf, start, stop, opcode)
        if end != 0:
            return end
    return np.int64(0)


@hot
def _market(w, p, out):
    """One turn of the market socket: (bytes, Halt)."""
    got = receive(w.links[MARKET_LINK], w.calls)
    if got == 0:
        return got, np.int64(0)
    if got < 0:
        return got, np.int64(_MARKET_ENDED)
    w.received = now_ns(MONOTONIC, w.scratch)
    w.turn_link, w.turn_got = MARKET_LINK, got
    end = pump(w, p, np.int64(MARKET_LINK), out)
    if end != 0:
        return got, end
    w.decoded = now_ns(MONOTONIC, w.scratch)
    return got, np.int64(0)


@hot
def _orders(w, p, out):
    link = w.links[ORDER_LINK]
    if link.tx_head < link.tx_tail and not flush(link):
        return np.int64(ENDED), np.int64(_ORDERS_ENDED)
    got = receive(link, w.calls)
    if got == 0:
        return got, np.int64(0)
    if got < 0:
        return got, np.int64(_ORDERS_ENDED)
    w.received = now_ns(MONOTONIC, w.scratch)
    w.turn_link, w.turn_got = ORDER_LINK, got
    end = pump(w, p, np.int64(ORDER_LINK), out)
    w.decoded = now_ns(MONOTONIC, w.scratch)
    return got, end


@hot
def _obey(w, p, c):
    """One command. 0, or the Halt that ends the loop."""
    if c.verb == _RECONCILED:
        w.reconciled, w.skew = np.int64(c.a != 0 and p.control.covers >= p.head.differences), c.b
        if w.reconciled and p.head.state == HALTED and passes(p.head.reason) and w.wanted != HALTED:
            set_state(w, p, w.wanted, _NONE)
    elif c.verb == _SNAPSHOT:
        on_snapshot(w, p, c.symbol)
    elif c.verb == _BALANCE:
        balance(w, p, c.symbol, c.a, c.b, c.c)
    elif c.verb == _RESOLVE:
        resolve(w, p, c)
    elif c.verb == _TRADE_TOLD:
        replay(w, p, c)
    elif c.verb == _LAST:
        if w.situations[c.symbol].last == UNKNOWN:
            w.situations[c.symbol].last = c.a
    elif c.verb == _STOP:
        return np.int64(_STOPPED)
    return np.int64(0)


@hot
def _commands(w, p):
    waiting = commands_waiting(p, w)
    for _ in range(waiting):
        at = p.command_cursors.tail
        keep_command(w, p, p.commands[at % COMMANDS])
        end = _obey(w, p, p.commands[at % COMMANDS])
        store_release(w.command_tail, at + 1)
        if end != 0:
            return end
    return np.int64(0)


@hot
def _take_slow(w, p):
    """Limits and slow parameters that were written anew."""
    c = p.control
    if c.limits != w.limits_taken:
        w.limits_taken = c.limits
        copy_bytes(address_of(w.limits[0]), address_of(p.limits[0]), np.int64(_LIMITS_SIZE) * w.symbols_count)
    if c.slow != w.slow_taken:
        w.slow_taken = c.slow
        copy_bytes(address_of(w.slow[0]), address_of(p.slow[0]), np.int64(_SLOW_SIZE) * w.symbols_count)
    if c.baselines != w.baselines_taken:
        w.baselines_taken, w.reconciled = c.baselines, 0
        for i in range(w.symbols_count):
            rebase(w, p, i, p.baselines[i])


@hot
def listen(w, p):
    """A state that was asked for, after what was written before it. A halt that the engine found itself is ended by a
    person's resume only."""
    c = p.control
    w.asked, w.wanted = load_acquire(w.control_asked), c.state
    _take_slow(w, p)
    resumed, w.resumes = c.resumes != w.resumes, c.resumes
    w.killed = np.int64(c.state == HALTED)
    reason, halted = p.head.reason, p.head.state == HALTED
    if c.state == HALTED:
        if not halted or passes(reason):
            set_state(w, p, HALTED, _ASKED)
    elif resumed or not halted or passes(reason) or reason == _ASKED or reason == _CONTROL_SILENT:
        if w.reconciled or not halted:  # the gate refuses everything until it is reconciled
            set_state(w, p, c.state, _NONE)
        else:
            p.head.reason, p.head.detail = _STARTING, 0
    p.head.heard = w.asked


@hot
def _purge(w, p):
    """In a halt nothing stays open, unless it is a pause that was asked for."""
    unknown = np.int64(0)
    for n in range(w.open_count):
        unknown += w.slots[w.opened[n]].state == _UNKNOWN_ORDER
    p.head.open_orders, p.head.unknown_orders = w.open_count, unknown
    if w.open_count and p.head.state == HALTED and (p.head.reason != _ASKED or p.control.cancel):
        w.cancelling, w.busy = 1, 1


@hot
def _open_day(w):
    """What profits and losses are counted from, cash and positions: known once every symbol has a price."""
    for i in range(w.symbols_count):
        mark(w, i)
        if w.states[i].bid <= 0 or w.states[i].ask <= 0:
            return
    w.start_equity, w.peak = w.quote + w.net, 0


@hot
def _turn_of_day(w, p):
    """Profits start at zero with each UTC day of the market, and with the first prices that are traded on."""
    latest = np.int64(0)
    for i in range(w.symbols_count):
        latest = max(latest, w.states[i].event_us)
    day, known = latest // _DAY_US, w.start_equity > UNKNOWN
    if latest and day != w.day:
        if w.day and known:
            _open_day(w)
        w.day = day
    if not known and p.head.state != HALTED:
        _open_day(w)


@hot
def _housekeeping(w, p):
    """What is due now and then: commands, the dead man's timer, orders without an answer, the clocks."""
    now = now_ns(MONOTONIC, w.scratch)
    before = signs(w, p)
    end = house(w, p, now, now_ns(REALTIME, w.scratch) - now)
    if w.recording and signs(w, p) != before:
        keep_house(w, p)
    return end


@hot
def house(w, p, now, wall):
    """The same at a given instant."""
    w.received, w.decoded = now, now
    p.head.beat = now
    w.wall = wall
    p.head.clock = w.wall
    _take_slow(w, p)
    end = _commands(w, p)
    if end != 0:
        return end
    if p.head.state != HALTED and now - p.control.beat > p.control.silence:
        halt(w, p, _CONTROL_SILENT, now - p.control.beat)
    overdue(w, p)
    _purge(w, p)
    for i in range(w.symbols_count):
        s = w.states[i]
        market = s.event_us * 1000 if s.event_us else now + w.wall
        if w.calls.timer_ns > 0 and market - s.timer >= w.calls.timer_ns:
            s.timer = market
            due(w, i, ON_TIMER)
    _turn_of_day(w, p)
    return np.int64(0)


@hot
def _rest(w):
    """Nothing came for a while: sleep until something does, or a command may be waiting."""
    epoll_wait(np.int32(w.epoll), w.epoll_events.ctypes.data, np.int32(4), np.int32(_SLEEP_MS))


@hot
def run(w, p):
    """Trade until something ends it; the Halt that did. `w` is a WORLD, `p` a PANEL record."""
    turn, end, beats = np.int64(0), np.int64(0), np.int64(0)
    rested = now_ns(MONOTONIC, w.scratch)
    w.received, p.head.beat = rested, rested
    p.head.running = 1
    forget_turn(w)
    keep_begin(w, rested)
    doubt_all(w, p)
    while end == 0:
        if load_acquire(w.control_asked) != w.asked:
            listen(w, p)
            keep_listened(w, p)
        if turn % _HOUSEKEEPING == 0:
            end = _housekeeping(w, p)
            if beats != p.head.frames:
                beats, rested = p.head.frames, w.received
            elif not w.spin and w.received - rested > w.spin_ns:
                _rest(w)
        if end == 0:
            got, end = _market(w, p, w.flag)
            if end == 0 and got == 0 and turn & 3 == 0:
                got, end = _orders(w, p, w.flag)
        if end == 0 and w.busy:
            w.turn_acted = 1
            if not act(w, p):
                end = np.int64(_ORDERS_ENDED)
        if w.turn_got > 0 or w.turn_acted:
            keep_turn(w, p)
        turn = turn + 1 if w.spin or w.received - rested <= w.spin_ns else np.int64(0)
    which = MARKET_LINK if end == _MARKET_ENDED else ORDER_LINK
    finish(w, p, end, w.links[which].detail)
    keep_over(w, end, w.links[which].detail)
    p.head.running = 0
    return end


@hot
def finish(w, p, end, detail):
    """Nothing is sent until the next session is reconciled."""
    w.reconciled = 0
    halt(w, p, end, detail)

"""The memory of the hot loop: PANEL, which both processes map, and WORLD, which only the engine has.

One record each, so that compiled code passes one pointer. Times are CLOCK_MONOTONIC ns, which processes share, unless
said otherwise. Every word has one writer: `control`, `limits` and `slow` the control side, the commands and the snapshot
the engine's own Python side, the rest the loop.
"""

from __future__ import annotations

import numpy as np

from qbtc.core.binance import fast_json, fast_orders, fast_reports
from qbtc.hft.domain import risk_records, risk_rules, risk_track, strategy_records

MAGIC, VERSION = 0x51425443484F54, 4
SYMBOLS = 8
SLOTS = 1024
TAPE = 16_384
COMMANDS = 256
TICKS, PAGES = 1 << 27, 8_192
"""Reach of a book, and pages of 256 ticks a side; a book that needs more loses its sync."""
PENDING = 65_536
SNAPSHOT = 5_000
OPEN = 256
RX, FRAGMENTS, RAW, TX = 1 << 20, 1 << 20, 1 << 16, 1 << 16
RING, SAID = 1 << 23, 1 << 16
"""Bytes of the ring of a recording, a multiple of 16, and of one turn's requests in it."""
MARKET_LINK, ORDER_LINK = 0, 1
ON_BOOK, ON_TRADE, ON_FILL, ON_TIMER = 1, 2, 4, 8
"""Methods of a strategy that are due, in the order of METHODS."""

STAGES = (
    "frame_to_decoded",
    "frame_to_decided",
    "frame_to_checked",
    "frame_to_sent",
    "sent_to_acked",
    "sent_to_filled",
)
DECODED, DECIDED, CHECKED, SENT_STAGE, ACKED_STAGE, FILLED_STAGE = range(6)
SUB_BITS, MAX_EXPONENT = 6, 40
BUCKETS = (1 << SUB_BITS) * (MAX_EXPONENT - SUB_BITS + 2)

NOTE = np.dtype(
    [
        ("number", "i8"),
        ("kind", "i8"),
        ("time", "i8"),  # UTC ns
        ("sequence", "i8"),
        ("symbol", "i4"),
        ("side", "i2"),
        ("type", "i2"),
        ("tick", "i8"),
        ("lots", "i8"),
        ("filled", "i8"),
        ("order_id", "i8"),
        ("trade_id", "i8"),
        ("fee", "i8"),
        ("fee_asset", "i8"),
        ("code", "i8"),
        ("detail", "i8"),
    ],
    align=True,
)
COMMAND = np.dtype(
    [(name, "i8") for name in ("verb", "symbol", "a", "b", "c", "d", "e", "f", "g", "h")],
    align=True,
)
HEAD = np.dtype(
    [
        (name, "i8")
        for name in (
            "magic",
            "version",
            "pid",
            "epoch",  # of the client order ids, Unix seconds
            "symbols",
            "state",
            "reason",
            "detail",
            "beat",
            "frames",
            "faults",
            "decisions",
            "sent",
            "cancels",
            "acked",
            "filled",
            "rejected",
            "refused",
            "last_refusal",
            "gaps",
            "open_orders",
            "running",  # 1 while the loop is in its sockets
            "heard",  # what was asked last and is obeyed
            "account",  # how often balances changed
            "compared",  # how often they were compared with the venue's
            "differences",
            "unknown_orders",
            "clock",  # of CLOCK_MONOTONIC to UTC, in ns
            "spin",
            "tls",
        )
    ],
    align=True,
)
CONTROL = np.dtype(
    [
        (name, "i8")
        for name in (
            "beat",
            "silence",
            "asked",  # written last: how often a state was asked for
            "state",
            "cancel",  # 1: with HALTED, nothing stays open
            "resumes",  # how often a person ended a halt
            "limits",  # how often `limits` were written
            "slow",
            "covers",  # how many of the engine's differences the baselines know of
            "baselines",
            "taken",  # records of the tape that the control side has read and kept
        )
    ],
    align=True,
)
CURSORS = np.dtype(
    [("head", "i8"), ("pad1", "i8", (7,)), ("tail", "i8"), ("pad2", "i8", (7,))],
    align=True,
)
"""Of a ring: what was written, what was read; each on a cache line of its own."""
SLOW = np.dtype([("regime", "i8"), ("confidence", "f8"), ("bias", "f8"), ("until", "i8")], align=True)
STAGED = np.dtype(
    [
        ("last_id", "i8"),
        ("bids", "i8"),
        ("asks", "i8"),
        ("rows", "i8", (2, SNAPSHOT, 2)),
    ],
    align=True,
)
PANEL = np.dtype(
    [
        ("head", HEAD),
        ("control", CONTROL),
        ("names", "u1", (SYMBOLS, 20)),
        ("limits", risk_records.LIMITS, (SYMBOLS,)),
        ("slow", SLOW, (SYMBOLS,)),
        ("baselines", "i8", (SYMBOLS,)),  # 1e-8 of the base asset that are no position
        ("positions", "i8", (SYMBOLS,)),
        ("prefix", "u1", (32,)),  # of the client order ids
        ("latency", "i8", (len(STAGES), BUCKETS)),
        ("command_cursors", CURSORS),
        ("commands", COMMAND, (COMMANDS,)),
        ("tape_cursors", CURSORS),
        ("tape", NOTE, (TAPE,)),
        ("snapshot", STAGED),
    ],
    align=True,
)

LINK = np.dtype(
    [
        ("fd", "i8"),
        ("ssl", "i8"),  # 0: plain
        ("rbio", "i8"),
        ("wbio", "i8"),
        ("head", "i8"),
        ("tail", "i8"),
        ("joined", "i8"),  # bytes in `fragments`
        ("joining", "i8"),  # opcode of the message being joined, 0: none
        ("tx_head", "i8"),
        ("tx_tail", "i8"),
        ("detail", "i8"),
        ("rx", "u1", (RX,)),
        ("fragments", "u1", (FRAGMENTS,)),
        ("raw", "u1", (RAW,)),
        ("tx", "u1", (TX,)),
    ],
    align=True,
)
CALLS = np.dtype(
    [
        (name, "i8")
        for name in (
            "ssl_read",
            "ssl_write",
            "ssl_get_error",
            "bio_read",
            "bio_write",
            "hmac",
            "sha256",
            "digest_sign",
            "digest_sign_init",
            "sign_context",
            "sign_key",
            "timer_ns",
        )
    ]
    + [("methods", "i8", (4,))],
    align=True,
)
"""Addresses of C functions and of what they work on."""
STATE = np.dtype(
    [
        ("bid", "i8"),
        ("bid_lots", "i8"),
        ("ask", "i8"),
        ("ask_lots", "i8"),
        ("last", "i8"),
        ("last_lots", "i8"),
        ("last_side", "i8"),
        ("heard", "i8"),
        ("ticker_id", "i8"),
        ("event_us", "i8"),
        ("synced", "i8"),
        ("asked", "i8"),  # 1: a snapshot was asked for
        ("last_id", "i8"),
        ("fresh", "i8"),  # 1: nothing was applied since the snapshot
        ("due", "i8"),  # bits of ON_BOOK and so on
        ("pulse", risk_track.PULSE),
        ("fill", "i8"),
        ("fill_lots", "i8"),
        ("fill_side", "i8"),
        ("fill_maker", "i8"),
        ("base", "i8"),  # 1e-8 of the base asset, what orders lock included
        ("baseline", "i8"),  # what of it is no position
        ("known", "i8"),  # 1: compared with the venue once
        ("base_asset", "i8"),  # digests
        ("quote_asset", "i8"),
        ("buying", "i8"),  # 1e-8 quote that open buys may still spend
        ("gross", "i8"),
        ("net", "i8"),
        ("value", "i8"),  # of `base`, 1e-8 quote
        ("own", "i8"),  # address of the strategy's record
        ("timer", "i8"),
        ("bids_book", "i8"),  # addresses of two ladders
        ("asks_book", "i8"),
    ],
    align=True,
)
SLOT = np.dtype(
    [
        ("sequence", "i8"),
        ("state", "i8"),
        ("symbol", "i8"),
        ("side", "i8"),
        ("kind", "i8"),
        ("tick", "i8"),
        ("lots", "i8"),
        ("stop", "i8"),  # tick at which it wakes; 0: at once
        ("waits", "i8"),  # 1: it has not woken, so it is not in the book
        ("filled", "i8"),
        ("order_id", "i8"),
        ("sent", "i8"),
        ("cancelled", "i8"),  # when its last cancel was sent, 0: never
        ("waiting", "i8"),  # 1: that cancel is not answered
    ],
    align=True,
)
PENDING_ROW = np.dtype(
    [
        ("symbol", "i8"),
        ("first", "i8"),
        ("last", "i8"),
        ("previous", "i8"),
        ("bids", "i8"),
        ("asks", "i8"),
        ("at", "i8"),
    ],
    align=True,
)
RECORD_HEAD = np.dtype([("size", "u4"), ("kind", "u2"), ("zero", "u2"), ("at", "i8")])
"""As in `domain.session.blocks`."""
TURN = np.dtype(
    [
        (name, "i8")
        for name in (
            "link",  # -1: nothing was received
            "got",  # bytes, behind this record
            "acted",  # 1: a strategy was due, or cancels
            "said",  # bytes of requests, behind those
            "wall",
            "notes",  # of the tape so far
            "refused",
            "decisions",
        )
    ]
)
RECORDING = np.dtype([("cursors", CURSORS), ("data", "u1", (RING,))], align=True)
"""The ring of a recording, in the engine's own memory: the loop writes, a thread drains."""

WORLD = np.dtype(
    [
        ("symbols_count", "i8"),
        ("spin", "i8"),
        ("spin_ns", "i8"),
        ("epoll", "i8"),
        ("unknown_ns", "i8"),
        ("wanted", "i8"),  # the state that was asked for last
        ("asked", "i8"),  # what of CONTROL is obeyed
        ("resumes", "i8"),
        ("limits_taken", "i8"),
        ("slow_taken", "i8"),
        ("baselines_taken", "i8"),
        ("busy", "i8"),  # 1: a symbol is due
        ("cancelling", "i8"),  # 1: cancel everything
        ("sequence", "i8"),
        ("open_count", "i8"),
        ("quote", "i8"),
        ("start_equity", "i8"),  # cash and positions of the day's begin: moves with transfers and with fees in other assets; UNKNOWN at first
        ("peak", "i8"),  # of the day's profit
        ("day", "i8"),  # of the market's time, since 1970; 0: not known
        ("gross", "i8"),
        ("net", "i8"),  # of all positions, 1e-8 quote
        ("value", "i8"),  # of all that is held
        ("rejects", "i8"),
        ("rejected", "i8"),
        ("skew", "i8"),
        ("minute", "i8"),
        ("killed", "i8"),
        ("reconciled", "i8"),
        ("futures", "i8"),
        ("received", "i8"),
        ("decoded", "i8"),
        ("wall", "i8"),  # UTC ns - monotonic ns
        ("sign", "i8"),  # 0 logged on, 1 HMAC, 2 Ed25519
        ("secret_size", "i8"),
        ("pending", "i8"),
        ("pending_rows", "i8"),
        ("out_size", "i8"),
        ("tape_head", "i8"),  # addresses of the rings' cursors
        ("command_head", "i8"),
        ("command_tail", "i8"),
        ("control_asked", "i8"),
        ("recording", "i8"),  # address of the ring's data, 0: nothing is recorded; the loop's own while it runs
        ("record_no_more", "i8"),  # 1: another thread wants no more records
        ("recording_head", "i8"),  # addresses of its cursors
        ("recording_tail", "i8"),
        ("recorded", "i8"),  # bytes that were written
        ("unrecorded", "i8"),  # 1: it was full, so the recording ended
        ("turn_link", "i8"),  # of the turn that goes on
        ("turn_got", "i8"),
        ("turn_acted", "i8"),
        ("said_size", "i8"),
        ("flag", "i8", (1,)),
        ("scratch", "i8", (2,)),
        ("mask", "i8", (1,)),
        ("size", "i8", (2,)),
        ("secret", "u1", (256,)),
        ("digest", "u1", (128,)),
        ("payload", "u1", (2048,)),
        ("out", "u1", (32_768,)),
        ("said", "u1", (SAID,)),
        ("record_head", RECORD_HEAD),
        ("turn", TURN),
        ("epoll_events", "u1", (64,)),
        ("calls", CALLS),
        ("own", fast_orders.SESSION),
        ("request", fast_orders.REQUEST),
        ("report", fast_reports.REPORT),
        ("market", fast_json.MARKET),
        ("order", risk_records.ORDER),
        ("sight", strategy_records.MARKET_VIEW),
        ("intents", strategy_records.INTENT_BUFFER),
        ("verdicts", "i8", (risk_rules.RULE_COUNT, 2)),
        ("sent_rate", risk_track.RATE),
        ("cancel_rate", risk_track.RATE),
        ("fill_rate", risk_track.RATE),
        ("symbols", fast_json.SYMBOL, (SYMBOLS,)),
        ("names", fast_orders.NAMES, (SYMBOLS,)),
        ("limits", risk_records.LIMITS, (SYMBOLS,)),
        ("slow", SLOW, (SYMBOLS,)),
        ("situations", risk_records.SITUATION, (SYMBOLS,)),
        ("states", STATE, (SYMBOLS,)),
        ("slots", SLOT, (SLOTS,)),
        ("opened", "i8", (OPEN,)),
        ("links", LINK, (2,)),
        ("levels", "i8", (2, fast_json.MAX_LEVELS, 2)),
        ("pendings", PENDING_ROW, (4096,)),
        ("pending_levels", "i8", (PENDING, 2)),
    ],
    align=True,
)

"""Order requests of Binance's WebSocket API written by compiled code: `order.place` and `order.cancel`, ticks to text.

Client order ids are `<prefix><sequence>`; request ids are twice the sequence, plus one for a cancel. With a key in the
session record the request carries `apiKey` and room for a signature over `payload`; after `session.logon` neither is
needed. Not here: signing and sending.
Source: binance/binance-spot-api-docs, web-socket-api.md.
"""

# mypy: disable-error-code="no-untyped-def, misc"

# ruff: noqa: PLR1714, SIM109 - chains of comparisons are what compiles to jumps
from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..market.instrument import Instrument
from .fast_text import compiled, store_word

BUY, SELL = 0, 1
LIMIT, MARKET, LIMIT_MAKER, STOP_LOSS, STOP_LOSS_LIMIT, TAKE_PROFIT, TAKE_PROFIT_LIMIT = range(1, 8)
"""Kinds, as in `core.market.engine.layout`."""
GTC, IOC, FOK = 1, 2, 3
MAX_REQUEST = 1024

SESSION = np.dtype(
    [
        ("prefix", "u1", (32,)),
        ("prefix_size", "i8"),
        ("key", "u1", (96,)),
        ("key_size", "i8"),  # 0: logged on, requests are not signed
        ("recv_window", "i8"),  # ms
    ],
    align=True,
)
NAMES = np.dtype(
    [
        ("name", "u1", (20,)),
        ("size", "i8"),
        ("tick_units", "i8"),
        ("lot_units", "i8"),
        ("tick_places", "i8"),
        ("lot_places", "i8"),
    ],
    align=True,
)
REQUEST = np.dtype(
    [
        ("sequence", "i8"),
        ("side", "i8"),
        ("kind", "i8"),
        ("tif", "i8"),
        ("tick", "i8"),
        ("lots", "i8"),
        ("stop", "i8"),  # tick at which it wakes, of the kinds from STOP_LOSS on
        ("timestamp", "i8"),  # ms
    ],
    align=True,
)


def session(prefix: str, *, key: str = "", recv_window: int = 5000) -> npt.NDArray[np.void]:
    """One SESSION record. Raises ValueError for a prefix or key that does not fit."""
    made = np.zeros(1, SESSION)
    for name, text in (("prefix", prefix), ("key", key)):
        raw = text.encode()
        if not raw.isascii() or len(raw) > made[name].shape[1]:
            raise ValueError(f"{name} {len(raw)} bytes long does not fit {made[name].shape[1]}")
        made[0][name][: len(raw)] = list(raw)
        made[name + "_size"] = len(raw)
    made["recv_window"] = recv_window
    return made


def names(instruments: list[Instrument]) -> npt.NDArray[np.void]:
    """One NAMES record a symbol."""
    made = np.zeros(len(instruments), NAMES)
    for row, item in zip(made, instruments, strict=True):
        raw = item.symbol.encode()
        row["name"][: len(raw)] = list(raw)
        row["size"], row["tick_units"], row["lot_units"] = len(raw), item.tick_units, item.lot_units
        row["tick_places"], row["lot_places"] = _places(item.tick_units), _places(item.lot_units)
    return made


def _places(units: int) -> int:
    places = 8
    while places and units % 10 == 0:
        units, places = units // 10, places - 1
    return places


def _text(raw: bytes) -> npt.NDArray[np.uint64]:
    """For `put`: how many bytes, then the bytes, eight a word, filled up with zeros."""
    return np.frombuffer(len(raw).to_bytes(8, "little") + raw + bytes(-len(raw) % 8), np.uint64)


def _bytes(raw: bytes) -> npt.NDArray[np.uint8]:
    return np.array(list(raw), np.uint8)


_ID, _PLACE, _CANCEL = (
    _text(b'{"id":'),
    _text(b',"method":"order.place","params":{'),
    _text(b',"method":"order.cancel","params":{'),
)
_KEY, _KEY_END, _SYMBOL, _ORIGINAL = (
    _text(b'"apiKey":"'),
    _text(b'",'),
    _text(b'"symbol":"'),
    _text(b'","origClientOrderId":"'),
)
_BUY, _SELL = _text(b'","side":"BUY","type":"'), _text(b'","side":"SELL","type":"')
_T_LIMIT, _T_MARKET, _T_MAKER = _text(b"LIMIT"), _text(b"MARKET"), _text(b"LIMIT_MAKER")
_T_STOP, _T_TOUCH, _T_RESTS = _text(b"STOP_LOSS"), _text(b"TAKE_PROFIT"), _text(b"_LIMIT")
_TIF, _GTC, _IOC, _FOK = _text(b'","timeInForce":"'), _text(b"GTC"), _text(b"IOC"), _text(b"FOK")
_PRICE, _QUANTITY, _TRIGGER = _text(b'","price":"'), _text(b'","quantity":"'), _text(b'","stopPrice":"')
_CLIENT, _ACK, _STAMP = (
    _text(b'","newClientOrderId":"'),
    _text(b'","newOrderRespType":"ACK","recvWindow":'),
    _text(b',"timestamp":'),
)
_WINDOW, _END, _SIGNATURE, _SIGNED = (
    _text(b'","recvWindow":'),
    _text(b"}}"),
    _text(b',"signature":"'),
    _text(b'"}}'),
)
_Q_KEY, _Q_CLIENT, _Q_ACK = _text(b"apiKey="), _text(b"&newClientOrderId="), _text(b"&newOrderRespType=ACK")
_Q_PRICE, _Q_QUANTITY, _Q_WINDOW = _text(b"&price="), _text(b"&quantity="), _text(b"&recvWindow=")
_Q_TRIGGER = _text(b"&stopPrice=")
_Q_BUY, _Q_SELL, _Q_SYMBOL = _text(b"&side=BUY"), _text(b"&side=SELL"), _text(b"&symbol=")
_Q_TIF, _Q_STAMP, _Q_TYPE = _text(b"&timeInForce="), _text(b"&timestamp="), _text(b"&type=")
_Q_ORIGINAL = _text(b"&origClientOrderId=")
_HUNDRED = _bytes(b"".join(b"%02d" % n for n in range(100)))
_POWERS = np.array([10**n for n in range(19)], np.int64)
_HEX = _bytes(b"0123456789abcdef")
_BASE64 = _bytes(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


@compiled
def put(out, pos, text):
    """A `_text`, in whole words: up to seven bytes behind it are overwritten."""
    begin = out.ctypes.data + pos
    for i in range(text.size - 1):
        store_word(begin + 8 * i, text[i + 1])
    return pos + np.int64(text[0])


@compiled
def copy(out, pos, text, size):
    for i in range(size):
        out[pos + i] = text[i]
    return pos + size


@compiled
def digits(out, pos, value, size):
    """The last `size` decimal digits of a non-negative integer, two at a time, the last first."""
    rest, at = np.uint64(value), pos + size
    while at - pos >= 2:
        quotient = rest // np.uint64(100)
        pair = 2 * np.int64(rest - quotient * np.uint64(100))
        at -= 2
        out[at], out[at + 1] = _HUNDRED[pair], _HUNDRED[pair + 1]
        rest = quotient
    if at > pos:
        out[pos] = np.uint8(np.uint64(48) + rest % np.uint64(10))
    return pos + size


@compiled
def number(out, pos, value):
    """A non-negative integer as text."""
    size = np.int64(1)
    while size < 19 and value >= _POWERS[size]:
        size += 1
    return digits(out, pos, value, size)


@compiled
def plain(out, pos, units, places):
    """An integer of 1e-8 as a decimal with `places` decimals; the places that drop are zeros."""
    whole = np.uint64(units) // np.uint64(100_000_000)
    pos = number(out, pos, np.int64(whole))
    if places == 0:
        return pos
    rest = np.uint64(units) - whole * np.uint64(100_000_000)
    out[pos] = 46
    return digits(out, pos + 1, np.int64(rest // np.uint64(_POWERS[8 - places])), places)


@compiled
def _client(out, pos, own, sequence):
    return number(out, copy(out, pos, own.prefix, own.prefix_size), sequence)


@compiled
def _waits(kind):
    """A kind that waits for its trigger."""
    return kind >= STOP_LOSS


@compiled
def _priced(kind):
    """A kind with a limit."""
    return kind != MARKET and kind != STOP_LOSS and kind != TAKE_PROFIT


@compiled
def _timed(kind):
    """A kind with a time in force."""
    return kind == LIMIT or kind == STOP_LOSS_LIMIT or kind == TAKE_PROFIT_LIMIT


@compiled
def _type(out, pos, kind):
    if _waits(kind):
        pos = put(out, pos, _T_STOP if kind <= STOP_LOSS_LIMIT else _T_TOUCH)
        return put(out, pos, _T_RESTS) if _priced(kind) else pos
    if kind == MARKET:
        return put(out, pos, _T_MARKET)
    return put(out, pos, _T_MAKER) if kind == LIMIT_MAKER else put(out, pos, _T_LIMIT)


@compiled
def _tif(out, pos, tif):
    if tif == IOC:
        return put(out, pos, _IOC)
    return put(out, pos, _FOK) if tif == FOK else put(out, pos, _GTC)


@compiled
def _open(out, pos, own, symbol):
    if own.key_size:
        pos = put(out, copy(out, put(out, pos, _KEY), own.key, own.key_size), _KEY_END)
    return copy(out, put(out, pos, _SYMBOL), symbol.name, symbol.size)


@compiled
def place(out, pos, own, symbol, order):
    """`order.place` into out[pos:], complete if nothing has to be signed (else `sign_hex` or `sign_base64` ends it)."""
    pos = put(out, number(out, put(out, pos, _ID), 2 * order.sequence), _PLACE)
    pos = _open(out, pos, own, symbol)
    pos = put(out, pos, _SELL) if order.side == SELL else put(out, pos, _BUY)
    pos = _type(out, pos, order.kind)
    if _timed(order.kind):
        pos = _tif(out, put(out, pos, _TIF), order.tif)
    if _priced(order.kind):
        pos = plain(out, put(out, pos, _PRICE), order.tick * symbol.tick_units, symbol.tick_places)
    if _waits(order.kind):
        pos = plain(out, put(out, pos, _TRIGGER), order.stop * symbol.tick_units, symbol.tick_places)
    pos = plain(out, put(out, pos, _QUANTITY), order.lots * symbol.lot_units, symbol.lot_places)
    pos = _client(out, put(out, pos, _CLIENT), own, order.sequence)
    pos = number(out, put(out, pos, _ACK), own.recv_window)
    pos = number(out, put(out, pos, _STAMP), order.timestamp)
    return pos if own.key_size else put(out, pos, _END)


@compiled
def cancel(out, pos, own, symbol, order):
    """`order.cancel` of the order with this sequence."""
    pos = put(out, number(out, put(out, pos, _ID), 2 * order.sequence + 1), _CANCEL)
    pos = put(out, _open(out, pos, own, symbol), _ORIGINAL)
    pos = put(out, _client(out, pos, own, order.sequence), _WINDOW)
    pos = number(out, put(out, number(out, pos, own.recv_window), _STAMP), order.timestamp)
    return pos if own.key_size else put(out, pos, _END)


@compiled
def place_payload(out, pos, own, symbol, order):
    """What the signature of `place` is over: its parameters sorted by name."""
    pos = copy(out, put(out, pos, _Q_KEY), own.key, own.key_size)
    pos = put(out, _client(out, put(out, pos, _Q_CLIENT), own, order.sequence), _Q_ACK)
    if _priced(order.kind):
        pos = plain(out, put(out, pos, _Q_PRICE), order.tick * symbol.tick_units, symbol.tick_places)
    pos = plain(out, put(out, pos, _Q_QUANTITY), order.lots * symbol.lot_units, symbol.lot_places)
    pos = number(out, put(out, pos, _Q_WINDOW), own.recv_window)
    pos = put(out, pos, _Q_SELL) if order.side == SELL else put(out, pos, _Q_BUY)
    if _waits(order.kind):
        pos = plain(out, put(out, pos, _Q_TRIGGER), order.stop * symbol.tick_units, symbol.tick_places)
    pos = copy(out, put(out, pos, _Q_SYMBOL), symbol.name, symbol.size)
    if _timed(order.kind):
        pos = _tif(out, put(out, pos, _Q_TIF), order.tif)
    pos = number(out, put(out, pos, _Q_STAMP), order.timestamp)
    return _type(out, put(out, pos, _Q_TYPE), order.kind)


@compiled
def cancel_payload(out, pos, own, symbol, order):
    pos = copy(out, put(out, pos, _Q_KEY), own.key, own.key_size)
    pos = _client(out, put(out, pos, _Q_ORIGINAL), own, order.sequence)
    pos = number(out, put(out, pos, _Q_WINDOW), own.recv_window)
    pos = copy(out, put(out, pos, _Q_SYMBOL), symbol.name, symbol.size)
    return number(out, put(out, pos, _Q_STAMP), order.timestamp)


@compiled
def sign_hex(out, pos, raw, size):
    """End a request with the hex of an HMAC."""
    pos = put(out, pos, _SIGNATURE)
    for i in range(size):
        out[pos] = _HEX[raw[i] >> 4]
        out[pos + 1] = _HEX[raw[i] & 15]
        pos += 2
    return put(out, pos, _SIGNED)


@compiled
def sign_base64(out, pos, raw, size):
    """End a request with the base64 of an Ed25519 signature."""
    pos = put(out, pos, _SIGNATURE)
    for i in range(0, size, 3):
        left = min(size - i, 3)
        word = np.int64(raw[i]) << 16
        if left > 1:
            word |= np.int64(raw[i + 1]) << 8
        if left > 2:
            word |= np.int64(raw[i + 2])
        out[pos] = _BASE64[word >> 18]
        out[pos + 1] = _BASE64[(word >> 12) & 63]
        out[pos + 2] = _BASE64[(word >> 6) & 63] if left > 1 else 61
        out[pos + 3] = _BASE64[word & 63] if left > 2 else 61
        pos += 4
    return put(out, pos, _SIGNED)

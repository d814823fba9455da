"""WebSocket frames of a client in compiled code (RFC 6455): headers in, masked frames out, fragments joined.

Nothing is negotiated here: no extension, so reserved bits are an error. Not here: sockets and the upgrade.
"""

# mypy: disable-error-code="no-untyped-def, misc"

from __future__ import annotations

import numpy as np

from .fast_text import compiled, load_word, store_word

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
NEED_MORE, PROTOCOL_ERROR, TOO_BIG = -1, -2, -3
FIN = 0x80
HEAD_ROOM = 14
"""Bytes that `seal` may need in front of a payload."""
USUAL_HEAD = 8
"""Bytes that it needs in front of one of 126 bytes to 64 KiB."""
CLOSE_PROTOCOL, CLOSE_TOO_BIG, CLOSE_NORMAL = 1002, 1009, 1000


@compiled
def frame(buf, pos, end, limit):
    """The server's frame at `pos`: (first header byte, payload from, payload to), or a negative reason first."""
    if end - pos < 2:
        return np.int64(NEED_MORE), pos, pos
    first, second = np.int64(buf[pos]), np.int64(buf[pos + 1])
    opcode, length, at = first & 15, second & 127, pos + 2
    if first & 0x70 or second & 0x80 or (opcode > 2 and opcode < 8) or opcode > 10:
        return np.int64(PROTOCOL_ERROR), pos, pos
    if opcode >= 8 and (length > 125 or not first & FIN):
        return np.int64(PROTOCOL_ERROR), pos, pos
    more = 2 if length == 126 else 8 if length == 127 else 0
    if end - at < more:
        return np.int64(NEED_MORE), pos, pos
    if more:
        length = np.int64(0)
        for i in range(more):
            length = (length << 8) | np.int64(buf[at + i])
        at += more
    if length < 0 or length > limit:
        return np.int64(TOO_BIG), pos, pos
    if end - at < length:
        return np.int64(NEED_MORE), pos, pos
    return first, at, at + length


@compiled
def _mask(out, at, length, key):
    """Exclusive-or of out[at:at+length] with the eight bytes of `key`, over and over."""
    begin, whole = out.ctypes.data + at, length & ~7
    for i in range(0, whole, 8):
        store_word(begin + i, load_word(begin + i) ^ key)
    for i in range(whole, length):
        out[at + i] ^= np.uint8((key >> np.uint64(8 * (i & 7))) & np.uint64(255))


@compiled
def seal(out, at, length, opcode, mask):
    """Mask the payload out[at:at+length] in place and write its header before it; where the frame begins."""
    key = np.uint64(mask) & np.uint64(0xFFFFFFFF)
    for i in range(4):
        out[at - 4 + i] = np.uint8((key >> np.uint64(8 * i)) & np.uint64(255))
    _mask(out, at, length, key | (key << np.uint64(32)))
    if length < 126:
        out[at - 5], out[at - 6] = np.uint8(0x80 | length), np.uint8(FIN | opcode)
        return at - 6
    if length < 65536:
        out[at - 6], out[at - 5] = np.uint8(length >> 8), np.uint8(length & 255)
        out[at - 7], out[at - 8] = np.uint8(0xFE), np.uint8(FIN | opcode)
        return at - 8
    for i in range(8):
        out[at - 5 - i] = np.uint8((length >> (8 * i)) & 255)
    out[at - 13], out[at - 14] = np.uint8(0xFF), np.uint8(FIN | opcode)
    return at - 14


@compiled
def next_mask(state):
    """The next masking key; `state` is int64[1], seeded by the system's randomness and never 0."""
    x = np.uint64(state[0])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = np.int64(x)
    return np.int64(x >> np.uint64(32))


@compiled
def control(out, buf, start, stop, opcode, mask):
    """A control frame with the payload buf[start:stop] (at most 125 bytes): (frame from, frame to) in `out`."""
    for i in range(stop - start):
        out[HEAD_ROOM + i] = buf[start + i]
    return seal(out, np.int64(HEAD_ROOM), stop - start, opcode, mask), HEAD_ROOM + stop - start


@compiled
def close_code(buf, start, stop):
    """The code of a close frame's payload; 1005 if it has none."""
    if stop - start < 2:
        return np.int64(1005)
    return (np.int64(buf[start]) << 8) | np.int64(buf[start + 1])

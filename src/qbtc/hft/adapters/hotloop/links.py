"""The two sockets of the loop: bytes in, WebSocket frames out of them, bytes back; plain or through OpenSSL.

A TLS link does recv -> BIO_write -> SSL_read and SSL_write -> BIO_read -> send by function pointers, on descriptors
whose handshake the control thread made. What the kernel does not take is kept and sent again, the same bytes.
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714, SIM109 - chains of comparisons are what compiles to jumps
from __future__ import annotations

import numpy as np

from qbtc.core.binance.fast_ws import NEED_MORE, control, frame, next_mask

from .layout import FRAGMENTS, RAW, RX, TX
from .native import EAGAIN, EINTR, MSG_DONTWAIT, MSG_NOSIGNAL, call_int, call_int2, copy_bytes, errno, hot, recv, send

ENDED = -1
"""The peer closed, or an error; `detail` of the link says which."""
FULL = -2
_WANT_READ, _ZERO_RETURN = 2, 6
_LOW = 1 << 16
MESSAGE, ANSWER, END = 1, 2, 3
CLOSE, PING, FIN = 8, 9, 0x80


@hot
def _space(link):
    """Room at the end of the receive buffer: what was read is dropped when it is short."""
    if link.head == link.tail:
        link.head, link.tail = 0, 0
    elif RX - link.tail < _LOW:
        size = link.tail - link.head
        for i in range(size):
            link.rx[i] = link.rx[link.head + i]
        link.head, link.tail = 0, size
    return RX - link.tail


@hot
def _take(fd, address, size):
    """recv without waiting: bytes, 0 for none now, ENDED; errno is the second."""
    got = recv(np.int32(fd), np.uint64(address), np.uint64(size), np.int32(MSG_DONTWAIT))
    if got > 0:
        return got, np.int64(0)
    if got == 0:
        return np.int64(ENDED), np.int64(0)
    fault = errno()
    return (np.int64(0) if fault == EAGAIN or fault == EINTR else np.int64(ENDED)), fault


@hot
def receive(link, calls):
    """What has arrived, decrypted, behind the buffer's tail: how many bytes, 0, ENDED or FULL."""
    room = _space(link)
    if room == 0:
        return np.int64(FULL)
    if link.ssl == 0:
        got, fault = _take(link.fd, link.rx.ctypes.data + link.tail, room)
        link.detail = fault
        link.tail += max(got, np.int64(0))
        return got
    got, fault = _take(link.fd, link.raw.ctypes.data, RAW)
    link.detail = fault
    if got == 0:
        return got
    if got > 0 and call_int(calls.bio_write, link.rbio, link.raw.ctypes.data, got) != got:
        return np.int64(ENDED)
    plain = _decrypt(link, calls)
    return plain if plain != 0 or got > 0 else got


@hot
def _decrypt(link, calls):
    total = np.int64(0)
    while True:
        room = RX - link.tail
        if room == 0:
            return total
        got = call_int(calls.ssl_read, link.ssl, np.int64(link.rx.ctypes.data) + link.tail, room)
        if got > 0:
            link.tail += got
            total += got
            continue
        why = call_int2(calls.ssl_get_error, link.ssl, got)
        if why != _WANT_READ and total == 0:
            link.detail = why
            return np.int64(ENDED)
        return total


@hot
def _push(link, address, size):
    """Send bytes now or keep them. False: they do not fit what is kept, or the socket is gone."""
    sent = np.int64(0)
    if link.tx_head == link.tx_tail:
        link.tx_head, link.tx_tail = 0, 0
        sent = send(np.int32(link.fd), np.uint64(address), np.uint64(size), np.int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        if sent == size:
            return True
        if sent < 0:
            fault = errno()
            if fault != EAGAIN and fault != EINTR:
                link.detail = fault
                return False
            sent = np.int64(0)
    left = size - sent
    if left > TX - link.tx_tail:
        return False
    copy_bytes(link.tx.ctypes.data + link.tx_tail, address + sent, left)
    link.tx_tail += left
    return True


@hot
def flush(link):
    """Send what was kept. False: the socket is gone."""
    while link.tx_head < link.tx_tail:
        size = link.tx_tail - link.tx_head
        sent = send(
            np.int32(link.fd),
            np.uint64(link.tx.ctypes.data + link.tx_head),
            np.uint64(size),
            np.int32(MSG_DONTWAIT | MSG_NOSIGNAL),
        )
        if sent < 0:
            link.detail = errno()
            return link.detail == EAGAIN or link.detail == EINTR
        link.tx_head += sent
    return True


@hot
def transmit(link, calls, address, size):
    """Frames to the venue. False: not sent, and never will be."""
    if link.ssl == 0:
        return _push(link, address, size)
    if call_int(calls.ssl_write, link.ssl, address, size) != size:
        return False
    return _drain(link, calls)


@hot
def _drain(link, calls):
    """What OpenSSL wants to send."""
    raw = np.int64(link.raw.ctypes.data)
    while True:
        got = call_int(calls.bio_read, link.wbio, raw, np.int64(RAW))
        if got <= 0:
            return True
        if not _push(link, raw, got):
            return False


@hot
def next_message(link, w, out):
    """The next whole message: (what, from, to, opcode). `what` is 0 for none, MESSAGE, END or a negative reason.

    Pings are answered on the way. A message in one frame is read where it lies; out[0] is 1 if it lies in `fragments`.
    """
    while True:
        first, start, stop = frame(link.rx, link.head, link.tail, RX - _LOW)
        if first == NEED_MORE:
            return np.int64(0), start, stop, first
        if first < 0:
            return first, start, stop, first
        link.head = stop
        opcode = first & 15
        if opcode >= CLOSE:
            if opcode == CLOSE:
                return np.int64(END), start, stop, opcode
            if opcode == PING and not _pong(link, w, start, stop):
                return np.int64(ENDED), start, stop, opcode
            continue
        if (opcode == 0) != (link.joining != 0):
            return np.int64(-2), start, stop, opcode
        if first & FIN and opcode:
            out[0] = 0
            return np.int64(MESSAGE), start, stop, opcode
        if stop - start > FRAGMENTS - link.joined:
            return np.int64(-3), start, stop, opcode
        for i in range(stop - start):
            link.fragments[link.joined + i] = link.rx[start + i]
        link.joined += stop - start
        link.joining = opcode if opcode else link.joining
        if first & FIN:
            opcode, size = link.joining, link.joined
            link.joining, link.joined, out[0] = 0, 0, 1
            return np.int64(MESSAGE), np.int64(0), size, opcode


@hot
def _pong(link, w, start, stop):
    begin, end = control(w.payload, link.rx, start, stop, 10, next_mask(w.mask))
    return transmit(link, w.calls, np.int64(w.payload.ctypes.data) + begin, end - begin)

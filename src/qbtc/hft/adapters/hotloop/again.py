"""The loop's own code run again on what was recorded: the same functions in the same order, without a socket or a clock.

Requests end in `said` of the WORLD, as in the loop itself. The links are made such that sending always succeeds.
"""

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"

from __future__ import annotations

import numpy as np
from numba import cfunc as numba_cfunc
from numba import types

from qbtc.hft.domain.session.kinds import Kind

from .answers import doubt_all
from .links import _space
from .loop import finish, house, listen, pump
from .native import hot
from .recording import forget_turn
from .trading import act

_BEGUN, _LISTENED, _HOUSE, _TURN, _OVER = (
    int(k) for k in (Kind.BEGUN, Kind.LISTENED, Kind.HOUSE, Kind.TURN, Kind.OVER)
)
_sending = numba_cfunc(types.int32(types.intp, types.intp, types.int32), cache=True)


@_sending
def takes_all(_link, _address, size):
    """In the place of SSL_write."""
    return size


@_sending
def has_nothing(_link, _address, _size):
    """In the place of BIO_read."""
    return 0


@hot
def space(w, which):
    """Where the next bytes of a link belong, as in the loop."""
    _space(w.links[which])
    return w.links[which].tail


@hot
def again(w, p, kind, at, wall, a, b):
    """One record. BEGUN; LISTENED; HOUSE; TURN: `a` is the link that received something or -1, `b` whether something was
    due; OVER: `a` and `b` are the reason and its detail."""
    w.received, w.wall = at, wall
    forget_turn(w)
    if kind == _BEGUN:
        p.head.running = 1
        doubt_all(w, p)
    elif kind == _LISTENED:
        listen(w, p)
    elif kind == _HOUSE:
        house(w, p, at, wall)
    elif kind == _TURN:
        w.decoded = at
        if a >= 0:
            pump(w, p, a, w.flag)
        if b:
            act(w, p)
    elif kind == _OVER:
        finish(w, p, a, b)
        p.head.running = 0
    p.tape_cursors.tail = p.tape_cursors.head
    return np.int64(w.said_size)

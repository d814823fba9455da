"""What replicas compare: the events of the newest days of market time, so that a set of events does not grow for ever.

An origin counts its events anew in each epoch (its name carries it), so dropping an epoch leaves no gap in any other. The
newest epoch that a replica has heard of decides what it holds; replicas that have exchanged their events agree on it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Final

import numpy as np

from qbtc.contracts.basis26 import CLIP, VERSION
from qbtc.contracts.quantum import SymbolState

from ..moments import SECOND
from .events import NOT_DEFINED, Event, N, Numbers, numbers

KEPT: Final = 2
DAY: Final = 86_400 * SECOND


def epoch_of(bar_end: int) -> int:
    """The day of market time (ns), counted from 1970."""
    return bar_end // DAY


def item_of(session: str, symbol: str, bar_end: int) -> str:
    """The name of a moment, the same in every replica: its market time first, so that its epoch can be read."""
    return f"{bar_end}:{symbol}:{session}"


def epoch_named(item: str) -> int:
    """The epoch of an item. Raises ValueError for a name that `item_of` did not make."""
    head, separator, _ = item.partition(":")
    if not separator or not head.isascii() or not head.isdigit():
        raise ValueError(f"{item[:80]!r} names no moment; it must begin with its market time in nanoseconds")
    return epoch_of(int(head))


def origin_in(origin: str, epoch: int) -> str:
    return f"{origin}/{epoch}"


def recent(events: Iterable[Event]) -> list[Event]:
    """Those of the newest KEPT epochs among them."""
    all_ = list(events)
    newest = max((epoch_named(event.item) for event in all_), default=0)
    return [event for event in all_ if epoch_named(event.item) > newest - KEPT]


def of_state(state: SymbolState) -> Numbers:
    """The 26 scores z of a state, z = Re psi times its intensity, with the identity of N's reference as its position.

    N without a reference is masked: it could not be compared.
    """
    mask = [*state.present]
    reference = _position(state.novelty_reference) if mask[N] else None
    mask[N] = reference is not None
    z = np.clip(np.array(state.real) * state.intensity, -CLIP, CLIP)
    return numbers(VERSION, np.where(mask, z, 0.0).tolist(), mask, NOT_DEFINED if reference is None else reference)


def _position(reference: str | None) -> int | None:
    """63 bits of the id of the state that N was measured against."""
    try:
        return uuid.UUID(reference).int >> 65 if reference else None
    except ValueError:
        return None

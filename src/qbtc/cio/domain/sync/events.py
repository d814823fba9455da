"""One item's 26 numbers as an event: formula version, numbers, mask and the position of N's reference.

N (novelty) is measured against the states before the item, so it depends on who measures and when. Its value and the
position of its reference therefore travel with the event and are never made anew by the replica that receives them.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qbtc.contracts.basis26 import CLIP, INDEX, LETTERS, SIZE

N: Final = INDEX["N"]
NOT_DEFINED: Final = -1


@dataclass(frozen=True, slots=True)
class Numbers:
    """Robust z-scores A..Z, True in `mask` where defined, and the position of N's reference (`NOT_DEFINED` without N)."""

    formula: int
    values: tuple[float, ...]
    mask: tuple[bool, ...]
    reference: int

    def __post_init__(self) -> None:
        """Raises ValueError as `numbers` says: no replica ever holds what cannot be compared."""
        faults = _size_faults(self) or (*_value_faults(self), *_version_faults(self))
        if faults:
            raise ValueError("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Event:
    """What replica `origin` said as its `sequence`-th event (from 1), at Lamport time `clock`.

    `body` None means that `item` was erased, for good and everywhere: erasure wins over every number.
    """

    origin: str
    sequence: int
    clock: int
    item: str
    body: Numbers | None

    def __post_init__(self) -> None:
        if not self.origin or not self.item:
            raise ValueError(f"origin is {self.origin!r} and item {self.item!r}; neither may be empty")
        if self.sequence < 1 or self.clock < 1:
            raise ValueError(f"sequence is {self.sequence} and clock {self.clock}; both count from 1")

    @property
    def name(self) -> tuple[str, int]:
        return self.origin, self.sequence


def numbers(formula: int, values: Sequence[float], mask: Sequence[bool], reference: int = NOT_DEFINED) -> Numbers:
    """Checked numbers; -0.0 becomes 0.0, so that equal numbers are equal bits.

    Raises ValueError for a wrong size, a number that is not finite or beyond +-5, a masked number that is not 0, a
    formula below 1, and for N without a reference or a reference without N.
    """
    return Numbers(formula, tuple(float(x) + 0.0 for x in values), tuple(map(bool, mask)), reference)


def _size_faults(made: Numbers) -> tuple[str, ...]:
    sizes = len(made.values), len(made.mask)
    return () if sizes == (SIZE, SIZE) else (f"{sizes[0]} numbers and {sizes[1]} mask bits; {SIZE} of each are needed",)


def _value_faults(made: Numbers) -> tuple[str, ...]:
    rows = tuple(zip(LETTERS, made.values, made.mask, strict=True))
    beyond = [f"{letter} is {x!r}; it must lie within +-{CLIP:g}" for letter, x, _ in rows if not _inside(x)]
    masked = [f"{letter} is masked but {x!r}; it must be 0" for letter, x, defined in rows if not defined and x != 0]
    return (*beyond, *masked)


def _inside(x: float) -> bool:
    return math.isfinite(x) and abs(x) <= CLIP


def _version_faults(made: Numbers) -> tuple[str, ...]:
    faults = [] if made.formula >= 1 else [f"formula version is {made.formula}; it must be at least 1"]
    if made.mask[N] and made.reference < 0:
        faults.append(f"N is defined but its reference is at {made.reference}; a position from 0 is needed")
    if not made.mask[N] and made.reference != NOT_DEFINED:
        faults.append(f"N is masked but its reference is at {made.reference}; it must be {NOT_DEFINED}")
    return tuple(faults)


def digest(item: str, body: Numbers | None) -> bytes:
    """SHA-256 over the item and the exact bits of its numbers; an erased item has a digest of its own."""
    name = item.encode()
    head = struct.pack("<?I", body is not None, len(name)) + name
    return hashlib.sha256(head if body is None else head + _bits(body)).digest()


def _bits(body: Numbers) -> bytes:
    return struct.pack(f"<qq{SIZE}?{SIZE}d", body.formula, body.reference, *body.mask, *(x + 0.0 for x in body.values))

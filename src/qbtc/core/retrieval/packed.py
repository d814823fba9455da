"""Unit vectors by slot in little memory, and the ones nearest to a query: candidates that somebody compares exactly after.

Few vectors are kept as they are. From `LEARN` on each is kept as one bit and four bits a coordinate around the mean of the
first ones (249 bytes for 384 dimensions instead of 1,536): a scan counts the bits in which vector and query differ, the
POOL nearest (of very many one in SHARE) are estimated from their four-bit codes. What is lost on the way is measured in bench/memory_read.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .vectors import top_slots

LEARN = 4096
POOL, SHARE = 8192, 64
CHUNK = 16_384
MIDDLE = 7.5

Vectors = NDArray[np.float32]
Slots = NDArray[np.int64]
Mask = NDArray[np.bool_]


class PackedVectors:
    """Slots are small integers given from outside; a slot without a vector is never found."""

    def __init__(self, *, learn: int = LEARN, pool: int = POOL) -> None:
        self._learn, self._pool = learn, pool
        self._plain: dict[int, Vectors] | None = {}
        self._centre: Vectors = np.zeros(0, np.float32)
        self._chunks: list[_Chunk] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count if self._plain is None else len(self._plain)

    @property
    def packed(self) -> bool:
        """Whether there are many: then `nearest` takes milliseconds without the interpreter's lock, and other threads may `put`."""
        return self._plain is None

    def put(self, slots: Slots, vectors: Vectors) -> None:
        """Keep `vectors` (n, d), d a multiple of 64, of length 1, under `slots` (n,); a slot that has one gets the new one."""
        if self._plain is None:
            self._encode(slots, vectors)
            return
        self._plain |= dict(zip(slots.tolist(), vectors.astype(np.float32), strict=True))
        if len(self._plain) >= self._learn:
            known, rows = np.array(list(self._plain), np.int64), np.stack(list(self._plain.values()))
            self._plain, self._centre = None, rows.mean(axis=0)
            self._encode(known, rows)

    def drop(self, slot: int) -> None:
        """Forget the vector of a slot, if it has one."""
        if self._plain is not None:
            self._plain.pop(slot, None)
            return
        chunk = slot // CHUNK
        if chunk < len(self._chunks) and self._chunks[chunk].present[slot % CHUNK]:
            self._chunks[chunk].clear(slot % CHUNK)
            self._count -= 1

    def nearest(self, query: Vectors, limit: int, allowed: Mask | None = None) -> Slots:
        """Slots whose vectors are nearest to `query` (d,), nearest first by estimate; exact while there are few.

        `allowed` says by slot which may be found; slots past its end may not.
        """
        if not len(self) or limit < 1:
            return np.zeros(0, np.int64)
        return self._exact(query, limit, allowed) if self._plain is not None else self._estimated(query, limit, allowed)

    def _exact(self, query: Vectors, limit: int, allowed: Mask | None) -> Slots:
        plain = self._plain or {}
        slots = np.array(sorted(plain), np.int64)
        if allowed is not None:
            slots = slots[slots < len(allowed)]
            slots = slots[allowed[slots]]
        if not len(slots):
            return slots
        cosines = np.stack([plain[slot] for slot in slots.tolist()]) @ query.astype(np.float32)
        return slots[top_slots(cosines, limit)]

    def _estimated(self, query: Vectors, limit: int, allowed: Mask | None) -> Slots:
        from .kernels import estimates

        centred = query.astype(np.float32) - self._centre
        slots = self._pooled(centred, allowed)
        scores = np.empty(len(slots), np.float32)
        edges = np.searchsorted(slots, np.arange(len(self._chunks) + 1) * CHUNK)
        for number, chunk in enumerate(self._chunks):
            part = slice(int(edges[number]), int(edges[number + 1]))
            estimates(chunk.codes, chunk.steps, chunk.offsets, centred, slots[part] - number * CHUNK, scores[part])
        return slots[top_slots(scores, limit)]

    def _pooled(self, centred: Vectors, allowed: Mask | None) -> Slots:
        """The `pool` slots whose bits differ least from the query's, rising; of equal ones the first."""
        from .kernels import distances, nearer

        bits = _bits(centred[None])[0]
        histogram = np.zeros(len(centred) + 1, np.int64)
        far = np.empty(len(self._chunks) * CHUNK, np.uint16)
        for number, chunk in enumerate(self._chunks):
            place = slice(number * CHUNK, (number + 1) * CHUNK)
            distances(chunk.bits, chunk.open(allowed, place), bits, far[place], histogram)
        reached = np.cumsum(histogram)
        size = min(max(self._pool, len(self) // SHARE), int(reached[-1]))
        limit = int(np.searchsorted(reached, size))
        under = int(reached[limit - 1]) if limit else 0
        found = np.empty(size, np.int64)
        return found[: nearer(far, np.uint16(limit), size - under, found)]

    def _encode(self, slots: Slots, vectors: Vectors) -> None:
        width = vectors.shape[1]
        while len(self._chunks) * CHUNK <= int(slots.max(initial=0)):
            self._chunks.append(_Chunk(width))
        centred = vectors.astype(np.float32) - self._centre
        bits, (codes, steps), offsets = _bits(centred), _codes(centred), centred @ self._centre
        for number in np.unique(slots // CHUNK).tolist():
            which = slots // CHUNK == number
            chunk, rows = self._chunks[number], slots[which] % CHUNK
            self._count += int((chunk.present[rows] == 0).sum())
            chunk.bits[rows], chunk.codes[rows], chunk.present[rows] = bits[which], codes[which], 1
            chunk.steps[rows], chunk.offsets[rows] = steps[which], offsets[which]


@dataclass(slots=True)
class _Chunk:
    """Room for CHUNK vectors; memory is taken when it is written.

    A vector is centre + c. `codes` and `steps` give c nearly, `offsets` are c . centre exactly.
    """

    width: int
    bits: NDArray[np.uint64] = field(init=False)
    codes: NDArray[np.uint8] = field(init=False)
    steps: Vectors = field(init=False)
    offsets: Vectors = field(init=False)
    present: NDArray[np.uint8] = field(init=False)

    def __post_init__(self) -> None:
        self.bits = np.empty((CHUNK, self.width // 64), np.uint64)
        self.codes = np.empty((CHUNK, self.width // 2), np.uint8)
        self.steps, self.offsets = np.empty(CHUNK, np.float32), np.empty(CHUNK, np.float32)
        self.present = np.zeros(CHUNK, np.uint8)

    def clear(self, row: int) -> None:
        self.present[row] = self.bits[row] = self.codes[row] = 0
        self.steps[row] = self.offsets[row] = 0.0

    def open(self, allowed: Mask | None, place: slice) -> NDArray[np.uint8]:
        """Which rows hold a vector that may be found."""
        if allowed is None:
            return self.present
        part = allowed[place]
        return np.pad(part, (0, CHUNK - len(part))).astype(np.uint8) & self.present


def _bits(centred: Vectors) -> NDArray[np.uint64]:
    """The signs of the coordinates, 64 to a word (n, d / 64)."""
    return np.packbits(centred > 0, axis=1).view(np.uint64)


def _codes(centred: Vectors) -> tuple[NDArray[np.uint8], Vectors]:
    """Four bits a coordinate, two to a byte (n, d / 2), and the step of each row (n,)."""
    steps = np.maximum(np.abs(centred).max(axis=1), np.float32(1e-12)) / np.float32(MIDDLE)
    levels = np.clip(np.rint(centred / steps[:, None] + np.float32(MIDDLE)), 0, 15).astype(np.uint8)
    half = centred.shape[1] // 2
    return levels[:, :half] | (levels[:, half:] << 4), steps.astype(np.float32)

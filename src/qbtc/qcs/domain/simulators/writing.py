"""One pass as the steps and tables that `kernels.run_blocks` reads.

The first run of monomial gates goes into the table that loads a block, the last into the one that stores it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Index

from . import kernels, lowering, tables
from .lowering import Lowered

Dtype = Any


@dataclass(frozen=True, slots=True)
class Pass:
    """Blocks of 2^k amplitudes, `tables` for the kernel, and the places of the index bits that number the blocks."""

    k: int
    tables: tuple[Any, ...]
    outside: Index


def written(lowered: Lowered, found: Index, qubits: Sequence[int], dtype: Dtype) -> Pass:
    """`found` (m, 2) has the atoms of the pass and their groups; `qubits` rise."""
    writer = _Writer(lowered, found, qubits, np.float64 if dtype == np.complex128 else np.float32)
    last = int(found[:, 1].max(initial=0))
    for group in range(1, last + 1):
        if group % 2:
            writer.compute(group)
        elif group != last:
            writer.turn(group)
    inside = set(qubits)
    outside = np.array([q for q in range(lowered.n) if q not in inside], dtype=np.int64)
    return Pass(len(qubits), writer.done(last), outside)


class _Writer:
    def __init__(self, lowered: Lowered, found: Index, qubits: Sequence[int], real: Any) -> None:
        self._l, self._found, self._qubits, self._real = lowered, found, qubits, real
        self._width = 4 if real == np.float64 else 8
        self._rows = lowered.rows[found[:, 0]]
        self._steps: list[list[int]] = []
        self._integers: list[int] = []
        self._places: list[Any] = []
        self._phases: list[Any] = []
        self._numbers: list[float] = []
        self._scale = 1.0
        self._order = self._buffer_order()
        self._bit = np.zeros(lowered.n, dtype=np.int64)
        self._bit[self._order] = np.arange(len(qubits))
        self._load()

    def _buffer_order(self) -> Index:
        """As in memory; but with dense gates idle qubits come inside vectors and those of the gates outside."""
        if not (self._rows[:, 0] == lowering.DENSE).any():
            return np.array(self._qubits, dtype=np.int64)
        weight = dict.fromkeys(self._qubits, 0)
        for row in self._rows.tolist():
            if row[0] == lowering.MIX:
                weight[row[1]] = max(weight[row[1]], 1)
            elif row[0] == lowering.DENSE:
                for q in self._dense_qubits(row):
                    weight[q] = 2
        idle = [q for q in self._qubits if not weight[q]]
        lanes = self._width.bit_length() - 2
        order = idle[:lanes] + sorted((q for q in self._qubits if weight[q]), key=weight.__getitem__) + idle[lanes:]
        return np.array(order, dtype=np.int64)

    def _dense_qubits(self, row: list[int]) -> list[int]:
        controls = [q for q in range(self._l.n) if row[3] >> q & 1]
        targets: list[int] = self._l.integers[row[4] : row[4] + row[1]].tolist()
        return targets + controls

    def _composed(self, group: int) -> tuple[Any, Any, bool, bool]:
        rows = self._rows[self._found[:, 1] == group]
        found: tuple[Any, Any, bool, bool] = tables.compose(
            rows, self._l.integers, self._l.numbers, self._bit, len(self._qubits)
        )
        return found

    def _load(self) -> None:
        place, phase, moves, turns = self._composed(0)
        turning = self._phase(phase, 1.0) if turns else -1
        spread = tables.spread_all(self._order)
        if moves or self._order.tolist() != list(self._qubits):
            self._step(kernels.LOAD, self._place(spread, place), turning)
        else:
            self._step(kernels.ROWS, self._place(spread[:: self._width // 2], None), turning)

    def turn(self, group: int) -> None:
        place, phase, moves, turns = self._composed(group)
        if moves:
            self._step(kernels.MONOMIAL, self._place(place, None), self._phase(phase, 1.0) if turns else -1)
        elif turns:
            self._step(kernels.DIAGONAL, 0, self._phase(phase, 1.0))

    def compute(self, group: int) -> None:
        rows = self._rows[self._found[:, 1] == group].tolist()
        mixes = {int(self._bit[r[1]]): self._l.numbers[r[5]].real for r in rows if r[0] == lowering.MIX}
        for row in rows:
            if row[0] == lowering.MIX:
                self._scale *= self._l.numbers[row[5] + 1].real
            else:
                self._dense(row)
        self._mix(mixes)

    def _mix(self, mixes: dict[int, float]) -> None:
        lanes = self._width.bit_length() - 2
        inside = {b: mixes.pop(b) for b in sorted(mixes) if b < lanes}
        if inside:
            at = len(self._numbers)
            for b in range(2):
                t = inside.get(b, 0.0)
                self._numbers += [t if lane >> (b + 1) & 1 else -t for lane in range(self._width)]
            self._step(kernels.LANES, 0, 0, 0, 0, at, 0)
        bits = sorted(mixes)
        for first in range(0, len(bits), 3):
            part = bits[first : first + 3]
            strides = [2 << b for b in part] + [0] * (3 - len(part))
            self._step(kernels.MIX, len(part), *strides, len(self._numbers), part[-1])
            self._numbers += [mixes[b] for b in part]

    def _dense(self, row: list[int]) -> None:
        m, size = row[1], 1 << row[1]
        targets = [int(self._bit[q]) for q in self._l.integers[row[4] : row[4] + m]]
        control = sum(1 << int(self._bit[q]) for q in range(self._l.n) if row[3] >> q & 1)
        self._step(kernels.DENSE, m, 0, len(self._integers), control, len(self._numbers))
        self._integers += targets + sorted(targets)
        matrix = self._l.numbers[row[5] : row[5] + size * size]
        self._numbers += matrix.view(np.float64).tolist()

    def done(self, last: int) -> tuple[Any, ...]:
        place, phase, _, turns = self._composed(last if last and last % 2 == 0 else -1)
        home = tables.spread_all(self._bit[np.array(self._qubits)])
        scaled = turns or self._scale != 1.0
        at = self._place(place, home)
        turning = self._phase(phase, self._scale, home) if scaled else -1
        offsets = tables.spread_all(np.array(self._qubits, dtype=np.int64))[:: self._width // 2]
        self._step(kernels.STORE, at, turning, self._place(offsets, None))
        return (
            np.array(self._steps, dtype=np.int64),
            np.array(self._integers or [0], dtype=np.int64),
            np.concatenate(self._places),
            np.concatenate(self._phases) if self._phases else np.zeros(0, dtype=self._real),
            np.array(self._numbers or [0], dtype=self._real),
        )

    def _step(self, kind: int, *fields: int) -> None:
        self._steps.append([kind, *fields] + [0] * (kernels.FIELDS - 1 - len(fields)))

    def _place(self, outer: Any, index: Any) -> int:
        """Start of a table outer[index[i]] (outer itself without an index)."""
        at = sum(int(p.size) for p in self._places)
        if index is None:
            self._places.append(outer.astype(np.uint32))
        else:
            out = np.empty(index.size, dtype=np.uint32)
            tables.seen_through(outer, index, out)
            self._places.append(out)
        return at

    def _phase(self, phase: Any, scale: float, index: Any = None) -> int:
        at = sum(int(p.size) for p in self._phases)
        out = np.empty(2 * phase.size, dtype=self._real)
        tables.pairs_through(phase, np.arange(phase.size) if index is None else index, scale, out)
        self._phases.append(out)
        return at

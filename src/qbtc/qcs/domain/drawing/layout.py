"""Where everything of a circuit stands: wires from top to bottom, columns from left to right. Knows no style.

An operation takes all wires between its first and its last, so that no line crosses a gate of the same column.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..program import Channel, Condition, Measure, Op, Register, Unitary
from ..qasm.export import angle
from ..qasm.load import Trace

_SHOWN = {
    "h": "H",
    "x": "X",
    "y": "Y",
    "z": "Z",
    "s": "S",
    "t": "T",
    "sdg": "S†",
    "tdg": "T†",
    "sx": "√X",
    "sxdg": "√X†",
    "id": "I",
    **{name: name.upper() for name in ("rx", "ry", "rz", "rxx", "rzz", "p")},
}
_BASES = {
    "x": ("cx", "CX", "ccx", "c3x", "c4x"),
    "sx": ("csx", "c3sqrtx"),
    "p": ("cp", "cphase", "cu1", "u1", "phase"),
    "swap": ("cswap",),
    **{name: (f"c{name}",) for name in ("y", "z", "h", "rx", "ry", "rz", "u3")},
}
_BASE = {name: base for base, names in _BASES.items() for name in names}
MAX_LABEL = 24


@dataclass(frozen=True, slots=True)
class Wire:
    """`size` is the number of bits of a classical register; None for a qubit."""

    label: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Glyph:
    """`kind`: box (with text), control, plus, cross, barrier, bit (where a measurement is written), test (of a condition)."""

    wire: int
    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Glyphs of one column; a single line joins those on qubits, a double one leads down to `bit` or `test`."""

    column: int
    glyphs: tuple[Glyph, ...]

    def on(self, *kinds: str) -> list[int]:
        return [g.wire for g in self.glyphs if g.kind in kinds]


@dataclass(frozen=True, slots=True)
class Layout:
    wires: tuple[Wire, ...]
    items: tuple[Item, ...]
    columns: int
    notes: tuple[str, ...] = ()


def arranged(trace: Trace) -> Layout:
    """Every operation in the first column where its wires are free, in order."""
    qubits = tuple(Wire(_qubit(r, i)) for r in trace.qubits for i in range(r.size))
    wires = qubits + tuple(Wire(r.name, r.size) for r in trace.bits)
    free = [0] * len(wires)
    items: list[Item] = []
    barriers = list(trace.barriers)
    for number in range(len(trace.ops) + 1):
        while barriers and barriers[0][0] == number:
            _, across = barriers.pop(0)
            _place([Glyph(q, "barrier") for q in sorted(across)], free, items)
        if number < len(trace.ops):
            _place(_glyphs(trace.ops[number], trace.bits, len(qubits)), free, items)
    return Layout(wires, tuple(items), max(free, default=0), _notes(trace))


def _notes(trace: Trace) -> tuple[str, ...]:
    notes = []
    if not trace.flat:
        notes.append("The circuit computes with measured values: this is its run in which every measurement gives 0.")
    if not trace.whole:
        notes.append(f"Only the first {len(trace.ops)} operations are drawn.")
    return tuple(notes)


def _place(glyphs: list[Glyph], free: list[int], items: list[Item]) -> None:
    if not glyphs:
        return
    used = [g.wire for g in glyphs]
    span = range(min(used), max(used) + 1)
    column = max(free[w] for w in span)
    for wire in span:
        free[wire] = column + 1
    items.append(Item(column, tuple(glyphs)))


def _qubit(register: Register, index: int) -> str:
    if register.name == "$":
        return f"${index}"
    return register.name if register.size == 1 else f"{register.name}[{index}]"


def _glyphs(op: Op, bits: tuple[Register, ...], first: int) -> list[Glyph]:
    """`first` is the wire of the first classical register."""
    if isinstance(op, Measure):
        found = [Glyph(op.qubit, "box", "M")]
        if any(r.offset <= op.bit < r.offset + r.size for r in bits):
            number, register = _register_of(op.bit, bits)
            found.append(Glyph(first + number, "bit", str(op.bit - register.offset)))
    elif isinstance(op, Unitary):
        found = [Glyph(c, "control") for c in op.controls] + _targets(op)
    elif isinstance(op, Channel):
        found = [Glyph(t, "box", op.name[:MAX_LABEL]) for t in op.targets]
    else:
        found = [Glyph(op.qubit, "box", "|0⟩")]
    if op.condition is not None:
        found.append(_test(op.condition, bits, first))
    return found


def _register_of(bit: int, bits: tuple[Register, ...]) -> tuple[int, Register]:
    return next((i, r) for i, r in enumerate(bits) if r.offset <= bit < r.offset + r.size)


def _test(condition: Condition, bits: tuple[Register, ...], first: int) -> Glyph:
    number, register = _register_of(condition.offset, bits)
    start = condition.offset - register.offset
    if condition.size == register.size:
        which = ""
    else:
        which = f"[{start}]" if condition.size == 1 else f"[{start}:{start + condition.size - 1}]"
    return Glyph(first + number, "test", f"{which}={condition.value}")


def _targets(op: Unitary) -> list[Glyph]:
    base = _BASE.get(op.name, op.name)
    if base == "swap":
        return [Glyph(t, "cross") for t in op.targets]
    if base == "x" and op.controls:
        return [Glyph(op.targets[0], "plus")]
    text = _SHOWN.get(base, base)
    if op.parameters:
        text += "(" + ",".join(_short(p) for p in op.parameters) + ")"
    if len(text) > MAX_LABEL:
        text = text[: MAX_LABEL - 1] + "…"
    if len(op.targets) == 1:
        return [Glyph(op.targets[0], "box", text)]
    return [Glyph(t, "box", f"{text}:{i}") for i, t in enumerate(op.targets)]


def _short(parameter: float) -> str:
    text = angle(parameter)
    return text.replace("*", "").replace("pi", "π") if "pi" in text else f"{parameter:.3g}"

"""A layout in box characters: two lines a wire, wrapped at a width."""

from __future__ import annotations

from .layout import Glyph, Item, Layout, Wire

MIN_WIDTH = 40
_SIGNS = {"control": "●", "plus": "⊕", "cross": "✕", "barrier": "░"}


def as_text(layout: Layout, width: int = 80) -> str:
    """Lines of at most `width` characters, where no single column is wider."""
    labels = [_label(wire) for wire in layout.wires]
    margin = max((len(label) for label in labels), default=0)
    columns: list[list[Item]] = [[] for _ in range(layout.columns)]
    for item in layout.items:
        columns[item.column].append(item)
    drawn = [_column(column, layout.wires) for column in columns]
    room = max(width, MIN_WIDTH) - margin - 4
    parts = _wrapped(drawn, room) or [[]]
    blocks = [_joined(part, labels, margin, layout.wires, (i > 0, i + 1 < len(parts))) for i, part in enumerate(parts)]
    return "\n".join([*layout.notes, "\n\n".join(blocks)]) + "\n"


def _label(wire: Wire) -> str:
    return wire.label if wire.size is None else f"{wire.label}/{wire.size}"


def _column(items: list[Item], wires: tuple[Wire, ...]) -> list[str]:
    """The cells of one column, two lines a wire (its own and the gap below), all of one width."""
    rows = [""] * (2 * len(wires))
    for item in items:
        _lines(item, rows)
        for glyph in item.glyphs:
            rows[2 * glyph.wire] = _sign(glyph)
    wide = max((len(cell) for cell in rows), default=1)
    return [_filled(cell, wide, _wire_of(row, wires)) for row, cell in enumerate(rows)]


def _sign(glyph: Glyph) -> str:
    if glyph.kind == "box":
        return f"┤{glyph.text}├"
    return _SIGNS.get(glyph.kind, glyph.text)


def _lines(item: Item, rows: list[str]) -> None:
    """Vertical lines: single between qubits, double down to a classical register."""
    quantum = item.on("box", "control", "plus", "cross", "barrier")
    if item.on("barrier"):
        for wire in quantum[:-1]:
            if wire + 1 in quantum:
                rows[2 * wire + 1] = "░"
        return
    for row in range(2 * min(quantum) + 1, 2 * max(quantum)):
        rows[row] = "│" if row % 2 else "┼"
    classical = item.on("bit", "test")
    if classical:
        for row in range(2 * max(quantum) + 1, 2 * max(classical)):
            rows[row] = "║" if row % 2 else "╫"
        for wire in range(max(quantum) + 1, max(classical)):
            rows[2 * wire] = "╫" if wire not in classical else ""


def _wire_of(row: int, wires: tuple[Wire, ...]) -> str:
    if row % 2:
        return " "
    return "─" if wires[row // 2].size is None else "═"


def _filled(cell: str, width: int, line: str) -> str:
    before = (width - len(cell)) // 2
    return line + line * before + cell + line * (width - len(cell) - before)


def _wrapped(columns: list[list[str]], room: int) -> list[list[list[str]]]:
    parts: list[list[list[str]]] = []
    left = 0
    for column in columns:
        wide = len(column[0])
        if wide > left or not parts:
            parts.append([])
            left = room
        parts[-1].append(column)
        left -= wide
    return parts


def _joined(
    part: list[list[str]], labels: list[str], margin: int, wires: tuple[Wire, ...], cut: tuple[bool, bool]
) -> str:
    """One block of wrapped lines; `cut` says whether it continues another and is continued."""
    lines = []
    for row in range(2 * len(wires) - 1):
        line = _wire_of(row, wires)
        head = labels[row // 2].rjust(margin) if row % 2 == 0 else " " * margin
        start = "«" if cut[0] and row % 2 == 0 else line if row % 2 == 0 else " "
        end = "»" if cut[1] and row % 2 == 0 else ""
        lines.append((f"{head} {start}" + "".join(column[row] for column in part) + line + end).rstrip())
    return "\n".join(line for line in lines if line.strip())

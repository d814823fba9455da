"""A layout as SVG. Colours are CSS variables (`--circuit-ink`, `--circuit-wire`, `--circuit-box`, `--circuit-accent`) with
defaults for light and dark, so that a page may set them; nothing is loaded from elsewhere."""

from __future__ import annotations

from xml.sax.saxutils import escape

from .layout import Glyph, Item, Layout, Wire

ROW, GAP, LETTER, PAD = 40, 12, 8, 16
_STYLE = """
.circuit{--ink:var(--circuit-ink,#1f2933);--wire:var(--circuit-wire,#7b8794);--box:var(--circuit-box,#ffffff);
--accent:var(--circuit-accent,#2563eb);font:13px ui-monospace,Menlo,Consolas,monospace}
@media (prefers-color-scheme:dark){.circuit{--ink:var(--circuit-ink,#e4e7eb);--wire:var(--circuit-wire,#7b8794);
--box:var(--circuit-box,#1f2933);--accent:var(--circuit-accent,#60a5fa)}}
.circuit text{fill:var(--ink)}.circuit .mid{text-anchor:middle}.circuit .end{text-anchor:end}
.circuit .wire{stroke:var(--wire)}.circuit .link{stroke:var(--accent)}
.circuit .box{fill:var(--box);stroke:var(--accent)}.circuit .dot{fill:var(--accent)}
.circuit .open{fill:none;stroke:var(--accent)}.circuit .barrier{stroke:var(--wire);stroke-dasharray:4 3}
"""


def as_svg(layout: Layout) -> str:
    """One `<svg>` element with a title; sizes are pixels."""
    margin = PAD + LETTER * max((len(_label(wire)) for wire in layout.wires), default=0) + GAP
    centres, right = _centres(layout, margin)
    top = PAD + 20 * len(layout.notes)
    rows = [top + ROW * i + ROW // 2 for i in range(len(layout.wires))]
    height = top + ROW * len(layout.wires) + PAD
    width = max(right + PAD, *(PAD * 2 + LETTER * len(note) for note in layout.notes), 1)
    parts = [_note(note, i) for i, note in enumerate(layout.notes)]
    parts += [_wire(wire, y, margin, right) for wire, y in zip(layout.wires, rows, strict=True)]
    for item in layout.items:
        parts += _item(item, centres[item.column], rows)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="circuit" role="img" viewBox="0 0 {width} {height}" '
    title = f"<title>Circuit on {sum(w.size is None for w in layout.wires)} qubits</title>"
    return f'{head}width="{width}" height="{height}">{title}<style>{_STYLE}</style>{"".join(parts)}</svg>\n'


def _label(wire: Wire) -> str:
    return wire.label if wire.size is None else f"{wire.label}/{wire.size}"


def _wide(glyph: Glyph) -> int:
    return max(28, LETTER * len(glyph.text) + 12) if glyph.kind == "box" else max(20, LETTER * len(glyph.text))


def _centres(layout: Layout, margin: int) -> tuple[list[int], int]:
    """The middle of each column, and where the wires end."""
    widths = [20] * layout.columns
    for item in layout.items:
        widths[item.column] = max(widths[item.column], *(_wide(g) for g in item.glyphs))
    centres, x = [], margin + GAP
    for wide in widths:
        centres.append(x + wide // 2)
        x += wide + GAP
    return centres, x


def _note(note: str, number: int) -> str:
    return f'<text x="{PAD}" y="{PAD + 20 * number + 4}">{escape(note)}</text>'


def _line(x1: int, y1: int, x2: int, y2: int, style: str) -> str:
    return f'<line class="{style}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _wire(wire: Wire, y: int, left: int, right: int) -> str:
    label = f'<text class="end" x="{left - GAP // 2}" y="{y + 4}">{escape(_label(wire))}</text>'
    if wire.size is None:
        return label + _line(left, y, right, y, "wire")
    return label + _line(left, y - 2, right, y - 2, "wire") + _line(left, y + 2, right, y + 2, "wire")


def _item(item: Item, x: int, rows: list[int]) -> list[str]:
    if item.on("barrier"):
        return [_line(x, rows[w] - ROW // 2, x, rows[w] + ROW // 2, "barrier") for w in item.on("barrier")]
    quantum = [rows[w] for w in item.on("box", "control", "plus", "cross")]
    parts = [_line(x, min(quantum), x, max(quantum), "link")] if len(quantum) > 1 else []
    classical = [rows[w] for w in item.on("bit", "test")]
    if classical:
        parts += [_line(x + d, max(quantum), x + d, max(classical), "link") for d in (-2, 2)]
    return parts + [_glyph(glyph, x, rows[glyph.wire]) for glyph in item.glyphs]


def _glyph(glyph: Glyph, x: int, y: int) -> str:
    if glyph.kind == "control":
        return f'<circle class="dot" cx="{x}" cy="{y}" r="5"/>'
    if glyph.kind == "plus":
        circle = f'<circle class="box" cx="{x}" cy="{y}" r="10"/>'
        return circle + _line(x - 10, y, x + 10, y, "link") + _line(x, y - 10, x, y + 10, "link")
    if glyph.kind == "cross":
        return _line(x - 6, y - 6, x + 6, y + 6, "link") + _line(x - 6, y + 6, x + 6, y - 6, "link")
    text = escape(glyph.text)
    if glyph.kind == "box":
        wide = _wide(glyph)
        box = f'<rect class="box" x="{x - wide // 2}" y="{y - 14}" width="{wide}" height="28" rx="4"/>'
        return f'{box}<text class="mid" x="{x}" y="{y + 4}">{text}</text>'
    return f'<circle class="dot" cx="{x}" cy="{y}" r="3"/><text class="mid" x="{x}" y="{y + 16}">{text}</text>'

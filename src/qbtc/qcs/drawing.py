"""The use cases of drawing and exporting a circuit: text in, text out, with limits on what is drawn. Raises QasmError."""

from __future__ import annotations

from .domain.drawing import arranged, as_svg, as_text
from .domain.program import Program
from .domain.qasm import Limits, NotRunnable, Setting, load, parse_text, trace
from .domain.qasm.export import CannotExport, exported
from .domain.qasm.printer import printed

DRAWN = 2_000
DRAWN_QUBITS = 100
STYLES = ("text", "svg")


def draw(source: str, style: str = "text", *, width: int = 100, setting: Setting | None = None) -> str:
    """The drawing of at most `DRAWN` operations; what was left out is said in it."""
    if style not in STYLES:
        raise ValueError(f"there is no style {style!r}; allowed are text and svg")
    found = trace(source, DRAWN, setting or Setting(limits=Limits(qubits=DRAWN_QUBITS)))
    layout = arranged(found)
    return as_text(layout, width) if style == "text" else as_svg(layout)


def export(source: str, version: int, setting: Setting | None = None) -> str:
    """OpenQASM of `version`. A circuit with classical control stays in the version it is written in."""
    setting = setting or Setting(limits=Limits(qubits=DRAWN_QUBITS))
    circuit = load(source, setting)
    if isinstance(circuit, Program):
        return exported(circuit, version)
    tree = parse_text(source, file=setting.file)
    if tree.major == version:
        return printed(tree)
    raise CannotExport(f"the circuit computes with measured values: it stays OpenQASM {tree.major}")


__all__ = ["CannotExport", "NotRunnable", "draw", "export"]

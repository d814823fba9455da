"""Source text to what simulators run: a flat `Program` where nothing but conditions depends on a measurement, otherwise a
`Feedback` that interprets the program anew for every run."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from ..program import Measure, Op, Ops, Program, Register, format_bits
from . import syntax as s
from .checker import LIBRARIES, Checker
from .errors import NotRunnable, Sources
from .expressions import Expressions
from .gates import COMPOSITE_2, COMPOSITES
from .lexer import tokenize
from .machine import Machine
from .parser import Parser3
from .parser2 import Parser2
from .store import Binding, Cell, NeedsFeedback
from .syntax import Source
from .unit import Limits, Unit, unwatched

MAX_INCLUDES = 20
Inputs = Mapping[str, str]
Read = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Setting:
    """`inputs` are the values of `input` declarations as source text; `read` gives the text of an included file;
    `check` is asked at each statement that is run and stops it by raising."""

    file: str = "circuit"
    limits: Limits = field(default_factory=Limits)
    inputs: Inputs | None = None
    read: Read | None = None
    check: Callable[[], None] = unwatched


def parse_text(source: str, *, file: str = "circuit") -> Source:
    """The syntax tree of a text; nothing is included or checked. Raises QasmError."""
    return _parse(source, file, Sources(), None)


def _parse(source: str, file: str, sources: Sources, version: int | None) -> Source:
    tokens = tokenize(source, sources, file, version)
    return (Parser2 if tokens.version == 2 else Parser3)(tokens, sources).source()


def check(source: str, setting: Setting | None = None) -> Unit:
    """The checked program. Raises QasmError at the first fault."""
    setting = setting or Setting()
    sources = Sources()
    tree = _parse(source, setting.file, sources, None)
    return Checker(_included(tree, sources, setting.read), sources, setting.limits).check()


def load(source: str, setting: Setting | None = None) -> Program | Interpreted:
    """The circuit of a source. Raises QasmError; NotRunnable where the source is valid and something else is missing."""
    setting = setting or Setting()
    unit = check(source, setting)
    inputs = _inputs(unit, setting.inputs or {})
    try:
        return _flattened(unit, setting, inputs)
    except NeedsFeedback:
        return Interpreted(unit, setting.limits, inputs)


def parse(source: str, *, file: str = "circuit", limits: Limits | None = None) -> Program:
    """A circuit that must be flat. Raises QasmError; NotRunnable where it computes with measured values."""
    found = load(source, Setting(file, limits or Limits()))
    if isinstance(found, Program):
        return found
    raise NotRunnable(
        "the circuit computes with measured values: it is no flat list of gates", line=1, column=1, file=file
    )


def _flattened(unit: Unit, setting: Setting, inputs: Mapping[str, Binding]) -> Program:
    if any(kind.name not in ("bit", "bool") for kind in unit.outputs.values()):
        raise NeedsFeedback
    ops: list[Op] = []
    limits = setting.limits
    for op in Machine(unit, limits, inputs, flat=True, check=setting.check).run():
        ops.append(op)
        if len(ops) > limits.operations:
            raise unit.sources.cannot_run(0, "too many operations", f"at most {limits.operations}")
    return Program(tuple(unit.qubits.values()), tuple(unit.bits.values()), tuple(ops))


@dataclass(frozen=True, slots=True)
class Trace:
    """The operations of a circuit with its barriers, each by the number of the operation it stands before. `flat` is
    False where they are those of one run, whose outcomes are all 0; `whole` where none was left out at the end."""

    qubits: tuple[Register, ...]
    bits: tuple[Register, ...]
    ops: tuple[Op, ...]
    barriers: tuple[tuple[int, tuple[int, ...]], ...]
    flat: bool
    whole: bool


def trace(source: str, most: int, setting: Setting | None = None) -> Trace:
    """What a drawing shows: at most `most` operations. Raises QasmError."""
    setting = setting or Setting()
    unit = check(source, setting)
    inputs = _inputs(unit, setting.inputs or {})
    try:
        return _traced(Machine(unit, setting.limits, inputs, flat=True, check=setting.check), most)
    except NeedsFeedback:
        return _traced(Machine(unit, setting.limits, inputs, flat=False, check=setting.check), most)


def _traced(machine: Machine, most: int) -> Trace:
    ops: list[Op] = []
    barriers: list[tuple[int, tuple[int, ...]]] = []
    run, outcome, whole = machine.run(), None, True
    with suppress(StopIteration):
        while True:
            op = run.send(outcome)
            barriers += [(len(ops), qubits) for qubits in machine.barriers]
            machine.barriers.clear()
            if len(ops) == most:
                whole = False
                break
            ops.append(op)
            outcome = 0 if isinstance(op, Measure) and not machine.flat else None
    barriers += [(len(ops), qubits) for qubits in machine.barriers]
    unit = machine.unit
    registers = tuple(unit.qubits.values()), tuple(unit.bits.values())
    return Trace(*registers, tuple(ops), tuple(barriers), machine.flat, whole)


@dataclass(frozen=True, slots=True, eq=False)
class Interpreted:
    """A circuit with classical control, run statement by statement; see `Feedback`. `check` stops a run by raising."""

    unit: Unit
    limits: Limits
    inputs: Mapping[str, Binding]
    check: Callable[[], None] = unwatched

    @property
    def qubits(self) -> tuple[Register, ...]:
        return tuple(self.unit.qubits.values())

    @property
    def bits(self) -> tuple[Register, ...]:
        return tuple(self.unit.bits.values())

    @property
    def n_qubits(self) -> int:
        return sum(r.size for r in self.qubits)

    @property
    def n_bits(self) -> int:
        return sum(r.size for r in self.bits)

    def format_bits(self, value: int) -> str:
        return format_bits(self.bits, value)

    def start(self) -> Ops:
        machine = Machine(self.unit, self.limits, _copied(self.inputs), flat=False, check=self.check)
        yield from _counted(machine.run(), self.unit, self.limits.operations)
        return machine.result()


def _counted(ops: Generator[Op, int | None, None], unit: Unit, most: int) -> Generator[Op, int | None, None]:
    """The same operations, at most so many; a measurement must be answered."""
    outcome: int | None = None
    try:
        for _ in range(most):
            op = ops.send(outcome)
            outcome = yield op
            if isinstance(op, Measure) and outcome is None:
                raise ValueError("a measurement must be answered with its outcome, 0 or 1")
    except StopIteration:
        return
    raise unit.sources.cannot_run(0, "too many operations", f"at most {most}")


def _copied(inputs: Mapping[str, Binding]) -> dict[str, Binding]:
    return {name: Cell(b.kind, b.data, const=True) if isinstance(b, Cell) else b for name, b in inputs.items()}


def _inputs(unit: Unit, given: Inputs) -> dict[str, Binding]:
    """Values of the types that the program declares, from their text."""
    unknown = set(given) - set(unit.inputs)
    if unknown:
        known = ", ".join(unit.inputs) or "none is declared"
        raise unit.sources.cannot_run(
            0, f"the program has no input {sorted(unknown)[0]!r}", f"one of its inputs ({known})"
        )
    machine = Machine(unit, Limits(), {}, flat=False)
    machine.constants |= unit.constants
    machine.globals |= unit.constants
    return {name: _input(machine, unit.inputs[name], text) for name, text in given.items()}


def _input(machine: Machine, node: s.Channelled, text: str) -> Binding:
    sources = machine.sources
    if node.type.name == "bit" and text.strip("01_") == "" and node.type.size is not None:
        text = f'"{text}"'
    expression = _expression(text, f"input {node.name}", sources)
    if node.type.name == "array":
        array = machine.new_array(node.type)
        machine.fill(array, expression)
        return array
    kind = machine.kind(node.type)
    return Cell(kind, machine.data(expression, kind), const=True)


def _expression(text: str, file: str, sources: Sources) -> s.Expression:
    parser = Expressions(tokenize(text, sources, file, 3), sources)
    found = parser.initial() if parser.kind == "{" else parser.expression()
    if parser.kind != "eof":
        raise parser.error(f"found {parser.shown}", "the end of the value")
    return found


def _included(tree: Source, sources: Sources, read: Read | None) -> Source:
    """The tree with the bodies of included files; the libraries stay, because their gates are built in."""
    budget = [MAX_INCLUDES]
    return Source(tree.version, _spliced(tree.body, tree.major, sources, read, budget))


def _spliced(body: s.Block, major: int, sources: Sources, read: Read | None, budget: list[int]) -> s.Block:
    found: list[s.Statement] = []
    for statement in body:
        if not isinstance(statement, s.Include):
            found.append(statement)
        elif statement.file in LIBRARIES:
            found.append(statement)
            if statement.file == "qelib1.inc" and sources.mention(COMPOSITES):
                found += _parse(COMPOSITE_2, "qelib1.inc", sources, 2).body
        else:
            found += _file(statement, major, sources, read, budget)
    return tuple(found)


def _file(node: s.Include, major: int, sources: Sources, read: Read | None, budget: list[int]) -> s.Block:
    text = read(node.file) if read is not None else None
    if text is None:
        known = " or ".join(f'"{name}"' for name in LIBRARIES)
        raise sources.error(node.at, f'cannot include "{node.file}"', known)
    budget[0] -= 1
    if budget[0] < 0:
        raise sources.error(
            node.at, f"more than {MAX_INCLUDES} files are included", "fewer, and none that includes itself"
        )
    header = "OPENQASM 2.0;" if major == 2 else ""
    tree = _parse(text if "OPENQASM" in text or not header else header + text, node.file, sources, major)
    return _spliced(tree.body, major, sources, read, budget)

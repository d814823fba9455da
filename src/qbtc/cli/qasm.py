"""`qbtc qasm`: run, check, export and draw OpenQASM circuits, in this process; no running system is needed."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from .common import fail

if TYPE_CHECKING:
    from qbtc.qcs.domain.qasm import QasmError, Setting

CHECKED_QUBITS = 10_000
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
_inputs = click.option(
    "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="The value of an input declaration."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def qasm() -> None:
    """OpenQASM 2 and 3 circuits from a file (- for standard input)."""


@qasm.command("run")
@_file
@click.option("--shots", type=click.IntRange(1, 100_000_000), default=1024, show_default=True, help="Runs of the circuit.")
@click.option("--seed", type=click.IntRange(0), help="The same seed gives the same counts.")
@click.option("--engine", default="auto", show_default=True, help="The name of a simulator; auto chooses by cost.")
@click.option("--noise", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A noise model as JSON.")
@_inputs
@_as_json
def run(**given: Any) -> None:
    """Count the outcomes of a circuit. Bits are in Qiskit's order: the last register first."""
    file, source = given["file"], _read(given["file"])
    _guarded(file, source, lambda: _run(source, given))


def _run(source: str, given: dict[str, Any]) -> None:
    from qbtc.qcs.domain.qasm import load
    from qbtc.qcs.domain.simulators.protocol import Shots
    from qbtc.qcs.domain.simulators.survey import sizes
    from qbtc.qcs.simulation import How, Prepared, answered, noisy

    circuit = load(source, _setting(given["file"], CHECKED_QUBITS, given["inputs"]))
    engine = None if given["engine"] == "auto" else given["engine"]
    ready, task = Prepared(circuit, sizes(circuit)[0]), Shots(given["shots"])
    if given["noise"] is not None:
        from qbtc.qcs.domain.noise.reading import noise_model

        ready = noisy(ready, noise_model(_read(given["noise"])), task)
    answer = answered(ready, task, How(given["seed"], engine=engine))
    if given["as_json"]:
        told = {"shots": given["shots"], "seed": answer.seed, "engine": answer.engine, "why": answer.why}
        click.echo(json.dumps({"counts": answer.counts, **told}))
        return
    for bits, count in answer.counts.items():
        click.echo(f"{bits or '(no bits)'}  {count}")
    click.echo(f"{answer.engine}: {answer.why}; seed {answer.seed}", err=True)


@qasm.command("check")
@_file
def check(file: Path) -> None:
    """Say whether a file is valid, and what it would need to run. Exit code 1 if it is not valid."""
    source = _read(file)
    _guarded(file, source, lambda: _check(file, source))


def _check(file: Path, source: str) -> None:
    from qbtc.qcs.domain.program import Program
    from qbtc.qcs.domain.qasm import NotRunnable, load

    try:
        circuit = load(source, _setting(file, CHECKED_QUBITS))
    except NotRunnable as error:
        click.echo(f"{file}: valid; to run it: {error}")
        return
    qubits, bits = (sum(r.size for r in registers) for registers in (circuit.qubits, circuit.bits))
    kind = f"{len(circuit.ops)} operations" if isinstance(circuit, Program) else "classical control"
    click.echo(f"{file}: valid; {qubits} qubits, {bits} bits, {kind}")


@qasm.command("export")
@_file
@click.option("--to", "version", type=click.Choice(["2", "3"]), required=True)
@_inputs
def export(file: Path, version: str, inputs: tuple[str, ...]) -> None:
    """Print a circuit as OpenQASM 2 or 3: gates of the standard library, everything classical worked out."""
    source = _read(file)
    _guarded(file, source, lambda: click.echo(_exported(file, source, int(version), inputs), nl=False))


def _exported(file: Path, source: str, version: int, inputs: tuple[str, ...]) -> str:
    from qbtc.qcs.drawing import export as exported

    return exported(source, version, _setting(file, CHECKED_QUBITS, inputs))


@qasm.command("draw")
@_file
@click.option("--style", type=click.Choice(["text", "svg"]), default="text", show_default=True)
@click.option("--width", type=click.IntRange(40, 10_000), help="Of the text; default: the terminal's.")
@_inputs
def draw(file: Path, style: str, width: int | None, inputs: tuple[str, ...]) -> None:
    """Draw a circuit."""
    source = _read(file)
    _guarded(file, source, lambda: click.echo(_drawn(file, source, style, width, inputs), nl=False))


def _drawn(file: Path, source: str, style: str, width: int | None, inputs: tuple[str, ...]) -> str:
    from qbtc.qcs.drawing import draw as drawn

    wide = width or shutil.get_terminal_size((100, 24)).columns
    return drawn(source, style, width=wide, setting=_setting(file, CHECKED_QUBITS, inputs))


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        _ended(f"{file} is not UTF-8 text: {error.reason} at byte {error.start}.")


def _setting(file: Path, qubits: int, inputs: tuple[str, ...] = ()) -> Setting:
    from qbtc.qcs.domain.qasm import Limits, Setting

    given = dict(pair.split("=", 1) for pair in inputs if "=" in pair)
    bad = [pair for pair in inputs if "=" not in pair]
    if bad:
        _ended(f"--input {bad[0]!r} has no value.", "Allowed: --input NAME=VALUE, such as --input theta=pi/3.")
    return Setting(str(file), Limits(qubits=qubits, bits=qubits), given, _reader(file))


def _reader(file: Path) -> Callable[[str], str | None]:
    """Included files are looked for in the folder of the file, and not outside of it."""
    folder = (Path() if str(file) == "-" else file.parent).resolve()

    def read(name: str) -> str | None:
        path = (folder / name).resolve()
        return path.read_text(encoding="utf-8") if path.is_relative_to(folder) and path.is_file() else None

    return read


def _guarded(file: Path, source: str, work: Callable[[], None]) -> None:
    from qbtc.qcs.domain.qasm import QasmError

    try:
        work()
    except QasmError as error:
        _show(file, source, error)
    except ValueError as error:
        _ended(f"{error}.")


def _show(file: Path, source: str, error: QasmError) -> NoReturn:
    """The error, and its line with a caret where it is a line of this file."""
    from qbtc.qcs.domain.qasm import pointed

    fail(str(error))
    if error.file == str(file):
        click.echo(pointed(error, source), err=True)
    raise SystemExit(1)


def _ended(message: str, advice: str = "") -> NoReturn:
    fail(message, advice)
    raise SystemExit(1)

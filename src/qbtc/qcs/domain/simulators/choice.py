"""Which engine runs a circuit: the cheapest of those that can, and the reason in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .protocol import Circuit, Cost, Engine, Refusal, Task, TooMuchMemory
from .survey import sizes


class NoEngine(ValueError):
    """No engine can run this task within the limits; the message has the reason of each."""


MOST_AMPLITUDES = 32
PATIENCE = 10.0
"""An exact answer may take this many times as long as an estimate."""


@dataclass(frozen=True, slots=True)
class Choice:
    engine: Engine
    cost: Cost

    @property
    def why(self) -> str:
        return self.cost.why

    @property
    def price(self) -> float:
        return self.cost.seconds * (PATIENCE if self.cost.sampled else 1.0)


def choose(
    engines: Iterable[Engine],
    circuit: Circuit,
    task: Task,
    *,
    memory: int,
    wanted: str | None = None,
    amplitudes: int = MOST_AMPLITUDES,
) -> Choice:
    """The engine with the least estimated seconds whose bytes fit `memory`, exact before estimated; `wanted` names one.

    Engines that hold amplitudes are asked for at most `amplitudes` qubits. Raises NoEngine, or TooMuchMemory where more memory would help.
    """
    able: list[Choice] = []
    reasons: list[str] = []
    error: type[ValueError] = NoEngine
    known, qubits = list(engines), sizes(circuit)[0]
    for engine in known:
        if wanted is not None and engine.name != wanted:
            continue
        if engine.amplitudes and qubits > amplitudes:
            reasons.append(f"{engine.name}: {qubits} qubits, allowed are {amplitudes}")
            error = TooMuchMemory
            continue
        cost = engine.cost(circuit, task)
        if isinstance(cost, Refusal):
            reasons.append(f"{engine.name}: {cost.why}")
        elif cost.bytes > memory:
            reasons.append(f"{engine.name}: needs {readable(cost.bytes)}, allowed are {readable(memory)}")
            error = TooMuchMemory
        else:
            able.append(Choice(engine, cost))
    if able:
        return min(able, key=lambda choice: choice.price)
    names = ", ".join(engine.name for engine in known)
    raise error("; ".join(reasons) or f"there is no engine {wanted!r}; allowed are {names}")


def readable(size: int) -> str:
    """Bytes as people write them, in powers of 1,024."""
    value, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:.3g} {unit}"

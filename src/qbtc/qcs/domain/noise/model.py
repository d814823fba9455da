"""Which channel follows which operation of a circuit.

A channel of one qubit acts on each qubit of a gate, a wider one on all of them together. Qubits that wait get the idle
channel once a layer, before their next operation; a layer is what can be done at one time, and an operation whose
condition does not hold takes its layer too. A confused readout changes the bit and not the qubit: where the qubit is
used again, it is measured, confused, read, and put back, by classical control.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from qbtc.core.hilbert.types import Complex

from ..program import Channel, Feedback, Measure, Op, Ops, Program, Register, Reset, Unitary
from .channels import PAULIS

MOST_CHANNELS = 1_000_000


class TooMuchNoise(ValueError):
    """The noise of a circuit would be more channels than are made."""


class NoSuchQubit(ValueError):
    """A rule names a qubit that the circuit does not have; `allowed` says which it has."""

    def __init__(self, message: str, allowed: str) -> None:
        super().__init__(f"{message}; the circuit has {allowed}")
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class GateNoise:
    """Kraus operators behind gates: of this name ("reset" too; None: any), on these qubits in order (None: any),
    of this number of qubits (None: any that the channel fits)."""

    kraus: Complex
    gate: str | None = None
    qubits: tuple[int, ...] | None = None
    width: int | None = None

    @property
    def size(self) -> int:
        """Qubits of the channel."""
        return int(self.kraus.shape[-1]).bit_length() - 1

    def behind(self, op: Unitary | Reset) -> list[Channel]:
        """Raises ValueError where the gate is named and the channel does not fit it."""
        name, qubits = (op.name, op.qubits) if isinstance(op, Unitary) else ("reset", op.qubits)
        if self.gate not in (None, name) or self.width not in (None, len(qubits)) or self.qubits not in (None, qubits):
            return []
        if self.size == 1:
            return [Channel("noise", self.kraus, (q,), op.condition) for q in qubits]
        if self.size == len(qubits):
            return [Channel("noise", self.kraus, qubits, op.condition)]
        if self.gate is None:
            return []
        raise ValueError(f"noise of gate {name}: a channel on {self.size} qubits does not fit {len(qubits)} qubits")


@dataclass(frozen=True, slots=True)
class QubitNoise:
    """A channel of one qubit, while waiting or before being read; on these qubits (None: all)."""

    kraus: Complex
    qubits: tuple[int, ...] | None = None

    def on(self, qubit: int) -> bool:
        return self.qubits is None or qubit in self.qubits


@dataclass(frozen=True, slots=True)
class NoiseModel:
    """All rules that match apply, in order; of `readout` the first that matches."""

    gates: tuple[GateNoise, ...] = ()
    idle: tuple[QubitNoise, ...] = ()
    readout: tuple[QubitNoise, ...] = ()

    def applied(
        self, circuit: Program | Feedback, *, readout: bool = True, check: Callable[[], None] = lambda: None
    ) -> Program | Feedback:
        """The circuit with noise; a `Program` stays one unless a qubit of confused readout is used after it.

        `readout` False leaves the final measurements clean: for states and expectation values. `check` is called between
        operations and raises to stop. Raises TooMuchNoise past `MOST_CHANNELS`, NoSuchQubit.
        """
        self._refuse_absent(sum(register.size for register in circuit.qubits))
        model = self if readout else replace(self, readout=())
        if not isinstance(circuit, Program) or model._used_again(circuit.ops):
            return NoisyFeedback(circuit, model)
        weaving, ops = _Weaving(model), list[Op]()
        end = _tail(circuit.ops)
        for op in circuit.ops[:end]:
            check()
            ops += weaving.around(op)
        last = circuit.ops[end:]
        waits = [channel for op in last for channel in weaving.before(op)]
        return replace(circuit, ops=(*ops, *waits, *last))

    def _refuse_absent(self, n: int) -> None:
        for part in ("gates", "idle", "readout"):
            for i, rule in enumerate(getattr(self, part)):
                absent = [q for q in rule.qubits or () if q >= n]
                if absent:
                    allowed = f"qubits 0 to {n - 1}" if n > 1 else "qubit 0" if n else "no qubits"
                    raise NoSuchQubit(f"{part}[{i}].qubits names qubit {absent[0]}", allowed)

    def confusion(self, qubit: int) -> Complex | None:
        return next((rule.kraus for rule in self.readout if rule.on(qubit)), None)

    def _used_again(self, ops: Sequence[Op]) -> bool:
        confused: set[int] = set()
        for op in ops:
            if confused.intersection(op.qubits):
                return True
            if isinstance(op, Measure) and self.confusion(op.qubit) is not None:
                confused.add(op.qubit)
        return False


def _tail(ops: Sequence[Op]) -> int:
    end = len(ops)
    while end and isinstance(ops[end - 1], Measure) and ops[end - 1].condition is None:
        end -= 1
    return end


@dataclass(slots=True)
class _Weaving:
    """Operations with their noise, in the layers they fall in."""

    model: NoiseModel
    layers: dict[int, int] = field(default_factory=dict)
    made: int = 0

    def around(self, op: Op) -> Iterator[Op]:
        yield from self.before(op)
        yield op
        if isinstance(op, Unitary | Reset):
            for rule in self.model.gates:
                found = rule.behind(op)
                self._count(len(found))
                yield from found

    def _count(self, channels: int) -> None:
        self.made += channels
        if self.made > MOST_CHANNELS:
            raise TooMuchNoise(f"the noise of the circuit is over {MOST_CHANNELS} channels")

    def before(self, op: Op) -> list[Channel]:
        """Idle noise of the qubits that waited, then the confusion of a readout."""
        if isinstance(op, Channel):
            return []
        found = self._waited(op)
        kraus = self.model.confusion(op.qubit) if isinstance(op, Measure) else None
        return found if kraus is None else [*found, Channel("readout", kraus, op.qubits, op.condition)]

    def _waited(self, op: Op) -> list[Channel]:
        start = max(self.layers.get(q, 0) for q in op.qubits)
        found: list[Channel] = []
        for q in op.qubits:
            waited = start - self.layers.get(q, 0)
            for rule in self.model.idle if waited else ():
                if rule.on(q):
                    self._count(waited)
                    found += [Channel("idle", rule.kraus, (q,))] * waited
        self.layers.update(dict.fromkeys(op.qubits, start + 1))
        return found


@dataclass(frozen=True, slots=True)
class NoisyFeedback:
    """A circuit with noise around each operation that it asks for."""

    circuit: Program | Feedback
    model: NoiseModel

    @property
    def qubits(self) -> tuple[Register, ...]:
        return self.circuit.qubits

    @property
    def bits(self) -> tuple[Register, ...]:
        return self.circuit.bits

    def start(self) -> Ops:
        weaving = _Weaving(replace(self.model, readout=()))
        course, answer = self.circuit.start(), None
        while True:
            try:
                op = course.send(answer)
            except StopIteration as end:
                return int(end.value)
            op = op if op.condition is None else replace(op, condition=None)
            answer = None
            for part in weaving.around(op):
                if isinstance(part, Measure):
                    answer = yield from self._read(part)
                else:
                    yield part

    def _read(self, op: Measure) -> Ops:
        """The outcome as it is read; the qubit has its true one."""
        kraus = self.model.confusion(op.qubit)
        true = yield op
        assert true is not None
        if kraus is None:
            return true
        yield Channel("readout", kraus, (op.qubit,))
        read = yield op
        assert read is not None
        if read != true:
            yield Unitary("x", PAULIS["X"], (op.qubit,))
        return read

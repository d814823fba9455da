"""What may be asked of a circuit, with its limits: the same over HTTP and in a batch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from qbtc.kit.errors import BadInput

from .circuits import MAX_SOURCE, Job
from .domain.simulators.protocol import PauliSum, PauliTerm

BELL = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\nmeasure q -> c;\n'


TURN = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float theta;\nqubit[1] q;\nry(theta) q[0];\n'
Values = Annotated[dict[str, Annotated[str, Field(max_length=10_000)]], Field(max_length=100)]


class Term(BaseModel):
    """factor times a product of Pauli matrices such as "X0 Z2"; empty for the identity."""

    factor: Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)] = 1.0
    paulis: Annotated[str, Field(pattern=r"^\s*([XYZ]\d{1,3}(\s+|$))*$", max_length=400)] = ""

    def read(self) -> PauliTerm:
        try:
            return PauliTerm(self.factor, tuple((int(word[1:]), word[0]) for word in self.paulis.split()))
        except ValueError as error:
            raise BadInput(str(error), field="observables", allowed='such as "X0 Z2"') from None


class RunCircuit(BaseModel):
    """An OpenQASM circuit and how often to run it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"source": BELL, "shots": 1024, "seed": 1}]})

    source: Annotated[str, Field(min_length=1, max_length=MAX_SOURCE)]
    shots: Annotated[int, Field(ge=1, le=1_000_000)] = 1024
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = None
    file: Annotated[str, Field(max_length=200)] = "circuit"

    def job(self) -> Job:
        return Job(self.source, self.shots, self.seed, self.file)


class AskCircuit(RunCircuit):
    """What to find out about a circuit. `observables` are sums of terms, for expectation and gradient; `inputs` are the values
    of its input declarations as text, such as {"theta": "pi/3"}."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"source": BELL, "shots": 1024, "seed": 1},
                {
                    "source": BELL,
                    "noise": {"gates": [{"gate": "*", "channel": {"kind": "dephasing", "p": 0.01}, "width": 1}]},
                },
                {"source": TURN, "inputs": {"theta": "pi/3"}, "task": "probabilities"},
                {"source": BELL, "task": "expectation", "observables": [[{"factor": 1.0, "paulis": "Z0 Z1"}]]},
            ]
        }
    )
    task: Literal["counts", "probabilities", "state", "expectation", "gradient"] = "counts"
    precision: Literal["double", "single"] = "double"
    engine: Annotated[str, Field(max_length=40)] | None = None
    observables: Annotated[list[Annotated[list[Term], Field(min_length=1, max_length=1000)]], Field(max_length=64)] = []
    noise: Annotated[dict[str, JsonValue], Field(max_length=3)] | None = None
    inputs: Values = {}

    def job(self) -> Job:
        """Raises BadInput for an observable that is none."""
        observables = tuple(PauliSum(tuple(term.read() for term in terms)) for terms in self.observables)
        return Job(
            self.source, self.shots, self.seed, self.file, self.task, self.precision, self.engine, observables, self.noise,
            tuple(sorted(self.inputs.items())),
        )  # fmt: skip

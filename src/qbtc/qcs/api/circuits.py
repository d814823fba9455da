"""HTTP of circuits: `POST /circuits`, and `/qasm/run` and `/qasm/examples`. Translates and calls; no rules."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from qbtc.contracts import Role
from qbtc.kit.errors import BadInput
from qbtc.kit.http import require
from qbtc.qcs.circuits import Circuits, Job
from qbtc.qcs.domain.simulators.protocol import PauliSum, PauliTerm

Items = dict[str, list[dict[str, JsonValue]]]
BELL = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\nmeasure q -> c;\n'


class Term(BaseModel):
    """factor times a product of Pauli matrices such as "X0 Z2"; empty for the identity."""

    factor: float = 1.0
    paulis: Annotated[str, Field(pattern=r"^\s*([XYZ]\d{1,3}(\s+|$))*$", max_length=400)] = ""

    def read(self) -> PauliTerm:
        try:
            return PauliTerm(self.factor, tuple((int(word[1:]), word[0]) for word in self.paulis.split()))
        except ValueError as error:
            raise BadInput(str(error), field="observables", allowed='such as "X0 Z2"') from None


class RunCircuit(BaseModel):
    """An OpenQASM circuit and how often to run it."""

    source: Annotated[str, Field(min_length=1, max_length=2_000_000)]
    shots: Annotated[int, Field(ge=1, le=1_000_000)] = 1024
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = None
    file: Annotated[str, Field(max_length=200)] = "circuit"


class AskCircuit(RunCircuit):
    """What to find out about a circuit. `observables` are sums of terms, for expectation and gradient."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"source": BELL, "shots": 1024, "seed": 1},
                {"source": BELL, "noise": {"gates": [{"gate": "*", "channel": {"kind": "dephasing", "p": 0.01}, "width": 1}]}},
                {"source": BELL, "task": "expectation", "observables": [[{"factor": 1.0, "paulis": "Z0 Z1"}]]},
            ]
        }
    )
    task: Literal["counts", "probabilities", "state", "expectation", "gradient"] = "counts"
    precision: Literal["double", "single"] = "double"
    engine: Annotated[str, Field(max_length=40)] | None = None
    observables: Annotated[list[Annotated[list[Term], Field(min_length=1, max_length=1000)]], Field(max_length=64)] = []
    noise: Annotated[dict[str, JsonValue], Field(max_length=3)] | None = None


def router(circuits: Circuits) -> APIRouter:
    routes = APIRouter(dependencies=[Depends(require(Role.VIEWER))], tags=["qcs"])

    @routes.post("/circuits", summary="Run a circuit: counts, probabilities, state, expectation values or gradient")
    async def ask(body: AskCircuit) -> dict[str, JsonValue]:
        observables = tuple(PauliSum(tuple(term.read() for term in terms)) for terms in body.observables)
        job = Job(body.source, body.shots, body.seed, body.file, body.task, body.precision, body.engine, observables, body.noise)
        return await circuits.run(job)

    @routes.post("/qasm/run", summary="Run a circuit and count (as POST /circuits)")
    async def run(body: RunCircuit) -> dict[str, JsonValue]:
        return await circuits.run(Job(body.source, body.shots, body.seed, body.file))

    @routes.get("/qasm/examples", summary="Circuits to start from")
    async def examples() -> Items:
        return {"items": await run_in_threadpool(_examples)}

    return routes


def _examples() -> list[dict[str, JsonValue]]:
    folder = files("qbtc.qcs") / "examples"
    found = sorted((e for e in folder.iterdir() if e.name.endswith(".qasm")), key=lambda e: e.name)
    return [_example(e.name, e.read_text()) for e in found]


def _example(name: str, source: str) -> dict[str, JsonValue]:
    about = source.splitlines()[0].removeprefix("//").strip()
    return {"name": name.removesuffix(".qasm"), "file": name, "description": about, "source": source}

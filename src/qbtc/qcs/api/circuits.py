"""HTTP of circuits: `POST /circuits`, and `/qasm/run` and `/qasm/examples`. Translates and calls; no rules."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from pydantic import JsonValue

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.qcs.asked import AskCircuit, RunCircuit
from qbtc.qcs.batches import CircuitBatch
from qbtc.qcs.circuits import Circuits
from qbtc.qcs.jobs import Jobs

from .jobs import ANSWERS, answering

Items = dict[str, list[dict[str, JsonValue]]]

def router(circuits: Circuits, jobs: Jobs) -> APIRouter:
    routes = APIRouter(dependencies=[Depends(require(Role.VIEWER))], tags=["qcs"])

    @routes.post("/circuits", summary="Run a circuit: counts, probabilities, state, expectation values or gradient")
    async def ask(body: AskCircuit) -> dict[str, JsonValue]:
        return await circuits.run(body.job())

    routes.add_api_route(
        "/circuits/batch",
        answering(jobs, CircuitBatch),
        methods=["POST"],
        summary="Many circuits as one job: a list, or a sweep over the inputs of one",
        responses=ANSWERS,
    )

    @routes.post("/qasm/run", summary="Run a circuit and count (as POST /circuits)")
    async def run(body: RunCircuit) -> dict[str, JsonValue]:
        return await circuits.run(body.job())

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

"""HTTP of pictures and of other forms of a circuit: `POST /circuits/draw` and `/circuits/export`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.qcs.asked import BELL, Values
from qbtc.qcs.circuits import stopper
from qbtc.qcs.domain.qasm import Limits, QasmError, Setting
from qbtc.qcs.drawing import DRAWN_QUBITS, CannotExport, draw, export
from qbtc.qcs.errors import BadCircuit, CircuitRefused

STEPS = 100_000
SECONDS = 10.0
"""Of running a circuit for its picture."""


class Circuit(BaseModel):
    """An OpenQASM circuit; `inputs` are the values of its input declarations as text, such as {"theta": "pi/3"}."""

    source: Annotated[str, Field(min_length=1, max_length=200_000)]
    file: Annotated[str, Field(max_length=200)] = "circuit"
    inputs: Values = {}

    def setting(self) -> Setting:
        check = stopper(time.perf_counter(), SECONDS)
        return Setting(self.file, Limits(qubits=DRAWN_QUBITS, steps=STEPS), self.inputs, check=check)


class DrawCircuit(Circuit):
    """`width` is that of the text, in characters."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"source": BELL, "style": "svg"}]})
    style: Literal["text", "svg"] = "svg"
    width: Annotated[int, Field(ge=40, le=1000)] = 100


class ExportCircuit(Circuit):
    """`to` is the version of OpenQASM."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"source": BELL, "to": 3}]})
    to: Literal[2, 3] = 3


def router() -> APIRouter:
    routes = APIRouter(dependencies=[Depends(require(Role.VIEWER))], tags=["qcs"])

    @routes.post("/circuits/draw", summary="A circuit as text or SVG")
    async def drawing(body: DrawCircuit) -> dict[str, JsonValue]:
        work = _answered(lambda: draw(body.source, body.style, width=body.width, setting=body.setting()))
        return {"style": body.style, "drawing": await run_in_threadpool(work)}

    @routes.post("/circuits/export", summary="A circuit as OpenQASM 2 or 3")
    async def exporting(body: ExportCircuit) -> dict[str, JsonValue]:
        work = _answered(lambda: export(body.source, body.to, body.setting()))
        return {"version": body.to, "source": await run_in_threadpool(work)}

    return routes


def _answered(work: Callable[[], str]) -> Callable[[], str]:
    """The same work with the errors of the service."""

    def guarded() -> str:
        try:
            return work()
        except QasmError as error:
            where: JsonValue = {
                "file": error.file,
                "line": error.line,
                "column": error.column,
                "expected": error.expected,
            }
            raise BadCircuit(str(error), field="source", allowed=where) from None
        except CannotExport as error:
            raise CircuitRefused(str(error), field="to", allowed="the other version") from None

    return guarded

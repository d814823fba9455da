"""HTTP of QCS: states, coherence and matrices. Translates and calls; no rules."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends, Query
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from qbtc.contracts import Role
from qbtc.contracts.common import Symbol
from qbtc.core.hilbert.types import Complex
from qbtc.kit.errors import BadInput
from qbtc.kit.http import require
from qbtc.qcs import coherences
from qbtc.qcs.queries import Queries

Items = dict[str, list[dict[str, JsonValue]]]
Limit = Annotated[int, Query(ge=1, le=5000)]
WIDEST = 64


class ComplexNumbers(BaseModel):
    """A table of complex numbers as its two parts."""

    real: Annotated[list[list[float]], Field(min_length=2, max_length=2048)]
    imaginary: Annotated[list[list[float]], Field(min_length=2, max_length=2048)] | None = None

    def array(self, field: str) -> Complex:
        """Raises BadInput for rows of unequal length or of more than `WIDEST` numbers."""
        parts = [self.real, [[0.0] * len(row) for row in self.real] if self.imaginary is None else self.imaginary]
        widths = {len(row) for part in parts for row in part}
        if len(widths) != 1 or len(parts[0]) != len(parts[1]) or not 2 <= min(widths) <= WIDEST:
            raise BadInput(f"rows have {sorted(widths)} numbers", field=field, allowed=f"one width from 2 to {WIDEST}, both parts alike")
        return np.array(parts[0]) + 1j * np.array(parts[1])


class ReportCoherence(BaseModel):
    """Either `matrix`, a density matrix, or `rows` of a window, oldest first, which also give bootstrap intervals."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"matrix": {"real": [[0.5, 0.5], [0.5, 0.5]]}}]})

    matrix: ComplexNumbers | None = None
    rows: ComplexNumbers | None = None
    half_life: Annotated[float, Field(gt=0, le=1e6, description="in rows")] = 20.0
    draws: Annotated[int, Field(ge=20, le=2000)] = 200
    level: Annotated[float, Field(gt=0, lt=1)] = 0.9
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0


async def reported(body: ReportCoherence) -> dict[str, JsonValue]:
    """Raises BadInput, BadState."""
    if body.matrix is not None:
        return await run_in_threadpool(coherences.of_matrix, body.matrix.array("matrix"))
    if body.rows is None:
        raise BadInput("a report needs a matrix or rows", field="matrix", allowed="one of matrix and rows")
    rows = body.rows.array("rows")
    asked = partial(coherences.of_rows, draws=body.draws, level=body.level, seed=body.seed)
    return await run_in_threadpool(asked, rows, body.half_life)


def router(queries: Queries) -> APIRouter:
    routes = APIRouter(dependencies=[Depends(require(Role.VIEWER))], tags=["qcs"])

    @routes.get("/states/latest", summary="The newest state of every symbol of the running session")
    async def latest() -> Items:
        return {"items": await queries.latest()}

    @routes.get("/states", summary="States, newest first")
    async def states(symbol: Symbol | None = None, limit: Limit = 50) -> Items:
        return {"items": await queries.of_symbol(symbol, limit)}

    @routes.get("/states/{state_id}", summary="One state")
    async def one(state_id: str) -> dict[str, JsonValue]:
        return await queries.one(state_id)

    @routes.get("/states/{state_id}/matrix", summary="The 26 x 26 density matrix of a state's window")
    async def matrix(state_id: str) -> dict[str, JsonValue]:
        return await queries.matrix(state_id)

    @routes.get("/coherence", summary="Coherence, ranks and regime over time, oldest first")
    async def coherence(symbol: Symbol, limit: Limit = 300) -> Items:
        return {"items": await queries.coherence(symbol, limit)}

    @routes.post("/coherence", summary="Coherence report of a density matrix, or of a window's rows with intervals")
    async def report(body: ReportCoherence) -> dict[str, JsonValue]:
        return await reported(body)

    return routes

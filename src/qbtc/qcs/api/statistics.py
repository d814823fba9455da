"""HTTP of the statistics: one path a method, made from the table of methods."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, JsonValue

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.qcs.statistics.desk import Statistics, listing
from qbtc.qcs.statistics.methods import METHODS, Method, method_of

Answer = dict[str, JsonValue]


class StatisticResult(BaseModel):
    """`words` and, in Spanish, `words_es` say in a sentence what `result` means; numbers that cannot be known are null."""

    method: str
    words: str
    words_es: str
    ms: float
    result: dict[str, JsonValue]


def router(statistics: Statistics) -> APIRouter:
    routes = APIRouter(dependencies=[Depends(require(Role.VIEWER))], tags=["statistics"])

    @routes.get("/stats", summary="All methods with their parameters")
    async def methods() -> dict[str, list[Answer]]:
        return {"items": listing()}

    for method in METHODS.values():
        routes.add_api_route(
            f"/stats/{method.name}",
            _endpoint(statistics, method),
            methods=["POST"],
            summary=method.title,
            response_model=StatisticResult,
            operation_id=f"stats_{method.name.replace('-', '_')}",
        )

    @routes.post("/stats/{method}", include_in_schema=False)
    async def unknown(method: str) -> None:
        method_of(method)

    return routes


def _endpoint(statistics: Statistics, method: Method) -> Callable[..., Awaitable[Answer]]:
    async def compute(body: Annotated[method.body, Body(examples=[method.example])]) -> Answer:  # type: ignore[name-defined]
        return await statistics.compute(method.name, body.model_dump(mode="json"))

    return compute

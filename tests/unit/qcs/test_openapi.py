"""The OpenAPI document of QCS: every path that takes a body shows an example, and every example is accepted by its model."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI

from qbtc.qcs.api import circuits, drawing, http, resonance, states, statistics
from qbtc.qcs.api.finance import finance_router
from qbtc.qcs.api.inference import inference_router
from qbtc.qcs.api.jobs import jobs_router

NOTHING: Any = None


def document() -> dict[str, Any]:
    """Of the routers alone: nothing is asked of what stands behind them."""
    app = FastAPI()
    for router in (
        circuits.router(NOTHING, NOTHING), drawing.router(), http.router(NOTHING), states.router(NOTHING, NOTHING, NOTHING),
        statistics.router(NOTHING), finance_router(NOTHING), inference_router(NOTHING), jobs_router(NOTHING), resonance.router(),
    ):  # fmt: skip
        app.include_router(router)
    return app.openapi()


DOCUMENT = document()
BODIES = [
    (f"{method.upper()} {path}", operation["requestBody"]["content"]["application/json"])
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if "requestBody" in operation
]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    return DOCUMENT["components"]["schemas"][reference.rsplit("/", 1)[-1]] if reference else schema


def examples_of(content: dict[str, Any]) -> list[Any]:
    schema = resolved(content["schema"])
    inside = [each["value"] for each in content.get("examples", {}).values()]
    found = [*content["schema"].get("examples", []), *schema.get("examples", []), *inside]
    return found + ([schema["example"]] if "example" in schema else [])


@pytest.mark.parametrize(("name", "content"), BODIES, ids=[name for name, _ in BODIES])
def test_every_body_has_an_example_that_its_schema_accepts(name: str, content: dict[str, Any]) -> None:
    found = examples_of(content)
    assert found, f"{name} shows no example"
    schema = resolved(content["schema"]) | {"components": DOCUMENT["components"]}
    for example in found:
        jsonschema.validate(example, schema)


def test_every_operation_says_what_it_does() -> None:
    silent = [path for path, methods in DOCUMENT["paths"].items() for o in methods.values() if not o.get("summary")]
    assert silent == []
    assert len(BODIES) > 30

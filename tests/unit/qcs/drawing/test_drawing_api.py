"""`POST /circuits/draw` and `/circuits/export`: bodies in and out, faults as problems with their place."""

import pytest
from pydantic import ValidationError

from qbtc.qcs.api import drawing
from qbtc.qcs.api.drawing import DrawCircuit, ExportCircuit, router
from qbtc.qcs.errors import BadCircuit, CircuitRefused, CircuitTimeout

ENDPOINTS = {route.path: route.endpoint for route in router().routes}
FEEDBACK = "qubit q; bit c; bit d; c = measure q; d = c;"


async def test_a_circuit_is_drawn_in_the_style_that_is_asked_for():
    draw = ENDPOINTS["/circuits/draw"]
    assert (await draw(DrawCircuit(source="qubit q; reset q;")))["drawing"].startswith("<svg")
    found = await draw(DrawCircuit(source="input float t; qubit q; U(t, 0, 0) q;", style="text", inputs={"t": "pi"}))
    assert found == {"style": "text", "drawing": "q ──┤U(π,0,0)├─\n"}


async def test_a_circuit_is_exported_to_the_version_that_is_asked_for():
    export = ENDPOINTS["/circuits/export"]
    assert (await export(ExportCircuit(source="qubit q; reset q;", to=2)))["source"].endswith("qreg q[1];\nreset q[0];\n")
    with pytest.raises(CircuitRefused, match="computes with measured values: it stays OpenQASM 3"):
        await export(ExportCircuit(source=FEEDBACK, to=2))


async def test_a_fault_has_its_place():
    with pytest.raises(BadCircuit, match="mine:1:10: unknown gate 'x'") as caught:
        await ENDPOINTS["/circuits/draw"](DrawCircuit(source="qubit q; x q;", file="mine"))
    assert caught.value.allowed["column"] == 10


async def test_a_picture_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(drawing, "SECONDS", 0.2)
    copies = "qubit q; array[int[32], 1000000] a; array[int[32], 1000000] b; for int i in [0:90000] { a = b; }"
    with pytest.raises(CircuitTimeout, match=r"stopped after 0\.2 s"):
        await ENDPOINTS["/circuits/draw"](DrawCircuit(source=copies))
    with pytest.raises(CircuitTimeout, match=r"stopped after 0\.2 s"):
        await ENDPOINTS["/circuits/export"](ExportCircuit(source=copies))


@pytest.mark.parametrize("wrong", [{"style": "png"}, {"width": 3}, {"source": ""}])
def test_wrong_bodies_are_refused(wrong):
    with pytest.raises(ValidationError):
        DrawCircuit(**{"source": "qubit q;", **wrong})

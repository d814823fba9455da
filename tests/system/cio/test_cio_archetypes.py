"""Archetypes over HTTP: probabilities with the words that say what they are not, and clear refusals."""

from __future__ import annotations

import httpx
import pytest
from tests.system.cio.conftest import OpenTokens

from qbtc.cio.api.archetypes import router
from qbtc.cio.domain.archetypes import LABELS
from qbtc.kit.health import Health
from qbtc.kit.http import create_app

pytestmark = pytest.mark.asyncio


async def post(body: dict[str, object], token: str | None = "ana:viewer") -> httpx.Response:
    app = create_app("archetypes", health=Health("cio", "test"), tokens=OpenTokens())  # type: ignore[arg-type]
    app.include_router(router)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://cio") as client:
        return await client.post("/archetypes", json=body, headers=headers)


async def test_a_text_gets_probabilities_of_thirteen_labels_and_the_words_no_personality_test() -> None:
    invoice = "Invoice 88. Two boxes of paper, 12.40 each. Total 24.80. Payable within 14 days by bank transfer."
    found = (await post({"text": invoice})).json()
    assert set(found["probabilities"]) == set(LABELS) and sum(found["probabilities"].values()) == pytest.approx(1)
    assert (found["label"], found["language"], found["short"]) == ("none", "en", True)
    assert "no personality test" in found["notice"]["en"] and "no un test de personalidad" in found["notice"]["es"]


async def test_what_has_no_words_or_another_language_is_refused_with_what_is_allowed() -> None:
    empty = await post({"text": "…!"})
    assert (empty.status_code, empty.json()["type"]) == (400, "urn:qbtc:problem:bad-text")
    assert "sentences" in str(empty.json()["allowed"])
    for body in ({"text": ""}, {"text": "hello", "language": "fr"}, {"text": "x" * 100_001}, {}):
        assert (await post(body)).status_code in (400, 413, 422), str(body)[:60]
    assert (await post({"text": "hello there"}, token=None)).status_code == 401

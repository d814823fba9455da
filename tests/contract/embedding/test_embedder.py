"""What every embedder promises, run on the model in this process and on the HTTP client in front of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import httpx
import numpy as np
import pytest

from qbtc.kit.embedding import (
    LOCAL_IDENTITY,
    Embedder,
    EmbedKind,
    HttpEmbedder,
    IdentityMismatch,
    LocalEmbedder,
)
from qbtc.kit.errors import BadInput, TooLarge, Unavailable

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def local() -> Iterator[LocalEmbedder]:
    made = LocalEmbedder(threads=1)
    yield made
    made.close()


def over_http(local: LocalEmbedder) -> HttpEmbedder:
    async def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        vectors = await local.embed(body["texts"], body["kind"])
        packed = base64.b64encode(vectors.astype("<f4").tobytes()).decode()
        assert request.headers["authorization"] == "Bearer fresh"
        return httpx.Response(200, json={"identity": local.identity, "dim": local.dim, "vectors": packed})

    return answering(answer)


def answering(answer: object) -> HttpEmbedder:
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://cio")  # type: ignore[arg-type]
    return HttpEmbedder("http://cio", lambda: "fresh", client=client)


@pytest.fixture(params=["local", "http"])
def embedder(request: pytest.FixtureRequest, local: LocalEmbedder) -> Embedder:
    return local if request.param == "local" else over_http(local)


async def test_one_row_of_length_one_a_text_in_order(embedder: Embedder) -> None:
    texts = [f"text number {n}" for n in range(7)]
    rows = await embedder.embed(texts, "passage")
    assert (rows.shape, rows.dtype) == ((7, embedder.dim), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-4)
    alone = await embedder.embed([texts[5]], "passage")
    assert rows[5] @ alone[0] == pytest.approx(1.0, abs=1e-3)


async def test_meaning_beats_language(embedder: Embedder) -> None:
    query = (await embedder.embed(["the dog slept in the garden"], "query"))[0]
    rows = await embedder.embed(["El perro durmió en el jardín.", "La factura vence el viernes."], "passage")
    assert rows[0] @ query > rows[1] @ query


async def test_no_texts_are_no_vectors(embedder: Embedder) -> None:
    assert (await embedder.embed([], "passage")).shape == (0, embedder.dim)


@pytest.mark.parametrize("texts", [[""], ["a", " \n"], ["a\x00b"], "not a list"])
async def test_texts_that_no_model_should_get_are_refused(embedder: Embedder, texts: list[str]) -> None:
    with pytest.raises(BadInput):
        await embedder.embed(texts, "passage")


async def test_too_many_and_too_long_are_refused(embedder: Embedder) -> None:
    for texts in (["a"] * 257, ["a" * 100_001]):
        with pytest.raises(TooLarge):
            await embedder.embed(texts, "passage")


async def test_an_unknown_kind_is_refused_with_what_is_allowed(embedder: Embedder) -> None:
    kind: EmbedKind = "haiku"  # type: ignore[assignment]
    with pytest.raises(BadInput) as refusal:
        await embedder.embed(["a"], kind)
    assert refusal.value.allowed == ["query", "passage"]


async def test_a_cold_embedder_has_an_identity_and_no_model() -> None:
    cold = LocalEmbedder()
    assert (cold.identity, cold.dim, cold.loaded) == (LOCAL_IDENTITY, 384, False)
    cold.close()


async def test_vectors_of_another_model_are_refused_by_the_client() -> None:
    other = answering(lambda _: httpx.Response(200, json={"identity": "x/1", "dim": 384, "vectors": []}))
    with pytest.raises(IdentityMismatch):
        await other.embed(["a"], "query")


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (httpx.Response(503, text="away"), Unavailable),
        (httpx.Response(400, text="bad"), BadInput),
        (httpx.Response(200, text="not json"), Unavailable),
        (httpx.Response(200, json={"identity": LOCAL_IDENTITY, "dim": 384, "vectors": []}), Unavailable),
    ],
)
async def test_what_goes_wrong_on_the_way_has_a_name(response: httpx.Response, error: type[Exception]) -> None:
    with pytest.raises(error):
        await answering(lambda _: response).embed(["a"], "query")


async def test_a_silent_server_is_unavailable() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Unavailable, match="does not answer"):
        await answering(refuse).embed(["a"], "query")

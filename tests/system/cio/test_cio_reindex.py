"""Another embedding model: its vectors are compared with nothing, and made anew on request."""

from __future__ import annotations

import asyncio

import pytest
from tests.system.cio.conftest import Cio

from qbtc.cio.adapters import vectors
from qbtc.cio.keeping import Embedding
from qbtc.kit.embedding import LOCAL_IDENTITY, EmbedKind, LocalEmbedder, Vectors

pytestmark = pytest.mark.asyncio

ANA, BEA, TRADER = "ana:viewer", "bea:viewer", "tom:trader"
OLD = "an-older-model/1"


class Older:
    """The local model as an earlier version would have named it, with its coordinates turned round."""

    def __init__(self, model: LocalEmbedder) -> None:
        self._model = model

    identity, dim = OLD, 384

    async def embed(self, texts: list[str], kind: EmbedKind) -> Vectors:
        made: Vectors = (await self._model.embed(texts, kind))[:, ::-1].copy()
        return made


async def kept_by_the_older_model(cio: Cio) -> None:
    texts = {
        ANA: ("El perro durmió en el jardín.", "The invoice is due."),
        BEA: ("Bea's cat slept.",),
        TRADER: ("desk note",),
    }
    for token, said in texts.items():
        for text in said:
            body = {"text": text, "scope": "desk" if token == TRADER else "diary"}
            await cio.http.post("/memories", json=body, headers=cio.as_(token))
    older = Embedding(cio.store, Older(cio.embedder), await vectors.choose(cio.store), asyncio.Event())  # type: ignore[arg-type]
    while await older.once():
        pass


async def ask(cio: Cio, text: str, token: str = ANA) -> dict:  # type: ignore[type-arg]
    return (await cio.http.post("/recall", json={"text": text}, headers=cio.as_(token))).json()  # type: ignore[no-any-return]


async def progress(cio: Cio) -> dict:  # type: ignore[type-arg]
    return (await cio.http.get("/memories/reindex", headers=cio.as_(ANA))).json()  # type: ignore[no-any-return]


async def test_vectors_of_another_model_are_left_out_and_the_answer_says_whose_they_are_and_what_to_do(
    cio: Cio,
) -> None:
    await kept_by_the_older_model(cio)
    found = await ask(cio, "the dog slept in the garden")
    assert found["hits"] == []
    assert found["foreign_model"] == OLD
    by_words = await ask(cio, "invoice")
    assert "invoice" in by_words["hits"][0]["text"] and "vector" not in by_words["hits"][0]["legs"]


async def test_reindexing_makes_them_anew_for_everybody_with_progress_and_recall_is_whole_again(cio: Cio) -> None:
    await kept_by_the_older_model(cio)
    assert (await progress(cio)) | {
        "identity": LOCAL_IDENTITY,
        "memories": 4,
        "current": 0,
        "pending": 0,
        "foreign": {OLD: 4},
    } == (await progress(cio))
    begun = await cio.http.post("/memories/reindex", headers=cio.as_(TRADER))
    assert begun.status_code == 202 and (begun.json()["begun"], begun.json()["pending"]) == (4, 4)
    await cio.embedding.once()
    await cio.embed_all()
    done = await progress(cio)
    assert (done["current"], done["pending"], done["foreign"]) == (4, 0, {})
    found = await ask(cio, "the dog slept in the garden")
    assert "perro" in found["hits"][0]["text"] and found["foreign_model"] is None
    assert "cat" in (await ask(cio, "a sleeping pet", BEA))["hits"][0]["text"]


async def test_a_reindexing_that_was_interrupted_goes_on_and_doing_it_again_changes_nothing(cio: Cio) -> None:
    await kept_by_the_older_model(cio)
    await cio.http.post("/memories/reindex", headers=cio.as_(TRADER))
    again = await cio.http.post("/memories/reindex", headers=cio.as_(TRADER))
    assert (again.json()["begun"], again.json()["pending"]) == (0, 4)
    await cio.embed_all()
    after = await cio.http.post("/memories/reindex", headers=cio.as_(TRADER))
    assert (after.json()["begun"], after.json()["current"]) == (0, 4)


async def test_a_viewer_may_look_but_not_begin(cio: Cio) -> None:
    assert (await cio.http.post("/memories/reindex", headers=cio.as_(ANA))).status_code == 403


async def test_who_has_vectors_of_another_model_is_refused_with_how_to_embed_again(cio: Cio) -> None:
    body = {"texts": ["a"], "kind": "query", "identity": OLD}
    refused = await cio.http.post("/embed", json=body, headers=cio.as_("service:ce3"))
    problem = refused.json()
    assert (refused.status_code, problem["type"], problem["allowed"]) == (
        409,
        "urn:qbtc:problem:embedding-identity-mismatch",
        LOCAL_IDENTITY,
    )
    assert "qbtc memory reindex" in problem["detail"]
    kept = await cio.http.post("/embed", json=body | {"identity": LOCAL_IDENTITY}, headers=cio.as_("service:ce3"))
    assert kept.status_code == 200

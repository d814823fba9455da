"""The state store as it is asked: over HTTP with a token, and over the bus on a person's behalf."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx
import numpy as np
import pytest
import pytest_asyncio
from tests.system.qcs.test_market_fold import START
from tests.system.qcs.test_state_search import Desk, amplitudes, filled, new_state, random_psi

from qbtc.contracts import Role
from qbtc.contracts.basis26 import LETTERS
from qbtc.contracts.quantum import FindStates, QuantumCompute
from qbtc.core.hilbert.density import maximally_mixed
from qbtc.core.language.text26 import text_state
from qbtc.kit.errors import BadInput, Forbidden
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.security import Tokens, ensure_keys
from qbtc.qcs.adapters.screen import RedisScreen
from qbtc.qcs.api import bus, http
from qbtc.qcs.api import states as state_routes
from qbtc.qcs.queries import Queries


@pytest_asyncio.fixture
async def desk(store, redis) -> Desk:
    return await filled(store, redis, 40)


@pytest_asyncio.fixture
async def people(desk, redis, tmp_path) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    tokens = Tokens(ensure_keys(tmp_path), "web", "local")
    app = create_app("QCS", health=Health("qcs", "0"), tokens=tokens)
    queries = Queries(desk.states, RedisScreen(redis, seconds=60))
    app.include_router(state_routes.router(desk.search, desk.asking, desk.saved))
    app.include_router(http.router(queries))
    clients = {
        name: httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://qcs",
            headers={"Authorization": f"Bearer {tokens.sign(name, Role.VIEWER, seconds=300)}"},
        )
        for name in ("ana", "ben")
    }
    yield clients
    for client in clients.values():
        await client.aclose()


def vector(psi: np.ndarray) -> dict:
    return {"real": psi.real.tolist(), "imaginary": psi.imag.tolist()}


async def test_a_state_is_kept_listed_found_and_deleted_by_its_owner_only(people):
    psi = random_psi(1)
    made = await people["ana"].post("/states", json={"label": "crash", "amplitudes": vector(psi)})
    assert made.status_code == 201
    state_id = made.json()["state_id"]
    assert made.json()["real"] == psi.real.tolist()
    assert (await people["ana"].get("/states/saved")).json()["items"] == [made.json()]
    assert (await people["ana"].get(f"/states/saved/{state_id}")).json() == made.json()
    body = {"amplitudes": vector(psi), "k": 1}
    assert (await people["ana"].post("/states/search", json=body)).json()["items"][0]["state_id"] == state_id
    assert (await people["ben"].post("/states/search", json=body)).json()["items"][0]["kind"] == "moment"
    assert (await people["ben"].get("/states/saved")).json()["items"] == []
    assert (await people["ben"].delete(f"/states/saved/{state_id}")).status_code == 404
    assert (await people["ana"].delete(f"/states/saved/{state_id}")).status_code == 204
    assert (await people["ana"].get("/states/saved")).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "words", "field"),
    [
        ({"label": "x", "amplitudes": vector(2 * random_psi(2))}, "norm is 2; it must be 1", "amplitudes"),
        ({"label": "x", "matrix": vector(2 * maximally_mixed(26).astype(complex))}, "trace is 2", "matrix"),
        ({"label": "x"}, "say one state; none given", "amplitudes"),
        ({"label": " ", "amplitudes": vector(random_psi(2))}, "label", "label"),
        (
            {"label": "x", "features": {"scores": [9] * 26, "velocities": [0] * 26}},
            "score A is 9; at most 5",
            "features",
        ),
        (
            {"label": "x", "features": {"scores": [0] * 25, "velocities": [0] * 26}},
            "features.scores",
            "features.scores",
        ),
    ],
)
async def test_what_is_no_state_is_refused_with_a_reason(people, body, words, field):
    refused = await people["ana"].post("/states", json=body)
    assert refused.status_code == 400
    assert words in refused.json()["detail"]
    assert refused.json()["field"] == field
    assert (await people["ana"].get("/states/saved")).json()["items"] == []


SAID = "Creo que podemos perder algo, pero nunca venderemos todo lo que tenemos."


async def test_the_state_of_a_text_is_the_one_that_memories_have_and_is_kept_under_a_label_only(people):
    made = await people["ana"].post("/states", json={"text": SAID, "language": "es"})
    body, truth = made.json(), text_state(SAID, language="es")
    assert made.status_code == 200
    assert body["state_hash"] == truth.hash
    assert body["state_id"] is None and body["created_at"] is None
    assert body["real"] == truth.pure.psi.real.tolist()
    rows = body["text"]["dimensions"]
    assert [row["letter"] for row in rows] == list(LETTERS)
    assert [row["defined"] for row in rows] == truth.mask.tolist()
    assert [row["score"] for row in rows] == [z if m else None for z, m in zip(truth.z, truth.mask, strict=True)]
    assert rows[9]["value"] is None and rows[13]["value"] is None, "J and N need surroundings"
    assert (body["text"]["language"], rows[0]["measures"]) == ("es", "mean valence of words")
    assert (await people["ana"].get("/states/saved")).json()["items"] == []
    kept = (await people["ana"].post("/states", json={"text": SAID, "label": "firm"})).json()
    assert kept["state_hash"] == truth.hash and kept["text"]["language"] == "es"
    found = (await people["ana"].post("/states/search", json={"text": SAID, "k": 3})).json()["items"]
    assert found[0]["state_id"] == kept["state_id"] and found[0]["signed"] == pytest.approx(1)
    theirs = (await people["ben"].post("/states/search", json={"text": SAID, "kinds": ["saved"]})).json()["items"]
    assert theirs == []


@pytest.mark.parametrize(
    ("body", "status", "slug", "words", "field"),
    [
        ({"text": "  "}, 400, "bad-input", "the text is empty", "text"),
        ({"text": "y " * 10_001, "language": "es"}, 413, "too-large", "the text has 20,002 characters", "text"),
        ({"text": SAID, "language": "fr"}, 400, "bad-input", "language", "language"),
        ({"text": "Bitcoin 60000"}, 400, "language-untold", "do not tell the language", "language"),
        ({"text": "!!! ???", "language": "en"}, 400, "bad-state", "no word", "text"),
        ({"text": SAID, "symbol": "X"}, 400, "bad-input", "symbol", "symbol"),
        ({"amplitudes": vector(random_psi(2)), "language": "es"}, 400, "bad-input", "only a text", "language"),
    ],
)
async def test_a_text_that_makes_no_state_is_refused_with_what_is_allowed(people, body, status, slug, words, field):
    refused = await people["ana"].post("/states", json=body | {"label": "x"})
    said = refused.json()
    assert (refused.status_code, said["type"].rsplit(":")[-1], said["field"]) == (status, slug, field)
    assert words in said["detail"]
    assert (await people["ana"].get("/states/saved")).json()["items"] == []


async def test_the_bus_builds_a_state_from_text_and_keeps_it_for_a_person_only(desk, store):
    compute = bus.handlers(None, None, SimpleNamespace(asking=desk.asking))["qcs.compute"]
    body = QuantumCompute(kind="state", parameters={"text": SAID})
    async with store.transaction() as conn:
        made = (await compute(conn, None, body)).data
        with pytest.raises(Forbidden, match="kept by people"):
            await compute(conn, None, QuantumCompute(kind="state", parameters={"text": SAID, "label": "x"}))
        with pytest.raises(BadInput, match="language"):
            await compute(conn, None, QuantumCompute(kind="state", parameters={"text": SAID, "language": "fr"}))
    assert made["state_hash"] == text_state(SAID).hash
    assert await desk.saved.of("ana", 5) == []
    async with store.transaction(user="ana") as conn:
        kept = (await compute(conn, None, QuantumCompute(kind="state", parameters={"text": SAID, "label": "x"}))).data
    assert (await desk.saved.one("ana", kept["state_id"]))["state_hash"] == made["state_hash"]


async def test_times_may_be_given_as_text_and_the_answer_says_what_was_searched(people, desk):
    body = {"symbol": "BTCUSDT", "since": str(START + 10**9), "until": str(START + 4 * 10**9), "symbols": ["ETHUSDT"]}
    found = (await people["ana"].post("/states/search", json=body)).json()
    assert sorted(row["bar"] for row in found["items"]) == [1, 2, 3]
    assert found["searched"]["pure"] == len(await desk.stored())
    refused = await people["ana"].post("/states/search", json={"symbol": "BTCUSDT", "k": 1000})
    assert "k" in refused.json()["detail"]


async def test_nobody_searches_without_a_token(people):
    people["ana"].headers.pop("Authorization")
    assert (await people["ana"].post("/states/search", json={"symbol": "BTCUSDT"})).status_code == 401


async def test_the_bus_answers_a_search_on_a_persons_behalf(desk, store):
    answers = SimpleNamespace(search=desk.search, asking=desk.asking)
    compute = bus.handlers(None, None, answers)["qcs.compute"]
    psi = random_psi(3)
    kept = await desk.saved.save("ana", new_state("mine", amplitudes(psi), field="amplitudes"))
    body = QuantumCompute(kind="search", search=FindStates(amplitudes=amplitudes(psi), k=3))
    async with store.transaction(user="ana") as conn:
        found = (await compute(conn, None, body)).data
    assert found["items"][0]["state_id"] == kept["state_id"]
    async with store.transaction() as conn:
        assert [row["kind"] for row in (await compute(conn, None, body)).data["items"]] == ["moment"] * 3
        with pytest.raises(BadInput, match="a search needs a state"):
            await compute(conn, None, QuantumCompute(kind="search"))

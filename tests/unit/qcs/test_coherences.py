"""`POST /coherence`, and the intervals of the series, through the HTTP API on states kept in memory."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import numpy as np
import pytest

from qbtc.contracts import MarketMode, Role
from qbtc.core.hilbert.batches import random_densities
from qbtc.core.hilbert.density import maximally_coherent, pure_density
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.security import Tokens, ensure_keys
from qbtc.qcs.api.http import router
from qbtc.qcs.coherences import EVERY
from qbtc.qcs.domain.events import symbol_state
from qbtc.qcs.domain.folding import MarketBar, SessionFold
from qbtc.qcs.ports import KeptState
from qbtc.qcs.queries import Queries


class Kept:
    """The states of one symbol, newest first, as the database gives them."""

    def __init__(self, bars: int) -> None:
        rng, fold, z = np.random.default_rng(0), SessionFold(), np.zeros((1, 26))
        self.states: list[KeptState] = []
        for bar in range(bars):
            z = np.clip(0.95 * z + 0.3 * rng.normal(size=z.shape), -5, 5)
            folded = fold.fold(MarketBar(bar, ("BTCUSDT",), z, np.ones((1, 26), dtype=bool)))
            state = symbol_state("s", folded, 0)
            self.states.append(KeptState("s", bar, bar * 10**9, MarketMode.SIMULATED, 0, state))

    async def of_symbol(self, symbol: str | None, limit: int) -> list[KeptState]:
        return self.states[::-1][:limit]


@pytest.fixture
def client(tmp_path: Path) -> httpx.AsyncClient:
    ring = ensure_keys(tmp_path)
    app = create_app("test", health=Health("qcs", "0"), tokens=Tokens(ring, "qcs", "local"))
    app.include_router(router(Queries(Kept(100), None)))  # type: ignore[arg-type]
    bearer = Tokens(ring, "cli", "local").sign("ada", Role.VIEWER, seconds=60)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://qcs", headers={"Authorization": f"Bearer {bearer}"}
    )


def parts(values: np.ndarray) -> dict[str, object]:
    return {"real": values.real.tolist(), "imaginary": values.imag.tolist()}


async def test_the_series_has_an_interval_at_some_bars_and_at_the_newest(client: httpx.AsyncClient) -> None:
    points = (await client.get("/coherence", params={"symbol": "BTCUSDT", "limit": 40})).json()["items"]
    assert [p["bar"] for p in points] == list(range(60, 100))
    known = [p["bar"] for p in points if p["coherence_low"] is not None]
    assert known == [*(bar for bar in range(60, 99) if bar % EVERY == 0), 99]
    for point in points:
        if point["coherence_low"] is not None:
            assert 0 <= point["coherence_low"] < point["coherence_high"] <= 1
    again = (await client.get("/coherence", params={"symbol": "BTCUSDT", "limit": 10})).json()["items"]
    assert again[-1] == points[-1]


async def test_a_matrix_is_reported_with_its_closed_form_and_its_registers(client: httpx.AsyncClient) -> None:
    answer = await client.post("/coherence", json={"matrix": parts(pure_density(maximally_coherent(26)))})
    body = answer.json()
    assert answer.status_code == 200
    assert (body["l1"], body["relative"]) == (pytest.approx(25), pytest.approx(4.700439718))
    assert body["contributions"] == pytest.approx([25 / 26] * 26)
    assert [r["registers"] for r in body["registers"]] == [[2, 13]]
    assert body["intervals"] is None


async def test_rows_are_reported_with_intervals_that_a_seed_repeats(client: httpx.AsyncClient) -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(60, 26)) + 1j * rng.normal(size=(60, 26))
    ask = {"rows": parts(rows), "draws": 40, "seed": 7}
    first, second = [(await client.post("/coherence", json=ask)).json() for _ in range(2)]
    assert first == second
    assert set(first["intervals"]) == {
        "l1",
        "relative",
        "normalised",
        "purity",
        "entropy",
        "effective_rank",
        "participation",
    }


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 400, "needs a matrix or rows"),
        ({"matrix": parts(2 * random_densities(1, 3, np.random.default_rng(0))[0])}, 400, "trace is 2"),
        ({"matrix": {"real": [[1.0, 0.0], [0.0]]}}, 400, "one width"),
        ({"matrix": {"real": [[0.0] * 65] * 65}}, 400, "from 2 to 64"),
        ({"rows": parts(np.ones((5, 3)))}, 400, "at least 8"),
        ({"rows": parts(np.ones((9, 3))), "draws": 1}, 400, "draws"),
    ],
)
async def test_what_cannot_be_reported_is_refused_in_words(
    client: httpx.AsyncClient, body: dict[str, object], status: int, words: str
) -> None:
    answer = await client.post("/coherence", json=body)
    assert answer.status_code == status
    assert words in json.dumps(answer.json())

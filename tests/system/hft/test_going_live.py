"""A whole system on a live venue: read-only, live once all three conditions hold, and read-only again when one breaks.

The live venue is another one of ours in the place of Binance, which cannot be reached from a test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from qbtc.kit.ids import uuid7
from qbtc.testing.system import QbtcSystem
from qbtc.testing.venue import VenueProcess, venue
from qbtc.testing.waiting import until

NAMES = ("binance", "binance-usdm")


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[VenueProcess]:
    with venue(tmp_path, "--sim", "--symbols", "BTCUSDT,ETHUSDT") as found:
        yield found


@pytest.fixture
def system(name: str, stand_in: VenueProcess) -> Iterator[QbtcSystem]:
    env = {"QBTC_HFT_VENUE_URL": stand_in.rest, "QBTC_HFT_RIGHTS_SECONDS": "0.5", "QBTC_HFT_RECONCILE_SECONDS": "1"}
    options = ("--only", "exchange,hft,web", "--venue", name, "--live")
    with QbtcSystem(market="sim", options=options, env=env) as found:
        yield found


def live(client: httpx.Client) -> dict[str, object]:
    answer = client.get("/api/hft/live")
    return dict(answer.json()) if answer.status_code == 200 else {}


def missing(client: httpx.Client) -> list[str]:
    rows = live(client).get("conditions")
    return [row["name"] for row in rows if not row["ok"]] if isinstance(rows, list) else ["everything"]


def placed(client: httpx.Client) -> dict[str, object]:
    """How a market buy ends."""
    body = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.01"}
    first = client.post("/api/commands/hft.order.place", json=body, headers={"Idempotency-Key": uuid7()})
    operation = first.json()["operation_id"]

    def ended() -> dict[str, object] | None:
        row = client.get(f"/api/operations/{operation}").json()
        return row if row["status"] in ("done", "failed") else None

    return until(ended, what="the order's end")


def refused(client: httpx.Client) -> list[str]:
    end = placed(client)
    problem = end["problem"]
    assert isinstance(problem, dict)
    assert problem["type"] == "urn:qbtc:problem:read-only"
    return list(problem["allowed"])


def add_keys(system: QbtcSystem, name: str, key: str, secret: str) -> None:
    done = system.cli("keys", "add", name, "--stdin", stdin=f"{key}\n{secret}\n")
    assert done.stdout == f"Stored {name}.\n"
    old = system.kill("hft")
    system.wait_back("hft", old)


def stored(system: QbtcSystem, table: str) -> list[str]:
    url = json.loads((system.home / "secrets" / "hft.json").read_text())["database_url"]
    with psycopg.connect(url) as conn:
        return [str(row[0]) for row in conn.execute(f"SELECT DISTINCT venue FROM {table}")]


def test_a_live_venue_goes_from_read_only_to_live_and_back(name: str, system: QbtcSystem, stand_in: VenueProcess) -> None:
    with system.client("trader") as client:
        assert until(lambda: client.get("/api/hft/market").json()["mode"] == "LIVE", what="market data without keys")
        assert missing(client) == ["keys", "confirmed"]
        assert refused(client) == ["keys", "confirmed"]

        add_keys(system, name, "no-such-key", stand_in.secret)
        until(lambda: live(client).get("keys") == "unknown", what="wrong keys are found out")
        assert client.get("/api/hft/market").json()["state"] == "connected"

        add_keys(system, name, stand_in.api_key, stand_in.secret)
        until(lambda: missing(client) == ["confirmed"], what="the keys are checked")
        assert client.post("/api/hft/live", json={"confirm": "yes"}).status_code == 409
        assert refused(client) == ["confirmed"]

        assert client.post("/api/hft/live", json={"confirm": name}).json()["mode"] == "LIVE"
        until(lambda: client.get("/api/hft/risk").json()["reconciled"], what="the account is compared")
        until(lambda: client.get("/api/hft/book").json()["synced"], what="a book")
        assert placed(client)["status"] == "done"
        until(lambda: client.get("/api/hft/fills").json()["items"], what="a fill")
        until(lambda: stored(system, "fills"), what="the fill is stored")
        assert [stored(system, table) for table in ("orders", "fills", "positions")] == [[name]] * 3
        assert (system.home / "hft" / name / "journal.jsonl").exists()
        assert not (system.home / "hft" / "journal.jsonl").exists()
        reset = client.post("/api/hft/paper/reset")
        assert (reset.status_code, reset.json()["type"]) == (409, "urn:qbtc:problem:not-paper")

        old = system.kill("hft")
        system.wait_back("hft", old)
        until(lambda: missing(client) == ["confirmed"], what="a restart needs a person again")
        assert [row["quantity"] for row in client.get("/api/hft/positions").json()["items"]] != []

        assert client.post("/api/hft/live", json={"confirm": name}).json()["mode"] == "LIVE"
        stand_in.stop()
        until(lambda: missing(client) == ["keys", "confirmed"], what="an unanswered check ends live trading")
        assert client.post("/api/hft/kill", json={"scope": "cancel", "reason": "drill"}).json()["state"] == "HALTED"

    secrets = (stand_in.api_key, stand_in.secret)
    said = [line for lines in system.logs().values() for line in lines if any(secret in line for secret in secrets)]
    assert said == []
    kept = [p for p in system.home.rglob("*") if p.is_file() and stand_in.secret.encode() in p.read_bytes()]
    assert kept == []

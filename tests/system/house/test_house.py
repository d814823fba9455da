"""The house stands: one command, five services and the venue, the decision loop on a real market."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import jsonschema
import pytest
from openapi_spec_validator import validate

from qbtc.kit.ids import uuid7
from qbtc.kit.logs import SCHEMA
from qbtc.testing.system import QbtcSystem
from qbtc.testing.waiting import until

SERVICES = ("ce3", "cio", "qcs", "hft", "web")
PORTS = {"ce3": 8100, "cio": 8200, "qcs": 8300, "hft": 8400, "exchange": 8450, "web": 8500}


@pytest.fixture(scope="module")
def admin(qbtc_system: QbtcSystem) -> Iterator[httpx.Client]:
    with qbtc_system.client("admin") as client:
        yield client


def test_status_tells_services_engines_market_and_address(qbtc_system: QbtcSystem) -> None:
    status = qbtc_system.status()
    assert set(status) >= {"services", "engines", "market", "url"}
    assert {name for name, row in status["services"].items() if row["state"] == "ready"} == {*SERVICES, "exchange"}
    assert all(row["port"] == PORTS[name] + qbtc_system.offset for name, row in status["services"].items())
    assert all(isinstance(row["pid"], int) for row in status["services"].values())
    assert {"postgres", "valkey", "nginx"} <= set(status["engines"])
    assert status["market"]["mode"] in ("REPLAY", "SIMULATED")


@pytest.mark.parametrize("service", [*SERVICES, "exchange"])
def test_every_service_has_health_metrics_and_a_valid_openapi_document(qbtc_system: QbtcSystem, service: str) -> None:
    base = f"http://127.0.0.1:{PORTS[service] + qbtc_system.offset}"
    assert httpx.get(f"{base}/health/live").status_code == 200
    assert httpx.get(f"{base}/health/ready").status_code == 200
    assert "# HELP" in httpx.get(f"{base}/metrics").text
    validate(httpx.get(f"{base}/openapi.json").json())


def test_the_decision_loop_runs_by_itself_as_one_trace_from_market_frame_to_web(admin: httpx.Client) -> None:
    def whole() -> dict[str, object] | None:
        found = admin.get("/api/web/traces", params={"limit": 200}).json()["items"]
        return next((t for t in found if t["name"] == "market.frame" and {"hft", "qcs", "web"} <= set(t["services"])), None)

    trace = until(whole, seconds=60, what="a trace from market frame over QCS to Web")
    spans = admin.get(f"/api/web/traces/{trace['trace_id']}").json()["spans"]
    names = {span["name"] for span in spans}
    assert {"market.frame", "hft.market.state", "qcs.quantum.state"} <= names


def test_memory_and_orders_join_the_loop(admin: httpx.Client) -> None:
    fills = until(lambda: admin.get("/api/hft/fills").json()["items"], seconds=120, what="a fill of the strategy")
    assert float(fills[0]["quantity"]) > 0
    memories = until(lambda: admin.get("/api/cio/memories", params={"kind": "trade"}).json()["items"], what="its memory")
    assert memories[0]["text"]
    reflections = until(lambda: admin.get("/api/cio/reflections").json()["items"], seconds=90, what="a reflection")
    assert reflections[0]["text_en"] and reflections[0]["text_es"]


def test_positions_agree_with_the_venues_balances(admin: httpx.Client) -> None:
    def same() -> bool:
        pnl = admin.get("/api/hft/pnl").json()
        held = {row["symbol"]: float(row["quantity"]) for row in admin.get("/api/hft/positions").json()["items"]}
        btc = pnl["balances"]["BTC"]
        return abs(float(btc["free"]) + float(btc["locked"]) - 2.0 - held.get("BTCUSDT", 0.0)) < 1e-9

    until(same, seconds=30, what="position == balance - funding")


def test_at_least_ten_market_features_are_computed(admin: httpx.Client) -> None:
    symbol = admin.get("/api/hft/market").json()["symbols"][0]

    def enough() -> bool:
        present = admin.get("/api/hft/features", params={"symbol": symbol}).json().get("present") or []
        return sum(present) >= 10

    until(enough, seconds=90, what="ten features")


def test_a_command_is_accepted_once_and_carried_out(admin: httpx.Client) -> None:
    key = {"Idempotency-Key": uuid7()}
    body = {"text": "The quarterly expiry is on Friday.", "scope": "desk"}
    first = admin.post("/api/commands/cio.memory.store", json=body, headers=key)
    again = admin.post("/api/commands/cio.memory.store", json=body, headers=key)
    assert first.status_code == 202
    assert again.json()["operation_id"] == first.json()["operation_id"]
    done = until(lambda: _finished(admin, first.json()["operation_id"]), what="the operation's end")
    assert done["status"] == "done"
    hits = admin.post("/api/cio/recall", json={"text": "quarterly expiry"}).json()["hits"]
    assert sum("quarterly expiry" in hit["text"] for hit in hits) == 1


def _finished(client: httpx.Client, operation: str) -> dict[str, object] | None:
    row = client.get(f"/api/operations/{operation}").json()
    return row if row["status"] in ("done", "failed") else None


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("hft.nonsense.key", {}, 404, "hft.nonsense.key"),
        ("hft.market.state", {}, 400, "hft.market.state"),
        ("hft.order.place", {"symbol": "BTCUSDT"}, 400, "side"),
        ("hft.order.place", {"symbol": "btc usdt", "side": "BUY", "type": "MARKET", "quantity": "1"}, 400, "symbol"),
        ("hft.order.place", {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "quantity": "1"}, 400, "price"),
        ("hft.trading.kill", {"scope": "everything"}, 400, "scope"),
    ],
)
def test_bad_commands_get_a_problem_that_says_what_is_wrong(
    admin: httpx.Client, path: str, body: dict[str, str], status: int, says: str
) -> None:
    answer = admin.post(f"/api/commands/{path}", json=body, headers={"Idempotency-Key": uuid7()})
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert answer.status_code in (status, 422 if status == 400 else status), problem
    assert says in json.dumps(problem)
    assert problem["trace_id"]


def test_a_command_that_is_no_json_or_too_large_is_refused(admin: httpx.Client) -> None:
    headers = {"Idempotency-Key": uuid7(), "content-type": "application/json"}
    assert admin.post("/api/commands/cio.memory.store", content=b"{", headers=headers).status_code in (400, 422)
    large = admin.post("/api/commands/cio.memory.store", json={"text": "x" * 300_000}, headers=headers)
    assert large.status_code == 413
    assert large.json()["type"].endswith("too-large")


def test_without_a_token_nothing_is_shown(qbtc_system: QbtcSystem) -> None:
    for path in ("/api/hft/positions", "/api/cio/memories", "/api/web/overview", "/api/ce3/tools", "/api/hft/metrics"):
        answer = httpx.get(qbtc_system.url + path)
        assert answer.status_code == 401, path
        assert answer.json()["type"].endswith("unauthorised")


def test_services_verify_the_token_themselves(qbtc_system: QbtcSystem) -> None:
    base = f"http://127.0.0.1:{PORTS['hft'] + qbtc_system.offset}"
    assert httpx.get(f"{base}/positions").status_code == 401
    forged = qbtc_system.token()[:-6] + "AAAAAA"
    assert httpx.get(f"{base}/positions", headers={"Authorization": f"Bearer {forged}"}).status_code == 401


def test_a_viewer_may_look_and_not_trade(qbtc_system: QbtcSystem) -> None:
    with qbtc_system.client("viewer", user="watcher") as viewer:
        assert viewer.get("/api/hft/positions").status_code == 200
        body = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.001"}
        answer = viewer.post("/api/commands/hft.order.place", json=body, headers={"Idempotency-Key": uuid7()})
        assert answer.status_code == 403
        assert viewer.post("/api/hft/kill", json={"scope": "pause"}).status_code == 403


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the price of bitcoin?", "BTCUSDT"),
        ("¿Cuáles son mis posiciones?", None),
        ("Run a Bell circuit", "00"),
        ("¿En qué régimen está el mercado?", "régimen"),
    ],
)
def test_the_assistant_answers_from_tools_and_names_its_source(
    admin: httpx.Client, question: str, expected: str | None
) -> None:
    answer = admin.post("/api/ce3/ask", json={"text": question}).json()
    assert answer["model"] == "offline planner"
    assert answer["sources"] and all(tool["ok"] for tool in answer["tools"]), answer
    assert expected is None or expected in answer["text"]


def test_every_log_line_follows_the_published_schema_and_carries_no_secret(qbtc_system: QbtcSystem) -> None:
    secrets = _secrets(qbtc_system)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    logs = qbtc_system.logs()
    assert set(logs) >= {"hft", "qcs", "cio", "ce3", "web", "exchange", "postgres", "nginx", "valkey", "supervisor"}
    for name, lines in logs.items():
        for line in lines:
            assert not list(validator.iter_errors(json.loads(line))), f"{name}: {line[:300]}"
            assert not any(secret in line for secret in secrets), f"{name} logged a secret"


def _secrets(system: QbtcSystem) -> set[str]:
    """Every password and key that bootstrap made."""
    texts = [p.read_text() for p in (system.home / "secrets").glob("*.json")]
    found = {m for text in texts for m in re.findall(r"(?<=:)[A-Za-z0-9_-]{24,}(?=@)", text)}
    for text in texts:
        data = json.loads(text)
        for entry in data if isinstance(data, list) else [data]:
            found |= {v for k, v in entry.items() if k in ("password", "secret", "api_key", "private_key") and isinstance(v, str)}
    assert len(found) >= 8
    return found


def test_nothing_listens_outside_loopback(qbtc_system: QbtcSystem) -> None:
    ports = {port + qbtc_system.offset for port in (*PORTS.values(), 9080, 9443)}
    seen = 0
    for table, loopback in (("tcp", "0100007F"), ("tcp6", "00000000000000000000000001000000")):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            address, state = line.split()[1], line.split()[3]
            host, port = address.split(":")
            if state == "0A" and int(port, 16) in ports:
                seen += 1
                assert host == loopback, f"port {int(port, 16)} listens on {host}"
    assert seen >= 7


def test_homes_secrets_are_for_their_owner_only(qbtc_system: QbtcSystem) -> None:
    assert qbtc_system.home.stat().st_mode & 0o077 == 0
    for path in (qbtc_system.home / "secrets").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path

"""Lines that a real process writes: each is valid under the published schema, and none carries a secret."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from qbtc.kit.logs import SCHEMA, scrub

CANARY = "canary7b1d"
JWT = f"eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbm4ifQ.{CANARY}"

PROGRAM = f"""
import logging, sys, warnings
from qbtc.kit import logs, tracing
from qbtc.kit.settings import Platform
from pydantic import SecretStr

logs.configure("hft", "debug")
tracing.configure("hft", None)
log = logs.get_logger("x")
url = "postgresql://ann:{CANARY}@host/db"
log.debug("plain"); log.info("with context", number=1, text="ñ", none=None, yes=True, real=1.5)
log.warning("url " + url, url=url, urls=[url, (url,)], nested={{"deep": [{{"dsn": url}}]}})
log.info("keys", password="{CANARY}", api_key="{CANARY}", secret=["{CANARY}"], nested={{"access_token": "{CANARY}", "x": {{"Cookie": "{CANARY}"}}}},
         rows=[{{"authorization": "{CANARY}"}}])
log.info("Authorization: Bearer {CANARY}", header="Bearer {CANARY}", jwt="{JWT}")
log.info("objects", secret_value=SecretStr("{CANARY}"), value=SecretStr("{CANARY}"), error=ValueError(url), raw=url.encode())
log.info("assigned host=x password={CANARY} user=y", json='{{"password": "{CANARY}", "a": 1}}')
log.info("p@ss url redis://u:p@{CANARY}@h/0")
try:
    raise RuntimeError("connect " + url + " with {JWT}")
except RuntimeError:
    log.exception("it broke", queue="q")
    logging.getLogger("library").exception("library broke at %s", url)
logging.getLogger("library").warning("standard %s", "record", extra={{"more": 1}})
logging.getLogger("library").critical("bad")
log.info("collision", timestamp="mine", level="mine", service="mine", logger="mine", event_name="e")
with tracing.span("work"):
    log.info("traced", user_id="ann", routing_key="hft.market.state")
log.info("line\\nbreak and \\u2028 separator", odd={{1: 2}}, many={{"b", "a"}})
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    script = tmp_path_factory.mktemp("logs") / "program.py"
    script.write_text(PROGRAM)
    source = str(Path(__file__).parents[3] / "src")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60, check=False,
        env={"PYTHONPATH": source, "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def lines(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_every_line_is_valid_under_the_published_schema(lines: list[dict[str, object]]) -> None:
    published = json.loads((Path(__file__).parents[3] / "docs/reference/log-schema.json").read_text())
    assert published == SCHEMA
    check = Draft202012Validator(published)
    assert len(lines) == 15
    for line in lines:
        check.validate(line)


def test_no_secret_reaches_a_line(output: str) -> None:
    assert CANARY not in output


def test_what_is_not_secret_stays(lines: list[dict[str, object]]) -> None:
    context = next(row["context"] for row in lines if row["message"] == "with context")
    assert context == {"number": 1, "text": "ñ", "none": None, "yes": True, "real": 1.5}
    assert any("postgresql://ann:***@host/db" in str(row["message"]) for row in lines)


def test_an_exception_keeps_its_traceback_in_one_line(lines: list[dict[str, object]]) -> None:
    broken = [row for row in lines if row["message"] == "it broke"]
    assert broken[0]["level"] == "error"
    assert "Traceback" in str(broken[0]["context"])
    assert "RuntimeError: connect postgresql://ann:***@host/db" in str(broken[0]["context"])


def test_the_standard_library_writes_the_same_lines(lines: list[dict[str, object]]) -> None:
    levels = {str(row["message"]): row["level"] for row in lines}
    assert levels["standard record"] == "warning"
    assert levels["bad"] == "critical"
    assert {row["service"] for row in lines} == {"hft"}


def test_a_line_inside_of_a_span_carries_its_trace(lines: list[dict[str, object]]) -> None:
    context = next(row["context"] for row in lines if row["message"] == "traced")
    assert isinstance(context, dict)
    assert len(context["trace_id"]) == 32
    assert context["user_id"] == "ann"


@pytest.mark.parametrize(("text", "clean"), [
    ("amqp://qbtc:pa%40ss@host:5672/", "amqp://qbtc:***@host:5672/"),
    ("redis://:x@h", "redis://:***@h"),
    ("https://example.org/path", "https://example.org/path"),
    ("Bearer abc.def", "Bearer [token]"),
    ("password=x, host=y", "password=***, host=y"),
    ("the token has expired", "the token has expired"),
    ("", ""),
])
def test_scrubbing_takes_out_the_secret_and_nothing_else(text: str, clean: str) -> None:
    assert scrub(text) == clean

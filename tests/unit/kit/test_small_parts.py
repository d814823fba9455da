"""Errors, ids, clocks, metrics, tracing and health: the small parts that everything stands on."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from pathlib import Path

import pytest
from pydantic import BaseModel, Field, ValidationError

from qbtc.kit import errors, metrics, tracing
from qbtc.kit.clock import FakeClock, SystemClock
from qbtc.kit.health import Health
from qbtc.kit.ids import uuid7

TREE = (
    (errors.QbtcError, 500, "internal-error"), (errors.BadInput, 400, "bad-input"), (errors.TooLarge, 413, "too-large"),
    (errors.Unauthorised, 401, "unauthorised"), (errors.Forbidden, 403, "forbidden"), (errors.NotFound, 404, "not-found"),
    (errors.Conflict, 409, "conflict"), (errors.RateLimited, 429, "rate-limited"), (errors.Unavailable, 503, "unavailable"),
)


@pytest.mark.parametrize(("kind", "status", "slug"), TREE)
def test_every_error_is_a_problem_document_with_a_stable_type(kind: type[errors.QbtcError], status: int, slug: str) -> None:
    problem = kind("what happened", field="size", allowed=[1, 2]).problem("t" * 32)
    assert problem == {
        "type": f"urn:qbtc:problem:{slug}", "title": kind.title, "status": status, "detail": "what happened", "field": "size",
        "allowed": [1, 2], "trace_id": "t" * 32,
    }
    assert set(kind().problem()) == {"type", "title", "status", "detail"}, "what is not known is left out"


def test_the_types_of_problems_are_distinct() -> None:
    assert len({slug for _, _, slug in TREE}) == len(TREE)


class Inner(BaseModel):
    size: int = Field(le=5)


class Outer(BaseModel):
    inner: Inner
    mode: str = Field(pattern="^a$")


@pytest.mark.parametrize(("data", "field", "said"), [
    ({"inner": {"size": 9}, "mode": "a"}, "inner.size", "less than or equal to 5"),
    ({"inner": {"size": 1}, "mode": "b"}, "mode", "pattern"),
    ({"inner": {}, "mode": "b"}, "inner.size", "is missing (and 1 more)"),
])
def test_a_validation_error_names_the_first_field_and_counts_the_rest(data: object, field: str, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(data)
    bad = errors.from_validation(caught.value)
    assert bad.field == field
    assert said in bad.detail


def test_a_validation_error_never_repeats_the_input() -> None:
    with pytest.raises(ValidationError) as caught:
        Inner.model_validate({"size": "hunter2"})
    assert "hunter2" not in str(errors.from_validation(caught.value).problem())


def test_ids_are_uuids_of_version_7_and_never_repeat() -> None:
    made = [uuid7() for _ in range(2_000)]
    assert len(set(made)) == len(made)
    parsed = [uuid.UUID(text) for text in made]
    assert {p.version for p in parsed} == {7}
    assert {p.variant for p in parsed} == {uuid.RFC_4122}
    assert [str(p) for p in parsed] == made


def test_ids_carry_the_time_and_sort_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [1_700_000_000_000, 1_700_000_000_001, 1_800_000_000_000, 4_000_000_000_000]
    made = []
    for millis in moments:
        monkeypatch.setattr(time, "time_ns", lambda millis=millis: millis * 1_000_000)
        made.append(uuid7())
    assert made == sorted(made)
    assert [uuid.UUID(text).int >> 80 for text in made] == moments


def test_the_clock_for_tests_stands_still_until_told() -> None:
    clock = FakeClock(10_000_000_000)
    assert clock.now_ns() == clock.now_ns() == 10_000_000_000
    clock.advance(1.5)
    assert (clock.now_ns(), clock.now().timestamp()) == (11_500_000_000, 11.5)


def test_the_system_clock_is_utc() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is not None
    assert abs(clock.now().timestamp() - clock.now_ns() / 1e9) < 5


def test_asking_twice_for_a_metric_gives_the_same_one() -> None:
    first = metrics.counter("qbtc_test_things_total", "Things", ("kind",))
    assert metrics.counter("qbtc_test_things_total", "Things", ("kind",)) is first
    first.labels("a").inc(2)
    assert 'qbtc_test_things_total{kind="a"} 2.0' in metrics.exposition().decode()


def test_one_name_is_one_kind_of_metric() -> None:
    metrics.gauge("qbtc_test_level", "Level")
    with pytest.raises(TypeError, match="'qbtc_test_level' is a Gauge, not a Counter"):
        metrics.counter("qbtc_test_level", "Level")


def test_a_histogram_has_buckets_from_a_tenth_of_a_millisecond() -> None:
    metrics.histogram("qbtc_test_seconds", "Seconds").observe(0.0002)
    text = metrics.exposition().decode()
    assert 'qbtc_test_seconds_bucket{le="0.0001"} 0.0' in text
    assert 'qbtc_test_seconds_bucket{le="0.00025"} 1.0' in text


@pytest.fixture
def traced(tmp_path: Path) -> Path:
    tracing.configure("test", tmp_path)
    return tmp_path / "spans-test.jsonl"


def spans(path: Path) -> dict[str, dict[str, object]]:
    tracing.shutdown()
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return {row["name"]: row for row in rows}


def test_a_trace_crosses_a_traceparent(traced: Path) -> None:
    with tracing.span("here"):
        carried = tracing.current_traceparent()
    with tracing.span("there", parent=carried, kind="consumer", queue="q"):
        trace_id = tracing.current_trace_id()
    found = spans(traced)
    assert found["there"]["trace_id"] == found["here"]["trace_id"] == trace_id
    assert found["there"]["parent_id"] == found["here"]["span_id"]
    assert (found["there"]["kind"], found["there"]["attributes"]) == ("consumer", {"queue": "q"})
    assert found["here"]["parent_id"] is None


def test_continuing_makes_the_remote_span_the_parent_without_a_span_of_its_own(traced: Path) -> None:
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    with tracing.continue_from(parent):
        assert tracing.current_trace_id() == "a" * 32
        with tracing.span("child"):
            pass
    assert tracing.current_trace_id() is None
    assert spans(traced)["child"]["parent_id"] == "b" * 16


@pytest.mark.parametrize("broken", ["", "garbage", f"00-{'0' * 32}-{'b' * 16}-01", f"ff-{'a' * 32}-{'b' * 16}-01"])
def test_a_broken_traceparent_begins_a_new_trace(traced: Path, broken: str) -> None:
    with tracing.span("fresh", parent=broken):
        assert tracing.current_trace_id() not in (None, "0" * 32, "a" * 32)
    assert spans(traced)["fresh"]["parent_id"] is None


def test_an_error_marks_its_span_and_goes_on(traced: Path) -> None:
    with pytest.raises(ValueError, match="no"), tracing.span("fails"):
        raise ValueError("no")
    row = spans(traced)["fails"]
    assert (row["ok"], row["error"]) == (False, "ValueError: no")


async def well() -> None:
    return None


async def test_a_service_is_ready_when_every_check_passes() -> None:
    health = Health("hft", "1")
    health.check("database", well)
    health.note["mode"] = "SIMULATED"
    ok, body = await health.report()
    assert ok
    assert (body["state"], body["service"], body["note"]) == ("ready", "hft", {"mode": "SIMULATED"})
    assert body["checks"] == {"database": {"ok": True, "detail": None}}


async def test_one_failing_check_makes_it_degraded_and_says_why_without_secrets() -> None:
    async def ill() -> None:
        raise ConnectionError("no answer from postgresql://hft:hunter2@host/db")

    health = Health("hft", "1")
    health.check("good", well)
    health.check("bad", ill)
    ok, body = await health.report()
    assert (ok, body["state"]) == (False, "degraded")
    assert body["checks"] == {
        "good": {"ok": True, "detail": None},
        "bad": {"ok": False, "detail": "ConnectionError: no answer from postgresql://hft:***@host/db"},
    }


async def test_a_check_that_hangs_is_a_failed_check_and_does_not_hold_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qbtc.kit.health.TIMEOUT", 0.01)
    health = Health("hft", "1")
    health.check("hangs", asyncio.Event().wait)  # type: ignore[arg-type]
    health.check("good", well)
    async with asyncio.timeout(5):
        ok, body = await health.report()
    assert not ok
    assert body["checks"]["hangs"]["ok"] is False  # type: ignore[index, call-overload]
    assert "TimeoutError" in body["checks"]["hangs"]["detail"]  # type: ignore[index, call-overload]


async def test_a_draining_service_is_not_ready_and_a_paused_one_is() -> None:
    health = Health("hft", "1")
    health.paused = True
    assert [(await health.report())[0], (await health.report())[1]["state"]] == [True, "paused"]
    health.draining = True
    assert [(await health.report())[0], (await health.report())[1]["state"]] == [False, "draining"]

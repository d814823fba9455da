"""Readers of what the services left behind: logs, traces, metric history."""

import json
from pathlib import Path
from typing import Any

from qbtc.kit.telemetry import BoundedLog, LogQuery, MetricStore, list_traces, parse_metrics, query_logs, read_trace

TRACE, OTHER = "a" * 32, "b" * 32


def log_line(n: int, service: str = "hft", level: str = "info", **context: str) -> str:
    return json.dumps({"timestamp": f"2026-01-01T00:00:{n:02d}Z", "service": service, "level": level,
                       "message": f"message {n}", "context": context})


def write_logs(folder: Path, **files: list[str]) -> Path:
    for name, lines in files.items():
        (folder / f"{name}.log").write_text("".join(line + "\n" for line in lines))
    return folder


def test_logs_of_all_services_are_merged_newest_first(tmp_path: Path) -> None:
    write_logs(tmp_path, hft=[log_line(1), log_line(4)], web=[log_line(2, "web"), log_line(3, "web")])
    assert [row["message"] for row in query_logs(tmp_path, LogQuery())] == [f"message {n}" for n in (4, 3, 2, 1)]


def test_logs_are_filtered_by_service_level_trace_and_text(tmp_path: Path) -> None:
    write_logs(tmp_path, hft=[log_line(1, level="debug"), log_line(2, level="error", trace_id=TRACE), log_line(3)])

    def found(**q: str) -> list[object]:
        return [row["message"] for row in query_logs(tmp_path, LogQuery(**q))]

    assert found(level="warning") == ["message 2"]
    assert found(trace_id=TRACE) == ["message 2"]
    assert found(text="SAGE 3") == ["message 3"]
    assert found(service="web") == []
    assert found(limit=1) == ["message 3"]


def test_foreign_output_is_shown_under_the_name_of_its_file(tmp_path: Path) -> None:
    write_logs(tmp_path, postgres=["LOG:  database system is ready", "[1, 2]"])
    rows = query_logs(tmp_path, LogQuery())
    assert {row["service"] for row in rows} == {"postgres"}
    assert "LOG:  database system is ready" in [row["message"] for row in rows]


def span(span_id: str, parent: str | None, start: int, **more: Any) -> dict[str, Any]:
    return {"trace_id": TRACE, "span_id": span_id, "parent_id": parent, "name": span_id, "service": "web",
            "kind": "internal", "start_ns": start, "duration_us": 1000.0, "ok": True, "error": None,
            "attributes": {}} | more


def write_spans(folder: Path, service: str, *spans: dict[str, Any]) -> None:
    BoundedLog(folder / f"spans-{service}.jsonl").append(*({**s, "service": service} for s in spans))


def test_one_trace_is_assembled_across_services(tmp_path: Path) -> None:
    write_spans(tmp_path, "hft", span("place", "post", 2_000_000, ok=False), span("x", None, 9, trace_id=OTHER))
    write_spans(tmp_path, "web", span("post", None, 1_000_000))
    trace = read_trace(tmp_path, TRACE)
    assert trace is not None
    assert (trace["services"], trace["span_count"], trace["errors"], trace["duration_ms"]) == (["hft", "web"], 2, 1, 2.0)
    (root,) = trace["roots"]
    assert root["name"] == "post"
    assert [(c["name"], c["service"], c["offset_ms"]) for c in root["children"]] == [("place", "hft", 1.0)]


def test_a_span_with_an_unknown_parent_is_a_root_and_a_cycle_is_cut(tmp_path: Path) -> None:
    write_spans(tmp_path, "web", span("lost", "gone", 1), span("a", "b", 2), span("b", "a", 3))
    trace = read_trace(tmp_path, TRACE)
    assert trace is not None
    names = [r["name"] for r in trace["roots"]] + [c["name"] for r in trace["roots"] for c in r["children"]]
    assert sorted(names) == ["a", "b", "lost"]


def test_an_unknown_trace_is_none(tmp_path: Path) -> None:
    assert read_trace(tmp_path, TRACE) is None


def test_traces_are_listed_newest_first_and_broken_lines_passed_over(tmp_path: Path) -> None:
    write_spans(tmp_path, "web", span("old", None, 1), span("new", None, 5, trace_id=OTHER))
    with (tmp_path / "spans-web.jsonl").open("a") as file:
        file.write('{"trace_id": "cut off\n')
    assert [row["name"] for row in list_traces(tmp_path)] == ["new", "old"]
    assert [row["name"] for row in list_traces(tmp_path, limit=1)] == ["new"]


EXPOSITION = """# TYPE qbtc_hft_orders_total counter
qbtc_hft_orders_total{side="BUY"} 3
qbtc_hft_orders_total{side="SELL"} 4
# TYPE qbtc_hft_latency_seconds histogram
qbtc_hft_latency_seconds_bucket{le="+Inf"} 2
qbtc_hft_latency_seconds_count 2
qbtc_hft_latency_seconds_sum 0.5
# TYPE python_info gauge
python_info 1
"""


def test_metrics_are_parsed_without_buckets_and_foreign_families() -> None:
    assert parse_metrics(EXPOSITION) == {
        'qbtc_hft_orders_total{side="BUY"}': 3.0, 'qbtc_hft_orders_total{side="SELL"}': 4.0,
        "qbtc_hft_latency_seconds_count": 2.0, "qbtc_hft_latency_seconds_sum": 0.5,
    }


def test_history_survives_a_restart_and_adds_up_labels(tmp_path: Path) -> None:
    store = MetricStore(tmp_path)
    for at, buys in ((1_000_000, 1.0), (1_005_000, 1.0), (1_010_000, 2.0)):
        store.record("hft", at, {'orders{side="BUY"}': buys, 'orders{side="SELL"}': 10.0})
    again = MetricStore(tmp_path)
    assert again.history("hft", "orders", since=0) == [(1_000_000, 11.0), (1_005_000, 11.0), (1_010_000, 12.0)]
    assert again.history("hft", 'orders{side="BUY"}', since=1_010_000) == [(1_010_000, 2.0)]
    assert store.latest("hft") == {'orders{side="BUY"}': 2.0, 'orders{side="SELL"}': 10.0}


def test_recent_history_comes_from_memory(tmp_path: Path) -> None:
    store = MetricStore(tmp_path)
    for n in range(4):
        store.record("hft", 1_000_000 + n, {"x": float(n)})
    (tmp_path / "metrics-hft.jsonl").unlink()
    assert store.history("hft", "x", since=1_000_002) == [(1_000_002, 2.0), (1_000_003, 3.0)]
    assert store.history("hft", "x", since=1_000_009) == [(1_000_009, 3.0)], "a flat series still has a value"
    assert store.history("web", "x", since=0) == []

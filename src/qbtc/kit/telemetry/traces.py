"""Spans of all services put together again: the list of recent traces, and one trace as a tree.

A span that names a parent nobody kept becomes a root of its own, so nothing is hidden. Sits on `bounded`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypedDict

import msgspec

from .bounded import newest_lines

_decode = msgspec.json.Decoder().decode
_REQUIRED = ("trace_id", "span_id", "name", "service", "start_ns", "duration_us")


class SpanRow(TypedDict):
    """One line of spans-<service>.jsonl. Ids are lower-case hex (32 and 16 digits), times UTC nanoseconds."""

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    service: str
    kind: str
    start_ns: int
    duration_us: float
    ok: bool
    error: str | None
    attributes: dict[str, Any]


class TraceSummary(TypedDict):
    trace_id: str
    name: str
    services: list[str]
    start_ns: int
    duration_ms: float
    spans: int
    errors: int


def spans_of(path: Path, *, trace_id: str | None = None, max_bytes: int = 16 << 20) -> Iterator[SpanRow]:
    """Spans of one file, newest first; a line that is no span (cut off by a crash) is passed over."""
    needle = trace_id.encode() if trace_id else b""
    for line in newest_lines(path, max_bytes=max_bytes):
        if needle not in line:
            continue
        try:
            row = _decode(line)
        except msgspec.DecodeError:
            continue
        if isinstance(row, dict) and all(key in row for key in _REQUIRED):
            yield {"parent_id": None, "kind": "internal", "ok": True, "error": None, "attributes": {}, **row}  # type: ignore[typeddict-item]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("spans-*.jsonl"))


def list_traces(folder: Path, *, limit: int = 50, spans_per_file: int = 2_000) -> list[TraceSummary]:
    """The most recent traces among the last `spans_per_file` spans of each service, newest first."""
    traces: dict[str, list[SpanRow]] = {}
    for path in _files(folder):
        for span in islice(spans_of(path), spans_per_file):
            traces.setdefault(span["trace_id"], []).append(span)
    rows = [_summary(trace_id, spans) for trace_id, spans in traces.items()]
    return sorted(rows, key=lambda row: row["start_ns"], reverse=True)[:limit]


def _summary(trace_id: str, spans: list[SpanRow]) -> TraceSummary:
    first = min(spans, key=lambda span: span["start_ns"])
    last = max(span["start_ns"] + span["duration_us"] * 1000 for span in spans)
    return {
        "trace_id": trace_id,
        "name": first["name"],
        "services": sorted({span["service"] for span in spans}),
        "start_ns": first["start_ns"],
        "duration_ms": (last - first["start_ns"]) / 1e6,
        "spans": len(spans),
        "errors": sum(not span["ok"] for span in spans),
    }


def read_trace(folder: Path, trace_id: str) -> dict[str, Any] | None:
    """One trace: its summary, `spans` in order of time and `roots` (the same as a tree); None if unknown.

    Each span has `offset_ms`, `duration_ms` and, in the tree, `children`.
    """
    spans = [s for path in _files(folder) for s in spans_of(path, trace_id=trace_id) if s["trace_id"] == trace_id]
    if not spans:
        return None
    summary = _summary(trace_id, spans)
    origin = summary["start_ns"]
    flat = [_node(span, origin) for span in sorted(spans, key=lambda span: span["start_ns"])]
    for row in flat:
        del row["children"]
    return {**summary, "span_count": len(flat), "spans": flat, "roots": build_tree(spans, origin=origin)}


def build_tree(spans: Iterable[SpanRow], *, origin: int) -> list[dict[str, Any]]:
    """Nest spans by parent, siblings by start time; a repeated span id counts once, a cycle is cut at its oldest."""
    nodes = {span["span_id"]: _node(span, origin) for span in sorted(spans, key=lambda s: (s["start_ns"], s["span_id"]))}
    roots: list[dict[str, Any]] = []
    for node in nodes.values():
        parent = nodes.get(node["parent_id"] or "")
        if parent is None or _is_above(nodes, node, parent):
            roots.append(node)
        else:
            node["_up"] = parent["span_id"]
            parent["children"].append(node)
    for node in nodes.values():
        node.pop("_up", None)
    return roots


def _is_above(nodes: dict[str, dict[str, Any]], node: dict[str, Any], parent: dict[str, Any]) -> bool:
    walker: dict[str, Any] | None = parent
    while walker is not None:
        if walker is node:
            return True
        walker = nodes.get(walker.get("_up", ""))
    return False


def _node(span: SpanRow, origin: int) -> dict[str, Any]:
    return {
        **span,
        "offset_ms": (span["start_ns"] - origin) / 1e6,
        "duration_ms": span["duration_us"] / 1000,
        "children": [],
    }

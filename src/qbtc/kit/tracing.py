"""W3C trace context across HTTP, outbox, bus and WebSocket, on the OpenTelemetry SDK.

Spans of this process go to a bounded JSON-lines file that Web reads (`telemetry/spans-<service>.jsonl`), and by OTLP
when `OTEL_EXPORTER_OTLP_ENDPOINT` is set and the exporter package is installed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from .telemetry import BoundedLog

Attribute = str | int | float | bool

_propagator = TraceContextTextMapPropagator()
_provider: TracerProvider | None = None

MAX_BYTES = 16_000_000


class FileExporter(SpanExporter):
    """Writes each finished span as one JSON line."""

    def __init__(self, service: str, path: Path) -> None:
        self._service = service
        self._log = BoundedLog(path, max_bytes=MAX_BYTES, keep=2)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        try:
            self._log.append(*(_span_row(self._service, item) for item in spans))
        except OSError:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        self._log.close()


def _span_row(service: str, item: ReadableSpan) -> dict[str, object]:
    ids = item.get_span_context()
    start, end = item.start_time or 0, item.end_time or 0
    return {
        "trace_id": f"{ids.trace_id:032x}" if ids else None,
        "span_id": f"{ids.span_id:016x}" if ids else None,
        "parent_id": f"{item.parent.span_id:016x}" if item.parent else None,
        "service": service,
        "name": item.name,
        "kind": item.kind.name.lower(),
        "start_ns": start,
        "duration_us": (end - start) / 1000,
        "ok": item.status.status_code is not StatusCode.ERROR,
        "error": item.status.description,
        "attributes": dict(item.attributes or {}),
    }


def configure(service: str, directory: Path | None) -> None:
    """Start tracing in this process; without a directory spans have ids but are kept nowhere."""
    global _provider
    _provider = TracerProvider(resource=Resource.create({"service.name": f"qbtc-{service}"}), shutdown_on_exit=False)
    if directory is not None:
        exporter = FileExporter(service, directory / f"spans-{service}.jsonl")
        _provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=500, max_queue_size=4096))
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # type: ignore[import-not-found]

        _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))


def shutdown() -> None:
    if _provider is not None:
        _provider.shutdown()


def _tracer() -> trace.Tracer:
    return _provider.get_tracer("qbtc") if _provider is not None else trace.get_tracer("qbtc")


@contextmanager
def span(
    name: str, *, parent: str | None = None, kind: str = "internal", start_ns: int | None = None, **attributes: Attribute
) -> Iterator[Span]:
    """A span around a block. `parent` is a W3C traceparent (default: the current span); errors mark it failed."""
    context = _propagator.extract({"traceparent": parent}) if parent else None
    with _tracer().start_as_current_span(
        name, context=context, kind=SpanKind[kind.upper()], attributes=attributes, start_time=start_ns,
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except Exception as error:
            current.set_status(Status(StatusCode.ERROR, f"{type(error).__name__}: {error}"[:300]))
            raise


def current_traceparent() -> str | None:
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def current_trace_id() -> str | None:
    ids = trace.get_current_span().get_span_context()
    return f"{ids.trace_id:032x}" if ids.is_valid else None


@contextmanager
def continue_from(traceparent: str | None) -> Iterator[None]:
    """Make a remote span the current one, without opening a span here."""
    token = otel_context.attach(_propagator.extract({"traceparent": traceparent} if traceparent else {}))
    try:
        yield
    finally:
        otel_context.detach(token)

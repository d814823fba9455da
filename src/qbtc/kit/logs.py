"""Structured logs: one JSON object a line on standard output, in the schema that `SCHEMA` publishes.

Secrets never reach a line: keys that look secret are masked, and URLs lose their password.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping

import structlog
from pydantic import JsonValue

SCHEMA: dict[str, JsonValue] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:qbtc:log:1",
    "type": "object",
    "required": ["timestamp", "service", "level", "message", "context"],
    "additionalProperties": False,
    "properties": {
        "timestamp": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"},
        "service": {"type": "string"},
        "level": {"enum": ["debug", "info", "warning", "error", "critical"]},
        "message": {"type": "string"},
        "context": {"type": "object"},
    },
}

_SECRET_KEY = re.compile(r"(password|passwd|secret|token|api_?key|authorization|cookie|private)", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"(\w+://[^:/\s@]*:)[^/\s]+@")
_ASSIGNED = re.compile(
    r"((?:password|passwd|secret|token|api_?key)[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&)}\]]+)", re.IGNORECASE
)
_BEARER = re.compile(r"\b(eyJ[\w-]+\.[\w-]+)\.[\w-]+|(?<=[Bb]earer )\S+")

Event = MutableMapping[str, object]


def scrub(text: str) -> str:
    """Take passwords in URLs, bearer tokens and `password=…` out of a text."""
    return _ASSIGNED.sub(r"\1***", _BEARER.sub("[token]", _URL_PASSWORD.sub(r"\1***@", text)))


def _clean(key: str, value: object) -> object:
    if _SECRET_KEY.search(key):
        return "***"
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {str(k): _clean(str(k), v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return scrub(str(value))


def _shape(service: str) -> structlog.types.Processor:
    def shape(_logger: object, _method: str, event: Event) -> Event:
        head = {
            "timestamp": event.pop("timestamp"),
            "service": service,
            "level": event.pop("level"),
            "message": scrub(str(event.pop("event", ""))),
        }
        event.pop("logger", None)
        return head | {"context": {k: _clean(k, v) for k, v in event.items()}}

    return shape


def _add_trace(_logger: object, _method: str, event: Event) -> Event:
    from .tracing import current_trace_id

    trace_id = current_trace_id()
    if trace_id and "trace_id" not in event:
        event["trace_id"] = trace_id
    return event


def configure(service: str, level: str = "info") -> None:
    """Send both structlog's and the standard library's records of this process to standard output as JSON lines."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _shape(service),
                structlog.processors.JSONRenderer(default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn.access", "httpx", "httpcore", "aiormq", "aio_pika", "websockets", "psycopg.pool"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    return structlog.stdlib.get_logger(name)

"""Telemetry kept on this machine for a day: bounded JSON-lines files and the readers the UI uses.

It is not a tracing or metrics library (those are `kit.tracing` and `kit.metrics`, which write here) and no
archive: files are bounded by size and age. Layout under QBTC_HOME:

    telemetry/spans-<service>.jsonl      one finished span a line (`SpanRow`), written by each service
    telemetry/metrics-<service>.jsonl    one scrape a line, changed values only, written by Web
    logs/<name>.log                      JSON lines of each process, written by the supervisor
"""

from .bounded import DAY_SECONDS, BoundedLog, newest_lines
from .logs import LogFollower, LogQuery, query_logs
from .metrics import MetricStore, parse_metrics
from .traces import SpanRow, list_traces, read_trace

__all__ = [
    "DAY_SECONDS", "BoundedLog", "LogFollower", "LogQuery", "MetricStore", "SpanRow", "list_traces", "newest_lines", "parse_metrics",
    "query_logs", "read_trace",
]

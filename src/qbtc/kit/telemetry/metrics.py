"""Metric history: the last half hour of every series in memory, a day of them in bounded files.

`parse_metrics` reads the Prometheus text format; `MetricStore` keeps what changed. It scrapes nothing itself.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from .bounded import BoundedLog, newest_lines

RING = 360
FULL_EVERY_MS = 300_000
_decode = msgspec.json.Decoder().decode


def parse_metrics(text: str, *, prefixes: tuple[str, ...] = ("qbtc_", "process_")) -> dict[str, float]:
    """Series name with labels -> value. Histogram buckets and creation times are left out."""
    return {
        _series(sample.name, sample.labels): float(sample.value)
        for family in text_string_to_metric_families(text)
        if family.name.startswith(prefixes)
        for sample in family.samples
        if not sample.name.endswith(("_bucket", "_created"))
    }


def _series(name: str, labels: Mapping[str, str]) -> str:
    if not labels:
        return name
    return name + "{" + ",".join(f'{key}="{value}"' for key, value in sorted(labels.items())) + "}"


class _Ring:
    __slots__ = ("at", "values")

    def __init__(self) -> None:
        self.at, self.values = array("q"), array("d")

    def push(self, at: int, value: float) -> None:
        self.at.append(at)
        self.values.append(value)
        if len(self.at) >= 2 * RING:
            del self.at[:RING], self.values[:RING]

    def since(self, at: int) -> Iterator[tuple[int, float]]:
        """Points from `at` on; the value that held at `at` comes first, because only changes are kept."""
        first = bisect_left(self.at, at)
        if first and (first == len(self.at) or self.at[first] > at):
            yield at, self.values[first - 1]
        yield from zip(self.at[first:], self.values[first:], strict=True)


class MetricStore:
    """History of all services. One writer; times are UTC milliseconds."""

    def __init__(self, folder: Path, *, max_bytes: int = 4 << 20, keep: int = 3) -> None:
        self._folder, self._max_bytes, self._keep = folder, max_bytes, keep
        self._files: dict[str, BoundedLog] = {}
        self._rings: dict[str, dict[str, _Ring]] = {}
        self._last: dict[str, dict[str, float]] = {}
        self._full_at: dict[str, int] = {}

    def record(self, service: str, at: int, values: Mapping[str, float]) -> None:
        """Keep one scrape: changed values only, and all of them once in five minutes so that files stand alone."""
        last = self._last.setdefault(service, {})
        full = at - self._full_at.get(service, 0) >= FULL_EVERY_MS
        changed = dict(values) if full else {k: v for k, v in values.items() if last.get(k) != v}
        if full:
            self._full_at[service] = at
        last.update(changed)
        self._remember(service, at, changed)
        self._file(service).append({"at": at, "full": full, "v": changed})

    def _remember(self, service: str, at: int, values: Mapping[str, float]) -> None:
        rings = self._rings.setdefault(service, {})
        for name, value in values.items():
            rings.setdefault(name, _Ring()).push(at, value)

    def _file(self, service: str) -> BoundedLog:
        if service not in self._files:
            path = self._folder / f"metrics-{service}.jsonl"
            self._files[service] = BoundedLog(path, self._max_bytes, self._keep)
        return self._files[service]

    def latest(self, service: str) -> dict[str, float]:
        return dict(self._last.get(service, {}))

    def names(self, service: str) -> list[str]:
        return sorted(self._last.get(service, {}))

    def history(self, service: str, name: str, *, since: int) -> list[tuple[int, float]]:
        """Points of every series called `name` (labels may be left out: their values are then added up)."""
        rings = self._rings.get(service, {})
        exact = rings.get(name)
        if exact is not None and exact.at and exact.at[0] <= since:
            return list(exact.since(since))
        return self._from_file(service, name, since)

    def _from_file(self, service: str, name: str, since: int) -> list[tuple[int, float]]:
        rows = []
        for line in newest_lines(self._folder / f"metrics-{service}.jsonl", max_bytes=self._max_bytes * (self._keep + 1)):
            row = _decode(line)
            rows.append(row)
            if row["at"] < since and row["full"]:
                break
        current: dict[str, float] = {}
        points: list[tuple[int, float]] = []
        for row in reversed(rows):
            current.update({k: v for k, v in row["v"].items() if k == name or k.startswith(name + "{")})
            if current and row["at"] >= since:
                points.append((row["at"], sum(current.values())))
        return points

    def close(self) -> None:
        for file in self._files.values():
            file.close()

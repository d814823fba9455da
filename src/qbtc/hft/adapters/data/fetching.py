"""Files of public data from data.binance.vision: resumed where they broke off, tried again, and never kept unchecked.

A file comes under its name only after its SHA-256 is the one of its .CHECKSUM; until then it is `.NAME.part`, which the
next try goes on with. Source of paths: binance/binance-public-data, README.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import httpx

from ...errors import BadSource, FetchFailed
from .names import MARKETS, SPOT_TYPES

DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0)
PARALLEL = 2
MOST_DAYS = 3660
RETRIED = frozenset((408, 425, 429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One day's file."""

    url: str
    path: Path


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one file; `error` is empty where it is there, whole and checked."""

    wanted: Wanted
    size: int = 0
    was_there: bool = False
    error: str = ""


def days(first: date, last: date) -> list[date]:
    """Every day, both ends included. Raises BadSource."""
    count = (last - first).days + 1
    if not 1 <= count <= MOST_DAYS:
        raise BadSource(f"from {first} to {last} are {count} days", field="to", allowed=f"1 to {MOST_DAYS} days")
    return [first + timedelta(days=n) for n in range(count)]


def wanted(
    symbol: str, kind: str, dates: Iterable[date], folder: Path, *, market: str, interval: str, base_url: str
) -> list[Wanted]:
    """The files of a symbol. Raises BadSource for a type that the market has not."""
    if market == "spot" and kind not in SPOT_TYPES:
        raise BadSource(f"there are no public {kind} files of spot", field="type", allowed=", ".join(SPOT_TYPES))
    if not symbol.isascii() or not symbol.replace("_", "").isalnum():
        raise BadSource(f"{symbol!r} is no symbol", field="symbol", allowed="letters and digits, as BTCUSDT")
    symbol, word = symbol.upper(), interval if kind == "klines" else kind
    place = f"{base_url.rstrip('/')}/{MARKETS[market]}/daily/{kind}/{symbol}"
    place += f"/{interval}" if kind == "klines" else ""
    names = [f"{symbol}-{word}-{day:%Y-%m-%d}.zip" for day in dates]
    return [Wanted(f"{place}/{name}", folder / name) for name in names]


@dataclass(slots=True)
class Fetcher:
    """Gets files over one client; `sleep` waits between tries."""

    client: httpx.Client
    progress: Callable[[int], None] = lambda done: None
    sleep: Callable[[float], None] = time.sleep
    delays: tuple[float, ...] = DELAYS
    parallel: int = PARALLEL
    _sums: dict[str, str] = field(default_factory=dict)

    def all(self, files: list[Wanted]) -> list[Fetched]:
        """Every file that can be had; those that cannot say why."""
        with ThreadPoolExecutor(self.parallel, thread_name_prefix="qbtc-fetch") as pool:
            return list(pool.map(self.one, files))

    def one(self, file: Wanted) -> Fetched:
        """One file, in as many tries as there are delays and one more."""
        file.path.parent.mkdir(parents=True, exist_ok=True)
        why = ""
        for delay in (*self.delays, None):
            try:
                return self._try(file)
            except _Again as again:
                why = str(again)
            except FetchFailed as failed:
                return Fetched(file, error=str(failed))
            if delay is not None:
                self.sleep(delay)
        return Fetched(file, error=f"{why}; given up after {len(self.delays) + 1} tries")

    def _try(self, file: Wanted) -> Fetched:
        wanted_sum = self._checksum(file)
        if file.path.exists():
            if _sha256(file.path) == wanted_sum:
                return Fetched(file, file.path.stat().st_size, was_there=True)
            raise FetchFailed(f"{file.path}: is there with another checksum; remove it to fetch it again")
        part = file.path.with_name(f".{file.path.name}.part")
        before = part.stat().st_size if part.exists() else 0
        self._download(file.url, part, before)
        if _sha256(part) != wanted_sum:
            if before:
                part.unlink()
                raise _Again(f"{file.url}: what was there from before does not fit")
            raise FetchFailed(f"{file.url}: wrong checksum; kept as {part.name}, not under its name")
        part.rename(file.path)
        return Fetched(file, file.path.stat().st_size)

    def _checksum(self, file: Wanted) -> str:
        if file.url not in self._sums:
            try:
                answer = self.client.get(f"{file.url}.CHECKSUM")
            except httpx.TransportError as error:
                raise _Again(f"{file.url}: {_said(error)}") from None
            _refuse(answer, f"{file.url}.CHECKSUM")
            words = answer.text.split()
            if not words or len(words[0]) != 64:
                raise FetchFailed(f"{file.url}.CHECKSUM: holds no SHA-256: {answer.text[:60]!r}")
            self._sums[file.url] = words[0].lower()
        return self._sums[file.url]

    def _download(self, url: str, part: Path, before: int) -> None:
        """The rest of a file behind the `before` bytes that are there, or all of it where the server will not go on."""
        headers = {"Range": f"bytes={before}-"} if before else {}
        try:
            with self.client.stream("GET", url, headers=headers) as answer:
                if answer.status_code == 416:
                    return
                _refuse(answer, url)
                goes_on = answer.status_code == 206 and answer.headers.get("content-range", "").startswith(f"bytes {before}-")
                with part.open("ab" if goes_on else "wb") as out:
                    for chunk in answer.iter_raw():
                        out.write(chunk)
                        self.progress(len(chunk))
        except httpx.TransportError as error:
            raise _Again(f"{url}: {_said(error)}") from None


class _Again(Exception):
    """This try failed; another may not."""


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _refuse(answer: httpx.Response, url: str) -> None:
    status = answer.status_code
    if status == 404:
        raise FetchFailed(f"{url}: there is no such file (404); the day may be too new, or the symbol not listed then")
    if status in RETRIED:
        raise _Again(f"{url}: the server answers {status}")
    if status >= 400:
        raise FetchFailed(f"{url}: the server answers {status}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

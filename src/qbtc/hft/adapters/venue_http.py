"""Requests to a Binance-shaped venue: signatures, its clock, and what an answer means. Knows no product."""

from __future__ import annotations

import time
from collections.abc import Mapping

import httpx
from pydantic import JsonValue, SecretStr

from qbtc.core.binance.errors import Code
from qbtc.core.binance.signing import Value, signed_query

from ..ports import NoAnswer, VenueError
from .backoff import Backoff

PAGE = 1000
CLOCK_TRIES = 3
CLOCK_NS = 100_000_000
MS = 1_000_000
RIGHTS = "/sapi/v1/account/apiRestrictions"
Json = dict[str, JsonValue]
NO_KEY = SecretStr("")


class VenueHttp:
    """`clock_offset_ms` is added to the wall clock for signatures; set by `synchronise`. Without a key only public
    questions are answered."""

    time_path = "/api/v3/time"

    def __init__(self, base_url: str, key: SecretStr, secret: SecretStr) -> None:
        headers = {"X-MBX-APIKEY": key.get_secret_value()} if key.get_secret_value() else {}
        self._http = httpx.AsyncClient(base_url=base_url, timeout=httpx.Timeout(5.0, connect=2.0), headers=headers)
        self._secret = secret
        self.clock_offset_ms = 0
        self.backoff = Backoff(self.timestamp)

    def timestamp(self) -> int:
        return time.time_ns() // MS + self.clock_offset_ms

    async def synchronise(self) -> None:
        """Keep what the quickest of a few answers says: a slow one may be off by half its time."""
        best = None
        for _ in range(CLOCK_TRIES):
            before = time.time_ns()
            body = await self._public(self.time_path, {})
            took = time.time_ns() - before
            offset = int(str(body["serverTime"])) - (before + took // 2) // MS
            best = (took, offset) if best is None else min(best, (took, offset))
            if took < CLOCK_NS:
                break
        self.clock_offset_ms = best[1] if best else 0

    async def clock_offset_ns(self) -> int:
        await self.synchronise()
        return self.clock_offset_ms * MS

    async def venue_time(self) -> int:
        """Now by the venue's clock, in ns."""
        await self.synchronise()
        return time.time_ns() + self.clock_offset_ms * MS

    async def withdraws(self, rights_url: str) -> bool:
        """Whether the key may withdraw, as the host at `rights_url` says. Anything but a clear answer is NoAnswer."""
        await self.synchronise()
        body = await self._ask("GET", rights_url.rstrip("/") + RIGHTS, {}, signed=True)
        said = body.get("enableWithdrawals") if isinstance(body, dict) else None
        if not isinstance(said, bool):
            raise NoAnswer(f"{RIGHTS} does not say whether the key may withdraw")
        return said

    async def close(self) -> None:
        await self._http.aclose()

    async def _public(self, path: str, params: Mapping[str, Value]) -> Json:
        return _object(path, await self._ask("GET", path, params))

    async def public(self, path: str, params: Mapping[str, Value]) -> Json:
        """A question that needs no key. Raises VenueError and NoAnswer."""
        return await self._public(path, params)

    async def _signed(self, method: str, path: str, params: Mapping[str, Value]) -> Json:
        return _object(path, await self._ask(method, path, params, signed=True))

    async def _rows(self, path: str, params: Mapping[str, Value]) -> list[Json]:
        """A signed question that is answered by a list."""
        return rows(await self._ask("GET", path, params, signed=True))

    async def _executions(self, path: str, symbol: str, after: int | None) -> list[Json]:
        """Those of the account after a trade id, oldest first; the newest page alone if `after` is None. Where that is
        empty the venue may only have looked at the last days, so all are asked for."""
        if after is None:
            newest = await self._rows(path, {"symbol": symbol, "limit": PAGE})
            if newest:
                return sorted(newest, key=_number)
        found: list[Json] = []
        while True:
            start = _number(found[-1]) + 1 if found else (after or 0) + 1
            page = await self._rows(path, {"symbol": symbol, "fromId": start, "limit": PAGE})
            found += [row for row in page if _number(row) >= start]
            if len(page) < PAGE:
                return found

    async def _ask(self, method: str, path: str, params: Mapping[str, Value], *, signed: bool = False) -> JsonValue:
        answer = await self._send(method, path, params, signed=signed)
        try:
            body: JsonValue = answer.json()
        except ValueError:
            raise NoAnswer(f"{method} {path}: not JSON") from None
        return body

    async def _send(self, method: str, path: str, params: Mapping[str, Value], *, signed: bool = False) -> httpx.Response:
        """Raises VenueError for a refusal; NoAnswer for no answer, a redirection or a 5xx, and while the venue has had too
        many requests. What was refused for its time alone was certainly not done: it is asked once more by the venue's
        clock, since a step of ours would else keep even a kill from cancelling."""
        try:
            return await self._send_once(method, path, params, signed=signed)
        except VenueError as error:
            if not signed or error.code != Code.INVALID_TIMESTAMP or not await self._set_clock():
                raise
        return await self._send_once(method, path, params, signed=signed)

    async def _set_clock(self) -> bool:
        try:
            await self.synchronise()
        except (VenueError, NoAnswer):
            return False
        return True

    async def _send_once(self, method: str, path: str, params: Mapping[str, Value], *, signed: bool) -> httpx.Response:
        self.backoff.check(f"{method} {path}")
        url = path
        if signed:
            stamped = {**params, "recvWindow": 5000, "timestamp": self.timestamp()}
            url = f"{path}?{signed_query(stamped, self._secret.get_secret_value())}"
        try:
            answer = await self._http.request(method, url, params=None if signed else dict(params))
        except httpx.HTTPError as error:
            raise NoAnswer(f"{method} {path}: {type(error).__name__} {error}".strip()) from None
        refusal = _refusal(answer) if answer.is_client_error else None
        self.backoff.heed(answer, refusal)
        if answer.is_success:
            return answer
        raise refusal or NoAnswer(f"{method} {path}: HTTP {answer.status_code}")


def _object(path: str, body: JsonValue) -> Json:
    if not isinstance(body, dict):
        raise NoAnswer(f"{path}: a {type(body).__name__} where an object should be")
    return body


def _number(row: Json) -> int:
    return int(str(row["id"]))


def _refusal(answer: httpx.Response) -> VenueError | NoAnswer:
    try:
        body = answer.json()
        return VenueError(int(body["code"]), str(body["msg"]))
    except (ValueError, KeyError, TypeError):
        return NoAnswer(f"HTTP {answer.status_code} without a code")


def rows(value: JsonValue) -> list[Json]:
    """The objects of a list; nothing for anything else."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []

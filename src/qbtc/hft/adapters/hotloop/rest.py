"""The few REST calls that the engine's control thread makes: symbols, clock, account, snapshot, orders. Blocking.

Signed with the engine's Ed25519 key, whose private half is below QBTC_HOME/secrets and is never printed.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from decimal import Decimal
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qbtc.core.binance.signing import Value, private_key, query, sign_with, ws_payload
from qbtc.core.market.instrument import Instrument

from .wire import NoConnection

if TYPE_CHECKING:
    from qbtc.core.binance.signing import PrivateKey

SECONDS = 2.0


class Refused(NoConnection):
    """The venue answered with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} (code {code})")
        self.code = code


class EngineKey:
    """An Ed25519 API key."""

    def __init__(self, api_key: str, private: PrivateKey) -> None:
        self.api_key, self._private = api_key, private

    @classmethod
    def load(cls, path: Path) -> EngineKey:
        """Raises NoConnection if there is none."""
        try:
            found = json.loads(path.read_text())
            return cls(str(found["api_key"]), private_key(found["private_key"]))
        except (OSError, ValueError, KeyError):
            raise NoConnection(f"no usable Ed25519 key in {path}; the venue makes one at its first start") from None

    def sign(self, payload: str) -> str:
        return sign_with(payload, self._private)

    def ws_params(self, params: dict[str, Value]) -> dict[str, Value]:
        """Parameters of a WebSocket API request with key, time and signature."""
        full = {**params, "apiKey": self.api_key, "timestamp": time.time_ns() // 1_000_000}
        return {**full, "signature": self.sign(ws_payload(full))}


class Rest:
    def __init__(self, base_url: str, key: EngineKey) -> None:
        self._base, self._key = base_url.rstrip("/"), key

    def public(self, path: str, **params: Value) -> Any:
        return self._call("GET", path, query(params))

    def signed(self, method: str, path: str, **params: Value) -> Any:
        payload = query({**params, "timestamp": time.time_ns() // 1_000_000})
        return self._call(method, path, f"{payload}&{query({'signature': self._key.sign(payload)})}")

    def _call(self, method: str, path: str, text: str) -> Any:
        address = f"{self._base}{path}{'?' if text else ''}{text}"
        request = urllib.request.Request(address, method=method, headers={"X-MBX-APIKEY": self._key.api_key})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise _refusal(path, error) from None
        except (OSError, HTTPException, ValueError) as error:
            raise NoConnection(f"{path}: {error!r}") from None

    def skew_ns(self) -> int:
        """How far the venue's clock and ours differ, at most, by the quickest of three answers."""
        found = []
        for _ in range(3):
            before = time.time_ns()
            server = int(self.public("/api/v3/time")["serverTime"]) * 1_000_000
            took = time.time_ns() - before
            found.append((took, abs(server - before - took // 2)))
        return min(found)[1]

    def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        wanted = json.dumps(list(symbols), separators=(",", ":"))
        rows = {row["symbol"]: row for row in self.public("/api/v3/exchangeInfo", symbols=wanted)["symbols"]}
        return [_instrument(rows[symbol]) for symbol in symbols]

    def balances(self) -> dict[str, Decimal]:
        """Free and locked together."""
        rows = self.signed("GET", "/api/v3/account")["balances"]
        return {row["asset"]: Decimal(row["free"]) + Decimal(row["locked"]) for row in rows}

    def last_trade(self, symbol: str) -> Decimal | None:
        rows = self.public("/api/v3/trades", symbol=symbol, limit=1)
        return Decimal(rows[-1]["price"]) if rows else None


def _refusal(path: str, error: urllib.error.HTTPError) -> NoConnection:
    try:
        fault = json.loads(error.read(2000))
        return Refused(int(fault["code"]), str(fault["msg"]))
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return NoConnection(f"{path}: status {error.code}")


def _instrument(row: dict[str, Any]) -> Instrument:
    filters = {each["filterType"]: each for each in row["filters"]}
    return Instrument(
        row["symbol"],
        row["baseAsset"],
        row["quoteAsset"],
        Decimal(filters["PRICE_FILTER"]["tickSize"]),
        Decimal(filters["LOT_SIZE"]["stepSize"]),
    )

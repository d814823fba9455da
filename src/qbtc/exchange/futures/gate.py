"""Security and limits in front of the futures operations, for REST and the WebSocket API alike. No sockets.

The one place that knows the exchange's keys, signatures, parameters and limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...core.binance.errors import ApiError, Code, empty
from ...core.binance.signing import ws_payload
from ...kit.logs import get_logger
from ..access import authorised, check_signed, check_time, permitted, rest_payload
from ..keys import Key, KeyStore
from ..limits import Limits
from ..operation import Security
from ..params import parse
from ..rest import Asked
from .desk import Desk
from .operations import Operation

log = get_logger(__name__)


@dataclass(slots=True)
class Gate:
    desk: Desk
    keys: KeyStore
    limits: Limits
    wall: Callable[[], int]

    def spend(self, address: str, weight: int, now: int) -> int:
        return self.limits.address(address).spend(weight, now)

    def read(self, operation: Operation, asked: Asked) -> tuple[dict[str, str], int]:
        """Parameters of a REST request, and the weight that was used after it was paid. Raises ApiError."""
        try:
            params, bad = parse(asked.query, asked.body), None
        except ApiError as error:
            params, bad = {}, error
        used = self.spend(asked.address, operation.cost(params), asked.now)
        if bad is not None:
            raise bad
        _refuse_empty(params)
        return params, used

    def account(self, operation: Operation, params: dict[str, str], asked: Asked) -> int:
        """Whose REST request it is, 0 if nobody's. Raises ApiError."""
        if operation.security == "NONE":
            return 0
        key = self._key(asked.headers.get("x-mbx-apikey"), operation, asked.now)
        if operation.security == "SIGNED":
            check_signed(key, params, rest_payload(asked.query, asked.body), asked.now)
        return key.account

    def socket(self, operation: Operation, params: dict[str, str], session: Key | None, now: int) -> int:
        """Account of a WebSocket API request: who signed it, else whose `current` key the session logged on with."""
        _refuse_empty(params)
        if operation.security == "NONE":
            return 0
        if session is not None and "apiKey" not in params:
            return self._logged_on(operation, params, session, now).account
        if operation.security == "KEY":
            return self._key(params.get("apiKey"), operation, now).account
        return self.signer(params, _permission(operation), now).account

    def current(self, key: Key, now: int) -> Key | None:
        """A session's key as it is registered now, None if it was removed."""
        self.keys.refresh(now)
        return self.keys.find(key.api_key)

    def _logged_on(self, operation: Operation, params: dict[str, str], key: Key, now: int) -> Key:
        if not permitted(key, _permission(operation)):
            raise ApiError(Code.REJECTED_KEY)
        if operation.security == "SIGNED":
            check_time(params, now)
        return key

    def signer(self, params: dict[str, str], security: Security, now: int) -> Key:
        self.keys.refresh(now)
        key = authorised(self.keys, params.get("apiKey"), security)
        check_signed(key, params, ws_payload(params), now)
        return key

    def _key(self, api_key: str | None, operation: Operation, now: int) -> Key:
        self.keys.refresh(now)
        return authorised(self.keys, api_key, _permission(operation))

    async def run(self, operation: Operation, params: dict[str, str], account: int, now: int) -> object:
        """What the handler answers; what it did not foresee becomes -1000 and is logged, without the parameters."""
        self.desk.ensure()
        orders = self.limits.orders(account) if operation.orders else None
        if orders is not None:
            orders.check(operation.orders, now, long=1)
        try:
            body = await operation.handler(self.desk, params, account)
        except ApiError:
            raise
        except Exception as fault:
            log.error("operation failed", operation=operation.path, error=repr(fault), exc_info=True)
            raise ApiError(Code.UNKNOWN) from fault
        if orders is not None:
            orders.add(operation.orders, now, long=1)
        return body

    def order_headers(self, account: int, now: int) -> dict[str, str]:
        short, minute = self.limits.orders(account).rows(now)
        return {"X-MBX-ORDER-COUNT-10S": str(short["count"]), "X-MBX-ORDER-COUNT-1M": str(minute["count"])}


def _refuse_empty(params: dict[str, str]) -> None:
    """Raises ApiError -1105."""
    for name, value in params.items():
        if value == "":
            raise empty(name)


def _permission(operation: Operation) -> Security:
    """Whoever changes something needs the right to trade."""
    if operation.path == "/fapi/v1/historicalTrades":
        return Security.MARKET_DATA
    if "listenKey" in operation.path:
        return Security.USER_STREAM
    return Security.USER_DATA if operation.method == "GET" else Security.TRADE

"""A mind on the store of a test's CIO: its messages go into a list, its clock is the test's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import httpx
from tests.system.cio.conftest import Cio, OpenTokens

from qbtc.cio.adapters.evolution_rows import champion
from qbtc.cio.mind import Mind, mind_of
from qbtc.cio.recalling import Recaller
from qbtc.cio.settings import CioSettings
from qbtc.contracts import ROUTES, Envelope, Message
from qbtc.contracts.tools import ToolFinished
from qbtc.contracts.trading import OrderEvent
from qbtc.kit.clock import FakeClock
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.ids import uuid7
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

START = 1_760_000_000 * 1_000_000_000


@dataclass
class Around:
    """What a service gives its mind."""

    store: Store
    clock: FakeClock = field(default_factory=lambda: FakeClock(START))
    sent: list[tuple[str, Message]] = field(default_factory=list)

    @property
    def tokens(self) -> Around:
        return self

    def as_service(self) -> str:
        return "service:cio"

    async def emit(self, _conn: Connection, key: str, body: Message) -> str:
        self.sent.append((key, body))
        return uuid7()


@dataclass
class Minded:
    """CIO with a mind; `say` hands it a message as the bus does."""

    cio: Cio
    around: Around
    mind: Mind
    recaller: Recaller
    http: httpx.AsyncClient

    async def say(self, key: str, body: Message, *, source: str | None = None, person: str | None = None) -> None:
        envelope = Envelope(
            id=uuid7(), source=source or ROUTES[key].producers[0].value, type=key, time=self.around.clock.now(),
            dataschema=ROUTES[key].schema_id, data=body.model_dump(mode="json"),
        )  # fmt: skip
        handler = {"qcs": self.cio.bus.states, "hft": self.cio.bus.orders, "ce3": self.cio.bus.tools}.get(key[:3])
        takes = self.mind.beside(handler) if handler and key != "hft.trading.signal" else self.mind.heard
        async with self.cio.store.transaction(user=person) as conn:
            await takes(conn, envelope, body)

    async def get(self, path: str, user: str = "ana:trader") -> dict[str, object]:
        answer = await self.http.get(path, headers=self.cio.as_(user))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def minded(cio: Cio) -> Minded:
    around = Around(cio.store)
    recaller = Recaller(replace(cio.recaller._p, champion=champion))
    mind = mind_of(around, cio.states, recaller, cio.embedder, CioSettings())
    cio.observer._out = type(cio.observer._out)(cio.keeper, cio.states, cio.prices, mind.telling(around.emit))
    app = create_app("mind", health=Health("cio", "test"), tokens=OpenTokens())  # type: ignore[arg-type]
    for router in mind.routers:
        app.include_router(router)
    return Minded(cio, around, mind, recaller, httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://mind"))


def tool(name: str, ok: bool, call: str) -> ToolFinished:
    return ToolFinished(conversation="c", turn="t", call_id=call, tool=name, ok=ok, milliseconds=1.0, result="x" if ok else None)


def fill(side: str, price: str, trade: str, *, strategy: str | None = "maker", quantity: str = "1") -> OrderEvent:
    return OrderEvent.model_validate({
        "client_order_id": f"o{trade}", "symbol": "BTCUSDT", "side": side, "type": "MARKET", "quantity": quantity,
        "status": "filled", "strategy": strategy, "at": START, "trade_id": trade, "fill_price": price,
        "fill_quantity": quantity, "fee": "0.5", "fee_asset": "USDT",
    }, strict=False)  # fmt: skip


def names(rows: Sequence[dict[str, object]]) -> list[object]:
    return [row["name"] for row in rows]

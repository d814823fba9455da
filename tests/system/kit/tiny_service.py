"""A service of a few lines under the real runtime: `python tiny_service.py`, as HFT, with its database and bus."""

from __future__ import annotations

from fastapi import FastAPI

from qbtc.contracts import Envelope, Message
from qbtc.contracts.trading import TradingAnswer, TradingQuery
from qbtc.kit.errors import NotFound
from qbtc.kit.http import create_app
from qbtc.kit.runtime import Built, Runtime, ServiceSpec, run
from qbtc.kit.settings import ServiceSettings
from qbtc.kit.store.pool import Connection


class TinySettings(ServiceSettings):
    greeting: str = "hello"


async def build(rt: Runtime[TinySettings]) -> Built:
    app: FastAPI = create_app("Tiny", health=rt.health, tokens=rt.tokens)
    heard: list[str] = []

    @app.get("/heard")
    async def told() -> list[str]:
        return heard

    async def answer(conn: Connection, envelope: Envelope, body: Message) -> Message:
        assert isinstance(body, TradingQuery)
        if body.symbol:
            raise NotFound(f"no symbol {body.symbol!r}", field="symbol")
        return TradingAnswer(what=body.what, data=rt.settings.greeting)

    async def take(conn: Connection, envelope: Envelope, body: Message) -> None:
        heard.append(envelope.type)

    async def control(key: str, body: Message, envelope: Envelope) -> None:
        heard.append(key)

    async def stumble() -> None:
        heard.append("task started")
        if heard.count("task started") == 1:
            raise RuntimeError("the first time it crashes")

    async def close() -> None:
        print('{"closed": true}', flush=True)

    handlers = {"hft.queries": answer, "hft.signals": take}
    return Built(app, handlers, tasks=[stumble], on_close=close, on_control=control)


if __name__ == "__main__":
    raise SystemExit(run(ServiceSpec("hft", TinySettings, build)))

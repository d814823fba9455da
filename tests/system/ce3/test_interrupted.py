"""Turns that take too long or are cut short: who waits is told, and nothing of a turn is repeated."""

from __future__ import annotations

import asyncio
import signal
import threading

import httpx
import pytest

from qbtc.contracts.tools import ToolRequest, TurnFinished
from qbtc.kit.bus import RemoteError
from qbtc.kit.store import Store
from qbtc.testing.models import ModelServer, Reply
from qbtc.testing.waiting import until

from .conftest import Installation

BEGUN = b'{"model":"qwen3","message":{"role":"assistant","content":"Let me"},"done":false}\n'
WHOLE = (
    b'{"model":"qwen3","message":{"role":"assistant","content":"All well."},"done":false}\n'
    b'{"model":"qwen3","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}\n'
)


def ask(ce3: Installation, text: str) -> httpx.Response | None:
    with ce3.http() as client:
        try:
            return client.post("/ask", json={"text": text, "conversation": "c1"})
        except httpx.TransportError:
            return None


def kinds(ce3: Installation) -> list[tuple[str, str | None]]:
    with ce3.http() as client:
        items = client.get("/conversations/c1/events").json()["items"]
    return [(e["kind"], e["text"]) for e in items]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_turn_cut_short_is_shown_after_the_restart_and_not_run_again(own: Installation, number: signal.Signals) -> None:
    with ModelServer() as model:
        model.script(Reply(BEGUN, content_type="application/x-ndjson", hang=True))
        own.start(OLLAMA_HOST=model.url)
        told: list[httpx.Response | None] = []
        asking = threading.Thread(target=lambda: told.append(ask(own, "is all well?")))
        asking.start()
        assert model.arrived.wait(15)
        until(lambda: own.rows("SELECT 1 FROM ce3_tools.events"), what="the turn has begun")
        code = own.end(number)
        assert code == (0 if number is signal.SIGTERM else -signal.SIGKILL)
        asking.join(15)
        # A process that ends in order still answers who waits; its end would otherwise hang on that thread.
        assert [answer and answer.status_code for answer in told] == [503 if number is signal.SIGTERM else None]

        model.script(Reply(WHOLE, content_type="application/x-ndjson"))
        own.start(OLLAMA_HOST=model.url)
        until(lambda: kinds(own)[-1][0] == "error", what="the turn is shown as interrupted")
        assert "Nothing was repeated" in str(kinds(own)[-1][1])
        assert len(model.requests) == 1, "the model was not asked again"

        answer = ask(own, "and now?")
        assert answer is not None and answer.json()["text"] == "All well."
        assert own.rows("SELECT state FROM ce3_tools.turns ORDER BY created_at") == [("failed",), ("done",)]


def test_health_answers_while_as_many_wait_as_may_and_one_more_is_refused(own: Installation) -> None:
    with ModelServer() as model:
        model.script(Reply(BEGUN, content_type="application/x-ndjson", hang=True))
        own.start(OLLAMA_HOST=model.url)
        waiting = [threading.Thread(target=ask, args=(own, f"question {n}")) for n in range(8)]
        [t.start() for t in waiting]
        until(lambda: len(own.rows("SELECT 1 FROM ce3_tools.turns")) == 8, what="eight turns wait")
        refused = ask(own, "one more")
        assert refused is not None and refused.status_code == 429
        assert refused.json()["type"] == "urn:qbtc:problem:too-many-turns"
        assert own.ready()
        own.end(signal.SIGKILL)
        [t.join(15) for t in waiting]


async def test_a_service_does_not_wait_longer_than_its_transaction_may_and_the_turn_goes_on(own: Installation) -> None:
    with ModelServer() as model:
        model.script(Reply(BEGUN, content_type="application/x-ndjson", hang=True))
        await asyncio.to_thread(own.start, OLLAMA_HOST=model.url, QBTC_CE3_CALL_SECONDS="1")
        store = Store(own.dsns["web"], name="web")
        await store.open()
        web = own.messenger("web", store)
        await web.bus.start()
        try:
            request = ToolRequest(conversation="slow", text="is all well?")
            with pytest.raises(RemoteError, match="no answer within 1 s; the turn goes on") as told:
                await web.request(
                    "ce3.tools.request", request, reply=TurnFinished, timeout=15, actor=own.acting_for("web", "ana")
                )
        finally:
            await web.bus.close()
            await store.close()
        assert told.value.remote["type"] == "urn:qbtc:problem:turn-goes-on"
        assert own.rows("SELECT state FROM ce3_tools.turns") == [("running",)]
        assert len(model.requests) == 1, "it is not asked for again"
        own.end(signal.SIGKILL)

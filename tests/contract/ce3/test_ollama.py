"""The Ollama adapter against recorded streams of `/api/chat`, byte for byte over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qbtc.ce3.adapters.models.ollama import Ollama
from qbtc.ce3.domain.chat import Call, ChatMessage, Delta, Result, Stop, Text, ToolCard
from qbtc.ce3.errors import ModelFailed
from qbtc.testing.models import ModelServer, Reply

STREAMS = Path(__file__).parent / "streams"
CARD = ToolCard("price", "The price", {"type": "object", "properties": {}})
ASKED = ChatMessage("user", (Text("precio?"),))


def recorded(name: str) -> Reply:
    return Reply((STREAMS / f"{name}.ndjson").read_bytes(), content_type="application/x-ndjson")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as found:
        yield found


async def step(server: ModelServer, *history: ChatMessage) -> tuple[str, Stop]:
    return await step_at(server.url + "/", *history)


async def step_at(address: str, *history: ChatMessage) -> tuple[str, Stop]:
    model = Ollama(host=address, model="qwen3", context=8192)
    try:
        events = [e async for e in model.stream(history or (ASKED,), [CARD], language="en")]
    finally:
        await model.close()
    assert isinstance(events[-1], Stop)
    return "".join(e.text for e in events if isinstance(e, Delta)), events[-1]


def calls(stop: Stop) -> list[tuple[str, dict[str, object]]]:
    return [(b.name, dict(b.arguments)) for b in stop.blocks if isinstance(b, Call)]


async def test_text_and_whole_tool_calls_are_read_and_thinking_is_not_shown(server: ModelServer) -> None:
    server.script(recorded("ollama_thinking_and_tools"))
    text, stop = await step(server)
    assert text == "Miro — "
    assert stop.reason == "tools"
    assert calls(stop) == [("price", {"symbol": "BTCUSDT"}), ("positions", {})]
    assert stop.usage == {"input": 169, "output": 15}
    ids = [b.id for b in stop.blocks if isinstance(b, Call)]
    assert len(set(ids)) == 2


async def test_the_request_sets_the_context_length_tools_and_system_text(server: ModelServer) -> None:
    server.script(recorded("ollama_text"))
    await step(server)
    sent = server.requests[0]
    assert sent.path == "/api/chat"
    assert sent.body["options"] == {"num_ctx": 8192}
    assert sent.body["tools"] == [
        {"type": "function", "function": {"name": "price", "description": "The price", "parameters": CARD.parameters}}
    ]
    messages = sent.body["messages"]
    assert isinstance(messages, list) and isinstance(messages[0], dict)
    assert messages[0]["role"] == "system" and "English" in str(messages[0]["content"])
    assert messages[1] == {"role": "user", "content": "precio?"}


async def test_calls_thinking_and_results_go_back_in_ollamas_form(server: ModelServer) -> None:
    server.script(recorded("ollama_thinking_and_tools"), recorded("ollama_text"))
    _, stop = await step(server)
    results = ChatMessage("tool", (Result("x", "price", {"mid": 1}, True), Result("y", "positions", "no", False)))
    text, _ = await step(server, ASKED, ChatMessage("assistant", stop.blocks), results)
    assert text == "The sky is blue."
    messages = server.requests[1].body["messages"]
    assert isinstance(messages, list)
    assert messages[2:] == [
        {
            "role": "assistant",
            "content": "Miro — ",
            "thinking": "The price is asked for.",
            "tool_calls": [
                {"function": {"name": "price", "arguments": {"symbol": "BTCUSDT"}}},
                {"function": {"name": "positions", "arguments": {}}},
            ],
        },
        {"role": "tool", "tool_name": "price", "content": '{"mid": 1}'},
        {"role": "tool", "tool_name": "positions", "content": '"no"'},
    ]


@pytest.mark.parametrize(("wire", "reason"), [("stop", "end"), ("length", "length"), ("load", "end")])
async def test_every_done_reason_has_its_meaning(server: ModelServer, wire: str, reason: str) -> None:
    body = recorded("ollama_text").body.replace(b'"stop"', f'"{wire}"'.encode())
    server.script(Reply(body, content_type="application/x-ndjson"))
    assert (await step(server))[1].reason == reason


async def test_an_error_line_in_the_stream_is_named(server: ModelServer) -> None:
    server.script(recorded("ollama_error"))
    with pytest.raises(ModelFailed, match="unexpected EOF"):
        await step(server)


@pytest.mark.parametrize("cut", [True, False], ids=["connection lost", "stream ends early"])
async def test_a_stream_that_breaks_off_is_an_error(server: ModelServer, cut: bool) -> None:
    first = recorded("ollama_text").body.splitlines(keepends=True)[0]
    server.script(Reply(first, content_type="application/x-ndjson", cut=cut))
    with pytest.raises(ModelFailed):
        await step(server)


@pytest.mark.parametrize("line", [b"<html>proxy</html>\n", b"[1,2]\n", b'"text"\n'])
async def test_what_is_not_an_object_of_json_is_an_error(server: ModelServer, line: bytes) -> None:
    server.script(Reply(line, content_type="application/x-ndjson"))
    with pytest.raises(ModelFailed, match="line of the stream"):
        await step(server)


async def test_a_missing_model_is_named_with_the_servers_words(server: ModelServer) -> None:
    server.script(Reply(b'{"error":"model \\"qwen3\\" not found, try pulling it first"}', status=404))
    with pytest.raises(ModelFailed, match='qwen3: HTTP 404: model "qwen3" not found'):
        await step(server)


async def test_a_server_that_is_not_there_is_an_error_with_the_models_name() -> None:
    with ModelServer() as gone:
        address = gone.url
    with pytest.raises(ModelFailed, match="qwen3"):
        await step_at(address)

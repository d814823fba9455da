"""The Claude adapter against recorded streams of the Messages API, byte for byte over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qbtc.ce3.adapters.models.claude import STOPS, Claude
from qbtc.ce3.domain.chat import Call, ChatMessage, Delta, Opaque, Result, Stop, Text, ToolCard
from qbtc.ce3.errors import ModelFailed
from qbtc.testing.models import ModelServer, Reply

STREAMS = Path(__file__).parent / "streams"
CARD = ToolCard("price", "The price", {"type": "object", "properties": {"symbol": {"type": "string"}}})
ASKED = ChatMessage("user", (Text("precio?"),))
NOW = {"retry-after-ms": "1"}


def recorded(name: str, **replaced: str) -> Reply:
    text = (STREAMS / f"{name}.sse").read_text()
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return Reply(text.encode(), content_type="text/event-stream; charset=utf-8")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as found:
        yield found


def claude(server: ModelServer) -> Claude:
    return Claude(api_key="sk-canary", model="claude-sonnet-4-5", max_tokens=1000, base_url=server.url)


async def step(server: ModelServer, *history: ChatMessage) -> tuple[str, Stop]:
    model = claude(server)
    try:
        events = [e async for e in model.stream(history or (ASKED,), [CARD], language="es")]
    finally:
        await model.close()
    assert isinstance(events[-1], Stop)
    return "".join(e.text for e in events if isinstance(e, Delta)), events[-1]


async def test_text_thinking_and_two_tool_calls_are_read_from_one_stream(server: ModelServer) -> None:
    server.script(recorded("claude_thinking_and_tools"))
    text, stop = await step(server)
    assert text == "Un momento, lo miro — ñ €."
    assert stop.reason == "tools"
    assert [b for b in stop.blocks if isinstance(b, Call)] == [
        Call("toolu_01A", "price", {"symbol": "BTCUSDT"}),
        Call("toolu_01B", "positions", {}),
    ]
    assert stop.usage == {"input": 472, "output": 89}


async def test_the_request_carries_model_tools_language_and_key(server: ModelServer) -> None:
    server.script(recorded("claude_text"))
    await step(server)
    sent = server.requests[0]
    assert sent.path == "/v1/messages"
    assert sent.headers["authorization"] == "Bearer sk-canary"
    assert sent.body["stream"] is True
    assert sent.body["tools"] == [{"name": "price", "description": "The price", "input_schema": CARD.parameters}]
    assert "Spanish" in str(sent.body["system"])
    assert sent.body["messages"] == [{"role": "user", "content": [{"type": "text", "text": "precio?"}]}]


async def test_thinking_goes_back_with_its_signature_and_results_name_their_calls(server: ModelServer) -> None:
    server.script(recorded("claude_thinking_and_tools"), recorded("claude_text"))
    _, stop = await step(server)
    results = ChatMessage(
        "tool", (Result("toolu_01A", "price", {"mid": 1}, True), Result("toolu_01B", "positions", "no", False))
    )
    await step(server, ASKED, ChatMessage("assistant", stop.blocks), results)
    messages = server.requests[1].body["messages"]
    assert isinstance(messages, list)
    assert messages[1] == {
        "role": "assistant",
        "content": [
            {
                "type": "thinking",
                "thinking": "The person wants the price and the positions.",
                "signature": "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds+/==",
            },
            {"type": "text", "text": "Un momento, lo miro — ñ €."},
            {"type": "tool_use", "id": "toolu_01A", "name": "price", "input": {"symbol": "BTCUSDT"}},
            {"type": "tool_use", "id": "toolu_01B", "name": "positions", "input": {}},
        ],
    }
    assert messages[2] == {
        "role": "user",
        "content": [
            {"type": "tool_result", "tool_use_id": "toolu_01A", "content": '{"mid": 1}', "is_error": False},
            {"type": "tool_result", "tool_use_id": "toolu_01B", "content": "no", "is_error": True},
        ],
    }


async def test_unknown_blocks_and_events_do_no_harm_and_blocks_go_back_untouched(server: ModelServer) -> None:
    server.script(recorded("claude_unknown_block"))
    text, stop = await step(server)
    assert text == "Done."
    await step(server, ASKED, ChatMessage("assistant", stop.blocks), ASKED)
    messages = server.requests[1].body["messages"]
    assert isinstance(messages, list) and isinstance(messages[1], dict)
    assert messages[1]["content"] == [
        {"type": "redacted_thinking", "data": "EmwKAhgBEgy3va3pzix/LafPsn4a=="},
        {"type": "future_block", "payload": {"a": [1, 2, {"b": None}]}, "mark": "x"},
        {"type": "text", "text": "Done."},
    ]


@pytest.mark.parametrize(("wire", "reason"), sorted(STOPS.items()))
async def test_every_stop_reason_of_the_api_has_its_meaning(server: ModelServer, wire: str, reason: str) -> None:
    server.script(recorded("claude_text", end_turn=wire))
    assert (await step(server))[1].reason == reason


def test_the_stop_reasons_are_those_of_the_installed_library() -> None:
    from typing import get_args

    from anthropic.types import StopReason

    assert set(STOPS) == set(get_args(StopReason))


async def test_a_stop_reason_of_the_future_is_an_error_and_not_an_answer(server: ModelServer) -> None:
    server.script(recorded("claude_text", end_turn="bored"))
    with pytest.raises(ModelFailed, match="unknown stop reason 'bored'"):
        await step(server)


async def test_an_error_in_the_middle_of_the_stream_is_named(server: ModelServer) -> None:
    server.script(recorded("claude_error"))
    with pytest.raises(ModelFailed, match="Overloaded"):
        await step(server)


@pytest.mark.parametrize("cut", [True, False], ids=["connection lost", "stream ends early"])
async def test_a_stream_that_breaks_off_is_an_error(server: ModelServer, cut: bool) -> None:
    whole = recorded("claude_text").body
    server.script(Reply(whole[: whole.index(b"event: message_delta")], content_type="text/event-stream", cut=cut))
    with pytest.raises(ModelFailed):
        await step(server)


async def test_a_stream_without_any_event_is_an_error(server: ModelServer) -> None:
    server.script(Reply(b"", content_type="text/event-stream"))
    with pytest.raises(ModelFailed):
        await step(server)


@pytest.mark.parametrize(
    ("status", "kind", "tries"),
    [(401, "authentication_error", 1), (429, "rate_limit_error", 3), (529, "overloaded_error", 3)],
)
async def test_http_errors_are_named_and_only_passing_ones_are_tried_again(
    server: ModelServer, status: int, kind: str, tries: int
) -> None:
    body = f'{{"type":"error","error":{{"type":"{kind}","message":"no, {kind}"}}}}'
    server.script(Reply(body.encode(), status=status, headers=NOW))
    with pytest.raises(ModelFailed, match=f"HTTP {status}: .*{kind}") as caught:
        await step(server)
    assert len(server.requests) == tries
    assert "sk-canary" not in caught.value.detail


async def test_a_retry_after_an_overload_gives_the_answer(server: ModelServer) -> None:
    server.script(Reply(b"{}", status=529, headers=NOW), recorded("claude_text"))
    assert (await step(server))[0] == "Hello!"


async def test_a_server_that_is_not_there_is_an_error_with_the_models_name() -> None:
    with ModelServer() as gone:
        address = gone.url
    model = Claude(api_key="k", model="claude-sonnet-4-5", max_tokens=10, base_url=address)
    with pytest.raises(ModelFailed, match="claude-sonnet-4-5"):
        [e async for e in model.stream([ASKED], [], language="en")]
    await model.close()


async def test_messages_without_content_and_blocks_of_other_models_are_left_out(server: ModelServer) -> None:
    server.script(recorded("claude_text"))
    await step(server, ASKED, ChatMessage("assistant", (Opaque("ollama", {"thinking": "x"}),)), ASKED)
    messages = server.requests[0].body["messages"]
    assert isinstance(messages, list)
    assert [m["role"] for m in messages if isinstance(m, dict)] == ["user", "user"]

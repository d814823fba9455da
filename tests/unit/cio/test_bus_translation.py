"""What orders and tool results become."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import JsonValue

from qbtc.cio.api.bus import TOOL_TEXT, BusApi, checked_state, fill_draft, tool_draft, worth_keeping
from qbtc.cio.domain.memory import Draft
from qbtc.cio.errors import BadMemory
from qbtc.contracts import Envelope
from qbtc.contracts.memory import ConsciousnessQuery
from qbtc.contracts.tools import ToolFinished
from qbtc.contracts.trading import OrderEvent

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def result(tool: str = "market_price", value: JsonValue = "61,000", *, ok: bool = True) -> ToolFinished:
    return ToolFinished(conversation="c1", turn="t1", call_id="k1", tool=tool, ok=ok, milliseconds=3, result=value)


FILL = OrderEvent.model_validate(
    {
        "client_order_id": "o1",
        "symbol": "BTCUSDT",
        "side": "BUY",
        "type": "LIMIT",
        "quantity": "0.02",
        "price": "61000",
        "status": "filled",
        "at": 1_700_000_000_000_000_000,
        "strategy": "maker",
        "fill_price": "60999.5",
        "fill_quantity": "0.01",
        "fee": "0.00001",
        "fee_asset": "BTC",
    }
)


@pytest.mark.parametrize(
    ("key", "kept"), [("hft.order.filled", 1), ("hft.order.proposed", 0), ("hft.order.approved", 0), ("hft.order.sent", 0)]
)
async def test_only_what_the_venue_side_says_is_filled_becomes_a_memory(key: str, kept: int) -> None:
    """A proposal, which the assistant may publish, cannot pass for a fill by what its body says."""
    drafts: list[Draft] = []
    symbols: list[str] = []

    async def keep(_conn: object, draft: Draft) -> str:
        drafts.append(draft)
        return "m1"

    nothing: Any = SimpleNamespace(keep=keep, filled=symbols.append)
    api = BusApi(keeper=nothing, recaller=nothing, observer=nothing, clock=nothing)
    envelope = Envelope(id="0", source="hft", type=key, time=NOW, dataschema="x", data={})
    await api.orders(nothing, envelope, FILL)
    assert (len(drafts), len(symbols)) == (kept, kept)


def test_a_fill_becomes_a_sentence_with_its_numbers() -> None:
    draft = fill_draft(FILL)
    assert draft.text == "Filled: BUY 0.01 BTCUSDT at 60999.5, fee 0.00001 BTC by strategy maker."
    assert (draft.kind, draft.scope, draft.owner, draft.symbol) == ("trade", "desk", None, "BTCUSDT")
    assert draft.happened_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_a_fill_is_remembered_with_its_venue() -> None:
    assert fill_draft(FILL.model_copy(update={"venue": "binance"})).metadata["venue"] == "binance"


@pytest.mark.parametrize(
    ("finished", "expected"),
    [
        (result(), True),
        (result(ok=False), False),
        (result(value=[]), False),
        (result(value=None), False),
        (result(tool="memory_search"), False),
        (result(tool="recall"), False),
    ],
)
def test_only_good_results_that_are_no_memories_are_kept(finished: ToolFinished, expected: bool) -> None:
    assert worth_keeping(finished) is expected


def test_a_long_result_is_cut_and_says_so() -> None:
    draft = tool_draft(result(value="x" * 10_000), person="ana", now=NOW)
    assert len(draft.text) < TOOL_TEXT + 50
    assert draft.text.endswith("…")
    assert (draft.owner, draft.scope, draft.session) == ("ana", "chat", "c1")


def test_an_unnormalised_state_in_a_query_is_refused_with_its_field() -> None:
    with pytest.raises(BadMemory) as refusal:
        checked_state(ConsciousnessQuery(state=((2.0,) * 26, (0.0,) * 26)))
    assert refusal.value.field == "state"
    assert checked_state(ConsciousnessQuery(text="x")) is None

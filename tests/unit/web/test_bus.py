"""What comes over the bus and where it goes on the screen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qbtc.contracts import Envelope
from qbtc.contracts.tools import TurnEvent
from qbtc.contracts.trading import OrderEvent
from qbtc.contracts.ui import UiUpdate
from qbtc.kit.errors import BadInput
from qbtc.kit.security import TokenError, Tokens, ensure_keys
from qbtc.testing.browser import Browser, make_hub, tick
from qbtc.web.api.bus import BusEdge
from qbtc.web.domain.hub import Hub

NOW = datetime(2026, 1, 2, tzinfo=UTC)
NOTHING: Any = None
CLAIMS_A_FILL = OrderEvent.model_validate(
    {
        "client_order_id": "o1",
        "symbol": "BTCUSDT",
        "side": "BUY",
        "type": "LIMIT",
        "quantity": "0.02",
        "status": "filled",
        "at": 1_700_000_000_000_000_000,
        "fill_price": "60999.5",
        "fill_quantity": "0.01",
    }
)


def reader(*channels: str, hub: Hub, user: str = "ann", client_id: int = 1) -> Browser:
    page = Browser(hub, user)
    page.connect(client_id, 0)
    for channel in channels:
        page.subscribe(channel)
    return page


def turn_of(tokens: Tokens | None, person: str | None, text: str = "hers") -> tuple[Envelope, TurnEvent]:
    actor = tokens.sign("service:ce3", None, seconds=60, purpose="bus", person=person) if tokens else None
    event = TurnEvent(conversation="main", turn="t", offset=0, kind="text", text=text)
    envelope = Envelope(
        id="0", source="ce3", type="ce3.turn.delta", time=datetime.now(UTC), dataschema="x", data={}, actor=actor
    )
    return envelope, event


@pytest.fixture(scope="module")
def ce3(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(ensure_keys(tmp_path_factory.mktemp("keys")), "ce3", "x")


async def test_a_turn_is_shown_to_the_person_it_was_signed_for_and_to_nobody_else(ce3: Tokens) -> None:
    hub = make_hub()
    edge = BusEdge(hub, NOTHING, ce3)
    ann = reader("turn.main", hub=hub)
    bob = reader("turn.main", user="bob", client_id=2, hub=hub)
    await edge.turns(NOTHING, *turn_of(ce3, "ann"))
    await edge.turns(NOTHING, *turn_of(ce3, None, "a service's own"))
    await edge.turns(NOTHING, *turn_of(None, None, "unsigned"))
    tick(hub, 50, ann, bob)
    assert [event["text"] for event in ann.logs["turn.main"]] == ["hers"]
    assert bob.logs == {}


async def test_a_turn_signed_by_a_stranger_is_not_shown(ce3: Tokens, tmp_path: Path) -> None:
    stranger = Tokens(ensure_keys(tmp_path), "ce3", "x")
    with pytest.raises(TokenError):
        await BusEdge(make_hub(), NOTHING, ce3).turns(NOTHING, *turn_of(stranger, "ann"))


async def test_progress_of_a_job_reaches_its_owner_only_and_other_private_channels_take_nothing_from_services() -> None:
    hub = make_hub()
    edge = BusEdge(hub, NOTHING, NOTHING)
    ann = reader("jobs", hub=hub)
    bob = reader("jobs", user="bob", client_id=2, hub=hub)
    envelope = Envelope(id="0", source="qcs", type="web.ui.update", time=NOW, dataschema="x", data={})
    await edge.updates(NOTHING, envelope, UiUpdate(service="qcs", channel="jobs", owner="ann", data={"id": "j1"}))
    for channel, owner in (("jobs", None), ("operations", "ann"), ("turn.main", "ann"), ("nonsense", "ann")):
        with pytest.raises(BadInput, match="services cannot publish to channel"):
            update = UiUpdate(service="qcs", channel=channel, owner=owner, data={"id": "j2"})
            await edge.updates(NOTHING, envelope, update)
    tick(hub, 50, ann, bob)
    assert ann.logs == {"jobs": [{"id": "j1"}]}
    assert bob.logs == {}


@pytest.mark.parametrize(
    ("key", "fills", "said"),
    [("hft.order.filled", 1, "filled"), ("hft.order.proposed", 0, "proposed"), ("hft.order.approved", 0, "approved")],
)
async def test_only_a_filled_event_is_a_fill_whatever_the_body_of_another_step_claims(
    key: str, fills: int, said: str
) -> None:
    hub = make_hub()
    edge = BusEdge(hub, NOTHING, NOTHING)
    page = reader("fills", "events", hub=hub)
    await edge.events(
        NOTHING, Envelope(id="0", source="ce3", type=key, time=NOW, dataschema="x", data={}), CLAIMS_A_FILL
    )
    tick(hub, 50, page)
    assert len(page.logs.get("fills", [])) == fills
    assert said in page.logs["events"][0]["summary_en"]

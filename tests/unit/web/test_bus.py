"""What comes over the bus and where it goes on the screen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from qbtc.contracts import Envelope
from qbtc.contracts.trading import OrderEvent
from qbtc.testing.browser import Browser, make_hub, tick
from qbtc.web.api.bus import BusEdge

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


@pytest.mark.parametrize(
    ("key", "fills", "said"),
    [("hft.order.filled", 1, "filled"), ("hft.order.proposed", 0, "proposed"), ("hft.order.approved", 0, "approved")],
)
async def test_only_a_filled_event_is_a_fill_whatever_the_body_of_another_step_claims(
    key: str, fills: int, said: str
) -> None:
    hub = make_hub()
    edge = BusEdge(hub, NOTHING, NOTHING)
    page = Browser(hub)
    page.connect(1, 0)
    page.subscribe("fills")
    page.subscribe("events")
    await edge.events(NOTHING, Envelope(id="0", source="ce3", type=key, time=NOW, dataschema="x", data={}), CLAIMS_A_FILL)
    tick(hub, 50, page)
    assert len(page.logs.get("fills", [])) == fills
    assert said in page.logs["events"][0]["summary_en"]

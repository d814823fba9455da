"""What HFT's wiring refuses at the start."""

from __future__ import annotations

import pytest

from qbtc.hft.adapters.local_venue import local_venue
from qbtc.kit.errors import BadInput


@pytest.mark.parametrize(
    "url", ["https://api.binance.com", "http://10.0.0.7:8450", "http://127.0.0.1.example.com", "127.0.0.1:8450", ""]
)
def test_a_venue_that_is_not_on_this_machine_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="live venues are not enabled in this version") as caught:
        local_venue(url)
    assert caught.value.field == "venue_url"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8450", "http://localhost:8450", "http://[::1]:8450"])
def test_a_venue_on_this_machine_is_taken(url: str) -> None:
    assert local_venue(url) == url

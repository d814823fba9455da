"""What the venue tells of its perpetuals reaches the bars of a feed."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator

import pytest

from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters.perpetuals import UsdmPerpetuals
from qbtc.hft.domain.feed import Feed
from qbtc.hft.domain.venues import Addresses, perpetuals, site
from qbtc.hft.perpetuals import Listener
from qbtc.testing.running_desk import SECONDS
from qbtc.testing.venue import VenueProcess, venue
from qbtc.testing.waiting import eventually


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    with venue(tmp_path_factory.mktemp("home"), "--sim", "--symbols", "BTCUSDT,ETHUSDT") as found:
        yield found


def source(target: VenueProcess) -> UsdmPerpetuals:
    return UsdmPerpetuals(perpetuals(site("local", Addresses(), here=target.rest), Addresses()))


async def test_mark_funding_and_open_interest_of_every_symbol_are_heard(target: VenueProcess) -> None:
    feed = Feed([KNOWN["BTCUSDT"], KNOWN["ETHUSDT"]], session="s", started_ns=0)
    asked = source(target)
    task = asyncio.ensure_future(Listener(asked, lambda: feed).run())
    heard = [feed.markets[name].perpetual for name in feed.symbols]
    now = (await asked.open_interest("BTCUSDT"))[1]
    try:
        await eventually(lambda: all(one.heard for one in heard), SECONDS, what="mark prices")
        await eventually(lambda: not math.isnan(heard[0].at(now).open_interest), SECONDS, what="open interest")
        known = heard[0].at(now)
        assert abs(known.basis_bp) < 500
        assert abs(known.funding) < 10_000
        assert known.open_interest >= 0
    finally:
        task.cancel()
        await asked.close()


async def test_a_symbol_without_a_contract_is_left_out(target: VenueProcess) -> None:
    asked = source(target)
    assert await asked.contracts(["BTCUSDT", "NONEUSDT"]) == {"BTCUSDT": 8.0}
    await asked.close()

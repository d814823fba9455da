"""Venues for other people's clients: a live simulated market, and a quiet recorded one where every fill is known."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from qbtc.testing.venue import MortalVenue, VenueProcess, mortal_venue, quiet_recording, venue
from qbtc.testing.venue_clients import Complaints


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    """BTCUSDT and ETHUSDT, simulated, ten times as fast."""
    with venue(tmp_path_factory.mktemp("live"), "--sim", "--symbols", "BTCUSDT,ETHUSDT", "--speed", "10") as target:
        yield target


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalVenue]:
    """BTCUSDT with bid 100.00 x 1 and ask 100.10 x 2, which nobody else changes; it may be killed and revived."""
    home = tmp_path_factory.mktemp("quiet")
    with mortal_venue(home, "--data", str(quiet_recording(home))) as target:
        yield target


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Warnings and errors that clients log instead of raising them."""
    handler = Complaints()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)

"""Venues for the futures tests: a live simulated market, and a quiet recorded one that may be killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qbtc.testing.venue import MortalVenue, VenueProcess, mortal_venue, quiet_recording, venue


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    """BTCUSDT and ETHUSDT, simulated, ten times as fast."""
    with venue(tmp_path_factory.mktemp("live"), "--sim", "--symbols", "BTCUSDT,ETHUSDT", "--speed", "10") as target:
        yield target


@pytest.fixture
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalVenue]:
    """BTCUSDT with bid 100.0 x 1 and ask 100.1 x 2, which nobody else changes."""
    home = tmp_path_factory.mktemp("quiet")
    with mortal_venue(home, "--data", str(quiet_recording(home))) as target:
        yield target

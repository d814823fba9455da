"""May orders be sent? All eight cases of the three conditions, and what is said of each that is missing."""

from __future__ import annotations

from itertools import product

import pytest

from qbtc.contracts import TradingMode
from qbtc.hft.domain.permission import Condition, Conditions, Keys, confirmable, permission


@pytest.mark.parametrize(("keys", "live", "confirmed"), list(product(Keys, (True, False), (True, False))))
def test_live_is_only_what_has_all_three_conditions_at_once(keys: Keys, live: bool, confirmed: bool) -> None:
    given = permission(Conditions("binance", paper=False, keys=keys, live=live, confirmed=confirmed))
    everything = keys is Keys.GOOD and live and confirmed
    assert given.allowed is everything
    assert given.mode is (TradingMode.LIVE if everything else TradingMode.READ_ONLY)
    holds = {Condition.KEYS: keys is Keys.GOOD, Condition.LIVE: live, Condition.CONFIRMED: confirmed}
    assert list(given.missing) == [name for name, ok in holds.items() if not ok]


def test_a_fresh_live_venue_is_read_only_and_says_everything_that_is_missing() -> None:
    missing = permission(Conditions("binance-usdm", paper=False)).missing
    assert missing == {
        Condition.KEYS: "there are no keys for it (`qbtc keys add binance-usdm`, then restart HFT)",
        Condition.LIVE: "it was not started with --live",
        Condition.CONFIRMED: "nobody has confirmed it by typing 'binance-usdm'",
    }


def test_the_paper_account_asks_for_nothing() -> None:
    given = permission(Conditions("local", paper=True))
    assert (given.mode, given.missing, given.allowed) == (TradingMode.PAPER, {}, True)


def test_a_person_may_confirm_only_when_the_rest_holds() -> None:
    assert list(confirmable(Conditions("binance", paper=False, keys=Keys.UNKNOWN, live=True))) == [Condition.KEYS]
    assert list(confirmable(Conditions("binance", paper=False, keys=Keys.GOOD))) == [Condition.LIVE]
    assert confirmable(Conditions("binance", paper=False, keys=Keys.GOOD, live=True)) == {}

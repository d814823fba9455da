"""A feature by itself: over arrays, and one bar at a time, with the bits of the table that computes all."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest
from tests.unit.hft.features.test_table import made

from qbtc.contracts.basis26 import INDEX
from qbtc.hft import features
from qbtc.hft.domain.bars import COLUMNS
from qbtc.hft.domain.features import blocks
from qbtc.hft.domain.features.registry import BY_NAME
from qbtc.hft.domain.features.rolling import Rolling


def one(name: str) -> Rolling:
    found = getattr(features, name)
    assert isinstance(found, Rolling)
    return found


def columns(data: np.ndarray, names: Iterable[str]) -> list[np.ndarray]:
    return [data[0, COLUMNS.index(name)] for name in names]


@pytest.mark.parametrize("name", features.NAMES)
def test_a_feature_by_itself_has_the_bits_of_the_table_in_both_modes(name: str) -> None:
    data, feature = made(11, 1, 150), one(name)
    whole = np.concatenate(list(blocks(data, ("BTCUSDT",))))[:, 0, INDEX[BY_NAME[name].letter]]
    given = columns(data, feature.inputs)
    found, stream = feature(*given), feature.stream()
    np.testing.assert_array_equal(np.where(np.isfinite(found), found, np.nan), whole)
    values = []
    for i, bar in enumerate(zip(*given, strict=True)):
        assert stream.warm == max(0, BY_NAME[name].bars - i)
        values.append(stream.update(*map(float, bar)))
    np.testing.assert_array_equal(np.array(values), found)
    assert np.isfinite(whole[40:]).any()


def test_a_shorter_window_sees_less() -> None:
    data = made(4, 1, 100)
    buy, sell = columns(data, ("buy_volume", "sell_volume"))
    short = one("toxicity")(buy, sell, window=30)
    np.testing.assert_array_equal(short[-1:], one("toxicity")(buy[-30:], sell[-30:])[-1:])
    assert short[-1] != one("toxicity")(buy, sell)[-1]


def test_a_break_begins_the_window_anew() -> None:
    mid = made(4, 1, 100)[0, 0].copy()
    mid[50] = np.nan
    found = one("burst")(mid)
    assert np.isfinite(found[29:50]).all()
    assert np.isnan(found[50:80]).all()
    np.testing.assert_array_equal(found[51:], one("burst")(mid[51:]))


def test_the_rate_of_messages_is_a_second_whatever_the_bar() -> None:
    messages = np.full(40, 60.0)
    assert one("quickness")(messages, seconds=60.0)[-1] == pytest.approx(0.0)
    assert one("quickness")(messages)[-1] == pytest.approx(math.log(60))


def test_it_says_what_it_takes() -> None:
    assert repr(one("momentum")) == "<feature M momentum(mid, mid_high, mid_low)>"
    assert "VPIN" in (one("toxicity").__doc__ or "")
    assert "toxicity" in dir(features)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="toxicity takes buy_volume, sell_volume, each one number a bar; given: \\(3,\\)"):
        one("toxicity")([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="takes buy_volume, sell_volume"):
        one("toxicity")([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="window 3 is not allowed: a whole number of bars, 29 at least"):
        one("burst").stream(window=3)
    with pytest.raises(ValueError, match="seconds 0 is not allowed"):
        one("burst").stream(seconds=0)
    with pytest.raises(ValueError, match="2 numbers; burst takes 1 a bar"):
        one("burst").stream().update(1.0, 2.0)
    with pytest.raises(AttributeError, match="there is no feature 'joint' of one symbol; there are: advance, burst"):
        features.joint  # noqa: B018

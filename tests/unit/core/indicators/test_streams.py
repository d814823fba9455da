"""A stream gives the bits of the batch, keeps its state, and is safe to hold, copy, restore and misuse."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import sys
import tracemalloc
from typing import Any

import numpy as np
import pytest
from tests.every import every
from tests.sizes import FAST

from qbtc.core import indicators
from qbtc.core.indicators import FUNCTIONS
from qbtc.core.indicators.front import Indicator

from .cases import Array, Bars, inputs, names, parameters, ticks, walk, with_gaps

EXHAUSTIVE = os.environ.get("QBTC_TEST_SIZE") == "exhaustive"
EACH, OF_A_GROUP = 4_000 if FAST else 20_000, 10_000_000
EMA, STOCH, MAXINDEX, SUPERTREND = map(indicators.indicator, ("EMA", "STOCH", "MAXINDEX", "SUPERTREND"))


def streamed(indicator: Indicator, given: list[Array], **chosen: float) -> list[Array]:
    update = indicator.stream(**chosen).update
    rows = zip(*(values.tolist() for values in given), strict=True)
    found = [update(*row) for row in rows]
    kinds = indicator.function.kinds
    if len(kinds) == 1:
        return [np.array(found, "f8" if kinds[0] == "f8" else "i4")]
    return [np.array(part, "f8" if kind == "f8" else "i4") for kind, part in zip(kinds, zip(*found, strict=True), strict=True)]


def batched(indicator: Indicator, given: list[Array], **chosen: float) -> list[Array]:
    found = indicator(*given, **chosen)
    return list(found) if isinstance(found, tuple) else [found]


def assert_same_bits(a: list[Array], b: list[Array]) -> None:
    for x, y in zip(a, b, strict=True):
        np.testing.assert_array_equal(x, y)
        assert x.dtype.kind != "f" or (np.signbit(x) == np.signbit(y))[~np.isnan(x)].all()


def long(made: Bars, n: int) -> Bars:
    return {name: np.tile(values, n // len(values) + 1)[:n] for name, values in made.items()}


@every("name", FUNCTIONS)
def test_a_stream_gives_the_bits_of_the_batch(name: str) -> None:
    """20,000 values, 4,000 in the fast tests; all functions of a group together 10^7 when QBTC_TEST_SIZE is exhaustive."""
    function = FUNCTIONS[name]
    n = OF_A_GROUP // len(names(function.group)) if EXHAUSTIVE else EACH
    given = inputs(function, with_gaps(walk(n, 21)))

    assert_same_bits(streamed(indicators.indicator(name), given), batched(indicators.indicator(name), given))


@every("name", FUNCTIONS)
def test_a_stream_gives_the_bits_of_the_batch_for_other_parameters_and_ties(name: str) -> None:
    function = FUNCTIONS[name]
    given = inputs(function, long(ticks(900), 2200))
    for chosen in parameters(function):
        ours = streamed(indicators.indicator(name), given, **chosen)
        assert_same_bits(ours, batched(indicators.indicator(name), given, **chosen))


def test_nothing_comes_before_the_first_value_and_warm_says_how_much_is_missing() -> None:
    stream = EMA.stream(timeperiod=3)

    assert (stream.warm, stream(float("nan"))) == (3, pytest.approx(float("nan"), nan_ok=True))
    assert stream.warm == 3, "a leading NaN is passed over"
    assert [str(stream.update(x)) for x in (1.0, 2.0, 3.0)] == ["nan", "nan", "2.0"]
    assert stream.warm == 0


def test_bars_are_numbered_from_the_first_one_that_was_passed_over() -> None:
    stream = MAXINDEX.stream(timeperiod=2)

    assert [stream.update(x) for x in (float("nan"), float("nan"), 1.0, 3.0, 2.0)] == [0, 0, 0, 3, 3]


def test_several_outputs_come_as_a_tuple_and_whole_numbers_as_int() -> None:
    stream = SUPERTREND.stream(timeperiod=2)
    for _ in range(2):
        stream.update(2, 1, 1.5)
    line, trend = stream.update(2.0, 1.0, 1.5)

    assert (type(line), type(trend), trend) == (float, int, 1)


def test_a_state_can_be_taken_and_restored_copied_and_pickled() -> None:
    prices = walk(200, 5)["close"].tolist()
    stream = EMA.stream(timeperiod=10)
    for price in prices[:100]:
        stream.update(price)
    state, twins = stream.state, [copy.copy(stream), copy.deepcopy(stream), pickle.loads(pickle.dumps(stream)), stream.copy()]
    expected = [stream.update(price) for price in prices[100:]]

    for twin in twins:
        assert [twin.update(price) for price in prices[100:]] == expected
    stream.restore(state)
    assert [stream.update(price) for price in prices[100:]] == expected
    assert expected == EMA(np.array(prices), timeperiod=10)[100:].tolist()


@pytest.mark.parametrize(
    "other", [EMA.stream(timeperiod=11), indicators.indicator("RMA").stream(timeperiod=10), STOCH.stream()]
)
def test_the_state_of_another_function_or_period_is_refused(other: Any) -> None:
    with pytest.raises(ValueError, match=r"<stream EMA\(timeperiod=10\), 0 bars>: this is not the state of such a stream"):
        EMA.stream(timeperiod=10).restore(other.state)


@pytest.mark.parametrize(("given", "says"), [
    (("a",), "must be real number, not str"), ((None,), "must be real number, not NoneType"), ((), "takes exactly one argument"),
    ((1.0, 2.0), "takes exactly one argument"),
])  # fmt: skip
def test_what_is_no_number_raises_a_type_error_and_changes_nothing(given: tuple[object, ...], says: str) -> None:
    stream = EMA.stream(timeperiod=2)
    before = stream.state

    with pytest.raises(TypeError, match=says):
        stream.update(*given)
    assert stream.state == before


@pytest.mark.parametrize(("given", "says"), [
    ((1.0, 2.0), r"update\(\) takes 3 numbers: high, low, close"), ((1.0, "2", 3.0), "must be real number, not str"),
    ((1.0, 2.0, 3.0, 4.0), r"update\(\) takes 3 numbers"),
])  # fmt: skip
def test_several_inputs_are_checked_one_by_one(given: tuple[object, ...], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        STOCH.stream().update(*given)


def test_an_exception_in_a_numbers_own_conversion_comes_out() -> None:
    class Broken:
        def __float__(self) -> float:
            raise ZeroDivisionError("no such price")

    with pytest.raises(ZeroDivisionError, match="no such price"):
        EMA.stream().update(Broken())
    with pytest.raises(TypeError, match="keyword"):
        EMA.stream().update(real=1.0)  # type: ignore[call-arg]


def test_minus_one_is_a_price_like_any_other() -> None:
    assert indicators.indicator("MULT").stream().update(-1.0, -1.0) == 1.0


def test_updates_outlive_the_stream_that_made_them() -> None:
    update = EMA.stream(timeperiod=3).update
    gc.collect()
    junk = [bytearray(200) for _ in range(1000)]

    assert [update(x) for x in (1.0, 2.0, 3.0)][-1] == 2.0
    assert len(junk) == 1000


@pytest.mark.parametrize("indicator", [EMA, STOCH, SUPERTREND])
def test_updates_leave_no_memory_behind(indicator: Indicator) -> None:
    stream, price = indicator.stream(), 101.25
    row = (price,) * len(indicator.function.inputs)
    update = stream.update
    for _ in range(1000):
        update(*row)
    gc.collect()
    tracemalloc.start()
    counts = sys.getrefcount(price), sys.getrefcount(stream), sys.getrefcount(None)
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(100_000 if FAST else 1_000_000):
        update(*row)
    grown = tracemalloc.get_traced_memory()[0] - before
    after = sys.getrefcount(price), sys.getrefcount(stream), sys.getrefcount(None)
    tracemalloc.stop()

    assert grown < 2000
    assert after[:2] == counts[:2]
    assert abs(after[2] - counts[2]) < 100


def test_a_stream_frees_its_memory() -> None:
    held = STOCH.stream()
    block = held._block
    before = sys.getrefcount(block)
    del held
    gc.collect()

    assert sys.getrefcount(block) < before


def test_two_streams_do_not_share_anything() -> None:
    a, b = EMA.stream(timeperiod=2), EMA.stream(timeperiod=2)
    for x in (1.0, 2.0):
        a.update(x)

    assert np.isnan(b.update(5.0))
    assert a.update(3.0) == pytest.approx(2.5)

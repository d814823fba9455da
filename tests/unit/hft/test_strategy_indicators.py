"""Indicators inside a strategy: the same bits compiled, in plain Python and in a batch, kept in the strategy's record."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from qbtc.core import indicators as kernels
from qbtc.hft import domain, indicators
from qbtc.hft.domain.strategy_class import Spec, StrategyFault, read
from qbtc.hft.domain.strategy_compiled import Program, not_a_number, run_plain
from qbtc.hft.domain.strategy_records import INTENT_BUFFER, MARKET_VIEW

TWENTY = """
from qbtc.hft.domain.strategy_records import *
from qbtc.hft.indicators import *
from qbtc.hft import indicators as ta

class Strategy:
    '''Twenty indicators.'''
{declared}
{states}

    def on_book(self, market, orders):
        close, high, low, volume = float(market.bid), market.bid + 2.0, market.bid - 1.5, float(market.bid_lots)
        open_ = close - 0.5
{updates}
"""
NAMES = ["EMA", "SMA", "WMA", "RSI", "ATR", "MACD", "STOCH", "BBANDS", "ADX", "CCI", "OBV", "MFI", "AROON", "KAMA", "LINEARREG", "STDDEV", "MAXINDEX", "CDLDOJI", "HT_SINE", "SUPERTREND"]
WORDS = {"open": "open_", "real": "close", "real0": "close", "real1": "high"}
ONE = """
from qbtc.hft.domain.strategy_records import *
from qbtc.hft.indicators import EMA, STOCH

class Strategy:
    '''One.'''
    fast = EMA.field(timeperiod=3)
    oscillator = STOCH.field()
    last: float = 0.0

    def on_book(self, market, orders):
        {line}
"""

AFTER_OTHERS = """
import numpy
from numba import njit

@njit
def first(record):
    return record.x

first(numpy.zeros(1, [("x", "f8")])[0])
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
"""


PARTS = [*Path(kernels.__path__[0]).rglob("*.py"), *Path(domain.__path__[0]).glob("strategy*.py")]
CODE = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(PARTS))).hexdigest()


@pytest.fixture
def module() -> Callable[[str], ModuleType]:
    """Loads a strategy from a file that stays, named by its text and by all code that it may be compiled of: the next run of
    the tests finds what this one compiled."""
    folder = Path(__file__).with_name("__pycache__") / "strategies"
    folder.mkdir(parents=True, exist_ok=True)

    def load(text: str) -> ModuleType:
        name = f"strategy_{hashlib.sha256((CODE + text).encode()).hexdigest()[:16]}"
        path = folder / f"{name}.py"
        if not path.exists():
            path.write_text(text)
        spec = spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        made = module_from_spec(spec)
        sys.modules[name] = made
        spec.loader.exec_module(made)
        return made

    return load


def twenty() -> str:
    declared, states, updates = [], [], []
    for name in NAMES:
        function = indicators.FUNCTIONS[name]
        declared.append(f"    i_{name} = ta.{name}.field()")
        outs = [f"self.o_{name}_{i}" for i in range(len(function.outputs))]
        states += [f"    {out[5:]}: {'float = 0.0' if k == 'f8' else 'int = 0'}" for out, k in zip(outs, function.kinds, strict=True)]
        given = ", ".join(WORDS.get(word, word) for word in function.inputs)
        updates.append(f"        {', '.join(outs)} = self.i_{name}.update({given})")
    return TWENTY.format(declared="\n".join(declared), states="\n".join(states), updates="\n".join(updates))


def prices(n: int) -> np.ndarray:
    return 10_000 + np.cumsum(np.random.default_rng(4).integers(-6, 7, n))


def run(spec: Spec, call: Callable[..., None], series: np.ndarray) -> dict[str, list[float]]:
    state, market, orders = spec.state({}), np.zeros(1, MARKET_VIEW), np.zeros(1, INTENT_BUFFER)
    found: dict[str, list[float]] = {name: [] for name in spec.states}
    for i, bid in enumerate(series):
        market["bid"], market["ask"], market["bid_lots"] = bid, bid + 2, 5 + i % 7
        call("on_book", state, market, orders)
        for name, values in found.items():
            values.append(state[name][0])
    return found


def batches(series: np.ndarray) -> dict[str, np.ndarray]:
    close = series.astype(float)
    made = {"close": close, "high": close + 2.0, "low": close - 1.5, "open": close - 0.5, "real": close}
    made |= {"real1": close + 2.0, "volume": np.array([5.0 + i % 7 for i in range(len(series))])}
    found = {}
    for name in NAMES:
        outputs = indicators.indicator(name)(*[made[word] for word in indicators.FUNCTIONS[name].inputs])
        for i, output in enumerate(outputs if isinstance(outputs, tuple) else (outputs,)):
            found[f"o_{name}_{i}"] = output
    return found


def test_twenty_indicators_in_a_strategy_equal_batch_and_plain_python_bit_for_bit(module: Callable[[str], ModuleType]) -> None:
    spec = read(module(twenty()).Strategy, name="twenty")
    series = prices(300)
    compiled = run(spec, Program(spec).call, series)
    plain = run(spec, lambda *given: run_plain(spec, *given), series)

    for name, expected in batches(series).items():
        np.testing.assert_array_equal(compiled[name], expected, err_msg=name)
        np.testing.assert_array_equal(plain[name], expected, err_msg=name)


def test_strategies_may_come_after_other_code_has_been_compiled(tmp_path: Path) -> None:
    """Numba then knows an attribute of its own of records, which must not be asked first."""
    text = ONE.format(line="self.last = self.fast.update(market.bid)")
    (tmp_path / "late.py").write_text(AFTER_OTHERS + text + "\nPROGRAM = Program(read(Strategy, name='late'))\nprint(PROGRAM.address('on_book') > 0)")
    done = subprocess.run([sys.executable, tmp_path / "late.py"], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("True\n", "")


def test_the_state_of_an_indicator_is_in_the_record_and_nowhere_else(module: Callable[[str], ModuleType]) -> None:
    spec = read(module(ONE.format(line="self.last = self.fast.update(market.bid)")).Strategy, name="one")
    program, market, orders = Program(spec), np.zeros(1, MARKET_VIEW), np.zeros(1, INTENT_BUFFER)
    first = spec.state({})
    for bid in (1, 2, 3):
        market["bid"] = bid
        program.call("on_book", first, market, orders)
    twin, other = first.copy(), spec.state({})
    market["bid"] = 10
    for state in (first, twin, other):
        program.call("on_book", state, market, orders)

    assert first["last"][0] == twin["last"][0] == 6.0
    assert np.isnan(other["last"][0])
    assert not_a_number(first) is None


@pytest.mark.parametrize(("line", "says"), [
    ("self.last = self.fast.value", r"self.fast is an indicator; call self.fast.update\(real\)"),
    ("self.last = self.fast.update(1.0, 2.0)", r"call self.fast.update\(real\)"),
    ("self.last = self.oscillator.update(1.0)[0]", r"call self.oscillator.update\(high, low, close\)"),
    ("self.last = self.slow.update(1.0)", "self has no field 'slow'; it has last, fast, oscillator"),
])  # fmt: skip
def test_a_wrong_use_of_an_indicator_is_said_with_file_and_line(
    module: Callable[[str], ModuleType], line: str, says: str
) -> None:
    with pytest.raises(StrategyFault, match=says) as caught:
        read(module(ONE.format(line=line)).Strategy, name="one")
    assert caught.value.line == 12


def test_an_indicator_takes_no_annotation(module: Callable[[str], ModuleType]) -> None:
    text = ONE.format(line="pass").replace("fast = EMA", "fast: float = EMA")

    with pytest.raises(StrategyFault, match=r"Strategy\.fast"):
        read(module(text).Strategy, name="one")


def test_parameters_of_an_indicator_are_checked_where_it_is_declared(module: Callable[[str], ModuleType]) -> None:
    with pytest.raises(ValueError, match="EMA: timeperiod = 0 is outside 1 to 100000"):
        module(ONE.format(line="pass").replace("timeperiod=3", "timeperiod=0"))

"""Every function: its group, inputs, parameters with defaults and ranges, outputs. Names and defaults are TA-Lib 0.8's.

A line is `NAME | inputs | parameters | outputs | what it is`. A parameter is `name=default`, then `:low` or `:low..high`
where these are not the usual ones: whole numbers are periods from 2 to 100000, `matype` is 0 to 13 (MA_TYPES), other
numbers are anything finite that TA-Lib takes. An output with `:i4` is an int32, with `:ix` the number of a bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

TABLE = """
= Cycle Indicators
HT_DCPERIOD | real |  | real | Hilbert Transform - Dominant Cycle Period
HT_DCPHASE | real |  | real | Hilbert Transform - Dominant Cycle Phase
HT_PHASOR | real |  | inphase quadrature | Hilbert Transform - Phasor Components
HT_SINE | real |  | sine leadsine | Hilbert Transform - SineWave
HT_TRENDMODE | real |  | integer:i4 | Hilbert Transform - Trend vs Cycle Mode

= Math Operators
ADD | real0 real1 |  | real | Vector Arithmetic Add
CUMSUM | real |  | real | Cumulative Sum
DIV | real0 real1 |  | real | Vector Arithmetic Div
MAX | real | timeperiod=30 | real | Highest value over a specified period
MAXINDEX | real | timeperiod=30 | integer:ix | Index of highest value over a specified period
MIN | real | timeperiod=30 | real | Lowest value over a specified period
MININDEX | real | timeperiod=30 | integer:ix | Index of lowest value over a specified period
MINMAX | real | timeperiod=30 | min max | Lowest and highest values over a specified period
MINMAXINDEX | real | timeperiod=30 | minidx:ix maxidx:ix | Indexes of lowest and highest values over a specified \
period
MULT | real0 real1 |  | real | Vector Arithmetic Mult
SUB | real0 real1 |  | real | Vector Arithmetic Subtraction
SUM | real | timeperiod=30 | real | Summation

= Math Transform
ACOS | real |  | real | Vector Trigonometric ACos
ASIN | real |  | real | Vector Trigonometric ASin
ATAN | real |  | real | Vector Trigonometric ATan
CEIL | real |  | real | Vector Ceil
COS | real |  | real | Vector Trigonometric Cos
COSH | real |  | real | Vector Trigonometric Cosh
EXP | real |  | real | Vector Arithmetic Exp
FLOOR | real |  | real | Vector Floor
LN | real |  | real | Vector Log Natural
LOG10 | real |  | real | Vector Log10
SIN | real |  | real | Vector Trigonometric Sin
SINH | real |  | real | Vector Trigonometric Sinh
SQRT | real |  | real | Vector Square Root
TAN | real |  | real | Vector Trigonometric Tan
TANH | real |  | real | Vector Trigonometric Tanh

= Momentum Indicators
AC | high low | fastperiod=5 slowperiod=34 signalperiod=5 | real | Accelerator/Decelerator Oscillator
ADX | high low close | timeperiod=14 | real | Average Directional Movement Index
ADXR | high low close | timeperiod=14 | real | Average Directional Movement Index Rating
AO | high low | fastperiod=5 slowperiod=34 | real | Awesome Oscillator
APO | real | fastperiod=12 slowperiod=26 matype=1 | real | Absolute Price Oscillator
AROON | high low | timeperiod=14 | aroondown aroonup | Aroon
AROONOSC | high low | timeperiod=14 | real | Aroon Oscillator
BOP | open high low close |  | real | Balance Of Power
CCI | high low close | timeperiod=14 | real | Commodity Channel Index
CMO | real | timeperiod=14 | real | Chande Momentum Oscillator
CMOU | real | timeperiod=14 | real | Chande Momentum Oscillator (Unsmoothed)
COPPOCK | real | wmaperiod=10:1 roc1period=11:1 roc2period=14:1 | real | Coppock Curve
DPO | real | timeperiod=20 | real | Detrended Price Oscillator
DX | high low close | timeperiod=14 | real | Directional Movement Index
ER | real | timeperiod=10 | real | Kaufman Efficiency Ratio
ERI | high low close | timeperiod=13:1 | bullpower bearpower | Elder Ray Index (Bull Power / Bear Power)
FOSC | real | timeperiod=5 | real | Forecast Oscillator
FRACTAL | high low | leftbars=2:1 rightbars=2:1 | swinghigh:i4 swinglow:i4 | Williams Fractal
IMI | open close | timeperiod=14 | real | Intraday Momentum Index
KDJ | high low close | fastk_period=9:1 slowk_period=3:1 slowk_matype=13 slowd_period=3:1 slowd_matype=13 | k d j \
| KDJ Stochastic
MACD | real | fastperiod=12 slowperiod=26 signalperiod=9:1 | macd macdsignal macdhist | Moving Average \
Convergence/Divergence
MACDEXT | real | fastperiod=12 fastmatype=0 slowperiod=26 slowmatype=0 signalperiod=9:1 signalmatype=0 | macd \
macdsignal macdhist | MACD with controllable MA type
MACDFIX | real | signalperiod=9:1 | macd macdsignal macdhist | Moving Average Convergence/Divergence Fix 12/26
MFI | high low close volume | timeperiod=14 | real | Money Flow Index
MINUS_DI | high low close | timeperiod=14:1 | real | Minus Directional Indicator
MINUS_DM | high low | timeperiod=14:1 | real | Minus Directional Movement
MOM | real | timeperiod=10:1 | real | Momentum
PLUS_DI | high low close | timeperiod=14:1 | real | Plus Directional Indicator
PLUS_DM | high low | timeperiod=14:1 | real | Plus Directional Movement
PPO | real | fastperiod=12 slowperiod=26 matype=1 | real | Percentage Price Oscillator
QSTICK | open close | timeperiod=10:1 | real | Qstick
ROC | real | timeperiod=10:1 | real | Rate of change : ((price/prevPrice)-1)*100
ROCP | real | timeperiod=10:1 | real | Rate of change Percentage: (price-prevPrice)/prevPrice
ROCR | real | timeperiod=10:1 | real | Rate of change ratio: (price/prevPrice)
ROCR100 | real | timeperiod=10:1 | real | Rate of change ratio 100 scale: (price/prevPrice)*100
RSI | real | timeperiod=14 | real | Relative Strength Index
SMI | high low close | timeperiod=13 fastperiod=2 slowperiod=25 signalperiod=9 | smi smisignal | Stochastic \
Momentum Index
STOCH | high low close | fastk_period=5:1 slowk_period=3:1 slowk_matype=0 slowd_period=3:1 slowd_matype=0 | slowk \
slowd | Stochastic
STOCHF | high low close | fastk_period=5:1 fastd_period=3:1 fastd_matype=0 | fastk fastd | Stochastic Fast
STOCHRSI | real | timeperiod=14 fastk_period=5:1 fastd_period=3:1 fastd_matype=0 | fastk fastd | Stochastic \
Relative Strength Index
TRIX | real | timeperiod=30:1 | real | 1-day Rate-Of-Change (ROC) of a Triple Smooth EMA
TSI | real | firstperiod=25 secondperiod=13 | real | True Strength Index
ULTOSC | high low close | timeperiod1=7:1 timeperiod2=14:1 timeperiod3=28:1 | real | Ultimate Oscillator
VHF | real | timeperiod=28 | real | Vertical Horizontal Filter
VORTEX | high low close | timeperiod=14:1 | plusvi minusvi | Vortex Indicator
WAD | high low close |  | real | Williams' Accumulation/Distribution
WILLR | high low close | timeperiod=14 | real | Williams' %R

= Overlap Studies
ACCBANDS | high low close | timeperiod=20 | upperband middleband lowerband | Acceleration Bands
BBANDS | real | timeperiod=20 nbdevup=2.0 nbdevdn=2.0 matype=0 | upperband middleband lowerband | Bollinger Bands
DEMA | real | timeperiod=30:1 | real | Double Exponential Moving Average
DONCHIAN | high low | timeperiod=20 | upperband middleband lowerband | Donchian Channels
EMA | real | timeperiod=30:1 | real | Exponential Moving Average
HMA | real | timeperiod=20:1 | real | Hull Moving Average
HT_TRENDLINE | real |  | real | Hilbert Transform - Instantaneous Trendline
KAMA | real | timeperiod=30:1 | real | Kaufman Adaptive Moving Average
KC | high low close | timeperiod=20 atrperiod=10:1 nbdev=2.0 | upperband middleband lowerband | Keltner Channels
MA | real | timeperiod=30:1 matype=0 | real | Moving average
MAMA | real | fastlimit=0.5:0.01..0.99 slowlimit=0.05:0.01..0.99 | mama fama | MESA Adaptive Moving Average
MAVP | real periods | minperiod=2:1 maxperiod=30:1 matype=0 | real | Moving average with variable period
MIDPOINT | real | timeperiod=14 | real | MidPoint over period
MIDPRICE | high low | timeperiod=14 | real | Midpoint Price over period
RMA | real | timeperiod=30:1 | real | Wilder's Smoothed Moving Average
SAR | high low | acceleration=0.02:0.0 maximum=0.2:0.0 | real | Parabolic SAR
SAREXT | high low | startvalue=0.0 offsetonreverse=0.0:0.0 accelerationinitlong=0.02:0.0 \
accelerationlong=0.02:0.0 accelerationmaxlong=0.2:0.0 accelerationinitshort=0.02:0.0 accelerationshort=0.02:0.0 \
accelerationmaxshort=0.2:0.0 | real | Parabolic SAR - Extended
SMA | real | timeperiod=30:1 | real | Simple Moving Average
SUPERTREND | high low close | timeperiod=10 multiplier=3.0:0.0 | supertrend trend:i4 | SuperTrend
T3 | real | timeperiod=5:1 vfactor=0.7:0.0..1.0 | real | Triple Exponential Moving Average (T3)
TEMA | real | timeperiod=30:1 | real | Triple Exponential Moving Average
TRIMA | real | timeperiod=30:1 | real | Triangular Moving Average
VWMA | real volume | timeperiod=30:1 | real | Volume Weighted Moving Average
WMA | real | timeperiod=30:1 | real | Weighted Moving Average
ZLEMA | real | timeperiod=30:1 | real | Zero-Lag Exponential Moving Average

= Pattern Recognition
CDL2CROWS | open high low close |  | integer:i4 | Two Crows
CDL3BLACKCROWS | open high low close |  | integer:i4 | Three Black Crows
CDL3INSIDE | open high low close |  | integer:i4 | Three Inside Up/Down
CDL3LINESTRIKE | open high low close |  | integer:i4 | Three-Line Strike
CDL3OUTSIDE | open high low close |  | integer:i4 | Three Outside Up/Down
CDL3STARSINSOUTH | open high low close |  | integer:i4 | Three Stars In The South
CDL3WHITESOLDIERS | open high low close |  | integer:i4 | Three Advancing White Soldiers
CDLABANDONEDBABY | open high low close | penetration=0.3:0.0 | integer:i4 | Abandoned Baby
CDLADVANCEBLOCK | open high low close |  | integer:i4 | Advance Block
CDLBELTHOLD | open high low close |  | integer:i4 | Belt-hold
CDLBREAKAWAY | open high low close |  | integer:i4 | Breakaway
CDLCLOSINGMARUBOZU | open high low close |  | integer:i4 | Closing Marubozu
CDLCONCEALBABYSWALL | open high low close |  | integer:i4 | Concealing Baby Swallow
CDLCOUNTERATTACK | open high low close |  | integer:i4 | Counterattack
CDLDARKCLOUDCOVER | open high low close | penetration=0.5:0.0 | integer:i4 | Dark Cloud Cover
CDLDOJI | open high low close |  | integer:i4 | Doji
CDLDOJISTAR | open high low close |  | integer:i4 | Doji Star
CDLDRAGONFLYDOJI | open high low close |  | integer:i4 | Dragonfly Doji
CDLENGULFING | open high low close |  | integer:i4 | Engulfing Pattern
CDLEVENINGDOJISTAR | open high low close | penetration=0.3:0.0 | integer:i4 | Evening Doji Star
CDLEVENINGSTAR | open high low close | penetration=0.3:0.0 | integer:i4 | Evening Star
CDLGAPSIDESIDEWHITE | open high low close |  | integer:i4 | Up/Down-gap side-by-side white lines
CDLGRAVESTONEDOJI | open high low close |  | integer:i4 | Gravestone Doji
CDLHAMMER | open high low close |  | integer:i4 | Hammer
CDLHANGINGMAN | open high low close |  | integer:i4 | Hanging Man
CDLHARAMI | open high low close |  | integer:i4 | Harami Pattern
CDLHARAMICROSS | open high low close |  | integer:i4 | Harami Cross Pattern
CDLHIGHWAVE | open high low close |  | integer:i4 | High-Wave Candle
CDLHIKKAKE | open high low close |  | integer:i4 | Hikkake Pattern
CDLHIKKAKEMOD | open high low close |  | integer:i4 | Modified Hikkake Pattern
CDLHOMINGPIGEON | open high low close |  | integer:i4 | Homing Pigeon
CDLIDENTICAL3CROWS | open high low close |  | integer:i4 | Identical Three Crows
CDLINNECK | open high low close |  | integer:i4 | In-Neck Pattern
CDLINVERTEDHAMMER | open high low close |  | integer:i4 | Inverted Hammer
CDLKICKING | open high low close |  | integer:i4 | Kicking
CDLKICKINGBYLENGTH | open high low close |  | integer:i4 | Kicking - bull/bear determined by the longer marubozu
CDLLADDERBOTTOM | open high low close |  | integer:i4 | Ladder Bottom
CDLLONGLEGGEDDOJI | open high low close |  | integer:i4 | Long Legged Doji
CDLLONGLINE | open high low close |  | integer:i4 | Long Line Candle
CDLMARUBOZU | open high low close |  | integer:i4 | Marubozu
CDLMATCHINGLOW | open high low close |  | integer:i4 | Matching Low
CDLMATHOLD | open high low close | penetration=0.5:0.0 | integer:i4 | Mat Hold
CDLMORNINGDOJISTAR | open high low close | penetration=0.3:0.0 | integer:i4 | Morning Doji Star
CDLMORNINGSTAR | open high low close | penetration=0.3:0.0 | integer:i4 | Morning Star
CDLONNECK | open high low close |  | integer:i4 | On-Neck Pattern
CDLPIERCING | open high low close |  | integer:i4 | Piercing Pattern
CDLRICKSHAWMAN | open high low close |  | integer:i4 | Rickshaw Man
CDLRISEFALL3METHODS | open high low close |  | integer:i4 | Rising/Falling Three Methods
CDLSEPARATINGLINES | open high low close |  | integer:i4 | Separating Lines
CDLSHOOTINGSTAR | open high low close |  | integer:i4 | Shooting Star
CDLSHORTLINE | open high low close |  | integer:i4 | Short Line Candle
CDLSPINNINGTOP | open high low close |  | integer:i4 | Spinning Top
CDLSTALLEDPATTERN | open high low close |  | integer:i4 | Stalled Pattern
CDLSTICKSANDWICH | open high low close |  | integer:i4 | Stick Sandwich
CDLTAKURI | open high low close |  | integer:i4 | Takuri (Dragonfly Doji with very long lower shadow)
CDLTASUKIGAP | open high low close |  | integer:i4 | Tasuki Gap
CDLTHRUSTING | open high low close |  | integer:i4 | Thrusting Pattern
CDLTRISTAR | open high low close |  | integer:i4 | Tristar Pattern
CDLUNIQUE3RIVER | open high low close |  | integer:i4 | Unique 3 River
CDLUPSIDEGAP2CROWS | open high low close |  | integer:i4 | Upside Gap Two Crows
CDLXSIDEGAP3METHODS | open high low close |  | integer:i4 | Upside/Downside Gap Three Methods

= Price Transform
AVGDEV | real | timeperiod=14 | real | Average Deviation
AVGPRICE | open high low close |  | real | Average Price
HA | open high low close |  | haopen hahigh halow haclose | Heikin-Ashi Candles
MEDPRICE | high low |  | real | Median Price
TYPPRICE | high low close |  | real | Typical Price
WCLPRICE | high low close |  | real | Weighted Close Price

= Statistic Functions
BETA | real0 real1 | timeperiod=5:1 | real | Beta
CORREL | real0 real1 | timeperiod=30:1 | real | Pearson's Correlation Coefficient (r)
LINEARREG | real | timeperiod=14 | real | Linear Regression
LINEARREG_ANGLE | real | timeperiod=14 | real | Linear Regression Angle
LINEARREG_INTERCEPT | real | timeperiod=14 | real | Linear Regression Intercept
LINEARREG_SLOPE | real | timeperiod=14 | real | Linear Regression Slope
PERCENTILE | real | timeperiod=30 percentile=50.0:0.0..100.0 | real | Percentile (nearest rank)
PERCENTRANK | real | timeperiod=100 | real | Percent Rank
STDDEV | real | timeperiod=5 nbdev=1.0 | real | Standard Deviation
TSF | real | timeperiod=14 | real | Time Series Forecast
VAR | real | timeperiod=5:1 nbdev=1.0 | real | Variance

= Volatility Indicators
ADR | high low | timeperiod=14:1 | real | Average Day Range
ATR | high low close | timeperiod=14:1 | real | Average True Range
CVI | high low | timeperiod=10 rocperiod=10:1 | real | Chaikin's Volatility
MASSI | high low | fastperiod=9 slowperiod=25 | real | Mass Index
NATR | high low close | timeperiod=14:1 | real | Normalized Average True Range
RVI | real | timeperiod=14:1 stddevperiod=10 | real | Relative Volatility Index
TRANGE | high low close |  | real | True Range

= Volume Indicators
AD | high low close volume |  | real | Chaikin A/D Line
ADOSC | high low close volume | fastperiod=3 slowperiod=10 | real | Chaikin A/D Oscillator
CMF | high low close volume | timeperiod=20 | real | Chaikin Money Flow
EFI | close volume | timeperiod=13:1 | real | Elder's Force Index
MARKETFI | high low volume |  | real | Market Facilitation Index
NVI | close volume |  | real | Negative Volume Index
OBV | real volume |  | real | On Balance Volume
PVI | close volume |  | real | Positive Volume Index
PVO | volume | fastperiod=12 slowperiod=26 matype=1 | real | Percentage Volume Oscillator
PVT | close volume |  | real | Price Volume Trend
RVOL | volume | timeperiod=20:1 | real | Relative Volume
VWAP | high low close volume |  | real | Volume Weighted Average Price
"""
LONGEST, LARGEST = 100_000, 3e37


class MA_Type(IntEnum):  # noqa: N801 - the name that TA-Lib's users know
    """The types of moving average of `matype`."""

    SMA, EMA, WMA, DEMA, TEMA, TRIMA, KAMA, MAMA, T3, HMA, DISABLED, DEFAULT, ZLEMA, RMA = range(14)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A whole number if `whole`; from low to high, both included."""

    name: str
    default: float
    low: float
    high: float
    whole: bool

    def checked(self, function: str, value: object) -> float:
        """The value as int or float. Raises ValueError or TypeError that says what is allowed."""
        if isinstance(value, bool) or not (hasattr(value, "__float__") or hasattr(value, "__index__")):
            raise TypeError(f"{function}: {self.name} must be a number, not {type(value).__name__}")
        number = float(value)  # type: ignore[arg-type]
        if not self.low <= number <= self.high:
            raise ValueError(f"{function}: {self.name} = {value!r} is outside {self.low:g} to {self.high:g}")
        if not self.whole:
            return number
        if number != int(number):
            raise ValueError(f"{function}: {self.name} = {value!r} must be a whole number")
        return int(number)


@dataclass(frozen=True, slots=True)
class Function:
    """A line of the table. `kinds` are those of the outputs: f8, i4 or ix."""

    name: str
    group: str
    inputs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    outputs: tuple[str, ...]
    kinds: tuple[str, ...]
    title: str

    def values(self, given: Mapping[str, object], positional: tuple[object, ...] = ()) -> tuple[float, ...]:
        """All parameters in order, checked. Raises ValueError or TypeError naming the one that is wrong."""
        if len(positional) > len(self.parameters):
            raise TypeError(f"{self.name}: {len(positional)} parameters given; it has {len(self.parameters)}")
        named = dict(zip((p.name for p in self.parameters), positional, strict=False))
        for name, value in given.items():
            if name not in {p.name for p in self.parameters}:
                allowed = ", ".join(p.name for p in self.parameters) or "none"
                raise TypeError(f"{self.name}: unknown parameter {name!r}; allowed: {allowed}")
            if name in named:
                raise TypeError(f"{self.name}: {name} was given twice")
            named[name] = value
        return tuple(p.checked(self.name, named.get(p.name, p.default)) for p in self.parameters)


def _parameter(text: str) -> Parameter:
    name, _, rest = text.partition("=")
    default, _, limits = rest.partition(":")
    low, _, high = limits.partition("..")
    if "." in default:
        return Parameter(name, float(default), float(low or -LARGEST), float(high or LARGEST), whole=False)
    if "matype" in name:
        return Parameter(name, int(default), 0, max(MA_Type), whole=True)
    return Parameter(name, int(default), int(low or 2), int(high or LONGEST), whole=True)


def _functions(table: str) -> Iterator[Function]:
    group = ""
    for line in table.strip().splitlines():
        if line.startswith("= "):
            group = line[2:]
        elif line:
            name, inputs, parameters, outputs, title = (part.strip() for part in line.split("|"))
            pairs = [output.partition(":") for output in outputs.split()]
            yield Function(
                name, group, tuple(inputs.split()), tuple(map(_parameter, parameters.split())),
                tuple(p[0] for p in pairs), tuple(p[2] or "f8" for p in pairs), title,
            )  # fmt: skip


FUNCTIONS: Mapping[str, Function] = {function.name: function for function in _functions(TABLE)}

"""The 26 market dimensions for research: those of the live feed, over tapes.

    from qbtc.hft import features

    found = features.over("btc")                      # or a tape, or several: one clock for all
    found.matrix                                      # float64[bars, 26], NaN where absent
    found.frame()                                     # Polars: time, symbol, A .. Z
    found.absent()                                    # why a letter has no value at the last bar

    toxicity = features.toxicity(buy, sell)           # one of them, over arrays
    stream = features.toxicity.stream()               # and one bar at a time

docs/guide/hft/features.md explains each; the kernels are `domain.features`, the same in both worlds.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts import basis26
from qbtc.core.market.tape.tape import Tape

from .domain import tape_bars
from .domain.backtest import assumptions
from .domain.bars import NANOS
from .domain.features import FEATURES, MIN_BARS, blocks
from .domain.features.reasons import TEXTS, Situation, absent
from .domain.features.registry import BY_NAME
from .domain.features.rolling import Rolling
from .domain.perpetual import FUNDING_HOURS
from .domain.standardise import Reference
from .domain.tape_bars import Bars
from .errors import BadParameter

if TYPE_CHECKING:
    import polars

Floats = NDArray[np.float64]
AnyTape = str | os.PathLike[str] | Tape
Interest = tuple[Any, Any]
"""(times in UTC ns, never falling; open interest in base units)."""
WHY = TEXTS
LETTERS = basis26.LETTERS
SHORTEST, LONGEST = 100_000_000, 86_400 * NANOS


@dataclass(frozen=True)
class Features:
    """T bars of S symbols. `times` are the exclusive ends of the bars in UTC ns, `values` float64[T, S, 26] in the units of
    the basis, NaN where a dimension is absent."""

    symbols: tuple[str, ...]
    bar_ns: int
    times: NDArray[np.int64]
    values: Floats = field(repr=False)
    bars: Bars = field(repr=False)
    told: Mapping[str, tuple[bool, bool]] = field(default_factory=dict)
    """For each symbol, whether mark prices and open interest of its perpetual were told."""
    judged: Floats | None = field(default=None, repr=False)
    """The scores, once `with_novelty` has made them."""

    @property
    def matrix(self) -> Floats:
        """float64[T, 26] of the only symbol. Raises BadParameter where there are several."""
        return self.of(self.symbols[0]) if len(self.symbols) == 1 else self.of("")

    def of(self, symbol: str) -> Floats:
        """float64[T, 26] of one symbol. Raises BadParameter."""
        if symbol not in self.symbols:
            raise BadParameter(f"{symbol!r} is none of the symbols", field="symbol", allowed=", ".join(self.symbols))
        return self.values[:, self.symbols.index(symbol)]

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """bool[T, S, 26]."""
        return np.isfinite(self.values)

    @cached_property
    def scores(self) -> Floats:
        """Robust z-scores [T, S, 26] as the live feed gives them, each against what came before; NaN where it has none."""
        if self.judged is not None:
            return self.judged
        reference, out = Reference(len(self.symbols)), np.empty_like(self.values)
        for bar, end in enumerate(self.times.tolist()):
            scores, there = reference.standardise(self.values[bar], end)
            out[bar] = np.where(there, scores, np.nan)
        return out

    def with_novelty(self) -> Features:
        """The same with N, as QCS measures it live from these scores; some tenths of a millisecond a bar."""
        from .domain.features.novelty import N, of_scores

        values, scores = self.values.copy(), self.scores.copy()
        values[..., N], scores[..., N] = of_scores(self.symbols, self.times // self.bar_ns, self.scores)
        return replace(self, values=values, judged=scores)

    def frame(self, *, scores: bool = False) -> polars.DataFrame:
        """A row a bar and symbol: `time` (the end, UTC), `symbol`, `A` .. `Z`; null where absent."""
        import polars as pl

        chosen = self.scores if scores else self.values
        columns: dict[str, Any] = {
            "time": np.repeat(self.times, len(self.symbols)), "symbol": np.tile(np.array(self.symbols), len(self.times)),
        }  # fmt: skip
        columns |= {letter: chosen[:, :, i].reshape(-1) for i, letter in enumerate(LETTERS)}
        made = pl.DataFrame(columns).with_columns(pl.col("time").cast(pl.Datetime("ns", "UTC")))
        return made.with_columns(pl.col(list(LETTERS)).fill_nan(None))

    def absent(self, symbol: str | None = None, bar: int = -1) -> dict[str, str]:
        """{letter: why} of what has no value at a bar."""
        at = range(len(self.times))[bar]
        name = symbol or self.symbols[0]
        runs = {each: self._run(s, at) for s, each in enumerate(self.symbols)}
        funding = self.bars.data[self.symbols.index(name), -2, self.bars.kept][at]
        marks, interest = self.told[name]
        enough = [each for each, run in runs.items() if run >= MIN_BARS]
        there = Situation(name, runs[name], enough, marks, bool(np.isfinite(funding)), interest)
        return {letter: WHY[word] for letter, word in absent(self.of(name)[at].tolist(), there).items()}

    def _run(self, symbol: int, bar: int) -> int:
        """Unbroken bars up to this one."""
        rows = np.flatnonzero(self.bars.kept)
        good = np.isfinite(self.bars.data[symbol, 0, : rows[bar] + 1])[::-1]
        return int(good.size if good.all() else np.argmin(good))


def over(
    tapes: AnyTape | Sequence[AnyTape], *, bar: str = "1s", perpetual: AnyTape | Sequence[AnyTape] | None = None,
    open_interest: Interest | Mapping[str, Interest] | None = None, funding_hours: float = FUNDING_HOURS,
    novelty: bool = False,
) -> Features:  # fmt: skip
    """The dimensions of one tape, or of several of different symbols on one clock, at the close of every bar.

    `bar` is a length as 500ms, 1s, 1m; the live feed's is 1s, and windows are 60 bars of whatever length. `perpetual`: tapes
    whose funding messages tell mark price, index and funding rate of the symbols of the same name; a tape that has such
    messages itself needs none. `open_interest`: (times, quantities), or {symbol: (times, quantities)}.
    N compares states made of the scores of all others, so it is only there with `novelty`. Raises BadParameter, NoTape, BrokenTape.
    """
    opened, told = _opened(tapes), {t.symbol: t for t in _opened(perpetual or ())}
    names = tuple(t.symbol for t in opened)
    if not opened or len(set(names)) < len(names):
        raise BadParameter(f"the tapes are of {', '.join(names) or 'no symbol'}", allowed="one or more tapes, of different symbols")
    if not 0 < funding_hours <= 24:
        raise BadParameter(f"funding every {funding_hours} hours", field="funding_hours", allowed="above 0, 24 at most")
    lost = [name for name in told if name not in names]
    if lost:
        raise BadParameter(f"perpetual: {', '.join(lost)} is the symbol of no tape", field="perpetual", allowed=", ".join(names))
    step = _length(bar)
    interest = _interest(open_interest, names)
    try:
        facts = [tape_bars.facts_of(t, told.get(t.symbol), interest.get(t.symbol)) for t in opened]
        made = tape_bars.of_tapes(opened, facts, bar_ns=step, hours=funding_hours)
    except ValueError as error:
        raise BadParameter(f"{', '.join(names)}: {error}") from None
    parts = [part[made.kept[begin : begin + len(part)]] for begin, part in _blocks(made, step)]
    values = np.concatenate(parts) if parts else np.zeros((0, len(names), basis26.SIZE))
    heard = {name: (known.at.size > 0, known.interest_at.size > 0) for name, known in zip(names, facts, strict=True)}
    found = Features(names, step, made.ends[made.kept], values, made, heard)
    return found.with_novelty() if novelty else found


def _blocks(made: Bars, step: int) -> Iterable[tuple[int, Floats]]:
    at = 0
    for part in blocks(made.data, made.symbols, seconds=step / NANOS):
        yield at, part
        at += len(part)


def _opened(tapes: AnyTape | Sequence[AnyTape]) -> list[Tape]:
    given = [tapes] if isinstance(tapes, str | os.PathLike | Tape) else list(tapes)
    if any(not isinstance(each, Tape) for each in given):
        from .adapters.data.opening import open_tape

        return [each if isinstance(each, Tape) else open_tape(Path(each)) for each in given]
    return [each for each in given if isinstance(each, Tape)]


def _length(bar: str) -> int:
    try:
        found = assumptions.duration(bar)
    except assumptions.BadAssumption as error:
        raise BadParameter(f"bar: {error}", field="bar") from None
    if not SHORTEST <= found <= LONGEST:
        raise BadParameter(f"a bar of {bar}", field="bar", allowed="100ms to 24h")
    return found


def _interest(given: Interest | Mapping[str, Interest] | None, names: tuple[str, ...]) -> dict[str, Interest]:
    if given is None:
        return {}
    if isinstance(given, Mapping):
        unknown = [name for name in given if name not in names]
        if unknown:
            raise BadParameter(f"open_interest: {', '.join(unknown)} is the symbol of no tape", allowed=", ".join(names))
        return dict(given)
    if len(names) > 1:
        raise BadParameter("open_interest does not say of which symbol", field="open_interest", allowed="{symbol: (times, quantities)}")
    return {names[0]: given}


def __getattr__(name: str) -> Rolling:
    """A feature by its name: `features.toxicity`, `features.uncertainty`, …"""
    found = BY_NAME.get(name)
    if found is None or found.kernel is None:
        raise AttributeError(f"there is no feature {name!r} of one symbol; there are: {', '.join(NAMES)}")
    return Rolling(found)


NAMES = tuple(feature.name for feature in FEATURES if feature.kernel is not None)
"""The features of one symbol, which can be had one by one."""


def __dir__() -> list[str]:
    return sorted([*__all__, *NAMES])


__all__ = ["LETTERS", "NAMES", "WHY", "Features", "over"]

"""Trials of a sweep on a Ray cluster: the feed is put into its object store once, results are those of threads, bit for bit.

The strategy travels as its source, since the machines of a cluster need not have its file; QBTC itself must be installed
there. A worker that dies is replaced and its trials run again; a trial that was written is never run twice (`sweep_store`).
"""

from __future__ import annotations

import copy
import ctypes
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qbtc.kit.cluster import NoCluster, joined

from ..domain.backtest.assumptions import BadAssumption
from ..domain.strategy_class import StrategyFault

if TYPE_CHECKING:
    from ..domain.backtest.runner import Scratch
    from ..sweep import Found, Trial

AT_ONCE = 8
"""Trials of one task at most: enough that the way there costs nothing."""
DEATHS = 5
"""Times that a task is given to another worker when its own died."""
SPREAD = 4
"""Tasks a core at least, so that all cores end together."""


@dataclass(frozen=True)
class Parcel:
    """A Trial that can travel."""

    source: bytes
    path: str
    cls: str
    name: str
    parameters: dict[str, float]
    markets: tuple[Any, ...]
    rules: tuple[Any, ...]
    key: bytes
    """Of this sweep alone: a worker opens a parcel once."""

    def open(self, folder: Path) -> Trial:
        """The same on another machine, its source in `folder`, which nobody else may write to: what is in it is run."""
        from ..backtest import strategy_of
        from ..sweep import Trial

        path = folder / Path(self.path).name
        path.write_bytes(self.source)
        strategy = strategy_of(f"{path}:{self.cls}", folder)
        strategy.name = self.name
        strategy.parameters = dict(self.parameters)
        return Trial(strategy, tuple(replace(market, feed=_like_the_drivers(market.feed)) for market in self.markets), self.rules)


def _like_the_drivers(feed: Any) -> Any:
    """The feed with what was computed of it. Arrays of an object store are read-only, for which nothing is compiled ahead of
    time: views that are not, of the same bytes. Runs write to no array of a feed."""
    made = copy.copy(feed)
    vars(made).update({name: _view(value) for name, value in vars(feed).items()})
    return made


def _view(value: Any) -> Any:
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(_view, value))
    if not isinstance(value, np.ndarray) or value.flags.writeable or not value.size:
        return value
    raw: Any = (ctypes.c_uint8 * value.nbytes).from_address(value.ctypes.data)
    return np.frombuffer(raw, value.dtype).reshape(value.shape)


def pack(trial: Trial) -> Parcel:
    spec = trial.strategy.spec
    if not spec.path:
        raise BadAssumption(f"{spec.name} has no file that could travel to a cluster; allowed: a strategy in a file of its own")
    for feed in trial.feeds:
        feed.ready()  # once, here, and not by every worker
    return Parcel(
        Path(spec.path).read_bytes(), spec.path, spec.cls.__name__, trial.strategy.name, dict(trial.strategy.parameters),
        trial.markets, trial.rules, np.random.default_rng().bytes(16),
    )  # fmt: skip


def run_on_ray(
    trial: Trial, trials: Sequence[Mapping[str, float]], waiting: Sequence[int], address: str
) -> Iterator[Found]:
    """Raises BadAssumption where Ray is not installed, no cluster answers at `address` (`auto`: the one that is running here,
    `local`: one of this machine, made for the purpose), or workers keep dying; StrategyFault as threads do."""
    try:
        with joined(address) as ray:
            yield from _results(ray, trial, trials, waiting)
    except NoCluster as error:
        raise BadAssumption(str(error)) from None


def _results(ray: Any, trial: Trial, trials: Sequence[Mapping[str, float]], waiting: Sequence[int]) -> Iterator[Found]:
    task = ray.remote(max_retries=DEATHS)(_some)
    parcel = ray.put(pack(trial))
    size = max(1, min(AT_ONCE, len(waiting) // (SPREAD * max(int(ray.cluster_resources().get("CPU", 1)), 1))))
    parts = [list(waiting[n : n + size]) for n in range(0, len(waiting), size)]
    running = [task.remote(parcel, part, [dict(trials[number]) for number in part]) for part in parts]
    try:
        while running:
            done, running = ray.wait(running)
            yield from (found for each in done for found in ray.get(each))
    except ray.exceptions.RayTaskError as error:
        raise (error.cause if isinstance(error.cause, StrategyFault) else error) from None
    except ray.exceptions.RayError as error:
        raise BadAssumption(f"the cluster could not go on: {error}") from None
    finally:
        for each in running:
            ray.cancel(each, force=True)




_open: dict[bytes, tuple[Trial, Scratch, Parcel]] = {}
"""The parcel that this worker has open: (trial, its books, what the feed's arrays lie in)."""


def _some(parcel: Parcel, numbers: Sequence[int], parameters: Sequence[Mapping[str, float]]) -> list[Found]:
    """In a worker: run trials one after the other. A fault names the file of the driver."""
    try:
        trial, scratch = _opened(parcel)
        return [(number, trial.run(values, scratch)) for number, values in zip(numbers, parameters, strict=True)]
    except StrategyFault as fault:
        raise StrategyFault(fault.message, path=parcel.path if fault.path else "", line=fault.line) from None


def _opened(parcel: Parcel) -> tuple[Trial, Scratch]:
    from ..domain.backtest.runner import Scratch

    if parcel.key not in _open:
        _open.clear()
        with tempfile.TemporaryDirectory(prefix="qbtc-ray-") as folder:  # a worker is killed in the end: nothing may stay
            trial = parcel.open(Path(folder))
            trial.strategy.prepare()
        _open[parcel.key] = trial, Scratch(*trial.feeds), parcel
    return _open[parcel.key][:2]

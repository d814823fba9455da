"""Trials of a sweep on a Ray cluster: the feed is put into its object store once, results should be those of threads.

The strategy travels as its source, since the machines of a cluster need not have its file. Not yet run on a cluster.
"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.backtest.assumptions import BadAssumption

if TYPE_CHECKING:
    from ..sweep import Found, Trial

ANSWER = 5.0
"""Seconds that a cluster has to answer."""
AT_ONCE = 8
"""Trials of one task: enough that the way there costs nothing."""


@dataclass(frozen=True)
class Parcel:
    """A Trial that can travel."""

    source: bytes
    file: str
    cls: str
    name: str
    parameters: dict[str, float]
    market: Any
    rules: Any

    def open(self) -> Trial:
        """The same on another machine."""
        from ..backtest import strategy_of
        from ..sweep import Trial

        folder = Path(tempfile.mkdtemp(prefix="qbtc-ray-"))  # nobody else's: what is in it is run
        path = folder / self.file
        path.write_bytes(self.source)
        strategy = strategy_of(f"{path}:{self.cls}", folder)
        strategy.name = self.name
        strategy.parameters = dict(self.parameters)
        return Trial(strategy, self.market, self.rules)


def pack(trial: Trial) -> Parcel:
    spec = trial.strategy.spec
    path = Path(spec.path)
    return Parcel(
        path.read_bytes(), path.name, spec.cls.__name__, trial.strategy.name, dict(trial.strategy.parameters), trial.market, trial.rules
    )  # fmt: skip


def run_on_ray(
    trial: Trial, trials: Sequence[Mapping[str, float]], waiting: Sequence[int], address: str
) -> Iterator[Found]:
    """Raises BadAssumption where Ray is not installed or no cluster answers at `address` (`local`: one of this machine)."""
    try:
        import ray  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise BadAssumption("Ray is not installed; install the extra `scale`, or leave --ray out") from None
    _reach(address)
    try:
        ray.init(address=None if address == "local" else address, ignore_reinit_error=True, log_to_driver=False)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise BadAssumption(f"no Ray cluster answers at {address}: {error}") from None
    task = ray.remote(_some)
    parcel = ray.put(pack(trial))
    parts = [list(waiting[n : n + AT_ONCE]) for n in range(0, len(waiting), AT_ONCE)]
    running = [task.remote(parcel, part, [dict(trials[number]) for number in part]) for part in parts]
    while running:
        done, running = ray.wait(running)
        for each in done:
            yield from ray.get(each)


def _reach(address: str) -> None:
    """Raises BadAssumption where nobody listens: Ray itself would wait for minutes."""
    if address in ("local", "auto"):
        return
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=ANSWER).close()
    except (OSError, ValueError) as error:
        raise BadAssumption(f"no Ray cluster answers at {address}: {error}; allowed: HOST:PORT, auto or local") from None


def _some(parcel: Parcel, numbers: Sequence[int], parameters: Sequence[Mapping[str, float]]) -> list[Found]:
    from ..domain.backtest.runner import Scratch

    trial = parcel.open()
    scratch = Scratch(trial.market.feed)
    return [(number, trial.run(values, scratch)) for number, values in zip(numbers, parameters, strict=True)]

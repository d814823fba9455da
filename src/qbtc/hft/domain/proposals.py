"""The life of a proposal after it was made, and the profit that its watch looks at. Pure.

    no-change                                      the evidence was too weak: nothing to decide
    proposed -> rejected | expired
             -> watched  (approved: the parameters are put in force once that is stored)
                 -> kept         the watch is over
                 -> superseded   a person changed the parameters
                 -> rolling-back -> rolled-back
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .positions import FEE_PART
from .predicting import Prediction
from .units import ONE

Values = Mapping[str, float]
SHORTEST_BREAK_NS, LOOKS_OF_A_BREAK = 60_000_000_000, 4


class Status(StrEnum):
    NO_CHANGE = "no-change"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WATCHED = "watched"
    KEPT = "kept"
    SUPERSEDED = "superseded"
    ROLLING_BACK = "rolling-back"
    ROLLED_BACK = "rolled-back"


@dataclass(frozen=True, slots=True)
class Made:
    """Sums over the executions of one strategy in one symbol: `count` of them, `cash` paid (-) or received, `net`
    quantity, `quote_fees`, `base_fees`, and the `value` of those whose fee was in a third asset."""

    count: int = 0
    cash: Decimal = Decimal(0)
    net: Decimal = Decimal(0)
    quote_fees: Decimal = Decimal(0)
    base_fees: Decimal = Decimal(0)
    value: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Watch:
    """Where a watch stands. `base` is what the strategy held when it began and `mid` the price then, both in 1e-8;
    `elapsed_ns` is market time in which it traded, `seen_ns` the market time of the last look. `carried` is profit from
    before the account was reset. Before the approved parameters are `in_force` nothing is looked at."""

    base: int
    mid: int
    seen_ns: int
    since: str
    elapsed_ns: int = 0
    carried: float = 0.0
    profit: float = 0.0
    lowest: float = 0.0
    fills: int = 0
    in_force: bool = False

    def passed(self, now_ns: int, *, trading: bool, longest_ns: float) -> Watch:
        """Time counts while the strategy trades; a step beyond the longest was a break, of which nothing is known."""
        step = now_ns - self.seen_ns
        counts = trading and 0 < step <= longest_ns
        return replace(self, seen_ns=now_ns, elapsed_ns=self.elapsed_ns + (step if counts else 0))

    def valued(self, made: Made, mid: int, prediction: Prediction) -> Watch:
        """With the profit at this mid (1e-8) and the line it must not cross."""
        profit = self.carried + earned(made, base=self.base, begin=self.mid, mid=mid)
        return replace(self, profit=profit, fills=made.count, lowest=prediction.lowest(self.elapsed_ns))


def earned(made: Made, *, base: int, begin: int, mid: int) -> float:
    """Profit after fees in quote units: cash, and what is held at the mid, less what was held at the beginning.

    A fee in a third asset counts as 0.1 % of the execution, as everywhere in HFT."""
    price, held = Decimal(mid) / ONE, Decimal(base) / ONE
    fees = made.quote_fees + made.value / FEE_PART
    return float(made.cash - fees + (held + made.net - made.base_fees) * price - held * Decimal(begin) / ONE)


def longest_step_ns(watch_seconds: float, speed: float) -> float:
    """Market time between two looks, at a market of this speed, that is no break yet: that of four looks, a minute at least."""
    return max(SHORTEST_BREAK_NS, LOOKS_OF_A_BREAK * watch_seconds * speed * 1e9)


def own_part(net: int, position: int) -> int:
    """What of a symbol's position (1e-8) a strategy's own executions explain: never more than there is."""
    low, high = min(0, position), max(0, position)
    return min(max(net, low), high)


def differing(values: Values, present: Values) -> list[str]:
    """Names whose present value is another one."""
    return [name for name, value in values.items() if present.get(name) != value]


def target(changes: Mapping[str, Any], *, back: bool) -> dict[str, float]:
    """The values of {name: [former, proposed]} to be set."""
    return {name: float(pair[0 if back else 1]) for name, pair in changes.items()}


def parameters_text(changes: Mapping[str, Any], *, back: bool = False) -> str:
    """`step 2 -> 3, levels 4 -> 5`."""
    pairs = [(name, pair[1], pair[0]) if back else (name, pair[0], pair[1]) for name, pair in changes.items()]
    return ", ".join(f"{name} {a:g} → {b:g}" for name, a, b in pairs)


def words(status: Status, strategy: str, changes: Mapping[str, Any], watch: Watch | None = None) -> tuple[str, str]:
    """What people are told, in English and Spanish."""
    said = parameters_text(changes, back=status is Status.ROLLED_BACK)
    seen = f"{watch.profit:.4f} < {watch.lowest:.4f}" if watch else ""
    english, spanish = _SENTENCES[status]
    return english.format(strategy=strategy, said=said, seen=seen), spanish.format(strategy=strategy, said=said, seen=seen)


_SENTENCES: Mapping[Status, tuple[str, str]] = {
    Status.PROPOSED: ("New parameters are proposed for {strategy}: {said}", "Parámetros propuestos para {strategy}: {said}"),
    Status.NO_CHANGE: ("Nothing is proposed for {strategy}: the evidence is too weak", "Nada que proponer para {strategy}: la evidencia es débil"),
    Status.WATCHED: ("Parameters of {strategy} were approved: {said}", "Parámetros de {strategy} aprobados: {said}"),
    Status.REJECTED: ("Proposed parameters of {strategy} were rejected: {said}", "Parámetros de {strategy} rechazados: {said}"),
    Status.KEPT: ("The watch over {strategy} is over, its parameters stay: {said}", "Fin de la vigilancia de {strategy}; sus parámetros quedan: {said}"),
    Status.SUPERSEDED: ("The watch over {strategy} ended: its parameters were changed by hand", "Fin de la vigilancia de {strategy}: sus parámetros se cambiaron a mano"),
    Status.ROLLED_BACK: (
        "Alert: {strategy} earned less than predicted ({seen}); its parameters were set back: {said}",
        "Aviso: {strategy} ganó menos de lo previsto ({seen}); sus parámetros se han restaurado: {said}",
    ),
}


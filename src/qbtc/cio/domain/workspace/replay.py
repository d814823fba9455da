"""Ablations on what was lived: recorded cycles run again, with one mechanism switched off and with all of them on.

`cycle` is pure, so the candidates of recorded cycles, at their times and with the outcomes learned in their order, say
what the workspace would have done. The replay begins with an empty state, as nothing is kept from before the first
cycle; so both sides of an ablation are replays, and the reading of the record itself stands beside them. A module that
a replayed broadcast was not sent to cannot have heard it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from .cycle import begin, cycle
from .indicators import Indicators, Reading, indicators
from .learning import learn
from .types import Broadcast, Candidate, Mechanism, Outcome, Rules, Vector, WorkspaceState

SWITCH: Final[Mapping[str, Mechanism]] = {
    "gwt2": "bottleneck", "gwt3": "broadcast", "gwt4": "state", "hot2": "monitoring", "ast1": "schema",
    "ae1": "learning", "pp1": "prediction",
}  # fmt: skip
"""By indicator, the mechanism without which it must fall."""


@dataclass(frozen=True, slots=True)
class Lived:
    """One recorded cycle: what was told, under which present state, and which outcomes were learned just before it."""

    told: Broadcast
    context: Vector = ()
    learned: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Ablation:
    """`recorded`: as it was lived; `on` and `off`: replays with every mechanism and without the one named."""

    mechanism: Mechanism
    recorded: Reading
    on: Reading
    off: Reading


def ablations(lived: Sequence[Lived], modules: Sequence[str], rules: Rules) -> dict[str, Ablation]:
    """All seven by indicator. Raises ValueError as `begin` does."""
    outcomes = [outcome for one in lived for outcome in one.learned]
    recorded = indicators([one.told for one in lived], outcomes)
    whole = indicators(replayed(lived, modules, replace(rules, without=frozenset())), outcomes)
    return {
        field.name: Ablation(
            SWITCH[field.name],
            getattr(recorded, field.name),
            getattr(whole, field.name),
            getattr(_without(lived, modules, rules, SWITCH[field.name]), field.name),
        )
        for field in fields(Indicators)
    }


def _without(lived: Sequence[Lived], modules: Sequence[str], rules: Rules, mechanism: Mechanism) -> Indicators:
    told = replayed(lived, modules, replace(rules, without=frozenset({mechanism})))
    return indicators(told, [outcome for one in lived for outcome in one.learned])


def replayed(lived: Sequence[Lived], modules: Sequence[str], rules: Rules) -> list[Broadcast]:
    """The broadcasts of the recorded candidates under `rules`, numbered as the recorded ones."""
    if not lived:
        return []
    state = replace(begin(modules, (), rules), number=lived[0].told.number - 1)
    reached: dict[str, int] = {}
    told: list[Broadcast] = []
    for one in lived:
        state, made = cycle(_ready(state, one), _offers(one.told, reached), one.told.at)
        reached |= dict.fromkeys(made.recipients, made.number)
        told.append(made)
    return told


def _ready(state: WorkspaceState, one: Lived) -> WorkspaceState:
    """Cycles without a candidate leave no record, so numbers may jump."""
    taught = learn(state, one.learned)
    return replace(taught, context=one.context, goals=one.told.goals, number=one.told.number - 1)


def _offers(told: Broadcast, reached: Mapping[str, int]) -> list[Candidate]:
    offered = (one.candidate for one in (*told.winners, *told.passed_over))
    return [replace(one, heard=min(one.heard, reached.get(one.source, 0))) for one in offered]

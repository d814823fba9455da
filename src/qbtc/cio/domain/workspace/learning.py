"""What outcomes teach: how often each source proves right, and how well each kind of candidate serves each goal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .types import UNKNOWN, Candidate, Outcome, Tally, WorkspaceState


def learn(state: WorkspaceState, outcomes: Iterable[Outcome]) -> WorkspaceState:
    """The state after `outcomes`, of winners or of candidates passed over; their order does not matter.

    Rewards are added exactly once each: the caller must not report an outcome twice. Raises ValueError for a reward
    outside [0, 1] and for a source that is no module.
    """
    for outcome in sorted(outcomes, key=lambda one: one.name):
        state = _learned(state, _checked(outcome, state.modules))
    return state


def _learned(state: WorkspaceState, outcome: Outcome) -> WorkspaceState:
    reliability = {
        **state.reliability,
        outcome.source: _after(state.reliability.get(outcome.source), float(outcome.right)),
    }
    values = {goal: dict(kinds) for goal, kinds in state.values.items()}
    for goal, reward in outcome.rewards.items():
        kinds = values.setdefault(goal, {})
        kinds[outcome.kind] = _after(kinds.get(outcome.kind), reward)
    return replace(state, reliability=reliability, values=values)


def _after(tally: Tally | None, value: float) -> Tally:
    tally = tally or Tally()
    return Tally(tally.total + value, tally.count + 1)


def _checked(outcome: Outcome, modules: tuple[str, ...]) -> Outcome:
    if outcome.source not in modules:
        raise ValueError(
            f"outcome {outcome.name!r} is of {outcome.source!r}, which is no module; modules are {modules}"
        )
    for goal, reward in outcome.rewards.items():
        if not 0.0 <= reward <= 1.0:
            raise ValueError(f"outcome {outcome.name!r} has reward {reward!r} for {goal!r}; it must lie in [0, 1]")
    return outcome


def confidence(state: WorkspaceState, source: str) -> float:
    """Probability that what `source` offers proves right, (right + 1) / (outcomes + 2); 0.5 when not monitored."""
    if "monitoring" in state.rules.without:
        return UNKNOWN
    return state.reliability.get(source, Tally()).mean


def worth(state: WorkspaceState, candidate: Candidate) -> float:
    """Expected reward in [0, 1] over the goals by their weights; 0.5 without goals or without learning."""
    total = sum(goal.weight for goal in state.goals)
    if "learning" in state.rules.without or total <= 0:
        return UNKNOWN
    return sum(goal.weight * _value(state.values.get(goal.name, {}), candidate.kind) for goal in state.goals) / total


def _value(kinds: Mapping[str, Tally], kind: str) -> float:
    return kinds.get(kind, Tally()).mean

"""One cycle: predict, score, choose, broadcast, remember. A pure function of state, candidates and time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from .prediction import after
from .salience import scored, unmoved
from .schema import attended, expected, moved
from .types import MECHANISMS, Broadcast, Candidate, Goal, Rules, Scored, Stream, WorkspaceState

T = TypeVar("T")


def begin(modules: Iterable[str], goals: Iterable[Goal] = (), rules: Rules | None = None) -> WorkspaceState:
    """A workspace that has seen nothing. Raises ValueError for no module, a bad rule or a negative weight of a goal."""
    rules, named, wanted = rules or Rules(), tuple(sorted(set(modules))), tuple(goals)
    if not named:
        raise ValueError("a workspace needs at least one module")
    _check_rules(rules)
    for goal in wanted:
        if not (math.isfinite(goal.weight) and goal.weight >= 0):
            raise ValueError(f"goal {goal.name!r} has weight {goal.weight!r}; it must be finite and not negative")
    return WorkspaceState(rules, named, wanted)


def _check_rules(rules: Rules) -> None:
    for name in ("places", "half_life", "inhibition", "most_topics"):
        if not getattr(rules, name) > 0:
            raise ValueError(f"{name} is {getattr(rules, name)!r}; it must be above 0")
    unknown = rules.without.difference(MECHANISMS)
    if unknown:
        raise ValueError(f"no mechanism {sorted(unknown)}; allowed are {MECHANISMS}")


def cycle(state: WorkspaceState, candidates: Iterable[Candidate], now: int) -> tuple[WorkspaceState, Broadcast]:
    """The state after the cycle at `now` (ns) and what is broadcast, at most `places` winners.

    The order of the candidates has no influence and one offered twice counts once; equal saliences go to the newer,
    then by name. Raises ValueError for a time before the last cycle and for candidates that are not (`_checked`).
    """
    if now < state.at:
        raise ValueError(f"now is {now}, before the last cycle at {state.at}; time does not run backwards")
    offered = _checked(state, candidates, now)
    forecast = expected(state)
    ranked = sorted((scored(state, one, forecast, now) for one in offered), key=_by(lambda one: one.salience))
    places = len(ranked) if "bottleneck" in state.rules.without else state.rules.places
    blank = sorted(ranked, key=_by(unmoved))[:places]
    told = Broadcast(
        number=state.number + 1,
        at=now,
        winners=tuple(ranked[:places]),
        passed_over=tuple(ranked[places:]),
        recipients=_recipients(state, ranked[:places]),
        expected=forecast,
        unmoved=frozenset(one.candidate.name for one in blank),
        goals=state.goals,
    )
    return _after(state, told), told


def _by(value: Callable[[Scored], float]) -> Callable[[Scored], tuple[float, int, str]]:
    return lambda one: (-value(one), -one.candidate.at, one.candidate.name)


def _recipients(state: WorkspaceState, winners: Sequence[Scored]) -> tuple[str, ...]:
    """All modules; with the broadcast switched off only those whose candidates won."""
    if "broadcast" not in state.rules.without:
        return state.modules
    return tuple(sorted({one.candidate.source for one in winners}))


def _after(state: WorkspaceState, told: Broadcast) -> WorkspaceState:
    shares = attended((one.candidate for one in told.winners), state.modules)
    won = {**state.won, **{one.candidate.topic: told.at for one in told.winners}}
    return replace(
        state,
        number=told.number,
        at=told.at,
        won=_newest(won, state.rules.most_topics, lambda at: at),
        streams=_newest(_seen(state, told), state.rules.most_topics, lambda stream: stream.at),
        moves=moved(state, shares),
        shares=shares or state.shares,
    )


def _seen(state: WorkspaceState, told: Broadcast) -> dict[str, Stream]:
    """Streams after every candidate of the cycle, in order of time: what lost the competition was seen too."""
    streams = dict(state.streams)
    for one in sorted((*told.winners, *told.passed_over), key=lambda one: (one.candidate.at, one.candidate.name)):
        offer = one.candidate
        if offer.observed:
            streams[offer.topic] = after(streams.get(offer.topic), offer.observed, offer.at, one.seen)
    return streams


def _newest(held: dict[str, T], most: int, at: Callable[[T], int]) -> dict[str, T]:
    """The `most` newest entries; of equally old ones the first by name stay."""
    if len(held) <= most:
        return held
    return dict(sorted(held.items(), key=lambda entry: (-at(entry[1]), entry[0]))[:most])


def _checked(state: WorkspaceState, candidates: Iterable[Candidate], now: int) -> list[Candidate]:
    """Each candidate once, by name; raises ValueError for two of one name, an unknown source and for bad numbers."""
    held: dict[str, Candidate] = {}
    for one in candidates:
        if held.setdefault(one.name, one) != one:
            raise ValueError(f"two different candidates are named {one.name!r}; names must be unique in a cycle")
        fault = _fault(one, state, now)
        if fault:
            raise ValueError(f"candidate {one.name!r}: {fault}")
    offered = sorted(held.values(), key=lambda one: one.name)
    _check_lengths(offered)
    return offered


def _check_lengths(offered: Sequence[Candidate]) -> None:
    lengths: dict[str, int] = {}
    for one in offered:
        size = len(one.observed)
        if size and lengths.setdefault(one.topic, size) != size:
            raise ValueError(
                f"topic {one.topic!r} is observed with {lengths[one.topic]} and with {size} numbers; the length is fixed"
            )


def _fault(one: Candidate, state: WorkspaceState, now: int) -> str | None:
    if one.source not in state.modules:
        return f"source {one.source!r} is no module; modules are {state.modules}"
    if one.at > now:
        return f"it is of {one.at}, after now ({now})"
    if not 0.0 <= one.importance <= 1.0:
        return f"importance is {one.importance!r}; it must lie in [0, 1]"
    if not all(map(math.isfinite, one.observed)):
        return "a number observed is not finite"
    return None

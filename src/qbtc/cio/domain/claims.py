"""When to reflect, and what a reflection may claim. Pure functions of events; the words of claims come from elsewhere.

Reflection is due by what accumulated since the last one:

    importance   the sum of the importance of what was kept reaches `importance`
    surprise     one item surprised by `surprise` bits or more (-log2 of the probability given to what happened)
    schedule     `every` seconds have passed and something was kept

never twice within `min_gap` seconds. A claim is kept with its evidence, scope, expiry and confidence only when each piece of
evidence is known, may be seen in the claim's scope, and says it (support.py). Confidence counts for and against:

    Beta(for + 1/2, against + 1/2), Jeffreys' prior; its mean, and the Wilson score interval beside it
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from .memory import SHARED_SCOPES
from .moments import SECOND
from .support import support

Why = Literal["importance", "surprise", "schedule"]
Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Signal:
    """Something kept: at (UTC nanoseconds), importance >= 0, surprise in bits >= 0."""

    memory_id: str
    at: int
    importance: float = 0.0
    surprise: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("importance", self.importance), ("surprise", self.surprise)):
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} is finite and not negative, got {value!r}")


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """Seconds of `every` and `min_gap`, bits of `surprise`."""

    importance: float = 30.0
    surprise: float = 6.0
    every: float = 86_400.0
    min_gap: float = 60.0


@dataclass(frozen=True, slots=True)
class Due:
    """Why to reflect now, and on which memories, oldest first."""

    why: Why
    memories: tuple[str, ...]


def due(signals: Iterable[Signal], rule: TriggerRule, *, last: int, now: int) -> Due | None:
    """Whether to reflect at `now` on what was kept after `last` (both UTC nanoseconds); None when not."""
    fresh = sorted((s for s in signals if last < s.at <= now), key=lambda s: s.at)
    elapsed = (now - last) / SECOND
    if not fresh or elapsed < rule.min_gap:
        return None
    memories = tuple(s.memory_id for s in fresh)
    if any(s.surprise >= rule.surprise for s in fresh):
        return Due("surprise", memories)
    if math.fsum(s.importance for s in fresh) >= rule.importance:
        return Due("importance", memories)
    return Due("schedule", memories) if elapsed >= rule.every else None


@dataclass(frozen=True, slots=True)
class Source:
    """A memory as evidence: its text and the scope that it is in."""

    text: str
    scope: str


@dataclass(frozen=True, slots=True)
class Belief:
    """How far counts can be trusted: Beta mean and 95 % Wilson interval of a share, from `agree` of `total`."""

    agree: int
    total: int

    def __post_init__(self) -> None:
        if not 0 <= self.agree <= self.total:
            raise ValueError(f"0 <= agree <= total, got {self.agree} of {self.total}")

    @property
    def mean(self) -> float:
        return (self.agree + 0.5) / (self.total + 1.0)

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.agree, self.total)


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim that asks to be kept; `lifetime` in seconds after which it is no longer held."""

    text: str
    evidence: tuple[str, ...]
    scope: str
    belief: Belief
    lifetime: float


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that its evidence says; `made_at` and `expires_at` in UTC nanoseconds."""

    text: str
    evidence: tuple[str, ...]
    scope: str
    belief: Belief
    made_at: int
    expires_at: int

    def held(self, now: int) -> bool:
        return self.made_at <= now < self.expires_at


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a claim was not kept, as a sentence, and the parts of it that are at fault."""

    reason: str
    parts: tuple[str, ...] = ()


def judged(draft: Draft, sources: Mapping[str, Source], *, now: int) -> Claim | Rejected:
    """The claim, or why not. `sources` are the memories that exist, by id; `now` in UTC nanoseconds."""
    evidence = tuple(dict.fromkeys(draft.evidence))
    fault = fault_of(draft, evidence, sources)
    if fault is not None:
        return fault
    found = support(draft.text, [sources[memory_id].text for memory_id in evidence])
    if found.missing is not None:
        return Rejected(f"its evidence does not say it: {found.missing}", found.parts)
    return Claim(draft.text, evidence, draft.scope, draft.belief, now, now + int(draft.lifetime * SECOND))


def fault_of(draft: Draft, evidence: Sequence[str], sources: Mapping[str, Source]) -> Rejected | None:
    """What is wrong with a claim whatever it says: its lifetime, or evidence that is not there or not to be seen."""
    if not (math.isfinite(draft.lifetime) and draft.lifetime > 0):
        return Rejected(f"a claim expires after a finite time, got {draft.lifetime!r} seconds")
    if not evidence:
        return Rejected("a claim names the memories it rests on")
    unknown = tuple(memory_id for memory_id in evidence if memory_id not in sources)
    if unknown:
        return Rejected("evidence that is not in the memory", unknown)
    foreign = tuple(memory_id for memory_id in evidence if not _visible(sources[memory_id].scope, draft.scope))
    return Rejected(f"evidence that scope {draft.scope!r} may not see", foreign) if foreign else None


def _visible(source: str, scope: str) -> bool:
    """What is private supports claims of its own scope only; what is the desk's supports any."""
    return source == scope or source in SHARED_SCOPES


def left_after(claims: Iterable[Claim], erased: Iterable[str]) -> list[Claim]:
    """The claims that do not rest on an erased memory. A claim was judged by all of its evidence, so one gone is enough."""
    gone = frozenset(erased)
    return [claim for claim in claims if gone.isdisjoint(claim.evidence)]


def wilson(agree: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval of a share; (0, 1) without cases. E. B. Wilson, JASA 22 (1927) 209."""
    if total == 0:
        return 0.0, 1.0
    share, scale = agree / total, 1.0 + z * z / total
    middle = (share + z * z / (2 * total)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)

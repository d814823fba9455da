"""What competes, by which rules, what is remembered between cycles and what is broadcast. All frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final, Literal

Vector = tuple[float, ...]
Mechanism = Literal["bottleneck", "broadcast", "state", "monitoring", "schema", "learning", "prediction"]
MECHANISMS: Final[tuple[Mechanism, ...]] = (
    "bottleneck", "broadcast", "state", "monitoring", "schema", "learning", "prediction",
)  # fmt: skip
UNKNOWN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """What `source` (a module) offers at `at` (ns): of which kind, about which topic, how important in [0, 1].

    `observed` is what the topic looks like now (a 26D state in R^52, or any fixed length a topic; empty: nothing to
    predict). `heard` is the number of the last broadcast that the source had received when it made the offer.
    """

    name: str
    source: str
    kind: str
    topic: str
    at: int
    importance: float = UNKNOWN
    observed: Vector = ()
    heard: int = 0


@dataclass(frozen=True, slots=True)
class Goal:
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a candidate: did it prove right, and how much did it serve each goal, in [0, 1]."""

    name: str
    source: str
    kind: str
    right: bool
    rewards: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of the salience; the last two are taken off."""

    surprise: float = 1.0
    importance: float = 1.0
    recency: float = 0.5
    relevance: float = 1.0
    goals: float = 1.0
    returning: float = 1.5
    crowding: float = 0.5


@dataclass(frozen=True, slots=True)
class Rules:
    """`places` a cycle; half-life of recency and time constant of inhibition of return in seconds.

    `most_topics` bounds what is remembered of topics, the one not seen for longest goes first. `without` switches
    mechanisms off, for the ablations that the indicators are checked by.
    """

    places: int = 4
    half_life: float = 60.0
    inhibition: float = 30.0
    most_topics: int = 256
    weights: Weights = Weights()
    without: frozenset[Mechanism] = frozenset()


@dataclass(frozen=True, slots=True)
class Stream:
    """What is known of a topic: running mean and last value, the sums of the step coefficient and of squared errors, the
    number of observations, the time (ns) of the last one and how surprising it was."""

    mean: Vector
    last: Vector
    lagged: float
    power: float
    error: float
    count: int
    at: int
    surprise: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Outcomes in [0, 1] of something: their sum and their number."""

    total: float = 0.0
    count: int = 0

    @property
    def mean(self) -> float:
        """(total + 1) / (count + 2): Laplace's rule; 0.5 before any outcome."""
        return (self.total + 1.0) / (self.count + 2.0)


@dataclass(frozen=True, slots=True)
class WorkspaceState:
    """All that a cycle depends on besides candidates and time.

    `context` is the present 26D state as a unit vector of R^52 (empty: unknown), set by the caller with
    `dataclasses.replace`, like `goals`. `reliability` is by source, `values` by goal and kind, `moves` counts how
    attention went from module to module, `shares` is where it was last.
    """

    rules: Rules
    modules: tuple[str, ...]
    goals: tuple[Goal, ...] = ()
    context: Vector = ()
    number: int = 0
    at: int = 0
    won: Mapping[str, int] = field(default_factory=dict)
    streams: Mapping[str, Stream] = field(default_factory=dict)
    reliability: Mapping[str, Tally] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Tally]] = field(default_factory=dict)
    moves: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Surprise in [0, 1], and the squared errors of the prediction and of the running mean (None: nothing was predicted)."""

    surprise: float
    error: float | None = None
    naive: float | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its salience, its parts (`confidence` scales the positive ones), and what was foreseen of it."""

    candidate: Candidate
    salience: float
    parts: Mapping[str, float]
    confidence: float
    seen: Forecast


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Cycle `number` at `at`: who won, who was passed over (both by falling salience), and who is told.

    `expected` is the schema's forecast of the shares of attention, made before the cycle; `unmoved` names who would
    have won had context, goals and inhibition counted nothing. Both are kept so that the indicators can be computed.
    """

    number: int
    at: int
    winners: tuple[Scored, ...]
    passed_over: tuple[Scored, ...]
    recipients: tuple[str, ...]
    expected: Mapping[str, float]
    unmoved: frozenset[str]
    goals: tuple[Goal, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(one.candidate.name for one in self.winners)


def fingerprint(state: WorkspaceState) -> str:
    """SHA-256 (hex) over every field of the state: equal after a replay, bit for bit."""
    text = json.dumps(asdict(state), sort_keys=True, default=sorted)
    return hashlib.sha256(text.encode()).hexdigest()

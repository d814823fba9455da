"""What is derived from memories, never instead of them: facts with their evidence, in two times.

A fact says that `subject predicate value` holds in an interval of event time (`valid`), and was believed in an interval
of ingest time (`known`). Nothing is overwritten: what a later statement supersedes keeps its row, whose `known` then
ends. Two kinds of statements make the rows:

    Assertion   subject predicate value holds in `valid`
    Denial      it does not (value None: nothing is known any more about subject and predicate there)

A predicate is `single` when a subject has one value of it at a time (lives in, price) and then a new value supersedes the
old one where their validity overlaps; otherwise values stand beside each other (likes, owns).

Support: an assertion rests on all of its evidence; a fact rests on any of the assertions of the same value that nothing
has contradicted since. So an erased memory takes with it the assertions that needed it, and the facts left without one.
Confidence of a fact is 1 - prod(1 - c) over its assertions with different evidence: the same memory said twice counts once,
by the greater confidence. This takes different evidence as independent.

The rows of one track are in tracks.py, the ledger of all in ledger.py; what may become a statement is in promotion.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from qbtc.core.language import fold

from .intervals import ALWAYS, Interval

LONGEST: Final = 2_000
"""Characters of a subject, predicate or value; a longer text is a memory, not a fact."""


def name_of(text: str) -> str:
    """How a subject, predicate or value is compared: case, accents and spacing folded away."""
    return " ".join(fold(text).split())


@dataclass(frozen=True, slots=True)
class About:
    """What a statement is about; compared folded."""

    subject: str
    predicate: str
    single: bool = True

    def __post_init__(self) -> None:
        _spelled("subject", self.subject)
        _spelled("predicate", self.predicate)

    @property
    def key(self) -> tuple[str, str]:
        return name_of(self.subject), name_of(self.predicate)


@dataclass(frozen=True, slots=True)
class Assertion:
    """`value` holds in `valid`. `evidence` are memory ids, at least one; `known_at` is the ingest time, UTC nanoseconds."""

    about: About
    value: str
    evidence: frozenset[str]
    known_at: int
    valid: Interval = ALWAYS
    confidence: float = 1.0

    def __post_init__(self) -> None:
        _spelled("value", self.value)
        if not self.evidence:
            raise ValueError("a derived fact names the memories it rests on; got no evidence")
        if not (math.isfinite(self.confidence) and 0 < self.confidence <= 1):
            raise ValueError(f"a confidence is above 0 and at most 1, got {self.confidence!r}")


@dataclass(frozen=True, slots=True)
class Denial:
    """`value` does not hold in `valid`; value None ends whatever is believed there. Evidence may be empty: a person's order."""

    about: About
    value: str | None
    known_at: int
    valid: Interval = ALWAYS
    evidence: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.value is not None:
            _spelled("value", self.value)


Statement = Assertion | Denial


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: `value` holds in `valid`, and that was believed in `known`. `support` are its assertions, oldest first."""

    about: About
    value: str
    valid: Interval
    known: Interval
    support: tuple[Assertion, ...]

    @property
    def evidence(self) -> frozenset[str]:
        return frozenset[str]().union(*(one.evidence for one in self.support))

    @property
    def confidence(self) -> float:
        return belief(self.support)

    @property
    def superseded(self) -> bool:
        return self.known.end != ALWAYS.end


def belief(support: Iterable[Assertion]) -> float:
    """1 - prod(1 - c) over different evidence, the greatest c of each; 0.0 without support."""
    best: dict[frozenset[str], float] = {}
    for one in support:
        best[one.evidence] = max(best.get(one.evidence, 0.0), one.confidence)
    return 1.0 - math.prod(1.0 - confidence for confidence in best.values())


def _spelled(what: str, text: str) -> None:
    if not name_of(text):
        raise ValueError(f"a fact has a {what}, got {text!r}")
    if len(text) > LONGEST:
        raise ValueError(f"a {what} of a fact has at most {LONGEST} characters, got {len(text)}")

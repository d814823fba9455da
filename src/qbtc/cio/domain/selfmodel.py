"""The self-model: what the system can do, in which context, with what probability, learned from what came of it.

Beta-Bernoulli with forgetting. Of each capability and context there are counts s, f of successes and failures, each
outcome weighing 0.5^(age / half-life) (a power prior: Ibrahim and Chen 2000), so the order of arrival does not matter:

    p(capability)          = (S + 1) / (S + F + 2)          S, F over all its contexts; uniform prior
    p(capability, context) = (s + m p(capability)) / (s + f + m)     shrunk towards the capability; m is `pull`
    interval               = 95 % of Beta(s + m p, f + m (1 - p)); that of a capability, of Beta(S + 1, F + 1)

A context that was never met gets the capability's probability, a capability never tried 1/2, both with wide intervals. As
evidence ages, probabilities return there. It knows nothing of why; a capability is a name such as `tool:search` or
`trade:momentum`, a context a name such as `regime:2`. Deliberately not a chooser: it states, others act. Versions, diffs
and undo: versions.py. Scores: calibration.py, on `forecasts`, each made before its outcome was learned.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from .calibration import Calibration, scored
from .versions import Change, told

SECOND: Final = 1_000_000_000
LONGEST: Final = 120
"""Characters of a name."""
SEPARATOR: Final = " @ "


class OutcomeRefused(ValueError):
    """An outcome or a rule that the self-model cannot take; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`half_life` in seconds, after which an outcome weighs half; `pull`, how many outcomes the capability counts for."""

    half_life: float = 30 * 86_400.0
    pull: float = 4.0

    def __post_init__(self) -> None:
        if not (0 < self.half_life < math.inf and 0 < self.pull < math.inf):
            raise OutcomeRefused(f"half_life and pull are above 0 and finite, not {self.half_life!r} and {self.pull!r}")

    def weight(self, nanoseconds: int) -> float:
        """Of an outcome of this age."""
        return float(0.5 ** (nanoseconds / (self.half_life * SECOND)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one use of a capability. `at`: UTC ns. Raises OutcomeRefused."""

    capability: str
    context: str
    succeeded: bool
    at: int

    def __post_init__(self) -> None:
        for name, value in (("capability", self.capability), ("context", self.context)):
            if not value.strip() or len(value) > LONGEST or not value.isprintable() or SEPARATOR in value:
                raise OutcomeRefused(
                    f"{name} is 1 to {LONGEST} printable characters without {SEPARATOR!r}, not {value[:LONGEST]!r}"
                )
        if self.at < 0:
            raise OutcomeRefused(f"at is nanoseconds since 1970, not {self.at!r}")

    @property
    def key(self) -> str:
        return f"{self.capability}{SEPARATOR}{self.context}"


@dataclass(frozen=True, slots=True)
class Belief:
    """Decayed counts as they stood `at`; no prior in them."""

    successes: float
    failures: float
    at: int

    @property
    def count(self) -> float:
        return self.successes + self.failures

    def seen(self, at: int, rule: Rule) -> Belief:
        """The same evidence, aged to `at`; never made younger."""
        share = rule.weight(max(0, at - self.at))
        return Belief(self.successes * share, self.failures * share, max(at, self.at))

    def after(self, outcome: Outcome, rule: Rule) -> Belief:
        """With one more outcome; one that is late counts as old as it is."""
        aged = self.seen(outcome.at, rule)
        weight = rule.weight(aged.at - outcome.at)
        won = weight if outcome.succeeded else 0.0
        return Belief(aged.successes + won, aged.failures + weight - won, aged.at)


@dataclass(frozen=True, slots=True)
class Estimate:
    """`evidence`: how many outcomes speak for it, decayed."""

    probability: float
    low: float
    high: float
    evidence: float


@dataclass(frozen=True, slots=True)
class SelfModel:
    """Beliefs by `capability @ context`; the capability's own are the sums. A new one is made by every `learned`."""

    rule: Rule = field(default_factory=Rule)
    beliefs: Mapping[str, Belief] = field(default_factory=dict)

    def learned(self, outcomes: Iterable[Outcome]) -> SelfModel:
        beliefs = dict(self.beliefs)
        for outcome in outcomes:
            old = beliefs.get(outcome.key, Belief(0.0, 0.0, outcome.at))
            beliefs[outcome.key] = old.after(outcome, self.rule)
        return SelfModel(self.rule, beliefs)

    def can(self, capability: str, context: str | None, at: int) -> Estimate:
        """How likely it is that it succeeds; over all contexts when `context` is None. 0.5 for what was never tried."""
        whole = self._whole(capability, at)
        if context is None:
            return _beta(whole.successes + 1, whole.failures + 1, whole.count)
        rate = (whole.successes + 1) / (whole.count + 2)
        here = self.beliefs.get(f"{capability}{SEPARATOR}{context}", Belief(0.0, 0.0, at)).seen(at, self.rule)
        pull = self.rule.pull
        return _beta(here.successes + pull * rate, here.failures + pull * (1 - rate), here.count)

    def _whole(self, capability: str, at: int) -> Belief:
        parts = [b.seen(at, self.rule) for key, b in self.beliefs.items() if key.split(SEPARATOR)[0] == capability]
        return Belief(sum(p.successes for p in parts), sum(p.failures for p in parts), at)


def forecasts(outcomes: Iterable[Outcome], rule: Rule | None = None) -> tuple[list[float], list[bool]]:
    """For each outcome in turn the probability stated before it was learned, and whether it succeeded."""
    model, said, came = SelfModel(rule or Rule()), [], []
    for outcome in outcomes:
        said.append(model.can(outcome.capability, outcome.context, outcome.at).probability)
        came.append(outcome.succeeded)
        model = model.learned([outcome])
    return said, came


def worth(outcomes: Iterable[Outcome], rule: Rule | None = None, *, block: float = 1.0) -> Calibration:
    """Brier score and calibration error, with intervals, of what the model said before each outcome.

    Raises ForecastsRefused when there is none.
    """
    said, came = forecasts(outcomes, rule)
    return scored(said, came, block=block)


def diff_told(changes: tuple[Change[Belief], ...]) -> str:
    """A change of beliefs as lines a person can read: share of successes and decayed count, before and after."""
    return told(changes, lambda b: f"{b.successes / b.count if b.count else 0.5:.3f} of {b.count:.1f}")


def _beta(a: float, b: float, evidence: float) -> Estimate:
    from scipy.special import betaincinv

    low, high = betaincinv(a, b, (0.025, 0.975))
    return Estimate(a / (a + b), float(low), float(high), evidence)

"""How the weights of recall change while it runs: a challenger must beat the champion on events that neither has seen.

The champion ranks what people see. A learner (learning.py) follows every event, and beside it FOLDS others, each without
the questions of one fold. From time to time their weights are frozen as the challenger, and champion and challenger are
compared by the gain of every event that comes afterwards: held-out replay, paired, and cross-fitted, because people ask the
same again: an event is judged by the learner that was never taught its question. Every `window` events the bootstrap
interval of the mean difference is looked at:

    low > 0                     the challenger becomes champion: a version with a reason, a diff, an undo (versions.py)
    high < 0, or out of time    a new challenger is frozen
    otherwise                   the trial goes on

The champion before it stays on watch for as long as a trial may last: when fresh events put the new one below it (high < 0),
the change is undone and the learner starts again from what was restored. What this cannot do: useful hits are only known where the champion showed
them, so a trial leans to the champion; and looking every window makes its chance of a false win somewhat larger than
1 - level. Pure and deterministic: the same events give the same versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from zlib import crc32

import numpy as np

from .evidence import NAMES, Floats
from .learning import CAUTION, Feedback, FeedbackRefused, Learner, beginner, gain, table, vector
from .versions import Change, History, begun, told

DRAWS: Final = 1000
SEED: Final = 26
FOLDS: Final = 4
UNIFORM: Final[Mapping[str, float]] = dict.fromkeys(NAMES, 1.0)
"""Where one starts who knows nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`window` events between looks, at most `patience` looks a trial, two-sided `level` of the intervals (0.8: one side is
    wrong one time in ten), `caution` of the learner (prior precision of each weight of the table it starts from)."""

    window: int = 50
    patience: int = 4
    level: float = 0.8
    caution: float = CAUTION

    def __post_init__(self) -> None:
        if self.window < 10 or self.patience < 1 or not 0.5 <= self.level < 1 or not 0 < self.caution < np.inf:
            raise FeedbackRefused(
                "window is 10 or more, patience 1 or more, level from 0.5 to below 1, caution above 0 and finite, "
                f"not {self.window}, {self.patience}, {self.level}, {self.caution}"
            )


@dataclass(frozen=True, slots=True)
class Trial:
    """`weights` are tried; `apart` stand in for them, a fold each; the gains of these less those of `against`, an event each."""

    weights: Floats
    apart: tuple[Floats, ...]
    against: Floats
    differences: tuple[float, ...] = ()

    def after(self, feedback: Feedback, fold: int) -> Trial:
        gained = gain(feedback, self.apart[fold]) - gain(feedback, self.against)
        return replace(self, differences=(*self.differences, gained))


@dataclass(frozen=True, slots=True)
class Evolution:
    """All that is known after `events`. `learner` knows them all, `apart[k]` all but those of fold k; `watch` compares the
    champion with the one before it, None when there is none."""

    history: History[float]
    learner: Learner
    apart: tuple[Learner, ...]
    trial: Trial
    watch: Trial | None
    rule: Rule
    events: int = 0

    @property
    def champion(self) -> Mapping[str, float]:
        return self.history.current.values

    def after(self, feedback: Feedback) -> Evolution:
        """With one more event; now and then with another champion."""
        fold = fold_of(feedback.question or str(self.events))
        moved = replace(
            self,
            trial=self.trial.after(feedback, fold),
            watch=self.watch and self.watch.after(feedback, fold),
            learner=self.learner.taught(feedback),
            apart=tuple(one if k == fold else one.taught(feedback) for k, one in enumerate(self.apart)),
            events=self.events + 1,
        )
        return moved._looked(feedback.at) if moved.events % self.rule.window == 0 else moved

    def undone(self, at: int) -> Evolution:
        """Back to the champion before, as a person may ask. Raises VersionRefused when there is none."""
        return _from(self.history.undo(at=at), self.rule, self.events)

    def _looked(self, at: int) -> Evolution:
        if self.watch and interval(self.watch.differences, self.rule.level)[1] < 0:
            return self.undone(at)
        return self._settled()._tried(at)

    def _settled(self) -> Evolution:
        """Looking for ever would undo everything some day by chance: the watch ends as a trial does."""
        done = self.watch and len(self.watch.differences) >= self.rule.window * self.rule.patience
        return replace(self, watch=None) if done else self

    def _tried(self, at: int) -> Evolution:
        low, high = interval(self.trial.differences, self.rule.level)
        if low > 0:
            return self._promoted(at, low, high)
        over = len(self.trial.differences) >= self.rule.window * self.rule.patience
        fresh = high < 0 or over or np.array_equal(self.trial.weights, vector(self.champion))
        return replace(self, trial=self._challenge(self.champion)) if fresh else self

    def _promoted(self, at: int, low: float, high: float) -> Evolution:
        count, mean = len(self.trial.differences), float(np.mean(self.trial.differences))
        reason = f"gain {mean:+.4f} ({low:+.4f} to {high:+.4f}) on {count} events it had not seen"
        history = self.history.commit(table(self.trial.weights), at=at, reason=reason)
        watch = replace(self.trial, differences=())
        return replace(self, history=history, trial=self._challenge(history.current.values), watch=watch)

    def _challenge(self, champion: Mapping[str, float]) -> Trial:
        """What the learners believe now, against this champion."""
        return Trial(
            vector(table(self.learner.weights)),
            tuple(vector(table(one.weights)) for one in self.apart),
            vector(champion),
        )


def fold_of(question: str) -> int:
    """The fold of a question, by its words: the same question is always in the same."""
    return crc32(question.encode()) % FOLDS


def evolving(weights: Mapping[str, float], *, at: int, rule: Rule | None = None) -> Evolution:
    """From a table of weights as the first champion. Raises FeedbackRefused."""
    return _from(begun(table(vector(weights)), at=at, reason="start"), rule or Rule(), 0)


def _from(history: History[float], rule: Rule, events: int) -> Evolution:
    """Learners that believe in the newest version, and know no event."""
    first = vector(history.current.values)
    learner = beginner(first, rule.caution)
    trial = Trial(first, (first,) * FOLDS, first)
    return Evolution(history, learner, (learner,) * FOLDS, trial, None, rule, events)


def interval(differences: tuple[float, ...], level: float) -> tuple[float, float]:
    """Percentile bootstrap interval of the mean of paired differences; the same differences, the same interval."""
    values = np.array(differences)
    drawn = values[np.random.default_rng(SEED).integers(0, len(values), (DRAWS, len(values)))]
    low, high = np.quantile(drawn.mean(axis=1), ((1 - level) / 2, (1 + level) / 2))
    return float(low), float(high)


def diff_told(changes: tuple[Change[float], ...]) -> str:
    """A change of weights as lines a person can read."""
    return told(changes, "{:.3f}".format)

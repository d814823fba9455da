"""Seven numbers, each for one mechanism named in Butlin et al. 2023 (arXiv 2308.08708); never summed, never averaged.

Each is 0 (or falls, for GWT-3) when its mechanism is switched off in `Rules.without`. A high number says that the
mechanism works in this program and on these inputs. It is no evidence of experience, and the seven are no scale of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from .types import Broadcast, Goal, Outcome, Scored

Outcomes = Mapping[str, Outcome]


@dataclass(frozen=True, slots=True)
class Reading:
    """A number and how many observations it rests on (their unit is said where it is defined); None without any."""

    value: float | None
    samples: int


@dataclass(frozen=True, slots=True)
class Indicators:
    gwt2: Reading
    gwt3: Reading
    gwt4: Reading
    hot2: Reading
    ast1: Reading
    ae1: Reading
    pp1: Reading


def indicators(told: Sequence[Broadcast], outcomes: Iterable[Outcome] = ()) -> Indicators:
    """All seven over successive broadcasts and what became of their candidates (by name, unique over the cycles)."""
    known = {outcome.name: outcome for outcome in outcomes}
    return Indicators(
        gwt2=bottleneck(told),
        gwt3=availability(told),
        gwt4=dependence(told),
        hot2=monitoring(told, known),
        ast1=foresight(told),
        ae1=agency(told, known),
        pp1=prediction(told),
    )


def bottleneck(told: Iterable[Broadcast]) -> Reading:
    """GWT-2, limited capacity with selection: mean over cycles of (passed over / offered) P(winner outranks passed over).

    P is the share of pairs whose winner has the strictly higher salience. In [0, 1); 0 when all that is offered wins,
    or when all are equally salient. Samples: cycles with an offer.
    """
    return _mean([_selection(one) for one in told if one.winners])


def _selection(one: Broadcast) -> float:
    pairs = [w.salience > p.salience for w in one.winners for p in one.passed_over]
    excluded = len(one.passed_over) / (len(one.winners) + len(one.passed_over))
    return excluded * fmean(pairs) if pairs else 0.0


def availability(told: Sequence[Broadcast]) -> Reading:
    """GWT-3, global broadcast: share of the modules offering in the next cycle that had heard the broadcast before it.

    In [0, 1]; measured on what modules say that they heard, not on whom it was sent to. Samples: modules times cycles.
    """
    return _mean([heard for before, after in pairwise(told) if before.winners for heard in _heard(before, after)])


def _heard(before: Broadcast, after: Broadcast) -> list[float]:
    last: dict[str, int] = {}
    for one in _all(after):
        last[one.candidate.source] = max(last.get(one.candidate.source, 0), one.candidate.heard)
    return [float(heard >= before.number) for heard in last.values()]


def dependence(told: Iterable[Broadcast]) -> Reading:
    """GWT-4, state-dependent attention: mean Jaccard distance of the winners to those of a workspace without a state.

    The comparison leaves out context, worth for the goals and inhibition of return. In [0, 1]; 0 when the state decides
    nothing. Samples: cycles in which something was passed over.
    """
    return _mean([1.0 - len(one.names & one.unmoved) / len(one.names | one.unmoved) for one in told if one.passed_over])


def monitoring(told: Iterable[Broadcast], outcomes: Outcomes) -> Reading:
    """HOT-2, telling reliable from unreliable: 2 AUROC - 1 of the confidence before, against right or wrong after.

    In [-1, 1]; 0 for a confidence that says nothing. Samples: candidates whose outcome is known; None unless some
    proved right and some wrong.
    """
    judged = [
        (one.confidence, outcomes[one.candidate.name].right)
        for t in told
        for one in _all(t)
        if one.candidate.name in outcomes
    ]
    right, wrong = [c for c, good in judged if good], [c for c, good in judged if not good]
    return Reading(2.0 * _auroc(right, wrong) - 1.0 if right and wrong else None, len(judged))


def _auroc(high: Sequence[float], low: Sequence[float]) -> float:
    """P(h > l) + P(h = l) / 2, by ranks (Mann-Whitney), equal values at their mean rank."""
    ordered = sorted([*high, *low])
    place: dict[float, list[int]] = {}
    for rank, value in enumerate(ordered, start=1):
        place.setdefault(value, []).append(rank)
    total = sum((place[value][0] + place[value][-1]) / 2 for value in high)
    return (total - len(high) * (len(high) + 1) / 2) / (len(high) * len(low))


def foresight(told: Iterable[Broadcast]) -> Reading:
    """AST-1, a predictive model of attention: 1 - Brier(forecast of the modules' shares) / Brier(even shares).

    At most 1; 0 for a forecast no better than none, below 0 for a worse one. Samples: cycles with winners.
    """
    rows = [(_brier(one, one.expected), _brier(one, None)) for one in told if one.winners]
    return Reading(_skill(rows), len(rows))


def _brier(one: Broadcast, forecast: Mapping[str, float] | None) -> float:
    sources = [winner.candidate.source for winner in one.winners]
    even = 1.0 / len(one.expected)
    return sum(
        (sources.count(module) / len(sources) - (forecast[module] if forecast else even)) ** 2
        for module in one.expected
    )


def agency(told: Iterable[Broadcast], outcomes: Outcomes) -> Reading:
    """AE-1, learning from feedback to pursue goals: mean over cycles of (reward of winners - reward of passed over).

    Rewards are weighted by the goals of that cycle, so goals that change must change the choice. In [-1, 1]; about 0 when
    nothing is learned. Samples: cycles with a known reward on both sides.
    """
    gains = [_gain(one, outcomes) for one in told]
    return _mean([gain for gain in gains if gain is not None])


def _gain(one: Broadcast, outcomes: Outcomes) -> float | None:
    won, lost = (_rewards(side, outcomes, one.goals) for side in (one.winners, one.passed_over))
    return fmean(won) - fmean(lost) if won and lost else None


def _rewards(side: Iterable[Scored], outcomes: Outcomes, goals: Sequence[Goal]) -> list[float]:
    known = (outcomes[one.candidate.name] for one in side if one.candidate.name in outcomes)
    rewards = (_reward(outcome, goals) for outcome in known)
    return [reward for reward in rewards if reward is not None]


def _reward(outcome: Outcome, goals: Sequence[Goal]) -> float | None:
    pairs = [(goal.weight, outcome.rewards[goal.name]) for goal in goals if goal.name in outcome.rewards]
    total = sum(weight for weight, _ in pairs)
    return sum(weight * reward for weight, reward in pairs) / total if total > 0 else None


def prediction(told: Iterable[Broadcast]) -> Reading:
    """PP-1, predictive coding of the inputs: 1 - sum |x - x_hat|^2 / sum |x - m|^2, m the running mean of the topic.

    At most 1; 0 when predicting adds nothing to the mean, below 0 when it harms. Samples: observations of known topics.
    """
    seen = [one.seen for t in told for one in _all(t)]
    rows = [(one.error, one.naive) for one in seen if one.error is not None and one.naive is not None]
    return Reading(_skill(rows), len(rows))


def _skill(rows: Sequence[tuple[float, float]]) -> float | None:
    reference = sum(naive for _, naive in rows)
    return 1.0 - sum(error for error, _ in rows) / reference if reference > 0 else None


def _all(told: Broadcast) -> tuple[Scored, ...]:
    return (*told.winners, *told.passed_over)


def _mean(values: Sequence[float]) -> Reading:
    return Reading(fmean(values) if values else None, len(values))

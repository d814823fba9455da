"""Claims that CIO makes by itself, by counting: trades, regimes, what is talked about, and facts said more than once. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from qbtc.core.language import STOPWORDS, stem, tokens

from .adapters.claims import Confirmed, Outcome, Talk
from .domain.claims import Belief
from .domain.insight_words import insight_texts
from .domain.insights import Case, Insight, of_regimes, of_trades
from .domain.moments import SECOND
from .domain.topics import Item, risen
from .domain.trips import Kept, closed

RULES: Final = {
    "win share": "win-share/1", "mean result": "mean-result/1", "regime return": "regime-return/1", "topic share": "topic-share/1",
}  # fmt: skip
CONFIRMED: Final = "confirmed-fact/1"
PROPOSED: Final = "proposed/1"
PUBLISHED: Final = frozenset(("win-share/1", "mean-result/1", "regime-return/1"))
"""Rules whose words are numbers and names of the market: others hear of them. What people wrote stays here, where it can be erased."""
RECENT: Final = timedelta(days=7)
MOST_CASES: Final = 500
"""Of one group, the newest."""

_FUNCTION: Final = STOPWORDS["en"] | STOPWORDS["es"]


@dataclass(frozen=True, slots=True)
class Made:
    """A claim that asks to be kept. `quoted`: its words are those of its evidence and are checked against it."""

    rule: str
    group: str
    texts: tuple[str, str]
    evidence: tuple[str, ...]
    scope: str
    sample: int
    confidence: float
    interval: tuple[float, float] | None = None
    estimate: float | None = None
    quoted: bool = False

    @property
    def topic(self) -> str:
        return f"{self.rule}:{self.scope}:{self.group}"


def from_trades(fills: Iterable[Kept]) -> list[Made]:
    """Win share and mean result of each strategy, over its closed trades."""
    trades = closed(fills)
    made_of = {trade.fills[-1]: trade.fills for trade in trades}
    cases = [Case(trade.fills[-1], trade.strategy, float(trade.result)) for trade in trades]
    return [_counted(one, "desk", made_of) for one in of_trades(_newest(cases)) if one.enough]


def from_outcomes(outcomes: Iterable[Outcome]) -> list[Made]:
    """Mean return after moments of each symbol and regime; windows that overlap count once."""
    apart = _disjoint(sorted(outcomes, key=lambda one: one.at))
    cases = [Case(one.memory_id, f"{one.symbol} {one.regime}", one.followed) for one in apart]
    return [_counted(one, "market", {}) for one in of_regimes(_newest(cases)) if one.enough]


def from_talk(talk: Sequence[Talk], now: datetime) -> list[Made]:
    """Words that the last week has more often than the time before, in each scope."""
    return [_counted(one, scope, {}) for scope in sorted({t.scope for t in talk}) for one in _risen(talk, scope, now)]


def _risen(talk: Sequence[Talk], scope: str, now: datetime) -> list[Insight]:
    there = [one for one in talk if one.scope == scope]
    recent = [_item(one) for one in there if one.at > now - RECENT]
    return risen(recent, [_item(one) for one in there if one.at <= now - RECENT])


def from_confirmed(found: Iterable[Confirmed]) -> list[Made]:
    """Facts that rest on several memories; what else was said of the same counts against them."""
    return [_confirmed(one) for one in found]


def _confirmed(fact: Confirmed) -> Made:
    belief = Belief(len(fact.evidence), max(fact.statements, len(fact.evidence)))
    text = fact.sentence
    return Made(
        CONFIRMED, fact.fact_id, (text, text), fact.evidence, fact.scope, belief.total, belief.mean, belief.interval, quoted=True
    )  # fmt: skip


def _counted(insight: Insight, scope: str, made_of: dict[str, tuple[str, ...]]) -> Made:
    evidence = tuple(dict.fromkeys(one for case in insight.evidence for one in made_of.get(case, (case,))))
    return Made(
        RULES[insight.template], insight.group, insight_texts(insight), evidence, scope, insight.n, 1.0 - insight.adjusted,
        (insight.low, insight.high), insight.estimate,
    )  # fmt: skip


def _newest(cases: Sequence[Case]) -> list[Case]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.group].append(case)
    return [case for group in groups.values() for case in group[-MOST_CASES:]]


def _disjoint(outcomes: Iterable[Outcome]) -> list[Outcome]:
    free: dict[str, int] = {}
    kept = list[Outcome]()
    for one in outcomes:
        if one.at >= free.get(one.symbol, one.at):
            kept.append(one)
            free[one.symbol] = one.at + int(one.horizon * SECOND)
    return kept


def _item(talk: Talk) -> Item:
    words = (word for word in tokens(talk.text) if word not in _FUNCTION and len(word) > 2 and not word[0].isdigit())
    return Item(talk.memory_id, frozenset((stem(stem(word, "en"), "es"), word) for word in words))

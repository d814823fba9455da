"""What is talked about more than usual: the share of recent items that have a word, against its share in the items before.

Every distinct word of the recent items is a look, and all looks are judged together: the exact binomial p of each is multiplied by
their number (Bonferroni), so that a word is named only where chance would name none in twenty tries at all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .insights import LEVEL, Insight, share_of

LEAST_RECENT, LEAST_EARLIER, LEAST_MENTIONS = 8, 30, 3


@dataclass(frozen=True, slots=True)
class Item:
    """A memory and the words that it has: (stem, as it was written)."""

    memory_id: str
    words: frozenset[tuple[str, str]]


def risen(recent: Sequence[Item], earlier: Sequence[Item]) -> list[Insight]:
    """Words that recent items have more often than chance lets them, most surprising first; empty with too few items."""
    if len(recent) < LEAST_RECENT or len(earlier) < LEAST_EARLIER:
        return []
    stems = sorted({stem for item in recent for stem, _ in item.words})
    found = (_judged(stem, recent, earlier, looks=len(stems)) for stem in stems)
    return sorted((one for one in found if one is not None), key=lambda one: one.adjusted)


def _judged(stem: str, recent: Sequence[Item], earlier: Sequence[Item], *, looks: int) -> Insight | None:
    with_it = [item for item in recent if any(known == stem for known, _ in item.words)]
    before = sum(any(known == stem for known, _ in item.words) for item in earlier)
    usual = (before + 1) / (len(earlier) + 2)
    if len(with_it) < LEAST_MENTIONS or len(with_it) / len(recent) <= usual:
        return None
    agree = [any(known == stem for known, _ in item.words) for item in recent]
    made = share_of(
        "topic share", _spelled(stem, with_it), agree, tuple(item.memory_id for item in with_it), null=usual
    )
    judged = replace(made, adjusted=min(1.0, made.p * looks))
    return judged if judged.adjusted <= LEVEL else None


def _spelled(stem: str, items: Sequence[Item]) -> str:
    """The commonest way in which the word was written."""
    written = sorted(word for item in items for known, word in item.words if known == stem)
    return max(written, key=written.count)

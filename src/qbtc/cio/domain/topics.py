"""What is talked about more than usual: the share of recent items that have a word, against its share in the items before.

Every distinct word of the recent items is a look, and all looks are judged together: the exact binomial p of each is multiplied by
their number (Bonferroni), so that a word is named only where chance would name none in twenty tries at all of them.
"""

from __future__ import annotations

from collections import defaultdict
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
    having, before = _by_stem(recent), _by_stem(earlier)
    found = [
        _judged(stem, having[stem], len(recent), usual)
        for stem in sorted(having)
        if len(having[stem]) >= LEAST_MENTIONS
        and len(having[stem]) / len(recent) > (usual := (len(before.get(stem, ())) + 1) / (len(earlier) + 2))
    ]
    together = (replace(one, adjusted=min(1.0, one.p * len(having))) for one in found)
    return sorted((one for one in together if one.adjusted <= LEVEL), key=lambda one: one.adjusted)


def _by_stem(items: Sequence[Item]) -> dict[str, list[Item]]:
    """The items that have each word, in their order."""
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        for stem in {stem for stem, _ in item.words}:
            found[stem].append(item)
    return found


def _judged(stem: str, with_it: Sequence[Item], count: int, usual: float) -> Insight:
    """Of `count` items those `with_it`, against the usual share."""
    agree = [place < len(with_it) for place in range(count)]
    evidence = tuple(item.memory_id for item in with_it)
    return share_of("topic share", _spelled(stem, with_it), agree, evidence, null=usual)


def _spelled(stem: str, items: Sequence[Item]) -> str:
    """The commonest way in which the word was written."""
    written = sorted(word for item in items for known, word in item.words if known == stem)
    return max(written, key=written.count)

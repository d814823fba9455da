"""A line as metre: of all ways to join and part its vowels the cheapest that fits the lines around.

Prose's reading costs nothing; each licence has its price (`costs`), each odd length and rhythm too (`metre`). Sets of
licences are tried in rising price until the next one costs more than the best reading found, which is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import Final, NamedTuple

from . import costs
from .links import price
from .metre import ODD_LENGTH, rhythm_price
from .tokens import Token

LONGEST: Final = 50
"""Pieces of the longest line that is read as verse; what is longer is prose."""
MOST_SETS: Final = 500
"""Sets of licences tried for one line; a line of verse needs a handful."""


class Material(NamedTuple):
    """A line before it is read, one entry a piece: its beat (`+`, `-`, or `~` for the accent of a function
    word of several syllables, which a line in need may use), and the price between it and the next."""

    beats: str
    prices: list[float]


class Reading(NamedTuple):
    """`cuts[i]`: a metrical syllable begins at piece i + 1. `units` has the beat of each, `beats` is their normal form."""

    cost: float
    cuts: list[bool]
    units: str
    beats: str


def material(tokens: Sequence[Token], strong: Sequence[bool]) -> Material:
    """The pieces of a line's words; `strong` says which words are stressed."""
    prices: list[float] = []
    beats: list[str] = []
    for i, token in enumerate(tokens):
        if i:
            prices.append(_between(tokens, strong, i))
        word = token.word
        prices.extend(word.prices)
        beats.append(word.strong if strong[i] else word.weak)
    return Material("".join(beats), prices)


def _between(tokens: Sequence[Token], strong: Sequence[bool], i: int) -> float:
    """The price between the words i - 1 and i."""
    left, right = tokens[i - 1].word, tokens[i].word
    if not (left.closes and right.opens):
        return costs.FIRM
    last = i == len(tokens) - 1
    sandwiched = right.conjunction and not last and tokens[i + 1].word.opens
    return price(left, right, tonic_left=strong[i - 1], tonic_right=strong[i], last=last, sandwiched=sandwiched)


def natural(made: Material) -> Reading:
    """The reading of prose: no licence."""
    return _reading(made, [p > 0 for p in made.prices], 0.0)


def _reading(made: Material, cuts: list[bool], cost: float) -> Reading:
    units = _units(made.beats, cuts)
    return Reading(cost, cuts, units, normalised(units))


def _units(beats: str, cuts: Sequence[bool]) -> str:
    """The beat of each metrical syllable: the strongest of its pieces."""
    found = [beats[0]]
    for cut, beat in zip(cuts, beats[1:], strict=True):
        if cut:
            found.append(beat)
        elif beat == "+" or found[-1] == "-":
            found[-1] = beat
    return "".join(found)


def normalised(units: str) -> str:
    """One unstressed syllable after the last beat: an oxytone end counts one more, a proparoxytone one less."""
    return (units[: units.rfind("+") + 1] + "-").replace("~", "-")


def best(made: Material, plain: Reading, lengths: Mapping[int, float]) -> Reading:
    """The cheapest reading where lengths have these prices; those absent cost `ODD_LENGTH`. `plain` is the natural one."""
    found = plain._replace(cost=_misfit(plain.beats, lengths))
    if found.cost == 0 or len(made.prices) >= LONGEST:
        return found
    for cost, flips in _licences(made.prices):
        if cost >= found.cost:
            break
        tried = _reading(made, [cut != (i in flips) for i, cut in enumerate(plain.cuts)], cost)
        total = cost + _misfit(tried.beats, lengths)
        if total < found.cost:
            found = tried._replace(cost=total)
    return _promoted(found)


def _misfit(beats: str, lengths: Mapping[int, float]) -> float:
    return lengths.get(len(beats), ODD_LENGTH) + rhythm_price(beats) + costs.CLASH * beats.count("++")


def _licences(prices: Sequence[float]) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Sets of places where the line is not read as prose, the cheapest first."""
    sites = sorted((abs(p), i) for i, p in enumerate(prices) if p != costs.FIRM)
    heap: list[tuple[float, int, tuple[int, ...]]] = [(sites[0][0], 0, (sites[0][1],))] if sites else []
    for _ in range(MOST_SETS):
        if not heap:
            return
        cost, last, flips = heappop(heap)
        yield cost, flips
        if last + 1 < len(sites):
            added, at = sites[last + 1]
            heappush(heap, (cost + added, last + 1, (*flips, at)))
            heappush(heap, (cost + added - sites[last][0], last + 1, (*flips[:-1], at)))


def _promoted(found: Reading) -> Reading:
    """A hendecasyllable without a beat on its first six gives one to a function word that stands on the fourth or sixth."""
    if len(found.beats) != 11 or "+" in found.beats[:6]:
        return found
    for at in (5, 3):
        if found.units[at] == "~":
            return found._replace(beats=found.beats[:at] + "+" + found.beats[at + 1 :])
    return found

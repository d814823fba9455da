"""A line as metre: of all ways to join and part its vowels the cheapest that fits the lines around.

Prose's reading costs nothing; each licence has its price (`costs`), each odd length and rhythm too (`metre`). The search
is a dynamic programme over the pieces of the words; its state is how many syllables are closed and what the open one
holds, and for each it keeps the few cheapest pasts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import nsmallest
from typing import Final, NamedTuple

from . import costs
from .links import Meeting, price, sandwiched
from .metre import ODD_LENGTH, rhythm_price
from .stress import Token, stressed
from .words import Shape, shape

KEPT_PASTS: Final = 6


class Material(NamedTuple):
    """A line before it is read: where pieces begin, which carry a beat, the price between each and the next."""

    starts: list[int]
    beats: list[bool]
    prices: list[float]


class Reading(NamedTuple):
    """`cuts[i]` is whether a metrical syllable begins at piece i + 1; `beats` is normalised: it ends in `+-`."""

    cost: float
    cuts: tuple[bool, ...]
    beats: str


def material(tokens: Sequence[Token]) -> Material:
    """The pieces of a line's words."""
    shapes = [shape(token.sound) for token in tokens]
    strong = stressed(tokens)
    made = Material([], [], [])
    for i, (token, form) in enumerate(zip(tokens, shapes, strict=True)):
        if i:
            made.prices.append(_between(tokens, shapes, strong, i))
        made.starts.extend(token.start + at for at in form.starts)
        made.prices.extend(costs.WITHIN[joint] for joint in form.joints)
        made.beats.extend(strong[i] and at in (form.accent, form.secondary) for at in range(len(form.starts)))
    return made


def _between(tokens: Sequence[Token], shapes: Sequence[Shape], strong: Sequence[bool], i: int) -> float:
    """The price between the words i - 1 and i."""
    left, right = tokens[i - 1].sound, tokens[i].sound
    meeting = Meeting(left, right, shapes[i - 1], shapes[i], strong[i - 1], strong[i])
    middle = i + 1 < len(tokens) and sandwiched(left, right, tokens[i + 1].sound)
    return price(meeting, last=i == len(tokens) - 1, sandwiched=middle)


def natural(made: Material) -> Reading:
    """The reading of prose: every price left unpaid."""
    cuts = tuple(p > 0 for p in made.prices)
    return Reading(0.0, cuts, _beats(made, cuts))


def _beats(made: Material, cuts: Sequence[bool]) -> str:
    units = [made.beats[0]]
    for cut, beat in zip(cuts, made.beats[1:], strict=True):
        if cut:
            units.append(beat)
        elif beat:
            units[-1] = True
    return normalised("".join("+" if unit else "-" for unit in units))


def normalised(beats: str) -> str:
    """One unstressed syllable after the last beat: an oxytone end counts one more, a proparoxytone one less."""
    return beats[: beats.rfind("+") + 1] + "-"


def best(made: Material, lengths: Mapping[int, float]) -> Reading:
    """The cheapest reading where lengths have these prices."""
    plain = natural(made)
    if _fit(plain.beats, lengths) == 0:
        return plain
    found = min(((cost + _fit(normalised(beats), lengths) , cuts, beats) for cost, cuts, beats in _search(made)), default=None)
    assert found is not None
    return Reading(found[0], found[1], normalised(found[2]))


def _fit(beats: str, lengths: Mapping[int, float]) -> float:
    clashes = beats.count("++")
    return lengths.get(len(beats), ODD_LENGTH) + rhythm_price(beats) + costs.CLASH * clashes


def _search(made: Material):
    states = {(1, made.beats[0]): [(0.0, (), "")]}
    for p, beat in zip(made.prices, made.beats[1:], strict=True):
        new: dict = {}
        for (n, held), pasts in states.items():
            closed = "+" if held else "-"
            for cost, cuts, beats in pasts:
                if p != costs.FIRM:
                    new.setdefault((n, held or beat), []).append((cost + max(p, 0.0), (*cuts, False), beats))
                part = cost if p == costs.FIRM else cost + max(-p, 0.0)
                new.setdefault((n + 1, beat), []).append((part, (*cuts, True), beats + closed))
        states = {key: nsmallest(KEPT_PASTS, pasts) for key, pasts in new.items()}
    for (_, held), pasts in states.items():
        for cost, cuts, beats in pasts:
            yield cost, cuts, beats + ("+" if held else "-")

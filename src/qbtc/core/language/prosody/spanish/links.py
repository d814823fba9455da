"""Between two words: whether their vowels meet, and what it costs to do with them what is not usual."""

from __future__ import annotations

from . import costs
from .vocabulary import Spoken


def price(left: Spoken, right: Spoken, *, tonic_left: bool, tonic_right: bool, last: bool, sandwiched: bool) -> float:
    """Of joining (positive) or parting (negative) the two.

    `tonic_*`: whether the word is stressed in its line; `last`: the right one ends the line; `sandwiched`: it is a
    conjunction of one vowel before another.
    """
    if not (left.closes and right.opens):
        return costs.FIRM
    found = _base(tonic_left and left.closes_tonic, tonic_right and right.opens_tonic, last)
    if right.breathed:
        found += costs.BREATHED
    if sandwiched:
        found += costs.SANDWICHED
    if left.glides:
        found += costs.GLIDE
    return found


def _base(left: bool, right: bool, last: bool) -> float:
    if right and last:
        return costs.LINK_LAST
    if right:
        return costs.LINK_BOTH if left else costs.LINK_RIGHT
    return costs.LINK_LEFT if left else costs.LINK

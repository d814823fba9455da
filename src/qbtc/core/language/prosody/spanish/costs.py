"""What a poet's licences cost: the price of doing with two vowels what prose does not.

A price is the negative logarithm of odds counted in the scansions of the development authors, rounded, and for what they
do not show a judgement in line with its neighbours. Positive: apart unless paid for (dialefa, hiatus); negative: together
unless paid for (synalepha, diphthong). `metre` adds what the lines around and the rhythm ask for.
"""

from __future__ import annotations

from typing import Final

from .letters import Joint

FIRM: Final = float("inf")
WITHIN: Final[dict[Joint, float]] = {
    Joint.FIRM: FIRM,
    Joint.ACCENT: 3.8,
    Joint.EQUAL: 1.2,
    Joint.OPEN_TONIC: 2.0,
    Joint.OPEN_BEFORE: 1.0,
    Joint.OPEN_AFTER: -1.8,
    Joint.BROKEN: 4.0,
    Joint.SHORT: -2.5,
    Joint.LOOSE: -1.0,
    Joint.RISING_TONIC: -3.4,
    Joint.RISING_BEFORE: -3.2,
    Joint.RISING_AFTER: -6.0,
    Joint.FALLING_TONIC: -6.0,
    Joint.FALLING_WEAK: -4.6,
    Joint.CLOSED_PAIR: -3.4,
    Joint.RISING_ENDING: -5.5,
}
"""Between two vowels of one word: dieresis and syneresis."""
LINK: Final = -4.3
"""Two unstressed vowels of neighbouring words."""
LINK_LEFT: Final = -3.0
LINK_RIGHT: Final = -2.4
LINK_BOTH: Final = -2.3
"""The first, the second or both vowels stressed."""
LINK_LAST: Final = 0.8
"""Before the vowel that carries the last stress of the line: de | oro."""
BREATHED: Final = 1.2
"""Added before an h that was still breathed in the Golden Age (Latin f): la | hermosa."""
SANDWICHED: Final = 5.5
"""Added before y, o, e, u (and) between two vowels: it goes with the second."""
CLASH: Final = 0.3
"""For each pair of neighbouring beats."""
GLIDE: Final = 6.0
"""Added after a word in -y, whose y goes with the next vowel: ho | ye | lla."""

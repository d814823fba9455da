"""How an English word sounds: the table, else the table's stem with an ending, else the rules of spelling.

Poets' spellings are undone first (`flow'd`, `heav'n`, `o'er`), old endings (`-eth`, `-est`) are added as they sound.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from ..phones import Spoken, is_vowel
from .letters import read_letters
from .pronunciations import TABLE

_MARKS: Final = str.maketrans("", "", "',")
_SPOKEN_SHORT: Final = {
    "o'er": "'ɔr", "e'er": "'ɛr", "ne'er": "n'ɛr", "e'en": "'in", "'tis": "t'ɪz", "'twas": "tw'ʌz", "th'": "ð", "ta'en": "t'An",
    "i'": "'ɪ", "wind": "w'ɪnd", "tis": "t'ɪz", "twas": "tw'ʌz", "twere": "tw'ɝ", "live": "l'ɪv", "lives": "l'ɪvz",
}  # fmt: skip
_FIRE: Final = re.compile("(?<=[IW])ɝ(?=[dz]?$)")
_FIRE_SPELLING: Final = re.compile("(?:[iy]re|our)(?:s|d|ed)?$")
_SIBILANT: Final = frozenset("szʃʒCJ")
_VOICELESS: Final = frozenset("ptkfθsʃC")
_ENDINGS: Final = (
    ("'s", "s"), ("s'", "s"), ("es", "s"), ("s", "s"), ("ed", "d"), ("'d", "d"), ("d", "d"), ("'st", "st"), ("eth", "ɪθ"), ("est", "ɪst"),
    ("st", "st"), ("ing", "ɪŋ"), ("in'", "ɪn"), ("er", "ɝ"), ("ers", "ɝz"), ("ly", "li"), ("ness", "nəs"), ("less", "ləs"),
    ("ful", "fəl"), ("y", "i"), ("ward", "wɝd"), ("ment", "mənt"), ("like", "lIk"),
)  # fmt: skip


@cache
def table() -> dict[str, str]:
    """Word to sounds with marks of stress."""
    return dict(entry.split(":") for entry in TABLE.split()) | _SPOKEN_SHORT


@lru_cache(1 << 15)
def known(word: str) -> str | None:
    """The sounds with marks of stress of a word that the table holds, itself or as a stem; None for others."""
    plain = _plain(word)
    found = _held(plain) or _elided(plain) or _stemmed(plain)
    return _FIRE.sub("r", found) if found and _FIRE_SPELLING.search(plain) else found


def spoken(word: str, stress: int = 0) -> Spoken:
    """The phones of a word and its stressed vowel; for a word of spelling only, the vowel of syllable `stress`."""
    found = known(word)
    if found is None:
        phones = read_letters(_plain(word))
        vowels = [i for i, phone in enumerate(phones) if is_vowel(phone)]
        return Spoken(phones, vowels[min(stress, len(vowels) - 1)] if vowels else -1)
    mark = found.rfind("'")
    vowels = [i for i, phone in enumerate(found) if is_vowel(phone)]
    at = next((i for i in vowels if i > mark), -1) if mark >= 0 else vowels[0] if vowels else -1
    return Spoken(found.translate(_MARKS), at - found[: max(at, 0)].count("'") - found[: max(at, 0)].count(","))


def stresses(sounds: str) -> list[int]:
    """2 for the syllable with the last primary stress, 1 for others with a mark, 0 for those without."""
    last = sounds.rfind("'") + 1
    return [_strength(sounds, i, last) for i, phone in enumerate(sounds) if is_vowel(phone)]


def _strength(sounds: str, i: int, last: int) -> int:
    if i == last > 0:
        return 2
    return int(i > 0 and sounds[i - 1] in "',")


def _plain(word: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
    return bare.replace("’", "'")


def _held(word: str) -> str | None:
    return table().get(word) or table().get(word.strip("'"))


def _elided(word: str) -> str | None:
    """`heav'n`, `pow'r`, `av'rice`: the full word less the vowel that the apostrophe stands for."""
    at = word.find("'")
    full = (
        next((found for vowel in "eoi" if (found := table().get(word.replace("'", vowel, 1)))), None)
        if 0 < at < len(word) - 1
        else None
    )
    if full is None:
        return None
    before = sum(map(is_vowel, read_letters(word[:at])))
    vowels = [i for i, phone in enumerate(full) if is_vowel(phone)]
    gone = vowels[before] if before < len(vowels) else -1
    if gone < 0 or full[gone - 1] in "',":
        return full
    return full[:gone] + ("r" if full[gone] == "ɝ" else "") + full[gone + 1 :]


def _stemmed(word: str) -> str | None:
    for ending, sound in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > (2 if ending == "y" else 1):
            stem = _stem(word[: -len(ending)], ending)
            if stem:
                return stem + _ending(stem, sound)
    return None


def _stem(stem: str, ending: str) -> str | None:
    """The stem as the table writes it: `hop-e`, `bab-y`, `hop-p`."""
    forms = [stem]
    if ending.strip("'")[:1] in {"e", "i", "d", "y"} or ending == "st":
        forms += [stem + "e", stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else ""]
    if stem.endswith("i"):
        forms.append(stem[:-1] + "y")
    return next((found for form in forms if (found := table().get(form))), None)


def _ending(stem: str, sound: str) -> str:
    """The plural's and the past's sound by the one before it; a doubled sound is one."""
    last = stem[-1]
    if last == sound[0] and len(sound) > 1:
        return sound[1:]
    if sound == "s":
        return "ɪz" if last in _SIBILANT else "s" if last in _VOICELESS else "z"
    if sound == "d":
        return "ɪd" if last in {"t", "d"} else "t" if last in _VOICELESS else "d"
    return sound

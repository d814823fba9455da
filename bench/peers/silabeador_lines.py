"""Scansion as simple as it can be on silabeador's syllables and stresses, in its own interpreter: texts in, patterns out.

Every vowel that meets another between two words makes a synalepha, function words are unstressed; words are kept. It cannot
import anything of ours; `bench/scansion.py` starts it.
"""

from __future__ import annotations

import json
import re
import sys
import time
from functools import lru_cache

import silabeador

VOWELS = "aeiouáéíóúü"
_FUNCTION_WORDS = """
el la los las lo al del a de en con por para sin sobre entre tras contra ante desde hasta hacia y e o u ni que si mas pero sino
porque aunque como donde pues mientras cuando cuanto quien aun tan me te se le les nos os mi mis tu tus su sus cuyo cuya
"""
UNSTRESSED = frozenset(_FUNCTION_WORDS.split())


def divided(text: str) -> tuple[list[str], int]:
    """Syllables and the stressed one. silabeador 1.2.4 fails on some words, with its exceptions or at all (one syllable here)."""
    for exceptions in (1, 0):
        try:
            syllables = silabeador.syllabify(text, exceptions)
            return syllables, len(syllables) + silabeador.tonica(text, exceptions)
        except (IndexError, TypeError):
            continue
    return [text], 0


@lru_cache(None)
def word(text: str) -> tuple[bool, bool, str]:
    syllables, tonic = divided(text)
    beats = "".join("+" if i == tonic and text not in UNSTRESSED else "-" for i in range(len(syllables)))
    return text.removeprefix("h")[:1] in VOWELS or text == "y", text[-1] in VOWELS + "y", beats


def scanned(line: str) -> str:
    found, open_end = "", False
    for text in re.findall(r"[^\W\d_]+", line.lower()):
        begins, ends, beats = word(text)
        if open_end and begins:
            found, beats = found[:-1] + max(found[-1], beats[0], key="-+".index), beats[1:]
        found, open_end = found + beats, ends
    return found[: found.rfind("+") + 1] + "-"


for request in sys.stdin:
    lines = json.loads(request)["lines"]
    word.cache_clear()
    times = []
    for _ in range(2):
        begun = time.process_time()
        patterns = [scanned(line) for line in lines]
        times.append(time.process_time() - begun)
    print(json.dumps({"patterns": patterns, "cold": times[0], "warm": times[1]}), flush=True)

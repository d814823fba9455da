"""A text as the extractors read it: words with everything that is known of them, sentences, clauses, names.

A word is looked up once for each way it is written and then kept (`form`), so a text costs one look-up a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from ..detect import Language, detect
from ..prosody import Stress, scan
from ..stopwords import STOPWORDS
from ..tokens import fold, sentences
from .characters import trigrams
from .lexicons import Affect, Mark, affect, categories, phrases

KEPT: Final = 1 << 16
LONGEST_WORD: Final = 40
"""Letters beyond which a word is not divided into syllables."""
SHOUTED: Final = 2
"""Words beyond which a sentence all in capitals is loud, not a name."""
VERSE_WORDS: Final = 20
"""Words beyond which a line is prose."""
VERSE_BEGUN: Final = 2 / 3
"""Share of lines that begin with no small letter or follow a mark: in wrapped prose few do."""
VERSE_LINES: Final = 32
"""Lines of verse that are scanned; what follows them is not."""
_PART: Final = re.compile(r"\d(?:[\d.,]*\d)?|[^\W\d_]+(?:['’\-][^\W\d_]+)*|[,;:()—–]")
_QUESTION: Final = re.compile(r"\?[!?.…\"'»”)\]\s]*$")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_NEGATED: Final = "n't"
_CONJUNCTION: Final = int(Mark.CONJUNCTION)
_CLITICS: Final = {"ll": Mark.MODAL, "d": Mark.MODAL}


class Form(NamedTuple):
    """What is known of a word as it is written.

    `mark` holds the bits of `Mark`; `bits` is the surprisal of its `letters` and of what ends them; `beats` are its own stresses.
    """

    key: str
    affect: Affect | None
    mark: int
    content: bool
    capital: bool
    acronym: bool
    bits: float
    letters: int
    beats: str


class Sentence(NamedTuple):
    """Words from `start` to `stop` of the passage; `clauses` is at least 1; `names` counts runs of named words."""

    start: int
    stop: int
    question: bool
    clauses: int
    names: int


@dataclass(frozen=True, slots=True)
class Passage:
    """`marks` counts the marks of words and phrases; `verse` holds its lines, and is empty for prose."""

    language: Language
    words: tuple[Form, ...]
    sentences: tuple[Sentence, ...]
    marks: tuple[int, ...]
    verse: tuple[str, ...]

    def count(self, mark: Mark) -> int:
        """Words and phrases that bear one of these marks."""
        bits = int(mark)
        return sum(1 for one in self.marks if one & bits)


def passage(text: str, language: Language | None = None) -> Passage:
    """The passage of a text; a language that cannot be told is read as English."""
    known: Language = language or detect(text) or "en"
    words: list[Form] = []
    found = [s for part in sentences(text) if (s := _sentence(part, known, words))]
    return Passage(known, tuple(words), tuple(found), tuple(_marks(words, known)), _verse(text))


@lru_cache(KEPT)
def form(written: str, language: Language) -> Form:
    """What is known of a word as it is written."""
    key = written.lower().replace("’", "'")
    base, _, clitic = key.partition("'")
    plain = fold(base)
    mark = _mark(key, base, clitic, language)
    known, parts = affect(language), _LETTERS.findall(key)
    return Form(
        key=fold(key),
        affect=known.get(key) or known.get(base),
        mark=int(mark),
        content=plain.isalpha() and plain not in STOPWORDS[language] and not mark & Mark.PRONOUN,
        capital=written[0].isupper() and not mark & Mark.PRONOUN,
        acronym=len(written) > 1 and written.isupper() and plain not in STOPWORDS[language],
        bits=sum(map(trigrams(language).bits, parts)),
        letters=sum(len(part) + 1 for part in parts),
        beats=_beats(base, language),
    )


def _mark(key: str, base: str, clitic: str, language: Language) -> Mark:
    known = categories(language)
    found = known.get(key, Mark.NONE) | known.get(base, Mark.NONE)
    if language == "en" and key.endswith(_NEGATED):
        found |= Mark.NEGATION | known.get(key[:-3], Mark.NONE)
    return found | (_CLITICS.get(clitic, Mark.NONE) if language == "en" else Mark.NONE)


def _beats(base: str, language: Language) -> str:
    """The stresses of a word on its own; a function word has none."""
    weak = fold(base) in STOPWORDS[language]
    sayable = base.isalpha() and len(base) <= LONGEST_WORD
    words = [word for line in scan(base, language).lines for word in line.words] if sayable else []
    strong = [s.stress == Stress.PRIMARY and not weak for word in words for s in word.syllables]
    return "".join("+" if beat else "-" for beat in strong)


def _sentence(text: str, language: Language, words: list[Form]) -> Sentence | None:
    """Append the words of a sentence and describe it; None when it has none."""
    start, clauses, fresh = len(words), 1, True
    for written in _PART.findall(text):
        if not written[0].isalnum():
            clauses, fresh = clauses + (not fresh), True
            continue
        word = form(written, language)
        clauses += bool(word.mark & _CONJUNCTION and not fresh)
        fresh = False
        words.append(word)
    if len(words) == start:
        return None
    ended = clauses - (fresh and clauses > 1)
    names = 0 if text.isupper() and len(words) - start > SHOUTED else _names(words[start:])
    return Sentence(start, len(words), bool(_QUESTION.search(text)), ended, names)


def _names(words: Sequence[Form]) -> int:
    """Runs of words with a capital where grammar asks for none."""
    named = [(word.capital and i > 0) or word.acronym for i, word in enumerate(words)]
    return sum(now and not before for now, before in zip(named, [False, *named], strict=False))


def _marks(words: Sequence[Form], language: Language) -> Iterator[int]:
    known = phrases(language)
    for i, word in enumerate(words):
        if word.mark:
            yield word.mark
        for rest, mark in known.get(word.key, ()):
            if tuple(w.key for w in words[i + 1 : i + 1 + len(rest)]) == rest:
                yield int(mark)


def _verse(text: str) -> tuple[str, ...]:
    """The lines of verse: several short ones, most of them begun anew and not merely wrapped."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or any(len(line.split()) > VERSE_WORDS for line in lines):
        return ()
    begun = sum(not line[0].islower() or not before[-1].isalnum() for before, line in pairwise(lines))
    return tuple(text.splitlines()[:VERSE_LINES]) if begun >= VERSE_BEGUN * (len(lines) - 1) else ()

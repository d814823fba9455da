"""Whether a sentence plainly states something of who says it, of theirs, or of somebody with a full name. Spanish and English.

An allow-list by form, because what takes a statement back has no end of forms (hopes, plans, rumours, roles, jokes, notices, forms) and
a plain statement has few:

    who       I, we; my or our and a noun of people, home, body, work or money; a first and last name; or a Spanish verb in the first person
    between   time, negation, pronouns
    verb      one of those in assertion_words.py: what is, is owned, done, bought, learned; never what is thought, wanted, told or planned
    the rest  speaks to nobody ("you"), has no sign of a form or heading, and after a comma only goes on ("and", "because")

It errs towards refusing: a plain statement with an unlisted verb is lost as a fact, never as a memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from qbtc.core.language import fold

from . import assertion_words as words

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*")
_SHORT: Final = (("i'm", "I am"), ("i've", "I have"), ("we're", "We are"), ("we've", "We have"))
_SPOKEN_TO: Final = re.compile(
    r"\b(?:you|your|yours|yourself|tu|tus|ti|te|usted|ustedes|vosotr[oa]s|vuestr[oa]s?|contigo)\b"
)
_NO_TALK: Final = re.compile(r"[:;=\[\](){}<>|#*_~@…\"“”«»]|\.{2,}|\s[-–—]\s|\b\d+\s*%\s*off\b")
_COMMA: Final = re.compile(r",(?!\d)\s*([^\W\d_]*)")
_TAKEN_BACK: Final = re.compile(
    r"\b(?:haha|jaja|lol|not really|just kidding|just testing|no way|in (?:my|the|a) (?:dreams?|game|book|novel|movie|film|story))\b"
)
_LINK: Final = frozenset(("in", "of", "from", "at", "on", "de", "del", "en", "la"))
_ITS_ENDS: Final = ".!"


@dataclass(slots=True)
class _Reader:
    """Words of a sentence, as written and folded, and how far it was read."""

    written: list[str]
    folded: list[str]
    place: int = 0

    def word(self, ahead: int = 0) -> str:
        return self.folded[self.place + ahead] if self.place + ahead < len(self.folded) else ""

    def capital(self, ahead: int = 0) -> bool:
        """A word as names are written; neither "I" nor one in capitals throughout."""
        word = self.written[self.place + ahead] if self.place + ahead < len(self.written) else ""
        return word[:1].isupper() and not word.isupper()

    def upper(self, ahead: int) -> bool:
        """A name or a symbol ("BTCUSDT")."""
        return self.place + ahead < len(self.written) and self.written[self.place + ahead][0].isupper()

    def skip(self, known: frozenset[str]) -> None:
        while self.word() in known:
            self.place += 1


def states(sentence: str) -> bool:
    """Whether the sentence is a plain statement."""
    said = re.sub(r"^[\W_]+", "", sentence).rstrip().rstrip(_ITS_ENDS)
    plain = fold(said)
    if _NO_TALK.search(said) or "!" in said or "?" in said or _SPOKEN_TO.search(plain) or _TAKEN_BACK.search(plain):
        return False
    if any(fold(word) not in words.JOINING for word in _COMMA.findall(said)):
        return False
    reader = _read(said)
    reader.skip(words.WHEN)
    verbs = _who(reader)
    if verbs is None:
        return False
    reader.skip(words.BETWEEN)
    return _states(reader, verbs)


def _read(said: str) -> _Reader:
    written = said.replace("’", "'")
    for short, long in _SHORT:
        written = re.sub(rf"(?i)\b{short}\b", long, written)
    found = _WORD.findall(written)
    return _Reader(found, [fold(word) for word in found])


def _who(reader: _Reader) -> frozenset[str] | None:
    """Read who it is about; the verbs that may follow, None when it is about nobody who is known."""
    word = reader.word()
    if word in ("i", "we", "yo", "nosotros", "nosotras"):
        reader.place += 1
        return words.ENGLISH_OWN if word in ("i", "we") else words.SPANISH_OWN
    if word in words.POSSESSIVE:
        return _theirs(reader)
    if word == "a" and reader.word(1) == "mi":
        reader.place += 2
        return frozenset(("gusta", "gustan"))
    if word == "a" and _name(reader, 1) and "le" in reader.folded[1:6]:
        reader.place = reader.folded.index("le")
        return words.SPANISH_OWN
    if _name(reader, 0):
        reader.place += _name(reader, 0)
        return words.ENGLISH_OTHERS | words.SPANISH_OTHERS
    return words.SPANISH_OWN if not reader.place or reader.word(-1) in words.WHEN else None


def _theirs(reader: _Reader) -> frozenset[str] | None:
    """My or our and a noun, with a name or a place behind it."""
    english = reader.word() in ("my", "our")
    reader.place += 1
    reader.skip(words.KIND)
    if reader.word() not in words.NOUNS:
        return None
    reader.place += 1
    while reader.capital() or (reader.word() in _LINK and reader.upper(1)):
        reader.place += 1 + (reader.word() in _LINK)
    return words.ENGLISH_OTHERS if english else words.SPANISH_OTHERS


def _name(reader: _Reader, ahead: int) -> int:
    """How many words a full name has there, 0 without one."""
    length = 0
    while reader.capital(ahead + length) or (
        length and reader.word(ahead + length) in ("de", "del", "la") and reader.capital(ahead + length + 1)
    ):
        length += 1
    return length if length >= 2 else 0


def _states(reader: _Reader, verbs: frozenset[str]) -> bool:
    verb, after = reader.word(), reader.word(1)
    if verb not in verbs and verb not in ("gusta", "gustan"):
        return False
    if verb in words.HAVE and after in words.BETWEEN:
        after = reader.word(2)
    if verb in words.HAVE:
        return after not in ("to", "") and (not after.endswith(("ed", "en")) or after in verbs or after == "been")
    if verb in words.IS:
        return after in words.AFTER_IS or after[:1].isdigit() or reader.capital(1)
    if verb in words.STANDS:
        return after in words.AFTER_STANDS
    return after != "to" or verb in words.GOES

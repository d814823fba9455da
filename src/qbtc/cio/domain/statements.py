"""From a sentence that a person asserts to what it says, in a form that a later sentence can support or supersede.

Two forms, and the value of both is found word for word in the sentence:

    relation   one of few patterns with one value at a time: "I live in Lima" is (ana, lives in, Lima)
    topic      any other sentence, about what its words name in their order; its value is the sentence itself

"I have 2 boats in Lima" and "I have 3 boats in Lima" have one topic, so the later one supersedes the earlier one. What is told
of the past with its own numbers (bought 2, bought 3) stands beside what was told before. A denied relation ends
what was believed ("I no longer live in Lima") and is kept as a topic as well. No model, no world knowledge.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from qbtc.core.language import STOPWORDS, fold, stem, tokens
from qbtc.core.language.quantity import Quantity, quantities
from qbtc.core.language.time_span import time_span

from .contradiction import negated, without_quantities
from .facts import LONGEST, About
from .intervals import FOREVER, Interval, nanoseconds

OWN_WORD: Final = 0.9
"""Confidence in what a person says of themselves."""
OF_OTHERS: Final = 0.7
"""Confidence in what a person says of somebody with a name."""

_NAME = r"[A-ZÁÉÍÓÚÑ][\w'’-]+(?: (?:de |del |la )?[A-ZÁÉÍÓÚÑ][\w'’-]+)+"
_WHO = rf"(?P<who>I|We|Yo|Nosotr[oa]s|{_NAME})"
_END = r"(?=[.,;!](?!\d)|\s+(?:since|for|with|and|but|because|now|again|these days|desde|hace|con|y|pero|porque|ahora)\b|$)"
_NOT_EN = r"(?P<not>(?: no longer| do not| don['’]t| does not| doesn['’]t| am not| are not)?)"
_NOT_ES = r"(?P<not>(?:ya no |no )?)"


def _relation(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*{pattern}\s+(?P<value>(?:[^.,;!]|[.,](?=\d))+?){_END}")


_RELATIONS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("lives in", _relation(rf"{_WHO}(?: now)?{_NOT_EN} (?:lives? in|am living in|are living in|is living in)")),
    ("lives in", _relation(rf"(?:(?P<who>Yo|Nosotr[oa]s|{_NAME}) )?(?:[Aa]hora )?{_NOT_ES}(?:[Vv]ivo|[Vv]ivimos|vive) en")),
    ("works at", _relation(rf"{_WHO}(?: now)?{_NOT_EN} works? (?:at|for)")),
    ("works at", _relation(rf"(?:(?P<who>Yo|{_NAME}) )?(?:[Aa]hora )?{_NOT_ES}(?:[Tt]rabajo|trabaja) (?:en|para)")),
    ("is called", _relation(r"(?:My name is|[Mm]e llamo)")),
    ("is aged", re.compile(r"^\W*(?:I am|I['’]m|Tengo|tengo) (?P<value>\d{1,3})(?: years old| años)\b(?! (?:de|viv|trabaj))")),
    ("{thing}", _relation(r"(?:My|Our|Mi|Nuestr[oa]) (?P<thing>(?:(?:new|current|nuev[oa]|actual) )?(?:stop|target|limit|budget|phone|email|address|birthday|broker|boss|objetivo|l[ií]mite|presupuesto|tel[eé]fono|correo|direcci[oó]n|cumpleaños|jef[ea]|(?:favou?rite|preferred) \w+)(?: (?:loss|on|of|for|en|de|para) \w+)?) (?:is|es|está en)")),
)  # fmt: skip

_ASIDE: Final = frozenset(["longer", "anymore", "now", "currently", "ahora", "actualmente"])
_FUNCTION: Final = STOPWORDS["en"] | STOPWORDS["es"]
_STATE: Final = re.compile(
    r"\b(?:am|is|are|have|has|own|owns|keep|keeps|weigh|weighs|cost|costs|earn|earns|pay|pays|need|needs|hold|holds|want|wants"
    r"|soy|eres|es|somos|son|estoy|esta|estamos|estan|tengo|tiene|tenemos|tienen|peso|pesa|cuesta|cobro|gano|necesito|quiero|hay)\b"
)
_SINCE: Final = re.compile(r"^(?:since|desde|a partir)\b")
_GROUP: Final = re.compile(r"^(?:we|nosotros|nosotras)$")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence says of `about`; `denies` when it says that `value` does not hold."""

    about: About
    value: str
    denies: bool
    confidence: float

    @property
    def key(self) -> str:
        """Equal for readings about the same thing, without its words."""
        return key_of(self.about)


def key_of(about: About) -> str:
    return hashlib.sha256("\n".join(about.key).encode()).hexdigest()[:32]


def read(sentence: str, speaker: str) -> list[Reading]:
    """What the sentence says, `speaker` being the name behind "I"; empty for a sentence too long to be a fact."""
    said = " ".join(sentence.split())
    if len(said) > LONGEST or not name_worthy(speaker):
        return []
    found = next(_relations(said, speaker), None)
    if found is not None and not found.denies:
        return [found]
    topic = _topic(said, speaker)
    return [reading for reading in (found, topic) if reading is not None]


def name_worthy(speaker: str) -> bool:
    return bool(tokens(speaker)) and len(speaker) <= LONGEST


def _relations(said: str, speaker: str) -> Iterator[Reading]:
    for predicate, pattern in _RELATIONS:
        match = pattern.search(said)
        value = match["value"].strip() if match else ""
        if match is None or not tokens(value):
            continue
        parts = match.groupdict()
        who = _subject(parts.get("who"), speaker)
        named = predicate.format(thing=fold(parts.get("thing") or ""))
        yield Reading(About(who, named), value, bool((parts.get("not") or "").strip()), _weight(who, speaker))


def _subject(who: str | None, speaker: str) -> str:
    if who is None or fold(who) in ("i", "yo") or _GROUP.match(fold(who)):
        return speaker
    return who


def _weight(subject: str, speaker: str) -> float:
    return OWN_WORD if subject == speaker else OF_OTHERS


def _topic(said: str, speaker: str) -> Reading | None:
    match = re.match(rf"^\W*(?:A )?(?P<who>{_NAME}) (?=[a-záéíóúñ])", said)
    subject = match["who"] if match else speaker
    rest = said[match.end() :] if match else said
    words = [
        stem(stem(word, "en"), "es") for word in tokens(without_quantities(rest)) if word not in _FUNCTION | _ASIDE
    ]
    if not words:
        return None
    numbers = [] if _holds_now(said) else sorted(_number(q) for q in quantities(rest))
    return Reading(About(subject, " ".join([*words, *numbers])[:LONGEST]), said, False, _weight(subject, speaker))


def _number(quantity: Quantity) -> str:
    return f"{quantity.dimension or 'n'}:{'|'.join(map(str, sorted(quantity.values)))}"


def _holds_now(said: str) -> bool:
    """Whether a new number takes the place of the old one: it says how things are, or that they are not."""
    return negated(said) or _STATE.search(fold(said)) is not None


def validity(sentence: str, said_at: datetime) -> Interval:
    """From when what is said holds, in UTC nanoseconds: from the time after "since", else from when it was said. Open to the end."""
    at, span = nanoseconds(said_at), time_span(sentence, said_at)
    if span is None or span.start is None or not _SINCE.match(span.text.strip()):
        return Interval(at, FOREVER)
    return Interval(min(nanoseconds(span.start), at), FOREVER)

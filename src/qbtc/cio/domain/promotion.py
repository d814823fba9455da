"""Which sentences may become derived facts at all. A fact enters by a person who asserts it, once.

Refused, with the reason:

    hostile       asks to be obeyed or run (hostile.py)
    heartbeat     pings, status lines, acknowledgements, logs
    boilerplate   system prompts, disclaimers, footers, notices
    not theirs    what an assistant, a tool or a document says; quotations; hearsay ("they say that", "según")
    profile       forms of keys and values, and sentences about "the user": people do not talk of themselves so
    question      questions
    not asserted  hypotheses, wishes, fiction, jokes
    instruction   orders, to remember or to do
    nothing said  no content, or nobody and nothing that it is about
    not plain     no plain statement of who says it, of theirs or of somebody with a full name (assertion.py)
    echo          says what the session was shown from memory, or what an assistant said in it

What repeats a known fact and was not shown to its session is no new fact: it `supports` the one it repeats. Nothing is
deleted by a refusal, for the text is kept word for word; the rules are patterns over Spanish and English that a person can read.
They prefer to lose a fact: "she lives there" is refused because nobody knows who. The patterns are in promotion_words.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from qbtc.core.language import sentences
from qbtc.core.language.quantity import quantities

from . import promotion_words as words
from .assertion import states
from .contradiction import content, negated
from .hostile import signs_of

Role = Literal["person", "assistant", "tool", "document"]
Refusal = Literal[
    "hostile",
    "heartbeat",
    "boilerplate",
    "not theirs",
    "profile",
    "question",
    "not asserted",
    "instruction",
    "nothing said",
    "not plain",
    "echo",
]
SAME: Final = 0.8
"""Share of the stems of a sentence that another one has when both are taken to say the same."""
ASIDE: Final = 2
"""Stems that a sentence may have beyond the one it repeats: "you already know that ..."."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something kept, that may hold facts."""

    memory_id: str
    text: str
    role: Role
    session: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that is promoted, or refused for a reason, or `supports` a fact known by that memory id and `repeats` its sentence."""

    sentence: str
    refused: Refusal | None = None
    supports: str | None = None
    repeats: str = ""

    @property
    def promoted(self) -> bool:
        return self.refused is None and self.supports is None


def refusal_of(item: Item) -> Refusal | None:
    """Why no sentence of the item can be a fact, whatever is known; None when one may."""
    if signs_of(item.text):
        return "hostile"
    if words.HEARTBEAT.search(item.text) or not content(item.text):
        return "heartbeat"
    if words.BOILERPLATE.search(item.text):
        return "boilerplate"
    if item.role != "person":
        return "not theirs"
    return "profile" if words.is_form(item.text) or words.THE_USER.search(item.text) else None


def refusal_of_sentence(sentence: str) -> Refusal | None:
    """Why the sentence of a person is no fact by itself; None when it may be one."""
    plain = words.without_frame(sentence)
    for reason, pattern in words.SENTENCE_RULES:
        if pattern.search(plain):
            return reason
    if len(content(sentence)) + len(quantities(sentence)) < 2 or not words.is_about_something(sentence):
        return "nothing said"
    return None if states(plain.strip()) else "not plain"


@dataclass(frozen=True, slots=True)
class Gist:
    """What a sentence is compared by: stems, quantities, negation."""

    stems: frozenset[str]
    numbers: frozenset[object]
    negated: bool

    def repeats(self, other: Gist) -> bool:
        """Whether this one says nothing that the other does not, or all that it says and `ASIDE` stems more."""
        if not self.stems or self.negated != other.negated or not self.numbers <= other.numbers:
            return False
        shared = len(self.stems & other.stems)
        whole = len(other.stems) >= 3 and shared >= SAME * len(other.stems) and len(self.stems) - shared <= ASIDE
        return whole or shared >= SAME * len(self.stems)


def gist_of(sentence: str) -> Gist:
    numbers = frozenset[object]((q.dimension, q.values) for q in quantities(sentence))
    return Gist(words.stems_in_any_language(words.without_frame(sentence)), numbers, negated(sentence))


@dataclass(slots=True)
class Shown:
    """Sentences by what they say, found by the stems they share."""

    gists: list[tuple[Gist, str, str]] = field(default_factory=list)
    by_stem: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, gist: Gist, memory_id: str, sentence: str = "") -> None:
        for stem in gist.stems:
            self.by_stem[stem].append(len(self.gists))
        self.gists.append((gist, memory_id, sentence))

    def repeated_by(self, gist: Gist) -> tuple[str, str] | None:
        """The memory and its sentence that the gist repeats, the nearest first."""
        shared = Counter(slot for stem in gist.stems for slot in self.by_stem.get(stem, ()))
        enough = (slot for slot, count in shared.most_common() if count >= SAME * (len(gist.stems) - ASIDE))
        return next((self.gists[slot][1:] for slot in enough if gist.repeats(self.gists[slot][0])), None)


@dataclass(slots=True)
class Gate:
    """Judges items in the order they were kept. Holds what was promoted, and what each session and everyone was shown."""

    known: Shown = field(default_factory=Shown)
    sessions: dict[str, Shown] = field(default_factory=lambda: defaultdict(Shown))
    everywhere: Shown = field(default_factory=Shown)

    def recalled(self, session: str | None, texts: Iterable[str]) -> None:
        """Note texts of the memory that the session has been shown; None for all sessions of whoever is judged here."""
        for text in texts:
            self._show(self.everywhere if session is None else self.sessions[session], text)

    def judge(self, item: Item) -> list[Said]:
        """What becomes of each sentence of the item; what is promoted is known from then on."""
        refused = refusal_of(item)
        if item.role != "person":
            self._show(self.sessions[item.session], item.text)
        if refused is not None:
            return [Said(item.text, refused)]
        own = words.without_quotations(item.text)
        return [self._of_sentence(item, sentence) for sentence in sentences(own)] or [Said(item.text, "not theirs")]

    def _of_sentence(self, item: Item, sentence: str) -> Said:
        reason = refusal_of_sentence(sentence)
        if reason is not None:
            return Said(sentence, reason)
        gist = gist_of(sentence)
        if any(seen.repeated_by(gist) is not None for seen in (self.sessions[item.session], self.everywhere)):
            return Said(sentence, "echo")
        before = self.known.repeated_by(gist)
        if before is None:
            self.known.add(gist, item.memory_id, sentence)
            return Said(sentence)
        return Said(sentence, supports=before[0], repeats=before[1])

    def _show(self, seen: Shown, text: str) -> None:
        for sentence in sentences(text):
            seen.add(gist_of(sentence), "")

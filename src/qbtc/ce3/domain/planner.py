"""The offline planner's decision: which tools answer this text. Deterministic, and never invents anything.

Each tool brings example utterances in Spanish and English. A text is cut into requests; a request's score for a tool is
half its lexical score (BM25 of the best example relative to what the request would score against itself), plus the
tool's hint when its own words occur (`wording`), plus a share of a vector similarity when one is given. Requests for
reasons, forecasts or advice match nothing, and a tool with effects is taken for an instruction only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qbtc.core.language import STOPWORDS, fold, query_terms, stem
from qbtc.core.retrieval import Bm25Index

from . import slots
from .spelling import corrected
from .wording import HINTS, asks_to_recall, orders_a_deal, unanswerable

THRESHOLD = 0.42
LEXICAL_SHARE = 0.5
VECTOR_SHARE = 0.35
UNKNOWN_WORD = 0.8
MAX_CALLS = 4
MAX_REQUESTS = 12
LONGEST = 2_000

_CUT = re.compile(
    r"(?<=\?)|[\n;]|,? \b(?:and then|and also|then|y luego|y también|además)\b"
    r"|,? \b(?:and|y) (?=(?:what|which|how|show|run|list|is|are|do|buy|sell|qué|cuál|cuáles|cuánto|cómo|muestra|ejecuta|lista|compra|vende)\b)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|y|e|&)\s+|,\s*", re.IGNORECASE)
_LEADING = re.compile(r"^(?:[\s¿¡.,]|(?:and|y|also|también)\s)+", re.IGNORECASE)
_OBJECT = re.compile(r"\b(?:of|for|de|del)\s+(?:the |el |la |los |las |my |mi |mis |our |one |un |una )?([a-z]{3,})")
_WORD = re.compile(r"[a-z]+")
_FUNCTION_WORDS = STOPWORDS["en"] | STOPWORDS["es"]
_FREE_TEXT = frozenset({"recall", "remember", "propose_order", "run_circuit", "help", "clock"})


@dataclass(frozen=True, slots=True)
class Skill:
    """A tool as the planner sees it.

    `cue`: a text that matches it is certainly for this tool. `needs`: a text that does not match it certainly is not.
    """

    tool: str
    examples: tuple[str, ...]
    cue: re.Pattern[str] | None = None
    needs: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    tool: str
    request: str
    score: float


class Planner:
    def __init__(self, skills: Sequence[Skill]) -> None:
        self._skills = {skill.tool: skill for skill in skills}
        self._index = Bm25Index(k1=0.6, b=0.3)
        self._owner: list[str] = []
        self._vocabulary: set[str] = set()
        self._words: set[str] = set(_FUNCTION_WORDS)
        for skill in skills:
            for example in skill.examples:
                terms = _terms(_plain(example))
                self._index.add(terms)
                self._owner.append(skill.tool)
                self._vocabulary.update(terms)
                self._words.update(_WORD.findall(_plain(example)))

    def choose(self, text: str, vectors: Mapping[str, float] | None = None) -> list[Choice]:
        """At most four tools, in the order asked; empty when nothing fits well enough."""
        chosen: dict[tuple[str, str], Choice] = {}
        for request in self._requests(text):
            best = self._best(request, vectors)
            if best is not None and best.score >= THRESHOLD:
                chosen.setdefault((best.tool, request if best.tool == "propose_order" else ""), best)
        return list(chosen.values())[:MAX_CALLS]

    def rank(self, request: str, vectors: Mapping[str, float] | None = None) -> list[Choice]:
        """Every tool with a score above zero, best first."""
        folded = self._folded(request)
        scores = {tool: LEXICAL_SHARE * score for tool, score in self._lexical(folded).items()}
        for tool in self._skills.keys() & HINTS.keys():
            if HINTS[tool].pattern.search(folded):
                scores[tool] = scores.get(tool, 0.0) + HINTS[tool].weight
        for tool in self._skills.keys() & (vectors or {}).keys():
            scores[tool] = scores.get(tool, 0.0) + VECTOR_SHARE * (vectors or {})[tool]
        scores = self._ruled(request, folded, scores)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        return [Choice(tool, request, score) for tool, score in ranked if score > 0]

    def _requests(self, text: str) -> list[str]:
        """The text cut into requests; a list ("positions and orders") is cut when every part points at its own tool."""
        if _whole(text):
            return [text]
        found: list[str] = []
        for request in split_requests(text):
            parts = [part for part in _AND.split(request) if part.strip()]
            tools = [self._pointed_at(part) for part in parts] if 1 < len(parts) <= MAX_CALLS else []
            apart = tools and None not in tools and (len(set(tools)) == len(tools) or set(tools) == {"propose_order"})
            found.extend(parts if apart else [request])
        return found[:MAX_REQUESTS]

    def _pointed_at(self, part: str) -> str | None:
        """The tool that a part of a list names by its own words, not by likeness to an example."""
        best = self._best(part, None)
        if best is None or best.score < THRESHOLD:
            return None
        named = best.score >= 1.0 or (best.tool in HINTS and HINTS[best.tool].pattern.search(self._folded(part)))
        return best.tool if named else None

    def _ruled(self, request: str, folded: str, scores: Mapping[str, float]) -> dict[str, float]:
        """What is certain, and what is out of the question."""
        if orders_a_deal(folded) and "propose_order" in self._skills:
            return {"propose_order": 2.0}
        ruled = {tool: score for tool, score in scores.items() if tool != "propose_order"}
        for skill in self._skills.values():
            if skill.cue is not None and skill.cue.search(request) and not asks_to_recall(folded):
                return {skill.tool: 2.0}
            if skill.cue is not None or (skill.needs is not None and not skill.needs.search(folded)):
                ruled.pop(skill.tool, None)
        if unanswerable(folded):
            return {tool: min(score, THRESHOLD / 2) for tool, score in ruled.items()}
        if self._strange_object(folded):
            return {t: score if t in _FREE_TEXT else min(score, THRESHOLD / 2) for t, score in ruled.items()}
        return ruled

    def _strange_object(self, folded: str) -> bool:
        """"price of gold": what is asked about is something that no tool has heard of."""
        return any(m[1] not in self._words and stem(m[1], "en") not in self._vocabulary for m in _OBJECT.finditer(folded))

    def _best(self, request: str, vectors: Mapping[str, float] | None) -> Choice | None:
        ranked = self.rank(request, vectors)
        return ranked[0] if ranked else None

    def _folded(self, request: str) -> str:
        """Folded, coins as `coin`, one slip a word forgiven."""
        plain = _plain(request[:LONGEST])
        return _WORD.sub(lambda m: corrected(m[0], self._words), plain)

    def _lexical(self, folded: str) -> dict[str, float]:
        """Score by tool in [0, 1]: share of the request's weight that its best example covers."""
        terms = _terms(folded)
        if not terms:
            return {}
        scores = self._index.scores(terms)
        own = self._self_score(terms)
        best: dict[str, float] = {}
        for slot in np.flatnonzero(scores):
            tool = self._owner[int(slot)]
            best[tool] = max(best.get(tool, 0.0), min(1.0, float(scores[slot]) / own))
        return best

    def _self_score(self, terms: Sequence[str]) -> float:
        """What an example of exactly these terms would score: unknown words count as much as a rare one."""
        ceiling = self._index.scores(terms)
        known = [t for t in terms if t in self._vocabulary]
        single = [float(self._index.scores([t]).max()) for t in known]
        rare = max(single, default=1.0)
        total = sum(single) + UNKNOWN_WORD * rare * (len(terms) - len(known))
        return max(total, float(ceiling.max(initial=0.0)), 1e-9)


def split_requests(text: str) -> list[str]:
    """Cut at question marks, line breaks, semicolons and 'and also' words; code and texts to remember stay whole."""
    if _whole(text):
        return [text]
    pieces = (_LEADING.sub("", piece).strip(" ¿.,") for piece in _CUT.split(text))
    return [piece for piece in pieces if piece.strip(" ?!¿¡")][:MAX_REQUESTS] or [text[:LONGEST]]


def _whole(text: str) -> bool:
    """Code, and a text to remember: never cut."""
    return "```" in text or "qreg" in text or (slots.REMEMBER.match(text) is not None and not asks_to_recall(fold(text)))


def _plain(text: str) -> str:
    """Folded, apostrophes as spaces, every coin as the word `coin`."""
    folded = fold(text).replace("'", " ").replace("’", " ")
    return re.sub(r"[a-z0-9]+", lambda m: "coin" if slots.is_coin(m[0]) else m[0], folded)


def _terms(text: str) -> list[str]:
    return query_terms(text) or text.split()

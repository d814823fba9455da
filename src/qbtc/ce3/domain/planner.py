"""The offline planner's decision: which tools answer this text. Deterministic, and never invents anything.

Each tool brings example utterances in Spanish and English. A text is cut into requests; each request is scored
against every example by BM25 relative to what the request would score against itself, blended with a vector
similarity when one is given, and the best tool above the threshold is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qbtc.core.language import fold, query_terms
from qbtc.core.retrieval import Bm25Index

THRESHOLD = 0.34
UNKNOWN_WORD = 0.8
VECTOR_SHARE = 0.35
MAX_CALLS = 3

_CUT = re.compile(
    r"[?\n;]|,? \b(?:and then|and also|then|y luego|y también|además)\b"
    r"|,? \b(?:and|y) (?=(?:what|which|how|show|run|list|is|are|qué|cuál|cuáles|cuánto|cómo|muestra|ejecuta|lista)\b)",
    re.IGNORECASE,
)


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
        for skill in skills:
            for example in skill.examples:
                terms = _terms(example)
                self._index.add(terms)
                self._owner.append(skill.tool)
                self._vocabulary.update(terms)

    def choose(self, text: str, vectors: Mapping[str, float] | None = None) -> list[Choice]:
        """At most three tools, in the order asked; empty when nothing fits well enough."""
        chosen: dict[str, Choice] = {}
        for request in split_requests(text):
            best = self._best(request, vectors)
            if best is not None and best.score >= THRESHOLD:
                chosen.setdefault(best.tool, best)
        return list(chosen.values())[:MAX_CALLS]

    def rank(self, request: str, vectors: Mapping[str, float] | None = None) -> list[Choice]:
        """Every tool with a score above zero, best first."""
        scores = self._lexical(request)
        if vectors:
            tools = scores.keys() | vectors.keys()
            scores = {t: (1 - VECTOR_SHARE) * scores.get(t, 0.0) + VECTOR_SHARE * vectors.get(t, 0.0) for t in tools}
        scores = self._ruled(request, scores)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        return [Choice(tool, request, score) for tool, score in ranked if score > 0]

    def _ruled(self, request: str, scores: Mapping[str, float]) -> dict[str, float]:
        """Cues give certainty, unmet needs take a tool out."""
        ruled = dict(scores)
        for skill in self._skills.values():
            if skill.cue is not None and skill.cue.search(request):
                ruled[skill.tool] = 2.0
            elif skill.needs is not None and not skill.needs.search(request):
                ruled.pop(skill.tool, None)
        return ruled

    def _best(self, request: str, vectors: Mapping[str, float] | None) -> Choice | None:
        ranked = self.rank(request, vectors)
        return ranked[0] if ranked else None

    def _lexical(self, request: str) -> dict[str, float]:
        """Score by tool in [0, 1]: share of the request's weight that its best example covers."""
        terms = _terms(request)
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
    """Cut at question marks, line breaks, semicolons and 'and also' words; fenced code stays whole."""
    if "```" in text or "qreg" in text:
        return [text]
    pieces = (piece.strip(" ¿.,") for piece in _CUT.split(text))
    return [piece for piece in pieces if piece] or [text]


def _terms(text: str) -> list[str]:
    return query_terms(text) or fold(text).split()

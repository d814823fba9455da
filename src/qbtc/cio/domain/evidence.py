"""What speaks for a memory as an answer to a question: twenty numbers for each candidate, all from counts and cosines.

A turn of a conversation seldom says all that a question asks about; the turns around it and the session say the rest. So
the same BM25 is taken over the memory, over the memory with its neighbours, and over its whole session (term
frequencies and lengths summed, the weights of the terms those of single memories), each divided by the sum of the
query's term weights. Dense cosines are used as their distance above the floor under which they mean nothing.

A question that names a time (core/language/time_span) looks for memories of that time: `within` is 1 inside it; `after` and
`before` fall as exp(-d / 14 days) with the distance d outside, for what is told a little later or announced before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .marks import Mark, mentions, wanted
from .segment import EVERYTHING, Filters, Segment, Slots

Floats = NDArray[np.float64]

REACH: Final = 3
FADING: Final = 14 * 86_400.0
"""Seconds after which being outside of the time that a question names counts 1/e."""
COSINE_UNIT: Final = 1 / 30
"""One standard deviation, roughly, of the local model's cosines of one question with unrelated texts."""

NAMES: Final = (
    "words", "words_near", "words_around", "coverage", "rarest", "session_words",
    "cosine", "cosine_near", "session_cosine",
    "within", "after", "before",
    "author", "time", "number", "name", "dated", "asks", "answers", "length",
)  # fmt: skip
"""The columns of an evidence matrix, in order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as ranking sees it: its words, its search terms, the cosine that even unrelated texts reach, and the time
    that it names, [start, end) in seconds since 1970 UTC, open sides infinite."""

    text: str
    terms: tuple[str, ...]
    cosine_floor: float
    span: tuple[float, float] | None = None


def candidates(
    segment: Segment,
    seeds: Collection[str],
    *,
    scope: str | None,
    kinds: Collection[str],
    filters: Filters = EVERYTHING,
) -> Slots:
    """The seeds' slots and those within REACH of them in their sessions, that are of the scope and the kinds and pass."""
    near = np.unique(segment.around(segment.slots_of(seeds), REACH))
    near = near[near >= 0]
    return near[segment.allowed(near, scope, kinds, filters)]


def evidence(segment: Segment, slots: Slots, asked: Asked, cosines: Mapping[str, float]) -> Floats:
    """The evidence for each of `slots` (n, len(NAMES)); `cosines` are the best of the dense leg by memory id."""
    around = segment.around(slots, REACH)
    used, places = np.unique(around, return_inverse=True)
    window = _Window(places.reshape(around.shape), used)
    columns = {**_lexical(segment, slots, window, asked), **_dense(segment, slots, window, cosines, asked.cosine_floor)}
    columns |= _timed(segment.times(slots), asked.span)
    columns |= _form(segment, slots, around, asked.text)
    return np.stack([columns[name] for name in NAMES], axis=1)


@dataclass(frozen=True, slots=True)
class _Window:
    """`places` (n, 2 REACH + 1) point into `used`, the distinct slots around all candidates (-1 stands for none)."""

    places: Slots
    used: Slots

    def gather(self, values: Floats) -> Floats:
        """Values of the distinct slots, laid out around each candidate (n, 2 REACH + 1); 0 where there is none."""
        return np.where(self.used >= 0, values, 0.0)[self.places]


def _lexical(segment: Segment, slots: Slots, window: _Window, asked: Asked) -> dict[str, Floats]:
    postings = segment.terms.postings(asked.terms)
    total = sum(posting.idf for posting in postings) or 1.0
    mean = segment.terms.mean_length or 1.0
    lengths = window.gather(segment.terms.lengths(np.maximum(window.used, 0))) / mean
    frequencies = [window.gather(posting.at(window.used)) for posting in postings]
    out: dict[str, Floats] = {}
    for name, reach in (("words", 0), ("words_near", 1), ("words_around", REACH)):
        part = slice(REACH - reach, REACH + reach + 1)
        share: Floats = lengths[:, part].sum(axis=1) / (2 * reach + 1)
        out[name] = np.zeros(len(slots))
        for posting, counts in zip(postings, frequencies, strict=True):
            within: Floats = counts[:, part].sum(axis=1)
            out[name] += posting.idf * segment.terms.saturated(within, share) / total
    has = np.zeros((len(postings) + 1, len(slots)))
    for row, posting, counts in zip(has, postings, frequencies, strict=False):
        row[:] = posting.idf * (counts[:, REACH] > 0)
    out["coverage"] = has.sum(axis=0) / total
    out["rarest"] = has.max(axis=0) / max((posting.idf for posting in postings), default=1.0)
    out["session_words"] = segment.session_words(slots, postings)
    return out


def _dense(
    segment: Segment, slots: Slots, window: _Window, cosines: Mapping[str, float], floor: float
) -> dict[str, Floats]:
    found = segment.slots_of(cosines)
    heights = np.array([max(0.0, cosines[segment.ids[slot]] - floor) / COSINE_UNIT for slot in found])
    above = dict(zip(found.tolist(), heights.tolist(), strict=True))
    near = window.gather(np.array([above.get(slot, 0.0) for slot in window.used.tolist()]))
    best: dict[int, float] = {}
    for session, height in zip(segment.sessions(found).tolist(), heights.tolist(), strict=True):
        best[session] = max(best.get(session, 0.0), height)
    return {
        "cosine": near[:, REACH],
        "cosine_near": np.maximum(near[:, REACH - 1], near[:, REACH + 1]),
        "session_cosine": np.array([best.get(session, 0.0) for session in segment.sessions(slots).tolist()]),
    }


def _timed(at: Floats, span: tuple[float, float] | None) -> dict[str, Floats]:
    if span is None:
        return {name: np.zeros(len(at)) for name in ("within", "after", "before")}
    start, end = span
    since, until = at - end, start - at
    return {
        "within": ((since < 0) & (until <= 0)).astype(np.float64),
        "after": np.where(since >= 0, np.exp(-np.maximum(since, 0.0) / FADING), 0.0),
        "before": np.where(until > 0, np.exp(-np.maximum(until, 0.0) / FADING), 0.0),
    }


def _form(segment: Segment, slots: Slots, around: Slots, question: str) -> dict[str, Floats]:
    marks, asks = segment.marks(slots), wanted(question)
    before = around[:, REACH - 1]
    after_question = (before >= 0) & (segment.marks(np.maximum(before, 0)) & Mark.QUESTION > 0)
    has = {mark: (marks & mark > 0).astype(np.float64) for mark in Mark if mark}
    named = [name for name in segment.authors if mentions(question, name)]
    said = segment.written_by(slots, named) if len(named) == 1 else np.zeros(len(slots))
    return {
        "author": np.asarray(said, dtype=np.float64),
        "time": has[Mark.TIME] * bool(asks & Mark.TIME),
        "number": has[Mark.NUMBER] * bool(asks & Mark.NUMBER),
        "name": has[Mark.NAME] * bool(asks & Mark.NAME),
        "dated": has[Mark.TIME],
        "asks": has[Mark.QUESTION],
        "answers": after_question.astype(np.float64),
        "length": np.log1p(segment.terms.lengths(slots)),
    }

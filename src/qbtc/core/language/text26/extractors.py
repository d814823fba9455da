"""The 26 text features, one function a letter: a passage and what is known around it in, a number or None (masked) out.

Words and phrases are those of `lexicons`; rates are per 100 words. Formulas are this project's where no source is named.
N compares states and is in `state`. A change of what one measures is a new version in `VERSIONS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts.basis26 import INDEX, LETTERS, SIZE

from ..prosody import rhythm, scan
from . import shapes
from .lexicons import Mark
from .passage import Passage, Sentence

RATED_LEAST: Final = 3
SENTENCES_LEAST: Final = 4


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a text: its embedding (d,) and the mean embedding (d,) of the conversation before it."""

    embedding: NDArray[np.floating] | None = None
    centroid: NDArray[np.floating] | None = None


NOTHING: Final = Around()


def advance(p: Passage, _: Around) -> float | None:
    """A: mean valence of rated words [-1..1]."""
    return shapes.mean([w.affect.valence for w in p.words if w.affect])


def burst(p: Passage, _: Around) -> float | None:
    """B: mean arousal of rated words [-1..1]."""
    return shapes.mean([w.affect.arousal for w in p.words if w.affect])


def control(p: Passage, _: Around) -> float | None:
    """C: mean dominance of rated words [-1..1]."""
    return shapes.mean([w.affect.dominance for w in p.words if w.affect])


def dispersion(p: Passage, _: Around) -> float | None:
    """D: lexical diversity MTLD [words]; McCarthy and Jarvis (2010), Behavior Research Methods 42."""
    return shapes.mtld([w.key for w in p.words])


def entropy(p: Passage, _: Around) -> float | None:
    """E: Shannon entropy of the words of the text [bits]."""
    return shapes.entropy([w.key for w in p.words])


def friction(p: Passage, _: Around) -> float | None:
    """F: hedges and negations per 100 words."""
    return _rate(p, p.count(Mark.HEDGE | Mark.NEGATION))


def gap(p: Passage, _: Around) -> float | None:
    """G: mean surprisal of letters and the space after a word under the frozen trigram model [bits/char]."""
    characters = sum(w.letters for w in p.words)
    return sum(w.bits for w in p.words) / characters if characters else None


def hurst(p: Passage, _: Around) -> float | None:
    """H: DFA exponent of sentence lengths in words, minus 0.5; Peng et al. (1994). From 16 sentences."""
    found = shapes.dfa(_lengths(p))
    return None if found is None else found - 0.5


def imbalance(p: Passage, _: Around) -> float | None:
    """I: (assertions - questions) / sentences [-1..1]; what does not end in a question mark asserts."""
    return shapes.mean([-1.0 if s.question else 1.0 for s in p.sentences])


def joint(_: Passage, around: Around) -> float | None:
    """J: cosine of the text's embedding to the conversation's centroid [-1..1]."""
    a, b = around.embedding, around.centroid
    if a is None or b is None:
        return None
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.clip(a @ b / norm, -1, 1)) if norm > 0 else None


def kurtosis(p: Passage, _: Around) -> float | None:
    """K: excess kurtosis m4 / m2^2 - 3 of sentence lengths. From 4 sentences."""
    found = shapes.standardised_moment(_lengths(p), 4, SENTENCES_LEAST)
    return None if found is None else found - 3


def liquidity(p: Passage, _: Around) -> float | None:
    """L: share of words that carry content, which are not function words, pronouns or numbers [0..1]."""
    return shapes.mean([float(w.content) for w in p.words])


def momentum(p: Passage, _: Around) -> float | None:
    """M: least-squares slope of the mean valence of sentences over their places [per sentence]. From 2 rated sentences."""
    rated = [(float(i), v) for i, s in enumerate(p.sentences) if (v := _valence(p, s)) is not None]
    return shapes.slope(rated)


def openness(p: Passage, _: Around) -> float | None:
    """O: modal and commitment verbs per 100 words."""
    return _rate(p, p.count(Mark.MODAL | Mark.COMMITMENT))


def periodicity(p: Passage, _: Around) -> float | None:
    """P: vector strength of beats at the best period of 2, 3 or 4 syllables [0..1]; Goldberg and Brown (1969).

    Verse is scanned; in prose the words' own stresses are the beats and each sentence begins its phase anew.
    """
    if p.verse:
        return rhythm.periodicity(scan("\n".join(p.verse), p.language))
    places = [float(i) for s in p.sentences for i in _beats(p, s)]
    return rhythm.best_period(np.array(places)).strength if len(places) > 1 else None


def quickness(p: Passage, _: Around) -> float | None:
    """Q: words a clause, negated; clauses begin after inner punctuation and at conjunctions."""
    clauses = sum(s.clauses for s in p.sentences)
    return -len(p.words) / clauses if clauses else None


def reversion(p: Passage, _: Around) -> float | None:
    """R: share of word pairs that were there before [0..1]."""
    return shapes.repetition([w.key for w in p.words])


def skew(p: Passage, _: Around) -> float | None:
    """S: skewness m3 / m2^1.5 of the valence of rated words. From 3 of them."""
    return shapes.standardised_moment([w.affect.valence for w in p.words if w.affect], 3, RATED_LEAST)


def toxicity(p: Passage, _: Around) -> float | None:
    """T: words of distrust minus words of trust, per 100 words."""
    return _rate(p, p.count(Mark.DISTRUST) - p.count(Mark.TRUST))


def uncertainty(p: Passage, _: Around) -> float | None:
    """U: words of uncertainty per 100 words."""
    return _rate(p, p.count(Mark.UNCERTAINTY))


def volume(p: Passage, _: Around) -> float | None:
    """V: natural logarithm of the number of words."""
    return math.log(len(p.words)) if p.words else None


def width(p: Passage, _: Around) -> float | None:
    """W: share of pronouns and possessives that are of the first person [0..1]."""
    pronouns = p.count(Mark.PRONOUN)
    return p.count(Mark.FIRST) / pronouns if pronouns else None


def cross_lead(p: Passage, _: Around) -> float | None:
    """X: names per 100 words: runs of words with a capital inside a sentence, and words all in capitals."""
    return _rate(p, sum(s.names for s in p.sentences))


def yielding(p: Passage, _: Around) -> float | None:
    """Y: words of gain minus words of loss, per 100 words."""
    return _rate(p, p.count(Mark.GAIN) - p.count(Mark.LOSS))


def zenith(p: Passage, _: Around) -> float | None:
    """Z: closure [0..1]: of verse the share of lines that rhyme, of prose the share of questions with a statement after them."""
    if p.verse:
        return rhythm.closure(scan("\n".join(p.verse), p.language))
    asked = [s.question for s in p.sentences]
    last = max((i for i, question in enumerate(asked) if not question), default=-1)
    return shapes.mean([float(i < last) for i, question in enumerate(asked) if question])


Extractor = Callable[[Passage, Around], float | None]
EXTRACTORS: Final[dict[str, Extractor]] = {
    "A": advance, "B": burst, "C": control, "D": dispersion, "E": entropy, "F": friction, "G": gap, "H": hurst,
    "I": imbalance, "J": joint, "K": kurtosis, "L": liquidity, "M": momentum, "O": openness, "P": periodicity,
    "Q": quickness, "R": reversion, "S": skew, "T": toxicity, "U": uncertainty, "V": volume, "W": width,
    "X": cross_lead, "Y": yielding, "Z": zenith,
}  # fmt: skip
VERSIONS: Final[dict[str, int]] = {**dict.fromkeys(LETTERS, 1), "P": rhythm.VERSION, "Z": rhythm.VERSION}
"""The version of each extractor; `state.VERSION` is that of the whole, lexicons and reference included."""


def measure(p: Passage, around: Around = NOTHING) -> NDArray[np.float64]:
    """The features of a passage in order of the basis, float64[26]; NaN where masked, and always for N."""
    values = np.full(SIZE, np.nan)
    for letter, extract in EXTRACTORS.items():
        found = extract(p, around)
        if found is not None:
            values[INDEX[letter]] = found
    return values


def _rate(p: Passage, count: int) -> float | None:
    return 100 * count / len(p.words) if p.words else None


def _lengths(p: Passage) -> list[float]:
    return [float(s.stop - s.start) for s in p.sentences]


def _valence(p: Passage, s: Sentence) -> float | None:
    return shapes.mean([w.affect.valence for w in p.words[s.start : s.stop] if w.affect])


def _beats(p: Passage, s: Sentence) -> list[int]:
    beats = "".join(w.beats for w in p.words[s.start : s.stop])
    return [i for i, beat in enumerate(beats) if beat == "+"]

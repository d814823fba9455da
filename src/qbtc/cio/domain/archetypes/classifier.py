"""From a text to the probabilities of the thirteen labels; fitted on the shipped texts at the first text of a language.

The fit takes a fraction of a second and gives the same numbers every time, so no weights are shipped. Settings and
temperatures were chosen by `python tools/archetypes.py` (cross-validation on train, temperature on dev).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from qbtc.core.hilbert.types import Index, Real
from qbtc.core.language.detect import Language, detect
from qbtc.core.language.tokens import tokens

from .examples import Example, examples
from .features import Encoder, Measured, Weights, encoder, measure
from .labels import LABELS
from .regression import Linear, fit, probabilities

BLOCKS: Final = Weights(stems=1.0, characters=2.0, form=5.0)
RIDGE: Final = 2e-5
TEMPERATURES: Final[Mapping[Language, float]] = {"en": 1.1085, "es": 1.2617}
MOST: Final = 100_000
"""Characters of a text; a label of a whole book would mean nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`probabilities` by label, which add up to 1: a style of narration, no personality test."""

    language: Language
    probabilities: Mapping[str, float]

    @property
    def label(self) -> str:
        """The most probable one; the earlier of LABELS when two are equal."""
        return max(self.probabilities, key=self.probabilities.__getitem__)


@dataclass(frozen=True, slots=True)
class Classifier:
    language: Language
    encoder: Encoder
    linear: Linear
    temperature: float = 1.0

    def logits(self, texts: Sequence[str]) -> Real:
        """(len(texts), len(LABELS)), before the temperature; at least one text."""
        return self.linear.logits(self.encoder.rows(measure(texts, self.language)))

    def probabilities(self, texts: Sequence[str]) -> Real:
        """(len(texts), len(LABELS)); rows add up to 1."""
        return probabilities(self.logits(texts), self.temperature)


def train(shown: Sequence[Example], language: Language, temperature: float = 1.0) -> Classifier:
    """A classifier of the texts shown."""
    made, linear = fitted(measure([one.text for one in shown], language), codes(shown), BLOCKS, RIDGE)
    return Classifier(language, made, linear, temperature)


def fitted(measured: Measured, labels: Index, blocks: Weights, ridge: float) -> tuple[Encoder, Linear]:
    """What the measured texts with these labels teach, under other settings than the shipped ones too."""
    made = encoder(measured, blocks)
    return made, fit(made.rows(measured), labels, len(LABELS), ridge)


def codes(shown: Sequence[Example]) -> Index:
    """The labels as places in LABELS, (n,)."""
    return np.array([LABELS.index(one.label) for one in shown], dtype=np.int64)


@cache
def classifier(language: Language) -> Classifier:
    """The classifier of the shipped texts of a language."""
    return train(examples(language, "train"), language, TEMPERATURES[language])


def archetypes(text: str, language: Language | None = None) -> Reading:
    """How much a text sounds like each of the styles. A language that cannot be told is read as English.

    Raises ValueError for a text without words or longer than MOST characters.
    """
    if len(text) > MOST:
        raise ValueError(f"the text has {len(text):,} characters; at most {MOST:,} are allowed")
    if not tokens(text):
        raise ValueError("the text has no words; give a passage of some sentences")
    known: Language = language or detect(text) or "en"
    row = classifier(known).probabilities([text])[0]
    return Reading(known, dict(zip(LABELS, row.tolist(), strict=True)))

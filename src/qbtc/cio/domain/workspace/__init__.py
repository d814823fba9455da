"""A workspace of few places: candidates of all services compete in each cycle, the winners are broadcast.

    types       candidates, rules, state, broadcast
    prediction  what each topic is expected to look like next; surprise is the error of that
    schema      a model of where attention goes next
    learning    what outcomes teach: which sources were right, what serves which goal
    salience    the number that candidates compete by
    cycle       one cycle, a pure function of state, candidates and time
    replay      recorded cycles again, with a mechanism switched off
    indicators  seven numbers that say whether these mechanisms do anything;  texts: what they are and are not

Pure and replayable: the same start and the same inputs give the same bits, in whatever order the candidates come.
It claims nothing about consciousness or experience.
"""

from .cycle import begin, cycle
from .indicators import Indicators, Reading, indicators
from .learning import learn
from .replay import Ablation, Lived, ablations
from .types import Broadcast, Candidate, Goal, Mechanism, Outcome, Rules, Weights, WorkspaceState, fingerprint

__all__ = [
    "Ablation",
    "Broadcast",
    "Candidate",
    "Goal",
    "Indicators",
    "Lived",
    "Mechanism",
    "Outcome",
    "Reading",
    "Rules",
    "Weights",
    "WorkspaceState",
    "ablations",
    "begin",
    "cycle",
    "fingerprint",
    "indicators",
    "learn",
]

"""Dimensional synchronisation: replicas that hold the same 26 numbers, whatever was cut, doubled or late on the way.

    events      one item's 26 numbers as an event that never changes
    replica     a set of events; merging is a union, so it commutes, repeats harmlessly and needs no leader
    epochs      which of them replicas compare, and the numbers of a market state
    divergence  how far apart two replicas are; 0 exactly when their hashes are equal

Pure: no network, no clock. Who sends what to whom and when is for adapters. Not a defence against a replica that lies:
an event that was altered is noticed only where both versions meet.
"""

from .divergence import Divergence, divergence
from .events import NOT_DEFINED, Event, Numbers, numbers
from .replica import Conflict, Replica, append, empty, erase, merge, missing, received, state_hash, vector

__all__ = [
    "NOT_DEFINED",
    "Conflict",
    "Divergence",
    "Event",
    "Numbers",
    "Replica",
    "append",
    "divergence",
    "empty",
    "erase",
    "merge",
    "missing",
    "numbers",
    "received",
    "state_hash",
    "vector",
]

"""Kinds of the records of a session recording, of both tiers."""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    PAD = 0
    """Nothing: the rest of a ring."""
    HEAD = 1
    """Words: what it is."""
    STATE = 2
    """Words: what the core remembered when it began."""
    FRAME = 3
    """A market frame as it was received."""
    CALL = 4
    """Words: (name, arguments, named arguments) of anything else that the core was told."""
    SAID = 5
    """Words: (kind, what) that the core said because of the record before."""
    END = 6
    """Words: why it ends."""
    # Of the hot loop, by its own layout.
    BEGUN = 16
    """The loop was given its sockets."""
    LISTENED = 17
    """It obeyed what the control side asked for."""
    STAGED = 18
    """A snapshot, for the command that follows."""
    COMMAND = 19
    """A command, for the housekeeping that follows."""
    HOUSE = 20
    """A housekeeping that changed something."""
    TURN = 21
    """What one link received, whether the strategy was due, and the bytes that were sent."""
    OVER = 22
    """The loop ended."""

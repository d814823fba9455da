"""kill -9 of CIO and of its database in the middle of writing: what was acknowledged is there, and portions are whole."""

from __future__ import annotations

import pytest
from bench import memory_durability as durability

pytestmark = pytest.mark.chaos


def test_kill_9_at_random_points_loses_no_acknowledged_memory() -> None:
    with durability.house() as made:
        outcome = durability.stream(made, kills=12, postgres=2, seed=7)
        durability.check(made, outcome)
        assert (outcome.kills, outcome.postgres_kills) == (10, 2)
        assert outcome.unanswered > 0, "nothing was in the air when it was killed"
        assert len(outcome.single) > 12


def test_a_loss_would_be_seen() -> None:
    with durability.house() as made:
        outcome = durability.stream(made, kills=1, postgres=0)
        outcome.single["01890a5d-ac96-774b-bcce-b302099a8057"] = "never kept"
        with pytest.raises(AssertionError, match="1 acknowledged memories are lost"):
            durability.check(made, outcome)

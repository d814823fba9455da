"""The workspace's model of its own attention: from where it was, which module it goes to next.

Counts of moves between modules that fade by `FADE` a cycle, smoothed by one move in all to each row, spread evenly. The
forecast steers: a module that is expected to hold much of the attention has that taken off its candidates' salience.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from .types import Candidate, WorkspaceState

FADE: Final = 0.98
Shares = Mapping[str, float]


def expected(state: WorkspaceState) -> dict[str, float]:
    """Share of the next places for each module, sum 1; even when nothing is known or the schema is switched off."""
    if "schema" in state.rules.without or not state.shares:
        return _even(state.modules)
    rows = {start: _row(state, start) for start in state.modules}
    return {
        end: sum(state.shares.get(start, 0.0) * rows[start][end] for start in state.modules) for end in state.modules
    }


def _row(state: WorkspaceState, start: str) -> dict[str, float]:
    counts, even = state.moves.get(start, {}), 1.0 / len(state.modules)
    total = sum(counts.get(end, 0.0) for end in state.modules) + 1.0
    return {end: (counts.get(end, 0.0) + even) / total for end in state.modules}


def _even(modules: tuple[str, ...]) -> dict[str, float]:
    return dict.fromkeys(modules, 1.0 / len(modules))


def attended(winners: Iterable[Candidate], modules: tuple[str, ...]) -> dict[str, float]:
    """Share of the places that each module has; empty when there is no winner."""
    sources = [one.source for one in winners]
    return {module: sources.count(module) / len(sources) for module in modules} if sources else {}


def moved(state: WorkspaceState, now: Shares) -> dict[str, dict[str, float]]:
    """The counts after attention went from `state.shares` to `now`; as they were when either is empty."""
    if not now or not state.shares:
        return {start: dict(row) for start, row in state.moves.items()}
    return {start: _faded(state, start, now) for start in state.modules}


def _faded(state: WorkspaceState, start: str, now: Shares) -> dict[str, float]:
    counts, weight = state.moves.get(start, {}), state.shares.get(start, 0.0)
    return {end: FADE * counts.get(end, 0.0) + weight * now.get(end, 0.0) for end in state.modules}

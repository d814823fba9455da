"""Which tests go to a worker together: a file, or files that would otherwise compile the same code at once, each for itself."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

COMPILE_THE_SAME = {
    "tests/unit/core/indicators/": "indicators",
    "tests/unit/hft/adapters/hotloop/": "hot loop",
    "tests/unit/hft/backtest/": "backtests",
    "tests/unit/cli/test_backtest": "backtests",
}


class ByFileOrGroup(LoadFileScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        """The work unit of a test."""
        groups = (group for begin, group in COMPILE_THE_SAME.items() if nodeid.startswith(begin))
        return next(groups, super()._split_scope(nodeid))

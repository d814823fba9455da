"""Which tests go to a worker together: a file, or a folder whose files would otherwise compile the same code twice."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

COMPILES_THE_SAME = ("tests/unit/core/indicators/",)


class ByFileOrFolder(LoadFileScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        """The work unit of a test; two workers that meet 201 uncompiled indicators at once compile each of them twice."""
        return next((folder for folder in COMPILES_THE_SAME if nodeid.startswith(folder)), super()._split_scope(nodeid))

"""Plain Python under the fill rule `venue`."""

from __future__ import annotations

from .core_venue import CoreRunner
from .plain import PlainRunner


class PlainCoreRunner(PlainRunner, CoreRunner):
    """A CoreRunner that calls plain Python."""

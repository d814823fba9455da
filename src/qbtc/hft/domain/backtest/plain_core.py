"""Plain Python under the fill rule `venue`."""

from __future__ import annotations

from .core_venue import CoreRunner
from .order_venue import OrderRunner
from .plain import PlainRunner


class PlainCoreRunner(PlainRunner, CoreRunner):
    """A CoreRunner that calls plain Python."""


class PlainOrderRunner(PlainRunner, OrderRunner):
    """An OrderRunner that calls plain Python."""

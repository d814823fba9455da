"""Frozen typed messages, routing keys and the 26D basis: the only definition of what services say to each other.

Imports nothing of ours. Above it: everything.
"""

from .basis26 import DIMENSIONS, LETTERS, SCHEMA_HASH
from .common import MarketMode, Message, Role, Scope, ServiceName, TradingMode, TradingState
from .envelope import Envelope
from .routes import QUEUES, ROUTES, Exchange, Kind, Queue, Route, matches, may_publish

__all__ = [
    "DIMENSIONS", "LETTERS", "QUEUES", "ROUTES", "SCHEMA_HASH", "Envelope", "Exchange", "Kind", "MarketMode",
    "Message", "Queue", "Role", "Route", "Scope", "ServiceName", "TradingMode", "TradingState", "matches",
    "may_publish",
]

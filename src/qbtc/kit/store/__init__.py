"""PostgreSQL for one service: pool, transactions, migrations, outbox and inbox. psycopg 3, nothing above SQL."""

from .inbox import Inbox
from .outbox import Outbox
from .pool import Store

__all__ = ["Inbox", "Outbox", "Store"]

"""A database of a test's PostgreSQL with the services' roles, schemas and migrations, as a first start makes it."""

from __future__ import annotations

import json
from pathlib import Path

from qbtc.kit.security.keys import write_secret
from qbtc.kit.store.bootstrap import prepare

from .postgres import PostgresServer


async def prepared(server: PostgresServer, home: Path, *, bus_in_database: bool = True) -> tuple[str, dict[str, str]]:
    """(administrator's DSN, DSN by service) of a new database.

    Roles belong to the server, not to a database: all homes on one server know the same passwords, so that no test
    takes another one's away.
    """
    roles = server.folder / "roles"
    for known in roles.glob("*.json"):
        own = home / "secrets" / known.name
        if not own.exists():
            write_secret(own, known.read_bytes())
    admin = server.database()
    dsns = await prepare(admin, home, bus_in_database=bus_in_database)
    for service, dsn in dsns.items():
        write_secret(roles / f"{service}.json", json.dumps({"database_url": dsn}).encode())
    return admin, dsns

"""What must be done once the engines run and before services do; a process of its own, since drivers are heavy.

`python -m qbtc.engines.bootstrap store` makes the database and hands over to `kit.store` (roles, schemas, bus,
migrations); `… instance` makes names and keys and compiles the gateway's routes.
Input by environment (the DSN is a secret), one JSON object out.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import string
import sys
from pathlib import Path

from .base import EngineError
from .home import instance_of, write_private


def make_database(dsn: str, name: str) -> None:
    """Create the database when it is not there; `dsn` is another database of the same server, as its administrator."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as conn:
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            conn.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            conn.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO PUBLIC").format(sql.Identifier(name)))


def prepare_store(home: Path) -> None:
    """Database, roles, schemas and migrations. Raises EngineError."""
    import psycopg

    from qbtc.kit.errors import QbtcError
    from qbtc.kit.store.bootstrap import prepare

    try:
        maintenance = os.environ.get("QBTC_MAINTENANCE_DSN")
        if maintenance:
            make_database(maintenance, "qbtc")
        in_database = not os.environ.get("QBTC_BUS_URL")
        asyncio.run(prepare(os.environ["QBTC_ADMIN_DSN"], home, bus_in_database=in_database))
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise EngineError(f"The database could not be prepared: {reason}", "See `qbtc db status`.") from None
    except QbtcError as error:
        raise EngineError(f"The database could not be prepared: {error.detail}", "See `qbtc db status`.") from None


def prepare_instance(home: Path) -> None:
    """What needs no engine: the instance's name, signing keys, the venue's account, and the gateway's config."""
    from qbtc.gateway.nginx import GatewayFiles, compile_config, write_jwks
    from qbtc.kit.errors import QbtcError
    from qbtc.kit.security.keys import ensure_keys, write_secret
    from qbtc.kit.settings import platform

    _once(home / "secrets/instance", instance_of(home))
    _once(home / "secrets/venue.json", json.dumps({"api_key": _venue_key(), "secret": _venue_key()}))
    try:
        files = GatewayFiles.of(platform(), as_root=os.geteuid() == 0)
        write_jwks(ensure_keys(home), files.jwks)
        write_secret(home / "nginx/nginx.conf", compile_config(files).encode())
    except QbtcError as error:
        raise EngineError(f"The gateway cannot be configured: {error.detail}", "See `qbtc doctor`.") from None


def _venue_key() -> str:
    """64 letters and digits, the form of Binance's keys, which the venue insists on."""
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(64))


def _once(path: Path, text: str) -> None:
    if not path.exists():
        write_private(path, f"{text}\n")


STEPS = {"store": prepare_store, "instance": prepare_instance}


def main(argv: list[str]) -> int:
    try:
        STEPS[argv[0]](Path(os.environ["QBTC_HOME"]))
    except EngineError as error:
        print(json.dumps({"error": error.message, "advice": error.advice}))
        return 1
    print(json.dumps({}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

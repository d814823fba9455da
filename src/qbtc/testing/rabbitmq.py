"""A private RabbitMQ node for test runs: no systemd, own data folder, own epmd, loopback only; a vhost a test.

Needs Debian's `rabbitmq-server` (only its programs; the system's own node is not touched). `missing()` says why not.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from .ports import free_ports

START_SECONDS = 90.0
VHOSTS = 40


def home_of_server() -> Path | None:
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    return found[-1].parent if found else None


def missing() -> str | None:
    """Why no node can be started here, or None."""
    if home_of_server() is None:
        return "rabbitmq-server is not installed (Debian: apt-get install rabbitmq-server)"
    return None if shutil.which("epmd") else "epmd (Erlang's port mapper) is not installed"


class RabbitServer:
    """Context manager: `url()` gives an empty vhost; `kill()` and `start()` crash and restart the node."""

    def __init__(self, vhosts: int = VHOSTS) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.folder = Path()
        self.port = 0
        self._epmd: subprocess.Popen[bytes] | None = None
        self._vhosts, self._given = vhosts, 0
        self._env: dict[str, str] = {}

    def __enter__(self) -> RabbitServer:
        self.folder = Path(tempfile.mkdtemp(prefix="qbtc-rabbit-", dir="/tmp"))
        self.port, dist, epmd = free_ports(3)
        self._env = self._environment(dist, epmd)
        command = ["epmd", "-port", str(epmd), "-address", "127.0.0.1"]
        self._epmd = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self._env)
        try:
            self.start()
            self._make_vhosts()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self) -> str:
        """The URL of a vhost that nobody has used yet."""
        self._given += 1
        if self._given > self._vhosts:
            raise RuntimeError(f"all {self._vhosts} vhosts of this node are given away")
        return f"amqp://guest:guest@127.0.0.1:{self.port}/t{self._given}"

    def start(self) -> None:
        home = home_of_server()
        if home is None:
            raise FileNotFoundError(missing())
        with (self.folder / "out").open("ab") as out:
            self.process = subprocess.Popen(
                [str(home / "rabbitmq-server")], env=self._env, stdout=out, stderr=out, start_new_session=True, cwd="/"
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"RabbitMQ did not start: {(self.folder / 'out').read_text()[-2000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """kill -9 of the node. Its start script then leaves by itself and reaps it; helpers notice and leave."""
        if self.process is None or self.process.poll() is not None:
            return
        for pid in _children(self.process.pid):
            os.kill(pid, signal.SIGKILL)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.5).close()
        except OSError:
            return False
        return True

    def _environment(self, dist: int, epmd: int) -> dict[str, str]:
        folder = self.folder
        (folder / "conf-env").write_text("")
        (folder / "plugins").write_text("[].\n")
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\nlog.console = false\nlog.file.level = warning\n"
            "raft.wal_max_size_bytes = 33554432\ndisk_free_limit.absolute = 50MB\nvm_memory_high_watermark.absolute = 1GB\n"
        )
        return {
            "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": f"qbtc{self.port}@localhost", "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"), "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"), "RABBITMQ_CONF_ENV_FILE": str(folder / "conf-env"),
            "RABBITMQ_DIST_PORT": str(dist), "ERL_EPMD_PORT": str(epmd), "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +S 2:2",
        }  # fmt: skip

    def _make_vhosts(self) -> None:
        home = home_of_server()
        assert home is not None
        make = (
            'lists:foreach(fun(I) -> V = list_to_binary("t" ++ integer_to_list(I)), rabbit_vhost:add(V, <<"test">>), '
            'rabbit_auth_backend_internal:set_permissions(<<"guest">>, V, <<".*">>, <<".*">>, <<".*">>, <<"test">>) '
            f"end, lists:seq(1, {self._vhosts}))."
        )
        command = [str(home / "rabbitmqctl"), "eval", make]
        done = subprocess.run(command, env=self._env, capture_output=True, text=True, timeout=60, cwd="/")
        if done.returncode:
            raise RuntimeError(f"rabbitmqctl eval failed: {done.stderr[-1000:]}")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

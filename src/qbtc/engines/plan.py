"""What one `qbtc up` is to run: a table, made once from the settings, handed to the supervisor as plain data.

The table is the seam for tests: a plan may name any processes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .base import EngineError

PORTS = {"exchange": 8450, "hft": 8400, "qcs": 8300, "cio": 8200, "ce3": 8100, "web": 8500}
GATEWAY_PORT = 9080
# a group stops together; nothing stops before what uses it
STOP_ORDER = (("web", "ce3", "cio", "qcs", "hft"), ("exchange", "nginx"), ("valkey", "postgres"))
CACHE_USERS = ("hft", "qcs", "cio", "ce3", "web")
MARKETS = ("auto", "binance", "sim")
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
# the administrator's DSN is for the bootstrap alone; a service has its own role in secrets/<service>.json
# Compiled modules must be kept: without them every start of every service compiles its libraries again.
NOT_FOR_SERVICES = frozenset({
    "QBTC_DATABASE_URL", "QBTC_ADMIN_DSN", "QBTC_MAINTENANCE_DSN", "QBTC_ONLY", "PYTHONDONTWRITEBYTECODE"
})


@dataclass(frozen=True, slots=True)
class Row:
    """One service process: its command, the port it answers on, and how long it may take to drain."""

    name: str
    argv: tuple[str, ...]
    port: int
    ready_path: str = "/health/ready"
    stop_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    home: Path
    rows: tuple[Row, ...]
    port_offset: int = 0
    gateway: bool = True
    database_url: str = ""
    redis_url: str = ""
    bus_url: str = ""
    market: Mapping[str, str] = field(default_factory=dict)
    store_step: tuple[str, ...] = (sys.executable, "-m", "qbtc.engines.bootstrap", "store")
    instance_step: tuple[str, ...] = (sys.executable, "-m", "qbtc.engines.bootstrap", "instance")
    ready_seconds: float = 120.0

    @property
    def gateway_port(self) -> int:
        return GATEWAY_PORT + self.port_offset

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.gateway_port}/"

    def ports(self) -> dict[str, int]:
        """Every TCP port that this plan needs, by who needs it."""
        own = {row.name: row.port for row in self.rows}
        return own | ({"gateway": self.gateway_port} if self.gateway else {})

    def tool_env(self, base: Mapping[str, str]) -> dict[str, str]:
        """For our own short-lived helper processes."""
        own = {"QBTC_HOME": str(self.home), "QBTC_PORT_OFFSET": str(self.port_offset), "PYTHONSAFEPATH": "1"}
        return dict(base) | own

    def service_env(self, base: Mapping[str, str]) -> dict[str, str]:
        """For the services: one thread a numeric library (the processes are the parallelism), small allocator."""
        env = {key: value for key, value in self.tool_env(base).items() if key not in NOT_FOR_SERVICES}
        env |= dict.fromkeys(ONE_THREAD, "1")
        env |= {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"}
        return env | dict(self.market)


def choose_services(only: str) -> tuple[str, ...]:
    """The services of `--only a,b`; all of them for "". HFT brings the venue, without which it never becomes ready.

    Raises EngineError that lists what is allowed.
    """
    if not only:
        return tuple(PORTS)
    wanted = [name.strip() for name in only.split(",") if name.strip()]
    unknown = sorted(set(wanted) - set(PORTS))
    if unknown or not wanted:
        raise EngineError(
            f"--only: unknown service {', '.join(map(repr, unknown)) or repr(only)}.", f"Allowed: {', '.join(PORTS)}"
        )
    brought = ["exchange"] if "hft" in wanted else []
    return tuple(name for name in PORTS if name in (*wanted, *brought))


def check_market(value: str) -> str:
    """The `--market` value with absolute paths. Raises EngineError when it is no market or its files are not there."""
    if value in MARKETS:
        return value
    kind, _, paths = value.partition(":")
    if kind != "replay":
        raise EngineError(
            f"--market {value!r} is not known.", "Allowed: auto, binance, sim, replay:FILE_OR_FOLDER[,MORE]"
        )
    found = [Path(path).expanduser() for path in paths.split(",") if path]
    if not found:
        raise EngineError("--market replay: needs a recording.", "For example --market replay:data/spot.gz")
    for path in found:
        _check_recording(path)
    return "replay:" + ",".join(os.path.abspath(path) for path in found)  # noqa: PTH100


def _check_recording(path: Path) -> None:
    if not path.exists():
        raise EngineError(f"The recording {path} does not exist.", "Give a file, a folder, or a list with commas.")
    if path.is_dir() and not any(path.iterdir()):
        raise EngineError(
            f"The folder {path} has no recordings in it.", "Give a file, a folder, or a list with commas."
        )
    if not os.access(path, os.R_OK):
        raise EngineError(f"The recording {path} cannot be read.", "Check its permissions.")
    if path.is_file() and path.stat().st_size == 0:
        raise EngineError(f"The recording {path} is empty.", "Give another file.")


def plan_from_env(env: Mapping[str, str]) -> Plan:
    """The plan of the environment that `qbtc up` prepared from flags, environment and qbtc.toml."""
    offset = int(env.get("QBTC_PORT_OFFSET") or 0)
    names = choose_services(env.get("QBTC_ONLY", ""))
    rows = tuple(Row(name, (sys.executable, "-m", "qbtc", "run", name), PORTS[name] + offset) for name in names)
    market = {key: env[key] for key in ("QBTC_MARKET", "QBTC_SPEED", "QBTC_SYMBOLS", "QBTC_LOOP") if env.get(key)}
    return Plan(
        home=Path(env["QBTC_HOME"]),
        rows=rows,
        port_offset=offset,
        gateway=env.get("QBTC_GATEWAY", "nginx") == "nginx",
        database_url=env.get("QBTC_DATABASE_URL", ""),
        redis_url=env.get("QBTC_REDIS_URL", ""),
        bus_url=env.get("QBTC_BUS_URL", ""),
        market=market,
    )

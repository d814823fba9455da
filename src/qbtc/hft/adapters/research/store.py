"""The runs of research on disk, one folder each below QBTC_HOME/research.

`job.json` says what was asked and never changes, `state.json` how far it is, `outcome.json` is the worker's last word,
`result.json` what came out, `report.<lang>.html` the report. Ids are UUIDv7, so that names are in the order of making;
nothing else is ever taken for a path.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from qbtc.kit.ids import uuid7

from ...errors import NoSuchRun

Json = dict[str, Any]
KEEP_RUNS, KEEP_DAYS = 200, 90
WAITING = ("queued", "running")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
JOB, STATE, OUTCOME, RESULT, PROGRESS = "job.json", "state.json", "outcome.json", "result.json", "progress.json"


def research_folder(home: Path) -> Path:
    return home / "research"


class ResearchStore:
    """Only HFT changes the state of a run; the command line adds runs that are done."""

    def __init__(self, home: Path) -> None:
        self.folder = research_folder(home)

    def add(self, kind: str, asked: Mapping[str, Any], by: str, *, state: str = "queued") -> str:
        """A new run; its id. `kind` is backtest, sweep or proposal."""
        run = uuid7()
        into = self.folder / run
        for folder in (self.folder.parent, self.folder, into):
            folder.mkdir(parents=True, exist_ok=folder is not into, mode=0o700)
        job = {"id": run, "kind": kind, "asked": dict(asked), "by": by, "created": _now()}
        write(into / JOB, job)
        write(into / STATE, {"state": state, "started": None, "ended": None if state in WAITING else _now(), "error": None})
        return run

    def path(self, run: str) -> Path:
        """Raises NoSuchRun, also for what is no id."""
        found = self.folder / run
        if not ID.fullmatch(run) or not (found / JOB).is_file():
            raise NoSuchRun(f"no run {run[:60]!r}", field="id")
        return found

    def job(self, run: str) -> Json:
        """What was asked. Raises NoSuchRun."""
        found: Json = json.loads((self.path(run) / JOB).read_text())
        return found

    def state(self, run: str) -> str:
        """Raises NoSuchRun."""
        return str(_read(self.path(run) / STATE).get("state", "failed"))

    def change(self, run: str, **changes: Any) -> None:
        """Raises NoSuchRun."""
        path = self.path(run) / STATE
        write(path, {**_read(path), **changes})

    def begin(self, run: str) -> None:
        self.change(run, state="running", started=_now())

    def end(self, run: str, state: str, error: Mapping[str, Any] | None = None) -> None:
        self.change(run, state=state, ended=_now(), error=dict(error) if error else None)

    def outcome(self, run: str) -> Json | None:
        """The worker's last word, if it had one: empty, or with its `error`."""
        path = self.path(run) / OUTCOME
        return _read(path) if path.exists() else None

    def row(self, run: str) -> Json:
        """Raises NoSuchRun."""
        path = self.path(run)
        job, state = self.job(run), _read(path / STATE)
        progress = _read(path / PROGRESS) if state.get("state") == "running" else {}
        return {
            **job, "state": "failed", **state, "progress": progress or None,
            "report": (path / "report.en.html").exists(), "headline": _read(path / "headline.json") or None,
        }  # fmt: skip

    def result(self, run: str) -> Json | None:
        """Raises NoSuchRun."""
        path = self.path(run) / RESULT
        return _read(path) if path.exists() else None

    def ids(self) -> Iterator[str]:
        """The newest first."""
        if self.folder.is_dir():
            for path in sorted(self.folder.iterdir(), reverse=True):
                if ID.fullmatch(path.name) and (path / JOB).is_file():
                    yield path.name

    def rows(self, limit: int = KEEP_RUNS) -> list[Json]:
        found = []
        for run in self.ids():
            with contextlib.suppress(NoSuchRun, ValueError, OSError):  # removed meanwhile, or cut off by a full disk
                found.append(self.row(run))
            if len(found) == limit:
                break
        return found

    def waiting(self) -> list[str]:
        """Queued or running, the oldest first: what HFT goes on with after a restart."""
        return sorted(run for run in self.ids() if self.state(run) in WAITING)

    def remove(self, run: str) -> None:
        """Raises NoSuchRun."""
        shutil.rmtree(self.path(run))

    def prune(self) -> int:
        """Remove ended runs beyond the newest 200 and those older than 90 days; how many went."""
        oldest, gone = (datetime.now(UTC) - timedelta(days=KEEP_DAYS)).isoformat(), 0
        for place, run in enumerate(list(self.ids())):
            with contextlib.suppress(NoSuchRun, ValueError, OSError):
                if self.state(run) not in WAITING and (place >= KEEP_RUNS or self.job(run)["created"] < oldest):
                    self.remove(run)
                    gone += 1
        return gone


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(content, allow_nan=False, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)


def _read(path: Path) -> Json:
    """Nothing where there is no file yet."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _now() -> str:
    return datetime.now(UTC).isoformat()

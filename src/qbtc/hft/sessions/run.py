"""A recording's file to its outcome: finds and compiles the strategies that ran, tells the tier's replay to run."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..adapters.session_file import SessionFile, read_session, sessions
from ..adapters.strategy_files import load, own
from ..domain.session.kinds import Kind
from ..domain.strategy import Strategy
from ..errors import BrokenSession, NoSession, NoSuchStrategy
from ..strategies import EXAMPLES
from .outcome import Outcome
from .replay import Replay, head_of


@dataclass(frozen=True)
class Asked:
    """What a replay is to change. `code`: strategies by recorded name that are loaded from elsewhere, as people write
    them; `parameters`: by recorded name; `recorded_code`: run the source in the recording, not the file of now."""

    code: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    recorded_code: bool = False


def found(path: Path, folder: Path) -> Path:
    """A file as it is given, or a recording of that name in a folder; `last` is the newest there. Raises NoSession."""
    known = list(sessions(folder))
    if str(path) == "last" and known:
        return known[-1]
    if path.exists() or str(path) == "last":
        if not path.exists():
            raise NoSession(f"there is no session recording in {folder}", allowed="`qbtc strategy start NAME --record` makes one")
        return path
    for one in known:
        if str(path) in (one.name, one.stem):
            return one
    raise NoSession(f"{path}: there is no session recording", allowed=[p.stem for p in known[-10:]] or f"none is in {folder}")


def replay(path: Path, home: Path, asked: Asked | None = None) -> Outcome:
    """Raises NoSession, BrokenSession, NoSuchStrategy, StrategyFault; ValueError for a bad parameter."""
    asked = asked or Asked()
    session = read_session(path)
    head = head_of(session)
    rows = {row["name"]: row for row in head["strategies"]}
    for name in (*asked.code, *asked.parameters):
        if name not in rows:
            raise NoSuchStrategy(f"{path}: no strategy {name!r} ran in it", field="strategy", allowed=[*rows])
    with tempfile.TemporaryDirectory(prefix="qbtc-session-") as folder:
        made = [_strategy(row, home, asked, Path(folder)) for row in rows.values()]
        for one in made:
            one.prepare()
        outcome = _run(session, head, made, asked.parameters)
    outcome.changed = [name for name, row in rows.items() if not asked.recorded_code and _changed(row, made)]
    return outcome


def _run(session: SessionFile, head: Mapping[str, Any], made: list[Strategy], values: Mapping[str, Mapping[str, float]]) -> Outcome:
    if head["tier"] == "service":
        return Replay(session, made, values).run()
    if head["tier"] == "hot":
        from ..adapters.hotloop.replaying import HotReplay

        return HotReplay(session, head, made[0], values.get(made[0].name)).run()
    raise BrokenSession(f"{session.path}: the unknown tier {head['tier']!r}", allowed=["service", "hot"])


def _strategy(row: Mapping[str, Any], home: Path, asked: Asked, folder: Path) -> Strategy:
    """Under its recorded name, wherever its class is loaded from. What the recording says chooses no file: only an example
    or a file of QBTC_HOME/strategies is found by its name."""
    name, mine = row["name"], own(home)
    if name in asked.code:
        return Strategy(load(asked.code[name], home).spec.cls, name=name)
    if not row["class"].isidentifier() or not (name.isidentifier() or name in mine):
        raise _nowhere(row)
    if asked.recorded_code:
        path = folder / f"recorded_{name}.py"
        path.write_text(row["source"])
        return Strategy(load(f"{path}:{row['class']}", home).spec.cls, name=name)
    if name not in EXAMPLES and name not in mine:
        raise _nowhere(row)
    try:
        found = load(name if name in EXAMPLES else f"{mine[name]}:{row['class']}", home)
    except NoSuchStrategy:
        raise _nowhere(row) from None
    return Strategy(found.spec.cls, name=name)


def _nowhere(row: Mapping[str, Any]) -> NoSuchStrategy:
    return NoSuchStrategy(
        f"strategy {row['name']}: there is no class {row['class']} of that name here; it was {row['path']}", field="strategy",
        allowed=["an example", "a file of QBTC_HOME/strategies", "--strategy NAME=PATH.py[:Class]", "--recorded-code"],
    )  # fmt: skip


def _changed(row: Mapping[str, Any], made: list[Strategy]) -> bool:
    """Whether what runs is another text than what was recorded."""
    (one,) = [s for s in made if s.name == row["name"]]
    try:
        text = Path(one.spec.path).read_bytes()
    except OSError:
        return True
    return hashlib.sha256(text).hexdigest() != str(row["sha256"])


def described(path: Path) -> dict[str, Any]:
    """One row of a list: what a recording is, or why it cannot be read."""
    row: dict[str, Any] = {"path": str(path), "bytes": path.stat().st_size, "error": None}
    try:
        session = read_session(path, check=False)
        head = head_of(session)
        first, last = next(session.parts()), session.last()
    except (BrokenSession, NoSession) as error:
        return row | {"error": error.detail}
    assert last is not None
    return row | {
        "tier": head["tier"], "begun": head["at"], "symbols": head["symbols"], "version": head["version"],
        "strategies": [s["name"] for s in head["strategies"]],
        "seconds": (last.at - first.at) / 1e9, "lost": session.lost,
        "whole": last.kind == Kind.END,
    }  # fmt: skip

